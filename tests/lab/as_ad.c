/* An ldb module above Samba's own. On port 389 of a catalog, a domain of which it holds a partial
 * copy is not there on Active Directory: it is not among the rootDSE's namingContexts, a base below
 * it is answered by a referral, and <GUID=..> of an object in it by noSuchObject. Samba shows such
 * copies on every port; with this module it does not.
 *
 * AS_AD_PARTIAL names the partial copies of this DC and, with "!", whole ones below them
 * ("DN;!DN"). Without it the module does nothing. It is loaded by name (@MODULES in sam.ldb) and
 * compiled by domains.sh. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>
#include <tevent.h>

#include <ldb_module.h>

#define NO_CATALOG "1.3.6.1.4.1.7165.4.3.17" /* the LDAP server sets it on 389 and 636 */

struct copies {
    unsigned count;
    struct ldb_dn **dn;
    bool *whole;
};

struct asked {
    struct ldb_module *module;
    struct ldb_request *request;
    bool root_dse, one_object, shown;
};

/* Is the partition of that DN (the longest listed one) a partial copy? */
static bool is_partial(struct copies *copies, struct ldb_dn *dn)
{
    int longest = -1;
    bool partial = false;
    for (unsigned i = 0; i < copies->count; i++) {
        int length = ldb_dn_get_comp_num(copies->dn[i]);
        if (length > longest && ldb_dn_compare_base(copies->dn[i], dn) == 0) {
            longest = length;
            partial = !copies->whole[i];
        }
    }
    return partial;
}

static void without_partial(struct ldb_context *ldb, struct copies *copies,
                            struct ldb_message *entry)
{
    struct ldb_message_element *names = ldb_msg_find_element(entry, "namingContexts");
    unsigned kept = 0;
    for (unsigned i = 0; names && i < names->num_values; i++) {
        struct ldb_dn *dn = ldb_dn_from_ldb_val(entry, ldb, &names->values[i]);
        if (!dn || !is_partial(copies, dn))
            names->values[kept++] = names->values[i];
    }
    if (names)
        names->num_values = kept;
}

static int on_entry(struct asked *asked, struct copies *copies, struct ldb_reply *reply)
{
    if (asked->root_dse)
        without_partial(ldb_module_get_ctx(asked->module), copies, reply->message);
    else if (is_partial(copies, reply->message->dn)) {
        talloc_free(reply);
        return LDB_SUCCESS;
    }
    asked->shown = true;
    return ldb_module_send_entry(asked->request, reply->message, reply->controls);
}

static int on_end(struct asked *asked, struct ldb_reply *reply)
{
    if (!asked->one_object || asked->shown)
        return ldb_module_done(asked->request, reply->controls, reply->response, reply->error);
    ldb_set_errstring(ldb_module_get_ctx(asked->module),
                      "0000208D: NameErr: not held here (as_ad)");
    return ldb_module_done(asked->request, NULL, NULL, LDB_ERR_NO_SUCH_OBJECT);
}

static int on_reply(struct ldb_request *request, struct ldb_reply *reply)
{
    struct asked *asked = talloc_get_type(request->context, struct asked);
    if (!reply)
        return ldb_module_done(asked->request, NULL, NULL, LDB_ERR_OPERATIONS_ERROR);
    if (reply->error != LDB_SUCCESS)
        return ldb_module_done(asked->request, reply->controls, reply->response, reply->error);
    if (reply->type == LDB_REPLY_REFERRAL)
        return ldb_module_send_referral(asked->request, reply->referral);
    if (reply->type == LDB_REPLY_DONE)
        return on_end(asked, reply);
    return on_entry(asked, talloc_get_type(ldb_module_get_private(asked->module), struct copies),
                    reply);
}

static int as_ad_search(struct ldb_module *module, struct ldb_request *request)
{
    struct ldb_context *ldb = ldb_module_get_ctx(module);
    struct copies *copies = talloc_get_type(ldb_module_get_private(module), struct copies);
    struct ldb_dn *base = request->op.search.base;
    bool by_guid = ldb_dn_has_extended(base),
         whole_tree = request->op.search.scope != LDB_SCOPE_BASE;
    if (!copies || !copies->count || !ldb_request_get_control(request, NO_CATALOG) ||
        ldb_dn_is_special(base))
        return ldb_next_request(module, request);
    bool root_dse = ldb_dn_is_null(base) && !by_guid && !whole_tree;
    if (!root_dse && !by_guid && is_partial(copies, base)) {
        ldb_set_errstring(ldb,
                          "0000202B: RefErr: DSID-0, data 0, 1 access points\n\tref 1: (as_ad)");
        return LDB_ERR_REFERRAL;
    }
    struct asked *asked = talloc_zero(request, struct asked);
    *asked = (struct asked){module, request, root_dse, by_guid && !whole_tree, false};
    struct ldb_request *down;
    int result = ldb_build_search_req_ex(&down, ldb, asked, base, request->op.search.scope,
                                         request->op.search.tree, request->op.search.attrs,
                                         request->controls, asked, on_reply, request);
    return result == LDB_SUCCESS ? ldb_next_request(module, down) : result;
}

static void add_copy(struct ldb_context *ldb, struct copies *copies, const char *name)
{
    unsigned count = copies->count + 1;
    copies->dn = talloc_realloc(copies, copies->dn, struct ldb_dn *, count);
    copies->whole = talloc_realloc(copies, copies->whole, bool, count);
    copies->whole[count - 1] = name[0] == '!';
    copies->dn[count - 1] = ldb_dn_new(copies->dn, ldb, name + (name[0] == '!'));
    copies->count = count;
}

static int as_ad_init(struct ldb_module *module)
{
    struct copies *copies = talloc_zero(module, struct copies);
    const char *names = getenv("AS_AD_PARTIAL");
    char *list = talloc_strdup(copies, names ? names : ""), *rest = NULL;
    for (char *name = strtok_r(list, ";", &rest); name; name = strtok_r(NULL, ";", &rest))
        add_copy(ldb_module_get_ctx(module), copies, name);
    ldb_module_set_private(module, copies);
    return ldb_next_init(module);
}

static const struct ldb_module_ops as_ad = {
    .name = "as_ad", .init_context = as_ad_init, .search = as_ad_search};

int ldb_init_module(const char *version);
int ldb_init_module(const char *version)
{
    (void)version;
    return ldb_register_module(&as_ad);
}
