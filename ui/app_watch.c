/* After a verified change the Report watches the links that failed with 8589, every few seconds,
 * until they recover; leaving the Report ends it. */
#include "ui/app_parts.h"

#include "src/base/mem.h"
#include "src/jobs/watch.h"

#include <stdlib.h>

enum { WATCH_MS = 5000 };

struct watch_work {
    struct guid dsa;
    struct watch watch; /* out */
};

static struct err *run(struct task *task, struct session *session, void *argument)
{
    (void)task;
    struct watch_work *work = argument;
    return watch_read(session, &work->dsa, &work->watch);
}

static void drop(void *argument)
{
    struct watch_work *work = argument;
    watch_release(&work->watch);
    free(work);
}

static const struct task_kind work_watch = {
    .name = "watch", .run = run, .drop = drop, .again = task_may_begin_again};

static void done(struct app *app, void *argument, struct err *err)
{
    struct watch_work *work = argument;
    struct wizard *w = &app->wizard;
    mem_set(&app->watch_trouble, err ? err->text : NULL);
    if (!err && w->judged && guid_equal(&w->facts.asked, &work->dsa)) {
        watch_merge(&work->watch, &w->facts);
        app->watch_read = time(NULL);
    }
    err_free(err); /* the next look may do better */
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

time_t app_watched(const struct app *app)
{
    time_t verified = app->wizard.report.verified_at;
    return verified && app->watch_read >= verified ? app->watch_read : 0;
}

void app_watch(struct app *app)
{
    int64_t now = app_now_ms(app);
    if (!app_is_watching(app) || app_is_reading(app) || now - app->watched < WATCH_MS)
        return;
    app->watched = now;
    struct watch_work *work = mem_zero(1, sizeof *work);
    work->dsa = app->wizard.facts.asked;
    (void)app_read_quietly(app, &work_watch, work, done);
}
