/* objectGUID as text, wire bytes and search filter; every text of a wrong shape is refused. */
#include "src/model/guid.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TEXT "3dab7f9b-92e7-4391-b8db-71df532c1493"
static const struct guid known = {{0x9b, 0x7f, 0xab, 0x3d, 0xe7, 0x92, 0x91, 0x43, 0xb8, 0xdb, 0x71,
                                   0xdf, 0x53, 0x2c, 0x14, 0x93}};

static const struct {
    const char *text;
    bool ok;
} texts[] = {
    {TEXT, true},
    {"3DAB7F9B-92E7-4391-B8DB-71DF532C1493", true},
    {"{" TEXT "}", true},
    {"  " TEXT "\t\r\n", true},
    {" {" TEXT "} ", true},
    {"{" TEXT, false},
    {TEXT "}", false},
    {"{{" TEXT "}}", false},
    {"", false},
    {" ", false},
    {"{}", false},
    {TEXT "0", false},
    {"0" TEXT, false},
    {TEXT " " TEXT, false},
    {TEXT "._msdcs.contoso.com", false},
    {"3dab7f9b-92e7-4391-b8db-71df532c149", false},
    {"3dab7f9b-92e7-4391-b8db-71df532c149g", false},
    {"3dab7f9b92e74391b8db71df532c1493", false},
    {"3dab7f9-b92e7-4391-b8db-71df532c1493", false},
    {"3dab7f9b_92e7_4391_b8db_71df532c1493", false},
    {"-dab7f9b-92e7-4391-b8db-71df532c1493", false},
    {"\n" TEXT, false},
};

START_TEST(text_is_parsed)
{
    struct guid guid = {{0}};
    ck_assert_msg(guid_parse(texts[_i].text, &guid) == texts[_i].ok, "%s", texts[_i].text);
    ck_assert(texts[_i].ok ? guid_equal(&guid, &known) : guid_is_null(&guid));
}
END_TEST

START_TEST(text_in_front_of_others)
{
    struct guid guid;
    ck_assert(guid_parse_prefix(TEXT, 36, &guid));
    ck_assert(guid_parse_prefix(TEXT "._msdcs.a.com", strlen(TEXT "._msdcs.a.com"), &guid));
    ck_assert(guid_equal(&guid, &known));
    ck_assert(guid_parse_prefix(TEXT "-", 37, &guid));
    ck_assert(!guid_parse_prefix(TEXT "a", 37, &guid)); /* longer than a GUID: something else */
    ck_assert(guid_parse_prefix(TEXT "a", 36, &guid));  /* the text ends before */
    ck_assert(!guid_parse_prefix(TEXT, 35, &guid));
    ck_assert(!guid_parse_prefix("", 0, &guid));
    ck_assert(!guid_parse_prefix("{" TEXT "}", 38, &guid));
}
END_TEST

/* Exactly the bytes that are there are read: the copy has no room for more. */
START_TEST(no_byte_beyond_the_length)
{
    for (size_t len = 0; len <= 37; len++) {
        struct guid guid;
        char *copy = malloc(len ? len : 1);
        memcpy(copy, TEXT "x", len);
        ck_assert(guid_parse_prefix(copy, len, &guid) == (len >= 36));
        free(copy);
    }
}
END_TEST

START_TEST(wire_order)
{
    struct guid guid;
    ck_assert(guid_parse_wire_hex("9b7fab3de7929143b8db71df532c1493", &guid));
    ck_assert(guid_equal(&guid, &known));
    ck_assert(guid_parse_wire_hex("9B7FAB3DE7929143B8DB71DF532C1493", &guid));
    ck_assert(!guid_parse_wire_hex("9b7fab3de7929143b8db71df532c149", &guid));
    ck_assert(!guid_parse_wire_hex("9b7fab3de7929143b8db71df532c14933", &guid));
    ck_assert(!guid_parse_wire_hex("9b7fab3de7929143b8db71df532c149g", &guid));
    ck_assert(!guid_parse_wire_hex("", &guid));
    ck_assert(guid_from_bytes(known.bytes, 16, &guid));
    ck_assert(guid_equal(&guid, &known));
    ck_assert(!guid_from_bytes(known.bytes, 15, &guid));
    ck_assert(!guid_from_bytes(known.bytes, 0, &guid));
}
END_TEST

START_TEST(written_as_read)
{
    char text[GUID_TEXT], filter[GUID_FILTER];
    ck_assert_str_eq(guid_text(&known, text), TEXT);
    ck_assert_str_eq(guid_filter(&known, filter),
                     "\\9b\\7f\\ab\\3d\\e7\\92\\91\\43\\b8\\db\\71\\df\\53\\2c\\14\\93");
    for (unsigned byte = 0; byte < 16; byte++) {
        struct guid guid = {{0}}, again;
        guid.bytes[byte] = 0xA5;
        ck_assert(guid_parse(guid_text(&guid, text), &again) && guid_equal(&guid, &again));
        ck_assert(!guid_is_null(&guid));
    }
}
END_TEST

static const struct {
    const char *cut;
    bool fits;
} cuts[] = {
    {"3dab7f9b-", true},
    {"3DAB7F9B-92e7-4391-b8", true},
    {"3dab7f9b92e7439", true},
    {"3dab7f9b-...-1493", true}, /* how it ends */
    {"3dab7f9b-...-71df", true}, /* how its last group begins */
    {"3dab7f9b-\u2026-71df532c1493", true},
    {"3dab7f9b-92e7-...-b8db-71df532c1493", true},
    {"3dab7f9b-92e7-...", true},
    {TEXT, true},
    {"3dab7f9b-92e8", false},
    {"3dab7f9b-...-1494", false},
    {"3dab7f9b-...71df", false},       /* a group is not said to begin there */
    {"3dab7f9b-...-b8db-71df", false}, /* nor that the last one was cut */
    {"3dab7f9b-...-71df532c14930", false},
    {TEXT "0", false},
    {"...", true}, /* intake takes nothing with fewer than eight digits */
};

START_TEST(a_cut_one_fits)
{
    ck_assert_msg(guid_fits(&known, cuts[_i].cut) == cuts[_i].fits, "%s", cuts[_i].cut);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guid");
    TCase *tests = tcase_create("guid");
    tcase_add_loop_test(tests, text_is_parsed, 0, (int)(sizeof texts / sizeof *texts));
    tcase_add_test(tests, text_in_front_of_others);
    tcase_add_test(tests, no_byte_beyond_the_length);
    tcase_add_test(tests, wire_order);
    tcase_add_test(tests, written_as_read);
    tcase_add_loop_test(tests, a_cut_one_fits, 0, (int)(sizeof cuts / sizeof *cuts));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
