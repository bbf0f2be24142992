/* One table, first match wins: LDAP result, Win32 code of the diagnostic (0: any), kind of change.
 * Samba and Windows answer the same mistake differently (domain.md section 6); rows that both use
 * have no Win32 code. What the value is after a no is not known here: jobs/apply reads it. */
#include "src/directory/write_parts.h"

#include "src/base/str.h"
#include "src/base/text.h"
#include "src/directory/diagnostic.h"
#include "src/directory/wire.h"
#include "src/directory/write.h"
#include "src/model/win32.h"

#include <stdlib.h>

enum { ON_ADD = 1, ON_SWAP = 2, ON_REMOVE = 4, ON_REPLACE = 8, ON_ANY = 15 };

static const char look_again[] = "Read it again: Inspect shows what it is now.";
static const char other_account[] =
    "Sign in as somebody who may write serverReference on this object: Domain Admins of the forest "
    "root, and Enterprise Admins, unless it was delegated.";
static const char not_here_yet[] =
    "This DC has not received that account yet: replicate the domain to it "
    "first, then try again.";
static const char unknown_target[] = "does not know the account that the new value names";
static const char later[] = "Try again in a while.";
static const char hand_over[] = "The report has the server's own words, for handing over.";

static const struct rule {
    int ldap;
    uint32_t win32;
    unsigned when;
    enum err_kind kind;
    enum err_code code;
    const char *text, *next;
} rules[] = {
    {LDAP_TYPE_OR_VALUE_EXISTS, WIN32_DS_VALUE_EXISTS, ON_ANY, ERR_DIRECTORY, ERR_OCCUPIED,
     "holds this very value already: somebody else has made the same repair", look_again},
    {LDAP_TYPE_OR_VALUE_EXISTS, 0, ON_ANY, ERR_DIRECTORY, ERR_OCCUPIED,
     "holds another value now: somebody else has set one in the meantime", look_again},
    {LDAP_CONSTRAINT_VIOLATION, WIN32_DS_UNKNOWN_REFERENCE, ON_ANY, ERR_DIRECTORY,
     ERR_UNKNOWN_TARGET, unknown_target, not_here_yet},
    {LDAP_CONSTRAINT_VIOLATION, WIN32_DS_SINGLE_VALUE, ON_ANY, ERR_DIRECTORY, ERR_OCCUPIED,
     "holds another value now: somebody else has set one in the meantime", look_again},
    {LDAP_CONSTRAINT_VIOLATION, WIN32_DS_VALUE_EXISTS, ON_ANY, ERR_DIRECTORY, ERR_OCCUPIED,
     "holds this very value already: somebody else has made the same repair", look_again},
    {LDAP_CONSTRAINT_VIOLATION, 0, ON_ANY, ERR_DIRECTORY, ERR_CONSTRAINT,
     "refused the value: it breaks a rule of the schema", hand_over},
    {LDAP_NO_SUCH_ATTRIBUTE, 0, ON_SWAP | ON_REMOVE, ERR_DIRECTORY, ERR_CHANGED,
     "no longer holds the value that was to be replaced: somebody else has changed it", look_again},
    {LDAP_NO_SUCH_ATTRIBUTE, 0, ON_ANY, ERR_DIRECTORY, ERR_CONSTRAINT,
     "refused the change: the attribute is not as expected", hand_over},
    {LDAP_NO_SUCH_OBJECT, 0, ON_ADD | ON_REPLACE, ERR_DIRECTORY, ERR_NO_SUCH_OBJECT,
     "does not find the server object, or the account that the new value names", look_again},
    {LDAP_NO_SUCH_OBJECT, 0, ON_ANY, ERR_DIRECTORY, ERR_NO_SUCH_OBJECT,
     "does not find the server object, or an object that the old value or the new one names",
     look_again},
    {LDAP_INVALID_SYNTAX, 0, ON_ANY, ERR_DIRECTORY, ERR_CONSTRAINT,
     "does not take the value as a name", hand_over},
    {LDAP_INVALID_DN_SYNTAX, 0, ON_ANY, ERR_DIRECTORY, ERR_CONSTRAINT,
     "does not take the value as a name", hand_over},
    {LDAP_INSUFFICIENT_ACCESS, 0, ON_ANY, ERR_DIRECTORY, ERR_NO_RIGHT,
     "refused: you may not write serverReference on this object", other_account},
    {LDAP_REFERRAL, 0, ON_ANY, ERR_DIRECTORY, ERR_REFERRAL, "cannot write this itself",
     "A read-only DC refers to a writable one: connect to that one; the change then replicates "
     "here."},
    {LDAP_STRONG_AUTH_REQUIRED, 0, ON_ANY, ERR_CREDENTIALS, ERR_STRONG_AUTH,
     "wants a better protected sign-in for this", "Sign in again."},
    {LDAP_CONFIDENTIALITY_REQUIRED, 0, ON_ANY, ERR_CREDENTIALS, ERR_STRONG_AUTH,
     "wants a better protected sign-in for this", "Sign in again."},
    {LDAP_OPERATIONS_ERROR, WIN32_NOT_AUTHENTICATED, ON_ANY, ERR_CREDENTIALS, ERR_LOGON_DENIED,
     "no longer takes this connection as signed in", "Sign in again."},
    {LDAP_BUSY, 0, ON_ANY, ERR_DIRECTORY, ERR_OTHER, "is busy", later},
    {LDAP_UNAVAILABLE, WIN32_DS_CATALOG_VERIFY, ON_ANY, ERR_DIRECTORY, ERR_OTHER,
     "found no global catalog to verify the account, which belongs to another domain",
     "Make a global catalog reachable for this DC, then try again."},
    {LDAP_UNAVAILABLE, 0, ON_ANY, ERR_DIRECTORY, ERR_OTHER, "is not available for changes now",
     later},
    {LDAP_UNWILLING_TO_PERFORM, 0, ON_ANY, ERR_DIRECTORY, ERR_OTHER,
     "is unwilling to make the change", hand_over},
    {LDAP_OBJECT_CLASS_VIOLATION, 0, ON_ANY, ERR_DIRECTORY, ERR_CONSTRAINT,
     "refused the value: it breaks a rule of the schema", hand_over},
    {LDAP_SIZELIMIT_EXCEEDED, 0, ON_ANY, ERR_DIRECTORY, ERR_LIMIT, "ran into a limit", later},
    {LDAP_TIMELIMIT_EXCEEDED, 0, ON_ANY, ERR_DIRECTORY, ERR_LIMIT, "ran into a time limit", later},
    {LDAP_ADMINLIMIT_EXCEEDED, 0, ON_ANY, ERR_DIRECTORY, ERR_LIMIT, "ran into a limit", later},
};

static unsigned kind_of(const struct change *change)
{
    if (change->count == 2)
        return ON_SWAP;
    switch (change->steps[0].how) {
    case CHANGE_ADD:
        return ON_ADD;
    case CHANGE_DELETE:
        return ON_REMOVE;
    default:
        return ON_REPLACE;
    }
}

static const struct rule *find_rule(int code, uint32_t win32, unsigned when)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].ldap == code && (!rules[i].win32 || rules[i].win32 == win32) &&
            (rules[i].when & when))
            return &rules[i];
    return NULL;
}

/* Samba has no code for "already exists for target GUID": the same value as ours. It only chooses
 * the words; both are ERR_OCCUPIED. */
static uint32_t code_of(const struct diagnostic *d, int ldap)
{
    if (ldap == LDAP_TYPE_OR_VALUE_EXISTS && !d->code &&
        str_find_case(d->words, "already exists for target"))
        return WIN32_DS_VALUE_EXISTS;
    return d->code;
}

static struct err *explain(const struct rule *rule, const char *host, int code,
                           const struct diagnostic *d, const char *referral)
{
    const char *meaning = d->code ? win32_meaning(d->code) : NULL;
    if (!rule)
        return err_next(err_new(ERR_DIRECTORY, ERR_OTHER,
                                "%s refused the change with LDAP result %d (%s)%s%s.", host, code,
                                ldap_err2string(code), meaning ? ": " : "", meaning ? meaning : ""),
                        "%s", hand_over);
    char *target = text_clean_z(referral);
    struct err *err = err_new(rule->kind, rule->code, "%s %s%s%s.", host, rule->text,
                              *target ? " and refers to " : "", target);
    free(target);
    return err_next(err, "%s", rule->next);
}

struct err *write_refusal(const char *host, const struct change *change, int code, const char *said,
                          const char *referral)
{
    struct diagnostic d;
    diagnostic_read(said, &d);
    const struct rule *rule = find_rule(code, code_of(&d, code), kind_of(change));
    struct err *err = explain(rule, host, code, &d, code == LDAP_REFERRAL ? referral : NULL);
    err->ldap = code;
    err_said(err, said);
    diagnostic_release(&d);
    return err;
}

struct err *write_unknown_target(struct err *refusal, const char *host, const struct plan *plan)
{
    struct err *err = err_new(ERR_DIRECTORY, ERR_UNKNOWN_TARGET, "%s %s.", host, unknown_target);
    if (plan->holders)
        err_next(err,
                 "This DC holds no copy of the account's domain: make the change on a DC that does "
                 "(%s); it then replicates here.",
                 plan->holders);
    else
        err_next(err, "%s", not_here_yet);
    err_said(err, refusal->said);
    err->ldap = refusal->ldap;
    err_free(refusal);
    return err;
}
