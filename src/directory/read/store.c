/* What was read, found again by GUID, DN, parent, name, host name, or the DSA that an SPN names.
 * Texts are keys in a folded form, because a directory ignores case; before them stands the sort of
 * object that is looked for. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

static char *text_key(enum sort sort, const char *text, size_t len)
{
    char *part = mem_textn(text, len), *folded = text_fold(part);
    char *key = str_format("%c%s", 'a' + (int)sort, folded);
    free(part);
    free(folded);
    return key;
}

static void add_text(struct store *store, enum by by, enum sort sort, const char *text, size_t len,
                     size_t at)
{
    char *key = text_key(sort, text, len);
    index_add(&store->by[by], key, strlen(key), at);
    free(key);
}

static size_t bare_length(const char *host)
{
    size_t len = host ? strlen(host) : 0;
    return len > 0 && host[len - 1] == '.' ? len - 1 : len;
}

static void add_host(struct store *store, const struct item *item, size_t at)
{
    const char *host = entry_text(item->entry, "dNSHostName");
    size_t len = bare_length(host);
    if (len > 0)
        add_text(store, BY_HOST, item->sort, host, len, at);
}

/* The RDN's value without a mark, unless it is a deleted object's. */
static void add_name(struct store *store, const struct item *item, size_t at)
{
    char *raw = dn_rdn_value(item->entry->name.dn);
    char *name = raw && !str_find_case(raw, "\nDEL:") ? dn_unmarked(raw) : NULL;
    if (name)
        add_text(store, BY_NAME, item->sort, name, strlen(name), at);
    free(name);
    free(raw);
}

/* ---- putting ---- */

/* The place of an object, new or known; *fresh: its keys are still to be added. */
static size_t put(struct store *store, enum sort sort, const struct entry *entry, enum grade grade,
                  bool *fresh)
{
    struct guid guid;
    *fresh = false;
    if (!entry_identity(entry, &guid))
        return NOWHERE;
    size_t at = store_guid(store, sort, &guid);
    *fresh = at == NOWHERE;
    if (*fresh) {
        at = store->count;
        struct item *item = MEM_PUSH(store->items, store->count);
        item->sort = sort;
        item->dn = text_key(sort, entry->name.dn, strlen(entry->name.dn));
        index_add(&store->by[BY_GUID], guid.bytes, sizeof guid.bytes, at);
        index_add(&store->by[BY_DN], item->dn, strlen(item->dn), at);
    } else if (grade <= store->items[at].grade) {
        return at;
    }
    store->items[at].entry = entry;
    store->items[at].grade = grade;
    store->items[at].deleted = entry_flag(entry, "isDeleted");
    return at;
}

size_t put_server(struct store *store, const struct entry *entry, enum grade grade)
{
    bool fresh;
    size_t at = put(store, SORT_SERVER, entry, grade, &fresh);
    if (!fresh || store->items[at].deleted || !entry_is_class(entry, "server"))
        return at;
    add_name(store, &store->items[at], at);
    add_host(store, &store->items[at], at);
    return at;
}

size_t put_dsa(struct store *store, const struct entry *entry, enum grade grade, const char *sites)
{
    bool fresh;
    if (!entry_is_class(entry, "nTDSDSA"))
        return NOWHERE;
    size_t at = put(store, SORT_DSA, entry, grade, &fresh);
    if (!fresh)
        return at;
    struct item *item = &store->items[at];
    char *parent = dn_parent(entry->name.dn);
    item->parent = text_key(SORT_DSA, parent ? parent : "", parent ? strlen(parent) : 0);
    item->name = dsa_plain_name(entry, sites);
    index_add(&store->by[BY_PARENT], item->parent, strlen(item->parent), at);
    free(parent);
    return at;
}

/* E1 and E2 lead from the DSA to the account. */
static void add_spns(struct store *store, const struct entry *entry, size_t at)
{
    const struct attribute *spns = entry_attribute(entry, "servicePrincipalName");
    struct guid guid;
    for (size_t i = 0; spns && i < spns->count; i++)
        if (spn_drs_guid(spns->values[i].bytes, &guid) ||
            spn_msdcs_guid(spns->values[i].bytes, &guid))
            index_add(&store->by[BY_DSA], guid.bytes, sizeof guid.bytes, at);
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

size_t put_account(struct store *store, const struct entry *entry, enum grade grade, size_t domain)
{
    bool fresh;
    if (!entry_is_class(entry, "computer"))
        return NOWHERE;
    size_t at = put(store, SORT_ACCOUNT, entry, grade, &fresh);
    if (!fresh)
        return at;
    const char *sam = entry_text(entry, "sAMAccountName");
    size_t len = sam ? strlen(sam) : 0;
    store->items[at].domain = domain;
    store->items[at].usable = could_be_a_dc(entry);
    add_name(store, &store->items[at], at);
    if (len > 1 && sam[len - 1] == '$')
        add_text(store, BY_NAME, SORT_ACCOUNT, sam, len - 1, at);
    add_host(store, &store->items[at], at);
    add_spns(store, entry, at);
    return at;
}

size_t put_other(struct store *store, const struct entry *entry, size_t domain)
{
    bool fresh;
    size_t at = put(store, SORT_OTHER, entry, GRADE_FULL, &fresh);
    if (fresh)
        store->items[at].domain = domain;
    return at;
}

void put_member(struct store *store, const struct entry *entry)
{
    struct dn_link dsa = {.has_guid = false}, account = {.has_guid = false};
    if (entry_link(entry, "serverReference", &dsa) && dsa.has_guid &&
        (entry_link(entry, "msDFSR-ComputerReference", &account) ||
         entry_link(entry, "frsComputerReference", &account)) &&
        account.has_guid && !store_is_member(store, &dsa.guid, &account.guid)) {
        index_add(&store->members_of_dsa, dsa.guid.bytes, sizeof dsa.guid.bytes,
                  store->member_count);
        index_add(&store->members_of_account, account.guid.bytes, sizeof account.guid.bytes,
                  store->member_count);
        *MEM_PUSH(store->members, store->member_count) = (struct member){dsa.guid, account.guid};
    }
    dn_link_release(&dsa);
    dn_link_release(&account);
}

void store_release(struct store *store)
{
    for (size_t i = 0; i < store->count; i++) {
        free(store->items[i].dn);
        free(store->items[i].parent);
        free(store->items[i].name);
    }
    free(store->items);
    free(store->members);
    for (size_t i = 0; i < BY_COUNT; i++)
        index_release(&store->by[i]);
    index_release(&store->members_of_dsa);
    index_release(&store->members_of_account);
}

/* ---- finding ---- */

size_t store_guid(const struct store *store, enum sort sort, const struct guid *guid)
{
    const struct index *index = &store->by[BY_GUID];
    for (size_t at = index_first(index, guid->bytes, sizeof guid->bytes); at != INDEX_END;
         at = index_next(index, at))
        if (store->items[index_value(index, at)].sort == sort)
            return index_value(index, at);
    return NOWHERE;
}

size_t store_dn(const struct store *store, enum sort sort, const char *dn)
{
    char *key = text_key(sort, dn, strlen(dn));
    size_t at = index_first(&store->by[BY_DN], key, strlen(key));
    free(key);
    return at == INDEX_END ? NOWHERE : index_value(&store->by[BY_DN], at);
}

size_t store_live_child(const struct store *store, const char *server_dn)
{
    const struct index *index = &store->by[BY_PARENT];
    char *key = text_key(SORT_DSA, server_dn, strlen(server_dn));
    size_t found = NOWHERE;
    for (size_t at = index_first(index, key, strlen(key)); at != INDEX_END && found == NOWHERE;
         at = index_next(index, at))
        if (!store->items[index_value(index, at)].deleted)
            found = index_value(index, at);
    free(key);
    return found;
}

void places_add(struct places *places, size_t at)
{
    for (size_t i = 0; i < places->count; i++)
        if (places->items[i] == at)
            return;
    *MEM_PUSH(places->items, places->count) = at;
}

static void add_all(struct places *places, const struct index *index, const void *key, size_t len)
{
    for (size_t at = index_first(index, key, len); at != INDEX_END; at = index_next(index, at))
        places_add(places, index_value(index, at));
}

void store_named(const struct store *store, enum sort sort, const char *name, struct places *places)
{
    char *key = text_key(sort, name, strlen(name));
    add_all(places, &store->by[BY_NAME], key, strlen(key));
    free(key);
}

void store_hosts(const struct store *store, enum sort sort, const char *host, struct places *places)
{
    size_t len = bare_length(host);
    char *key = len > 0 ? text_key(sort, host, len) : NULL;
    if (key)
        add_all(places, &store->by[BY_HOST], key, strlen(key));
    free(key);
}

void store_spn(const struct store *store, const struct guid *dsa, struct places *places)
{
    add_all(places, &store->by[BY_DSA], dsa->bytes, sizeof dsa->bytes);
}

bool store_is_member(const struct store *store, const struct guid *dsa, const struct guid *account)
{
    const struct index *index = &store->members_of_dsa;
    for (size_t at = index_first(index, dsa->bytes, sizeof dsa->bytes); at != INDEX_END;
         at = index_next(index, at))
        if (guid_equal(&store->members[index_value(index, at)].account, account))
            return true;
    return false;
}
