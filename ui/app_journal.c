/* What the journal means to the screens: a change whose outcome is not known is offered for
 * verification at the next start. */
#include "ui/app_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/journal.h"
#include "ui/screens/parts.h"

#include <stdlib.h>

struct unfinished {
    struct journal_entry entry;
    struct pager page;
};

static void *open_unfinished(struct app *app)
{
    (void)app;
    return mem_zero(1, sizeof(struct unfinished));
}

static void close_unfinished(void *state)
{
    struct unfinished *unfinished = state;
    journal_entry_release(&unfinished->entry);
    pager_release(&unfinished->page);
    free(unfinished);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)app, (void)state;
    offers[0] = (struct keys_offer){ACTION_ENTER, "look what became of it"};
    offers[1] = (struct keys_offer){ACTION_BACK, "later"};
    return 2;
}

static const char *outcome(enum journal_state state)
{
    switch (state) {
    case JOURNAL_INTENDED:
        return "whether it was sent is not known";
    case JOURNAL_APPLIED:
        return "it was applied, and not verified";
    default:
        return "what became of it is not known";
    }
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct unfinished *unfinished = state;
    const struct journal_entry *entry = &unfinished->entry;
    struct pager *page = &unfinished->page;
    page_begin(page);
    page_put(page, STYLE_WARN, "An earlier change was not finished: %s.", outcome(entry->state));
    page_put(page, STYLE_TEXT, "Enter reads the value on that DC; nothing is written again.");
    pager_blank(page);
    page_put(page, STYLE_TEXT, "serverReference of %s", entry->name ? entry->name : "?");
    page_change(page, &entry->old, &entry->new);
    pager_blank(page);
    page_pair(page, "on", STYLE_TEXT, "%s", entry->dc);
    page_pair(page, "by", STYLE_TEXT, "%s", entry->identity);
    page_pair(page, "object", STYLE_TEXT, "%s", entry->object_dn);
    page_pair(page, "change", STYLE_TEXT, "%s", entry->id);
    pager_draw(page, app->term, rect);
}

static void look(struct app *app, struct unfinished *unfinished)
{
    struct plan *plan = NULL;
    struct apply_report report;
    struct err *err = journal_entry_plan(&unfinished->entry, &plan);
    if (err) {
        app_notice(app, true, "%s", err->text);
        err_free(err);
        return;
    }
    apply_report_init(&report);
    report.state = unfinished->entry.state == JOURNAL_APPLIED ? APPLY_APPLIED : APPLY_UNKNOWN;
    report.intended = unfinished->entry.when;
    report.silent = unfinished->entry.state == JOURNAL_UNKNOWN;
    report.journal_id = mem_text(unfinished->entry.id);
    report.journal_path = mem_text(unfinished->entry.path);
    report.host = mem_text(unfinished->entry.dc);
    mem_set(&plan->host, unfinished->entry.dc);
    plan->host_dsa = unfinished->entry.dc_guid;
    mem_set(&app->signin.host, unfinished->entry.dc);
    app_pop(app);
    app_event(app, &(struct wizard_event){.kind = EVENT_SETTLE, .plan = plan, .report = &report});
    apply_report_release(&report);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct unfinished *unfinished = state;
    if (action == ACTION_ENTER)
        look(app, unfinished);
    else if (action == ACTION_BACK)
        app_pop(app);
    else
        return page_keys(&unfinished->page, event);
    return true;
}

static const struct screen_ops screen_unfinished = {
    .name = "An unfinished change",
    .help = "The journal holds a change that was sent, or about to be sent, and whose outcome was "
            "never learned: a connection was lost, or dcmend was ended. The value is read on the "
            "same DC and the journal's entry completed. Nothing is written again.",
    .open = open_unfinished,
    .close = close_unfinished,
    .offers = offers,
    .draw = draw,
    .handle = handle,
};

/* The first that nobody else is about to finish. */
static struct err *find_unfinished(struct task *task, struct session *session, void *entry)
{
    (void)task, (void)session;
    struct journal_list list = {NULL, 0};
    struct err *err = journal_list_unfinished(&list);
    size_t at = 0;
    while (at < list.count && (list.items[at].busy || list.items[at].problem))
        at++;
    if (!err && at < list.count) {
        *(struct journal_entry *)entry = list.items[at];
        list.items[at] = (struct journal_entry){.id = NULL};
    }
    journal_list_release(&list);
    return err;
}

static void drop_entry(void *entry)
{
    journal_entry_release(entry);
    free(entry);
}

static const struct task_kind work_unfinished = {
    .name = "unfinished", .run = find_unfinished, .drop = drop_entry};

static void unfinished_found(struct app *app, void *argument, struct err *err)
{
    struct journal_entry *entry = argument;
    err_free(err); /* an unreadable journal is told when a change is to be written */
    if (!entry->id || app->wizard.step > STEP_SYMPTOM || app->depth > 0)
        return;
    app_push(app, &screen_unfinished);
    struct unfinished *unfinished = app->stack[app->depth - 1].state;
    unfinished->entry = *entry;
    *entry = (struct journal_entry){.id = NULL};
}

void app_offer_unfinished(struct app *app)
{
    void *entry = mem_zero(1, sizeof(struct journal_entry));
    (void)app_ask(app, PLACE_DISK, &work_unfinished, entry, unfinished_found);
}
