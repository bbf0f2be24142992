/* What was concluded from the facts: one verdict, its proof, what forbids a write, what else was
 * noticed, and what to do. Made by remedy/diagnose alone. Plain owned data; the names are a
 * contract (design.md section 2). */
#ifndef DCMEND_VERDICT_H
#define DCMEND_VERDICT_H

#include "src/model/dn.h"
#include "src/model/guid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How much a verdict weighs; it decides the exit status and what a monitor shows. */
enum weight {
    WEIGHT_NONE,    /* nothing is wrong with this copy */
    WEIGHT_WARNING, /* somebody should look */
    WEIGHT_FAULT,   /* this copy is broken */
    WEIGHT_UNREAD   /* what decides could not be read */
};
/* One row a verdict, in the order of precedence (when several fit, the earliest): verdicts.def. */
enum verdict_kind {
#define VERDICT(id, name, badge, weight, offers, headline, meaning, advice) id,
#include "src/model/verdicts.def"
#undef VERDICT
};
enum {
    VERDICT_KINDS = 0
#define VERDICT(id, name, badge, weight, offers, headline, meaning, advice) +1
#include "src/model/verdicts.def"
#undef VERDICT
};
struct verdict_row {
    const char *name; /* the contract's */
    enum weight weight;
    bool offers; /* a value is proposed, and may be written */
    /* In plain words: '@' stands for the server object's name, '#' for the DC that was read. advice
     * may be NULL: it depends on the facts alone. */
    const char *headline, *meaning, *advice;
};
const struct verdict_row *verdict_row(enum verdict_kind kind);
const char *verdict_name(enum verdict_kind kind);

enum level { LEVEL_NONE, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH };
const char *level_name(enum level level); /* "high", ...; NULL for LEVEL_NONE */

/* What can be found, one row each: evidence for an account (E), blockers of a write (B), and what
 * is noticed beside the verdict, never instead of it. The names are a contract. The last column: a
 * blocker that is about the connection or the sign-in, not about the change. */
#define FINDINGS(X)                                                                                \
    X(E1, "E1", FINDING_EVIDENCE, false)                                                           \
    X(E2, "E2", FINDING_EVIDENCE, false)                                                           \
    X(E3, "E3", FINDING_EVIDENCE, false)                                                           \
    X(E4, "E4", FINDING_EVIDENCE, false)                                                           \
    X(E5, "E5", FINDING_EVIDENCE, false)                                                           \
    X(E6, "E6", FINDING_EVIDENCE, false)                                                           \
    X(E7, "E7", FINDING_EVIDENCE, false)                                                           \
    X(E8, "E8", FINDING_EVIDENCE, false)                                                           \
    X(E9, "E9", FINDING_EVIDENCE, false)                                                           \
    X(E10, "E10", FINDING_EVIDENCE, false)                                                         \
    X(B1, "B1", FINDING_BLOCKER, false)                                                            \
    X(B2, "B2", FINDING_BLOCKER, false)                                                            \
    X(B3, "B3", FINDING_BLOCKER, false)                                                            \
    X(B4, "B4", FINDING_BLOCKER, false)                                                            \
    X(B5, "B5", FINDING_BLOCKER, false)                                                            \
    X(B6, "B6", FINDING_BLOCKER, false)                                                            \
    X(B7, "B7", FINDING_BLOCKER, false)                                                            \
    X(B8, "B8", FINDING_BLOCKER, false)                                                            \
    X(B9, "B9", FINDING_BLOCKER, true)                                                             \
    X(B10, "B10", FINDING_BLOCKER, false)                                                          \
    X(B11, "B11", FINDING_BLOCKER, true)                                                           \
    X(B12, "B12", FINDING_BLOCKER, false)                                                          \
    X(B13, "B13", FINDING_BLOCKER, false)                                                          \
    X(B14, "B14", FINDING_BLOCKER, false)                                                          \
    X(B15, "B15", FINDING_BLOCKER, false)                                                          \
    X(B16, "B16", FINDING_BLOCKER, false)                                                          \
    X(B17, "B17", FINDING_BLOCKER, false)                                                          \
    X(SIDE_DUPLICATE_SERVER, "duplicate-server", FINDING_SIDE, false)                              \
    X(SIDE_DUPLICATE_DSA, "duplicate-dsa", FINDING_SIDE, false)                                    \
    X(SIDE_RENAMED, "renamed", FINDING_SIDE, false)                                                \
    X(SIDE_CNAME_MISMATCH, "cname-mismatch", FINDING_SIDE, false)                                  \
    X(SIDE_CNAME_MISSING, "cname-missing", FINDING_SIDE, false)                                    \
    X(SIDE_COPIES_DIFFER, "copies-differ", FINDING_SIDE, false)                                    \
    X(SIDE_RODC, "rodc", FINDING_SIDE, false)                                                      \
    X(SIDE_REPLICATION_8589, "replication-8589", FINDING_SIDE, false)                              \
    X(SIDE_STALE_LINK, "stale-replication-link", FINDING_SIDE, false)                              \
    X(SIDE_DOMAIN_GONE, "domain-gone", FINDING_SIDE, false)                                        \
    X(SIDE_NOT_SYNCHRONIZED, "not-synchronized", FINDING_SIDE, false)                              \
    X(SIDE_REPLICATION_DISABLED, "replication-disabled", FINDING_SIDE, false)                      \
    X(SIDE_BEYOND_TOMBSTONE, "beyond-tombstone-lifetime", FINDING_SIDE, false)                     \
    X(SECOND, "second", FINDING_SECOND, false)

enum finding_kind {
    FINDING_NONE, /* so that the bit of En is bit n */
#define X(id, name, sort, place) id,
    FINDINGS(X)
#undef X
        FINDING_KINDS
};
enum finding_sort { FINDING_EVIDENCE, FINDING_BLOCKER, FINDING_SIDE, FINDING_SECOND };
const char *finding_name(enum finding_kind kind);
enum finding_sort finding_sort(enum finding_kind kind);
bool finding_is_of_place(enum finding_kind kind);

struct finding {
    enum finding_kind kind;
    char *text; /* one plain sentence or phrase; may hold raw directory text: clean it */
};
typedef uint64_t finding_set;
#define FINDING_BIT(kind) ((finding_set)1 << (kind))
struct findings {
    struct finding *items;
    size_t count;
    finding_set set; /* the kinds among them */
};
bool findings_has(const struct findings *list, enum finding_kind kind);
const char *findings_first(const struct findings *list, enum finding_sort sort); /* or NULL */
void findings_add(struct findings *list, enum finding_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void findings_copy(struct findings *to, const struct findings *from); /* to: nothing in it yet */
void findings_release(struct findings *list);

/* How one account was judged; index = facts.accounts index. */
struct judged_account {
    bool identity; /* E1 to E8 for N, the judged link and its copies left out */
    bool fits;     /* that, or it is the present value */
    bool usable;   /* E9, enabled, live, right domain */
    enum level level;
    struct findings reasons; /* why it fits (E..) and why it does not (B..) */
};

struct verdict {
    enum verdict_kind kind;
    enum level confidence;
    bool writable;  /* a write may be offered */
    char *current;  /* DN of the present value as read; NULL: absent or unknown */
    char *proposed; /* DN; NULL unless missing, dangling or wrong-target */
    size_t account; /* index of the proposed (or healthy) account; VERDICT_NO_ACCOUNT */
    struct findings evidence, blockers, side;
    struct findings second; /* why a second confirmation is asked for; empty: it is not */
    bool has_successor;
    struct guid successor;
    char *successor_dn;
    char *headline;  /* the verdict in one plain sentence */
    char *meaning;   /* what it means for replication, one or two sentences */
    char *advice;    /* what to do; several lines, '\n' between */
    char *unchecked; /* of a writable one: what could not be checked of B14; NULL: all was */
    struct judged_account *accounts;
    size_t account_count;
};
#define VERDICT_NO_ACCOUNT ((size_t)-1)

/* Of an ambiguous one: this account is one of those that could be meant. */
bool verdict_could_mean(const struct verdict *verdict, size_t account);

void verdict_release(struct verdict *verdict);
/* healthy without replication-8589 and copies-differ: exit status 0 */
bool verdict_is_clean(const struct verdict *verdict);

#endif
