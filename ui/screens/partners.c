/* The partners of the connected DC, those that fail with 8589 first: for an operator who has no
 * text at hand. They are read once for a connection, beside everything else. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/failing.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/list.h"

#include <stdlib.h>

struct partners_work {
    struct session *session;
    struct failing failing; /* out */
    struct err *err;        /* out */
};

static void run(struct job *job, void *argument)
{
    struct partners_work *work = argument;
    session_set_cancel(work->session, job_cancel(job));
    work->err = failing_read(work->session, &work->failing);
    session_set_cancel(work->session, NULL);
}

static void drop(void *argument)
{
    struct partners_work *work = argument;
    session_close(work->session);
    failing_release(&work->failing);
    err_free(work->err);
    free(work);
}

static struct session *take(void *argument)
{
    struct partners_work *work = argument;
    struct session *session = work->session;
    work->session = NULL;
    return session;
}

static const struct job_kind work_partners = {"partners", run, drop, take};

static void done(struct app *app, void *argument)
{
    struct partners_work *work = argument;
    struct session *session = work->session;
    work->session = NULL;
    app_return_session(app, session);
    failing_release(&app->failing);
    app->failing = work->failing;
    work->failing = (struct failing){.partners = NULL};
    app->failing_known = !work->err;
}

void partner_list_read(struct app *app)
{
    const char *host = app->wizard.server.host;
    if (!app->wizard.connected || app_is_reading(app) || str_same(app->failing_host, host))
        return;
    struct session *session = app_lend_session(app);
    if (!session)
        return;
    mem_set(&app->failing_host, host);
    app->failing_known = false;
    struct partners_work *work = mem_zero(1, sizeof *work);
    work->session = session;
    app_read(app, &work_partners, work, done);
}

void partner_list_release(struct app *app)
{
    failing_release(&app->failing);
    free(app->failing_host);
    app->failing_host = NULL;
}

void partner_list_say(struct app *app, struct pager *page)
{
    const struct failing *failing = &app->failing;
    if (!app->failing_known || !str_same(app->failing_host, app->wizard.server.host))
        return;
    char *host = short_dc(&app->wizard, app->failing_host);
    if (failing->part == PART_DENIED)
        page_put(page, STYLE_QUIET, "This sign-in may not read the replication status of %s.",
                 host);
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
    char *cell[4];
};

static void set_cell(struct partners *partners, int i, char *text)
{
    free(partners->cell[i]);
    partners->cell[i] = text_clean_z(text);
    free(text);
}

static void row(void *data, size_t index, struct list_row *row)
{
    struct partners *partners = data;
    const struct failing_partner *partner = &partners->app->failing.partners[index];
    set_cell(partners, 0, mem_text(partner->name));
    set_cell(partners, 1, mem_text(partner->deleted ? "deleted" : partner->site));
    set_cell(partners, 2, partner->result ? str_format("%u", partner->result) : mem_text("ok"));
    set_cell(partners, 3,
             partner->failures ? str_format("%u times", partner->failures) : mem_text(""));
    enum style style = partner->result == 8589 ? STYLE_FAULT
                       : partner->result       ? STYLE_WARN
                                               : STYLE_OK;
    for (int i = 0; i < 4; i++)
        row->cells[i] = (struct list_cell){partners->cell[i], i == 2 ? style : STYLE_TEXT};
}

static void *open_partners(struct app *app)
{
    struct partners *partners = mem_zero(1, sizeof *partners);
    partners->app = app;
    partners->list.row = row;
    partners->list.data = partners;
    partners->list.column_count = 4;
    partners->list.columns[0] = (struct list_column){.width = 0};
    partners->list.columns[1] = (struct list_column){.width = 20};
    partners->list.columns[2] = (struct list_column){.width = 7};
    partners->list.columns[3] = (struct list_column){.width = 14};
    partners->list.empty = "This DC has no replication partner, or shows none to this sign-in.";
    return partners;
}

static void close_partners(void *state)
{
    struct partners *partners = state;
    for (int i = 0; i < 4; i++)
        free(partners->cell[i]);
    free(partners);
}

static void enter_partners(struct app *app, void *state)
{
    (void)state;
    partner_list_read(app);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    size_t n = 0;
    if (app->failing.count > 0)
        offers[n++] = (struct keys_offer){ACTION_ENTER, "judge this DSA"};
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    return n;
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct partners *partners = state;
    struct rect title = layout_take(&rect, 2);
    char *host = short_dc(&app->wizard, app->wizard.server.host);
    char *text = str_format("Replication partners of %s, those that fail with 8589 first", host);
    term_put_cut(app->term, title.row, title.col, STYLE_HEAD, text, title.cols);
    partners->list.count = app->failing_known ? app->failing.count : 0;
    list_refresh(&partners->list);
    if (app->failing_known)
        list_draw(&partners->list, app->term, rect, true);
    else
        term_put_cut(app->term, rect.row, rect.col, STYLE_CURRENT, "Reading ...", rect.cols);
    free(text);
    free(host);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct partners *partners = state;
    size_t index;
    if (action == ACTION_ENTER) {
        if (!list_selected(&partners->list, &index))
            return true;
        struct guid guid = app->failing.partners[index].dsa;
        app_pop(app);
        app_event(app, &(struct wizard_event){.kind = EVENT_JUDGE, .guid = guid});
        return true;
    }
    return event->kind == TERM_KEY && list_handle(&partners->list, event) != WIDGET_IGNORED;
}

const struct screen_ops screen_partners = {
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
