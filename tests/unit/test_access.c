/* Security descriptors built by hand, byte by byte, and then damaged in every place. */
#include "src/directory/access.h"
#include "tests/suite.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE "26d9736d-6070-11d1-a9c6-0000f80367c1"
#define SERVER_CLASS "bf967a92-0de6-11d0-a285-00aa003049e2"
#define OTHER_ATTRIBUTE "72e39547-7b18-11d1-adef-00c04fd8d5cd"
#define AUTHENTICATED "S-1-5-11"
#define KAYLA "S-1-5-21-1-2-3-1104"
#define OWNER_RIGHTS "S-1-3-4"

enum { ALLOW, DENY, ALLOW_OBJECT = 5, DENY_OBJECT = 6, ALLOW_IF = 9 };
enum { INHERITED_ONLY = 8 };
enum { READ_PROPERTY = 0x10, WRITE_PROPERTY = 0x20 };

struct ace {
    int type, flags;
    uint32_t mask;
    const char *object, *inherited;
    const char *sid;
};

static void put32(struct str *s, uint32_t n)
{
    uint8_t bytes[] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24)};
    str_addn(s, bytes, 4);
}

static void put16(struct str *s, unsigned n)
{
    uint8_t bytes[] = {(uint8_t)n, (uint8_t)(n >> 8)};
    str_addn(s, bytes, 2);
}

static void put_sid(struct str *s, const char *text)
{
    char *at;
    uint8_t head[8] = {1, 0, 0, 0, 0, 0, 0, (uint8_t)strtoul(text + 4, &at, 10)};
    struct str subs = STR_INIT;
    while (*at == '-') {
        put32(&subs, (uint32_t)strtoul(at + 1, &at, 10));
        head[1]++;
    }
    str_addn(s, head, 8);
    str_addn(s, str_text(&subs), subs.len);
    str_release(&subs);
}

static void put_guid(struct str *s, const char *text)
{
    struct guid guid;
    if (text && guid_parse(text, &guid))
        str_addn(s, guid.bytes, 16);
}

static void put_ace(struct str *s, const struct ace *ace)
{
    struct str body = STR_INIT;
    put32(&body, ace->mask);
    if (ace->type == ALLOW_OBJECT || ace->type == DENY_OBJECT)
        put32(&body, (ace->object ? 1u : 0) | (ace->inherited ? 2u : 0));
    put_guid(&body, ace->object);
    put_guid(&body, ace->inherited);
    put_sid(&body, ace->sid);
    str_addc(s, (char)ace->type);
    str_addc(s, (char)ace->flags);
    put16(s, (unsigned)body.len + 4);
    str_addn(s, body.text, body.len);
    str_release(&body);
}

static struct str make(const struct ace *aces, unsigned count, const char *owner)
{
    struct str acl = STR_INIT, sd = STR_INIT, sid = STR_INIT;
    for (unsigned i = 0; i < count; i++)
        put_ace(&acl, &aces[i]);
    put_sid(&sid, owner);
    str_addn(&sd, "\1\0", 2);
    put16(&sd, 0x8004);
    put32(&sd, 20);
    put32(&sd, 0);
    put32(&sd, 0);
    put32(&sd, 20 + (uint32_t)sid.len);
    str_addn(&sd, sid.text, sid.len);
    put16(&sd, 4);
    put16(&sd, (unsigned)acl.len + 8);
    put16(&sd, count);
    put16(&sd, 0);
    str_addn(&sd, str_text(&acl), acl.len);
    str_release(&acl);
    str_release(&sid);
    return sd;
}

static struct strs token(void)
{
    struct strs sids = {NULL, 0};
    strs_add(&sids, KAYLA);
    strs_add(&sids, "S-1-1-0");
    strs_add(&sids, AUTHENTICATED);
    return sids;
}

static const struct {
    const char *what;
    struct ace aces[3];
    unsigned count;
    enum server_flag expected;
    const char *owner;
} cases[] = {
    {"an empty list", {{0}}, 0, FLAG_NO, "S-1-5-18"},
    {"read property",
     {{ALLOW, 0, READ_PROPERTY, NULL, NULL, AUTHENTICATED}},
     1,
     FLAG_YES,
     "S-1-5-18"},
    {"write property",
     {{ALLOW, 0, WRITE_PROPERTY, NULL, NULL, AUTHENTICATED}},
     1,
     FLAG_NO,
     "S-1-5-18"},
    {"generic read", {{ALLOW, 0, 0x80000000, NULL, NULL, AUTHENTICATED}}, 1, FLAG_YES, "S-1-5-18"},
    {"generic all", {{ALLOW, 0, 0x10000000, NULL, NULL, KAYLA}}, 1, FLAG_YES, "S-1-5-18"},
    {"somebody else",
     {{ALLOW, 0, READ_PROPERTY, NULL, NULL, "S-1-5-21-1-2-3-500"}},
     1,
     FLAG_NO,
     "S-1-5-18"},
    {"only for children",
     {{ALLOW, INHERITED_ONLY, READ_PROPERTY, NULL, NULL, AUTHENTICATED}},
     1,
     FLAG_NO,
     "S-1-5-18"},
    {"this attribute",
     {{ALLOW_OBJECT, 0, READ_PROPERTY, REFERENCE, NULL, KAYLA}},
     1,
     FLAG_YES,
     "S-1-5-18"},
    {"this attribute, for servers",
     {{ALLOW_OBJECT, 0, READ_PROPERTY, REFERENCE, SERVER_CLASS, KAYLA}},
     1,
     FLAG_YES,
     "S-1-5-18"},
    {"an object entry for all",
     {{ALLOW_OBJECT, 0, READ_PROPERTY, NULL, NULL, KAYLA}},
     1,
     FLAG_YES,
     "S-1-5-18"},
    {"another attribute",
     {{ALLOW_OBJECT, 0, READ_PROPERTY, OTHER_ATTRIBUTE, NULL, KAYLA}},
     1,
     FLAG_NO,
     "S-1-5-18"},
    {"the class",
     {{ALLOW_OBJECT, 0, READ_PROPERTY, SERVER_CLASS, NULL, KAYLA}},
     1,
     FLAG_YES,
     "S-1-5-18"},
    {"denied first",
     {{DENY_OBJECT, 0, READ_PROPERTY, REFERENCE, NULL, KAYLA},
      {ALLOW, 0, READ_PROPERTY, NULL, NULL, AUTHENTICATED}},
     2,
     FLAG_NO,
     "S-1-5-18"},
    {"another attribute denied",
     {{DENY_OBJECT, 0, READ_PROPERTY, OTHER_ATTRIBUTE, NULL, KAYLA},
      {ALLOW, 0, READ_PROPERTY, NULL, NULL, AUTHENTICATED}},
     2,
     FLAG_YES,
     "S-1-5-18"},
    {"explicitly allowed before an inherited denial",
     {{ALLOW_OBJECT, 0, READ_PROPERTY, REFERENCE, NULL, KAYLA},
      {DENY, 0x10, READ_PROPERTY, NULL, NULL, AUTHENTICATED}},
     2,
     FLAG_YES,
     "S-1-5-18"},
    {"a condition", {{ALLOW_IF, 0, READ_PROPERTY, NULL, NULL, KAYLA}}, 1, FLAG_UNKNOWN, "S-1-5-18"},
    {"owner rights, owner",
     {{ALLOW, 0, READ_PROPERTY, NULL, NULL, OWNER_RIGHTS}},
     1,
     FLAG_YES,
     KAYLA},
    {"owner rights, not owner",
     {{ALLOW, 0, READ_PROPERTY, NULL, NULL, OWNER_RIGHTS}},
     1,
     FLAG_NO,
     "S-1-5-18"},
    {"an unknown kind is passed over",
     {{0x11, 0, READ_PROPERTY, NULL, NULL, KAYLA}, {ALLOW, 0, READ_PROPERTY, NULL, NULL, KAYLA}},
     2,
     FLAG_YES,
     "S-1-5-18"},
};
enum { CASES = sizeof cases / sizeof *cases };

START_TEST(judged_as_windows_would)
{
    struct str sd = make(cases[_i].aces, cases[_i].count, cases[_i].owner);
    struct strs sids = token();
    ck_assert_msg(access_may_read_reference(sd.text, sd.len, &sids) == cases[_i].expected, "%s",
                  cases[_i].what);
    strs_release(&sids);
    str_release(&sd);
}
END_TEST

/* Copies into memory of exactly that size, so that ASan sees a read behind it. */
static enum server_flag ask_exact(const char *bytes, size_t len, const struct strs *sids)
{
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    enum server_flag flag = access_may_read_reference(copy, len, sids);
    free(copy);
    return flag;
}

START_TEST(cut_short_is_unknown)
{
    struct str sd = make(cases[_i].aces, cases[_i].count, cases[_i].owner);
    struct strs sids = token();
    for (size_t len = 0; len < sd.len; len++)
        ck_assert_int_eq(ask_exact(sd.text, len, &sids), FLAG_UNKNOWN);
    strs_release(&sids);
    str_release(&sd);
}
END_TEST

START_TEST(any_wrong_byte_is_survived)
{
    static const uint8_t wrong[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    struct str sd = make(cases[_i].aces, cases[_i].count, cases[_i].owner);
    struct strs sids = token();
    for (size_t at = 0; at < sd.len; at++)
        for (size_t w = 0; w < sizeof wrong; w++) {
            char kept = sd.text[at];
            sd.text[at] = (char)wrong[w];
            ask_exact(sd.text, sd.len, &sids);
            sd.text[at] = kept;
        }
    strs_release(&sids);
    str_release(&sd);
}
END_TEST

START_TEST(spns_of_an_account)
{
    static const struct {
        const char *object;
        enum server_flag expected;
    } denied[] = {
        {"f3a64788-5306-11d1-a9c5-0000f80367c1", FLAG_NO}, /* the attribute */
        {"e48d0154-bcf8-11d1-8702-00c04fb96050", FLAG_NO}, /* its property set */
        {"bf967a86-0de6-11d0-a285-00aa003049e2", FLAG_NO}, /* the class */
        {NULL, FLAG_NO},
        {REFERENCE, FLAG_YES},
    };
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) {
        struct ace aces[] = {{DENY_OBJECT, 0, READ_PROPERTY, denied[i].object, NULL, KAYLA},
                             {ALLOW, 0, READ_PROPERTY, NULL, NULL, AUTHENTICATED}};
        struct str sd = make(aces, 2, "S-1-5-18");
        struct strs sids = token();
        ck_assert_msg(access_may_read_spns(sd.text, sd.len, &sids) == denied[i].expected, "%zu", i);
        strs_release(&sids);
        str_release(&sd);
    }
}
END_TEST

START_TEST(without_a_list_all_may_read)
{
    struct str sd = make(NULL, 0, "S-1-5-18");
    struct strs sids = token();
    memset(sd.text + 16, 0, 4);
    ck_assert_int_eq(access_may_read_reference(sd.text, sd.len, &sids), FLAG_YES);
    strs_release(&sids);
    str_release(&sd);
}
END_TEST

START_TEST(without_a_token_nothing_is_known)
{
    struct strs none = {NULL, 0};
    struct str sd = make(cases[1].aces, cases[1].count, cases[1].owner);
    ck_assert_int_eq(access_may_read_reference(sd.text, sd.len, &none), FLAG_UNKNOWN);
    str_release(&sd);
}
END_TEST

START_TEST(sids_as_text)
{
    static const char *const texts[] = {"S-1-5-18", "S-1-1-0", KAYLA,
                                        "S-1-5-21-4294967295-0-1-519"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str bytes = STR_INIT;
        put_sid(&bytes, texts[i]);
        char *text = access_sid_text(bytes.text, bytes.len);
        ck_assert_str_eq(text, texts[i]);
        free(text);
        ck_assert_ptr_null(access_sid_text(bytes.text, bytes.len - 1));
        str_release(&bytes);
    }
    ck_assert_ptr_null(access_sid_text("\1\x10\0\0\0\0\0\5", 8));
    ck_assert_ptr_null(access_sid_text("\2\0\0\0\0\0\0\5", 8));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("access");
    TCase *tests = tcase_create("access");
    tcase_add_loop_test(tests, judged_as_windows_would, 0, CASES);
    tcase_add_loop_test(tests, cut_short_is_unknown, 0, CASES);
    tcase_add_loop_test(tests, any_wrong_byte_is_survived, 0, CASES);
    tcase_add_test(tests, spns_of_an_account);
    tcase_add_test(tests, without_a_list_all_may_read);
    tcase_add_test(tests, without_a_token_nothing_is_known);
    tcase_add_test(tests, sids_as_text);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
