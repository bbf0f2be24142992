/* The DSA's own domain, when the judged DC holds no copy of it: its accounts are read on a DC of
 * that domain, else on a global catalog, which proves an account but never that there is none. */
#ifndef DCMEND_ELSEWHERE_H
#define DCMEND_ELSEWHERE_H

#include "src/base/cancel.h"
#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/facts.h"

/* The ways there, best first. */
struct elsewhere {
    struct signin *dcs; /* of the domain */
    size_t dc_count;
    struct signin *catalogs;
    size_t catalog_count;
    char *why; /* why there is none; NULL */
    int each_ms;
};
/* Blocks (DNS), 5 s at most: a worker's call. DNS is asked for the DCs of the domain (a DNS name),
 * those for the site of the session's DC first, then those for the sites of its partners (among the
 * facts; NULL: none), and for the forest's catalogs. After a simple bind there are none: a password
 * goes to one DC. */
void elsewhere_find(const struct session *session, const struct facts *facts, const char *domain,
                    struct cancel *cancel, struct elsewhere *out);
void elsewhere_release(struct elsewhere *ways);

/* Blocks (DNS, Kerberos, network), 5 s at most to sign in: a worker's call. All are tried at once.
 * The first on which the sign-in succeeds and which is a live DSA of the forest for the DC of
 * `session`; NULL with *why (owned) when there is none. */
struct session *elsewhere_open(struct session *session, const struct signin *ways, size_t count,
                               int each_ms, struct cancel *cancel, char **why);

/* Blocks (network): a worker's call. Adds the accounts of the DSA's domain to facts for which
 * gather_wants_accounts() is true; what stays unread says why in accounts_why. `session` is the
 * judged DC's. The error is one that ends that session, or a cancel. */
struct err *elsewhere_read(struct session *session, const struct elsewhere *ways,
                           struct cancel *cancel, struct facts *facts);

/* Blocks (DNS, Kerberos, network): a worker's call. A session to a DC of that object's domain, by
 * its DN, other than the judged one; catalogs: else to a global catalog, which proves that
 * something is there and never that it is not. NULL: nobody can be asked. */
struct session *elsewhere_of(struct session *session, const struct facts *facts, const char *dn,
                             bool catalogs);

#endif
