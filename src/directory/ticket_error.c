/* libkrb5's numbers, and the NTSTATUS that AD puts beside them, as causes with a next step. One
 * table: code, NTSTATUS (0: any), what it is, and the words. %s stands for the client, the host or
 * the client's realm. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/ticket.h"

#include "src/directory/ticket_krb5.h"
#include <stdlib.h>
#include <string.h>

enum about { ABOUT_NOTHING, ABOUT_CLIENT, ABOUT_HOST, ABOUT_REALM };

struct cause {
    long code;
    unsigned status;
    enum err_kind kind;
    enum err_code is;
    enum about about;
    const char *before, *behind; /* the text around what it is about */
    const char *next;
};

#define UNLOCK "Have it unlocked by an administrator, or wait for the lockout to end."
#define ENABLE "Use another account, or have this one enabled by an administrator."
#define EXPIRED "Use another account, or have its expiry date moved by an administrator."
#define CHANGE "Change it first (kpasswd, or on a Windows machine), then sign in again."
#define KINIT "Run kinit, or give user and password here."
#define CLOCK "Set this machine's clock by the domain controllers (at most 5 minutes apart)."
#define NAME "Give the DC's full DNS name as Active Directory knows it, not an alias or an address."
#define KDC "Check that DNS finds the domain's KDCs (port 88) and that no firewall is in between."
#define CC ERR_CREDENTIALS

static const struct cause causes[] = {
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC0000234, CC, ERR_LOCKED, ABOUT_CLIENT, "The account ",
     " is locked out.", UNLOCK},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC0000072, CC, ERR_DISABLED, ABOUT_CLIENT, "The account ",
     " is disabled.", ENABLE},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC0000193, CC, ERR_ACCOUNT_EXPIRED, ABOUT_CLIENT, "The account ",
     " has expired.", EXPIRED},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC000006F, CC, ERR_LOGON_DENIED, ABOUT_CLIENT, "The account ",
     " may not sign in at this hour.", ENABLE},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC000006E, CC, ERR_LOGON_DENIED, ABOUT_CLIENT,
     "A restriction of ", " forbids this sign-in.",
     "Use another account, or ask an administrator which restriction."},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0, CC, ERR_LOCKED, ABOUT_CLIENT, "The account ",
     " is locked out, disabled or expired.", UNLOCK},
    {KRB5KDC_ERR_KEY_EXP, 0xC0000224, CC, ERR_MUST_CHANGE, ABOUT_CLIENT, "The password of ",
     " must be changed before the first sign-in.", CHANGE},
    {KRB5KDC_ERR_KEY_EXP, 0, CC, ERR_PASSWORD_EXPIRED, ABOUT_CLIENT, "The password of ",
     " has expired.", CHANGE},
    {KRB5KDC_ERR_NAME_EXP, 0, CC, ERR_ACCOUNT_EXPIRED, ABOUT_CLIENT, "The account ",
     " has expired.", EXPIRED},
    {KRB5KDC_ERR_POLICY, 0xC00002FA, CC, ERR_LOGON_DENIED, ABOUT_CLIENT, "The account ",
     " must sign in with a smart card; this program knows passwords and tickets.",
     "Get a ticket with the smart card (kinit with PKINIT), or use another account."},
    {KRB5KDC_ERR_POLICY, 0xC0000413, CC, ERR_LOGON_DENIED, ABOUT_CLIENT,
     "The trust's authentication firewall keeps out ", ".",
     "Use an account of the DC's own forest, or have \"Allowed to authenticate\" granted on the "
     "DC."},
    {KRB5KDC_ERR_POLICY, 0xC0000070, CC, ERR_LOGON_DENIED, ABOUT_CLIENT, "The account ",
     " may not sign in from this machine.",
     "Use another account, or sign in from an allowed "
     "machine."},
    {KRB5KDC_ERR_POLICY, 0xC000006E, CC, ERR_LOGON_DENIED, ABOUT_CLIENT, "A restriction of ",
     " forbids this sign-in.", "Use another account, or ask an administrator which restriction."},
    {KRB5KDC_ERR_POLICY, 0, CC, ERR_LOGON_DENIED, ABOUT_CLIENT, "A policy forbids ",
     " to sign in here.", ENABLE},
    {KRB5KDC_ERR_PREAUTH_FAILED, 0, CC, ERR_BAD_PASSWORD, ABOUT_CLIENT, "The password for ",
     " is wrong.", "Type it again; each attempt counts towards the lockout."},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, 0, CC, ERR_BAD_PASSWORD, ABOUT_CLIENT, "The password for ",
     " is wrong.", "Type it again; each attempt counts towards the lockout."},
    {KRB5_PREAUTH_FAILED, 0, CC, ERR_LOGON_DENIED, ABOUT_CLIENT,
     "The domain offers no way of signing in with a password alone for ", ".",
     "It asks for a smart card, or for armoured requests (FAST). Run kinit with what it asks for, "
     "then use that ticket."},
    {KRB5KDC_ERR_ETYPE_NOSUPP, 0, CC, ERR_LOGON_DENIED, ABOUT_CLIENT,
     "The domain has no key of a kind that is still allowed for ", ".",
     "Change the account's password once: that makes AES keys. Accounts from before 2008, and "
     "Protected Users, need it where RC4 is off."},
    {KRB5KDC_ERR_PRINCIPAL_NOT_UNIQUE, 0, CC, ERR_NO_PRINCIPAL, ABOUT_HOST,
     "Several accounts carry the service name of ", ", or the user's name.",
     "Find them with setspn -X, or by userPrincipalName, and remove the double."},
    {KRB5KRB_AP_ERR_MODIFIED, 0, CC, ERR_NO_PRINCIPAL, ABOUT_HOST,
     "The ticket is not for the machine that answers as ", ".",
     "The name leads to another host, or that DC's machine password is out of date in the "
     "directory: check DNS, then netdom resetpwd on the DC."},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, 0, CC, ERR_NO_SUCH_USER, ABOUT_CLIENT, "There is no user ",
     ".", "Check the spelling of the name and of the realm."},
    {KRB5_FCC_NOFILE, 0, CC, ERR_NO_TICKET, ABOUT_NOTHING, "There is no Kerberos ticket", ".",
     KINIT},
    {KRB5_CC_NOTFOUND, 0, CC, ERR_NO_TICKET, ABOUT_NOTHING, "There is no Kerberos ticket", ".",
     KINIT},
    {KRB5_CC_FORMAT, 0, CC, ERR_NO_TICKET, ABOUT_NOTHING,
     "The Kerberos ticket cache cannot be read", ".", KINIT},
    {KRB5_CCACHE_BADVNO, 0, CC, ERR_NO_TICKET, ABOUT_NOTHING,
     "The Kerberos ticket cache cannot be read", ".", KINIT},
    {KRB5_FCC_PERM, 0, CC, ERR_NO_TICKET, ABOUT_NOTHING,
     "The Kerberos ticket cache belongs to someone else", ".", KINIT},
    {KRB5_CC_UNKNOWN_TYPE, 0, CC, ERR_NO_TICKET, ABOUT_NOTHING,
     "KRB5CCNAME names a kind of ticket cache that this machine does not know", ".", KINIT},
    {KRB5KRB_AP_ERR_TKT_EXPIRED, 0, CC, ERR_TICKET_EXPIRED, ABOUT_CLIENT, "The Kerberos ticket of ",
     " has expired.", KINIT},
    {KRB5KRB_AP_ERR_TKT_NYV, 0, CC, ERR_CLOCK_SKEW, ABOUT_CLIENT, "The Kerberos ticket of ",
     " is not valid yet: the clocks differ.", CLOCK},
    {KRB5KRB_AP_ERR_SKEW, 0, CC, ERR_CLOCK_SKEW, ABOUT_NOTHING,
     "This machine's clock and the domain's are too far apart", ".", CLOCK},
    {KRB5_KDCREP_SKEW, 0, CC, ERR_CLOCK_SKEW, ABOUT_NOTHING,
     "This machine's clock and the domain's are too far apart", ".", CLOCK},
    {KRB5KDC_ERR_NEVER_VALID, 0, CC, ERR_CLOCK_SKEW, ABOUT_NOTHING,
     "This machine's clock and the domain's are too far apart", ".", CLOCK},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, 0, CC, ERR_NO_PRINCIPAL, ABOUT_HOST,
     "Kerberos knows no ldap/", ".", NAME},
    {KRB5_KDCREP_MODIFIED, 0, CC, ERR_NO_PRINCIPAL, ABOUT_HOST,
     "Kerberos would prove another name than ", ".", NAME},
    {KRB5_KDC_UNREACH, 0, ERR_NETWORK, ERR_NO_KDC, ABOUT_REALM, "No KDC of ", " answers.", KDC},
    {KRB5_REALM_UNKNOWN, 0, CC, ERR_WRONG_REALM, ABOUT_REALM, "No KDC is known for the realm ", ".",
     "Check the realm: it is the domain's DNS name in capitals."},
    {KRB5_REALM_CANT_RESOLVE, 0, CC, ERR_WRONG_REALM, ABOUT_REALM, "No KDC is known for the realm ",
     ".", "Check the realm: it is the domain's DNS name in capitals."},
    {KRB5KDC_ERR_WRONG_REALM, 0, CC, ERR_WRONG_REALM, ABOUT_REALM, "", " is not the user's realm.",
     "Check the realm: it is the domain's DNS name in capitals."},
    {KRB5_CONFIG_NODEFREALM, 0, CC, ERR_WRONG_REALM, ABOUT_NOTHING, "No default realm is set", ".",
     "Write the user as name@REALM, or set default_realm in /etc/krb5.conf."},
    {KRB5_ERR_HOST_REALM_UNKNOWN, 0, CC, ERR_WRONG_REALM, ABOUT_HOST, "The realm of ",
     " is not known.", "Add it to [domain_realm] in /etc/krb5.conf."},
    {KRB5_PARSE_MALFORMED, 0, ERR_OPERATOR, ERR_USAGE, ABOUT_CLIENT, "", " is no Kerberos user.",
     "Write it as name or name@REALM."},
};

static bool applies(const struct cause *cause, const struct ticket_failure *failure)
{
    if (cause->is == ERR_BAD_PASSWORD && !failure->password)
        return false;
    return cause->code == failure->code && (!cause->status || cause->status == failure->status);
}

static const char *subject_of(const struct cause *cause, const struct ticket_failure *failure)
{
    const char *client = failure->client ? failure->client : "this user";
    const char *realm = strrchr(client, '@');
    switch (cause->about) {
    case ABOUT_CLIENT:
        return client;
    case ABOUT_HOST:
        return failure->host;
    case ABOUT_REALM:
        return realm ? realm + 1 : client;
    default:
        return "";
    }
}

/* Is host a machine of the client's realm, judging by the names? */
static bool same_realm(const struct ticket_failure *failure)
{
    const char *realm = failure->client ? strrchr(failure->client, '@') : NULL;
    if (!realm || !strchr(failure->host, '.'))
        return true;
    realm++;
    size_t host = strlen(failure->host), tail = strlen(realm);
    return host > tail && failure->host[host - tail - 1] == '.' &&
           str_same_case(failure->host + host - tail, realm);
}

static struct err *unknown_principal(const struct ticket_failure *failure)
{
    const char *realm = strrchr(failure->client, '@') + 1;
    return err_next(err_new(CC, ERR_WRONG_REALM,
                            "The ticket is of the realm %s, whose KDC does not know ldap/%s.",
                            realm, failure->host),
                    "Get a ticket of the domain controller's own realm, or give its full name.");
}

static struct err *cause_err(const struct ticket_failure *failure)
{
    if (failure->code == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN && !same_realm(failure))
        return unknown_principal(failure);
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        const struct cause *cause = &causes[i];
        if (applies(cause, failure))
            return err_next(err_new(cause->kind, cause->is, "%s%s%s", cause->before,
                                    subject_of(cause, failure), cause->behind),
                            "%s", cause->next);
    }
    return err_next(err_new(CC, ERR_OTHER, "Kerberos refuses to sign in to %s (error %ld).",
                            failure->host, failure->code),
                    "See the words of the Kerberos library.");
}

struct err *ticket_explain(const struct ticket_failure *failure)
{
    return err_said(cause_err(failure), failure->said);
}
