/* The growing text, lists of texts, ASCII comparisons, and the memory under them. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/suite.h"

#include <check.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

START_TEST(grows_and_ends_with_nul)
{
    struct str s = STR_INIT;
    ck_assert_str_eq(str_text(&s), "");
    for (size_t i = 0; i < 1000; i++) {
        str_addc(&s, (char)('a' + i % 26));
        ck_assert_uint_eq(s.len, i + 1);
        ck_assert_uint_gt(s.room, s.len);
        ck_assert_int_eq(s.text[s.len], '\0');
    }
    str_clear(&s);
    ck_assert_str_eq(str_text(&s), "");
    str_add(&s, "again");
    ck_assert_str_eq(str_text(&s), "again");
    str_release(&s);
    ck_assert_str_eq(str_text(&s), "");
    str_release(&s);
}
END_TEST

START_TEST(exact_sizes)
{
    for (size_t len = 0; len < 200; len++) {
        struct str s = STR_INIT;
        char *bytes = malloc(len + 1);
        memset(bytes, 'x', len);
        str_addn(&s, bytes, len);
        ck_assert_uint_eq(strlen(str_text(&s)), len);
        str_addf(&s, "%.*s", (int)len, bytes);
        ck_assert_uint_eq(strlen(str_text(&s)), 2 * len);
        free(bytes);
        str_release(&s);
    }
}
END_TEST

START_TEST(odd_additions)
{
    struct str s = STR_INIT;
    str_add(&s, NULL);
    str_addn(&s, NULL, 0);
    str_addn(&s, "a\0b", 3);
    ck_assert_uint_eq(s.len, 3);
    str_addf(&s, "%s", "");
    ck_assert_uint_eq(s.len, 3);
    char *text = str_steal(&s);
    ck_assert_int_eq(memcmp(text, "a\0b", 4), 0);
    free(text);
    text = str_steal(&s); /* of nothing */
    ck_assert_str_eq(text, "");
    free(text);
    text = str_format("%d-%s", 7, "x");
    ck_assert_str_eq(text, "7-x");
    free(text);
}
END_TEST

START_TEST(lists)
{
    struct strs list = {NULL, 0}, copy = {NULL, 0};
    for (int i = 0; i < 100; i++)
        strs_own(&list, str_format("text %d", i));
    strs_add(&list, NULL);
    strs_addn(&list, "cut here", 3);
    ck_assert_uint_eq(list.count, 102);
    ck_assert_str_eq(list.items[99], "text 99");
    ck_assert_str_eq(list.items[100], "");
    ck_assert_str_eq(list.items[101], "cut");
    ck_assert(strs_has(&list, "TEXT 42") && !strs_has(&list, "text 100"));
    strs_copy(&copy, &list);
    strs_release(&list);
    ck_assert_uint_eq(list.count, 0);
    ck_assert(!strs_has(&list, "text 42"));
    ck_assert(strs_has(&copy, "text 42"));
    strs_release(&copy);
    strs_release(&copy);
}
END_TEST

static const struct {
    const char *a, *b;
    bool same, same_case;
} pairs[] = {
    {"", "", true, true},     {"a", "a", true, true},    {"a", "A", false, true},
    {"a", "b", false, false}, {"a", "ab", false, false}, {"ab", "a", false, false},
    {"@", "`", false, false}, {"[", "{", false, false},  {NULL, NULL, true, true},
    {NULL, "", false, false}, {"", NULL, false, false},  {"\xc3\x9c", "\xc3\xbc", false, false},
};

START_TEST(compared)
{
    ck_assert_int_eq(str_same(pairs[_i].a, pairs[_i].b), pairs[_i].same);
    ck_assert_int_eq(str_same_case(pairs[_i].a, pairs[_i].b), pairs[_i].same_case);
}
END_TEST

START_TEST(searched)
{
    static const char text[] = "Hay NEEdle hay";
    ck_assert_ptr_eq(str_find_case(text, "needLE"), text + 4);
    ck_assert_ptr_eq(str_find_case(text, "hay"), text);
    ck_assert_ptr_eq(str_find_case(text, ""), text);
    ck_assert_ptr_null(str_find_case(text, "needles"));
    ck_assert_ptr_null(str_find_case("", "x"));
    ck_assert_ptr_nonnull(str_find_case("", ""));
    ck_assert(str_starts_case("ABC", "ab") && str_starts_case("a", "") && str_starts_case("", ""));
    ck_assert(!str_starts_case("a", "ab") && !str_starts_case("", "a"));
    char *lower = str_lower("A\xc3\x9cZ[@");
    ck_assert_str_eq(lower, "a\xc3\x9cz[@"); /* ASCII only */
    free(lower);
    lower = str_lower(NULL);
    ck_assert_str_eq(lower, "");
    free(lower);
}
END_TEST

START_TEST(memory)
{
    char *field = NULL;
    mem_set(&field, "one");
    mem_set(&field, field + 1); /* a part of itself */
    ck_assert_str_eq(field, "ne");
    mem_set(&field, NULL);
    ck_assert_ptr_null(field);
    ck_assert_ptr_null(mem_text(NULL));
    char *zero = mem_zero(0, 8), *copy = mem_textn("abc", 2);
    ck_assert_int_eq(zero[0], 0);
    ck_assert_str_eq(copy, "ab");
    free(copy);
    free(zero);
}
END_TEST

START_TEST(pushed_elements_are_zero_and_stay)
{
    struct {
        int a;
        char b[37];
    } *items = NULL;
    size_t count = 0;
    for (int i = 0; i < 300; i++) {
        ck_assert_int_eq(MEM_PUSH(items, count)->a, 0);
        ck_assert_int_eq(items[i].b[36], 0);
        items[i].a = i;
        memset(items[i].b, 0xff, sizeof items[i].b);
    }
    for (int i = 0; i < 300; i++)
        ck_assert_int_eq(items[i].a, i);
    free(items);
}
END_TEST

static void say_goodbye(void)
{
    _exit(42);
}

START_TEST(sizes_that_overflow_end_the_program)
{
    mem_on_exhausted(say_goodbye);
    free(mem_grow(NULL, SIZE_MAX / 2, 3));
}
END_TEST

START_TEST(without_a_hook_it_aborts)
{
    free(mem_grow(NULL, SIZE_MAX, 2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("str");
    TCase *tests = tcase_create("str");
    tcase_add_test(tests, grows_and_ends_with_nul);
    tcase_add_test(tests, exact_sizes);
    tcase_add_test(tests, odd_additions);
    tcase_add_test(tests, lists);
    tcase_add_loop_test(tests, compared, 0, COUNT(pairs));
    tcase_add_test(tests, searched);
    tcase_add_test(tests, memory);
    tcase_add_test(tests, pushed_elements_are_zero_and_stay);
    tcase_add_exit_test(tests, sizes_that_overflow_end_the_program, 42);
    tcase_add_test_raise_signal(tests, without_a_hook_it_aborts, SIGABRT);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
