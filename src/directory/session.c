/* The life of a session, and how a sign-in is described. */
#include "src/directory/session.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/dial.h"
#include "src/directory/session_parts.h"
#include "src/directory/ticket.h"
#include "src/model/host.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_CELLS_OF_A_BATCH = 4000000
}; /* some 400 MB; 100 000 accounts with all that is asked have 2.5 M */

const struct deadlines deadlines_default = {
    .connect = 5000, .tls = 10000, .bind = 15000, .search = 30000, .write = 30000};

void signin_init(struct signin *signin)
{
    *signin = (struct signin){.auth = AUTH_KERBEROS, .adopted_fd = -1};
}

void signin_release(struct signin *signin)
{
    free(signin->host);
    free(signin->named);
    free(signin->user);
    free(signin->ccache);
    free(signin->cacert);
    secret_free(signin->password);
    signin_init(signin);
}

void signin_copy(struct signin *to, const struct signin *from)
{
    *to = *from;
    to->host = mem_text(from->host);
    to->named = mem_text(from->named);
    to->user = mem_text(from->user);
    to->ccache = mem_text(from->ccache);
    to->cacert = mem_text(from->cacert);
    to->password = from->password ? secret_copy(from->password) : NULL;
}

int signin_port(const struct signin *signin)
{
    if (signin->port)
        return signin->port;
    return signin->transport == TRANSPORT_LDAPS ? LDAPS_PORT : LDAP_PORT;
}

bool signin_is_named(const struct signin *signin)
{
    return host_equal(signin->host, signin->named);
}

static struct err *bad_server(const char *text)
{
    return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "%s is no server.", *text ? text : "Nothing"),
                    "Write a host name, HOST:PORT, ldap://HOST or ldaps://HOST.");
}

/* 1 to 65535 and nothing else, or 0. */
static int parse_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits])
        return 0;
    long port = strtol(text, NULL, 10);
    return port <= 65535 ? (int)port : 0;
}

/* "host", "host:port", "[::1]", "[::1]:port", "::1". False: neither. */
static bool split(const char *text, char **host, int *port)
{
    const char *colon = strrchr(text, ':');
    const char *end = text + strlen(text);
    *port = 0;
    if (*text == '[') {
        const char *bracket = strchr(text, ']');
        if (!bracket || (bracket[1] && bracket[1] != ':'))
            return false;
        *host = mem_textn(text + 1, (size_t)(bracket - text) - 1);
        colon = bracket[1] ? bracket + 1 : NULL;
    } else if (colon && strchr(text, ':') != colon) { /* a bare IPv6 address */
        *host = mem_text(text);
        colon = NULL;
    } else {
        *host = mem_textn(text, (size_t)((colon ? colon : end) - text));
    }
    if (colon)
        *port = parse_port(colon + 1);
    return !colon || *port;
}

static size_t scheme_length(const char *text, bool *tls)
{
    *tls = str_starts_case(text, "ldaps://");
    return *tls ? strlen("ldaps://") : str_starts_case(text, "ldap://") ? strlen("ldap://") : 0;
}

struct err *signin_set_server(struct signin *signin, const char *text)
{
    bool tls;
    size_t scheme = scheme_length(text, &tls);
    char *rest = mem_text(text + scheme), *host = NULL;
    int port = 0;
    size_t len = strlen(rest);
    if (scheme && len > 0 && rest[len - 1] == '/')
        rest[len - 1] = '\0';
    bool ok = split(rest, &host, &port) && dial_is_host(host);
    if (ok) {
        mem_set(&signin->host, host);
        mem_set(&signin->named, host);
        signin->port = port;
        if (tls || port == LDAPS_PORT || port == 3269)
            signin->transport = TRANSPORT_LDAPS;
    }
    free(host);
    free(rest);
    return ok ? NULL : bad_server(text);
}

/* A DC finds nobody by the logon name alone (MS-ADTS 5.1.1.1.1): each try would only carry the
 * password there. */
static struct err *bare_name(const struct signin *signin)
{
    const char *user = signin->user;
    char *domain = host_domain(signin->host ? signin->host : ""),
         *upper = str_upper(domain ? domain : "CONTOSO");
    struct err *err = err_next(
        err_new(ERR_OPERATOR, ERR_USAGE, "%s alone is no name for a simple bind: nothing was sent.",
                user),
        "Write it as %s@%s (any UPN suffix of the forest will do), as %.*s\\%s, or as a DN.", user,
        domain ? domain : "contoso.com", (int)strcspn(upper, "."), upper, user);
    free(domain);
    free(upper);
    return err;
}

struct err *signin_check_user(const struct signin *signin)
{
    const char *user = signin->user;
    if (!user || !*user)
        return NULL;
    if (signin->auth == AUTH_SIMPLE)
        return strpbrk(user, "@\\=/{") || str_starts_case(user, "S-1-") ? NULL : bare_name(signin);
    return strpbrk(user, "\\/=")
               ? err_next(err_new(ERR_OPERATOR, ERR_USAGE, "%s is no Kerberos user.", user),
                          "Write it as joe, or joe@CONTOSO.COM with the domain or a UPN suffix. "
                          "CONTOSO\\joe and a DN are for a simple bind.")
               : NULL;
}

struct session *session_new(const struct signin *signin, const struct deadlines *deadlines,
                            struct cancel *cancel)
{
    struct session *session = mem_zero(1, sizeof *session);
    session->deadlines = *deadlines;
    session->most_cells = MOST_CELLS_OF_A_BATCH;
    session->stream.fd = -1;
    session->server.host = mem_text(signin->host);
    session->server.asked = mem_text(signin->host);
    session->server.port = signin_port(signin);
    session->transport = signin->transport;
    session->cacert = mem_text(signin->cacert);
    session_set_cancel(session, cancel);
    return session;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    session->stream.cancel = NULL;
    session->stream.deadline = clock_ms() + 200; /* for the farewell alone */
    if (session->ld)
        (void)ldap_unbind_ext(session->ld, NULL, NULL);
    else if (session->stream.fd >= 0)
        close(session->stream.fd);
    ticket_free(session->ticket);
    server_release(&session->server);
    free(session->cacert);
    free(session);
}

const struct server *session_server(const struct session *session)
{
    return &session->server;
}

bool session_lost(const struct session *session)
{
    return session->lost;
}

void session_set_cancel(struct session *session, struct cancel *cancel)
{
    session->cancel = cancel;
    session->stream.cancel = cancel;
}

struct cancel *session_cancel(const struct session *session)
{
    return session->cancel;
}

struct session_counts session_counts(const struct session *session)
{
    struct session_counts counts = session->counts;
    counts.bytes_in = session->stream.bytes_in;
    return counts;
}

bool session_signin_elsewhere(const struct session *session, const char *host, struct signin *to)
{
    if (!session->ticket)
        return false;
    signin_init(to);
    to->host = mem_text(host);
    to->named = mem_text(host);
    to->transport = session->transport;
    to->cacert = mem_text(session->cacert);
    to->ccache = mem_text(ticket_ccache(session->ticket));
    return true;
}

void session_forbid_writes(struct session *session)
{
    session->read_only = true;
}

bool session_writes_forbidden(const struct session *session)
{
    return session->read_only;
}
