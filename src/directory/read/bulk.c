/* The bulk searches, in three lanes: server objects with what is the same for the whole forest, the
 * NTDS Settings objects, the accounts. Each lane has a connection of its own where the ticket
 * allows one, and a thread that owns it; otherwise they share the session and go on together. Only
 * accounts of the groups of domain controllers are read in bulk: none other is ever usable, and the
 * others are looked up by name where they are missed. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/directory/opening.h"

#include <pthread.h>
#include <stdlib.h>

enum { PAGE = 1000, LANES = 3, OPEN_MS = 5000 };

/* Lists of domains that a healthy DSA does not need are left out: others are read again. */
static const char *const bulk_dsa_attributes[] = {
    "objectClass", "objectGUID",  "whenCreated",       "whenChanged",
    "options",     "msDS-isRODC", "msDS-HasDomainNCs", "msDS-hasFullReplicaNCs",
    NULL};

struct slots {
    struct turn *turn;
    size_t first, second, third;
    struct burst common; /* what is the same for the whole forest */
};

struct lane {
    struct turn *turn;
    struct session *session; /* its own; NULL: it shares */
    pthread_t thread;
    bool started;
};

/* ---- asking ---- */

static size_t list(struct turn *turn, const char *base, const char *const *attributes,
                   const char *filter)
{
    struct search *search = turn_add(turn);
    search_init(search, SCOPE_SUBTREE, base, attributes, "%s", filter);
    search->page = PAGE;
    return turn->count - 1;
}

/* The questions that each DSA's facts put, before any of them does. */
static void ask_common(struct reading *r, struct slots *at)
{
    struct facts facts;
    facts_init(&facts);
    facts_forest(r, &facts);
    facts_release(&facts);
    at->common.turn = at->turn;
    for (size_t i = 0; i < r->open_count; i++)
        burst_add(r, &at->common, &r->open[i], 1);
    free(r->open);
    r->open = NULL;
    r->open_count = 0;
    index_release(&r->noted);
}

static void ask_servers(struct reading *r, struct slots *at)
{
    ask_common(r, at);
    at->first = list(at->turn, r->sites, server_attributes, "(objectClass=server)");
    r->servers_slot = at->first;
}

static void ask_dsas(struct reading *r, struct slots *at)
{
    char *lost = str_format("CN=LostAndFoundConfig,%s", r->here->config_dn);
    at->first = list(at->turn, r->sites, bulk_dsa_attributes, "(objectClass=nTDSDSA)");
    at->second = list(at->turn, lost, dsa_attributes, "(objectClass=nTDSDSA)");
    free(lost);
}

static void ask_accounts(const char *domain, struct slots *at)
{
    char *dfsr = str_format("CN=DFSR-GlobalSettings,CN=System,%s", domain);
    char *frs = str_format("CN=File Replication Service,CN=System,%s", domain);
    at->first = list(at->turn, domain, account_bulk_attributes,
                     "(&(objectClass=computer)(|(primaryGroupID=516)(primaryGroupID=521)))");
    at->second = list(at->turn, dfsr, member_attributes, "(objectClass=msDFSR-Member)");
    at->third = list(at->turn, frs, member_attributes, "(objectClass=nTFRSMember)");
    free(dfsr);
    free(frs);
}

static void run(struct turn *turn, struct session *session, void (*progress)(void *, size_t),
                void *context)
{
    turn->results = mem_zero(turn->count, sizeof *turn->results);
    search_run_bulk(session, turn->searches, turn->count, turn->results, progress, context);
}

/* ---- lanes ---- */

/* How further connections to that DC are made; none after a simple bind. */
static size_t find_ways(const struct reading *r, struct signin ways[LANES])
{
    size_t count = 1;
    for (; count < LANES; count++) {
        bool found = r->way->another
                         ? r->way->another(r->way->context, &ways[count])
                         : session_signin_elsewhere(r->session, r->here->host, &ways[count]);
        if (!found)
            break;
        if (!r->way->another)
            ways[count].port = r->here->port;
    }
    return count;
}

/* One connection more is a help, never a condition. */
static void open_lanes(const struct reading *r, struct signin *ways, size_t count,
                       struct lane lanes[LANES])
{
    struct session *sessions[LANES] = {NULL};
    sessions_open(ways + 1, count - 1, &deadlines_default, OPEN_MS, r->way->cancel, sessions + 1,
                  NULL);
    for (size_t i = 1; i < count; i++) {
        lanes[i].session = sessions[i];
        signin_release(&ways[i]);
    }
}

static void *lane_main(void *context)
{
    struct lane *lane = context;
    run(lane->turn, lane->session, NULL, NULL);
    return NULL;
}

static void count_requests(struct survey *out, const struct session *session)
{
    out->connections++;
    out->requests += session_counts(session).requests;
}

/* The threads only read: that ends by itself, and when it is called off. */
static void run_lanes(struct reading *r, struct lane lanes[LANES])
{
    const struct survey_way *way = r->way;
    for (size_t i = 1; i < LANES; i++)
        lanes[i].started =
            lanes[i].session && pthread_create(&lanes[i].thread, NULL, lane_main, &lanes[i]) == 0;
    run(lanes[0].turn, r->session, way->progress, way->context);
    if (way->progress)
        way->progress(way->context, lanes[0].turn->results[r->servers_slot].count);
    for (size_t i = 1; i < LANES; i++) {
        if (lanes[i].started)
            pthread_join(lanes[i].thread, NULL);
        if (lanes[i].session)
            count_requests(r->out, lanes[i].session);
        session_close(lanes[i].session);
        if (!lanes[i].turn->results)
            run(lanes[i].turn, r->session, NULL, NULL);
    }
}

/* ---- taking ---- */

/* False when there may be more of them than were read. */
static bool check(struct reading *r, const struct result *result, const char *what)
{
    if (!result->err && result->complete)
        return true;
    reading_incomplete(r, what, result->err);
    return false;
}

static void take_servers(struct reading *r, const struct slots *at)
{
    const struct result *result = turn_result(at->turn, at->first);
    if (!r->crossrefs_known)
        reading_incomplete(r, "The list of the forest's domains", NULL);
    for (size_t i = 0; i < result->count; i++)
        (void)put_server(&r->store, &result->entries[i], GRADE_FULL);
    r->servers_whole = check(r, result, "The list of server objects");
}

static enum grade grade_of(const struct entry *dsa)
{
    return entry_has(dsa, "msDS-HasDomainNCs") || entry_has(dsa, "msDS-hasFullReplicaNCs")
               ? GRADE_FULL
               : GRADE_PLACE;
}

static void take_dsas(struct reading *r, const struct slots *at)
{
    const struct result *dsas = turn_result(at->turn, at->first);
    const struct result *lost = turn_result(at->turn, at->second);
    for (size_t i = 0; i < dsas->count; i++)
        (void)put_dsa(&r->store, &dsas->entries[i], grade_of(&dsas->entries[i]), r->sites);
    for (size_t i = 0; i < lost->count; i++)
        (void)put_dsa(&r->store, &lost->entries[i], GRADE_FULL, r->sites);
    r->dsas_whole = check(r, dsas, "The list of NTDS Settings objects");
    if (!err_is(lost->err, ERR_NO_SUCH_OBJECT) && !check(r, lost, "LostAndFoundConfig"))
        r->dsas_whole = false;
}

static bool take_members(struct reading *r, const struct result *result)
{
    for (size_t i = 0; i < result->count; i++)
        put_member(&r->store, &result->entries[i]);
    return err_is(result->err, ERR_NO_SUCH_OBJECT) ||
           check(r, result, "The list of SYSVOL members");
}

static void take_accounts(struct reading *r, size_t domain, const struct slots *at)
{
    struct domain *d = &r->domains[domain];
    const struct result *result = turn_result(at->turn, at->first);
    for (size_t i = 0; i < result->count; i++)
        (void)put_account(&r->store, &result->entries[i], GRADE_FULL, domain);
    d->part = PART_PRESENT;
    if (!check(r, result, "The list of domain controller accounts")) {
        d->part = err_is(result->err, ERR_NO_RIGHT) ? PART_DENIED : PART_NO_ANSWER;
        mem_set(&d->why, result->err ? result->err->text : "Not all accounts could be read.");
    }
    d->members_whole = take_members(r, turn_result(at->turn, at->second));
    d->members_whole = take_members(r, turn_result(at->turn, at->third)) && d->members_whole;
}

/* ---- together ---- */

/* An error that leaves nothing to judge. */
static struct err *nothing_read(const struct reading *r, const struct slots *dsas)
{
    const struct result *result = turn_result(dsas->turn, dsas->first);
    if (cancel_raised(r->way->cancel) && result->err)
        return err_copy(result->err);
    return result->err && result->count == 0 ? err_copy(result->err) : NULL;
}

struct err *bulk_read(struct reading *r)
{
    struct slots at[LANES];
    struct lane lanes[LANES];
    struct signin ways[LANES];
    size_t count = find_ways(r, ways);
    for (size_t i = 0; i < LANES; i++) {
        at[i] = (struct slots){.turn = i < count ? reading_turn(r) : at[0].turn};
        lanes[i] = (struct lane){.turn = at[i].turn};
    }
    ask_servers(r, &at[0]);
    ask_dsas(r, &at[1]);
    ask_accounts(r->domains[0].dn, &at[2]);
    open_lanes(r, ways, count, lanes);
    run_lanes(r, lanes);
    burst_take(r, &at[0].common);
    struct err *err = nothing_read(r, &at[1]);
    if (err)
        return err;
    take_servers(r, &at[0]);
    take_dsas(r, &at[1]);
    take_accounts(r, 0, &at[2]);
    return NULL;
}

void bulk_domain(struct reading *r, size_t domain)
{
    struct slots at = {.turn = reading_turn(r)};
    ask_accounts(r->domains[domain].dn, &at);
    run(at.turn, r->domains[domain].session, NULL, NULL);
    take_accounts(r, domain, &at);
}
