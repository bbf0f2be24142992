/* Carrying out a confirmed plan: everything is read again and compared with what was shown, the
 * undo goes to disk, one modify is sent, and the value is read back by GUID on the same DC. */
#ifndef DCMEND_APPLY_H
#define DCMEND_APPLY_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"
#include "src/model/plan.h"
#include "src/model/report.h"
#include "src/model/subject.h"

#include <stddef.h>

/* All may be NULL. Called from the worker's thread. */
struct apply_hooks {
    /* After each step has begun or ended; the report is borrowed. */
    void (*progress)(void *context, const struct apply_report *report);
    /* Reads what gather() does not, and the verdict rests on: other DCs' copies, the live proof. */
    struct err *(*complete)(void *context, struct session *session, struct facts *facts);
    void *context;
};

/* Blocks (network, disk): a worker's call. The report was initialised by the caller, who may have
 * set journal_id (from journal_new_id(), shown on Confirm) and first_identity; it is filled in any
 * case. NULL: verified. Otherwise report->state says how far it came; report->err is a copy of the
 * error. ERR_CHANGED: something is no longer as shown (report->differences), nothing was sent.
 * ERR_JOURNAL: the undo could not be written, nothing was sent. ERR_LOST or ERR_TIMED_OUT with
 * APPLY_UNKNOWN: apply_verify() on a new session. Up to the modify it can be called off
 * (ERR_CANCELLED). An undo plan is not judged by evidence; connection, rights and the exact old
 * value are checked. subject NULL: the plan's DSA by its GUID. */
struct err *apply(struct session *session, struct plan *plan, const struct subject *subject,
                  size_t which, struct apply_report *report, const struct apply_hooks *hooks);

/* Blocks (network, disk): a worker's call. Settles an unknown or unverified change: reads the value
 * on the DC that was written, through any good session with it, and adds the outcome to the journal
 * entry (report->journal_id). plan: the one applied, or journal_entry_plan()'s. NULL: the report
 * says APPLY_VERIFIED or APPLY_NOT_APPLIED. ERR_CHANGED: another DC answers (nothing is concluded),
 * or a third value is there now. ERR_TIMED_OUT: the DC had fallen silent, and the old value proves
 * nothing yet; the entry stays unknown. */
struct err *apply_verify(struct session *session, struct plan *plan, struct apply_report *report);

#endif
