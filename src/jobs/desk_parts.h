/* Shared by desk.c (the UI thread's side) and desk_hand.c (the threads). */
#ifndef DCMEND_DESK_PARTS_H
#define DCMEND_DESK_PARTS_H

#include "src/jobs/desk.h"

#include <pthread.h>
#include <stdint.h>

/* In its desk's queue, in a hand, or among the ends that were not told yet. */
struct task {
    struct desks *desks;
    struct desk *desk;
    const struct task_kind *kind;
    void *work;
    struct cancel *cancel;
    struct task *next;
    int64_t off_since; /* ms, monotonic; 0: it was not called off */
    size_t progress;
    bool moved; /* progress that was not told yet */
    struct err *err;
    bool signed_out, by_password;
};

/* A thread and its session. It and its desk know each other until they part: then the hand is
 * left, ends what it cannot stop, and frees itself. */
struct hand {
    struct desks *desks;
    struct desk *desk; /* NULL: it was left */
    struct hand *next;
    struct task *task; /* what it does now */
    /* the thread's own: */
    struct session *session;
    bool signs_in, forbid_writes;
    struct signin signin;
    bool spent;          /* there was a password, and it is gone */
    struct server first; /* who answered at the first sign-in; host NULL: nobody yet */
};

struct desk {
    struct desks *desks;
    struct desk *next;
    struct hand *hand;  /* NULL: nobody sits here now */
    struct task *queue; /* the next first */
    bool signs_in, forbid_writes, spent;
    struct signin signin;
    struct server first;
};

struct desks {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int fd;
    struct desk *desks;
    struct hand *hands;
    struct task *ended; /* the oldest first */
};

/* Under the lock. */
void desks_wake(struct desks *desks);
void task_append(struct task **list, struct task *task);
void task_drop(struct task *task); /* without the lock: what the work holds may take its time */

void *hand_main(void *hand); /* desk_hand.c: a thread, from its first task to its end */

#endif
