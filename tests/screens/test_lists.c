/* The lists beside the wizard: replication partners and the scan of the forest. What is found is
 * said first, nothing is cut at any size, and what cannot be known says why. */
#include "tests/screens/stage.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/suite.h"
#include "ui/screens/parts.h"

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
        ck_assert_uint_eq(s->app.depth, 0);
        ck_assert_int_eq(s->last, EFFECT_READ);
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

int main(void)
{
    Suite *suite = suite_create("lists");
    TCase *tests = tcase_create("lists");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, partners_say_first_what_fails);
    tcase_add_test(tests, partners_that_cannot_be_read_say_why);
    tcase_add_test(tests, a_scan_that_runs_can_be_called_off);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
