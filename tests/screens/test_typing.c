/* Where something is typed: the one-line field, the secret one, the box for whole texts. */
#include "tests/screens/widget.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/widgets/edit.h"
#include "ui/widgets/field.h"
#include "ui/widgets/textbox.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct term_event ctrl(char letter)
{
    return (struct term_event){.kind = TERM_KEY, .key = TERM_CTRL, .rune = (uint32_t)letter};
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

static Suite *typing_suite(void)
{
    Suite *suite = suite_create("typing");
    TCase *tests = tcase_create("typing");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, filtering);
    tcase_add_test(tests, field_editing);
    tcase_add_test(tests, accents_go_with_their_letter);
    tcase_add_test(tests, field_pastes);
    tcase_add_test(tests, field_scrolls);
    tcase_add_test(tests, a_secret_is_never_on_the_screen);
    tcase_add_test(tests, textbox_editing);
    tcase_add_test(tests, textbox_wraps_and_scrolls);
    tcase_add_test(tests, textbox_takes_megabytes);
    tcase_add_test(tests, random_typing);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(typing_suite());
}
