/* The journal's word that the undo of one plan is on disk. Only jobs/journal_write.c makes one (a
 * lint test on the symbols of each object holds that), only directory/write.c asks for it. */
#ifndef DCMEND_PROOF_H
#define DCMEND_PROOF_H

#include "src/model/plan.h"

#include <stdbool.h>

struct journal_proof;

struct journal_proof *journal_proof_new(const struct plan *plan);
void journal_proof_free(struct journal_proof *proof); /* NULL is fine */

/* True when the proof was given for this very change: DC, object, old and new value, and the way it
 * is sent. NULL is no proof. */
bool journal_proof_is_of(const struct journal_proof *proof, const struct plan *plan);

#endif
