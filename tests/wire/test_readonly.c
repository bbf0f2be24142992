/* Read-only is proven where it counts: whatever is called on a session that forbids writes, in the
 * way that the commands and screens call it, the DC sees binds, searches and Who Am I, and nothing
 * else. The same over real screens and keys is tests/e2e/cases_readonly.py. */
#include "src/directory/browse.h"
#include "src/directory/write.h"
#include "src/jobs/apply.h"
#include "src/jobs/inspect.h"
#include "src/jobs/scan.h"
#include "src/model/proof.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct lab lab;

static void start(void)
{
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
    lab_start(&lab);
    responder_clear(lab.dc.server, "serverReference");
    responder_clear(lab.dc.computer, "serverReferenceBL");
    lab_read(&lab);
    session_forbid_writes(lab.session);
}

static void end(void)
{
    lab_end(&lab);
}

/* Requests that are none of those named: modify, add, delete, rename, compare, and so on. */
static unsigned others(void)
{
    struct responder *r = lab.responder;
    return responder_count(r, OP_ANY) - responder_count(r, OP_BIND) -
           responder_count(r, OP_SEARCH) - responder_count(r, OP_EXTENDED) -
           responder_count(r, OP_ABANDON) - responder_count(r, OP_UNBIND);
}

static void nothing_modifies(void)
{
    ck_assert_uint_ge(responder_count(lab.responder, OP_SEARCH), 2);
    ck_assert_uint_eq(others(), 0);
    ck_assert_uint_eq(session_counts(lab.session).modifies, 0);
    ck_assert_uint_le(responder_count(lab.responder, OP_EXTENDED),
                      responder_count(lab.responder, OP_BIND)); /* Who Am I, once a sign-in */
}

START_TEST(diagnose_and_inspect)
{
    struct facts facts;
    facts_init(&facts);
    ck_assert_ptr_null(inspect_full(lab.session, &lab.subject, 0, false, NULL, &facts, NULL));
    ck_assert_ptr_null(inspect_copies(lab.session, "dc9.contoso.com", &facts));
    facts_release(&facts);
    nothing_modifies();
}
END_TEST

START_TEST(browse)
{
    struct browse tree;
    struct browse_object object;
    struct guid guid;
    ck_assert_ptr_null(browse_sites(lab.session, true, &tree));
    browse_release(&tree);
    ck_assert_ptr_null(browse_servers(lab.session, NULL, true, NULL, NULL, &tree));
    browse_release(&tree);
    ck_assert(guid_parse(responder_guid(lab.dc.server), &guid));
    ck_assert_ptr_null(browse_object(lab.session, &guid, NULL, &object));
    browse_object_release(&object);
    nothing_modifies();
}
END_TEST

START_TEST(check)
{
    struct scan scan;
    ck_assert_ptr_null(scan_run(lab.session, NULL, NULL, NULL, &scan));
    ck_assert_uint_ge(scan.count, 1);
    scan_release(&scan);
    nothing_modifies();
}
END_TEST

static struct plan *confirmed_plan(void)
{
    struct verdict verdict;
    diagnose(&lab.facts, &verdict);
    struct plan *plan = plan_new(&lab.facts, &verdict, NULL);
    ck_assert_ptr_nonnull(plan);
    verdict_release(&verdict);
    plan_freeze(plan);
    while (plan->state == PLAN_FROZEN)
        ck_assert(plan_confirm(plan, plan_wanted(plan)));
    return plan;
}

/* Even a confirmed plan with a journal's proof, handed to the write site itself. */
START_TEST(the_write_site_refuses)
{
    struct plan *plan = confirmed_plan();
    struct journal_proof *proof = journal_proof_new(plan);
    struct err *err = write_reference(lab.session, plan, proof);
    ck_assert(err_is(err, ERR_USAGE));
    err_free(err);
    nothing_modifies();
    journal_proof_free(proof);
    plan_free(plan);
}
END_TEST

START_TEST(apply_and_verify)
{
    struct apply_report report;
    struct plan *plan = confirmed_plan();
    apply_report_init(&report);
    struct err *err = apply(lab.session, plan, &lab.subject, 0, &report, NULL);
    ck_assert_ptr_nonnull(err);
    ck_assert_int_eq(report.state, APPLY_NOTHING_SENT);
    err_free(err);
    err_free(apply_verify(lab.session, plan, &report));
    nothing_modifies();
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* The counter counts: a session that may write is seen to write. */
START_TEST(the_responder_would_have_seen_it)
{
    struct plan *plan = confirmed_plan();
    struct journal_proof *proof = journal_proof_new(plan);
    struct session *writer = responder_session(lab.responder, 500);
    ck_assert_ptr_null(write_reference(writer, plan, proof));
    ck_assert_uint_eq(others(), 1);
    session_close(writer);
    journal_proof_free(proof);
    plan_free(plan);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readonly");
    TCase *tests = tcase_create("readonly");
    tcase_add_checked_fixture(tests, start, end);
    tcase_add_test(tests, diagnose_and_inspect);
    tcase_add_test(tests, browse);
    tcase_add_test(tests, check);
    tcase_add_test(tests, the_write_site_refuses);
    tcase_add_test(tests, apply_and_verify);
    tcase_add_test(tests, the_responder_would_have_seen_it);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
