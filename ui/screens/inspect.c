/* Inspect: the verdict first, in plain words, and the proof below it. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct inspect {
    struct pager page, aside;
};

static void *open_inspect(struct app *app)
{
    (void)app;
    return mem_zero(1, sizeof(struct inspect));
}

static void close_inspect(void *state)
{
    struct inspect *inspect = state;
    pager_release(&inspect->page);
    pager_release(&inspect->aside);
    free(inspect);
}

static void enter_inspect(struct app *app, void *state)
{
    (void)app;
    ((struct inspect *)state)->page.top = 0;
}

static const char *enter_word(const struct wizard *w)
{
    static const char *const words[] = {
        [GO_PROPOSE] = "propose the repair",       [GO_REPORT] = "report",
        [GO_SUCCESSOR] = "judge its successor",    [GO_MOVE] = "connect to the event's DC",
        [GO_PARTNER] = "go to a writable partner",
    };
    return words[wizard_inspect_goes(w)];
}

/* There is nothing to repair: a list may go on at once. */
static bool goes_nowhere(const struct app *app)
{
    return app->wizard.waiting == WAIT_NOTHING && wizard_inspect_goes(&app->wizard) == GO_REPORT;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    size_t n = 0;
    if (!app->wizard.judged) {
        offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
        offers[n++] = (struct keys_offer){ACTION_REFRESH, NULL};
        return n;
    }
    offers[n++] = (struct keys_offer){ACTION_ENTER, enter_word(&app->wizard)};
    const char *next = goes_nowhere(app) ? app_next_word(app) : NULL;
    if (next)
        offers[n++] = (struct keys_offer){ACTION_NEXT, next};
    offers[n++] = (struct keys_offer){ACTION_BACK, app_is_visit(app) ? "the list" : NULL};
    if (app->wizard.facts.account_count > 0)
        offers[n++] = (struct keys_offer){ACTION_ACCOUNTS, NULL};
    if (findings_has(&app->wizard.verdict.blockers, B11) && !app->wizard.read_only)
        offers[n++] = (struct keys_offer){ACTION_PASSWORD, "sign in as another"};
    offers[n++] = (struct keys_offer){ACTION_SAVE, NULL};
    offers[n++] = (struct keys_offer){ACTION_BROWSE, NULL};
    offers[n++] = (struct keys_offer){ACTION_REFRESH, NULL};
    return n;
}

static void build_waiting(struct app *app, struct pager *page)
{
    page_begin(page);
    page_error(page, app->wizard.error);
    if (app->wizard.waiting == WAIT_READ)
        page_waiting(app, page, "Reading the DSA again ...");
    else if (!app->wizard.error)
        page_put(page, STYLE_TEXT, "Nothing has been read. r reads it.");
}

/* Then what to do comes before the proof: Enter leads to no repair. */
static bool refuses(const struct verdict *verdict)
{
    return !verdict->writable && verdict->kind != VERDICT_HEALTHY;
}

static void build(struct app *app, struct inspect *inspect, bool beside)
{
    const struct wizard *w = &app->wizard;
    struct pager *page = &inspect->page;
    page_begin(page);
    page_error(page, w->error);
    page_put(page, verdict_style(&w->verdict), "%s", w->verdict.headline);
    if (!beside)
        page_put(page, STYLE_TEXT, "%s", w->verdict.meaning);
    bool between = w->verdict.kind == VERDICT_AMBIGUOUS; /* accounts that the advice speaks of */
    if (between)
        page_candidates(app, page);
    if (!beside && refuses(&w->verdict))
        page_advice(app, page);
    pager_blank(page);
    page_dsa(app, page);
    page_copies(app, page);
    page_evidence(app, page);
    if (!between)
        page_candidates(app, page);
    page_blockers(app, page);
    page_side(app, page);
    if (!beside && !refuses(&w->verdict))
        page_advice(app, page);
}

static void build_aside(struct app *app, struct pager *page)
{
    page_begin(page);
    page_put(page, STYLE_HEAD, "What it means");
    page_put(page, STYLE_TEXT, "%s", app->wizard.verdict.meaning);
    page_advice(app, page);
    page_title(page, "Next");
    page_put(page, STYLE_TEXT, "Enter: %s. Nothing is written in this step.",
             enter_word(&app->wizard));
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct inspect *inspect = state;
    if (!app->wizard.judged) {
        build_waiting(app, &inspect->page);
        pager_draw(&inspect->page, app->term, rect);
        return;
    }
    build_aside(app, &inspect->aside);
    build(app, inspect, true);
    bool beside = page_fits_beside(&inspect->page, &inspect->aside, rect);
    if (!beside)
        build(app, inspect, false);
    page_draw_beside(app, &inspect->page, beside ? &inspect->aside : NULL, rect);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct inspect *inspect = state;
    switch (action) {
    case ACTION_ENTER:
        if (app->wizard.judged)
            app_send(app, EVENT_NEXT);
        return true;
    case ACTION_NEXT:
        app_next(app);
        return true;
    case ACTION_SAVE:
        if (app->wizard.judged)
            app_push(app, &screen_save);
        return true;
    case ACTION_PASSWORD:
        app_send(app, EVENT_RESUME);
        return true;
    case ACTION_REFRESH:
        app_send(app, EVENT_AGAIN);
        return true;
    default:
        return page_opens(app, action) || page_keys(&inspect->page, event);
    }
}

static struct pager *page_of(void *state)
{
    return &((struct inspect *)state)->page;
}

const struct screen_ops screen_inspect = {
    .page = page_of,
    .name = "Inspect",
    .help =
        "The verdict on this DSA, as its server object stands on the DC named in the head line.\n\n"
        "serverReference ties a server object (in the Configuration partition) to the account of "
        "its domain controller. Without it the DC that reads it cannot derive a service principal "
        "name, and replication fails with 8589 (article: Cause).\n\n"
        "The evidence is what proves which account is meant: the replication SPN that a DC writes "
        "on its own account counts most. What forbids a write is listed with its rule.\n\n"
        "Enter takes the recommended step. Nothing is written before you type a name on Confirm.",
    .open = open_inspect,
    .close = close_inspect,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .enter = enter_inspect,
};
