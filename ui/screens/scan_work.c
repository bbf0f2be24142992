/* The forest from one DC's copy, or from every DC's. */
#include "ui/screens/scan_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

enum { PROGRESS_BITS = 16 }; /* both numbers travel as one */

struct scan_work *scan_work_new(bool every_dc)
{
    struct scan_work *work = mem_zero(1, sizeof *work);
    work->every_dc = every_dc;
    return work;
}

void scan_progress(size_t progress, size_t *done, size_t *total)
{
    *done = progress & (((size_t)1 << PROGRESS_BITS) - 1);
    *total = progress >> PROGRESS_BITS;
}

static void tell(void *task, size_t servers)
{
    task_progress(task, servers);
}

static void tell_dcs(void *task, size_t done, size_t total)
{
    task_progress(task, total << PROGRESS_BITS | done);
}

static struct err *run(struct task *task, struct session *session, void *argument)
{
    struct scan_work *work = argument;
    const struct server *server = session_server(session);
    struct every_dc_way way = {.progress = tell_dcs, .context = task};
    mem_set(&work->host, server->dns_host ? server->dns_host : server->host);
    if (work->every_dc)
        return every_dc_run(session, task_cancel(task), &way, &work->every);
    return scan_run(session, task_cancel(task), tell, task, &work->every.scan);
}

static bool again(void *argument)
{
    struct scan_work *work = argument;
    every_dc_release(&work->every);
    return true;
}

static void drop(void *argument)
{
    struct scan_work *work = argument;
    every_dc_release(&work->every);
    free(work->host);
    free(work);
}

const struct task_kind work_scan = {.name = "scan", .run = run, .drop = drop, .again = again};
