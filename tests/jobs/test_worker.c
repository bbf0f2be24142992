/* Jobs, the pipe, and what becomes of a job that was called off. */
#include "src/jobs/worker.h"

#include "src/base/mem.h"
#include "tests/suite.h"

#include <check.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define LEAKS_COUNT true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_COUNT true
#endif
#endif
#ifndef LEAKS_COUNT
#define LEAKS_COUNT false
#endif

struct work {
    bool waits; /* until it is called off */
    bool deaf;  /* ... or until the gate opens */
    int steps, result;
};

static atomic_int dropped;
static int gate = -1, started = -1, ended = -1; /* poll readable once it is so */

static void await(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    ck_assert_int_eq(poll(&wanted, 1, 10000), 1);
}

static void run(struct job *job, void *argument)
{
    struct work *work = argument;
    for (int i = 0; i < work->steps; i++)
        job_progress(job, (size_t)i + 1);
    (void)eventfd_write(started, 1);
    if (work->waits)
        await(cancel_fd(job_cancel(job)));
    if (work->deaf)
        await(gate);
    work->result = 42;
    (void)eventfd_write(ended, 1);
}

static void drop(void *argument)
{
    free(argument);
    atomic_fetch_add(&dropped, 1);
}

static const struct job_kind kind = {"test", run, drop, NULL};

static struct job *start(struct workers *workers, struct work work)
{
    struct work *record = mem_zero(1, sizeof *record);
    struct job *job = NULL;
    *record = work;
    struct err *err = workers_start(workers, &kind, record, &job);
    ck_assert_msg(!err && job, "%s", err ? err->text : "no job");
    return job;
}

/* The end of a job; progress on the way is checked. */
static void await_end(struct workers *workers, struct job *job, size_t steps)
{
    struct job_news news;
    size_t last = 0;
    for (;;) {
        await(workers_fd(workers));
        while (workers_news(workers, &news, NULL, NULL)) {
            ck_assert_ptr_eq(news.job, job);
            ck_assert(news.progress >= last && news.progress <= steps);
            last = news.progress;
            if (!news.ended)
                continue;
            ck_assert_uint_eq(last, steps);
            ck_assert_int_eq(((struct work *)news.work)->result, 42);
            drop(news.work);
            return;
        }
    }
}

START_TEST(a_job_brings_its_work_back)
{
    struct workers *workers = workers_new();
    await_end(workers, start(workers, (struct work){.steps = 100}), 100);
    await_end(workers, start(workers, (struct work){.steps = 0}), 0);
    ck_assert_int_eq(atomic_load(&dropped), 2);
    workers_free(workers);
}
END_TEST

static void salvage(void *context, const struct job_kind *which, void *work)
{
    ck_assert_ptr_eq(which, &kind);
    *(int *)context += ((struct work *)work)->result;
}

START_TEST(a_forgotten_job_is_dropped)
{
    struct workers *workers = workers_new();
    struct job_news news;
    int saved = 0;
    workers_forget(workers, NULL);
    workers_forget(workers, start(workers, (struct work){.waits = true, .steps = 3}));
    while (atomic_load(&dropped) == 0) {
        await(workers_fd(workers));
        ck_assert(!workers_news(workers, &news, salvage, &saved));
    }
    ck_assert_int_eq(atomic_load(&dropped), 1);
    ck_assert_int_eq(saved, 42);
    workers_free(workers);
}
END_TEST

START_TEST(four_stuck_ones_are_enough)
{
    struct workers *workers = workers_new();
    struct job_news news;
    struct job *job;
    for (int i = 0; i < 4; i++)
        workers_forget(workers, start(workers, (struct work){.deaf = true}));
    struct err *err = workers_start(workers, &kind, mem_zero(1, sizeof(struct work)), &job);
    ck_assert(err_is(err, ERR_OTHER) && err->kind == ERR_LOCAL && !job);
    ck_assert_int_eq(atomic_load(&dropped), 1);
    err_free(err);
    ck_assert_int_eq(eventfd_write(gate, 1), 0);
    while (atomic_load(&dropped) < 5) {
        await(workers_fd(workers));
        ck_assert(!workers_news(workers, &news, NULL, NULL));
    }
    await_end(workers, start(workers, (struct work){.steps = 1}), 1);
    workers_free(workers);
}
END_TEST

START_TEST(leaving_waits_for_nobody)
{
    struct workers *workers = workers_new();
    struct job *job = start(workers, (struct work){.waits = true});
    ck_assert_ptr_nonnull(job);
    await(started);
    workers_free(workers); /* raises the cancel; a job that still runs keeps its record */
    await(ended);
}
END_TEST

static void reset(void)
{
    atomic_store(&dropped, 0);
    gate = eventfd(0, EFD_CLOEXEC);
    started = eventfd(0, EFD_CLOEXEC);
    ended = eventfd(0, EFD_CLOEXEC);
}

static void tidy(void)
{
    close(gate);
    close(started);
    close(ended);
}

int main(void)
{
    Suite *suite = suite_create("worker");
    TCase *tests = tcase_create("worker"), *leaving = tcase_create("leaving");
    tcase_add_checked_fixture(tests, reset, tidy);
    tcase_add_checked_fixture(leaving, reset, NULL);
    tcase_add_test(tests, a_job_brings_its_work_back);
    tcase_add_test(tests, a_forgotten_job_is_dropped);
    tcase_add_test(tests, four_stuck_ones_are_enough);
    suite_add_tcase(suite, tests);
    if (!LEAKS_COUNT) /* what is left behind is meant to be */
        tcase_add_test(leaving, leaving_waits_for_nobody);
    suite_add_tcase(suite, leaving);
    return suite_run(suite);
}
