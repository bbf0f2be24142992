/* N, the NTDS Settings object, and D, the domain that its DC serves. On a catalog's port the lists
 * of domains are not carried, and their lack proves nothing. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

const char *const gather_dsa_attributes[] = {"objectClass",
                                             "objectGUID",
                                             "isDeleted",
                                             "lastKnownParent",
                                             "whenCreated",
                                             "whenChanged",
                                             "options",
                                             "msDS-isRODC",
                                             "msDS-HasDomainNCs",
                                             "msDS-hasMasterNCs",
                                             "hasMasterNCs",
                                             "msDS-hasFullReplicaNCs",
                                             NULL};

/* The first row decides alone when it has one value; it is the list made for this. */
static const char *const domain_lists[] = {"msDS-HasDomainNCs", "msDS-hasMasterNCs", "hasMasterNCs",
                                           "msDS-hasFullReplicaNCs"};
enum { DOMAIN_LISTS = sizeof domain_lists / sizeof *domain_lists };

/* The one domain in a list; false when there is none or more than one. */
static bool one_domain(const struct gather *g, const struct attribute *list, bool trusted,
                       struct dn_link *out)
{
    size_t found = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct dn_link nc;
        if (!dn_parse_extended(list->values[i].bytes, &nc))
            continue;
        bool fits = (trusted && list->count == 1) || gather_is_domain(g, &nc);
        if (fits && found++ == 0)
            *out = nc;
        else
            dn_link_release(&nc);
    }
    if (found > 1)
        dn_link_release(out);
    return found == 1;
}

static void take_domain(struct gather *g, const struct entry *entry)
{
    struct facts_dsa *dsa = &g->facts->dsa;
    struct dn_link domain = {.has_guid = false};
    bool known = false;
    dsa->domain = server_catalog_port(g->here) ? PART_NOT_ASKED : PART_ABSENT;
    for (size_t i = 0; i < DOMAIN_LISTS && !known; i++) {
        const struct attribute *list = entry_attribute(entry, domain_lists[i]);
        if (!list || list->count == 0)
            continue;
        dsa->domain = PART_PRESENT;
        known = one_domain(g, list, i == 0, &domain);
    }
    if (!known)
        return;
    g->facts->domain_live = !g->domains_known              ? PART_NO_ANSWER
                            : gather_is_domain(g, &domain) ? PART_PRESENT
                                                           : PART_ABSENT;
    dsa->domain_dn = mem_text(domain.dn);
    dn_link_release(&domain);
}

static void take_object(struct gather *g, const struct entry *entry)
{
    struct facts_dsa *dsa = &g->facts->dsa;
    int64_t options;
    dsa->deleted = entry_flag(entry, "isDeleted");
    dsa->is_dsa = true;
    dsa->dn = mem_text(entry->name.dn);
    dsa->read_only = entry_is_class(entry, "nTDSDSARO") || entry_flag(entry, "msDS-isRODC");
    if (entry_number(entry, "options", &options))
        dsa->options = (uint32_t)options;
    entry_time(entry, "whenCreated", &dsa->created);
    entry_time(entry, "whenChanged", &dsa->changed);
    if (!dsa->deleted)
        take_domain(g, entry);
}

/* S's name is its RDN; that of an orphan's former parent, which the orphan remembers. */
char *gather_plain_name(const struct gather *g, const struct entry *entry)
{
    struct dn_link last = {.has_guid = false};
    char *parent = dn_parent(entry->name.dn);
    if (parent && !dn_is_under(parent, g->sites)) {
        free(parent);
        parent = entry_link(entry, "lastKnownParent", &last) ? mem_text(last.dn) : NULL;
    }
    char *raw = parent ? dn_rdn_value(parent) : NULL, *name = raw ? dn_unmarked(raw) : NULL;
    dn_link_release(&last);
    free(parent);
    free(raw);
    return name;
}

static void ask(struct gather *g, struct turn *turn)
{
    gather_look_up(g, turn);
}

void gather_take_dsa(struct gather *g, const struct entry *entry)
{
    struct facts *facts = g->facts;
    if (!entry_identity(entry, &facts->dsa.guid) ||
        (g->dsa && g->dsa->has_guid && !guid_equal(&facts->dsa.guid, &g->dsa->guid)) ||
        !entry_has(entry, "objectClass")) {
        facts->dsa.part = PART_DENIED;
        return;
    }
    facts->asked = facts->dsa.guid;
    if (!entry_is_class(entry, "nTDSDSA")) {
        facts->dsa.part = PART_ABSENT; /* gather_asked.c says what it is instead */
        return;
    }
    facts->dsa.part = PART_PRESENT;
    take_object(g, entry);
    g->name = gather_plain_name(g, entry);
}

static void take(struct gather *g, const struct turn *turn)
{
    const struct entry *entry = gather_choose(g, turn);
    if (g->err)
        return;
    g->facts->dsa.part = turn_part(turn, g->at.first);
    if (entry)
        gather_take_dsa(g, entry);
}

const struct step gather_dsa_step = {ask, take};
