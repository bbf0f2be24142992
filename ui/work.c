/* Each kind is three small functions: make the record, run the plain blocking function on the job's
 * thread, drop the record. */
#include "ui/work.h"

#include "src/base/mem.h"
#include "src/directory/dns.h"
#include "src/jobs/apply.h"
#include "src/jobs/inspect.h"

#include <stdlib.h>

static struct session *take(struct session **field)
{
    struct session *session = *field;
    *field = NULL;
    return session;
}

struct connect_work *connect_work_new(const struct signin *signin, bool forbid_writes)
{
    struct connect_work *work = mem_zero(1, sizeof *work);
    signin_copy(&work->signin, signin);
    work->forbid_writes = forbid_writes;
    return work;
}

static void run_connect(struct job *job, void *argument)
{
    struct connect_work *work = argument;
    work->err = session_open(&work->signin, &deadlines_default, job_cancel(job), &work->session);
    secret_free(work->signin.password); /* sent once; no longer needed */
    work->signin.password = NULL;
    if (work->session)
        session_set_cancel(work->session, NULL);
    if (work->session && work->forbid_writes)
        session_forbid_writes(work->session);
}

static void drop_connect(void *argument)
{
    struct connect_work *work = argument;
    signin_release(&work->signin);
    session_close(work->session);
    err_free(work->err);
    free(work);
}

static struct session *take_connect(void *work)
{
    return take(&((struct connect_work *)work)->session);
}

const struct job_kind work_connect = {"connect", run_connect, drop_connect, take_connect};

struct find_work *find_work_new(void)
{
    return mem_zero(1, sizeof(struct find_work));
}

static void run_find(struct job *job, void *argument)
{
    (void)job;
    struct find_work *work = argument;
    struct dns_srvs found = {NULL, 0};
    work->err = dns_find_dcs(NULL, &found);
    for (size_t i = 0; i < found.count; i++)
        strs_add(&work->hosts, found.items[i].host);
    dns_srvs_release(&found);
}

static void drop_find(void *argument)
{
    struct find_work *work = argument;
    strs_release(&work->hosts);
    err_free(work->err);
    free(work);
}

const struct job_kind work_find = {"find", run_find, drop_find, NULL};

struct inspect_work *inspect_work_new(struct session *session, const struct subject *subject,
                                      size_t which, bool picked)
{
    struct inspect_work *work = mem_zero(1, sizeof *work);
    work->session = session;
    subject_copy(&work->subject, subject);
    work->which = which;
    work->picked = picked;
    facts_init(&work->facts);
    return work;
}

static void run_inspect(struct job *job, void *argument)
{
    struct inspect_work *work = argument;
    session_set_cancel(work->session, job_cancel(job));
    work->err = work->full ? inspect_full(work->session, &work->subject, work->which, work->picked,
                                          work->source, &work->facts, NULL)
                           : inspect(work->session, &work->subject, work->which, work->picked,
                                     &work->facts, NULL);
    session_set_cancel(work->session, NULL);
}

static void drop_inspect(void *argument)
{
    struct inspect_work *work = argument;
    session_close(work->session);
    subject_release(&work->subject);
    facts_release(&work->facts);
    err_free(work->err);
    free(work);
}

static struct session *take_inspect(void *work)
{
    return take(&((struct inspect_work *)work)->session);
}

const struct job_kind work_inspect = {"inspect", run_inspect, drop_inspect, take_inspect};

struct copies_work *copies_work_new(const struct session *session, const struct facts *facts,
                                    const char *source)
{
    struct copies_work *work = mem_zero(1, sizeof *work);
    work->asked = facts->asked;
    copies_prepare(session, facts, source, &work->copies);
    return work;
}

static void tell(void *context, size_t done, size_t total)
{
    (void)total;
    job_progress(context, done);
}

static void run_copies(struct job *job, void *argument)
{
    struct copies_work *work = argument;
    copies_run(&work->copies, job_cancel(job), tell, job);
}

static void drop_copies(void *argument)
{
    struct copies_work *work = argument;
    copies_release(&work->copies);
    free(work);
}

const struct job_kind work_copies = {"copies", run_copies, drop_copies, NULL};

struct apply_work *apply_work_new(struct session *session, const struct signin *signin,
                                  const struct plan *plan, const struct subject *subject,
                                  size_t which, bool verify)
{
    struct apply_work *work = mem_zero(1, sizeof *work);
    work->session = session;
    signin_copy(&work->signin, signin);
    work->plan = plan_copy(plan);
    subject_copy(&work->subject, subject);
    work->which = which;
    work->verify = verify;
    apply_report_init(&work->report);
    return work;
}

static void run_verify(struct apply_work *work, struct job *job)
{
    struct err *err =
        session_open(&work->signin, &deadlines_default, job_cancel(job), &work->session);
    if (!err) {
        session_set_cancel(work->session, NULL);
        session_forbid_writes(work->session); /* it looks, it never repeats */
        err = apply_verify(work->session, work->plan, &work->report);
    }
    if (err) {
        err_free(work->report.err);
        work->report.err = err;
    }
}

struct apply_run {
    struct apply_work *work;
    struct job *job;
};

static struct err *complete(void *context, struct session *session, struct facts *facts)
{
    const struct apply_run *run = context;
    return inspect_complete((void *)run->work->source, session, facts);
}

static void tell_step(void *context, const struct apply_report *report)
{
    const struct apply_run *run = context;
    job_progress(run->job, (size_t)report->steps[report->step_count - 1].kind);
}

static struct err *carry_out(struct apply_work *work, struct job *job)
{
    struct apply_run run = {work, job};
    struct apply_hooks hooks = {.progress = tell_step, .complete = complete, .context = &run};
    return apply(work->session, work->plan, &work->subject, work->which, &work->report, &hooks);
}

static bool nothing_began(const struct apply_work *work)
{
    return work->report.state == APPLY_NOTHING_SENT && !work->report.journal_path &&
           plan_is_confirmed(work->plan) && !work->by_password;
}

static struct err *apply_anew(struct apply_work *work, struct job *job)
{
    char *id = mem_text(work->report.journal_id);
    session_close(work->session);
    work->session = NULL;
    struct err *err =
        session_open(&work->signin, &deadlines_default, job_cancel(job), &work->session);
    if (err) { /* it says more than that the old connection is gone */
        err_free(work->report.err);
        work->report.err = NULL;
        free(id);
        return err;
    }
    session_set_cancel(work->session, NULL);
    apply_report_release(&work->report);
    apply_report_init(&work->report);
    work->report.journal_id = id;
    return carry_out(work, job);
}

static void run_apply(struct job *job, void *argument)
{
    struct apply_work *work = argument;
    if (work->verify) {
        run_verify(work, job);
        return;
    }
    struct err *err = carry_out(work, job);
    if (err_is(err, ERR_LOST) && nothing_began(work)) {
        err_free(err); /* the DC had closed the idle connection: everything is read again anyway */
        err = apply_anew(work, job);
    }
    if (err && !work->report.err)
        work->report.err = err;
    else
        err_free(err);
}

static void drop_apply(void *argument)
{
    struct apply_work *work = argument;
    session_close(work->session);
    signin_release(&work->signin);
    plan_free(work->plan);
    subject_release(&work->subject);
    apply_report_release(&work->report);
    free(work);
}

static struct session *take_apply(void *work)
{
    return take(&((struct apply_work *)work)->session);
}

const struct job_kind work_apply = {"apply", run_apply, drop_apply, take_apply};

struct session *work_take_session(const struct job_kind *kind, void *work)
{
    return kind->take ? kind->take(work) : NULL;
}
