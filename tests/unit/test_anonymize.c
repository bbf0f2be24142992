/* Nobody is named, and all that was the same is the same. */
#include "src/remedy/anonymize.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/dn.h"
#include "src/model/sam.h"
#include "tests/suite.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct record record;

static void name(const char *attribute, const char *value)
{
    record_add(&record, attribute, PAIR_NAME, value);
}

static const char *at(size_t which)
{
    ck_assert_uint_lt(which, record.count);
    return record.items[which].value;
}

static void forget(void)
{
    record_release(&record);
}

/* ---- what is the same stays the same ---- */

START_TEST(one_name_in_all_its_forms)
{
    name("dn", "<GUID=3dab7f9b-92e7-4391-b8db-71df532c1493>;CN=LIVDC02,CN=Servers,CN=Liverpool,"
               "CN=Sites,CN=Configuration,DC=contoso,DC=com");
    name("dNSHostName", "livdc02.contoso.com");
    name("sAMAccountName", "LIVDC02$");
    name("servicePrincipalName", "HOST/LivDC02.contoso.com/CONTOSO");
    name("filter", "(&(objectClass=server)(|(cn=LIVDC02)(dNSHostName=livdc02.*)))");
    name("dn", "CN=LIVDC02\\0ACNF:3dab7f9b-92e7-4391-b8db-71df532c1493,CN=Servers");
    record_add(&record, "identity", PAIR_USER, "CONTOSO\\dana");
    record_add(&record, "identity", PAIR_USER, "Dana@CONTOSO.COM");
    record_add(&record, "said", PAIR_FREE, "dana may not read 'livdc02', says fooliverpoolbar.");
    anonymize(&record);
    ck_assert_str_eq(at(0), "<GUID=3dab7f9b-92e7-4391-b8db-71df532c1493>;CN=NAME1,CN=Servers,"
                            "CN=name2,CN=Sites,CN=Configuration,DC=name3,DC=com");
    ck_assert_str_eq(at(1), "name1.name3.com");
    ck_assert_str_eq(at(2), "NAME1$");
    ck_assert_str_eq(at(3), "HOST/name1.name3.com/NAME3");
    ck_assert_str_eq(at(4), "(&(objectClass=server)(|(cn=NAME1)(dNSHostName=name1.*)))");
    ck_assert_str_eq(at(5), "CN=NAME1\\0ACNF:3dab7f9b-92e7-4391-b8db-71df532c1493,CN=Servers");
    ck_assert_str_eq(at(6), "NAME3\\name4");
    ck_assert_str_eq(at(7), "name4@NAME3.COM");
    ck_assert_str_eq(at(8), "name4 may not read 'name1', says fooname2bar.");
    forget();
}
END_TEST

START_TEST(what_names_nobody_stays)
{
    static const char *const stays[] = {
        "CN=NTDS Settings",
        "CN=File Replication Service,CN=System",
        "OU=Domain Controllers",
        "CN=Default-First-Site-Name,CN=Sites",
        "20261128041723.0Z",
        "1.2.840.113556.1.4.529",
        "532480",
        "TRUE",
        "(objectGUID=\\9b\\7f\\ab\\3d\\e7\\92\\91\\43\\b8\\db\\71\\df\\53\\2c\\14\\93)",
        "E3514235-4B06-11D1-AB04-00C04FC2DCD2/3dab7f9b-92e7-4391-b8db-71df532c1493",
        "ldap/3dab7f9b-92e7-4391-b8db-71df532c1493._msdcs",
        "_ldap._tcp.dc._msdcs",
        "S-1-5-32-544",
        "$DUPLICATE-44f",
        "S-1-1-0",
        "127.0.0.1",
        "Samba Team (https://www.samba.org)",
    };
    for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
        name("a", stays[i]);
    name("allowedAttributesEffective", "location");
    record_add(&record, "said", PAIR_FREE, "its location");
    record_ours(&record, "attributes", "cn contoso");
    name("dn", "DC=contoso");
    anonymize(&record);
    for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
        ck_assert_str_eq(at(i), stays[i]);
    ck_assert_str_eq(at(record.count - 4), "location");
    ck_assert_str_eq(at(record.count - 3), "its location");
    ck_assert_str_eq(at(record.count - 2), "cn contoso"); /* words of ours are not looked at */
    forget();
}
END_TEST

/* Tags are the schema's, what is between them is the forest's; the NUL behind it stays. */
START_TEST(xml_has_tags)
{
    static const char xml[] = "<DS_REPL_NEIGHBOR>\n<pszNamingContext>DC=pszSourceDsa,DC=repl"
                              "</pszNamingContext>\n<ftimeLastSyncSuccess>2026-11-28T04:17:23Z"
                              "</ftimeLastSyncSuccess>\n</DS_REPL_NEIGHBOR>\n";
    record_bytes(&record, "a", PAIR_NAME, xml, sizeof xml);
    anonymize(&record);
    ck_assert_str_eq(at(0), "<DS_REPL_NEIGHBOR>\n<pszNamingContext>DC=name1,DC=name2"
                            "</pszNamingContext>\n<ftimeLastSyncSuccess>2026-11-28T04:17:23Z"
                            "</ftimeLastSyncSuccess>\n</DS_REPL_NEIGHBOR>\n");
    ck_assert_uint_eq(record.items[0].len, strlen(at(0)) + 1);
    forget();
}
END_TEST

/* A computer account's name ends after 15 letters: what begins alike, begins alike. */
START_TEST(names_that_are_cut)
{
    name("dNSHostName", "averylonghostname1.contoso.com");
    name("dNSHostName", "averylonghostname2.contoso.com");
    name("sAMAccountName", "AVERYLONGHOSTNA$");
    name("cn", "fifteen-letters");
    anonymize(&record);
    char *first = mem_textn(at(0), strcspn(at(0), ".")),
         *second = mem_textn(at(1), strcspn(at(1), "."));
    char *cut = sam_cut(first), *other = sam_cut(second);
    char *sam = mem_textn(at(2), strlen(at(2)) - 1);
    ck_assert(cut && other && !str_same(first, second));
    ck_assert(str_same_case(cut, sam) && str_same_case(other, sam));
    ck_assert(sam_maybe_cut(at(3), strlen(at(3))));
    free(first);
    free(second);
    free(cut);
    free(other);
    free(sam);
    forget();
}
END_TEST

START_TEST(letters_of_others)
{
    name("dn", "CN=M\xc3\xbcnchen,CN=Sites");
    name("dn", "CN=M\\C3\\BCnchen,CN=Sites");
    name("filter", "(cn=M\\c3\\9cNCHEN)");
    record_add(&record, "said", PAIR_FREE, "near m\xc3\xbcnchen");
    anonymize(&record);
    ck_assert_str_eq(at(0), "CN=name1,CN=Sites");
    ck_assert_str_eq(at(1), "CN=name1,CN=Sites");
    ck_assert_str_eq(at(2), "(cn=NAME1)");
    ck_assert_str_eq(at(3), "near name1");
    forget();
}
END_TEST

START_TEST(sids_and_addresses)
{
    static const char sid[] = "\1\5\0\0\0\0\0\5\25\0\0\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\x52\4\0\0";
    char *text =
        str_format("<SID=S-1-5-21-%u-%u-%u-1106>;DC=x", 0x04030201u, 0x08070605u, 0x0c0b0a09u);
    record_bytes(&record, "objectSid", PAIR_NAME, sid, sizeof sid - 1);
    name("dn", text);
    name("dn", "<SID=S-1-5-21-9-9-9>;DC=x");
    record_add(&record, "said", PAIR_FREE,
               "10.1.2.3 and fe80::1:2 are 10.1.2.3, not 10.1.2.30; 4.17.12 and 04:05:06 are none");
    anonymize(&record);
    static const char other[] = "\1\5\0\0\0\0\0\5\25\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\x52\4\0\0";
    ck_assert_mem_eq(at(0), other, sizeof other - 1);
    ck_assert_str_eq(at(1), "<SID=S-1-5-21-1-1-1-1106>;DC=x");
    ck_assert_str_eq(at(2), "<SID=S-1-5-21-2-2-2>;DC=x");
    ck_assert_str_eq(at(3), "192.0.2.1 and 2001:db8::2 are 192.0.2.1, not 192.0.2.3; 4.17.12 and "
                            "04:05:06 are none");
    free(text);
    forget();
}
END_TEST

/* The partner's name stands in repsFrom, with its length; and in bytes that nobody knows. */
START_TEST(names_in_bytes)
{
    char reps[208 + 4 + 19] = {1}, *name_at = reps + 212;
    reps[36] = (char)208;
    reps[40] = 23;
    reps[160] = 7; /* its GUID */
    memcpy(name_at, "longdc.contoso.com", 19);
    name("dn", "CN=LONGDC,DC=contoso");
    record_bytes(&record, "repsFrom", PAIR_NAME, reps, sizeof reps);
    record_bytes(&record, "unknown", PAIR_NAME, "\1\2CONTOSO\1c\0o\0n\0t\0o\0s\0o\0\1", 25);
    anonymize(&record);
    ck_assert_str_eq(at(0), "CN=NAME1,DC=name2");
    ck_assert_uint_eq(record.items[1].len, 208 + 4 + sizeof "name1.name2.com");
    ck_assert_str_eq(at(1) + 212, "name1.name2.com");
    ck_assert_int_eq(at(1)[160], 7);
    ck_assert_int_eq(at(1)[40], 4 + sizeof "name1.name2.com");
    ck_assert_mem_eq(at(2), "\1\2xxxxxxx\1x\0x\0x\0x\0x\0x\0x\0\1", 25);
    forget();
}
END_TEST

/* ---- nobody is named ---- */

static uint32_t dice(uint32_t *state, uint32_t sides)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 16) % sides;
}

/* Names that look like what takes their place, like words of ours, like each other. */
static char *any_name(uint32_t *state)
{
    static const char *const heads[] = {
        "name",    "NAME1", "z",      "z12",    "dc",   "fk-dc",
        "Berlin",  "the",   "server", "object", "ame",  "M\xc3\xbcnchen",
        "contoso", "con",   "tos",    "a_b",    "e300", "averylonghostname"};
    const char *head = heads[dice(state, sizeof heads / sizeof *heads)];
    return dice(state, 2) ? str_format("%s%u", head, dice(state, 40)) : mem_text(head);
}

static const char *const kept[] = {"server", "object", "objectclass", "dc", "sites"};

static void check_gone(const char *name, const char *text)
{
    char *wanted = text_fold(name), *folded = text_fold(text);
    bool known = strlen(wanted) < 3;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        known = known || str_same(wanted, kept[i]);
        for (char *found; (found = strstr(folded, kept[i])) && strlen(kept[i]) > 2;)
            memset(found, '.', strlen(kept[i])); /* schema words may hold a name */
    }
    ck_assert_msg(known || !strstr(folded, wanted), "%s is left in %s", name, text);
    free(wanted);
    free(folded);
}

static void one_forest(uint32_t seed)
{
    char *names[6], *pairs[6];
    for (size_t i = 0; i < 6; i++)
        names[i] = any_name(&seed);
    char *dn = str_format("CN=%s,CN=%s,CN=Sites,DC=%s", names[0], names[1], names[2]);
    char *host = str_format("%s.%s", names[0], names[2]);
    char *said = str_format("%s is not %s: x%sy, CN=%s.", names[0], names[1], names[2], names[3]);
    char *user = str_format("%s\\%s", names[4], names[5]);
    name("dn", dn);
    name("dNSHostName", host);
    record_add(&record, "said", PAIR_FREE, said);
    record_add(&record, "identity", PAIR_USER, user);
    anonymize(&record);
    char *first = dn_rdn_value(at(0)), *label = mem_textn(at(1), strcspn(at(1), "."));
    ck_assert_msg(text_same(first, label), "%s: %s, %s", names[0], at(0), at(1));
    for (size_t i = 0; i < 6; i++)
        for (size_t n = 0; n < record.count; n++)
            check_gone(names[i], at(n));
    pairs[0] = first, pairs[1] = label, pairs[2] = dn, pairs[3] = host, pairs[4] = said,
    pairs[5] = user;
    for (size_t i = 0; i < 6; i++) {
        free(pairs[i]);
        free(names[i]);
    }
    forget();
}

START_TEST(no_name_is_left)
{
    for (uint32_t seed = 1; seed <= 1000; seed++)
        one_forest(seed * 2654435761u);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("anonymize");
    TCase *tcase = tcase_create("anonymize");
    tcase_add_test(tcase, one_name_in_all_its_forms);
    tcase_add_test(tcase, what_names_nobody_stays);
    tcase_add_test(tcase, xml_has_tags);
    tcase_add_test(tcase, names_that_are_cut);
    tcase_add_test(tcase, letters_of_others);
    tcase_add_test(tcase, sids_and_addresses);
    tcase_add_test(tcase, names_in_bytes);
    tcase_add_test(tcase, no_name_is_left);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
