/* The forest as every DC holds it: the first DC's copy is judged (jobs/scan), and the copies of all
 * others are compared with it. Kept are the differences alone, so that memory grows with the
 * servers and with what differs, never with DCs times servers. */
#ifndef DCMEND_EVERY_DC_H
#define DCMEND_EVERY_DC_H

#include "src/base/cancel.h"
#include "src/base/err.h"
#include "src/base/str.h"
#include "src/jobs/scan.h"
#include "src/model/facts.h"

struct forest_list;

/* A DC of the forest. The first one is the DC whose copy is judged. */
struct every_dc_dc {
    char *server; /* host name, else the DN of its NTDS Settings; raw */
    struct guid dsa;
    bool read, proven, read_only;
    enum copy_state state; /* not read: COPY_UNREACHABLE, COPY_UNREADABLE or COPY_NOT_ASKED */
    char *why;             /* not read: a phrase; NULL */
    double seconds;
};

/* What a DC holds of a server object, where that is not what the first DC holds. */
struct every_dc_difference {
    size_t server, dc; /* indexes: of the list, of the DCs */
    enum copy_state state;
    struct dn_link value;
};

/* A DSA that only some DCs know. */
struct every_dc_dsa {
    struct guid dsa;
    char *dn;
    bool first_knows; /* then `dcs` do not know it, else they alone do */
    size_t *dcs, dc_count;
};

struct every_dc {
    struct scan scan;         /* with copies-differ, and the differing copies among the facts */
    struct forest_list *list; /* the first DC's copy, all of it */
    struct every_dc_dc *dcs;
    size_t dc_count, read;                   /* read: how many were */
    struct every_dc_difference *differences; /* by server, then by DC */
    size_t difference_count;
    struct every_dc_dsa *dsas;
    size_t dsa_count;
};
void every_dc_release(struct every_dc *every);

struct every_dc_way {
    int silent_ms, each_ms; /* how long a DC may be silent, and take in all; 0: 5 s, 60 s */
    /* From the caller's thread; may be NULL. */
    void (*progress)(void *context, size_t done, size_t total);
    void *context;
    /* Tests: how the DC of this name is reached. False: as the session says. */
    bool (*reach)(void *context, const char *host, struct signin *out);
};

/* Blocks (DNS, Kerberos, network): a worker's call. 16 DCs at a time, with the session's ticket
 * only; a host counts only when its rootDSE names the DSA that is meant. What a DC does not hold is
 * asked for once more by GUID, its access list with it, before it counts as missing. The error is
 * one after which nothing is known. */
struct err *every_dc_run(struct session *session, struct cancel *cancel,
                         const struct every_dc_way *way, struct every_dc *out);

/* 0, 1 or 2 as scan_status(), and 2 when a DC was not read. */
int every_dc_status(const struct every_dc *every);

/* Who holds what of a finding: groups of DCs with the same value, the first DC's group first.
 * `shows`: their copy shows the finding; the others hold something else. */
struct every_dc_group {
    bool shows;
    enum copy_state state;
    const struct dn_link *value; /* of COPY_VALUE; borrowed */
    size_t *dcs, count;          /* indexes */
};
struct every_dc_groups {
    struct every_dc_group *items;
    size_t count;
    size_t shown; /* DCs whose copy shows it */
};
void every_dc_groups(const struct every_dc *every, const struct scan_finding *finding,
                     struct every_dc_groups *out);
void every_dc_groups_release(struct every_dc_groups *groups);

/* In words, raw: clean them. "2 of 5": on how many it is shown; "dc4.contoso.com, ... and 3 more":
 * on which; "LIVDC02: no value on dc4.contoso.com; CN=... on dc1.contoso.com": all groups. Owned.
 */
char *every_dc_on(const struct every_dc *every, const struct scan_finding *finding);
char *every_dc_shown(const struct every_dc *every, const struct scan_finding *finding);
char *every_dc_where(const struct every_dc *every, const struct scan_finding *finding);
void every_dc_names(struct str *out, const struct every_dc *every, const size_t *dcs, size_t count);

#endif
