/* How a DC is called: the server object's case where it is known, capitals elsewhere. */
#include "src/base/mem.h"
#include "src/model/dc_name.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>

static void is_called(const char *host, const char *expected)
{
    struct facts facts;
    facts_init(&facts);
    mem_set(&facts.server.server_dn, "CN=LonDC01,CN=Servers,CN=London,CN=Sites,CN=Configuration");
    mem_set(&facts.srv.cn, "LivDC02\nCNF:3dab7f9b-92e7-4391-b8db-71df532c1493");
    char *name = dc_name(&facts.server, &facts, host);
    ck_assert_str_eq(name, expected);
    free(name);
    facts_release(&facts);
}

START_TEST(the_server_object_gives_the_case)
{
    is_called("londc01.contoso.com", "LonDC01");
    is_called("LONDC01", "LonDC01");
    is_called("LIVDC02.contoso.com", "LivDC02");
}
END_TEST

START_TEST(others_are_in_capitals)
{
    is_called("mandc03.contoso.com", "MANDC03");
    is_called("mandc03", "mandc03"); /* a name of its own, not a host's */
    is_called("127.0.0.11", "127.0.0.11");
    is_called("fe80::1", "fe80::1");
    is_called(NULL, "");
}
END_TEST

START_TEST(nothing_known_is_no_trouble)
{
    char *name = dc_name(NULL, NULL, "mandc03.contoso.com");
    ck_assert_str_eq(name, "MANDC03");
    free(name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dc_name");
    TCase *tests = tcase_create("dc_name");
    tcase_add_test(tests, the_server_object_gives_the_case);
    tcase_add_test(tests, others_are_in_capitals);
    tcase_add_test(tests, nothing_known_is_no_trouble);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
