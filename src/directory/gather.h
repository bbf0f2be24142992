/* The reading of all facts about one DSA on one DC, in few turns (design.md: at most 6 beside the
 * bind's own, with the rootDSE, which session_open() reads): 4 when the GUID is given, 5 when only
 * a name is. */
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
 * empty. `subject` and `which` give the destination and B13. successor (NULL: not wanted): of a
 * deleted N the DSA that facts->successors names first, read in at most three more turns; its
 * dsa.part is not PART_PRESENT where there is none. The caller releases it in any case. */
struct err *gather(struct session *session, const struct subject *subject, size_t which,
                   struct facts *facts, struct facts *successor);

/* The accounts of D when the judged DC holds no copy of it: they stand at PART_NO_ANSWER after
 * gather() and gather_wants_accounts() is true. `other` is a DC of D, or a catalog (its port). Adds
 * to the accounts by GUID and looks up the link's target where `other` can. Then gather_links() on
 * the judged DC's session completes them. Blocks (network), 2 turns; the error is one that ends the
 * connection, all else is in accounts_part and accounts_why. */
bool gather_wants_accounts(const struct facts *facts);
struct err *gather_accounts(struct session *other, struct facts *facts);

/* The object that the present value names, where the judged DC holds no copy of its domain: `other`
 * is a DC of that domain, or a catalog. Blocks (network), 1 turn. */
bool gather_wants_target(const struct facts *facts);
struct err *gather_target(struct session *other, struct facts *facts);

/* One account that another copy of the link names, read where its domain is held; 1 turn. *part:
 * ABSENT only from a DC that holds its domain. */
struct err *gather_account(struct session *session, struct facts *facts, const struct dn_link *link,
                           enum part *part);

/* gather() adds the other DCs whose copies are worth reading, at most 16 (the DC that logged the
 * error, N's own machine, the judged DC's inbound partners, its site, its PDC), as copies not asked
 * for (jobs/copies.h asks). This adds all others of the forest: one paged search. Blocks (network).
 */
struct err *gather_all_partners(struct session *session, struct facts *facts);

/* What the judged DC knows of accounts that were added later: the DSAs that their SPNs name, the
 * servers that hold them, and B14. Asks only what is not known yet; 1 turn at most. */
struct err *gather_links(struct session *session, struct facts *facts);

#endif
