/* The UI thread's side: desks, their queues, and what was not told yet; one lock for all of it. */
#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/thread.h"
#include "src/jobs/desk_parts.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { STUCK_MAX = 4, PATIENCE_MS = 1000, FAREWELL_MS = 500 };

void desks_wake(struct desks *desks)
{
    (void)!eventfd_write(desks->fd, 1);
}

void task_append(struct task **list, struct task *task)
{
    while (*list)
        list = &(*list)->next;
    task->next = NULL;
    *list = task;
}

static bool take_out(struct task **list, const struct task *task)
{
    while (*list && *list != task)
        list = &(*list)->next;
    if (!*list)
        return false;
    *list = task->next;
    return true;
}

void task_drop(struct task *task)
{
    task->kind->drop(task->work);
    err_free(task->err);
    cancel_free(task->cancel);
    free(task);
}

static void drop_tasks(struct task *list)
{
    while (list) {
        struct task *next = list->next;
        task_drop(list);
        list = next;
    }
}

bool task_may_begin_again(void *work)
{
    (void)work;
    return true;
}

/* ---- under the lock ---- */

static size_t stuck(const struct desks *desks)
{
    size_t count = 0;
    for (const struct hand *hand = desks->hands; hand; hand = hand->next)
        count += !hand->desk && hand->task;
    return count;
}

static struct err *cannot_start(const char *why)
{
    return err_next(err_new(ERR_LOCAL, ERR_OTHER, "No further work can be started: %s.", why),
                    "Leave dcmend (q) and start it again.");
}

/* The password goes with the first hand. */
static struct hand *hand_new(struct desk *desk)
{
    struct hand *hand = mem_zero(1, sizeof *hand);
    *hand = (struct hand){.desks = desk->desks,
                          .desk = desk,
                          .signs_in = desk->signs_in,
                          .forbid_writes = desk->forbid_writes,
                          .spent = desk->spent};
    signin_copy(&hand->signin, &desk->signin);
    server_copy(&hand->first, &desk->first);
    return hand;
}

static struct err *start_hand(struct desk *desk)
{
    struct desks *desks = desk->desks;
    if (stuck(desks) >= STUCK_MAX)
        return cannot_start("four earlier attempts still wait for the network");
    struct hand *hand = hand_new(desk);
    hand->next = desks->hands;
    desks->hands = desk->hand = hand;
    if (thread_start(hand_main, hand)) {
        desk->spent = desk->spent || desk->signin.password;
        secret_free(desk->signin.password);
        desk->signin.password = NULL;
        return NULL;
    }
    desks->hands = hand->next;
    desk->hand = NULL;
    server_release(&hand->first);
    signin_release(&hand->signin);
    free(hand);
    return cannot_start("the system gives no thread");
}

static void call_off(struct task *task)
{
    if (task->off_since)
        return;
    task->off_since = clock_ms();
    if (!task->kind->stays)
        cancel_raise(task->cancel);
}

/* What it does is called off, and it frees itself. */
static void leave_hand(struct desk *desk)
{
    struct hand *hand = desk->hand;
    desk->hand = NULL;
    if (!hand)
        return;
    hand->desk = NULL;
    if (hand->task)
        call_off(hand->task);
    pthread_cond_broadcast(&desk->desks->changed);
}

/* Whoever is asked gets a thread, or what is queued ends with the reason why there is none. */
static void seat_hand(struct desk *desk)
{
    struct err *err = desk->hand ? NULL : start_hand(desk);
    while (err && desk->queue) {
        struct task *task = desk->queue;
        desk->queue = task->next;
        task->err = err_copy(err);
        task_append(&desk->desks->ended, task);
        desks_wake(desk->desks);
    }
    err_free(err);
}

/* Somebody waits for a hand that does not come back from what was called off. */
static void replace_stuck(struct desk *desk)
{
    const struct task *task = desk->hand ? desk->hand->task : NULL;
    if (!task || !desk->queue || !task->off_since || task->kind->stays ||
        clock_ms() - task->off_since < PATIENCE_MS)
        return;
    log_line("task %s is stuck: its thread is left behind", task->kind->name);
    leave_hand(desk);
    seat_hand(desk);
}

/* Of a desk that is left; the ends that were not told go with it. Dropped without the lock. */
static struct task *tasks_of(struct desk *desk)
{
    struct task *tasks = desk->queue;
    for (struct task **at = &desk->desks->ended; *at;) {
        struct task *task = *at;
        if (task->desk == desk) {
            *at = task->next;
            task_append(&tasks, task);
        } else {
            at = &task->next;
        }
    }
    return tasks;
}

/* ---- what the UI thread calls ---- */

struct desks *desks_new(void)
{
    struct desks *desks = mem_zero(1, sizeof *desks);
    pthread_condattr_t attr;
    pthread_mutex_init(&desks->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&desks->changed, &attr);
    pthread_condattr_destroy(&attr);
    desks->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return desks;
}

int desks_fd(const struct desks *desks)
{
    return desks->fd;
}

struct desk *desk_new(struct desks *desks, const struct signin *signin, bool forbid_writes)
{
    struct desk *desk = mem_zero(1, sizeof *desk);
    desk->desks = desks;
    desk->signs_in = signin != NULL;
    desk->forbid_writes = forbid_writes;
    signin_init(&desk->signin);
    if (signin)
        signin_copy(&desk->signin, signin);
    pthread_mutex_lock(&desks->lock);
    desk->next = desks->desks;
    desks->desks = desk;
    pthread_mutex_unlock(&desks->lock);
    return desk;
}

void desk_leave(struct desk *desk)
{
    if (!desk)
        return;
    struct desks *desks = desk->desks;
    struct desk **at = &desks->desks;
    pthread_mutex_lock(&desks->lock);
    while (*at != desk)
        at = &(*at)->next;
    *at = desk->next;
    struct task *tasks = tasks_of(desk);
    leave_hand(desk);
    pthread_mutex_unlock(&desks->lock);
    drop_tasks(tasks);
    server_release(&desk->first);
    signin_release(&desk->signin);
    free(desk);
}

struct task *desk_ask(struct desk *desk, const struct task_kind *kind, void *work)
{
    struct desks *desks = desk->desks;
    struct task *task = mem_zero(1, sizeof *task);
    *task = (struct task){
        .desks = desks, .desk = desk, .kind = kind, .work = work, .cancel = cancel_new()};
    pthread_mutex_lock(&desks->lock);
    task_append(&desk->queue, task);
    seat_hand(desk);
    pthread_cond_broadcast(&desks->changed);
    pthread_mutex_unlock(&desks->lock);
    return task;
}

void desk_call_off(struct task *task)
{
    if (!task)
        return;
    struct desks *desks = task->desks;
    pthread_mutex_lock(&desks->lock);
    log_line("task %s is called off", task->kind->name);
    bool idle = take_out(&task->desk->queue, task) || take_out(&desks->ended, task);
    if (!idle)
        call_off(task);
    pthread_mutex_unlock(&desks->lock);
    if (idle)
        task_drop(task);
}

static bool progress_news(struct desks *desks, struct desk_news *news)
{
    for (struct hand *hand = desks->hands; hand; hand = hand->next) {
        struct task *task = hand->task;
        if (!hand->desk || !task || !task->moved || task->off_since)
            continue;
        task->moved = false;
        *news = (struct desk_news){.task = task, .progress = task->progress};
        return true;
    }
    return false;
}

static bool ended_news(struct desks *desks, struct desk_news *news)
{
    struct task *task = desks->ended;
    if (!task)
        return false;
    desks->ended = task->next;
    *news = (struct desk_news){.task = task,
                               .ended = true,
                               .progress = task->progress,
                               .work = task->work,
                               .err = task->err,
                               .signed_out = task->signed_out,
                               .by_password = task->by_password};
    cancel_free(task->cancel);
    free(task);
    return true;
}

bool desks_news(struct desks *desks, struct desk_news *news)
{
    eventfd_t drained;
    (void)!eventfd_read(desks->fd, &drained);
    pthread_mutex_lock(&desks->lock);
    for (struct desk *desk = desks->desks; desk; desk = desk->next)
        replace_stuck(desk);
    bool any = progress_news(desks, news) || ended_news(desks, news);
    pthread_mutex_unlock(&desks->lock);
    return any;
}

static void await_hands(struct desks *desks)
{
    struct timespec until = clock_in(FAREWELL_MS);
    while (desks->hands && pthread_cond_timedwait(&desks->changed, &desks->lock, &until) == 0)
        ;
}

/* The lock and the list outlive us for threads that are still stuck: nothing of theirs is freed. */
bool desks_free(struct desks *desks)
{
    if (!desks)
        return false;
    for (struct desk *next, *desk = desks->desks; desk; desk = next) {
        next = desk->next;
        desk_leave(desk);
    }
    pthread_mutex_lock(&desks->lock);
    await_hands(desks);
    bool busy = desks->hands != NULL;
    pthread_mutex_unlock(&desks->lock);
    if (busy)
        return true;
    close(desks->fd);
    pthread_cond_destroy(&desks->changed);
    pthread_mutex_destroy(&desks->lock);
    free(desks);
    return false;
}
