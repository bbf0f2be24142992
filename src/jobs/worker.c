/* Each job is a record that two sides hold: the thread that runs it and the UI thread that waits
 * for it. All records stand in one list under one lock; the pipe carries no data, only "look at the
 * list". A thread blocks all signals, so that the UI thread alone sees them. */
#include "src/jobs/worker.h"

#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { STUCK_MAX = 4 };

struct job {
    struct workers *workers;
    const struct job_kind *kind;
    void *work;
    struct cancel *cancel;
    struct job *next;
    bool forgotten, ended;
    size_t progress;
    bool moved; /* progress not told yet */
};

struct workers {
    pthread_mutex_t lock;
    int fd;
    struct job *jobs;
};

struct workers *workers_new(void)
{
    struct workers *workers = mem_zero(1, sizeof *workers);
    pthread_mutex_init(&workers->lock, NULL);
    workers->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return workers;
}

int workers_fd(const struct workers *workers)
{
    return workers->fd;
}

static void wake(struct workers *workers)
{
    (void)!eventfd_write(workers->fd, 1);
}

struct cancel *job_cancel(struct job *job)
{
    return job->cancel;
}

void job_progress(struct job *job, size_t done)
{
    pthread_mutex_lock(&job->workers->lock);
    job->progress = done;
    job->moved = true;
    pthread_mutex_unlock(&job->workers->lock);
    wake(job->workers);
}

static void *run_job(void *argument)
{
    struct job *job = argument;
    struct workers *workers = job->workers;
    job->kind->run(job, job->work);
    pthread_mutex_lock(&workers->lock);
    job->ended = true;
    wake(workers); /* under the lock: afterwards workers_free() may be through with all of it */
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

static size_t stuck(struct workers *workers)
{
    size_t count = 0;
    for (struct job *job = workers->jobs; job; job = job->next)
        count += job->forgotten && !job->ended;
    return count;
}

static void free_job(struct job *job)
{
    cancel_free(job->cancel);
    free(job);
}

static void unlink_job(struct workers *workers, struct job *job)
{
    struct job **at = &workers->jobs;
    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
}

static struct err *cannot_start(const char *why)
{
    return err_next(err_new(ERR_LOCAL, ERR_OTHER, "No further work can be started: %s.", why),
                    "Leave dcmend (q) and start it again.");
}

struct err *workers_start(struct workers *workers, const struct job_kind *kind, void *work,
                          struct job **out)
{
    struct job *job = mem_zero(1, sizeof *job);
    *job = (struct job){.workers = workers, .kind = kind, .work = work, .cancel = cancel_new()};
    pthread_mutex_lock(&workers->lock);
    bool full = stuck(workers) >= STUCK_MAX;
    if (!full) {
        job->next = workers->jobs;
        workers->jobs = job;
    }
    pthread_mutex_unlock(&workers->lock);
    bool failed = !full && !thread_start(run_job, job);
    if (!full && !failed) {
        log_line("job %s started", kind->name);
        *out = job;
        return NULL;
    }
    *out = NULL;
    if (failed) {
        pthread_mutex_lock(&workers->lock);
        unlink_job(workers, job);
        pthread_mutex_unlock(&workers->lock);
    }
    kind->drop(work);
    free_job(job);
    return cannot_start(full ? "four earlier attempts still wait for the network"
                             : "the system gives no thread");
}

void workers_forget(struct workers *workers, struct job *job)
{
    if (!job)
        return;
    cancel_raise(job->cancel);
    pthread_mutex_lock(&workers->lock);
    job->forgotten = true;
    pthread_mutex_unlock(&workers->lock);
    log_line("job %s called off", job->kind->name);
    wake(workers); /* it may have ended already */
}

/* The first job with something to say; under the lock. */
static struct job *find_news(struct workers *workers)
{
    for (struct job *job = workers->jobs; job; job = job->next)
        if (job->ended || (job->moved && !job->forgotten))
            return job;
    return NULL;
}

bool workers_news(struct workers *workers, struct job_news *news,
                  void (*salvage)(void *context, const struct job_kind *kind, void *work),
                  void *context)
{
    eventfd_t drained;
    (void)!eventfd_read(workers->fd, &drained);
    for (;;) {
        pthread_mutex_lock(&workers->lock);
        struct job *job = find_news(workers);
        bool ended = job && job->ended;
        if (ended)
            unlink_job(workers, job);
        if (job)
            *news = (struct job_news){job, ended, job->progress, ended ? job->work : NULL};
        if (job && !ended)
            job->moved = false;
        bool forgotten = job && job->forgotten;
        pthread_mutex_unlock(&workers->lock);
        if (!job)
            return false;
        if (!ended)
            return true;
        if (!forgotten) {
            log_line("job %s ended", job->kind->name);
            free_job(job); /* its address still tells the caller which one it was */
            return true;
        }
        if (salvage)
            salvage(context, job->kind, job->work);
        job->kind->drop(job->work);
        free_job(job);
    }
}

/* The lock and the list outlive us for threads that are still stuck: nothing of theirs is freed. */
bool workers_free(struct workers *workers)
{
    if (!workers)
        return false;
    struct job_news news;
    pthread_mutex_lock(&workers->lock);
    for (struct job *job = workers->jobs; job; job = job->next) {
        job->forgotten = true;
        cancel_raise(job->cancel);
    }
    pthread_mutex_unlock(&workers->lock);
    while (workers_news(workers, &news, NULL, NULL))
        ;
    pthread_mutex_lock(&workers->lock);
    bool busy = workers->jobs != NULL;
    pthread_mutex_unlock(&workers->lock);
    if (busy)
        return true;
    close(workers->fd);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
    return false;
}
