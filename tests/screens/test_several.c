/* Several DSAs in a text, and a GUID that was cut short: what the connected DC's list of DSAs adds,
 * who chooses, and what is said where it adds nothing. The whole program with desks of its own,
 * over sessions that touch no network. */
#include "tests/screens/fake_readings.h"
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/screens/parts.h"

#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define HERE "londc01.contoso.com"
#define OTHER "mandc01.contoso.com"
#define LIVDC02 "9531985d-5d9d-49f8-9818-e811892f902b"
#define LIVDC03 "6b0d549b-6f03-475a-9600-a35a099950d8"
#define STRANGER "0d464138-a623-4255-bfc1-ea36f17fd374"
#define TWO                                                                                        \
    "Event ID: 1411\nComputer: " HERE "\n" LIVDC02 "._msdcs.contoso.com\nError value:\n8589\n"     \
    "Event ID: 1411\nComputer: " OTHER "\n" LIVDC02 "._msdcs.contoso.com\nError value:\n8589\n"    \
    "Event ID: 1411\nComputer: " OTHER "\n" LIVDC03 "._msdcs.contoso.com\nError value:\n8589\n"
#define CUT                                                                                        \
    "Event ID: 1411\nComputer: " HERE "\n9531985d-...-e811._msdcs.contoso.com\nError "             \
    "value:\n8589\n"

static const struct fake_dsa forest[] = {
    {"5bc8fbbc-bde5-4099-8164-d8399f767c45", "LONDC01", "London"},
    {LIVDC02, "LIVDC02", "Liverpool"},
    {LIVDC03, "LIVDC03", "Liverpool"},
    {"9531985d-0000-4099-8164-d8399f76e811", "MANDC07",
     "Manchester"}, /* fits "9531985d-...-e811" */
};

static struct harness *terminal;
static struct options options;
static struct app app;

static void frame(void)
{
    app_enter_step(&app);
    app_list(&app);
    app_due_in(&app);
    app_show(&app);
    harness_pump(terminal);
}

static void see(const char *text)
{
    frame();
    ck_assert_msg(harness_has(terminal, text), "\"%s\" is not on the screen:\n%s", text,
                  harness_text(terminal));
}

static void see_not(const char *text)
{
    frame();
    ck_assert_msg(!harness_has(terminal, text), "\"%s\" is on the screen:\n%s", text,
                  harness_text(terminal));
}

static bool is_busy(void)
{
    for (int place = 0; place < APP_PLACES; place++)
        if (app.asked[place].task)
            return true;
    return false;
}

static void comes(void)
{
    fake_release();
    frame();
    for (int i = 0; is_busy(); i++) {
        ck_assert_int_lt(i, 5000);
        (void)poll(&(struct pollfd){.fd = desks_fd(app.desks), .events = POLLIN}, 1, 10);
        app_take_news(&app);
        frame();
    }
}

static void sign_in(const char *host, const char *password)
{
    struct signin signin;
    signin_init(&signin);
    signin.host = mem_text(host);
    if (password) {
        signin.user = mem_text("kayla");
        signin.password = secret_new();
        (void)secret_add(signin.password, password, strlen(password));
    }
    app_connect(&app, &signin);
    signin_release(&signin);
    frame();
}

static void begin(int rows, int cols)
{
    terminal = harness_open("xterm-256color", rows, cols);
    memset(&app, 0, sizeof app);
    fake_readings_reset();
    fake_forest(forest, sizeof forest / sizeof *forest, NULL);
    options_init(&options);
    app.options = &options;
    app.term = harness_term(terminal);
    app.perform = app_perform;
    app.ask = app_ask_desk;
    app.now_ms = harness_now;
    app.desks = desks_new();
    wizard_init(&app.wizard, false, NULL);
    app_open_steps(&app);
    app_begin(&app);
    frame();
}

static void end(void)
{
    fake_release();
    app_close_views(&app);
    app_end(&app);
    ck_assert(!app.left_behind);
    ck_assert_int_eq(fake_open(), 0);
    wizard_release(&app.wizard);
    free(app.notice);
    options_release(&options);
    harness_close(terminal);
}

static void begin_on(const char *text)
{
    begin(24, 80);
    sign_in(HERE, NULL);
    comes();
    symptom_set_text(&app, text, strlen(text));
    frame();
}

static void key(enum term_key which)
{
    struct term_event event = {.kind = TERM_KEY, .key = which, .at = harness_now()};
    harness_advance(terminal, 1000);
    app_handle(&app, &event);
    frame();
}

/* ---- several ---- */

START_TEST(several_are_told_apart)
{
    begin_on(TWO);
    see("Looking up their names on LONDC01 ...");
    see(LIVDC02);
    comes();
    see("2 DSAs are named");
    see("LIVDC02, site Liverpool");
    see("8589, logged by londc01.contoso.com and 1 more DC");
    see("LIVDC03, site Liverpool");
    see_not("Looking up");
    key(TERM_ENTER);
    see("Which one is meant?");
    see("8589, LONDC01 +1");
    see("8589, MANDC01");
    see(LIVDC02);
    key(TERM_DOWN);
    see(LIVDC03);
    ck_assert_int_eq(fake_listed(), 1);
    end();
}
END_TEST

START_TEST(the_chosen_one_goes_on_to_its_own_dc)
{
    begin_on(TWO);
    comes();
    key(TERM_ENTER);
    ck_assert_int_eq(app.wizard.step, STEP_LOCATE);
    ck_assert(!app.wizard.picked && app.wizard.waiting == WAIT_NOTHING);
    key(TERM_DOWN);
    key(TERM_ENTER);
    ck_assert_uint_eq(app.wizard.which, 1);
    see("The error was logged by mandc01.contoso.com.");
    end();
}
END_TEST

/* Back on Symptom nothing is chosen any more; the last choice is marked, of a new text the best. */
START_TEST(another_one_can_be_chosen)
{
    begin_on(TWO);
    comes();
    key(TERM_ENTER);
    key(TERM_DOWN);
    key(TERM_ENTER);
    see("The error was logged by");
    key(TERM_ESC);
    ck_assert_int_eq(app.wizard.step, STEP_SYMPTOM);
    key(TERM_ENTER);
    see("Which one is meant?");
    see("\xE2\x96\xB8 LIVDC03");
    key(TERM_UP);
    key(TERM_ENTER);
    comes();
    ck_assert(app.wizard.judged && app.wizard.which == 0);
    key(TERM_ESC);
    key(TERM_ENTER);
    key(TERM_DOWN);
    key(TERM_ENTER);
    symptom_set_text(&app, TWO, strlen(TWO));
    frame();
    key(TERM_ENTER);
    see("\xE2\x96\xB8 LIVDC02");
    end();
}
END_TEST

/* Of a third one the DC knows nothing. */
START_TEST(what_is_not_listed_is_said)
{
    begin_on(TWO "Event ID: 1411\nComputer: " OTHER "\n" STRANGER
                 "._msdcs.contoso.com\nError value:\n8589\n");
    comes();
    see("LONDC01 knows no live DSA with one of the GUIDs");
    ck_assert_uint_eq(app.wizard.subject.count, 3);
    end();
}
END_TEST

START_TEST(what_could_not_be_listed_is_said)
{
    begin_on("");
    fake_forest(forest, 0, "The time limit was reached.");
    symptom_set_text(&app, TWO, strlen(TWO));
    comes();
    see("2 of the names could not be looked up: The time limit was reached.");
    key(TERM_ENTER); /* the GUIDs are enough to go on */
    see("9531985d");
    key(TERM_ENTER);
    comes();
    ck_assert(app.wizard.judged);
    end();
}
END_TEST

/* What the wizard reads does not wait behind the names. */
START_TEST(a_choice_does_not_wait_for_the_names)
{
    begin_on("");
    fake_late();
    symptom_set_text(&app, TWO, strlen(TWO));
    key(TERM_ENTER);
    ck_assert(app_is_listing(&app));
    see("Looking up their names");
    key(TERM_ENTER);
    ck_assert(!app_is_listing(&app) && app.asked[PLACE_WIZARD].task);
    comes();
    ck_assert(app.wizard.judged);
    ck_assert_int_le(fake_listed(), 1); /* called off, perhaps before it had begun */
    end();
}
END_TEST

START_TEST(one_dsa_needs_no_list)
{
    begin_on("Event ID: 1411\nComputer: " HERE "\n" LIVDC02 "._msdcs.contoso.com\n8589\n");
    comes();
    ck_assert_int_eq(fake_listed(), 0);
    end();
}
END_TEST

/* ---- cut short ---- */

START_TEST(several_fit_a_cut_guid)
{
    begin_on(CUT);
    see("Looking for what it may mean on LONDC01 ...");
    see("cut short");
    comes();
    see("2 DSAs may be meant; the next step asks");
    see("LIVDC02, site Liverpool");
    see("MANDC07, site Manchester");
    see("a GUID cut short, line 3");
    see_not("LIVDC03");
    key(TERM_ENTER);
    see("The GUID is cut short. Which one is meant?");
    ck_assert(app.wizard.waiting == WAIT_NOTHING);
    key(TERM_DOWN);
    key(TERM_ENTER);
    comes();
    ck_assert(app.wizard.judged && app.wizard.step == STEP_LOCATE);
    ck_assert_uint_eq(app.wizard.facts.asked.bytes[15], 0x11);
    ck_assert_str_eq(app.wizard.subject.destination, HERE);
    end();
}
END_TEST

/* It is shown, and Enter confirms it. */
START_TEST(one_fits_a_cut_guid)
{
    begin_on("9531985d-5d9d-49f8");
    comes();
    see("LIVDC02, site Liverpool");
    see("Enter goes on with what it may mean");
    see_not("looks like a GUID cut short");
    ck_assert(app.wizard.step == STEP_SYMPTOM && !app.wizard.judged);
    key(TERM_ENTER);
    comes();
    ck_assert(app.wizard.judged);
    ck_assert_uint_eq(app.wizard.facts.asked.bytes[15], 0x2b);
    end();
}
END_TEST

START_TEST(none_fits_a_cut_guid)
{
    begin_on("0d464138-a623");
    comes();
    see("LONDC01 knows no live DSA that fits \"0d464138-a623\".");
    key(TERM_ENTER);
    comes();
    ck_assert_int_eq(app.wizard.step, STEP_SYMPTOM);
    ck_assert_int_eq(fake_listed(), 1); /* it was complete: no use in another look */
    symptom_set_text(&app, CUT, strlen(CUT));
    see("2 DSAs may be meant"); /* at once */
    ck_assert_int_eq(fake_listed(), 1);
    end();
}
END_TEST

/* What one DC does not know another may. */
START_TEST(each_dc_is_asked_anew)
{
    begin_on("9531985d-5d9d-...");
    fake_forest(forest, 1, NULL);
    symptom_set_text(&app, "0d464138-a623", 13);
    sign_in(OTHER, NULL);
    comes();
    see("MANDC01 knows no live DSA that fits");
    fake_forest(forest, 4, NULL);
    symptom_set_text(&app, "9531985d-5d9d", 13);
    see("MANDC01 knows no live DSA that fits");
    sign_in(HERE, NULL);
    comes();
    see("LIVDC02, site Liverpool");
    end();
}
END_TEST

/* The only one that fits need not be the only one. */
START_TEST(a_part_of_the_list_does_not_decide)
{
    begin_on("");
    fake_forest(forest, 3, "The size limit was reached.");
    symptom_set_text(&app, CUT, strlen(CUT));
    comes();
    see("there may be others that fit");
    key(TERM_ENTER);
    see("Which one is meant?");
    ck_assert(app.wizard.waiting == WAIT_NOTHING && !app.wizard.judged);
    end();
}
END_TEST

START_TEST(an_offer_stays_about_the_fault_of_its_text)
{
    begin_on("Event ID: 2087\nSource directory service:\n9531985d-5d9d-...\nError value: 8524\n");
    comes();
    see("LIVDC02, site Liverpool");
    see("This text is about another fault, error 8524");
    end();
}
END_TEST

/* ---- the connection ---- */

START_TEST(a_lost_link_is_made_again)
{
    begin_on("");
    fake_late();
    symptom_set_text(&app, CUT, strlen(CUT));
    frame();
    ck_assert(app_is_listing(&app));
    fake_lose();
    comes();
    see("2 DSAs may be meant");
    ck_assert_int_eq(fake_sign_ins(), 2);
    end();
}
END_TEST

/* Connect does not come up for its sake unless that is wished for. */
START_TEST(a_lost_link_wants_the_password)
{
    begin(24, 80);
    sign_in(HERE, "sesame");
    comes();
    fake_late();
    symptom_set_text(&app, CUT, strlen(CUT));
    frame();
    fake_lose();
    comes();
    ck_assert_int_eq(app.wizard.step, STEP_SYMPTOM);
    see("Type the password to sign in there again");
    see("Enter look again");
    ck_assert_uint_eq(app.wizard.subject.count, 0);
    key(TERM_ENTER);
    ck_assert_int_eq(app.wizard.step, STEP_CONNECT);
    sign_in(HERE, "sesame");
    comes();
    see("2 DSAs may be meant");
    end();
}
END_TEST

START_TEST(enter_looks_again)
{
    begin_on("");
    fake_forest(forest, 0, "The time limit was reached.");
    symptom_set_text(&app, CUT, strlen(CUT));
    comes();
    see("The time limit was reached.");
    fake_forest(forest, 4, NULL);
    key(TERM_ENTER);
    comes();
    see("2 DSAs may be meant");
    end();
}
END_TEST

/* What the DC that was left says comes no more; the next one is asked itself. */
START_TEST(the_answer_of_a_dc_that_was_left_is_dropped)
{
    begin_on("");
    fake_late();
    symptom_set_text(&app, CUT, strlen(CUT));
    frame();
    ck_assert(app_is_listing(&app));
    sign_in(OTHER, NULL);
    ck_assert(!app_is_listing(&app));
    fake_forest(forest, 3, NULL); /* one that fits */
    comes();
    ck_assert_str_eq(app.wizard.server.host, OTHER);
    see("LIVDC02, site Liverpool");
    see_not("MANDC07");
    ck_assert_uint_eq(app.wizard.subject.count, 1);
    end();
}
END_TEST

/* A text that came meanwhile is not given another one's offer. */
START_TEST(a_new_text_is_not_given_the_old_ones_offer)
{
    begin_on("");
    fake_late();
    symptom_set_text(&app, CUT, strlen(CUT));
    frame();
    symptom_set_text(&app, "LIVDC09", 7);
    comes();
    ck_assert_uint_eq(app.wizard.subject.count, 1);
    ck_assert_str_eq(app.wizard.subject.dsas[0].server, "LIVDC09");
    end();
}
END_TEST

/* ---- sizes ---- */

static const struct stage_size sizes[] = {{24, 80}, {40, 120}, {19, 60}, {15, 60}};

START_TEST(it_fits_every_size)
{
    begin(sizes[_i].rows, sizes[_i].cols);
    sign_in(HERE, NULL);
    comes();
    symptom_set_text(&app, TWO, strlen(TWO));
    comes();
    see("LIVDC02, site Liverpool");
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n", harness_text(terminal));
    key(TERM_ENTER);
    see("LIVDC03");
    see("8589, MANDC01");
    see("event 1411, line 3");
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n", harness_text(terminal));
    key(TERM_ESC);
    symptom_set_text(&app, CUT, strlen(CUT));
    see("LIVDC02, site Liverpool");
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n", harness_text(terminal));
    key(TERM_ENTER);
    see("MANDC07");
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n", harness_text(terminal));
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("several");
    TCase *tests = tcase_create("several");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, stage_enter_home, stage_leave_home);
    tcase_add_test(tests, several_are_told_apart);
    tcase_add_test(tests, the_chosen_one_goes_on_to_its_own_dc);
    tcase_add_test(tests, another_one_can_be_chosen);
    tcase_add_test(tests, what_is_not_listed_is_said);
    tcase_add_test(tests, what_could_not_be_listed_is_said);
    tcase_add_test(tests, a_choice_does_not_wait_for_the_names);
    tcase_add_test(tests, one_dsa_needs_no_list);
    tcase_add_test(tests, several_fit_a_cut_guid);
    tcase_add_test(tests, one_fits_a_cut_guid);
    tcase_add_test(tests, none_fits_a_cut_guid);
    tcase_add_test(tests, each_dc_is_asked_anew);
    tcase_add_test(tests, a_part_of_the_list_does_not_decide);
    tcase_add_test(tests, an_offer_stays_about_the_fault_of_its_text);
    tcase_add_test(tests, a_lost_link_is_made_again);
    tcase_add_test(tests, a_lost_link_wants_the_password);
    tcase_add_test(tests, enter_looks_again);
    tcase_add_test(tests, the_answer_of_a_dc_that_was_left_is_dropped);
    tcase_add_test(tests, a_new_text_is_not_given_the_old_ones_offer);
    tcase_add_loop_test(tests, it_fits_every_size, 0, (int)(sizeof sizes / sizeof *sizes));
    return suite_run(suite);
}
