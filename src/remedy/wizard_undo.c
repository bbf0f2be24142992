/* The undo of a journalled change, once its DSA has been read. An entry is a file like any other:
 * it may be edited, or of somebody else. It says only which DSA is meant and which value is to come
 * back; what is shown and typed (object, name, present value) is what the DC says. */
#include "src/remedy/wizard_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/diagnose_parts.h"

#include <stdlib.h>

/* The entry is of this forest and of this DC. */
static struct err *elsewhere(const struct wizard *w, const struct plan *plan)
{
    if (plan->forest && w->server.forest && !str_same_case(plan->forest, w->server.forest))
        return err_next(err_new(ERR_OPERATOR, ERR_CHANGED,
                                "That change was made in another forest: %s, not %s.", plan->forest,
                                w->server.forest),
                        "Nothing is undone with it here.");
    if (!w->server.has_dsa_guid || !guid_equal(&w->server.dsa_guid, &plan->host_dsa))
        return err_next(err_new(ERR_OPERATOR, ERR_CHANGED, "%s is not the DC that was changed.",
                                w->server.host),
                        "Connect to %s: a change is undone where it was made.", plan->host);
    return NULL;
}

/* The object that the entry names is the server object of its DSA. */
static struct err *foreign(const struct wizard *w, const struct plan *plan)
{
    const struct facts_dsa *dsa = &w->facts.dsa;
    const struct facts_server *srv = &w->facts.srv;
    const char *why = NULL;
    if (dsa->part != PART_PRESENT || dsa->deleted || !guid_equal(&dsa->guid, &plan->dsa_guid))
        why = "the DSA that it names is not there";
    else if (srv->part != PART_PRESENT || srv->deleted || !srv->is_server)
        why = "the server object of its DSA cannot be read";
    else if (!guid_equal(&srv->guid, &plan->object))
        why = "the object that it names is not the server object of its DSA";
    else if (plan->new.dn && !plan->new.has_guid)
        why = "the value that it would bring back has no GUID in it";
    if (!why)
        return NULL;
    return err_next(err_new(ERR_OPERATOR, ERR_CHANGED,
                            "The journal entry does not match this directory: %s.", why),
                    "Nothing is undone with it. Judge the DSA as it stands.");
}

/* What the change wrote is still there, and may be written. */
static struct err *out_of_date(const struct wizard *w, const struct plan *plan)
{
    const struct facts_server *srv = &w->facts.srv;
    bool present = srv->reference == PART_PRESENT;
    bool same = plan->old.dn ? present && same_link(&srv->reference_link, &plan->old)
                             : srv->reference == PART_ABSENT;
    if (!same)
        return err_next(err_new(ERR_DIRECTORY, ERR_CHANGED,
                                "The value is no longer what that change wrote: it is %s now.",
                                present ? srv->reference_link.dn : "absent or unreadable"),
                        "There is nothing to undo; judge the DSA as it stands.");
    if (!srv->may_write)
        return err_next(err_new(ERR_CREDENTIALS, ERR_NO_RIGHT,
                                "%s may not write serverReference of this object.",
                                w->server.identity ? w->server.identity : "This sign-in"),
                        "Sign in as someone who may.");
    return NULL;
}

/* Before Confirm is shown; apply() asks it again. */
static struct err *forbidden(const struct wizard *w, const struct plan *plan)
{
    struct err *err = elsewhere(w, plan);
    if (!err && w->read_only)
        err = err_next(err_new(ERR_OPERATOR, ERR_USAGE, "dcmend runs read-only."),
                       "Start it without --read-only to undo a change.");
    if (!err)
        err = foreign(w, plan);
    return err ? err : out_of_date(w, plan);
}

static void take_as_read(const struct wizard *w, struct plan *plan)
{
    const struct facts_server *srv = &w->facts.srv;
    mem_set(&plan->host, w->server.host);
    mem_set(&plan->forest, w->server.forest);
    mem_set(&plan->identity, w->server.identity);
    mem_set(&plan->ticket, w->ticket);
    mem_set(&plan->object_dn, srv->dn);
    mem_set(&plan->site, srv->site);
    free(plan->name);
    plan->name = dn_unmarked(srv->cn);
    plan->verdict = w->verdict.kind;
    if (plan->old.dn) {
        dn_link_release(&plan->old);
        dn_link_copy(&plan->old, &srv->reference_link);
    }
}

enum wizard_effect wizard_continue_undo(struct wizard *w)
{
    struct plan *plan = w->undo;
    w->undo = NULL;
    wizard_drop_plan(w);
    struct err *err = forbidden(w, plan);
    if (err) {
        plan_free(plan);
        w->error = err;
        w->step = STEP_INSPECT;
        return EFFECT_NONE;
    }
    take_as_read(w, plan);
    verdict_release(&w->after);
    diagnose_after(&w->facts, &plan->new, &w->after);
    w->plan = plan;
    return wizard_show_confirm(w, w->typeable);
}

enum wizard_step wizard_before_confirm(const struct wizard *w)
{
    return w->plan && w->plan->undo ? STEP_INSPECT : STEP_PROPOSE;
}

/* A sign-in that is under way is called off first; the next Esc leaves the form. */
bool wizard_leaves_undo(const struct wizard *w)
{
    if (w->step == STEP_CONFIRM)
        return w->plan && w->plan->undo;
    return w->undo && !w->held && !w->other_name && w->waiting != WAIT_CONNECT;
}

/* What was read of its DSA stays, to be looked at behind the journal. */
enum wizard_effect wizard_leave_undo(struct wizard *w)
{
    wizard_clear_error(w);
    wizard_drop_plan(w);
    plan_free(w->undo);
    w->undo = NULL;
    if (!w->judged)
        wizard_drop_subject(w);
    w->waiting = WAIT_NOTHING;
    w->resume = STEP_SYMPTOM;
    w->step = w->judged ? STEP_INSPECT : w->connected ? STEP_SYMPTOM : STEP_CONNECT;
    return EFFECT_JOURNAL;
}
