/* A plan as LDIF (RFC 2849), for people, for the journal and for ldapmodify; and the reading of
 * such a record. Values that LDIF cannot carry as they are stand in base64, below a comment line
 * that shows them. Pure. */
#ifndef DCMEND_LDIF_H
#define DCMEND_LDIF_H

#include "src/base/str.h"
#include "src/model/change.h"
#include "src/model/plan.h"

#include <stdbool.h>
#include <stddef.h>

void ldif_change(struct str *out, const struct plan *plan);  /* what will be sent */
void ldif_inverse(struct str *out, const struct plan *plan); /* what takes it back */
/* Both for whoever replays it by hand: the inverse stands in comment lines. */
void ldif_both(struct str *out, const struct plan *plan);
/* The same for any change; every line opens with `prefix` ("" or "# "). */
void ldif_add(struct str *out, const char *prefix, const char *dn, const struct change *change);

/* One modify of serverReference by deletion and addition. */
struct ldif_modify {
    char *dn;
    char *removed; /* NULL: nothing is deleted */
    char *added;   /* NULL: nothing is added */
};
void ldif_modify_release(struct ldif_modify *modify);
/* Reads a text whose only live record is such a modify; comment lines are skipped. NULL, or why it
 * is not one (static); *out is empty then. Never follows a file: or other URL. */
const char *ldif_read(const char *text, size_t len, struct ldif_modify *out);

#endif
