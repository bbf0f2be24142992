/* The whole forest, judged: the findings as a list that stays, those that can be repaired first.
 * Enter judges the chosen one in the wizard, with everything that a survey leaves out; meanwhile
 * the list waits beneath the steps, and Tab on the Report goes on to its next one. */
#include "ui/screens/scan_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/host.h"
#include "ui/screens/report_parts.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

enum {
    WORDY = 60, /* from so many columns on there is room for the next one's name in a footer */
    NAME_MOST = 16
};

static struct scan_screen *state_of(struct app *app)
{
    for (size_t i = 0; i < app->depth; i++)
        if (app->stack[i].ops == &screen_scan)
            return app->stack[i].state;
    return NULL;
}

static uint64_t row_id(void *data, size_t at)
{
    return ((const struct scan_screen *)data)->rows.order[at];
}

static void arranged(struct scan_screen *screen)
{
    screen->list.count = screen->rows.shown;
    list_refresh(&screen->list);
}

/* --- reading --- */

void scan_done(struct app *app, void *argument, struct err *err)
{
    struct scan_work *work = argument;
    struct scan_screen *screen = state_of(app);
    struct guid dsa;
    size_t index;
    if (!screen) {
        err_free(err);
        return;
    }
    screen->asked_every = false;
    if (err && screen->known) {
        app_notice(app, true, "%s", err->text);
        err_free(err);
        return;
    }
    screen->err = err;
    if (err)
        return;
    bool was = scan_chosen(screen, &index);
    if (was)
        dsa = scan_finding_at(screen, index)->facts.asked;
    scan_rows_take(&screen->rows, work);
    screen->known = true;
    index = was ? scan_rows_find(&screen->rows, &dsa) : SCAN_NONE;
    arranged(screen);
    if (index == SCAN_NONE || !list_select_id(&screen->list, index))
        list_handle(&screen->list, &(struct term_event){.kind = TERM_KEY, .key = TERM_HOME});
}

static void read_forest(struct scan_screen *screen, bool every_dc)
{
    app_cancel_reading(screen->app);
    err_free(screen->err);
    screen->err = NULL;
    screen->asked_every = every_dc;
    (void)app_read(screen->app, &work_scan, scan_work_new(every_dc), scan_done);
}

static void *open_scan(struct app *app)
{
    struct scan_screen *screen = mem_zero(1, sizeof *screen);
    screen->app = app;
    screen->rows.at = SCAN_NONE;
    screen->list.row = scan_draw_row;
    screen->list.id = row_id;
    screen->list.data = screen;
    field_init(&screen->field, 0);
    return screen;
}

static void close_scan(void *state)
{
    struct scan_screen *screen = state;
    if (scan_is_reading(screen))
        app_cancel_reading(screen->app);
    scan_rows_release(&screen->rows);
    err_free(screen->err);
    pager_release(&screen->page);
    field_release(&screen->field);
    for (size_t i = 0; i < sizeof screen->cell / sizeof *screen->cell; i++)
        free(screen->cell[i]);
    free(screen->word);
    free(screen);
}

static void enter_scan(struct app *app, void *state)
{
    struct scan_screen *screen = state;
    if (screen->rows.at != SCAN_NONE) { /* it was asleep */
        scan_rows_note(&screen->rows, &app->wizard);
        screen->rows.at = SCAN_NONE;
        scan_rows_filter(&screen->rows, screen->rows.filter);
        arranged(screen);
    }
    if (!screen->known && !screen->err && !app_is_reading(app))
        read_forest(screen, screen->asked_every);
}

/* --- one after the other --- */

static void judge(struct app *app, struct scan_screen *screen, size_t index)
{
    struct guid dsa = scan_finding_at(screen, index)->facts.asked;
    char *dc = mem_text(scan_rows_dc(&screen->rows, index, scan_connected(app)));
    (void)list_select_id(&screen->list, index);
    screen->rows.at = index;
    app_visit(app, &dsa, dc);
    free(dc);
}

static const char *next_word(struct app *app, void *state)
{
    struct scan_screen *screen = state;
    struct scan_rows *rows = &screen->rows;
    scan_rows_note(rows, &app->wizard);
    size_t next = scan_rows_next(rows), done = scan_rows_done(rows), all = rows->every.scan.count;
    char *raw = next == SCAN_NONE ? mem_text("") : scan_rows_name(rows, next);
    char *name = page_clean(raw), *cut = text_fit(name, NAME_MOST, "...");
    free(screen->word);
    if (next == SCAN_NONE)
        screen->word = str_format("the list, %zu of %zu done", done, all);
    else if (term_size(app->term).cols < WORDY)
        screen->word = str_format("next, %zu of %zu done", done, all);
    else
        screen->word = str_format("next: %s (%zu of %zu done)", cut, done, all);
    free(cut);
    free(name);
    free(raw);
    return screen->word;
}

static void next(struct app *app, void *state)
{
    struct scan_screen *screen = state;
    scan_rows_note(&screen->rows, &app->wizard);
    size_t index = scan_rows_next(&screen->rows);
    if (index == SCAN_NONE)
        app_wake(app);
    else
        judge(app, screen, index);
}

/* --- the footer --- */

static bool typing(struct app *app, void *state)
{
    (void)app;
    return ((struct scan_screen *)state)->typing;
}

static const char *enter_word(struct scan_screen *screen, size_t index)
{
    const char *dc;
    if (!scan_is_elsewhere(screen, index, &dc))
        return "judge this DSA";
    char *host = short_dc(&screen->app->wizard, dc), *cut = text_fit(host, NAME_MOST, "...");
    free(screen->word);
    screen->word = str_format("judge on %s", cut);
    free(cut);
    free(host);
    return screen->word;
}

static const char *back_word(const struct scan_screen *screen)
{
    return scan_is_reading(screen) ? "call it off" : screen->rows.filter ? "clear filter" : NULL;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)app;
    struct scan_screen *screen = state;
    size_t n = 0, index;
    if (screen->typing) {
        offers[n++] = (struct keys_offer){ACTION_ENTER, "keep it"};
        offers[n++] = (struct keys_offer){ACTION_BACK, "drop it"};
        return n;
    }
    bool idle = !scan_is_reading(screen), any = screen->known && screen->rows.every.scan.count > 0;
    if (idle && scan_chosen(screen, &index))
        offers[n++] = (struct keys_offer){ACTION_ENTER, enter_word(screen, index)};
    if (idle && screen->known)
        offers[n++] = (struct keys_offer){ACTION_EVERY_DC, NULL};
    if (any)
        offers[n++] = (struct keys_offer){ACTION_FILTER, NULL};
    offers[n++] = (struct keys_offer){ACTION_BACK, back_word(screen)};
    if (any)
        offers[n++] = (struct keys_offer){ACTION_SAVE, NULL};
    if (any)
        offers[n++] =
            (struct keys_offer){ACTION_SORT, screen->rows.by_name ? "repairable first" : "by site"};
    if (idle && (screen->known || screen->err))
        offers[n++] = (struct keys_offer){ACTION_REFRESH, NULL};
    return n;
}

/* --- keys --- */

static void filter(struct scan_screen *screen, const char *text)
{
    scan_rows_filter(&screen->rows, text);
    arranged(screen);
}

static void type(struct scan_screen *screen, const struct term_event *event, enum action action)
{
    if (action == ACTION_BACK) {
        screen->typing = false;
        filter(screen, NULL);
        return;
    }
    enum widget_result result = field_handle(&screen->field, event);
    if (result == WIDGET_ENTER)
        screen->typing = false;
    else if (result == WIDGET_CHANGED)
        filter(screen, field_text(&screen->field));
    else if (result == WIDGET_IGNORED)
        list_handle(&screen->list, event);
}

static void saved(struct app *app, void *argument, struct err *err)
{
    const struct report_work *work = argument;
    if (err)
        app_notice(app, true, "%s", err->text);
    else
        app_notice(app, false, "Saved as %s.", work->path);
    err_free(err);
}

static void save(struct app *app, struct scan_screen *screen)
{
    char *text = scan_rows_text(&screen->rows, &app->wizard.server);
    if (!report_keep_text(app, "findings", text, saved))
        app_notice(app, true, "The list is not written: the disk is too slow.");
}

/* The list that is there is kept. */
static bool go_back(struct scan_screen *screen)
{
    if (scan_is_reading(screen) && screen->known) {
        app_cancel_reading(screen->app);
        screen->asked_every = false;
    } else if (screen->rows.filter) {
        filter(screen, NULL);
    } else {
        return false;
    }
    return true;
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct scan_screen *screen = state;
    size_t index;
    if (screen->typing) {
        type(screen, event, action);
        return true;
    }
    switch (action) {
    case ACTION_ENTER:
        if (scan_chosen(screen, &index))
            judge(app, screen, index);
        return true;
    case ACTION_FILTER:
        field_set(&screen->field, screen->rows.filter ? screen->rows.filter : "");
        screen->typing = true;
        return true;
    case ACTION_SORT:
        scan_rows_sort(&screen->rows, !screen->rows.by_name);
        arranged(screen);
        return true;
    case ACTION_EVERY_DC:
    case ACTION_REFRESH:
        read_forest(screen, action == ACTION_EVERY_DC || screen->rows.every_dc);
        return true;
    case ACTION_SAVE:
        save(app, screen);
        return true;
    case ACTION_BACK:
        return go_back(screen);
    default:
        return event->kind == TERM_KEY && list_handle(&screen->list, event) != WIDGET_IGNORED;
    }
}

static int64_t settle(struct app *app, void *state)
{
    return list_rests_in(&((struct scan_screen *)state)->list, app_now_ms(app));
}

const struct screen_ops screen_scan = {
    .settle = settle,
    .name = "Scan of the forest",
    .help =
        "Every server object of every site, read in bulk and judged by the same rules as a single "
        "one; rights are left out, so nothing can be written from here. What can be repaired comes "
        "first; v sorts by site, / filters by any part of a name, site, host, GUID, verdict or "
        "state.\n\n"
        "Enter opens a finding in the wizard, which reads it in full. The list waits: Tab on the "
        "Report goes on to the next one of which nothing became yet, Esc comes back here. Each "
        "change is typed and journalled by itself.\n\n"
        "e asks every DC for its copy, as dcmend check --every-dc does; a column then says on how "
        "many DCs the finding holds. One that does not hold on the connected DC is judged on a DC "
        "where it does, which is connected to when you say so.",
    .open = open_scan,
    .close = close_scan,
    .offers = offers,
    .draw = scan_draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_scan,
    .next_word = next_word,
    .next = next,
    .stays = true,
};
