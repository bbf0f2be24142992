/* S, the parent of N: its values, whether its missing link proves anything, what we may do to it.
 * Everything is asked in one read, so that "absent" is said only of an entry that came back. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"
#include "src/directory/access.h"

#include <stdlib.h>

const char *const gather_s_attributes[] = {"objectClass",
                                           "objectGUID",
                                           "cn",
                                           "isDeleted",
                                           "whenChanged",
                                           "dNSHostName",
                                           "serverReference",
                                           "allowedAttributesEffective",
                                           "nTSecurityDescriptor",
                                           "msDS-ReplValueMetaData",
                                           NULL};

static void ask(struct gather *g, struct turn *turn)
{
    char *parent = g->facts->dsa.dn ? dn_parent(g->facts->dsa.dn) : NULL;
    g->at.server = TURN_NONE;
    if (parent) {
        g->at.server = turn_object(turn, parent, gather_s_attributes);
        turn->searches[g->at.server].dacl = true;
    }
    free(parent);
}

static enum server_flag judge_reading(const struct gather *g, const struct entry *entry)
{
    const struct attribute *sd = entry_attribute(entry, "nTSecurityDescriptor");
    if (!sd || sd->count != 1)
        return FLAG_UNKNOWN;
    return access_may_read_reference(sd->values[0].bytes, sd->values[0].len,
                                     &g->here->token_groups);
}

/* A catalog's port does not carry the attribute, and a reader without the right sees an entry
 * without it: neither proves that it is missing. */
static void take_reference(struct gather *g, const struct entry *entry)
{
    struct facts_server *srv = &g->facts->srv;
    srv->may_read = judge_reading(g, entry);
    if (server_catalog_port(g->here))
        srv->reference = PART_NOT_ASKED;
    else if (entry_link(entry, "serverReference", &srv->reference_link))
        srv->reference = PART_PRESENT;
    else if (srv->may_read == FLAG_NO)
        srv->reference = PART_DENIED;
    else
        srv->reference = PART_ABSENT;
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

static void take_site(struct gather *g, struct facts_server *srv)
{
    char *site = dn_is_under(srv->dn, g->sites) ? dn_ancestor(srv->dn, 2) : NULL;
    if (site)
        srv->site = dn_rdn_value(site);
    free(site);
}

void gather_take_s(struct gather *g, const struct entry *entry)
{
    struct facts_server *srv = &g->facts->srv;
    srv->part = PART_PRESENT;
    if (!entry_identity(entry, &srv->guid) || !entry_has(entry, "objectClass")) {
        srv->part = PART_DENIED;
        return;
    }
    srv->dn = mem_text(entry->name.dn);
    srv->cn = dn_rdn_value(srv->dn);
    srv->deleted = entry_flag(entry, "isDeleted");
    srv->is_server = entry_is_class(entry, "server");
    srv->dns_host = mem_text(entry_text(entry, "dNSHostName"));
    entry_time(entry, "whenChanged", &srv->changed);
    take_site(g, srv);
    take_reference(g, entry);
    if (srv->reference == PART_ABSENT)
        take_removal(g->facts, entry);
    /* constructed: a user who may write nothing gets an empty list, which is not sent at all */
    srv->rights = server_catalog_port(g->here) ? PART_NOT_ASKED : PART_PRESENT;
    srv->may_write = entry_has_value(entry, "allowedAttributesEffective", "serverReference");
}

static void take(struct gather *g, const struct turn *turn)
{
    const struct entry *entry = turn_entry(turn, g->at.server);
    g->facts->srv.part = turn_part(turn, g->at.server);
    if (entry)
        gather_take_s(g, entry);
}

const struct step gather_server_step = {ask, take};
