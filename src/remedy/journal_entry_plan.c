/* From a journal entry back to a plan: the same one, to be verified, or its inverse. */
#include "src/remedy/journal_entry.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

static struct plan *common(const struct journal_entry *entry)
{
    struct plan *plan = plan_new_undo();
    plan->host = mem_text(entry->dc);
    plan->host_dsa = entry->dc_guid;
    plan->forest = mem_text(entry->forest);
    plan->dsa_guid = entry->dsa_guid;
    plan->object = entry->object;
    plan->object_dn = mem_text(entry->object_dn);
    plan->name = mem_text(entry->name ? entry->name : "");
    plan->site = mem_text(entry->site);
    plan->account_checked = entry->account_checked;
    return plan;
}

static enum verdict_kind verdict_of(const struct journal_entry *entry)
{
    for (int kind = 0; kind < VERDICT_KINDS; kind++)
        if (str_same(entry->verdict, verdict_name((enum verdict_kind)kind)))
            return (enum verdict_kind)kind;
    return VERDICT_UNPROVEN;
}

static struct err *unusable(const struct journal_entry *entry)
{
    const char *id = entry->id ? entry->id : "The journal entry";
    return err_next(
        err_new(ERR_OPERATOR, ERR_JOURNAL, "%s cannot be used: %s.", id, entry->problem),
        "Choose another entry; \"dcmend log\" lists them.");
}

struct err *journal_entry_plan(const struct journal_entry *entry, struct plan **out)
{
    *out = NULL;
    if (entry->problem)
        return unusable(entry);
    struct plan *plan = common(entry);
    plan->undo = entry->undo_of != NULL;
    plan->undo_of = mem_text(entry->undo_of);
    plan->identity = mem_text(entry->identity);
    plan->ticket = mem_text(entry->ticket);
    plan->verdict = verdict_of(entry);
    plan->replace = entry->replace;
    dn_link_copy(&plan->old, &entry->old);
    dn_link_copy(&plan->new, &entry->new);
    *out = plan;
    return NULL;
}

/* NULL, or why there is nothing to take back. A refused change is not in the directory. */
static const char *not_undoable(const struct journal_entry *entry)
{
    if (entry->busy)
        return "a running dcmend is at work on it";
    if (entry->state == JOURNAL_REFUSED)
        return "that change was refused, so there is nothing to take back";
    return NULL;
}

struct err *journal_entry_undo_plan(const struct journal_entry *entry, struct plan **out)
{
    *out = NULL;
    if (entry->problem)
        return unusable(entry);
    const char *why = not_undoable(entry);
    if (why)
        return err_next(err_new(ERR_OPERATOR, ERR_JOURNAL, "%s cannot be undone: %s.",
                                entry->id ? entry->id : "The entry", why),
                        "\"dcmend log\" lists the changes and their states.");
    struct plan *plan = common(entry);
    plan->undo_of = mem_text(entry->id ? entry->id : "(a file)");
    plan->redoes = mem_text(entry->undo_of);
    plan->verdict = verdict_of(entry);
    dn_link_copy(&plan->old, &entry->new);
    if (!entry->replace)
        dn_link_copy(&plan->new, &entry->old);
    plan_set_prompt(plan, PROMPT_NAME);
    *out = plan;
    return NULL;
}
