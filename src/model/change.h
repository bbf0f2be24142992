/* What a plan means as one LDAP modify, and as its inverse. The request, the LDIF, the journal and
 * the undo are all made from this, so they cannot disagree. */
#ifndef DCMEND_CHANGE_H
#define DCMEND_CHANGE_H

#include "src/model/plan.h"

#include <stdbool.h>
#include <stddef.h>

#define CHANGE_ATTRIBUTE "serverReference"

enum change_how { CHANGE_ADD, CHANGE_DELETE, CHANGE_REPLACE };
const char *change_how_name(enum change_how how); /* "add", ... as in LDIF */

/* In the order in which they are sent: delete before add (add first is refused: result 20). */
struct change {
    struct change_step {
        enum change_how how;
        const struct dn_link *link; /* borrowed from the plan; its dn is never NULL */
        bool by_guid;               /* the value is "<GUID=..>", not the DN */
    } steps[2];
    size_t count; /* 0: the plan makes no sense as a change */
};
enum { CHANGE_VALUE = sizeof "<GUID=>" + GUID_TEXT };
/* What is sent for it: the DN, or "<GUID=dashed>", written into the buffer (MS-ADTS 3.1.1.3.1.2.4).
 */
const char *change_value(const struct change_step *step, char buffer[CHANGE_VALUE]);

/* absent -> add; a value -> delete exactly it, add the new one; no new value -> delete alone; a
 * dangling value that the server cannot match -> replace. The new value is its GUID where that is
 * known: a DN would bind whatever object the DC knows by that name, a dead one too. */
struct change change_of(const struct plan *plan);
/* The way back, in DNs. A replaced dangling value cannot come back: its inverse is the removal
 * alone. */
struct change change_inverse(const struct plan *plan);

#endif
