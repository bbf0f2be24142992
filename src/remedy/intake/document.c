/* Documents (JSON, XML): an object is a record, what is listed in it are records of their own, and
 * what it says of who reports holds for them. */
#include "src/remedy/intake/reader.h"

#include "src/base/str.h"
#include "src/remedy/intake/codes.h"

#include <string.h>

void open_document(struct reader *r, const struct line *line)
{
    if (!r->depth)
        close_record(r);
    if (r->depth >= MAX_DEPTH)
        return;
    struct open_document *outer = &r->documents[r->depth++];
    outer->record = r->record;
    outer->writer = r->writer;
    r->open = false;
    open_record(r, RECORD_PROSE, line->number);
    outer->first = r->records->count;
    r->record.outbound = str_find_case(line->text + 1, "repsTo");
    if (r->record.outbound || str_find_case(line->text + 1, "repsFrom")) {
        r->record.kind = RECORD_PARTNER;
        r->record.source = SUBJECT_SAMBA_SHOWREPL;
    } else if (str_find_case(line->text + 1, "Connections")) {
        r->record.kind = RECORD_REPORT;
    }
    r->here = (struct place){.line = 0};
}

/* What an object says of one that is listed in it: who reports. An event's DSA may be there. */
static void share(struct record *outer, struct record *inner)
{
    struct record event = *outer;
    if (!inner->place.line && !outer->place.weak)
        inner->place = outer->place;
    if (outer->kind != RECORD_EVENT || record_has_target(outer) || inner->event ||
        !record_has_target(inner))
        return;
    *outer = *inner;
    *inner = (struct record){.kind = RECORD_REPORT, .line = inner->line};
    outer->kind = RECORD_EVENT;
    outer->event = event.event;
    outer->place = event.place;
    if (event.has_code)
        record_put_code(outer, event.code);
}

void close_document(struct reader *r)
{
    if (!r->depth)
        return;
    struct open_document *outer = &r->documents[--r->depth];
    if (r->open) {
        finish_record(&r->writer);
        for (size_t i = outer->first; i < r->records->count; i++)
            share(&r->record, &r->records->items[i]);
        close_record(r);
    }
    if (r->depth) {
        r->record = outer->record;
        r->writer = outer->writer;
        r->writer.record = &r->record;
        r->open = true;
    }
}

void open_text(struct reader *r, const struct line *line)
{
    if (r->floor || !r->depth || r->depth >= MAX_DEPTH)
        return;
    open_document(r, line); /* the document waits */
    r->floor = r->depth;
    r->depth = 0;
    r->open = false;
}

void close_text(struct reader *r)
{
    if (!r->floor)
        return;
    close_record(r);
    r->depth = r->floor;
    r->floor = 0;
    r->open = false;
    close_document(r);
}
