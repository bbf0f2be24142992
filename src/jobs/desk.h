/* Desks: where work that may block is done. A desk has a thread of its own, which alone owns the
 * desk's session and never gives it away; tasks are queued to it, done one after the other, and
 * their ends come back through a pipe. The UI thread never waits.
 *
 * A desk is one generation of answers: whoever signs in anew, on another DC or as somebody else,
 * leaves the old desk and takes a new one. What the old one still does is called off and thrown
 * away, never told.
 *
 * A lost connection, or one that fell silent for a whole deadline, is the desk's own affair: with a
 * ticket it signs in again by itself, on the same DSA as the same person, before the next task or,
 * where the task may be begun again, under it. What was signed in with a password is not: the task
 * comes back undone (signed_out).
 *
 * DNS and Kerberos keep no deadline of ours. A thread that is stuck with a task that was called off
 * is left behind as soon as somebody waits for it, and the desk gets another one; four of these at
 * most. */
#ifndef DCMEND_DESK_H
#define DCMEND_DESK_H

#include "src/base/cancel.h"
#include "src/base/err.h"
#include "src/directory/session.h"

#include <stdbool.h>
#include <stddef.h>

struct desks; /* all desks of the program, and their pipe */
struct desk;
struct task; /* the caller's until its end was told, it was called off, or its desk was left */

struct task_kind {
    const char *name;
    /* On the desk's thread; may block. The session is signed in; NULL at a desk without one. It
     * listens to task_cancel() already. */
    struct err *(*run)(struct task *task, struct session *session, void *work);
    void (*drop)(void *work); /* frees the work and what it holds; any thread */
    /* The connection was lost under it: puts the work back to its beginning, and true: it may be
     * run once more on a new one. NULL: never. */
    bool (*again)(void *work);
    bool stays; /* it writes: once begun it cannot be called off */
};

/* For `again` where there is nothing to put back: true. */
bool task_may_begin_again(void *work);

struct desks *desks_new(void);
/* Leaves every desk, and waits 0.5 s for their threads. True: some are still at work and were left
 * behind; the caller leaves by _exit(). */
bool desks_free(struct desks *desks);
int desks_fd(const struct desks *desks); /* polls readable when there is news */

/* signin (copied, NULL: a desk without a session): its password is sent once, by the first task;
 * the copy is cleared then. forbid_writes: session_forbid_writes(). Touches no network. */
struct desk *desk_new(struct desks *desks, const struct signin *signin, bool forbid_writes);
/* Frees it; its tasks, and ends that were not told yet, are dropped. NULL is fine. */
void desk_leave(struct desk *desk);

/* Queues a task; work is the desk's from now on. Where no thread can be had, or four are stuck, its
 * end is told all the same, with an ERR_LOCAL. */
struct task *desk_ask(struct desk *desk, const struct task_kind *kind, void *work);
/* It is the caller's no longer: its cancel is raised, and its end will not be told. One that stays
 * and has begun goes on to its end all the same. NULL is fine. */
void desk_call_off(struct task *task);

/* In run(): the wish to stop, and a word to the UI about how far it is (the latest one wins). */
struct cancel *task_cancel(struct task *task);
void task_progress(struct task *task, size_t done);

struct desk_news {
    struct task *task; /* once ended it only tells which one it was */
    bool ended;
    size_t progress;
    void *work;       /* ended: the caller's again, to be dropped by the kind's drop() */
    struct err *err;  /* ended: what run() returned, or why there is no session; the caller's */
    bool signed_out;  /* ended: it was not run, or is back at its beginning: there is no session */
    bool by_password; /* signed_out: nothing went wrong but that the password is needed again */
};
/* The next piece of news; false: none. */
bool desks_news(struct desks *desks, struct desk_news *news);

#endif
