/* Symptom: a box for the text, and below it what was recognised. While the box has the keys letters
 * and Enter are text; a paste, or Enter after typing, hands the keys to the page below, and the
 * next Enter moves on. A terminal without bracketed paste sends an event's lines as keys: an Enter
 * that comes in a burst of them is a line's end, not the operator's. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/remedy/intake.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/textbox.h"

#include <stdlib.h>
#include <time.h>

enum { BURST_MS = 30, SECOND_THOUGHT_MS = 400, LIVE_BYTES = 16384 };

struct symptom {
    struct textbox box;
    struct pager page;
    bool editing;
    long long last_key, left; /* ms: the last key in the box; when Enter left it */
};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

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
    free(symptom);
}

static void enter_symptom(struct app *app, void *state)
{
    struct symptom *symptom = state;
    symptom->editing = textbox_is_empty(&symptom->box) && app->wizard.subject.count == 0;
    symptom->left = 0;
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

/* Text as given: its encoding is intake's business, the box shows it cleaned. */
static void take_text(struct app *app, struct symptom *symptom, const char *bytes, size_t len)
{
    textbox_set(&symptom->box, bytes, len);
    symptom->box.line = symptom->box.at = symptom->box.top = symptom->box.top_row = 0;
    recognise(app, symptom, bytes, len);
    symptom->editing = app->wizard.subject.count == 0;
    symptom->page.top = 0;
}

void symptom_set_text(struct app *app, const char *text, size_t len)
{
    take_text(app, app->steps[STEP_SYMPTOM].state, text, len);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct symptom *symptom = state;
    bool known = app->wizard.subject.count > 0;
    size_t n = 0;
    if (symptom->editing) {
        offers[n++] = (struct keys_offer){ACTION_NEXT, "done typing"};
        offers[n++] = (struct keys_offer){ACTION_ENTER, "done"};
    } else {
        if (known)
            offers[n++] = (struct keys_offer){ACTION_ENTER, "locate this DSA"};
        offers[n++] = (struct keys_offer){ACTION_NEXT, "edit the text"};
        offers[n++] = (struct keys_offer){ACTION_HOME, "clear"};
        offers[n++] = (struct keys_offer){ACTION_BROWSE, NULL};
    }
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    return n;
}

static void describe_dsa(struct pager *page, const struct subject_dsa *dsa)
{
    char guid[GUID_TEXT];
    struct str s = STR_INIT;
    if (dsa->has_guid)
        str_add(&s, guid_text(&dsa->guid, guid));
    else if (dsa->site)
        str_addf(&s, "%s\\%s", dsa->site, dsa->server);
    else
        str_add(&s, dsa->server ? dsa->server : dsa->server_dn ? dsa->server_dn : dsa->ntds_dn);
    page_pair(page, "DSA", STYLE_OK, "%s", str_text(&s));
    page_pair(page, "from", STYLE_TEXT, "%s, line %zu%s", subject_source_name(dsa->source),
              dsa->line, dsa->hypothesis ? " (a hypothesis: an event 1411 may name another)" : "");
    str_release(&s);
}

static void build(struct app *app, struct symptom *symptom)
{
    const struct wizard *w = &app->wizard;
    struct pager *page = &symptom->page;
    page_begin(page);
    for (size_t i = 0; i < w->subject.count; i++)
        describe_dsa(page, &w->subject.dsas[i]);
    if (w->subject.destination)
        page_pair(page, "logged by", STYLE_TEXT, "%s", w->subject.destination);
    for (size_t i = 0; i < w->subject.notes.count; i++)
        page_pair(page, i ? "" : "note", STYLE_TEXT, "%s", w->subject.notes.items[i]);
    page_error(page, w->subject_error);
    page_error(page, w->error);
    if (w->subject.count == 0 && !w->subject_error && !w->error)
        page_put(page, STYLE_QUIET,
                 "Nothing is recognised yet. dcdiag and repadmin reports are understood as well.");
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct symptom *symptom = state;
    struct rect title = layout_take(&rect, 2);
    term_put_cut(app->term, title.row, title.col, STYLE_TEXT,
                 "Paste event 1411 here, or type a GUID, a DN or the name of a DC.", title.cols);
    int rows = rect.rows / 2;
    struct rect box = layout_take(&rect, rows < 3 ? 3 : rows);
    textbox_draw(&symptom->box, app->term, box, symptom->editing);
    layout_take(&rect, 1);
    build(app, symptom);
    pager_draw(&symptom->page, app->term, rect);
}

static void leave_box(struct app *app, struct symptom *symptom)
{
    recognise_box(app, symptom);
    symptom->editing = textbox_is_empty(&symptom->box);
    symptom->left = now_ms();
}

static bool edit(struct app *app, struct symptom *symptom, const struct term_event *event)
{
    long long now = now_ms();
    bool burst = now - symptom->last_key < BURST_MS;
    symptom->last_key = now;
    symptom->box.enter_submits = !burst;
    switch (textbox_handle(&symptom->box, event)) {
    case WIDGET_ENTER:
    case WIDGET_NEXT:
        leave_box(app, symptom);
        return true;
    case WIDGET_CHANGED:
        if (symptom->box.bytes <= LIVE_BYTES)
            recognise_box(app, symptom);
        return true;
    case WIDGET_REFUSED:
        app_notice(app, true, "That is more than the box holds (4 MiB): use dcmend --file.");
        return true;
    case WIDGET_HANDLED:
        return true;
    default:
        return false;
    }
}

/* A character soon after Enter left the box: the Enter was a line's end of a slow paste. */
static bool second_thought(struct app *app, struct symptom *symptom, const struct term_event *event)
{
    bool text = event->kind == TERM_KEY && (event->key == TERM_CHAR || event->key == TERM_ENTER);
    if (!text || symptom->left == 0 || now_ms() - symptom->left > SECOND_THOUGHT_MS ||
        event->key == TERM_ENTER)
        return false;
    struct term_event newline = {.kind = TERM_KEY, .key = TERM_ENTER};
    symptom->editing = true;
    symptom->box.enter_submits = false;
    textbox_handle(&symptom->box, &newline);
    return edit(app, symptom, event);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct symptom *symptom = state;
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
    case ACTION_BROWSE:
        app_push(app, &screen_browse);
        return true;
    default:
        return page_keys(&symptom->page, event);
    }
}

const struct screen_ops screen_symptom = {
    .name = "Symptom",
    .help =
        "What was logged, or what is known (article: Symptoms, and step 1).\n\n"
        "Best is the whole text of event 1411 from the Directory Service log of the DC that "
        "reports error 8589: it names the DSA by its GUID, and the DC that logged it. Events 1925 "
        "and 2023, dcdiag, repadmin /showrepl and samba-tool reports are understood too; a GUID "
        "from showrepl may differ from the event's (option D), so it counts as a hypothesis.\n\n"
        "Paste at once; or type and press Enter. Tab goes between the box and the page below.",
    .open = open_symptom,
    .close = close_symptom,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_symptom,
};
