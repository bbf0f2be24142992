/* What was concluded from the facts: one verdict, its proof, what forbids a write, what else was
 * noticed, and what to do. Made by remedy/diagnose alone. Plain owned data; the names are a
 * contract (design.md section 2). */
#ifndef DCMEND_VERDICT_H
#define DCMEND_VERDICT_H

#include "src/model/dn.h"
#include "src/model/guid.h"

#include <stdbool.h>
#include <stddef.h>

/* In the order of precedence: when several fit, the earliest. */
#define VERDICTS(X)                                                                                \
    X(VERDICT_UNKNOWN_DSA, "unknown-dsa")                                                          \
    X(VERDICT_DELETED_DSA, "deleted-dsa")                                                          \
    X(VERDICT_ORPHANED_DSA, "orphaned-dsa")                                                        \
    X(VERDICT_UNREADABLE, "unreadable")                                                            \
    X(VERDICT_NO_COMPUTER, "no-computer")                                                          \
    X(VERDICT_AMBIGUOUS, "ambiguous")                                                              \
    X(VERDICT_MISSING, "missing")                                                                  \
    X(VERDICT_DANGLING, "dangling")                                                                \
    X(VERDICT_WRONG_TARGET, "wrong-target")                                                        \
    X(VERDICT_HEALTHY, "healthy")                                                                  \
    X(VERDICT_UNPROVEN, "unproven")

enum verdict_kind {
#define X(id, name) id,
    VERDICTS(X)
#undef X
};
enum { VERDICT_KINDS = VERDICT_UNPROVEN + 1 };
const char *verdict_name(enum verdict_kind kind);

enum level { LEVEL_NONE, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH };
const char *level_name(enum level level); /* "high", ...; NULL for LEVEL_NONE */

/* Side findings: beside the verdict, never instead of it. */
#define SIDE_FINDINGS(X)                                                                           \
    X(SIDE_DUPLICATE_SERVER, "duplicate-server")                                                   \
    X(SIDE_DUPLICATE_DSA, "duplicate-dsa")                                                         \
    X(SIDE_RENAMED, "renamed")                                                                     \
    X(SIDE_CNAME_MISMATCH, "cname-mismatch")                                                       \
    X(SIDE_CNAME_MISSING, "cname-missing")                                                         \
    X(SIDE_COPIES_DIFFER, "copies-differ")                                                         \
    X(SIDE_RODC, "rodc")                                                                           \
    X(SIDE_REPLICATION_8589, "replication-8589")                                                   \
    X(SIDE_STALE_LINK, "stale-replication-link")                                                   \
    X(SIDE_DOMAIN_GONE, "domain-gone")                                                             \
    X(SIDE_NOT_SYNCHRONIZED, "not-synchronized")                                                   \
    X(SIDE_REPLICATION_DISABLED, "replication-disabled")                                           \
    X(SIDE_BEYOND_TOMBSTONE, "beyond-tombstone-lifetime")

enum side_kind {
#define X(id, name) id,
    SIDE_FINDINGS(X)
#undef X
};
const char *side_name(enum side_kind kind);

/* One line of evidence ("E1".. "E10"), a blocker ("B1".. "B17") or a side finding (its name). */
struct finding {
    const char *kind; /* static */
    char *text;       /* one plain sentence or phrase; may hold raw directory text: clean it */
};
struct findings {
    struct finding *items;
    size_t count;
};
bool findings_has(const struct findings *list, const char *kind);
void findings_add(struct findings *list, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void findings_copy(struct findings *to, const struct findings *from); /* to: nothing in it yet */
void findings_release(struct findings *list);

/* How one account was judged; index = facts.accounts index. */
struct judged_account {
    bool identity;     /* E1 to E8 for N, the judged link and its copies left out */
    bool fits;         /* that, or it is the present value */
    bool usable;       /* E9, enabled, live, right domain */
    unsigned evidence; /* bit n set: En */
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
    char *unchecked; /* of a writable one: why B14 could not be asked; NULL: it was */
    struct judged_account *accounts;
    size_t account_count;
};
#define VERDICT_NO_ACCOUNT ((size_t)-1)

void verdict_release(struct verdict *verdict);
/* healthy without replication-8589 and copies-differ: exit status 0 */
bool verdict_is_clean(const struct verdict *verdict);

#endif
