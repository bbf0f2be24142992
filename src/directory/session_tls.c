/* LDAPS and StartTLS. libldap does the handshake and judges certificate and host name; when it
 * refuses, certificate.c finds out why. */
#include "src/base/clock.h"
#include "src/directory/certificate.h"
#include "src/directory/certificate_strength.h"
#include "src/directory/dial.h"
#include "src/directory/session_parts.h"

#include <stdlib.h>

static struct err *refused_start_tls(const struct session *session, int code, const char *said)
{
    struct err *err = err_next(
        err_new(ERR_NETWORK, ERR_TLS_OTHER, "%s does not offer StartTLS.", session->server.host),
        "The domain controller may have no certificate; GSSAPI on port 389 needs none.");
    err->ldap = code;
    return err_said(err, said);
}

static struct err *start_tls(struct session *session)
{
    int msgid;
    LDAPMessage *answer;
    char *said = NULL;
    if (ldap_start_tls(session->ld, NULL, NULL, &msgid) != LDAP_SUCCESS) {
        session_mark_lost(session);
        return session_lost_err(session);
    }
    struct err *err = session_wait(session, msgid, session->deadlines.tls, true, &answer);
    if (err)
        return err;
    int code = session_result(session, answer, &said, NULL);
    ldap_msgfree(answer);
    if (code != LDAP_SUCCESS)
        err = refused_start_tls(session, code, said);
    free(said);
    return err;
}

struct err *session_protect(struct session *session, const struct signin *signin)
{
    struct stream *stream = &session->stream;
    if (signin->transport == TRANSPORT_LDAP)
        return NULL;
    struct err *err = signin->transport == TRANSPORT_STARTTLS ? start_tls(session) : NULL;
    if (err)
        return err;
    stream->deadline = clock_ms() + session->deadlines.tls;
    stream->patient = true;
    int rc = ldap_install_tls(session->ld);
    stream->patient = false;
    if (rc == LDAP_SUCCESS) {
        err = certificate_check_strength(session);
        if (err)
            session_mark_lost(session);
        session->server.tls = !err;
        return err;
    }
    enum stream_end end = stream->end;
    session_mark_lost(session);
    if (end == STREAM_CANCELLED || end == STREAM_TIMED_OUT)
        return session_lost_err(session);
    return certificate_explain(signin, &session->deadlines, session->cancel);
}
