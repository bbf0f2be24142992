/* Effects become tasks here, and what they bring back becomes events. */
#include "ui/app_parts.h"

#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/journal.h"
#include "ui/debug.h"
#include "ui/screens/parts.h"
#include "ui/work.h"

#include <stdio.h>
#include <stdlib.h>

void app_event(struct app *app, const struct wizard_event *event)
{
    if (event->kind == EVENT_REPORT)
        mem_set(&app->notice, NULL); /* that the answer is awaited is no longer true */
    app->perform(app, wizard_update(&app->wizard, event));
    if (event->kind == EVENT_REPORT)
        app_note_outcome(app);
}

void app_send(struct app *app, enum wizard_event_kind kind)
{
    app_event(app, &(struct wizard_event){.kind = kind});
}

static void fail(struct app *app, struct err *err)
{
    log_err(err);
    debug_failure(err);
    app_event(app, &(struct wizard_event){.kind = EVENT_FAILED, .err = err});
}

/* One at a time: the later wish counts. */
static void ask_for_wizard(struct app *app, const struct task_kind *kind, void *work,
                           app_done *done)
{
    app_call_off(app, PLACE_WIZARD);
    app_call_off(app, PLACE_LIST); /* it does not wait behind that */
    app->ask(app, PLACE_WIZARD, kind, work, done);
}

/* --- results --- */

/* Views over the steps show what another DC said. */
static void close_views_of_another(struct app *app, const struct server *now)
{
    const struct server *was = &app->wizard.server;
    bool same = was->has_dsa_guid && now->has_dsa_guid ? guid_equal(&was->dsa_guid, &now->dsa_guid)
                                                       : str_same(was->host, now->host);
    if (!was->host || same)
        return;
    app_call_off(app, PLACE_SIDE);
    app_close_strange(app);
}

static void connect_done(struct app *app, void *server, struct err *err)
{
    if (err) {
        app_leave_desk(app);
        fail(app, err);
        return;
    }
    remember_signin(app, &app->signin);
    close_views_of_another(app, server);
    err_free(app->asked[PLACE_SIDE].why);
    app->asked[PLACE_SIDE].why = NULL;
    app_event(app, &(struct wizard_event){.kind = EVENT_CONNECTED, .server = server});
}

static void inspect_done(struct app *app, void *argument, struct err *err)
{
    struct inspect_work *work = argument;
    if (err) {
        fail(app, err);
        return;
    }
    app->copies = work->copies;
    work->copies = NULL;
    app_event(app, &(struct wizard_event){.kind = EVENT_READ,
                                          .facts = &work->facts,
                                          .typeable = page_can_type(app, &work->facts)});
    if (app->wizard.judged)
        debug_finding(&app->wizard.facts, &app->wizard.verdict);
    if (app->copies)
        work_copies.drop(app->copies);
    app->copies = NULL;
}

static void apply_done(struct app *app, void *argument, struct err *err)
{
    struct apply_work *work = argument;
    struct plan *plan = work->plan;
    work->plan = NULL;
    if (work->report.err)
        err_free(err);
    else
        work->report.err = err; /* it was not even begun */
    log_line("apply ended: %s", apply_state_name(work->report.state));
    log_err(work->report.err);
    app_event(app,
              &(struct wizard_event){.kind = EVENT_REPORT, .report = &work->report, .plan = plan});
}

/* --- effects --- */

void app_connect(struct app *app, const struct signin *signin)
{
    struct signin kept;
    signin_copy(&kept, signin);
    signin_release(&app->signin);
    app->signin = kept;
    app->needs_password = signin->password != NULL;
    app_event(app, &(struct wizard_event){.kind = EVENT_CONNECT, .text = app->signin.host});
}

/* The wish's host may be another than the sign-in's: the same way in, at the event's DC. A password
 * is sent to one DC only, so it is asked for again. */
static void connect_now(struct app *app)
{
    mem_set(&app->signin.host, app->wizard.host);
    app_leave_desk(app);
    if (app_lacks_password(app)) {
        fail(app, app_not_signed_in(app, app->wizard.host));
        return;
    }
    app_take_desk(app, app->wizard.read_only);
    ask_for_wizard(app, &work_connect, connect_work_new(), connect_done);
}

static void read_now(struct app *app)
{
    const struct wizard *w = &app->wizard;
    const struct subject_dsa *dsa = &w->subject.dsas[w->which];
    struct inspect_work *work = inspect_work_new(&w->subject, w->which, w->picked);
    app_forget_copies(app);
    work->full = dsa->has_guid && !guid_is_null(&app->full) && guid_equal(&app->full, &dsa->guid);
    work->source = app->options->source;
    debug_subject(&w->subject, w->which, work->source);
    ask_for_wizard(app, &work_inspect, work, inspect_done);
}

static void confirm_now(struct app *app)
{
    struct wizard *w = &app->wizard;
    if (!w->report.journal_id)
        w->report.journal_id = journal_new_id(w->plan, time(NULL));
    if (w->first_identity && !str_same(w->first_identity, w->server.identity))
        mem_set(&w->report.first_identity, w->first_identity);
}

static void apply_now(struct app *app, const struct task_kind *kind)
{
    const struct wizard *w = &app->wizard;
    struct apply_work *work = apply_work_new(w->plan, &w->subject, w->which, &w->report);
    work->source = app->options->source;
    ask_for_wizard(app, kind, work, apply_done);
}

/* On a connection that is newer than the change. */
static void verify_now(struct app *app)
{
    if (!app->wizard.connected && app_lacks_password(app)) {
        app_lose(app, app_not_signed_in(app, app->signin.host));
        return;
    }
    if (!app->wizard.connected)
        app_take_desk(app, true); /* it looks, it never repeats */
    apply_now(app, &work_verify);
}

/* A sign-in that is called off is as if it had never been wished for. */
static void cancel_now(struct app *app)
{
    if (app->asked[PLACE_WIZARD].kind == &work_connect)
        app_leave_desk(app);
    app_call_off(app, PLACE_WIZARD);
}

static void needs_desk(struct app *app, void (*now)(struct app *app))
{
    if (app->desk)
        now(app);
    else
        app_lose(app, app_not_signed_in(app, app->wizard.host));
}

static void change_now(struct app *app)
{
    apply_now(app, &work_apply);
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
        connect_now(app);
        break;
    case EFFECT_READ:
        needs_desk(app, read_now);
        break;
    case EFFECT_COMPLETE:
        app_read_copies(app);
        break;
    case EFFECT_CANCEL:
        cancel_now(app);
        break;
    case EFFECT_CONFIRM:
        confirm_now(app);
        break;
    case EFFECT_APPLY:
        needs_desk(app, change_now);
        break;
    case EFFECT_VERIFY:
        verify_now(app);
        break;
    case EFFECT_JOURNAL:
        cancel_now(app);
        app_push(app, &screen_journal);
        break;
    case EFFECT_QUIT:
        app->quit = true;
        break;
    }
}

/* --- beginning and end --- */

/* A GUID on the line is a DSA that was chosen: the sign-in leads to it. */
static void read_given_text(struct app *app)
{
    size_t len;
    const char *text = options_text(app->options, &len);
    if (text)
        symptom_set_text(app, text, len);
    if (app->options->guid)
        app->wizard.resume = STEP_LOCATE;
}

void app_begin(struct app *app)
{
    signin_copy(&app->signin, &app->options->signin);
    app->needs_password = app->options->ask_password || app->signin.auth == AUTH_SIMPLE;
    read_given_text(app);
    const char *host = app->signin.host ? app->signin.host : app->wizard.subject.destination;
    struct plan *undo = app->undo;
    app->undo = NULL;
    if (undo) {
        app_event(app, &(struct wizard_event){.kind = EVENT_UNDO, .plan = undo});
        return;
    }
    if (app->options->command == COMMAND_UNDO) {
        app_push(app, &screen_journal);
        return;
    }
    if (host && !app->options->ask_password)
        app_event(app, &(struct wizard_event){.kind = EVENT_CONNECT, .text = host});
    if (app->options->command == COMMAND_WIZARD && !app->wizard.read_only)
        app_offer_unfinished(app);
}

void app_end(struct app *app)
{
    app_call_off(app, PLACE_SIDE); /* a wish is no desk's */
    partner_list_release(app);
    signin_release(&app->signin);
    free(app->journal_at);
    free(app->watch_trouble);
    app_forget_kept(app);
    app->left_behind = desks_free(app->desks);
}
