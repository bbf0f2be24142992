/* A security descriptor is read through a window of bytes: every step first proves that what it
 * reads lies inside. The entries of the list are walked in their order; the first one that speaks
 * about the reader, the right and the attribute decides. */
#include "src/directory/access.h"

#include "src/model/guid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct window {
    const uint8_t *bytes;
    size_t len;
};

enum {
    DESCRIPTOR_HEAD = 20,
    DACL_IS_PRESENT = 0x0004,
    SELF_RELATIVE = 0x8000,
    ACL_HEAD = 8,
    ACE_HEAD = 4,
    INHERIT_ONLY = 0x08,
    SUBAUTHORITIES_MOST = 15
};

/* Rights that hold "read property": itself, generic read, generic all. */
static const uint32_t reading = 0x00000010u | 0x80000000u | 0x10000000u;

enum ace_kind { ACE_OTHER, ACE_ALLOW, ACE_DENY, ACE_CONDITIONAL };
/* By AceType; object: GUIDs stand in front of the SID. Types that are not listed are ACE_OTHER. */
static const struct {
    enum ace_kind kind;
    bool object;
} ace_types[] = {
    [0x00] = {ACE_ALLOW, false},       [0x01] = {ACE_DENY, false},
    [0x05] = {ACE_ALLOW, true},        [0x06] = {ACE_DENY, true},
    [0x09] = {ACE_CONDITIONAL, false}, [0x0A] = {ACE_CONDITIONAL, false},
    [0x0B] = {ACE_CONDITIONAL, true},  [0x0C] = {ACE_CONDITIONAL, true},
};

static uint16_t u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool cut(struct window *w, size_t len)
{
    if (len > w->len)
        return false;
    w->bytes += len;
    w->len -= len;
    return true;
}

char *access_sid_text(const void *bytes, size_t len)
{
    const uint8_t *sid = bytes;
    if (len < 8 || sid[0] != 1 || sid[1] > SUBAUTHORITIES_MOST || len < 8 + 4 * (size_t)sid[1])
        return NULL;
    uint64_t authority = 0;
    for (int i = 2; i < 8; i++)
        authority = authority << 8 | sid[i];
    struct str text = STR_INIT;
    str_addf(&text, authority >> 32 ? "S-1-0x%llX" : "S-1-%llu", (unsigned long long)authority);
    for (size_t i = 0; i < sid[1]; i++)
        str_addf(&text, "-%u", (unsigned)u32(sid + 8 + 4 * i));
    return str_steal(&text);
}

/* Does a SID of the list speak about the reader? "Owner rights" does when the reader is the owner.
 */
static bool is_ours(const char *sid, const struct strs *sids, const char *owner)
{
    if (strs_has(sids, sid))
        return true;
    return str_same(sid, "S-1-3-4") && owner && strs_has(sids, owner);
}

static bool guids_speak(const struct guid *type, const struct guid *tree, size_t levels)
{
    for (size_t i = 0; i < levels; i++)
        if (guid_equal(type, &tree[i]))
            return true;
    return false;
}

/* Skips the object part of an entry. *speaks: it is about all attributes, or about ours. */
static bool object_part(struct window *w, const struct guid *tree, size_t levels, bool *speaks)
{
    if (w->len < 4)
        return false;
    uint32_t flags = u32(w->bytes);
    cut(w, 4);
    if (flags & 1) {
        struct guid type;
        if (w->len < 16 || !guid_from_bytes(w->bytes, 16, &type))
            return false;
        *speaks = guids_speak(&type, tree, levels);
        cut(w, 16);
    }
    return !(flags & 2) || cut(w, 16);
}

struct question {
    const struct strs *sids;
    char *owner;
    const struct guid *tree;
    size_t levels;
};

/* One entry (without its head): false when damaged; *speaks when it decides. */
static bool read_ace(struct window w, bool object, const struct question *q, bool *speaks)
{
    *speaks = true;
    if (w.len < 4)
        return false;
    uint32_t mask = u32(w.bytes);
    cut(&w, 4);
    if (object && !object_part(&w, q->tree, q->levels, speaks))
        return false;
    char *sid = access_sid_text(w.bytes, w.len);
    if (!sid)
        return false;
    *speaks = *speaks && (mask & reading) && is_ours(sid, q->sids, q->owner);
    free(sid);
    return true;
}

static enum server_flag decided_by(enum ace_kind kind)
{
    return kind == ACE_ALLOW ? FLAG_YES : kind == ACE_DENY ? FLAG_NO : FLAG_UNKNOWN;
}

static enum server_flag walk(struct window acl, unsigned count, const struct question *q)
{
    for (; count > 0; count--) {
        if (acl.len < ACE_HEAD)
            return FLAG_UNKNOWN;
        uint8_t type = acl.bytes[0], flags = acl.bytes[1];
        struct window ace = {acl.bytes, u16(acl.bytes + 2)};
        if (ace.len < ACE_HEAD || !cut(&acl, ace.len))
            return FLAG_UNKNOWN;
        cut(&ace, ACE_HEAD);
        if (type >= sizeof ace_types / sizeof *ace_types || !ace_types[type].kind ||
            (flags & INHERIT_ONLY))
            continue;
        bool speaks;
        if (!read_ace(ace, ace_types[type].object, q, &speaks))
            return FLAG_UNKNOWN;
        if (speaks)
            return decided_by(ace_types[type].kind);
    }
    return FLAG_NO;
}

/* The list at an offset, without its head; false when it does not fit. */
static bool find_acl(struct window sd, uint32_t offset, struct window *acl, unsigned *count)
{
    if (offset < DESCRIPTOR_HEAD || !cut(&sd, offset) || sd.len < ACL_HEAD)
        return false;
    size_t size = u16(sd.bytes + 2);
    if (size < ACL_HEAD || size > sd.len)
        return false;
    *count = u16(sd.bytes + 4);
    *acl = (struct window){sd.bytes + ACL_HEAD, size - ACL_HEAD};
    return true;
}

static char *find_owner(struct window sd)
{
    uint32_t offset = u32(sd.bytes + 4);
    return offset >= DESCRIPTOR_HEAD && cut(&sd, offset) ? access_sid_text(sd.bytes, sd.len) : NULL;
}

/* `tree` is the way from the object's class down to the attribute: schemaIDGUIDs of the class, of
 * the property set if there is one, and of the attribute. */
static enum server_flag may_read(const void *descriptor, size_t len, const struct strs *sids,
                                 const struct guid *tree, size_t levels)
{
    struct window sd = {descriptor, len}, acl;
    unsigned count;
    if (len < DESCRIPTOR_HEAD || sids->count == 0 || sd.bytes[0] != 1)
        return FLAG_UNKNOWN;
    uint16_t control = u16(sd.bytes + 2);
    uint32_t offset = u32(sd.bytes + 16);
    if (!(control & SELF_RELATIVE))
        return FLAG_UNKNOWN;
    if (!(control & DACL_IS_PRESENT) || offset == 0)
        return FLAG_YES; /* no list at all: nothing is forbidden */
    if (!find_acl(sd, offset, &acl, &count))
        return FLAG_UNKNOWN;
    struct question q = {sids, find_owner(sd), tree, levels};
    enum server_flag flag = walk(acl, count, &q);
    free(q.owner);
    return flag;
}

enum server_flag access_may_read_reference(const void *descriptor, size_t len,
                                           const struct strs *sids)
{
    /* schemaIDGUIDs: class server; attribute serverReference, which is in no property set */
    struct guid tree[2];
    guid_parse("bf967a92-0de6-11d0-a285-00aa003049e2", &tree[0]);
    guid_parse("26d9736d-6070-11d1-a9c6-0000f80367c1", &tree[1]);
    return may_read(descriptor, len, sids, tree, 2);
}

enum server_flag access_may_read_spns(const void *descriptor, size_t len, const struct strs *sids)
{
    /* schemaIDGUIDs: class computer, property set Public-Information, servicePrincipalName */
    struct guid tree[3];
    guid_parse("bf967a86-0de6-11d0-a285-00aa003049e2", &tree[0]);
    guid_parse("e48d0154-bcf8-11d1-8702-00c04fb96050", &tree[1]);
    guid_parse("f3a64788-5306-11d1-a9c5-0000f80367c1", &tree[2]);
    return may_read(descriptor, len, sids, tree, 3);
}
