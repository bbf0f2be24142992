/* dcdiag: "[Replications Check,DST] ..." with "From SRC to DST" below it, and the problems that
 * VerifyReferences lists. Neither has a GUID. Of the three uses of serverReference only a server
 * object's is ours; a complaint about a DSA object's back link is one about SYSVOL. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"
#include "src/model/host.h"

#include <stdlib.h>
#include <string.h>

/* "[Replications Check,LIVDC01]": the name behind the comma; NULL when there is no such thing. */
static char *checked_name(const char *text)
{
    text = intake_skip(text);
    size_t end = *text == '[' ? strcspn(text, "]") : 0;
    if (end == 0 || end > 200 || text[end] == '\0')
        return NULL;
    const char *comma = memchr(text, ',', end);
    if (!comma)
        return NULL;
    comma = intake_skip(comma + 1);
    char *name = comma < text + end ? mem_textn(comma, (size_t)(text + end - comma)) : NULL;
    if (name && intake_is_host(name))
        return name;
    free(name);
    return NULL;
}

/* "[1] Problem: ..." */
static bool is_problem(const char *text)
{
    text = intake_skip(text);
    size_t digits = *text == '[' ? strspn(text + 1, "0123456789") : 0;
    return digits > 0 && digits < 6 && text[digits + 1] == ']' && strchr(text, ':');
}

/* "Testing server: Site\Server" in any language that has "serv" in it. */
static bool tested(const char *text, char **site, char **server)
{
    const char *colon = strchr(text, ':'), *rest;
    const char *label = str_find_case(text, "serv");
    if (!colon || colon - text > 80 || !label || label > colon)
        return false;
    if (!intake_site_server(colon + 1, site, server, &rest))
        return false;
    if (intake_blank(rest))
        return true;
    free(*site);
    free(*server);
    return false;
}

bool intake_dcdiag_starts(const struct intake_line *line)
{
    const char *text = intake_skip(line->text);
    char *site, *server;
    if (line->len > 400)
        return false;
    if (strncmp(text, "........", 8) == 0 || str_starts_case(text, "Starting test:") ||
        str_starts_case(text, "Base Object:") || is_problem(text))
        return true;
    char *name = checked_name(text);
    bool found = name != NULL;
    free(name);
    if (!found && tested(text, &site, &server)) {
        free(site);
        free(server);
        found = true;
    }
    return found;
}

static void close_failure(struct intake_dcdiag *diag, struct intake *in)
{
    struct subject_dsa *dsa = &diag->dsa;
    if (diag->failing) {
        intake_see_code(in, dsa->status, dsa->server);
        bool meant = dsa->status == DS_NO_SERVER_REFERENCE || dsa->status == DS_DELETED_DOMAIN;
        struct intake_place place = {.host = diag->destination,
                                     .failing = meant,
                                     .line = dsa->line,
                                     .source = SUBJECT_DCDIAG_REPLICATIONS};
        if (host_matches(diag->server, diag->destination))
            place.site = diag->site;
        intake_add_place(in, &place);
        if (meant)
            intake_add(in, dsa, INTAKE_MEANT);
    }
    intake_dsa_release(dsa);
    free(diag->destination);
    diag->destination = NULL;
    diag->failing = diag->names_next = false;
}

static void open_failure(struct intake_dcdiag *diag, struct intake *in, char *destination)
{
    close_failure(diag, in);
    diag->destination = destination;
    diag->names_next = true;
    in->report = in->any_report ? in->report : SUBJECT_DCDIAG_REPLICATIONS;
    in->any_report = true;
}

/* "From SRC to DST"; in languages with particles behind: "SRC .. DST ..". */
static void read_from_to(struct intake_dcdiag *diag, const struct intake_line *line)
{
    struct strs words = {NULL, 0};
    for (const char *at = intake_skip(line->text); *at && words.count < 5; at = intake_skip(at)) {
        size_t len = strcspn(at, " \t");
        strs_addn(&words, at, len);
        at += len;
    }
    diag->names_next = false;
    if (words.count == 4) {
        bool first = host_matches(words.items[2], diag->destination);
        const char *source = words.items[first ? 0 : 1];
        diag->failing = intake_is_host(source);
        diag->dsa = (struct subject_dsa){.source = SUBJECT_DCDIAG_REPLICATIONS,
                                         .hypothesis = true,
                                         .line = line->number,
                                         .server = diag->failing ? mem_text(source) : NULL};
    }
    strs_release(&words);
}

static void read_failure(struct intake_dcdiag *diag, const struct intake_line *line)
{
    struct subject_dsa *dsa = &diag->dsa;
    if (diag->names_next && !intake_blank(line->text)) {
        read_from_to(diag, line);
    } else if (diag->failing && dsa->status == 0) {
        dsa->status = intake_code_in(line->text);
    } else if (diag->failing && !dsa->last_attempt) {
        const char *digits = line->text + strcspn(line->text, "0123456789");
        dsa->last_attempt = intake_when(digits);
    }
}

static void complain(struct intake *in, const struct subject_dsa *base)
{
    in->any_sysvol = true;
    if (!in->sysvol_name && base->server)
        in->sysvol_name = mem_text(base->server);
}

/* The attribute that a problem names, behind the last colon: decides whose problem it is. */
static void read_attribute(struct intake_dcdiag *diag, struct intake *in, const char *text)
{
    const char *colon = strrchr(text, ':');
    const char *value = colon ? colon + 1 + strspn(colon + 1, " \t\"'") : "";
    size_t len = strcspn(value, " \t\"'.");
    bool forward = len == 15 && str_starts_case(value, "serverReference");
    bool back = len == 17 && str_starts_case(value, "serverReferenceBL");
    bool other = len > 19 && str_find_case(value, "ComputerReferenceBL");
    if (!forward && !back && !other)
        return;
    in->report = in->any_report ? in->report : SUBJECT_DCDIAG_REFERENCES;
    in->any_report = true;
    bool ours = (forward && diag->base_kind == INTAKE_DN_SERVER) ||
                (back && diag->base_kind == INTAKE_DN_COMPUTER); /* the same link's other end */
    if (ours)
        intake_add(in, &diag->base, INTAKE_MEANT);
    else
        complain(in, &diag->base);
    intake_dsa_release(&diag->base);
    diag->base_kind = INTAKE_DN_OTHER;
}

static void read_problem(struct intake_dcdiag *diag, struct intake *in,
                         const struct intake_line *line)
{
    struct intake_scan scan = {line->text, line->text};
    struct intake_token token;
    if (is_problem(line->text))
        intake_dsa_release(&diag->base);
    while (intake_next_token(&scan, &token)) {
        if (token.kind == INTAKE_DN && token.dn.kind != INTAKE_DN_OTHER) {
            intake_dsa_release(&diag->base);
            diag->base_kind = token.dn.kind;
            diag->base.source = SUBJECT_DCDIAG_REFERENCES;
            diag->base.hypothesis = true;
            diag->base.line = line->number;
            intake_fill_dn(&diag->base, &token.dn);
        } else if (token.kind == INTAKE_GUID && token.msdcs) {
            struct subject_dsa dsa = {.source = SUBJECT_MSDCS_NAME,
                                      .has_guid = true,
                                      .guid = token.guid,
                                      .line = line->number};
            dsa.forest = *token.forest ? mem_text(token.forest) : NULL;
            intake_add(in, &dsa, INTAKE_STRAY);
        }
    }
    read_attribute(diag, in, line->text);
}

static void take_tested(struct intake_dcdiag *diag, struct intake *in,
                        const struct intake_line *line)
{
    char *site, *server;
    if (line->len > 400 || !tested(line->text, &site, &server))
        return;
    free(diag->site);
    free(diag->server);
    diag->site = site;
    diag->server = server;
    struct intake_place place = {
        .host = server, .site = site, .line = line->number, .source = SUBJECT_DCDIAG_REPLICATIONS};
    intake_add_place(in, &place);
}

void intake_dcdiag_line(struct intake_dcdiag *diag, struct intake *in,
                        const struct intake_line *line)
{
    char *name = line->len > 400 ? NULL : checked_name(line->text);
    diag->open = true;
    take_tested(diag, in, line);
    if (name)
        open_failure(diag, in, name);
    else if (strncmp(intake_skip(line->text), "........", 8) == 0)
        close_failure(diag, in);
    else
        read_failure(diag, line);
    read_problem(diag, in, line);
}

void intake_dcdiag_close(struct intake_dcdiag *diag, struct intake *in)
{
    close_failure(diag, in);
    intake_dsa_release(&diag->base);
    free(diag->site);
    free(diag->server);
    *diag = (struct intake_dcdiag){.open = false};
}
