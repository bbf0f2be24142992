/* The form, and below it what holds for this kind of sign-in, went wrong, or can be chosen. */
#include "ui/screens/connect_parts.h"

#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/host.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>
#include <time.h>

enum { LABEL = 12, FIELD = 50, LOW_ROWS = 14 };

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
    int width = 4 + text_width(connect_ways[way].text);
    int col = line.col + (LABEL + width <= line.cols ? LABEL : 0), end = line.col + line.cols;
    term_put(app->term, line.row, col, style, chosen ? "(*) " : "( ) ", 4);
    term_put_cut(app->term, line.row, col + 4, style, connect_ways[way].text, end - col - 4);
    if (chosen && active)
        term_cursor_rest(app->term, line.row, col);
}

/* A certificate that is looked at needs the rows, too. */
static bool is_low(const struct app *app, const struct rect *rect)
{
    const struct err *err = app->wizard.error;
    return rect->rows < LOW_ROWS || (err && err->detail && rect->rows < 2 * LOW_ROWS);
}

/* All of them, or on a low screen the chosen one alone. */
static void draw_ways(struct app *app, struct connect *connect, struct rect *rect)
{
    bool active = connect->focus == FOCUS_WAY, low = is_low(app, rect);
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
    if (w->error && is_low(app, rect) && w->awaited != WAIT_APPLY)
        return;
    if (w->awaited == WAIT_APPLY)
        page_intro(app, rect, STYLE_WARN,
                   "Signed in again as %s, the change that you confirmed is carried out. Esc: "
                   "nothing is written.",
                   w->server.identity);
    else if (connect_as_another(w))
        page_intro(app, rect, STYLE_TEXT,
                   "Who shall sign in? %s is signed in on %s. Esc: it stays so.",
                   w->server.identity, w->server.host);
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
    if (connect_wants_password(connect)) {
        draw_field(app, rect, "Name", &connect->user, connect->focus == FOCUS_USER);
        draw_field(app, rect, "Password", &connect->password, connect->focus == FOCUS_PASSWORD);
    }
    if (connect_wants_authority(connect))
        draw_field(app, rect, "Authority", &connect->cacert, connect->focus == FOCUS_CACERT);
    layout_take(rect, rect->rows > 3 ? 1 : 0);
}

/* Whose ticket it is, and until when. */
static void build_ticket(const struct connect *connect, struct pager *page)
{
    const struct ticket_look *ticket = &connect->ticket;
    time_t now = time(NULL);
    long minutes = (long)(ticket->until - now) / 60;
    char when[32] = "";
    struct tm tm;
    if (localtime_r(&ticket->until, &tm))
        (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
    if (ticket_look_is_valid(ticket, now))
        page_put(page, STYLE_QUIET, "The ticket is %s's, until %s (%ld h %ld min).", ticket->client,
                 when, minutes / 60, minutes % 60);
    else if (ticket->client && ticket->until)
        page_put(page, STYLE_WARN, "The ticket of %s has expired (%s): kinit gets another one.",
                 ticket->client, when);
    else if (connect->looked)
        page_put(page, STYLE_WARN, "There is no Kerberos ticket on this machine: kinit gets one.");
}

/* Where the password goes. */
static void build_way(const struct connect *connect, struct pager *page)
{
    const char *host = field_text(&connect->host);
    bool simple = connect_ways[connect->way].auth == AUTH_SIMPLE;
    char *user = connect_user(connect);
    if (!connect_wants_password(connect))
        build_ticket(connect, page);
    else if (simple && *host)
        page_put(page, STYLE_WARN, "The password itself is sent to %s, inside TLS.", host);
    else if (!simple)
        page_put(page, STYLE_QUIET, "%s%s%sKerberos: the password is sent to no server.",
                 user ? "Signs in as " : "", user ? user : "", user ? ". " : "");
    free(user);
}

static void build_hosts_head(const struct connect *connect, struct pager *page)
{
    size_t count = connect->hosts.count;
    if (connect_is_domain(connect))
        page_put(page, STYLE_STRONG,
                 "%s is a domain. Down and Up choose one of its %zu DCs:", connect->domain, count);
    else if (count > 0)
        page_put(page, STYLE_QUIET, "%zu found by DNS%s%s; Up and Down choose:", count,
                 connect->domain ? " in " : "", connect->domain ? connect->domain : "");
}

/* The one that is chosen is in sight whatever stands above: a list never changes the DC unseen. */
static void build_hosts(struct app *app, struct connect *connect, struct pager *page, int cols)
{
    build_hosts_head(connect, page);
    for (size_t i = 0; i < connect->hosts.count; i++) {
        const char *host = connect->hosts.items[i];
        bool chosen = str_same_case(host, field_text(&connect->host));
        int above = chosen && connect->choosing ? pager_height(page, cols) : 0;
        page_put(page, chosen ? STYLE_STRONG : STYLE_TEXT, "%s %s",
                 chosen ? term_glyph(app->term, GLYPH_POINTER) : " ", host);
        if (chosen && connect->choosing)
            page->top = above > 1 ? (size_t)above - 1 : 0;
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

void connect_draw(struct app *app, void *state, struct rect rect)
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
        if (!connect_is_domain(connect)) {
            build_way(connect, page);
            page_error(page, w->error);
            build_other_ways(w, page);
        }
        build_hosts(app, connect, page, rect.cols);
    }
    pager_draw(page, app->term, rect);
}
