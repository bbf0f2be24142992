/* One record is shared by the caller and all threads; each holds a reference, the last one frees
 * it. Every field of a member is read and written under the lock, but its errand, which belongs to
 * the thread while it runs. */
#include "src/base/crew.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/thread.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum { STUCK_MOST = 32, SLICE = 50, GRACE_MS = 500 };
enum member_state {
    MEMBER_WAITS,
    MEMBER_RUNS,
    MEMBER_ENDED,
    MEMBER_DONE,
    MEMBER_LEFT,
    MEMBER_GONE
};

struct member {
    struct shared *shared;
    void *errand;
    struct cancel *cancel;
    enum member_state state;
    int64_t deadline;
};

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    size_t references;
    const struct errand_kind *kind;
    struct member *members;
    size_t count;
};

/* ---- the record ---- */

static struct shared *shared_new(const struct errand_kind *kind, void **errands, size_t count)
{
    struct shared *shared = mem_zero(1, sizeof *shared);
    pthread_condattr_t attr;
    pthread_mutex_init(&shared->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&shared->ended, &attr);
    pthread_condattr_destroy(&attr);
    shared->references = 1;
    shared->kind = kind;
    shared->members = mem_zero(count, sizeof *shared->members);
    shared->count = count;
    for (size_t i = 0; i < count; i++)
        shared->members[i] = (struct member){.shared = shared, .errand = errands[i]};
    return shared;
}

/* Gives the lock and one reference back. */
static void shared_leave(struct shared *shared)
{
    bool last = --shared->references == 0;
    pthread_mutex_unlock(&shared->lock);
    if (!last)
        return;
    for (size_t i = 0; i < shared->count; i++)
        cancel_free(shared->members[i].cancel);
    free(shared->members);
    pthread_cond_destroy(&shared->ended);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

/* ---- a thread ---- */

static void *run_member(void *argument)
{
    struct member *member = argument;
    struct shared *shared = member->shared;
    shared->kind->run(member->errand, member->cancel);
    pthread_mutex_lock(&shared->lock);
    if (member->state == MEMBER_LEFT) { /* ours alone now; its end may block as well */
        pthread_mutex_unlock(&shared->lock);
        shared->kind->drop(member->errand);
        pthread_mutex_lock(&shared->lock);
        member->state = MEMBER_GONE;
    } else {
        member->state = MEMBER_ENDED;
    }
    pthread_cond_signal(&shared->ended);
    shared_leave(shared);
    return NULL;
}

/* ---- the caller, under the lock ---- */

struct tally {
    size_t waiting, running, done, left, gone;
};

static struct tally tally(const struct shared *shared)
{
    struct tally t = {.waiting = 0};
    for (size_t i = 0; i < shared->count; i++) {
        enum member_state state = shared->members[i].state;
        t.waiting += state == MEMBER_WAITS;
        t.running += state == MEMBER_RUNS;
        t.done += state == MEMBER_DONE;
        t.left += state == MEMBER_LEFT;
        t.gone += state == MEMBER_GONE;
    }
    return t;
}

static void start_next(struct shared *shared, const struct crew *crew)
{
    struct tally t = tally(shared);
    for (size_t i = 0; i < shared->count && t.running < crew->at_once; i++) {
        struct member *member = &shared->members[i];
        if (member->state != MEMBER_WAITS || t.left >= STUCK_MOST)
            continue;
        member->state = MEMBER_RUNS;
        member->cancel = cancel_new(); /* a descriptor: only those that run have one */
        member->deadline = clock_ms() + crew->each_ms;
        shared->references++;
        if (thread_start(run_member, member)) {
            t.running++;
        } else {
            shared->references--;
            member->state = MEMBER_DONE; /* it did not run */
        }
    }
}

static void leave(struct member *member)
{
    member->state = MEMBER_LEFT;
    cancel_raise(member->cancel);
}

/* True: one has come home or was left. */
static bool settle(struct shared *shared, bool all)
{
    bool any = false;
    int64_t now = clock_ms();
    for (size_t i = 0; i < shared->count; i++) {
        struct member *member = &shared->members[i];
        bool ended = member->state == MEMBER_ENDED;
        bool late = member->state == MEMBER_RUNS && (all || now >= member->deadline);
        if (ended) {
            member->state = MEMBER_DONE;
            cancel_free(member->cancel);
            member->cancel = NULL;
        } else if (late)
            leave(member);
        any = any || ended || late;
    }
    return any;
}

static void wait_slice(struct shared *shared)
{
    struct timespec until = clock_in(SLICE);
    (void)pthread_cond_timedwait(&shared->ended, &shared->lock, &until);
}

static void tell(struct shared *shared, const struct crew *crew)
{
    struct tally t = tally(shared);
    if (!crew->progress)
        return;
    pthread_mutex_unlock(&shared->lock);
    crew->progress(crew->context, t.done + t.left + t.gone, shared->count);
    pthread_mutex_lock(&shared->lock);
}

/* since: when the first one had won; 0: none yet. */
static bool has_won(const struct shared *shared, const struct crew *crew, int64_t *since)
{
    bool earlier = false; /* one that is preferred is still under way */
    for (size_t i = 0; crew->won && i < shared->count; i++) {
        const struct member *member = &shared->members[i];
        if (member->state == MEMBER_DONE && crew->won(member->errand)) {
            *since = *since ? *since : clock_ms();
            return !earlier || clock_ms() - *since >= GRACE_MS;
        }
        earlier = earlier || member->state == MEMBER_WAITS || member->state == MEMBER_RUNS;
    }
    return false;
}

void crew_run(const struct crew *crew, const struct errand_kind *kind, void **errands, size_t count,
              struct cancel *cancel)
{
    if (count == 0)
        return;
    struct shared *shared = shared_new(kind, errands, count);
    int64_t since = 0;
    pthread_mutex_lock(&shared->lock);
    while (!cancel_raised(cancel)) {
        if (settle(shared, false))
            tell(shared, crew);
        if (has_won(shared, crew, &since))
            break;
        start_next(shared, crew);
        if (tally(shared).running == 0)
            break;
        wait_slice(shared);
    }
    if (settle(shared, true))
        tell(shared, crew);
    for (size_t i = 0; i < count; i++)
        if (shared->members[i].state == MEMBER_LEFT || shared->members[i].state == MEMBER_GONE)
            errands[i] = NULL;
    shared_leave(shared);
}
