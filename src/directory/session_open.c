/* From a description to a signed-in session, in the order in which causes are best told apart: the
 * name, the port, TLS, the ticket, the sign-in, the strength of what was agreed, the directory.
 * What can never be right is refused before anything is sent. */
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/trace.h"
#include "src/directory/bind.h"
#include "src/directory/dial.h"
#include "src/directory/rootdse.h"
#include "src/directory/search_trace.h"
#include "src/directory/session_parts.h"
#include "src/directory/ticket.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SKEW = 300 }; /* seconds that Kerberos allows */

static struct err *check_simple(const struct signin *signin)
{
    if (signin->transport == TRANSPORT_LDAP)
        return err_next(err_new(ERR_OPERATOR, ERR_WEAK_PROTECTION,
                                "A simple bind without TLS would send the password in clear."),
                        "Use ldaps:// or StartTLS (-Z) with it.");
    if (secret_is_empty(signin->password))
        return err_next(err_new(ERR_OPERATOR, ERR_EMPTY_PASSWORD,
                                "The password is empty: the server would take that for an "
                                "anonymous sign-in."),
                        "Type the password.");
    if (!signin->user || !*signin->user)
        return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "A simple bind needs a user."),
                        "Write it as user@domain.com, DOMAIN\\user, or a DN.");
    if (!signin_is_named(signin))
        return err_next(err_new(ERR_OPERATOR, ERR_USAGE,
                                "The password was not sent: %s was not named by you, but by an "
                                "event, an undo file or DNS.",
                                signin->host),
                        "Name the server yourself if it is the right one, and type the password "
                        "again.");
    return signin_check_user(signin);
}

static struct err *check_kerberos(const struct signin *signin)
{
    if (signin->password && secret_is_empty(signin->password))
        return err_next(err_new(ERR_OPERATOR, ERR_EMPTY_PASSWORD, "The password is empty."),
                        "Type it, or leave the user out to use the ticket at hand.");
    if (signin->password && (!signin->user || !*signin->user))
        return err_new(ERR_OPERATOR, ERR_USAGE, "A password needs a user.");
    return signin->password ? signin_check_user(signin) : NULL;
}

static struct err *check(const struct signin *signin)
{
    if (!signin->host || !dial_is_host(signin->host))
        return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "No server is named."),
                        "Give the full name of a domain controller.");
    return signin->auth == AUTH_SIMPLE ? check_simple(signin) : check_kerberos(signin);
}

/* Kerberos proves a name, and an address is none. The DC is asked, as a help, what it is called. */
static struct err *need_name(const struct session *session, const struct signin *signin)
{
    struct rootdse_hint hint;
    struct err *err =
        err_new(ERR_OPERATOR, ERR_NEED_NAME,
                "Kerberos needs the domain controller's name; %s is an address.", signin->host);
    rootdse_hint(signin, &session->deadlines, session->cancel, &hint);
    if (hint.dns_host && dial_is_host(hint.dns_host))
        err_next(err, "Give its name instead: it calls itself %s.", hint.dns_host);
    else
        err_next(err, "Give its full DNS name instead.");
    rootdse_hint_release(&hint);
    return err;
}

/* A refused sign-in looked at from outside: is it a DC at all, and does its clock agree? */
static struct err *second_look(const struct session *session, const struct signin *signin,
                               struct err *err)
{
    struct rootdse_hint hint;
    if (signin->auth == AUTH_SIMPLE || err->kind == ERR_CANCELLED || err->kind == ERR_NETWORK)
        return err;
    rootdse_hint(signin, &session->deadlines, session->cancel, &hint);
    long skew = hint.has_time ? labs((long)(hint.time - time(NULL))) : 0;
    struct err *better = NULL;
    if (hint.answered && !hint.directory)
        better =
            err_next(err_new(ERR_DIRECTORY, ERR_NOT_AD,
                             "%s is an LDAP server, but no Active Directory domain controller.",
                             signin->host),
                     "Give the name of a domain controller.");
    else if (skew > MOST_SKEW)
        better = err_next(err_new(ERR_CREDENTIALS, ERR_CLOCK_SKEW,
                                  "The clocks of this machine and of %s are %ld minutes apart.",
                                  signin->host, skew / 60),
                          "Set this machine's clock (Kerberos allows 5 minutes).");
    rootdse_hint_release(&hint);
    if (!better)
        return err;
    err_said(better, err->said);
    better->ldap = err->ldap;
    err_free(err);
    return better;
}

static struct err *get_ticket(struct session *session, const struct signin *signin)
{
    if (dial_is_address(signin->host))
        return need_name(session, signin);
    struct err *err = ticket_open(signin, &session->ticket);
    if (err)
        return err->code == ERR_NO_PRINCIPAL ? second_look(session, signin, err) : err;
    mem_set(&session->server.identity, ticket_client(session->ticket));
    return cancel_raised(session->cancel) ? dial_cancelled() : NULL;
}

static struct err *sign_in(struct session *session, const struct signin *signin)
{
    if (signin->auth == AUTH_SIMPLE)
        return bind_simple(session, signin);
    struct err *err = get_ticket(session, signin);
    if (err)
        return err;
    err = bind_kerberos(session, signin);
    return err ? second_look(session, signin, err) : NULL;
}

static struct err *adopt(struct session *session, int fd)
{
    session->stream.fd = fd;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return err_new(ERR_INTERNAL, ERR_OTHER, "The adopted socket is none.");
    return NULL;
}

struct err *session_connect(struct session *session, const struct signin *signin)
{
    struct err *err = signin->adopted_fd >= 0
                          ? adopt(session, signin->adopted_fd)
                          : dial(signin->host, signin_port(signin), &session->deadlines,
                                 session->cancel, &session->stream.fd, &session->server.address);
    return err ? err : session_make_handle(session, signin);
}

/* How it was tried, who is signed in then, or why not. */
static void trace(const struct session *session, const struct signin *signin, const struct err *err,
                  int64_t began)
{
    static const char *const ways[] = {
        [TRANSPORT_LDAP] = "ldap", [TRANSPORT_STARTTLS] = "starttls", [TRANSPORT_LDAPS] = "ldaps"};
    static const char *const binds[] = {
        [AUTH_KERBEROS] = "GSSAPI", [AUTH_SPNEGO] = "GSS-SPNEGO", [AUTH_SIMPLE] = "simple"};
    struct record part = {NULL, 0};
    char *where = trace_where(session);
    record_begin(&part, "sign-in", PAIR_NAME, where);
    record_ours(&part, "transport", "%s", ways[signin->transport]);
    record_ours(&part, "mechanism", "%s", binds[signin->auth]);
    record_add(&part, "identity", PAIR_USER, session->server.identity);
    record_add(&part, "protection", PAIR_OURS, session->server.protection);
    record_ours(&part, "ssf", "%u", session->server.ssf);
    trace_err(&part, err);
    record_ours(&part, "began", "%lld", (long long)trace_since(began));
    record_ours(&part, "ms", "%lld", (long long)(clock_ms() - began));
    trace_add(&part);
    free(where);
}

struct err *session_open(const struct signin *signin, const struct deadlines *deadlines,
                         struct cancel *cancel, struct session **out)
{
    *out = NULL;
    int64_t began = clock_ms();
    struct err *err = check(signin);
    if (err)
        return err;
    struct session *session = session_new(signin, deadlines, cancel);
    err = session_connect(session, signin);
    if (!err)
        err = session_protect(session, signin);
    if (!err)
        err = sign_in(session, signin);
    if (!err)
        err = rootdse_read(session);
    if (trace_is_on())
        trace(session, signin, err, began);
    if (err)
        session_close(session);
    else
        *out = session;
    return err;
}
