/* Shared by copies.c (which DCs, and how many at a time), copies_ask.c (one DC), copies_merge.c and
 * inspect.c. */
#ifndef DCMEND_COPIES_PARTS_H
#define DCMEND_COPIES_PARTS_H

#include "src/directory/turn.h"
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

void copy_asked_release(struct copy_asked *dc);
/* The parts of that, for every_dc: signs in as dc->signin says and makes sure of who answers; NULL:
 * dc->state and why tell the reason. */
struct session *copy_open(struct copy_asked *dc, int each_ms, struct cancel *cancel);
void copy_fail(struct copy_asked *dc, int each_ms, struct err *err); /* takes err over */
/* One question about S: state, value and why of what its slot brought. */
size_t copy_turn(struct turn *turn, const struct guid *server);
void copy_take(struct copy_asked *dc, int each_ms, const struct turn *turn, size_t slot,
               const struct server *there);

/* A machine proved that it runs as this DSA under this ldapServiceName: what that says of each
 * account (E3). */
void copies_take_live(struct facts *facts, const struct guid *runs_as, const char *service);

#endif
