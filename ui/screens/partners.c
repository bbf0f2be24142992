/* The partners of the connected DC, those that fail with 8589 first: for an operator who has no
 * text at hand. They are read once for a connection, beside everything else. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/failing.h"
#include "src/remedy/sheet.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/list.h"

#include <stdlib.h>

/* From so many rows on the footer alone does not have to say what Enter does. */
enum { ROOMY = 14, NARROW = 50 };

static struct err *run(struct task *task, struct session *session, void *failing)
{
    (void)task;
    return failing_read(session, failing);
}

static void drop(void *failing)
{
    failing_release(failing);
    free(failing);
}

static const struct task_kind work_partners = {
    .name = "partners", .run = run, .drop = drop, .again = task_may_begin_again};

static void done(struct app *app, void *argument, struct err *err)
{
    struct failing *failing = argument;
    failing_release(&app->failing);
    app->failing = *failing;
    *failing = (struct failing){.partners = NULL};
    app->failing_known = !err;
    err_free(app->failing_err);
    app->failing_err = err;
}

/* It is known, or known not to be. */
static bool is_answered(const struct app *app)
{
    return str_same(app->failing_host, app->wizard.server.host) &&
           (app->failing_known || app->failing_err);
}

void partner_list_read(struct app *app, bool quietly)
{
    if (app_is_reading(app) || is_answered(app) || (quietly && !app->wizard.connected))
        return;
    mem_set(&app->failing_host, app->wizard.server.host);
    app->failing_known = false;
    err_free(app->failing_err);
    app->failing_err = NULL;
    struct failing *work = mem_zero(1, sizeof *work);
    if (quietly)
        (void)app_read_quietly(app, &work_partners, work, done);
    else
        (void)app_read(app, &work_partners, work, done);
}

void partner_list_release(struct app *app)
{
    failing_release(&app->failing);
    err_free(app->failing_err);
    free(app->failing_host);
    app->failing_err = NULL;
    app->failing_host = NULL;
}

void partner_list_say(struct app *app, struct pager *page)
{
    const struct failing *failing = &app->failing;
    if (!str_same(app->failing_host, app->wizard.server.host))
        return;
    if (app->failing_err)
        page_put(page, STYLE_QUIET, "The replication partners could not be read (i says why).");
    if (!app->failing_known)
        return;
    char *host = short_dc(&app->wizard, app->failing_host);
    if (failing->part == PART_DENIED)
        page_put(page, STYLE_QUIET, "%s has no partners, or this sign-in may not see them.", host);
    else if (failing->with_8589 > 0)
        page_put(page, STYLE_FAULT, "%zu %s of %s %s with 8589 now: Enter lists them.",
                 failing->with_8589, failing->with_8589 == 1 ? "partner" : "partners", host,
                 failing->with_8589 == 1 ? "fails" : "fail");
    else if (failing->part == PART_PRESENT)
        page_put(page, STYLE_QUIET, "No partner of %s fails with 8589 now (i lists them all).",
                 host);
    free(host);
}

/* --- the list --- */

struct partners {
    struct app *app;
    struct list list;
    struct pager page; /* what is said above the list */
    char *cell[3];
};

static void set_cell(struct partners *partners, int i, char *text)
{
    free(partners->cell[i]);
    partners->cell[i] = text_clean_z(text);
    free(text);
}

static enum style result_style(const struct failing_partner *partner)
{
    return partner->result == 8589 ? STYLE_FAULT : partner->result ? STYLE_WARN : STYLE_OK;
}

static char *result_words(const struct failing_partner *partner)
{
    if (!partner->result)
        return mem_text("ok");
    if (partner->failures < 2)
        return str_format("error %d", partner->result);
    return str_format("error %d, %u times", partner->result, partner->failures);
}

static void row(void *data, size_t index, struct list_row *row)
{
    struct partners *partners = data;
    const struct failing_partner *partner = &partners->app->failing.partners[index];
    set_cell(partners, 0, mem_text(partner->name));
    set_cell(partners, 1, mem_text(partner->deleted ? "deleted" : partner->site));
    set_cell(partners, 2, result_words(partner));
    size_t last = partners->list.column_count - 1; /* 1: no room for the site */
    for (size_t i = 0; i < last; i++)
        row->cells[i] = (struct list_cell){partners->cell[i], STYLE_TEXT};
    row->cells[last] = (struct list_cell){partners->cell[2], result_style(partner)};
}

static void *open_partners(struct app *app)
{
    struct partners *partners = mem_zero(1, sizeof *partners);
    partners->app = app;
    partners->list.row = row;
    partners->list.data = partners;
    partners->list.columns[0].width = 16;
    return partners;
}

static void close_partners(void *state)
{
    struct partners *partners = state;
    for (int i = 0; i < 3; i++)
        free(partners->cell[i]);
    pager_release(&partners->page);
    free(partners);
}

static void enter_partners(struct app *app, void *state)
{
    (void)state;
    partner_list_read(app, false);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    size_t n = 0;
    if (app->failing_known && app->failing.count > 0)
        offers[n++] = (struct keys_offer){ACTION_ENTER, "judge this DSA"};
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    if (app->failing_known || app->failing_err)
        offers[n++] = (struct keys_offer){ACTION_REFRESH, NULL};
    return n;
}

/* --- what is said above and below the list --- */

static size_t count_others(const struct failing *failing)
{
    size_t count = 0;
    for (size_t i = 0; i < failing->count; i++)
        count += failing->partners[i].result != 0 && failing->partners[i].result != 8589;
    return count;
}

static void say_state(struct pager *page, const struct failing *failing, const char *host,
                      bool roomy)
{
    if (failing->part == PART_DENIED)
        page_put(page, STYLE_WARN,
                 "%s has no partners, or this sign-in may not see them. Paste an event, or let "
                 "somebody run repadmin /showrepl there.",
                 host);
    else if (failing->with_8589 > 0)
        page_put(page, STYLE_FAULT, "%zu %s of %s %s with 8589 now, of %zu in all.",
                 failing->with_8589, failing->with_8589 == 1 ? "partner" : "partners", host,
                 failing->with_8589 == 1 ? "fails" : "fail", failing->count);
    else if (failing->count > 0)
        page_put(page, STYLE_OK, "No replication partner of %s fails with 8589 now.", host);
    else
        page_put(page, STYLE_TEXT, "%s shows no replication partner.", host);
    size_t others = count_others(failing);
    if (others > 0)
        page_put(page, STYLE_WARN, "%zu %s with another error, which dcmend does not repair.",
                 others, others == 1 ? "fails" : "fail");
    if (roomy && failing->count > 0)
        page_put(page, STYLE_TEXT, "Enter judges the chosen one, as after an event.");
}

static void build(struct app *app, struct pager *page, bool roomy)
{
    char *host = short_dc(&app->wizard, app->wizard.server.host);
    page_begin(page);
    if (app->failing_err)
        page_error(page, app->failing_err);
    else if (app->failing_known)
        say_state(page, &app->failing, host, roomy);
    else
        page_reading(app, page, "Reading the replication status ...");
    pager_blank(page);
    free(host);
}

/* The chosen partner's attempts; a time of 0 is said as "never". */
static void draw_chosen(struct app *app, struct partners *partners, struct rect rect)
{
    size_t index;
    char guid[GUID_TEXT];
    struct pager page = PAGER_INIT;
    if (!list_told(&partners->list, app_now_ms(app), &index))
        return;
    const struct failing_partner *partner = &app->failing.partners[index];
    char *attempt = sheet_time(partner->last_attempt), *success = sheet_time(partner->last_success);
    if (partner->deleted)
        page_put(&page, STYLE_WARN, "Its NTDS Settings object was deleted.");
    else if (!partner->dn)
        page_put(&page, STYLE_WARN, "This DC knows no NTDS Settings object of it.");
    page_pair(&page, "last attempt", STYLE_TEXT, "%s", attempt);
    page_pair(&page, "last success", partner->result ? result_style(partner) : STYLE_TEXT, "%s",
              success);
    page_pair(&page, "DSA", STYLE_TEXT, "%s", guid_text(&partner->dsa, guid));
    page.fixed = true;
    pager_draw(&page, app->term, rect);
    pager_release(&page);
    free(attempt);
    free(success);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct partners *partners = state;
    build(app, &partners->page, rect.rows >= ROOMY);
    int rows = pager_height(&partners->page, rect.cols);
    partners->page.fixed = true;
    pager_draw(&partners->page, app->term, layout_take(&rect, rows < rect.rows ? rows : rect.rows));
    partners->list.count = app->failing_known ? app->failing.count : 0;
    list_refresh(&partners->list);
    bool narrow = rect.cols < NARROW;
    partners->list.column_count = narrow ? 2 : 3;
    partners->list.columns[1].width = narrow ? 0 : 16;
    if (partners->list.count == 0)
        return;
    struct rect chosen = layout_take(&rect, rect.rows > 8 ? -5 : -4);
    list_draw(&partners->list, app->term, rect, true);
    page_list_place(app, &partners->list, chosen);
    layout_take(&chosen, 1);
    draw_chosen(app, partners, chosen);
}

static void read_again(struct app *app)
{
    free(app->failing_host);
    app->failing_host = NULL;
    partner_list_read(app, false);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct partners *partners = state;
    size_t index;
    if (action == ACTION_REFRESH) {
        read_again(app);
        return true;
    }
    if (action == ACTION_ENTER) {
        if (!app->failing_known || !list_selected(&partners->list, &index))
            return true;
        struct guid guid = app->failing.partners[index].dsa;
        app_visit(app, &guid, NULL);
        return true;
    }
    return event->kind == TERM_KEY && list_handle(&partners->list, event) != WIDGET_IGNORED;
}

static int64_t settle(struct app *app, void *state)
{
    return list_rests_in(&((struct partners *)state)->list, app_now_ms(app));
}

const struct screen_ops screen_partners = {
    .settle = settle,
    .name = "Replication partners",
    .help = "What the connected DC says of its replication, read over LDAP alone: which partner "
            "fails, with which error, how often. A partner that fails with 8589 here is one whose "
            "service principal name this DC cannot derive; event 1411 names the same DSA (article: "
            "option D). Enter judges the chosen one.",
    .open = open_partners,
    .close = close_partners,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .enter = enter_partners,
};
