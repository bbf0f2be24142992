/* Shared by apply.c, apply_check.c and apply_verify.c. */
#ifndef DCMEND_APPLY_PARTS_H
#define DCMEND_APPLY_PARTS_H

#include "src/jobs/apply.h"
#include "src/jobs/journal.h"

#include <stdbool.h>
#include <stdint.h>

struct run {
    struct session *session;
    struct plan *plan;
    const struct subject *subject;
    size_t which;
    struct apply_report *report;
    const struct apply_hooks *hooks; /* may be NULL */
    struct journal *journal;
    struct journal_proof *proof;
    char *login;
    bool already;                   /* the value is the new one before anything was sent */
    int64_t step_began, look_began; /* milliseconds, monotonic */
};

void run_begin(struct run *run, enum apply_step_kind kind);
/* Ends the step begun last. text is taken over; NULL allowed. */
void run_end(struct run *run, enum apply_outcome outcome, char *text);

/* The server object as it is now on the session's DC. */
struct reading {
    enum part part; /* ABSENT: no such object; PRESENT: the rest is valid */
    bool is_server;
    char *dn;
    enum part value; /* ABSENT is proven: other attributes of the same read came back */
    struct dn_link link;
    bool rights_known, may_write;
};
void reading_release(struct reading *reading);
/* Blocks (network). One turn. */
struct err *apply_read_object(struct session *session, const struct guid *object,
                              struct reading *out);
/* Blocks (network). Who answers: its dsServiceName by GUID. ERR_CHANGED when it is not `want`. */
struct err *apply_check_dc(struct session *session, const struct plan *plan,
                           struct apply_report *report, bool *read_only);
bool link_is(const struct dn_link *a, const struct dn_link *b); /* by GUID where both have one */

/* apply_check.c: reads all again and compares; differences are in the report. */
struct err *apply_check(struct run *run);
void apply_differs_guid(struct apply_report *report, const char *what, const struct guid *shown,
                        const struct guid *found);
/* apply_judge.c: the verdict of now against the one of the plan. */
void apply_compare_verdict(struct run *run, const struct facts *facts);
extern const char apply_right[]; /* what differs where only the right is missing */
/* The last look before a replacement without a lock. */
struct err *apply_last_look(struct run *run);
/* apply_verify.c: value and back link on the session's DC. NULL: as meant. */
struct err *apply_read_back(struct run *run);
void apply_keep_value(struct run *run, const struct reading *now); /* in the report */
char *apply_value_text(const struct apply_report *report);         /* of what was kept; owned */
void apply_note_value(struct run *run); /* a value that is not as meant, as a difference */

/* apply_refusal.c: reads the value once more after a no of the DC, which is taken over. NULL: the
 * change is there all the same (APPLY_APPLIED). Else the state is APPLY_REFUSED, and the error says
 * what is there, or APPLY_UNKNOWN (ERR_LOST). */
struct err *apply_after_refusal(struct run *run, struct err *refusal);

#endif
