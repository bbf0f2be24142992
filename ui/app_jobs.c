/* Effects become jobs here, and what jobs bring back becomes events. The session is handed into the
 * record of the job that needs it and taken out again when the job ends; an effect that comes while
 * the session is still with a job that was called off waits in app->later. */
#include "ui/app_parts.h"

#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/journal.h"
#include "ui/screens/parts.h"
#include "ui/work.h"

#include <stdio.h>
#include <stdlib.h>

void app_event(struct app *app, const struct wizard_event *event)
{
    if (event->kind == EVENT_REPORT)
        mem_set(&app->notice, NULL); /* that the answer is awaited is no longer true */
    app->perform(app, wizard_update(&app->wizard, event));
}

void app_send(struct app *app, enum wizard_event_kind kind)
{
    app_event(app, &(struct wizard_event){.kind = kind});
}

static void fail(struct app *app, struct err *err)
{
    log_err(err);
    app_event(app, &(struct wizard_event){.kind = EVENT_FAILED, .err = err});
}

static void start(struct app *app, const struct job_kind *kind, void *work)
{
    workers_forget(app->workers, app->job); /* one at a time: the later wish counts */
    struct err *err = workers_start(app->workers, kind, work, &app->job);
    app->job_kind = kind;
    app->job_since = app->job_moved = time(NULL);
    app->job_progress = 0;
    if (err)
        fail(app, err);
}

static void cancel(struct app *app)
{
    workers_forget(app->workers, app->job);
    app->job = NULL;
    app->later = EFFECT_NONE;
}

static void drop_session(struct app *app)
{
    session_close(app->session);
    app->session = NULL;
    app->out = false;
}

void app_connect(struct app *app, const struct signin *signin)
{
    struct signin kept;
    signin_copy(&kept, signin);
    signin_release(&app->signin);
    app->signin = kept;
    app_event(app, &(struct wizard_event){.kind = EVENT_CONNECT, .text = app->signin.host});
}

/* The wish's host may be another than the sign-in's: the same way in, at the event's DC. A password
 * is sent to one DC only, so it is asked for again. */
static void connect_now(struct app *app)
{
    mem_set(&app->signin.host, app->wizard.host);
    if (app->needs_password && !app->signin.password) {
        app_event(app,
                  &(struct wizard_event){
                      .kind = EVENT_FAILED,
                      .err = err_next(err_new(ERR_CREDENTIALS, ERR_OTHER,
                                              "%s wants a password of its own.", app->wizard.host),
                                      "Type it to sign in there; it is sent once.")});
        return;
    }
    drop_session(app);
    app->needs_password = app->signin.password != NULL;
    start(app, &work_connect, connect_work_new(&app->signin, app->wizard.read_only));
    secret_free(app->signin.password); /* the job has the only copy now, and sends it once */
    app->signin.password = NULL;
}

/* False when the session is still with a job that was called off: the effect waits. */
static bool session_ready(struct app *app, enum wizard_effect effect)
{
    if (app->session)
        return true;
    app->later = app->out ? effect : EFFECT_NONE;
    if (!app->out) /* it was lost */
        app_event(app, &(struct wizard_event){.kind = EVENT_CONNECT, .text = app->wizard.host});
    return false;
}

static void read_now(struct app *app)
{
    struct wizard *w = &app->wizard;
    app_forget_copies(app);
    if (!session_ready(app, EFFECT_READ))
        return;
    struct session *session = app->session;
    app->session = NULL;
    app->out = true;
    struct inspect_work *work = inspect_work_new(session, &w->subject, w->which, w->picked);
    work->full = w->subject.dsas[w->which].has_guid && !guid_is_null(&app->full) &&
                 guid_equal(&app->full, &w->subject.dsas[w->which].guid);
    work->source = app->options->source;
    start(app, &work_inspect, work);
}

static void confirm_now(struct app *app)
{
    struct wizard *w = &app->wizard;
    if (!w->report.journal_id)
        w->report.journal_id = journal_new_id(w->plan, time(NULL));
    if (w->first_identity && !str_same(w->first_identity, w->server.identity))
        mem_set(&w->report.first_identity, w->first_identity);
}

static void apply_now(struct app *app, bool verify)
{
    struct wizard *w = &app->wizard;
    struct session *session = verify ? NULL : app->session;
    struct apply_work *work =
        apply_work_new(session, &app->signin, w->plan, &w->subject, w->which, verify);
    if (!verify)
        app->session = NULL;
    app->out = true;
    apply_report_copy(&work->report, &w->report);
    work->by_password = app->needs_password;
    work->source = app->options->source;
    start(app, &work_apply, work);
}

void app_perform(struct app *app, enum wizard_effect effect)
{
    switch (effect) {
    case EFFECT_NONE:
        break;
    case EFFECT_ASK_SIGN_IN:
        app->wizard.step = STEP_CONNECT;
        break;
    case EFFECT_CONNECT:
        cancel(app);
        connect_now(app);
        break;
    case EFFECT_READ:
        read_now(app);
        break;
    case EFFECT_COMPLETE:
        app_read_copies(app);
        break;
    case EFFECT_CANCEL:
        cancel(app);
        break;
    case EFFECT_CONFIRM:
        confirm_now(app);
        break;
    case EFFECT_APPLY:
    case EFFECT_VERIFY:
        apply_now(app, effect == EFFECT_VERIFY);
        break;
    case EFFECT_QUIT:
        app->quit = true;
        break;
    }
}

/* --- results --- */

static void keep_session(struct app *app, struct session *session)
{
    app->out = false;
    if (!session) { /* signing in again failed: what is wanted next begins with Connect */
        if (!app->session)
            app_send(app, EVENT_LOST);
        return;
    }
    if (session_lost(session)) {
        session_close(session);
        app_send(app, EVENT_LOST);
        return;
    }
    drop_session(app);
    app->session = session;
}

static void connect_done(struct app *app, struct connect_work *work)
{
    struct err *err = work->err;
    work->err = NULL;
    if (err) {
        fail(app, err);
        return;
    }
    struct server server;
    server_copy(&server, session_server(work->session));
    keep_session(app, work_take_session(&work_connect, work));
    remember_host(app->signin.host, app->signin.user);
    app_event(app, &(struct wizard_event){.kind = EVENT_CONNECTED, .server = &server});
    server_release(&server);
}

static void inspect_done(struct app *app, struct inspect_work *work)
{
    struct err *err = work->err;
    work->err = NULL;
    keep_session(app, work_take_session(&work_inspect, work));
    if (err)
        fail(app, err);
    else
        app_event(app, &(struct wizard_event){.kind = EVENT_READ, .facts = &work->facts});
}

static void apply_done(struct app *app, struct apply_work *work)
{
    struct plan *plan = work->plan;
    work->plan = NULL;
    keep_session(app, work_take_session(&work_apply, work));
    log_line("apply ended: %s", apply_state_name(work->report.state));
    log_err(work->report.err);
    app_event(app,
              &(struct wizard_event){.kind = EVENT_REPORT, .report = &work->report, .plan = plan});
}

static void job_done(struct app *app, void *work)
{
    const struct job_kind *kind = app->job_kind;
    app->job = NULL;
    if (kind == &work_connect)
        connect_done(app, work);
    else if (kind == &work_find)
        connect_hosts_found(app, work);
    else if (kind == &work_inspect)
        inspect_done(app, work);
    else if (kind == &work_apply)
        apply_done(app, work);
    kind->drop(work);
}

static void job_moved(struct app *app, size_t progress)
{
    if (progress != app->job_progress)
        app->job_moved = time(NULL);
    app->job_progress = progress;
}

static void side_done(struct app *app, void *work)
{
    const struct job_kind *kind = app->side_kind;
    app->side_job = NULL;
    app->side_done(app, work);
    kind->drop(work);
}

/* A reading that was called off gives its session back; nothing else of it is used. */
static void salvage(void *context, const struct job_kind *kind, void *work)
{
    struct app *app = context;
    bool connecting = kind == &work_connect || kind == &work_apply;
    if (!connecting && app->out && !app->session)
        keep_session(app, work_take_session(kind, work));
}

/* A session that came in, or back, is what a screen over the steps may have waited for. */
static void wake_screens(struct app *app)
{
    if (!app->session)
        return;
    if (app->options->command == COMMAND_BROWSE && app->depth == 0)
        app_push(app, &screen_browse);
    struct app_view *view = app->depth > 0 ? &app->stack[app->depth - 1] : NULL;
    if (view && view->ops->enter)
        view->ops->enter(app, view->state);
}

void app_take_news(struct app *app)
{
    bool any = false;
    struct job_news news;
    while (workers_news(app->workers, &news, salvage, app)) {
        any = any || news.ended;
        if (!news.ended && news.job == app->job)
            job_moved(app, news.progress);
        else if (news.ended && news.job == app->job)
            job_done(app, news.work);
        else if (news.ended && news.job == app->copies_job)
            app_copies_done(app, news.work);
        else if (news.job == app->copies_job)
            app->copies_done = news.progress;
        else if (news.ended && news.job == app->side_job)
            side_done(app, news.work);
        else if (news.job == app->side_job)
            app->side_progress = news.progress;
    }
    if (app->later != EFFECT_NONE && app->session) {
        enum wizard_effect effect = app->later;
        app->later = EFFECT_NONE;
        app->perform(app, effect);
    }
    if (any)
        wake_screens(app);
}

bool app_read(struct app *app, const struct job_kind *kind, void *work,
              void (*done)(struct app *app, void *work))
{
    if (app->side_job)
        return false;
    app->side_progress = 0;
    app->side_kind = kind;
    app->side_done = done;
    struct err *err = workers_start(app->workers, kind, work, &app->side_job);
    if (err)
        app_notice(app, true, "%s", err->text);
    bool started = !err;
    err_free(err);
    return started;
}

void app_cancel_reading(struct app *app)
{
    workers_forget(app->workers, app->side_job);
    app->side_job = NULL;
}

bool app_is_reading(const struct app *app)
{
    return app->side_job != NULL;
}

struct session *app_lend_session(struct app *app)
{
    struct session *session = app->job ? NULL : app->session;
    if (session) {
        app->session = NULL;
        app->out = true;
    }
    return session;
}

void app_return_session(struct app *app, struct session *session)
{
    keep_session(app, session);
}

long app_waited(const struct app *app)
{
    return app->job ? (long)(time(NULL) - app->job_since) : 0;
}

/* --- beginning and end --- */

static void read_given_text(struct app *app)
{
    if (app->options->text)
        symptom_set_text(app, app->options->text, app->options->text_len);
}

void app_begin(struct app *app)
{
    signin_copy(&app->signin, &app->options->signin);
    read_given_text(app);
    const char *host = app->signin.host ? app->signin.host : app->wizard.subject.destination;
    struct plan *undo = app->undo;
    app->undo = NULL;
    if (undo) {
        app_event(app, &(struct wizard_event){.kind = EVENT_UNDO, .plan = undo});
        return;
    }
    if (host && !app->options->ask_password)
        app_event(app, &(struct wizard_event){.kind = EVENT_CONNECT, .text = host});
    if (app->options->command == COMMAND_WIZARD && !app->wizard.read_only)
        app_offer_unfinished(app);
}

void app_end(struct app *app)
{
    workers_forget(app->workers, app->job);
    workers_forget(app->workers, app->side_job);
    app_forget_copies(app);
    session_close(app->session);
    partner_list_release(app);
    signin_release(&app->signin);
    app->left_behind = workers_free(app->workers);
}

void app_print_outcome(const struct wizard *wizard)
{
    const struct apply_report *report = &wizard->report;
    char *name = text_clean_z(wizard->plan ? wizard->plan->name : ""),
         *host = text_clean_z(report->host);
    bool named = *name; /* the plan is gone once something else was judged */
    printf("dcmend: %s%s on %s: %s\n", named ? "serverReference of " : "the change made", name,
           host, apply_state_name(report->state));
    if (report->journal_path)
        printf("dcmend: journal and undo: %s\n", report->journal_path);
    free(name);
    free(host);
}
