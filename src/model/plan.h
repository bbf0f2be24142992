/* The only thing that can be written: one change of serverReference on one server object, with the
 * old and the new value. Preview, LDIF, journal, apply, verify and undo all read the same plan.
 *
 *   draft -> frozen (shown) -> confirmed (the name was typed) -> applied -> verified
 *
 * The struct is open for reading; only the functions here move its state. */
#ifndef DCMEND_PLAN_H
#define DCMEND_PLAN_H

#include "src/base/str.h"
#include "src/model/dn.h"
#include "src/model/facts.h"
#include "src/model/guid.h"
#include "src/model/verdict.h"

#include <stdbool.h>

enum plan_state {
    PLAN_DRAFT,
    PLAN_FROZEN,
    PLAN_CONFIRMED,
    PLAN_SENT, /* handed to write.c; never sent again, whatever happened */
    PLAN_APPLIED,
    PLAN_VERIFIED
};

enum { PLAN_DIGITS = 8 }; /* of a GUID, typed instead of a name */

struct plan {
    enum plan_state state;
    bool undo;            /* the inverse of a journalled change: not judged by evidence */
    char *undo_of;        /* journal id of the change that is undone; NULL */
    char *redoes;         /* that one was an undo itself: of this change, made again now; NULL */
    char *host;           /* the DC to be written, as connected */
    struct guid host_dsa; /* its NTDS Settings GUID: must still be the one that answers */
    char *forest;
    struct guid dsa_guid; /* N */
    struct guid object;   /* S */
    char *object_dn;
    char *name; /* S's cn, the mark cut off */
    char *site;
    struct dn_link old;   /* dn NULL: absent */
    struct dn_link new;   /* dn NULL: remove the value (undo only) */
    bool replace;         /* the old value dangles and the server cannot match it: no lock */
    bool account_known;   /* B14: the written DC, or its own catalog, knows the account by its GUID
                           */
    bool account_checked; /* it holds the account's domain: the back link shows there too */
    char *holders; /* DCs that hold the account's domain, where the written one does not; NULL */
    char *identity;
    char *ticket;        /* the operator's reference; NULL */
    char *prompt;        /* what must be typed: NAME, SITE\NAME or the GUID's first 8 digits */
    char *second_prompt; /* the account's name (or digits), where one is asked for; NULL */
    bool first_typed;    /* the first of two confirmations was given */
    enum verdict_kind verdict; /* what was judged when the plan was made ... */
    enum level confidence;     /* ... how sure it was of the account ... */
    struct findings evidence;  /* ... and on what proof */
};

/* A draft of the proposed repair. The verdict must be writable; NULL otherwise. */
struct plan *plan_new(const struct facts *facts, const struct verdict *verdict, const char *ticket);
/* A draft for undo: empty but for the flag; the caller fills the open fields before freezing. */
struct plan *plan_new_undo(void);
void plan_free(struct plan *plan);
struct plan *plan_copy(const struct plan *plan);

/* How the confirmation text is chosen: by name where it is unique and can be typed here. A name
 * that cannot be typed anywhere (text_is_typeable) makes it the digits in any case; the second
 * one's are those of the account's GUID. */
enum plan_prompt { PROMPT_NAME, PROMPT_SITE_NAME, PROMPT_GUID };
void plan_set_prompt(struct plan *plan, enum plan_prompt how);

/* Draft -> frozen. From here on no field changes. */
void plan_freeze(struct plan *plan);
/* True when the typed text is right (ASCII and Unicode case ignored, nothing else). Frozen ->
 * confirmed; with a second prompt the first call only notes it and the second confirms. A wrong
 * text changes nothing. False as well when the plan is not frozen. */
bool plan_confirm(struct plan *plan, const char *typed);
const char *plan_wanted(const struct plan *plan); /* the text that the next confirm must match */
bool plan_is_confirmed(const struct plan *plan);

/* Confirmed -> sent: write.c calls it before the request leaves. False when not confirmed. */
bool plan_mark_sent(struct plan *plan);
void plan_mark_applied(struct plan *plan);  /* from sent */
void plan_mark_verified(struct plan *plan); /* from sent or applied */

#endif
