/* What Enter and Esc do, one function a step. The only one that leads to Confirm is
 * wizard_show_confirm(), and it freezes the plan. */
#include "src/remedy/wizard_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>

enum wizard_effect wizard_connect_to(struct wizard *w, const char *host, enum wizard_step resume)
{
    wizard_clear_error(w);
    if (host != w->host)
        mem_set(&w->host, host);
    w->resume = resume;
    w->connected = w->other_name = false;
    w->step = STEP_CONNECT;
    w->waiting = WAIT_CONNECT;
    return EFFECT_CONNECT;
}

enum wizard_effect wizard_go_on(struct wizard *w)
{
    w->other_name = false;
    w->step = w->resume;
    if (w->resume == STEP_SYMPTOM || w->subject.count == 0) {
        w->step = STEP_SYMPTOM;
        return EFFECT_NONE;
    }
    w->straight = w->resume > STEP_LOCATE;
    w->resume = STEP_SYMPTOM;
    return wizard_locate(w);
}

enum wizard_effect wizard_read_dsa(struct wizard *w)
{
    wizard_clear_error(w);
    wizard_drop_judgement(w);
    if (w->step == STEP_PROPOSE || w->step == STEP_CONFIRM)
        w->step = STEP_INSPECT;
    if (!w->connected)
        return wizard_connect_to(w, w->there ? w->there : w->host,
                                 w->there ? STEP_INSPECT : STEP_LOCATE);
    w->waiting = WAIT_READ;
    return EFFECT_READ;
}

/* A destination may be given by its short name: Kerberos wants the full one. */
static char *full_host(const struct wizard *w, const char *host)
{
    bool full = str_find_case(host, ".") || str_find_case(host, ":");
    return full || !w->server.forest ? mem_text(host) : str_format("%s.%s", host, w->server.forest);
}

/* To be judged there as well: what a read-only DC shows is repaired on a writable one. */
static enum wizard_effect move_to_partner(struct wizard *w)
{
    char *host = full_host(w, wizard_partner(w));
    w->stay = true;
    enum wizard_effect effect = wizard_connect_to(w, host, STEP_INSPECT);
    free(host);
    return effect;
}

enum wizard_effect wizard_move_to_destination(struct wizard *w)
{
    char *host = full_host(w, w->there ? w->there : w->subject.destination);
    enum wizard_effect effect = wizard_connect_to(w, host, w->there ? STEP_INSPECT : STEP_LOCATE);
    free(host);
    return effect;
}

/* Locate, as far as it can go without the operator. */
enum wizard_effect wizard_locate(struct wizard *w)
{
    w->step = STEP_LOCATE;
    if (wizard_locate_wants(w) == WANT_READING)
        return wizard_read_dsa(w);
    return EFFECT_NONE;
}

enum wizard_effect wizard_judge_guid(struct wizard *w, const struct guid *guid, const char *host)
{
    char *destination = host ? NULL : mem_text(w->subject.destination), *there = mem_text(host);
    wizard_clear_error(w);
    wizard_drop_subject(w);
    wizard_drop_report(w);
    struct subject_dsa *dsa = subject_add(&w->subject, SUBJECT_PICKED);
    dsa->has_guid = true;
    dsa->guid = *guid;
    w->subject.destination = destination;
    w->there = there;
    w->picked = w->straight = true;
    w->stay = !host; /* it was picked on this very DC */
    return wizard_locate(w);
}

static enum wizard_effect next_on_symptom(struct wizard *w)
{
    wizard_clear_error(w);
    if (w->subject.count > 0)
        return wizard_locate(w);
    if (w->subject.cut && w->list.why && w->list.why->kind == ERR_CREDENTIALS)
        return wizard_lost(w, err_copy(w->list.why)); /* Connect asks, and leads back to it */
    if (w->subject.cut && !w->list.complete)
        wizard_drop_list(w); /* another look */
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
        return wizard_move_to_destination(w);
    case WANT_READING:
        return wizard_read_dsa(w);
    case WANT_NOTHING:
        w->step = STEP_INSPECT;
    }
    return EFFECT_NONE;
}

static enum wizard_effect next_on_inspect(struct wizard *w)
{
    struct guid successor = w->verdict.successor; /* judge_guid() drops the verdict */
    wizard_clear_error(w);
    switch (wizard_inspect_goes(w)) {
    case GO_SUCCESSOR:
        return wizard_judge_guid(w, &successor, NULL);
    case GO_MOVE:
        return wizard_move_to_destination(w);
    case GO_PARTNER:
        return move_to_partner(w);
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

enum wizard_effect wizard_show_confirm(struct wizard *w, bool typeable)
{
    wizard_clear_error(w);
    wizard_drop_report(w);
    plan_set_prompt(w->plan, prompt_for(w, typeable));
    plan_freeze(w->plan);
    w->step = STEP_CONFIRM;
    return EFFECT_CONFIRM;
}

static enum wizard_effect next_on_propose(struct wizard *w, bool typeable)
{
    w->going = w->completing; /* a contradicting copy may still come in */
    w->typeable = typeable;
    if (w->going)
        return EFFECT_NONE;
    wizard_drop_plan(w);
    w->plan = w->read_only ? NULL : plan_new(&w->facts, &w->verdict, w->ticket);
    if (w->plan)
        return wizard_show_confirm(w, typeable);
    return EFFECT_NONE;
}

bool wizard_may_look_again(const struct wizard *w)
{
    return w->reported && w->plan && w->report.state == APPLY_UNKNOWN &&
           !err_is(w->report.err, ERR_CHANGED);
}

/* The proof of the pudding: judge once more. What became of a change comes first. */
static enum wizard_effect next_on_report(struct wizard *w)
{
    if (wizard_may_look_again(w)) {
        w->waiting = WAIT_VERIFY;
        return EFFECT_VERIFY;
    }
    w->straight = true;
    return w->subject.count > 0 ? wizard_read_dsa(w) : EFFECT_NONE;
}

enum wizard_effect wizard_next(struct wizard *w, bool typeable)
{
    if (w->waiting != WAIT_NOTHING)
        return EFFECT_NONE;
    switch (w->step) {
    case STEP_CONNECT:
        return w->other_name ? wizard_go_on(w) : EFFECT_ASK_SIGN_IN;
    case STEP_SYMPTOM:
        return next_on_symptom(w);
    case STEP_LOCATE:
        return next_on_locate(w);
    case STEP_INSPECT:
        return next_on_inspect(w);
    case STEP_PROPOSE:
        return next_on_propose(w, typeable);
    case STEP_REPORT:
        return next_on_report(w);
    default: /* Confirm wants the name; Apply ends by itself */
        return EFFECT_NONE;
    }
}

enum wizard_effect wizard_back(struct wizard *w)
{
    static const enum wizard_step before[STEP_COUNT] = {
        [STEP_CONNECT] = STEP_CONNECT, [STEP_SYMPTOM] = STEP_CONNECT, [STEP_LOCATE] = STEP_SYMPTOM,
        [STEP_INSPECT] = STEP_LOCATE,  [STEP_PROPOSE] = STEP_INSPECT, [STEP_CONFIRM] = STEP_PROPOSE,
        [STEP_APPLY] = STEP_APPLY,     [STEP_REPORT] = STEP_INSPECT,
    };
    bool was_waiting = w->waiting != WAIT_NOTHING;
    if (wizard_leaves_undo(w))
        return wizard_leave_undo(w);
    w->going = false;
    wizard_clear_error(w);
    w->waiting = WAIT_NOTHING;
    if (w->step == STEP_CONFIRM)
        wizard_drop_plan(w);
    if (w->step == STEP_CONNECT && w->other_name) {
        w->other_name = false; /* the form, for another name */
    } else if (w->step == STEP_CONNECT && w->held && !was_waiting) {
        wizard_stay_away(w);
    } else if (w->step == STEP_CONNECT && w->connected && !was_waiting) {
        w->step = w->resume > STEP_CONNECT ? w->resume : STEP_SYMPTOM;
        w->resume = STEP_SYMPTOM;
    } else if (w->step == STEP_REPORT && w->reported) {
        w->step = STEP_SYMPTOM; /* what was judged before the change is history */
    } else if (!was_waiting || w->step == STEP_LOCATE) {
        w->step = before[w->step];
    }
    if (w->step == STEP_SYMPTOM && w->subject.conflict && w->picked) {
        wizard_drop_judgement(w); /* of several, to be chosen anew */
        w->picked = false;
    }
    return was_waiting ? EFFECT_CANCEL : EFFECT_NONE;
}
