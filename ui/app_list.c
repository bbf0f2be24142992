/* The DSAs of the forest, listed beside everything else as soon as what the wizard shows is better
 * for it; the wizard's own readings do not wait behind it. */
#include "ui/app_parts.h"

#include "src/base/mem.h"
#include "src/jobs/list_dsas.h"

#include <stdlib.h>

static struct err *run(struct task *task, struct session *session, void *list)
{
    (void)task;
    return list_dsas(session, list);
}

static void drop(void *list)
{
    dsa_list_release(list);
    free(list);
}

static const struct task_kind work_list = {
    .name = "list", .run = run, .drop = drop, .again = task_may_begin_again};

static void done(struct app *app, void *argument, struct err *err)
{
    struct dsa_list *list = argument;
    if (err)
        list->why = err; /* and nothing else */
    app_event(app, &(struct wizard_event){.kind = EVENT_LISTED, .list = list});
}

bool app_is_listing(const struct app *app)
{
    return app->asked[PLACE_LIST].task != NULL;
}

void app_list(struct app *app)
{
    if (!app->desk || app_is_listing(app) || !wizard_wants_list(&app->wizard))
        return;
    struct dsa_list *work = mem_zero(1, sizeof *work);
    app->ask(app, PLACE_LIST, &work_list, work, done);
    app->asked[PLACE_LIST].quiet = true;
}
