/* The reading of all facts about one DSA on one DC, in few turns (design.md: at most 6 beside the
 * bind's own, the rootDSE read included). */
#ifndef DCMEND_GATHER_H
#define DCMEND_GATHER_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"
#include "src/model/subject.h"

/* Blocks (network): a worker's call. Reads N by <GUID=> with show-deleted (or by DN / name when the
 * subject has no GUID: ambiguous names end in ERR_OPERATOR that lists them), S, the link's target,
 * the candidate accounts of D, twins, successors, the DSAs that SPNs name, B14, rights, the DC's
 * options. On success facts is filled (what could not be read says so in its parts); on error it is
 * empty. `subject` and `which` give the destination and B13. */
struct err *gather(struct session *session, const struct subject *subject, size_t which,
                   struct facts *facts);

#endif
