/* What is the same for every DSA of a forest: its domains, the tombstone lifetime, the options and
 * the replication of the DC that answers; and who can be asked about another domain. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

enum { CROSS_REFERENCE_DOMAIN = 0x1 | 0x2, TOMBSTONE_DAYS = 60 };

/* ---- the domains ---- */

void take_crossref(struct reading *r, const struct entry *entry)
{
    int64_t flags;
    struct dn_link nc;
    if (entry_number(entry, "systemFlags", &flags) &&
        (flags & CROSS_REFERENCE_DOMAIN) == CROSS_REFERENCE_DOMAIN &&
        entry_link(entry, "nCName", &nc))
        *MEM_PUSH(r->crossrefs, r->crossref_count) = nc;
}

static bool same_partition(const struct dn_link *a, const struct dn_link *b)
{
    return a->has_guid && b->has_guid ? guid_equal(&a->guid, &b->guid) : dn_equal(a->dn, b->dn);
}

/* Without the crossRefs only the two partitions that each DC holds can be told apart. */
bool is_domain(const struct reading *r, const struct dn_link *nc)
{
    for (size_t i = 0; i < r->crossref_count; i++)
        if (same_partition(&r->crossrefs[i], nc))
            return true;
    return !r->crossrefs_known && !dn_equal(nc->dn, r->here->config_dn) &&
           !dn_equal(nc->dn, r->here->schema_dn);
}

/* ---- whom to ask ---- */

static size_t find(const struct reading *r, const char *dn)
{
    for (size_t i = 0; i < r->domain_count; i++)
        if (str_same_case(r->domains[i].dn, dn) || dn_equal(r->domains[i].dn, dn))
            return i;
    return NOWHERE;
}

/* Another domain is opened where the forest has it and somebody knows the way. */
size_t domain_at(struct reading *r, const char *dn)
{
    struct dn_link link = {.dn = (char *)dn};
    size_t at = find(r, dn);
    if (at == NOWHERE && r->way && r->crossrefs_known && is_domain(r, &link)) {
        at = r->domain_count;
        MEM_PUSH(r->domains, r->domain_count)->dn = mem_text(dn);
    }
    if (at != NOWHERE && at > 0 && r->domains[at].part == PART_NOT_ASKED)
        (void)answer_to(r, (struct question){.ask = ASK_DOMAIN, .domain = at});
    return at;
}

/* Whom to ask about an object: a DC of its own domain, or the reading's own. */
size_t domain_holding(struct reading *r, const char *dn)
{
    char *dns = dn ? dn_to_dns(dn) : NULL, *domain = dns ? dn_from_dns(dns) : NULL;
    bool inside = !domain || (r->here->config_dn && dn_is_under(dn, r->here->config_dn));
    size_t at = inside ? NOWHERE : domain_at(r, domain);
    free(dns);
    free(domain);
    if (at != NOWHERE && at > 0 && r->domains[at].part == PART_NOT_ASKED)
        return NOWHERE;
    return at != NOWHERE && r->domains[at].session ? at : 0;
}

void domain_open(struct reading *r, size_t at)
{
    struct domain *domain = &r->domains[at];
    domain->part = PART_NO_ANSWER;
    if (r->way->domain)
        domain->session = r->way->domain(r->way->context, domain->dn, &domain->why);
    domain->ours = domain->session != NULL;
    if (domain->session)
        bulk_domain(r, at);
    else if (!domain->why)
        domain->why = str_format("%s holds no copy of %s.", reading_name(r->here), domain->dn);
}

/* ---- among the facts ---- */

static void take_lifetime(struct reading *r, struct facts *facts)
{
    const struct entry *entry = answer_entry(answer_to(r, (struct question){.ask = ASK_LIFETIME}));
    int64_t days;
    if (!entry || server_catalog_port(r->here)) /* its port lacks the attribute */
        return;
    bool set = entry_number(entry, "tombstoneLifetime", &days) && days > 0 && days <= INT32_MAX;
    facts->tombstone_days = set ? (int)days : TOMBSTONE_DAYS;
}

static void take_own(struct reading *r, struct facts *facts)
{
    enum part part;
    int64_t options;
    const struct entry *entry =
        r->here->has_dsa_guid ? known_dsa(r, &r->here->dsa_guid, GRADE_FULL, &part) : NULL;
    if (!entry || server_catalog_port(r->here))
        return;
    facts->here_options_known = true;
    if (entry_number(entry, "options", &options))
        facts->here_options = (uint32_t)options;
    if (entry_has(entry, "msDS-isRODC"))
        facts->server.read_only = entry_flag(entry, "msDS-isRODC") ? FLAG_YES : FLAG_NO;
}

static bool all_inbound_fail(const struct replication *all)
{
    size_t inbound = 0, failing = 0;
    for (size_t i = 0; i < all->count; i++) {
        inbound += !all->links[i].outbound;
        failing += !all->links[i].outbound && all->links[i].result != 0;
    }
    return inbound > 0 && failing == inbound;
}

static void take_links(const struct reading *r, struct facts *facts)
{
    const struct guid *guid = &facts->asked;
    for (size_t at = index_first(&r->links, guid->bytes, sizeof guid->bytes); at != INDEX_END;
         at = index_next(&r->links, at)) {
        const struct facts_link *from = &r->status.links[index_value(&r->links, at)];
        struct facts_link *to = facts_add_link(facts);
        *to = *from;
        to->partner = mem_text(from->partner);
        to->nc = mem_text(from->nc);
    }
}

void facts_forest(struct reading *r, struct facts *facts)
{
    (void)answer_to(r, (struct question){.ask = ASK_DOMAINS});
    facts->when = r->when;
    facts->replication = answer_to(r, (struct question){.ask = ASK_STATUS})->part;
    facts->every_inbound_fails = all_inbound_fail(&r->status);
    take_lifetime(r, facts);
    take_own(r, facts);
    take_links(r, facts);
}
