/* The nodes of Browse's tree that are DSAs, each with the names above it. */
#include "src/jobs/list_dsas.h"

#include "src/base/mem.h"
#include "src/directory/browse.h"

/* Of the node that is so many levels above it. */
static char *name_above(const struct browse *tree, size_t at, int levels)
{
    for (; levels > 0 && at != BROWSE_ROOT; levels--)
        at = tree->nodes[at].parent;
    return at == BROWSE_ROOT ? NULL : dn_plain_rdn(tree->nodes[at].dn);
}

struct err *list_dsas(struct session *session, struct dsa_list *out)
{
    struct browse tree;
    *out = (struct dsa_list){.items = NULL};
    struct err *err = browse_servers(session, NULL, false, NULL, NULL, &tree);
    for (size_t i = 0; i < tree.count; i++)
        if (tree.nodes[i].kind == BROWSE_DSA)
            *MEM_PUSH(out->items, out->count) =
                (struct listed_dsa){.guid = tree.nodes[i].guid,
                                    .server = name_above(&tree, i, 1),
                                    .site = name_above(&tree, i, 2)};
    out->complete = !err && tree.complete;
    out->why = tree.why;
    tree.why = NULL;
    browse_release(&tree);
    return err;
}
