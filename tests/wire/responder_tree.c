/* The directory in memory: a list of entries, found by walking it. Partitions are what the rootDSE
 * lists as namingContexts; a subtree search stays in the partition of its base. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/dn.h"
#include "tests/wire/responder_parts.h"

#include <stdlib.h>
#include <string.h>

/* Any DN has a GUID of its own, the same in each run (FNV-1a, twice). */
static void guid_from_dn(const char *dn, struct guid *guid)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < 2; i++) {
        for (const char *p = dn; *p; p++)
            hash = (hash ^ (unsigned char)*p) * 0x100000001b3u;
        memcpy(guid->bytes + 8 * i, &hash, 8);
    }
}

struct responder_entry *responder_entry(struct responder *responder, const char *dn,
                                        const char *guid)
{
    struct responder_entry *entry = mem_zero(1, sizeof *entry);
    entry->owner = responder;
    entry->dn = mem_text(dn);
    if (!guid || !guid_parse(guid, &entry->guid))
        guid_from_dn(dn, &entry->guid);
    guid_text(&entry->guid, entry->guid_text);
    *MEM_PUSH(responder->entries, responder->entry_count) = entry;
    if (*dn) {
        char *name = dn_rdn_value(dn);
        responder_bytes(entry, "objectGUID", entry->guid.bytes, 16);
        responder_value(entry, "name", name ? name : "");
        responder_value(entry, "cn", name ? name : "");
        responder_value(entry, "distinguishedName", dn);
        free(name);
    }
    return entry;
}

struct responder_entry *responder_root(struct responder *responder)
{
    return responder->entries[0];
}

struct responder_entry *responder_find(struct responder *responder, const char *dn)
{
    return tree_by_dn(responder, dn);
}

const char *responder_guid(const struct responder_entry *entry)
{
    return entry->guid_text;
}

struct responder_attribute *tree_attribute(const struct responder_entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->count; i++)
        if (str_same_case(entry->attributes[i].name, name))
            return &entry->attributes[i];
    return NULL;
}

static void add(struct responder_entry *entry, const char *name, const void *bytes, size_t len,
                bool link)
{
    struct responder_attribute *attribute = tree_attribute(entry, name);
    if (!attribute) {
        attribute = MEM_PUSH(entry->attributes, entry->count);
        attribute->name = mem_text(name);
    }
    *MEM_PUSH(attribute->values, attribute->count) =
        (struct responder_value){.bytes = mem_textn(bytes, len), .len = len, .link = link};
}

void responder_value(struct responder_entry *entry, const char *attribute, const char *value)
{
    add(entry, attribute, value, strlen(value), false);
}

void responder_bytes(struct responder_entry *entry, const char *attribute, const void *bytes,
                     size_t len)
{
    add(entry, attribute, bytes, len, false);
}

void responder_link(struct responder_entry *entry, const char *attribute, const char *target)
{
    add(entry, attribute, target, strlen(target), true);
}

static void free_values(struct responder_attribute *attribute)
{
    for (size_t i = 0; i < attribute->count; i++)
        free(attribute->values[i].bytes);
    free(attribute->values);
    free(attribute->name);
}

void responder_clear(struct responder_entry *entry, const char *name)
{
    struct responder_attribute *attribute = tree_attribute(entry, name);
    if (!attribute)
        return;
    free_values(attribute);
    *attribute = entry->attributes[--entry->count];
}

void responder_set(struct responder_entry *entry, const char *attribute, const char *value)
{
    responder_clear(entry, attribute);
    responder_value(entry, attribute, value);
}

void responder_tombstone(struct responder_entry *entry)
{
    entry->deleted = true;
    responder_set(entry, "isDeleted", "TRUE");
    responder_clear(entry, "objectCategory");
    if (entry->owner->windows)
        windows_tombstone(entry);
}

void responder_gone(struct responder_entry *entry)
{
    entry->gone = true;
}

bool tree_visible(const struct responder_entry *entry, bool deleted)
{
    return !entry->gone && (deleted || !entry->deleted);
}

static bool same_guid(const struct responder_entry *entry, const char *base)
{
    size_t len = strcspn(base + 6, ">");
    char *text = mem_textn(base + 6, len);
    struct guid guid;
    bool same = (guid_parse(text, &guid) || guid_parse_wire_hex(text, &guid)) &&
                guid_equal(&guid, &entry->guid);
    free(text);
    return same;
}

static struct responder_entry *by_text(struct responder *responder, const char *dn)
{
    for (; responder->indexed < responder->entry_count; responder->indexed++) {
        char *key = str_lower(responder->entries[responder->indexed]->dn);
        index_add(&responder->by_dn, key, strlen(key), responder->indexed);
        free(key);
    }
    char *key = str_lower(dn);
    size_t at = index_first(&responder->by_dn, key, strlen(key));
    free(key);
    return at == INDEX_END ? NULL : responder->entries[index_value(&responder->by_dn, at)];
}

struct responder_entry *tree_by_dn(struct responder *responder, const char *dn)
{
    bool by_guid = str_starts_case(dn, "<GUID=");
    struct responder_entry *found = by_guid ? NULL : by_text(responder, dn);
    for (size_t i = 0; i < responder->entry_count && !found; i++) {
        struct responder_entry *entry = responder->entries[i];
        if (by_guid ? *entry->dn && same_guid(entry, dn) : dn_equal(entry->dn, dn))
            found = entry;
    }
    return found;
}

/* The longest naming context above a DN. */
static const char *context_of(struct responder *responder, const char *dn)
{
    const struct responder_attribute *list =
        tree_attribute(responder_root(responder), "namingContexts");
    const char *best = "";
    for (size_t i = 0; list && i < list->count; i++)
        if (dn_is_under(dn, list->values[i].bytes) && strlen(list->values[i].bytes) > strlen(best))
            best = list->values[i].bytes;
    return best;
}

static bool is_child(const char *dn, const char *parent)
{
    char *above = dn_parent(dn);
    bool child = above && dn_equal(above, parent);
    free(above);
    return child;
}

bool tree_in_scope(struct responder *responder, const struct responder_entry *base,
                   const struct responder_entry *entry, int scope)
{
    bool phantom = responder->catalog; /* all partitions at once */
    if (!*base->dn)
        return scope == LDAP_SCOPE_BASE ? entry == base : phantom && *entry->dn;
    if (scope == LDAP_SCOPE_BASE)
        return entry == base;
    if (!*entry->dn)
        return false;
    if (!phantom && !str_same(context_of(responder, base->dn), context_of(responder, entry->dn)))
        return false;
    return scope == LDAP_SCOPE_ONELEVEL ? is_child(entry->dn, base->dn)
                                        : dn_is_under(entry->dn, base->dn);
}

char *tree_name(struct responder *responder, const char *dn, const struct controls *controls)
{
    const struct responder_entry *entry = *dn ? tree_by_dn(responder, dn) : NULL;
    struct str s = STR_INIT;
    if (controls->extended && entry) {
        str_addf(&s, "<GUID=%s>;", entry->guid_text);
    }
    str_add(&s, dn);
    return str_steal(&s);
}

const char *responder_first(struct responder *responder, const char *dn, const char *name)
{
    pthread_mutex_lock(&responder->lock);
    const struct responder_entry *entry = tree_by_dn(responder, dn);
    const struct responder_attribute *attribute = entry ? tree_attribute(entry, name) : NULL;
    const char *value = attribute && attribute->count ? attribute->values[0].bytes : NULL;
    pthread_mutex_unlock(&responder->lock);
    return value;
}

void tree_entry_free(struct responder_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++)
        free_values(&entry->attributes[i]);
    free(entry->attributes);
    free(entry->dn);
    free(entry);
}

void tree_release(struct responder *responder)
{
    for (size_t i = 0; i < responder->entry_count; i++)
        tree_entry_free(responder->entries[i]);
    index_release(&responder->by_dn);
    free(responder->entries);
}
