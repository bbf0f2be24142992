/* One search brings sites, servers and DSAs together; what stands below what is told by their DNs,
 * looked up in a sorted index, so that 2,000 servers cost no more than their pages. */
#include "src/directory/browse.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/directory/browse_parts.h"
#include "src/directory/turn.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PAGE = 1000 };

static const char *const attributes[] = {"objectClass", "objectGUID",      "isDeleted",
                                         "dNSHostName", "serverReference", NULL};

void browse_node_release(struct browse_node *node)
{
    free(node->dn);
    free(node->name);
    free(node->dns_host);
    dn_link_release(&node->reference);
}

void browse_release(struct browse *browse)
{
    for (size_t i = 0; i < browse->count; i++)
        browse_node_release(&browse->nodes[i]);
    free(browse->nodes);
    err_free(browse->why);
    *browse = (struct browse){.nodes = NULL};
}

static enum browse_kind kind_of(const struct entry *entry)
{
    return entry_is_class(entry, "server")    ? BROWSE_SERVER
           : entry_is_class(entry, "nTDSDSA") ? BROWSE_DSA
           : entry_is_class(entry, "site")    ? BROWSE_SITE
                                              : BROWSE_OTHER;
}

bool browse_node_take(struct browse_node *node, const struct entry *entry, bool catalog)
{
    *node = (struct browse_node){.kind = kind_of(entry), .parent = BROWSE_ROOT};
    if (!entry_identity(entry, &node->guid))
        return false;
    char *raw = dn_rdn_value(entry->name.dn);
    enum dn_mark mark = dn_first_mark(entry->name.dn);
    node->dn = mem_text(entry->name.dn);
    node->name = text_clean_z(raw ? raw : entry->name.dn);
    node->deleted = entry_flag(entry, "isDeleted");
    node->conflict = mark == DN_CONFLICT;
    node->dns_host = mem_text(entry_text(entry, "dNSHostName"));
    node->read_only = entry_is_class(entry, "nTDSDSARO");
    if (!catalog && !entry_link(entry, "serverReference", &node->reference))
        node->reference = (struct dn_link){.has_guid = false};
    free(raw);
    return true;
}

/* ---- what stands below what ---- */

static int by_place(const void *a, const void *b)
{
    const struct browse_node *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int order = strcasecmp(x->name, y->name);
    return order ? order : strcmp(x->dn, y->dn);
}

struct place {
    const char *dn;
    size_t index;
};

static int by_dn(const void *a, const void *b)
{
    return strcasecmp(((const struct place *)a)->dn, ((const struct place *)b)->dn);
}

static size_t find_parent(const struct place *places, size_t count, const struct browse_node *node)
{
    int levels = node->kind == BROWSE_DSA ? 1 : node->kind == BROWSE_SERVER ? 2 : 0;
    char *dn = levels ? dn_ancestor(node->dn, levels) : NULL;
    struct place wanted = {dn, 0};
    const struct place *found = dn ? bsearch(&wanted, places, count, sizeof *places, by_dn) : NULL;
    free(dn);
    return found ? found->index : BROWSE_ROOT;
}

static void connect_nodes(struct browse *browse)
{
    struct place *places = mem_zero(browse->count, sizeof *places);
    for (size_t i = 0; i < browse->count; i++)
        places[i] = (struct place){browse->nodes[i].dn, i};
    qsort(places, browse->count, sizeof *places, by_dn);
    for (size_t i = 0; i < browse->count; i++) {
        struct browse_node *node = &browse->nodes[i];
        node->parent = find_parent(places, browse->count, node);
        if (node->kind != BROWSE_DSA || node->parent == BROWSE_ROOT || node->deleted)
            continue;
        browse->nodes[node->parent].has_dsa = true;
        browse->nodes[node->parent].read_only = node->read_only;
    }
    free(places);
}

/* ---- reading ---- */

static bool knows_nothing(const struct result *result)
{
    return result->err && (result->count == 0 || result->err->kind == ERR_CANCELLED ||
                           result->err->code == ERR_LOST);
}

static struct err *take_nodes(struct result *result, bool catalog, struct browse *out)
{
    if (knows_nothing(result))
        return err_copy(result->err);
    for (size_t i = 0; i < result->count; i++) {
        struct browse_node node;
        if (browse_node_take(&node, &result->entries[i], catalog))
            *MEM_PUSH(out->nodes, out->count) = node;
    }
    out->complete = result->complete && !result->err;
    out->why = err_copy(result->err);
    if (out->count > 0) {
        qsort(out->nodes, out->count, sizeof *out->nodes, by_place);
        connect_nodes(out);
    }
    return NULL;
}

static struct err *read_nodes(struct session *session, struct search *search, bool deleted,
                              void (*progress)(void *, size_t), void *context, struct browse *out)
{
    struct result result;
    search->deleted = deleted;
    search->page = PAGE;
    search_run_progress(session, search, 1, &result, progress, context);
    struct err *err = take_nodes(&result, server_catalog_port(session_server(session)), out);
    result_release(&result);
    search_release(search);
    return err;
}

static char *sites_dn(const struct session *session)
{
    const char *config = session_server(session)->config_dn;
    return str_format("CN=Sites,%s", config ? config : "");
}

struct err *browse_sites(struct session *session, bool deleted, struct browse *out)
{
    struct search search;
    char *base = sites_dn(session);
    *out = (struct browse){.nodes = NULL};
    search_init(&search, SCOPE_ONE, base, attributes, "(objectClass=site)");
    free(base);
    return read_nodes(session, &search, deleted, NULL, NULL, out);
}

struct err *browse_servers(struct session *session, const char *site_dn, bool deleted,
                           void (*progress)(void *, size_t), void *context, struct browse *out)
{
    struct search search;
    char *base = site_dn ? mem_text(site_dn) : sites_dn(session);
    *out = (struct browse){.nodes = NULL};
    search_init(&search, SCOPE_SUBTREE, base, attributes,
                "(|%s(objectClass=server)(objectClass=nTDSDSA))",
                site_dn ? "" : "(objectClass=site)");
    free(base);
    return read_nodes(session, &search, deleted, progress, context, out);
}
