/* Desks: tasks and their ends, what becomes of those that were called off, the session that nobody
 * else gets, and every order of what can go wrong. */
#include "src/jobs/desk.h"

#include "src/base/mem.h"
#include "tests/jobs/fake_session.h"
#include "tests/suite.h"

#include <check.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

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

struct errand {
    bool waits;   /* until it is called off */
    bool deaf;    /* ... or until the gate opens */
    bool loses;   /* its connection, the first time */
    bool silence; /* ... by a time-out */
    int steps, runs, result;
    bool called_off; /* what its cancel said at the end */
};

static atomic_int dropped, begun, closed_gate;
static struct desks *desks;

static void wait_until(const atomic_int *value, int least)
{
    for (int i = 0; i < 10000 && atomic_load(value) < least; i++)
        (void)poll(NULL, 0, 1);
    ck_assert_int_ge(atomic_load(value), least);
}

static struct err *run(struct task *task, struct session *session, void *work)
{
    struct errand *errand = work;
    errand->runs++;
    for (int i = 0; i < errand->steps; i++)
        task_progress(task, (size_t)i + 1);
    atomic_fetch_add(&begun, 1);
    if (errand->waits)
        (void)poll(&(struct pollfd){.fd = cancel_fd(task_cancel(task)), .events = POLLIN}, 1,
                   10000);
    while (errand->deaf && atomic_load(&closed_gate))
        (void)poll(NULL, 0, 1);
    if (errand->loses && errand->runs == 1)
        fake_lose();
    if (session && session_lost(session))
        return err_new(ERR_NETWORK, errand->silence ? ERR_TIMED_OUT : ERR_LOST, "It was lost.");
    errand->called_off = cancel_raised(task_cancel(task));
    errand->result = 42;
    return NULL;
}

static void drop(void *work)
{
    free(work);
    atomic_fetch_add(&dropped, 1);
}

static const struct task_kind reading = {"reading", run, drop, task_may_begin_again, false};
static const struct task_kind writing = {"writing", run, drop, NULL, true};

static struct task *ask_kind(struct desk *desk, const struct task_kind *kind, struct errand errand)
{
    struct errand *record = mem_zero(1, sizeof *record);
    *record = errand;
    return desk_ask(desk, kind, record);
}

static struct task *ask(struct desk *desk, struct errand errand)
{
    return ask_kind(desk, &reading, errand);
}

/* The end of a task; progress on the way is checked. */
static struct desk_news await_end(const struct task *task, size_t steps)
{
    struct desk_news news;
    size_t last = 0;
    for (int i = 0; i < 10000; i++) {
        (void)poll(&(struct pollfd){.fd = desks_fd(desks), .events = POLLIN}, 1, 20);
        while (desks_news(desks, &news)) {
            ck_assert_ptr_eq(news.task, task);
            ck_assert(news.progress >= last && news.progress <= steps);
            last = news.progress;
            if (news.ended)
                return news;
        }
    }
    ck_abort_msg("it does not end");
    return news;
}

static void done(const struct task *task, size_t steps)
{
    struct desk_news news = await_end(task, steps);
    ck_assert_msg(!news.err, "%s", news.err ? news.err->text : "");
    ck_assert_int_eq(((struct errand *)news.work)->result, 42);
    ck_assert_uint_eq(news.progress, steps);
    drop(news.work);
}

static void fails(const struct task *task, enum err_code code, bool by_password)
{
    struct desk_news news = await_end(task, 0);
    ck_assert_msg(err_is(news.err, code), "%s", news.err ? news.err->text : "it did not fail");
    ck_assert_int_eq(news.by_password, by_password);
    err_free(news.err);
    drop(news.work);
}

static void silence(void)
{
    struct desk_news news;
    ck_assert(!desks_news(desks, &news));
}

static struct desk *desk_at(const char *host, bool password)
{
    struct signin signin;
    signin_init(&signin);
    signin.host = mem_text(host);
    if (password) {
        signin.password = secret_new();
        (void)secret_add(signin.password, "sesame", 6);
    }
    struct desk *desk = desk_new(desks, &signin, false);
    signin_release(&signin);
    return desk;
}

static void setup(void)
{
    atomic_store(&dropped, 0);
    atomic_store(&begun, 0);
    atomic_store(&closed_gate, 1);
    fake_reset();
    desks = desks_new();
}

static void teardown(void)
{
    atomic_store(&closed_gate, 0);
    fake_release();
    ck_assert(!desks_free(desks));
    ck_assert_int_eq(fake_open(), 0);
}

/* ---- tasks ---- */

START_TEST(a_task_brings_its_work_back)
{
    struct desk *desk = desk_new(desks, NULL, false);
    done(ask(desk, (struct errand){.steps = 100}), 100);
    done(ask(desk, (struct errand){.steps = 0}), 0);
    struct task *first = ask(desk, (struct errand){.steps = 0}),
                *second = ask(desk, (struct errand){.steps = 0});
    done(first, 0);
    done(second, 0);
    ck_assert_int_eq(atomic_load(&dropped), 4);
    ck_assert_int_eq(fake_sign_ins(), 0);
}
END_TEST

/* While it runs, before it has begun, and when it has ended untold. */
START_TEST(what_is_called_off_is_never_told)
{
    struct desk *desk = desk_at("a", false);
    desk_call_off(NULL);
    struct task *running = ask(desk, (struct errand){.waits = true, .steps = 3}),
                *queued = ask(desk, (struct errand){.steps = 3});
    wait_until(&begun, 1);
    desk_call_off(queued);
    ck_assert_int_eq(atomic_load(&dropped), 1);
    desk_call_off(running);
    wait_until(&dropped, 2);
    struct task *ended = ask(desk, (struct errand){.steps = 0});
    wait_until(&begun, 2);
    (void)poll(&(struct pollfd){.fd = desks_fd(desks), .events = POLLIN}, 1, 1000);
    desk_call_off(ended);
    wait_until(&dropped, 3);
    silence();
    done(ask(desk, (struct errand){.steps = 1}), 1);
    ck_assert_int_eq(fake_sign_ins(), 1); /* the session outlives them */
}
END_TEST

START_TEST(a_desk_that_was_left_is_never_heard)
{
    struct desk *old = desk_at("a", false), *new = desk_at("b", false);
    ask(old, (struct errand){.steps = 1});
    wait_until(&begun, 1);
    ask(old, (struct errand){.waits = true, .steps = 1});
    ask(old, (struct errand){.steps = 1});
    wait_until(&begun, 2);
    desk_leave(old);
    desk_leave(NULL);
    wait_until(&dropped, 3);
    silence();
    done(ask(new, (struct errand){.steps = 1}), 1);
}
END_TEST

START_TEST(a_write_is_not_called_off)
{
    struct desk *desk = desk_at("a", false);
    struct task *task = ask_kind(desk, &writing, (struct errand){.deaf = true});
    wait_until(&begun, 1);
    desk_call_off(task);
    struct task *next = ask(desk, (struct errand){.steps = 0});
    (void)poll(NULL, 0, 1200); /* longer than anybody else is waited for */
    silence();
    ck_assert_int_eq(atomic_load(&begun), 1);
    atomic_store(&closed_gate, 0);
    done(next, 0);
    ck_assert_int_eq(atomic_load(&dropped), 2);
}
END_TEST

/* ---- threads ---- */

START_TEST(four_stuck_ones_are_enough)
{
    for (int i = 0; i < 4; i++) {
        struct desk *desk = desk_new(desks, NULL, false);
        ask(desk, (struct errand){.deaf = true});
        wait_until(&begun, i + 1);
        desk_leave(desk);
    }
    struct desk *desk = desk_new(desks, NULL, false);
    fails(ask(desk, (struct errand){.steps = 0}), ERR_OTHER, false);
    atomic_store(&closed_gate, 0);
    wait_until(&dropped, 5);
    silence();
    struct desk_news news = {.err = NULL};
    for (int i = 0; i == 0 || news.err; i++) { /* the last one may not have left its thread yet */
        ck_assert_int_lt(i, 1000);
        err_free(news.err);
        news = await_end(ask(desk, (struct errand){.steps = 0}), 0);
        drop(news.work);
        (void)poll(NULL, 0, 1);
    }
}
END_TEST

START_TEST(no_thread_is_an_error)
{
    struct desk *desk = desk_at("a", false);
    fake_threads(false);
    struct desk_news news = await_end(ask(desk, (struct errand){.steps = 0}), 0);
    ck_assert(news.err && news.err->kind == ERR_LOCAL && news.err->next && !news.signed_out);
    err_free(news.err);
    drop(news.work);
    fake_threads(true);
    done(ask(desk, (struct errand){.steps = 0}), 0);
}
END_TEST

/* Called off while Kerberos is stuck: the next task does not wait for it. */
START_TEST(a_stuck_thread_is_left_behind)
{
    struct desk *desk = desk_at("a", false);
    fake_sign_in(FAKE_DEAF);
    struct task *task = ask(desk, (struct errand){.steps = 0});
    while (fake_sign_ins() == 0)
        (void)poll(NULL, 0, 1);
    fake_sign_in(FAKE_OPENS);
    desk_call_off(task);
    done(ask(desk, (struct errand){.steps = 0}), 0);
    ck_assert_int_eq(fake_sign_ins(), 2);
    fake_release();
    wait_until(&dropped, 2);
}
END_TEST

START_TEST(a_stuck_thread_without_another)
{
    struct desk *desk = desk_at("a", false);
    desk_call_off(ask(desk, (struct errand){.deaf = true}));
    if (atomic_load(&dropped) == 0) { /* it had begun */
        fake_threads(false);
        fails(ask(desk, (struct errand){.steps = 0}), ERR_OTHER, false);
    }
    fake_threads(true);
    done(ask(desk, (struct errand){.steps = 0}), 0);
}
END_TEST

START_TEST(no_desks_are_left)
{
    ck_assert(!desks_free(NULL));
}
END_TEST

START_TEST(leaving_waits_for_nobody)
{
    struct timespec from, to;
    struct desk *desk = desk_at("a", false);
    ask(desk, (struct errand){.deaf = true});
    wait_until(&begun, 1);
    clock_gettime(CLOCK_MONOTONIC, &from);
    ck_assert(desks_free(desks));
    clock_gettime(CLOCK_MONOTONIC, &to);
    ck_assert_int_lt(to.tv_sec - from.tv_sec, 3);
    atomic_store(&closed_gate, 0);
    wait_until(&dropped, 1);
}
END_TEST

/* ---- the session ---- */

START_TEST(a_lost_connection_is_made_again)
{
    struct desk *desk = desk_at("a", false);
    done(ask(desk, (struct errand){.steps = 0}), 0);
    fake_lose();
    done(ask(desk, (struct errand){.steps = 0}), 0);
    ck_assert_int_eq(fake_sign_ins(), 2);
    for (int silence = 0; silence <= 1; silence++) {
        struct errand errand = {.loses = true, .silence = silence};
        struct desk_news news = await_end(ask(desk, errand), 0);
        ck_assert(!news.err && !news.signed_out);
        ck_assert_int_eq(((struct errand *)news.work)->runs, 2);
        ck_assert_int_eq(fake_sign_ins(), 3 + silence);
        drop(news.work);
    }
}
END_TEST

START_TEST(what_may_not_be_begun_again_fails)
{
    struct desk *desk = desk_at("a", false);
    struct desk_news news = await_end(ask_kind(desk, &writing, (struct errand){.loses = true}), 0);
    ck_assert(err_is(news.err, ERR_LOST) && !news.signed_out);
    ck_assert_int_eq(((struct errand *)news.work)->runs, 1);
    err_free(news.err);
    drop(news.work);
}
END_TEST

START_TEST(a_password_is_asked_for_again)
{
    struct desk *desk = desk_at("a", true);
    done(ask(desk, (struct errand){.steps = 0}), 0);
    fails(ask(desk, (struct errand){.loses = true}), ERR_LOST, true);
    struct desk_news news = await_end(ask(desk, (struct errand){.steps = 0}), 0);
    ck_assert(news.signed_out && news.by_password);
    ck_assert_int_eq(((struct errand *)news.work)->runs, 0);
    err_free(news.err);
    drop(news.work);
    ck_assert_int_eq(fake_passwords(), 1);
    ck_assert_int_eq(fake_sign_ins(), 1);
}
END_TEST

START_TEST(a_sign_in_that_fails_is_told)
{
    struct desk *desk = desk_at("a", false);
    fake_sign_in(FAKE_REFUSES);
    fails(ask(desk, (struct errand){.steps = 0}), ERR_NO_TICKET, false);
    fake_sign_in(FAKE_OPENS);
    done(ask(desk, (struct errand){.steps = 0}), 0);
    fake_lose();
    fake_sign_in(FAKE_REFUSES);
    fails(ask(desk, (struct errand){.steps = 0}), ERR_NO_TICKET, false);
}
END_TEST

/* By itself a desk goes on with the same DSA as the same person alone. */
START_TEST(another_one_is_no_answer)
{
    struct desk *desk = desk_at("a", false);
    done(ask(desk, (struct errand){.steps = 0}), 0);
    fake_dsa(4711);
    done(ask(desk, (struct errand){.steps = 0}), 0);
    fake_lose();
    fails(ask(desk, (struct errand){.steps = 0}), ERR_CHANGED, false);
    fake_dsa(0);
    fake_identity("joe@CONTOSO.COM");
    fails(ask(desk, (struct errand){.loses = true}), ERR_CHANGED, false);
    fake_identity("kayla@CONTOSO.COM");
    done(ask(desk, (struct errand){.steps = 0}), 0);
    ck_assert_int_eq(fake_open(), 1);
}
END_TEST

/* ---- every order ---- */

enum step {
    ASK,
    ASK_WAITING,
    ASK_WRITE,
    LOSE,
    LOSE_UNDER,
    REFUSE,
    CALL_OFF,
    REPLACE,
    NO_THREAD,
    LATE, /* everything that is under way is waited for and told */
    STEPS
};
enum { ORDER = 4, MOST = 16 };

struct order {
    struct desk *desk;
    int desk_number;
    struct task *mine[MOST]; /* asked, not told, not called off */
    size_t count, asked, told;
};

static void order_ask(struct order *o, const struct task_kind *kind, struct errand errand)
{
    o->asked++;
    o->mine[o->count++] = ask_kind(o->desk, kind, errand);
}

static void order_told(struct order *o, struct desk_news *news)
{
    size_t at = 0;
    while (at < o->count && o->mine[at] != news->task)
        at++;
    ck_assert_uint_lt(at, o->count); /* nothing of an older desk, nothing that was called off */
    if (!news->ended)
        return;
    o->mine[at] = o->mine[--o->count];
    o->told++;
    ck_assert(news->err || ((struct errand *)news->work)->result == 42);
    err_free(news->err);
    drop(news->work);
}

static void order_late(struct order *o)
{
    struct desk_news news;
    for (int i = 0; o->count > 0; i++) {
        ck_assert_int_lt(i, 10000); /* everything ends */
        (void)poll(&(struct pollfd){.fd = desks_fd(desks), .events = POLLIN}, 1, 20);
        while (desks_news(desks, &news))
            order_told(o, &news);
    }
}

static void order_call_off(struct order *o)
{
    for (size_t i = 0; i < o->count; i++)
        desk_call_off(o->mine[i]);
    o->count = 0;
}

static void order_replace(struct order *o)
{
    static const char *const hosts[] = {"a", "b"};
    desk_leave(o->desk);
    o->count = 0;
    o->desk_number++;
    o->desk = desk_at(hosts[o->desk_number % 2], o->desk_number % 3 == 2);
    fake_threads(true);
    fake_sign_in(FAKE_OPENS);
}

static void order_step(struct order *o, enum step step)
{
    switch (step) {
    case ASK:
        order_ask(o, &reading, (struct errand){.steps = 2});
        break;
    case ASK_WAITING: /* it ends when it is called off, which is at once */
        order_ask(o, &reading, (struct errand){.waits = true});
        if (o->count > 0)
            desk_call_off(o->mine[--o->count]);
        break;
    case ASK_WRITE:
        order_ask(o, &writing, (struct errand){.steps = 1});
        break;
    case LOSE:
        fake_lose();
        break;
    case LOSE_UNDER:
        order_ask(o, &reading, (struct errand){.loses = true});
        break;
    case REFUSE:
        fake_sign_in(FAKE_REFUSES);
        break;
    case CALL_OFF:
        order_call_off(o);
        break;
    case REPLACE:
        order_replace(o);
        break;
    case NO_THREAD:
        fake_threads(false);
        break;
    default:
        order_late(o);
    }
}

static void one_order(unsigned number)
{
    struct order order = {.desk_number = -1};
    setup();
    order_replace(&order);
    for (int i = 0; i < ORDER; i++, number /= STEPS)
        order_step(&order, (enum step)(number % STEPS));
    fake_threads(true);
    fake_sign_in(FAKE_OPENS);
    order_step(&order, LATE);
    size_t told = order.told;
    order_ask(&order, &reading, (struct errand){.steps = 1}); /* a way on, always */
    order_step(&order, LATE);
    ck_assert_uint_eq(order.told, told + 1);
    desk_leave(order.desk);
    teardown();
    ck_assert_int_eq(atomic_load(&dropped), (int)order.asked);
}

START_TEST(every_order)
{
    unsigned orders = 1;
    for (int i = 0; i < ORDER; i++)
        orders *= STEPS;
    for (unsigned number = 0; number < orders; number++)
        one_order(number);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("desk");
    TCase *tests = tcase_create("desk"), *leaving = tcase_create("leaving"),
          *orders = tcase_create("orders");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_checked_fixture(leaving, setup, NULL);
    tcase_add_test(tests, a_task_brings_its_work_back);
    tcase_add_test(tests, what_is_called_off_is_never_told);
    tcase_add_test(tests, a_desk_that_was_left_is_never_heard);
    tcase_add_test(tests, a_write_is_not_called_off);
    tcase_add_test(tests, four_stuck_ones_are_enough);
    tcase_add_test(tests, no_thread_is_an_error);
    tcase_add_test(tests, a_stuck_thread_is_left_behind);
    tcase_add_test(tests, a_stuck_thread_without_another);
    tcase_add_test(tests, a_lost_connection_is_made_again);
    tcase_add_test(tests, what_may_not_be_begun_again_fails);
    tcase_add_test(tests, a_password_is_asked_for_again);
    tcase_add_test(tests, a_sign_in_that_fails_is_told);
    tcase_add_test(tests, another_one_is_no_answer);
    tcase_add_test(tests, no_desks_are_left);
    suite_add_tcase(suite, tests);
    if (!LEAKS_COUNT) /* what is left behind is meant to be */
        tcase_add_test(leaving, leaving_waits_for_nobody);
    suite_add_tcase(suite, leaving);
    tcase_add_test(orders, every_order);
    suite_add_tcase(suite, orders);
    return suite_run(suite);
}
