/* Where something is chosen or read: list, tree, pager. */
#include "tests/screens/widget.h"
#include "tests/suite.h"

#include "ui/widgets/list.h"
#include "ui/widgets/pager.h"
#include "ui/widgets/tree.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* --- list --- */

static size_t asked; /* rows that were asked for */
static uint64_t offset;

static void number_row(void *data, size_t index, struct list_row *row)
{
    static char text[32], dn[64];
    (void)data;
    asked++;
    snprintf(text, sizeof text, "server %zu", index + (size_t)offset);
    snprintf(dn, sizeof dn, "CN=SRV%zu,OU=Domain Controllers,DC=contoso,DC=com", index);
    row->cells[0] = (struct list_cell){text, STYLE_TEXT};
    row->cells[1] = (struct list_cell){"missing", STYLE_FAULT};
    row->cells[2] = (struct list_cell){dn, STYLE_QUIET};
}

static uint64_t number_id(void *data, size_t index)
{
    (void)data;
    return index + offset;
}

static struct list number_list(size_t count)
{
    struct list list = {.count = count,
                        .row = number_row,
                        .id = number_id,
                        .columns = {{.width = 14}, {.width = 8, .right = true}, {.middle = true}},
                        .column_count = 3,
                        .empty = "no servers"};
    offset = asked = 0;
    list_refresh(&list);
    return list;
}

static enum widget_result list_key(struct list *list, enum term_key which)
{
    struct term_event event = key(which);
    return list_handle(list, &event);
}

START_TEST(a_list_of_a_hundred_thousand)
{
    struct list list = number_list(100000);
    list_draw(&list, term, at(0, 0, 10, 60), true);
    term_show(term);
    ck_assert_uint_eq(asked, 10);
    ck_assert_str_eq(harness_row(h, 0), "\xE2\x96\xB8 server 0        missing CN=SRV0,OU=Domain"
                                        "\xE2\x80\xA6"
                                        "C=contoso,DC=com");
    ck_assert(harness_cell(h, 0, 59).reverse);
    ck_assert(harness_style(h, "server 0").reverse);
    ck_assert(!harness_style(h, "server 1").reverse);
    ck_assert_int_eq(list_key(&list, TERM_END), WIDGET_CHANGED);
    ck_assert_int_eq(list_key(&list, TERM_DOWN), WIDGET_HANDLED);
    list_draw(&list, term, at(0, 0, 10, 60), true);
    term_show(term);
    ck_assert_uint_eq(asked, 20);
    ck_assert(harness_has(h, "server 99999"));
    char *position = list_position(&list);
    ck_assert_str_eq(position, "99991-100000 of 100000");
    free(position);
    list_key(&list, TERM_PGUP);
    ck_assert_uint_eq(list.selected, 99990);
    list_key(&list, TERM_HOME);
    list_key(&list, TERM_PGDN);
    list_key(&list, TERM_UP);
    ck_assert_uint_eq(list.selected, 8);
    ck_assert_int_eq(list_key(&list, TERM_ENTER), WIDGET_ENTER);
    ck_assert_int_eq(list_key(&list, TERM_LEFT), WIDGET_IGNORED);
}
END_TEST

START_TEST(the_selection_follows_its_id)
{
    struct list list = number_list(100);
    size_t index;
    ck_assert(list_select_id(&list, 50));
    offset = 20; /* twenty rows in front are filtered out */
    list.count = 80;
    list_refresh(&list);
    ck_assert(list_selected(&list, &index) && index == 30 && list.selected_id == 50);
    offset = 60; /* gone */
    list.count = 10;
    list_refresh(&list);
    ck_assert(list_selected(&list, &index) && index == 9);
    list.count = 0;
    list_refresh(&list);
    ck_assert(!list_selected(&list, &index));
    ck_assert_int_eq(list_key(&list, TERM_DOWN), WIDGET_IGNORED);
    list_draw(&list, term, at(0, 0, 5, 40), true);
    term_show(term);
    ck_assert(harness_has(h, "no servers"));
    ck_assert(!list_select_id(&list, 1));
}
END_TEST

START_TEST(a_list_in_any_rectangle)
{
    struct list list = number_list(30);
    for (int rows = 0; rows < 26; rows += 5)
        for (int cols = 0; cols < 90; cols += 7) {
            list_draw(&list, term, at(0, 0, rows, cols), true);
            list_key(&list, rows % 2 ? TERM_PGDN : TERM_PGUP);
        }
    term_clear_all(term);
    list_draw(&list, term, at(0, 0, 3, 60), false); /* without the keys: marked, not reversed */
    term_show(term);
    ck_assert(!harness_cell(h, 0, 0).reverse && !harness_cell(h, 1, 0).reverse);
}
END_TEST

/* --- tree --- */

/* Two sites; the first has servers 10, 11 and 12. */
static size_t forest_children(void *data, uint64_t id, const uint64_t **ids)
{
    static const uint64_t sites[] = {1, 2}, servers[] = {10, 11, 12};
    (void)data;
    *ids = id == 0 ? sites : servers;
    return id == 0 ? 2 : id == 1 ? 3 : 0;
}

static void forest_row(void *data, uint64_t id, struct tree_row *row)
{
    static char text[32];
    (void)data;
    snprintf(text, sizeof text, id < 10 ? "Site%u" : "LIVDC%u", (unsigned)id);
    row->text = text;
    row->leaf = id >= 10;
    if (id == 11) {
        row->badge = "missing";
        row->badge_style = STYLE_FAULT;
    }
}

static enum widget_result tree_key(struct tree *tree, enum term_key which)
{
    struct term_event event = key(which);
    return tree_handle(tree, &event);
}

START_TEST(a_tree_opens_and_closes)
{
    struct tree_source source = {forest_children, forest_row, NULL};
    struct tree *tree = tree_new(&source, 8);
    ck_assert_uint_eq(tree_selected(tree), 1);
    ck_assert_int_eq(tree_key(tree, TERM_RIGHT), WIDGET_HANDLED);
    ck_assert_uint_eq(tree_selected(tree), 1);
    ck_assert_int_eq(tree_key(tree, TERM_RIGHT), WIDGET_CHANGED);
    ck_assert_uint_eq(tree_selected(tree), 10);
    tree_key(tree, TERM_DOWN);
    ck_assert_int_eq(tree_key(tree, TERM_RIGHT), WIDGET_HANDLED); /* a leaf */
    term_clear_all(term);
    tree_draw(tree, term, at(0, 0, 10, 30), true);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "  - Site1");
    ck_assert_str_eq(harness_row(h, 2), "\xE2\x96\xB8     LIVDC11         missing");
    ck_assert_str_eq(harness_row(h, 4), "  + Site2");
    ck_assert_int_eq(tree_key(tree, TERM_LEFT), WIDGET_CHANGED); /* to the parent */
    ck_assert_uint_eq(tree_selected(tree), 1);
    tree_key(tree, TERM_LEFT); /* closes */
    term_clear_all(term);
    tree_draw(tree, term, at(0, 0, 10, 30), true);
    term_show(term);
    ck_assert(!harness_has(h, "LIVDC"));
    tree_open(tree, 1);
    ck_assert(tree_select(tree, 12));
    ck_assert(!tree_select(tree, 99));
    ck_assert_int_eq(tree_key(tree, TERM_ENTER), WIDGET_ENTER);
    tree_free(tree);
}
END_TEST

/* --- pager --- */

START_TEST(a_pager_wraps_with_styles)
{
    struct pager pager = PAGER_INIT;
    pager_line(&pager, STYLE_HEAD, "LIVDC02 has no serverReference on DCSRV01.");
    pager_blank(&pager);
    pager_pair(&pager, 10, STYLE_QUIET, "object", STYLE_TEXT,
               "CN=LIVDC02,CN=Servers,CN=Liverpool,CN=Sites,DC=contoso");
    pager_pair(&pager, 10, STYLE_QUIET, "now", STYLE_OLD, "- ");
    pager_span(&pager, STYLE_FAULT, "(absent)");
    pager_line(&pager, STYLE_TEXT, "   its replication SPN carries the GUID of this DSA\n  two");
    pager_draw(&pager, term, at(0, 0, 20, 36));
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "LIVDC02 has no serverReference on");
    ck_assert_str_eq(harness_row(h, 1), "DCSRV01.");
    ck_assert(harness_cell(h, 1, 0).bold);
    ck_assert_str_eq(harness_row(h, 2), "");
    ck_assert_str_eq(harness_row(h, 3), "object    CN=LIVDC02,CN=Servers,");
    ck_assert_str_eq(harness_row(h, 4), "          CN=Liverpool,CN=Sites,");
    ck_assert_str_eq(harness_row(h, 5), "          DC=contoso");
    ck_assert_str_eq(harness_row(h, 6), "now       - (absent)");
    ck_assert(!harness_cell(h, 6, 10).bold);
    ck_assert(harness_cell(h, 6, 12).bold);
    ck_assert_str_eq(harness_row(h, 7), "   its replication SPN carries the");
    ck_assert_str_eq(harness_row(h, 8), "   GUID of this DSA");
    ck_assert_str_eq(harness_row(h, 9), "  two");
    struct term_event down = key(TERM_DOWN);
    ck_assert_int_eq(pager_handle(&pager, &down), WIDGET_IGNORED); /* all is visible */
    ck_assert_int_eq(pager_height(&pager, 36), 10);
    pager_release(&pager);
}
END_TEST

START_TEST(a_pager_tells_of_more)
{
    struct pager pager = PAGER_INIT;
    for (int i = 0; i < 30; i++)
        pager_linef(&pager, STYLE_TEXT, "line %d", i);
    struct term_event end = key(TERM_END), down = key(TERM_DOWN), space = typed(' ');
    pager_draw(&pager, term, at(0, 0, 10, 40));
    term_show(term);
    ck_assert_str_eq(harness_row(h, 8), "line 8");
    ck_assert_str_eq(harness_row(h, 9), "-- PgDn: 21 more lines --");
    ck_assert_int_eq(pager_handle(&pager, &down), WIDGET_HANDLED);
    ck_assert_int_eq(pager_handle(&pager, &space), WIDGET_HANDLED);
    term_clear_all(term);
    pager_draw(&pager, term, at(0, 0, 10, 40));
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "line 9");
    ck_assert_str_eq(harness_row(h, 9), "-- PgDn: 12 more lines, PgUp: 9 above --");
    pager_handle(&pager, &end);
    term_clear_all(term);
    pager_draw(&pager, term, at(0, 0, 10, 40));
    term_show(term);
    ck_assert_str_eq(harness_row(h, 8), "line 29");
    ck_assert_str_eq(harness_row(h, 9), "-- PgUp: 21 above --");
    term_clear_all(term);
    pager_draw(&pager, term, at(0, 0, 24, 40)); /* grown: no empty rows below the end */
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "line 7");
    for (int rows = 0; rows < 5; rows++)
        for (int cols = 0; cols < 12; cols++)
            pager_draw(&pager, term, at(0, 0, rows, cols));
    pager_release(&pager);
}
END_TEST

static Suite *widgets_suite(void)
{
    Suite *suite = suite_create("widgets");
    TCase *tests = tcase_create("widgets");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_list_of_a_hundred_thousand);
    tcase_add_test(tests, the_selection_follows_its_id);
    tcase_add_test(tests, a_list_in_any_rectangle);
    tcase_add_test(tests, a_tree_opens_and_closes);
    tcase_add_test(tests, a_pager_wraps_with_styles);
    tcase_add_test(tests, a_pager_tells_of_more);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(widgets_suite());
}
