/* Lists that stay: one sends a DSA to be judged and waits beneath the steps, with its filter and
 * its chosen row; Esc at the end of the way wakes it, and its key goes on to its next one. What
 * became of each change is kept for the scrollback. */
#include "ui/app_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>

void app_visit(struct app *app, const struct guid *dsa, const char *host)
{
    app_cancel_reading(app); /* the DSA's own does not wait for it */
    app->asleep = app->depth;
    app_event(app, &(struct wizard_event){.kind = EVENT_JUDGE, .guid = *dsa, .text = host});
}

/* A change in flight stays, and so does a question of Connect that is not the list's. */
bool app_leads_to_list(const struct app *app)
{
    const struct wizard *w = &app->wizard;
    bool end = w->step == STEP_CONNECT || w->step == STEP_SYMPTOM || w->step == STEP_LOCATE ||
               w->step == STEP_INSPECT || w->step == STEP_REPORT;
    return app_is_visit(app) && end && !app_asks_sign_in(app) && !w->other_name;
}

bool app_is_visit(const struct app *app)
{
    return app->asleep > 0;
}

static struct app_view *sleeper(struct app *app)
{
    return app_is_visit(app) ? &app->stack[app->asleep - 1] : NULL;
}

void app_wake(struct app *app)
{
    struct app_view *view = sleeper(app);
    app_send(app, app->wizard.waiting != WAIT_NOTHING ? EVENT_BACK : EVENT_COVERED);
    while (app->depth > app->asleep)
        app_pop(app);
    app->asleep = 0;
    if (view->ops->enter)
        view->ops->enter(app, view->state);
}

void app_close_strange(struct app *app)
{
    size_t kept = app->depth > 0 && app->stack[0].ops->stays ? 1 : 0;
    size_t asleep = app->asleep < kept ? app->asleep : kept;
    app->asleep = 0;
    while (app->depth > kept)
        app->stack[app->depth - 1].ops->close(app->stack[app->depth - 1].state), app->depth--;
    app->asleep = asleep;
}

const char *app_next_word(struct app *app)
{
    struct app_view *view = sleeper(app);
    return view && view->ops->next_word ? view->ops->next_word(app, view->state) : NULL;
}

void app_next(struct app *app)
{
    struct app_view *view = sleeper(app);
    if (view && view->ops->next)
        view->ops->next(app, view->state);
}

/* --- what was done --- */

static char *outcome_of(const struct wizard *w)
{
    const struct apply_report *report = &w->report;
    struct str text = STR_INIT;
    char *name = text_clean_z(w->plan ? w->plan->name : ""), *host = text_clean_z(report->host);
    str_addf(&text, "dcmend: %s%s on %s: %s\n", *name ? "serverReference of " : "the change made",
             name, host, apply_state_name(report->state));
    if (report->journal_path)
        str_addf(&text, "dcmend: journal and undo: %s\n", report->journal_path);
    free(name);
    free(host);
    return str_steal(&text);
}

/* The same change may be looked at once more. */
void app_note_outcome(struct app *app)
{
    const struct wizard *w = &app->wizard;
    if (!w->reported || !w->plan)
        return;
    bool same = app->outcomes.count > 0 && w->report.journal_id &&
                str_same(app->outcome_id, w->report.journal_id);
    if (same)
        free(app->outcomes.items[--app->outcomes.count]);
    strs_own(&app->outcomes, outcome_of(w));
    mem_set(&app->outcome_id, w->report.journal_id);
}

void app_print_outcomes(const struct app *app)
{
    for (size_t i = 0; i < app->outcomes.count; i++)
        (void)fputs(app->outcomes.items[i], stdout);
}

void app_forget_outcomes(struct app *app)
{
    strs_release(&app->outcomes);
    free(app->outcome_id);
    app->outcome_id = NULL;
}
