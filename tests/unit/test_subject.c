/* The plain data of the model: the subject's copy, the names of the contract, the SPN readers, and
 * what the DC that answers is asked about. */
#include "src/base/mem.h"
#include "src/model/facts.h"
#include "src/model/server.h"
#include "src/model/subject.h"
#include "src/model/verdict.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define GUID "3dab7f9b-92e7-4391-b8db-71df532c1493"
#define DRS "E3514235-4B06-11D1-AB04-00C04FC2DCD2/"

static struct subject make_subject(void)
{
    struct subject subject = {.conflict = true, .status = 8589, .has_destination_dsa = true};
    struct subject_dsa *dsa = subject_add(&subject, SUBJECT_EVENT_1411);
    dsa->has_guid = guid_parse(GUID, &dsa->guid);
    dsa->forest = mem_text("contoso.com");
    dsa->line = 7;
    dsa = subject_add(&subject, SUBJECT_SHOWREPL);
    dsa->hypothesis = true;
    dsa->ntds_dn = mem_text("CN=NTDS Settings");
    dsa->server_dn = mem_text("CN=LIVDC01");
    dsa->site = mem_text("Liverpool");
    dsa->server = mem_text("LIVDC01");
    dsa->last_attempt = mem_text("2010-06-10 17:35:46");
    subject.destination = mem_text("londc01");
    subject.destination_dsa = subject.dsas[0].guid;
    strs_add(&subject.notes, "A note.");
    subject.cut = mem_text("3dab7f9b-...");
    subject.like.other_fault = mem_text("error 1722");
    return subject;
}

START_TEST(a_subject_copy_is_its_own)
{
    struct subject subject = make_subject(), copy;
    subject_copy(&copy, &subject);
    subject_release(&subject);
    ck_assert_uint_eq(subject.count, 0);
    ck_assert_uint_eq(copy.count, 2);
    ck_assert_int_eq(copy.dsas[0].source, SUBJECT_EVENT_1411);
    ck_assert(copy.dsas[0].has_guid && guid_equal(&copy.dsas[0].guid, &copy.destination_dsa));
    ck_assert_str_eq(copy.dsas[0].forest, "contoso.com");
    ck_assert_uint_eq(copy.dsas[0].line, 7);
    ck_assert(copy.dsas[1].hypothesis);
    ck_assert_str_eq(copy.dsas[1].ntds_dn, "CN=NTDS Settings");
    ck_assert_str_eq(copy.dsas[1].server_dn, "CN=LIVDC01");
    ck_assert_str_eq(copy.dsas[1].site, "Liverpool");
    ck_assert_str_eq(copy.dsas[1].server, "LIVDC01");
    ck_assert_str_eq(copy.dsas[1].last_attempt, "2010-06-10 17:35:46");
    ck_assert_str_eq(copy.destination, "londc01");
    ck_assert(copy.conflict && copy.has_destination_dsa);
    ck_assert_int_eq(copy.status, 8589);
    ck_assert_str_eq(copy.notes.items[0], "A note.");
    ck_assert_str_eq(copy.cut, "3dab7f9b-...");
    ck_assert_str_eq(copy.like.other_fault, "error 1722");
    subject_release(&copy);
    subject_release(&copy);
}
END_TEST

START_TEST(an_empty_subject_is_copied)
{
    struct subject empty = {.dsas = NULL}, copy;
    subject_copy(&copy, &empty);
    ck_assert_uint_eq(copy.count, 0);
    ck_assert_ptr_null(copy.destination);
    subject_release(&copy);
}
END_TEST

/* Others rely on these texts (design.md section 2). */
START_TEST(names_of_the_contract)
{
    static const char *const verdicts[] = {
        "unknown-dsa", "deleted-dsa", "orphaned-dsa", "unreadable", "no-computer", "ambiguous",
        "missing",     "dangling",    "wrong-target", "healthy",    "unproven"};
    static const char *const sides[] = {"duplicate-server",
                                        "duplicate-dsa",
                                        "renamed",
                                        "cname-mismatch",
                                        "cname-missing",
                                        "copies-differ",
                                        "rodc",
                                        "replication-8589",
                                        "stale-replication-link",
                                        "domain-gone",
                                        "not-synchronized",
                                        "replication-disabled",
                                        "beyond-tombstone-lifetime"};
    static const char *const copies[] = {"value",      "absent",      "no-object",
                                         "unreadable", "unreachable", "not-asked"};
    ck_assert_int_eq(COUNT(verdicts), VERDICT_KINDS);
    for (int i = 0; i < COUNT(verdicts); i++)
        ck_assert_str_eq(verdict_name((enum verdict_kind)i), verdicts[i]);
    for (int i = 0; i < COUNT(sides); i++)
        ck_assert_str_eq(finding_name((enum finding_kind)(SIDE_DUPLICATE_SERVER + i)), sides[i]);
    for (int i = 0; i < COUNT(copies); i++)
        ck_assert_str_eq(copy_state_name((enum copy_state)i), copies[i]);
    ck_assert_ptr_null(level_name(LEVEL_NONE));
    ck_assert_str_eq(level_name(LEVEL_LOW), "low");
    ck_assert_str_eq(level_name(LEVEL_MEDIUM), "medium");
    ck_assert_str_eq(level_name(LEVEL_HIGH), "high");
    for (int i = 0; i <= SUBJECT_PICKED; i++)
        ck_assert_ptr_nonnull(subject_source_name((enum subject_source)i));
}
END_TEST

START_TEST(findings_by_name)
{
    struct verdict verdict = {.kind = VERDICT_HEALTHY};
    findings_add(&verdict.blockers, B14, "%s", "%n");
    ck_assert(findings_has(&verdict.blockers, B14));
    ck_assert(!findings_has(&verdict.blockers, B1));
    ck_assert_str_eq(verdict.blockers.items[0].text, "%n");
    verdict_release(&verdict);
    ck_assert_uint_eq(verdict.blockers.count, 0);
    verdict_release(&verdict);
}
END_TEST

static const struct {
    const char *spn;
    bool drs, msdcs;
} spns[] = {
    {DRS GUID "/contoso.com", true, false},
    {"e3514235-4b06-11d1-ab04-00c04fc2dcd2/" GUID "/", true, false},
    {DRS GUID, false, false},
    {DRS GUID "x/contoso.com", false, false},
    {DRS "{" GUID "}/contoso.com", false, false},
    {DRS "3dab7f9b-92e7-4391-b8db-71df532c149/contoso.com", false, false},
    {DRS, false, false},
    {"ldap/" GUID "._msdcs.contoso.com", false, true},
    {"LDAP/" GUID "._MSDCS.", false, true},
    {"ldap/" GUID "._msdcs", false, false},
    {"ldap/" GUID, false, false},
    {"ldap/" GUID "._msdcsx.contoso.com", false, false},
    {"ldap/" GUID "0._msdcs.contoso.com", false, false},
    {"ldaps/" GUID "._msdcs.contoso.com", false, false},
    {"RPC/" GUID "._msdcs.contoso.com", false, false},
    {"ldap/", false, false},
    {"", false, false},
};

START_TEST(spns_are_read)
{
    struct guid guid, wanted;
    ck_assert(guid_parse(GUID, &wanted));
    char *copy = mem_text(spns[_i].spn); /* on the heap: reading beyond its end is seen */
    bool drs = spn_drs_guid(copy, &guid);
    ck_assert_int_eq(drs, spns[_i].drs);
    ck_assert(!drs || guid_equal(&guid, &wanted));
    bool msdcs = spn_msdcs_guid(copy, &guid);
    ck_assert_int_eq(msdcs, spns[_i].msdcs);
    ck_assert(!msdcs || guid_equal(&guid, &wanted));
    free(copy);
}
END_TEST

START_TEST(a_named_dsa_stands_once)
{
    struct facts facts;
    struct guid one = {{1}}, two = {{2}};
    facts_init(&facts);
    struct facts_account *account = facts_add_account(&facts);
    account->guid = one;
    facts_add_named(account, &one)->state = DSA_LIVE;
    facts_add_named(account, &two);
    ck_assert_int_eq(facts_add_named(account, &one)->state, DSA_LIVE);
    ck_assert_uint_eq(account->named_count, 2);
    ck_assert_ptr_eq(facts_find_account(&facts, &one), account);
    ck_assert_ptr_null(facts_find_account(&facts, &two));
    facts_release(&facts);
    facts_release(&facts);
}
END_TEST

START_TEST(the_dc_that_answers)
{
    struct server server = {.port = 389, .signed_in = true, .ssf = 55}, copy;
    ck_assert(!server_protected(&server) && !server_catalog_port(&server));
    server.ssf = 56;
    ck_assert(server_protected(&server));
    server.signed_in = false;
    ck_assert(!server_protected(&server));
    server.port = 3269;
    strs_add(&server.contexts, "DC=contoso,DC=com");
    strs_add(&server.controls, "1.2.3");
    mem_set(&server.host, "londc01");
    server_copy(&copy, &server);
    server_release(&server);
    ck_assert(server_catalog_port(&copy));
    ck_assert(strs_has(&copy.contexts, "DC=contoso,DC=com") && server_has_control(&copy, "1.2.3"));
    ck_assert_str_eq(copy.host, "londc01");
    server_release(&copy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("subject");
    TCase *tests = tcase_create("model");
    tcase_add_test(tests, a_subject_copy_is_its_own);
    tcase_add_test(tests, an_empty_subject_is_copied);
    tcase_add_test(tests, names_of_the_contract);
    tcase_add_test(tests, findings_by_name);
    tcase_add_loop_test(tests, spns_are_read, 0, COUNT(spns));
    tcase_add_test(tests, a_named_dsa_stands_once);
    tcase_add_test(tests, the_dc_that_answers);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
