/* The lists beside the wizard: replication partners and the scan of the forest. What is found is
 * said first, nothing is cut at any size, and what cannot be known says why. */
#include "tests/screens/stage.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "ui/screens/scan_parts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct stage *s;

static void setup(void)
{
    harness_plain_locale();
}

static void see(const char *text)
{
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%s", text, harness_text(s->h));
}

static void see_not(const char *text)
{
    ck_assert_msg(!stage_has(s, text), "\"%s\" is on the screen:\n%s", text, harness_text(s->h));
}

static void footer_begins(const char *text)
{
    const char *footer = stage_footer(s);
    ck_assert_msg(strncmp(footer, text, strlen(text)) == 0, "%s", footer);
}

static void add_partner(struct app *app, unsigned number, uint32_t result)
{
    struct failing_partner *partner = MEM_PUSH(app->failing.partners, app->failing.count);
    partner->dsa = build_guid(70000 + number);
    partner->name = str_format("LIVDC%04u", number);
    partner->dn = str_format("CN=NTDS Settings,CN=%s", partner->name);
    partner->site = mem_text("Liverpool");
    partner->result = result;
    partner->failures = result ? 1700 : 0;
    partner->last_attempt = BUILD_NOW;
    app->failing.with_8589 += result == 8589;
}

/* The partners of the connected DC are known: one that fails with 8589, one with another error, and
 * so many that do not. */
static void open_partners(size_t size, unsigned healthy)
{
    s = stage_open(stage_sizes[size].rows, stage_sizes[size].cols, false);
    stage_go(s, STEP_SYMPTOM, NULL);
    struct app *app = &s->app;
    mem_set(&app->failing_host, app->wizard.server.host);
    app->failing.part = PART_PRESENT;
    app->failing_known = true;
    add_partner(app, 0, 8589);
    add_partner(app, 1, 1722);
    for (unsigned i = 0; i < healthy; i++)
        add_partner(app, 2 + i, 0);
    app_push(app, &screen_partners);
    stage_show(s);
}

static void close_partners(void)
{
    partner_list_release(&s->app);
    stage_close(s);
}

START_TEST(partners_say_first_what_fails)
{
    char guid[GUID_TEXT];
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_partners(i, 40);
        see("1 partner of LONDC01 fails with 8589 now, of 42 in all.");
        see("1 fails with another error");
        see("error 8589, 1700 times");
        see("error 1722, 1700 times");
        see("last success never");
        see(" of 42");
        struct guid first = build_guid(70000);
        see(guid_text(&first, guid));
        see_not("...");
        footer_begins("Enter judge this DSA");
        stage_key(s, TERM_END);
        see("LIVDC0041");
        stage_key(s, TERM_ENTER);
        ck_assert(!app_is_covered(&s->app));
        ck_assert_int_eq(s->last, EFFECT_READ);
        stage_facts(s, stage_missing);
        stage_key(s, TERM_ESC); /* to where one was */
        ck_assert(app_is_covered(&s->app));
        see("LIVDC0041");
        close_partners();
    }
}
END_TEST

START_TEST(partners_that_cannot_be_read_say_why)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_partners(i, 0);
        failing_release(&s->app.failing);
        s->app.failing_known = false;
        stage_show(s);
        see("Reading the replication status ...");
        footer_begins("Esc back");
        s->app.failing_err =
            err_next(err_new(ERR_NETWORK, ERR_TIMED_OUT, "The DC does not answer."), "Try again.");
        stage_show(s);
        see("The DC does not answer.");
        see("Try again.");
        see("r read again");
        s->app.failing_known = true;
        err_free(s->app.failing_err);
        s->app.failing_err = NULL;
        s->app.failing.part = PART_DENIED;
        stage_show(s);
        see("has no partners, or this sign-in may not see them");
        see("showrepl");
        footer_begins("Esc back");
        close_partners();
    }
}
END_TEST

START_TEST(a_scan_that_runs_can_be_called_off)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        s = stage_open(stage_sizes[i].rows, stage_sizes[i].cols, false);
        stage_go(s, STEP_SYMPTOM, NULL);
        app_push(&s->app, &screen_scan);
        s->app.asked[PLACE_SIDE].progress = 17;
        stage_show(s);
        see("Reading every server of the forest ...");
        see("17 read. Esc calls it off.");
        stage_key(s, TERM_ESC);
        ck_assert_uint_eq(s->app.depth, 0);
        stage_close(s);
    }
}
END_TEST

/* --- the scan as a list that stays --- */

enum { FIRST_DSA = 30000 };

static void rename_server(struct facts *facts, unsigned number)
{
    struct guid dsa = build_guid(FIRST_DSA + number);
    char *name = str_format("LIVDC%02u", number);
    stage_rename(facts, &dsa, name);
    free(name);
}

/* A made-up finding has the number that its server's name ends in. */
static void add_finding(struct scan *scan, unsigned number, void (*make)(struct facts *))
{
    struct scan_finding *finding = MEM_PUSH(scan->items, scan->count);
    make(&finding->facts);
    finding->facts.survey = true;
    rename_server(&finding->facts, number);
    diagnose(&finding->facts, &finding->verdict);
    scan->judged++;
}

static void give_scan(struct scan_work *work)
{
    work->host = mem_text("londc01.contoso.com");
    work->every.scan.survey.complete = true;
    app_cancel_reading(&s->app);
    scan_done(&s->app, work, NULL);
    work_scan.drop(work);
    stage_show(s);
}

static void (*const findings[])(struct facts *) = {stage_deleted, stage_missing, stage_ambiguous,
                                                   stage_missing, stage_missing, stage_no_computer};
enum { FINDINGS_GIVEN = sizeof findings / sizeof *findings };

static void open_scan(int rows, int cols)
{
    s = stage_open(rows, cols, false);
    stage_go(s, STEP_SYMPTOM, NULL);
    app_push(&s->app, &screen_scan);
    struct scan_work *work = scan_work_new(false);
    for (unsigned i = 0; i < FINDINGS_GIVEN; i++)
        add_finding(&work->every.scan, i, findings[i]);
    work->every.scan.counts[VERDICT_HEALTHY] = 8;
    work->every.scan.judged += 8;
    give_scan(work);
}

static void judged(unsigned number, void (*make)(struct facts *))
{
    struct facts facts;
    make(&facts);
    rename_server(&facts, number);
    app_event(&s->app, &(struct wizard_event){.kind = EVENT_READ, .facts = &facts});
    app_send(&s->app, EVENT_COMPLETED);
    facts_release(&facts);
    stage_show(s);
}

/* From Inspect to the report of a change. */
static void repair(enum apply_state state)
{
    stage_key(s, TERM_ENTER);
    stage_key(s, TERM_ENTER);
    ck_assert_int_eq(s->app.wizard.step, STEP_CONFIRM);
    stage_type_by_hand(s, s->app.wizard.plan->prompt);
    stage_key(s, TERM_ENTER);
    ck_assert_int_eq(s->app.wizard.step, STEP_APPLY);
    stage_report(s, state);
    stage_show(s);
}

static bool is_read(unsigned number)
{
    struct guid dsa = build_guid(FIRST_DSA + number);
    return s->last == EFFECT_READ && guid_equal(&s->app.wizard.subject.dsas[0].guid, &dsa);
}

static int row_of(const char *text)
{
    int row, col;
    see(text);
    ck_assert(harness_find(s->h, text, &row, &col));
    return row;
}

START_TEST(a_scan_puts_what_can_be_repaired_first)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_scan(stage_sizes[i].rows, stage_sizes[i].cols);
        see("6 findings on LONDC01's copy");
        see("Server");
        see("Verdict");
        footer_begins("Enter judge this DSA   e every DC");
        ck_assert_int_eq(row_of("Server") + 1, row_of("LIVDC01"));
        ck_assert_int_lt(row_of("LIVDC03"), row_of("LIVDC04"));
        see("has no serverReference on LONDC01"); /* of the first one */
        stage_key(s, TERM_END);
        see("LIVDC05");
        stage_char(s, 'v');
        stage_key(s, TERM_HOME);
        ck_assert_int_eq(row_of("Server") + 1, row_of("LIVDC00"));
        stage_char(s, '/');
        stage_type(s, "missing");
        see("3 of 6 shown");
        see_not("LIVDC00");
        stage_key(s, TERM_ENTER);
        footer_begins("Enter judge this DSA");
        stage_key(s, TERM_ESC);
        see_not("of 6 shown");
        stage_char(s, '/');
        stage_type(s, "nothing like it");
        see("Nothing contains this text.");
        stage_key(s, TERM_ESC);
        see_not("of 6 shown");
        stage_key(s, TERM_ESC);
        ck_assert_uint_eq(s->app.depth, 0);
        stage_close(s);
    }
}
END_TEST

/* Three that can be repaired, one of which somebody else repairs meanwhile, and one that is
 * refused; each by Enter through Report and on with one key. */
START_TEST(one_repair_after_the_other)
{
    open_scan(24, 80);
    stage_key(s, TERM_ENTER);
    ck_assert(is_read(1));
    judged(1, stage_missing);
    ck_assert_int_eq(s->app.wizard.step, STEP_INSPECT);
    repair(APPLY_VERIFIED);
    see("VERIFIED on LONDC01");
    footer_begins("Tab next: LIVDC03 (1 of 6 done)   Esc the list");
    stage_key(s, TERM_TAB);
    ck_assert(is_read(3));
    judged(3, build_healthy); /* somebody else was quicker */
    stage_key(s, TERM_ENTER);
    footer_begins("Tab next: LIVDC04 (2 of 6 done)");
    stage_key(s, TERM_TAB);
    ck_assert(is_read(4));
    judged(4, stage_missing);
    repair(APPLY_REFUSED);
    footer_begins("Tab next: LIVDC00 (3 of 6 done)");
    stage_key(s, TERM_ESC);
    ck_assert(app_is_covered(&s->app));
    see("Done: 3.");
    see("\xE2\x9C\x93 repaired");
    see("\xE2\x9C\x93 already right");
    see("\xE2\x9C\x97 refused: The DC refuses");
    size_t index; /* on the row where one was */
    const struct scan_screen *screen = s->app.stack[0].state;
    ck_assert(list_selected(&screen->list, &index));
    ck_assert_uint_eq(screen->rows.order[index], 4);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 2); /* as many as names were typed */
    stage_close(s);
}
END_TEST

START_TEST(the_last_one_leads_to_the_list)
{
    open_scan(24, 80);
    stage_char(s, '/');
    stage_type(s, "missing");
    stage_key(s, TERM_ENTER);
    stage_key(s, TERM_END);
    stage_key(s, TERM_ENTER);
    ck_assert(is_read(4));
    judged(4, build_healthy);
    stage_key(s, TERM_ENTER);
    footer_begins("Tab next: LIVDC01 (1 of 6 done)"); /* from the start again */
    stage_key(s, TERM_TAB);
    judged(1, build_healthy);
    stage_key(s, TERM_ENTER);
    stage_key(s, TERM_TAB);
    judged(3, build_healthy);
    stage_key(s, TERM_ENTER);
    footer_begins("Tab the list, 3 of 6 done");
    stage_key(s, TERM_TAB);
    ck_assert(app_is_covered(&s->app));
    see("3 of 6 shown"); /* the same filter */
    stage_close(s);
}
END_TEST

/* Called off, failed, left on Propose: it stays open, and the list says why where it can. */
START_TEST(what_did_not_come_to_an_end_stays_open)
{
    open_scan(24, 80);
    stage_key(s, TERM_ENTER);
    stage_key(s, TERM_ESC); /* while it is read */
    ck_assert(app_is_covered(&s->app));
    ck_assert_int_eq(s->last, EFFECT_CANCEL);
    see_not("Done:");
    stage_key(s, TERM_ENTER);
    stage_failed(s, "The DC does not answer.");
    stage_key(s, TERM_ESC);
    see("The DC does not answer.");
    see_not("Done:");
    stage_key(s, TERM_ENTER);
    judged(1, stage_missing);
    stage_key(s, TERM_ENTER);
    ck_assert_int_eq(s->app.wizard.step, STEP_PROPOSE);
    stage_key(s, TERM_ESC);
    stage_key(s, TERM_ESC);
    ck_assert(app_is_covered(&s->app));
    see_not("Done:");
    see_not("The DC does not answer.");
    stage_close(s);
}
END_TEST

/* Names that are none, in the list, its filter, and the key for the next one. */
START_TEST(a_hostile_name_stays_in_its_cell)
{
    for (size_t i = 0; i < STAGE_SIZES; i++) {
        open_scan(stage_sizes[i].rows, stage_sizes[i].cols);
        struct scan_work *work = scan_work_new(false);
        add_finding(&work->every.scan, 0, stage_missing);
        add_finding(&work->every.scan, 1, stage_hostile);
        struct facts *facts = &work->every.scan.items[1].facts;
        mem_set(&facts->dsa.dn, "CN=NTDS Settings,CN=EVIL\\1B]0\\3Bgotcha\\07,CN=Servers");
        give_scan(work);
        stage_char(s, 'v');
        stage_key(s, TERM_ENTER);
        judged(0, build_healthy);
        stage_key(s, TERM_ENTER);
        see("of 2 done");
        stage_key(s, TERM_ESC);
        see("EVIL");
        ck_assert(!harness_raw_has(s->h, "\033]0;gotcha"));
        stage_close(s);
    }
}
END_TEST

START_TEST(an_arrow_key_moves_the_list_alone)
{
    open_scan(24, 80);
    stage_key(s, TERM_DOWN);
    (void)harness_sent(s->h);
    stage_key(s, TERM_DOWN);
    size_t sent = harness_sent(s->h);
    ck_assert_msg(sent < 400, "%zu bytes", sent);
    stage_close(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lists");
    TCase *tests = tcase_create("lists");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, partners_say_first_what_fails);
    tcase_add_test(tests, partners_that_cannot_be_read_say_why);
    tcase_add_test(tests, a_scan_that_runs_can_be_called_off);
    tcase_add_test(tests, a_scan_puts_what_can_be_repaired_first);
    tcase_add_test(tests, one_repair_after_the_other);
    tcase_add_test(tests, the_last_one_leads_to_the_list);
    tcase_add_test(tests, what_did_not_come_to_an_end_stays_open);
    tcase_add_test(tests, a_hostile_name_stays_in_its_cell);
    tcase_add_test(tests, an_arrow_key_moves_the_list_alone);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
