/* Confirm: the one change in full, and a line on which a name has to be typed. Enter alone does
 * nothing here, a paste is refused, and what was typed before the screen was painted is gone, as is
 * what comes along with a line that is no answer. A name is shorter than what the terminal takes
 * for a paste by its speed, so a line's keys are timed here: one that came in one go, or in a few
 * pieces, was not typed. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/journal.h"
#include "src/remedy/ldif.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>
#include <string.h>

enum { FIELD_COLUMNS = 20 }; /* the least to type on */
enum { HAND_MS = 15 };       /* between two keys; no hand is that quick for half a line */

struct confirm {
    struct pager page, aside;
    struct field field;
    bool second;        /* the field belongs to the second line */
    size_t keys, quick; /* on the line, and how many of them came too soon after another */
    int64_t last_key;
};

static void *open_confirm(struct app *app)
{
    (void)app;
    struct confirm *confirm = mem_zero(1, sizeof *confirm);
    field_init(&confirm->field, FIELD_NO_PASTE);
    return confirm;
}

static void close_confirm(void *state)
{
    struct confirm *confirm = state;
    pager_release(&confirm->page);
    pager_release(&confirm->aside);
    field_release(&confirm->field);
    free(confirm);
}

static void begin_line(struct confirm *confirm)
{
    field_set(&confirm->field, "");
    confirm->keys = confirm->quick = 0;
}

static void enter_confirm(struct app *app, void *state)
{
    (void)app;
    struct confirm *confirm = state;
    begin_line(confirm);
    confirm->page.top = 0;
}

static bool typing(struct app *app, void *state)
{
    (void)app, (void)state;
    return true;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)state;
    const struct plan *plan = app->wizard.plan;
    bool again = plan && plan->second_prompt && !plan->first_typed;
    offers[0] = (struct keys_offer){ACTION_ENTER, again ? "go on if typed" : "apply if typed"};
    offers[1] = (struct keys_offer){ACTION_BACK, "nothing written"};
    offers[2] = (struct keys_offer){ACTION_NEXT, "LDIF"};
    offers[3] = (struct keys_offer){ACTION_SAVE_TYPED, NULL};
    return 4;
}

static void add_undo(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    char *folder = NULL;
    struct err *err = journal_folder(&folder);
    if (err)
        page_pair(page, "undo", STYLE_FAULT, "%s", err->text);
    else
        page_pair(page, "undo", STYLE_TEXT, "%s.ldif in %s, written first",
                  w->report.journal_id ? w->report.journal_id : "?", folder);
    err_free(err);
    free(folder);
}

static bool are_digits(const char *prompt, const struct guid *guid)
{
    char text[GUID_TEXT];
    return prompt && strlen(prompt) == PLAN_DIGITS &&
           strncmp(guid_text(guid, text), prompt, PLAN_DIGITS) == 0;
}

/* Where a name cannot be typed, what is typed instead has to be seen. */
static void add_digits(struct pager *page, const char *label, const char *prompt,
                       const struct guid *guid)
{
    char text[GUID_TEXT];
    if (are_digits(prompt, guid))
        page_pair(page, label, STYLE_TEXT, "%s, whose first %d digits are typed",
                  guid_text(guid, text), PLAN_DIGITS);
}

static void add_place(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    bool logged = w->subject.destination && !wizard_wrong_dc(w);
    char dsa[GUID_TEXT];
    page_pair(page, "object", STYLE_TEXT, "%s", w->plan->object_dn);
    add_digits(page, "DSA", w->plan->prompt, &w->plan->dsa_guid);
    add_digits(page, "account", w->plan->second_prompt, &w->plan->new.guid);
    page_pair(page, "on", STYLE_TEXT, "%s%s", w->plan->host,
              logged ? ", the DC that logged the error" : "");
    page_pair(page, "", STYLE_QUIET, "whose DSA is %s", guid_text(&w->plan->host_dsa, dsa));
    page_pair(page, "as", STYLE_TEXT, "%s%s", w->plan->identity ? w->plan->identity : "?",
              w->facts.srv.may_write ? ", who may write this attribute" : "");
    add_undo(app, page);
    if (w->plan->ticket)
        page_pair(page, "ticket", STYLE_TEXT, "%s", w->plan->ticket);
}

/* How the DSA will be judged, and what that does. */
static void add_afterwards(struct pager *page, const struct wizard *w)
{
    bool fine = w->after.kind == VERDICT_HEALTHY;
    char *host = short_dc(w, w->plan->host);
    page_pair(page, "afterwards", fine ? STYLE_OK : STYLE_WARN, "%s", w->after.headline);
    if (!fine)
        page_pair(page, "", STYLE_WARN,
                  "Replication from %s to %s fails with 8589 again, with its next attempt.",
                  w->plan->name ? w->plan->name : "it", host);
    free(host);
}

static void add_warnings(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    for (size_t i = 0; i < w->verdict.second.count && w->plan->second_prompt; i++)
        page_pair(page, i ? "" : "careful", STYLE_WARN, "%s", w->verdict.second.items[i].text);
    if (!w->plan->undo && w->verdict.unchecked)
        page_pair(page, "note", STYLE_WARN, "%s", w->verdict.unchecked);
    if (w->plan->undo && w->after.headline)
        add_afterwards(page, w);
    if (w->plan->undo)
        page_pair(page, "undoes", STYLE_TEXT, "%s", w->plan->undo_of);
    if (w->plan->redoes)
        page_pair(page, "careful", STYLE_WARN, "that was an undo: the change %s is made again",
                  w->plan->redoes);
    if (w->server.synchronized == FLAG_NO)
        page_pair(page, "note", STYLE_WARN,
                  "this DC has not finished its first synchronisation; the repair may be what it "
                  "waits for");
}

static void build(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    char *host = short_dc(w, w->plan->host);
    page_begin(page);
    page_put(page, STYLE_HEAD, "%s on %s. Nothing has been written yet.",
             w->plan->redoes ? "The undo of an undo"
             : w->plan->undo ? "The undo of a change"
                             : "One change",
             host);
    pager_blank(page);
    page_put(page, STYLE_TEXT, "serverReference of %s", w->plan->name ? w->plan->name : "?");
    page_change(page, &w->plan->old, &w->plan->new);
    pager_blank(page);
    add_warnings(app, page); /* before what can be scrolled away */
    add_place(app, page);
    free(host);
}

static void build_ldif(struct app *app, struct pager *page)
{
    struct str text = STR_INIT;
    page_begin(page);
    ldif_change(&text, app->wizard.plan);
    page_put(page, STYLE_HEAD, "The change as LDIF");
    page_unfold(&text);
    page_lines(page, STYLE_TEXT, str_text(&text));
    str_clear(&text);
    ldif_inverse(&text, app->wizard.plan);
    page_put(page, STYLE_HEAD, "Its undo");
    page_unfold(&text);
    page_lines(page, STYLE_TEXT, str_text(&text));
    str_release(&text);
}

static char *prompt_label(const struct plan *plan)
{
    char *wanted = text_clean_z(plan_wanted(plan));
    const char *what = are_digits(plan->second_prompt, &plan->new.guid) ? "first digits" : "name";
    char *label = plan->first_typed
                      ? str_format("2 of 2: Type the account's %s, %s, to apply: ", what, wanted)
                  : plan->second_prompt ? str_format("1 of 2: Type %s to apply: ", wanted)
                                        : str_format("Type %s to apply: ", wanted);
    free(wanted);
    return label;
}

/* The label is never cut: where it leaves too little room, the name is typed on the next row. */
static int prompt_rows(const struct plan *plan, int cols)
{
    char *label = prompt_label(plan);
    int rows = text_width(label) + FIELD_COLUMNS > cols ? 2 : 1;
    free(label);
    return rows;
}

static void draw_prompt(struct app *app, struct confirm *confirm, struct rect rect)
{
    char *label = prompt_label(app->wizard.plan);
    int used = term_put_cut(app->term, rect.row, rect.col, STYLE_STRONG, label, rect.cols);
    struct rect line = {rect.row, rect.col + used, 1, rect.cols - used};
    if (rect.rows > 1)
        line = (struct rect){rect.row + 1, rect.col, 1, rect.cols};
    field_draw(&confirm->field, app->term, line, true);
    free(label);
}

static void draw_error(struct app *app, struct rect rect)
{
    struct pager page = PAGER_INIT;
    page_error(&page, app->wizard.error);
    pager_draw(&page, app->term, rect);
    pager_release(&page);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct confirm *confirm = state;
    const struct wizard *w = &app->wizard;
    if (!w->plan)
        return;
    if (confirm->second != w->plan->first_typed)
        begin_line(confirm);
    confirm->second = w->plan->first_typed;
    build(app, &confirm->page);
    build_ldif(app, &confirm->aside);
    int rows = prompt_rows(w->plan, rect.cols);
    struct rect bottom = layout_take(&rect, -(rows + (w->error ? 2 : rect.rows > 12)));
    struct rect prompt = layout_take(&bottom, rows);
    bool beside = page_fits_beside(&confirm->page, &confirm->aside, rect);
    page_draw_beside(app, &confirm->page, beside ? &confirm->aside : NULL, rect);
    draw_prompt(app, confirm, prompt);
    if (w->error)
        draw_error(app, bottom);
}

static bool scrolls(const struct term_event *event)
{
    return event->kind == TERM_KEY && (event->key == TERM_UP || event->key == TERM_DOWN ||
                                       event->key == TERM_PGUP || event->key == TERM_PGDN);
}

static void count_key(struct confirm *confirm, const struct term_event *event)
{
    confirm->quick += confirm->keys > 0 && event->at - confirm->last_key < HAND_MS;
    confirm->keys++;
    confirm->last_key = event->at;
}

/* The first key has none before it, so it tells nothing. */
static bool by_hand(const struct confirm *confirm)
{
    return 2 * confirm->quick < confirm->keys;
}

/* Keys that came with a line that is no answer are no answer either. */
static void take_line(struct app *app, struct confirm *confirm)
{
    char *text = mem_text(field_text(&confirm->field));
    bool typed = by_hand(confirm);
    begin_line(confirm);
    if (!typed)
        app_notice(app, true, "That came too fast to have been typed; type the name key by key.");
    else if (*text)
        app_event(app, &(struct wizard_event){.kind = EVENT_TYPED, .text = text});
    app->flush = app->flush || !*text || !typed || app->wizard.error;
    free(text);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct confirm *confirm = state;
    if (!app->wizard.plan || action == ACTION_BACK)
        return false;
    if (event->kind == TERM_PASTE) {
        begin_line(confirm);
        app_notice(app, true,
                   event->unmarked
                       ? "That came too fast to have been typed; type the name key by key."
                       : "A paste is not taken here: type the name.");
        return true;
    }
    if (action == ACTION_NEXT) {
        page_show_ldif(app, app->wizard.plan);
        return true;
    }
    if (action == ACTION_SAVE_TYPED) {
        app_push(app, &screen_save);
        return true;
    }
    if (scrolls(event)) {
        page_keys(&confirm->page, event);
        return true;
    }
    count_key(confirm, event);
    if (field_handle(&confirm->field, event) == WIDGET_ENTER)
        take_line(app, confirm);
    return true;
}

const struct screen_ops screen_confirm = {
    .name = "Confirm",
    .help =
        "The last look before the change. Only the name shown, typed in full (upper or lower "
        "case) and followed by Enter, applies it. It is typed key by key: what comes faster "
        "than a hand types is no answer.\n\n"
        "Before the change is sent everything is read again; if anything differs from this "
        "screen, nothing is written. The undo is on disk first.\n\n"
        "Tab shows the change and its undo as LDIF. Ctrl-S saves it as a plan that somebody else "
        "can look at and carry out (dcmend --file). Esc goes back and writes nothing.",
    .open = open_confirm,
    .close = close_confirm,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_confirm,
};
