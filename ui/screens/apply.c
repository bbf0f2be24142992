/* Apply: the change is on its way. Nothing can be called off here; the screen says what is awaited
 * and until when. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

static void *open_apply(struct app *app)
{
    (void)app;
    return mem_zero(1, sizeof(struct pager));
}

static void close_apply(void *state)
{
    pager_release(state);
    free(state);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)app, (void)state, (void)offers;
    return 0;
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct pager *page = state;
    const struct wizard *w = &app->wizard;
    page_begin(page);
    page_put(page, STYLE_CURRENT, "Writing on %s ...  %ld s", w->plan ? w->plan->host : "?",
             app_waited(app));
    pager_blank(page);
    for (int kind = STEP_READ_AGAIN; kind <= STEP_BACK_LINK; kind++)
        if (kind != STEP_LAST_LOOK || (w->plan && w->plan->replace))
            page_item(app, page, GLYPH_BULLET, STYLE_QUIET, "%s",
                      apply_step_name((enum apply_step_kind)kind));
    pager_blank(page);
    page_put(page, STYLE_TEXT,
             "The answer of the DC is awaited for at most %d s. A change that was "
             "sent is not called off.",
             deadlines_default.write / 1000);
    pager_draw(page, app->term, rect);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    (void)state, (void)action;
    bool leaving = event->kind == TERM_KEY &&
                   (event->key == TERM_ESC || (event->key == TERM_CHAR && event->rune == 'q'));
    if (leaving)
        app_notice(app, true, "The answer is awaited, at most %d s: leaving would not stop it.",
                   deadlines_default.write / 1000);
    return true;
}

const struct screen_ops screen_apply = {
    .name = "Apply",
    .help = "Everything that the verdict rests on is read again, the undo is written to disk, one "
            "change is sent, and the value is read back.",
    .open = open_apply,
    .close = close_apply,
    .offers = offers,
    .draw = draw,
    .handle = handle,
};
