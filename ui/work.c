/* Each kind is a few small functions: make the record, run the plain blocking function on the
 * desk's thread, put the record back to its beginning, drop it. */
#include "ui/work.h"

#include "src/base/mem.h"
#include "src/directory/dns.h"
#include "src/jobs/apply.h"
#include "src/jobs/inspect.h"

#include <stdlib.h>

/* --- connect: the desk signs in before its first task; this one asks who answers --- */

struct server *connect_work_new(void)
{
    return mem_zero(1, sizeof(struct server));
}

static struct err *run_connect(struct task *task, struct session *session, void *work)
{
    (void)task;
    server_copy(work, session_server(session));
    return NULL;
}

static void drop_connect(void *work)
{
    server_release(work);
    free(work);
}

const struct task_kind work_connect = {.name = "connect", .run = run_connect, .drop = drop_connect};

/* --- find --- */

struct find_work *find_work_new(const char *domain)
{
    struct find_work *work = mem_zero(1, sizeof *work);
    work->domain = mem_text(domain);
    return work;
}

static struct err *run_find(struct task *task, struct session *session, void *argument)
{
    (void)task, (void)session;
    struct find_work *work = argument;
    struct dns_srvs found = {NULL, 0};
    struct err *err = dns_find_dcs(work->domain, &found);
    for (size_t i = 0; i < found.count; i++)
        strs_add(&work->hosts, found.items[i].host);
    dns_srvs_release(&found);
    return err;
}

static void drop_find(void *argument)
{
    struct find_work *work = argument;
    strs_release(&work->hosts);
    free(work->domain);
    free(work);
}

const struct task_kind work_find = {.name = "find", .run = run_find, .drop = drop_find};

/* --- the ticket at hand --- */

struct ticket_look *ticket_work_new(void)
{
    return mem_zero(1, sizeof(struct ticket_look));
}

static struct err *run_ticket(struct task *task, struct session *session, void *argument)
{
    (void)task, (void)session;
    ticket_look(argument);
    return NULL;
}

static void drop_ticket(void *argument)
{
    ticket_look_release(argument);
    free(argument);
}

const struct task_kind work_ticket = {.name = "ticket", .run = run_ticket, .drop = drop_ticket};

/* --- copies --- */

/* Asks with the session's ticket; touches no network yet. */
static struct copies_work *copies_work_new(const struct session *session, const struct facts *facts,
                                           const char *source)
{
    struct copies_work *work = mem_zero(1, sizeof *work);
    work->asked = facts->asked;
    copies_prepare(session, facts, source, &work->copies);
    return work;
}

static void tell(void *task, size_t done, size_t total)
{
    (void)total;
    task_progress(task, done);
}

static struct err *run_copies(struct task *task, struct session *session, void *argument)
{
    (void)session;
    struct copies_work *work = argument;
    copies_run(&work->copies, task_cancel(task), tell, task);
    return NULL;
}

static void drop_copies(void *argument)
{
    struct copies_work *work = argument;
    copies_release(&work->copies);
    free(work);
}

const struct task_kind work_copies = {.name = "copies", .run = run_copies, .drop = drop_copies};

/* --- inspect --- */

struct inspect_work *inspect_work_new(const struct subject *subject, size_t which, bool picked)
{
    struct inspect_work *work = mem_zero(1, sizeof *work);
    subject_copy(&work->subject, subject);
    work->which = which;
    work->picked = picked;
    facts_init(&work->facts);
    return work;
}

static struct err *run_inspect(struct task *task, struct session *session, void *argument)
{
    (void)task;
    struct inspect_work *work = argument;
    struct err *err = work->full ? inspect_full(session, &work->subject, work->which, work->picked,
                                                work->source, &work->facts, NULL)
                                 : inspect(session, &work->subject, work->which, work->picked,
                                           &work->facts, NULL);
    if (!err)
        work->copies = copies_work_new(session, &work->facts, work->source);
    return err;
}

static void drop_inspect(void *argument)
{
    struct inspect_work *work = argument;
    subject_release(&work->subject);
    facts_release(&work->facts);
    if (work->copies)
        drop_copies(work->copies);
    free(work);
}

const struct task_kind work_inspect = {
    .name = "inspect", .run = run_inspect, .drop = drop_inspect, .again = task_may_begin_again};

/* --- apply, and verify --- */

struct apply_work *apply_work_new(const struct plan *plan, const struct subject *subject,
                                  size_t which, const struct apply_report *report)
{
    struct apply_work *work = mem_zero(1, sizeof *work);
    work->plan = plan_copy(plan);
    subject_copy(&work->subject, subject);
    work->which = which;
    apply_report_copy(&work->report, report);
    return work;
}

static void drop_apply(void *argument)
{
    struct apply_work *work = argument;
    plan_free(work->plan);
    subject_release(&work->subject);
    apply_report_release(&work->report);
    free(work);
}

struct apply_run {
    struct apply_work *work;
    struct task *task;
};

static struct err *complete(void *context, struct session *session, struct facts *facts)
{
    const struct apply_run *run = context;
    return inspect_complete((void *)run->work->source, session, facts);
}

static void tell_step(void *context, const struct apply_report *report)
{
    const struct apply_run *run = context;
    task_progress(run->task, (size_t)report->steps[report->step_count - 1].kind);
}

static struct err *run_apply(struct task *task, struct session *session, void *argument)
{
    struct apply_work *work = argument;
    struct apply_run run = {work, task};
    struct apply_hooks hooks = {.progress = tell_step, .complete = complete, .context = &run};
    return apply(session, work->plan, &work->subject, work->which, &work->report, &hooks);
}

/* The DC had closed the idle connection: everything is read again anyway. */
static bool apply_again(void *argument)
{
    struct apply_work *work = argument;
    struct apply_report *report = &work->report, fresh;
    if (report->state != APPLY_NOTHING_SENT || report->journal_path ||
        !plan_is_confirmed(work->plan))
        return false;
    apply_report_init(&fresh);
    fresh.journal_id = mem_text(report->journal_id);
    fresh.first_identity = mem_text(report->first_identity);
    apply_report_release(report);
    *report = fresh;
    return true;
}

const struct task_kind work_apply = {
    .name = "apply", .run = run_apply, .drop = drop_apply, .again = apply_again, .stays = true};

static struct err *run_verify(struct task *task, struct session *session, void *argument)
{
    (void)task;
    struct apply_work *work = argument;
    return apply_verify(session, work->plan, &work->report);
}

const struct task_kind work_verify = {.name = "verify", .run = run_verify, .drop = drop_apply};
