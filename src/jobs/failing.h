/* The partners that a DC replicates with, those that fail with 8589 first: so that an operator
 * without an event's text can pick one. Two turns, nothing else is read. */
#ifndef DCMEND_FAILING_H
#define DCMEND_FAILING_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* One DSA; its worst link speaks for it (8589, then any other error, then the most failures). */
struct failing_partner {
    struct guid dsa;
    char *dn;   /* of its NTDS Settings object; NULL: this DC does not know it */
    char *name; /* the server object's, without a mark; else what the link called it */
    char *site; /* NULL: not known */
    bool deleted, inbound, outbound;
    size_t contexts; /* naming contexts whose link ended with `result` */
    int32_t result;
    uint32_t failures;
    time_t last_attempt, last_success; /* 0: never or not known */
};

struct failing {
    enum part part;                   /* PRESENT; DENIED: no right to see it; NO_ANSWER */
    struct failing_partner *partners; /* 8589, other errors, the others; by name within these */
    size_t count;
    size_t with_8589; /* how many of the first */
};

/* Blocks (network): a worker's call. The error is one that ends the connection, or a cancel. */
struct err *failing_read(struct session *session, struct failing *out);
void failing_release(struct failing *failing);

#endif
