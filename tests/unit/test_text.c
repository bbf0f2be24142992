/* Text from outside: decoded, made harmless, measured and cut. Runs in a UTF-8 locale. */
#include "src/base/text.h"

#include "src/base/mem.h"
#include "tests/suite.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static void same(char *got, const char *wanted)
{
    ck_assert_str_eq(got, wanted);
    free(got);
}

/* ---- decoding ---- */

static const struct {
    const char *bytes;
    size_t len, used;
    uint32_t rune;
} runes[] = {
    {"a", 1, 1, 'a'},
    {"\0", 1, 1, 0},
    {"\x7f", 1, 1, 0x7f},
    {"\xc2\x80", 2, 2, 0x80},
    {"\xc3\xbc", 2, 2, 0xfc},
    {"\xdf\xbf", 2, 2, 0x7ff},
    {"\xe0\xa0\x80", 3, 3, 0x800},
    {"\xe2\x82\xac", 3, 3, 0x20ac},
    {"\xef\xbf\xbf", 3, 3, 0xffff},
    {"\xf0\x90\x80\x80", 4, 4, 0x10000},
    {"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
    {"\x80", 1, 1, TEXT_INVALID},             /* continuation alone */
    {"\xc0\x80", 2, 1, TEXT_INVALID},         /* overlong NUL */
    {"\xc1\xbf", 2, 1, TEXT_INVALID},         /* overlong DEL */
    {"\xe0\x9f\xbf", 3, 1, TEXT_INVALID},     /* overlong */
    {"\xf0\x8f\xbf\xbf", 4, 1, TEXT_INVALID}, /* overlong */
    {"\xed\xa0\x80", 3, 1, TEXT_INVALID},     /* surrogate */
    {"\xed\xbf\xbf", 3, 1, TEXT_INVALID},
    {"\xf4\x90\x80\x80", 4, 1, TEXT_INVALID}, /* beyond Unicode */
    {"\xf5\x80\x80\x80", 4, 1, TEXT_INVALID},
    {"\xff", 1, 1, TEXT_INVALID},
    {"\xc3", 1, 1, TEXT_INVALID}, /* cut short */
    {"\xe2\x82", 2, 1, TEXT_INVALID},
    {"\xf0\x90\x80", 3, 1, TEXT_INVALID},
    {"\xc3(", 2, 1, TEXT_INVALID},
};

START_TEST(one_character)
{
    uint32_t rune = 1;
    char *copy = malloc(runes[_i].len); /* no byte more than it may read */
    memcpy(copy, runes[_i].bytes, runes[_i].len);
    ck_assert_uint_eq(text_rune(copy, runes[_i].len, &rune), runes[_i].used);
    ck_assert_uint_eq(rune, runes[_i].rune);
    ck_assert_int_eq(text_is_utf8(copy, runes[_i].len), rune != TEXT_INVALID);
    free(copy);
}
END_TEST

START_TEST(every_character_comes_back)
{
    for (uint32_t rune = 0; rune <= 0x10ffff; rune += rune < 0x900 ? 1 : 97) {
        uint32_t again;
        struct str s = STR_INIT;
        if (rune >= 0xd800 && rune <= 0xdfff)
            continue;
        text_add_rune(&s, rune);
        ck_assert_uint_eq(text_rune(s.text, s.len, &again), s.len);
        ck_assert_uint_eq(again, rune);
        str_release(&s);
    }
}
END_TEST

/* ---- cleaning ---- */

static const struct {
    const char *bytes;
    size_t len;
    const char *clean;
} dirty[] = {
    {"", 0, ""},
    {"plain \\ text", 12, "plain \\ text"},
    {"M\xc3\xbcnchen", 8, "M\xc3\xbcnchen"},
    {"LIV\nDEL:x", 9, "LIV\\0ADEL:x"},
    {"a\0b", 3, "a\\00b"},
    {"\x1b[2J", 4, "\\1B[2J"},
    {"a\tb\rc", 5, "a\\09b\\0Dc"},
    {"\x7f", 1, "\\7F"},
    {"\xc2\x9b[2J", 5, "\\C2\\9B[2J"},           /* C1: CSI */
    {"\xe2\x80\xa8", 3, "\\E2\\80\\A8"},         /* line separator */
    {"\xe2\x80\xae", 3, "\\E2\\80\\AE"},         /* right-to-left override */
    {"\xe2\x81\xa6", 3, "\\E2\\81\\A6"},         /* isolate */
    {"\xe2\x80\x8b", 3, "\\E2\\80\\8B"},         /* zero width space */
    {"\xef\xbb\xbf", 3, "\\EF\\BB\\BF"},         /* byte order mark */
    {"\xd8\x9c", 2, "\\D8\\9C"},                 /* Arabic letter mark */
    {"\xcd\x8f", 2, "\\CD\\8F"},                 /* combining grapheme joiner: nothing to see */
    {"\xe1\xa0\x8b", 3, "\\E1\\A0\\8B"},         /* Mongolian variation selector */
    {"\xf0\x9d\x85\xb3", 4, "\\F0\\9D\\85\\B3"}, /* musical format control */
    {"\xf3\xa0\x81\x81", 4, "\\F3\\A0\\81\\81"}, /* tag letter */
    {"\xff\xfe", 2, "\\FF\\FE"},
    {"a\xc3", 2, "a\\C3"},
    {"\xed\xa0\x80", 3, "\\ED\\A0\\80"},
};

START_TEST(made_harmless)
{
    char *copy = malloc(dirty[_i].len + 1);
    memcpy(copy, dirty[_i].bytes, dirty[_i].len);
    same(text_clean(copy, dirty[_i].len), dirty[_i].clean);
    same(text_clean_lines(dirty[_i].clean, strlen(dirty[_i].clean)), dirty[_i].clean);
    free(copy);
    same(text_clean_z(NULL), "");
}
END_TEST

START_TEST(nothing_harmful_is_left)
{
    for (int a = 0; a < 256; a++) {
        for (int b = 0; b < 256; b += 5) {
            char bytes[] = {'x', (char)a, (char)b, (char)0x80};
            char *clean = text_clean(bytes, sizeof bytes);
            ck_assert(text_is_utf8(clean, strlen(clean)));
            for (const char *p = clean; *p; p++)
                ck_assert((unsigned char)*p >= 0x20 && *p != 0x7f);
            same(text_clean_z(clean), clean); /* cleaning twice changes nothing */
            free(clean);
        }
    }
}
END_TEST

static const char *const pages[][2] = {
    {"", ""},
    {"a\nb", "a\nb"},
    {"a\r\nb\r\n", "a\nb\n"},
    {"a\rb", "a\nb"},
    {"a\r\rb", "a\n\nb"},
    {"a\n\rb", "a\n\nb"},
    {"\ta", "    a"},
    {"\n", "\n"},
    {"\r\n", "\n"},
    {"a\x1b\nb", "a\\1B\nb"},
    {"\v\f", "\\0B\\0C"},
};

START_TEST(pages_keep_their_lines)
{
    same(text_clean_lines(pages[_i][0], strlen(pages[_i][0])), pages[_i][1]);
}
END_TEST

/* ---- comparing ---- */

static const struct {
    const char *a, *b;
    bool same;
} pairs[] = {
    {"Abc", "aBC", true},
    {"M\xc3\xbcnchen", "m\xc3\x9cNCHEN", true},
    {"\xd0\x96", "\xd0\xb6", true},
    {"a", "ab", false},
    {"", "", true},
    {"a", "", false},
    {"\xff", "\xff", true},
    {"\xff", "\xfe", false},
    {"\xff", "\xc3\xbf", false},
    {"\xc3", "\xc3\xa9", false}, /* the first byte of a character is not the character */
    {NULL, NULL, false},
    {NULL, "", false},
};

START_TEST(base64_in_whole_groups)
{
    static const struct {
        const char *text, *bytes; /* NULL: none */
    } rows[] = {{"Zg==", "f"},
                {"Zm8=", "fo"},
                {"Zm9v", "foo"},
                {"Zm9vYmE=", "fooba"},
                {"+/+/", "\xFB\xFF\xBF"},
                {"", NULL},
                {"Zg", NULL},
                {"Zg=", NULL},
                {"====", NULL},
                {"Z===", NULL},
                {"Zg==Zg==", NULL},
                {"Zm 9", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str s = STR_INIT;
        bool good = text_add_base64(&s, rows[i].text, strlen(rows[i].text));
        ck_assert_msg(good == (rows[i].bytes != NULL), "\"%s\"", rows[i].text);
        if (good)
            ck_assert_str_eq(str_text(&s), rows[i].bytes);
        str_release(&s);
    }
}
END_TEST

START_TEST(compared_without_case)
{
    ck_assert_int_eq(text_same(pairs[_i].a, pairs[_i].b), pairs[_i].same);
    ck_assert_int_eq(text_same(pairs[_i].b, pairs[_i].a), pairs[_i].same);
}
END_TEST

/* A cron job's locale knows no letter beyond ASCII. */
START_TEST(folded_in_any_locale)
{
    ck_assert_ptr_nonnull(setlocale(LC_ALL, "C"));
    same(text_fold("M\xc3\x9cNCHEN-DC1"), "m\xc3\xbcnchen-dc1");
    same(text_fold("\xd0\x96\xff"
                   "A"),
         "\xd0\xb6\xff"
         "a");
    same(text_fold(""), "");
    ck_assert(text_same("M\xc3\xbcnchen", "m\xc3\x9cNCHEN"));
}
END_TEST

/* ---- columns ---- */

#define WIDE "\xe6\x97\xa5" /* one character, two columns */
#define ACUTE "\xcc\x81"    /* combining: no column */

START_TEST(columns)
{
    ck_assert_int_eq(text_width(""), 0);
    ck_assert_int_eq(text_width("abc"), 3);
    ck_assert_int_eq(text_width("M\xc3\xbcnchen"), 7);
    ck_assert_int_eq(text_width(WIDE WIDE), 4);
    ck_assert_int_eq(text_width("e" ACUTE), 1);
    ck_assert_int_eq(text_width("\xff"), 1);
    ck_assert_uint_eq(text_prefix("abc", 2), 2);
    ck_assert_uint_eq(text_prefix("abc", 9), 3);
    ck_assert_uint_eq(text_prefix("abc", 0), 0);
    ck_assert_uint_eq(text_prefix("abc", -1), 0);
    ck_assert_uint_eq(text_prefix(WIDE, 1), 0);
    ck_assert_uint_eq(text_prefix("e" ACUTE "x", 1), 3);
}
END_TEST

START_TEST(fitted)
{
    same(text_fit("abcdef", 6, "..."), "abcdef");
    same(text_fit("abcdef", 5, "..."), "ab...");
    same(text_fit("abcdef", 3, "..."), "abc");
    same(text_fit("abcdef", 2, "..."), "ab");
    same(text_fit("abcdef", 0, "..."), "");
    same(text_fit("abcdef", -5, "..."), "");
    same(text_fit("", 0, "..."), "");
    same(text_fit(WIDE WIDE WIDE, 5, "."), WIDE WIDE ".");
    same(text_fit(WIDE WIDE WIDE, 4, "."), WIDE ".");
    same(text_fit_middle("abcdefghij", 7, "..."), "ab...ij");
    same(text_fit_middle("abcdefghij", 8, "..."), "abc...ij");
    same(text_fit_middle("abcdefghij", 4, "..."), "a...");
    same(text_fit_middle("abcdefghij", 10, "..."), "abcdefghij");
}
END_TEST

static const char *const long_texts[] = {
    "CN=NTDS Settings,CN=LIVDC01,CN=Servers,CN=Liverpool,CN=Sites",
    "aaaaa" WIDE WIDE WIDE,
    WIDE WIDE WIDE "a" WIDE WIDE,
    "e" ACUTE "e" ACUTE "e" ACUTE "e" ACUTE "e" ACUTE "e" ACUTE "e" ACUTE,
    "a b c d e f g h i j",
    "\xff\xff\xff\xff\xff\xff",
    "one\ntwo\n\nthree, four\n",
    "     leading",
    "trailing     ",
    WIDE,
    "",
};

/* Never wider than asked for, whatever the text and the width. */
START_TEST(fitted_to_any_width)
{
    for (int width = 0; width < 40; width++) {
        char *end = text_fit(long_texts[_i], width, "...");
        char *middle = text_fit_middle(long_texts[_i], width, "...");
        ck_assert_int_le(text_width(end), width);
        ck_assert_msg(text_width(middle) <= width, "%s in %d", middle, width);
        free(end);
        free(middle);
    }
}
END_TEST

/* The text without spaces and newlines, and with nothing else left out. */
static char *squeezed(const char *text)
{
    struct str s = STR_INIT;
    for (; *text; text++)
        if (*text != ' ' && *text != '\n')
            str_addc(&s, *text);
    return str_steal(&s);
}

START_TEST(wrapped_to_any_width)
{
    for (int width = -1; width < 40; width++) {
        struct strs lines = {NULL, 0};
        struct str all = STR_INIT;
        text_wrap(&lines, long_texts[_i], width);
        ck_assert_uint_ge(lines.count, 1);
        for (size_t i = 0; i < lines.count; i++) {
            const char *line = lines.items[i];
            bool lone = text_prefix(line, 2) == strlen(line); /* wider than the column itself */
            ck_assert_msg(lone || text_width(line) <= width, "%s in %d", line, width);
            ck_assert_ptr_null(strchr(line, '\n'));
            str_add(&all, line);
        }
        char *wanted = squeezed(long_texts[_i]), *got = squeezed(str_text(&all));
        ck_assert_str_eq(got, wanted);
        free(wanted);
        free(got);
        str_release(&all);
        strs_release(&lines);
    }
}
END_TEST

/* Megabytes without a blank or a newline: each line is found without looking at the rest. */
START_TEST(wrapping_is_linear)
{
    enum { SIZE = 4 << 20 };
    struct strs lines = {0};
    char *text = mem_zero(SIZE + 1, 1);
    memset(text, 'x', SIZE);
    text_wrap(&lines, text, 80);
    ck_assert_uint_eq(lines.count, (SIZE + 79) / 80);
    strs_release(&lines);
    for (int i = 1; i < SIZE; i += 2)
        memcpy(text + i, i % 4 == 1 ? "\xCC" : "\x88", 1);
    text_wrap(&lines, text, 80);
    ck_assert_uint_gt(lines.count, 1);
    strs_release(&lines);
    free(text);
}
END_TEST

START_TEST(wrapped_where_a_reader_expects)
{
    static const struct {
        const char *text;
        int columns;
        const char *lines;
    } cases[] = {
        {"one two three", 7, "one two|three"},
        {"one two three", 6, "one|two|three"},
        {"CN=a,CN=b,DC=c", 10, "CN=a,CN=b,|DC=c"},
        {"abcdefgh", 3, "abc|def|gh"},
        {"a\n\nb", 9, "a||b"},
        {"", 9, ""},
        {"a\n", 9, "a"},
        {"one   two", 4, "one|two"},
    };
    for (int i = 0; i < COUNT(cases); i++) {
        struct strs lines = {NULL, 0};
        struct str all = STR_INIT;
        text_wrap(&lines, cases[i].text, cases[i].columns);
        for (size_t j = 0; j < lines.count; j++)
            str_addf(&all, "%s%s", j ? "|" : "", lines.items[j]);
        ck_assert_str_eq(str_text(&all), cases[i].lines);
        str_release(&all);
        strs_release(&lines);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, one_character, 0, COUNT(runes));
    tcase_add_test(tests, every_character_comes_back);
    tcase_add_loop_test(tests, made_harmless, 0, COUNT(dirty));
    tcase_add_test(tests, nothing_harmful_is_left);
    tcase_add_loop_test(tests, pages_keep_their_lines, 0, COUNT(pages));
    tcase_add_test(tests, base64_in_whole_groups);
    tcase_add_loop_test(tests, compared_without_case, 0, COUNT(pairs));
    tcase_add_test(tests, folded_in_any_locale);
    tcase_add_test(tests, columns);
    tcase_add_test(tests, fitted);
    tcase_add_loop_test(tests, fitted_to_any_width, 0, COUNT(long_texts));
    tcase_add_loop_test(tests, wrapped_to_any_width, 0, COUNT(long_texts));
    tcase_add_test(tests, wrapped_where_a_reader_expects);
    tcase_add_test(tests, wrapping_is_linear);
}

int main(void)
{
    if (!setlocale(LC_ALL, "C.UTF-8"))
        return EXIT_FAILURE;
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    add_tests(tests);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
