/* Whether a DC that was found by DNS belongs to the forest that is being judged. */
#ifndef DCMEND_MEMBER_H
#define DCMEND_MEMBER_H

#include "src/directory/session.h"

/* Blocks (network): a worker's call, one turn on `session`, whose DC is the judge. NULL: it holds a
 * live DSA with the GUID that `dc` gives as its own, below a server object with the host name that
 * `dc` was asked for under, which Kerberos or its certificate has proven. ERR_NOT_AD: it does not;
 * else what kept it from answering. */
struct err *member_check(struct session *session, const struct server *dc);

#endif
