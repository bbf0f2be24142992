/* Report: what was found, done and verified; or why nothing was done, for handing over. It is kept
 * in the state folder without being asked, once for each outcome. */
#include "ui/screens/report_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

/* What tells one outcome from the next. */
struct outcome {
    bool change;
    enum apply_state state;
    time_t when; /* the facts' */
    struct guid dsa;
};

struct report_screen {
    struct pager page, aside;
    struct field field; /* the file's name */
    bool asking, sure;  /* sure: the file exists, and Enter overwrites it */
    bool saving;        /* it is being written: the name stays as it is */
    struct outcome kept;
    char *path;              /* of the report that was kept */
    struct err *kept_failed; /* why it could not be */
    char *commands;
};

static void *open_report(struct app *app)
{
    (void)app;
    struct report_screen *screen = mem_zero(1, sizeof *screen);
    field_init(&screen->field, 0);
    return screen;
}

static void forget_kept(struct report_screen *screen)
{
    free(screen->path);
    err_free(screen->kept_failed);
    screen->path = NULL;
    screen->kept_failed = NULL;
}

static void close_report(void *state)
{
    struct report_screen *screen = state;
    pager_release(&screen->page);
    pager_release(&screen->aside);
    field_release(&screen->field);
    forget_kept(screen);
    free(screen->commands);
    free(screen);
}

static void enter_report(struct app *app, void *state)
{
    (void)app;
    struct report_screen *screen = state;
    screen->page.top = 0;
    screen->asking = false;
}

static bool typing(struct app *app, void *state)
{
    (void)app;
    return ((struct report_screen *)state)->asking;
}

/* --- keeping it --- */

static bool same_outcome(const struct outcome *a, const struct outcome *b)
{
    return a->change == b->change && a->state == b->state && a->when == b->when &&
           guid_equal(&a->dsa, &b->dsa);
}

static struct err *slow_disk(void)
{
    return err_next(
        err_new(ERR_LOCAL, ERR_OTHER, "The report is not written: the disk is too slow."),
        "Try again with s.");
}

static void kept(struct app *app, void *argument, struct err *err)
{
    struct report_work *work = argument;
    struct report_screen *screen = app->steps[STEP_REPORT].state;
    forget_kept(screen);
    screen->kept_failed = err;
    screen->path = work->path;
    work->path = NULL;
}

/* When there is something new to keep: a change that has ended, or a verdict that refuses. */
static void keep(struct app *app, struct report_screen *screen)
{
    const struct wizard *w = &app->wizard;
    bool change = report_is_change(w);
    struct outcome now = {change, w->report.state, w->facts.when, w->facts.asked};
    bool worth = change || (w->judged && !w->reported && !verdict_is_clean(&w->verdict));
    if (w->waiting != WAIT_NOTHING || !worth || same_outcome(&now, &screen->kept))
        return;
    forget_kept(screen);
    screen->kept = now;
    if (!report_keep(app, kept))
        screen->kept_failed = slow_disk();
    free(screen->commands);
    screen->commands = report_commands(w);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct report_screen *screen = state;
    const struct wizard *w = &app->wizard;
    size_t n = 0;
    if (screen->asking) {
        offers[n++] = (struct keys_offer){ACTION_ENTER, screen->sure ? "overwrite it" : "save"};
        offers[n++] = (struct keys_offer){ACTION_BACK, "do not save"};
        return n;
    }
    const char *next = w->waiting == WAIT_NOTHING ? app_next_word(app) : NULL;
    if (next)
        offers[n++] = (struct keys_offer){ACTION_NEXT, next};
    if (w->waiting != WAIT_NOTHING || app_is_visit(app))
        offers[n++] = (struct keys_offer){ACTION_BACK, w->waiting ? "call it off" : "the list"};
    if (w->waiting == WAIT_NOTHING)
        offers[n++] = (struct keys_offer){ACTION_ENTER,
                                          wizard_may_look_again(w) ? "look again" : "judge again"};
    if (w->waiting == WAIT_NOTHING) {
        offers[n++] = (struct keys_offer){ACTION_SAVE, NULL};
        if (app->options->command != COMMAND_BROWSE) {
            offers[n++] = (struct keys_offer){ACTION_HOME, NULL};
            offers[n++] = (struct keys_offer){ACTION_JOURNAL, NULL};
        }
        if (screen->commands)
            offers[n++] = (struct keys_offer){ACTION_COMMANDS, NULL};
        if (w->plan)
            offers[n++] = (struct keys_offer){ACTION_LDIF, NULL};
        if (w->judged && w->facts.account_count > 0)
            offers[n++] = (struct keys_offer){ACTION_ACCOUNTS, NULL};
        offers[n++] = (struct keys_offer){ACTION_BROWSE, NULL};
        if (!app_is_visit(app))
            offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    }
    return n;
}

/* --- drawing --- */

static void add_kept(struct report_screen *screen, struct pager *page)
{
    if (screen->kept_failed)
        page_pair(page, "report", STYLE_WARN, "%s", screen->kept_failed->text);
    else if (screen->path)
        page_file(page, "report", screen->path, "");
}

static void draw_question(struct app *app, struct report_screen *screen, struct rect *rect)
{
    struct rect rows = layout_take(rect, 3);
    int used = term_put(app->term, rows.row, rows.col, STYLE_STRONG, "Save as: ", rows.cols);
    struct rect line = {rows.row, rows.col + used, 1, rows.cols - used};
    field_draw(&screen->field, app->term, line, true);
    term_put_cut(app->term, rows.row + 1, rows.col, screen->sure ? STYLE_WARN : STYLE_QUIET,
                 screen->sure ? "This report exists. Enter overwrites it."
                              : "A name that ends in .md makes it Markdown.",
                 rows.cols);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct report_screen *screen = state;
    keep(app, screen);
    if (screen->asking)
        draw_question(app, screen, &rect);
    report_build_aside(app, &screen->aside);
    bool beside = app->wizard.waiting == WAIT_NOTHING && page_fits_beside(&screen->aside, rect);
    report_build(app, &screen->page, beside);
    if (app->wizard.waiting == WAIT_NOTHING)
        add_kept(screen, &screen->page);
    page_draw_beside(app, &screen->page, beside ? &screen->aside : NULL, rect);
}

/* --- keys --- */

static void saved(struct app *app, void *argument, struct err *err)
{
    const struct report_work *work = argument;
    struct report_screen *screen = app->steps[STEP_REPORT].state;
    screen->saving = false;
    screen->sure = work->exists;
    if (!err) {
        screen->asking = false;
        app_notice(app, false, "Saved as %s.", work->path);
    } else if (!work->exists || !screen->asking) {
        app_notice(app, true, "%s", err->text);
    }
    err_free(err);
}

static void save(struct app *app, struct report_screen *screen)
{
    const char *name = field_text(&screen->field);
    if (!*name)
        return;
    screen->saving = true;
    if (report_save(app, name, screen->sure, saved))
        return;
    screen->saving = false;
    app_notice(app, true, "The report is not written: the disk is too slow.");
}

static bool ask(struct app *app, struct report_screen *screen, const struct term_event *event,
                enum action action)
{
    enum widget_result result;
    if (action == ACTION_BACK) {
        screen->asking = false;
        return true;
    }
    if (screen->saving)
        return true;
    result = field_handle(&screen->field, event);
    if (result == WIDGET_ENTER)
        save(app, screen);
    else if (result == WIDGET_CHANGED)
        screen->sure = false;
    return true;
}

static void start_asking(struct app *app, struct report_screen *screen)
{
    if (screen->saving)
        return;
    char *name = report_default_name(&app->wizard);
    field_set(&screen->field, name);
    free(name);
    screen->asking = true;
    screen->sure = false;
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct report_screen *screen = state;
    if (screen->asking)
        return ask(app, screen, event, action);
    switch (action) {
    case ACTION_ENTER:
        app_send(app, EVENT_NEXT);
        return true;
    case ACTION_SAVE:
        start_asking(app, screen);
        return true;
    case ACTION_NEXT:
        app_next(app);
        return true;
    case ACTION_HOME:
        app_close_stack(app);
        app_send(app, EVENT_NEW);
        return true;
    case ACTION_COMMANDS:
        app_show_text(app, "Commands for the DC's own console", screen->commands);
        return true;
    case ACTION_LDIF:
        page_show_ldif(app, app->wizard.plan);
        return true;
    default:
        return page_opens(app, action) || page_keys(&screen->page, event);
    }
}

const struct screen_ops screen_report = {
    .name = "Report",
    .help = "What was found, done and verified. VERIFIED means: the value was read back by its "
            "GUID on the DC named, and the account's back link with it where that DC holds the "
            "account's domain. Replication is a line of its own: it recovers with the next attempt "
            "of the DC that logged the error.\n\n"
            "The report is kept in the state folder by itself; s saves it elsewhere, as text or "
            "Markdown, for a ticket. m shows commands for somebody at the DC's own console.",
    .open = open_report,
    .close = close_report,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_report,
};
