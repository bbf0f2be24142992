/* The terminal layer against a real curses and a real terminal emulator: drawing, colours,
 * sizes, locales. */
#include "tests/screens/harness.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct harness *h;

static void setup(void)
{
    harness_plain_locale();
    unsetenv("NO_COLOR");
    unsetenv("COLORFGBG");
    h = harness_open("xterm-256color", 24, 80);
}

static void teardown(void)
{
    harness_close(h);
    h = NULL;
}

static void reopen(const char *type, int rows, int cols)
{
    harness_close(h);
    h = harness_open(type, rows, cols);
}

static void expect(const char *what)
{
    char *got = harness_events(h);
    ck_assert_str_eq(got, what);
    free(got);
}

/* --- drawing --- */

START_TEST(text_and_glyphs)
{
    struct term *term = harness_term(h);
    ck_assert_int_eq(term_put(term, 0, 0, STYLE_TEXT,
                              "Gr\xC3\xBC\xC3\x9F"
                              "e \xE6\xBC\xA2!",
                              80),
                     9);
    ck_assert_int_eq(term_put(term, 1, 0, STYLE_TEXT, "abc\xE6\xBC\xA2", 4),
                     3); /* half of it: no */
    ck_assert_int_eq(term_put(term, 2, 78, STYLE_TEXT, "abc", 80), 2);
    ck_assert_int_eq(term_put_cut(term, 3, 0, STYLE_TEXT, "CN=LIVDC02,OU=X", 10), 10);
    ck_assert_int_eq(
        term_put_middle(term, 4, 0, STYLE_TEXT, "9531985d-5d9d-49f8-9818-e811892f902b", 13), 13);
    ck_assert_int_eq(term_put(term, -1, 0, STYLE_TEXT, "x", 1), 0);
    ck_assert_int_eq(term_put(term, 24, 0, STYLE_TEXT, "x", 1), 0);
    ck_assert_int_eq(term_put(term, 0, 80, STYLE_TEXT, "x", 1), 0);
    term_put(term, 5, 0, STYLE_TEXT, term_glyph(term, GLYPH_TICK), 1);
    term_rule(term, 6, 0, 3);
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "Gr\xC3\xBC\xC3\x9F"
                                        "e \xE6\xBC\xA2!");
    ck_assert_str_eq(harness_row(h, 1), "abc");
    ck_assert(harness_has(h, "CN=LIVDC0\xE2\x80\xA6"));
    ck_assert(harness_has(h, "953198\xE2\x80\xA6"
                             "2f902b"));
    ck_assert_str_eq(harness_row(h, 5), "\xE2\x9C\x93");
    ck_assert_str_eq(harness_row(h, 6), "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80");
}
END_TEST

START_TEST(harmful_text_stays_harmless)
{
    struct term *term = harness_term(h);
    term_put(term, 0, 0, STYLE_TEXT,
             "a\033[2Jb\r\nc\xC2\x9B"
             "d\xE2\x80\xAE"
             "e\xFF",
             80);
    term_put(term, 1, 0, STYLE_TEXT, "x", 1);
    term_put(term, 1, 1, STYLE_TEXT, "\xCC\x81y", 5); /* an accent does not jump to the left */
    term_show(term);
    ck_assert_str_eq(harness_row(h, 0), "a\\1B[2Jb\\0D\\0Ac\\C2\\9Bd\\E2\\80\\AEe\\FF");
    ck_assert_str_eq(harness_row(h, 1), "xy");
    struct str many = STR_INIT; /* a letter under a pile of accents */
    str_add(&many, "o");
    for (int i = 0; i < 500; i++)
        str_add(&many, "\xCC\x81");
    ck_assert_int_eq(term_put(term, 2, 0, STYLE_TEXT, many.text, 10), 1);
    term_show(term);
    str_release(&many);
}
END_TEST

START_TEST(pieces_of_screen)
{
    struct term *term = harness_term(h);
    for (int i = 0; i < 24; i++)
        term_put(term, i, 0, STYLE_TEXT, "0123456789", 10);
    term_put_pad(term, 4, 0, STYLE_SELECTED, "ab", 6);
    term_cursor(term, 5, 7);
    term_show(term);
    int row, col;
    ck_assert_str_eq(harness_row(h, 4), "ab    6789");
    ck_assert(harness_cell(h, 4, 5).reverse);
    ck_assert(!harness_cell(h, 4, 6).reverse);
    ck_assert(harness_cursor(h, &row, &col) && row == 5 && col == 7);
    term_clear_all(term);
    term_show(term);
    ck_assert(!harness_cursor(h, &row, &col));
    ck_assert_str_eq(harness_row(h, 1), "");
}
END_TEST

START_TEST(only_the_difference_is_sent)
{
    struct term *term = harness_term(h);
    for (int frame = 0; frame < 2; frame++) {
        term_clear_all(term);
        for (int i = 0; i < 24; i++)
            term_put_pad(term, i, 0, STYLE_TEXT, "The same text on each line, about", 60);
        term_put(term, 3, 9, STYLE_TEXT, frame ? "word" : "text", 4);
        term_show(term);
        size_t sent = harness_sent(h);
        ck_assert_msg(frame ? sent < 40 : sent > 400, "frame %d: %zu bytes", frame, sent);
    }
    term_show(term);
    ck_assert_uint_eq(harness_sent(h), 0);
    harness_keys(h, "\f"); /* Ctrl-L */
    expect("");
    term_show(term);
    ck_assert_uint_gt(harness_sent(h), 400);
}
END_TEST

START_TEST(the_modes_asked_for)
{
    ck_assert(harness_raw_has(h, "\033[?1049h"));
    ck_assert(harness_raw_has(h, "\033[?2004h"));
    ck_assert(!harness_raw_has(h, "\033[?1000h")); /* no mouse: text can be selected */
    ck_assert(!harness_raw_has(h, "\033[?2004l"));
    reopen("vt100", 24, 80);
    ck_assert(!harness_raw_has(h, "2004"));
}
END_TEST

/* --- colours --- */

START_TEST(styles_with_colours)
{
    struct term *term = harness_term(h);
    term_put(term, 0, 0, STYLE_FAULT, "missing", 10);
    term_put(term, 1, 0, STYLE_OK, "fine", 10);
    term_put(term, 2, 0, STYLE_SELECTED, "chosen", 10);
    term_put(term, 3, 0, STYLE_TEXT, "plain", 10);
    term_show(term);
    ck_assert_int_eq(harness_style(h, "missing").colour, 160);
    ck_assert(harness_style(h, "missing").bold);
    ck_assert_int_eq(harness_style(h, "fine").colour, 28);
    ck_assert(harness_style(h, "chosen").reverse);
    ck_assert_int_eq(harness_style(h, "plain").colour, -1);
}
END_TEST

static void assert_monochrome(void)
{
    struct term *term = harness_term(h);
    for (int i = 0; i < STYLE_COUNT; i++)
        term_put(term, i, 0, (enum style)i, "word", 10);
    term_show(term);
    for (int i = 0; i < STYLE_COUNT; i++)
        ck_assert_int_eq(harness_cell(h, i, 0).colour, -1);
    ck_assert(harness_cell(h, STYLE_FAULT, 0).bold);
    ck_assert(harness_cell(h, STYLE_SELECTED, 0).reverse);
    ck_assert(harness_cell(h, STYLE_INPUT, 0).underline);
    ck_assert(harness_cell(h, STYLE_BADGE, 0).reverse);
}

START_TEST(styles_without_colours)
{
    reopen("vt100", 24, 80);
    assert_monochrome();
    setenv("NO_COLOR", "1", 1);
    reopen("xterm-256color", 24, 80);
    assert_monochrome();
    setenv("NO_COLOR", "", 1); /* empty counts as not set */
    reopen("xterm-256color", 24, 80);
    term_put(harness_term(h), 0, 0, STYLE_OK, "fine", 10);
    term_show(harness_term(h));
    ck_assert_int_eq(harness_style(h, "fine").colour, 28);
    unsetenv("NO_COLOR");
}
END_TEST

/* Relative luminance of a colour of the 6x6x6 cube or the greys (WCAG 2). */
static double channel(int value)
{
    double c = value / 255.0, result = (c + 0.055) / 1.055, power = 1;
    if (c <= 0.03928)
        return c / 12.92;
    for (int i = 0; i < 12; i++) /* x^2.4 = (x^12)^(1/5) */
        power *= result;
    double root = 1;
    for (int i = 0; i < 60; i++)
        root -= (root * root * root * root * root - power) / (5 * root * root * root * root);
    return root;
}

static double luminance(int index)
{
    static const int steps[] = {0, 95, 135, 175, 215, 255};
    if (index >= 232)
        return channel(8 + (index - 232) * 10);
    index -= 16;
    return 0.2126 * channel(steps[index / 36]) + 0.7152 * channel(steps[index / 6 % 6]) +
           0.0722 * channel(steps[index % 6]);
}

START_TEST(colours_can_be_read)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        for (int background = THEME_UNKNOWN; background <= THEME_LIGHT; background++) {
            struct theme_look look = theme_look((enum style)i, 256, background);
            if (look.colour < 0)
                continue;
            double on_black = (luminance(look.colour) + 0.05) / 0.05;
            double on_white = 1.05 / (luminance(look.colour) + 0.05);
            double least = background == THEME_UNKNOWN ? 3.7 : 4.5;
            if (background != THEME_LIGHT)
                ck_assert_msg(on_black >= least, "%d on black: %.1f", look.colour, on_black);
            if (background != THEME_DARK)
                ck_assert_msg(on_white >= least, "%d on white: %.1f", look.colour, on_white);
        }
    }
    ck_assert_int_eq(theme_background("15;0"), THEME_DARK);
    ck_assert_int_eq(theme_background("0;default;15"), THEME_LIGHT);
    ck_assert_int_eq(theme_background("default;default"), THEME_UNKNOWN);
    ck_assert_int_eq(theme_background("0;999999999999999999999"), THEME_UNKNOWN);
    ck_assert_int_eq(theme_background(NULL), THEME_UNKNOWN);
}
END_TEST

/* --- sizes --- */

START_TEST(any_size_at_any_time)
{
    static const int sizes[][2] = {{1, 1},   {2, 200}, {200, 2}, {24, 80},  {1, 80}, {24, 1},
                                   {15, 40}, {14, 40}, {15, 39}, {40, 120}, {3, 3},  {24, 80}};
    struct term *term = harness_term(h);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int rows = sizes[i][0], cols = sizes[i][1];
        harness_resize(h, rows, cols);
        expect("resize");
        struct rect size = term_size(term);
        ck_assert_int_eq(size.rows, rows);
        ck_assert_int_eq(size.cols, cols);
        bool small = rows < TERM_MIN_ROWS || cols < TERM_MIN_COLS;
        ck_assert(term_too_small(term) == small);
        if (!small)
            term_clear_all(term);
        for (int row = 0; !small && row < rows; row++)
            term_put_pad(term, row, 0, STYLE_TEXT, "\xE6\xBC\xA2 wide", cols);
        term_show(term);
        if (small && cols >= 50)
            ck_assert(harness_has(h, "40x15 needed, this is"));
        if (!small)
            ck_assert_str_eq(harness_row(h, rows - 1), "\xE6\xBC\xA2 wide");
    }
}
END_TEST

/* --- locales --- */

START_TEST(latin1)
{
    size_t len;
    teardown();
    bool there = harness_latin1();
    h = harness_open("xterm-256color", 24, 80);
    if (!there) /* the package `locales` is not installed */
        return;
    struct term *term = harness_term(h);
    ck_assert_int_eq(term_put(term, 0, 0, STYLE_TEXT,
                              "Gr\xC3\xBC\xC3\x9F"
                              "e \xE6\xBC\xA2 \xE2\x82\xAC.",
                              80),
                     10);
    term_put(term, 1, 0, STYLE_TEXT, term_glyph(term, GLYPH_ARROW), 5);
    term_show(term);
    ck_assert(harness_raw_has(h, "Gr\xFC\xDF"
                                 "e ? ?."));
    const char *raw = harness_raw(h, &len);
    ck_assert(!memchr(raw, 0xC3, len));
    ck_assert(term_is_ascii(term));
    ck_assert(harness_has(h, "->"));
    ck_assert(term_can_show(term, "\xC3\xBC"));
    ck_assert(!term_can_show(term, "\xE6\xBC\xA2"));
    harness_keys(h, "\xFC");
    expect("U+FC");
    harness_paste(h, "f\xFCr", 3);
    expect("paste(f\xC3\xBCr)");
    harness_advance(h, HARNESS_QUIET_MS);
    expect("");
    harness_paste(h, "f\xC3\xBCr", 4); /* is UTF-8 already */
    expect("paste(f\xC3\xBCr)");
    harness_advance(h, HARNESS_QUIET_MS);
    expect("");
    teardown();
    setup();
}
END_TEST

START_TEST(c_locale)
{
    teardown();
    setlocale(LC_ALL, "C");
    h = harness_open("xterm-256color", 24, 80);
    struct term *term = harness_term(h);
    ck_assert_int_eq(term_put(term, 0, 0, STYLE_TEXT,
                              "Gr\xC3\xBC\xC3\x9F"
                              "e.",
                              80),
                     6);
    term_put(term, 1, 0, STYLE_TEXT, term_glyph(term, GLYPH_TICK), 1);
    term_rule(term, 2, 0, 5);
    term_show(term);
    size_t len;
    const char *raw = harness_raw(h, &len);
    for (size_t i = 0; i < len; i++)
        ck_assert((unsigned char)raw[i] < 0x80);
    ck_assert(harness_has(h, "Gr??e."));
    ck_assert(harness_has(h, "-----"));
    ck_assert(!term_can_show(term, "\xC3\xBC"));
    harness_paste(h, "f\xC3\xBCr", 4);
    expect("paste(f\xC3\xBCr)");
    harness_advance(h, HARNESS_QUIET_MS);
    expect("");
    harness_keys(h, "\xC3\xBC");
    expect("U+FC");
    teardown();
    setup();
}
END_TEST

START_TEST(ascii_glyphs_on_request)
{
    struct term_options options = {.type = "xterm-256color", .ascii = true};
    teardown();
    h = harness_open_with(&options, 24, 80);
    struct term *term = harness_term(h);
    term_put(term, 0, 0, STYLE_TEXT, term_glyph(term, GLYPH_ARROW), 5);
    term_put(term, 1, 0, STYLE_TEXT,
             "Gr\xC3\xBC\xC3\x9F"
             "e",
             80); /* names stay what they are */
    term_show(term);
    ck_assert(harness_has(h, "->"));
    ck_assert(harness_has(h, "Gr\xC3\xBC\xC3\x9F"
                             "e"));
    reopen("linux", 24, 80); /* whose fonts have few glyphs */
    ck_assert(term_is_ascii(harness_term(h)));
}
END_TEST

/* --- opening, copying --- */

START_TEST(unusable_terminals)
{
    static const char *const bad[] = {"dumb", "no-such-terminal", ""};
    struct term *term;
    FILE *null = fopen("/dev/null", "r+");
    teardown(); /* there is one terminal at a time */
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct term_options options = {.in = null, .out = null, .type = bad[i], .bare = true};
        struct err *err = term_open(&options, &term);
        ck_assert_ptr_nonnull(err);
        ck_assert_ptr_null(term);
        ck_assert_ptr_nonnull(strstr(err->next, "dcmend diagnose"));
        ck_assert_ptr_nonnull(strstr(err->next, "dcmend check"));
        err_free(err);
    }
    struct term_options options = {.in = null, .out = null, .type = "xterm"};
    struct err *err = term_open(&options, &term); /* no terminal at all */
    ck_assert_ptr_nonnull(strstr(err->text, "terminal"));
    ck_assert_int_eq(err->kind, ERR_LOCAL);
    err_free(err);
    fclose(null);
    setup();
}
END_TEST

START_TEST(copying)
{
    struct term *term = harness_term(h);
    ck_assert(term_copy(term, "CN=LIVDC02"));
    ck_assert(harness_raw_has(h, "\033]52;c;Q049TElWREMwMg==\a"));
    char *much = mem_zero(TERM_COPY_MAX + 2, 1);
    memset(much, 'x', TERM_COPY_MAX + 1);
    ck_assert(!term_copy(term, much));
    much[TERM_COPY_MAX] = '\0';
    ck_assert(term_copy(term, much));
    free(much);
    reopen("vt100", 24, 80);
    ck_assert(!term_copy(harness_term(h), "x"));
    setenv("STY", "1.pts", 1);
    unsetenv("TMUX");
    reopen("screen", 24, 80);
    ck_assert(term_copy(harness_term(h), "a"));
    ck_assert(harness_raw_has(h, "\033P\033]52;c;YQ==\a\033\\"));
    unsetenv("STY");
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

static Suite *term_suite(void)
{
    Suite *suite = suite_create("term");
    TCase *drawing = add_case(suite, "drawing");
    tcase_add_test(drawing, text_and_glyphs);
    tcase_add_test(drawing, harmful_text_stays_harmless);
    tcase_add_test(drawing, pieces_of_screen);
    tcase_add_test(drawing, only_the_difference_is_sent);
    tcase_add_test(drawing, the_modes_asked_for);
    tcase_add_test(drawing, styles_with_colours);
    tcase_add_test(drawing, styles_without_colours);
    tcase_add_test(drawing, colours_can_be_read);
    tcase_add_test(drawing, any_size_at_any_time);
    TCase *places = add_case(suite, "places");
    tcase_add_test(places, latin1);
    tcase_add_test(places, c_locale);
    tcase_add_test(places, ascii_glyphs_on_request);
    tcase_add_test(places, unusable_terminals);
    tcase_add_test(places, copying);
    return suite;
}

int main(void)
{
    return suite_run(term_suite());
}
