/* One function a step says what Enter does there; everything else is the same for all steps. The
 * way to EFFECT_APPLY is a single line: EVENT_TYPED on Confirm with a plan that the typed text
 * confirmed. */
#include "src/remedy/wizard.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/intake.h"

#include <stdlib.h>

const char *const *wizard_step_names(void)
{
    static const char *const names[] = {
#define X(id, name) name,
        WIZARD_STEPS(X)
#undef X
    };
    return names;
}

void wizard_init(struct wizard *wizard, bool read_only, const char *ticket)
{
    *wizard = (struct wizard){.read_only = read_only, .ticket = mem_text(ticket)};
    wizard->resume = STEP_SYMPTOM;
    facts_init(&wizard->facts);
    apply_report_init(&wizard->report);
}

static void clear_error(struct wizard *w)
{
    err_free(w->error);
    w->error = NULL;
}

static void drop_plan(struct wizard *w)
{
    plan_free(w->plan);
    w->plan = NULL;
}

static void drop_report(struct wizard *w)
{
    apply_report_release(&w->report);
    apply_report_init(&w->report);
    w->reported = false;
}

static void drop_judgement(struct wizard *w)
{
    drop_plan(w);
    facts_release(&w->facts);
    verdict_release(&w->verdict);
    w->judged = false;
}

static void drop_subject(struct wizard *w)
{
    drop_judgement(w);
    subject_release(&w->subject);
    err_free(w->subject_error);
    w->subject_error = NULL;
    w->which = 0;
    w->picked = w->stay = w->straight = false;
}

void wizard_release(struct wizard *wizard)
{
    drop_subject(wizard);
    drop_report(wizard);
    apply_report_release(&wizard->report);
    plan_free(wizard->undo);
    clear_error(wizard);
    server_release(&wizard->server);
    free(wizard->host);
    free(wizard->ticket);
    *wizard = (struct wizard){.read_only = true};
}

bool wizard_wrong_dc(const struct wizard *w)
{
    const char *wanted = w->subject.destination;
    if (!w->connected || !wanted)
        return false;
    return !intake_same_host(wanted, w->server.host) &&
           !intake_same_host(wanted, w->server.dns_host);
}

bool wizard_must_stay(const struct wizard *w)
{
    return w->waiting == WAIT_APPLY;
}

enum wizard_want wizard_locate_wants(const struct wizard *w)
{
    if (w->subject.conflict && !w->picked)
        return WANT_PICK;
    if (wizard_wrong_dc(w) && !w->stay)
        return WANT_MOVE;
    return w->judged ? WANT_NOTHING : WANT_READING;
}

enum wizard_go wizard_inspect_goes(const struct wizard *w)
{
    if (w->verdict.kind == VERDICT_DELETED_DSA && w->verdict.has_successor)
        return GO_SUCCESSOR;
    if (w->verdict.kind == VERDICT_HEALTHY && wizard_wrong_dc(w))
        return GO_MOVE;
    return w->verdict.writable && !w->read_only ? GO_PROPOSE : GO_REPORT;
}

static enum wizard_effect connect_to(struct wizard *w, const char *host, enum wizard_step resume)
{
    clear_error(w);
    if (host != w->host)
        mem_set(&w->host, host);
    w->resume = resume;
    w->step = STEP_CONNECT;
    w->waiting = WAIT_CONNECT;
    return EFFECT_CONNECT;
}

static enum wizard_effect read_dsa(struct wizard *w)
{
    clear_error(w);
    drop_judgement(w);
    if (!w->connected)
        return connect_to(w, w->host, STEP_LOCATE);
    w->waiting = WAIT_READ;
    return EFFECT_READ;
}

/* A destination may be given by its short name: Kerberos wants the full one. */
static char *full_host(const struct wizard *w, const char *host)
{
    bool full = str_find_case(host, ".") || str_find_case(host, ":");
    return full || !w->server.forest ? mem_text(host) : str_format("%s.%s", host, w->server.forest);
}

static enum wizard_effect move_to_destination(struct wizard *w)
{
    char *host = full_host(w, w->subject.destination);
    enum wizard_effect effect = connect_to(w, host, STEP_LOCATE);
    free(host);
    return effect;
}

/* Locate, as far as it can go without the operator. */
static enum wizard_effect locate(struct wizard *w)
{
    w->step = STEP_LOCATE;
    if (wizard_locate_wants(w) == WANT_READING)
        return read_dsa(w);
    return EFFECT_NONE;
}

static enum wizard_effect judge_guid(struct wizard *w, const struct guid *guid)
{
    char *destination = mem_text(w->subject.destination);
    drop_subject(w);
    drop_report(w);
    struct subject_dsa *dsa = subject_add(&w->subject, SUBJECT_PICKED);
    dsa->has_guid = true;
    dsa->guid = *guid;
    w->subject.destination = destination;
    w->picked = w->straight = true;
    w->stay = true; /* it was picked on this very DC */
    return locate(w);
}

static enum wizard_effect next_on_symptom(struct wizard *w)
{
    clear_error(w);
    if (w->subject.count > 0)
        return locate(w);
    if (!w->subject_error)
        w->subject_error =
            err_next(err_new(ERR_OPERATOR, ERR_USAGE, "Nothing is named yet."),
                     "Paste event 1411, or type the GUID, DN or name of the domain controller.");
    return EFFECT_NONE;
}

static enum wizard_effect next_on_locate(struct wizard *w)
{
    switch (wizard_locate_wants(w)) {
    case WANT_PICK:
        return EFFECT_NONE; /* the list answers with EVENT_PICK */
    case WANT_MOVE:
        return move_to_destination(w);
    case WANT_READING:
        return read_dsa(w);
    case WANT_NOTHING:
        w->step = STEP_INSPECT;
    }
    return EFFECT_NONE;
}

static enum wizard_effect next_on_inspect(struct wizard *w)
{
    struct guid successor = w->verdict.successor; /* judge_guid() drops the verdict */
    switch (wizard_inspect_goes(w)) {
    case GO_SUCCESSOR:
        return judge_guid(w, &successor);
    case GO_MOVE:
        return move_to_destination(w);
    case GO_PROPOSE:
        w->step = STEP_PROPOSE;
        return EFFECT_NONE;
    case GO_REPORT:
        w->step = STEP_REPORT;
    }
    return EFFECT_NONE;
}

/* The name is unique unless another server object carries it. */
static enum plan_prompt prompt_for(const struct wizard *w, bool typeable)
{
    if (!typeable)
        return PROMPT_GUID;
    for (size_t i = 0; i < w->facts.twin_count; i++) {
        char *name = w->facts.twins[i].cn ? dn_unmarked(w->facts.twins[i].cn) : NULL;
        bool same = name && str_same_case(name, w->plan->name);
        free(name);
        if (same)
            return PROMPT_SITE_NAME;
    }
    return PROMPT_NAME;
}

static enum wizard_effect show_confirm(struct wizard *w, bool typeable)
{
    clear_error(w);
    drop_report(w);
    plan_set_prompt(w->plan, prompt_for(w, typeable));
    plan_freeze(w->plan);
    w->step = STEP_CONFIRM;
    return EFFECT_CONFIRM;
}

static enum wizard_effect next_on_propose(struct wizard *w, bool typeable)
{
    drop_plan(w);
    w->plan = w->read_only ? NULL : plan_new(&w->facts, &w->verdict, w->ticket);
    if (w->plan)
        return show_confirm(w, typeable);
    return EFFECT_NONE;
}

static enum wizard_effect next(struct wizard *w, bool typeable)
{
    if (w->waiting != WAIT_NOTHING)
        return EFFECT_NONE;
    switch (w->step) {
    case STEP_CONNECT:
        return EFFECT_ASK_SIGN_IN;
    case STEP_SYMPTOM:
        return next_on_symptom(w);
    case STEP_LOCATE:
        return next_on_locate(w);
    case STEP_INSPECT:
        return next_on_inspect(w);
    case STEP_PROPOSE:
        return next_on_propose(w, typeable);
    case STEP_REPORT: /* the proof of the pudding: judge once more */
        w->straight = true;
        return w->subject.count > 0 ? read_dsa(w) : EFFECT_NONE;
    default: /* Confirm wants the name; Apply ends by itself */
        return EFFECT_NONE;
    }
}

static enum wizard_effect back(struct wizard *w)
{
    static const enum wizard_step before[STEP_COUNT] = {
        [STEP_CONNECT] = STEP_CONNECT, [STEP_SYMPTOM] = STEP_CONNECT, [STEP_LOCATE] = STEP_SYMPTOM,
        [STEP_INSPECT] = STEP_LOCATE,  [STEP_PROPOSE] = STEP_INSPECT, [STEP_CONFIRM] = STEP_PROPOSE,
        [STEP_APPLY] = STEP_APPLY,     [STEP_REPORT] = STEP_INSPECT,
    };
    bool was_waiting = w->waiting != WAIT_NOTHING;
    if (wizard_must_stay(w))
        return EFFECT_NONE;
    clear_error(w);
    w->waiting = WAIT_NOTHING;
    if (w->step == STEP_CONFIRM)
        drop_plan(w);
    if (w->step == STEP_REPORT && w->reported)
        w->step = STEP_SYMPTOM; /* what was judged before the change is history */
    else if (!was_waiting || w->step == STEP_LOCATE)
        w->step = before[w->step];
    return was_waiting ? EFFECT_CANCEL : EFFECT_NONE;
}

static enum wizard_effect connected(struct wizard *w, struct server *server)
{
    server_release(&w->server);
    w->server = *server;
    *server = (struct server){.host = NULL};
    w->connected = true;
    w->waiting = WAIT_NOTHING;
    clear_error(w);
    drop_judgement(w);
    w->step = w->resume;
    if (w->resume == STEP_SYMPTOM || w->subject.count == 0) {
        w->step = STEP_SYMPTOM;
        return EFFECT_NONE;
    }
    w->straight = w->resume > STEP_LOCATE;
    w->resume = STEP_SYMPTOM;
    return locate(w);
}

static enum wizard_effect failed(struct wizard *w, struct err *err)
{
    clear_error(w);
    w->error = err;
    if (w->waiting == WAIT_CONNECT)
        w->step = STEP_CONNECT;
    w->waiting = WAIT_NOTHING;
    if (err_is(err, ERR_LOST))
        w->connected = false;
    return EFFECT_NONE;
}

/* The undo's own DSA has been read: its plan goes to Confirm, under its own rules. */
static enum wizard_effect continue_undo(struct wizard *w)
{
    drop_plan(w);
    w->plan = w->undo;
    w->undo = NULL;
    if (w->read_only) {
        drop_plan(w);
        return EFFECT_NONE;
    }
    return show_confirm(w, true);
}

static enum wizard_effect read_done(struct wizard *w, struct facts *facts)
{
    drop_judgement(w);
    w->facts = *facts;
    facts_init(facts);
    w->facts.other_dc_read = wizard_wrong_dc(w);
    if (w->waiting == WAIT_READ)
        w->waiting = WAIT_NOTHING;
    diagnose(&w->facts, &w->verdict);
    w->judged = true;
    if (w->undo)
        return continue_undo(w);
    if (w->straight || w->step > STEP_INSPECT)
        w->step = STEP_INSPECT;
    w->straight = false;
    return EFFECT_NONE;
}

static enum wizard_effect typed(struct wizard *w, const char *text)
{
    if (w->step != STEP_CONFIRM || !w->plan || w->read_only || w->waiting != WAIT_NOTHING)
        return EFFECT_NONE;
    clear_error(w);
    if (!plan_confirm(w->plan, text)) {
        w->error =
            err_next(err_new(ERR_OPERATOR, ERR_USAGE, "That is not %s.", plan_wanted(w->plan)),
                     "Nothing was written. Type it again, or press Esc.");
        return EFFECT_NONE;
    }
    if (!plan_is_confirmed(w->plan))
        return EFFECT_CONFIRM; /* the second line: keys in flight are not its answer */
    w->step = STEP_APPLY;
    w->waiting = WAIT_APPLY;
    return EFFECT_APPLY;
}

static enum wizard_effect reported(struct wizard *w, struct apply_report *report, struct plan *plan)
{
    drop_plan(w);
    w->plan = plan; /* as far as it came: it cannot be sent again */
    drop_report(w);
    apply_report_release(&w->report);
    w->report = *report;
    apply_report_init(report);
    w->reported = true;
    bool first = w->waiting == WAIT_APPLY;
    w->waiting = WAIT_NOTHING;
    w->step = STEP_REPORT;
    if (w->report.state == APPLY_UNKNOWN) {
        w->connected = false;
        if (first) {
            w->waiting = WAIT_VERIFY;
            return EFFECT_VERIFY;
        }
    }
    return EFFECT_NONE;
}

static enum wizard_effect new_subject(struct wizard *w, struct subject *subject, struct err *err)
{
    drop_subject(w);
    if (subject) {
        w->subject = *subject;
        *subject = (struct subject){.dsas = NULL};
    }
    w->subject_error = err;
    return EFFECT_NONE;
}

static enum wizard_effect other_destination(struct wizard *w, const char *host)
{
    mem_set(&w->subject.destination, host);
    w->stay = false;
    return wizard_wrong_dc(w) ? move_to_destination(w) : locate(w);
}

static enum wizard_effect choose_account(struct wizard *w, size_t account)
{
    if (!w->judged || w->step != STEP_PROPOSE)
        return EFFECT_NONE;
    verdict_release(&w->verdict);
    diagnose_choice(&w->facts, account, &w->verdict);
    return EFFECT_NONE;
}

static enum wizard_effect start_over(struct wizard *w)
{
    if (wizard_must_stay(w))
        return EFFECT_NONE;
    enum wizard_effect effect = w->waiting == WAIT_NOTHING ? EFFECT_NONE : EFFECT_CANCEL;
    drop_subject(w);
    drop_report(w);
    clear_error(w);
    w->waiting = WAIT_NOTHING;
    w->step = w->connected ? STEP_SYMPTOM : STEP_CONNECT;
    return effect;
}

static enum wizard_effect start_undo(struct wizard *w, struct plan *plan)
{
    plan_free(w->undo);
    w->undo = plan;
    drop_subject(w);
    struct subject_dsa *dsa = subject_add(&w->subject, SUBJECT_PICKED);
    dsa->has_guid = true;
    dsa->guid = plan->dsa_guid;
    w->picked = w->stay = true;
    w->step = STEP_LOCATE;
    if (!w->connected || !intake_same_host(w->server.host, plan->host))
        return connect_to(w, plan->host, STEP_LOCATE);
    return read_dsa(w);
}

enum wizard_effect wizard_update(struct wizard *w, const struct wizard_event *event)
{
    switch (event->kind) {
    case EVENT_CONNECT:
        return wizard_must_stay(w) ? EFFECT_NONE : connect_to(w, event->text, w->resume);
    case EVENT_CONNECTED:
        return connected(w, event->server);
    case EVENT_FAILED:
        return failed(w, event->err);
    case EVENT_LOST:
        w->connected = false;
        return EFFECT_NONE;
    case EVENT_SUBJECT:
        return new_subject(w, event->subject, event->err);
    case EVENT_NEXT:
        return next(w, event->typeable);
    case EVENT_BACK:
        return back(w);
    case EVENT_QUIT:
        return wizard_must_stay(w) ? EFFECT_NONE : EFFECT_QUIT;
    case EVENT_PICK:
        if (event->index >= w->subject.count)
            return EFFECT_NONE;
        w->which = event->index;
        w->picked = true;
        drop_judgement(w);
        return locate(w);
    case EVENT_STAY:
        w->stay = true;
        return locate(w);
    case EVENT_OTHER:
        return other_destination(w, event->text);
    case EVENT_JUDGE:
        return wizard_must_stay(w) ? EFFECT_NONE : judge_guid(w, &event->guid);
    case EVENT_READ:
        return read_done(w, event->facts);
    case EVENT_AGAIN:
        return w->waiting == WAIT_NOTHING && w->subject.count > 0 ? read_dsa(w) : EFFECT_NONE;
    case EVENT_CHOOSE:
        return choose_account(w, event->index);
    case EVENT_TYPED:
        return typed(w, event->text);
    case EVENT_REPORT:
        return reported(w, event->report, event->plan);
    case EVENT_RESUME:
        w->resume = w->step > STEP_INSPECT ? STEP_INSPECT : w->step;
        return EFFECT_ASK_SIGN_IN;
    case EVENT_NEW:
        return start_over(w);
    case EVENT_UNDO:
        return start_undo(w, event->plan);
    }
    return EFFECT_NONE;
}
