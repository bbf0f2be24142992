/* What happened as lines, and who gets them. */
#include "src/base/record.h"
#include "src/base/trace.h"
#include "tests/suite.h"

#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *written(struct record *record)
{
    struct str text = STR_INIT;
    record_write(&text, record);
    record_release(record);
    return str_steal(&text);
}

START_TEST(lines)
{
    static const struct {
        const char *value, *line;
        size_t len;
    } cases[] = {
        {"plain", "a: plain\n", 5},
        {"", "a: \n", 0},
        {"<GUID=x>;: #", "a: <GUID=x>;: #\n", 12},
        {" blank", "#    blank\na:: IGJsYW5r\n", 6},
        {"end ", "#   end \na:: ZW5kIA==\n", 4},
        {"M\xc3\xbc", "#   M\xc3\xbc\na:: TcO8\n", 3},
        {"two\nlines", "#   two\n#   lines\na:: dHdvCmxpbmVz\n", 9},
        {"x\0y", "a:: eAB5\n", 3},
        {"win\n\0", "#   win\na:: d2luCgA=\n", 5},
        {"\x01\xff", "a:: Af8=\n", 2},
        {"\x1b[2J", "a:: G1sySg==\n", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record record = {NULL, 0};
        record_bytes(&record, "a", PAIR_NAME, cases[i].value, cases[i].len);
        char *text = written(&record);
        ck_assert_str_eq(text, cases[i].line);
        free(text);
    }
}
END_TEST

START_TEST(parts_stand_apart)
{
    struct record record = {NULL, 0}, more = {NULL, 0};
    record_line(&record, "a title");
    record_ours(&record, "version", "%d.%d", 1, 2);
    record_begin(&more, "search", PAIR_NAME, NULL);
    record_add(&more, "base", PAIR_NAME, "DC=x");
    record_add(&more, "said", PAIR_FREE, NULL);
    record_move(&record, &more);
    ck_assert_uint_eq(more.count, 0);
    char *text = written(&record);
    ck_assert_str_eq(text, "a title\nversion: 1.2\n\nsearch: \nbase: DC=x\n");
    free(text);
}
END_TEST

/* ---- the trace ---- */

static void add_part(const char *value)
{
    struct record part = {NULL, 0};
    record_begin(&part, "part", PAIR_OURS, value);
    record_add(&part, "a", PAIR_OURS, value);
    record_add(&part, "b", PAIR_OURS, value);
    trace_add(&part);
}

static char *read_all(const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

START_TEST(nobody_wants_it)
{
    struct record record = {NULL, 0};
    ck_assert(!trace_is_on());
    add_part("lost");
    trace_collect(&record);
    ck_assert(trace_is_on());
    add_part("kept");
    trace_collect(NULL);
    ck_assert(!trace_is_on());
    add_part("late");
    char *text = written(&record);
    ck_assert_str_eq(text, "\npart: kept\na: kept\nb: kept\n");
    free(text);
}
END_TEST

START_TEST(a_file_of_ones_own)
{
    char path[] = "/tmp/dcmend-trace.XXXXXX", folder[] = "/tmp/dcmend-trace-d.XXXXXX";
    struct stat status;
    int fd = mkstemp(path);
    ck_assert_int_eq(fchmod(fd, 0644), 0);
    ck_assert_int_eq(write(fd, "before\n", 7), 7);
    close(fd);
    ck_assert_ptr_null(trace_open(path));
    add_part("one");
    ck_assert_str_eq(read_all(path), "before\n\npart: one\na: one\nb: one\n"); /* already */
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    trace_close();
    ck_assert(!trace_is_on());
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char *link = str_format("%s/link", folder), *fifo = str_format("%s/fifo", folder);
    ck_assert_int_eq(symlink(path, link), 0);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    const char *bad[] = {link, fifo, folder, "/nowhere/at/all"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err *err = trace_open(bad[i]);
        ck_assert_msg(err && err->kind == ERR_LOCAL && !trace_is_on(), "%s", bad[i]);
        err_free(err);
    }
    unlink(link);
    unlink(fifo);
    unlink(path);
    rmdir(folder);
    free(link);
    free(fifo);
}
END_TEST

enum { THREADS = 4, EACH = 200 };

static void *add_many(void *name)
{
    for (int i = 0; i < EACH; i++)
        add_part(name);
    return NULL;
}

/* Parts of several threads come one after the other, each whole. */
START_TEST(threads_do_not_mix)
{
    static char names[THREADS][8] = {"first", "second", "third", "fourth"};
    char path[] = "/tmp/dcmend-trace.XXXXXX";
    pthread_t threads[THREADS];
    close(mkstemp(path));
    ck_assert_ptr_null(trace_open(path));
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, add_many, names[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    trace_close();
    int parts = 0;
    for (char *at = read_all(path); *at; parts++) {
        char name[8] = "", a[8] = "", b[8] = "";
        int used = 0;
        ck_assert_int_eq(sscanf(at, "\npart: %7s\na: %7s\nb: %7s%n", name, a, b, &used), 3);
        ck_assert_str_eq(name, a);
        ck_assert_str_eq(name, b);
        at += used + 1;
    }
    ck_assert_int_eq(parts, THREADS * EACH);
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *tcase = tcase_create("record");
    tcase_add_test(tcase, lines);
    tcase_add_test(tcase, parts_stand_apart);
    tcase_add_test(tcase, nobody_wants_it);
    tcase_add_test(tcase, a_file_of_ones_own);
    tcase_add_test(tcase, threads_do_not_mix);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
