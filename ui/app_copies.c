/* The other DCs' copies come in beside the wizard: what is judged is shown at once, and judged
 * again when they are there. */
#include "ui/app_parts.h"

#include "ui/debug.h"
#include "ui/work.h"

void app_forget_copies(struct app *app)
{
    desk_call_off(app->asked[PLACE_COPIES].task);
    app->asked[PLACE_COPIES] = (struct asked){.task = NULL};
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

static void copies_done(struct app *app, void *argument, struct err *err)
{
    struct copies_work *work = argument;
    const struct wizard *w = &app->wizard;
    bool same = !err && w->judged && guid_equal(&work->asked, &w->facts.asked);
    if (err)
        app_notice(app, true, "The other DCs are not asked. %s", err->text);
    err_free(err);
    app_event(app, &(struct wizard_event){.kind = EVENT_COMPLETED,
                                          .complete = same ? merge : NULL,
                                          .context = &work->copies});
    if (same)
        debug_finding(&w->facts, &w->verdict);
    if (same)
        read_strangers(app);
}

void app_read_copies(struct app *app)
{
    struct copies_work *work = app->copies;
    app->copies = NULL;
    app_forget_copies(app);
    (void)app_ask(app, PLACE_COPIES, &work_copies, work, copies_done);
}
