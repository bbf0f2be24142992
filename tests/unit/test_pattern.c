/* Patterns over bytes: case, the first byte, groups, and text that would go back and forth. */
#include "src/base/pattern.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

static struct {
    struct pattern pattern;
    const char *text;
    size_t len;
} cases[] = {
    {{.text = "(CN|OU)="}, "cn=a", 3},
    {{.text = "(CN|OU)="}, " CN=a", 0}, /* from the first byte on */
    {{.text = "k[0-9]"}, "K7", 2},
    {{.text = "[^a]+"}, "\x80\xFF\n-", 4}, /* bytes, and line ends are some */
    {{.text = ".*b$"}, "a\nb", 3},
    {{.text = ".*b$"}, "a\nb\n", 0},
    {{.text = "a*"}, "b", 0},
    {{.text = "a?b"}, "b", 1},
    {{.text = "(a+)+$"}, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 0},
};

START_TEST(known_lengths)
{
    for (int again = 0; again < 2; again++)
        ck_assert_uint_eq(
            pattern_length(&cases[_i].pattern, cases[_i].text, strlen(cases[_i].text)),
            cases[_i].len);
    ck_assert_uint_eq(pattern_length(&cases[_i].pattern, cases[_i].text, 0), 0);
}
END_TEST

START_TEST(groups_are_parts_of_the_text)
{
    static struct pattern pattern = {.text = "([a-z]+)=(x)?(.*)"};
    const char *text = "CN=DC7";
    struct slice parts[4];
    ck_assert_uint_eq(pattern_parts(&pattern, text, 5, parts, 4), 5);
    ck_assert(parts[0].at == text && parts[0].len == 2);
    ck_assert(!parts[1].at && !parts[1].len);
    ck_assert(parts[2].at == text + 3 && parts[2].len == 2);
    ck_assert(!parts[3].at);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pattern");
    TCase *tests = tcase_create("pattern");
    tcase_add_loop_test(tests, known_lengths, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(tests, groups_are_parts_of_the_text);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
