/* S, the parent of N: its values, whether its missing link proves anything, what we may do to it.
 * Everything is asked in one read, so that "absent" is said only of an entry that came back. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/directory/access.h"

#include <stdlib.h>

static enum server_flag judge_reading(const struct reading *r, const struct entry *entry)
{
    const struct attribute *sd = entry_attribute(entry, "nTSecurityDescriptor");
    if (!sd || sd->count != 1)
        return FLAG_UNKNOWN;
    return access_may_read_reference(sd->values[0].bytes, sd->values[0].len,
                                     &r->here->token_groups);
}

/* A catalog's port does not carry the attribute, and a reader without the right sees an entry
 * without it: neither proves that it is missing. */
static void take_reference(const struct reading *r, struct facts_server *srv,
                           const struct entry *entry, enum part none)
{
    srv->may_read = judge_reading(r, entry);
    if (server_catalog_port(r->here))
        srv->reference = PART_NOT_ASKED;
    else if (entry_link(entry, "serverReference", &srv->reference_link))
        srv->reference = PART_PRESENT;
    else if (srv->may_read == FLAG_NO)
        srv->reference = PART_DENIED;
    else
        srv->reference = none;
}

/* Windows keeps who took the last value away; Samba has no such attribute. */
static void take_removal(struct facts *facts, const struct entry *entry)
{
    const struct attribute *rows = entry_attribute(entry, "msDS-ReplValueMetaData");
    for (size_t i = 0; rows && i < rows->count; i++) {
        char *by;
        time_t when;
        if (replication_removed(rows->values[i].bytes, rows->values[i].len, &by, &when) &&
            when > facts->removed_at) {
            facts->removed_at = when;
            mem_set(&facts->removed_by, by);
        }
        free(by);
    }
}

static void take_values(const struct reading *r, struct facts_server *srv,
                        const struct entry *entry)
{
    srv->dn = mem_text(entry->name.dn);
    srv->cn = dn_rdn_value(srv->dn);
    srv->deleted = entry_flag(entry, "isDeleted");
    srv->is_server = entry_is_class(entry, "server");
    srv->dns_host = mem_text(entry_text(entry, "dNSHostName"));
    entry_time(entry, "whenChanged", &srv->changed);
    srv->site = dn_is_under(srv->dn, r->sites) ? dn_site(srv->dn) : NULL;
}

/* none: what it means when the entry has no value. */
static void take_s(struct reading *r, struct facts *facts, const struct entry *entry,
                   enum part none)
{
    struct facts_server *srv = &facts->srv;
    srv->part = PART_PRESENT;
    if (!entry_identity(entry, &srv->guid) || !entry_has(entry, "objectClass")) {
        srv->part = PART_DENIED;
        return;
    }
    take_values(r, srv, entry);
    take_reference(r, srv, entry, none);
    if (srv->reference == PART_ABSENT)
        take_removal(facts, entry);
    /* constructed: a user who may write nothing gets an empty list, which is not sent at all */
    srv->rights = r->way || server_catalog_port(r->here) ? PART_NOT_ASKED : PART_PRESENT;
    srv->may_write =
        !r->way && entry_has_value(entry, "allowedAttributesEffective", "serverReference");
}

/* In a forest a server that has its value, or whose DSA is gone, needs no second look. */
static bool is_enough(const struct reading *r, const struct facts *facts, const struct item *item)
{
    return item->grade == GRADE_ACCESS ||
           (r->way && (facts->dsa.deleted || entry_has(item->entry, "serverReference")));
}

/* When a forest's servers could not all be read, a missing one proves nothing and is not looked
 * for. */
static void take_parent(struct reading *r, struct facts *facts, const char *dn)
{
    size_t at = store_dn(&r->store, SORT_SERVER, dn);
    const struct item *item = at == NOWHERE ? NULL : &r->store.items[at];
    if (item && is_enough(r, facts, item)) {
        take_s(r, facts, item->entry, PART_ABSENT);
        return;
    }
    facts->srv.part = PART_NO_ANSWER;
    if (!item && r->way && !r->servers_whole && !facts->dsa.deleted)
        return;
    const struct guid *guid = item && r->way ? &item->entry->name.guid : NULL;
    const struct answer *answer =
        answer_to(r, (struct question){.ask = ASK_S, .guid = guid, .text = dn});
    facts->srv.part = answer->part;
    if (answer->count > 0)
        take_s(r, facts, answer->entries[0], PART_ABSENT);
    else if (guid && answer->part != PART_ABSENT)
        take_s(r, facts, item->entry, answer->part);
}

void facts_server_from(struct reading *r, struct facts *facts)
{
    char *parent = dn_parent(facts->dsa.dn);
    if (parent)
        take_parent(r, facts, parent);
    free(parent);
}
