/* What happened when a plan was carried out: each step with its time and outcome, what differed
 * from the screen, what was read back, and how it ended. Filled by jobs/apply, read by the Apply
 * and Report screens and by remedy/transcript. Plain owned data. */
#ifndef DCMEND_REPORT_H
#define DCMEND_REPORT_H

#include "src/base/err.h"
#include "src/model/dn.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define APPLY_STATES(X)                                                                            \
    X(APPLY_NOTHING_SENT, "nothing-sent") /* stopped before the modify left */                     \
    X(APPLY_REFUSED, "refused")           /* the DC answered no; read again, it is not there */    \
    X(APPLY_APPLIED, "applied")           /* the DC answered yes; reading back did not confirm */  \
    X(APPLY_VERIFIED, "verified")         /* read back by GUID on the same DC */                   \
    X(APPLY_UNKNOWN, "unknown")           /* sent, the answer never came: apply_verify() */        \
    X(APPLY_NOT_APPLIED, "not-applied")   /* an unknown one, settled: the change is not there */

enum apply_state {
#define X(id, name) id,
    APPLY_STATES(X)
#undef X
};
const char *apply_state_name(enum apply_state state);

#define APPLY_STEPS(X)                                                                             \
    X(STEP_READ_AGAIN, "read everything again")                                                    \
    X(STEP_COMPARE, "compare with what was shown")                                                 \
    X(STEP_JOURNAL, "write the journal")                                                           \
    X(STEP_LAST_LOOK, "read the dangling value once more")                                         \
    X(STEP_MODIFY, "send the change")                                                              \
    X(STEP_READ_BACK, "read the value back")                                                       \
    X(STEP_BACK_LINK, "read the account's back link")

enum apply_step_kind {
#define X(id, name) id,
    APPLY_STEPS(X)
#undef X
};
const char *apply_step_name(enum apply_step_kind kind);

enum apply_outcome { OUTCOME_RUNNING, OUTCOME_OK, OUTCOME_FAILED, OUTCOME_SKIPPED };

struct apply_step {
    enum apply_step_kind kind;
    enum apply_outcome outcome;
    time_t when; /* when it began */
    long ms;     /* how long it took */
    char *text;  /* what came out, in a phrase; may hold raw directory text; NULL */
};

/* One thing that is no longer as it was shown. Texts may hold raw directory text. */
struct apply_difference {
    char *what, *shown, *found;
};

struct apply_report {
    /* May be set before apply(): */
    char *journal_id;     /* the entry's name that Confirm showed; NULL: made by apply() */
    char *first_identity; /* who had signed in before, where another identity writes; NULL */

    enum apply_state state;
    struct apply_step *steps;
    size_t step_count;
    struct apply_difference *differences;
    size_t difference_count;
    char *journal_path;    /* where the undo is kept; NULL until it is on disk */
    char *journal_trouble; /* a state line that could not be added afterwards; NULL */
    char *host;            /* the DC that was written and read back */
    time_t intended;       /* of a journal entry that is being settled; 0: this run's own change */
    time_t sent, answered; /* of the modify; 0: not */
    bool silent;           /* no answer came, and the connection did not end: it may be under way */
    long unlocked_ms;      /* a replace has no lock: from the last look to the request; -1 */
    char *answer;          /* a no of the DC, where the change is there all the same; NULL */
    enum { READ_BACK_NOT, READ_BACK_ABSENT, READ_BACK_VALUE } read_back;
    struct dn_link value; /* the value read back */
    enum {
        HOLDS_UNKNOWN,
        HOLDS_OLD,
        HOLDS_NEW,
        HOLDS_OTHER
    } holds;            /* what that is of the plan's */
    bool offer_undo;    /* what was read back is not what was meant */
    time_t verified_at; /* 0: not */
    struct err *err;    /* what stopped it; NULL */
};

void apply_report_init(struct apply_report *report);
void apply_report_release(struct apply_report *report); /* it is initialised again */
void apply_report_copy(struct apply_report *to, const struct apply_report *from);

struct apply_step *apply_report_step(struct apply_report *report, enum apply_step_kind kind);
void apply_report_differs(struct apply_report *report, const char *what, const char *shown,
                          const char *found);

#endif
