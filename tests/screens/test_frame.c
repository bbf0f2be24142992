/* What is around each screen: head, steps, footer, and what the keys in it mean. */
#include "tests/screens/widget.h"
#include "tests/suite.h"

#include "src/base/text.h"
#include "ui/keys.h"
#include "ui/widgets/layout.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* --- keys --- */

static const struct keys_offer offers[] = {{ACTION_ENTER, "propose the repair"},
                                           {ACTION_COPY, "copies"},
                                           {ACTION_BROWSE, NULL},
                                           {ACTION_HELP, "why"},
                                           {ACTION_BACK, NULL},
                                           {ACTION_QUIT, NULL}};
enum { OFFERS = sizeof offers / sizeof *offers };

START_TEST(the_footer_is_cut_from_the_end)
{
    static const struct {
        int columns;
        const char *text;
    } cases[] = {
        {78, "Enter propose the repair   y copies   t browse   ? why   Esc back   q quit"},
        {74, "Enter propose the repair   y copies   t browse   ? why   Esc back   q quit"},
        {73, "Enter propose the repair   y copies   t browse   ? why   q quit"},
        {62, "Enter propose the repair   y copies   ? why   q quit"},
        {41, "Enter propose the repair   ? why   q quit"},
        {20, "? why   q quit"},
        {0, "? why   q quit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = keys_footer(offers, OFFERS, cases[i].columns, false);
        if (text_width(text) > cases[i].columns && cases[i].columns > 20)
            ck_assert_str_eq(text, "? why   q quit");
        else
            ck_assert_str_eq(text, cases[i].text);
        free(text);
    }
    char *typing = keys_footer(offers, OFFERS, 80, true); /* letters are text then */
    ck_assert_str_eq(typing, "Enter propose the repair   F1 why   Esc back");
    free(typing);
    keys_footer_draw(term, at(23, 1, 1, 78), offers, OFFERS, false);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 23),
                     " Enter propose the repair   y copies   t browse   ? why   Esc back   q quit");
    ck_assert(harness_style(h, "Enter").bold);
    ck_assert(!harness_style(h, "propose").bold);
}
END_TEST

START_TEST(what_a_key_means)
{
    struct term_event y = typed('y'), q = typed('q'), l = typed('l'), esc = key(TERM_ESC);
    struct term_event f1 = {.kind = TERM_KEY, .key = TERM_F, .rune = 1};
    struct term_event resize = {.kind = TERM_RESIZE};
    ck_assert_int_eq(keys_action(offers, OFFERS, &y, false), ACTION_COPY);
    ck_assert_int_eq(keys_action(offers, OFFERS, &q, false), ACTION_QUIT);
    ck_assert_int_eq(keys_action(offers, OFFERS, &q, true), ACTION_NONE); /* never while typing */
    ck_assert_int_eq(keys_action(offers, OFFERS, &esc, true), ACTION_BACK);
    ck_assert_int_eq(keys_action(offers, OFFERS, &l, false), ACTION_NONE); /* not offered */
    ck_assert_int_eq(keys_action(offers, OFFERS, &f1, true), ACTION_HELP);
    ck_assert_int_eq(keys_action(offers, OFFERS, &resize, false), ACTION_NONE);
    struct keys_offer typed = {ACTION_SAVE_TYPED, NULL};
    struct term_event ctrl_s = {.kind = TERM_KEY, .key = TERM_CTRL, .rune = 's'};
    struct term_event ctrl_u = {.kind = TERM_KEY, .key = TERM_CTRL, .rune = 'u'};
    ck_assert_int_eq(keys_action(&typed, 1, &ctrl_s, true), ACTION_SAVE_TYPED);
    ck_assert_int_eq(keys_action(&typed, 1, &ctrl_u, true), ACTION_NONE); /* the field's */
}
END_TEST

START_TEST(the_help_page_and_the_table)
{
    struct strs lines = {0};
    keys_help(&lines, offers, OFFERS);
    ck_assert_uint_eq(lines.count, OFFERS);
    ck_assert(strstr(lines.items[0], "Enter") && strstr(lines.items[0], "propose the repair"));
    strs_release(&lines);
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) { /* no two actions on one key */
        ck_assert_str_ne(keys_name((enum action)a), "");
        for (int b = a + 1; b < ACTION_COUNT; b++)
            if (a != ACTION_FILTER || b != ACTION_FIND) /* in a list, in a page */
                ck_assert_str_ne(keys_name((enum action)a), keys_name((enum action)b));
    }
}
END_TEST

/* --- layout --- */

static const char *const steps[] = {"Connect", "Symptom", "Locate", "Inspect",
                                    "Propose", "Confirm", "Apply",  "Report"};

static void draw_frame(int rows, int cols)
{
    struct layout_head head = {"dcmend", "dcsrv01.contoso.com", "kayla@CONTOSO.COM",
                               "Kerberos, sealed", "READ ONLY"};
    harness_resize(h, rows, cols);
    term_clear_all(term);
    struct layout layout = layout_of(term_size(term), true);
    layout_frame(term, &layout, &head, steps, 8, 3);
    keys_footer_draw(term, layout.footer, offers, OFFERS, false);
    term_put_pad(term, layout.content.row, layout.content.col, STYLE_TEXT, "content",
                 layout.content.cols);
    term_show(term);
}

START_TEST(the_frame_at_80_columns)
{
    draw_frame(24, 80);
    ck_assert_str_eq(harness_row(h, 0),
                     " dcmend   dcsrv01.contoso.com   kayla@CONTOSO.C\xE2\x80\xA6   "
                     "Kerberos, sealed   READ ONLY");
    ck_assert_str_eq(harness_row(h, 1),
                     " Connect  Symptom  Locate  [Inspect]  Propose  Confirm  Apply  Report");
    ck_assert_int_eq(strncmp(harness_row(h, 2), "\xE2\x94\x80\xE2\x94\x80", 6), 0);
    ck_assert_str_eq(harness_row(h, 3), " content");
    ck_assert_int_eq(strncmp(harness_row(h, 22), "\xE2\x94\x80\xE2\x94\x80", 6), 0);
    ck_assert(harness_has(h, "q quit"));
    ck_assert(harness_style(h, "[Inspect]").bold);
    ck_assert(harness_style(h, "READ ONLY").reverse);
}
END_TEST

START_TEST(the_frame_at_60_columns)
{
    draw_frame(15, 60);
    ck_assert(harness_has(h, "dcsrv01.contoso.com"));
    ck_assert(harness_has(h, "READ ONLY"));
    ck_assert(!harness_has(h, "kayla@CONTOSO.COM"));
    ck_assert(harness_has(h, "Step 4 of 8: Inspect"));
}
END_TEST

START_TEST(the_frame_with_a_rail)
{
    draw_frame(40, 120);
    ck_assert(harness_has(h, "kayla@CONTOSO.COM"));
    ck_assert_int_eq(strncmp(harness_row(h, 2), " \xE2\x9C\x93 Connect", 12), 0);
    ck_assert(strstr(harness_row(h, 2), "\xE2\x94\x82 content") != NULL);
    ck_assert_int_eq(strncmp(harness_row(h, 5), " \xE2\x96\xB8 Inspect", 12), 0);
    struct layout layout = layout_of(term_size(term), true);
    struct rect left, right;
    ck_assert(layout_split(layout.content, 0, &left, &right));
    ck_assert_int_eq(left.cols + 3 + right.cols, layout.content.cols);
    ck_assert_int_eq(right.col + right.cols, layout.content.col + layout.content.cols);
    layout = layout_of(at(0, 0, 24, 80), true);
    ck_assert(!layout_split(layout.content, 0, &left, &right));
    ck_assert_int_eq(left.cols, 78);
}
END_TEST

START_TEST(frames_of_any_size)
{
    for (int rows = 1; rows < 30; rows += 4)
        for (int cols = 1; cols < 130; cols += 13)
            draw_frame(rows, cols);
}
END_TEST

static Suite *frame_suite(void)
{
    Suite *suite = suite_create("frame");
    TCase *tests = tcase_create("frame");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_footer_is_cut_from_the_end);
    tcase_add_test(tests, what_a_key_means);
    tcase_add_test(tests, the_help_page_and_the_table);
    tcase_add_test(tests, the_frame_at_80_columns);
    tcase_add_test(tests, the_frame_at_60_columns);
    tcase_add_test(tests, the_frame_with_a_rail);
    tcase_add_test(tests, frames_of_any_size);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(frame_suite());
}
