/* The --log file: one clean line per event, and none when the disk is full. */
#include "src/base/log.h"

#include "tests/suite.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/dcmend-test-log-XXXXXX";

static int open_files(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    ck_assert_ptr_nonnull(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

START_TEST(a_line_each)
{
    char text[256] = "";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    log_line("before it is open");
    ck_assert_ptr_null(log_open(path));
    log_line("first\n%s", "\033[2J");
    struct err *err = err_said(err_new(ERR_LOCAL, ERR_OTHER, "it broke"), "their words");
    log_err(err);
    log_err(NULL);
    err_free(err);
    log_close();
    log_line("after it was closed");
    ck_assert_int_gt(read(fd, text, sizeof text - 1), 0);
    ck_assert(text[4] == '-' && text[10] == 'T' && text[23] == 'Z');
    ck_assert_str_eq(text + 24 + strcspn(text + 24, "\n"), strchr(text, '\n'));
    ck_assert_ptr_nonnull(strstr(text, "Z first\\0A\\1B[2J\n"));
    ck_assert_ptr_nonnull(strstr(text, "Z error other: it broke | their words\n"));
    ck_assert_ptr_null(strstr(text, "it is open"));
    ck_assert_ptr_null(strstr(text, "was closed"));
    close(fd);
    unlink(path);
}
END_TEST

START_TEST(a_full_disk_stops_nothing)
{
    int before = open_files();
    ck_assert_ptr_null(log_open("/dev/full"));
    log_line("one");
    log_line("two");
    ck_assert_int_eq(open_files(), before);
    log_close();
}
END_TEST

START_TEST(no_link_is_followed)
{
    struct err *err = log_open("/proc/self/fd/1");
    ck_assert(err && err->kind == ERR_LOCAL);
    err_free(err);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *tests = tcase_create("log");
    tcase_add_test(tests, a_line_each);
    tcase_add_test(tests, a_full_disk_stops_nothing);
    tcase_add_test(tests, no_link_is_followed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
