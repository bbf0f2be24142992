/* What was read is laid on shelves, and found again by GUID, DN, parent, name, host name, or the
 * DSA that an SPN names. Texts are keys in a folded form, because a directory ignores case. */
#include "src/directory/survey_parts.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { GUIDS_MOST = 100 }; /* of one account, as in gather_account.c */

static void add_text(struct index *index, const char *text, size_t value)
{
    char *key = text_fold(text);
    index_add(index, key, strlen(key), value);
    free(key);
}

static void add_host(struct shelf *shelf, const struct entry *entry, size_t at)
{
    const char *host = entry_text(entry, "dNSHostName");
    size_t len = host ? strlen(host) : 0;
    if (len > 0 && host[len - 1] == '.')
        len--;
    if (len == 0)
        return;
    char *bare = mem_textn(host, len);
    add_text(&shelf->by_host, bare, at);
    free(bare);
}

/* The RDN's value without a mark, unless it is a deleted object's. */
static void add_name(struct shelf *shelf, const struct entry *entry, size_t at)
{
    char *raw = dn_rdn_value(entry->name.dn);
    if (raw && !str_find_case(raw, "\nDEL:")) {
        char *name = dn_unmarked(raw);
        add_text(&shelf->by_name, name, at);
        free(name);
    }
    free(raw);
}

size_t shelf_by_guid(const struct shelf *shelf, const struct guid *guid)
{
    size_t at = index_first(&shelf->by_guid, guid->bytes, sizeof guid->bytes);
    return at == INDEX_END ? NOWHERE : index_value(&shelf->by_guid, at);
}

size_t shelf_by_text(const struct index *index, const char *folded)
{
    size_t at = index_first(index, folded, strlen(folded));
    return at == INDEX_END ? NOWHERE : index_value(index, at);
}

/* The place of an object, new or known; *fresh: its keys are still to be added. */
static size_t put(struct shelf *shelf, const struct entry *entry, bool *fresh)
{
    struct guid guid;
    if (!entry_identity(entry, &guid))
        return NOWHERE;
    size_t at = shelf_by_guid(shelf, &guid);
    *fresh = at == NOWHERE;
    if (*fresh) {
        at = shelf->count;
        struct item *item = MEM_PUSH(shelf->items, shelf->count);
        index_add(&shelf->by_guid, guid.bytes, sizeof guid.bytes, at);
        item->domain = NOWHERE;
        item->dn = text_fold(entry->name.dn);
        index_add(&shelf->by_dn, item->dn, strlen(item->dn), at);
    }
    shelf->items[at].entry = entry;
    shelf->items[at].deleted = entry_flag(entry, "isDeleted");
    return at;
}

void shelf_put_server(struct shelf *shelf, const struct entry *entry)
{
    bool fresh;
    size_t at = put(shelf, entry, &fresh);
    if (at == NOWHERE || !fresh || shelf->items[at].deleted || !entry_is_class(entry, "server"))
        return;
    add_name(shelf, entry, at);
    add_host(shelf, entry, at);
}

size_t shelf_put_dsa(struct reading *r, const struct entry *entry)
{
    bool fresh;
    if (!entry_is_class(entry, "nTDSDSA"))
        return NOWHERE;
    size_t at = put(&r->dsas, entry, &fresh);
    if (at == NOWHERE || !fresh)
        return at;
    struct item *item = &r->dsas.items[at];
    char *parent = dn_parent(entry->name.dn);
    item->parent = text_fold(parent ? parent : "");
    item->name = gather_plain_name(&r->g, entry);
    index_add(&r->dsas.by_parent, item->parent, strlen(item->parent), at);
    free(parent);
    return at;
}

/* E1 and E2 lead from the DSA to the account; the DSAs of E1 are looked after as well (B7). */
static void add_spns(struct reading *r, const struct entry *entry, size_t at)
{
    const struct attribute *spns = entry_attribute(entry, "servicePrincipalName");
    size_t named = 0;
    for (size_t i = 0; spns && i < spns->count; i++) {
        struct guid guid;
        bool drs = spn_drs_guid(spns->values[i].bytes, &guid);
        if (drs && named++ < GUIDS_MOST)
            *MEM_PUSH(r->named.items, r->named.count) = guid;
        if (drs || spn_msdcs_guid(spns->values[i].bytes, &guid))
            index_add(&r->accounts.by_dsa, guid.bytes, sizeof guid.bytes, at);
    }
}

static void add_holders(struct reading *r, const struct entry *entry)
{
    const struct attribute *list = entry_attribute(entry, "serverReferenceBL");
    for (size_t i = 0; list && i < list->count && i < GUIDS_MOST; i++) {
        struct dn_link link;
        if (!dn_parse_extended(list->values[i].bytes, &link))
            continue;
        if (link.has_guid)
            *MEM_PUSH(r->holders.items, r->holders.count) = link.guid;
        dn_link_release(&link);
    }
}

static bool could_be_a_dc(const struct entry *entry)
{
    struct facts_account account = {.has_uac = false};
    int64_t uac, group;
    account.has_uac = entry_number(entry, "userAccountControl", &uac);
    account.uac = account.has_uac ? (uint32_t)uac : 0;
    account.primary_group = entry_number(entry, "primaryGroupID", &group) ? (uint32_t)group : 0;
    return facts_has_dc_bits(&account) && !(account.uac & UAC_DISABLED) &&
           !entry_flag(entry, "isDeleted");
}

void shelf_put_account(struct reading *r, const struct entry *entry, size_t domain)
{
    bool fresh;
    if (!entry_is_class(entry, "computer"))
        return;
    size_t at = put(&r->accounts, entry, &fresh);
    if (at == NOWHERE || !fresh)
        return;
    r->accounts.items[at].domain = domain;
    r->accounts.items[at].usable = could_be_a_dc(entry);
    const char *sam = entry_text(entry, "sAMAccountName");
    size_t len = sam ? strlen(sam) : 0;
    add_name(&r->accounts, entry, at);
    if (len > 1 && sam[len - 1] == '$') {
        char *name = mem_textn(sam, len - 1);
        add_text(&r->accounts.by_name, name, at);
        free(name);
    }
    add_host(&r->accounts, entry, at);
    add_spns(r, entry, at);
    add_holders(r, entry);
}

void shelf_put_other(struct shelf *shelf, const struct entry *entry)
{
    bool fresh;
    (void)put(shelf, entry, &fresh);
}

void shelf_release(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        free(shelf->items[i].dn);
        free(shelf->items[i].parent);
        free(shelf->items[i].name);
    }
    free(shelf->items);
    index_release(&shelf->by_guid);
    index_release(&shelf->by_dn);
    index_release(&shelf->by_parent);
    index_release(&shelf->by_name);
    index_release(&shelf->by_host);
    index_release(&shelf->by_dsa);
}
