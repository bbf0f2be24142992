/* Signing in, for the first time or after the connection was lost, and what is kept meanwhile. */
#include "src/remedy/wizard_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

/* The DSA and the person that what is shown was read from and by. */
static bool same_sign_in(const struct server *was, const struct server *now)
{
    bool dsa = was->has_dsa_guid && now->has_dsa_guid ? guid_equal(&was->dsa_guid, &now->dsa_guid)
                                                      : str_same(was->host, now->host);
    return dsa && str_same(was->identity, now->identity);
}

/* Nothing that was shown is touched: everything goes on where it stopped. */
static enum wizard_effect take_up(struct wizard *w)
{
    enum wizard_wait awaited = w->awaited;
    bool confirmed = w->plan && plan_is_confirmed(w->plan);
    w->step = w->resume;
    w->resume = STEP_SYMPTOM;
    w->held = false;
    w->awaited = WAIT_NOTHING;
    if (awaited == WAIT_READ)
        return wizard_read_dsa(w);
    if (awaited == WAIT_APPLY && confirmed) {
        w->step = STEP_APPLY;
        w->waiting = WAIT_APPLY;
        return EFFECT_APPLY;
    }
    if (awaited == WAIT_VERIFY) {
        w->waiting = WAIT_VERIFY;
        return EFFECT_VERIFY;
    }
    return w->step == STEP_CONFIRM ? EFFECT_CONFIRM : EFFECT_NONE;
}

/* Somebody else, or another DC: what was read before is read anew. */
static void let_go(struct wizard *w, const struct server *now)
{
    if (w->held && w->judged && !str_same(w->server.identity, now->identity))
        mem_set(&w->first_identity, w->server.identity);
    if (w->held && w->resume > STEP_INSPECT)
        w->resume = STEP_INSPECT;
    w->held = false;
    w->awaited = WAIT_NOTHING;
}

/* The change is looked for still; what another DC said of the DSA stands under no other name. */
static void forget_facts(struct wizard *w)
{
    struct plan *plan = w->plan;
    w->plan = NULL;
    wizard_drop_judgement(w);
    w->plan = plan;
}

/* Under another name, and not the DC that the operator has already taken under that name. */
static bool is_news(const struct server *before, const struct server *now)
{
    bool same = before->has_dsa_guid && now->has_dsa_guid &&
                guid_equal(&before->dsa_guid, &now->dsa_guid) &&
                str_same_case(before->asked, now->asked);
    return server_other_name(now) && !same;
}

enum wizard_effect wizard_connected(struct wizard *w, struct server *server)
{
    bool same = w->server.host && same_sign_in(&w->server, server);
    bool on = w->held && (w->awaited == WAIT_VERIFY || same);
    if (!on)
        let_go(w, server);
    else if (!same)
        forget_facts(w);
    w->other_name = !on && is_news(&w->server, server);
    wizard_drop_list(w);
    server_release(&w->server);
    w->server = *server;
    *server = (struct server){.host = NULL};
    w->connected = true;
    w->waiting = WAIT_NOTHING;
    wizard_clear_error(w);
    if (on)
        return take_up(w);
    wizard_drop_judgement(w);
    w->step = STEP_CONNECT;
    return w->other_name ? EFFECT_NONE : wizard_go_on(w);
}

/* Connect asks; where one is, and what is awaited, is kept until somebody has signed in. */
enum wizard_effect wizard_lost(struct wizard *w, struct err *err)
{
    if (w->step == STEP_CONNECT && w->error) { /* it says more */
        err_free(err);
    } else {
        wizard_clear_error(w);
        w->error = err;
    }
    w->connected = false;
    w->held = true;
    if (w->waiting > WAIT_CONNECT)
        w->awaited = w->waiting;
    if (w->step != STEP_CONNECT)
        w->resume = w->step == STEP_APPLY ? STEP_CONFIRM : w->step;
    w->waiting = WAIT_NOTHING;
    w->step = STEP_CONNECT;
    return EFFECT_NONE;
}

/* Not signed in again: back to where one was, without a connection and without the wish. A change
 * that was confirmed is not carried out at some later sign-in. */
void wizard_stay_away(struct wizard *w)
{
    if (w->awaited == WAIT_APPLY) {
        w->resume = wizard_before_confirm(w);
        wizard_drop_plan(w);
    }
    w->step = w->resume;
    w->resume = STEP_SYMPTOM;
    w->held = false;
    w->awaited = WAIT_NOTHING;
}
