/* Propose: what would change, old against new, and why the new value is right. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct propose {
    struct pager page;
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
    free(propose);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    size_t n = 0;
    if (app->wizard.verdict.writable)
        offers[n++] = (struct keys_offer){ACTION_ENTER, "confirm"};
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    offers[n++] = (struct keys_offer){ACTION_COPY, "copy value"};
    offers[n++] = (struct keys_offer){ACTION_BROWSE, NULL};
    return n;
}

static void build(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    page_begin(page);
    page_put(page, STYLE_HEAD, "The proposed repair: one value on one object of %s.",
             w->server.host);
    pager_blank(page);
    page_pair(page, "object", STYLE_TEXT, "%s", w->facts.srv.dn);
    page_pair(page, "attribute", STYLE_TEXT, "serverReference");
    page_change(page, w->verdict.current, w->verdict.proposed);
    page_evidence(app, page);
    if (w->verdict.second.count > 0)
        page_title(page, "A second confirmation will be asked for");
    for (size_t i = 0; i < w->verdict.second.count; i++)
        page_item(app, page, GLYPH_BULLET, STYLE_WARN, "%s", w->verdict.second.items[i].text);
    page_blockers(app, page);
    page_side(app, page);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct propose *propose = state;
    if (!app->wizard.judged)
        return;
    build(app, &propose->page);
    pager_draw(&propose->page, app->term, rect);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct propose *propose = state;
    const struct wizard *w = &app->wizard;
    switch (action) {
    case ACTION_ENTER:
        app_event(app,
                  &(struct wizard_event){.kind = EVENT_NEXT,
                                         .typeable = term_can_show(app->term, w->facts.srv.cn)});
        return true;
    case ACTION_COPY:
        app_copy(app, "The proposed value", w->verdict.proposed);
        return true;
    case ACTION_BROWSE:
        app_push(app, &screen_browse);
        return true;
    default:
        return page_keys(&propose->page, event);
    }
}

const struct screen_ops screen_propose = {
    .name = "Propose",
    .help = "The change that would repair the fault: the old value of serverReference against the "
            "new one (article: step 2, numbers 11 and 12).\n\n"
            "The value is never typed: it is the account that the evidence proves. Nothing has "
            "been written yet; Enter goes on to Confirm, where you type a name.",
    .open = open_propose,
    .close = close_propose,
    .offers = offers,
    .draw = draw,
    .handle = handle,
};
