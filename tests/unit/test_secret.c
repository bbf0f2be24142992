/* Passwords: bounded, cleared, and read only from a file that nobody else may read. */
#include "src/base/secret.h"
#include "tests/suite.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

START_TEST(typed_and_taken_back)
{
    struct secret *secret = secret_new();
    ck_assert(secret_is_empty(secret) && secret_is_empty(NULL));
    ck_assert(secret_add(secret, "a\xc3\xbc\xf0\x9f\x94\x91", 7));
    secret_drop_character(secret);
    ck_assert_str_eq(secret_bytes(secret), "a\xc3\xbc");
    secret_drop_character(secret);
    ck_assert_str_eq(secret_bytes(secret), "a");
    secret_drop_character(secret);
    secret_drop_character(secret); /* of nothing */
    ck_assert_uint_eq(secret_length(secret), 0);
    ck_assert_str_eq(secret_bytes(secret), "");
    secret_free(secret);
    secret_free(NULL);
}
END_TEST

START_TEST(stray_bytes_are_taken_back)
{
    struct secret *secret = secret_new();
    ck_assert(secret_add(secret, "x\x80\x80\x80", 4));
    secret_drop_character(secret);
    ck_assert_uint_eq(secret_length(secret), 0);
    ck_assert(secret_add(secret, "\x80\x80", 2));
    secret_drop_character(secret);
    ck_assert_uint_eq(secret_length(secret), 0);
    secret_free(secret);
}
END_TEST

START_TEST(bounded)
{
    char bytes[SECRET_MAX + 1];
    memset(bytes, 'x', sizeof bytes);
    struct secret *secret = secret_new();
    ck_assert(!secret_add(secret, bytes, SECRET_MAX + 1));
    ck_assert(secret_is_empty(secret));
    ck_assert(!secret_add(secret, "a\0b", 3));
    ck_assert(secret_is_empty(secret));
    ck_assert(secret_add(secret, bytes, SECRET_MAX));
    ck_assert(!secret_add(secret, "y", 1));
    ck_assert(secret_add(secret, "", 0));
    ck_assert_uint_eq(strlen(secret_bytes(secret)), SECRET_MAX);
    secret_free(secret);
}
END_TEST

START_TEST(cleared_and_copied)
{
    struct secret *secret = secret_new();
    secret_add(secret, "geheim", 6);
    struct secret *copy = secret_copy(secret);
    const char *bytes = secret_bytes(secret);
    secret_clear(secret);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(bytes[i], 0);
    ck_assert(secret_is_empty(secret));
    ck_assert_str_eq(secret_bytes(copy), "geheim");
    secret_free(secret);
    secret_free(copy);
}
END_TEST

/* ---- the -y file ---- */

static char path[] = "/tmp/dcmend-secret-XXXXXX";

static void write_file(const char *bytes, size_t len, mode_t mode)
{
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    close(fd);
}

static void remove_file(void)
{
    unlink(path);
}

static const struct {
    const char *bytes;
    size_t len;
    const char *password; /* NULL: refused */
    enum err_code code;
} files[] = {
    {"geheim\n", 7, "geheim", ERR_OTHER},
    {"geheim", 6, "geheim", ERR_OTHER},
    {"geheim\r\nzweite\n", 15, "geheim", ERR_OTHER},
    {" mit Leer ", 10, " mit Leer ", ERR_OTHER},
    {"", 0, NULL, ERR_EMPTY_PASSWORD},
    {"\n", 1, NULL, ERR_EMPTY_PASSWORD},
    {"\r\n", 2, NULL, ERR_EMPTY_PASSWORD},
    {"\nzweite\n", 8, NULL, ERR_EMPTY_PASSWORD},
    {"ge\0heim\n", 8, NULL, ERR_USAGE},
};

START_TEST(first_line_of_a_file)
{
    struct secret *secret = NULL;
    write_file(files[_i].bytes, files[_i].len, 0600);
    struct err *err = secret_read_file(path, &secret);
    remove_file();
    if (files[_i].password) {
        ck_assert_ptr_null(err);
        ck_assert_str_eq(secret_bytes(secret), files[_i].password);
    } else {
        ck_assert(err_is(err, files[_i].code));
        ck_assert_ptr_null(secret);
        ck_assert_ptr_null(strstr(err->text, "heim"));
    }
    secret_free(secret);
    err_free(err);
}
END_TEST

START_TEST(long_lines)
{
    char bytes[SECRET_MAX + 2];
    memset(bytes, 'x', sizeof bytes);
    for (int more = -1; more <= 2; more++) {
        struct secret *secret = NULL;
        write_file(bytes, (size_t)(SECRET_MAX + more), 0600);
        struct err *err = secret_read_file(path, &secret);
        remove_file();
        memcpy(path, "/tmp/dcmend-secret-XXXXXX", sizeof path);
        ck_assert_int_eq(err == NULL, more <= 0);
        secret_free(secret);
        err_free(err);
    }
}
END_TEST

static const mode_t modes[] = {0640, 0604, 0660, 0644, 0620, 0601};

START_TEST(readable_by_others)
{
    struct secret *secret = NULL;
    write_file("geheim\n", 7, modes[_i]);
    struct err *err = secret_read_file(path, &secret);
    remove_file();
    ck_assert_ptr_nonnull(err);
    ck_assert_int_eq(err->kind, ERR_OPERATOR);
    ck_assert_ptr_nonnull(strstr(err->next, "chmod 600"));
    ck_assert_ptr_null(secret);
    err_free(err);
}
END_TEST

START_TEST(no_file)
{
    struct secret *secret = NULL;
    struct err *err = secret_read_file("/nonexistent/password", &secret);
    ck_assert(err_is(err, ERR_USAGE));
    err_free(err);
    err = secret_read_file("/tmp", &secret); /* a folder */
    ck_assert_ptr_nonnull(err);
    ck_assert_ptr_null(secret);
    err_free(err);
}
END_TEST

START_TEST(a_pipe_in_pieces)
{
    int ends[2];
    char name[32];
    struct secret *secret = NULL;
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "geheim\nmehr", 11), 11);
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    struct err *err = secret_read_file(name, &secret);
    ck_assert_ptr_null(err);
    ck_assert_str_eq(secret_bytes(secret), "geheim");
    secret_free(secret);
    close(ends[0]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secret");
    TCase *tests = tcase_create("secret");
    tcase_add_test(tests, typed_and_taken_back);
    tcase_add_test(tests, stray_bytes_are_taken_back);
    tcase_add_test(tests, bounded);
    tcase_add_test(tests, cleared_and_copied);
    tcase_add_loop_test(tests, first_line_of_a_file, 0, COUNT(files));
    tcase_add_test(tests, long_lines);
    tcase_add_loop_test(tests, readable_by_others, 0, COUNT(modes));
    tcase_add_test(tests, no_file);
    tcase_add_test(tests, a_pipe_in_pieces);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
