/* What the detail pane shows for a value: by attribute, by class, and for bytes that lie. */
#include "src/directory/decode.h"

#include "src/base/str.h"
#include "src/directory/replication.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
    const char *attribute;
    const char *bytes;
    size_t len;
    const char *shown;
} values[] = {
    {"objectGUID", BYTES("\x9b\x7f\xab\x3d\xe7\x92\x91\x43\xb8\xdb\x71\xdf\x53\x2c\x14\x93"),
     "3dab7f9b-92e7-4391-b8db-71df532c1493"},
    {"OBJECTGUID", BYTES("\x9b\x7f\xab"), "3 bytes: 9b7fab"},
    {"objectSid", BYTES("\1\2\0\0\0\0\0\5\x15\0\0\0\x50\4\0\0"), "S-1-5-21-1104"},
    {"objectSid", BYTES("\1\2\0\0\0\0\0\5\x15\0\0\0\x50\4\0"),
     "15 bytes: 010200000000000515000000500400"},
    {"userAccountControl", BYTES("532480"), "532480 (domain controller, trusted for delegation)"},
    {"userAccountControl", BYTES("83890176"),
     "83890176 (workstation or server, may act for others, read-only DC)"},
    {"userAccountControl", BYTES("4098"), "4098 (disabled, workstation or server)"},
    {"userAccountControl", BYTES("many"), "many"},
    {"userAccountControl", BYTES("99999999999999999999"), "99999999999999999999"},
    {"primaryGroupID", BYTES("516"), "516 (Domain Controllers)"},
    {"primaryGroupID", BYTES("1234"), "1234"},
    {"sAMAccountType", BYTES("805306369"), "805306369 (computer)"},
    {"groupType", BYTES("-2147483646"), "-2147483646 (global, security)"},
    {"msDS-Behavior-Version", BYTES("0"), "0 (Windows 2000)"},
    {"systemFlags", BYTES("1375731712"),
     "1375731712 (stays in place when deleted, may be moved within limits, may be renamed)"},
    {"systemFlags", BYTES("0"), "0"},
    {"options", BYTES("1"), "1"},
    {"whenCreated", BYTES("20261119030741.0Z"), "2026-11-19 03:07:41 UTC"},
    {"whenCreated", BYTES("20261119"), "20261119"},
    {"pwdLastSet", BYTES("134397832610000000"), "2026-11-22 01:07:41 UTC"},
    {"pwdLastSet", BYTES("0"), "never"},
    {"accountExpires", BYTES("9223372036854775807"), "never"},
    {"lastLogon", BYTES("-1"), "-1"},
    {"serverReference",
     BYTES("<GUID=3dab7f9b-92e7-4391-b8db-71df532c1493>;<SID=S-1-5-21-1104>;CN=A,DC=x"),
     "CN=A,DC=x"},
    {"msDS-HasInstantiatedNCs",
     BYTES("B:8:0000000D:<GUID=3dab7f9b-92e7-4391-b8db-71df532c1493>;CN=A,DC=x"),
     "CN=A,DC=x (0000000D)"},
    {"wellKnownObjects", BYTES("B:32:zz:CN=A"), "B:32:zz:CN=A"},
    {"serverReference", BYTES("<GUID=3dab7f9b-92e7"), "<GUID=3dab7f9b-92e7"},
    {"cn", BYTES("DC5\nDEL:3dab7f9b"), "DC5\\0ADEL:3dab7f9b"},
    {"description", BYTES("a\x1b[2Jb"), "6 bytes: 611b5b324a62"},
    {"description", BYTES("\xff\xfe\xff"), "3 bytes: fffeff"},
    {"description",
     BYTES("Gr\xc3\xbc\xc3\x9f"
           "e"),
     "Gr\xc3\xbc\xc3\x9f"
     "e"},
    {"description", BYTES(""), ""},
    {"repsFrom", BYTES("\1\0\0\0\0\0\0\0\xd8\0\0\0\0\0\0\0\1\2"),
     "18 bytes: 0100000000000000d800000000000000..."},
};

START_TEST(shown_as)
{
    struct str bytes = STR_INIT, out = STR_INIT;
    str_addn(&bytes, values[_i].bytes, values[_i].len);
    struct value value = {bytes.text, bytes.len};
    decode_value(values[_i].attribute, &value, &out);
    ck_assert_str_eq(str_text(&out), values[_i].shown);
    str_release(&bytes);
    str_release(&out);
}
END_TEST

START_TEST(long_text_is_cut_between_characters)
{
    struct str bytes = STR_INIT, out = STR_INIT;
    str_addc(&bytes, 'x');
    while (bytes.len < 6001)
        str_add(&bytes, "\xc3\xbc");
    struct value value = {bytes.text, bytes.len};
    decode_value("info", &value, &out);
    ck_assert_uint_lt(out.len, 4200);
    ck_assert_ptr_nonnull(strstr(out.text, "\xc3\xbc... (6001 bytes)"));
    str_release(&bytes);
    str_release(&out);
}
END_TEST

static void check_flags(const char *object_class, const char *attribute, const char *number,
                        const char *shown)
{
    char top[] = "top", class[32], text[32];
    snprintf(class, sizeof class, "%s", object_class);
    snprintf(text, sizeof text, "%s", number);
    char classes[] = "objectClass", name[32];
    snprintf(name, sizeof name, "%s", attribute);
    struct value class_values[] = {{top, 3}, {class, strlen(class)}}, flags = {text, strlen(text)};
    struct attribute attributes[] = {{classes, class_values, 2, false}, {name, &flags, 1, false}};
    struct entry entry = {.attributes = attributes, .count = 2};
    struct strs lines = {NULL, 0};
    decode_attribute(&entry, &attributes[1], &lines);
    ck_assert_uint_eq(lines.count, 1);
    ck_assert_str_eq(lines.items[0], shown);
    strs_release(&lines);
}

START_TEST(the_class_decides)
{
    check_flags("nTDSDSA", "options", "7",
                "7 (global catalog, inbound replication disabled, outbound replication disabled)");
    check_flags("nTDSDSARO", "options", "1", "1 (global catalog)");
    check_flags("nTDSConnection", "options", "1", "1 (made by the KCC)");
    check_flags("nTDSSiteSettings", "options", "2048", "2048 (0x800)");
    check_flags("computer", "options", "1", "1");
    check_flags("crossRef", "systemFlags", "3", "3 (partition of this forest, domain)");
    check_flags("server", "systemFlags", "1375731712",
                "1375731712 (stays in place when deleted, may be moved within limits, may be "
                "renamed)");
}
END_TEST

/* A value as Windows sends it: names are not escaped, and a newline and a NUL end it. */
START_TEST(a_bare_ampersand)
{
    static const struct {
        const char *site, *read; /* NULL: it is no XML at all */
    } cases[] = {{"R&D", "R&D"},   {"R&amp;D", "R&D"}, {"R&D &amp; &lt;x", "R&D & <x"}, {"&", "&"},
                 {"&#65;&", "A&"}, {"a<b", NULL},      {"&unknown;", "&unknown;"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct facts_link link;
        char *xml = str_format("<DS_REPL_NEIGHBOR>\n\t<pszSourceDsaDN>CN=%s</pszSourceDsaDN>\n"
                               "\t<uuidSourceDsaObjGuid>3dab7f9b-92e7-4391-b8db-71df532c1493"
                               "</uuidSourceDsaObjGuid>\n</DS_REPL_NEIGHBOR>\n",
                               cases[i].site);
        bool ok = replication_xml(xml, strlen(xml) + 1, false, &link);
        ck_assert_msg(ok == (cases[i].read != NULL), "%zu", i);
        ck_assert_msg(!ok || str_same(link.partner + 3, cases[i].read), "%zu: %s", i, link.partner);
        replication_link_release(&link);
        free(xml);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("decode");
    TCase *tests = tcase_create("decode");
    tcase_add_loop_test(tests, shown_as, 0, sizeof values / sizeof *values);
    tcase_add_test(tests, long_text_is_cut_between_characters);
    tcase_add_test(tests, the_class_decides);
    tcase_add_test(tests, a_bare_ampersand);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
