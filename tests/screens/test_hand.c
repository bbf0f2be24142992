/* What counts as typed: a paste over a slow line does nothing on any screen, whatever it holds, and
 * nothing counts that was typed while nothing, or not Confirm, was to be seen. */
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/str.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct stage *s;

static void see(const char *text)
{
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%s", text, harness_text(s->h));
}

/* Every key that does something anywhere, Esc and Ctrl-C among them, between names and Enters. */
static char *hostile_text(bool marked, bool forged)
{
    struct str text = STR_INIT;
    str_add(&text, marked ? "\033[200~" : "");
    str_add(&text, "9b7fab3d-e792-0000-0000-000001000000");
    str_add(&text, forged ? "\033[201~" : "");
    for (int i = 0; i < 30; i++)
        str_addf(&text, "\rLIVDC01\rs~/x\r\rsabiklmdfgrvynoph?/\r\t\r \003%sq\rLIVDC01\rLIVDC01\r",
                 i % 10 ? "" : "\033"); /* curses waits behind each */
    str_add(&text, marked ? "\033[201~" : "");
    return str_steal(&text);
}

static const struct {
    size_t piece;
    int gap_ms;
    bool stalls;
} lines[] = {
    {256, 10, false}, {256, 10, true}, {25, 1, false}, {25, 1, true}, {100000, 0, false},
};
enum { LINES = sizeof lines / sizeof *lines, FORMS = 4 };

static void paste_over(int line, int form)
{
    char *text = hostile_text(form & 1, form & 2);
    size_t len = strlen(text), half = len / 2;
    for (size_t at = 0, piece = lines[line].piece; at < len; at += piece) {
        stage_bytes(s, text + at, piece < len - at ? piece : len - at);
        stage_stall(s, lines[line].gap_ms);
        if (lines[line].stalls && at <= half && half < at + piece)
            stage_stall(s, 6000);
    }
    stage_stall(s, 6000);
    free(text);
}

static unsigned effects(void)
{
    unsigned count = 0;
    for (int i = EFFECT_NONE + 1; i <= EFFECT_QUIT; i++)
        count += s->effects[i];
    return count;
}

static void open_browse(void)
{
    stage_browse(s, 3, 30);
}

static void open_save_line(void)
{
    stage_char(s, 's');
}

static const struct {
    enum wizard_step step;
    void (*make)(struct facts *);
    void (*more)(void);
} places[] = {
    {STEP_CONNECT, NULL, NULL},
    {STEP_SYMPTOM, NULL, NULL},
    {STEP_LOCATE, stage_missing, NULL},
    {STEP_INSPECT, stage_missing, NULL},
    {STEP_PROPOSE, stage_missing, NULL},
    {STEP_CONFIRM, stage_missing, NULL},
    {STEP_CONFIRM, stage_medium, NULL},
    {STEP_APPLY, stage_missing, NULL},
    {STEP_REPORT, stage_missing, NULL},
    {STEP_REPORT, stage_ambiguous, NULL},
    {STEP_REPORT, stage_missing, open_save_line},
    {STEP_SYMPTOM, NULL, open_browse},
};
enum { PLACES = sizeof places / sizeof *places };

START_TEST(a_paste_does_nothing_on_any_screen)
{
    for (int line = 0; line < LINES; line++)
        for (int form = 0; form < FORMS; form++) {
            s = stage_open(24, 80, false);
            stage_go(s, places[_i].step, places[_i].make);
            if (places[_i].more)
                places[_i].more();
            unsigned before = effects();
            size_t depth = s->app.depth;
            enum wizard_step step = s->app.wizard.step;
            paste_over(line, form);
            ck_assert_msg(effects() == before && s->app.depth == depth &&
                              s->app.wizard.step == step && !s->app.quit,
                          "line %d, form %d: %s", line, form, harness_text(s->h));
            stage_close(s);
        }
}
END_TEST

/* --- Confirm --- */

static void confirm(void)
{
    s = stage_open(24, 80, false);
    stage_go(s, STEP_CONFIRM, stage_missing);
    stage_stall(s, HARNESS_QUIET_MS);
}

static void hand(const char *text, int gap_ms)
{
    for (; *text; text++) {
        stage_bytes(s, text, 1);
        stage_stall(s, gap_ms);
    }
    stage_stall(s, 60);
}

START_TEST(a_hand_is_told_from_a_line_that_came_at_once)
{
    static const struct {
        const char *pieces[4];
        int gap_ms;
    } cases[] = {
        {{"LIVDC01\r"}, 20},
        {{"LIVDC01", "\r"}, 1000},
        {{"LI", "VDC01\r"}, 3000},
        {{"LIV", "DC0", "1\r"}, 1000},
        {{"\r\r\r\r\r\r\r\r\r\r\r\rLIVDC01\r"}, 20},
        {{"LI", "VD", "C0", "1\r"}, 60}, /* half of it; so a hand is asked once more */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        confirm();
        for (size_t p = 0; p < 4 && cases[i].pieces[p]; p++) {
            stage_bytes(s, cases[i].pieces[p], strlen(cases[i].pieces[p]));
            stage_stall(s, cases[i].gap_ms);
        }
        stage_stall(s, 1000);
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
        see("That came too fast to have been typed");
        hand("LIVDC01\r", 20); /* a quick one */
        ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
        stage_close(s);
    }
}
END_TEST

START_TEST(confirm_listens_when_it_was_quiet)
{
    s = stage_open(24, 80, false);
    stage_go(s, STEP_CONFIRM, stage_missing);
    stage_stall(s, HARNESS_QUIET_MS - 1);
    hand("LIVDC01\r", 100); /* begun too early */
    stage_stall(s, HARNESS_QUIET_MS);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
    see("typed too early");
    hand("LIVDC01\r", 100);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
    stage_close(s);
}
END_TEST

/* --- a screen that is too small --- */

static const struct stage_size small[] = {{10, 40}, {14, 60}, {15, 39}, {3, 10}};
enum { SMALL = sizeof small / sizeof *small };

START_TEST(what_is_not_seen_does_not_count)
{
    for (int i = 0; i < PLACES; i++) {
        s = stage_open(24, 80, false);
        stage_go(s, places[i].step, places[i].make);
        stage_stall(s, HARNESS_QUIET_MS);
        stage_resize(s, small[_i].rows, small[_i].cols);
        unsigned before = effects();
        for (int line = 0; line < 3; line++)
            hand("\rsl\t\r\rLIVDC01\rLIVDC01\r\033b", 60);
        stage_stall(s, 1000);
        ck_assert_uint_eq(effects(), before);
        ck_assert(s->app.depth == 0 && s->app.wizard.step == places[i].step);
        stage_bytes(s, "\rLIVDC01", 8); /* still on its way when the size is right again */
        stage_resize(s, 24, 80);
        hand("\r", 60);
        ck_assert_uint_eq(effects(), before);
        stage_close(s);
    }
}
END_TEST

START_TEST(what_is_not_seen_can_be_left)
{
    s = stage_open(24, 80, false);
    stage_go(s, STEP_CONFIRM, stage_missing);
    stage_stall(s, HARNESS_QUIET_MS);
    stage_resize(s, small[_i].rows, small[_i].cols);
    hand(_i % 2 ? "q" : "\003", 20);
    ck_assert(s->app.quit);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
    stage_close(s);
}
END_TEST

/* Reached while it could not be seen, Confirm listens only when it was. */
START_TEST(confirm_counts_as_painted_when_it_was)
{
    s = stage_open(24, 80, false);
    stage_go(s, STEP_PROPOSE, stage_missing);
    stage_key(s, TERM_ENTER);
    stage_resize(s, small[_i].rows, small[_i].cols);
    ck_assert_int_eq(s->app.wizard.step, STEP_CONFIRM);
    stage_stall(s, 5000);
    stage_resize(s, 24, 80);
    hand("LIVDC01\r", 60);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 0);
    stage_stall(s, HARNESS_QUIET_MS);
    hand("LIVDC01\r", 60);
    ck_assert_uint_eq(s->effects[EFFECT_APPLY], 1);
    stage_close(s);
}
END_TEST

static Suite *hand_suite(void)
{
    Suite *suite = suite_create("hand");
    TCase *tests = tcase_create("hand");
    tcase_add_checked_fixture(tests, stage_enter_home, stage_leave_home);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, a_paste_does_nothing_on_any_screen, 0, PLACES);
    tcase_add_test(tests, a_hand_is_told_from_a_line_that_came_at_once);
    tcase_add_test(tests, confirm_listens_when_it_was_quiet);
    tcase_add_loop_test(tests, what_is_not_seen_does_not_count, 0, SMALL);
    tcase_add_loop_test(tests, what_is_not_seen_can_be_left, 0, SMALL);
    tcase_add_loop_test(tests, confirm_counts_as_painted_when_it_was, 0, SMALL);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(hand_suite());
}
