/* The survey hands out the facts of one DSA after the other; each is judged at once, so that only
 * the findings stay in memory. */
#include "src/jobs/scan.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/elsewhere.h"
#include "src/remedy/diagnose.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct scanning {
    struct session *session;
    struct cancel *cancel;
    struct scan *out;
    void (*progress)(void *context, size_t servers);
    void (*compare)(void *context, struct facts *facts);
    void *context;
};

void scan_release(struct scan *scan)
{
    for (size_t i = 0; i < scan->count; i++) {
        facts_release(&scan->items[i].facts);
        verdict_release(&scan->items[i].verdict);
    }
    free(scan->items);
    free(scan->verdicts);
    survey_release(&scan->survey);
    *scan = (struct scan){.items = NULL};
}

static bool fails_now(const struct verdict *verdict)
{
    return verdict->kind == VERDICT_HEALTHY && findings_has(&verdict->side, SIDE_REPLICATION_8589);
}

struct scan_verdict scan_verdict_of(const struct guid *dsa, const struct verdict *verdict)
{
    return (struct scan_verdict){*dsa, verdict->kind, fails_now(verdict)};
}

static void judge(void *context, struct facts *facts)
{
    const struct scanning *scanning = context;
    struct scan *out = scanning->out;
    struct verdict verdict;
    if (scanning->compare)
        scanning->compare(scanning->context, facts);
    diagnose(facts, &verdict);
    *MEM_PUSH(out->verdicts, out->judged) = scan_verdict_of(&facts->asked, &verdict);
    out->counts[verdict.kind]++;
    if (verdict_is_clean(&verdict)) {
        verdict_release(&verdict);
        facts_release(facts);
        return;
    }
    *MEM_PUSH(out->items, out->count) = (struct scan_finding){*facts, verdict};
}

static void tell(void *context, size_t servers)
{
    const struct scanning *scanning = context;
    if (scanning->progress)
        scanning->progress(scanning->context, servers);
}

/* A DC of that domain; a catalog lacks too much to judge by. */
static struct session *open_domain(void *context, const char *domain_dn, char **why)
{
    const struct scanning *scanning = context;
    struct elsewhere ways;
    char *dns = dn_to_dns(domain_dn);
    elsewhere_find(scanning->session, NULL, dns ? dns : "", scanning->cancel, &ways);
    struct session *session = elsewhere_open(scanning->session, ways.dcs, ways.dc_count,
                                             ways.each_ms, scanning->cancel, why);
    if (!session && !*why)
        *why = mem_text(ways.why);
    elsewhere_release(&ways);
    free(dns);
    return session;
}

/* ---- the order ---- */

char *scan_name(const struct facts *facts)
{
    char *parent = facts->dsa.dn ? dn_parent(facts->dsa.dn) : NULL;
    char *name = dn_plain_rdn(parent);
    free(parent);
    return name ? name : mem_text("");
}

char *scan_site(const struct facts *facts)
{
    char *site = !facts->srv.site && facts->dsa.dn ? dn_ancestor(facts->dsa.dn, 3) : NULL;
    char *name = facts->srv.site ? mem_text(facts->srv.site) : NULL;
    if (!name && site && facts->srv.part != PART_PRESENT)
        name = dn_rdn_value(site);
    free(site);
    return name ? name : mem_text("");
}

const char *scan_word(const struct verdict *verdict)
{
    if (fails_now(verdict))
        return "8589 now";
    bool differs =
        verdict->kind == VERDICT_HEALTHY && findings_has(&verdict->side, SIDE_COPIES_DIFFER);
    return differs ? "other copies" : verdict_name(verdict->kind);
}

/* Earlier rows are graver, but healthy and unproven change places: a finding that is healthy only
 * carries a side finding. */
static int gravity(const struct verdict *verdict)
{
    return verdict->kind == VERDICT_HEALTHY ? (int)VERDICT_KINDS : (int)verdict->kind;
}

static int by_place(const void *a, const void *b)
{
    const struct scan_finding *x = a, *y = b;
    char *sx = scan_site(&x->facts), *sy = scan_site(&y->facts);
    int order = strcasecmp(sx, sy);
    free(sx);
    free(sy);
    if (!order)
        order = gravity(&x->verdict) - gravity(&y->verdict);
    if (!order)
        order = strcasecmp(x->facts.dsa.dn ? x->facts.dsa.dn : "",
                           y->facts.dsa.dn ? y->facts.dsa.dn : "");
    return order;
}

struct err *scan_run(struct session *session, struct cancel *cancel,
                     void (*progress)(void *context, size_t servers), void *context,
                     struct scan *out)
{
    return scan_run_compared(session, cancel, progress, NULL, context, out);
}

struct err *scan_run_compared(struct session *session, struct cancel *cancel,
                              void (*progress)(void *context, size_t servers),
                              void (*compare)(void *context, struct facts *facts), void *context,
                              struct scan *out)
{
    struct scanning scanning = {session, cancel, out, progress, compare, context};
    struct survey_way way = {.session = session,
                             .cancel = cancel,
                             .domain = open_domain,
                             .found = judge,
                             .progress = tell,
                             .context = &scanning};
    *out = (struct scan){.items = NULL};
    struct err *err = survey_run(&way, &out->survey);
    if (err)
        scan_release(out);
    else if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_place);
    return err;
}

int scan_status(const struct scan *scan)
{
    if (!scan->survey.complete || scan->counts[VERDICT_UNREADABLE] > 0)
        return 2;
    return scan->count > 0 ? 1 : 0;
}
