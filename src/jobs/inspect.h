/* Everything that is read for one DSA before it is judged: the DC's own copy (directory/gather),
 * the DSA's name in DNS, the accounts of its domain, and then what other DCs hold. */
#ifndef DCMEND_INSPECT_H
#define DCMEND_INSPECT_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"
#include "src/model/subject.h"

/* Blocks (network, DNS): a worker's call. As gather(), and the accounts of a domain that this DC
 * does not hold, with a second DC's word on them (second_word.h) and its own catalog's. picked: the
 * operator chose this DSA among several (B13 then holds only for a hypothesis beside an event's
 * GUID). Other DCs' copies are listed, not read. successor: as gather(). */
struct err *inspect(struct session *session, const struct subject *subject, size_t which,
                    bool picked, struct facts *facts, struct facts *successor);

/* Blocks (DNS, Kerberos, network), 10 s where DCs do not answer: a worker's call. Reads the copies
 * that are listed (jobs/copies), and the accounts that they name. source: --source, or NULL. */
struct err *inspect_copies(struct session *session, const char *source, struct facts *facts);

/* Both, one after the other: all that `dcmend diagnose` judges. */
struct err *inspect_full(struct session *session, const struct subject *subject, size_t which,
                         bool picked, const char *source, struct facts *facts,
                         struct facts *successor);

/* After copies_merge(): accounts that a copy names and that nobody has read yet, so that they are
 * judged too. Blocks (network). */
struct err *inspect_follow(struct session *session, struct facts *facts);

/* struct apply_hooks' `complete`: after gather(), what inspect_full() reads beyond it. context:
 * --source as const char *, or NULL. */
struct err *inspect_complete(void *context, struct session *session, struct facts *facts);

#endif
