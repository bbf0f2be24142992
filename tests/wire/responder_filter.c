/* Search filters (RFC 4511, 4.5.1.7), read from BER and evaluated. Text is compared without case,
 * as nearly every attribute of Active Directory is; objectGUID by its bytes. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/search.h"
#include "tests/wire/responder_parts.h"

#include <stdlib.h>
#include <string.h>

#define RULE_BIT_AND "1.2.840.113556.1.4.803"
#define RULE_BIT_OR "1.2.840.113556.1.4.804"

static void add_part(struct filter *filter, ber_tag_t tag, const struct berval *value)
{
    size_t count = filter->part_count;
    *MEM_PUSH(filter->part_tags, count) = tag;
    *MEM_PUSH(filter->parts, filter->part_count) =
        (struct berval){.bv_len = value->bv_len, .bv_val = mem_textn(value->bv_val, value->bv_len)};
}

static bool read_kids(BerElement *ber, struct filter *filter)
{
    ber_len_t len;
    char *last;
    for (ber_tag_t tag = ber_first_element(ber, &len, &last); tag != LBER_DEFAULT;
         tag = ber_next_element(ber, &len, last))
        if (!filter_read(ber, MEM_PUSH(filter->kids, filter->kid_count)))
            return false;
    return true;
}

static bool read_assertion(BerElement *ber, struct filter *filter)
{
    struct berval name, value;
    if (ber_scanf(ber, "{mm}", &name, &value) == LBER_ERROR)
        return false;
    filter->attribute = mem_textn(name.bv_val, name.bv_len);
    add_part(filter, 0, &value);
    return true;
}

static bool read_substrings(BerElement *ber, struct filter *filter)
{
    struct berval name, value;
    ber_len_t len;
    char *last;
    if (ber_scanf(ber, "{m", &name) == LBER_ERROR)
        return false;
    filter->attribute = mem_textn(name.bv_val, name.bv_len);
    for (ber_tag_t tag = ber_first_element(ber, &len, &last); tag != LBER_DEFAULT;
         tag = ber_next_element(ber, &len, last)) {
        if (ber_scanf(ber, "m", &value) == LBER_ERROR)
            return false;
        add_part(filter, tag, &value);
    }
    return true;
}

static bool read_extended(BerElement *ber, struct filter *filter)
{
    struct berval value;
    ber_len_t len;
    char *last;
    for (ber_tag_t tag = ber_first_element(ber, &len, &last); tag != LBER_DEFAULT;
         tag = ber_next_element(ber, &len, last)) {
        if (ber_scanf(ber, "m", &value) == LBER_ERROR)
            return false;
        if (tag == LDAP_FILTER_EXT_OID)
            filter->rule = mem_textn(value.bv_val, value.bv_len);
        else if (tag == LDAP_FILTER_EXT_TYPE)
            filter->attribute = mem_textn(value.bv_val, value.bv_len);
        else if (tag == LDAP_FILTER_EXT_VALUE)
            add_part(filter, 0, &value);
    }
    return filter->attribute && filter->part_count == 1;
}

static bool read_presence(BerElement *ber, struct filter *filter)
{
    struct berval name;
    if (ber_scanf(ber, "m", &name) == LBER_ERROR)
        return false;
    filter->attribute = mem_textn(name.bv_val, name.bv_len);
    return true;
}

static bool read_not(BerElement *ber, struct filter *filter)
{
    ber_len_t len;
    return ber_skip_tag(ber, &len) != LBER_DEFAULT &&
           filter_read(ber, MEM_PUSH(filter->kids, filter->kid_count));
}

bool filter_read(BerElement *ber, struct filter *filter)
{
    ber_len_t len;
    *filter = (struct filter){.tag = ber_peek_tag(ber, &len)};
    switch (filter->tag) {
    case LDAP_FILTER_AND:
    case LDAP_FILTER_OR:
        return read_kids(ber, filter);
    case LDAP_FILTER_NOT:
        return read_not(ber, filter);
    case LDAP_FILTER_EQUALITY:
    case LDAP_FILTER_GE:
    case LDAP_FILTER_LE:
    case LDAP_FILTER_APPROX:
        return read_assertion(ber, filter);
    case LDAP_FILTER_SUBSTRINGS:
        return read_substrings(ber, filter);
    case LDAP_FILTER_PRESENT:
        return read_presence(ber, filter);
    case LDAP_FILTER_EXT:
        return read_extended(ber, filter);
    default:
        return false;
    }
}

static bool starts(const char *text, size_t len, const struct berval *part)
{
    return len >= part->bv_len && strncasecmp(text, part->bv_val, part->bv_len) == 0;
}

static bool substrings(const struct filter *filter, const struct responder_value *value)
{
    const char *at = value->bytes, *end = at + value->len;
    for (size_t i = 0; i < filter->part_count; i++) {
        const struct berval *part = &filter->parts[i];
        size_t left = (size_t)(end - at);
        if (filter->part_tags[i] == LDAP_SUBSTRING_INITIAL && !starts(at, left, part))
            return false;
        if (filter->part_tags[i] == LDAP_SUBSTRING_FINAL) {
            if (left < part->bv_len || !starts(end - part->bv_len, part->bv_len, part))
                return false;
            at = end - part->bv_len;
        }
        while (filter->part_tags[i] == LDAP_SUBSTRING_ANY && !starts(at, left, part)) {
            if (left == 0)
                return false;
            at++, left--;
        }
        at += part->bv_len;
    }
    return true;
}

static bool equal(const struct responder_value *value, const struct berval *part, bool bytes)
{
    if (value->len != part->bv_len)
        return false;
    return bytes ? memcmp(value->bytes, part->bv_val, part->bv_len) == 0
                 : strncasecmp(value->bytes, part->bv_val, part->bv_len) == 0;
}

/* Windows compares names without nonspacing marks: one letter stands for all of them here. */
static bool equal_but_marks(const struct responder_value *value, const struct berval *part)
{
    static const char marked[] = "\xC3\xBC"; /* u with a diaeresis */
    struct str plain[2] = {STR_INIT, STR_INIT};
    const char *texts[] = {value->bytes, part->bv_val};
    for (size_t i = 0; i < 2; i++)
        for (const char *at = texts[i]; *at; at++) {
            bool is = strncmp(at, marked, 2) == 0;
            str_addc(&plain[i], is ? 'u' : *at);
            at += is;
        }
    bool same = str_same_case(str_text(&plain[0]), str_text(&plain[1]));
    str_release(&plain[0]);
    str_release(&plain[1]);
    return same;
}

static bool value_matches(const struct filter *filter, const struct responder_value *value,
                          bool windows)
{
    const struct berval *part = filter->parts;
    long long have = strtoll(value->bytes, NULL, 10);
    long long want = part ? strtoll(part->bv_val, NULL, 10) : 0;
    switch (filter->tag) {
    case LDAP_FILTER_PRESENT:
        return true;
    case LDAP_FILTER_EQUALITY:
    case LDAP_FILTER_APPROX:
        return equal(value, part, str_same_case(filter->attribute, "objectGUID")) ||
               (windows && str_same_case(filter->attribute, "cn") && equal_but_marks(value, part));
    case LDAP_FILTER_SUBSTRINGS:
        return substrings(filter, value);
    case LDAP_FILTER_GE:
        return have >= want;
    case LDAP_FILTER_LE:
        return have <= want;
    case LDAP_FILTER_EXT:
        return str_same(filter->rule, RULE_BIT_AND)  ? (have & want) == want
               : str_same(filter->rule, RULE_BIT_OR) ? (have & want) != 0
                                                     : false;
    default:
        return false;
    }
}

bool filter_matches(const struct filter *filter, const struct responder_entry *entry)
{
    bool all = true, any = false;
    if (filter->tag == LDAP_FILTER_AND || filter->tag == LDAP_FILTER_OR ||
        filter->tag == LDAP_FILTER_NOT) {
        for (size_t i = 0; i < filter->kid_count; i++) {
            bool matches = filter_matches(&filter->kids[i], entry);
            all = all && matches;
            any = any || matches;
        }
        return filter->tag == LDAP_FILTER_AND ? all : filter->tag == LDAP_FILTER_OR ? any : !all;
    }
    if (filter->tag == LDAP_FILTER_PRESENT && str_same_case(filter->attribute, "objectClass"))
        return true;
    const struct responder_attribute *attribute = tree_attribute(entry, filter->attribute);
    for (size_t i = 0; attribute && i < attribute->count && !any; i++)
        any = value_matches(filter, &attribute->values[i], entry->owner->windows);
    return any;
}

static void add_value(struct str *out, const struct berval *value)
{
    char *text = search_escape_bytes(value->bv_val, value->bv_len);
    str_add(out, text);
    free(text);
}

static void add_text(struct str *out, const struct filter *filter)
{
    const char *sign = filter->tag == LDAP_FILTER_GE       ? ">="
                       : filter->tag == LDAP_FILTER_LE     ? "<="
                       : filter->tag == LDAP_FILTER_APPROX ? "~="
                                                           : "=";
    str_add(out, filter->tag == LDAP_FILTER_AND   ? "(&"
                 : filter->tag == LDAP_FILTER_OR  ? "(|"
                 : filter->tag == LDAP_FILTER_NOT ? "(!"
                                                  : "(");
    for (size_t i = 0; i < filter->kid_count; i++)
        add_text(out, &filter->kids[i]);
    if (filter->attribute)
        str_addf(out, "%s%s%s%s%s", filter->attribute, filter->rule ? ":" : "",
                 filter->rule ? filter->rule : "", filter->rule ? ":" : "", sign);
    if (filter->tag == LDAP_FILTER_PRESENT)
        str_add(out, "*");
    for (size_t i = 0; i < filter->part_count; i++) {
        bool parts = filter->tag == LDAP_FILTER_SUBSTRINGS;
        if (parts && filter->part_tags[i] != LDAP_SUBSTRING_INITIAL)
            str_add(out, "*");
        add_value(out, &filter->parts[i]);
        if (parts && i + 1 == filter->part_count && filter->part_tags[i] != LDAP_SUBSTRING_FINAL)
            str_add(out, "*");
    }
    str_add(out, ")");
}

char *filter_text(const struct filter *filter)
{
    struct str out = STR_INIT;
    add_text(&out, filter);
    return str_steal(&out);
}

bool filter_mentions(const struct filter *filter, const char *text)
{
    if (filter->attribute && str_find_case(filter->attribute, text))
        return true;
    for (size_t i = 0; i < filter->part_count; i++)
        if (str_find_case(filter->parts[i].bv_val, text))
            return true;
    for (size_t i = 0; i < filter->kid_count; i++)
        if (filter_mentions(&filter->kids[i], text))
            return true;
    return false;
}

void filter_release(struct filter *filter)
{
    for (size_t i = 0; i < filter->kid_count; i++)
        filter_release(&filter->kids[i]);
    for (size_t i = 0; i < filter->part_count; i++)
        free(filter->parts[i].bv_val);
    free(filter->kids);
    free(filter->parts);
    free(filter->part_tags);
    free(filter->attribute);
    free(filter->rule);
}
