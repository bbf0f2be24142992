/* Shared by every_dc.c (which DCs, what becomes of the answers), every_dc_list.c (the first DC's
 * copy) and every_dc_read.c (one other DC's). */
#ifndef DCMEND_EVERY_DC_PARTS_H
#define DCMEND_EVERY_DC_PARTS_H

#include "src/base/index.h"
#include "src/directory/search.h"
#include "src/jobs/copies_parts.h"
#include "src/jobs/every_dc.h"

#include <stdatomic.h>

/* A live DSA of the first DC's copy, and the link of its server object there. */
struct every_dc_server {
    struct guid server, dsa;
    char *dsa_dn;
    char *host; /* its dNSHostName; NULL */
    bool read_only;
    enum copy_state state; /* COPY_VALUE or COPY_ABSENT */
    struct dn_link value;
};

/* What all are compared with. Threads that are left behind still read it: it does not change, and
 * the last holder frees it. */
struct forest_list {
    atomic_size_t holders;
    struct every_dc_server *servers;
    size_t count;
    struct index by_server, by_dsa;
};
/* Blocks (network): a worker's call. The first DC's list; one holder. */
struct err *forest_list_read(struct session *session, struct forest_list **out);
struct forest_list *forest_list_hold(struct forest_list *list);
void forest_list_drop(struct forest_list *list);                             /* NULL is fine */
size_t forest_list_find(const struct index *index, const struct guid *guid); /* or INDEX_END */

enum { FOREST_SEARCHES = 2 }; /* server objects, NTDS Settings */
void forest_searches(const struct server *server, struct search searches[FOREST_SEARCHES]);

struct stranger { /* a DSA that the first DC does not know */
    struct guid dsa;
    char *dn;
};

/* What a thread takes with it: only the list is shared. */
struct every_errand {
    struct forest_list *list;
    struct copy_asked dc;
    int silent_ms;
    bool ran, compared, read; /* compared: what follows is whole */
    long ms;

    bool *seen, *known; /* by server: its server object and its DSA were there */
    bool too_many;      /* more differences than are kept */
    struct every_dc_difference *differences;
    size_t difference_count;
    struct stranger *strangers;
    size_t stranger_count;
};
/* every_dc_groups.c: the differences of one server, [first, end). */
void every_dc_range(const struct every_dc *every, size_t server, size_t *first, size_t *end);

/* Blocks (DNS, Kerberos, network): a thread's own call. */
void every_dc_read(struct every_errand *errand, struct cancel *cancel);

#endif
