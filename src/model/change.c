/* A change is at most two steps on one attribute. The old value stands in the request itself, which
 * is the lock: a DC that holds anything else refuses. Only "replace" has no lock, and only a plan
 * that says so gets it. */
#include "src/model/change.h"

const char *change_how_name(enum change_how how)
{
    static const char *const names[] = {
        [CHANGE_ADD] = "add", [CHANGE_DELETE] = "delete", [CHANGE_REPLACE] = "replace"};
    return names[how];
}

static void push(struct change *change, enum change_how how, const char *value)
{
    if (value)
        change->steps[change->count++] = (struct change_step){how, value};
}

struct change change_of(const struct plan *plan)
{
    struct change change = {.count = 0};
    if (plan->replace && plan->old.dn) {
        push(&change, CHANGE_REPLACE, plan->new.dn);
    } else if (!plan->replace) {
        push(&change, CHANGE_DELETE, plan->old.dn);
        push(&change, CHANGE_ADD, plan->new.dn);
    }
    return change;
}

struct change change_inverse(const struct plan *plan)
{
    struct change change = {.count = 0};
    push(&change, CHANGE_DELETE, plan->new.dn);
    if (!plan->replace)
        push(&change, CHANGE_ADD, plan->old.dn);
    return change;
}
