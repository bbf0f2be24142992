/* Facts for the tests of the judge: a healthy DSA in a forest of three DCs, and small changes to
 * it. N is LIVDC01 of contoso.com, read on LONDC01; MANDC01 is a third DC. Every object's GUID is
 * build_guid(number), so that a test can name it. Accounts are kept by index: their array moves. */
#ifndef DCMEND_TEST_FACTS_BUILDER_H
#define DCMEND_TEST_FACTS_BUILDER_H

#include "src/model/facts.h"
#include "src/model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

#define BUILD_CONFIG "CN=Configuration,DC=contoso,DC=com"
#define BUILD_DOMAIN "DC=contoso,DC=com"
#define BUILD_CHILD "DC=eu,DC=contoso,DC=com"

enum {
    BUILD_DSA = 1,
    BUILD_SERVER,
    BUILD_HERE_DSA,
    BUILD_HERE_SERVER,
    BUILD_THIRD_DSA,
    BUILD_LIVE_DSA,     /* another DSA that is live */
    BUILD_DEAD_DSA,     /* a tombstoned one */
    BUILD_LOST_DSA,     /* one that is nowhere */
    BUILD_OTHER,        /* an object that is no computer */
    BUILD_ACCOUNT = 100 /* account i has the GUID BUILD_ACCOUNT + i */
};
enum { BUILD_NOW = 1700000000, BUILD_DAY = 86400, BUILD_LIFETIME = 180 };

/* Evidence as a set: bit n is En. BUILD_STATIC is a HIGH account that no copy of the link names. */
#define EV(n) (1u << (n))
enum {
    BUILD_STATIC = EV(1) | EV(2) | EV(6) | EV(7) | EV(9) | EV(10),
    BUILD_FULL = BUILD_STATIC | EV(4) | EV(5),
    BUILD_MEDIUM = EV(6) | EV(7) | EV(9) | EV(10),
    BUILD_LOW = EV(7) | EV(9) | EV(10),
    BUILD_PLAIN = EV(9) | EV(10) /* a DC's account that nothing ties to N */
};

struct guid build_guid(unsigned number);

/* Healthy: the value names account 0, which has BUILD_FULL; LONDC01's and LIVDC01's copies agree.
 */
void build_healthy(struct facts *facts);
/* The same forest without any account; the value is absent. */
void build_bare(struct facts *facts);

/* One more account of the domain with exactly this evidence (E1..E10); returns its index. */
size_t build_account(struct facts *facts, unsigned evidence);
/* Gives account `index` exactly this evidence, whatever it had. */
void build_evidence(struct facts *facts, size_t index, unsigned evidence);
/* Its RDN and sAMAccountName; the DN that the judged DC knows follows. */
void build_rename(struct facts *facts, size_t index, const char *cn, const char *sam);
/* The account lives in this domain. */
void build_move(struct facts *facts, size_t index, const char *domain_dn);
/* A DRS SPN for this DSA, and what is known of that DSA. */
void build_spn(struct facts *facts, size_t index, unsigned dsa, enum dsa_state state);
/* A server object that names the account; `proof` is what ties the two beside the link. */
enum build_proof { PROOF_NONE = 0, PROOF_SPN = 1, PROOF_ALIAS = 2, PROOF_HOST = 4, PROOF_NAME = 8 };
struct facts_other *build_holder(struct facts *facts, size_t index, bool has_dsa, unsigned proof);
void build_delete(struct facts *facts, size_t index, bool recyclable);

/* The present value (on the judged DC, its own copy included). */
void build_absent(struct facts *facts);
void build_names(struct facts *facts, size_t index);
void build_names_other(struct facts *facts, const char *kind); /* a live object: "user" */
void build_names_nothing(struct facts *facts);                 /* dangling */
void build_names_deleted(struct facts *facts, size_t index);

/* The copy of a DC: made if there is none of that name. */
struct facts_copy *build_copy(struct facts *facts, const char *host);
void build_copy_names(struct facts_copy *copy, unsigned object, const char *dn);
void build_copy_says(struct facts_copy *copy, enum copy_state state);

struct facts_other *build_twin(struct facts *facts, const char *cn, const char *site, bool has_dsa);
struct facts_other *build_successor(struct facts *facts, const char *cn);
/* A replication link with N. */
struct facts_link *build_link(struct facts *facts, unsigned result, time_t last_success);

/* A case: facts, and what must come out of diagnose(). Names of findings stand in one text with
 * spaces between, in any order; NULL: not looked at. */
struct build_case {
    const char *name;
    void (*make)(struct facts *);
    enum verdict_kind kind;
    enum level level;
    int proposed; /* account index; NOTHING */
    bool writable;
    const char *blockers, *side;
    const char *says, *not_says; /* in headline, meaning or advice; NULL */
};
enum { NOTHING = -1 };
/* NULL, or an owned text that says what is wrong with the verdict. */
char *build_try(const struct build_case *wanted);
/* What holds for every verdict whatever the facts; NULL, or the rule that is broken. */
const char *build_broken(const struct facts *facts, const struct verdict *verdict);

bool build_found(const struct findings *list, const char *name); /* by its name in the contract */
unsigned build_evidence_of(const struct judged_account *judged); /* bit n: En */

#endif
