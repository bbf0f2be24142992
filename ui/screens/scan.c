/* The whole forest, judged: the findings as a list, the gravest first. Enter judges the chosen DSA
 * in the wizard, with everything that a survey leaves out. */
#include "src/jobs/scan.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/screens/parts.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/list.h"

#include <stdlib.h>
#include <time.h>

/* From so many rows on the footer alone does not have to say what Enter does. */
enum { ROOMY = 14 };

struct scan_screen {
    struct app *app;
    struct scan scan;
    bool known;
    struct err *err;
    struct list list;
    struct pager page;
    char *cell[3];
};

static void tell(void *task, size_t servers)
{
    task_progress(task, servers);
}

static struct err *run(struct task *task, struct session *session, void *scan)
{
    return scan_run(session, task_cancel(task), tell, task, scan);
}

static void drop(void *scan)
{
    scan_release(scan);
    free(scan);
}

static const struct task_kind work_scan = {
    .name = "scan", .run = run, .drop = drop, .again = task_may_begin_again};

static struct scan_screen *state_of(struct app *app)
{
    for (size_t i = 0; i < app->depth; i++)
        if (app->stack[i].ops == &screen_scan)
            return app->stack[i].state;
    return NULL;
}

static void done(struct app *app, void *argument, struct err *err)
{
    struct scan *scan = argument;
    struct scan_screen *screen = state_of(app);
    if (!screen) {
        err_free(err);
        return;
    }
    screen->err = err;
    screen->known = !err;
    screen->scan = *scan;
    *scan = (struct scan){.items = NULL};
    screen->list.count = screen->scan.count;
    list_refresh(&screen->list);
}

static void row(void *data, size_t index, struct list_row *row)
{
    struct scan_screen *screen = data;
    const struct scan_finding *finding = &screen->scan.items[index];
    char *texts[3] = {scan_name(&finding->facts), mem_text(scan_word(&finding->verdict)),
                      scan_site(&finding->facts)};
    for (int i = 0; i < 3; i++) {
        free(screen->cell[i]);
        screen->cell[i] = text_clean_z(texts[i]);
        row->cells[i] = (struct list_cell){screen->cell[i],
                                           i == 1 ? verdict_style(&finding->verdict) : STYLE_TEXT};
        free(texts[i]);
    }
}

static void *open_scan(struct app *app)
{
    struct scan_screen *screen = mem_zero(1, sizeof *screen);
    screen->app = app;
    screen->list.row = row;
    screen->list.data = screen;
    screen->list.column_count = 3;
    screen->list.columns[0] = (struct list_column){.width = 22};
    screen->list.columns[1] = (struct list_column){.width = 14};
    return screen;
}

static void close_scan(void *state)
{
    struct scan_screen *screen = state;
    if (!screen->known && !screen->err)
        app_cancel_reading(screen->app);
    scan_release(&screen->scan);
    err_free(screen->err);
    pager_release(&screen->page);
    for (int i = 0; i < 3; i++)
        free(screen->cell[i]);
    free(screen);
}

static void enter_scan(struct app *app, void *state)
{
    struct scan_screen *screen = state;
    if (!screen->known && !screen->err && !app_is_reading(app))
        (void)app_read(app, &work_scan, mem_zero(1, sizeof(struct scan)), done);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct scan_screen *screen = state;
    bool repair = app->options->command != COMMAND_BROWSE;
    size_t n = 0;
    if (screen->known && screen->scan.count > 0 && repair)
        offers[n++] = (struct keys_offer){ACTION_ENTER, "judge this DSA"};
    offers[n++] =
        (struct keys_offer){ACTION_BACK, !screen->known && !screen->err ? "call it off" : NULL};
    return n;
}

static void say_result(struct scan_screen *screen, bool roomy)
{
    struct pager *page = &screen->page;
    const struct scan *scan = &screen->scan;
    size_t leftovers = scan->survey.leftover_count;
    char *host = short_dc(&screen->app->wizard, screen->app->wizard.server.host);
    if (scan->count > 0)
        page_put(page, STYLE_FAULT, "%zu %s on %s's copy; healthy: %zu of %zu.", scan->count,
                 scan->count == 1 ? "finding" : "findings", host, scan->counts[VERDICT_HEALTHY],
                 scan->judged);
    else
        page_put(page, STYLE_OK, "No finding on %s's copy; healthy: %zu of %zu.", host,
                 scan->counts[VERDICT_HEALTHY], scan->judged);
    if (!scan->survey.complete)
        page_put(page, STYLE_FAULT, "Not all could be read: %s",
                 scan->survey.why ? scan->survey.why : "a search ended early.");
    if (leftovers > 0)
        page_put(page, STYLE_QUIET, "%zu server %s no NTDS Settings (leftovers, or DCs to be).",
                 leftovers, leftovers == 1 ? "object has" : "objects have");
    if (roomy && scan->count > 0 && screen->app->options->command != COMMAND_BROWSE)
        page_put(page, STYLE_TEXT, "Enter judges the chosen one in full.");
    free(host);
}

static void build_summary(struct scan_screen *screen, bool roomy)
{
    struct pager *page = &screen->page;
    page_begin(page);
    if (screen->err) {
        page_error(page, screen->err);
    } else if (!screen->known) {
        page_reading(screen->app, page, "Reading every server of the forest ...");
        page_put(page, STYLE_QUIET, "%zu read. Esc calls it off.",
                 screen->app->asked[PLACE_SIDE].progress);
    } else {
        say_result(screen, roomy);
    }
    pager_blank(page);
}

/* The chosen finding in a sentence, below the list. */
static void draw_chosen(struct app *app, struct scan_screen *screen, struct rect rect)
{
    size_t index;
    struct pager page = PAGER_INIT;
    if (list_selected(&screen->list, &index)) {
        const struct scan_finding *finding = &screen->scan.items[index];
        char guid[GUID_TEXT];
        page_put(&page, verdict_style(&finding->verdict), "%s", finding->verdict.headline);
        if (findings_has(&finding->verdict.side, SIDE_REPLICATION_8589))
            page_put(&page, STYLE_WARN, "Replication with it fails with 8589 now.");
        page_pair(&page, "DSA", STYLE_TEXT, "%s", guid_text(&finding->facts.asked, guid));
        page.fixed = true;
        pager_draw(&page, app->term, rect);
    }
    pager_release(&page);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct scan_screen *screen = state;
    build_summary(screen, rect.rows >= ROOMY);
    int rows = pager_height(&screen->page, rect.cols);
    screen->page.fixed = true;
    pager_draw(&screen->page, app->term, layout_take(&rect, rows < rect.rows ? rows : rect.rows));
    if (!screen->known)
        return;
    if (screen->scan.count == 0)
        return;
    struct rect chosen = layout_take(&rect, rect.rows > 8 ? -5 : -4);
    list_draw(&screen->list, app->term, rect, true);
    page_list_place(app, &screen->list, chosen);
    layout_take(&chosen, 1);
    draw_chosen(app, screen, chosen);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct scan_screen *screen = state;
    size_t index;
    if (action == ACTION_ENTER) {
        if (!screen->known || !list_selected(&screen->list, &index))
            return true;
        struct guid guid = screen->scan.items[index].facts.asked;
        app_pop(app);
        app_event(app, &(struct wizard_event){.kind = EVENT_JUDGE, .guid = guid});
        return true;
    }
    return event->kind == TERM_KEY && list_handle(&screen->list, event) != WIDGET_IGNORED;
}

const struct screen_ops screen_scan = {
    .name = "Scan of the forest",
    .help = "Every server object of every site, read in bulk and judged by the same rules as a "
            "single one; the copies of other DCs and the rights are left out, so nothing can be "
            "written from here. Enter opens a finding in the wizard, which reads it in full. "
            "dcmend check prints the same list for monitoring.",
    .open = open_scan,
    .close = close_scan,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .enter = enter_scan,
};
