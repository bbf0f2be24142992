/* Waiting for answers in slices, so that a cancel is heard and a lost connection is recognised in
 * one place, and the meaning of result codes. */
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/dial.h"
#include "src/directory/session_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { SLICE = 100 }; /* milliseconds */

void session_mark_lost(struct session *session)
{
    session->lost = true;
    session->stream.dead = true;
}

struct err *session_lost_err(const struct session *session)
{
    const char *host = session->server.host;
    switch (session->stream.end) {
    case STREAM_CANCELLED:
        return dial_cancelled();
    case STREAM_TIMED_OUT:
        return err_next(err_new(ERR_NETWORK, ERR_TIMED_OUT, "%s stopped answering.", host),
                        "Try again, or use another domain controller.");
    case STREAM_FAILED:
        return err_said(err_new(ERR_NETWORK, ERR_LOST, "The connection to %s was lost.", host),
                        strerror(session->stream.failure));
    default:
        return err_new(ERR_NETWORK, ERR_LOST, "%s closed the connection.", host);
    }
}

/* The handle said -1: the stream tells whether the connection ended or the bytes made no sense. */
static struct err *failed(struct session *session)
{
    bool open = session->stream.end == STREAM_OPEN;
    session_mark_lost(session);
    if (open)
        return err_new(ERR_NETWORK, ERR_PROTOCOL,
                       "%s sent bytes that are no LDAP; the connection was given up.",
                       session->server.host);
    return session_lost_err(session);
}

/* The only unsolicited message that RFC 4511 knows is the notice of disconnection. */
static struct err *notice(struct session *session, LDAPMessage *message)
{
    char *said = NULL;
    int code = session_result(session, message, &said, NULL);
    struct err *err =
        err_said(err_new(ERR_NETWORK, ERR_LOST, "%s ended the connection.", session->server.host),
                 said ? said : ldap_err2string(code));
    err->ldap = code;
    free(said);
    session_mark_lost(session);
    return err;
}

/* Who was silent for a whole deadline may never be heard again on this connection: a firewall that
 * has forgotten it tells nobody. */
static struct err *timed_out(struct session *session)
{
    session_mark_lost(session);
    session->stream.end = STREAM_TIMED_OUT;
    return err_next(
        err_new(ERR_NETWORK, ERR_TIMED_OUT, "%s did not answer in time.", session->server.host),
        "Try again, or use another domain controller.");
}

/* One slice. *out stays NULL when nothing came that was waited for. libldap is always asked for any
 * message: asked for one it would swallow a notice of disconnection (and leak it). */
static struct err *wait_slice(struct session *session, int msgid, int64_t left, LDAPMessage **out)
{
    long slice = left > SLICE ? SLICE : left > 0 ? (long)left : 0;
    struct timeval wait = {.tv_usec = slice * 1000};
    LDAPMessage *message = NULL;
    struct err *err = NULL;
    int rc = ldap_result(session->ld, LDAP_RES_ANY, LDAP_MSG_ONE, &wait, &message);
    if (rc < 0)
        return failed(session);
    if (rc > 0 && ldap_msgid(message) == LDAP_RES_UNSOLICITED)
        err = notice(session, message);
    else if (rc > 0 && (msgid == LDAP_RES_ANY || ldap_msgid(message) == msgid))
        *out = message;
    if (message != *out)
        ldap_msgfree(message);
    return err;
}

struct err *session_wait_until(struct session *session, int msgid, int64_t deadline,
                               bool cancellable, LDAPMessage **out)
{
    *out = NULL;
    if (session->lost)
        return session_lost_err(session);
    session->stream.deadline = deadline;
    for (;;) {
        int64_t left = deadline - clock_ms();
        if (cancellable && cancel_raised(session->cancel))
            return dial_cancelled();
        struct err *err = wait_slice(session, msgid, left, out);
        if (err || *out)
            return err;
        if (left <= 0)
            return timed_out(session);
    }
}

struct err *session_wait(struct session *session, int msgid, int deadline_ms, bool cancellable,
                         LDAPMessage **out)
{
    return session_wait_until(session, msgid, clock_ms() + deadline_ms, cancellable, out);
}

/* Diagnostic texts of AD end in a newline and a NUL. */
static char *trimmed(const char *text)
{
    size_t len = text ? strlen(text) : 0;
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' '))
        len--;
    return len ? mem_textn(text, len) : NULL;
}

int session_result(struct session *session, LDAPMessage *message, char **said, char **referral)
{
    int code = LDAP_SUCCESS;
    char *text = NULL, **referrals = NULL;
    int rc = ldap_parse_result(session->ld, message, &code, NULL, &text, &referrals, NULL, 0);
    if (said)
        *said = rc == LDAP_SUCCESS ? trimmed(text) : NULL;
    if (referral)
        *referral = referrals && referrals[0] ? mem_text(referrals[0]) : NULL;
    ldap_memfree(text);
    ber_memvfree((void **)referrals);
    return rc == LDAP_SUCCESS ? code : LDAP_DECODING_ERROR;
}

/* Samba says so when the object is there and its parent's list hides it from the reader; Windows
 * answers as if it were not there. */
static bool is_hidden(int code, const char *said)
{
    return code == LDAP_NO_SUCH_OBJECT && said && strstr(said, "Access check failed");
}

static struct err *code_err(const struct session *session, int code, const char *what,
                            const char *referral)
{
    const char *host = session->server.host;
    switch (code) {
    case LDAP_NO_SUCH_OBJECT:
        return err_new(ERR_DIRECTORY, ERR_NO_SUCH_OBJECT, "%s has no such object.", host);
    case LDAP_INSUFFICIENT_ACCESS:
        return err_next(
            err_new(ERR_DIRECTORY, ERR_NO_RIGHT, "%s is not permitted on %s.", what, host),
            "Sign in with an account that has the right.");
    case LDAP_REFERRAL:
        return err_new(ERR_DIRECTORY, ERR_REFERRAL, "%s refers to another server%s%s.", host,
                       referral ? ": " : "", referral ? referral : "");
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_TIMELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
        return err_new(ERR_DIRECTORY, ERR_LIMIT, "%s ran into a limit of %s (%s).", what, host,
                       code == LDAP_SIZELIMIT_EXCEEDED   ? "size"
                       : code == LDAP_TIMELIMIT_EXCEEDED ? "time"
                                                         : "administrative");
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_CONFIDENTIALITY_REQUIRED:
        return err_new(ERR_CREDENTIALS, ERR_STRONG_AUTH, "%s wants a better protected sign-in.",
                       host);
    case LDAP_DECODING_ERROR:
    case LDAP_PROTOCOL_ERROR:
        return err_new(ERR_DIRECTORY, ERR_PROTOCOL,
                       "%s failed: %s and we do not understand "
                       "each other.",
                       what, host);
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
        return err_next(err_new(ERR_DIRECTORY, ERR_OTHER, "%s is busy.", host),
                        "Try again in a while, or use another domain controller.");
    default:
        return err_new(ERR_DIRECTORY, ERR_OTHER, "%s failed on %s: LDAP result %d (%s).", what,
                       host, code, ldap_err2string(code));
    }
}

struct err *session_result_err(const struct session *session, int code, const char *what,
                               const char *said, const char *referral)
{
    if (code == LDAP_SUCCESS)
        return NULL;
    int meant = is_hidden(code, said) ? LDAP_INSUFFICIENT_ACCESS : code;
    struct err *err = err_said(code_err(session, meant, what, referral), said);
    err->ldap = code;
    return err;
}
