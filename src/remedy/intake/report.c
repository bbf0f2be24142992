/* Reports of repadmin, samba-tool and dcdiag. The order of things carries the meaning, not the
 * labels, so that a translated report reads the same: a DC's name with its DSA's GUID below it is
 * the reporter, a name with "via RPC" a partner, the first '@' its last attempt; "====" rules part
 * inbound, outbound and the rest. */
#include "src/remedy/intake/reader.h"

#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/formats.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AHEAD = 6 };

enum subject_source report_source(const struct reader *r)
{
    return r->failcache ? SUBJECT_FAILCACHE : r->samba ? SUBJECT_SAMBA_SHOWREPL : SUBJECT_SHOWREPL;
}

bool is_rule(const char *text)
{
    text = skip_blanks(text);
    size_t len = strspn(text, "= ");
    return (strncmp(text, "====", 4) == 0 || (len > 5 && strncmp(text, "= = ", 4) == 0)) &&
           text[len] != '\0';
}

bool has_word(const char *text, const char *word)
{
    return str_find_case(text, word) != NULL;
}

/* "DSA object GUID: ..." in any language, and no invocationID. */
bool is_dsa_line(const struct line *line)
{
    struct scan scan = {line->text, line->text, line->text + line->len};
    struct token token;
    if (line->len > MAX_SHORT || !strchr(line->text, ':') || !has_word(line->text, "DSA") ||
        !has_word(line->text, "GUID") || has_word(line->text, "invocation"))
        return false;
    while (next_token(&scan, &token))
        if (token.kind == TOKEN_GUID)
            return !token.msdcs;
    return false;
}

const struct line *filled_line(const struct page *page, size_t *at)
{
    while (*at < page->count && page->lines[*at].len == 0)
        ++*at;
    return *at < page->count ? &page->lines[(*at)++] : NULL;
}

/* "Liverpool\LIVDC01" alone; the article's sample has "DSA Options" glued to it. */
bool read_head(const struct line *line, struct slice *site, struct slice *host)
{
    static const char glued[] = "DSA Options:";
    const char *text = skip_blanks(line->text), *end = line->text + line->len;
    const char *options = line->len < MAX_SHORT ? str_find_case(text, glued) : NULL;
    if (options && options > text)
        end = options;
    if (line->len > 160 || !memchr(text, '\\', (size_t)(end - text)))
        return false;
    struct slice whole = {text, (size_t)(end - text)};
    return read_name(whole, site, host) && site->at;
}

/* A DSA's GUID, a rule or a partner is near below. */
bool report_follows(const struct page *page, size_t at)
{
    const struct line *line;
    for (int i = 0; i < LOOK_AHEAD && (line = filled_line(page, &at)); i++) {
        if (is_dsa_line(line) || is_rule(line->text))
            return true;
        if (line->len > 8 && str_find_case(line->text + line->len - 8, " via RPC"))
            return true;
        if (line->len > MAX_SHORT || has_word(line->text, "event"))
            return false;
    }
    return false;
}

bool same_host(struct slice a, struct slice b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && a.at[len] != '.' &&
           (a.at[len] | 0x20) == (b.at[len] | 0x20))
        len++;
    return len && (len == a.len || a.at[len] == '.') && (len == b.len || b.at[len] == '.');
}

void start_report(struct reader *r, const struct line *line, struct slice site, struct slice host)
{
    struct slice banner = r->open && r->record.kind == RECORD_REPORT && !r->record.place.site.at
                              ? r->record.place.host
                              : (struct slice){NULL, 0};
    bool failcache = banner.at && r->failcache;
    if (banner.at)
        r->open = false;
    open_record(r, RECORD_REPORT, line->number);
    r->record.place = (struct place){.site = site, .host = host, .line = line->number};
    if (banner.at && same_host(banner, host)) /* the longer name */
        r->record.place.host = banner;
    r->here = r->record.place;
    r->section = SECTION_NONE;
    r->failcache = failcache;
    r->samba = r->tested = false;
}

/* What was taken for a paragraph is a report's head that lost its name. */
static void make_head(struct reader *r)
{
    struct guid guid = r->record.guid;
    size_t line = r->record.line;
    bool own = r->open && r->record.kind == RECORD_PROSE && r->dsa_line && r->record.has_guid &&
               !r->record.has_code;
    if (!own)
        return;
    r->record = (struct record){.kind = RECORD_REPORT, .line = line};
    r->record.place = (struct place){.has_dsa = true, .dsa = guid, .line = line};
    r->section = SECTION_NONE;
}

void next_section(struct reader *r, const struct line *line)
{
    const char *text = line->text;
    bool headless = !r->open || r->record.kind != RECORD_REPORT || !r->record.place.has_dsa;
    bool failures = has_word(text, "KCC") && !has_word(text, "OBJ");
    make_head(r);
    close_record(r);
    if (failures && (r->failcache || headless)) {
        r->failcache = true;
        r->section = SECTION_FAILURES;
    } else if (has_word(text, "INBOUND")) {
        r->section = SECTION_INBOUND;
    } else if (has_word(text, "OUTBOUND")) {
        r->section = SECTION_OUTBOUND;
    } else if (has_word(text, "KCC") || r->section >= SECTION_OUTBOUND) {
        r->section = SECTION_OTHER;
    } else {
        r->section = r->section == SECTION_NONE ? SECTION_INBOUND : SECTION_OUTBOUND;
    }
}

void open_partner(struct reader *r, enum subject_source source, size_t number)
{
    make_head(r);
    open_record(r, RECORD_PARTNER, number);
    r->record.source = source;
}

/* A GUID that a report's label names: the head's, the open partner's, or that of a next one whose
 * name could not be read (a ticket system ate the backslash). */
void before_dsa_line(struct reader *r, const struct line *line)
{
    struct record *record = &r->record;
    if (r->open && record->kind == RECORD_REPORT)
        return;
    if (r->open && record->kind == RECORD_PARTNER) {
        if (record->has_guid && (r->attempted || record->has_code))
            open_partner(r, report_source(r), line->number);
        return;
    }
    if (r->open && record->kind == RECORD_PROSE && r->dsa_line) {
        if (record->has_code)
            close_record(r);
        else
            open_partner(r, report_source(r), line->number);
        return;
    }
    if (r->section == SECTION_INBOUND || r->section == SECTION_OUTBOUND)
        open_partner(r, report_source(r), line->number);
    else if (!r->depth)
        open_record(r, RECORD_PROSE, line->number);
    r->dsa_line = true;
}

/* The head's own GUID. */
void put_own_guid(struct reader *r, const struct line *line)
{
    struct record plain = {.line = 0};
    struct writer w = {.record = &plain};
    write_line(&w, line->text, line->text, line->text + line->len, line->number);
    if (!plain.has_guid || r->record.place.has_dsa)
        return;
    r->record.place.has_dsa = true;
    r->record.place.dsa = plain.guid;
    r->record.place.line = r->record.place.line ? r->record.place.line : line->number;
    r->here = r->record.place;
}

static bool has_time(const char *word, size_t len)
{
    for (size_t i = 1; i + 1 < len; i++)
        if (word[i] == ':' && word[i - 1] >= '0' && word[i - 1] <= '9' && word[i + 1] >= '0' &&
            word[i + 1] <= '9')
            return true;
    return false;
}

/* What may follow a time in a date: "PM", "p.m.", "UTC", "2026". */
static bool follows_time(const char *word, size_t len)
{
    bool year = len == 4, zone = len >= 3 && len <= 5;
    for (size_t i = 0; i < len; i++) {
        year = year && word[i] >= '0' && word[i] <= '9';
        zone = zone && word[i] >= 'A' && word[i] <= 'Z';
    }
    bool half = (len == 2 || len == 4) && strchr("aApP", word[0]) && strchr("mM.", word[1]);
    return year || zone || half;
}

/* A date with a time in front of a text: cut by its shape, not by the words behind it. */
struct slice read_when(const char *text)
{
    const char *start = skip_blanks(text), *end = NULL, *word = start;
    for (int words = 0; words < 12 && *word; words++) {
        size_t len = strcspn(word, " \t");
        bool goes_on = has_time(word, len) || (end && follows_time(word, len));
        if (end && !goes_on)
            break;
        if (goes_on)
            end = word + len;
        word = skip_blanks(word + len);
    }
    while (end && end > start && strchr(".,;)", end[-1]) && end[-2] != 'm')
        end--;
    return end && end - start <= 64 ? (struct slice){start, (size_t)(end - start)}
                                    : (struct slice){NULL, 0};
}

/* "Last attempt @ TIME failed, result 8589 (0x218d):": the first '@' is the attempt, the second
 * the last success. False: it is no such line. */
bool attempt_line(struct reader *r, const struct line *line)
{
    const char *at = strstr(line->text, "@ ");
    long code;
    if (!at || !r->open)
        return false;
    if (r->record.kind == RECORD_PROSE && r->dsa_line) {
        r->record.kind = RECORD_PARTNER;
        r->record.source = report_source(r);
    }
    if (r->record.kind == RECORD_REPORT && r->record.place.has_dsa && !r->record.place.host.at) {
        struct guid guid = r->record.place.dsa; /* a partner whose report lost its head */
        size_t number = r->record.place.line;
        r->open = false;
        open_partner(r, report_source(r), number);
        r->record.has_guid = r->record.labelled = true;
        r->record.guid = guid;
        r->here = (struct place){.line = 0};
    }
    if (r->record.kind != RECORD_PARTNER)
        return false;
    if (!r->attempted) {
        r->attempted = true;
        r->record.attempt = read_when(at + 1);
        struct piece when = {ROLE_WHEN,    line->text, at + 1, line->text + line->len,
                             line->number, false};
        record_put(&r->record, &when);
        if (find_code(line->text, line->text, line->text + line->len, &code))
            record_put_code(&r->record, code);
        else if (has_word(at, "success") || !has_word(at, "fail"))
            record_put_code(&r->record, 0);
    }
    return true;
}
