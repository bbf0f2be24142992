/* AD explains a refused sign-in in the diagnostic text: "80090308: LdapErr: DSID-..., comment:
 * AcceptSecurityContext error, data 52e, v4563". The number behind "data" is a Win32 code and is
 * not localised; everything else is only shown. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/bind.h"

#include <stdlib.h>
#include <string.h>

#define CHANGE "Change it first (on a Windows machine, or with kpasswd), then sign in again."

struct reason {
    unsigned long data;
    enum err_code is;
    const char *text; /* %s: the user */
    const char *next;
};

static const struct reason reasons[] = {
    {0x525, ERR_NO_SUCH_USER, "There is no user %s.",
     "Write it as user@domain.com, DOMAIN\\user, or a DN."},
    {0x52e, ERR_BAD_PASSWORD, "User name or password is wrong for %s.",
     "Type it again; each attempt counts towards the lockout."},
    {0x52f, ERR_LOGON_DENIED, "A restriction on the account %s forbids this sign-in.",
     "Members of Protected Users, for example, need Kerberos. Use that, or another account."},
    {0x530, ERR_LOGON_DENIED, "The account %s may not sign in at this hour.",
     "Use another account."},
    {0x531, ERR_LOGON_DENIED, "The account %s may not sign in from this computer.",
     "Use another account, or another computer."},
    {0x532, ERR_PASSWORD_EXPIRED, "The password of %s has expired.", CHANGE},
    {0x533, ERR_DISABLED, "The account %s is disabled.",
     "Use another account, or have this one enabled by an administrator."},
    {0x568, ERR_LOGON_DENIED, "The account %s is a member of too many groups.",
     "Use an account with fewer group memberships."},
    {0x569, ERR_LOGON_DENIED, "The account %s lacks the right to sign in over the network.",
     "Use another account."},
    {0x701, ERR_ACCOUNT_EXPIRED, "The account %s has expired.",
     "Use another account, or have its expiry date moved by an administrator."},
    {0x773, ERR_MUST_CHANGE, "The password of %s must be changed before the first sign-in.",
     CHANGE},
    {0x775, ERR_LOCKED, "The account %s is locked out.",
     "Have it unlocked by an administrator, or wait for the lockout to end."},
    {0x51f, ERR_LOGON_DENIED, "The DC found no other DC to check the password of %s.",
     "Use another domain controller: this one may be read-only and cut off."},
    {0x80090346, ERR_CHANNEL_BINDING, "The DC wants channel binding, which failed for %s.",
     "Use GSSAPI on port 389 (the default): it needs none. Inside TLS this machine's SASL library "
     "must know it (cyrus-sasl as of 2.1.28-8 in Debian)."},
};

/* The hex number behind "AcceptSecurityContext error, data "; 0 when there is none. */
static unsigned long data_code(const char *said)
{
    const char *at = said ? str_find_case(said, "AcceptSecurityContext error, data ") : NULL;
    return at ? strtoul(at + strlen("AcceptSecurityContext error, data "), NULL, 16) : 0;
}

/* `text` holds one %s for the user; done by hand so that formats stay literals. */
static struct err *reason_err(const struct reason *reason, const char *user)
{
    size_t before = strcspn(reason->text, "%");
    const char *behind = reason->text + before + strlen("%s");
    return err_next(
        err_new(ERR_CREDENTIALS, reason->is, "%.*s%s%s", (int)before, reason->text, user, behind),
        "%s", reason->next);
}

static struct err *strong_auth(const struct session *session, const struct signin *signin)
{
    if (signin->auth != AUTH_SIMPLE && session->server.tls)
        return err_next(err_new(ERR_CREDENTIALS, ERR_STRONG_AUTH,
                                "%s takes no Kerberos inside TLS (Samba does not unless it is told "
                                "to).",
                                session->server.host),
                        "Leave ldaps:// or StartTLS out: on port 389 Kerberos signs and seals by "
                        "itself.");
    return err_next(err_new(ERR_CREDENTIALS, ERR_STRONG_AUTH,
                            "%s wants the connection signed or encrypted for this sign-in.",
                            session->server.host),
                    "Use GSSAPI (the default). " BIND_SIMPLE_RISK);
}

static bool offers(LDAP *ld, const char *mech)
{
    char **known = NULL;
    bool found = false;
    if (ldap_get_option(ld, LDAP_OPT_X_SASL_MECHLIST, &known) != LDAP_OPT_SUCCESS)
        return true;
    for (size_t i = 0; known && known[i]; i++) /* owned by libsasl */
        found = found || str_same_case(known[i], mech);
    return found;
}

static struct err *no_mechanism(const struct session *session, const char *mech)
{
    if (!offers(session->ld, mech))
        return err_next(
            err_new(ERR_LOCAL, ERR_NO_MECHANISM, "This machine has no SASL plug-in for %s.", mech),
            "Install libsasl2-modules-gssapi-mit (Debian) or cyrus-sasl-gssapi.");
    return err_next(err_new(ERR_CREDENTIALS, ERR_NO_MECHANISM,
                            "%s and this machine found no common way to sign in by %s.",
                            session->server.host, mech),
                    "Use another domain controller. " BIND_SIMPLE_RISK);
}

static struct err *kerberos_refused(const struct session *session)
{
    return err_next(err_new(ERR_CREDENTIALS, ERR_LOGON_DENIED,
                            "%s does not accept the Kerberos "
                            "ticket.",
                            session->server.host),
                    "Its own keys may be out of step with the domain (a DC that has not replicated "
                    "for long), or another machine answers under its name. " BIND_SIMPLE_RISK);
}

static struct err *refusal(const struct session *session, const struct signin *signin, int code)
{
    bool simple = signin->auth == AUTH_SIMPLE;
    const char *mech = signin->auth == AUTH_SPNEGO ? "GSS-SPNEGO" : "GSSAPI";
    switch (code) {
    case LDAP_INVALID_CREDENTIALS:
        return simple ? reason_err(&reasons[1], signin->user) : kerberos_refused(session);
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_CONFIDENTIALITY_REQUIRED:
        return strong_auth(session, signin);
    case LDAP_AUTH_UNKNOWN:
    case LDAP_AUTH_METHOD_NOT_SUPPORTED:
        return no_mechanism(session, mech);
    case LDAP_LOCAL_ERROR:
    case LDAP_DECODING_ERROR:
        return err_next(err_new(ERR_CREDENTIALS, ERR_OTHER, "The sign-in to %s by %s failed.",
                                session->server.host, simple ? "simple bind" : mech),
                        "%s",
                        simple ? "Use another domain controller."
                               : "See the words of the Kerberos library. " BIND_SIMPLE_RISK);
    case LDAP_PARAM_ERROR: /* libldap's word for an answer that is none to a bind */
        return session_result_err(session, LDAP_PROTOCOL_ERROR, "The sign-in", NULL, NULL);
    default:
        return session_result_err(session, code, "The sign-in", NULL, NULL);
    }
}

/* A DC that cannot read a ticket says "bad password", too; with a ticket none was sent. */
static bool applies(const struct reason *reason, const struct signin *signin, unsigned long data)
{
    return reason->data == data && (signin->auth == AUTH_SIMPLE || reason->is != ERR_BAD_PASSWORD);
}

struct err *bind_explain(const struct session *session, const struct signin *signin, int code,
                         const char *said)
{
    unsigned long data = data_code(said);
    const char *user = signin->user ? signin->user : session->server.identity;
    struct err *err = NULL;
    for (size_t i = 0; data && !err && i < sizeof reasons / sizeof *reasons; i++)
        if (applies(&reasons[i], signin, data))
            err = reason_err(&reasons[i], user ? user : "this user");
    if (!err)
        err = refusal(session, signin, code);
    err_said(err, said);
    err->ldap = code;
    return err;
}
