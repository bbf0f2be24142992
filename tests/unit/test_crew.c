/* Errands side by side: all come home, the slow ones are left behind, a cancel is heard. */
#include "src/base/crew.h"

#include "src/base/mem.h"
#include "tests/suite.h"

#include <check.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct errand {
    int ms;
    int drop_ms; /* how long its end takes */
    bool heeds;  /* ends when it is called off */
    bool ran;    /* written by the thread, read by the caller */
};

static atomic_int running, most_running;
static int dropped = -1; /* counts, and polls readable */

static void run(void *argument, struct cancel *cancel)
{
    struct errand *errand = argument;
    int now = atomic_fetch_add(&running, 1) + 1;
    if (now > atomic_load(&most_running))
        atomic_store(&most_running, now);
    errand->ran = true;
    struct pollfd called_off = {.fd = errand->heeds ? cancel_fd(cancel) : -1, .events = POLLIN};
    (void)poll(&called_off, 1, errand->ms);
    atomic_fetch_sub(&running, 1);
}

static void drop(void *argument)
{
    (void)poll(NULL, 0, ((struct errand *)argument)->drop_ms);
    free(argument);
    ck_assert_int_eq(eventfd_write(dropped, 1), 0);
}

static const struct errand_kind kind = {run, drop};

static struct errand *errand_new(int ms, bool heeds)
{
    struct errand *errand = mem_zero(1, sizeof *errand);
    errand->ms = ms;
    errand->heeds = heeds;
    return errand;
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* So that no thread outlives the test. */
static void await_dropped(int count)
{
    for (; count > 0; count--) {
        struct pollfd fd = {.fd = dropped, .events = POLLIN};
        eventfd_t one;
        ck_assert_int_eq(poll(&fd, 1, 10000), 1);
        ck_assert_int_eq(eventfd_read(dropped, &one), 0);
    }
}

static void note(void *context, size_t done, size_t total)
{
    size_t *last = context;
    ck_assert(done >= *last && done <= total);
    *last = done;
}

START_TEST(all_come_home)
{
    void *errands[20];
    size_t last = 0;
    for (int i = 0; i < 20; i++)
        errands[i] = errand_new(i % 4 * 10, false);
    struct crew crew = {8, 20000, note, &last, NULL};
    crew_run(&crew, &kind, errands, 20, NULL);
    ck_assert_uint_eq(last, 20);
    ck_assert_int_le(atomic_load(&most_running), 8);
    for (int i = 0; i < 20; i++) {
        struct errand *errand = errands[i];
        ck_assert(errand && errand->ran);
        free(errand);
    }
}
END_TEST

START_TEST(the_slow_are_left_behind)
{
    void *errands[6];
    size_t last = 0;
    long began = now_ms();
    for (int i = 0; i < 6; i++)
        errands[i] = errand_new(i % 2 ? 1500 : 0, i == 1);
    struct crew crew = {2, 100, note, &last, NULL};
    crew_run(&crew, &kind, errands, 6, NULL);
    ck_assert_int_lt(now_ms() - began, 1200);
    ck_assert_uint_eq(last, 6);
    for (int i = 0; i < 6; i++) {
        struct errand *errand = errands[i];
        ck_assert_msg((errand != NULL) == (i % 2 == 0), "%d", i);
        free(errand);
    }
    await_dropped(3);
}
END_TEST

/* What was left behind ends at its leisure: nobody waits for it. */
START_TEST(a_slow_end_holds_nobody_up)
{
    struct errand *left = errand_new(5000, true), *other = errand_new(400, false);
    void *errands[2] = {left, other};
    size_t last = 0;
    long began = now_ms();
    left->drop_ms = 2000;
    struct crew crew = {1, 500, note, &last, NULL};
    crew_run(&crew, &kind, errands, 2, NULL);
    ck_assert_int_lt(now_ms() - began, 1500);
    ck_assert(!errands[0] && errands[1] == other);
    free(other);
    await_dropped(1);
}
END_TEST

static void raise_later(void *context, size_t done, size_t total)
{
    (void)total;
    if (done == 1)
        cancel_raise(context);
}

START_TEST(a_cancel_is_heard)
{
    void *errands[5];
    struct cancel *cancel = cancel_new();
    for (int i = 0; i < 5; i++)
        errands[i] = errand_new(i == 0 ? 0 : 3000, true);
    struct crew crew = {2, 20000, raise_later, cancel, NULL};
    long began = now_ms();
    crew_run(&crew, &kind, errands, 5, cancel);
    ck_assert_int_lt(now_ms() - began, 2000);
    int left = 0, unstarted = 0;
    for (int i = 0; i < 5; i++) {
        struct errand *errand = errands[i];
        left += !errand;
        unstarted += errand && !errand->ran;
        free(errand);
    }
    ck_assert(left >= 1 && left <= 2);
    ck_assert_int_eq(left + unstarted, 4);
    await_dropped(left);
    cancel_free(cancel);
}
END_TEST

START_TEST(nothing_to_do)
{
    struct crew crew = {8, 100, NULL, NULL, NULL};
    crew_run(&crew, &kind, NULL, 0, NULL);
}
END_TEST

START_TEST(not_too_many_get_stuck)
{
    enum { COUNT = 60 };
    void *errands[COUNT];
    int left = 0;
    for (int i = 0; i < COUNT; i++)
        errands[i] = errand_new(1200, false);
    struct crew crew = {8, 20, NULL, NULL, NULL};
    crew_run(&crew, &kind, errands, COUNT, NULL);
    for (int i = 0; i < COUNT; i++) {
        left += !errands[i];
        free(errands[i]);
    }
    ck_assert_int_ge(left, 32);
    ck_assert_int_le(left, 32 + 8);
    await_dropped(left);
}
END_TEST

/* Those that end late count no more: the ones behind them still get their turn. Each ends when some
 * behind it were left too, so that none comes home however slow the machine is. */
static atomic_size_t left_behind;
enum { LATE = 60, BEHIND = 5 };

static void run_late(void *argument, struct cancel *cancel)
{
    size_t end = (size_t)((struct errand *)argument)->ms;
    (void)cancel;
    while (atomic_load(&left_behind) < end)
        (void)poll(NULL, 0, 1);
}

static void count_left(void *context, size_t done, size_t total)
{
    (void)context;
    (void)total;
    atomic_store(&left_behind, done);
}

START_TEST(who_came_late_frees_its_place)
{
    static const struct errand_kind late = {run_late, drop};
    void *errands[LATE];
    for (int i = 0; i < LATE; i++)
        errands[i] = errand_new(i + BEHIND < LATE ? i + BEHIND : LATE, false);
    struct crew crew = {.at_once = 2, .each_ms = 20, .progress = count_left};
    crew_run(&crew, &late, errands, LATE, NULL);
    for (int i = 0; i < LATE; i++)
        ck_assert_ptr_null(errands[i]);
    await_dropped(LATE);
}
END_TEST

static void reset(void)
{
    atomic_store(&running, 0);
    atomic_store(&most_running, 0);
    dropped = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
}

static void tidy(void)
{
    close(dropped);
}

static bool is_quick(const void *errand)
{
    return ((const struct errand *)errand)->ms < 1000;
}

START_TEST(the_first_to_win_ends_it)
{
    struct crew crew = {.at_once = 4, .each_ms = 60000, .won = is_quick};
    void *errands[4];
    long before = now_ms();
    for (size_t i = 0; i < 4; i++)
        errands[i] = errand_new(i == 2 ? 0 : 30000, true);
    crew_run(&crew, &kind, errands, 4, NULL);
    ck_assert_int_lt(now_ms() - before, 20000);
    for (size_t i = 0; i < 4; i++)
        ck_assert((errands[i] != NULL) == (i == 2));
    free(errands[2]);
    await_dropped(3);
}
END_TEST

/* The order of the list is an order of preference: it decides where several answer at once. */
START_TEST(who_is_preferred_gets_a_moment_more)
{
    struct crew crew = {.at_once = 3, .each_ms = 60000, .won = is_quick};
    void *errands[3];
    for (size_t i = 0; i < 3; i++)
        errands[i] = errand_new(i == 0 ? 150 : i == 1 ? 0 : 30000, true);
    crew_run(&crew, &kind, errands, 3, NULL);
    ck_assert_ptr_nonnull(errands[0]);
    ck_assert_ptr_nonnull(errands[1]);
    ck_assert_ptr_null(errands[2]);
    free(errands[0]);
    free(errands[1]);
    await_dropped(1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crew");
    TCase *tests = tcase_create("crew");
    tcase_add_checked_fixture(tests, reset, tidy);
    tcase_add_test(tests, all_come_home);
    tcase_add_test(tests, the_slow_are_left_behind);
    tcase_add_test(tests, a_slow_end_holds_nobody_up);
    tcase_add_test(tests, a_cancel_is_heard);
    tcase_add_test(tests, nothing_to_do);
    tcase_add_test(tests, not_too_many_get_stuck);
    tcase_add_test(tests, the_first_to_win_ends_it);
    tcase_add_test(tests, who_is_preferred_gets_a_moment_more);
    tcase_add_test(tests, who_came_late_frees_its_place);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
