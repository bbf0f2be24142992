/* A table says which attribute is read in which way; decode_words.c holds the words. Whatever does
 * not have the shape that its attribute promises falls through to plain text or to hex. */
#include "src/directory/decode.h"

#include "src/base/text.h"
#include "src/directory/access.h"
#include "src/directory/decode_words.h"
#include "src/model/guid.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { HEX_SHOWN = 16, TEXT_MOST = 4096 };

typedef bool reader(const struct value *value, struct str *out);

static bool read_number(const struct value *value, int64_t *out)
{
    char *end;
    if (value->len == 0 || value->len > 20 || strlen(value->bytes) != value->len)
        return false;
    errno = 0;
    *out = strtoll(value->bytes, &end, 10);
    return errno == 0 && *end == '\0';
}

static bool add_guid(const struct value *value, struct str *out)
{
    struct guid guid;
    char text[GUID_TEXT];
    if (!guid_from_bytes(value->bytes, value->len, &guid))
        return false;
    str_add(out, guid_text(&guid, text));
    return true;
}

static bool add_sid(const struct value *value, struct str *out)
{
    char *text = access_sid_text(value->bytes, value->len);
    str_add(out, text);
    free(text);
    return text != NULL;
}

static bool add_utc(time_t when, struct str *out)
{
    struct tm tm;
    if (!gmtime_r(&when, &tm) || tm.tm_year < -299 || tm.tm_year > 8099)
        return false;
    str_addf(out, "%04d-%02d-%02d %02d:%02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec);
    return true;
}

/* 100 ns steps since 1601; 0 and the largest number mean never. */
static bool add_filetime(const struct value *value, struct str *out)
{
    int64_t ticks;
    if (!read_number(value, &ticks) || ticks < 0)
        return false;
    if (ticks == 0 || ticks == INT64_MAX) {
        str_add(out, "never");
        return true;
    }
    return add_utc((time_t)(ticks / 10000000 - 11644473600), out);
}

/* "20261119030741.0Z" */
static bool add_general_time(const struct value *value, struct str *out)
{
    const char *t = value->bytes;
    if (value->len < 15 || value->len > 24 || strspn(t, "0123456789") != 14 ||
        t[value->len - 1] != 'Z')
        return false;
    str_addf(out, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s UTC", t, t + 4, t + 6, t + 8, t + 10, t + 12);
    return true;
}

static bool add_hex(const struct value *value, struct str *out)
{
    str_addf(out, "%zu bytes: ", value->len);
    for (size_t i = 0; i < value->len && i < HEX_SHOWN; i++)
        str_addf(out, "%02x", (unsigned char)value->bytes[i]);
    if (value->len > HEX_SHOWN)
        str_add(out, "...");
    return true;
}

static const struct {
    const char *attribute;
    reader *read;
} shapes[] = {
    {"objectGUID", add_guid},
    {"invocationId", add_guid},
    {"retiredReplDSASignatures", add_hex},
    {"schemaIDGUID", add_guid},
    {"attributeSecurityGUID", add_guid},
    {"msDFSR-ReplicationGroupGuid", add_guid},
    {"msDFSR-ContentSetGuid", add_guid},
    {"objectSid", add_sid},
    {"sIDHistory", add_sid},
    {"securityIdentifier", add_sid},
    {"tokenGroups", add_sid},
    {"nTSecurityDescriptor", add_hex},
    {"repsFrom", add_hex},
    {"repsTo", add_hex},
    {"replPropertyMetaData", add_hex},
    {"replUpToDateVector", add_hex},
    {"schedule", add_hex},
    {"logonHours", add_hex},
    {"dnsRecord", add_hex},
    {"lastLogon", add_filetime},
    {"lastLogoff", add_filetime},
    {"lastLogonTimestamp", add_filetime},
    {"pwdLastSet", add_filetime},
    {"badPasswordTime", add_filetime},
    {"accountExpires", add_filetime},
    {"lockoutTime", add_filetime},
    {"creationTime", add_filetime},
};

static bool add_shape(const char *attribute, const struct value *value, struct str *out)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (str_same_case(shapes[i].attribute, attribute))
            return shapes[i].read(value, out);
    return false;
}

/* A link is shown by its DN alone: "<GUID=...>;<SID=...>;DN". */
static bool add_link(const char *text, struct str *out)
{
    struct dn_link link;
    if (!str_starts_case(text, "<GUID=") || !dn_parse_extended(text, &link))
        return false;
    text_add_clean(out, link.dn, strlen(link.dn));
    dn_link_release(&link);
    return true;
}

/* A link with bytes, "B:8:0000000D:<GUID=...>;DN": the DN, then the bytes. */
static bool add_binary_link(const char *text, struct str *out)
{
    if (!str_starts_case(text, "B:"))
        return false;
    const char *hex = text + 2 + strspn(text + 2, "0123456789");
    size_t len = *hex == ':' ? strspn(hex + 1, "0123456789ABCDEFabcdef") : 0;
    if (len == 0 || hex[1 + len] != ':' || !add_link(hex + 2 + len, out))
        return false;
    str_addf(out, " (%.*s)", (int)len, hex + 1);
    return true;
}

/* Text may hold line ends (and a tombstone's mark), but no other control character. */
static bool is_text(const struct value *value)
{
    for (size_t i = 0; i < value->len; i++) {
        unsigned char c = (unsigned char)value->bytes[i];
        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t')
            return false;
    }
    return text_is_utf8(value->bytes, value->len);
}

static void add_text(const struct value *value, struct str *out)
{
    size_t len = value->len;
    if (len > TEXT_MOST)
        for (len = TEXT_MOST; len > 0 && ((unsigned char)value->bytes[len] & 0xC0) == 0x80;)
            len--;
    text_add_clean(out, value->bytes, len);
    if (len < value->len)
        str_addf(out, "... (%zu bytes)", value->len);
}

static void decode(const char *object_class, const char *attribute, const struct value *value,
                   struct str *out)
{
    int64_t number;
    if (add_shape(attribute, value, out))
        return;
    if (read_number(value, &number) && words_add(object_class, attribute, number, out))
        return;
    if (add_general_time(value, out) || add_link(value->bytes, out) ||
        add_binary_link(value->bytes, out))
        return;
    if (is_text(value))
        add_text(value, out);
    else
        add_hex(value, out);
}

void decode_value(const char *attribute, const struct value *value, struct str *out)
{
    decode(NULL, attribute, value, out);
}

/* The last value of objectClass is the most specific one. */
static const char *class_of(const struct entry *entry)
{
    const struct attribute *classes = entry_attribute(entry, "objectClass");
    return classes && classes->count > 0 ? classes->values[classes->count - 1].bytes : NULL;
}

void decode_attribute(const struct entry *entry, const struct attribute *attribute,
                      struct strs *lines)
{
    for (size_t i = 0; i < attribute->count; i++) {
        struct str line = STR_INIT;
        decode(class_of(entry), attribute->name, &attribute->values[i], &line);
        strs_own(lines, str_steal(&line));
    }
}
