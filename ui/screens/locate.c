/* Locate: which DSA is meant and on which DC it has to be judged. What is still to be decided comes
 * first; what was found stands below. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/list.h"

#include <stdlib.h>

struct locate {
    struct pager page, aside;
    struct list list;   /* the DSAs that a text names */
    struct field field; /* another DC's name */
    bool asking;
    char *cell[3];
    const struct wizard *wizard;
};

static void set_cell(struct locate *locate, int i, char *text)
{
    free(locate->cell[i]);
    locate->cell[i] = text_clean_z(text);
    free(text);
}

/* "8589, londc01 and 2 more". */
static char *error_words(const struct wizard *w, const struct subject_dsa *dsa)
{
    char *host = dsa->destination ? short_dc(w, dsa->destination) : mem_text("");
    char *code = dsa->status ? str_format("%ld", dsa->status) : mem_text("");
    char *more = dsa->reporters > 1 ? str_format(" +%zu", dsa->reporters - 1) : mem_text("");
    char *words = str_format("%s%s%s%s", code, *code && *host ? ", " : "", host, more);
    free(host);
    free(code);
    free(more);
    return words;
}

static void dsa_row(void *data, size_t index, struct list_row *row)
{
    struct locate *locate = data;
    const struct subject_dsa *dsa = &locate->wizard->subject.dsas[index];
    char guid[GUID_TEXT];
    char *name = dsa->server || !dsa->has_guid ? NULL : mem_text(guid_text(&dsa->guid, guid));
    set_cell(locate, 0, name ? name : dsa->server ? mem_text(dsa->server) : several_name(dsa));
    set_cell(locate, 1, mem_text(dsa->site));
    set_cell(locate, 2, error_words(locate->wizard, dsa));
    for (int i = 0; i < 3; i++)
        row->cells[i] = (struct list_cell){locate->cell[i], STYLE_TEXT};
}

static void *open_locate(struct app *app)
{
    struct locate *locate = mem_zero(1, sizeof *locate);
    locate->wizard = &app->wizard;
    field_init(&locate->field, 0);
    locate->list.row = dsa_row;
    locate->list.data = locate;
    locate->list.column_count = 3;
    locate->list.columns[0].middle = true;
    return locate;
}

static void close_locate(void *state)
{
    struct locate *locate = state;
    pager_release(&locate->page);
    pager_release(&locate->aside);
    field_release(&locate->field);
    for (int i = 0; i < 3; i++)
        free(locate->cell[i]);
    free(locate);
}

static void enter_locate(struct app *app, void *state)
{
    struct locate *locate = state;
    locate->asking = false;
    locate->page.top = 0;
    locate->list.selected = locate->list.selected_id = app->wizard.which;
}

static bool typing(struct app *app, void *state)
{
    (void)app;
    return ((struct locate *)state)->asking;
}

static const char *enter_word(const struct wizard *w)
{
    switch (wizard_locate_wants(w)) {
    case WANT_PICK:
        return "take this one";
    case WANT_MOVE:
        return "connect to that DC";
    case WANT_READING:
        return "read it";
    case WANT_NOTHING:
        break;
    }
    return "inspect";
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct locate *locate = state;
    const struct wizard *w = &app->wizard;
    size_t n = 0;
    if (w->waiting == WAIT_NOTHING)
        offers[n++] = (struct keys_offer){ACTION_ENTER, locate->asking ? "connect" : enter_word(w)};
    if (!locate->asking && w->waiting == WAIT_NOTHING) {
        if (wizard_locate_wants(w) == WANT_MOVE)
            offers[n++] = (struct keys_offer){ACTION_STAY, NULL};
        offers[n++] = (struct keys_offer){ACTION_OTHER_DC, "another DC logs it"};
        offers[n++] = (struct keys_offer){ACTION_BROWSE, NULL};
    }
    offers[n++] = (struct keys_offer){ACTION_BACK, w->waiting          ? "call it off"
                                                   : app_is_visit(app) ? "the list"
                                                                       : NULL};
    return n;
}

static void build_headline(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    const struct facts_dsa *dsa = &w->facts.dsa;
    char *host = short_dc(w, w->server.host);
    if (dsa->part == PART_ABSENT)
        page_put(page, STYLE_FAULT, "%s has no NTDS Settings object with this GUID.", host);
    else if (dsa->part != PART_PRESENT)
        page_put(page, STYLE_FAULT, "%s did not show the NTDS Settings object.", host);
    else if (dsa->deleted)
        page_put(page, STYLE_FAULT, "Found on %s, but only as a deleted object.", host);
    else if (w->facts.srv.part == PART_PRESENT && !w->facts.srv.is_server)
        page_put(page, STYLE_FAULT, "Found on %s, but not below a server object.", host);
    else
        page_put(page, STYLE_OK, "Found on %s: the DSA of %s.", host,
                 w->facts.srv.cn ? w->facts.srv.cn : "a server without a name");
    bool known = w->subject.destination || w->there;
    if (known && dsa->part != PART_PRESENT)
        page_put(page, STYLE_TEXT, "Enter shows what that means, and what to do.");
    else if (known)
        page_put(page, STYLE_TEXT, "Enter shows the verdict on %s's copy of it.", host);
    else
        page_put(page, STYLE_WARN,
                 "Which DC logs the error? No event says so. Enter judges the copy of %s; o names "
                 "another DC.",
                 host);
    free(host);
}

static void build_found(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    build_headline(app, page);
    pager_blank(page);
    page_dsa(app, page);
    if (w->facts.dsa.dn)
        page_pair(page, "object", STYLE_TEXT, "%s", w->facts.dsa.dn);
    if (w->facts.srv.dns_host)
        page_pair(page, "host", STYLE_TEXT, "%s", w->facts.srv.dns_host);
    if (w->subject.destination)
        page_pair(page, "logged by", wizard_wrong_dc(w) ? STYLE_WARN : STYLE_TEXT, "%s%s",
                  w->subject.destination,
                  wizard_wrong_dc(w) ? ", which is not the DC that is read" : "");
}

static void build_wanted(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    if (wizard_locate_wants(w) == WANT_PICK) {
        page_put(page, STYLE_WARN, "%s Which one is meant?",
                 w->subject.cut ? "The GUID is cut short." : "The text names several DSAs.");
        page_put(page, STYLE_TEXT, "Up and Down choose, Enter takes it.%s",
                 w->subject.cut ? ""
                                : " The GUID of event 1411 is the one to repair; one from showrepl "
                                  "may differ (article: option D).");
        several_say(app, page);
    } else if (wizard_locate_wants(w) == WANT_MOVE) {
        if (w->there)
            page_put(page, STYLE_WARN, "The list shows it on the copy of %s.", w->there);
        else
            page_put(page, STYLE_WARN, "The error was logged by %s.", w->subject.destination);
        page_put(page, STYLE_TEXT, "You are connected to %s.", w->server.host);
        pager_blank(page);
        page_put(page, STYLE_TEXT,
                 "A DC reads its own copy: that is the one to judge and to repair. Enter connects "
                 "there; h judges the copy of this DC all the same.");
    } else if (w->judged) {
        build_found(app, page);
    }
}

static void build(struct app *app, struct locate *locate)
{
    const struct wizard *w = &app->wizard;
    struct pager *page = &locate->page;
    page_begin(page);
    page->fixed = false;
    if (w->waiting == WAIT_READ) {
        char *host = short_dc(w, w->server.host);
        char *what = str_format("Reading the DSA, its server and its accounts on %s ...", host);
        page_waiting(app, page, what);
        free(what);
        free(host);
    } else if (w->error) {
        page_error(page, w->error);
    } else {
        build_wanted(app, page);
    }
}

static void build_aside(struct pager *page)
{
    page_begin(page);
    page_put(page, STYLE_HEAD, "How it is found (article: step 1)");
    page_pair(page, "option A", STYLE_TEXT, "the name GUID._msdcs.FOREST is looked up in DNS");
    page_pair(page, "options B, C", STYLE_TEXT,
              "the NTDS Settings object is read by its GUID, deleted ones too");
    page_pair(page, "option D", STYLE_TEXT,
              "the DC that logged the error is asked: it works with its own copy, so that copy is "
              "judged and repaired");
    pager_blank(page);
    page_put(page, STYLE_QUIET, "Nothing is written in this step.");
}

static void draw_question(struct app *app, struct locate *locate, struct rect *rect)
{
    struct rect ask = layout_take(rect, 2);
    int used =
        term_put(app->term, ask.row, ask.col, STYLE_STRONG, "DC that logs the error: ", ask.cols);
    ask.col += used, ask.cols -= used;
    field_draw(&locate->field, app->term, ask, true);
}

/* The chosen one, with what its row has no room for. */
static void draw_chosen(struct app *app, struct locate *locate, struct rect rect)
{
    size_t index;
    char guid[GUID_TEXT];
    struct pager page = PAGER_INIT;
    if (!list_told(&locate->list, app_now_ms(app), &index))
        return;
    const struct subject_dsa *dsa = &app->wizard.subject.dsas[index];
    char *by = several_logged_by(dsa);
    if (dsa->has_guid)
        page_pair(&page, "DSA", STYLE_TEXT, "%s", guid_text(&dsa->guid, guid));
    page_pair(&page, "from", STYLE_TEXT, "%s, line %zu%s", subject_source_name(dsa->source),
              dsa->line, dsa->hypothesis ? ", a hypothesis" : "");
    if (*by)
        page_pair(&page, "logged by", STYLE_TEXT, "%s", by);
    page.fixed = true;
    pager_draw(&page, app->term, rect);
    pager_release(&page);
    free(by);
}

static void draw_choice(struct app *app, struct locate *locate, struct rect rect)
{
    int name = rect.cols < 60 ? 15 : 18;
    int words = pager_height(&locate->page, rect.cols), chosen = 3;
    locate->list.columns[0].width = name;
    locate->list.columns[1].width = rect.cols < 60 ? 11 : 18;
    locate->page.fixed = true;
    pager_draw(&locate->page, app->term,
               layout_take(&rect, words < rect.rows - 6 ? words + 1 : words));
    locate->list.count = app->wizard.subject.count;
    list_refresh(&locate->list);
    struct rect below = layout_take(&rect, rect.rows > 6 ? -chosen - 1 : -chosen);
    list_draw(&locate->list, app->term, rect, true);
    page_list_place(app, &locate->list, below);
    layout_take(&below, below.rows - chosen);
    draw_chosen(app, locate, below);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct locate *locate = state;
    const struct wizard *w = &app->wizard;
    build(app, locate);
    if (locate->asking)
        draw_question(app, locate, &rect);
    if (w->waiting == WAIT_NOTHING && wizard_locate_wants(w) == WANT_PICK) {
        draw_choice(app, locate, rect);
        return;
    }
    build_aside(&locate->aside);
    bool beside = page_fits_beside(&locate->page, &locate->aside, rect);
    page_draw_beside(app, &locate->page, beside ? &locate->aside : NULL, rect);
}

static bool ask(struct app *app, struct locate *locate, const struct term_event *event)
{
    if (event->kind == TERM_KEY && event->key == TERM_ESC) {
        locate->asking = false;
        return true;
    }
    if (field_handle(&locate->field, event) != WIDGET_ENTER)
        return true;
    locate->asking = false;
    if (*field_text(&locate->field))
        app_event(app,
                  &(struct wizard_event){.kind = EVENT_OTHER, .text = field_text(&locate->field)});
    return true;
}

static void enter_key(struct app *app, struct locate *locate)
{
    size_t index;
    if (wizard_locate_wants(&app->wizard) != WANT_PICK)
        app_send(app, EVENT_NEXT);
    else if (list_selected(&locate->list, &index))
        app_event(app, &(struct wizard_event){.kind = EVENT_PICK, .index = index});
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct locate *locate = state;
    if (locate->asking)
        return ask(app, locate, event);
    switch (action) {
    case ACTION_ENTER:
        enter_key(app, locate);
        return true;
    case ACTION_STAY:
        app_send(app, EVENT_STAY);
        return true;
    case ACTION_OTHER_DC:
        field_set(&locate->field, "");
        locate->asking = true;
        return true;
    case ACTION_BROWSE:
        app_push(app, &screen_browse);
        return true;
    default:
        break;
    }
    if (event->kind == TERM_KEY && wizard_locate_wants(&app->wizard) == WANT_PICK &&
        list_handle(&locate->list, event) != WIDGET_IGNORED)
        return true;
    return page_keys(&locate->page, event);
}

static int64_t settle(struct app *app, void *state)
{
    return list_rests_in(&((struct locate *)state)->list, app_now_ms(app));
}

static struct pager *page_of(void *state)
{
    return &((struct locate *)state)->page;
}

const struct screen_ops screen_locate = {
    .page = page_of,
    .settle = settle,
    .name = "Locate",
    .help = "Finds the DSA that the text names (article: step 1).\n\n"
            "The GUID-based DNS name is resolved (option A), and the NTDS Settings object is read "
            "by its GUID, deleted objects included (options B and C), on the DC that logged the "
            "error: a DC reads its own copy, so that copy is judged and repaired (option D).",
    .open = open_locate,
    .close = close_locate,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_locate,
};
