/* What repadmin prints around its reports, the banner that names the DC asked, and what /syncall
 * prints instead of one. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char banner[] = "Repadmin:";

bool intake_banner_starts(const char *text)
{
    text = intake_skip(text);
    return str_starts_case(text, banner) && strchr(text, '/') && strlen(text) < 400;
}

static bool is_named(const char *word)
{
    return intake_is_host(word) && !str_same_case(word, "localhost") &&
           word[strspn(word, "0123456789.")] != '\0';
}

/* A word of the banner without quotes, a link's brackets or the sentence's point. */
static char *next_word(const char **at)
{
    *at += strspn(*at, " \t\"'([");
    size_t len = strcspn(*at, " \t\"'()[]<,;"), bare = len;
    const char *word = *at;
    while (bare > 0 && word[bare - 1] == '.')
        bare--;
    *at += len + strcspn(*at + len, " \t"); /* the rest of the word is a link to itself */
    return mem_textn(word, bare);
}

/* "... against full DC dcsrv01": the word behind "DC". Where the language puts it elsewhere, the
 * only word with a host name's points. */
static char *banner_host(const char *text)
{
    char *behind = NULL, *dotted = NULL;
    bool is_next = false, several = false;
    while (*(text += strspn(text, " \t\"'(["))) {
        char *word = next_word(&text);
        if (is_named(word) && is_next && !behind)
            mem_set(&behind, word);
        if (is_named(word) && strchr(word, '.')) {
            several = several || dotted;
            mem_set(&dotted, word);
        }
        is_next = str_same_case(word, "DC");
        free(word);
    }
    if (behind || several)
        mem_set(&dotted, behind);
    free(behind);
    return dotted;
}

void intake_banner_line(struct intake *in, const struct intake_line *line,
                        struct intake_lines ahead)
{
    struct str text = STR_INIT;
    struct intake_line next;
    str_add(&text, intake_skip(line->text) + strlen(banner));
    bool cut = line->len > 3 && str_same_case(line->text + line->len - 3, " DC");
    if (cut && intake_next_filled(&ahead, &next) && next.len <= INTAKE_MAX_NAME)
        str_addf(&text, " %s", next.text); /* wrapped in front of the name */
    free(in->banner);
    in->banner = banner_host(str_text(&text));
    in->banner_line = line->number;
    in->failcache = str_find_case(line->text, "/failcache") != NULL;
    str_release(&text);
}

/* --- /syncall: "From: <source>" and "To  : <destination>" below what went wrong --- */

/* "From: 3dab7f9b-....._msdcs.contoso.com": a short label, then one DSA and nothing else. */
static bool read_end(const char *text, struct intake_token *out)
{
    const char *at = intake_skip(text), *colon = strchr(at, ':');
    if (!colon || colon == at || colon - at > 24 || memchr(at, '=', (size_t)(colon - at)))
        return false;
    struct intake_scan scan = {text, colon + 1};
    bool found = intake_next_token(&scan, out) && out->at == intake_skip(colon + 1);
    bool named = found && (out->kind == INTAKE_GUID
                               ? out->msdcs
                               : out->kind == INTAKE_DN && out->dn.kind == INTAKE_DN_NTDS);
    return named && intake_blank(out->at + out->len);
}

static struct subject_dsa dsa_of(const struct intake_token *token, size_t line)
{
    struct subject_dsa dsa = {.source = SUBJECT_SYNCALL, .hypothesis = true, .line = line};
    if (token->kind == INTAKE_DN) {
        intake_fill_dn(&dsa, &token->dn);
    } else {
        dsa.has_guid = true;
        dsa.guid = token->guid;
        dsa.forest = *token->forest ? mem_text(token->forest) : NULL;
    }
    return dsa;
}

static bool is_ours(long code)
{
    return code == DS_NO_SERVER_REFERENCE || code == DS_DELETED_DOMAIN;
}

static void take_source(struct intake *in, const struct intake_token *token, size_t line, long code)
{
    struct subject_dsa dsa = dsa_of(token, line);
    intake_see_code(in, code, dsa.server);
    dsa.status = is_ours(code) ? code : 0;
    intake_add(in, &dsa, is_ours(code) ? INTAKE_MEANT : INTAKE_NAMED);
}

static void take_destination(struct intake *in, const struct intake_token *token, size_t line,
                             long code)
{
    struct subject_dsa dsa = dsa_of(token, line);
    struct intake_place place = {.host = dsa.server,
                                 .site = dsa.site,
                                 .has_dsa = dsa.has_guid,
                                 .dsa = dsa.guid,
                                 .failing = is_ours(code),
                                 .line = line,
                                 .source = SUBJECT_SYNCALL};
    if (code)
        intake_add_place(in, &place);
    intake_add(in, &dsa, INTAKE_NAMED);
}

bool intake_syncall_line(struct intake_syncall *sync, struct intake *in,
                         const struct intake_line *line, struct intake_lines *lines)
{
    struct intake_lines ahead = *lines;
    struct intake_line next;
    struct intake_token from, to;
    if (line->len > 400)
        return false;
    sync->seen = sync->seen || str_find_case(line->text, "syncall");
    bool english = str_starts_case(intake_skip(line->text), "From");
    if ((sync->seen || english) && read_end(line->text, &from) &&
        intake_next_filled(&ahead, &next) && next.len <= 400 && read_end(next.text, &to)) {
        take_source(in, &from, line->number, sync->code);
        take_destination(in, &to, next.number, sync->code);
        sync->code = 0;
        *lines = ahead;
        in->report = in->any_report ? in->report : SUBJECT_SYNCALL;
        return in->any_report = true;
    }
    long code = sync->seen || str_find_case(line->text, "issuing") ? intake_code_in(line->text) : 0;
    bool heading = line->len > 0 && line->text[line->len - 1] == ':';
    if (code || heading)
        sync->code = code;
    return false;
}
