/* What hands expect of every screen: F1, q, the letters of less and tig, a cursor that a braille
 * line can follow. */
#include "tests/screens/stage.h"

#include "src/base/mem.h"
#include "tests/suite.h"
#include "ui/screens/browse_parts.h"
#include "ui/widgets/list.h"
#include "ui/widgets/pager.h"

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

/* The same page as it is scrolled: the text stands somewhere in it. */
static void see_in_page(const char *text)
{
    for (int i = 0; i < 40 && !stage_has(s, text); i++)
        stage_key(s, TERM_DOWN);
    see(text);
}

START_TEST(text_is_found_in_pages)
{
    s = stage_open(15, 60, false);
    stage_go(s, STEP_INSPECT, stage_missing);
    see_not("replication SPN");
    stage_type(s, "/spn");
    see("find: spn");
    ck_assert_uint_eq(s->app.depth, 0); /* letters are text meanwhile */
    stage_key(s, TERM_ENTER);
    see("replication SPN");
    ck_assert(harness_style(s->h, "SPN carries").reverse);
    size_t first = s->app.steps[STEP_INSPECT].ops->page(s->app.steps[STEP_INSPECT].state)->found;
    stage_type(s, "/dc=com");
    stage_key(s, TERM_ENTER);
    struct pager *page = s->app.steps[STEP_INSPECT].ops->page(s->app.steps[STEP_INSPECT].state);
    size_t here = page->found;
    stage_type(s, "n");
    ck_assert_uint_ne(page->found, here);
    stage_type(s, "N");
    ck_assert_uint_eq(page->found, here);
    ck_assert_uint_ne(first, here);
    stage_type(s, "/no such thing");
    stage_key(s, TERM_ENTER);
    see("It is not in this page: no such thing");
    stage_key(s, TERM_ESC);
    ck_assert_int_eq(s->app.wizard.step, STEP_LOCATE);
    stage_close(s);
}
END_TEST

START_TEST(words_are_explained)
{
    s = stage_open(24, 80, false);
    stage_go(s, STEP_CONFIRM, stage_missing);
    f1();
    see("words");
    f1();
    see_in_page("2703028");
    static const char *const words[] = {"NTDS Settings", "back link", "copy", "KCC"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        see_in_page(words[i]);
    stage_char(s, 'q');
    stage_char(s, 'q');
    ck_assert_uint_eq(s->app.depth, 0);
    ck_assert_int_eq(s->app.wizard.step, STEP_CONFIRM);
    stage_close(s);
}
END_TEST

/* A phone, and a little more: all steps, to a written change. */
START_TEST(forty_columns_are_enough)
{
    static const struct stage_size sizes[] = {{15, 40}, {19, 46}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        s = stage_open(sizes[i].rows, sizes[i].cols, false);
        see_not("needed");
        stage_go(s, STEP_LOCATE, stage_missing);
        see_in_page("9b7fab3d-e792-0000-0000-000001000000");
        stage_key(s, TERM_ENTER);
        see("Enter propose the repair");
        see_in_page("live, site Liverpool");
        stage_key(s, TERM_ENTER);
        see("+ CN=LivDC01,OU=Domain Controllers,");
        stage_key(s, TERM_ENTER);
        see("- (absent)");
        see("Type LIVDC01 to apply:");
        see("F1 help");
        stage_type_by_hand(s, "LIVDC01");
        see("LIVDC01");
        stage_key(s, TERM_ENTER);
        ck_assert_int_eq(s->app.wizard.step, STEP_APPLY);
        stage_report(s, APPLY_VERIFIED);
        stage_show(s);
        see("VERIFIED on LONDC01");
        stage_close(s);
    }
}
END_TEST

/* One pane at a time. */
START_TEST(browse_has_one_column_on_a_phone)
{
    s = stage_open(15, 40, false);
    stage_go(s, STEP_SYMPTOM, NULL);
    stage_browse(s, 3, 60);
    stage_key(s, TERM_RIGHT);
    stage_key(s, TERM_DOWN);
    stage_object(s, "LIVDC0000");
    see("Tab values");
    see_not("serverReference");
    at_row("LIVDC0000");
    stage_key(s, TERM_TAB);
    see("serverReference absent");
    see_not("Site000 ");
    stage_key(s, TERM_ESC);
    at_row("LIVDC0000");
    stage_close(s);
}
END_TEST

static void press(enum term_key key, int ms)
{
    struct term_event event = {.kind = TERM_KEY, .key = key, .at = harness_now()};
    app_handle(&s->app, &event);
    stage_show(s);
    harness_advance(s->h, ms);
}

/* Over a slow line: 100 bytes a key on the average, and the pane beside is left alone until the key
 * rests. */
START_TEST(a_key_that_repeats_moves_the_list_alone)
{
    enum { KEYS = 300, MOST = 100 };
    s = stage_open(24, 80, false);
    stage_go(s, STEP_SYMPTOM, NULL);
    stage_browse(s, 1, 2001);
    struct browse_screen *b = s->app.stack[0].state;
    stage_key(s, TERM_RIGHT);
    stage_object(s, "LIVDC0000");
    stage_show(s);
    harness_advance(s->h, 1000);
    stage_show(s);
    (void)harness_sent(s->h);
    s->app.asked[PLACE_SIDE] = (struct asked){.kind = NULL}; /* nothing is being read */
    for (int i = 0; i < KEYS; i++)
        press(TERM_DOWN, 30);
    size_t bytes = harness_sent(s->h);
    ck_assert_msg(bytes <= (size_t)KEYS * MOST, "%zu bytes a key", bytes / KEYS);
    ck_assert(b->want);
    ck_assert_ptr_null(s->app.asked[PLACE_SIDE].wish);
    harness_advance(s->h, LIST_REST_MS);
    stage_show(s);
    ck_assert_ptr_nonnull(s->app.asked[PLACE_SIDE].wish); /* now it is read */
    stage_close(s);
}
END_TEST

/* A DN that fits a line stands on one, and what explains gives way. */
START_TEST(facts_are_wider_than_prose)
{
    s = stage_open(40, 120, false);
    stage_go(s, STEP_CONFIRM, stage_missing);
    see("CN=LIVDC01,CN=Servers,CN=Liverpool,CN=Sites,CN=Configuration,DC=contoso,DC=com");
    stage_key(s, TERM_ESC);
    see("CN=LIVDC01,CN=Servers,CN=Liverpool,CN=Sites,CN=Configuration,DC=contoso,DC=com");
    stage_close(s);
    s = stage_open(24, 80, false);
    stage_go(s, STEP_CONFIRM, stage_missing);
    stage_key(s, TERM_TAB);
    see("CN=LIVDC01,CN=Servers,CN=Liverpool,CN=Sites,CN=Configuration,DC=contoso,DC=com");
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
    tcase_add_test(tests, text_is_found_in_pages);
    tcase_add_test(tests, words_are_explained);
    tcase_add_test(tests, forty_columns_are_enough);
    tcase_add_test(tests, browse_has_one_column_on_a_phone);
    tcase_add_test(tests, a_key_that_repeats_moves_the_list_alone);
    tcase_add_test(tests, facts_are_wider_than_prose);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(habits_suite());
}
