/* DNs and what stands in them: a line that is a value or a DN, then another. An escaped value is
 * found again, and nothing of it reaches a filter or a DN as syntax. */
#include "src/base/text.h"
#include "src/directory/search.h"
#include "src/model/dn.h"
#include "tests/fuzz/fuzz.h"

static void check_dn(const char *dn)
{
    char *parts[] = {dn_parent(dn), dn_rdn_value(dn), dn_ancestor(dn, 3), dn_to_dns(dn)};
    struct dn_link link = {.dn = NULL}, copy;
    if (dn_is_valid(dn)) {
        require(dn_equal(dn, dn));
        require(dn_is_under(dn, dn));
        require(!parts[0] || dn_is_under(dn, parts[0]));
    }
    (void)dn_first_mark(dn);
    if (dn_parse_extended(dn, &link)) {
        require(link.dn != NULL);
        dn_link_copy(&copy, &link);
        dn_link_release(&copy);
    }
    dn_link_release(&link);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        free(parts[i]);
}

/* A value with a name around it: the DN has that one value and that one parent. */
static void check_value(const char *value)
{
    char *child = dn_child("CN", value, "CN=Sites,DC=x"), *plain = dn_unmarked(value);
    if (*value && text_is_utf8(value, strlen(value))) {
        char *found = dn_rdn_value(child), *parent = dn_parent(child);
        require(dn_is_valid(child));
        require(found && strcmp(found, value) == 0);
        require(parent && dn_equal(parent, "CN=Sites,DC=x"));
        free(found);
        free(parent);
    }
    free(plain);
    free(child);
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* RFC 4515: only plain bytes and \XX, and read back they are the value. */
static void check_filter(const void *bytes, size_t len, char *escaped)
{
    const uint8_t *want = bytes;
    size_t at = 0;
    for (const char *c = escaped; *c; c++, at++) {
        require(!strchr("()*", *c) && at < len);
        if (*c != '\\') {
            require((uint8_t)*c == want[at]);
            continue;
        }
        require(hex(c[1]) >= 0 && hex(c[2]) >= 0 && hex(c[1]) * 16 + hex(c[2]) == want[at]);
        c += 2;
    }
    require(at == len);
    free(escaped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_filter(data, size, search_escape_bytes(data, size));
    char *first = take_line(&data, &size), *second = take_rest(data, size);
    check_dn(first);
    check_dn(second);
    check_value(first);
    check_filter(first, strlen(first), search_escape(first));
    require(dn_equal(first, second) == dn_equal(second, first));
    if (dn_is_valid(first) && dn_is_valid(second) && dn_is_under(first, second) &&
        dn_is_under(second, first))
        require(dn_equal(first, second));
    char *dn = dn_from_dns(first);
    free(dn);
    free(first);
    free(second);
    return 0;
}
