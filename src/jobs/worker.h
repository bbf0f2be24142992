/* Work that may block runs here, on a thread of its own per job; the UI thread gets the result
 * through a pipe and never waits. A job that is called off is told so (its cancel is raised) and
 * forgotten: when it ends its result is thrown away, however long DNS or Kerberos hold it up. */
#ifndef DCMEND_WORKER_H
#define DCMEND_WORKER_H

#include "src/base/cancel.h"
#include "src/base/err.h"

#include <stdbool.h>

struct workers;
struct job;
struct session;

struct job_kind {
    const char *name;
    void (*run)(struct job *job, void *work); /* on the job's thread; may block */
    void (*drop)(void *work);                 /* frees the work and what it holds */
    struct session *(*take)(void *work);      /* the session out of the work; NULL: it has none */
};

struct workers *workers_new(void);
/* Raises every cancel. True: jobs still run and were left behind; the caller leaves by _exit(). */
bool workers_free(struct workers *workers);
int workers_fd(const struct workers *workers); /* polls readable when a message waits */

/* Starts a job; work is the job's from now on. ERR_LOCAL when no thread can be had or when four
 * forgotten ones are still stuck (work is dropped then). */
struct err *workers_start(struct workers *workers, const struct job_kind *kind, void *work,
                          struct job **out);
/* Calls the job off: its cancel is raised, and it is the caller's no longer. NULL is fine. */
void workers_forget(struct workers *workers, struct job *job);

/* In run(): the wish to stop, and a word to the UI about how far it is (latest one wins). */
struct cancel *job_cancel(struct job *job);
void job_progress(struct job *job, size_t done);

/* A message for the UI thread: progress, or the end with the work handed back. */
struct job_news {
    struct job *job;
    bool ended;
    size_t progress;
    void *work; /* when ended: the caller's again, to be dropped by the kind's drop() */
};
/* The next message; false when there is none. News of forgotten jobs never appears; their work is
 * offered to salvage (may be NULL) before it is dropped: a session in it can be taken out. */
bool workers_news(struct workers *workers, struct job_news *news,
                  void (*salvage)(void *context, const struct job_kind *kind, void *work),
                  void *context);

#endif
