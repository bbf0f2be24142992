/* Widgets: first what they do with events, without any terminal, then what they draw. */
#include "tests/screens/harness.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/keys.h"
#include "ui/widgets/edit.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/list.h"
#include "ui/widgets/pager.h"
#include "ui/widgets/textbox.h"
#include "ui/widgets/tree.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct harness *h;
static struct term *term;

static void setup(void)
{
    harness_plain_locale();
    h = harness_open("xterm-256color", 24, 80);
    term = harness_term(h);
}

static void teardown(void)
{
    harness_close(h);
}

static struct term_event key(enum term_key which)
{
    return (struct term_event){.kind = TERM_KEY, .key = which};
}

static struct term_event ctrl(char letter)
{
    return (struct term_event){.kind = TERM_KEY, .key = TERM_CTRL, .rune = (uint32_t)letter};
}

static struct term_event typed(uint32_t rune)
{
    return (struct term_event){.kind = TERM_KEY, .key = TERM_CHAR, .rune = rune};
}

static struct term_event pasted(const char *text, size_t len)
{
    return (struct term_event){.kind = TERM_PASTE, .bytes = mem_textn(text, len), .len = len};
}

static enum widget_result field_key(struct field *field, struct term_event event)
{
    enum widget_result result = field_handle(field, &event);
    term_event_release(&event);
    return result;
}

static void field_type(struct field *field, const char *text)
{
    for (size_t at = 0, len = strlen(text); at < len;) {
        uint32_t rune;
        at += text_rune(text + at, len - at, &rune);
        ck_assert_int_eq(field_key(field, typed(rune)), WIDGET_CHANGED);
    }
}

static enum widget_result box_key(struct textbox *box, struct term_event event)
{
    enum widget_result result = textbox_handle(box, &event);
    term_event_release(&event);
    return result;
}

static struct rect at(int row, int col, int rows, int cols)
{
    return (struct rect){row, col, rows, cols};
}

/* --- what of a paste enters --- */

START_TEST(filtering)
{
    static const struct {
        const char *in, *line, *lines;
    } cases[] = {
        {"  a\r\n b\t\tc\n\n", "a b c", "  a\n b        c\n\n"},
        {"\xE2\x80\x8E"
         "11/22/2026",
         "11/22/2026", "11/22/2026"}, /* Windows puts U+200E there */
        {"\xEF\xBB\xBFx\x1B[31my", "x[31my", "x[31my"},
        {"a\xFF\xE4z", "a??z", "a??z"},
        {"\r\n", "", "\n"},
        {"", "", ""},
        {"a  b", "a  b", "a  b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str line = STR_INIT, lines = STR_INIT;
        edit_filter(&line, cases[i].in, strlen(cases[i].in), false);
        edit_filter(&lines, cases[i].in, strlen(cases[i].in), true);
        ck_assert_str_eq(str_text(&line), cases[i].line);
        ck_assert_str_eq(str_text(&lines), cases[i].lines);
        str_release(&line);
        str_release(&lines);
    }
}
END_TEST

/* --- field --- */

START_TEST(field_editing)
{
    struct field field;
    field_init(&field, 0);
    field_type(&field, "Gr\xC3\xBC\xC3\x9F"
                       "e an LIVDC02");
    field_key(&field, ctrl('w'));
    ck_assert_str_eq(field_text(&field), "Gr\xC3\xBC\xC3\x9F"
                                         "e an ");
    field_key(&field, ctrl('a'));
    field_key(&field, key(TERM_RIGHT));
    field_key(&field, key(TERM_RIGHT));
    field_key(&field, key(TERM_DELETE));
    ck_assert_str_eq(field_text(&field), "Gr\xC3\x9F"
                                         "e an ");
    field_key(&field, key(TERM_RIGHT));
    field_key(&field, key(TERM_BACKSPACE));
    ck_assert_str_eq(field_text(&field), "Gre an ");
    field_key(&field, ctrl('k'));
    ck_assert_str_eq(field_text(&field), "Gr");
    field_type(&field, "x");
    field_key(&field, key(TERM_HOME));
    field_type(&field, "y");
    ck_assert_str_eq(field_text(&field), "yGrx");
    field_key(&field, key(TERM_END));
    field_key(&field, ctrl('u'));
    ck_assert_str_eq(field_text(&field), "");
    field_key(&field, key(TERM_BACKSPACE)); /* nothing there: nothing happens */
    field_key(&field, key(TERM_LEFT));
    field_key(&field, key(TERM_DELETE));
    ck_assert_int_eq(field_key(&field, key(TERM_ENTER)), WIDGET_ENTER);
    ck_assert_int_eq(field_key(&field, key(TERM_TAB)), WIDGET_NEXT);
    ck_assert_int_eq(field_key(&field, key(TERM_BACKTAB)), WIDGET_PREV);
    ck_assert_int_eq(field_key(&field, key(TERM_ESC)), WIDGET_IGNORED);
    ck_assert_int_eq(field_key(&field, key(TERM_UP)), WIDGET_IGNORED);
    field_release(&field);
}
END_TEST

START_TEST(accents_go_with_their_letter)
{
    struct field field;
    field_init(&field, 0);
    field_set(&field, "ae\xCC\x81z");
    field_key(&field, key(TERM_LEFT));
    field_key(&field, key(TERM_BACKSPACE));
    ck_assert_str_eq(field_text(&field), "az");
    field_release(&field);
}
END_TEST

START_TEST(field_pastes)
{
    struct field field;
    field_init(&field, 0);
    field_type(&field, "<>");
    field_key(&field, key(TERM_LEFT));
    ck_assert_int_eq(field_key(&field, pasted("\r\n9531985d\r\n", 12)), WIDGET_CHANGED);
    ck_assert_str_eq(field_text(&field), "<9531985d>");
    char *much = mem_zero(FIELD_MAX + 2, 1);
    memset(much, 'x', FIELD_MAX + 1);
    ck_assert_int_eq(field_key(&field, pasted(much, FIELD_MAX)), WIDGET_REFUSED);
    ck_assert_str_eq(field_text(&field), "<9531985d>");
    field_set(&field, much);
    ck_assert_uint_eq(strlen(field_text(&field)), FIELD_MAX);
    ck_assert_int_eq(field_key(&field, typed('y')), WIDGET_REFUSED);
    free(much);
    field_release(&field);
    field_init(&field, FIELD_NO_PASTE);
    ck_assert_int_eq(field_key(&field, pasted("LIVDC02", 7)), WIDGET_REFUSED);
    ck_assert_str_eq(field_text(&field), "");
    field_type(&field, "LIVDC02");
    ck_assert_str_eq(field_text(&field), "LIVDC02");
    field_release(&field);
}
END_TEST

START_TEST(field_scrolls)
{
    struct field field;
    int row, col;
    field_init(&field, 0);
    field_set(&field, "CN=LIVDC02,OU=Domain Controllers,DC=contoso,DC=com");
    field_draw(&field, term, at(2, 10, 1, 20), true);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 2), "          s,DC=contoso,DC=com");
    ck_assert(harness_cursor(h, &row, &col) && row == 2 && col == 29);
    ck_assert(harness_cell(h, 2, 29).underline);
    ck_assert(!harness_cell(h, 2, 30).underline);
    for (int i = 0; i < 60; i++) {
        field_key(&field, key(TERM_LEFT));
        term_clear_all(term);
        field_draw(&field, term, at(2, 10, 1, 20), true);
        term_show(term);
        ck_assert(harness_cursor(h, &row, &col) && row == 2 && col >= 10 && col < 30);
    }
    ck_assert_str_eq(harness_row(h, 2), "          CN=LIVDC02,OU=Domain");
    for (int cols = 0; cols < 5; cols++) { /* wide characters in hardly any room */
        field_set(&field, "\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2");
        field_draw(&field, term, at(2, 10, 1, cols), true);
    }
    field_release(&field);
}
END_TEST

START_TEST(a_secret_is_never_on_the_screen)
{
    struct field field;
    struct secret *secret = secret_new();
    size_t len;
    field_init_secret(&field, secret, 0);
    field_type(&field, "Gr\xC3\xBC\xF0\x9F\x98\x80");
    ck_assert_int_eq(field_key(&field, pasted("hunter2\r\nmore", 13)), WIDGET_CHANGED);
    ck_assert_str_eq(secret_bytes(secret), "Gr\xC3\xBC\xF0\x9F\x98\x80hunter2");
    ck_assert_str_eq(field_text(&field), "");
    field_draw(&field, term, at(0, 0, 1, 30), true);
    term_show(term);
    const char *raw = harness_raw(h, &len);
    ck_assert(!memmem(raw, len, "hunter", 6));
    ck_assert(!memmem(raw, len, "Gr", 2));
    ck_assert(harness_has(h, "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2"));
    int row, col;
    ck_assert(harness_cursor(h, &row, &col) && col == 11);
    field_key(&field, key(TERM_BACKSPACE));
    ck_assert_str_eq(secret_bytes(secret), "Gr\xC3\xBC\xF0\x9F\x98\x80hunter");
    ck_assert_int_eq(field_key(&field, pasted("a\0b", 3)), WIDGET_REFUSED);
    field_key(&field, ctrl('u'));
    ck_assert(secret_is_empty(secret));
    ck_assert_int_eq(field_key(&field, key(TERM_ENTER)), WIDGET_ENTER);
    field_release(&field);
    secret_free(secret);
}
END_TEST

/* --- textbox --- */

static void expect_box(const struct textbox *box, const char *text)
{
    char *got = textbox_text(box);
    ck_assert_str_eq(got, text);
    free(got);
    size_t bytes = 0;
    for (size_t i = 0; i < box->lines.count; i++)
        bytes += strlen(box->lines.items[i]) + (i > 0);
    ck_assert_uint_eq(bytes, box->bytes);
    ck_assert_uint_lt(box->line, box->lines.count);
    ck_assert_uint_le(box->at, strlen(box->lines.items[box->line]));
}

START_TEST(textbox_editing)
{
    struct textbox box;
    textbox_init(&box);
    ck_assert(textbox_is_empty(&box));
    box_key(&box, pasted("one\r\ntwo\r\nthree", 15));
    expect_box(&box, "one\ntwo\nthree");
    box_key(&box, key(TERM_HOME));
    box_key(&box, key(TERM_BACKSPACE)); /* joins */
    expect_box(&box, "one\ntwothree");
    box_key(&box, key(TERM_ENTER));
    expect_box(&box, "one\ntwo\nthree");
    box_key(&box, key(TERM_LEFT));
    box_key(&box, key(TERM_DELETE)); /* joins from above */
    expect_box(&box, "one\ntwothree");
    box_key(&box, pasted("A\nB\nC", 5)); /* in the middle */
    expect_box(&box, "one\ntwoA\nB\nCthree");
    ck_assert_uint_eq(box.line, 3);
    ck_assert_uint_eq(box.at, 1);
    box_key(&box, typed(0xE4));
    expect_box(&box, "one\ntwoA\nB\nC\xC3\xA4three");
    box_key(&box, ctrl('k'));
    box_key(&box, key(TERM_BACKSPACE));
    expect_box(&box, "one\ntwoA\nB\nC");
    box_key(&box, ctrl('u'));
    box_key(&box, key(TERM_BACKSPACE));
    expect_box(&box, "one\ntwoA\nB");
    box.enter_submits = true;
    ck_assert_int_eq(box_key(&box, key(TERM_ENTER)), WIDGET_ENTER);
    ck_assert_int_eq(box_key(&box, key(TERM_TAB)), WIDGET_NEXT);
    ck_assert_int_eq(box_key(&box, key(TERM_ESC)), WIDGET_IGNORED);
    for (int i = 0; i < 40; i++)
        box_key(&box, key(i % 2 ? TERM_LEFT : TERM_BACKSPACE));
    for (int i = 0; i < 40; i++)
        box_key(&box, key(i % 3 ? TERM_RIGHT : TERM_DELETE));
    textbox_clear(&box);
    expect_box(&box, "");
    textbox_release(&box);
}
END_TEST

START_TEST(textbox_wraps_and_scrolls)
{
    struct textbox box;
    struct str text = STR_INIT;
    int row, col;
    textbox_init(&box);
    for (int i = 0; i < 60; i++)
        str_addf(&text, "line %d of a text that has to be wrapped\n", i);
    textbox_set(&box, text.text, text.len);
    textbox_draw(&box, term, at(1, 2, 6, 21), true);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 1), "  at has to be wrapped\xE2\x86\x91");
    ck_assert_str_eq(harness_row(h, 2), "  line 58 of a text th");
    ck_assert_str_eq(harness_row(h, 3), "  at has to be wrapped");
    ck_assert(harness_cursor(h, &row, &col) && row == 6 && col == 2);
    for (int i = 0; i < 200; i++) { /* up to the first row, always in view */
        box_key(&box, key(TERM_UP));
        term_clear_all(term);
        textbox_draw(&box, term, at(1, 2, 6, 21), true);
        term_show(term);
        ck_assert(harness_cursor(h, &row, &col) && row >= 1 && row <= 6);
    }
    ck_assert_uint_eq(box.line, 0);
    ck_assert_str_eq(harness_row(h, 1), "  line 0 of a text tha");
    ck_assert(harness_has(h, "\xE2\x86\x93"));
    box_key(&box, key(TERM_PGDN));
    ck_assert_uint_eq(box.line, 2);
    for (int cols = 0; cols < 30; cols++) /* another width each time */
        textbox_draw(&box, term, at(1, 2, 3, cols), true);
    str_release(&text);
    textbox_release(&box);
}
END_TEST

START_TEST(textbox_takes_megabytes)
{
    struct textbox box;
    char *much = mem_zero(TERM_PASTE_MAX + 100, 1);
    textbox_init(&box);
    memset(much, 'x', TERM_PASTE_MAX + 99); /* one line of it */
    ck_assert_int_eq(box_key(&box, pasted(much, TERM_PASTE_MAX + 99)), WIDGET_REFUSED);
    ck_assert_uint_eq(box.bytes, TERM_PASTE_MAX);
    textbox_draw(&box, term, at(0, 0, 10, 80), true);
    box_key(&box, key(TERM_UP));
    textbox_draw(&box, term, at(0, 0, 10, 80), true);
    ck_assert_int_eq(box_key(&box, typed('y')), WIDGET_REFUSED);
    ck_assert_int_eq(box_key(&box, key(TERM_BACKSPACE)), WIDGET_CHANGED);
    ck_assert_int_eq(box_key(&box, typed('y')), WIDGET_CHANGED);
    memset(much, '\n', TERM_PASTE_MAX); /* nothing but lines */
    textbox_set(&box, much, TERM_PASTE_MAX);
    ck_assert_uint_eq(box.lines.count, TERM_PASTE_MAX + 1);
    textbox_draw(&box, term, at(0, 0, 10, 80), true);
    box_key(&box, key(TERM_PGUP));
    textbox_draw(&box, term, at(0, 0, 10, 80), true);
    free(much);
    textbox_release(&box);
}
END_TEST

/* --- anything, in any order --- */

static unsigned seed;

static unsigned dice(unsigned sides)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % sides;
}

static struct term_event random_event(void)
{
    static const uint32_t runes[] = {'a', ' ', 0xE4, 0x301, 0x6F22, 0x1F600};
    static const char *const pastes[] = {"", "x\ny", "\n\n\n", "\xE6\xBC\xA2 \xCC\x81\r\nz\xFF",
                                         "a b c d"};
    switch (dice(4)) {
    case 0:
        return typed(runes[dice(6)]);
    case 1:
        return ctrl("aekuwd"[dice(6)]);
    case 2: {
        const char *text = pastes[dice(5)];
        return dice(4) ? typed('b') : pasted(text, strlen(text));
    }
    default:
        return key((enum term_key)(TERM_UP + dice(TERM_DELETE - TERM_UP + 1)));
    }
}

START_TEST(random_typing)
{
    struct field field;
    struct textbox box;
    seed = 8589;
    field_init(&field, 0);
    textbox_init(&box);
    for (int i = 0; i < 30000; i++) {
        struct term_event event = random_event();
        field_handle(&field, &event);
        textbox_handle(&box, &event);
        term_event_release(&event);
        ck_assert_uint_le(field.at, field.text.len);
        ck_assert(text_is_utf8(field_text(&field), field.text.len));
        if (i % 50 == 0) {
            int rows = (int)dice(10), cols = (int)dice(40);
            field_draw(&field, term, at(0, 0, 1, cols), true);
            textbox_draw(&box, term, at(2, 0, rows, cols), true);
            char *text = textbox_text(&box);
            ck_assert(text_is_utf8(text, strlen(text)));
            expect_box(&box, text);
            free(text);
        }
        if (i % 3000 == 0)
            textbox_clear(&box);
    }
    field_release(&field);
    textbox_release(&box);
}
END_TEST

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

/* Two sites; the first has servers 10.. that have to be fetched, the second cannot be read. */
struct forest {
    enum tree_children servers;
    uint64_t ids[3];
};

static enum tree_children forest_children(void *data, uint64_t id, const uint64_t **ids,
                                          size_t *count)
{
    static const uint64_t sites[] = {1, 2};
    struct forest *forest = data;
    if (id == 0) {
        *ids = sites;
        *count = 2;
        return TREE_READY;
    }
    *ids = forest->ids;
    *count = 3;
    return id == 1 ? forest->servers : TREE_FAILED;
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

START_TEST(a_tree_that_is_read_bit_by_bit)
{
    struct forest forest = {TREE_UNASKED, {10, 11, 12}};
    struct tree_source source = {forest_children, forest_row, &forest};
    struct tree *tree = tree_new(&source, 8);
    ck_assert_uint_eq(tree_count(tree), 2);
    ck_assert_uint_eq(tree_selected(tree), 1);
    ck_assert_int_eq(tree_key(tree, TERM_RIGHT), WIDGET_WANTS);
    ck_assert_uint_eq(tree_wanted(tree), 1);
    forest.servers = TREE_LOADING;
    tree_refresh(tree);
    ck_assert_uint_eq(tree_count(tree), 3);
    tree_draw(tree, term, at(0, 0, 10, 30), true);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 1), "      reading ...");
    ck_assert_int_eq(tree_key(tree, TERM_DOWN), WIDGET_CHANGED);
    ck_assert_uint_eq(tree_selected(tree), 0); /* on the row that says so */
    tree_key(tree, TERM_RIGHT);
    tree_key(tree, TERM_UP);
    forest.servers = TREE_READY;
    tree_refresh(tree);
    ck_assert_uint_eq(tree_count(tree), 5);
    ck_assert_uint_eq(tree_selected(tree), 1);
    ck_assert_int_eq(tree_key(tree, TERM_RIGHT), WIDGET_CHANGED);
    ck_assert_uint_eq(tree_selected(tree), 10);
    tree_key(tree, TERM_DOWN);
    ck_assert_int_eq(tree_key(tree, TERM_RIGHT), WIDGET_HANDLED); /* a leaf */
    term_clear_all(term);
    tree_draw(tree, term, at(0, 0, 10, 30), true);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "  \xE2\x96\xBE Site1");
    ck_assert_str_eq(harness_row(h, 2), "\xE2\x96\xB8     LIVDC11         missing");
    ck_assert_str_eq(harness_row(h, 4), "  \xE2\x96\xB8 Site2");
    ck_assert_int_eq(tree_key(tree, TERM_LEFT), WIDGET_CHANGED); /* to the parent */
    ck_assert_uint_eq(tree_selected(tree), 1);
    tree_key(tree, TERM_LEFT); /* closes */
    ck_assert_uint_eq(tree_count(tree), 2);
    tree_key(tree, TERM_END);
    ck_assert_int_eq(tree_key(tree, TERM_RIGHT),
                     WIDGET_WANTS); /* a failed one may be tried again */
    tree_draw(tree, term, at(0, 0, 10, 40), true);
    term_show(term);
    ck_assert(harness_has(h, "could not be read"));
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
    ck_assert_str_eq(harness_row(h, 9), "-- 21 more lines --");
    ck_assert_int_eq(pager_handle(&pager, &down), WIDGET_HANDLED);
    ck_assert_int_eq(pager_handle(&pager, &space), WIDGET_HANDLED);
    term_clear_all(term);
    pager_draw(&pager, term, at(0, 0, 10, 40));
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "line 9");
    ck_assert_str_eq(harness_row(h, 9), "-- 12 more lines, 9 above --");
    pager_handle(&pager, &end);
    term_clear_all(term);
    pager_draw(&pager, term, at(0, 0, 10, 40));
    term_show(term);
    ck_assert_str_eq(harness_row(h, 8), "line 29");
    ck_assert_str_eq(harness_row(h, 9), "-- 21 lines above --");
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

/* --- keys --- */

static const struct keys_offer offers[] = {{ACTION_ENTER, "propose the repair"},
                                           {ACTION_COPIES, NULL},
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
        {78, "Enter propose the repair   c copies   b browse   ? why   Esc back   q quit"},
        {74, "Enter propose the repair   c copies   b browse   ? why   Esc back   q quit"},
        {73, "Enter propose the repair   c copies   b browse   ? why   q quit"},
        {62, "Enter propose the repair   c copies   ? why   q quit"},
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
    ck_assert_str_eq(typing, "Enter propose the repair   Esc back");
    free(typing);
    keys_footer_draw(term, at(23, 1, 1, 78), offers, OFFERS, false);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 23),
                     " Enter propose the repair   c copies   b browse   ? why   Esc back   q quit");
    ck_assert(harness_style(h, "Enter").bold);
    ck_assert(!harness_style(h, "propose").bold);
}
END_TEST

START_TEST(what_a_key_means)
{
    struct term_event c = typed('c'), q = typed('q'), l = typed('l'), esc = key(TERM_ESC);
    struct term_event f1 = {.kind = TERM_KEY, .key = TERM_F, .rune = 1};
    struct term_event resize = {.kind = TERM_RESIZE};
    ck_assert_int_eq(keys_action(offers, OFFERS, &c, false), ACTION_COPIES);
    ck_assert_int_eq(keys_action(offers, OFFERS, &q, false), ACTION_QUIT);
    ck_assert_int_eq(keys_action(offers, OFFERS, &q, true), ACTION_NONE); /* never while typing */
    ck_assert_int_eq(keys_action(offers, OFFERS, &esc, true), ACTION_BACK);
    ck_assert_int_eq(keys_action(offers, OFFERS, &l, false), ACTION_NONE); /* not offered */
    ck_assert_int_eq(keys_action(offers, OFFERS, &f1, true), ACTION_HELP);
    ck_assert_int_eq(keys_action(offers, OFFERS, &resize, false), ACTION_NONE);
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
    ck_assert(layout_split(layout.content, &left, &right));
    ck_assert_int_eq(left.cols + 3 + right.cols, layout.content.cols);
    ck_assert_int_eq(right.col + right.cols, layout.content.col + layout.content.cols);
    layout = layout_of(at(0, 0, 24, 80), true);
    ck_assert(!layout_split(layout.content, &left, &right));
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

static TCase *add_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return tests;
}

static Suite *widgets_suite(void)
{
    Suite *suite = suite_create("widgets");
    TCase *typing = add_case(suite, "typing");
    tcase_add_test(typing, filtering);
    tcase_add_test(typing, field_editing);
    tcase_add_test(typing, accents_go_with_their_letter);
    tcase_add_test(typing, field_pastes);
    tcase_add_test(typing, field_scrolls);
    tcase_add_test(typing, a_secret_is_never_on_the_screen);
    tcase_add_test(typing, textbox_editing);
    tcase_add_test(typing, textbox_wraps_and_scrolls);
    tcase_add_test(typing, textbox_takes_megabytes);
    tcase_add_test(typing, random_typing);
    TCase *choosing = add_case(suite, "choosing");
    tcase_add_test(choosing, a_list_of_a_hundred_thousand);
    tcase_add_test(choosing, the_selection_follows_its_id);
    tcase_add_test(choosing, a_list_in_any_rectangle);
    tcase_add_test(choosing, a_tree_that_is_read_bit_by_bit);
    TCase *showing = add_case(suite, "showing");
    tcase_add_test(showing, a_pager_wraps_with_styles);
    tcase_add_test(showing, a_pager_tells_of_more);
    tcase_add_test(showing, the_footer_is_cut_from_the_end);
    tcase_add_test(showing, what_a_key_means);
    tcase_add_test(showing, the_help_page_and_the_table);
    tcase_add_test(showing, the_frame_at_80_columns);
    tcase_add_test(showing, the_frame_at_60_columns);
    tcase_add_test(showing, the_frame_with_a_rail);
    tcase_add_test(showing, frames_of_any_size);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(widgets_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
