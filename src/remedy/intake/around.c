/* What stands around reports: repadmin's first line, dcdiag's marks, the rows of the format table.
 */
#include "src/remedy/intake/reader.h"

#include "src/base/str.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/formats.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

/* --- repadmin's first line --- */

static bool is_named(struct slice word)
{
    struct slice site, host;
    return read_name(word, &site, &host) && !site.at &&
           !(word.len == 9 && strncasecmp(word.at, "localhost", 9) == 0);
}

/* "... against full DC dcsrv01": the word behind "DC". Where the language puts it elsewhere, the
 * only word with a host name's points. */
static struct slice banner_host(const char *text)
{
    struct slice behind = {NULL, 0}, dotted = {NULL, 0};
    bool is_next = false, several = false;
    while (*(text += strspn(text, " \t\"'(["))) {
        size_t len = strcspn(text, " \t\"'()[]<,;"), bare = len;
        while (bare > 0 && text[bare - 1] == '.')
            bare--;
        struct slice word = {text, bare};
        if (is_named(word) && is_next && !behind.at)
            behind = word;
        if (is_named(word) && memchr(text, '.', bare)) {
            several = several || dotted.at;
            dotted = word;
        }
        is_next = bare == 2 && strncasecmp(text, "DC", 2) == 0;
        text += len + strcspn(text + len, " \t"); /* the rest of the word is a link to itself */
    }
    return behind.at || several ? behind : dotted;
}

bool banner_line(struct reader *r, const struct line *line)
{
    const char *text = skip_blanks(line->text);
    if (line->len > MAX_SHORT || !str_starts_case(text, "repadmin:") || !strchr(text, '/'))
        return false;
    close_record(r);
    open_record(r, RECORD_REPORT, line->number);
    struct slice host = banner_host(text + strlen("repadmin:"));
    size_t next = r->at;
    const struct line *below = filled_line(r->page, &next);
    bool cut = line->len > 3 && strncasecmp(line->text + line->len - 3, " DC", 3) == 0;
    if (cut && below && is_named(trim(below->text, below->text + below->len))) {
        host = trim(below->text, below->text + below->len); /* wrapped in front of the name */
        r->at = next;
    }
    r->record.place = (struct place){.host = host, .line = host.at ? line->number : 0};
    r->here = r->record.place;
    r->section = SECTION_NONE;
    r->failcache = has_word(text, "/failcache");
    r->samba = r->tested = false;
    return true;
}

/* --- dcdiag --- */

/* "Server wird getestet: Liverpool\LIVDC01" in other languages. */
bool tested_line(struct reader *r, const struct line *line)
{
    static const char *const words[] = {"server",
                                        "serveur",
                                        "servidor",
                                        "\xD1\x81\xD0\xB5\xD1\x80\xD0\xB2\xD0\xB5\xD1\x80",
                                        "\xE3\x82\xB5\xE3\x83\xBC\xE3\x83\x90",
                                        "\xE6\x9C\x8D\xE5\x8A\xA1\xE5\x99\xA8",
                                        "\xE4\xBC\xBA\xE6\x9C\x8D\xE5\x99\xA8",
                                        "\xEC\x84\x9C\xEB\xB2\x84"};
    const char *colon = line->len < 160 ? strchr(line->text, ':') : NULL;
    struct slice site, host, value;
    if (!colon || !strchr(colon, '\\'))
        return false;
    value = trim(colon + 1, line->text + line->len);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *word = str_find_case(line->text, words[i]);
        if (!word || word > colon || !read_name(value, &site, &host) || !site.at)
            continue;
        close_record(r);
        r->here = (struct place){.site = site, .host = host, .line = line->number};
        r->tested = true;
        r->since = r->records->count;
        return true;
    }
    return false;
}

/* "......................... LIVDC01 failed test KccEvent": ends a test, and names the DC. */
bool tail_line(struct reader *r, const struct line *line)
{
    const char *text = skip_blanks(line->text);
    size_t dots = strspn(text, ".");
    struct slice site, host;
    if (dots < 10)
        return false;
    close_record(r);
    text = skip_blanks(text + dots);
    struct slice word = {text, strcspn(text, " \t")};
    if (!r->tested && read_name(word, &site, &host))
        for (size_t i = r->since; i < r->records->count; i++) {
            struct place *place = &r->records->items[i].place;
            if (!place->line && r->records->items[i].kind != RECORD_PROSE)
                *place = (struct place){.host = host, .line = line->number};
        }
    r->since = r->records->count;
    return true;
}

/* "Von WARD5 nach LIVDC01": two words in front of the DC that the record's first line names. */
void translated_pair(struct reader *r, const struct line *line)
{
    struct slice before[2] = {{NULL, 0}, {NULL, 0}}, dest = r->record.place.host, site, server;
    bool fits = r->open && r->record.kind == RECORD_PARTNER && !r->record.server.at && dest.at &&
                r->record.source == SUBJECT_DCDIAG_REPLICATIONS && line->len < 200;
    const char *at = skip_blanks(line->text);
    for (int words = 0; fits && *at && words < 6; words++) {
        struct slice word = {at, strcspn(at, " \t,:;")};
        if (same_host(word, dest) && before[0].at && read_name(before[0], &site, &server)) {
            r->record.server = server;
            r->record.line = line->number;
            return;
        }
        before[0] = before[1];
        before[1] = word;
        at = skip_blanks(at + word.len + strspn(at + word.len, ",:;"));
    }
}

/* "The failure occurred at 2010-06-10 17:35:46.", in any language: the first time in the record. */
void failure_time(struct reader *r, const struct line *line)
{
    bool fits = r->open && r->record.kind == RECORD_PARTNER && !r->record.attempt.at &&
                r->record.source == SUBJECT_DCDIAG_REPLICATIONS && r->record.has_code;
    if (fits)
        r->record.attempt = read_when(line->text + strcspn(line->text, "0123456789"));
}

void finding_line(struct reader *r, const struct line *line)
{
    const char *at = str_find_case(line->text, "Attribute Name:");
    struct found_dn dn;
    if (!at)
        return;
    struct slice name = trim(at + strlen("Attribute Name:"), line->text + line->len);
    bool forward = name.len == 15 && strncasecmp(name.at, "serverReference", 15) == 0;
    bool back = name.len == 17 && strncasecmp(name.at, "serverReferenceBL", 17) == 0;
    enum dn_kind kind = r->record.dn && dn_scan(r->record.dn, &dn) ? dn.kind : DN_OTHER;
    if ((forward && kind == DN_SERVER) || (back && kind == DN_COMPUTER))
        record_put_code(&r->record, ERROR_NO_SERVER_REFERENCE);
    else
        r->record.kind = RECORD_SYSVOL;
}

/* --- rows of the format table --- */

static void put_taken(struct reader *r, const struct format *format, const struct taken *taken,
                      const struct line *line)
{
    const struct {
        struct slice text;
        enum role role;
    } all[] = {{taken->source, ROLE_SOURCE},
               {taken->dest, ROLE_REPORTER},
               {taken->code, ROLE_ERROR},
               {taken->guid, ROLE_DSA}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].text.at)
            continue;
        struct piece piece = {all[i].role,    line->text,
                              all[i].text.at, all[i].text.at + all[i].text.len,
                              line->number,   true};
        record_put(&r->record, &piece);
    }
    (void)format;
}

static bool is_deleted(const char *text)
{
    return has_word(text, "\\0ADEL:") || has_word(text, "(deleted");
}

/* True: nothing more is in the line. */
bool format_line(struct reader *r, const struct format *format, const struct taken *taken,
                 const struct line *line)
{
    long code;
    const char *end = line->text + line->len;
    switch (format->cut) {
    case CUT_FILL:
        if (!r->open || r->record.kind != RECORD_PARTNER || r->record.source != format->source ||
            r->record.server.at)
            return false;
        put_taken(r, format, taken, line);
        return true;
    case CUT_REPORT:
        return tested_line(r, line);
    case CUT_EVENT:
        open_record(r, RECORD_PROSE, line->number);
        put_taken(r, format, taken, line);
        return false;
    case CUT_LABELS:
        if (r->depth)
            return false;
        open_partner(r, format->source, line->number);
        return false;
    case CUT_LINE:
        close_record(r);
        open_record(r, RECORD_PARTNER, line->number);
        r->record.source = format->source;
        r->section = r->section == SECTION_OUTBOUND ? SECTION_NONE : r->section;
        put_taken(r, format, taken, line);
        close_record(r);
        return true;
    default:
        break;
    }
    if (r->section == SECTION_OTHER && format->source == SUBJECT_SHOWREPL) {
        if (!str_starts_case(skip_blanks(line->text), "source:"))
            return true;
        r->section = SECTION_INBOUND;
    }
    open_partner(r,
                 format->source == SUBJECT_SHOWREPL && taken->source.at && !taken->dest.at
                     ? report_source(r)
                     : format->source,
                 line->number);
    r->command = taken->dest.at || format->cut == CUT_HEALTHY;
    put_taken(r, format, taken, line);
    r->record.deleted = is_deleted(line->text);
    if (find_code(line->text, line->text, end, &code))
        record_put_code(&r->record, code);
    else if (format->cut == CUT_HEALTHY)
        record_put_code(&r->record, 0);
    return true;
}

/* /syncall: "From: <source>", "To  : <destination>". */
bool syncall_line(struct reader *r, const struct line *line)
{
    const char *text = skip_blanks(line->text), *colon = strchr(text, ':');
    struct found_dn dn;
    struct guid guid;
    bool fits = r->open && r->record.kind == RECORD_PARTNER &&
                r->record.source == SUBJECT_SYNCALL && colon && colon - text < 24;
    if (!fits)
        return false;
    const char *value = skip_blanks(colon + 1), *end = line->text + line->len;
    bool named = guid_parse_prefix(value, strnlen(value, 37), &guid);
    bool settings =
        !named && str_starts_case(value, "CN=") && dn_scan(value, &dn) && dn.kind == DN_NTDS;
    if (!named && !settings)
        return false;
    if (!record_has_target(&r->record)) {
        struct piece piece = {ROLE_SOURCE, line->text, value, end, line->number, false};
        record_put(&r->record, &piece);
        return true;
    }
    r->record.place.line = line->number;
    if (named) {
        r->record.place.has_dsa = true;
        r->record.place.dsa = guid;
    } else {
        r->record.place.host = (struct slice){dn.rdns[1].value, dn.rdns[1].value_len};
        if (dn.count > 3)
            r->record.place.site = (struct slice){dn.rdns[3].value, dn.rdns[3].value_len};
    }
    close_record(r);
    return true;
}
