/* The report: complete, the same for refusals, and no value leaves its place, in text or Markdown.
 */
#include "src/base/mem.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/transcript.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct facts facts;
static struct verdict verdict;
static struct subject subject;
static struct plan *plan;
static struct apply_report report;
static struct str out;

#define REPAIR "dcmend -D kayla -W 9b7fab3d londc01.contoso.com"

static void judge(void)
{
    diagnose(&facts, &verdict);
    plan = plan_new(&facts, &verdict, "INC-1");
}

static void start(void)
{
    build_healthy(&facts);
    apply_report_init(&report);
    struct subject_dsa *dsa = subject_add(&subject, SUBJECT_EVENT_1411);
    dsa->has_guid = true;
    dsa->guid = build_guid(BUILD_DSA);
}

static void end(void)
{
    str_release(&out);
    plan_free(plan);
    plan = NULL;
    apply_report_release(&report);
    verdict_release(&verdict);
    subject_release(&subject);
    subject = (struct subject){.dsas = NULL};
    facts_release(&facts);
}

static void build_unknown(struct facts *made)
{
    build_healthy(made);
    made->dsa.part = PART_ABSENT;
}

static void build_orphan(struct facts *made)
{
    build_healthy(made);
    made->srv.is_server = false;
}

static const char *make(bool markdown, bool with_report)
{
    struct transcript t = {.subject = &subject,
                           .facts = &facts,
                           .verdict = &verdict,
                           .plan = plan,
                           .report = with_report ? &report : NULL,
                           .repair = REPAIR,
                           .version = "1.2.3",
                           .when = BUILD_NOW};
    str_clear(&out);
    transcript_write(&out, markdown, &t);
    return str_text(&out);
}

static void shows(const char *text, const char *what)
{
    ck_assert_msg(strstr(text, what) != NULL, "\"%s\" is not in\n%s", what, text);
}

static void hides(const char *text, const char *what)
{
    ck_assert_msg(strstr(text, what) == NULL, "\"%s\" is in\n%s", what, text);
}

START_TEST(a_verified_repair)
{
    build_absent(&facts);
    judge();
    ck_assert_ptr_nonnull(plan);
    report.state = APPLY_VERIFIED;
    report.sent = report.answered = report.verified_at = BUILD_NOW;
    report.host = mem_text("londc01.contoso.com");
    report.journal_path = mem_text("/home/kayla/.local/state/dcmend/journal/x.ldif");
    const char *text = make(_i, true);
    shows(text, _i ? "**VERIFIED on londc01.contoso.com.**" : "VERIFIED on londc01.contoso.com.");
    shows(text, "event 1411");
    shows(text, "missing");
    shows(text, "E1");
    shows(text, "londc01.contoso.com");
    shows(text, "kayla@CONTOSO.COM");
    shows(text, "2023-11-14 22:13:20 UTC, version 1.2.3");
    shows(text, "add: serverReference");
    shows(text, "delete: serverReference"); /* the way back */
    shows(text, "x.ldif");
    shows(text, "INC-1");
    hides(text, "Set-ADObject");
}
END_TEST

START_TEST(a_refusal_is_for_handing_over)
{
    build_absent(&facts);
    judge();
    report.state = APPLY_REFUSED;
    report.sent = report.answered = BUILD_NOW;
    report.err = err_said(err_next(err_new(ERR_DIRECTORY, ERR_NO_RIGHT, "you may not"), "sign in"),
                          "00002098: SecErr\n");
    const char *text = make(_i, true);
    shows(text, "REFUSED by londc01.contoso.com");
    shows(text, "you may not");
    shows(text, "00002098: SecErr\\0A");
    shows(text, "no-right");
    shows(text, "Set-ADObject -Server 'londc01.contoso.com' -Identity ");
    shows(text, "-Add @{serverReference='CN=LivDC01,");
    hides(text, "The way back"); /* nothing was changed */
}
END_TEST

START_TEST(stale_values_are_not_handed_over)
{
    build_absent(&facts);
    judge();
    apply_report_differs(&report, "the value", NULL, "CN=OTHER");
    report.err = err_new(ERR_DIRECTORY, ERR_CHANGED, "no longer as shown");
    const char *text = make(false, true);
    shows(text, "NOTHING WAS SENT");
    shows(text, "CN=OTHER");
    hides(text, "Set-ADObject");
    hides(text, "The way back");
}
END_TEST

START_TEST(what_was_only_looked_at_says_how_the_repair_starts)
{
    build_absent(&facts);
    judge();
    shows(make(_i, false), REPAIR);
    hides(make(_i, true), REPAIR); /* a change was tried */
}
END_TEST

START_TEST(a_verdict_alone)
{
    facts_release(&facts);
    build_bare(&facts);
    judge();
    ck_assert_ptr_null(plan);
    const char *text = make(_i, false);
    shows(text, "no-computer");
    shows(text, "Advice");
    shows(text, "repadmin /showrepl");
    hides(text, "The change");
}
END_TEST

START_TEST(an_ambiguous_verdict_names_its_accounts)
{
    facts_release(&facts);
    build_bare(&facts);
    build_account(&facts, BUILD_STATIC);
    build_account(&facts, BUILD_STATIC);
    build_rename(&facts, 1, "LIVDC01-OLD", "LIVDC01-OLD$");
    judge();
    const char *list = strstr(make(_i, false), "The accounts that could be meant");
    ck_assert_ptr_nonnull(list);
    shows(list, facts.accounts[0].dn);
    shows(list, facts.accounts[1].dn);
    shows(list, "E6");
}
END_TEST

/* Only this sign-in, or only this DC, stands in the way: somebody else can do it. */
START_TEST(a_forbidden_place_gets_the_command)
{
    build_absent(&facts);
    facts.srv.may_write = false; /* B11 */
    judge();
    ck_assert_ptr_null(plan);
    const char *text = make(_i, false);
    shows(text, "Get-ADObject -Server 'londc01.contoso.com' -Identity ");
    shows(text, "Set-ADObject -Server 'londc01.contoso.com' -Identity ");
    shows(text, " -Partition 'CN=Configuration,DC=contoso,DC=com' -Add @{serverReference=");
    shows(text, "repadmin /showrepl londc01.contoso.com");
}
END_TEST

START_TEST(a_read_only_dc_is_repaired_elsewhere)
{
    build_absent(&facts);
    facts.server.read_only = FLAG_YES; /* B9 */
    judge();
    const char *text = make(false, false);
    hides(text, "Set-ADObject -Server 'londc01");
    shows(text, "This DC is read-only");
    struct facts_copy *broken = build_copy(&facts, "livdc01.contoso.com");
    build_copy_says(broken, COPY_ABSENT);
    broken->is_source = true; /* never the broken DC itself */
    text = make(false, false);
    hides(text, "Set-ADObject -Server 'livdc01");
    build_copy_says(build_copy(&facts, "mandc01.contoso.com"), COPY_ABSENT);
    text = make(false, false);
    shows(text, "Set-ADObject -Server 'mandc01.contoso.com' -Identity ");
}
END_TEST

/* Where the proof itself is in doubt, nothing that writes is handed over. */
START_TEST(a_doubt_gets_no_command_that_writes)
{
    build_absent(&facts);
    facts.conflict = true; /* B13 */
    judge();
    const char *text = make(false, false);
    hides(text, "Set-ADObject");
    shows(text, "Get-ADObject -Server ");
}
END_TEST

START_TEST(what_is_unclear_gets_a_look)
{
    static const struct {
        void (*make)(struct facts *);
        const char *shown;
    } cases[] = {{build_bare, "setspn -F -Q E3514235-4B06-11D1-AB04-00C04FC2DCD2/9b7fab3d-"},
                 {build_unknown, "-IncludeDeletedObjects"},
                 {build_orphan, "-Filter 'ObjectClass -eq \"nTDSDSA\"' -SearchBase 'CN=Conf"}};
    facts_release(&facts);
    cases[_i].make(&facts);
    judge();
    const char *text = make(false, false);
    shows(text, cases[_i].shown);
    hides(text, "Set-ADObject");
}
END_TEST

START_TEST(nothing_at_all_is_still_a_report)
{
    struct transcript t = {.when = BUILD_NOW};
    transcript_write(&out, _i, &t);
    shows(str_text(&out), "2023-11-14");
}
END_TEST

static const char evil[] = "CN=a`b``c\n# Heading\n- item\n```\n<script>|x|**y**[z](http://e)\x1b[2J"
                           "\xe2\x80\xae'; Remove-Item \xe2\x80\x99; Remove-Item,DC=a";

START_TEST(no_value_leaves_its_place)
{
    build_absent(&facts);
    judge();
    mem_set(&plan->object_dn, evil);
    mem_set(&plan->new.dn, evil);
    mem_set(&plan->host, evil);
    mem_set(&plan->ticket, evil);
    mem_set(&facts.srv.dn, evil);
    mem_set(&facts.server.host, evil);
    mem_set(&verdict.headline, evil);
    findings_add(&verdict.side, SIDE_RENAMED, "%s", evil);
    strs_add(&subject.notes, evil);
    report.state = APPLY_REFUSED;
    report.err = err_said(err_new(ERR_DIRECTORY, ERR_OTHER, "%s", evil), evil);
    const char *text = make(_i, true);
    for (const char *at = text; *at; at++)
        ck_assert(*at == '\n' || (unsigned char)*at >= ' ');
    hides(text, "\xe2\x80\xae");
    hides(text, "\n- item");
    if (_i) {
        hides(text, "\n# Heading");
        hides(text, "\n```\n<script>");
        hides(text, " <script>");
    }
    shows(text, "''; Remove-Item"); /* still inside PowerShell's quotes */
    shows(text, "\xe2\x80\x99\xe2\x80\x99; Remove-Item");
    hides(text, "repadmin /showrepl CN=a");
}
END_TEST

/* Every fence that opens a block also ends it, whatever stands inside. */
START_TEST(fences_are_balanced)
{
    build_absent(&facts);
    judge();
    mem_set(&plan->new.dn, "CN=```` ,DC=a");
    const char *text = make(true, false);
    unsigned fences = 0;
    for (const char *at = text; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        fences += strncmp(at, "```", 3) == 0;
        if (!*at)
            break;
    }
    ck_assert_uint_eq(fences % 2, 0);
    ck_assert_uint_ge(fences, 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transcript");
    TCase *tests = tcase_create("transcript");
    tcase_add_checked_fixture(tests, start, end);
    tcase_add_loop_test(tests, a_verified_repair, 0, 2);
    tcase_add_loop_test(tests, a_refusal_is_for_handing_over, 0, 2);
    tcase_add_test(tests, stale_values_are_not_handed_over);
    tcase_add_loop_test(tests, a_verdict_alone, 0, 2);
    tcase_add_loop_test(tests, an_ambiguous_verdict_names_its_accounts, 0, 2);
    tcase_add_loop_test(tests, what_was_only_looked_at_says_how_the_repair_starts, 0, 2);
    tcase_add_loop_test(tests, a_forbidden_place_gets_the_command, 0, 2);
    tcase_add_test(tests, a_read_only_dc_is_repaired_elsewhere);
    tcase_add_test(tests, a_doubt_gets_no_command_that_writes);
    tcase_add_loop_test(tests, what_is_unclear_gets_a_look, 0, 3);
    tcase_add_loop_test(tests, nothing_at_all_is_still_a_report, 0, 2);
    tcase_add_loop_test(tests, no_value_leaves_its_place, 0, 2);
    tcase_add_test(tests, fences_are_balanced);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
