/* Apply: the change is on its way. Nothing can be called off here; the screen says what is awaited
 * and until when. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>
#include <time.h>

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

/* "at most 30 s, until 03:12:45 UTC"; owned by the caller. */
static char *deadline(const struct app *app)
{
    char clock[16];
    struct tm when;
    const struct asked *asked = &app->asked[PLACE_WIZARD];
    long seconds = deadlines_default.write / 1000;
    int64_t left = seconds - (app_now_ms(app) - asked->moved) / 1000; /* each step has its own */
    time_t until = time(NULL) + (time_t)left;
    if (!asked->task || !gmtime_r(&until, &when))
        return str_format("at most %ld s", seconds);
    strftime(clock, sizeof clock, "%H:%M:%S", &when);
    return str_format("at most %ld s, until %s UTC", seconds, clock);
}

/* Done, under way, still to come. */
static void add_steps(struct app *app, struct pager *page)
{
    const struct plan *plan = app->wizard.plan;
    int now = (int)app->asked[PLACE_WIZARD].progress;
    for (int kind = STEP_READ_AGAIN; kind <= STEP_BACK_LINK; kind++)
        if (kind != STEP_LAST_LOOK || (plan && plan->replace))
            page_item(app, page, kind < now ? GLYPH_TICK : GLYPH_BULLET,
                      kind < now    ? STYLE_OK
                      : kind == now ? STYLE_CURRENT
                                    : STYLE_QUIET,
                      "%s%s", apply_step_name((enum apply_step_kind)kind),
                      kind == now ? " ..." : "");
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct pager *page = state;
    const struct wizard *w = &app->wizard;
    char *until = deadline(app);
    page_begin(page);
    page_put(page, STYLE_CURRENT, "Writing on %s ...  %ld s", w->plan ? w->plan->host : "?",
             app_waited(app, PLACE_WIZARD));
    page_put(page, STYLE_TEXT,
             "The DC's answer is awaited, %s. A change that was sent is not called off: Esc and q "
             "do nothing here.",
             until);
    pager_blank(page);
    add_steps(app, page);
    pager_draw(page, app->term, rect);
    free(until);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    bool leaving = event->kind == TERM_KEY &&
                   (event->key == TERM_ESC || (event->key == TERM_CHAR && event->rune == 'q'));
    if (action == ACTION_HELP)
        return false;
    if (!leaving) {
        page_keys(state, event);
        return true;
    }
    char *until = deadline(app);
    app_notice(app, true, "Leaving would not stop it. The answer is awaited, %s.", until);
    free(until);
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
