/* The replication links that name one DSA, read again: so that the Report can say when the error
 * has gone. One turn. */
#ifndef DCMEND_WATCH_H
#define DCMEND_WATCH_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"

struct watch {
    struct guid dsa;
    enum part part;
    struct facts_link *links; /* those that name it */
    size_t count;
};
/* Blocks (network): a worker's call. The error is one that ends the connection, or a cancel. */
struct err *watch_read(struct session *session, const struct guid *dsa, struct watch *out);
void watch_release(struct watch *watch);
/* Puts the links in the place of those that the facts hold. */
void watch_merge(struct watch *watch, struct facts *facts);

#endif
