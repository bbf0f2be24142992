/* Propose: what would change, old against new, and why the new value is right. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct propose {
    struct pager page, aside;
};

static void *open_propose(struct app *app)
{
    (void)app;
    return mem_zero(1, sizeof(struct propose));
}

static void close_propose(void *state)
{
    struct propose *propose = state;
    pager_release(&propose->page);
    pager_release(&propose->aside);
    free(propose);
}

static void enter_propose(struct app *app, void *state)
{
    (void)app;
    ((struct propose *)state)->page.top = 0;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    size_t n = 0;
    if (app->wizard.verdict.writable)
        offers[n++] = (struct keys_offer){ACTION_ENTER, "confirm it"};
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    offers[n++] = (struct keys_offer){ACTION_SAVE, "save plan"};
    offers[n++] = (struct keys_offer){ACTION_ACCOUNTS, "other accounts"};
    offers[n++] = (struct keys_offer){ACTION_COPY, "copy value"};
    offers[n++] = (struct keys_offer){ACTION_BROWSE, NULL};
    return n;
}

static void build_next(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    if (!w->verdict.writable)
        page_put(page, STYLE_WARN, "This account cannot be written; a lists the others.");
    else if (w->going)
        page_put(page, STYLE_CURRENT,
                 "Waiting for the other DCs' copies (%zu answered), then on to Confirm. Esc goes "
                 "back.",
                 app->asked[PLACE_COPIES].progress);
    else if (w->completing)
        page_put(page, STYLE_QUIET,
                 "The other DCs' copies are still being read: Enter waits for them.");
    else
        page_put(page, STYLE_TEXT, "Enter goes to Confirm, where a name has to be typed.");
}

static void build_second(struct app *app, struct pager *page)
{
    const struct findings *second = &app->wizard.verdict.second;
    if (second->count > 0)
        page_title(page, "A second confirmation will be asked for");
    for (size_t i = 0; i < second->count; i++)
        page_item(app, page, GLYPH_BULLET, STYLE_WARN, "%s", second->items[i].text);
}

static void build(struct app *app, struct pager *page, bool beside)
{
    const struct wizard *w = &app->wizard;
    char *host = short_dc(w, w->server.host);
    page_begin(page);
    page_error(page, w->error);
    page_put(page, STYLE_HEAD, "One value would change on %s. Nothing is written yet.", host);
    if (!beside)
        build_next(app, page);
    pager_blank(page);
    page_put(page, STYLE_TEXT, "serverReference of %s", w->facts.srv.cn ? w->facts.srv.cn : "?");
    page_proposal(page, w);
    page_proof(app, page);
    pager_blank(page);
    page_pair(page, "object", STYLE_TEXT, "%s", w->facts.srv.dn);
    page_blockers(app, page);
    if (!beside)
        build_second(app, page);
    page_side(app, page);
    free(host);
}

static void build_aside(struct app *app, struct pager *page)
{
    page_begin(page);
    page_put(page, STYLE_HEAD, "What happens next");
    build_next(app, page);
    pager_blank(page);
    page_put(page, STYLE_TEXT,
             "Before the change is sent everything is read again; if anything differs from this "
             "screen, nothing is written. The undo is on disk first.");
    build_second(app, page);
    page_title(page, "If it should be another account");
    page_put(page, STYLE_TEXT,
             "a lists every account that could be meant, with its proof. The same rules judge it: "
             "only an account that is proven can be written.");
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct propose *propose = state;
    if (!app->wizard.judged)
        return;
    build_aside(app, &propose->aside);
    build(app, &propose->page, true);
    bool beside = page_fits_beside(&propose->page, &propose->aside, rect);
    if (!beside)
        build(app, &propose->page, false);
    page_draw_beside(app, &propose->page, beside ? &propose->aside : NULL, rect);
}

/* All that may be asked for. */
static bool can_type(struct app *app)
{
    const struct verdict *verdict = &app->wizard.verdict;
    const char *account = verdict->second.count > 0 ? verdict->proposed : NULL;
    return page_can_type(app, &app->wizard.facts) &&
           term_can_show(app->term, account ? account : "");
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct propose *propose = state;
    const struct wizard *w = &app->wizard;
    switch (action) {
    case ACTION_ENTER:
        app_event(app, &(struct wizard_event){.kind = EVENT_NEXT, .typeable = can_type(app)});
        return true;
    case ACTION_SAVE:
        app_push(app, &screen_save);
        return true;
    case ACTION_COPY:
        app_copy(app, "The proposed value", w->verdict.proposed);
        return true;
    default:
        return page_opens(app, action) || page_keys(&propose->page, event);
    }
}

static struct pager *page_of(void *state)
{
    return &((struct propose *)state)->page;
}

const struct screen_ops screen_propose = {
    .page = page_of,
    .name = "Propose",
    .help = "The change that would repair the fault: the old value of serverReference (-) against "
            "the new one (+) (article: step 2, numbers 11 and 12).\n\n"
            "The value is never typed: it is the account that the evidence proves. a lists the "
            "other accounts, with what speaks for and against each. Nothing has been written yet; "
            "Enter goes on to Confirm, where you type a name. s saves it as a plan that somebody "
            "else can look at and carry out (dcmend --file).",
    .open = open_propose,
    .close = close_propose,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .enter = enter_propose,
};
