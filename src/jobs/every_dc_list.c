/* Two long lists of the first DC become one table: a row a live DSA, with what its parent, the
 * server object, holds. */
#include "src/jobs/every_dc_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/turn.h"

#include <stdlib.h>

enum { PAGE = 1000 };

static const char *const server_attributes[] = {"dNSHostName", "objectGUID", "serverReference",
                                                NULL};
static const char *const dsa_attributes[] = {"objectClass", "objectGUID", NULL};

struct parent { /* a server object, until its DSA is known */
    struct guid guid;
    char *dn, *host; /* dn: folded */
    enum copy_state state;
    struct dn_link value;
};
struct listing {
    struct parent *parents;
    size_t count;
    struct index by_dn;
    struct forest_list *list;
};

void forest_searches(const struct server *server, struct search searches[FOREST_SEARCHES])
{
    char *sites = str_format("CN=Sites,%s", server->config_dn);
    search_init(&searches[0], SCOPE_SUBTREE, sites, server_attributes, "(objectClass=server)");
    search_init(&searches[1], SCOPE_SUBTREE, sites, dsa_attributes, "(objectClass=nTDSDSA)");
    searches[0].page = searches[1].page = PAGE;
    free(sites);
}

/* ---- the list ---- */

struct forest_list *forest_list_hold(struct forest_list *list)
{
    atomic_fetch_add(&list->holders, 1);
    return list;
}

void forest_list_drop(struct forest_list *list)
{
    if (!list || atomic_fetch_sub(&list->holders, 1) > 1)
        return;
    for (size_t i = 0; i < list->count; i++) {
        free(list->servers[i].dsa_dn);
        free(list->servers[i].host);
        dn_link_release(&list->servers[i].value);
    }
    free(list->servers);
    index_release(&list->by_server);
    index_release(&list->by_dsa);
    free(list);
}

size_t forest_list_find(const struct index *index, const struct guid *guid)
{
    size_t at = index_first(index, guid->bytes, sizeof guid->bytes);
    return at == INDEX_END ? INDEX_END : index_value(index, at);
}

/* ---- reading ---- */

static void take_server(void *context, const struct entry *entry)
{
    struct listing *listing = context;
    struct guid guid;
    char *dn = str_lower(entry->name.dn);
    bool again = index_first(&listing->by_dn, dn, strlen(dn)) != INDEX_END;
    if (again || !entry_identity(entry, &guid)) {
        free(dn);
        return;
    }
    index_add(&listing->by_dn, dn, strlen(dn), listing->count);
    struct parent *parent = MEM_PUSH(listing->parents, listing->count);
    *parent = (struct parent){.guid = guid, .dn = dn, .state = COPY_ABSENT};
    parent->host = mem_text(entry_text(entry, "dNSHostName"));
    if (entry_link(entry, "serverReference", &parent->value))
        parent->state = COPY_VALUE;
}

/* DSAs come while the servers still do: their parents are found at the end. */
static void take_dsa(void *context, const struct entry *entry)
{
    struct forest_list *list = ((struct listing *)context)->list;
    struct guid guid;
    if (!entry_identity(entry, &guid) || forest_list_find(&list->by_dsa, &guid) != INDEX_END)
        return;
    index_add(&list->by_dsa, guid.bytes, sizeof guid.bytes, list->count);
    struct every_dc_server *row = MEM_PUSH(list->servers, list->count);
    *row = (struct every_dc_server){.dsa = guid, .dsa_dn = mem_text(entry->name.dn)};
    row->state = COPY_ABSENT;
    row->read_only = entry_is_class(entry, "nTDSDSARO");
}

static void join(struct listing *listing, size_t at)
{
    struct forest_list *list = listing->list;
    struct every_dc_server *row = &list->servers[at];
    char *dn = dn_parent(row->dsa_dn), *folded = dn ? str_lower(dn) : mem_text("");
    size_t found = index_first(&listing->by_dn, folded, strlen(folded));
    if (found != INDEX_END) {
        struct parent *parent = &listing->parents[index_value(&listing->by_dn, found)];
        row->server = parent->guid;
        row->host = mem_text(parent->host);
        row->state = parent->state;
        dn_link_copy(&row->value, &parent->value);
        index_add(&list->by_server, row->server.bytes, sizeof row->server.bytes, at);
    }
    free(dn);
    free(folded);
}

static void listing_release(struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        free(listing->parents[i].dn);
        free(listing->parents[i].host);
        dn_link_release(&listing->parents[i].value);
    }
    free(listing->parents);
    index_release(&listing->by_dn);
    forest_list_drop(listing->list);
}

struct err *forest_list_read(struct session *session, struct forest_list **out)
{
    struct listing listing = {.by_dn = INDEX_INIT};
    struct search searches[FOREST_SEARCHES];
    struct result results[FOREST_SEARCHES];
    struct err *err = NULL;
    listing.list = mem_zero(1, sizeof *listing.list);
    atomic_init(&listing.list->holders, 1);
    forest_searches(session_server(session), searches);
    searches[0].each = take_server;
    searches[1].each = take_dsa;
    searches[0].context = searches[1].context = &listing;
    search_run_bulk(session, searches, FOREST_SEARCHES, results, NULL, NULL);
    for (size_t i = 0; i < FOREST_SEARCHES; i++) {
        if (!err && results[i].err)
            err = err_copy(results[i].err);
        result_release(&results[i]);
        search_release(&searches[i]);
    }
    for (size_t i = 0; !err && i < listing.list->count; i++)
        join(&listing, i);
    *out = err ? NULL : forest_list_hold(listing.list);
    listing_release(&listing);
    return err;
}
