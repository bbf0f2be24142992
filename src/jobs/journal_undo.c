/* Which change an undo is about. An undo is a change of its own and stands in the journal like any
 * other; without a name it is never taken back by itself (undone twice is no redo), and a change
 * that was undone is not undone again. Taking an undo back is asked for by its name. */
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

static struct err *is_an_undo(const struct journal_entry *entry)
{
    return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "The newest change, %s, is the undo of %s.",
                            entry->id, entry->undo_of),
                    "\"dcmend undo %s\" makes that change again; for an older one give its name "
                    "(\"dcmend log\").",
                    entry->id);
}

static const struct journal_entry *newest(const struct journal_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (was_made(&list->items[i]))
            return &list->items[i];
    return NULL;
}

static struct err *plan_of(const struct journal_list *list, const struct journal_entry *entry,
                           struct plan **plan)
{
    const struct journal_entry *by = journal_undone_by(list, entry);
    return by ? undone_already(entry->id, by) : journal_entry_undo_plan(entry, plan);
}

static struct err *undo_newest(const struct journal_list *list, struct plan **plan)
{
    const struct journal_entry *entry = newest(list);
    if (!entry)
        return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "The journal holds no change to undo."),
                        "\"dcmend log\" lists what was done.");
    return entry->undo_of ? is_an_undo(entry) : plan_of(list, entry, plan);
}

static struct err *undo_named(const struct journal_list *list, const char *name, struct plan **plan)
{
    struct journal_entry entry;
    struct err *err = journal_read(name, &entry);
    if (!err)
        err = plan_of(list, &entry, plan);
    journal_entry_release(&entry);
    return err;
}

struct err *journal_undo(const char *name, struct plan **plan)
{
    struct journal_list list;
    *plan = NULL;
    struct err *err = journal_list(&list);
    if (name) {
        err_free(err); /* a file elsewhere needs no journal; to write, it is asked for again */
        err = undo_named(&list, name, plan);
    } else if (!err) {
        err = undo_newest(&list, plan);
    }
    journal_list_release(&list);
    return err;
}
