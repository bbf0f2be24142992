/* N, the NTDS Settings object, and D, the domain that its DC serves. On a catalog's port the lists
 * of domains are not carried, and their lack proves nothing. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

/* The first row decides alone when it has one value; it is the list made for this. */
static const char *const domain_lists[] = {"msDS-HasDomainNCs", "msDS-hasMasterNCs", "hasMasterNCs",
                                           "msDS-hasFullReplicaNCs"};
enum { DOMAIN_LISTS = sizeof domain_lists / sizeof *domain_lists };

/* The one domain in a list; false when there is none or more than one. */
static bool one_domain(const struct reading *r, const struct attribute *list, bool trusted,
                       struct dn_link *out)
{
    size_t found = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct dn_link nc;
        if (!dn_parse_extended(list->values[i].bytes, &nc))
            continue;
        bool fits = (trusted && list->count == 1) || is_domain(r, &nc);
        if (fits && found++ == 0)
            *out = nc;
        else
            dn_link_release(&nc);
    }
    if (found > 1)
        dn_link_release(out);
    return found == 1;
}

/* none: what no list at all means. */
static void take_domain(struct reading *r, struct facts *facts, const struct entry *entry,
                        enum part none)
{
    struct facts_dsa *dsa = &facts->dsa;
    struct dn_link domain = {.has_guid = false};
    bool known = false;
    dsa->domain = none;
    for (size_t i = 0; i < DOMAIN_LISTS && !known; i++) {
        const struct attribute *list = entry_attribute(entry, domain_lists[i]);
        if (!list || list->count == 0)
            continue;
        dsa->domain = PART_PRESENT;
        known = one_domain(r, list, i == 0, &domain);
    }
    if (!known)
        return;
    facts->domain_live = !r->crossrefs_known     ? PART_NO_ANSWER
                         : is_domain(r, &domain) ? PART_PRESENT
                                                 : PART_ABSENT;
    dsa->domain_dn = mem_text(domain.dn);
    dn_link_release(&domain);
}

static void take_object(struct facts_dsa *dsa, const struct entry *entry)
{
    int64_t options;
    dsa->part = PART_PRESENT;
    dsa->deleted = entry_flag(entry, "isDeleted");
    dsa->is_dsa = true;
    dsa->dn = mem_text(entry->name.dn);
    dsa->read_only = entry_is_class(entry, "nTDSDSARO") || entry_flag(entry, "msDS-isRODC");
    if (entry_number(entry, "options", &options))
        dsa->options = (uint32_t)options;
    entry_time(entry, "whenCreated", &dsa->created);
    entry_time(entry, "whenChanged", &dsa->changed);
}

/* S's name is its RDN; that of an orphan's former parent, which the orphan remembers. */
char *dsa_plain_name(const struct entry *dsa, const char *sites)
{
    struct dn_link last = {.has_guid = false};
    char *parent = dn_parent(dsa->name.dn);
    if (parent && !dn_is_under(parent, sites)) {
        free(parent);
        parent = entry_link(dsa, "lastKnownParent", &last) ? mem_text(last.dn) : NULL;
    }
    char *name = dn_plain_rdn(parent);
    dn_link_release(&last);
    free(parent);
    return name;
}

void facts_dsa_from(struct reading *r, const struct guid *guid, struct facts *facts)
{
    enum part part;
    const struct entry *entry = known_dsa(r, guid, GRADE_FULL, &part);
    facts->asked = *guid;
    facts->dsa.part = part;
    if (!entry)
        return;
    if (!entry_identity(entry, &facts->dsa.guid) || !guid_equal(&facts->dsa.guid, guid) ||
        !entry_has(entry, "objectClass")) {
        facts->dsa.part = PART_DENIED;
        return;
    }
    if (!entry_is_class(entry, "nTDSDSA")) {
        facts->dsa.part = PART_ABSENT; /* facts_not_a_dsa() says what it is instead */
        return;
    }
    take_object(&facts->dsa, entry);
    enum part none = server_catalog_port(r->here) ? PART_NOT_ASKED
                     : part == PART_PRESENT       ? PART_ABSENT
                                                  : part;
    if (!facts->dsa.deleted)
        take_domain(r, facts, entry, none);
}
