/* What a visit found and did is kept without being asked: one report for each DSA, below the state
 * folder, written as soon as there is something to hand over and anew whenever that has changed, so
 * that whoever leaves, however that happens, leaves a report behind that is true. The newest stands
 * on top; a change that was made before is never lost below it. */
#include "ui/app_parts.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/screens/report_parts.h"

#include <poll.h>
#include <stdlib.h>

enum { LAST_MS = 1000 }; /* at the end: how long the disk is waited for */

static const struct guid *dsa_of(const struct wizard *w)
{
    return report_is_change(w) ? &w->plan->dsa_guid : &w->facts.asked;
}

struct app_kept *app_kept(struct app *app)
{
    for (size_t i = 0; i < app->kept_count; i++)
        if (guid_equal(&app->kept[i].dsa, dsa_of(&app->wizard)))
            return &app->kept[i];
    return NULL;
}

/* Something has been learned, and no more of it is awaited. Who browses only looks around,
 * until he goes on to the Report. */
static bool is_settled(const struct app *app)
{
    const struct wizard *w = &app->wizard;
    enum wizard_step first = app->options->command == COMMAND_BROWSE ? STEP_REPORT : STEP_INSPECT;
    return w->waiting == WAIT_NOTHING && !w->held && w->step >= first &&
           (report_is_change(w) || (w->judged && (!w->completing || app->quit)));
}

/* A change, or a verdict to be handed over; and what became of that. */
static bool is_worth(const struct wizard *w, const struct app_kept *kept)
{
    return kept || report_is_change(w) || !verdict_is_clean(&w->verdict);
}

/* What tells this outcome from another one. Owned by the caller. */
static char *told_by(const struct wizard *w)
{
    enum style style;
    char *replication = report_replication(w, &style), account[GUID_TEXT];
    char *told =
        str_format("%d %d %d %ld %d %d %s %s", report_is_change(w), w->report.state,
                   w->report.holds, (long)w->facts.when, w->verdict.kind, w->verdict.writable,
                   guid_text(&w->choice, account), replication ? replication : "");
    free(replication);
    return told;
}

/* The newest, and what was told before. Owned by the caller. */
static char *all_told(const struct app_kept *kept)
{
    return kept->earlier ? str_format("%s\n\n%s", kept->text, kept->earlier) : mem_text(kept->text);
}

static void written(struct app *app, void *argument, struct err *err);

/* One at a time, so that the second finds the first one's file. */
static void write_report(struct app *app, size_t which)
{
    struct app_kept *kept = &app->kept[which];
    kept->again = kept->writing;
    if (kept->writing)
        return;
    char *text = all_told(kept);
    kept->writing = true;
    if (report_keep(app, which, text, kept->path, written))
        return;
    kept->writing = false;
    mem_set(&kept->told, NULL); /* the disk is busy: soon again */
}

static void written(struct app *app, void *argument, struct err *err)
{
    struct report_work *work = argument;
    struct app_kept *kept = &app->kept[work->which];
    kept->writing = false;
    err_free(kept->failed);
    kept->failed = err;
    if (!err)
        mem_set(&kept->path, work->path);
    if (kept->again)
        write_report(app, work->which);
}

/* A change that was told of before stays, below what comes now. */
static void begin_part(struct app_kept *kept, const char *change)
{
    if (kept->change && !str_same(kept->change, change)) {
        char *earlier = all_told(kept);
        free(kept->earlier);
        kept->earlier = earlier;
    }
    mem_set(&kept->change, change);
}

static void renew(struct app *app, struct app_kept *kept)
{
    const struct wizard *w = &app->wizard;
    const char *id = w->report.journal_id ? w->report.journal_id : "";
    begin_part(kept, report_is_change(w) ? id : NULL);
    free(kept->text);
    kept->text = report_text(app, false, NULL);
    write_report(app, (size_t)(kept - app->kept));
}

void app_keep(struct app *app)
{
    const struct wizard *w = &app->wizard;
    if (!is_settled(app))
        return;
    struct app_kept *kept = app_kept(app);
    if (!is_worth(w, kept))
        return;
    char *told = told_by(w);
    if (!kept) {
        kept = MEM_PUSH(app->kept, app->kept_count);
        kept->dsa = *dsa_of(w);
    }
    if (str_same(kept->told, told)) {
        free(told);
        return;
    }
    free(kept->told);
    kept->told = told;
    renew(app, kept);
}

/* With the time until which it was watched. */
void app_keep_left(struct app *app)
{
    app_keep(app);
    struct app_kept *kept = app_kept(app);
    if (kept && is_settled(app) && report_is_change(&app->wizard) && app_watched(app) > 0)
        renew(app, kept);
}

static bool is_writing(const struct app *app)
{
    for (size_t i = 0; i < app->kept_count; i++)
        if (app->kept[i].writing)
            return true;
    return false;
}

void app_keep_end(struct app *app)
{
    int64_t end = clock_ms() + LAST_MS;
    app_keep_left(app);
    while (is_writing(app) && clock_ms() < end) {
        struct pollfd news = {.fd = desks_fd(app->desks), .events = POLLIN};
        (void)poll(&news, 1, 50);
        app_take_news(app);
    }
}

void app_forget_kept(struct app *app)
{
    for (size_t i = 0; i < app->kept_count; i++) {
        struct app_kept *kept = &app->kept[i];
        free(kept->change);
        free(kept->told);
        free(kept->text);
        free(kept->earlier);
        free(kept->path);
        err_free(kept->failed);
    }
    free(app->kept);
    app->kept = NULL;
    app->kept_count = 0;
}
