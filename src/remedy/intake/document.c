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
    bool nested = r->open;
    outer->record.line = nested ? outer->record.line : 0;
    r->open = false;
    open_record(r, RECORD_PROSE, line->number);
    outer->first = r->records->count;
    if (has_word(line->text + 1, "repsFrom") || has_word(line->text + 1, "repsTo")) {
        r->record.kind = RECORD_PARTNER;
        r->record.source = SUBJECT_SAMBA_SHOWREPL;
        r->record.outbound = has_word(line->text + 1, "repsTo");
    } else if (has_word(line->text + 1, "Connections")) {
        r->record.kind = RECORD_REPORT;
    }
    r->here = (struct place){.line = 0};
}

/* What an outer object says of all that is listed in it: who reports; an event's DSA may be there.
 */
void close_document(struct reader *r)
{
    if (!r->depth)
        return;
    struct open_document *outer = &r->documents[--r->depth];
    struct records *all = r->records;
    struct record *record = &r->record;
    bool was_open = r->open;
    if (was_open) {
        finish_record(&r->writer);
        for (size_t i = outer->first; i < all->count; i++) {
            struct record *inner = &all->items[i];
            if (!inner->place.line && record->place.line && !record->place.weak)
                inner->place = record->place;
            if (record->kind == RECORD_EVENT && !record_has_target(record) && !inner->event &&
                record_has_target(inner)) {
                struct record event = *record;
                *record = *inner;
                record->kind = RECORD_EVENT;
                record->event = event.event;
                record->place = event.place;
                if (event.has_code)
                    record_put_code(record, event.code);
                inner->kind = RECORD_REPORT;
                inner->has_guid = false;
                inner->dn = NULL;
                inner->server = (struct slice){NULL, 0};
            }
        }
        close_record(r);
    }
    if (r->depth) {
        r->record = outer->record;
        r->writer = outer->writer;
        r->writer.record = &r->record;
        r->open = true;
    }
}

/* A string within a document that is a text of its own: the document waits. */
void open_text(struct reader *r, const struct line *line)
{
    if (r->floor || !r->depth || r->depth >= MAX_DEPTH)
        return;
    open_document(r, line);
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
