/* Report: what was found, done and verified; or why nothing was done, for handing over. It is kept
 * in the state folder without being asked (ui/app_keep.c). */
#include "ui/screens/report_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct report_screen {
    struct pager page, aside;
};

static void *open_report(struct app *app)
{
    (void)app;
    return mem_zero(1, sizeof(struct report_screen));
}

static void close_report(void *state)
{
    struct report_screen *screen = state;
    pager_release(&screen->page);
    pager_release(&screen->aside);
    free(screen);
}

static void enter_report(struct app *app, void *state)
{
    (void)app;
    ((struct report_screen *)state)->page.top = 0;
}

static bool has_commands(const struct wizard *w)
{
    char *commands = report_commands(w);
    bool any = commands && (report_is_change(w) || !verdict_is_clean(&w->verdict));
    free(commands);
    return any;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    const struct wizard *w = &app->wizard;
    size_t n = 0;
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
        if (has_commands(w))
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

static void add_kept(struct app *app, struct pager *page)
{
    const struct app_kept *kept = app_kept(app);
    if (kept && kept->failed)
        page_pair(page, "report", STYLE_WARN, "%s", kept->failed->text);
    else if (kept && kept->path)
        page_file(page, "report", kept->path, "");
}

static void build(struct app *app, struct pager *page, bool beside)
{
    report_build(app, page, beside);
    if (app->wizard.waiting == WAIT_NOTHING)
        add_kept(app, page);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct report_screen *screen = state;
    report_build_aside(app, &screen->aside);
    build(app, &screen->page, true);
    bool beside = app->wizard.waiting == WAIT_NOTHING &&
                  page_fits_beside(&screen->page, &screen->aside, rect);
    if (!beside)
        build(app, &screen->page, false);
    page_draw_beside(app, &screen->page, beside ? &screen->aside : NULL, rect);
}

static void show_commands(struct app *app)
{
    char *commands = report_commands(&app->wizard);
    app_show_text(app, "Commands for the DC's own console", commands ? commands : "");
    free(commands);
}

/* Leads away: what was seen until now is in the report. */
static void leave(struct app *app, enum wizard_event_kind kind)
{
    app_keep_left(app);
    app_send(app, kind);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct report_screen *screen = state;
    switch (action) {
    case ACTION_ENTER:
        leave(app, EVENT_NEXT);
        return true;
    case ACTION_NEXT:
        app_keep_left(app);
        app_next(app);
        return true;
    case ACTION_BACK:
        app_keep_left(app);
        return false;
    case ACTION_SAVE:
        app_push(app, &screen_save);
        return true;
    case ACTION_HOME:
        app_close_stack(app);
        leave(app, EVENT_NEW);
        return true;
    case ACTION_COMMANDS:
        show_commands(app);
        return true;
    case ACTION_LDIF:
        page_show_ldif(app, app->wizard.plan);
        return true;
    default:
        return page_opens(app, action) || page_keys(&screen->page, event);
    }
}

static struct pager *page_of(void *state)
{
    return &((struct report_screen *)state)->page;
}

const struct screen_ops screen_report = {
    .page = page_of,
    .name = "Report",
    .help = "What was found, done and verified. VERIFIED means: the value was read back by its "
            "GUID on the DC named, and the account's back link with it where that DC holds the "
            "account's domain. Replication is a line of its own: it recovers with the next attempt "
            "of the DC that logged the error.\n\n"
            "The report is kept in the state folder by itself, and written anew when something has "
            "changed; s saves it elsewhere, as text or "
            "Markdown, for a ticket. m shows commands for somebody at the DC's own console.",
    .open = open_report,
    .close = close_report,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .enter = enter_report,
};
