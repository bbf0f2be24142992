/* What the connected DC's list of DSAs is for: a name for each of several that the text gives by
 * its GUID alone, and the choice where a GUID was cut short. It never chooses. */
#include "src/remedy/wizard_parts.h"

#include "src/base/mem.h"

static bool is_nameless(const struct subject_dsa *dsa)
{
    return dsa->has_guid && !(dsa->server && dsa->site);
}

bool wizard_wants_list(const struct wizard *w)
{
    bool place = w->step == STEP_SYMPTOM || w->step == STEP_LOCATE;
    if (!place || !w->connected || w->held || w->listed || w->waiting != WAIT_NOTHING || w->picked)
        return false;
    bool wanted = w->subject.count == 0 && w->subject.cut;
    for (size_t i = 0; i < w->subject.count && w->subject.conflict; i++)
        wanted = wanted || is_nameless(&w->subject.dsas[i]);
    return wanted;
}

static void lend_names(struct wizard *w)
{
    for (size_t i = 0; i < w->subject.count; i++) {
        struct subject_dsa *dsa = &w->subject.dsas[i];
        const struct listed_dsa *listed =
            is_nameless(dsa) ? dsa_list_find(&w->list, &dsa->guid) : NULL;
        if (listed && !dsa->server)
            dsa->server = mem_text(listed->server);
        if (listed && !dsa->site)
            dsa->site = mem_text(listed->site);
    }
}

static void offer(struct wizard *w, const struct listed_dsa *listed)
{
    struct subject_dsa *dsa = subject_add(&w->subject, SUBJECT_CUT_GUID);
    subject_dsa_copy(dsa, &w->subject.like);
    dsa->has_guid = true;
    dsa->guid = listed->guid;
    dsa->server = mem_text(listed->server);
    dsa->site = mem_text(listed->site);
}

/* Where there may be more than the DC has listed, the only one is to be chosen, too. */
static void offer_fitting(struct wizard *w)
{
    for (size_t i = 0; i < w->list.count; i++)
        if (guid_fits(&w->list.items[i].guid, w->subject.cut))
            offer(w, &w->list.items[i]);
    if (w->subject.count == 0)
        return;
    w->subject.conflict = w->subject.count > 1 || !w->list.complete;
    err_free(w->subject_error);
    w->subject_error = NULL;
}

void wizard_use_list(struct wizard *w)
{
    if (!w->listed)
        return;
    if (w->subject.count == 0 && w->subject.cut)
        offer_fitting(w);
    else if (w->subject.conflict)
        lend_names(w);
}

void wizard_drop_list(struct wizard *w)
{
    dsa_list_release(&w->list);
    w->listed = false;
}

enum wizard_effect wizard_listed(struct wizard *w, struct dsa_list *list)
{
    wizard_drop_list(w);
    w->list = *list;
    *list = (struct dsa_list){.items = NULL};
    w->listed = true;
    wizard_use_list(w);
    return EFFECT_NONE;
}
