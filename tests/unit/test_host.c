/* Names of hosts: what counts as the same. */
#include "src/model/host.h"
#include "tests/suite.h"

#include <check.h>

static const struct {
    const char *a, *b;
    bool equal, matches;
} pairs[] = {
    {"dcsrv01.contoso.com", "dcsrv01.contoso.com", true, true},
    {"DCSRV01.contoso.com.", "dcsrv01.CONTOSO.com", true, true},
    {"dcsrv01", "DCSRV01", true, true},
    {"dcsrv01.", "DCSRV01.contoso.com", false, true},
    {"dcsrv01", "DCSRV01.contoso.com", false, true},
    {"dcsrv01.a.com", "dcsrv01.b.com", false, false},
    {"dcsrv01.contoso.com", "dcsrv01.contoso.com.eu", false, false},
    {"dcsrv01", "dcsrv011.contoso.com", false, false},
    {"dc[1", "dc{1", false, false},
    {"dc@1", "dc`1", false, false},
    {"", "", false, false},
    {".", ".", false, false},
    {".", "dcsrv01", false, false},
    {NULL, "dcsrv01", false, false},
    {NULL, NULL, false, false},
};

START_TEST(known_pairs)
{
    const char *a = pairs[_i].a, *b = pairs[_i].b;
    ck_assert_int_eq(host_equal(a, b), pairs[_i].equal);
    ck_assert_int_eq(host_equal(b, a), pairs[_i].equal);
    ck_assert_int_eq(host_matches(a, b), pairs[_i].matches);
    ck_assert_int_eq(host_matches(b, a), pairs[_i].matches);
}
END_TEST

START_TEST(hosts_of_a_domain)
{
    ck_assert(host_in_domain("dc3.emea.contoso.com", "EMEA.contoso.com"));
    ck_assert(host_in_domain("dc3.emea.contoso.com.", "emea.contoso.com"));
    ck_assert(!host_in_domain("dc3.emea.contoso.com", "contoso.com"));
    ck_assert(!host_in_domain("contoso.com", "contoso.com"));
    ck_assert(!host_in_domain("dc3", "contoso.com") && !host_in_domain("dc3.", ""));
    ck_assert(!host_in_domain(NULL, "contoso.com") && !host_in_domain("dc3.contoso.com", NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *tests = tcase_create("host");
    tcase_add_loop_test(tests, known_pairs, 0, (int)(sizeof pairs / sizeof *pairs));
    tcase_add_test(tests, hosts_of_a_domain);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
