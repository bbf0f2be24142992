/* What is the same for every DSA: the forest's domains, the tombstone lifetime, the answering DC's
 * own options, and the name behind the GUID of the DC that reported the error. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

enum { CROSS_REFERENCE_DOMAIN = 0x1 | 0x2, TOMBSTONE_DAYS = 60, PAGE = 500 };

static const char *const partition_attributes[] = {"nCName", "systemFlags", NULL};
static const char *const lifetime_attributes[] = {"objectClass", "tombstoneLifetime", NULL};
static const char *const own_attributes[] = {"objectClass", "options", "msDS-isRODC", NULL};
static const char *const name_attributes[] = {"objectClass", NULL};

static void ask(struct gather *g, struct turn *turn)
{
    const char *config = g->here->config_dn;
    char *partitions = str_format("CN=Partitions,%s", config);
    char *lifetime = str_format("CN=Directory Service,CN=Windows NT,CN=Services,%s", config);
    g->at.partitions = turn->count;
    struct search *search = turn_add(turn);
    search_init(search, SCOPE_ONE, partitions, partition_attributes, "(objectClass=crossRef)");
    search->page = PAGE;
    g->at.lifetime = turn_object(turn, lifetime, lifetime_attributes);
    g->at.own =
        g->here->has_dsa_guid ? turn_guid(turn, &g->here->dsa_guid, own_attributes) : TURN_NONE;
    g->at.destination = TURN_NONE;
    if (g->subject->has_destination_dsa && !g->subject->destination)
        g->at.destination = turn_guid(turn, &g->subject->destination_dsa, name_attributes);
    free(partitions);
    free(lifetime);
}

static void take_domains(struct gather *g, const struct result *result)
{
    g->domains_known = result && !result->err && result->complete && result->count > 0;
    for (size_t i = 0; result && i < result->count; i++) {
        int64_t flags;
        struct dn_link nc;
        if (entry_number(&result->entries[i], "systemFlags", &flags) &&
            (flags & CROSS_REFERENCE_DOMAIN) == CROSS_REFERENCE_DOMAIN &&
            entry_link(&result->entries[i], "nCName", &nc))
            *MEM_PUSH(g->domains, g->domain_count) = nc;
    }
}

static void take_lifetime(struct facts *facts, const struct entry *entry)
{
    int64_t days;
    if (entry_number(entry, "tombstoneLifetime", &days) && days > 0 && days <= INT32_MAX)
        facts->tombstone_days = (int)days;
    else
        facts->tombstone_days = TOMBSTONE_DAYS;
}

static void take_own(struct facts *facts, const struct entry *entry)
{
    int64_t options;
    facts->here_options_known = true;
    if (entry_number(entry, "options", &options))
        facts->here_options = (uint32_t)options;
    if (entry_has(entry, "msDS-isRODC"))
        facts->server.read_only = entry_flag(entry, "msDS-isRODC") ? FLAG_YES : FLAG_NO;
}

static void take_destination(struct facts *facts, const struct entry *entry)
{
    char *server = entry ? dn_parent(entry->name.dn) : NULL;
    if (server)
        facts->destination = dn_rdn_value(server);
    free(server);
}

static void take(struct gather *g, const struct turn *turn)
{
    take_domains(g, turn_result(turn, g->at.partitions));
    bool whole = !server_catalog_port(g->here); /* a catalog's port lacks both attributes */
    const struct entry *lifetime = turn_entry(turn, g->at.lifetime);
    const struct entry *own = turn_entry(turn, g->at.own);
    if (lifetime && whole)
        take_lifetime(g->facts, lifetime);
    if (own && whole)
        take_own(g->facts, own);
    take_destination(g->facts, turn_entry(turn, g->at.destination));
}

const struct step gather_forest_step = {ask, take};

static bool same_partition(const struct dn_link *a, const struct dn_link *b)
{
    return a->has_guid && b->has_guid ? guid_equal(&a->guid, &b->guid) : dn_equal(a->dn, b->dn);
}

/* Without the crossRefs only the two partitions that each DC holds can be told apart. */
bool gather_is_domain(const struct gather *g, const struct dn_link *nc)
{
    for (size_t i = 0; i < g->domain_count; i++)
        if (same_partition(&g->domains[i], nc))
            return true;
    return !g->domains_known && !dn_equal(nc->dn, g->here->config_dn) &&
           !dn_equal(nc->dn, g->here->schema_dn);
}
