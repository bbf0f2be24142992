/* Reads the BER of an entry attribute by attribute with libldap's ldap_get_attribute_ber(), which
 * notices a truncated one, unlike the older calls that end quietly. */
#include "src/base/mem.h"
#include "src/directory/entry_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void entry_ranges_release(struct entry_ranges *ranges)
{
    for (size_t i = 0; i < ranges->count; i++)
        free(ranges->items[i].attribute);
    free(ranges->items);
    *ranges = (struct entry_ranges){NULL, 0};
}

static void attribute_release(struct attribute *attribute)
{
    for (size_t i = 0; i < attribute->count; i++)
        free(attribute->values[i].bytes);
    free(attribute->values);
    free(attribute->name);
}

void entry_release(struct entry *entry)
{
    for (size_t i = 0; i < entry->count; i++)
        attribute_release(&entry->attributes[i]);
    free(entry->attributes);
    dn_link_release(&entry->name);
    *entry = (struct entry){.attributes = NULL};
}

struct range {
    size_t name_len; /* of the description, without its option */
    bool is, ends;   /* "...;range=lo-hi"; ends: hi is "*" */
    unsigned long low, last;
};

static bool read_number(const char *at, char end, unsigned long *out, const char **behind)
{
    char *stop;
    *out = strtoul(at, &stop, 10);
    *behind = stop;
    return *at >= '0' && *at <= '9' && *stop == end;
}

/* "member;range=0-1499" or "member;range=1500-*"; anything else is a name without a range. */
static struct range read_range(const char *description)
{
    static const char option[] = ";range=";
    struct range range = {.name_len = strlen(description)};
    const char *at = str_find_case(description, option), *last, *end;
    if (!at || !read_number(at + strlen(option), '-', &range.low, &last))
        return range;
    range.ends = str_same(last + 1, "*");
    range.is = range.ends || (read_number(last + 1, '\0', &range.last, &end) &&
                              range.last >= range.low && range.last < ULONG_MAX);
    if (range.is)
        range.name_len = (size_t)(at - description);
    return range;
}

static struct attribute *find(struct entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->count; i++)
        if (str_same_case(entry->attributes[i].name, name))
            return &entry->attributes[i];
    return NULL;
}

static bool take_values(struct attribute *attribute, const struct berval *values, size_t count,
                        size_t *left)
{
    if (count > *left || attribute->count > 0)
        return false;
    *left -= count;
    attribute->values = mem_zero(count, sizeof *attribute->values);
    attribute->count = count;
    for (size_t i = 0; i < count; i++) {
        attribute->values[i].bytes = mem_textn(values[i].bv_val, values[i].bv_len);
        attribute->values[i].len = values[i].bv_len;
    }
    return true;
}

static struct attribute *of_name(struct entry *entry, const char *description, size_t len)
{
    char *name = mem_textn(description, len);
    struct attribute *attribute = find(entry, name);
    if (!attribute) {
        attribute = MEM_PUSH(entry->attributes, entry->count);
        attribute->name = name;
        name = NULL;
    }
    free(name);
    return attribute;
}

/* Windows sends a list that it cuts twice, in either order: "member" without values, and
 * "member;range=0-1499" with them; a later part is "member;range=1500-*" without and
 * "member;range=1500-2999" with them. So a description without values says nothing beside one that
 * has some, and a list that was cut without a value cannot be asked on. */
static bool take_described(struct entry *entry, const char *description,
                           const struct berval *values, size_t *left, struct entry_ranges *ranges)
{
    struct range range = read_range(description);
    struct attribute *attribute = of_name(entry, description, range.name_len);
    size_t count = 0;
    while (values && values[count].bv_val)
        count++;
    bool cut = range.is && !range.ends;
    attribute->partial = attribute->partial || cut;
    if (count == 0)
        return true;
    if (cut && range.last - range.low != count - 1)
        return false;
    if (cut) {
        struct entry_range *rest = MEM_PUSH(ranges->items, ranges->count);
        *rest = (struct entry_range){mem_text(attribute->name), range.last + 1};
    }
    return take_values(attribute, values, count, left);
}

static bool read_attributes(LDAP *ld, LDAPMessage *message, BerElement *ber, size_t *left,
                            struct entry *entry, struct entry_ranges *ranges)
{
    for (;;) {
        struct berval name = {0, NULL}, *values = NULL;
        if (ldap_get_attribute_ber(ld, message, ber, &name, &values) != LDAP_SUCCESS)
            return false;
        if (!name.bv_val)
            return true;
        char *description = mem_textn(name.bv_val, name.bv_len);
        bool ok = *left > 0;
        *left -= ok;
        ok = ok && take_described(entry, description, values, left, ranges);
        free(description);
        ldap_memfree(values);
        if (!ok)
            return false;
    }
}

bool entry_read(LDAP *ld, LDAPMessage *message, size_t *cells_left, struct entry *entry,
                struct entry_ranges *ranges)
{
    BerElement *ber = NULL;
    struct berval dn = {0, NULL};
    bool ok = ldap_get_dn_ber(ld, message, &ber, &dn) == LDAP_SUCCESS && dn.bv_val;
    if (ok) {
        char *text = mem_textn(dn.bv_val, dn.bv_len);
        if (!dn_parse_extended(text, &entry->name))
            entry->name.dn = mem_text(text); /* the rootDSE's is empty */
        free(text);
        ok = read_attributes(ld, message, ber, cells_left, entry, ranges);
    }
    ber_free(ber, 0);
    return ok;
}

void entry_append(struct entry *to, struct entry *from, const char *attribute, bool partial)
{
    struct attribute *have = find(to, attribute), *more = find(from, attribute);
    if (have)
        have->partial = partial;
    if (!have || !more)
        return;
    have->values = mem_grow(have->values, have->count + more->count, sizeof *have->values);
    memcpy(have->values + have->count, more->values, more->count * sizeof *more->values);
    have->count += more->count;
    more->count = 0; /* the bytes have a new owner */
}
