/* Reports of repadmin, samba-tool and dcdiag. The order of things carries the meaning, not the
 * labels, so that a translated report reads the same: a DC's name with its DSA's GUID below it is
 * the reporter, what a row of the format table finds a partner, the first '@' its last attempt. */
#include "src/remedy/intake/reader.h"

#include "src/base/pattern.h"
#include "src/base/str.h"
#include "src/remedy/intake/tokens.h"

#include <string.h>

enum { LOOK_AHEAD = 6 };

static bool is_open(const struct reader *r, enum record_kind kind)
{
    return r->open && r->record.kind == kind;
}

/* What was taken for a paragraph is a report's head that lost its name. */
static void make_head(struct reader *r)
{
    struct record *record = &r->record;
    if (!is_open(r, RECORD_PROSE) || !r->dsa_line || !record->has_guid || record->has_code)
        return;
    *record =
        (struct record){.kind = RECORD_REPORT,
                        .line = record->line,
                        .place = {.has_dsa = true, .dsa = record->guid, .line = record->line}};
    r->part = CUT_REPORT;
}

static void open_partner(struct reader *r, enum subject_source source, size_t number)
{
    make_head(r);
    open_record(r, RECORD_PARTNER, number);
    if (source == SUBJECT_SHOWREPL && r->part == CUT_FAILURES)
        source = SUBJECT_FAILCACHE;
    r->record.source = source;
    r->record.outbound = source == SUBJECT_SHOWREPL && r->part == CUT_OUTBOUND;
}

/* name: Site\Server or a host's; nothing: nobody is named. */
static void open_report(struct reader *r, const struct line *line, struct slice name)
{
    struct place *place = &r->record.place;
    open_record(r, RECORD_REPORT, line->number);
    if (name.at && read_name(name, &place->site, &place->host))
        place->line = line->number;
    r->here = *place;
    r->part = CUT_REPORT;
    r->tested = false;
}

/* --- the head --- */

/* A DSA's GUID, the head of a part or a partner is near below. */
static bool report_follows(const struct reader *r)
{
    size_t left = LOOK_AHEAD;
    for (size_t i = r->at; i < r->page->count && left; i++) {
        const struct line *line = &r->page->lines[i];
        struct segment first = first_label(line);
        if (labels_dsa(&first) || strncmp(skip_blanks(line->text), "===", 3) == 0 ||
            strncmp(line->text, "= =", 3) == 0 || str_find_case(line->text, " via RPC"))
            return true;
        if (line->len > MAX_SHORT || str_find_case(line->text, "event"))
            return false;
        left -= line->len > 0;
    }
    return false;
}

/* "Liverpool\LIVDC01" alone: who reports; in the article's sample "DSA Options" is glued to it. */
bool head_line(struct reader *r, const struct line *line)
{
    const char *text = skip_blanks(line->text);
    const char *glued = line->len < 160 ? str_find_case(text, "DSA Options:") : NULL;
    struct slice whole = {text, glued ? (size_t)(glued - text) : strlen(text)}, site, host;
    bool banner = is_open(r, RECORD_REPORT) && !r->record.place.site.at;
    if (line->len > 160 || (!banner && !strchr(text, '\\')) || !read_name(whole, &site, &host) ||
        memchr(text, '/', whole.len))
        return false;
    if (!site.at) { /* wrapped in front of the name */
        banner = banner && !r->here.host.at && r->at == r->began + 1;
        if (banner)
            open_report(r, line, whole);
        return banner;
    }
    if (!report_follows(r))
        return false;
    if (r->part == CUT_FAILURES) {
        open_partner(r, SUBJECT_FAILCACHE, line->number);
        r->record.site = site;
        r->record.server = host;
        return true;
    }
    struct slice longer = banner ? r->record.place.host : host;
    r->open = r->open && !banner;
    open_report(r, line, whole);
    if (same_host(longer, host))
        r->record.place.host = r->here.host = longer;
    return true;
}

/* A GUID that a report's label names: the head's, the open partner's, or that of a next one whose
 * name could not be read (a ticket system ate the backslash). */
bool dsa_line(struct reader *r, const struct line *line)
{
    struct record *record = &r->record, plain = {.line = 0};
    struct writer w = {.record = &plain};
    if (r->depth && is_open(r, RECORD_PROSE))
        return false;
    if (is_open(r, RECORD_REPORT)) {
        write_line(&w, line->text, line->text, line->text + line->len, line->number);
        if (plain.has_guid && !record->place.has_dsa) {
            record->place.has_dsa = true;
            record->place.dsa = plain.guid;
            record->place.line = record->place.line ? record->place.line : line->number;
            r->here = record->place;
        }
        return true;
    }
    if (is_open(r, RECORD_PARTNER) && !(record->has_guid && record->has_code))
        return false;
    if (is_open(r, RECORD_PARTNER) || r->part == CUT_INBOUND)
        open_partner(r, SUBJECT_SHOWREPL, line->number);
    else if (!r->depth)
        open_record(r, RECORD_PROSE, line->number);
    r->dsa_line = true;
    return false;
}

/* --- attempts --- */

/* A date with a time in front of a text: cut by its shape, not by the words behind it. */
static struct slice read_when(const char *text)
{
    static struct pattern date = {
        .text = "([^ \t]+[ \t]+){0,11}?[^ \t]*[0-9]:[0-9]([^ \t]*[^ \t.,;)])?"
                "([ \t]+([0-9]{4}|(?-i:[A-Z]{3,5})|[ap]m|[ap]\\.m\\.)(?=[ \t.,;)]|$))*"};
    const char *start = skip_blanks(text);
    size_t len = pattern_length(&date, start, strnlen(start, 64));
    return (struct slice){len ? start : NULL, len};
}

/* "Last attempt @ TIME failed, result 8589 (0x218d):": the first '@' is the attempt, the second
 * the last success. dcdiag gives the time behind the error, in words of any language. */
bool attempt_line(struct reader *r, const struct line *line)
{
    const char *at = strstr(line->text, "@ "), *end = line->text + line->len;
    struct record *record = &r->record;
    long code;
    if (at && is_open(r, RECORD_PROSE) && r->dsa_line) {
        record->kind = RECORD_PARTNER;
        record->source = SUBJECT_SHOWREPL;
    }
    if (!is_open(r, RECORD_PARTNER))
        return false;
    if (!record->attempt.at && (at || record->has_code))
        record->attempt = read_when(at ? at + 1 : line->text + strcspn(line->text, "0123456789"));
    if (!at)
        return false;
    if (strstr(at, "WERR_") || strstr(at, "NTTIME("))
        record->source =
            record->source == SUBJECT_SHOWREPL ? SUBJECT_SAMBA_SHOWREPL : record->source;
    struct slice when = {at + 1, (size_t)(end - at - 1)};
    put_piece(r, line, ROLE_WHEN, when);
    if (find_code(line->text, line->text, end, &code))
        record_put_code(record, code);
    else if (!str_find_case(at, "fail"))
        record_put_code(record, 0);
    return true;
}

/* --- rows of the format table --- */

static void put_taken(struct reader *r, const struct line *line, const struct taken *taken)
{
    bool pair = record_has_target(&r->record);
    bool failing = r->record.source == SUBJECT_REPLSUM && r->part == CUT_OUTBOUND;
    put_piece(r, line, failing ? ROLE_REPORTER : ROLE_SOURCE, taken->source);
    put_piece(r, line, ROLE_REPORTER, taken->dest);
    put_piece(r, line, ROLE_ERROR, taken->code);
    put_piece(r, line, pair ? ROLE_REPORTER_GUID : ROLE_SOURCE, taken->guid);
}

static void open_part(struct reader *r, enum cut part)
{
    make_head(r);
    close_record(r);
    if (part == CUT_NEXT)
        part = r->part < CUT_OTHER ? r->part + 1 : CUT_OTHER;
    r->part = part;
}

/* dcdiag: a test ends. Where nobody was said to be tested, its last line says who was. */
static void end_test(struct reader *r, const struct line *line, struct slice host)
{
    close_record(r);
    for (size_t i = r->since; !r->tested && i < r->records->count; i++) {
        struct record *record = &r->records->items[i];
        if (!record->place.line && record->kind != RECORD_PROSE)
            record->place = (struct place){.host = host, .line = line->number};
    }
    r->since = r->records->count;
}

static bool fill(struct reader *r, const struct line *line, const struct taken *taken)
{
    struct record *record = &r->record;
    bool other = taken->dest.at && !same_host(taken->dest, record->place.host);
    if (!is_open(r, RECORD_PARTNER) || record->server.at || other)
        return false;
    put_taken(r, line, taken);
    return true;
}

static bool partner_line(struct reader *r, const struct line *line, const struct format *format,
                         const struct taken *taken)
{
    long code;
    open_partner(r, format->source, line->number);
    put_taken(r, line, taken);
    r->record.deleted =
        str_find_case(line->text, "\\0ADEL:") || str_find_case(line->text, "(deleted");
    if (find_code(line->text, line->text, line->text + line->len, &code))
        record_put_code(&r->record, code);
    else if (format->cut == CUT_HEALTHY)
        record_put_code(&r->record, 0);
    if (format->cut == CUT_LINE)
        close_record(r);
    return true;
}

/* True: the line is done with. */
static bool cut_line(struct reader *r, const struct line *line, const struct format *format,
                     const struct taken *taken)
{
    switch (format->cut) {
    case CUT_FILL:
        return fill(r, line, taken);
    case CUT_REPORT:
    case CUT_TESTS:
        open_report(r, line, taken->dest);
        r->tested = format->cut == CUT_TESTS;
        r->open = !r->tested;
        r->since = r->records->count;
        return true;
    case CUT_TESTED:
        end_test(r, line, taken->dest);
        return true;
    case CUT_EVENT:
        open_record(r, RECORD_PROSE, line->number);
        put_taken(r, line, taken);
        return false;
    case CUT_LABELS:
        if (!r->depth)
            open_partner(r, format->source, line->number);
        return false;
    case CUT_LINE:
    case CUT_PARTNER:
    case CUT_HEALTHY:
        return partner_line(r, line, format, taken);
    default:
        open_part(r, format->cut);
        return true;
    }
}

bool format_line(struct reader *r, const struct line *line)
{
    struct taken taken;
    const struct record *open = is_open(r, RECORD_PARTNER) ? &r->record : NULL;
    const char *text = skip_blanks(line->text);
    const struct format *format = line->len <= MAX_SHORT ? find_format(text, open, &taken) : NULL;
    if (!format || !cut_line(r, line, format, &taken))
        return false;
    if (format->source == SUBJECT_REPLSUM) { /* its rows in one line */
        struct line rest = {text + taken.len, strlen(text + taken.len), line->number};
        format_line(r, &rest);
    }
    return true;
}
