/* What hands expect of every screen: F1, q, the letters of less and tig, a cursor that a braille
 * line can follow. */
#include "tests/screens/stage.h"

#include "src/base/mem.h"
#include "tests/suite.h"
#include "ui/screens/browse_parts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct stage *s;

static void setup(void)
{
    stage_enter_home();
}

static void see(const char *text)
{
    ck_assert_msg(stage_has(s, text), "\"%s\" is not on the screen:\n%s", text, harness_text(s->h));
}

static void see_not(const char *text)
{
    ck_assert_msg(!stage_has(s, text), "\"%s\" is on the screen:\n%s", text, harness_text(s->h));
}

static void f1(void)
{
    struct term_event event = {.kind = TERM_KEY, .key = TERM_F, .rune = 1};
    app_handle(&s->app, &event);
    stage_show(s);
}

/* Every step, whatever is typed there; the name that was begun on Confirm stays. */
START_TEST(f1_helps_everywhere)
{
    for (size_t i = 0; i < STAGE_SIZES; i++)
        for (enum wizard_step step = STEP_CONNECT; step <= STEP_REPORT; step++) {
            s = stage_open(stage_sizes[i].rows, stage_sizes[i].cols, false);
            stage_go(s, step, stage_missing);
            ck_assert_int_eq(s->app.wizard.step, step);
            ck_assert_msg(strstr(stage_footer(s), "F1 help") || strstr(stage_footer(s), "? help"),
                          "%s", stage_footer(s));
            if (step == STEP_CONFIRM)
                stage_type_by_hand(s, "liv");
            f1();
            ck_assert_uint_eq(s->app.depth, 1);
            see("close");
            stage_key(s, TERM_ESC);
            ck_assert_uint_eq(s->app.depth, 0);
            ck_assert_int_eq(s->app.wizard.step, step);
            if (step == STEP_CONFIRM)
                see("to apply: liv");
            stage_close(s);
        }
}
END_TEST

/* q closes one view after the other, and leaves where none is. */
START_TEST(q_closes_the_view_on_top)
{
    static const struct screen_ops *const views[] = {&screen_browse, &screen_scan, &screen_journal,
                                                     &screen_partners};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        s = stage_open(24, 80, false);
        stage_go(s, STEP_INSPECT, stage_missing);
        app_push(&s->app, views[i]);
        stage_show(s);
        see("q close");
        stage_char(s, '?');
        ck_assert_uint_eq(s->app.depth, 2);
        stage_char(s, 'q');
        ck_assert_uint_eq(s->app.depth, 1);
        stage_char(s, 'q');
        ck_assert_uint_eq(s->app.depth, 0);
        ck_assert(!s->app.quit);
        see("q quit");
        stage_char(s, 'q');
        ck_assert(s->app.quit);
        stage_close(s);
    }
}
END_TEST

static void at_row(const char *name)
{
    int row, col;
    ck_assert_msg(harness_cursor(s->h, &row, &col), "no cursor:\n%s", harness_text(s->h));
    ck_assert_msg(strstr(harness_row(s->h, row), name) != NULL, "\"%s\" is not at row %d:\n%s",
                  name, row, harness_text(s->h));
    ck_assert_int_lt(col, 2);
}

/* In a list, the cursor on the chosen row; a letter that moves asks for nothing. */
START_TEST(letters_move_in_lists)
{
    s = stage_open(24, 80, false);
    stage_go(s, STEP_SYMPTOM, NULL);
    stage_browse(s, 30, 600);
    struct browse_screen *b = s->app.stack[0].state;
    at_row("Site000");
    stage_type(s, "jj");
    at_row("Site002");
    stage_type(s, "k");
    at_row("Site001");
    stage_type(s, "G");
    at_row("Site029");
    stage_type(s, "b");
    stage_type(s, " ");
    at_row("Site029");
    stage_type(s, "g");
    at_row("Site000");
    ck_assert(!b->judge);
    ck_assert_int_eq(b->line, LINE_NONE);
    stage_type(s, "/site01");
    int row, col;
    ck_assert(harness_cursor(s->h, &row, &col));
    ck_assert_ptr_nonnull(strstr(harness_row(s->h, row), "filter: site01"));
    stage_close(s);
}
END_TEST

START_TEST(letters_move_in_pages)
{
    s = stage_open(15, 60, false);
    stage_go(s, STEP_INSPECT, stage_missing);
    char *first = mem_text(harness_row(s->h, 3));
    stage_type(s, "j");
    ck_assert_str_ne(harness_row(s->h, 3), first);
    stage_type(s, "k");
    ck_assert_str_eq(harness_row(s->h, 3), first);
    stage_type(s, "G");
    see_not("more line");
    stage_type(s, "b");
    see("more line");
    stage_type(s, "g ");
    ck_assert_str_ne(harness_row(s->h, 3), first);
    stage_type(s, "b");
    ck_assert_str_eq(harness_row(s->h, 3), first);
    ck_assert_uint_eq(s->app.depth, 0);
    free(first);
    stage_close(s);
}
END_TEST

static Suite *habits_suite(void)
{
    Suite *suite = suite_create("habits");
    TCase *tests = tcase_create("habits");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, stage_leave_home);
    tcase_add_test(tests, f1_helps_everywhere);
    tcase_add_test(tests, q_closes_the_view_on_top);
    tcase_add_test(tests, letters_move_in_lists);
    tcase_add_test(tests, letters_move_in_pages);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(habits_suite());
}
