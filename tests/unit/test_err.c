/* Errors as values. */
#include "src/base/err.h"
#include "src/base/str.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(carries_what_was_said)
{
    struct err *err = err_new(ERR_DIRECTORY, ERR_NO_RIGHT, "%s may not write.", "kayla");
    ck_assert_int_eq(err->kind, ERR_DIRECTORY);
    ck_assert_str_eq(err->text, "kayla may not write.");
    ck_assert_ptr_null(err->next);
    ck_assert_ptr_null(err->said);
    ck_assert_ptr_eq(err_next(err, "Ask %d people.", 2), err);
    ck_assert_ptr_eq(err_next(err, "Ask %d people.", 3), err); /* the later word counts */
    ck_assert_str_eq(err->next, "Ask 3 people.");
    ck_assert_ptr_eq(err_said(err, "00002098: SecErr"), err);
    ck_assert_str_eq(err->said, "00002098: SecErr");
    ck_assert_ptr_eq(err_said(err, ""), err);
    ck_assert_ptr_null(err->said);
    err_said(err, NULL);
    ck_assert_ptr_null(err->said);
    err_free(err);
}
END_TEST

START_TEST(a_copy_is_its_own)
{
    struct err *err = err_said(err_next(err_new(ERR_NETWORK, ERR_LOST, "a"), "b"), "c");
    err->ldap = -1;
    struct err *copy = err_copy(err);
    err_free(err);
    ck_assert_int_eq(copy->kind, ERR_NETWORK);
    ck_assert_int_eq(copy->ldap, -1);
    ck_assert_str_eq(copy->text, "a");
    ck_assert_str_eq(copy->next, "b");
    ck_assert_str_eq(copy->said, "c");
    err_free(copy);
}
END_TEST

START_TEST(nothing_is_no_error)
{
    ck_assert_ptr_null(err_copy(NULL));
    ck_assert(!err_is(NULL, ERR_OTHER));
    err_free(NULL);
}
END_TEST

START_TEST(a_percent_in_an_argument_stays)
{
    struct err *err = err_new(ERR_OPERATOR, ERR_USAGE, "%s", "%n%s");
    ck_assert_str_eq(err->text, "%n%s");
    ck_assert(err_is(err, ERR_USAGE) && !err_is(err, ERR_OTHER));
    err_free(err);
}
END_TEST

START_TEST(every_code_has_a_name_of_its_own)
{
    struct strs seen = {NULL, 0};
    for (int code = ERR_OTHER; code <= ERR_JOURNAL; code++) {
        const char *name = err_code_name((enum err_code)code);
        ck_assert_ptr_nonnull(name);
        ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
        ck_assert_msg(!strs_has(&seen, name), "%s twice", name);
        strs_add(&seen, name);
    }
    strs_release(&seen);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("err");
    TCase *tests = tcase_create("err");
    tcase_add_test(tests, carries_what_was_said);
    tcase_add_test(tests, a_copy_is_its_own);
    tcase_add_test(tests, nothing_is_no_error);
    tcase_add_test(tests, a_percent_in_an_argument_stays);
    tcase_add_test(tests, every_code_has_a_name_of_its_own);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
