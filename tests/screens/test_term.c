/* The terminal layer against a real curses and a real terminal emulator: keys, pastes, drawing. */
#include "tests/screens/harness.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/term_decoder.h"

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

/* All events there are, in short: "a U+E4 up esc paste(x|y) resize eof". Owned by the caller. */
static char *events(void)
{
    static const char *const names[] = {
        [TERM_UP] = "up",       [TERM_DOWN] = "down",   [TERM_LEFT] = "left",
        [TERM_RIGHT] = "right", [TERM_HOME] = "home",   [TERM_END] = "end",
        [TERM_PGUP] = "pgup",   [TERM_PGDN] = "pgdn",   [TERM_ENTER] = "enter",
        [TERM_ESC] = "esc",     [TERM_TAB] = "tab",     [TERM_BACKTAB] = "backtab",
        [TERM_DELETE] = "del",  [TERM_BACKSPACE] = "bs"};
    struct str s = STR_INIT;
    struct term_event event;
    str_add(&s, "");
    while (term_read(harness_term(h), &event)) {
        str_add(&s, s.len ? " " : "");
        if (event.kind == TERM_PASTE) {
            char *text = text_clean(event.bytes, event.len);
            str_addf(&s, "paste(%s)%s", text, event.cut ? "cut" : "");
            free(text);
        } else if (event.kind == TERM_RESIZE) {
            str_add(&s, "resize");
        } else if (event.kind == TERM_EOF) {
            str_add(&s, "eof");
        } else if (event.key == TERM_CHAR && event.rune < 0x80) {
            str_addc(&s, (char)event.rune);
        } else if (event.key == TERM_CHAR) {
            str_addf(&s, "U+%X", (unsigned)event.rune);
        } else if (event.key == TERM_CTRL) {
            str_addf(&s, "^%c", (char)event.rune);
        } else if (event.key == TERM_F) {
            str_addf(&s, "f%u", (unsigned)event.rune);
        } else {
            str_add(&s, names[event.key]);
        }
        term_event_release(&event);
    }
    return str_steal(&s);
}

static void expect(const char *what)
{
    char *got = events();
    ck_assert_str_eq(got, what);
    free(got);
}

/* --- keys --- */

static const char *const types[] = {"xterm-256color", "xterm", "vt100",        "linux",
                                    "screen",         "tmux",  "tmux-256color"};
enum { TYPES = sizeof types / sizeof *types };

START_TEST(keys_of_each_terminal)
{
    reopen(types[_i], 24, 80);
    harness_key(h, TERM_UP);
    harness_key(h, TERM_DOWN);
    harness_key(h, TERM_LEFT);
    harness_key(h, TERM_RIGHT);
    harness_key(h, TERM_ENTER);
    harness_key(h, TERM_TAB);
    harness_key(h, TERM_BACKSPACE);
    harness_keys(h, "q?\001\027\n");
    expect("up down left right enter tab bs q ? ^a ^w enter");
    if (strcmp(types[_i], "vt100") == 0)
        return; /* has no more keys */
    harness_key(h, TERM_HOME);
    harness_key(h, TERM_END);
    harness_key(h, TERM_PGUP);
    harness_key(h, TERM_PGDN);
    harness_key(h, TERM_DELETE);
    harness_key(h, TERM_BACKTAB);
    expect("home end pgup pgdn del backtab");
}
END_TEST

START_TEST(characters_beyond_ascii)
{
    harness_keys(h, "\xC3\xA4\xE6\xBC\xA2\xF0\x9F\x98\x80");
    expect("U+E4 U+6F22 U+1F600");
    harness_keys(h, "a\xC3z\xE6\xBC"
                    "b\xA2\xFF\xC0\x80\xED\xA0\x80"
                    "c"); /* broken ones vanish */
    expect("a z b c");
    harness_keys(h, "\xE2\x80\xAE\xC2\x9B\xEF\xBB\xBFx"); /* a bidi control, C1 CSI, a BOM */
    expect("x");
    harness_keys(h, "\xC3");
    expect("");
    harness_keys(h, "\xA4");
    expect("U+E4");
}
END_TEST

START_TEST(escape_alone_waits_for_a_paste_mark)
{
    harness_keys(h, "\033");
    expect("");
    harness_advance(h, 499);
    expect("");
    harness_advance(h, 1);
    expect("esc");
    harness_keys(h, "\033");
    expect("");
    harness_keys(h, "b"); /* any other key decides at once */
    expect("esc b");
    harness_keys(h, "\033\033");
    expect("esc");
    harness_advance(h, 500);
    expect("esc");
}
END_TEST

START_TEST(escape_is_immediate_where_no_paste_is_welcome)
{
    term_welcome_paste(harness_term(h), false);
    harness_keys(h, "\033");
    expect("esc");
    harness_keys(h, "[200~rm -rf\r\033[201~"); /* still no keys */
    expect("paste(rm -rf\\0D)");
    reopen("vt100", 24, 80); /* knows no pastes */
    harness_keys(h, "\033");
    expect("esc");
}
END_TEST

/* Each sequence in pieces, as over a slow link, with 100 ms between: never "back" or letters. */
START_TEST(sequences_in_pieces)
{
    static const struct {
        const char *bytes, *events;
    } cases[] = {
        {"\033[A", "up"},       {"\033OB", "down"},
        {"\033[3~", "del"},     {"\033[5~", "pgup"},
        {"\033[1;5C", "right"}, {"\033[Z", "backtab"},
        {"\033[57441u", ""},    {"\033[999~", ""},
        {"\033[?1;2c", ""},     {"\033[200~ab\033[201~", "paste(ab)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = STR_INIT;
        for (const char *c = cases[i].bytes; *c; c++) {
            harness_bytes(h, c, 1);
            char *some = events();
            str_add(&got, some);
            free(some);
            harness_advance(h, 50);
        }
        ck_assert_msg(str_same(str_text(&got), cases[i].events), "case %zu: %s", i, got.text);
        str_release(&got);
        harness_advance(h, 1000);
        expect("");
    }
}
END_TEST

START_TEST(unknown_sequences_in_one_piece_are_dropped)
{
    harness_keys(h, "\033[57441;1u\033[99~\033[I\033[O\033[1;3Px");
    expect("x");
    harness_keys(h, "\033[");
    expect("");
    harness_advance(h, 500);
    expect("esc");
}
END_TEST

/* --- pastes --- */

START_TEST(a_paste_is_one_event)
{
    harness_paste(h, "one\rtwo\n\033OAthree \xC3\xA4", 19);
    expect("paste(one\\0Dtwo\\0Athree \xC3\xA4)"); /* the arrow in it means nothing */
    harness_paste(h, "", 0);
    expect("paste()");
    harness_paste(h, "a\0b", 3);
    expect("paste(a\\00b)");
    harness_keys(h, "x");
    expect("x");
}
END_TEST

START_TEST(a_paste_in_pieces)
{
    harness_keys(h, "\033[200~first ");
    expect("");
    harness_advance(h, 4000);
    harness_keys(h, "second\033");
    expect("");
    harness_keys(h, "[20");
    expect("");
    harness_keys(h, "1~");
    expect("paste(first second)");
}
END_TEST

START_TEST(an_escape_before_a_paste_mark_is_no_back)
{
    harness_keys(h, "\033");
    expect("");
    harness_advance(h, 400);
    harness_keys(h, "[200~text\033[201~");
    expect("paste(text)");
}
END_TEST

START_TEST(a_hostile_paste_with_an_end_mark)
{
    harness_keys(h, "\033[200~9531985d\033[201~\rLIVDC02\rq\033[201~");
    expect("paste(9531985d)"); /* the rest came in one go with it */
    harness_keys(h, "a");
    expect("a");
    harness_keys(h, "\033[200~x\033[200~y\033[201~"); /* a begin mark inside */
    expect("paste(xy)");
    harness_keys(h, "\033[201~b"); /* an end mark alone */
    expect("b");
}
END_TEST

START_TEST(a_paste_without_end)
{
    harness_keys(h, "\033[200~abc");
    expect("");
    harness_advance(h, 4999);
    expect("");
    harness_advance(h, 1);
    expect("paste(abc)cut");
    harness_keys(h, "x");
    expect("x");
}
END_TEST

START_TEST(a_large_paste)
{
    enum { SIZE = 100000 };
    char *text = mem_zero(SIZE, 1);
    struct term_event event;
    for (int i = 0; i < SIZE; i++)
        text[i] = (char)(i % 80 == 79 ? '\r' : 'a' + i % 26);
    harness_paste(h, text, SIZE);
    ck_assert(term_read(harness_term(h), &event));
    ck_assert_int_eq(event.kind, TERM_PASTE);
    ck_assert_uint_eq(event.len, SIZE);
    ck_assert_int_eq(memcmp(event.bytes, text, SIZE), 0);
    ck_assert(!event.cut);
    term_event_release(&event);
    free(text);
    expect("");
}
END_TEST

/* Straight into the decoder: through curses megabytes take seconds. */
static void paste_much(size_t size, bool end_in_pieces)
{
    struct decoder decoder;
    struct term_event event;
    decoder_init(&decoder, DECODER_UTF8);
    decoder_take(&decoder, DECODER_PASTE_BEGIN, 0);
    for (size_t i = 0; i < size; i++)
        decoder_take(&decoder, 'x', 0);
    if (!end_in_pieces)
        decoder_take(&decoder, DECODER_PASTE_END, 0);
    for (const char *c = end_in_pieces ? "\033[201~" : ""; *c; c++)
        decoder_take(&decoder, *c, 0);
    ck_assert(decoder_next(&decoder, &event));
    ck_assert_int_eq(event.kind, TERM_PASTE);
    ck_assert_uint_eq(event.len, size < TERM_PASTE_MAX ? size : TERM_PASTE_MAX);
    ck_assert(event.cut == (size > TERM_PASTE_MAX));
    ck_assert(memchr(event.bytes, '\033', event.len) == NULL);
    term_event_release(&event);
    decoder_drained(&decoder, 0);
    decoder_take(&decoder, 'k', 0);
    ck_assert(decoder_next(&decoder, &event) && event.rune == 'k');
    decoder_release(&decoder);
}

START_TEST(a_paste_beyond_the_limit)
{
    static const size_t sizes[] = {TERM_PASTE_MAX - 1, TERM_PASTE_MAX, TERM_PASTE_MAX + 1,
                                   TERM_PASTE_MAX + 6, TERM_PASTE_MAX + 99999};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        paste_much(sizes[i], false);
        paste_much(sizes[i], true);
    }
}
END_TEST

START_TEST(flushing_forgets_what_was_typed)
{
    struct term *term = harness_term(h);
    harness_keys(h, "LIVDC02\r");
    term_flush_input(term);
    expect("");
    harness_paste(h, "LIVDC02\r", 8);
    term_flush_input(term);
    expect("");
    harness_keys(h, "\033[200~LIVD"); /* half a paste: the other half is dropped as well */
    term_flush_input(term);
    harness_keys(h, "C02\r\033[201~");
    expect("");
    harness_keys(h, "\033"); /* an Esc alone is forgotten, a mark behind it is not */
    expect("");
    term_flush_input(term);
    harness_keys(h, "[200~LIVDC02\r\033[201~");
    expect("paste(LIVDC02\\0D)");
    harness_keys(h, "\xC3");
    expect("");
    term_flush_input(term);
    harness_keys(h, "\xA4x");
    expect("x");
    harness_resize(h, 30, 90); /* not typed: not forgotten */
    term_flush_input(term);
    expect("resize");
}
END_TEST

START_TEST(garbage)
{
    static unsigned char bytes[100000];
    struct term_event event;
    unsigned seed = 8589;
    int count = 0;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1103515245 + 12345;
            bytes[i] = (unsigned char)(seed >> 16);
        }
        ck_assert_uint_eq(harness_bytes(h, bytes, sizeof bytes), sizeof bytes);
        while (term_read(harness_term(h), &event)) {
            count++;
            term_event_release(&event);
        }
        harness_advance(h, 10000);
        free(events());
    }
    ck_assert_int_gt(count, 1000);
    harness_keys(h, "x");
    expect("x");
}
END_TEST

START_TEST(end_of_input_comes_once)
{
    struct pollfd none[1];
    harness_keys(h, "ab\033");
    harness_hang_up(h);
    expect("a b esc eof");
    expect("");
    term_wait(harness_term(h), none, 0, 0); /* and does not poll a dead descriptor */
    reopen("xterm", 24, 80);
    harness_keys(h, "\033[200~half");
    harness_hang_up(h);
    expect("paste(half)cut eof");
}
END_TEST

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
    term_clear(term, (struct rect){1, 2, 2, 3});
    term_put_pad(term, 4, 0, STYLE_SELECTED, "ab", 6);
    term_cursor(term, 5, 7);
    term_show(term);
    int row, col;
    ck_assert_str_eq(harness_row(h, 1), "01   56789");
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
                                   {15, 60}, {14, 60}, {15, 59}, {40, 120}, {3, 3},  {24, 80}};
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
            ck_assert(harness_has(h, "60x15 needed, this is"));
        if (!small)
            ck_assert_str_eq(harness_row(h, rows - 1), "\xE6\xBC\xA2 wide");
    }
}
END_TEST

START_TEST(a_resize_between_keys_and_in_a_paste)
{
    harness_keys(h, "a");
    expect("a");
    harness_keys(h, "\033[200~xy");
    expect("");
    harness_resize(h, 40, 120);
    expect("resize");
    harness_keys(h, "z\033[201~");
    expect("paste(xyz)");
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
    harness_paste(h, "f\xC3\xBCr", 4); /* is UTF-8 already */
    expect("paste(f\xC3\xBCr)");
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
    TCase *keys = add_case(suite, "keys");
    tcase_add_loop_test(keys, keys_of_each_terminal, 0, TYPES);
    tcase_add_test(keys, characters_beyond_ascii);
    tcase_add_test(keys, escape_alone_waits_for_a_paste_mark);
    tcase_add_test(keys, escape_is_immediate_where_no_paste_is_welcome);
    tcase_add_test(keys, sequences_in_pieces);
    tcase_add_test(keys, unknown_sequences_in_one_piece_are_dropped);
    tcase_add_test(keys, garbage);
    tcase_add_test(keys, end_of_input_comes_once);
    TCase *pastes = add_case(suite, "pastes");
    tcase_add_test(pastes, a_paste_is_one_event);
    tcase_add_test(pastes, a_paste_in_pieces);
    tcase_add_test(pastes, an_escape_before_a_paste_mark_is_no_back);
    tcase_add_test(pastes, a_hostile_paste_with_an_end_mark);
    tcase_add_test(pastes, a_paste_without_end);
    tcase_add_test(pastes, a_large_paste);
    tcase_add_test(pastes, a_paste_beyond_the_limit);
    tcase_add_test(pastes, flushing_forgets_what_was_typed);
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
    tcase_add_test(drawing, a_resize_between_keys_and_in_a_paste);
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
    SRunner *runner = srunner_create(term_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
