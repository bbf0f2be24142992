/* Distinguished names: what stands in them may be escaped, marked, or no name at all. */
#include "src/model/dn.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define GUID "3dab7f9b-92e7-4391-b8db-71df532c1493"

/* Compares an owned text (or NULL) and frees it. */
static void same(char *got, const char *wanted, const char *about)
{
    bool equal = got && wanted ? strcmp(got, wanted) == 0 : !got && !wanted;
    ck_assert_msg(equal, "%s: got %s, wanted %s", about ? about : "NULL", got ? got : "NULL",
                  wanted ? wanted : "NULL");
    free(got);
}

static const struct {
    const char *dn, *parent, *rdn;
} parts[] = {
    {"CN=A,DC=b,DC=c", "DC=b,DC=c", "A"},
    {"CN=A, DC=b", "DC=b", "A"},
    {"DC=c", NULL, "c"},
    {"CN=A\\,B,DC=c", "DC=c", "A,B"},
    {"CN=A\\2CB,DC=c", "DC=c", "A,B"},
    {"CN=A\\\\,DC=c", "DC=c", "A\\"},
    {"CN=A\\\",DC=c", "DC=c", "A\""},
    {"CN=LIV\\0ADEL:" GUID ",CN=Servers,DC=c", "CN=Servers,DC=c", "LIV\nDEL:" GUID},
    {"CN=M\xc3\xbcnchen,DC=c", "DC=c", "M\xc3\xbcnchen"},
    {"CN=M\\C3\\BCnchen,DC=c", "DC=c", "M\xc3\xbcnchen"},
    {"CN=a+OU=b,DC=c", "DC=c", "a"},
    {"", NULL, NULL},
    {NULL, NULL, NULL},
    {"no name", NULL, NULL},
    {"CN=", NULL, NULL},
    {",", NULL, NULL},
    {"CN=A,", NULL, NULL},
    {"CN=A,,DC=c", NULL, NULL},
    {"CN=A\\", NULL, NULL},
    {"CN=A\\0", NULL, NULL},
    {"<GUID=" GUID ">", NULL, NULL},
};

START_TEST(taken_apart)
{
    const char *dn = parts[_i].dn;
    same(dn_parent(dn), parts[_i].parent, dn);
    char *rdn = dn_rdn_value(dn);
    if (parts[_i].rdn || !dn_is_valid(dn))
        same(rdn, parts[_i].rdn, dn);
    else
        free(rdn); /* an empty value may be a name or not */
}
END_TEST

START_TEST(ancestors)
{
    static const char dn[] = "CN=NTDS Settings,CN=A\\,B,CN=Servers,DC=c";
    same(dn_ancestor(dn, 0), dn, dn);
    same(dn_ancestor(dn, 2), "CN=Servers,DC=c", dn);
    same(dn_ancestor(dn, 3), "DC=c", dn);
    same(dn_ancestor(dn, 4), NULL, dn);
    same(dn_ancestor(dn, 99), NULL, dn);
    same(dn_ancestor("rubbish", 0), NULL, dn);
}
END_TEST

static const struct {
    const char *a, *b;
    bool equal, under; /* a is b; a is at or below b */
} pairs[] = {
    {"DC=a,DC=com", "dc=A, dc=COM", true, true},
    {"CN=X\\,Y,DC=a", "CN=X\\2cY,DC=a", true, true},
    {"CN=M\\C3\\BCller,DC=a", "CN=M\xc3\xbcller,DC=a", true, true},
    {"CN=X,DC=a", "DC=a", false, true},
    {"CN=Y,CN=X,DC=a", "dc=A", false, true},
    {"DC=a", "CN=X,DC=a", false, false},
    {"CN=X,DC=ba", "DC=a", false, false},
    {"CN=X\\,DC=a", "DC=a", false, false}, /* one RDN whose value looks like two */
    {"DC=eu,DC=a", "DC=a", false, true},
    {"DC=a", "DC=b", false, false},
    {"", "", false, false},
    {NULL, NULL, false, false},
    {"DC=a", NULL, false, false},
    {"rubbish", "rubbish", false, false},
};

START_TEST(compared)
{
    ck_assert_int_eq(dn_equal(pairs[_i].a, pairs[_i].b), pairs[_i].equal);
    ck_assert_int_eq(dn_equal(pairs[_i].b, pairs[_i].a), pairs[_i].equal);
    ck_assert_int_eq(dn_is_under(pairs[_i].a, pairs[_i].b), pairs[_i].under);
}
END_TEST

/* Whatever stands in a value, the RDN made of it gives it back. */
static const char *const values[] = {
    "A",
    " A",
    "A ",
    "  ",
    "#A",
    "A#",
    "a,b",
    "a+b",
    "a\"b",
    "a\\b",
    "a<b>",
    "a;b",
    "a=b",
    "\nDEL:x",
    "\x7f",
    "\x01",
    "M\xc3\xbcnchen",
    "\\",
    ",",
    "#",
    " ",
};

START_TEST(escaped_and_read_back)
{
    char *dn = dn_child("CN", values[_i], "DC=a,DC=com");
    ck_assert_msg(dn_is_valid(dn), "%s", dn);
    same(dn_rdn_value(dn), values[_i], dn);
    same(dn_parent(dn), "DC=a,DC=com", dn);
    free(dn);
}
END_TEST

START_TEST(domain_names)
{
    same(dn_to_dns("DC=eu,DC=contoso,DC=com"), "eu.contoso.com", NULL);
    same(dn_to_dns("CN=X,OU=Y,dc=contoso,dc=com"), "contoso.com", NULL);
    same(dn_to_dns("DC=x,CN=MicrosoftDNS,DC=contoso,DC=com"), "contoso.com", NULL);
    same(dn_to_dns("DC=contoso,CN=x"), NULL, NULL);
    same(dn_to_dns("CN=x"), NULL, NULL);
    same(dn_to_dns(""), NULL, NULL);
    same(dn_to_dns(NULL), NULL, NULL);
    same(dn_from_dns("contoso.com"), "DC=contoso,DC=com", NULL);
    same(dn_from_dns("contoso.com."), "DC=contoso,DC=com", NULL);
    same(dn_from_dns("..a..b.."), "DC=a,DC=b", NULL);
    same(dn_from_dns("a,b.c"), "DC=a\\,b,DC=c", NULL);
    same(dn_from_dns(""), "", NULL);
}
END_TEST

static const struct {
    const char *dn;
    enum dn_mark mark;
    const char *plain;
} marks[] = {
    {"CN=A,DC=c", DN_PLAIN, "A"},
    {"CN=A\\0ADEL:" GUID ",DC=c", DN_DELETED, "A"},
    {"CN=A\\0ACNF:" GUID ",DC=c", DN_CONFLICT, "A"},
    {"CN=A\\0acnf:" GUID ",DC=c", DN_CONFLICT, "A"},
    {"CN=A,CN=B\\0ADEL:" GUID ",DC=c", DN_PLAIN, "A"}, /* the first RDN only */
    {"CN=ADEL:x,DC=c", DN_PLAIN, "ADEL:x"},
    {"CN=A DEL:x,DC=c", DN_PLAIN, "A DEL:x"},
    {"CN=\\0ADEL:" GUID ",DC=c", DN_DELETED, ""},
    {"CN=A\\0ACNF:" GUID "\\0ADEL:" GUID ",DC=c", DN_DELETED, "A"}, /* deleted counts more */
};

START_TEST(marks_of_the_dead_and_the_double)
{
    ck_assert_int_eq(dn_first_mark(marks[_i].dn), marks[_i].mark);
    char *raw = dn_rdn_value(marks[_i].dn);
    same(dn_unmarked(raw), marks[_i].plain, marks[_i].dn);
    same(dn_plain_rdn(marks[_i].dn), marks[_i].plain, marks[_i].dn);
    free(raw);
}
END_TEST

START_TEST(no_mark_in_no_name)
{
    ck_assert_int_eq(dn_first_mark(NULL), DN_PLAIN);
    ck_assert_int_eq(dn_first_mark(""), DN_PLAIN);
    ck_assert_int_eq(dn_first_mark("\nDEL:x"), DN_PLAIN);
}
END_TEST

static const struct {
    const char *text;
    bool ok, has_guid;
    const char *sid, *dn;
} links[] = {
    {"<GUID=" GUID ">;<SID=S-1-5-21-1-2-3-1000>;CN=A,DC=c", true, true, "S-1-5-21-1-2-3-1000",
     "CN=A,DC=c"},
    {"<GUID=9b7fab3de7929143b8db71df532c1493>;CN=A,DC=c", true, true, NULL, "CN=A,DC=c"},
    {"<guid=" GUID ">;CN=A,DC=c", true, true, NULL, "CN=A,DC=c"},
    {"<SID=S-1-5-18>;CN=A", true, false, "S-1-5-18", "CN=A"},
    {"<SID=1>;<SID=2>;CN=A", true, false, "2", "CN=A"},
    {"CN=A,DC=c", true, false, NULL, "CN=A,DC=c"},
    {"<GUID=nonsense>;CN=A", true, false, NULL, "CN=A"},
    {"<GUID=>;CN=A", true, false, NULL, "CN=A"},
    {"<NEW=thing>;CN=A", true, false, NULL, "CN=A"},
    {"<GUID=" GUID ">", false, false, NULL, NULL},
    {"<GUID=" GUID ">;", false, false, NULL, NULL},
    {"<GUID=" GUID, false, false, NULL, NULL},
    {"<GUID=" GUID ">;<SID=S-1-5-18", false, false, NULL, NULL},
    {"<", false, false, NULL, NULL},
    {"", false, false, NULL, NULL},
};

START_TEST(extended_names)
{
    struct dn_link link, copy;
    ck_assert_msg(dn_parse_extended(links[_i].text, &link) == links[_i].ok, "%s", links[_i].text);
    ck_assert_int_eq(link.has_guid, links[_i].has_guid);
    dn_link_copy(&copy, &link);
    dn_link_release(&link);
    ck_assert_int_eq(copy.has_guid, links[_i].has_guid);
    same(copy.sid, links[_i].sid, links[_i].text);
    same(copy.dn, links[_i].dn, links[_i].text);
}
END_TEST

/* Cut anywhere, or with any byte changed, a name is read or refused, never more. */
START_TEST(two_objects_of_one_name)
{
    struct dn_link old = {.dn = "CN=DC5,DC=a", .has_guid = true};
    struct dn_link new = {.dn = "cn=DC5, dc=A", .has_guid = true}, none = {.dn = NULL};
    ck_assert(guid_parse("3dab7f9b-92e7-4391-b8db-71df532c1493", &old.guid));
    ck_assert(guid_parse("117b2b3e-cdfe-4c27-a83a-ab50aff02148", &new.guid));
    char *text = dn_link_told(&old, &new);
    ck_assert_str_eq(text, "CN=DC5,DC=a (GUID 3dab7f9b)");
    free(text);
    text = dn_link_told(&old, &old); /* the same object */
    ck_assert_str_eq(text, "CN=DC5,DC=a");
    free(text);
    new.dn = "CN=DC6,DC=a";
    text = dn_link_told(&old, &new);
    ck_assert_str_eq(text, "CN=DC5,DC=a");
    free(text);
    text = dn_link_told(&old, &none);
    ck_assert_str_eq(text, "CN=DC5,DC=a");
    free(text);
    ck_assert_ptr_null(dn_link_told(&none, &old));
}
END_TEST

START_TEST(hostile_names)
{
    static const char dn[] = "<GUID=" GUID ">;<SID=S-1-5-18>;CN=A\\0ADEL:x\\,y+OU=\"z\",DC=#04";
    char copy[sizeof dn];
    for (size_t i = 0; i < sizeof dn - 1; i++) {
        for (int byte = 0; byte < 256; byte += byte < 128 ? 1 : 16) {
            struct dn_link link;
            memcpy(copy, dn, sizeof dn);
            copy[i] = (char)byte;
            if (dn_parse_extended(copy, &link)) {
                free(dn_parent(link.dn));
                free(dn_rdn_value(link.dn));
                free(dn_to_dns(link.dn));
                (void)dn_equal(link.dn, dn);
                (void)dn_first_mark(link.dn);
            }
            dn_link_release(&link);
        }
    }
}
END_TEST

START_TEST(site_of_a_server)
{
    same(dn_site("CN=DC1,CN=Servers,CN=Li\\,ver,CN=Sites,CN=Configuration,DC=c"), "Li,ver", NULL);
    same(dn_site("CN=DC1,DC=c"), NULL, NULL);
    same(dn_site(NULL), NULL, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dn");
    TCase *tests = tcase_create("dn");
    tcase_add_loop_test(tests, taken_apart, 0, COUNT(parts));
    tcase_add_test(tests, ancestors);
    tcase_add_loop_test(tests, compared, 0, COUNT(pairs));
    tcase_add_loop_test(tests, escaped_and_read_back, 0, COUNT(values));
    tcase_add_test(tests, domain_names);
    tcase_add_loop_test(tests, marks_of_the_dead_and_the_double, 0, COUNT(marks));
    tcase_add_test(tests, no_mark_in_no_name);
    tcase_add_loop_test(tests, extended_names, 0, COUNT(links));
    tcase_add_test(tests, two_objects_of_one_name);
    tcase_add_test(tests, hostile_names);
    tcase_add_test(tests, site_of_a_server);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
