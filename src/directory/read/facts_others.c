/* The servers beside S: those with its name and those with its host name, the DSA below each of
 * them, and which of them a deleted DSA's machine runs as now. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

enum { TWINS_MOST = 50 };

/* ---- another server object ---- */

void other_take(struct facts_other *other, const struct entry *entry)
{
    (void)entry_identity(entry, &other->guid);
    mem_set(&other->dn, entry->name.dn);
    free(other->cn);
    other->cn = dn_rdn_value(entry->name.dn);
    mem_set(&other->dns_host, entry_text(entry, "dNSHostName"));
    dn_link_release(&other->reference);
    struct dn_link link;
    if (entry_link(entry, "serverReference", &link))
        other->reference = link;
}

void other_take_dsa(struct facts_other *other, const struct entry *dsa)
{
    other->has_dsa = dsa && entry_identity(dsa, &other->dsa_guid);
    if (other->has_dsa)
        mem_set(&other->dsa_dn, dsa->name.dn);
}

static void other_copy(struct facts_other *to, const struct facts_other *from)
{
    *to = *from;
    to->dn = mem_text(from->dn);
    to->cn = mem_text(from->cn);
    to->dns_host = mem_text(from->dns_host);
    to->dsa_dn = mem_text(from->dsa_dn);
    dn_link_copy(&to->reference, &from->reference);
}

/* ---- twins ---- */

static void ask_servers(struct reading *r, const char *terms)
{
    if (terms && !r->way)
        (void)answer_to(r, (struct question){.ask = ASK_SERVERS, .text = terms});
}

static struct places find(struct reading *r, const struct facts *facts, const char *name)
{
    struct places places = {NULL, 0};
    char *cn = name && *name ? search_escape(name) : NULL;
    char *names = cn ? str_format("(cn=%s)(cn=%s\\0aCNF:*)", cn, cn) : NULL;
    char *hosts = host_terms(facts->srv.dns_host);
    ask_servers(r, names);
    ask_servers(r, hosts);
    if (names)
        store_named(&r->store, SORT_SERVER, name, &places);
    store_hosts(&r->store, SORT_SERVER, facts->srv.dns_host, &places);
    free(cn);
    free(names);
    free(hosts);
    return places;
}

static void add_twin(struct reading *r, struct facts *facts, const struct entry *entry)
{
    struct guid guid;
    if (!entry_identity(entry, &guid) ||
        (facts->srv.part == PART_PRESENT && guid_equal(&facts->srv.guid, &guid)))
        return;
    struct facts_other *twin = MEM_PUSH(facts->twins, facts->twin_count);
    other_take(twin, entry);
    other_take_dsa(twin, known_child(r, &twin->guid, twin->dn));
}

/* ---- S itself, where it is live again and has another DSA below it ---- */

static void take_own_child(struct reading *r, struct facts *facts)
{
    const struct facts_server *srv = &facts->srv;
    if (!facts->dsa.deleted || srv->part != PART_PRESENT || srv->deleted)
        return;
    const struct entry *dsa = known_child(r, &srv->guid, srv->dn);
    if (!dsa)
        return;
    struct facts_other *own = MEM_PUSH(facts->successors, facts->successor_count);
    own->guid = srv->guid;
    own->dn = mem_text(srv->dn);
    own->cn = mem_text(srv->cn);
    own->dns_host = mem_text(srv->dns_host);
    dn_link_copy(&own->reference, &srv->reference_link);
    other_take_dsa(own, dsa);
}

/* ---- together ---- */

static void add_copy(struct facts_other **list, size_t *count, const struct facts_other *from)
{
    for (size_t i = 0; i < *count; i++)
        if (guid_equal(&(*list)[i].guid, &from->guid))
            return;
    struct facts_other *to = mem_push((void *)list, count, sizeof *to);
    other_copy(to, from);
}

static void add_successors(struct facts *facts)
{
    for (size_t i = 0; facts->dsa.deleted && i < facts->twin_count; i++)
        if (facts->twins[i].has_dsa)
            add_copy(&facts->successors, &facts->successor_count, &facts->twins[i]);
}

void facts_others_from(struct reading *r, struct facts *facts, const char *name)
{
    struct places places = find(r, facts, name);
    for (size_t i = 0; i < places.count && i < TWINS_MOST; i++)
        add_twin(r, facts, r->store.items[places.items[i]].entry);
    free(places.items);
    take_own_child(r, facts);
    add_successors(facts);
}

/* The servers that hold the same target are known once the accounts' links are. */
void facts_others_finish(struct facts *facts)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        for (size_t h = 0; account->is_target && h < account->holder_count; h++)
            add_copy(&facts->twins, &facts->twin_count, &account->holders[h]);
    }
    add_successors(facts);
}
