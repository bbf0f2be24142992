/* What a plan means as one LDAP modify, and as its inverse. The request, the LDIF, the journal and
 * the undo are all made from this, so they cannot disagree. */
#ifndef DCMEND_CHANGE_H
#define DCMEND_CHANGE_H

#include "src/model/plan.h"

#include <stddef.h>

#define CHANGE_ATTRIBUTE "serverReference"

enum change_how { CHANGE_ADD, CHANGE_DELETE, CHANGE_REPLACE };
const char *change_how_name(enum change_how how); /* "add", ... as in LDIF */

/* In the order in which they are sent: delete before add (add first is refused: result 20). */
struct change {
    struct change_step {
        enum change_how how;
        const char *value; /* borrowed from the plan; never NULL */
    } steps[2];
    size_t count; /* 0: the plan makes no sense as a change */
};

/* absent -> add; a value -> delete exactly it, add the new one; no new value -> delete alone; a
 * dangling value that the server cannot match -> replace. */
struct change change_of(const struct plan *plan);
/* The way back. A replaced dangling value cannot come back: its inverse is the removal alone. */
struct change change_inverse(const struct plan *plan);

#endif
