/* A change is at most two steps on one attribute. The old value stands in the request itself, which
 * is the lock: a DC that holds anything else refuses. Only "replace" has no lock, and only a plan
 * that says so gets it. */
#include "src/model/change.h"

#include <stdio.h>

const char *change_how_name(enum change_how how)
{
    static const char *const names[] = {
        [CHANGE_ADD] = "add", [CHANGE_DELETE] = "delete", [CHANGE_REPLACE] = "replace"};
    return names[how];
}

const char *change_value(const struct change_step *step, char buffer[CHANGE_VALUE])
{
    char guid[GUID_TEXT];
    if (!step->by_guid)
        return step->link->dn;
    (void)snprintf(buffer, CHANGE_VALUE, "<GUID=%s>", guid_text(&step->link->guid, guid));
    return buffer;
}

static void push(struct change *change, enum change_how how, const struct dn_link *link,
                 bool by_guid)
{
    if (link->dn)
        change->steps[change->count++] = (struct change_step){how, link, by_guid};
}

struct change change_of(const struct plan *plan)
{
    struct change change = {.count = 0};
    if (plan->replace && plan->old.dn) {
        push(&change, CHANGE_REPLACE, &plan->new, plan->new.has_guid);
    } else if (!plan->replace) {
        push(&change, CHANGE_DELETE, &plan->old, false);
        push(&change, CHANGE_ADD, &plan->new, plan->new.has_guid);
    }
    return change;
}

struct change change_inverse(const struct plan *plan)
{
    struct change change = {.count = 0};
    push(&change, CHANGE_DELETE, &plan->new, false);
    if (!plan->replace)
        push(&change, CHANGE_ADD, &plan->old, false);
    return change;
}
