/* Keys and pastes, whole and in pieces, friendly and hostile, on each kind of terminal. */
#include "tests/screens/harness.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/term_decoder.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct harness *h;

static void setup(void)
{
    harness_plain_locale();
    h = harness_open("xterm-256color", 24, 80);
}

static void teardown(void)
{
    harness_close(h);
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

/* Long enough for a paste to have passed. */
static void quiet(const char *what)
{
    harness_advance(h, HARNESS_QUIET_MS);
    expect(what);
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
    expect("up down left right enter tab bs");
    harness_advance(h, 60);
    harness_keys(h, "q?\001\027\n");
    expect("q ? ^a ^w enter");
    if (strcmp(types[_i], "vt100") == 0)
        return; /* has no more keys */
    harness_advance(h, 60);
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
    harness_advance(h, 499 - HARNESS_KEY_MS);
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
            char *some = harness_events(h);
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
    quiet("");
    harness_paste(h, "", 0);
    expect("paste()");
    quiet("");
    harness_paste(h, "a\0b", 3);
    expect("paste(a\\00b)");
    quiet("");
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
    expect("paste(9531985d)"); /* the rest came with it */
    harness_advance(h, HARNESS_QUIET_MS - HARNESS_KEY_MS - 1);
    expect("");
    harness_keys(h, "a");
    expect("");
    quiet("dropped");
    harness_keys(h, "a");
    expect("a");
    harness_keys(h, "\033[200~x\033[200~y\033[201~"); /* a begin mark inside */
    expect("paste(xy)");
    quiet("");
    harness_keys(h, "q\r\033[201~b"); /* an end mark alone: what is around it was pasted */
    expect("");
    quiet("dropped");
}
END_TEST

START_TEST(a_paste_without_end)
{
    harness_keys(h, "\033[200~abc");
    expect("");
    harness_advance(h, 4999 - HARNESS_KEY_MS);
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
    decoder_drained(&decoder, DECODER_QUIET_MS);
    decoder_take(&decoder, 'k', 500);
    decoder_drained(&decoder, 600);
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
    term_flush_input(term);
    expect("");
    quiet(""); /* nothing was lost, so nothing is said */
    harness_keys(h, "LIVDC02\r");
    term_flush_input(term);
    harness_advance(h, HARNESS_QUIET_MS - HARNESS_KEY_MS - 1);
    expect("");
    harness_keys(h, "LIVDC02\r"); /* before it was quiet */
    expect("");
    quiet("dropped");
    harness_paste(h, "LIVDC02\r", 8);
    term_flush_input(term);
    expect("");
    quiet("dropped");
    term_flush_input(term);
    harness_advance(h, 100);
    harness_keys(h, "\003"); /* who wants to leave may, at any time */
    expect("^c");
    harness_keys(h, "\003\003x\003");
    expect("");
    quiet("dropped");
    harness_keys(h, "\033[200~LIVD"); /* half a paste: the other half is dropped as well */
    term_flush_input(term);
    quiet("");
    harness_keys(h, "C02\r\033[201~");
    expect("");
    quiet("dropped");
    harness_keys(h, "\xC3");
    expect("");
    term_flush_input(term);
    quiet("");
    harness_keys(h, "\xA4x");
    expect("x");
    harness_resize(h, 30, 90); /* not typed: not forgotten */
    term_flush_input(term);
    expect("resize");
}
END_TEST

/* --- hands and pastes without marks --- */

START_TEST(keys_of_a_hand_stay_keys)
{
    harness_keys(h, "abcdefghi"); /* one less than a burst, as a bad line hands them over */
    expect("a b c d e f g h i");
    harness_advance(h, 60);
    for (int i = 0; i < 30; i++) { /* a letter that is held down, and repeats quickly */
        harness_keys(h, "x");
        expect("x");
    }
    for (int i = 0; i < 300; i++) /* arrows in one piece */
        harness_key(h, TERM_DOWN);
    char *got = harness_events(h);
    ck_assert_uint_eq(strlen(got), 5 * 300 - 1);
    free(got);
    harness_keys(h, "a");
    expect("a");
}
END_TEST

START_TEST(a_burst_is_a_paste_without_marks)
{
    harness_keys(h, "9531985d-5d9d\rq\r");
    expect("");
    harness_advance(h, HARNESS_QUIET_MS - HARNESS_KEY_MS - 1);
    expect("");
    harness_keys(h, "\r"); /* belongs to it */
    expect("");
    quiet("burst(9531985d-5d9d\\0Dq\\0D\\0D)");
    harness_keys(h, "\r");
    expect("enter");
    harness_keys(h, "text \xC3\xA4\xC3\xB6\xC3\xBC with marks \033[200~ and \033[201~\rq\r");
    expect("burst(text \xC3\xA4\xC3\xB6\xC3\xBC with marks  and )");
    quiet("dropped");
    harness_keys(h, "\033[200~begun"); /* the rest comes when it was given up */
    expect("");
    harness_advance(h, 6000);
    expect("paste(begun)cut");
    harness_keys(h, "\rLIVDC02\rq\033[201~");
    expect("burst(\\0DLIVDC02\\0Dq)");
    quiet("");
}
END_TEST

/* The program is so slow that no ten keys are read within 50 ms, but there is always one more. */
START_TEST(a_burst_is_one_for_a_slow_program_too)
{
    struct decoder decoder;
    struct term_event event;
    int64_t now = 1000;
    decoder_init(&decoder, DECODER_UTF8);
    for (int i = 0; i < 200; i++, now += 30)
        decoder_take(&decoder, i % 5 ? 'x' : '\r', now);
    ck_assert(!decoder_next(&decoder, &event));
    decoder_drained(&decoder, now + DECODER_QUIET_MS);
    ck_assert(decoder_next(&decoder, &event) && event.kind == TERM_PASTE && event.unmarked);
    ck_assert_uint_eq(event.len, 200);
    term_event_release(&event);
    decoder_release(&decoder);
}
END_TEST

static size_t keys_there(void)
{
    size_t count = 0;
    struct term_event event;
    while (term_read(harness_term(h), &event)) {
        count += event.kind == TERM_KEY;
        term_event_release(&event);
    }
    return count;
}

/* How many keys come of a text over a line: pieces of so many bytes, so many ms apart, and one
 * stall. */
static size_t keys_over_a_line(const char *text, size_t piece, int gap_ms, size_t stall_at,
                               int stall_ms)
{
    size_t count = 0, len = strlen(text);
    for (size_t at = 0; at < len; at += piece) {
        harness_bytes(h, text + at, piece < len - at ? piece : len - at);
        count += keys_there();
        harness_advance(h, gap_ms);
        if (at <= stall_at && stall_at < at + piece)
            harness_advance(h, stall_ms);
        count += keys_there();
    }
    harness_advance(h, 6000);
    return count + keys_there();
}

static char *hostile_text(bool marked, bool forged)
{
    struct str s = STR_INIT;
    str_add(&s, marked ? "\033[200~" : "");
    str_add(&s, "9531985d-5d9d-49f8-9818-e811892f902b");
    str_add(&s, forged ? "\033[201~" : "");
    for (int i = 0; i < 100; i++)
        str_add(&s, "some filler of a text\r\r\rs~/x\r");
    str_add(&s, "\rLIVDC02\rLIVDC02\r");
    str_add(&s, marked ? "\033[201~" : "");
    return str_steal(&s);
}

static const struct {
    size_t piece;
    int gap_ms;
} lines[] = {{256, 10}, {25, 1}, {1, 0}, {64, 100}, {1, 1}, {1400, 390}};
enum { LINES = sizeof lines / sizeof *lines };

/* However slow the line, with and without marks, forged or not, with and without a stall: no key
 * ever comes of it. */
START_TEST(no_key_comes_of_a_paste_on_a_slow_line)
{
    for (int form = 0; form < 4; form++)
        for (int stall = 0; stall < 3; stall++) {
            char *text = hostile_text(form & 1, form & 2);
            size_t at = stall == 1 ? strlen(text) / 2 : strlen(text) - 40;
            ck_assert_uint_eq(
                keys_over_a_line(text, lines[_i].piece, lines[_i].gap_ms, at, stall ? 6000 : 0), 0);
            free(text);
        }
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
        for (size_t at = 0, piece; at < sizeof bytes; at += piece) { /* as keys, then as pastes */
            piece = at < 20000 ? 4 : 10000;
            ck_assert_uint_eq(harness_bytes(h, bytes + at, piece), piece);
            harness_advance(h, at < 20000 ? 60 : 6000);
            while (term_read(harness_term(h), &event)) {
                count++;
                term_event_release(&event);
            }
        }
        harness_advance(h, 10000);
        free(harness_events(h));
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

static TCase *add_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return tests;
}

static Suite *input_suite(void)
{
    Suite *suite = suite_create("input");
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
    TCase *hands = add_case(suite, "hands");
    tcase_add_test(hands, keys_of_a_hand_stay_keys);
    tcase_add_test(hands, a_burst_is_a_paste_without_marks);
    tcase_add_test(hands, a_burst_is_one_for_a_slow_program_too);
    tcase_add_loop_test(hands, no_key_comes_of_a_paste_on_a_slow_line, 0, LINES);
    tcase_add_test(keys, a_resize_between_keys_and_in_a_paste);
    return suite;
}

int main(void)
{
    return suite_run(input_suite());
}
