/* The journal as a list, the newest first, with the difference that the chosen entry made. Enter
 * takes it back: through Confirm, with the name of its server object, by the rules of an undo. The
 * disk's desk reads it; what the files hold is as foreign as a directory's text. */
#include "src/jobs/journal.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/sheet.h"
#include "ui/screens/parts.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>
#include <string.h>

/* At a narrow terminal the day has to do, and the DC stands below. */
enum { CELLS = 4, MINUTE = 16, DAY = 10, NARROW = 60, LIST_LEAST = 3 };

struct journal_work {
    struct journal_list list;
    char *folder; /* NULL: it has no place */
};

struct journal_screen {
    struct app *app;
    struct journal_work read;
    bool asked, known;
    struct err *err; /* why it could not be read */
    struct list list;
    struct pager page, chosen;
    char *cell[CELLS];
    bool narrow;
};

static const struct journal_entry *chosen(const struct journal_screen *screen)
{
    size_t index;
    return screen->known && list_selected(&screen->list, &index) ? &screen->read.list.items[index]
                                                                 : NULL;
}

/* --- reading --- */

static struct err *run(struct task *task, struct session *session, void *argument)
{
    (void)task, (void)session;
    struct journal_work *work = argument;
    err_free(journal_folder(&work->folder));
    return journal_list(&work->list);
}

static void release(struct journal_work *work)
{
    journal_list_release(&work->list);
    free(work->folder);
    *work = (struct journal_work){.folder = NULL};
}

static void drop(void *work)
{
    release(work);
    free(work);
}

static const struct task_kind work_journal = {.name = "journal", .run = run, .drop = drop};

static struct journal_screen *state_of(struct app *app)
{
    for (size_t i = 0; i < app->depth; i++)
        if (app->stack[i].ops == &screen_journal)
            return app->stack[i].state;
    return NULL;
}

/* The entry that was chosen last, wherever it stands now. */
static void find_chosen(struct journal_screen *screen)
{
    const struct journal_list *entries = &screen->read.list;
    for (size_t i = 0; i < entries->count; i++)
        if (str_same(entries->items[i].id, screen->app->journal_at))
            list_select_id(&screen->list, i);
}

static void done(struct app *app, void *argument, struct err *err)
{
    struct journal_work *work = argument;
    struct journal_screen *screen = state_of(app);
    if (!screen || screen->known || screen->err) {
        err_free(err);
        return;
    }
    screen->err = err;
    screen->known = !err;
    screen->read = *work;
    *work = (struct journal_work){.folder = NULL};
    screen->list.count = screen->read.list.count;
    list_refresh(&screen->list);
    find_chosen(screen);
}

static void read_journal(struct app *app, struct journal_screen *screen)
{
    const struct journal_entry *entry = chosen(screen);
    if (entry)
        mem_set(&app->journal_at, entry->id);
    release(&screen->read);
    err_free(screen->err);
    screen->err = NULL;
    screen->known = false;
    screen->asked = true;
    screen->list.count = 0;
    if (app_ask(app, PLACE_DISK, &work_journal, mem_zero(1, sizeof(struct journal_work)), done))
        return;
    screen->err = err_next(err_new(ERR_LOCAL, ERR_OTHER,
                                   "The journal is not read: the disk is too "
                                   "slow."),
                           "Try again with r.");
}

/* --- the list --- */

static enum style state_style(const struct journal_entry *entry)
{
    if (entry->problem || entry->state == JOURNAL_UNKNOWN)
        return STYLE_FAULT;
    if (journal_entry_is_unfinished(entry) || entry->busy)
        return STYLE_WARN;
    return entry->state == JOURNAL_VERIFIED ? STYLE_OK : STYLE_TEXT;
}

static void set_cell(struct journal_screen *screen, struct list_row *row, int at, enum style style,
                     char *text)
{
    free(screen->cell[at]);
    screen->cell[at] = page_clean(text);
    row->cells[at] = (struct list_cell){screen->cell[at], style};
    free(text);
}

static void row(void *data, size_t index, struct list_row *row)
{
    struct journal_screen *screen = data;
    const struct journal_list *entries = &screen->read.list;
    const struct journal_entry *entry = &entries->items[index];
    char *date = entry->when ? sheet_time(entry->when) : mem_text("-");
    int at = 0;
    if (strlen(date) > MINUTE)
        date[screen->narrow ? DAY : MINUTE] = '\0';
    set_cell(screen, row, at++, STYLE_TEXT, date);
    if (!screen->narrow)
        set_cell(screen, row, at++, STYLE_TEXT, short_dc(&screen->app->wizard, entry->dc));
    set_cell(screen, row, at++, STYLE_TEXT, mem_text(entry->name ? entry->name : entry->id));
    set_cell(screen, row, at, state_style(entry), journal_state_words(entries, entry));
}

static void set_columns(struct journal_screen *screen, bool narrow)
{
    struct list_column *columns = screen->list.columns;
    size_t n = 0;
    screen->narrow = narrow;
    columns[n++] = (struct list_column){.width = narrow ? DAY : MINUTE, .head = "Date (UTC)"};
    if (!narrow)
        columns[n++] = (struct list_column){.width = 15, .head = "DC"};
    columns[n++] = (struct list_column){.width = 15, .head = "Name"};
    columns[n++] = (struct list_column){.width = 0, .head = "State"};
    screen->list.column_count = n;
}

/* --- the screen --- */

static void *open_journal(struct app *app)
{
    struct journal_screen *screen = mem_zero(1, sizeof *screen);
    screen->app = app;
    screen->list.row = row;
    screen->list.data = screen;
    set_columns(screen, false);
    return screen;
}

static void close_journal(void *state)
{
    struct journal_screen *screen = state;
    release(&screen->read);
    err_free(screen->err);
    pager_release(&screen->page);
    pager_release(&screen->chosen);
    for (int i = 0; i < CELLS; i++)
        free(screen->cell[i]);
    free(screen);
}

/* Once: other news call it as well. */
static void enter_journal(struct app *app, void *state)
{
    struct journal_screen *screen = state;
    if (!screen->asked)
        read_journal(app, screen);
}

/* NULL, or why it is not taken back: as it stands in the journal; the directory is asked later. */
static struct err *undo_of(struct app *app, const struct journal_screen *screen, struct plan **plan)
{
    *plan = NULL;
    if (app->wizard.read_only)
        return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "dcmend runs read-only."),
                        "Start it without --read-only to undo a change.");
    return journal_undo_entry(&screen->read.list, chosen(screen), plan);
}

static bool may_undo(struct app *app, const struct journal_screen *screen)
{
    struct plan *plan;
    struct err *err = undo_of(app, screen, &plan);
    bool may = !err;
    err_free(err);
    plan_free(plan);
    return may;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct journal_screen *screen = state;
    const struct journal_entry *entry = chosen(screen);
    size_t n = 0;
    if (entry && may_undo(app, screen))
        offers[n++] =
            (struct keys_offer){ACTION_ENTER, entry->undo_of ? "make it again" : "undo it"};
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    if (entry && !entry->problem)
        offers[n++] = (struct keys_offer){ACTION_LDIF, NULL};
    if (screen->known || screen->err)
        offers[n++] = (struct keys_offer){ACTION_REFRESH, NULL};
    return n;
}

/* --- above the list --- */

static void say_empty(struct pager *page, const struct journal_work *read)
{
    page_put(page, STYLE_STRONG, "No change is journalled in %s.",
             read->folder ? read->folder : "the journal");
    page_put(page, STYLE_TEXT,
             "Each change is kept there with its undo, before it is sent. What another user wrote, "
             "or another machine, stands in the journal there.");
}

static void build_summary(struct journal_screen *screen, bool roomy)
{
    struct pager *page = &screen->page;
    size_t count = screen->read.list.count;
    page_begin(page);
    if (screen->err)
        page_error(page, screen->err);
    else if (!screen->known)
        page_put(page, STYLE_CURRENT, "Reading the journal ...");
    else if (count == 0)
        say_empty(page, &screen->read);
    else
        page_put(page, STYLE_HEAD, "The journal: %zu %s, newest first.", count,
                 count == 1 ? "change" : "changes");
    if (screen->known && count > 0 && roomy)
        page_put(
            page, STYLE_TEXT,
            "Enter shows the undo of the chosen one; the name that is typed there applies it.");
    pager_blank(page);
}

/* --- below it: the chosen one --- */

static void say_damaged(struct pager *page, const struct journal_entry *entry)
{
    page_put(page, STYLE_FAULT, "%s cannot be used: %s.", entry->id, entry->problem);
    page_put(page, STYLE_TEXT,
             "What it changed may still stand. Look at the file: its LDIF record, where it is "
             "whole, is the way back. Judge its DSA as it is now (t on Symptom lists all DCs).");
}

static void say_outcome(struct pager *page, const struct journal_screen *screen,
                        const struct journal_entry *entry)
{
    const struct journal_entry *by = journal_undone_by(&screen->read.list, entry);
    page_pair(page, "state", state_style(entry), "%s%s%s%s%s", journal_state_name(entry->state),
              entry->state_date ? ", " : "", entry->state_date ? entry->state_date : "",
              entry->words ? ": " : "", entry->words ? entry->words : "");
    if (by)
        page_pair(page, "undone by", STYLE_TEXT, "%s, which makes it again when it is undone",
                  by->id);
    else if (entry->busy)
        page_pair(page, "", STYLE_WARN, "a running dcmend is at work on it");
    else if (journal_entry_is_unfinished(entry))
        page_pair(page, "", STYLE_WARN,
                  "not finished: the next start of dcmend looks what became of it");
    if (entry->undo_of)
        page_pair(page, "undoes", STYLE_TEXT, "%s", entry->undo_of);
    if (entry->replace)
        page_pair(page, "note", STYLE_WARN,
                  "the old value dangled and cannot come back: the new one is only removed");
}

static void build_chosen(struct journal_screen *screen, const struct journal_entry *entry)
{
    struct pager *page = &screen->chosen;
    page_begin(page);
    if (entry->problem) {
        say_damaged(page, entry);
    } else {
        page_put(page, STYLE_TEXT, "serverReference of %s", entry->name ? entry->name : "?");
        page_change(page, &entry->old, &entry->new);
        page_pair(page, "on", STYLE_TEXT, "%s", entry->dc ? entry->dc : "?");
        say_outcome(page, screen, entry);
        page_pair(page, "by", STYLE_TEXT, "%s", entry->identity ? entry->identity : "?");
        if (entry->ticket)
            page_pair(page, "ticket", STYLE_TEXT, "%s", entry->ticket);
    }
    page_file(page, "file", entry->path, "");
}

/* The list has what its entry leaves, a third at least. */
static int list_rows(struct journal_screen *screen, struct rect rect)
{
    int rows = rect.rows - 1 - pager_height(&screen->chosen, rect.cols);
    int least = rect.rows / 3 > LIST_LEAST ? rect.rows / 3 : LIST_LEAST;
    int most = screen->list.count < (size_t)rect.rows ? (int)screen->list.count : rect.rows;
    rows = rows < least ? least : rows;
    return rows < most ? rows : most;
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct journal_screen *screen = state;
    size_t told;
    bool any = screen->known && list_told(&screen->list, app_now_ms(app), &told);
    const struct journal_entry *entry = any ? &screen->read.list.items[told] : NULL;
    build_summary(screen, rect.rows > 15);
    int rows = pager_height(&screen->page, rect.cols);
    screen->page.fixed = true;
    pager_draw(&screen->page, app->term, layout_take(&rect, rows < rect.rows ? rows : rect.rows));
    if (!entry)
        return;
    set_columns(screen, rect.cols < NARROW);
    build_chosen(screen, entry);
    list_draw_heads(&screen->list, app->term, layout_take(&rect, 1));
    list_draw(&screen->list, app->term, layout_take(&rect, list_rows(screen, rect)), true);
    page_list_place(app, &screen->list, layout_take(&rect, 1));
    screen->chosen.fixed = true;
    pager_draw(&screen->chosen, app->term, rect);
}

/* --- keys --- */

static void undo(struct app *app, struct journal_screen *screen)
{
    struct plan *plan;
    if (!chosen(screen))
        return;
    struct err *err = undo_of(app, screen, &plan);
    if (err) {
        app_notice(app, true, "%s %s", err->text, err->next ? err->next : "");
        err_free(err);
        return;
    }
    mem_set(&app->journal_at, chosen(screen)->id);
    app_pop(app);
    app_event(app, &(struct wizard_event){.kind = EVENT_UNDO, .plan = plan});
}

static void show_ldif(struct app *app, const struct journal_entry *entry)
{
    struct plan *plan;
    struct err *err = journal_entry_plan(entry, &plan);
    if (!err)
        page_show_ldif(app, plan);
    err_free(err);
    plan_free(plan);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct journal_screen *screen = state;
    if (event->kind == TERM_KEY && event->key == TERM_ENTER)
        undo(app, screen);
    else if (action == ACTION_LDIF)
        show_ldif(app, chosen(screen));
    else if (action == ACTION_REFRESH)
        read_journal(app, screen);
    else
        return event->kind == TERM_KEY && list_handle(&screen->list, event) != WIDGET_IGNORED;
    return true;
}

static int64_t settle(struct app *app, void *state)
{
    return list_rests_in(&((struct journal_screen *)state)->list, app_now_ms(app));
}

const struct screen_ops screen_journal = {
    .settle = settle,
    .name = "Journal",
    .help = "Every change that dcmend has sent, or was about to send, from this account on this "
            "machine, each a file with its undo. Enter takes the chosen one back: the DC that was "
            "changed is connected to and asked, the change is shown on Confirm, and a name has to "
            "be typed. An undo is a change of its own and stands here too; what was undone is not "
            "undone again. dcmend log prints the same list.",
    .open = open_journal,
    .close = close_journal,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .enter = enter_journal,
};
