/* The whole program with desks of its own, over sessions that touch no network: what is lost,
 * called off, replaced, late or cannot start, in every order, at every step and in every view.
 * Never does a DC's answer stand under another one's name, there is always a way on, and nothing is
 * sent whose name was not typed. */
#include "tests/screens/fake_readings.h"
#include "tests/screens/stage.h"
#include "tests/suite.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/screens/browse_parts.h"
#include "ui/screens/scan_parts.h"

#include <check.h>
#include <dirent.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HERE "londc01.contoso.com"
#define OTHER "mandc01.contoso.com"

static struct harness *terminal; /* one for all programs of a test */
static struct options options;
static struct app app;
static bool by_password;
static int typed;     /* names, on Confirm */
static unsigned keys; /* pressed since the start; a sign-in with a password counts as two */

/* As ck_assert(), which leaves a mark in a file each time. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ck_abort_msg("%s:\n%s", #condition, harness_text(terminal));                           \
    } while (0)

/* ---- what always holds ---- */

/* One that sleeps beneath the steps waits for nothing, and is not seen. */
static const void *view_state(const struct screen_ops *ops)
{
    for (size_t i = app.asleep; i < app.depth; i++)
        if (app.stack[i].ops == ops)
            return app.stack[i].state;
    return NULL;
}

static void check_names(const struct wizard *w)
{
    const struct browse_screen *b = view_state(&screen_browse);
    if (!w->connected)
        return;
    if (w->judged)
        HOLDS(str_same(w->facts.server.host, w->server.host));
    if (app.failing_known && str_same(app.failing_host, w->server.host))
        HOLDS(str_same(app.failing.partners[0].name, w->server.host));
    if (b && b->forest.nodes.count > 0)
        HOLDS(str_same(b->forest.nodes.nodes[0].name, w->server.host));
    if (b && b->detail.known)
        HOLDS(str_same(b->detail.object.node.name, w->server.host));
}

/* Whoever waits, waits for something. */
static void check_waiting(const struct wizard *w)
{
    const struct browse_screen *b = view_state(&screen_browse);
    const struct asked *side = &app.asked[PLACE_SIDE];
    bool reading =
        app_is_reading(&app) || w->waiting == WAIT_CONNECT; /* a new desk: it asks then */
    HOLDS(w->waiting == WAIT_NOTHING || app.asked[PLACE_WIZARD].task);
    HOLDS(!w->completing || app.asked[PLACE_COPIES].task);
    HOLDS(!w->connected || app.desk);
    HOLDS(!side->wish || w->held || w->waiting == WAIT_CONNECT || w->waiting == WAIT_APPLY);
    if (b)
        HOLDS(b->have_forest || reading);
    if (view_state(&screen_partners))
        HOLDS(app.failing_known || app.failing_err || reading);
}

static void check_keys(const struct wizard *w)
{
    struct keys_offer offers[SCREEN_OFFERS];
    bool covered = app_is_covered(&app);
    const struct app_view *view = covered ? &app.stack[app.depth - 1] : &app.steps[w->step];
    HOLDS(view->ops->offers(&app, view->state, offers) > 0 || w->waiting == WAIT_APPLY);
}

static void check_sent(void)
{
    HOLDS(fake_sent() <= typed);
    HOLDS(!fake_astray());
}

/* A round of the loop; it is looked at where that may tell something new. */
static void frame(void)
{
    app_enter_step(&app);
    app_watch(&app);
    app_list(&app);
    app_keep(&app);
    app_due_in(&app);
    app.flush = false;
    check_names(&app.wizard);
    check_waiting(&app.wizard);
    check_keys(&app.wizard);
    check_sent();
}

static void look(void)
{
    app_show(&app);
    harness_pump(terminal);
}

static bool is_busy(void)
{
    for (int place = 0; place < APP_PLACES; place++)
        if (app.asked[place].task)
            return true;
    return false;
}

/* Everything that is under way comes. */
static void pump(void)
{
    for (int i = 0; is_busy(); i++) {
        HOLDS(i < 5000); /* it ends */
        (void)poll(&(struct pollfd){.fd = desks_fd(app.desks), .events = POLLIN}, 1, 10);
        app_take_news(&app);
        frame();
    }
}

static void comes(void)
{
    fake_release();
    pump();
    frame();
}

/* ---- what an operator does ---- */

static void key(enum term_key which, uint32_t rune)
{
    struct term_event event = {.kind = TERM_KEY, .key = which, .rune = rune, .at = harness_now()};
    harness_advance(terminal, 1000);
    keys++;
    app_handle(&app, &event);
    app.quit = false;
    frame();
}

static void enter(void)
{
    key(TERM_ENTER, 0);
}

static void type(const char *text)
{
    for (; *text; text++)
        key(TERM_CHAR, (unsigned char)*text);
}

static void type_name(void)
{
    char *name = mem_text(plan_wanted(app.wizard.plan));
    typed++;
    type(name);
    enter();
    free(name);
}

static void sign_in(const char *host)
{
    struct signin signin;
    signin_init(&signin);
    signin.host = mem_text(host);
    if (by_password) {
        signin.user = mem_text("kayla");
        signin.password = secret_new();
        (void)secret_add(signin.password, "sesame", 6);
    }
    keys += by_password ? 2 : 1;
    app_connect(&app, &signin);
    signin_release(&signin);
    frame();
}

static void give_subject(void)
{
    char guid[GUID_TEXT];
    struct guid dsa = build_guid(BUILD_DSA);
    char *event = str_format("Event ID: 1411\nComputer: " HERE "\nDirectory service:\n"
                             "%s._msdcs.contoso.com\nError value:\n8589\n",
                             guid_text(&dsa, guid));
    symptom_set_text(&app, event, strlen(event));
    free(event);
    frame();
}

/* ---- a program ---- */

/* What the next program is begun with; back to nothing by end(). */
static enum command command;
static char *given_text;
static struct plan *undo;

static void begin(bool password, bool late)
{
    memset(&app, 0, sizeof app);
    fake_readings_reset();
    if (late)
        fake_late();
    options_init(&options);
    options.command = command;
    options.text = given_text;
    options.text_len = given_text ? strlen(given_text) : 0;
    by_password = password;
    typed = 0;
    keys = 0;
    options.signin.host = mem_text(HERE);
    if (password) {
        options.signin.user = mem_text("kayla");
        options.signin.password = secret_new();
        (void)secret_add(options.signin.password, "sesame", 6);
    }
    app.options = &options;
    app.term = harness_term(terminal);
    app.perform = app_perform;
    app.ask = app_ask_desk;
    app.now_ms = harness_now;
    app.desks = desks_new();
    app.undo = undo;
    wizard_init(&app.wizard, false, NULL);
    app_open_steps(&app);
    app_begin(&app);
    frame();
}

static void end(void)
{
    fake_release();
    app_close_views(&app);
    app_end(&app);
    ck_assert(!app.left_behind);
    ck_assert_int_eq(fake_open(), 0);
    app_forget_outcomes(&app);
    wizard_release(&app.wizard);
    free(app.notice);
    options_release(&options);
    command = COMMAND_WIZARD;
    given_text = NULL;
    undo = NULL;
}

/* The way from a text to a step, as the keys go; the last of them may wait for its answer. */
static void go(enum wizard_step step, bool late)
{
    while (app.wizard.step < step) {
        enum wizard_step at = app.wizard.step;
        if (late && at == step - 1)
            fake_late();
        if (at == STEP_SYMPTOM)
            give_subject();
        if (at == STEP_CONFIRM)
            type_name();
        else if (at != STEP_CONNECT)
            enter();
        if (late && at == step - 1)
            return;
        pump();
        ck_assert_int_gt(app.wizard.step, at);
    }
}

/* However it stands: the repair can be gone on with. */
static void recover(void)
{
    const struct wizard *w = &app.wizard;
    fake_threads(true);
    fake_sign_in(FAKE_OPENS);
    comes();
    for (int i = 0; !w->reported || w->report.state != APPLY_VERIFIED; i++) {
        HOLDS(i < 30); /* there is a way on */
        if (w->step == STEP_CONNECT && w->waiting == WAIT_NOTHING)
            sign_in(HERE);
        else if (app.depth > 0)
            key(TERM_ESC, 0);
        else if (w->step == STEP_SYMPTOM && w->subject.count == 0)
            give_subject();
        else if (w->step == STEP_INSPECT && !w->judged)
            key(TERM_CHAR, 'r'); /* its reading was called off */
        else if (w->step == STEP_CONFIRM)
            type_name();
        else
            enter();
        pump();
    }
}

/* ---- every order ---- */

#define PLACES_TO_BE(X)                                                                            \
    X(AT_CONNECT, STEP_CONNECT, true, NULL)                                                        \
    X(AT_SYMPTOM, STEP_SYMPTOM, false, NULL)                                                       \
    X(AT_LOCATE, STEP_LOCATE, true, NULL)                                                          \
    X(AT_INSPECT, STEP_INSPECT, false, NULL)                                                       \
    X(AT_PROPOSE, STEP_PROPOSE, false, NULL)                                                       \
    X(AT_CONFIRM, STEP_CONFIRM, false, NULL)                                                       \
    X(AT_APPLY, STEP_APPLY, true, NULL)                                                            \
    X(AT_REPORT, STEP_REPORT, false, NULL)                                                         \
    X(IN_BROWSE, STEP_SYMPTOM, false, &screen_browse)                                              \
    X(IN_BROWSE_LATER, STEP_PROPOSE, false, &screen_browse)                                        \
    X(IN_PARTNERS, STEP_SYMPTOM, false, &screen_partners)                                          \
    X(IN_JOURNAL, STEP_SYMPTOM, false, &screen_journal)                                            \
    X(IN_SCAN, STEP_SYMPTOM, false, &screen_scan)                                                  \
    X(IN_VISIT, STEP_SYMPTOM, false, &screen_scan)                                                 \
    X(IN_VISIT_REPORT, STEP_SYMPTOM, false, &screen_scan)                                          \
    X(IN_BROWSE_VISIT, STEP_SYMPTOM, false, &screen_browse)                                        \
    X(IN_ACCOUNTS, STEP_PROPOSE, false, &screen_accounts)

enum place_id {
#define X(id, step, late, view) id,
    PLACES_TO_BE(X)
#undef X
};

static const struct place {
    const char *name;
    enum wizard_step step;
    bool late;
    const struct screen_ops *view;
} places[] = {
#define X(id, step, late, view) {#id, step, late, view},
    PLACES_TO_BE(X)
#undef X
};
enum { PLACE_COUNT = sizeof places / sizeof *places };

enum what {
    LOSE,
    ESC,
    REPLACE,
    LATE,
    COMES,
    NO_THREADS,
    REFUSE,
    ENTER,
    SIGN_IN,
    REFRESH,
    VIEW,
    UNANSWERED,
    WHATS
};
static const char *const whats[] = {"lost",    "called off", "replaced", "late",
                                    "comes",   "no threads", "refused",  "Enter",
                                    "sign in", "refresh",    "view",     "unanswered"};

/* The scan's first finding: at its Inspect, or repaired. */
static void visit(bool repaired)
{
    pump();
    enter();
    ck_assert(app_is_visit(&app));
    pump();
    ck_assert_int_eq(app.wizard.step, STEP_INSPECT);
    if (repaired)
        go(STEP_REPORT, false);
}

static void visit_from_browse(void)
{
    pump();
    key(TERM_CHAR, ':');
    type("livdc01");
    enter();
    pump();
    enter();
    pump();
    ck_assert(app_is_visit(&app));
}

static void begin_at(const struct place *place, bool password)
{
    begin(password, place->step == STEP_CONNECT);
    if (place->step != STEP_CONNECT)
        pump();
    go(place->step, place->late);
    if (place->view)
        app_push(&app, place->view);
    frame();
    if (place == &places[IN_VISIT] || place == &places[IN_VISIT_REPORT])
        visit(place == &places[IN_VISIT_REPORT]);
    if (place == &places[IN_BROWSE_VISIT])
        visit_from_browse();
}

static void view(void)
{
    if (app_is_covered(&app))
        key(TERM_ESC, 0);
    else
        app_push(&app, &screen_browse);
    frame();
}

static void enter_or_type(void)
{
    if (app.depth == 0 && app.wizard.step == STEP_CONFIRM)
        type_name();
    else
        enter();
}

static void happens(enum what what)
{
    bool asks = app.wizard.step == STEP_CONNECT && app.wizard.waiting == WAIT_NOTHING;
    switch (what) {
    case LOSE:
        fake_lose();
        break;
    case ESC:
        key(TERM_ESC, 0);
        break;
    case REPLACE: /* from wherever one is, to another DC */
        if (app.wizard.waiting != WAIT_APPLY)
            sign_in(OTHER);
        break;
    case LATE:
        fake_late();
        break;
    case COMES:
        comes();
        break;
    case NO_THREADS:
        fake_threads(false);
        break;
    case REFUSE:
        fake_sign_in(FAKE_REFUSES);
        break;
    case ENTER:
        enter_or_type();
        break;
    case SIGN_IN:
        if (asks)
            sign_in(HERE);
        break;
    case REFRESH:
        key(TERM_CHAR, 'r');
        break;
    case VIEW:
        view();
        break;
    default:
        fake_apply_unanswered();
    }
    app_take_news(&app);
    frame();
    look();
}

static void one_order(const struct place *place, bool password, const enum what *order, int count)
{
    begin_at(place, password);
    for (int i = 0; i < count; i++)
        happens(order[i]);
    recover();
    look();
    end();
}

/* All sequences of a length. What went before a failure is on the error stream. */
static void every_order(const struct place *place, bool password, int count)
{
    enum what order[8] = {LOSE};
    unsigned all = 1;
    for (int i = 0; i < count; i++)
        all *= WHATS;
    for (unsigned number = 0; number < all; number++) {
        unsigned rest = number;
        for (int i = 0; i < count; i++, rest /= WHATS)
            order[i] = (enum what)(rest % WHATS);
        if (getenv("DCMEND_ORDERS"))
            fprintf(stderr, "%s %d: %s, %s, %s\n", place->name, password, whats[order[0]],
                    count > 1 ? whats[order[1]] : "", count > 2 ? whats[order[2]] : "");
        one_order(place, password, order, count);
    }
}

static int depth(void)
{
    const char *given = getenv("DCMEND_DEPTH");
    return given ? (int)strtol(given, NULL, 10) : 2;
}

START_TEST(in_every_order_with_a_ticket)
{
    every_order(&places[_i], false, depth());
}
END_TEST

START_TEST(in_every_order_with_a_password)
{
    every_order(&places[_i], true, depth());
}
END_TEST

/* ---- a repair with links that drop ---- */

static void see(const char *text)
{
    look();
    ck_assert_msg(harness_has(terminal, text), "\"%s\" is not on the screen:\n%s", text,
                  harness_text(terminal));
}

static const struct screen_ops *const views[] = {NULL, &screen_browse, &screen_partners,
                                                 &screen_scan, &screen_accounts};
enum { VIEWS = sizeof views / sizeof *views };

static void go_on(void)
{
    const struct wizard *w = &app.wizard;
    if (w->step == STEP_SYMPTOM && w->subject.count == 0)
        give_subject();
    if (w->step == STEP_CONFIRM)
        type_name();
    else
        enter();
}

/* Before step `at` the connection is lost; there a view is opened, and left after its answer. */
static unsigned keys_to_verified(bool password, enum wizard_step at, const struct screen_ops *over,
                                 bool drops)
{
    unsigned opened = 0;
    begin(password, false);
    pump();
    for (int i = 0; !app.wizard.reported; i++) {
        enum wizard_step step = app.wizard.step;
        ck_assert_msg(i < 20, "no way on:\n%s", harness_text(terminal));
        if (step == at && drops) {
            fake_lose();
            drops = false;
        }
        if (step == at && over && !opened) {
            app_push(&app, over);
            pump();
            look();
            opened = 1;
            if (app_asks_sign_in(&app))
                sign_in(HERE);
            pump();
            key(TERM_ESC, 0);
            ck_assert_uint_eq(app.depth, 0);
            ck_assert_int_eq(app.wizard.step, step);
        }
        if (app_asks_sign_in(&app))
            sign_in(HERE);
        else
            go_on();
        pump();
    }
    ck_assert_int_eq(app.wizard.report.state, APPLY_VERIFIED);
    ck_assert_int_eq(fake_sent(), 1);
    ck_assert_int_eq(typed, 1);
    unsigned pressed = keys;
    end();
    return pressed;
}

START_TEST(a_link_that_drops_costs_two_keys_at_most)
{
    for (int password = 0; password < 2; password++)
        for (int at = STEP_SYMPTOM; at < STEP_APPLY; at++)
            for (size_t over = 0; over < VIEWS; over++) {
                unsigned plain =
                    keys_to_verified(password, (enum wizard_step)at, views[over], false);
                unsigned hard = keys_to_verified(password, (enum wizard_step)at, views[over], true);
                ck_assert_uint_le(hard, plain + (password ? 2 : 0));
            }
}
END_TEST

/* The idle connection drops on Propose, Browse is opened and left, the name is typed: SIGSEGV once.
 */
START_TEST(apply_has_a_session)
{
    begin(false, false);
    pump();
    go(STEP_CONFIRM, false);
    fake_lose();
    fake_sign_in(FAKE_REFUSES);
    app_push(&app, &screen_browse);
    pump();
    see("There is no ticket.");
    see("Which domain controller");
    key(TERM_ESC, 0); /* not now: Browse says why it is empty */
    see("There is no ticket.");
    key(TERM_ESC, 0);
    ck_assert(app.depth == 0 && app.wizard.step == STEP_CONFIRM);
    fake_sign_in(FAKE_OPENS);
    type_name();
    pump();
    ck_assert_int_eq(app.wizard.report.state, APPLY_VERIFIED);
    end();
}
END_TEST

/* Browse said "not connected" once, and stayed empty. */
START_TEST(browse_asks_for_a_sign_in)
{
    begin(false, false);
    fake_sign_in(FAKE_REFUSES);
    fake_lose();
    pump();
    sign_in(HERE);
    pump();
    see("There is no ticket.");
    app_push(&app, &screen_browse);
    frame();
    see("Which domain controller");
    fake_sign_in(FAKE_OPENS);
    sign_in(HERE);
    pump();
    see("Sites of contoso.com");
    see("1 server, 1 fault");
    end();
}
END_TEST

/* With a password Connect asks, and the change goes on: the same person on the same DSA. */
START_TEST(a_confirmed_change_goes_on_after_a_sign_in)
{
    for (int other = 0; other < 2; other++) {
        begin(true, false);
        pump();
        go(STEP_CONFIRM, false);
        fake_lose();
        type_name();
        pump();
        see("The connection to " HERE " has ended.");
        see("the change that you confirmed");
        ck_assert_int_eq(fake_sent(), 0);
        if (other)
            fake_identity("joe@CONTOSO.COM");
        sign_in(HERE);
        pump();
        ck_assert_int_eq(fake_sent(), other ? 0 : 1);
        ck_assert_int_eq(app.wizard.reported, !other);
        ck_assert(!other || app.wizard.step == STEP_INSPECT);
        end();
    }
}
END_TEST

/* With a ticket, too, while no sign-in succeeds. */
START_TEST(a_confirmed_change_waits_for_a_dc_that_is_away)
{
    begin(false, false);
    pump();
    go(STEP_CONFIRM, false);
    fake_lose();
    fake_sign_in(FAKE_REFUSES);
    type_name();
    pump();
    see("There is no ticket.");
    see("the change that you confirmed");
    see("Enter sign in and apply   Esc back");
    ck_assert_int_eq(fake_sent(), 0);
    fake_sign_in(FAKE_OPENS);
    sign_in(HERE);
    pump();
    ck_assert_int_eq(app.wizard.report.state, APPLY_VERIFIED);
    ck_assert_int_eq(fake_sent(), 1);
    end();
}
END_TEST

/* Not signed in again: the confirmed change is not carried out at some later sign-in. */
START_TEST(a_confirmed_change_is_let_go)
{
    begin(true, false);
    pump();
    go(STEP_CONFIRM, false);
    fake_lose();
    type_name();
    pump();
    key(TERM_ESC, 0);
    ck_assert_int_eq(app.wizard.step, STEP_PROPOSE);
    enter();
    ck_assert_int_eq(app.wizard.step, STEP_CONFIRM);
    enter();
    pump();
    ck_assert_int_eq(fake_sent(), 0);
    end();
}
END_TEST

START_TEST(the_answer_that_was_lost_is_looked_for)
{
    for (int password = 0; password < 2; password++) {
        begin(password, false);
        pump();
        go(STEP_CONFIRM, false);
        fake_apply_unanswered();
        type_name();
        pump();
        if (password)
            sign_in(HERE);
        pump();
        ck_assert_int_eq(app.wizard.step, STEP_REPORT);
        ck_assert_int_eq(app.wizard.report.state, APPLY_VERIFIED);
        ck_assert_int_eq(fake_sent(), 1);
        end();
    }
}
END_TEST

/* Whoever signs in on another DC then sees nothing of the first one's under its name. */
START_TEST(the_answer_that_was_lost_and_another_dc)
{
    begin(true, false);
    pump();
    go(STEP_CONFIRM, false);
    fake_apply_unanswered();
    type_name();
    pump();
    sign_in(OTHER);
    pump();
    look();
    ck_assert(app.wizard.step == STEP_REPORT && app.wizard.plan && !app.wizard.judged);
    end();
}
END_TEST

/* joe writes what kayla has read, and his connection drops before Apply. */
START_TEST(the_first_identity_outlives_a_lost_connection)
{
    begin(false, false);
    pump();
    go(STEP_PROPOSE, false);
    fake_identity("joe@CONTOSO.COM");
    app_send(&app, EVENT_RESUME);
    sign_in(HERE);
    pump();
    go(STEP_CONFIRM, false);
    fake_late(); /* it is lost once apply is at work */
    type_name();
    fake_lose();
    comes();
    ck_assert_int_eq(app.wizard.report.state, APPLY_VERIFIED);
    ck_assert_str_eq(fake_first_identity(), "kayla@CONTOSO.COM");
    end();
}
END_TEST

/* A reading of the old DC comes after the sign-in on the new one. */
START_TEST(an_old_answer_is_never_the_new_dcs)
{
    begin(false, false);
    pump();
    go(STEP_LOCATE, true);
    key(TERM_ESC, 0);
    sign_in(OTHER);
    comes();
    see(OTHER);
    ck_assert(!app.wizard.judged && app.wizard.connected);
    end();
}
END_TEST

/* r while the copies are read: "not connected" once. */
START_TEST(reading_again_during_the_copies)
{
    begin(false, false);
    pump();
    go(STEP_SYMPTOM, false);
    give_subject();
    enter();
    for (int i = 0; i < 5000 && !app.wizard.judged; i++) { /* the copies are late */
        (void)poll(&(struct pollfd){.fd = desks_fd(app.desks), .events = POLLIN}, 1, 10);
        fake_late();
        if (!app.wizard.judged && !app.wizard.completing)
            fake_release();
        app_take_news(&app);
        frame();
    }
    app_send(&app, EVENT_AGAIN);
    comes();
    see(HERE);
    ck_assert(app.wizard.connected && app.wizard.judged);
    end();
}
END_TEST

START_TEST(a_task_that_cannot_start_is_told)
{
    begin(false, false);
    pump();
    go(STEP_LOCATE, true);
    fake_threads(false);
    fake_lose();
    comes(); /* the thread that is there goes on; the copies have none */
    see("No further work can be started");
    fake_threads(true);
    end();
}
END_TEST

START_TEST(no_thread_from_the_start)
{
    begin(false, false);
    pump();
    fake_threads(false);
    sign_in(OTHER);
    pump();
    see("No further work can be started");
    see("Which domain controller");
    fake_threads(true);
    sign_in(HERE);
    pump();
    ck_assert_int_eq(app.wizard.step, STEP_SYMPTOM);
    end();
}
END_TEST

/* d while the forest is still being read counts, and so does r. */
START_TEST(keys_in_browse_survive_its_loading)
{
    begin(false, false);
    pump();
    app_push(&app, &screen_browse);
    pump();
    fake_late();
    key(TERM_CHAR, 'r'); /* reads without them */
    key(TERM_CHAR, 'd');
    comes();
    const struct browse_screen *b = app.stack[0].state;
    ck_assert(b->deleted && b->have_forest);
    ck_assert_uint_eq(b->forest.nodes.count, 4); /* GONE01, too */
    end();
}
END_TEST

/* The facts are read anew below the list of accounts. */
START_TEST(the_accounts_are_never_freed_ones)
{
    begin(false, false);
    pump();
    go(STEP_PROPOSE, false);
    app_push(&app, &screen_accounts);
    look();
    fake_late();
    app_send(&app, EVENT_AGAIN);
    key(TERM_DOWN, 0);
    enter();
    look();
    comes();
    look();
    end();
}
END_TEST

START_TEST(a_sign_in_that_is_refused_meanwhile)
{
    begin(true, false);
    pump();
    go(STEP_CONFIRM, false);
    fake_lose();
    type_name();
    pump();
    fake_sign_in(FAKE_REFUSES);
    sign_in(HERE);
    pump();
    see("There is no ticket.");
    key(TERM_ESC, 0);
    ck_assert_int_eq(app.wizard.step, STEP_PROPOSE);
    enter();
    type_name(); /* nobody is signed in */
    see("the change that you confirmed");
    ck_assert_int_eq(fake_sent(), 0);
    fake_sign_in(FAKE_OPENS);
    sign_in(HERE);
    pump();
    ck_assert_int_eq(app.wizard.report.state, APPLY_VERIFIED);
    end();
}
END_TEST

START_TEST(a_reading_that_is_refused_is_told)
{
    begin(false, false);
    pump();
    fake_inspect_denied();
    go(STEP_SYMPTOM, false);
    give_subject();
    enter();
    pump();
    see("This may not be read.");
    recover();
    app_print_outcomes(&app);
    end();
}
END_TEST

/* It has come, but nobody has looked yet. */
START_TEST(a_reading_that_came_too_late)
{
    begin(false, false);
    pump();
    go(STEP_SYMPTOM, false);
    give_subject();
    app.full = build_guid(BUILD_DSA); /* with all copies */
    enter();
    (void)poll(&(struct pollfd){.fd = desks_fd(app.desks), .events = POLLIN}, 1, 5000);
    key(TERM_ESC, 0);
    ck_assert(!app.wizard.judged);
    recover();
    end();
}
END_TEST

START_TEST(given_on_the_command_line)
{
    given_text = mem_text("9b7fab3d-e792-0000-0000-000001000000");
    begin(false, false);
    pump();
    ck_assert_uint_eq(app.wizard.subject.count, 1);
    key(TERM_CTRL, 'c');
    end();
    command = COMMAND_BROWSE;
    begin(false, false);
    pump();
    ck_assert(app.depth == 1 && app.stack[0].ops == &screen_browse);
    fake_lose();
    fake_sign_in(FAKE_REFUSES);
    key(TERM_CHAR, 'r');
    pump();
    see("Which domain controller");
    fake_sign_in(FAKE_OPENS);
    sign_in(OTHER); /* another forest's view, perhaps: it is begun anew */
    pump();
    ck_assert(app.depth == 1 && app.stack[0].ops == &screen_browse);
    end();
}
END_TEST

START_TEST(an_undo_is_confirmed)
{
    begin(false, false);
    pump();
    go(STEP_CONFIRM, false);
    struct plan *plan = plan_copy(app.wizard.plan);
    plan->host_dsa = app.wizard.server.dsa_guid;
    end();
    undo = plan;
    begin(false, false);
    pump();
    ck_assert_int_eq(app.wizard.step, STEP_CONFIRM);
    end();
}
END_TEST

static struct plan *some_undo(void)
{
    begin(false, false);
    pump();
    go(STEP_CONFIRM, false);
    struct plan *plan = plan_copy(app.wizard.plan);
    plan->host_dsa = app.wizard.server.dsa_guid;
    plan->undo = true;
    end();
    return plan;
}

/* What is under way with an undo ends, whatever happens to it; nothing of it is done unasked. */
START_TEST(an_undo_in_every_order)
{
    struct plan *plan = some_undo();
    for (int i = 0; i < 2 * WHATS * WHATS; i++) {
        undo = plan_copy(plan);
        begin(false, i & 1);
        if (!(i & 1))
            pump();
        happens((enum what)(i / 2 / WHATS));
        happens((enum what)(i / 2 % WHATS));
        recover();
        HOLDS(!app.wizard.undo);
        end();
    }
    plan_free(plan);
}
END_TEST

START_TEST(undo_without_a_name_is_the_journal)
{
    command = COMMAND_UNDO;
    begin(false, false);
    ck_assert(app.depth == 1 && app.stack[0].ops == &screen_journal);
    pump();
    see("/dev/null"); /* it is no folder: that is said, and there is a way on */
    key(TERM_ESC, 0);
    recover();
    end();
}
END_TEST

static int count_reports(const char *folder)
{
    int count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return count;
}

/* News that come while the disk is at work wait for it: one visit and DSA, one file, the newest. */
START_TEST(a_visit_leaves_one_report)
{
    char home[] = "/tmp/dcmend-orders-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(home));
    setenv("XDG_STATE_HOME", home, 1);
    char *folder = str_format("%s/dcmend/reports", home);
    begin(false, false);
    pump();
    go(STEP_INSPECT, false);
    for (int i = 0; i < 5; i++) {
        app.wizard.facts.when++;
        frame();
    }
    ck_assert(app.kept_count == 1 && app.kept[0].writing);
    pump();
    ck_assert(!app.kept[0].failed && !app.kept[0].writing && app.kept[0].path);
    ck_assert_int_eq(count_reports(folder), 1);
    recover();
    app_keep_end(&app);
    ck_assert_int_eq(count_reports(folder), 1);
    ck_assert(strstr(app.kept[0].text, "VERIFIED on"));
    ck_assert_ptr_null(app.kept[0].earlier);
    char *clean = str_format("%s/..", folder);
    ck_assert_int_eq(unlink(app.kept[0].path), 0);
    (void)rmdir(folder), (void)rmdir(clean), (void)rmdir(home);
    free(clean);
    free(folder);
    end();
}
END_TEST

/* Another DC's copy names somebody: everything is read again, with all copies. */
START_TEST(a_stranger_in_a_copy_is_read)
{
    begin(false, false);
    pump();
    go(STEP_SYMPTOM, false);
    give_subject();
    fake_copies_name_a_stranger();
    enter();
    pump();
    ck_assert(guid_equal(&app.full, &app.wizard.facts.asked));
    ck_assert(app.wizard.judged && !app.wizard.completing);
    recover();
    end();
}
END_TEST

/* ---- the list that stays ---- */

static void repair_found(void)
{
    ck_assert_int_eq(app.wizard.step, STEP_INSPECT);
    go(STEP_REPORT, false);
    ck_assert_int_eq(app.wizard.report.state, APPLY_VERIFIED);
}

/* Links that drop before and under each of them; with a password Connect asks in between. */
START_TEST(a_list_outlives_its_links)
{
    for (int password = 0; password < 2; password++) {
        begin(password, false);
        pump();
        app_push(&app, &screen_scan);
        pump();
        see("3 findings on LONDC01's copy");
        for (int i = 0; i < FAKE_FOUND_COUNT; i++) {
            fake_lose();
            if (i == 0)
                enter();
            else
                key(TERM_TAB, 0);
            pump();
            if (app_asks_sign_in(&app))
                sign_in(HERE);
            pump();
            repair_found();
        }
        see("Tab the list, 3 of 3 done");
        key(TERM_TAB, 0);
        see("Done: 3.");
        ck_assert_int_eq(fake_sent(), 3);
        ck_assert_int_eq(typed, 3);
        ck_assert_uint_eq(app.outcomes.count, 3);
        key(TERM_ESC, 0);
        ck_assert_uint_eq(app.depth, 0);
        end();
    }
}
END_TEST

/* Asking every DC is called off, lost, and comes; the list that is there is kept meanwhile. */
START_TEST(every_dc_is_asked_and_called_off)
{
    begin(false, false);
    pump();
    app_push(&app, &screen_scan);
    pump();
    fake_late();
    key(TERM_CHAR, 'e');
    (void)poll(&(struct pollfd){.fd = desks_fd(app.desks), .events = POLLIN}, 1, 5000);
    app_take_news(&app);
    see("1 of 2 asked");
    see("FOUND01");
    enter(); /* not while it is asked */
    ck_assert(!app_is_visit(&app));
    key(TERM_ESC, 0);
    see("3 findings on LONDC01's copy");
    ck_assert(!is_busy());
    fake_release();
    fake_lose();
    key(TERM_CHAR, 'e');
    pump();
    see("1 of 2 domain controllers were read.");
    see("On");
    end();
}
END_TEST

/* Whoever signs in on another DC keeps the list, which says whose copy it is; to judge one of it
 * Locate asks before the first DC is gone to again. */
START_TEST(a_list_is_never_taken_for_another_dcs)
{
    begin(false, false);
    pump();
    app_push(&app, &screen_scan);
    pump();
    sign_in(OTHER);
    pump();
    see(OTHER);
    see("3 findings on LONDC01's copy");
    see("Enter judge on LONDC01");
    enter();
    pump();
    ck_assert_int_eq(app.wizard.step, STEP_LOCATE);
    ck_assert(!app.wizard.judged);
    see("The list shows it on the copy of " HERE);
    see("You are connected to " OTHER);
    enter();
    pump();
    ck_assert_int_eq(app.wizard.step, STEP_INSPECT);
    HOLDS(str_same(app.wizard.server.host, HERE));
    key(TERM_ESC, 0);
    see("Enter judge this DSA");
    end();
}
END_TEST

static void nothing_done(struct app *program, void *work, struct err *err)
{
    (void)program, (void)work;
    err_free(err);
}

/* One reading at a time, and so many writings. */
START_TEST(what_is_too_much_is_dropped)
{
    begin(false, false);
    pump();
    fake_late();
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(
            app_read(&app, &work_browse, browse_work_new(READ_SITES, false, NULL), nothing_done),
            i == 0);
    ck_assert(!app_read_quietly(&app, &work_browse, browse_work_new(READ_SITES, false, NULL),
                                nothing_done));
    for (int i = 0; i < 20; i++)
        remember_signin(&app, &app.signin);
    comes();
    end();
}
END_TEST

static void setup(void)
{
    harness_plain_locale();
    setenv("XDG_STATE_HOME", "/dev/null", 1);
    setenv("XDG_CONFIG_HOME", "/dev/null", 1);
    terminal = harness_open("xterm-256color", 24, 80);
}

static void teardown(void)
{
    harness_close(terminal);
}

static Suite *orders_suite(void)
{
    Suite *suite = suite_create("orders");
    TCase *orders = tcase_create("orders"), *tests = tcase_create("lost");
    tcase_add_checked_fixture(orders, setup, teardown);
    tcase_add_loop_test(orders, in_every_order_with_a_ticket, 0, PLACE_COUNT);
    tcase_add_loop_test(orders, in_every_order_with_a_password, 0, PLACE_COUNT);
    suite_add_tcase(suite, orders);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_link_that_drops_costs_two_keys_at_most);
    tcase_add_test(tests, apply_has_a_session);
    tcase_add_test(tests, browse_asks_for_a_sign_in);
    tcase_add_test(tests, a_confirmed_change_goes_on_after_a_sign_in);
    tcase_add_test(tests, a_confirmed_change_waits_for_a_dc_that_is_away);
    tcase_add_test(tests, a_confirmed_change_is_let_go);
    tcase_add_test(tests, the_answer_that_was_lost_is_looked_for);
    tcase_add_test(tests, the_answer_that_was_lost_and_another_dc);
    tcase_add_test(tests, the_first_identity_outlives_a_lost_connection);
    tcase_add_test(tests, an_old_answer_is_never_the_new_dcs);
    tcase_add_test(tests, reading_again_during_the_copies);
    tcase_add_test(tests, a_task_that_cannot_start_is_told);
    tcase_add_test(tests, no_thread_from_the_start);
    tcase_add_test(tests, a_sign_in_that_is_refused_meanwhile);
    tcase_add_test(tests, a_reading_that_is_refused_is_told);
    tcase_add_test(tests, a_reading_that_came_too_late);
    tcase_add_test(tests, given_on_the_command_line);
    tcase_add_test(tests, an_undo_is_confirmed);
    tcase_add_test(tests, an_undo_in_every_order);
    tcase_add_test(tests, undo_without_a_name_is_the_journal);
    tcase_add_test(tests, a_visit_leaves_one_report);
    tcase_add_test(tests, a_stranger_in_a_copy_is_read);
    tcase_add_test(tests, what_is_too_much_is_dropped);
    tcase_add_test(tests, a_list_outlives_its_links);
    tcase_add_test(tests, every_dc_is_asked_and_called_off);
    tcase_add_test(tests, a_list_is_never_taken_for_another_dcs);
    tcase_add_test(tests, keys_in_browse_survive_its_loading);
    tcase_add_test(tests, the_accounts_are_never_freed_ones);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(orders_suite());
}
