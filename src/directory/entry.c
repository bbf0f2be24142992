/* Questions to an entry. Names and words are compared without case, as LDAP does; a value that does
 * not parse counts as absent. */
#include "src/base/mem.h"
#include "src/directory/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct attribute *entry_attribute(const struct entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->count; i++)
        if (str_same_case(entry->attributes[i].name, name))
            return &entry->attributes[i];
    return NULL;
}

static bool is_text(const struct value *value)
{
    return strlen(value->bytes) == value->len;
}

bool entry_has(const struct entry *entry, const char *name)
{
    const struct attribute *attribute = entry_attribute(entry, name);
    return attribute && attribute->count > 0;
}

static const struct value *first(const struct entry *entry, const char *name)
{
    const struct attribute *attribute = entry_attribute(entry, name);
    return attribute && attribute->count > 0 ? &attribute->values[0] : NULL;
}

const char *entry_text(const struct entry *entry, const char *name)
{
    const struct value *value = first(entry, name);
    return value && is_text(value) ? value->bytes : NULL;
}

bool entry_has_value(const struct entry *entry, const char *name, const char *text)
{
    const struct attribute *attribute = entry_attribute(entry, name);
    for (size_t i = 0; attribute && i < attribute->count; i++)
        if (is_text(&attribute->values[i]) && str_same_case(attribute->values[i].bytes, text))
            return true;
    return false;
}

bool entry_is_class(const struct entry *entry, const char *object_class)
{
    return entry_has_value(entry, "objectClass", object_class);
}

bool entry_number(const struct entry *entry, const char *name, int64_t *out)
{
    const char *text = entry_text(entry, name);
    char *end;
    if (!text || *text == '\0' || strchr(" \t\n", *text))
        return false;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || *end)
        return false;
    *out = number;
    return true;
}

bool entry_flag(const struct entry *entry, const char *name)
{
    return str_same_case(entry_text(entry, name), "TRUE");
}

bool entry_guid(const struct entry *entry, const char *name, struct guid *out)
{
    const struct value *value = first(entry, name);
    return value && guid_from_bytes(value->bytes, value->len, out);
}

bool entry_link(const struct entry *entry, const char *name, struct dn_link *out)
{
    const char *text = entry_text(entry, name);
    return text && dn_parse_extended(text, out);
}

static bool two_digits(const char *at, int *out)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return false;
    *out = (at[0] - '0') * 10 + (at[1] - '0');
    return true;
}

/* "20260102030405.0Z": year, month, day, hour, minute, second in UTC. */
bool entry_time(const struct entry *entry, const char *name, time_t *out)
{
    const char *text = entry_text(entry, name);
    int part[7];
    if (!text || strlen(text) < 15 || text[strlen(text) - 1] != 'Z')
        return false;
    for (size_t i = 0; i < 7; i++)
        if (!two_digits(text + 2 * i, &part[i]))
            return false;
    struct tm tm = {.tm_year = part[0] * 100 + part[1] - 1900,
                    .tm_mon = part[2] - 1,
                    .tm_mday = part[3],
                    .tm_hour = part[4],
                    .tm_min = part[5],
                    .tm_sec = part[6]};
    *out = timegm(&tm);
    return *out != (time_t)-1;
}

void entry_texts(const struct entry *entry, const char *name, struct strs *out)
{
    const struct attribute *attribute = entry_attribute(entry, name);
    for (size_t i = 0; attribute && i < attribute->count; i++)
        if (is_text(&attribute->values[i]))
            strs_add(out, attribute->values[i].bytes);
}
