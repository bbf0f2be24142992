/* What dcmend itself hands out leads back to the same DSA and the same DC: a report, a journal
 * entry or an LDIF given to a second person is all that he needs. (JSON lines:
 * tests/screens/test_batch.c) */
#include "src/base/mem.h"
#include "src/model/host.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/intake.h"
#include "src/remedy/journal_entry.h"
#include "src/remedy/ldif.h"
#include "src/remedy/transcript.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"

#include <check.h>
#include <string.h>

static struct facts facts;
static struct verdict verdict;
static struct plan *plan;
static struct apply_report report;
static struct subject asked;
static struct str out;

static void start(void)
{
    build_healthy(&facts);
    build_absent(&facts);
    struct facts_link *link = build_link(&facts, 1722, BUILD_NOW); /* of another naming context */
    link->failures = 3;
    link = build_link(&facts, 8589, BUILD_NOW);
    link->failures = 7;
    diagnose(&facts, &verdict);
    plan = plan_new(&facts, &verdict, "INC-1");
    ck_assert_ptr_nonnull(plan);
    apply_report_init(&report);
    struct subject_dsa *dsa = subject_add(&asked, SUBJECT_EVENT_1411);
    dsa->has_guid = true;
    dsa->guid = build_guid(BUILD_DSA);
    dsa->destination = mem_text(facts.server.host);
    subject_choose(&asked, 0);
}

static void end(void)
{
    str_release(&out);
    plan_free(plan);
    plan = NULL;
    apply_report_release(&report);
    verdict_release(&verdict);
    subject_release(&asked);
    facts_release(&facts);
}

/* Read as it is, and as a mail quotes it. */
static void leads_back(bool whole)
{
    for (int quoted = 0; quoted < 2; quoted++) {
        struct str text = STR_INIT;
        struct subject subject;
        for (const char *at = str_text(&out); *at;) {
            size_t len = strcspn(at, "\n");
            str_add(&text, quoted ? "> " : "");
            str_addn(&text, at, len);
            str_addc(&text, '\n');
            at += len + (at[len] == '\n');
        }
        struct err *err = intake_read(text.text, text.len, &subject);
        ck_assert_msg(err == NULL, "nothing is named by\n%s", text.text);
        ck_assert_msg(subject.count == 1, "%zu DSAs are named by\n%s", subject.count, text.text);
        const struct subject_dsa *dsa = &subject.dsas[0];
        struct guid guid = build_guid(BUILD_DSA);
        if (whole) {
            ck_assert_msg(dsa->has_guid && guid_equal(&dsa->guid, &guid), "another DSA\n%s",
                          text.text);
            ck_assert_msg(host_matches(subject.destination, facts.server.host), "on %s:\n%s",
                          subject.destination ? subject.destination : "nobody", text.text);
        } else {
            ck_assert_str_eq(dsa->server, "LIVDC01");
        }
        ck_assert_msg(dsa->other_fault == NULL, "about %s:\n%s", dsa->other_fault, text.text);
        subject_release(&subject);
        str_release(&text);
    }
}

START_TEST(a_report_before_the_change)
{
    struct transcript t = {.subject = _i & 2 ? &asked : NULL,
                           .facts = &facts,
                           .verdict = &verdict,
                           .repair = "dcmend -x -Z -D 'CN=K,DC=x' -W GUID londc01.contoso.com",
                           .when = BUILD_NOW};
    transcript_write(&out, _i & 1, &t);
    leads_back(true);
}
END_TEST

/* Its successor's GUID stands in it too. */
START_TEST(a_report_of_a_deleted_dsa)
{
    struct transcript t = {.facts = &facts, .verdict = &verdict, .when = BUILD_NOW};
    facts.dsa.deleted = true;
    build_successor(&facts, "LIVDC01");
    verdict_release(&verdict);
    diagnose(&facts, &verdict);
    ck_assert(verdict.has_successor);
    transcript_write(&out, _i, &t);
    leads_back(true);
}
END_TEST

START_TEST(a_report_of_an_unknown_dsa)
{
    struct transcript t = {.facts = &facts, .verdict = &verdict, .when = BUILD_NOW};
    facts.asked = facts.dsa.guid;
    facts.dsa.part = PART_ABSENT;
    verdict_release(&verdict);
    diagnose(&facts, &verdict);
    transcript_write(&out, _i, &t);
    leads_back(true);
}
END_TEST

START_TEST(a_report_of_a_change)
{
    static const enum apply_state states[] = {APPLY_VERIFIED, APPLY_REFUSED};
    struct transcript t = {.subject = &asked,
                           .facts = &facts,
                           .verdict = &verdict,
                           .plan = plan,
                           .report = &report,
                           .when = BUILD_NOW};
    report.state = states[_i / 2];
    report.sent = report.answered = BUILD_NOW;
    report.host = mem_text(facts.server.host);
    if (report.state == APPLY_REFUSED)
        report.err = err_new(ERR_DIRECTORY, ERR_OTHER, "No right to write.");
    transcript_write(&out, _i & 1, &t);
    leads_back(true);
}
END_TEST

/* What a second person is given: text or Markdown, with the file's own name in it. */
START_TEST(a_plan)
{
    struct transcript t = {.subject = _i & 2 ? &asked : NULL,
                           .facts = &facts,
                           .verdict = &verdict,
                           .plan = plan,
                           .repair =
                               "dcmend 9b7fab3d-e792-0000-0000-000001000000 londc01.contoso.com",
                           .second = "dcmend --file /home/kayla/dcmend-LIVDC01-plan.txt "
                                     "londc01.contoso.com",
                           .when = BUILD_NOW};
    transcript_write(&out, _i & 1, &t);
    ck_assert(strstr(str_text(&out), "NOT WRITTEN YET"));
    ck_assert(strstr(str_text(&out), "add: serverReference"));
    leads_back(true);
}
END_TEST

/* A visit's file: the newest on top, what was found and done before below it. */
START_TEST(a_kept_report_of_several_parts)
{
    struct transcript t = {.facts = &facts, .verdict = &verdict, .when = BUILD_NOW};
    transcript_write(&out, false, &t);
    str_add(&out, "\n\n");
    t.plan = plan;
    t.report = &report;
    report.state = APPLY_VERIFIED;
    report.host = mem_text(facts.server.host);
    t.replication = "recovered: the last attempt of LONDC01 succeeded";
    t.watched = BUILD_NOW;
    transcript_write(&out, false, &t);
    ck_assert(strstr(str_text(&out), "last read"));
    leads_back(true);
}
END_TEST

START_TEST(a_journal_entry)
{
    struct journal_author author = {.when = BUILD_NOW, .login = "uid 1000 (kayla)"};
    journal_entry_write(&out, plan, &author);
    if (_i)
        journal_entry_state_line(&out, JOURNAL_VERIFIED, false, BUILD_NOW, NULL);
    leads_back(true);
}
END_TEST

/* It names the server object and nobody who should be asked. */
START_TEST(an_ldif)
{
    if (_i)
        ldif_inverse(&out, plan);
    else
        ldif_change(&out, plan);
    leads_back(false);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake_own");
    TCase *tc = tcase_create("own");
    tcase_add_checked_fixture(tc, start, end);
    tcase_add_loop_test(tc, a_report_before_the_change, 0, 4);
    tcase_add_loop_test(tc, a_report_of_a_deleted_dsa, 0, 2);
    tcase_add_loop_test(tc, a_report_of_an_unknown_dsa, 0, 2);
    tcase_add_loop_test(tc, a_report_of_a_change, 0, 4);
    tcase_add_loop_test(tc, a_plan, 0, 4);
    tcase_add_test(tc, a_kept_report_of_several_parts);
    tcase_add_loop_test(tc, a_journal_entry, 0, 2);
    tcase_add_loop_test(tc, an_ldif, 0, 2);
    suite_add_tcase(suite, tc);
    return suite_run(suite);
}
