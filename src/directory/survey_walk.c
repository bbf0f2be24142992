/* What the bulk searches left open: one walk over all that is known lists what is still to be asked
 * for. Healthy servers leave nothing open. Each thing is asked for once. */
#include "src/directory/survey_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

size_t survey_key(const struct need *need, char key[])
{
    key[0] = (char)('a' + need->kind);
    if (need->kind != NEED_PARENT) {
        memcpy(key + 1, need->guid.bytes, sizeof need->guid.bytes);
        return 1 + sizeof need->guid.bytes;
    }
    size_t len = strlen(need->dn);
    len = len < NEED_KEY - 1 ? len : NEED_KEY - 1;
    memcpy(key + 1, need->dn, len);
    return 1 + len;
}

static void add(struct reading *r, struct need need)
{
    char key[NEED_KEY];
    size_t len = survey_key(&need, key);
    if (index_first(&r->asked, key, len) != INDEX_END)
        return;
    index_add(&r->asked, key, len, 0);
    *MEM_PUSH(r->needs, r->need_count) = need;
}

static void add_guid(struct reading *r, enum need_kind kind, const struct guid *guid)
{
    add(r, (struct need){.kind = kind, .guid = *guid, .domain = NOWHERE});
}

/* ---- the domains ---- */

size_t survey_domain_of(const struct reading *r, const char *dn)
{
    char *dns = dn ? dn_to_dns(dn) : NULL;
    size_t found = NOWHERE;
    for (size_t i = 0; dns && i < r->domain_count && found == NOWHERE; i++) {
        char *own = dn_to_dns(r->domains[i].dn);
        found = str_same_case(dns, own) ? i : NOWHERE;
        free(own);
    }
    free(dns);
    return found;
}

static bool is_live_domain(const struct reading *r, const char *dn)
{
    struct dn_link link = {.dn = (char *)dn};
    return r->g.domains_known && gather_is_domain(&r->g, &link);
}

static size_t find_domain(struct reading *r, const char *dn)
{
    for (size_t i = 0; i < r->domain_count; i++)
        if (str_same_case(r->domains[i].dn, dn) || dn_equal(r->domains[i].dn, dn))
            return i;
    if (!is_live_domain(r, dn))
        return NOWHERE;
    struct survey_domain *domain = MEM_PUSH(r->domains, r->domain_count);
    domain->dn = mem_text(dn);
    return r->domain_count - 1;
}

/* The accounts of a domain that this DC does not hold. */
static void open_domain(struct reading *r, size_t at)
{
    struct survey_domain *domain = &r->domains[at];
    const struct survey_way *way = r->way;
    if (domain->asked)
        return;
    domain->asked = true;
    domain->part = PART_NO_ANSWER;
    if (way->domain)
        domain->session = way->domain(way->context, domain->dn, &domain->why);
    domain->ours = domain->session != NULL;
    if (domain->session)
        survey_bulk_accounts(r, at);
    else if (!domain->why)
        domain->why = str_format("%s holds no copy of %s.", gather_name(r->here), domain->dn);
}

/* D, as gather_dsa.c finds it. */
static void find_d(struct reading *r, size_t dsa)
{
    struct gather g = r->g;
    struct facts facts;
    if (r->dsas.items[dsa].deleted || r->dsas.items[dsa].domain != NOWHERE)
        return;
    facts_init(&facts);
    g.facts = &facts;
    gather_take_dsa(&g, r->dsas.items[dsa].entry);
    if (facts.dsa.domain_dn)
        r->dsas.items[dsa].domain = find_domain(r, facts.dsa.domain_dn);
    free(g.name);
    facts_release(&facts);
}

/* The list that nearly all have, without the detour. */
static bool find_d_quickly(struct reading *r, size_t dsa)
{
    const struct attribute *list = entry_attribute(r->dsas.items[dsa].entry, "msDS-HasDomainNCs");
    struct dn_link link;
    if (!list || list->count != 1 || !dn_parse_extended(list->values[0].bytes, &link))
        return false;
    if (str_same(link.dn, r->domains[0].dn))
        r->dsas.items[dsa].domain = 0;
    dn_link_release(&link);
    return r->dsas.items[dsa].domain == 0;
}

/* ---- one DSA ---- */

static bool has_lists(const struct entry *dsa)
{
    return entry_has(dsa, "msDS-HasDomainNCs") || entry_has(dsa, "msDS-hasFullReplicaNCs");
}

static bool is_linked(const struct reading *r, size_t dsa)
{
    struct guid guid;
    return entry_identity(r->dsas.items[dsa].entry, &guid) &&
           index_first(&r->links, guid.bytes, sizeof guid.bytes) != INDEX_END;
}

/* Its own names lead to one account, and the value names it. An account without SPNs is read again
 * with its access list: they may only be hidden. */
static bool is_plain(const struct reading *r, size_t dsa, const struct dn_link *link)
{
    size_t *list, count;
    match_own_accounts(r, dsa, &list, &count);
    bool plain = link->has_guid && count == 1 && r->accounts.items[list[0]].usable &&
                 shelf_by_guid(&r->accounts, &link->guid) == list[0] &&
                 entry_has(r->accounts.items[list[0]].entry, "servicePrincipalName");
    free(list);
    return plain;
}

static bool has_usable(const struct reading *r, size_t dsa)
{
    size_t *list, count;
    bool usable = false;
    match_own_accounts(r, dsa, &list, &count);
    for (size_t i = 0; i < count; i++)
        usable = usable || r->accounts.items[list[i]].usable;
    free(list);
    return usable;
}

/* Substrings make a server look at each object of the domain: only where nothing else helped. */
static void want_accounts(struct reading *r, size_t dsa)
{
    char key[NEED_KEY];
    size_t domain = r->dsas.items[dsa].domain;
    struct need need = {.kind = NEED_ACCOUNTS, .domain = domain, .dsa = dsa};
    if (domain == NOWHERE || !r->domains[domain].session ||
        !entry_identity(r->dsas.items[dsa].entry, &need.guid))
        return;
    bool before = index_first(&r->asked, key, survey_key(&need, key)) != INDEX_END;
    if (before && !has_usable(r, dsa))
        need.kind = NEED_SCAN;
    add(r, need);
}

static void want_target(struct reading *r, const struct dn_link *link)
{
    bool known = !link->has_guid || shelf_by_guid(&r->accounts, &link->guid) != NOWHERE ||
                 shelf_by_guid(&r->others, &link->guid) != NOWHERE;
    if (known)
        return;
    size_t domain = survey_domain_of(r, link->dn);
    bool inside = dn_is_under(link->dn, r->here->config_dn);
    struct need need = {
        .kind = NEED_TARGET, .guid = link->guid, .domain = inside ? NOWHERE : domain};
    if (!inside && (domain == NOWHERE || !r->domains[domain].session))
        return;
    char key[NEED_KEY];
    if (index_first(&r->asked, key, survey_key(&need, key)) != INDEX_END)
        need.kind = NEED_GONE;
    add(r, need);
}

static void want_members(struct reading *r, size_t dsa)
{
    struct guid guid;
    size_t domain = r->dsas.items[dsa].domain;
    if (domain == NOWHERE || !r->domains[domain].session ||
        !entry_identity(r->dsas.items[dsa].entry, &guid))
        return;
    const struct index *index = &r->members_by_dsa;
    for (size_t at = index_first(index, guid.bytes, sizeof guid.bytes); at != INDEX_END;
         at = index_next(index, at)) {
        const struct guid *account = &r->members[index_value(index, at)].account;
        if (shelf_by_guid(&r->accounts, account) == NOWHERE)
            add(r, (struct need){.kind = NEED_TARGET, .guid = *account, .domain = domain});
    }
}

static void walk_server(struct reading *r, size_t dsa, size_t server)
{
    struct guid guid;
    struct dn_link link;
    bool deleted = r->dsas.items[dsa].deleted;
    bool found = match_link(r, server, &link);
    if (found)
        want_target(r, &link);
    else if (!deleted && server != NOWHERE && entry_identity(r->servers.items[server].entry, &guid))
        add_guid(r, NEED_SERVER, &guid);
    if (!deleted && !(found && is_plain(r, dsa, &link)))
        want_accounts(r, dsa);
    if (found)
        dn_link_release(&link);
}

/* When the servers could not all be read, a missing one proves nothing and is not looked for. */
static void walk_dsa(struct reading *r, size_t dsa)
{
    const struct item *item = &r->dsas.items[dsa];
    struct guid guid;
    if (item->deleted && !is_linked(r, dsa))
        return;
    if (!item->deleted && !has_lists(item->entry) && entry_identity(item->entry, &guid))
        add_guid(r, NEED_DSA, &guid);
    if (!item->deleted && !find_d_quickly(r, dsa))
        find_d(r, dsa);
    if (item->domain != NOWHERE)
        open_domain(r, item->domain);
    size_t server = match_server(r, dsa);
    if (server == NOWHERE && (r->servers_whole || item->deleted) && *item->parent)
        add(r, (struct need){.kind = NEED_PARENT, .domain = NOWHERE, .dn = item->parent});
    want_members(r, dsa);
    walk_server(r, dsa, server);
}

/* ---- all ---- */

static void walk_links(struct reading *r)
{
    for (size_t i = 0; i < r->status.count; i++) {
        const struct guid *guid = &r->status.links[i].dsa_guid;
        if (!guid_is_null(guid) && shelf_by_guid(&r->dsas, guid) == NOWHERE)
            add_guid(r, NEED_DSA, guid);
    }
}

static void walk_accounts(struct reading *r)
{
    for (; r->named_seen < r->named.count; r->named_seen++)
        if (shelf_by_guid(&r->dsas, &r->named.items[r->named_seen]) == NOWHERE)
            add_guid(r, NEED_DSA, &r->named.items[r->named_seen]);
    for (; r->holders_seen < r->holders.count; r->holders_seen++)
        if (shelf_by_guid(&r->servers, &r->holders.items[r->holders_seen]) == NOWHERE)
            add_guid(r, NEED_SERVER, &r->holders.items[r->holders_seen]);
}

void survey_walk(struct reading *r)
{
    walk_links(r);
    for (size_t i = 0; i < r->dsas.count; i++)
        walk_dsa(r, i);
    walk_accounts(r);
}
