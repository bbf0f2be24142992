/* Connect: which DC, and how to sign in. The password goes from the field into the sign-in and is
 * gone from here: what was refused has to be typed again, so Enter cannot lock an account out. */
#include "ui/screens/connect_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/host.h"

#include <stdlib.h>
#include <string.h>

const struct connect_way connect_ways[WAYS] = {
    {AUTH_KERBEROS, TRANSPORT_LDAP, false, "with the Kerberos ticket at hand", "ticket"},
    {AUTH_KERBEROS, TRANSPORT_LDAP, true, "with name and password, by Kerberos", "password"},
    {AUTH_SIMPLE, TRANSPORT_LDAPS, true, "with name and password, over LDAPS", "ldaps"},
    {AUTH_SIMPLE, TRANSPORT_STARTTLS, true, "with name and password, over StartTLS", "starttls"},
    {AUTH_SPNEGO, TRANSPORT_LDAP, false, "with the ticket at hand, by GSS-SPNEGO", "spnego"},
};

size_t connect_way_of(const struct signin *signin)
{
    for (size_t i = 0; i < WAYS; i++)
        if (connect_ways[i].auth == signin->auth &&
            (signin->auth != AUTH_SIMPLE || connect_ways[i].transport == signin->transport) &&
            connect_ways[i].password == (signin->user != NULL || signin->auth == AUTH_SIMPLE))
            return i;
    return 0;
}

const char *connect_kind(const struct signin *signin)
{
    return connect_ways[connect_way_of(signin)].kind;
}

static void *open_connect(struct app *app)
{
    struct connect *connect = mem_zero(1, sizeof *connect);
    const struct signin *given = &app->options->signin;
    connect->secret = secret_new();
    field_init(&connect->host, 0);
    field_init(&connect->user, 0);
    field_init_secret(&connect->password, connect->secret, 0);
    field_init(&connect->cacert, 0);
    field_set(&connect->cacert, given->cacert ? given->cacert : "");
    field_set(&connect->host, given->host ? given->host : "");
    connect->typed = true;
    field_set(&connect->user, given->user ? given->user : "");
    connect->way = connect_way_of(given);
    return connect;
}

static void close_connect(void *state)
{
    struct connect *connect = state;
    field_release(&connect->host);
    field_release(&connect->user);
    field_release(&connect->password);
    field_release(&connect->cacert);
    secret_free(connect->secret);
    strs_release(&connect->hosts);
    free(connect->domain);
    free(connect->looked_up);
    ticket_look_release(&connect->ticket);
    pager_release(&connect->page);
    free(connect);
}

bool connect_wants_password(const struct connect *connect)
{
    return connect_ways[connect->way].password;
}

bool connect_wants_authority(const struct connect *connect)
{
    return connect_ways[connect->way].transport != TRANSPORT_LDAP;
}

char *connect_host(const struct connect *connect)
{
    struct signin signin;
    signin_init(&signin);
    err_free(signin_set_server(&signin, field_text(&connect->host)));
    char *host = mem_text(signin.host);
    signin_release(&signin);
    return host;
}

bool connect_is_domain(const struct connect *connect)
{
    char *host = connect_host(connect);
    bool is = host_equal(host, connect->domain);
    free(host);
    return is;
}

/* A DC is named below its domain; "contoso.com" is a domain itself, unless DNS knows better. */
static char *domain_of(const struct connect *connect)
{
    char *host = connect_host(connect), *above = host ? host_domain(host) : NULL;
    bool whole = connect_is_domain(connect) ||
                 (above && !strchr(above, '.') && !(connect->no_domain && connect->looked_up));
    char *domain = mem_text(whole ? host : above);
    free(above);
    free(host);
    return domain;
}

char *connect_user(const struct connect *connect)
{
    const char *user = field_text(&connect->user), *realm = connect->ticket.realm;
    if (connect_ways[connect->way].auth == AUTH_SIMPLE || !*user || strpbrk(user, "@\\/="))
        return NULL;
    char *domain = domain_of(connect);
    char *upper = domain ? str_upper(domain) : realm ? mem_text(realm) : NULL;
    char *full = upper ? str_format("%s@%s", user, upper) : NULL;
    free(upper);
    free(domain);
    return full;
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
    case FOCUS_CACERT:
        return &connect->cacert;
    case FOCUS_WAY:
        break;
    }
    return NULL;
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

/* --- keys --- */

static void leave_field(struct app *app, struct connect *connect, int by)
{
    connect_look_up(app, connect);
    int count = connect_wants_authority(connect) ? 5 : connect_wants_password(connect) ? 4 : 2;
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
    connect_offer(connect, connect->hosts.items[at]);
    connect->choosing = true;
}

/* What cannot work is refused before the password is taken from its field. */
static bool check_user(struct app *app, struct connect *connect)
{
    char *host = connect_host(connect), *full = connect_user(connect);
    if (full)
        field_set(&connect->user, full);
    struct signin signin = {.auth = connect_ways[connect->way].auth,
                            .host = host,
                            .user = (char *)field_text(&connect->user)};
    struct err *err = connect_wants_password(connect) ? signin_check_user(&signin) : NULL;
    if (err) {
        connect->focus = FOCUS_USER;
        app_notice(app, true, "%s %s", err->text, err->next);
    }
    bool ok = !err;
    err_free(err);
    free(full);
    free(host);
    return ok;
}

/* What is still needed; true when everything is there. */
static bool complete(struct app *app, struct connect *connect)
{
    const char *missing = NULL;
    if (!*field_text(&connect->host)) {
        connect->focus = FOCUS_HOST;
        missing = "Type the name of a domain controller.";
    } else if (connect_is_domain(connect)) {
        connect->focus = FOCUS_HOST;
        missing = "That is a domain: choose one of its domain controllers, by Down and Up.";
    } else if (connect_wants_password(connect) && !*field_text(&connect->user)) {
        connect->focus = FOCUS_USER;
        missing = "Type your name, as in kayla@contoso.com.";
    } else if (connect_wants_password(connect) && !check_user(app, connect)) {
        return false;
    } else if (connect_wants_password(connect) && secret_is_empty(connect->secret)) {
        connect->focus = FOCUS_PASSWORD;
        missing = "Type the password; an empty one is never sent.";
    }
    if (missing)
        app_notice(app, false, "%s", missing);
    return !missing;
}

/* Kerberos needs no TLS of its own; where the command line wants it, it stays. */
static enum transport transport_of(const struct app *app, size_t way)
{
    const struct signin *given = &app->options->signin;
    bool simple = connect_ways[way].auth == AUTH_SIMPLE || given->auth == AUTH_SIMPLE;
    return simple ? connect_ways[way].transport : given->transport;
}

static void submit(struct app *app, struct connect *connect)
{
    struct signin signin;
    connect_look_up(app, connect);
    if (!complete(app, connect))
        return;
    signin_init(&signin);
    signin.transport = transport_of(app, connect->way);
    struct err *err = signin_set_server(&signin, field_text(&connect->host));
    if (err) {
        app_notice(app, true, "%s", err->text);
        err_free(err);
        signin_release(&signin);
        return;
    }
    signin.auth = connect_ways[connect->way].auth;
    if (!connect->typed && signin.auth != AUTH_SIMPLE)
        mem_set(&signin.named, NULL); /* Kerberos has to know it as a DC */
    if (connect_wants_authority(connect) && *field_text(&connect->cacert))
        mem_set(&signin.cacert, field_text(&connect->cacert));
    if (connect_wants_password(connect)) {
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
    connect->touched = connect->touched || app->wizard.waiting == WAIT_NOTHING;
    connect->choosing = false;
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
        leave_field(app, connect, action == ACTION_NEXT ? 1 : -1);
    else if (connect->focus == FOCUS_WAY)
        return key && way_keys(connect, event);
    else if (key && connect->focus == FOCUS_HOST && connect->hosts.count > 0 &&
             (event->key == TERM_UP || event->key == TERM_DOWN))
        choose_host(connect, event->key == TERM_DOWN ? 1 : -1);
    else if (key && (event->key == TERM_UP || event->key == TERM_DOWN))
        leave_field(app, connect, event->key == TERM_DOWN ? 1 : -1);
    else
        return field && edit(connect, field, event);
    return true;
}

const struct screen_ops screen_connect = {
    .name = "Connect",
    .help = "The DC to read, and the sign-in. Best is the DC that logs the error: it reads its own "
            "copy. A domain's name, contoso.com, lists its domain controllers.\n\n"
            "Kerberos on port 389 is signed and sealed and needs the DC's full name, not its "
            "address: Kerberos proves that name. With name and password by Kerberos the password "
            "stays on this machine: a KDC of the domain checks what was made with it. A bare name "
            "gets the realm of the DC's domain. Over LDAPS and StartTLS the password itself is "
            "sent, once, to the DC that is named here, through verified TLS only; the name is "
            "kayla@contoso.com with any UPN suffix, CONTOSO\\kayla, or a DN. Authority names a "
            "file (PEM) of who signs the DC's certificate; where it is empty, those count that "
            "this machine trusts. After a refusal the "
            "password has to be typed again, so that nobody is locked out by a key that repeats.",
    .open = open_connect,
    .close = close_connect,
    .offers = offers,
    .draw = connect_draw,
    .handle = handle,
    .typing = typing,
    .enter = connect_enter,
};
