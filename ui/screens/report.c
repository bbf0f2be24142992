/* Report: what was found, done and verified; or why nothing was done, for handing over. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/ldif.h"

#include <stdlib.h>
#include <time.h>

static void *open_report(struct app *app)
{
    (void)app;
    return mem_zero(1, sizeof(struct pager));
}

static void close_report(void *state)
{
    pager_release(state);
    free(state);
}

static void enter_report(struct app *app, void *state)
{
    (void)app;
    ((struct pager *)state)->top = 0;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    const struct wizard *w = &app->wizard;
    size_t n = 0;
    if (w->waiting == WAIT_NOTHING) {
        offers[n++] = (struct keys_offer){ACTION_ENTER, "judge again"};
        offers[n++] = (struct keys_offer){ACTION_HOME, NULL};
        if (w->plan)
            offers[n++] = (struct keys_offer){ACTION_LDIF, NULL};
        offers[n++] = (struct keys_offer){ACTION_BROWSE, NULL};
    }
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    return n;
}

static const struct {
    enum style style;
    const char *before, *after; /* around the DC's name */
} endings[] = {
    [APPLY_NOTHING_SENT] = {STYLE_FAULT, "Nothing was sent to ", ". The directory is as it was."},
    [APPLY_REFUSED] = {STYLE_FAULT, "REFUSED by ", ". Nothing was changed."},
    [APPLY_APPLIED] = {STYLE_WARN, "APPLIED on ", ", but reading it back did not confirm it."},
    [APPLY_VERIFIED] = {STYLE_OK, "VERIFIED on ", ": the value was read back by its GUID."},
    [APPLY_UNKNOWN] = {STYLE_FAULT, "UNKNOWN: the connection to ", " was lost after sending."},
    [APPLY_NOT_APPLIED] = {STYLE_WARN, "NOT APPLIED: ", " does not hold the new value."},
};

static void add_steps(struct app *app, struct pager *page, const struct apply_report *report)
{
    static const struct {
        enum glyph glyph;
        enum style style;
    } looks[] = {
        [OUTCOME_RUNNING] = {GLYPH_BULLET, STYLE_WARN},
        [OUTCOME_OK] = {GLYPH_TICK, STYLE_OK},
        [OUTCOME_FAILED] = {GLYPH_CROSS, STYLE_FAULT},
        [OUTCOME_SKIPPED] = {GLYPH_BULLET, STYLE_QUIET},
    };
    for (size_t i = 0; i < report->step_count; i++) {
        const struct apply_step *step = &report->steps[i];
        page_item(app, page, looks[step->outcome].glyph, looks[step->outcome].style, "%s%s%s",
                  apply_step_name(step->kind), step->text ? ": " : "",
                  step->text ? step->text : "");
    }
}

static void add_differences(struct pager *page, const struct apply_report *report)
{
    for (size_t i = 0; i < report->difference_count; i++) {
        const struct apply_difference *difference = &report->differences[i];
        page_put(page, STYLE_WARN, "%s is not as it was shown:", difference->what);
        page_pair(page, "  shown", STYLE_OLD, "%s", difference->shown);
        page_pair(page, "  found", STYLE_NEW, "%s", difference->found);
    }
}

/* What replication says is a line of its own: the value is there, the error may outlive it. */
static void add_replication(struct pager *page, const struct wizard *w)
{
    if (w->report.state != APPLY_VERIFIED)
        return;
    if (findings_has(&w->verdict.side, side_name(SIDE_REPLICATION_8589)))
        page_pair(page, "replication", STYLE_WARN,
                  "waiting: the status still says 8589 until the next attempt of %s",
                  w->plan->host);
    else
        page_pair(page, "replication", STYLE_TEXT,
                  "nothing to watch: no link of this DC reports 8589 for this DSA");
}

static void add_change(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    const struct apply_report *report = &w->report;
    page_put(page, endings[report->state].style, "%s%s%s", endings[report->state].before,
             report->host ? report->host : w->plan->host, endings[report->state].after);
    pager_blank(page);
    page_pair(page, "object", STYLE_TEXT, "%s", w->plan->object_dn);
    page_change(page, w->plan->old.dn, w->plan->new.dn);
    if (report->read_back == READ_BACK_VALUE)
        page_pair(page, "read back", STYLE_TEXT, "%s", report->value.dn);
    add_replication(page, w);
    if (report->journal_path)
        page_pair(page, "undo", STYLE_TEXT, "%s", report->journal_path);
    if (report->journal_trouble)
        page_pair(page, "journal", STYLE_FAULT, "%s", report->journal_trouble);
    pager_blank(page);
    page_error(page, report->err);
    add_differences(page, report);
    add_steps(app, page, report);
    if (report->unlocked_ms >= 0 && w->plan->replace)
        page_pair(page, "no lock", STYLE_WARN,
                  "%ld ms lay between the last look and the replacing request",
                  report->unlocked_ms);
}

static void build_change(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    if (w->waiting == WAIT_VERIFY)
        page_put(page, STYLE_CURRENT,
                 "Looking on %s, over a new connection, what became of it ..."
                 "  %ld s",
                 w->plan->host, app_waited(app));
    add_change(app, page);
}

static void build_refusal(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    page_put(page, verdict_style(&w->verdict), "%s", w->verdict.headline);
    page_put(page, STYLE_TEXT, "%s", w->verdict.meaning);
    page_put(page, STYLE_TEXT,
             w->read_only && w->verdict.writable
                 ? "This program runs read-only: nothing was written."
                 : "Nothing was written.");
    page_advice(app, page);
    page_blockers(app, page);
    page_side(app, page);
    page_title(page, "Read");
    page_dsa(app, page);
    page_copies(app, page);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct pager *page = state;
    const struct wizard *w = &app->wizard;
    page_begin(page);
    page_error(page, w->error);
    if (w->waiting == WAIT_READ)
        page_waiting(app, page, "Reading the DSA again ...");
    else if (w->reported && w->plan)
        build_change(app, page);
    else if (w->judged)
        build_refusal(app, page);
    pager_draw(page, app->term, rect);
}

static void show_ldif(struct app *app)
{
    struct str text = STR_INIT;
    str_add(&text, "The change:\n\n");
    ldif_change(&text, app->wizard.plan);
    str_add(&text, "\nIts undo:\n\n");
    ldif_inverse(&text, app->wizard.plan);
    app_show_text(app, "LDIF", str_text(&text));
    str_release(&text);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    switch (action) {
    case ACTION_ENTER:
        app_send(app, EVENT_NEXT);
        return true;
    case ACTION_HOME:
        app_send(app, EVENT_NEW);
        return true;
    case ACTION_LDIF:
        show_ldif(app);
        return true;
    case ACTION_BROWSE:
        app_push(app, &screen_browse);
        return true;
    default:
        return page_keys(state, event);
    }
}

const struct screen_ops screen_report = {
    .name = "Report",
    .help = "What was found, done and verified. VERIFIED means: the value was read back by its "
            "GUID on the DC named, and the account's back link with it where that DC holds the "
            "account's domain. Replication is a line of its own: it recovers with the next attempt "
            "of the DC that logged the error.",
    .open = open_report,
    .close = close_report,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .enter = enter_report,
};
