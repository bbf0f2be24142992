/* One record serves all readings of the screen. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct browse_work *browse_work_new(enum browse_what what, bool deleted, const struct guid *guid)
{
    struct browse_work *work = mem_zero(1, sizeof *work);
    work->what = what;
    work->deleted = deleted;
    if (guid)
        work->guid = *guid;
    return work;
}

static void tell(void *context, size_t done)
{
    task_progress(context, done);
}

static struct err *run(struct task *task, struct session *session, void *argument)
{
    struct browse_work *work = argument;
    switch (work->what) {
    case READ_SITES:
        return browse_sites(session, work->deleted, &work->nodes);
    case READ_FOREST:
        return browse_servers(session, NULL, work->deleted, tell, task, &work->nodes);
    case READ_VERDICTS:
        return scan_run(session, task_cancel(task), tell, task, &work->scan);
    case READ_OBJECT:
        break;
    }
    return browse_object(session, &work->guid, NULL, &work->object);
}

static void release(struct browse_work *work)
{
    browse_release(&work->nodes);
    scan_release(&work->scan);
    browse_object_release(&work->object);
}

static bool again(void *work)
{
    release(work);
    return true;
}

static void drop(void *work)
{
    release(work);
    free(work);
}

const struct task_kind work_browse = {.name = "browse", .run = run, .drop = drop, .again = again};
