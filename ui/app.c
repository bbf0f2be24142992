/* The loop: draw from state, wait, turn what came into events. What may block is asked of desks
 * (src/jobs/desk.h), and answered by news. */
#include "ui/app.h"

#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/journal.h"
#include "ui/app_parts.h"
#include "ui/output.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/pager.h"

#include <signal.h>
#include <stdlib.h>

static const struct screen_ops *const step_screens[STEP_COUNT] = {
    &screen_connect, &screen_symptom, &screen_locate, &screen_inspect,
    &screen_propose, &screen_confirm, &screen_apply,  &screen_report,
};

/* Views lie over the steps, and over them Connect when a lost connection needs the operator. */
bool app_is_covered(const struct app *app)
{
    return app->depth > app->asleep && !app_asks_sign_in(app);
}

static struct app_view *top(struct app *app)
{
    return app_is_covered(app) ? &app->stack[app->depth - 1] : &app->steps[app->wizard.step];
}

static bool is_seeking(const struct app *app, const struct app_view *view)
{
    return app->seeking && view->ops->page;
}

static bool is_typing(struct app *app, const struct app_view *view)
{
    return is_seeking(app, view) || (view->ops->typing && view->ops->typing(app, view->state));
}

void app_notice(struct app *app, bool fault, const char *format, ...)
{
    struct str s = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&s, format, ap);
    va_end(ap);
    free(app->notice);
    app->notice = text_clean_z(str_text(&s));
    app->notice_fault = fault;
    str_release(&s);
}

static void drop_notice(struct app *app)
{
    free(app->notice);
    app->notice = NULL;
}

void app_push(struct app *app, const struct screen_ops *ops)
{
    for (size_t i = 0; i < app->asleep; i++)
        if (app->stack[i].ops == ops) { /* there is one already */
            app->asleep = i + 1;
            app_wake(app);
            return;
        }
    if (app->depth == APP_STACK)
        return;
    app_send(app, EVENT_COVERED);
    app->seeking = false;
    struct app_view *view = &app->stack[app->depth++];
    view->ops = ops;
    view->state = ops->open(app);
    if (ops->enter)
        ops->enter(app, view->state);
}

static void pop(struct app *app)
{
    struct app_view *view = &app->stack[--app->depth];
    view->ops->close(view->state);
}

void app_close_stack(struct app *app)
{
    while (app->depth > 0)
        pop(app);
    app->asleep = 0;
}

void app_pop(struct app *app)
{
    if (app->depth == app->asleep)
        return;
    pop(app);
    if (app->depth == 0 && app->options->command == COMMAND_BROWSE)
        app->quit = true;
}

/* q closes the view that lies on top; where that is all there is, it leaves. */
static bool closes_view(const struct app *app)
{
    return app_is_covered(app) && (app->depth > 1 || app->options->command != COMMAND_BROWSE);
}

static size_t offers_of(struct app *app, struct keys_offer *offers)
{
    struct app_view *view = top(app);
    struct pager *page = app_page_of(view);
    size_t count = is_seeking(app, view) ? app_find_offers(offers)
                                         : view->ops->offers(app, view->state, offers);
    if (page && !app->seeking && pager_scrolls(page))
        offers[count++] = (struct keys_offer){ACTION_FIND, NULL};
    offers[count++] = (struct keys_offer){ACTION_HELP, view->ops == &screen_text ? "words" : NULL};
    if (is_typing(app, view) && !wizard_must_stay(&app->wizard))
        offers[count++] = (struct keys_offer){ACTION_LEAVE, NULL};
    else if (!is_typing(app, view) && closes_view(app))
        offers[count++] = (struct keys_offer){ACTION_QUIT, "close"};
    else if (!wizard_must_stay(&app->wizard))
        offers[count++] = (struct keys_offer){ACTION_QUIT, NULL};
    return count;
}

/* --- drawing --- */

/* Browse and Scan are tools of their own, and so is what lies over them. */
static bool has_steps(const struct app *app)
{
    for (size_t i = app->asleep; i < app->depth; i++)
        if (app->stack[i].ops == &screen_browse || app->stack[i].ops == &screen_scan)
            return false;
    return app->options->command != COMMAND_BROWSE || app->depth == 0;
}

static void draw_head(struct app *app, const struct layout *layout)
{
    const struct wizard *w = &app->wizard;
    char *server = w->connected ? text_clean_z(w->server.host) : NULL;
    char *identity = w->connected ? text_clean_z(w->server.identity) : NULL;
    char *protection = w->connected ? text_clean_z(w->server.protection) : NULL;
    struct layout_head head = {.program = "dcmend",
                               .server = server ? server : "not connected",
                               .identity = identity,
                               .protection = protection,
                               .badge = w->read_only ? "READ ONLY" : NULL};
    bool steps = has_steps(app);
    layout_frame(app->term, layout, &head, steps ? wizard_step_names() : NULL,
                 steps ? STEP_COUNT : 0, w->step);
    free(server);
    free(identity);
    free(protection);
}

/* What just happened, above the footer, in as many rows as it takes. */
static void draw_notice(struct app *app, struct rect *content)
{
    struct pager page = PAGER_INIT;
    if (!app->notice)
        return;
    pager_line(&page, app->notice_fault ? STYLE_FAULT : STYLE_OK, app->notice);
    int rows = pager_height(&page, content->cols), most = content->rows / 2;
    pager_draw(&page, app->term, layout_take(content, -(rows < most ? rows : most)));
    pager_release(&page);
}

/* What was typed before Confirm was seen, or while nothing was, is not meant for it. */
static void note_painted(struct app *app, const struct screen_ops *ops)
{
    app->flush = app->flush || app->blind || (ops == &screen_confirm && ops != app->painted);
    app->painted = ops;
    app->blind = ops == NULL;
}

static void draw(struct app *app)
{
    struct keys_offer offers[SCREEN_OFFERS + 3];
    bool small = term_too_small(app->term);
    struct app_view *view = top(app);
    note_painted(app, small ? NULL : view->ops);
    if (small)
        return;
    struct layout layout = layout_of(term_size(app->term), has_steps(app));
    if (app->wizard.step == STEP_REPORT && !app->wizard.reported)
        layout.undone = STEP_PROPOSE; /* a refusal: nothing was proposed, nor applied */
    term_clear_all(app->term);
    draw_head(app, &layout);
    struct rect content = layout.content;
    draw_notice(app, &content);
    struct pager *page = app_page_of(view);
    if (page)
        page->sought = field_text(&app->seek);
    if (is_seeking(app, view))
        app_find_draw(app, &content);
    view->ops->draw(app, view->state, content);
    size_t count = offers_of(app, offers);
    keys_footer_draw(app->term, layout.footer, offers, count, is_typing(app, view));
}

/* --- events from the terminal --- */

static void show_help(struct app *app)
{
    struct keys_offer offers[SCREEN_OFFERS + 3];
    size_t count = offers_of(app, offers);
    struct app_view *view = top(app);
    struct strs lines = {NULL, 0};
    struct str text = STR_INIT;
    str_addf(&text, "%s\n\nF1 again: what DSA, NTDS Settings, KCC and other words mean.\n\n",
             view->ops->help);
    keys_help(&lines, offers, count);
    for (size_t i = 0; i < lines.count; i++)
        str_addf(&text, "%s\n", lines.items[i]);
    app_show_text(app, view->ops->name, str_text(&text));
    strs_release(&lines);
    str_release(&text);
}

static void leave(struct app *app)
{
    app_send(app, EVENT_QUIT);
    if (wizard_must_stay(&app->wizard))
        app_notice(app, true,
                   "The answer to the change is awaited: leaving now would not stop it.");
}

static void on_back(struct app *app)
{
    if (app_is_covered(app)) {
        app_pop(app);
        return;
    }
    if (app_leads_to_list(app)) {
        app_wake(app);
        return;
    }
    bool asked = app_asks_sign_in(app);
    app_send(app, EVENT_BACK);
    if (asked && !app_asks_sign_in(app))
        app_give_up_reading(app);
}

static bool is_key(const struct term_event *event, enum term_key key, uint32_t rune)
{
    return event->kind == TERM_KEY && event->key == key && event->rune == rune;
}

static void on_input(struct app *app, const struct term_event *event)
{
    struct keys_offer offers[SCREEN_OFFERS + 3];
    struct app_view *view = top(app);
    struct pager *page = app_page_of(view);
    bool typing = is_typing(app, view);
    enum action action = keys_action(offers, offers_of(app, offers), event, typing);
    drop_notice(app);
    if (is_key(event, TERM_CTRL, 'c'))
        leave(app);
    else if (is_key(event, TERM_F, 1) && view->ops != &screen_text)
        show_help(app);
    else if (is_seeking(app, view))
        app_find_type(app, page, event);
    else if (page && !typing && app_find_key(app, page, event))
        return;
    else if (view->ops->handle(app, view->state, event, action))
        return;
    else if (action == ACTION_HELP && view->ops != &screen_text)
        show_help(app);
    else if (action == ACTION_QUIT && closes_view(app))
        app_pop(app);
    else if (action == ACTION_QUIT)
        leave(app);
    else if (action == ACTION_BACK || (event->kind == TERM_KEY && event->key == TERM_ESC))
        on_back(app);
    else if (event->kind == TERM_PASTE)
        app_notice(app, false, "Pasted text is not taken here.");
}

/* Nothing but the line that says so is on the screen, so nothing else is meant. */
static void on_blind_input(struct app *app, const struct term_event *event)
{
    if (is_key(event, TERM_CTRL, 'c') || is_key(event, TERM_CHAR, 'q'))
        leave(app);
}

void app_handle(struct app *app, const struct term_event *event)
{
    switch (event->kind) {
    case TERM_EOF:
    case TERM_SIGNAL:
        app->quit = true;
        app->exit_code = event->kind == TERM_SIGNAL ? 128 + event->signal : 128 + SIGHUP;
        break;
    case TERM_RESIZE:
        break; /* everything is drawn from state anyway */
    case TERM_DROPPED:
        app_notice(app, true,
                   "What was typed too early, or came with a paste, was not taken: type it again.");
        break;
    default:
        if (app->blind)
            on_blind_input(app, event);
        else
            on_input(app, event);
    }
}

void app_enter_step(struct app *app)
{
    enum wizard_step step = app->wizard.step;
    if (app->shown == step || app_is_covered(app))
        return;
    app->shown = step;
    app->seeking = false;
    const struct app_view *view = &app->steps[step];
    if (view->ops->enter)
        view->ops->enter(app, view->state);
}

/* Where a text may come an Esc could be the start of one and waits for its rest; while something is
 * awaited Esc has to be answered at once. */
static void set_welcome(struct app *app)
{
    struct app_view *view = top(app);
    bool text = is_typing(app, view) || view->ops == &screen_symptom;
    term_welcome_paste(app->term, text && app->wizard.waiting == WAIT_NOTHING);
}

int64_t app_now_ms(const struct app *app)
{
    return app->now_ms ? app->now_ms() : clock_ms();
}

int app_due_in(struct app *app)
{
    const struct app_view *view = top(app);
    bool ticking = app_is_watching(app);
    for (int place = 0; place < APP_PLACES && !ticking; place++)
        ticking = app->asked[place].task != NULL;
    int64_t due = view->ops->settle ? view->ops->settle(app, view->state) : -1;
    return due >= 0 && due < 1000 ? (int)due : ticking ? 1000 : -1;
}

void app_show(struct app *app)
{
    draw(app);
    term_show(app->term);
    if (app->flush && !app->blind) { /* nothing typed before counts, nor soon after */
        term_flush_input(app->term);
        app->flush = false;
    }
}

/* Confirm, and whatever a new size shows, is painted before another key is looked at. */
static bool is_seen(struct app *app, enum term_kind last)
{
    const struct screen_ops *ops = top(app)->ops;
    return last != TERM_RESIZE && !app->flush && (ops != &screen_confirm || app->painted == ops);
}

void app_take_input(struct app *app)
{
    struct term_event event;
    for (bool seen = true; seen && term_read(app->term, &event);) {
        app_handle(app, &event);
        term_event_release(&event);
        app_enter_step(app);
        seen = is_seen(app, event.kind);
    }
}

static void loop(struct app *app)
{
    while (!app->quit || wizard_must_stay(&app->wizard)) {
        app_enter_step(app);
        set_welcome(app);
        app_watch(app);
        app_list(app);
        app_keep(app);
        int due = app_due_in(app);
        app_show(app);
        struct pollfd news = {.fd = desks_fd(app->desks), .events = POLLIN};
        term_wait(app->term, &news, 1, due);
        app_take_news(app);
        app_take_input(app);
    }
}

/* --- beginning and end --- */

void app_open_steps(struct app *app)
{
    for (int i = 0; i < STEP_COUNT; i++)
        app->steps[i] = (struct app_view){step_screens[i], step_screens[i]->open(app)};
    app->shown = STEP_COUNT;
}

void app_close_views(struct app *app)
{
    app_close_stack(app);
    field_release(&app->seek);
    for (int i = 0; i < STEP_COUNT; i++)
        app->steps[i].ops->close(app->steps[i].state);
}

int app_run(struct options *options)
{
    struct app app = {.options = options, .perform = app_perform, .ask = app_ask_desk};
    struct term_options terminal = {.in = stdin, .out = stdout, .ascii = options->ascii};
    struct err *err = options->entry ? journal_undo(options->entry, &app.undo) : NULL;
    if (!err)
        err = term_open(&terminal, &app.term);
    if (err) {
        plan_free(app.undo);
        output_err(stderr, err);
        err_free(err);
        return 2;
    }
    app.desks = desks_new();
    wizard_init(&app.wizard, options->read_only || options->command == COMMAND_BROWSE,
                options->ticket);
    app_open_steps(&app);
    app_begin(&app);
    secret_free(options->signin.password); /* app has its copy, until it is sent */
    options->signin.password = NULL;
    loop(&app);
    app_keep_end(&app);
    app_close_views(&app);
    term_close(app.term);
    app_end(&app);
    if (app.outcomes.count == 0) /* one that was never looked at to its end */
        app_note_outcome(&app);
    app_print_outcomes(&app);
    app_forget_outcomes(&app);
    wizard_release(&app.wizard);
    drop_notice(&app);
    log_line("left with exit code %d", app.exit_code);
    if (app.left_behind) { /* not even exit(): what they hold is theirs */
        (void)fflush(NULL);
        _exit(app.exit_code);
    }
    return app.exit_code;
}
