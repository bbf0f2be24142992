/* Shared by copies.c (which DCs, and how many at a time), copies_ask.c (one DC), copies_merge.c and
 * inspect.c. */
#ifndef DCMEND_COPIES_PARTS_H
#define DCMEND_COPIES_PARTS_H

#include "src/jobs/copies.h"

/* What a thread takes with it: nothing in it is shared. */
struct copy_errand {
    struct guid server;
    struct copy_asked dc;
    int each_ms;
    bool ran;
};

/* Blocks (DNS, Kerberos, network): a thread's own call. Fills errand->dc's answer. */
void copy_ask(struct copy_errand *errand, struct cancel *cancel);

/* A machine proved that it runs as this DSA under this ldapServiceName: what that says of each
 * account (E3). */
void copies_take_live(struct facts *facts, const struct guid *runs_as, const char *service);

#endif
