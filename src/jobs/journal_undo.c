/* What was undone, and what still may be. An undo is a change of its own and stands in the journal
 * like any other; a change that was undone is not undone again, it is made again by taking the undo
 * back. */
#include "src/jobs/journal.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>

enum { NESTED_MOST = 50 }; /* undo of an undo of ...: names in files may lead in a circle */

static bool was_made(const struct journal_entry *entry)
{
    return !entry->problem && (entry->state == JOURNAL_APPLIED || entry->state == JOURNAL_VERIFIED);
}

static const struct journal_entry *undone_by(const struct journal_list *list, const char *id,
                                             int nested)
{
    for (size_t i = 0; id && i < list->count; i++) {
        const struct journal_entry *entry = &list->items[i];
        if (was_made(entry) && str_same(entry->undo_of, id) &&
            (nested == 0 || !undone_by(list, entry->id, nested - 1)))
            return entry;
    }
    return NULL;
}

const struct journal_entry *journal_undone_by(const struct journal_list *list,
                                              const struct journal_entry *entry)
{
    return undone_by(list, entry->id, NESTED_MOST);
}

static struct err *undone_already(const char *id, const struct journal_entry *by)
{
    return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "%s was undone already, by %s.", id, by->id),
                    "\"dcmend undo %s\" makes that change again; \"dcmend log\" lists them all.",
                    by->id);
}

static const char *state_mark(const struct journal_list *list, const struct journal_entry *entry)
{
    if (entry->busy)
        return ", being worked on";
    if (journal_undone_by(list, entry))
        return ", undone";
    return entry->undo_of ? ", an undo" : "";
}

char *journal_state_words(const struct journal_list *list, const struct journal_entry *entry)
{
    if (entry->problem)
        return mem_text(entry->problem);
    return str_format("%s%s", journal_state_name(entry->state), state_mark(list, entry));
}

struct err *journal_undo_entry(const struct journal_list *list, const struct journal_entry *entry,
                               struct plan **plan)
{
    const struct journal_entry *by = journal_undone_by(list, entry);
    *plan = NULL;
    return by ? undone_already(entry->id, by) : journal_entry_undo_plan(entry, plan);
}

struct err *journal_undo(const char *name, struct plan **plan)
{
    struct journal_list list;
    struct journal_entry entry;
    *plan = NULL;
    err_free(
        journal_list(&list)); /* a file elsewhere needs no journal; to write, it is asked again */
    struct err *err = journal_read(name, &entry);
    if (!err)
        err = journal_undo_entry(&list, &entry, plan);
    journal_entry_release(&entry);
    journal_list_release(&list);
    return err;
}
