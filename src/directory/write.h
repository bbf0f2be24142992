/* The one place from which the directory is changed: a single modify of serverReference on one
 * server object. Everything else in the program can only read. */
#ifndef DCMEND_WRITE_H
#define DCMEND_WRITE_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/plan.h"

/* What the journal hands out once the undo is on disk (model/proof.h). */
struct journal_proof;

/* Blocks (network): a worker's call; never cancelled. Refuses (ERR_INTERNAL) a plan that is not
 * confirmed and a proof that is not of this plan. Makes at most one modify: absent -> add; a value
 * -> delete exactly it and add, in one request; a dangling value the server cannot match (plan says
 * so and was confirmed twice) -> replace. The new value goes out as "<GUID=..>"; only to a DC that
 * refuses this form (21) and knows the same object by the DN, as the DN. A read-only session
 * refuses before anything is sent. ERR_LOST: the connection ended before the answer, ERR_TIMED_OUT:
 * the DC fell silent; the state is unknown. ERR_OCCUPIED, ERR_CHANGED, ERR_NO_RIGHT,
 * ERR_UNKNOWN_TARGET, ERR_REFERRAL, ERR_CONSTRAINT explain refusals (domain.md section 6). */
struct err *write_reference(struct session *session, struct plan *plan,
                            const struct journal_proof *proof);

/* A refusal that is about the account which the new value names: which DCs could make the change is
 * said where it is known. Takes refusal over. */
struct err *write_unknown_target(struct err *refusal, const char *host, const struct plan *plan);

#endif
