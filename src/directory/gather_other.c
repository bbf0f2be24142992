/* Another server object than S, and the DSA below it. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

const char *const gather_server_attributes[] = {"objectClass", "objectGUID",      "cn",
                                                "dNSHostName", "serverReference", NULL};

void other_take(struct facts_other *other, const struct entry *entry)
{
    entry_identity(entry, &other->guid);
    mem_set(&other->dn, entry->name.dn);
    free(other->cn);
    other->cn = dn_rdn_value(entry->name.dn);
    mem_set(&other->dns_host, entry_text(entry, "dNSHostName"));
    dn_link_release(&other->reference);
    struct dn_link link;
    if (entry_link(entry, "serverReference", &link))
        other->reference = link;
}

size_t other_ask_dsa(struct turn *turn, const struct guid *server)
{
    char *base = search_guid_base(server);
    search_init(turn_add(turn), SCOPE_ONE, base, gather_dsa_attributes, "(objectClass=nTDSDSA)");
    free(base);
    return turn->count - 1;
}

void other_take_dsa(struct facts_other *other, const struct turn *turn, size_t slot)
{
    const struct entry *entry = turn_entry(turn, slot);
    other->has_dsa = entry && entry_identity(entry, &other->dsa_guid);
    if (other->has_dsa)
        mem_set(&other->dsa_dn, entry->name.dn);
}

void other_copy(struct facts_other *to, const struct facts_other *from)
{
    *to = *from;
    to->dn = mem_text(from->dn);
    to->cn = mem_text(from->cn);
    to->dns_host = mem_text(from->dns_host);
    to->dsa_dn = mem_text(from->dsa_dn);
    dn_link_copy(&to->reference, &from->reference);
}
