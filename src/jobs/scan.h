/* The whole forest judged: what directory/survey reads, through remedy/diagnose, DSA by DSA. Kept
 * are the findings with their facts; healthy DSAs are only counted. */
#ifndef DCMEND_SCAN_H
#define DCMEND_SCAN_H

#include "src/base/cancel.h"
#include "src/base/err.h"
#include "src/directory/survey.h"
#include "src/model/facts.h"
#include "src/model/verdict.h"

/* A live DSA whose verdict is not healthy or that carries replication-8589, or a deleted or unknown
 * one that a replication link still names. */
struct scan_finding {
    struct facts facts;
    struct verdict verdict;
};

/* Of every DSA that was judged, healthy ones included. */
struct scan_verdict {
    struct guid dsa;
    enum verdict_kind kind;
    bool failing; /* healthy, but replication from it fails with 8589 now */
};

struct scan {
    struct survey survey;       /* complete, why, leftovers, counts of what was read */
    struct scan_finding *items; /* by site, the gravest verdict first, then by name */
    size_t count;
    struct scan_verdict *verdicts; /* in the order of reading */
    size_t judged, counts[VERDICT_KINDS];
};
void scan_release(struct scan *scan);
struct scan_verdict scan_verdict_of(const struct guid *dsa, const struct verdict *verdict);

/* Blocks (network): a worker's call. cancel (may be NULL): for the further connections; the session
 * listens to what session_set_cancel() gave it. progress (from the same thread; may be NULL) tells
 * the server objects read so far. The error is one after which nothing is known. */
struct err *scan_run(struct session *session, struct cancel *cancel,
                     void (*progress)(void *context, size_t servers), void *context,
                     struct scan *out);

/* The same, with what other DCs hold: `compare` (from the same thread, with the same context) may
 * add copies to the facts of each DSA before they are judged. */
struct err *scan_run_compared(struct session *session, struct cancel *cancel,
                              void (*progress)(void *context, size_t servers),
                              void (*compare)(void *context, struct facts *facts), void *context,
                              struct scan *out);

/* 0, 1 or 2, as design.md section 2 has it: 2 when not all was read or a DSA is unreadable, 1 when
 * there is a finding. */
int scan_status(const struct scan *scan);

/* One finding in a list: "LIVDC02", its site (owned, raw: clean them; "" when not known), and a
 * word of at most 12 columns for what is wrong; the sentence is verdict.headline. */
char *scan_name(const struct facts *facts);
char *scan_site(const struct facts *facts);
const char *scan_word(const struct verdict *verdict);

#endif
