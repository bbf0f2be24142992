/* One record serves all readings of the screen; the session goes with it and comes back. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct browse_work *browse_work_new(struct app *app)
{
    struct session *session = app_lend_session(app);
    if (!session)
        return NULL;
    struct browse_work *work = mem_zero(1, sizeof *work);
    work->session = session;
    return work;
}

static void tell(void *context, size_t done)
{
    job_progress(context, done);
}

static void run(struct job *job, void *argument)
{
    struct browse_work *work = argument;
    session_set_cancel(work->session, job_cancel(job));
    if (work->what == READ_SITES)
        work->err = browse_sites(work->session, work->deleted, &work->nodes);
    else if (work->what == READ_FOREST)
        work->err = browse_servers(work->session, NULL, work->deleted, tell, job, &work->nodes);
    else if (work->what == READ_VERDICTS)
        work->err = scan_run(work->session, job_cancel(job), tell, job, &work->scan);
    else
        work->err = browse_object(work->session, work->has_guid ? &work->guid : NULL, work->dn,
                                  &work->object);
    session_set_cancel(work->session, NULL);
}

static void drop(void *argument)
{
    struct browse_work *work = argument;
    session_close(work->session);
    browse_release(&work->nodes);
    scan_release(&work->scan);
    browse_object_release(&work->object);
    err_free(work->err);
    free(work->dn);
    free(work);
}

static struct session *take(void *argument)
{
    struct browse_work *work = argument;
    struct session *session = work->session;
    work->session = NULL;
    return session;
}

const struct job_kind work_browse = {"browse", run, drop, take};
