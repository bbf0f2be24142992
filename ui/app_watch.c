/* After a verified change the Report watches the links that failed with 8589, every few seconds,
 * until they recover; leaving the Report ends it. */
#include "ui/app_parts.h"

#include "src/base/mem.h"
#include "src/jobs/watch.h"

#include <stdlib.h>

enum { WATCH_SECONDS = 5 };

struct watch_work {
    struct session *session;
    struct guid dsa;
    struct watch watch; /* out */
    struct err *err;    /* out */
};

static void run(struct job *job, void *argument)
{
    struct watch_work *work = argument;
    session_set_cancel(work->session, job_cancel(job));
    work->err = watch_read(work->session, &work->dsa, &work->watch);
    session_set_cancel(work->session, NULL);
}

static void drop(void *argument)
{
    struct watch_work *work = argument;
    session_close(work->session);
    watch_release(&work->watch);
    err_free(work->err);
    free(work);
}

static struct session *take(void *argument)
{
    struct watch_work *work = argument;
    struct session *session = work->session;
    work->session = NULL;
    return session;
}

static const struct job_kind work_watch = {"watch", run, drop, take};

static void done(struct app *app, void *argument)
{
    struct watch_work *work = argument;
    struct wizard *w = &app->wizard;
    app_return_session(app, take(work));
    if (!work->err && w->judged && guid_equal(&w->facts.asked, &work->dsa))
        watch_merge(&work->watch, &w->facts);
}

static bool still_fails(const struct facts *facts)
{
    for (size_t i = 0; i < facts->link_count; i++)
        if (facts->links[i].result == 8589)
            return true;
    return false;
}

bool app_is_watching(const struct app *app)
{
    const struct wizard *w = &app->wizard;
    return w->step == STEP_REPORT && w->reported && w->judged && w->waiting == WAIT_NOTHING &&
           w->report.state == APPLY_VERIFIED && w->connected && still_fails(&w->facts);
}

void app_watch(struct app *app)
{
    time_t now = time(NULL);
    if (!app_is_watching(app) || app_is_reading(app) || now - app->watched < WATCH_SECONDS)
        return;
    struct session *session = app_lend_session(app);
    if (!session)
        return;
    app->watched = now;
    struct watch_work *work = mem_zero(1, sizeof *work);
    work->session = session;
    work->dsa = app->wizard.facts.asked;
    app_read(app, &work_watch, work, done);
}
