/* Everything that is read for one DSA before it is judged: the DC's own copy (directory/gather), the
 * DSA's name in DNS, and what the subject says of the place. */
#ifndef DCMEND_INSPECT_H
#define DCMEND_INSPECT_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"
#include "src/model/subject.h"

/* Blocks (network, DNS): a worker's call. picked: the operator chose this DSA among several (B13 then
 * holds only for a hypothesis beside an event's GUID). As gather() otherwise. */
struct err *inspect(struct session *session, const struct subject *subject, size_t which,
                    bool picked, struct facts *facts);

#endif
