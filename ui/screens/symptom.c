/* Symptom: a box for the text, and below it what was recognised. While the box has the keys letters
 * and Enter are text; a paste, or Enter after typing, hands the keys to the page below, and the
 * next Enter moves on. What a tool types, or a line hands over slower than the terminal takes for a
 * paste, comes as keys: an Enter may be a line's end, and is the operator's only when nothing
 * follows it. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/remedy/intake.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/textbox.h"

#include <stdlib.h>

enum {
    BURST_MS = 30,
    SETTLE_MS = 150,
    SECOND_THOUGHT_MS = 400,
    HELD_MOST = 3,
    LIVE_BYTES = 16384,
    BOX_ROWS = 10
};

#define BOX_FULL "That is more than the box holds (4 MiB): use dcmend --file."

struct symptom {
    struct textbox box;
    struct pager page, aside;
    bool editing;
    size_t held;            /* Enters, or Tabs, at the end of the text that may be its own */
    bool tab;               /* they are Tabs */
    int64_t last_key, left; /* ms: the last key in the box; when Enter left it */
};

static void *open_symptom(struct app *app)
{
    (void)app;
    struct symptom *symptom = mem_zero(1, sizeof *symptom);
    textbox_init(&symptom->box);
    symptom->editing = true;
    return symptom;
}

static void close_symptom(void *state)
{
    struct symptom *symptom = state;
    textbox_release(&symptom->box);
    pager_release(&symptom->page);
    pager_release(&symptom->aside);
    free(symptom);
}

static void enter_symptom(struct app *app, void *state)
{
    struct symptom *symptom = state;
    symptom->editing = textbox_is_empty(&symptom->box) && app->wizard.subject.count == 0;
    symptom->left = 0;
    if (app->wizard.subject.count == 0)
        partner_list_read(app, true);
}

static bool typing(struct app *app, void *state)
{
    (void)app;
    return ((struct symptom *)state)->editing;
}

static void recognise(struct app *app, struct symptom *symptom, const char *text, size_t len)
{
    (void)symptom;
    struct subject subject = {.dsas = NULL};
    struct err *err = intake_read(text, len, &subject);
    app_event(app, &(struct wizard_event){.kind = EVENT_SUBJECT, .subject = &subject, .err = err});
    subject_release(&subject);
}

static void recognise_box(struct app *app, struct symptom *symptom)
{
    if (textbox_is_empty(&symptom->box)) {
        app_event(app, &(struct wizard_event){.kind = EVENT_SUBJECT});
        return;
    }
    char *text = textbox_text(&symptom->box);
    recognise(app, symptom, text, strlen(text));
    free(text);
}

/* Something to go on with was recognised: the keys are the page's. */
static bool is_telling(const struct subject *subject)
{
    return subject->count > 0 || subject->cut;
}

/* Text as given: its encoding is intake's business, the box shows it cleaned. */
static void take_text(struct app *app, struct symptom *symptom, const char *bytes, size_t len)
{
    textbox_set(&symptom->box, bytes, len);
    symptom->box.line = symptom->box.at = symptom->box.top = symptom->box.top_row = 0;
    recognise(app, symptom, bytes, len);
    symptom->editing = !is_telling(&app->wizard.subject);
    symptom->page.top = 0;
}

/* A paste without marks may come in several pieces, or behind the beginning of one that had them.
 */
static void take_more(struct app *app, struct symptom *symptom, const struct term_event *event)
{
    textbox_end(&symptom->box);
    if (textbox_handle(&symptom->box, event) == WIDGET_REFUSED)
        app_notice(app, true, BOX_FULL);
    recognise_box(app, symptom);
    symptom->editing = !is_telling(&app->wizard.subject);
}

void symptom_set_text(struct app *app, const char *text, size_t len)
{
    take_text(app, app->steps[STEP_SYMPTOM].state, text, len);
}

static bool may_look_again(const struct wizard *w)
{
    return w->listed && !w->list.complete && w->subject.cut && w->subject.count == 0;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct symptom *symptom = state;
    bool known = app->wizard.subject.count > 0;
    size_t n = 0;
    if (symptom->editing) {
        offers[n++] = (struct keys_offer){ACTION_ENTER, "done typing"};
        offers[n++] = (struct keys_offer){ACTION_NEXT, "leave the box"};
    } else {
        if (known || may_look_again(&app->wizard))
            offers[n++] = (struct keys_offer){ACTION_ENTER, known ? "locate it" : "look again"};
        offers[n++] = (struct keys_offer){ACTION_NEXT, "edit text"};
        offers[n++] = (struct keys_offer){ACTION_PARTNERS, NULL};
        offers[n++] = (struct keys_offer){ACTION_CHECK, "scan the forest"};
        offers[n++] = (struct keys_offer){ACTION_BROWSE, "list all DCs"};
        if (!textbox_is_empty(&symptom->box))
            offers[n++] = (struct keys_offer){ACTION_HOME, "new text"};
        offers[n++] = (struct keys_offer){ACTION_JOURNAL, NULL};
    }
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    return n;
}

static void build_hints(struct app *app, struct pager *page)
{
    partner_list_say(app, page);
    page_put(page, STYLE_QUIET,
             "Nothing is recognised yet. Events 1411, 1925 and 2023, dcdiag and repadmin reports "
             "are understood, too.");
    page_put(page, STYLE_QUIET,
             "No text at hand? Tab, then i lists the replication partners, t all DCs, deleted "
             "ones too; k scans the forest; u undoes an earlier change.");
}

static void build(struct app *app, struct symptom *symptom)
{
    const struct wizard *w = &app->wizard;
    struct pager *page = &symptom->page;
    page_begin(page);
    page_error(page, w->error);
    page_error(page, w->subject_error);
    if (w->subject.count > 1)
        page_put(page, STYLE_WARN, "%zu DSAs %s; the next step asks which one is meant.",
                 w->subject.count, w->subject.cut ? "may be meant" : "are named");
    several_say(app, page);
    for (size_t i = 0; i < w->subject.count; i++)
        several_describe(page, &w->subject.dsas[i]);
    if (w->subject.count == 0 && w->subject.destination)
        page_pair(page, "logged by", STYLE_TEXT, "%s", w->subject.destination);
    if (w->subject.status && w->subject.count <= 1 &&
        !(w->subject.count == 1 && w->subject.dsas[0].status))
        page_pair(page, "error", w->subject.status == 8589 ? STYLE_TEXT : STYLE_WARN, "%ld%s",
                  w->subject.status,
                  w->subject.status == 8589 ? "" : ", which is not the one dcmend repairs");
    for (size_t i = w->subject.recap; i < w->subject.notes.count; i++)
        page_pair(page, i > w->subject.recap ? "" : "note", STYLE_TEXT, "%s",
                  w->subject.notes.items[i]);
    if (w->subject.count == 0 && !w->subject_error && !w->error)
        build_hints(app, page);
}

static void build_aside(struct pager *page)
{
    page_begin(page);
    page_put(page, STYLE_HEAD, "What helps most");
    page_put(page, STYLE_TEXT,
             "The whole text of event 1411, from the Directory Service log of the DC that reports "
             "error 8589. It names the DSA by its GUID, and the DC that logged it.");
    page_title(page, "What is understood as well");
    page_lines(
        page, STYLE_TEXT,
        "events 1925, 2023, 1955, 1272\ndcdiag, repadmin /showrepl (also /csv)\nsamba-tool drs "
        "showrepl\na GUID in any spelling, a DN, a host name");
    page_title(page, "No text at hand");
    page_put(page, STYLE_TEXT,
             "Tab leaves the box, then t lists all DCs: any part of a GUID, name or site finds "
             "one, deleted ones too.");
}

/* What all of the DSAs are named for, if that is not 8589; NULL. */
static const char *other_fault(const struct subject *subject)
{
    for (size_t i = 0; i < subject->count; i++)
        if (!subject->dsas[i].other_fault)
            return NULL;
    return subject->count ? subject->dsas[0].other_fault : NULL;
}

static void draw_words(struct app *app, struct symptom *symptom, struct rect *rect)
{
    const char *other = other_fault(&app->wizard.subject);
    if (other && !symptom->editing) {
        page_intro(app, rect, STYLE_WARN,
                   "This text is about another fault, %s, which dcmend does not repair. Enter "
                   "looks at the DSA all the same; Tab edits the text.",
                   other);
        return;
    }
    const struct subject *subject = &app->wizard.subject;
    const char *text =
        symptom->editing ? "Paste event 1411 here, or type a GUID, a DN or the name of a DC."
        : textbox_is_empty(&symptom->box) && subject->count == 0
            ? "Nothing was pasted. Tab goes back to the box; t lists all DCs."
        : subject->count > 0 && subject->cut ? "The GUID in it is cut short. Enter goes on with "
                                               "what it may mean; Tab edits the text."
        : subject->count > 0
            ? "This was recognised. Enter looks for it on the DC; Tab edits the text."
        : subject->cut ? "The GUID in it is cut short. Tab edits the text; t lists all DCs."
                       : "Nothing was recognised in it. Tab edits the text; t lists all DCs.";
    page_intro(app, rect, STYLE_TEXT, "%s", text);
}

/* What was recognised is what counts: the box has what that leaves, but a third at least, and no
 * more than it needs. */
static int box_rows(struct symptom *symptom, struct rect rect)
{
    int below = pager_height(&symptom->page, rect.cols), rows = rect.rows - below - 1;
    int least = rect.rows / (symptom->editing ? 2 : 3);
    int lines = symptom->box.lines.count < 1000 ? (int)symptom->box.lines.count : 1000;
    int wanted = symptom->editing && lines < BOX_ROWS ? BOX_ROWS : lines + lines / 2;
    if (rows > wanted)
        rows = wanted;
    if (rows < least && rows < wanted)
        rows = least < wanted ? least : wanted;
    return rows < 3 ? 3 : rows;
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct symptom *symptom = state;
    struct rect left = rect, right;
    build_aside(&symptom->aside);
    if (page_fits_beside(NULL, &symptom->aside, rect) && layout_split(rect, 0, &left, &right)) {
        layout_divide(app->term, left);
        pager_draw(&symptom->aside, app->term, right);
    }
    draw_words(app, symptom, &left);
    build(app, symptom);
    int rows = box_rows(symptom, left);
    textbox_draw(&symptom->box, app->term, layout_take(&left, rows), symptom->editing);
    layout_take(&left, 1);
    symptom->page.fixed = symptom->editing; /* PgDn is the box's */
    pager_draw(&symptom->page, app->term, left);
}

/* Enter in an empty box is no answer; Tab leaves it all the same, for the keys of the page. */
static void leave_box(struct app *app, struct symptom *symptom, bool tab)
{
    recognise_box(app, symptom);
    symptom->editing = !tab && textbox_is_empty(&symptom->box);
    symptom->left = app_now_ms(app);
}

/* Enter without a text: the failing partners, where there are any. */
static bool open_partners(struct app *app)
{
    bool any = app->wizard.subject.count == 0 && app->failing_known && app->failing.with_8589 > 0;
    if (any)
        app_push(app, &screen_partners);
    return any;
}

static const struct term_event newline = {.kind = TERM_KEY, .key = TERM_ENTER},
                               blank = {.kind = TERM_KEY, .key = TERM_CHAR, .rune = ' '},
                               backspace = {.kind = TERM_KEY, .key = TERM_BACKSPACE};

/* An Enter or a Tab that may be part of a text that comes as keys: text, until silence decides. In
 * an empty box, or behind a single line that says it all, it is the operator's; so is an Enter that
 * comes again and again. */
static bool hold(struct app *app, struct symptom *symptom, const struct term_event *event,
                 bool burst)
{
    bool enter = event->kind == TERM_KEY && event->key == TERM_ENTER;
    bool tab = event->kind == TERM_KEY && event->key == TERM_TAB;
    bool answer = symptom->box.lines.count == 1 &&
                  (app->wizard.subject.count > 0 || textbox_is_empty(&symptom->box));
    bool patient = enter && !symptom->tab && symptom->held >= HELD_MOST;
    symptom->box.enter_submits = !burst && (answer || patient);
    if (symptom->box.enter_submits || !(enter || tab) || (tab && answer)) {
        symptom->held = 0;
        return false;
    }
    symptom->held = symptom->tab == tab ? symptom->held + 1 : 1;
    symptom->tab = tab;
    textbox_handle(&symptom->box, tab ? &blank : &newline);
    return true;
}

static bool edit(struct app *app, struct symptom *symptom, const struct term_event *event)
{
    bool burst = event->at - symptom->last_key < BURST_MS;
    symptom->last_key = event->at;
    if (hold(app, symptom, event, burst))
        return true;
    switch (textbox_handle(&symptom->box, event)) {
    case WIDGET_ENTER:
        if (!textbox_is_empty(&symptom->box) || !open_partners(app))
            leave_box(app, symptom, false);
        return true;
    case WIDGET_NEXT:
        leave_box(app, symptom, true);
        symptom->left = burst ? event->at : 0; /* else letters are the page's at once */
        return true;
    case WIDGET_CHANGED:
        if (symptom->box.bytes <= LIVE_BYTES)
            recognise_box(app, symptom);
        return true;
    case WIDGET_REFUSED:
        app_notice(app, true, BOX_FULL);
        return true;
    case WIDGET_HANDLED:
        return true;
    default:
        return false;
    }
}

/* Nothing has followed an Enter or a Tab: it was a key after all. */
static int64_t settle(struct app *app, void *state)
{
    struct symptom *symptom = state;
    if (!symptom->editing || symptom->held == 0)
        return -1;
    int64_t left = symptom->last_key + SETTLE_MS - app_now_ms(app);
    if (left > 0)
        return left;
    for (size_t i = 0; i < symptom->held; i++)
        textbox_handle(&symptom->box, &backspace);
    leave_box(app, symptom, symptom->tab);
    return -1;
}

/* A character soon after that: they were a slow text's line ends, or its tab. */
static bool second_thought(struct app *app, struct symptom *symptom, const struct term_event *event)
{
    bool soon = symptom->left && event->at - symptom->left <= SECOND_THOUGHT_MS;
    if (!soon || event->kind != TERM_KEY || event->key != TERM_CHAR)
        return false;
    symptom->editing = true;
    symptom->box.enter_submits = false;
    for (size_t i = 0; i < symptom->held || i == 0; i++)
        textbox_handle(&symptom->box, symptom->held && symptom->tab ? &blank : &newline);
    return edit(app, symptom, event);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct symptom *symptom = state;
    if (event->kind == TERM_PASTE && event->unmarked && !textbox_is_empty(&symptom->box)) {
        take_more(app, symptom, event);
        return true;
    }
    if (event->kind == TERM_PASTE) {
        take_text(app, symptom, event->bytes, event->len);
        return true;
    }
    if (action == ACTION_BACK)
        return false;
    if (symptom->editing)
        return edit(app, symptom, event);
    if (second_thought(app, symptom, event))
        return true;
    switch (action) {
    case ACTION_ENTER:
        if (!textbox_is_empty(&symptom->box) || !open_partners(app))
            app_send(app, EVENT_NEXT);
        return true;
    case ACTION_NEXT:
        symptom->editing = true;
        return true;
    case ACTION_HOME:
        textbox_clear(&symptom->box);
        symptom->editing = true;
        recognise_box(app, symptom);
        return true;
    default:
        return page_opens(app, action) || page_keys(&symptom->page, event);
    }
}

const struct screen_ops screen_symptom = {
    .settle = settle,
    .name = "Symptom",
    .help =
        "What was logged, or what is known (article: Symptoms, and step 1).\n\n"
        "Best is the whole text of event 1411 from the Directory Service log of the DC that "
        "reports error 8589: it names the DSA by its GUID, and the DC that logged it. Events 1925 "
        "and 2023, dcdiag, repadmin /showrepl and samba-tool reports are understood too; a GUID "
        "from showrepl may differ from the event's (option D), so it counts as a hypothesis.\n\n"
        "Of several DSAs, and of a GUID that was cut short, the connected DC is asked what they "
        "are "
        "called, or which it may be; the choice is yours.\n\n"
        "Paste at once; or type and press Enter. Tab goes between the box and the page below.",
    .open = open_symptom,
    .close = close_symptom,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_symptom,
};
