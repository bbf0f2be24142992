/* A forest of two domains and a catalog that hides serverReference: the account is read on a DC of
 * its domain, else on the catalog, from which nothing is ever concluded to be missing. */
#include "src/jobs/elsewhere.h"

#include "src/base/mem.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DC1 "CN=DC1,CN=Servers,CN=Main," SITES

/* LIVDC02 serves child.contoso.com; the judged DC, dc1, contoso.com alone. */
struct world {
    struct lab lab;
    struct responder *child, *catalog;
    struct responder_entry *account, *known;
    struct elsewhere ways;
};

static struct responder_entry *add_account(struct world *w, struct responder *dc)
{
    return lab_child_account(dc, "c01d0000-0000-0000-0000-000000000001",
                             responder_guid(w->lab.dc.ntds));
}

static void start(struct world *w)
{
    *w = (struct world){.ways = {.each_ms = 2000}};
    lab_start(&w->lab);
    lab_move_to_child(&w->lab);
    w->child = lab_child_dc();
    w->catalog = lab_child_dc();
    responder_catalog(w->catalog);
    w->account = add_account(w, w->child);
    w->known = add_account(w, w->catalog);
}

static void end(struct world *w)
{
    elsewhere_release(&w->ways);
    lab_end(&w->lab);
    responder_free(w->child);
    responder_free(w->catalog);
}

static void add_way(struct responder *dc, int port, struct signin **list, size_t *count)
{
    struct signin *way = mem_push((void *)list, count, sizeof *way);
    responder_signin(dc, way);
    if (port)
        way->port = port;
}

/* Judges LIVDC02 on the DC of the root domain. */
static void read_from(struct world *w, bool dc, bool catalog)
{
    if (dc)
        add_way(w->child, 0, &w->ways.dcs, &w->ways.dc_count);
    if (catalog)
        add_way(w->catalog, 3269, &w->ways.catalogs, &w->ways.catalog_count);
    lab_read(&w->lab);
    ck_assert(gather_wants_accounts(&w->lab.facts));
    struct err *err = elsewhere_read(w->lab.session, &w->ways, NULL, &w->lab.facts);
    ck_assert_msg(!err, "%s", err ? err->text : "");
}

static void expect(struct world *w, enum verdict_kind kind, enum level level)
{
    struct verdict verdict;
    diagnose(&w->lab.facts, &verdict);
    ck_assert_str_eq(verdict_name(verdict.kind), verdict_name(kind));
    ck_assert_int_eq(verdict.confidence, level);
    if (kind == VERDICT_MISSING)
        ck_assert_str_eq(verdict.proposed, CHILD_ACCOUNT);
    else
        ck_assert_ptr_null(verdict.proposed);
    verdict_release(&verdict);
}

START_TEST(on_a_dc_of_the_domain)
{
    struct world w;
    start(&w);
    read_from(&w, true, true);
    ck_assert_int_eq(w.lab.facts.accounts_part, PART_PRESENT);
    ck_assert_str_eq(w.lab.facts.accounts_from, "dc5.child.contoso.com");
    ck_assert_ptr_null(w.lab.facts.accounts_why);
    ck_assert(!w.lab.facts.accounts[0].catalog_only);
    ck_assert_uint_eq(responder_count(w.catalog, OP_BIND), 0);
    expect(&w, VERDICT_MISSING, LEVEL_HIGH);
    end(&w);
}
END_TEST

START_TEST(a_catalog_proves_less)
{
    struct world w;
    start(&w);
    responder_fault(w.child, FAULT_STALL, OP_BIND, 1);
    w.ways.each_ms = 400;
    read_from(&w, true, true);
    ck_assert_int_eq(w.lab.facts.accounts_part, PART_PRESENT);
    ck_assert(w.lab.facts.accounts[0].catalog_only);
    expect(&w, VERDICT_MISSING, LEVEL_MEDIUM);
    end(&w);
}
END_TEST

/* It may simply not have heard of the account: that is no proof that there is none. */
START_TEST(a_catalog_without_the_account)
{
    struct world w;
    start(&w);
    responder_gone(w.known);
    read_from(&w, false, true);
    ck_assert_int_eq(w.lab.facts.accounts_part, PART_NO_ANSWER);
    ck_assert_ptr_nonnull(strstr(w.lab.facts.accounts_why, "catalog"));
    expect(&w, VERDICT_UNREADABLE, LEVEL_NONE);
    end(&w);
}
END_TEST

/* DNS named a host that plays a DC: what it says of itself stands nowhere in the forest. */
START_TEST(a_stranger_is_not_believed)
{
    struct world w;
    start(&w);
    if (_i == 0)
        responder_set(responder_find(w.lab.responder, DC1), "dNSHostName", "dc7.contoso.com");
    else if (_i == 1)
        responder_gone(responder_find(w.lab.responder, "CN=NTDS Settings," DC1));
    else
        responder_tombstone(responder_find(w.lab.responder, "CN=NTDS Settings," DC1));
    read_from(&w, true, true);
    ck_assert_int_ne(w.lab.facts.accounts_part, PART_PRESENT);
    ck_assert_ptr_nonnull(strstr(w.lab.facts.accounts_why, "no live DSA"));
    ck_assert_uint_eq(w.lab.facts.account_count, 0);
    end(&w);
}
END_TEST

/* In a branch network most DCs of a domain are out of reach: nobody waits for them. A stranger that
 * is faster than the others only costs its turn. */
START_TEST(the_first_that_answers_wins)
{
    struct world w;
    struct responder *silent[2] = {lab_child_dc(), lab_child_dc()};
    start(&w);
    w.ways.each_ms = 60000;
    for (size_t i = 0; i < 2; i++) {
        responder_fault(silent[i], FAULT_STALL, OP_BIND, 1);
        add_way(silent[i], 0, &w.ways.dcs, &w.ways.dc_count);
    }
    time_t before = time(NULL);
    read_from(&w, true, true);
    ck_assert_int_eq(w.lab.facts.accounts_part, PART_PRESENT);
    ck_assert_int_lt(time(NULL) - before, 30);
    ck_assert_uint_eq(responder_count(w.catalog, OP_BIND), 0);
    end(&w);
    responder_free(silent[0]);
    responder_free(silent[1]);
}
END_TEST

START_TEST(nobody_answers)
{
    struct world w;
    start(&w);
    responder_bind_answer(w.child, 49, "no");
    read_from(&w, true, false);
    ck_assert_int_eq(w.lab.facts.accounts_part, PART_NO_ANSWER);
    ck_assert_ptr_nonnull(strstr(w.lab.facts.accounts_why, "holds no copy"));
    expect(&w, VERDICT_UNREADABLE, LEVEL_NONE);
    end(&w);
}
END_TEST

/* The link is there: the judged DC's own copy says so, whatever the catalog leaves out. */
START_TEST(the_catalog_hides_the_link)
{
    struct world w;
    start(&w);
    responder_entry(w.lab.responder, CHILD_ACCOUNT, responder_guid(w.account));
    responder_link(w.lab.dc.server, "serverReference", CHILD_ACCOUNT);
    read_from(&w, false, true);
    ck_assert(w.lab.facts.accounts[0].is_target);
    expect(&w, VERDICT_HEALTHY, LEVEL_MEDIUM);
    end(&w);
}
END_TEST

/* Judged on the catalog's port itself, a server object without the attribute is not "missing". */
START_TEST(judged_on_a_catalog)
{
    struct world w;
    start(&w);
    responder_link(w.lab.dc.server, "serverReference", CHILD_ACCOUNT);
    responder_catalog(w.lab.responder);
    lab_ask(&w.lab, responder_guid(w.lab.dc.ntds));
    ck_assert_ptr_null(lab_gather(&w.lab, 3269));
    ck_assert_int_eq(w.lab.facts.srv.reference, PART_NOT_ASKED);
    expect(&w, VERDICT_UNREADABLE, LEVEL_NONE);
    end(&w);
}
END_TEST

/* A password goes to one DC. */
START_TEST(without_a_ticket)
{
    struct world w;
    start(&w);
    lab_read(&w.lab);
    elsewhere_find(w.lab.session, NULL, "child.contoso.com", NULL, &w.ways);
    ck_assert_uint_eq(w.ways.dc_count + w.ways.catalog_count, 0);
    ck_assert_ptr_nonnull(strstr(w.ways.why, "ticket"));
    end(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("elsewhere");
    TCase *tests = tcase_create("elsewhere");
    tcase_add_test(tests, on_a_dc_of_the_domain);
    tcase_add_test(tests, a_catalog_proves_less);
    tcase_add_test(tests, a_catalog_without_the_account);
    tcase_add_loop_test(tests, a_stranger_is_not_believed, 0, 3);
    tcase_add_test(tests, the_first_that_answers_wins);
    tcase_add_test(tests, nobody_answers);
    tcase_add_test(tests, the_catalog_hides_the_link);
    tcase_add_test(tests, judged_on_a_catalog);
    tcase_add_test(tests, without_a_ticket);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
