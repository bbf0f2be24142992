/* The part of a computer's name that its account's name keeps. */
#include "src/model/sam.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define UE "\xC3\xBC"           /* two bytes, one unit, one column */
#define WIDE "\xE6\x9D\xB1"     /* three bytes, one unit, two columns */
#define PAIR "\xF0\x9F\x96\xA5" /* four bytes, two units */

static const struct {
    const char *name, *cut; /* NULL: the name fits */
    bool maybe;
} names[] = {
    {"", NULL, false},
    {"LIVDC02", NULL, false},
    {"ABCDEFGHIJKLMNO", NULL, true},
    {"ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNO", false},
    {"ABCDEFGHIJKLM" UE UE, NULL, true},
    {"ABCDEFGHIJKLM" UE UE "P", "ABCDEFGHIJKLM" UE UE, false},
    {WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE "DC01", NULL, false},
    {"ABCDEFGHIJKLMN" PAIR, "ABCDEFGHIJKLMN", false},
    {"ABCDEFGHIJKLM" PAIR "P", "ABCDEFGHIJKLM" PAIR, false},
};

START_TEST(counts_utf16_units)
{
    char *cut = sam_cut(names[_i].name);
    ck_assert_pstr_eq(cut, names[_i].cut);
    ck_assert_uint_eq(sam_kept(names[_i].name), strlen(cut ? cut : names[_i].name));
    ck_assert_int_eq(sam_maybe_cut(names[_i].name, strlen(names[_i].name)), names[_i].maybe);
    free(cut);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sam");
    TCase *tests = tcase_create("sam");
    tcase_add_loop_test(tests, counts_utf16_units, 0, (int)(sizeof names / sizeof *names));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
