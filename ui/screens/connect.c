/* Connect: which DC, and how to sign in. The password goes from the field into the sign-in and is
 * gone from here: what was refused has to be typed again, so Enter cannot lock an account out. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/host.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"
#include "ui/work.h"

#include <stdlib.h>

enum { LABEL = 12, FIELD = 50, LOW_ROWS = 14 };

enum focus { FOCUS_HOST, FOCUS_WAY, FOCUS_USER, FOCUS_PASSWORD };

static const struct {
    enum auth auth;
    enum transport transport;
    bool password;
    const char *text;
} ways[] = {
    {AUTH_KERBEROS, TRANSPORT_LDAP, false, "with the Kerberos ticket at hand"},
    {AUTH_KERBEROS, TRANSPORT_LDAP, true, "with name and password, by Kerberos"},
    {AUTH_SIMPLE, TRANSPORT_LDAPS, true, "with name and password, over LDAPS"},
    {AUTH_SIMPLE, TRANSPORT_STARTTLS, true, "with name and password, over StartTLS"},
    {AUTH_SPNEGO, TRANSPORT_LDAP, false, "with the ticket at hand, by GSS-SPNEGO"},
};
enum { WAYS = sizeof ways / sizeof *ways };

struct connect {
    struct field host, user, password;
    struct secret *secret;
    bool typed; /* the host is the operator's word: on the command line, here, or the last time */
    size_t way;
    enum focus focus;
    struct strs hosts; /* found by DNS */
    bool asked;
    struct pager page;
};

static size_t way_of(const struct signin *signin)
{
    for (size_t i = 0; i < WAYS; i++)
        if (ways[i].auth == signin->auth && ways[i].transport == signin->transport &&
            ways[i].password == (signin->user != NULL || signin->auth == AUTH_SIMPLE))
            return i;
    return 0;
}

static void *open_connect(struct app *app)
{
    struct connect *connect = mem_zero(1, sizeof *connect);
    const struct signin *given = &app->options->signin;
    connect->secret = secret_new();
    field_init(&connect->host, 0);
    field_init(&connect->user, 0);
    field_init_secret(&connect->password, connect->secret, 0);
    field_set(&connect->host, given->host ? given->host : "");
    connect->typed = true;
    field_set(&connect->user, given->user ? given->user : "");
    connect->way = way_of(given);
    return connect;
}

static void close_connect(void *state)
{
    struct connect *connect = state;
    field_release(&connect->host);
    field_release(&connect->user);
    field_release(&connect->password);
    secret_free(connect->secret);
    strs_release(&connect->hosts);
    pager_release(&connect->page);
    free(connect);
}

static bool wants_password(const struct connect *connect)
{
    return ways[connect->way].password;
}

static struct field *focused(struct connect *connect)
{
    switch (connect->focus) {
    case FOCUS_HOST:
        return &connect->host;
    case FOCUS_USER:
        return &connect->user;
    case FOCUS_PASSWORD:
        return &connect->password;
    case FOCUS_WAY:
        break;
    }
    return NULL;
}

/* A name that DNS, an event or an undo file gave. */
static void offer_host(struct connect *connect, const char *host)
{
    if (str_same(host, field_text(&connect->host)))
        return;
    field_set(&connect->host, host);
    connect->typed = false;
}

static void hosts_found(struct app *app, void *argument, struct err *err)
{
    struct find_work *work = argument;
    struct connect *connect = app->steps[STEP_CONNECT].state;
    strs_release(&connect->hosts);
    strs_copy(&connect->hosts, &work->hosts);
    if (connect->hosts.count > 0 && !*field_text(&connect->host))
        offer_host(connect, connect->hosts.items[0]);
    if (err && app->wizard.step == STEP_CONNECT)
        app_notice(app, false, "DNS names no DC for this machine's domain: type one.");
    err_free(err);
}

/* The last time's server comes before what DNS finds. */
static void recalled(struct app *app, void *argument, struct err *err)
{
    const struct remembered *last = argument;
    struct connect *connect = app->steps[STEP_CONNECT].state;
    bool empty = !*field_text(&connect->host);
    err_free(err);
    if (empty && last->host)
        field_set(&connect->host, last->host);
    if (empty && last->user && !*field_text(&connect->user))
        field_set(&connect->user, last->user);
    (void)app_ask(app, PLACE_NAMES, &work_find, find_work_new(), hosts_found);
}

static void enter_connect(struct app *app, void *state)
{
    struct connect *connect = state;
    const struct wizard *w = &app->wizard;
    if (w->host && (w->waiting == WAIT_CONNECT || w->error))
        offer_host(connect, w->host);
    if (app->needs_password || app->options->ask_password) {
        connect->way = wants_password(connect) ? connect->way : 1;
        connect->focus = *field_text(&connect->user) ? FOCUS_PASSWORD : FOCUS_USER;
    }
    if (!connect->asked)
        recall_host(app, recalled);
    connect->asked = true;
}

static bool typing(struct app *app, void *state)
{
    struct connect *connect = state;
    return app->wizard.waiting == WAIT_NOTHING && !app->wizard.other_name && focused(connect);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    struct connect *connect = state;
    size_t n = 0;
    if (app->wizard.waiting != WAIT_NOTHING) {
        offers[n++] = (struct keys_offer){ACTION_BACK, "call it off"};
        return n;
    }
    if (app->wizard.other_name) {
        offers[n++] = (struct keys_offer){ACTION_ENTER, "go on"};
        offers[n++] = (struct keys_offer){ACTION_BACK, "another DC"};
        return n;
    }
    bool apply = app->wizard.awaited == WAIT_APPLY;
    offers[n++] = (struct keys_offer){ACTION_ENTER, apply ? "sign in and apply" : "connect"};
    if (apply)
        offers[n++] = (struct keys_offer){ACTION_BACK, "back"};
    offers[n++] = (struct keys_offer){ACTION_NEXT, "next field"};
    if (connect->focus == FOCUS_WAY)
        offers[n++] = (struct keys_offer){ACTION_PREV, "previous (Left, Right: another way)"};
    return n;
}

/* --- drawing --- */

static void draw_label(struct app *app, struct rect line, const char *label, bool active)
{
    term_put(app->term, line.row, line.col, active ? STYLE_CURRENT : STYLE_QUIET, label, LABEL);
}

static void draw_field(struct app *app, struct rect *rect, const char *label, struct field *field,
                       bool active)
{
    struct rect line = layout_take(rect, 1);
    draw_label(app, line, label, active);
    line.col += LABEL;
    line.cols = line.cols > LABEL + FIELD ? FIELD : line.cols - LABEL;
    field_draw(field, app->term, line, active);
}

static void draw_way(struct app *app, struct rect line, size_t way, bool chosen, bool active)
{
    enum style style = !chosen ? STYLE_TEXT : active ? STYLE_SELECTED : STYLE_STRONG;
    term_put(app->term, line.row, line.col + LABEL, style, chosen ? "(*) " : "( ) ", 4);
    term_put_cut(app->term, line.row, line.col + LABEL + 4, style, ways[way].text,
                 line.cols - LABEL - 4);
}

/* All of them, or on a low screen the chosen one alone. */
static void draw_ways(struct app *app, struct connect *connect, struct rect *rect)
{
    bool active = connect->focus == FOCUS_WAY, low = rect->rows < LOW_ROWS;
    for (size_t i = 0; i < WAYS; i++) {
        if (low && i != connect->way)
            continue;
        struct rect line = layout_take(rect, 1);
        if (i == 0 || low)
            draw_label(app, line, "Sign in", active);
        draw_way(app, line, i, i == connect->way, active);
    }
}

/* Or what signing in leads to when the name was typed and the connection lost before anything was
 * sent. */
static void draw_intro(struct app *app, struct rect *rect)
{
    const struct wizard *w = &app->wizard;
    if (w->awaited == WAIT_APPLY)
        page_intro(app, rect, STYLE_WARN,
                   "Signed in again as %s, the change that you confirmed is carried out. Esc: "
                   "nothing is written.",
                   w->server.identity);
    else
        page_intro(app, rect, STYLE_TEXT,
                   "Which domain controller shall be read? Best is the one that logs the error.%s",
                   rect->rows < LOW_ROWS ? ""
                                         : " Enter connects and signs in; nothing is written.");
}

static void draw_form(struct app *app, struct connect *connect, struct rect *rect)
{
    draw_intro(app, rect);
    draw_field(app, rect, "DC", &connect->host, connect->focus == FOCUS_HOST);
    draw_ways(app, connect, rect);
    if (wants_password(connect)) {
        draw_field(app, rect, "Name", &connect->user, connect->focus == FOCUS_USER);
        draw_field(app, rect, "Password", &connect->password, connect->focus == FOCUS_PASSWORD);
    }
    layout_take(rect, rect->rows > 3 ? 1 : 0);
}

/* Where the password goes. */
static void build_way(const struct connect *connect, struct pager *page)
{
    const char *host = field_text(&connect->host);
    if (!wants_password(connect) || !*host)
        return;
    if (ways[connect->way].auth == AUTH_SIMPLE)
        page_put(page, STYLE_WARN, "The password itself is sent to %s, inside TLS.", host);
    else
        page_put(page, STYLE_QUIET, "Kerberos: the password is sent to no server.");
}

static void build_hosts(struct app *app, struct connect *connect, struct pager *page)
{
    if (connect->hosts.count > 0)
        page_put(page, STYLE_QUIET, "%zu found by DNS; Up and Down choose:", connect->hosts.count);
    for (size_t i = 0; i < connect->hosts.count; i++) {
        const char *host = connect->hosts.items[i];
        bool chosen = str_same_case(host, field_text(&connect->host));
        page_put(page, chosen ? STYLE_STRONG : STYLE_TEXT, "%s %s",
                 chosen ? term_glyph(app->term, GLYPH_POINTER) : " ", host);
        if (chosen)
            page->top = i > 2 ? i - 2 : 0;
    }
}

/* The DC that logged the error did not let us in: what is left (domain.md section 3). */
static void build_other_ways(const struct wizard *w, struct pager *page)
{
    if (!w->error || !host_matches(w->subject.destination, w->host))
        return;
    pager_blank(page);
    page_put(
        page, STYLE_TEXT,
        "This is the DC that logged the error. If it cannot be reached, connect to another DC and "
        "press h on Locate: the value written there has to arrive by replication. If its Kerberos "
        "keys are out of step, name and password over LDAPS are left; but that hands the password "
        "itself to whoever answers under this name.");
}

/* The name that was typed, or that an event gave, led to a DC that calls itself otherwise. */
static void build_other_name(const struct wizard *w, struct pager *page)
{
    page_put(page, STYLE_WARN, "%s answered as %s.", w->server.asked, w->server.host);
    pager_blank(page);
    page_put(page, STYLE_TEXT,
             "That name is an alias, an address, or shared by several DCs. The copy of %s would be "
             "judged, and written. Enter goes on with it; Esc leads to another DC.",
             w->server.host);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct connect *connect = state;
    const struct wizard *w = &app->wizard;
    struct pager *page = &connect->page;
    page_begin(page);
    if (w->waiting == WAIT_CONNECT) {
        char *what = str_format("Connecting to %s and signing in ...", w->host);
        page_waiting(app, page, what);
        free(what);
    } else if (w->other_name) {
        build_other_name(w, page);
    } else {
        draw_form(app, connect, &rect);
        build_way(connect, page);
        page_error(page, w->error);
        build_other_ways(w, page);
        if (!w->error)
            build_hosts(app, connect, page);
    }
    pager_draw(page, app->term, rect);
}

/* --- keys --- */

static void move_focus(struct connect *connect, int by)
{
    int count = wants_password(connect) ? 4 : 2;
    connect->focus = (enum focus)(((int)connect->focus + by + count) % count);
}

static void choose_host(struct connect *connect, int by)
{
    size_t count = connect->hosts.count, at = 0;
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        if (str_same_case(connect->hosts.items[i], field_text(&connect->host)))
            at = (i + count + (size_t)(by + (int)count)) % count;
    offer_host(connect, connect->hosts.items[at]);
}

/* What is still needed; true when everything is there. */
static bool complete(struct app *app, struct connect *connect)
{
    const char *missing = NULL;
    if (!*field_text(&connect->host)) {
        connect->focus = FOCUS_HOST;
        missing = "Type the name of a domain controller.";
    } else if (wants_password(connect) && !*field_text(&connect->user)) {
        connect->focus = FOCUS_USER;
        missing = "Type your name, as in kayla@contoso.com.";
    } else if (wants_password(connect) && secret_is_empty(connect->secret)) {
        connect->focus = FOCUS_PASSWORD;
        missing = "Type the password; an empty one is never sent.";
    }
    if (missing)
        app_notice(app, false, "%s", missing);
    return !missing;
}

static void submit(struct app *app, struct connect *connect)
{
    struct signin signin;
    if (!complete(app, connect))
        return;
    signin_init(&signin);
    signin.transport = ways[connect->way].transport;
    struct err *err = signin_set_server(&signin, field_text(&connect->host));
    if (err) {
        app_notice(app, true, "%s", err->text);
        err_free(err);
        signin_release(&signin);
        return;
    }
    signin.auth = ways[connect->way].auth;
    if (!connect->typed && signin.auth != AUTH_SIMPLE)
        mem_set(&signin.named, NULL); /* Kerberos has to know it as a DC */
    if (wants_password(connect)) {
        mem_set(&signin.user, field_text(&connect->user));
        signin.password = secret_copy(connect->secret);
        secret_clear(connect->secret);
    }
    app_connect(app, &signin);
    signin_release(&signin);
}

static bool way_keys(struct connect *connect, const struct term_event *event)
{
    bool forward = event->key == TERM_RIGHT || event->key == TERM_DOWN ||
                   (event->key == TERM_CHAR && event->rune == ' ');
    bool backward = event->key == TERM_LEFT || event->key == TERM_UP;
    if (forward || backward)
        connect->way = (connect->way + (forward ? 1 : WAYS - 1)) % WAYS;
    return forward || backward;
}

static bool edit(struct connect *connect, struct field *field, const struct term_event *event)
{
    bool used = field_handle(field, event) != WIDGET_IGNORED;
    connect->typed = connect->typed || (used && field == &connect->host);
    return used;
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct connect *connect = state;
    struct field *field = focused(connect);
    bool key = event->kind == TERM_KEY;
    bool page = key && (event->key == TERM_PGDN || event->key == TERM_PGUP);
    if (page)
        return page_keys(&connect->page, event);
    if (app->wizard.waiting != WAIT_NOTHING || action == ACTION_BACK)
        return false;
    if (app->wizard.other_name) {
        if (action == ACTION_ENTER)
            app_send(app, EVENT_NEXT);
        return action == ACTION_ENTER;
    }
    if (action == ACTION_ENTER)
        submit(app, connect);
    else if (action == ACTION_NEXT || (key && event->key == TERM_BACKTAB))
        move_focus(connect, action == ACTION_NEXT ? 1 : -1);
    else if (connect->focus == FOCUS_WAY)
        return key && way_keys(connect, event);
    else if (key && connect->focus == FOCUS_HOST && connect->hosts.count > 0 &&
             (event->key == TERM_UP || event->key == TERM_DOWN))
        choose_host(connect, event->key == TERM_DOWN ? 1 : -1);
    else if (key && (event->key == TERM_UP || event->key == TERM_DOWN))
        move_focus(connect, event->key == TERM_DOWN ? 1 : -1);
    else
        return field && edit(connect, field, event);
    return true;
}

const struct screen_ops screen_connect = {
    .name = "Connect",
    .help = "The DC to read, and the sign-in. Best is the DC that logs the error: it reads its own "
            "copy.\n\n"
            "Kerberos on port 389 is signed and sealed and needs the DC's full name, not its "
            "address: Kerberos proves that name. A password is sent once, to the DC that is named "
            "here, by one mechanism; after a refusal it has "
            "to be typed again, so that nobody is locked out by a key that repeats. A simple bind "
            "goes through verified TLS only.",
    .open = open_connect,
    .close = close_connect,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_connect,
};
