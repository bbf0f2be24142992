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
#include "ui/screens/parts.h"

#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

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

static const void *view_state(const struct screen_ops *ops)
{
    for (size_t i = 0; i < app.depth; i++)
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
    bool covered = app.depth > 0 && !app_asks_sign_in(&app);
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

static void begin(bool password, bool late)
{
    memset(&app, 0, sizeof app);
    fake_readings_reset();
    if (late)
        fake_late();
    options_init(&options);
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
    wizard_release(&app.wizard);
    free(app.notice);
    options_release(&options);
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
    X(IN_SCAN, STEP_SYMPTOM, false, &screen_scan)                                                  \
    X(IN_ACCOUNTS, STEP_PROPOSE, false, &screen_accounts)

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

static void begin_at(const struct place *place, bool password)
{
    begin(password, place->step == STEP_CONNECT);
    if (place->step != STEP_CONNECT)
        pump();
    go(place->step, place->late);
    if (place->view)
        app_push(&app, place->view);
    frame();
}

static void view(void)
{
    if (app.depth > 0)
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
    TCase *orders = tcase_create("orders");
    tcase_add_checked_fixture(orders, setup, teardown);
    tcase_add_loop_test(orders, in_every_order_with_a_ticket, 0, PLACE_COUNT);
    tcase_add_loop_test(orders, in_every_order_with_a_password, 0, PLACE_COUNT);
    suite_add_tcase(suite, orders);
    return suite;
}

int main(void)
{
    return suite_run(orders_suite());
}
