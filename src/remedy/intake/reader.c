/* Lines -> records. One record is open at a time; a line opens another, belongs to the open one, or
 * is a paragraph's. What opens one: a row of the format table, a table's head, a document's mark, a
 * replication report's head or rule, a label that the open record has already, a blank line. */
#include "src/remedy/intake/reader.h"

#include "src/base/mem.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/formats.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { EVENT_LINES = 60 };

/* --- opening and closing --- */

void close_record(struct reader *r)
{
    struct record *record = &r->record;
    if (!r->open)
        return;
    r->open = false;
    finish_record(&r->writer);
    if (record->kind == RECORD_PROSE && !record->has_code && record->server.at &&
        !record->has_guid && !record->dn)
        record->server = (struct slice){NULL, 0}; /* "Source: NTDS KCC" and the like */
    if (record->kind == RECORD_REPORT) {
        if (!record->place.host.at && !record->place.has_dsa)
            return;
        r->here = record->place;
    } else if (!record->place.line &&
               (record->kind == RECORD_PARTNER || (r->tested && record->kind == RECORD_EVENT) ||
                record->kind == RECORD_SYSVOL)) {
        record->place = r->here;
    }
    records_add(r->records, record);
}

void open_record(struct reader *r, enum record_kind kind, size_t number)
{
    close_record(r);
    r->record = (struct record){.kind = kind, .line = number};
    r->writer = (struct writer){.record = &r->record};
    r->open = true;
    r->began = r->at;
    r->blank = r->dsa_line = r->attempted = r->command = false;
    r->record.outbound = kind == RECORD_PARTNER && r->section == SECTION_OUTBOUND;
}

/* --- paragraphs, events and lists --- */

/* A label that begins a record when the open one has it already. */
static bool repeats(const struct reader *r, const struct segment *s)
{
    struct slice known = r->writer.labels[s->role];
    bool heads = s->role == ROLE_EVENT_ID || s->role == ROLE_REPORTER || s->role == ROLE_MESSAGE ||
                 s->role == ROLE_ENTRY || s->role == ROLE_START;
    bool values = s->role == ROLE_SOURCE || s->role == ROLE_DSA || s->role == ROLE_ERROR ||
                  s->role == ROLE_OBJECT;
    if (!known.at || r->depth ||
        !(heads || (values && r->record.kind == RECORD_PROSE && !r->record.event)))
        return false;
    if (s->role == ROLE_EVENT_ID && r->record.event)
        return true;
    return known.len == s->label_len && strncasecmp(known.at, s->label, known.len) == 0;
}

static bool is_complete(const struct record *record)
{
    return record_has_target(record) && record->has_code;
}

/* A date and a time, and nothing else: Splunk's first line. */
static bool is_stamp(const struct line *line)
{
    struct record record = {.line = 0};
    struct piece when = {ROLE_WHEN, line->text, line->text, line->text + line->len, 0, false};
    record_put(&record, &when);
    return line->len < 32 && record.when;
}

/* The open record ends in front of a line. */
static bool ends_before(const struct reader *r, const struct line *line)
{
    if (strncmp(line->text, "instance of ", 12) == 0) /* MOF */
        return true;
    struct segment first;
    const char *at = line->text;
    bool labelled = line->len < 4000 && next_segment(line->text, &at, &first);
    if (labelled && first.role == ROLE_NONE && !next_segment(line->text, &at, &first))
        labelled = false;
    if (!labelled)
        first.role = ROLE_NONE;
    const struct record *open = &r->record;
    bool begun = (open->event && !record_has_target(open)) || /* Splunk's EventType */
                 (open->when && r->at - r->began == 1);       /* its stamp */
    if (first.role == ROLE_START && !begun && !r->depth)
        return true;
    if (is_complete(&r->record) && *line->text >= '0' && *line->text <= '9' && is_stamp(line))
        return true;
    if (first.role != ROLE_NONE && repeats(r, &first))
        return true;
    if (r->depth)
        return false;
    bool fills = (first.role == ROLE_EVENT_ID || first.role == ROLE_REPORTER) &&
                 !r->writer.labels[first.role].at;
    if (r->blank && is_complete(&r->record) && !fills)
        return true;
    return r->record.kind != RECORD_REPORT && r->at - r->began > EVENT_LINES;
}

/* Two different DSAs: the paragraph has two records. */
static bool differs(const struct record *a, const struct record *b)
{
    if (a->other_entry && !b->msdcs && !b->other_entry)
        return false;
    if (a->has_guid && b->has_guid)
        return !guid_equal(&a->guid, &b->guid);
    if (a->dn && b->dn) {
        struct found_dn x, y;
        return dn_scan(a->dn, &x) && dn_scan(b->dn, &y) &&
               (x.len != y.len || strncasecmp(a->dn, b->dn, x.len) != 0);
    }
    return a->dn && a->has_code && b->has_guid && b->has_code;
}

/* "dest=A source=B result=8589": a line of its own, as loggers write. */
static bool is_logged_line(const struct line *line)
{
    struct segment s;
    const char *at = line->text;
    bool who = false, how = false;
    size_t pairs = 0;
    if (!strchr(line->text, '='))
        return false;
    while (pairs < 12 && next_segment(line->text, &at, &s)) {
        pairs += s.label && s.label[s.label_len] == '=';
        who = who || s.role == ROLE_SOURCE || s.role == ROLE_DSA || s.role == ROLE_MESSAGE;
        how = how || s.role == ROLE_ERROR || s.role == ROLE_EVENT_ID;
    }
    return who && how && pairs >= 3;
}

/* "<13>1 2026-11-20T03:07:41Z host program", "Nov 20 03:07:41 host program": who logged a line of
 * an event, unless it says so itself. */
static void put_syslog_host(struct record *record, const struct line *line)
{
    const char *at = line->text, *end = line->text + line->len, *clock;
    if (*at == '<')
        at = memchr(at, '>', line->len < 6 ? line->len : 6);
    at = at ? at + strspn(at, ">1 ") : line->text;
    clock = memchr(at, ':', end - at < 40 ? (size_t)(end - at) : 40);
    bool event = record->event || strstr(line->text, "ActiveDirectory_DomainService");
    if (!event || !clock || clock + 6 >= end || clock[3] != ':' || clock - at > 20)
        return;
    at = clock + strcspn(clock, " \t");
    at += strspn(at, " \t");
    struct piece host = {ROLE_REPORTER_WEAK,      line->text,   at,
                         at + strcspn(at, " \t"), line->number, false};
    if (memchr(at, '.', (size_t)(host.end - at)))
        record_put(record, &host);
}

static void paragraph_line(struct reader *r, const struct line *line)
{
    struct record plain = {.line = line->number}, *open = &r->record;
    struct writer w = {.record = &plain, .pending = r->writer.pending};
    const char *end = line->text + line->len;
    bool logged = is_logged_line(line);
    if (logged)
        open_record(r, RECORD_PROSE, line->number);
    write_line(&w, line->text, line->text, end, line->number);
    if (record_has_target(open) && differs(open, &plain)) {
        bool code = open->has_code && !r->dsa_line && open->line == 0;
        struct record old = *open;
        open_record(r, RECORD_PROSE, line->number);
        if (code)
            record_put_code(&r->record, old.code);
    }
    write_line(&r->writer, line->text, line->text, end, line->number);
    put_event_id(open, line->text, end, true);
    put_syslog_host(open, line);
    if (logged)
        close_record(r);
}

static void plain_line(struct reader *r, const struct line *line)
{
    const char *end = line->text + line->len;
    if (r->open && ends_before(r, line))
        close_record(r);
    if (is_dsa_line(line) && (!r->depth || r->record.kind != RECORD_PROSE || !r->open)) {
        before_dsa_line(r, line);
        if (r->open && r->record.kind == RECORD_REPORT) {
            put_own_guid(r, line);
            return;
        }
    }
    if (r->open && r->record.kind == RECORD_REPORT)
        return;
    if (!r->open)
        open_record(r, RECORD_PROSE, line->number);
    if (r->record.kind == RECORD_PARTNER && r->record.source == SUBJECT_DCDIAG_REFERENCES)
        finding_line(r, line);
    if (r->record.kind == RECORD_PROSE && !r->record.event && !r->depth)
        paragraph_line(r, line);
    else
        write_line(&r->writer, line->text, line->text, end, line->number);
    if (r->depth)
        put_event_id(&r->record, line->text, end, false);
    r->blank = false;
}

/* A blank line ends a paragraph, but not an event, nor what has only half of one yet. */
static void blank_line(struct reader *r)
{
    struct record *record = &r->record;
    if (r->open && r->depth && record->kind != RECORD_EVENT && !record->event &&
        is_complete(record)) {
        close_record(r); /* of several lists in one string */
        return;
    }
    if (!r->open || r->depth)
        return;
    bool twice = r->blank;
    r->blank = true;
    bool header =
        record->kind == RECORD_PROSE &&
        ((record->place.line && !record_has_target(record)) || r->writer.labels[ROLE_MESSAGE].at ||
         r->writer.labels[ROLE_START].at || (r->writer.labels[ROLE_DSA].at && !record->has_code) ||
         (r->writer.labels[ROLE_ERROR].at && !record_has_target(record) && !twice));
    if (record->kind == RECORD_PROSE && !record->event && !header)
        close_record(r);
    else if (record->kind == RECORD_PARTNER && r->command && record->has_code)
        close_record(r);
}

/* --- the way of a line --- */

static void find_damage(struct reader *r, const struct line *line)
{
    struct records *records = r->records;
    for (const char *at = strchr(line->text, '-'); at; at = strchr(at + 1, '-')) {
        if (at - line->text < 8)
            continue;
        size_t len = cut_guid(at - 8);
        if (!records->misread && is_misread_guid(at - 8))
            records->misread = line->number;
        bool word = at - line->text > 8 && strchr("0123456789abcdefABCDEF-", at[-9]);
        if (len && !word && !records->cut.at) {
            records->cut = (struct slice){at - 8, len};
            records->cut_line = line->number;
        }
        at += len > 9 ? len - 9 : 0;
    }
}

static bool special_line(struct reader *r, const struct line *line, const char *lower)
{
    struct slice site, host;
    struct taken taken;
    if (banner_line(r, line) || tail_line(r, line) || syncall_line(r, line))
        return true;
    if (is_rule(line->text) &&
        (r->here.line || r->failcache || r->dsa_line || has_word(line->text, "NEIGHBOR") ||
         has_word(line->text, "KCC") || report_follows(r->page, r->at))) {
        next_section(r, line);
        return true;
    }
    if (strchr(line->text, '\\') && read_head(line, &site, &host)) {
        size_t next = r->at;
        const struct line *below = filled_line(r->page, &next);
        if (r->section == SECTION_FAILURES && below && is_dsa_line(below)) {
            open_partner(r, SUBJECT_FAILCACHE, line->number);
            r->record.site = site;
            r->record.server = host;
            return true;
        }
        if (report_follows(r->page, r->at)) {
            start_report(r, line, site, host);
            return true;
        }
    }
    const struct format *format =
        find_format(skip_blanks(line->text), lower + strspn(lower, " \t"), &taken);
    if (format && format_line(r, format, &taken, line))
        return true;
    return !format && tested_line(r, line);
}

static void read_line(struct reader *r)
{
    const struct line *line = &r->page->lines[r->at];
    char lower[MAX_SHORT + 1];
    struct record row;
    bool is_row;
    if (*line->text >= TEXT && *line->text <= DOCUMENT_END) {
        r->at++;
        r->table.columns = 0;
        if (*line->text == TEXT)
            open_text(r, line);
        else if (*line->text == TEXT_END)
            close_text(r);
        else if (*line->text == DOCUMENT)
            open_document(r, line);
        else
            close_document(r);
        return;
    }
    if (line->len)
        find_damage(r, line);
    if (table_line(&r->table, r->page, &r->at, r->owned, &row, &is_row)) {
        if (r->open && !r->depth)
            close_record(r);
        if (is_row)
            records_add(r->records, &row);
        return;
    }
    r->at++;
    if (line->len == 0) {
        blank_line(r);
        return;
    }
    if (line->len <= MAX_SHORT) {
        for (size_t i = 0; i <= line->len; i++)
            lower[i] = (char)(line->text[i] >= 'A' && line->text[i] <= 'Z' ? line->text[i] | 0x20
                                                                           : line->text[i]);
        if (replsum_line(&r->replsum, line, lower, r->records)) {
            if (!r->depth)
                close_record(r);
            return;
        }
        if (special_line(r, line, lower))
            return;
    }
    r->samba = r->samba || strstr(line->text, "WERR_") || strstr(line->text, "NTTIME(") ||
               strstr(line->text, "invocationId:");
    if (r->samba && r->open && r->record.kind == RECORD_PARTNER &&
        r->record.source == SUBJECT_SHOWREPL)
        r->record.source = SUBJECT_SAMBA_SHOWREPL;
    if (!attempt_line(r, line)) {
        translated_pair(r, line);
        failure_time(r, line);
        plain_line(r, line);
    }
}

void read_page(const struct page *page, struct records *records, struct strs *owned)
{
    struct reader *r = mem_zero(1, sizeof *r);
    r->page = page;
    r->records = records;
    r->owned = owned;
    r->writer.record = &r->record;
    while (r->at < page->count)
        read_line(r);
    close_text(r);
    while (r->depth)
        close_document(r);
    close_record(r);
    free(r);
}
