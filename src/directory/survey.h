/* The facts about every DSA of the forest, from a few bulk searches on one DC: the same facts as
 * gather() gives (facts->survey is true: other copies, rights and the live proof are not asked
 * for). The number of requests grows with pages and with faults, never with healthy servers. */
#ifndef DCMEND_SURVEY_H
#define DCMEND_SURVEY_H

#include "src/base/cancel.h"
#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"

struct survey_way {
    struct session *session; /* the DC whose copy is judged */
    struct cancel *cancel;   /* may be NULL */

    /* How further connections to that DC are made, so that the bulk searches run at once; NULL:
     * with the session's ticket. False, and after a simple bind: one connection for all. */
    bool (*another)(void *context, struct signin *out);
    /* A session to a DC of another domain of the forest, for its accounts; the survey closes it.
     * NULL with *why (owned) when there is none. No function: accounts that this DC does not hold
     * are not read. */
    struct session *(*domain)(void *context, const char *domain_dn, char **why);
    /* The DSAs with all that was read, one after the other, taken over: live ones, and those that a
     * replication link of this DC names. */
    void (*found)(void *context, struct facts *facts);
    /* From the caller's thread, after each page: server objects read so far. May be NULL. */
    void (*progress)(void *context, size_t servers);
    void *context; /* of them all */
};

/* A server object without NTDS Settings. */
struct survey_leftover {
    struct guid guid;
    char *dn;
    char *name, *site; /* RDN values, raw; site NULL outside CN=Sites */
};

struct survey {
    bool complete; /* all was read: what is not listed is not there */
    char *why;     /* why not: the first reason, one sentence; NULL */
    size_t servers, dsas;
    struct survey_leftover *leftovers; /* none are known unless all DSAs were read */
    size_t leftover_count;
    unsigned connections, requests; /* to the judged DC */
};
void survey_release(struct survey *survey);

/* Blocks (network): a worker's call. The error is one after which nothing is known (lost before
 * anything came, called off); a search that ends early is not: out->complete is false then, and
 * what depends on it is not proven in the facts. */
struct err *survey_run(const struct survey_way *way, struct survey *out);

#endif
