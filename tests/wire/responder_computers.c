/* A domain of a hundred thousand computers, without the memory for them. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/wire/responder_parts.h"

#include <stdlib.h>
#include <string.h>

void responder_computers(struct responder *responder, size_t count)
{
    responder->computers = count;
}

/* By what all of them have in common. */
static bool leaf_may_match(const struct filter *filter)
{
    const char *name = filter->attribute;
    const char *value = filter->part_count ? filter->parts[0].bv_val : "";
    if (str_same_case(name, "primaryGroupID"))
        return filter->tag == LDAP_FILTER_PRESENT || str_same(value, "515");
    if (str_same_case(name, "objectClass"))
        return filter->tag == LDAP_FILTER_PRESENT || str_same_case(value, "computer");
    return (str_same_case(name, "cn") || str_same_case(name, "sAMAccountName") ||
            str_same_case(name, "dNSHostName")) &&
           (filter->tag == LDAP_FILTER_PRESENT || str_starts_case(value, "pc"));
}

bool computers_may_match(const struct filter *filter)
{
    bool all = true, any = false;
    if (filter->tag != LDAP_FILTER_AND && filter->tag != LDAP_FILTER_OR)
        return filter->tag == LDAP_FILTER_NOT || (filter->attribute && leaf_may_match(filter));
    for (size_t i = 0; i < filter->kid_count; i++) {
        bool may = computers_may_match(&filter->kids[i]);
        all = all && may;
        any = any || may;
    }
    return filter->tag == LDAP_FILTER_AND ? all : any;
}

static void add(struct responder_entry *entry, const char *attribute, char *value)
{
    responder_value(entry, attribute, value);
    free(value);
}

struct responder_entry *computer_new(const struct responder *responder, size_t number)
{
    struct responder_entry *entry = mem_zero(1, sizeof *entry);
    entry->owner = responder;
    entry->dn = str_format("CN=PC%06zu,CN=Computers,DC=contoso,DC=com", number);
    memcpy(entry->guid.bytes, "computer", 8);
    memcpy(entry->guid.bytes + 8, &number, 8);
    guid_text(&entry->guid, entry->guid_text);
    responder_bytes(entry, "objectGUID", entry->guid.bytes, sizeof entry->guid.bytes);
    responder_value(entry, "objectClass", "top");
    responder_value(entry, "objectClass", "computer");
    responder_value(entry, "userAccountControl", "4096");
    responder_value(entry, "primaryGroupID", "515");
    add(entry, "cn", str_format("PC%06zu", number));
    add(entry, "sAMAccountName", str_format("PC%06zu$", number));
    add(entry, "dNSHostName", str_format("pc%06zu.contoso.com", number));
    return entry;
}
