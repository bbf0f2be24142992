/* Reads the BER of an entry attribute by attribute with libldap's ldap_get_attribute_ber(), which
 * notices a truncated one, unlike the older calls that end quietly. */
#include "src/base/mem.h"
#include "src/directory/entry_parts.h"

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

/* "member;range=0-1499" -> "member", last 1499; "...-*" -> last -1. False: no range. */
static bool split_range(const char *description, size_t *name_len, long *last)
{
    static const char option[] = ";range=";
    const char *at = str_find_case(description, option);
    char *end;
    if (!at)
        return false;
    const char *digits = at + strlen(option);
    (void)strtoul(digits, &end, 10);
    if (end == digits || *end != '-')
        return false;
    *name_len = (size_t)(at - description);
    *last = end[1] == '*' ? -1 : strtol(end + 1, NULL, 10);
    return end[1] == '*' || *last >= 0;
}

static struct attribute *add_attribute(struct entry *entry, const char *description,
                                       struct entry_ranges *ranges)
{
    struct attribute *attribute = MEM_PUSH(entry->attributes, entry->count);
    size_t len;
    long last;
    if (!split_range(description, &len, &last)) {
        attribute->name = mem_text(description);
        return attribute;
    }
    attribute->name = mem_textn(description, len);
    if (last >= 0) {
        struct entry_range *range = MEM_PUSH(ranges->items, ranges->count);
        range->attribute = mem_text(attribute->name);
        range->next = (unsigned long)last + 1;
        attribute->partial = true;
    }
    return attribute;
}

static bool take_values(struct attribute *attribute, const struct berval *values, size_t *left)
{
    size_t count = 0;
    while (values && values[count].bv_val)
        count++;
    if (count > *left)
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
        ok = ok && take_values(add_attribute(entry, description, ranges), values, left);
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

static struct attribute *find(struct entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->count; i++)
        if (str_same_case(entry->attributes[i].name, name))
            return &entry->attributes[i];
    return NULL;
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
