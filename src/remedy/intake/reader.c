/* Lines -> records. One record is open at a time; a line opens another, belongs to the open one, or
 * is a paragraph's. What opens one: a row of the format table, a table's head, a document's mark, a
 * report's head, a label that the open record has already, a blank line. */
#include "src/remedy/intake/reader.h"

#include "src/base/mem.h"
#include "src/base/pattern.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

/* --- opening and closing --- */

void close_record(struct reader *r)
{
    struct record *record = &r->record;
    if (!r->open)
        return;
    r->open = false;
    finish_record(&r->writer);
    if (record->kind == RECORD_REPORT) {
        if (!record->place.host.at && !record->place.has_dsa)
            return;
        r->here = record->place;
    } else if (!record->place.line &&
               (record->kind != RECORD_PROSE && (r->tested || record->kind != RECORD_EVENT))) {
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
    r->blank = r->dsa_line = false;
}

void put_piece(struct reader *r, const struct line *line, enum role role, struct slice text)
{
    if (!text.at)
        return;
    struct piece piece = {role, line->text, text.at, text.at + text.len, line->number, true};
    record_put(&r->record, &piece);
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
    return same_text(known, (struct slice){s->label, s->label_len});
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
    if (line->len < 32 && *line->text >= '0' && *line->text <= '9')
        record_put(&record, &when);
    return record.when;
}

struct segment first_label(const struct line *line)
{
    struct segment first = {.role = ROLE_NONE};
    const char *at = line->text;
    if (line->len <= MAX_SHORT && next_segment(line->text, &at, &first) &&
        first.role == ROLE_NONE && !next_segment(line->text, &at, &first))
        first.role = ROLE_NONE;
    return first;
}

bool labels_dsa(const struct segment *s)
{
    return s->role == ROLE_DSA_GUID ||
           (s->role == ROLE_DSA && memmem(s->label, s->label_len, "GUID", 4));
}

/* The open record ends in front of a line. */
static bool ends_before(const struct reader *r, const struct line *line,
                        const struct segment *first)
{
    const struct record *open = &r->record;
    bool begun = (open->event && !record_has_target(open)) || /* Splunk's EventType */
                 (open->when && r->at - r->began == 1);       /* its stamp */
    if (first->role == ROLE_START && !begun && !r->depth)
        return true;
    if ((is_complete(open) && is_stamp(line)) || (first->role != ROLE_NONE && repeats(r, first)))
        return true;
    if (r->depth)
        return false;
    return r->blank && is_complete(open);
}

/* Two different DSAs: the paragraph has two records. */
static bool differs(const struct record *a, const struct record *b)
{
    struct found_dn x, y;
    if (a->other_entry && !b->msdcs && !b->other_entry)
        return false;
    if (a->has_guid && b->has_guid)
        return !guid_equal(&a->guid, &b->guid);
    if (a->dn && b->dn)
        return dn_scan(a->dn, &x) && dn_scan(b->dn, &y) &&
               !same_text((struct slice){a->dn, x.len}, (struct slice){b->dn, y.len});
    return false;
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
static void put_syslog_host(struct reader *r, const struct line *line)
{
    static struct pattern stamp = {.text = "(<[^>]{0,4})?[>1 ]*[^:]{0,19}:..:[^ \t]*[ \t]+"};
    bool event = r->record.event || strstr(line->text, "ActiveDirectory_DomainService");
    size_t len = event ? pattern_length(&stamp, line->text, line->len) : 0;
    struct slice host = {line->text + len, strcspn(line->text + len, " \t")};
    if (len && memchr(host.at, '.', host.len))
        put_piece(r, line, ROLE_REPORTER_WEAK, host);
}

static void paragraph_line(struct reader *r, const struct line *line)
{
    struct record plain = {.line = line->number}, *open = &r->record;
    struct writer w = {.record = &plain, .pending = r->writer.pending};
    const char *end = line->text + line->len;
    bool logged = is_logged_line(line);
    if (logged)
        open_record(r, RECORD_PROSE, line->number);
    if (record_has_target(open)) {
        write_line(&w, line->text, line->text, end, line->number);
        if (differs(open, &plain))
            open_record(r, RECORD_PROSE, line->number);
    }
    write_line(&r->writer, line->text, line->text, end, line->number);
    put_event_id(open, line->text, end, true);
    put_syslog_host(r, line);
    if (logged)
        close_record(r);
}

static void plain_line(struct reader *r, const struct line *line)
{
    const char *end = line->text + line->len;
    struct segment first = first_label(line);
    if (r->open && ends_before(r, line, &first))
        close_record(r);
    if ((labels_dsa(&first) && dsa_line(r, line)) || (r->open && r->record.kind == RECORD_REPORT))
        return;
    if (!r->open)
        open_record(r, RECORD_PROSE, line->number);
    if (r->record.kind == RECORD_PROSE && !r->record.event && !r->depth)
        paragraph_line(r, line);
    else
        write_line(&r->writer, line->text, line->text, end, line->number);
    r->blank = false;
}

/* A blank line ends a paragraph, but not an event, nor what has only half of one yet. */
static void blank_line(struct reader *r)
{
    const struct record *record = &r->record;
    const struct slice *labels = r->writer.labels;
    bool twice = r->blank, whole = is_complete(record), target = record_has_target(record);
    bool event = record->kind == RECORD_EVENT || record->event;
    if (!r->open)
        return;
    if (r->depth) {
        if (whole && !event) /* of several lists in one string */
            close_record(r);
        return;
    }
    r->blank = true;
    bool half = (record->place.line && !target) || labels[ROLE_MESSAGE].at ||
                labels[ROLE_START].at || (labels[ROLE_DSA].at && !record->has_code) ||
                (labels[ROLE_ERROR].at && !target && !twice);
    if (record->kind == RECORD_PARTNER ? whole || (record->has_code && !record->code)
                                       : record->kind == RECORD_PROSE && !event && !half)
        close_record(r);
}

/* --- the way of a line --- */

static void find_damage(struct records *records, const struct line *line)
{
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

static void mark_line(struct reader *r, const struct line *line)
{
    r->table.columns = 0;
    if (*line->text == TEXT)
        open_text(r, line);
    else if (*line->text == TEXT_END)
        close_text(r);
    else if (*line->text == DOCUMENT)
        open_document(r, line);
    else
        close_document(r);
}

static void read_line(struct reader *r)
{
    const struct line *line = &r->page->lines[r->at];
    struct record row;
    bool is_row, mark = *line->text >= TEXT && *line->text <= DOCUMENT_END;
    if (!mark) {
        find_damage(r->records, line);
        if (table_line(&r->table, r->page, &r->at, r->owned, &row, &is_row)) {
            if (!r->depth)
                close_record(r);
            if (is_row)
                records_add(r->records, &row);
            return;
        }
    }
    r->at++;
    if (mark)
        mark_line(r, line);
    else if (line->len == 0)
        blank_line(r);
    else if (!attempt_line(r, line) && !head_line(r, line) && !format_line(r, line))
        plain_line(r, line);
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
