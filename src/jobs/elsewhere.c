/* DNS, the ticket and the connection may each block for long: both are done by a crew of one or a
 * few, and what is not back in time is left behind. The reading itself keeps the session's
 * deadlines. */
#include "src/jobs/elsewhere.h"

#include "src/base/crew.h"
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/dns.h"
#include "src/directory/gather.h"
#include "src/directory/member.h"
#include "src/directory/opening.h"
#include "src/model/dn.h"
#include "src/model/host.h"

#include <stdlib.h>

enum { WAYS_MOST = 8, EACH_MS = 5000, CATALOG_TLS = 3269, SITES_MOST = 4 };

/* ---- finding: DNS ---- */

struct finding_errand {
    char *domain, *forest;
    struct strs sites;                               /* the nearest first */
    struct dns_srvs near[SITES_MOST], dcs, catalogs; /* near: of each site */
    char *why;
};

static void run_find(void *argument, struct cancel *cancel)
{
    struct finding_errand *errand = argument;
    (void)cancel; /* the resolver listens to nobody */
    struct err *err = dns_find_dcs(errand->domain, &errand->dcs);
    if (err)
        errand->why = mem_text(err->text);
    err_free(err);
    for (size_t i = 0; i < errand->sites.count; i++)
        err_free(dns_find_site_dcs(errand->sites.items[i], errand->domain, &errand->near[i]));
    if (errand->forest)
        err_free(dns_find_catalogs(errand->forest, &errand->catalogs));
}

static void free_find(void *argument)
{
    struct finding_errand *errand = argument;
    free(errand->domain);
    free(errand->forest);
    free(errand->why);
    for (size_t i = 0; i < errand->sites.count; i++)
        dns_srvs_release(&errand->near[i]);
    strs_release(&errand->sites);
    dns_srvs_release(&errand->dcs);
    dns_srvs_release(&errand->catalogs);
    free(errand);
}

static const struct errand_kind find_kind = {run_find, free_find};

static bool is_among(const struct signin *list, size_t count, const char *host)
{
    for (size_t i = 0; i < count; i++)
        if (host_equal(list[i].host, host))
            return true;
    return false;
}

static void add_ways(const struct session *session, const struct dns_srvs *found, bool catalogs,
                     struct signin **list, size_t *count)
{
    for (size_t i = 0; i < found->count && *count < WAYS_MOST; i++) {
        struct signin signin;
        if (is_among(*list, *count, found->items[i].host))
            continue;
        if (!session_signin_elsewhere(session, found->items[i].host, &signin))
            return;
        mem_set(&signin.named, NULL); /* DNS names it, and DNS can be forged */
        if (catalogs)
            signin.port = signin.transport == TRANSPORT_LDAPS ? CATALOG_TLS : found->items[i].port;
        struct signin *way = mem_push((void *)list, count, sizeof *way);
        *way = signin;
    }
}

static bool may_sign_in(const struct session *session)
{
    struct signin signin;
    bool may = session_signin_elsewhere(session, session_server(session)->host, &signin);
    if (may)
        signin_release(&signin);
    return may;
}

static void add_site(struct strs *sites, const char *site)
{
    bool known = !site || sites->count == SITES_MOST;
    for (size_t i = 0; i < sites->count && !known; i++)
        known = str_same_case(sites->items[i], site);
    if (!known)
        strs_add(sites, site);
}

/* In a branch network most DCs of a domain are out of reach; where the partners stand there is a
 * way. */
static void list_sites(const struct session *session, const struct facts *facts, struct strs *sites)
{
    const char *server_dn = session_server(session)->server_dn;
    char *own = server_dn ? dn_site(server_dn) : NULL;
    add_site(sites, own);
    for (size_t i = 0; facts && i < facts->copy_count; i++)
        add_site(sites, facts->copies[i].site);
    free(own);
}

static void find(const struct session *session, const struct facts *facts, const char *domain,
                 struct cancel *cancel, struct elsewhere *out)
{
    struct finding_errand *errand = mem_zero(1, sizeof *errand);
    struct crew crew = {.at_once = 1, .each_ms = EACH_MS};
    void *errands[1] = {errand};
    errand->domain = mem_text(domain);
    errand->forest = mem_text(session_server(session)->forest);
    list_sites(session, facts, &errand->sites);
    crew_run(&crew, &find_kind, errands, 1, cancel);
    if (!errands[0]) {
        out->why = mem_text("DNS does not answer.");
        return;
    }
    out->why = mem_text(errand->why);
    for (size_t i = 0; i < errand->sites.count; i++)
        add_ways(session, &errand->near[i], false, &out->dcs, &out->dc_count);
    add_ways(session, &errand->dcs, false, &out->dcs, &out->dc_count);
    add_ways(session, &errand->catalogs, true, &out->catalogs, &out->catalog_count);
    free_find(errand);
}

void elsewhere_find(const struct session *session, const struct facts *facts, const char *domain,
                    struct cancel *cancel, struct elsewhere *out)
{
    *out = (struct elsewhere){.each_ms = EACH_MS};
    if (!domain)
        out->why = mem_text("The domain has no DNS name.");
    else if (may_sign_in(session))
        find(session, facts, domain, cancel, out);
    else
        out->why = mem_text("Other DCs are asked with a Kerberos ticket only.");
}

void elsewhere_release(struct elsewhere *ways)
{
    for (size_t i = 0; i < ways->dc_count; i++)
        signin_release(&ways->dcs[i]);
    for (size_t i = 0; i < ways->catalog_count; i++)
        signin_release(&ways->catalogs[i]);
    free(ways->dcs);
    free(ways->catalogs);
    free(ways->why);
    *ways = (struct elsewhere){.dcs = NULL};
}

/* ---- opening ---- */

/* DNS may have named anybody. A stranger is closed. */
static struct session *only_a_member(struct session *session, struct session *other, char **why)
{
    struct err *err = other ? member_check(session, session_server(other)) : NULL;
    if (!err)
        return other;
    mem_set(why, err->text);
    err_free(err);
    session_close(other);
    return NULL;
}

/* The first that is a member stays open. How many are left to try: when a stranger was the first,
 * the others were given up for it. */
static size_t open_some(struct session *session, struct signin *ways, size_t count, int each_ms,
                        struct cancel *cancel, struct session **out, char **why)
{
    struct deadlines deadlines = {each_ms, each_ms, each_ms, each_ms, each_ms};
    struct session **sessions = mem_zero(count, sizeof *sessions);
    char **whys = mem_zero(count, sizeof *whys);
    size_t kept = 0;
    sessions_open_first(ways, count, &deadlines, each_ms, cancel, sessions, whys);
    for (size_t i = 0; i < count; i++) {
        log_line("sign-in on %s: %s", ways[i].host, sessions[i] ? "done" : "failed");
        if (sessions[i])
            session_forbid_writes(sessions[i]);
        else
            ways[kept++] = ways[i];
        if (*out)
            session_close(sessions[i]);
        else
            *out = only_a_member(session, sessions[i], &whys[i]);
        if (whys[i])
            mem_set(why, whys[i]);
        free(whys[i]);
    }
    free(sessions);
    free(whys);
    return *out || kept == count ? 0 : kept;
}

struct session *elsewhere_open(struct session *session, const struct signin *ways, size_t count,
                               int each_ms, struct cancel *cancel, char **why)
{
    struct session *other = NULL;
    struct signin *left = mem_zero(count, sizeof *left); /* what they own stays the caller's */
    for (size_t i = 0; i < count; i++)
        left[i] = ways[i];
    *why = NULL;
    while (count > 0 && !other && !cancel_raised(cancel))
        count = open_some(session, left, count, each_ms, cancel, &other, why);
    free(left);
    return other;
}

/* ---- reading ---- */

static void add_why(struct facts *facts, const char *why)
{
    if (!why)
        return;
    char *text = str_format("%s%s%s", facts->accounts_why ? facts->accounts_why : "",
                            facts->accounts_why ? " " : "", why);
    free(facts->accounts_why);
    facts->accounts_why = text;
}

static void read_on(struct session *session, const struct signin *ways, size_t count, int each_ms,
                    struct cancel *cancel, struct facts *facts)
{
    char *why = NULL;
    struct session *other = elsewhere_open(session, ways, count, each_ms, cancel, &why);
    add_why(facts, other ? NULL : why);
    free(why);
    if (!other)
        return;
    struct err *err = gather_accounts(other, facts);
    if (err) {
        facts->accounts_part = PART_NO_ANSWER;
        add_why(facts, err->text);
    }
    err_free(err);
    session_close(other);
}

/* A catalog that finds nobody may not have heard of the account yet. */
static void doubt_catalog(struct facts *facts)
{
    if (facts->accounts_part != PART_PRESENT || facts->account_count > 0)
        return;
    facts->accounts_part = PART_NO_ANSWER;
    add_why(facts, "Only a global catalog answered; it knows no account that fits, which proves "
                   "nothing.");
}

struct err *elsewhere_read(struct session *session, const struct elsewhere *ways,
                           struct cancel *cancel, struct facts *facts)
{
    add_why(facts, ways->why);
    read_on(session, ways->dcs, ways->dc_count, ways->each_ms, cancel, facts);
    if (facts->accounts_part != PART_PRESENT && !cancel_raised(cancel)) {
        read_on(session, ways->catalogs, ways->catalog_count, ways->each_ms, cancel, facts);
        doubt_catalog(facts);
    }
    return gather_links(session, facts);
}
