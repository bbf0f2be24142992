/* Which DSA is meant: by GUID, DN, SITE\SERVER and names; and what a GUID is when it is no DSA's.
 */
#include "src/base/mem.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void expect(struct lab *lab, struct responder_entry *ntds, unsigned turns)
{
    char text[GUID_TEXT];
    struct err *err = lab_gather(lab, 0);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    ck_assert_int_eq(lab->facts.dsa.part, PART_PRESENT);
    ck_assert_str_eq(guid_text(&lab->facts.asked, text), responder_guid(ntds));
    ck_assert_uint_le(lab->turns, turns);
}

static const struct {
    const char *ntds_dn, *server_dn, *site, *server;
    unsigned turns;
} ways[] = {
    {NULL, NULL, NULL, "LIVDC02", 5},
    {NULL, NULL, NULL, "livdc02", 5},
    {NULL, NULL, NULL, "LivDC02.contoso.com.", 5},
    {NULL, NULL, "Liverpool", "LIVDC02", 4},
    {NULL, NULL, "Moved", "LIVDC02", 6},
    {NULL, LIVDC02, NULL, NULL, 4},
    {"CN=NTDS Settings," LIVDC02, NULL, NULL, NULL, 4},
    {"CN=NTDS Settings,CN=LIVDC02,CN=Servers,CN=Moved," SITES, NULL, NULL, NULL, 6},
};
enum { WAYS = sizeof ways / sizeof *ways };

START_TEST(each_way_leads_there)
{
    struct lab lab;
    lab_start(&lab);
    responder_add_dc(lab.responder, "LIVDC021", "Liverpool");
    struct subject_dsa *dsa = lab_ask(&lab, NULL);
    dsa->ntds_dn = mem_text(ways[_i].ntds_dn);
    dsa->server_dn = mem_text(ways[_i].server_dn);
    dsa->site = mem_text(ways[_i].site);
    dsa->server = mem_text(ways[_i].server);
    expect(&lab, lab.dc.ntds, ways[_i].turns);
    lab_end(&lab);
}
END_TEST

START_TEST(reports_cut_names)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc dc = responder_add_dc(lab.responder, "VERYLONGNAMEDC77", "Liverpool");
    lab_ask(&lab, NULL)->server = mem_text("VERYLONGNAMEDC7");
    expect(&lab, dc.ntds, 5);
    dc = responder_add_dc(lab.responder, "VERYLONGNAMEDC7", "Liverpool");
    expect(&lab, dc.ntds, 5);
    lab_end(&lab);
}
END_TEST

START_TEST(the_site_decides_between_names)
{
    struct lab lab;
    lab_start(&lab);
    responder_add_dc(lab.responder, "VERYLONGNAMEDC77", "Liverpool");
    struct responder_dc dc = responder_add_dc(lab.responder, "VERYLONGNAMEDC78", "Houston");
    struct subject_dsa *dsa = lab_ask(&lab, NULL);
    dsa->site = mem_text("Houston");
    dsa->server = mem_text("VERYLONGNAMEDC7");
    expect(&lab, dc.ntds, 6);
    lab_end(&lab);
}
END_TEST

/* The DC was moved, and a server object stayed behind: a report means the DC, a DN that object. */
START_TEST(what_stayed_behind_in_the_site)
{
    static const char left[] = "CN=LIVDC02,CN=Servers,CN=Houston," SITES;
    struct lab lab;
    lab_start(&lab);
    lab_add(lab.responder, left, "server");
    struct subject_dsa *dsa = lab_ask(&lab, NULL);
    dsa->site = mem_text("Houston");
    dsa->server = mem_text("LIVDC02");
    expect(&lab, lab.dc.ntds, 6);
    dsa->server_dn = mem_text(left);
    struct err *err = lab_gather(&lab, 0);
    ck_assert(err && strstr(err->text, "has no NTDS Settings"));
    err_free(err);
    lab_end(&lab);
}
END_TEST

START_TEST(a_live_one_before_its_tombstone)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_entry *old =
        lab_add(lab.responder,
                "CN=LIVDC02\\0ADEL:11111111-2222-3333-4444-555555555555,CN=Servers,"
                "CN=Liverpool," SITES,
                "server");
    struct responder_entry *dead =
        lab_add(lab.responder,
                "CN=NTDS Settings\\0ADEL:21111111-2222-3333-4444-555555555555,"
                "CN=LIVDC02\\0ADEL:11111111-2222-3333-4444-555555555555,CN=Servers,"
                "CN=Liverpool," SITES,
                "nTDSDSA");
    responder_tombstone(old);
    responder_tombstone(dead);
    lab_ask(&lab, NULL)->server = mem_text("LIVDC02");
    expect(&lab, lab.dc.ntds, 5);
    responder_gone(lab.dc.ntds);
    expect(&lab, dead, 5);
    ck_assert(lab.facts.dsa.deleted);
    lab_end(&lab);
}
END_TEST

START_TEST(several_are_listed)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc other = responder_add_dc(lab.responder, "LIVDC02", "Houston");
    lab_ask(&lab, NULL)->server = mem_text("LIVDC02");
    struct err *err = lab_gather(&lab, 0);
    ck_assert_ptr_nonnull(err);
    ck_assert_int_eq(err->kind, ERR_OPERATOR);
    ck_assert_ptr_nonnull(strstr(err->text, "Liverpool\\LIVDC02"));
    ck_assert_ptr_nonnull(strstr(err->text, "Houston\\LIVDC02"));
    ck_assert_ptr_nonnull(strstr(err->text, responder_guid(other.ntds)));
    ck_assert_ptr_null(lab.facts.dsa.dn);
    err_free(err);
    subject_release(&lab.subject);
    struct subject_dsa *dsa = lab_ask(&lab, NULL);
    dsa->site = mem_text("Houston");
    dsa->server = mem_text("LIVDC02");
    expect(&lab, other.ntds, 4);
    lab_end(&lab);
}
END_TEST

START_TEST(names_that_lead_nowhere)
{
    static const char *const names[] = {"NOPE", "nope.contoso.com", "*",     "x)(cn=*", "",
                                        ".",    "LIVDC0",           "FILE01"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct lab lab;
        lab_start(&lab);
        lab_add(lab.responder, "CN=FILE01,CN=Servers,CN=Liverpool," SITES, "server");
        lab_ask(&lab, NULL)->server = mem_text(names[i]);
        struct err *err = lab_gather(&lab, 0);
        ck_assert_msg(err && err->kind == ERR_OPERATOR, "%s: %s", names[i], err ? err->text : "");
        err_free(err);
        lab_end(&lab);
    }
}
END_TEST

START_TEST(a_refused_look_up_is_not_an_unknown_name)
{
    struct lab lab;
    lab_start(&lab);
    responder_search_answer(lab.responder, SITES, "livdc02", 51, "00002024: busy", 0);
    lab_ask(&lab, NULL)->server = mem_text("LIVDC02");
    struct err *err = lab_gather(&lab, 0);
    ck_assert(err && err->kind != ERR_OPERATOR);
    err_free(err);
    lab_end(&lab);
}
END_TEST

START_TEST(a_refused_match_leaves_the_choice_open)
{
    struct lab lab;
    lab_start(&lab);
    responder_add_dc(lab.responder, "LIVDC02", "Houston");
    responder_search_answer(lab.responder, "CN=LIVDC02,CN=Servers,CN=Houston", NULL, 51,
                            "00002024: busy", 0);
    lab_ask(&lab, NULL)->server = mem_text("LIVDC02");
    struct err *err = lab_gather(&lab, 0);
    ck_assert(err && err->kind != ERR_OPERATOR);
    err_free(err);
    lab_end(&lab);
}
END_TEST

START_TEST(what_else_a_guid_can_be)
{
    struct lab lab;
    lab_start(&lab);
    static const char invocation[] = "\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10";
    responder_bytes(lab.dc.ntds, "invocationId", invocation, 16);
    const struct {
        const char *guid, *says;
    } cases[] = {
        {"deadbeef-0000-0000-0000-000000000000", NULL},
        {responder_guid(lab.dc.server), "server object LIVDC02"},
        {responder_guid(lab.dc.computer), "computer account LIVDC02"},
        {"04030201-0605-0807-090a-0b0c0d0e0f10", "invocation ID of LIVDC02"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lab_ask(&lab, cases[i].guid);
        ck_assert_ptr_null(lab_gather(&lab, 0));
        ck_assert_int_eq(lab.facts.dsa.part, PART_ABSENT);
        ck_assert_uint_le(lab.turns, responder_is_windows(lab.responder) ? 4 : 2);
        ck_assert_int_eq(lab.facts.asked_is != NULL, cases[i].says != NULL);
        if (!cases[i].says)
            continue;
        ck_assert_ptr_nonnull(strstr(lab.facts.asked_is, cases[i].says));
        ck_assert_ptr_nonnull(strstr(lab.facts.asked_is, responder_guid(lab.dc.ntds)));
    }
    lab_end(&lab);
}
END_TEST

START_TEST(the_forest_of_the_text)
{
    static const char *const forests[] = {NULL, "Contoso.COM.", "fabrikam.net"};
    struct lab lab;
    lab_start(&lab);
    for (size_t i = 0; i < sizeof forests / sizeof *forests; i++) {
        mem_set(&lab_ask(&lab, "deadbeef-0000-0000-0000-000000000000")->forest, forests[i]);
        ck_assert_ptr_null(lab_gather(&lab, 0));
        ck_assert_pstr_eq(lab.facts.other_forest, i == 2 ? forests[i] : NULL);
    }
    lab_end(&lab);
}
END_TEST

START_TEST(the_destination_by_its_dsa)
{
    struct lab lab;
    lab_start(&lab);
    lab.subject.has_destination_dsa = true;
    guid_parse(responder_guid(lab.dc.ntds), &lab.subject.destination_dsa);
    lab_read(&lab);
    ck_assert_str_eq(lab.facts.destination, "LIVDC02");
    ck_assert(lab.facts.other_dc_read && lab.facts.copies[0].is_dest); /* it stands on top */
    ck_assert(!lab.facts.copies[0].is_here && lab.facts.copies[1].is_here);
    lab.subject.destination = mem_text("DC1");
    lab_read(&lab);
    ck_assert_str_eq(lab.facts.destination, "DC1");
    ck_assert(!lab.facts.other_dc_read && lab.facts.copies[0].is_dest);
    lab_end(&lab);
}
END_TEST

START_TEST(a_hypothesis_beside_an_event)
{
    struct lab lab;
    lab_start(&lab);
    lab_ask(&lab, "deadbeef-0000-0000-0000-000000000000");
    lab_ask(&lab, responder_guid(lab.dc.ntds))->hypothesis = true;
    ck_assert_ptr_null(lab_gather(&lab, 0));
    ck_assert(lab.facts.conflict);
    lab.subject.dsas[0].hypothesis = true;
    ck_assert_ptr_null(lab_gather(&lab, 0));
    ck_assert(!lab.facts.conflict);
    lab.subject.dsas[0].hypothesis = false;
    lab.subject.dsas[0].guid = lab.subject.dsas[1].guid;
    ck_assert_ptr_null(lab_gather(&lab, 0));
    ck_assert(!lab.facts.conflict);
    lab_end(&lab);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gather_subject");
    TCase *tests = tcase_create("gather_subject");
    tcase_add_loop_test(tests, each_way_leads_there, 0, WAYS);
    tcase_add_test(tests, reports_cut_names);
    tcase_add_test(tests, the_site_decides_between_names);
    tcase_add_test(tests, what_stayed_behind_in_the_site);
    tcase_add_test(tests, a_live_one_before_its_tombstone);
    tcase_add_test(tests, several_are_listed);
    tcase_add_test(tests, names_that_lead_nowhere);
    tcase_add_test(tests, a_refused_look_up_is_not_an_unknown_name);
    tcase_add_test(tests, a_refused_match_leaves_the_choice_open);
    tcase_add_test(tests, what_else_a_guid_can_be);
    tcase_add_test(tests, the_forest_of_the_text);
    tcase_add_test(tests, the_destination_by_its_dsa);
    tcase_add_test(tests, a_hypothesis_beside_an_event);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
