/* Which objects belong together: by the same rules as the searches of gather, answered from the
 * shelves. */
#include "src/directory/survey_parts.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/model/sam.h"

#include <stdlib.h>
#include <string.h>

enum { TWINS_MOST = 50 }; /* as in gather_twins.c */

size_t match_server(const struct reading *r, size_t dsa)
{
    return shelf_by_text(&r->servers.by_dn, r->dsas.items[dsa].parent);
}

size_t match_live_dsa(const struct reading *r, size_t server)
{
    const struct index *index = &r->dsas.by_parent;
    const char *dn = r->servers.items[server].dn;
    for (size_t at = index_first(index, dn, strlen(dn)); at != INDEX_END;
         at = index_next(index, at))
        if (!r->dsas.items[index_value(index, at)].deleted)
            return index_value(index, at);
    return NOWHERE;
}

bool match_link(const struct reading *r, size_t server, struct dn_link *out)
{
    return server != NOWHERE && entry_link(r->servers.items[server].entry, "serverReference", out);
}

/* ---- a list without doubles ---- */

struct list {
    size_t *items, count;
};

static void add(struct list *list, size_t value)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == value)
            return;
    *MEM_PUSH(list->items, list->count) = value;
}

static void add_all(struct list *list, const struct index *index, const void *key, size_t len)
{
    for (size_t at = index_first(index, key, len); at != INDEX_END; at = index_next(index, at))
        add(list, index_value(index, at));
}

static void add_by_text(struct list *list, const struct index *index, const char *text, size_t len)
{
    char *part = mem_textn(text, len), *key = text_fold(part);
    add_all(list, index, key, strlen(key));
    free(part);
    free(key);
}

static void add_by_host(struct list *list, const struct index *index, const struct entry *server)
{
    const char *host = server ? entry_text(server, "dNSHostName") : NULL;
    size_t len = host ? strlen(host) : 0;
    if (len > 0 && host[len - 1] == '.')
        len--;
    if (len > 0)
        add_by_text(list, index, host, len);
}

static void add_by_guid(struct list *list, const struct shelf *shelf, const struct guid *guid)
{
    size_t at = shelf_by_guid(shelf, guid);
    if (at != NOWHERE)
        add(list, at);
}

/* ---- the accounts that could be N's ---- */

static void add_members(const struct reading *r, struct list *list, const struct guid *dsa)
{
    const struct index *index = &r->members_by_dsa;
    for (size_t at = index_first(index, dsa->bytes, sizeof dsa->bytes); at != INDEX_END;
         at = index_next(index, at))
        add_by_guid(list, &r->accounts, &r->members[index_value(index, at)].account);
}

static void add_own(const struct reading *r, struct list *list, size_t dsa, size_t server)
{
    const struct item *n = &r->dsas.items[dsa];
    struct guid guid;
    if (entry_identity(n->entry, &guid)) {
        add_all(list, &r->accounts.by_dsa, guid.bytes, sizeof guid.bytes);
        add_members(r, list, &guid);
    }
    size_t len = n->name ? strlen(n->name) : 0;
    if (len > 0)
        add_by_text(list, &r->accounts.by_name, n->name, len);
    size_t kept = len > 0 ? sam_kept(n->name) : 0;
    if (kept < len)
        add_by_text(list, &r->accounts.by_name, n->name, kept);
    if (server != NOWHERE)
        add_by_host(list, &r->accounts.by_host, r->servers.items[server].entry);
}

void match_own_accounts(const struct reading *r, size_t dsa, size_t **items, size_t *count)
{
    struct list list = {NULL, 0};
    add_own(r, &list, dsa, match_server(r, dsa));
    *items = list.items;
    *count = list.count;
}

void match_accounts(const struct reading *r, size_t dsa, size_t **items, size_t *count)
{
    size_t server = match_server(r, dsa);
    struct list list = {NULL, 0};
    struct dn_link link;
    add_own(r, &list, dsa, server);
    if (match_link(r, server, &link)) {
        if (link.has_guid)
            add_by_guid(&list, &r->accounts, &link.guid);
        dn_link_release(&link);
    }
    *items = list.items;
    *count = list.count;
}

/* ---- the servers beside S ---- */

void match_twins(const struct reading *r, size_t dsa, size_t server, size_t **items, size_t *count)
{
    const struct item *n = &r->dsas.items[dsa];
    struct list list = {NULL, 0};
    if (n->name && *n->name)
        add_by_text(&list, &r->servers.by_name, n->name, strlen(n->name));
    if (server != NOWHERE)
        add_by_host(&list, &r->servers.by_host, r->servers.items[server].entry);
    *items = list.items;
    *count = list.count < TWINS_MOST ? list.count : TWINS_MOST;
}
