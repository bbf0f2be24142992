/* SASL in steps: libldap's asynchronous ldap_sasl_interactive_bind() makes a message,
 * session_wait() waits for the answer with an ear for the cancel. The ticket has been fetched
 * before (ticket.c), so no step asks a KDC. A simple bind happens inside verified TLS only
 * (session_open.c sees to it). */
#include "src/directory/bind.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/dial.h"
#include "src/directory/ticket.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_SSF = 56 };

/* GSSAPI asks for nothing that it does not have from the ticket. */
static int no_answers(LDAP *ld, unsigned flags, void *defaults, void *prompts)
{
    (void)ld, (void)flags, (void)defaults, (void)prompts;
    return LDAP_SUCCESS;
}

static char *diagnostic(LDAP *ld)
{
    char *text = NULL;
    if (ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) != LDAP_OPT_SUCCESS || !text)
        return NULL;
    char *copy = *text ? mem_text(text) : NULL;
    ldap_memfree(text);
    return copy;
}

static struct err *refused(struct session *session, const struct signin *signin, int code)
{
    if (code == LDAP_SERVER_DOWN) {
        session_mark_lost(session);
        return session_lost_err(session);
    }
    char *said = diagnostic(session->ld);
    struct err *err = bind_explain(session, signin, code, said);
    free(said);
    return err;
}

/* The first call looks up this machine's own name before anything is sent. Where no DNS server
 * answers that lasts longer than the server may; its time begins behind it. */
static struct err *sasl_bind(struct session *session, const struct signin *signin, const char *mech)
{
    int64_t deadline = 0;
    const char *chosen = NULL;
    LDAPMessage *answer = NULL;
    int msgid, rc;
    session->stream.deadline = clock_ms() + session->deadlines.bind;
    for (;;) {
        rc = ldap_sasl_interactive_bind(session->ld, NULL, mech, NULL, NULL, LDAP_SASL_QUIET,
                                        no_answers, NULL, answer, &chosen, &msgid);
        ldap_msgfree(answer);
        if (rc != LDAP_SASL_BIND_IN_PROGRESS)
            break;
        if (!deadline)
            deadline = clock_ms() + session->deadlines.bind;
        struct err *err = session_wait_until(session, msgid, deadline, true, &answer);
        if (err)
            return err;
    }
    return rc == LDAP_SUCCESS ? NULL : refused(session, signin, rc);
}

static struct err *verify_strength(struct session *session)
{
    ber_len_t ssf = 0;
    if (ldap_get_option(session->ld, LDAP_OPT_X_SASL_SSF, &ssf) != LDAP_OPT_SUCCESS)
        ssf = 0;
    session->server.ssf = (unsigned)ssf;
    if (ssf >= LEAST_SSF || session->server.tls)
        return NULL;
    return err_next(err_new(ERR_CREDENTIALS, ERR_WEAK_PROTECTION,
                            "%s agreed to no encryption (strength %lu, at least %d is needed).",
                            session->server.host, (unsigned long)ssf, (int)LEAST_SSF),
                    "Use another domain controller. " BIND_SIMPLE_RISK);
}

static const char *verified(const struct signin *signin)
{
    return signin->transport == TRANSPORT_LDAPS ? "LDAPS, verified" : "StartTLS, verified";
}

struct err *bind_kerberos(struct session *session, const struct signin *signin)
{
    bool spnego = signin->auth == AUTH_SPNEGO;
    struct err *err = ticket_use(session->ticket);
    if (err)
        return err;
    err = sasl_bind(session, signin, spnego ? "GSS-SPNEGO" : "GSSAPI");
    ticket_unuse();
    if (!err)
        err = verify_strength(session);
    if (err)
        return err;
    struct server *server = &session->server;
    mem_set(&server->mechanism, spnego ? "GSS-SPNEGO" : "GSSAPI");
    char *protection = str_format("%s, %s", spnego ? "SPNEGO" : "Kerberos",
                                  server->tls ? verified(signin) : "sealed");
    mem_set(&server->protection, protection);
    free(protection);
    mem_set(&server->identity, ticket_client(session->ticket));
    server->kerberos = !spnego; /* SPNEGO may have settled on something else */
    server->signed_in = true;
    return NULL;
}

struct err *bind_simple(struct session *session, const struct signin *signin)
{
    const char *bytes = secret_bytes(signin->password);
    struct berval password = {.bv_len = secret_length(signin->password), .bv_val = (char *)bytes};
    LDAPMessage *answer;
    char *said = NULL;
    int msgid;
    session->stream.deadline = clock_ms() + session->deadlines.bind;
    int rc =
        ldap_sasl_bind(session->ld, signin->user, LDAP_SASL_SIMPLE, &password, NULL, NULL, &msgid);
    if (rc != LDAP_SUCCESS)
        return refused(session, signin, rc);
    struct err *err = session_wait(session, msgid, session->deadlines.bind, true, &answer);
    if (err)
        return err;
    rc = session_result(session, answer, &said, NULL);
    ldap_msgfree(answer);
    if (rc != LDAP_SUCCESS)
        err = bind_explain(session, signin, rc, said);
    free(said);
    if (err)
        return err;
    struct server *server = &session->server;
    mem_set(&server->mechanism, "simple");
    mem_set(&server->protection, verified(signin));
    mem_set(&server->identity, signin->user);
    server->signed_in = true;
    return NULL;
}
