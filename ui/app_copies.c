/* The other DCs' copies come in beside the wizard: what is judged is shown at once, and judged
 * again when they are there. */
#include "ui/app_parts.h"

#include "ui/work.h"

void app_forget_copies(struct app *app)
{
    workers_forget(app->workers, app->copies_job);
    app->copies_job = NULL;
    app->copies_done = 0;
}

void app_read_copies(struct app *app)
{
    app_forget_copies(app);
    if (!app->session) {
        app_send(app, EVENT_COMPLETED);
        return;
    }
    struct err *err = workers_start(
        app->workers, &work_copies,
        copies_work_new(app->session, &app->wizard.facts, app->options->source), &app->copies_job);
    if (err)
        app_send(app, EVENT_COMPLETED);
    err_free(err);
}

static void merge(void *context, struct facts *facts)
{
    copies_merge(context, facts);
}

/* A copy names an account that nobody has read: it has to be judged too. */
static bool names_stranger(const struct facts *facts)
{
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        bool known = copy->state != COPY_VALUE || !copy->value.has_guid;
        for (size_t a = 0; a < facts->account_count && !known; a++)
            known = guid_equal(&facts->accounts[a].guid, &copy->value.guid);
        if (!known)
            return true;
    }
    return false;
}

/* Once for a DSA: all is read again, the accounts that copies name included. */
static void read_strangers(struct app *app)
{
    const struct wizard *w = &app->wizard;
    if (w->step > STEP_INSPECT || !names_stranger(&w->facts) ||
        guid_equal(&app->full, &w->facts.asked))
        return;
    app->full = w->facts.asked;
    app_send(app, EVENT_AGAIN);
}

void app_copies_done(struct app *app, struct copies_work *work)
{
    const struct wizard *w = &app->wizard;
    app->copies_job = NULL;
    app->copies_done = 0;
    bool same = w->judged && guid_equal(&work->asked, &w->facts.asked);
    app_event(app, &(struct wizard_event){.kind = EVENT_COMPLETED,
                                          .complete = same ? merge : NULL,
                                          .context = &work->copies});
    if (same)
        read_strangers(app);
    work_copies.drop(work);
}
