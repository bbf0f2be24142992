/* Events and what they change. The way to EFFECT_APPLY is a single line: EVENT_TYPED on Confirm
 * with a plan that the typed text confirmed. */
#include "src/remedy/wizard_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/host.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/diagnose_parts.h"

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

void wizard_clear_error(struct wizard *w)
{
    err_free(w->error);
    w->error = NULL;
}

void wizard_drop_plan(struct wizard *w)
{
    plan_free(w->plan);
    w->plan = NULL;
}

void wizard_drop_report(struct wizard *w)
{
    apply_report_release(&w->report);
    w->reported = false;
}

void wizard_drop_judgement(struct wizard *w)
{
    wizard_drop_plan(w);
    facts_release(&w->facts);
    verdict_release(&w->verdict);
    w->judged = w->completing = w->going = w->chosen = false;
}

void wizard_drop_subject(struct wizard *w)
{
    wizard_drop_judgement(w);
    subject_release(&w->subject);
    err_free(w->subject_error);
    w->subject_error = NULL;
    free(w->there);
    w->there = NULL;
    plan_free(w->undo);
    w->undo = NULL;
    w->which = 0;
    w->picked = w->stay = w->straight = false;
}

void wizard_release(struct wizard *wizard)
{
    wizard_drop_subject(wizard);
    wizard_drop_report(wizard);
    verdict_release(&wizard->after);
    wizard_clear_error(wizard);
    wizard_drop_list(wizard);
    server_release(&wizard->server);
    free(wizard->host);
    free(wizard->ticket);
    free(wizard->first_identity);
    *wizard = (struct wizard){.read_only = true};
}

bool wizard_wrong_dc(const struct wizard *w)
{
    const char *wanted = w->subject.destination;
    if (!w->connected || !wanted)
        return false;
    return !host_matches(wanted, w->server.dns_host); /* its own name, never one that led to it */
}

bool wizard_must_stay(const struct wizard *w)
{
    return w->waiting == WAIT_APPLY;
}

/* What is to be judged is another DC's copy. */
static bool is_elsewhere(const struct wizard *w)
{
    const char *here = w->server.dns_host ? w->server.dns_host : w->server.host;
    return w->there ? w->connected && !host_matches(w->there, here) : wizard_wrong_dc(w);
}

enum wizard_want wizard_locate_wants(const struct wizard *w)
{
    if (w->subject.conflict && !w->picked)
        return WANT_PICK;
    if (is_elsewhere(w) && !w->stay)
        return WANT_MOVE;
    return w->judged ? WANT_NOTHING : WANT_READING;
}

const char *wizard_partner(const struct wizard *w)
{
    if (!w->judged || !w->verdict.proposed || w->facts.server.read_only != FLAG_YES)
        return NULL;
    const struct facts_copy *partner = facts_writable_partner(&w->facts, w->completing);
    return partner ? partner->server : NULL;
}

enum wizard_go wizard_inspect_goes(const struct wizard *w)
{
    if (w->verdict.kind == VERDICT_DELETED_DSA && w->verdict.has_successor)
        return GO_SUCCESSOR;
    if (w->verdict.kind == VERDICT_HEALTHY && wizard_wrong_dc(w))
        return GO_MOVE;
    if (wizard_partner(w) && !w->read_only)
        return GO_PARTNER;
    return w->verdict.writable && !w->read_only ? GO_PROPOSE : GO_REPORT;
}

static enum wizard_effect failed(struct wizard *w, struct err *err)
{
    wizard_clear_error(w);
    w->error = err;
    if (w->waiting == WAIT_CONNECT)
        w->step = STEP_CONNECT;
    if (w->waiting == WAIT_APPLY) { /* it was never started */
        w->step = wizard_before_confirm(w);
        wizard_drop_plan(w);
    }
    w->waiting = WAIT_NOTHING;
    return EFFECT_NONE;
}

static enum wizard_effect read_done(struct wizard *w, struct facts *facts)
{
    wizard_drop_judgement(w);
    w->facts = *facts;
    facts_init(facts);
    w->facts.other_dc_read = wizard_wrong_dc(w);
    if (w->waiting == WAIT_READ)
        w->waiting = WAIT_NOTHING;
    diagnose(&w->facts, &w->verdict);
    w->judged = true;
    enum wizard_effect undo = w->undo ? wizard_continue_undo(w) : EFFECT_NONE;
    if (undo != EFFECT_NONE)
        return undo;
    if (w->straight || w->step > STEP_INSPECT)
        w->step = STEP_INSPECT;
    w->straight = false;
    w->completing = w->facts.srv.part == PART_PRESENT && !w->facts.dsa.deleted;
    return w->completing ? EFFECT_COMPLETE : EFFECT_NONE;
}

static bool same_offer(const struct verdict *a, const struct verdict *b)
{
    return a->kind == b->kind && a->writable == b->writable && a->confidence == b->confidence &&
           str_same(a->proposed, b->proposed) && (a->second.count > 0) == (b->second.count > 0);
}

static bool find_choice(const struct wizard *w, size_t *account)
{
    for (*account = 0; w->chosen && *account < w->facts.account_count; ++*account)
        if (guid_equal(&w->facts.accounts[*account].guid, &w->choice))
            return true;
    return false;
}

/* By the same rules, the account that was chosen or the one that they propose. */
static void judge(struct wizard *w)
{
    size_t account;
    if (find_choice(w, &account))
        diagnose_choice(&w->facts, account, &w->verdict);
    else
        diagnose(&w->facts, &w->verdict);
}

/* What the other DCs hold may change the verdict. Where the operator has gone on to Confirm, a
 * different offer leads back to Inspect. */
static void complete(struct wizard *w, const struct wizard_event *event)
{
    bool history =
        w->waiting == WAIT_APPLY || w->waiting == WAIT_VERIFY || (w->reported && w->plan);
    if (!w->judged || !event->complete || history)
        return;
    struct verdict before = w->verdict;
    event->complete(event->context, &w->facts);
    judge(w);
    if (w->step > STEP_INSPECT && w->step < STEP_REPORT && !same_offer(&before, &w->verdict)) {
        wizard_drop_plan(w);
        wizard_clear_error(w);
        w->error = err_next(
            err_new(ERR_DIRECTORY, ERR_CHANGED, "What the other DCs hold has changed the verdict."),
            "Nothing was written. Look at it again.");
        w->step = STEP_INSPECT;
    }
    verdict_release(&before);
}

static enum wizard_effect completed(struct wizard *w, const struct wizard_event *event)
{
    bool going = w->going;
    w->completing = w->going = false;
    complete(w, event);
    return going && w->step == STEP_PROPOSE ? wizard_next(w, w->typeable) : EFFECT_NONE;
}

static enum wizard_effect typed(struct wizard *w, const char *text)
{
    if (w->step != STEP_CONFIRM || !w->plan || w->read_only || w->waiting != WAIT_NOTHING)
        return EFFECT_NONE;
    wizard_clear_error(w);
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
    wizard_drop_plan(w);
    w->plan = plan; /* as far as it came: it cannot be sent again */
    wizard_drop_report(w);
    w->report = *report;
    apply_report_init(report);
    w->reported = true;
    bool first = w->waiting == WAIT_APPLY;
    w->waiting = WAIT_NOTHING;
    w->step = STEP_REPORT;
    if (w->report.state != APPLY_UNKNOWN || !first)
        return EFFECT_NONE;
    w->connected = false;
    w->waiting = WAIT_VERIFY;
    return EFFECT_VERIFY;
}

static enum wizard_effect new_subject(struct wizard *w, struct subject *subject, struct err *err)
{
    wizard_drop_subject(w);
    if (w->step > STEP_SYMPTOM)
        w->step = STEP_SYMPTOM;
    if (subject) {
        w->subject = *subject;
        *subject = (struct subject){.dsas = NULL};
    }
    w->subject_error = err;
    if (w->list.why && !w->list.count)
        wizard_drop_list(w); /* another try */
    wizard_use_list(w);
    return EFFECT_NONE;
}

static enum wizard_effect other_destination(struct wizard *w, const char *host)
{
    mem_set(&w->subject.destination, host);
    if (w->which < w->subject.count)
        mem_set(&w->subject.dsas[w->which].destination, host);
    w->stay = false;
    return wizard_wrong_dc(w) ? wizard_move_to_destination(w) : wizard_locate(w);
}

static enum wizard_effect choose_account(struct wizard *w, size_t account)
{
    if (!w->judged || w->step != STEP_PROPOSE || account >= w->facts.account_count)
        return EFFECT_NONE;
    w->chosen = true;
    w->choice = w->facts.accounts[account].guid;
    verdict_release(&w->verdict);
    judge(w);
    return EFFECT_NONE;
}

static enum wizard_effect start_over(struct wizard *w)
{
    enum wizard_effect effect = w->waiting == WAIT_NOTHING ? EFFECT_NONE : EFFECT_CANCEL;
    wizard_drop_subject(w);
    wizard_drop_report(w);
    wizard_clear_error(w);
    w->waiting = WAIT_NOTHING;
    w->step = w->connected ? STEP_SYMPTOM : STEP_CONNECT;
    return effect;
}

static enum wizard_effect settle(struct wizard *w, struct plan *plan, struct apply_report *report)
{
    wizard_drop_subject(w);
    wizard_drop_report(w);
    w->report = *report;
    apply_report_init(report);
    w->plan = plan;
    w->reported = true;
    w->connected = false; /* whoever answers now need not be the DC that was written */
    w->step = STEP_REPORT;
    w->waiting = WAIT_VERIFY;
    return EFFECT_VERIFY;
}

static enum wizard_effect start_undo(struct wizard *w, struct plan *plan)
{
    wizard_drop_subject(w);
    w->undo = plan;
    struct subject_dsa *dsa = subject_add(&w->subject, SUBJECT_PICKED);
    dsa->has_guid = true;
    dsa->guid = plan->dsa_guid;
    w->picked = w->stay = true;
    w->step = STEP_LOCATE;
    if (!w->connected || !w->server.has_dsa_guid ||
        !guid_equal(&w->server.dsa_guid, &plan->host_dsa))
        return wizard_connect_to(w, plan->host, STEP_LOCATE);
    return wizard_read_dsa(w);
}

/* While the answer to a change is awaited nothing else counts; while Connect asks for the sake of
 * what was under way, signing in or not. */
static bool counts_now(const struct wizard *w, enum wizard_event_kind kind)
{
    bool sign_in = kind == EVENT_CONNECT || kind == EVENT_CONNECTED || kind == EVENT_NEXT ||
                   kind == EVENT_BACK || kind == EVENT_QUIT;
    bool news = kind == EVENT_FAILED || kind == EVENT_LOST || kind == EVENT_COMPLETED;
    if (w->waiting == WAIT_APPLY)
        return news || kind == EVENT_REPORT;
    return !w->held || sign_in || news;
}

enum wizard_effect wizard_update(struct wizard *w, const struct wizard_event *event)
{
    if (!counts_now(w, event->kind)) {
        err_free(event->err);
        plan_free(event->plan);
        return EFFECT_NONE;
    }
    switch (event->kind) {
    case EVENT_CONNECT:
        return wizard_connect_to(w, event->text, w->resume);
    case EVENT_CONNECTED:
        return wizard_connected(w, event->server);
    case EVENT_FAILED:
        return failed(w, event->err);
    case EVENT_LOST:
        return wizard_lost(w, event->err);
    case EVENT_SUBJECT:
        return new_subject(w, event->subject, event->err);
    case EVENT_NEXT:
        return wizard_next(w, event->typeable);
    case EVENT_BACK:
        return wizard_back(w);
    case EVENT_COVERED:
        w->going = false;
        return EFFECT_NONE;
    case EVENT_QUIT:
        return EFFECT_QUIT;
    case EVENT_PICK:
        if (event->index >= w->subject.count)
            return EFFECT_NONE;
        w->which = event->index;
        subject_choose(&w->subject, w->which); /* the DC that logged *its* error */
        w->picked = true;
        w->stay = false;
        wizard_drop_judgement(w);
        return wizard_locate(w);
    case EVENT_STAY:
        w->stay = true;
        return wizard_locate(w);
    case EVENT_OTHER:
        return other_destination(w, event->text);
    case EVENT_JUDGE:
        return wizard_judge_guid(w, &event->guid, event->text);
    case EVENT_READ:
        w->typeable = event->typeable;
        return read_done(w, event->facts);
    case EVENT_COMPLETED:
        return completed(w, event);
    case EVENT_LISTED:
        return wizard_listed(w, event->list);
    case EVENT_AGAIN:
        return w->waiting == WAIT_NOTHING && w->subject.count > 0 ? wizard_read_dsa(w)
                                                                  : EFFECT_NONE;
    case EVENT_CHOOSE:
        return choose_account(w, event->index);
    case EVENT_TYPED:
        return typed(w, event->text);
    case EVENT_REPORT:
        return reported(w, event->report, event->plan);
    case EVENT_RESUME:
        w->resume = w->step > STEP_INSPECT ? STEP_INSPECT : w->step;
        mem_set(&w->first_identity, w->server.identity);
        return EFFECT_ASK_SIGN_IN;
    case EVENT_NEW:
        return start_over(w);
    case EVENT_SETTLE:
        return settle(w, event->plan, event->report);
    case EVENT_UNDO:
        return start_undo(w, event->plan);
    }
    return EFFECT_NONE;
}
