/* Errors as values. A function that can fail returns `struct err *`: NULL is success, anything else
 * is owned by the caller, who shows it (only `ui` does), hands it up, or frees it. */
#ifndef DCMEND_ERR_H
#define DCMEND_ERR_H

#include <stdbool.h>

/* Who must act. */
enum err_kind {
    ERR_OPERATOR,    /* the input: something typed, pasted or given as an option */
    ERR_CREDENTIALS, /* the sign-in: ticket, password, account, rights to sign in */
    ERR_NETWORK,     /* the way there: name, route, port, TLS, time-out */
    ERR_DIRECTORY,   /* the directory refused or lacks what was asked */
    ERR_LOCAL,       /* this machine: disk, permissions, terminal */
    ERR_INTERNAL,    /* us: a bug */
    ERR_CANCELLED    /* nobody: it was called off */
};

/* What happened, where a caller must tell causes apart. Listed once; names are for logs and tests.
 */
#define ERR_CODES(X)                                                                               \
    X(ERR_OTHER, "other")                                                                          \
    X(ERR_USAGE, "usage")                                                                          \
    X(ERR_NO_SUCH_HOST, "no-such-host")                                                            \
    X(ERR_NAME_SERVICE, "name-service")                                                            \
    X(ERR_REFUSED, "refused")                                                                      \
    X(ERR_TIMED_OUT, "timed-out")                                                                  \
    X(ERR_UNREACHABLE, "unreachable")                                                              \
    X(ERR_LOST, "connection-lost")                                                                 \
    X(ERR_TLS_UNTRUSTED, "tls-untrusted")                                                          \
    X(ERR_TLS_EXPIRED, "tls-expired")                                                              \
    X(ERR_TLS_NAME, "tls-name")                                                                    \
    X(ERR_TLS_REVOKED, "tls-revoked")                                                              \
    X(ERR_TLS_OTHER, "tls")                                                                        \
    X(ERR_NO_TICKET, "no-ticket")                                                                  \
    X(ERR_TICKET_EXPIRED, "ticket-expired")                                                        \
    X(ERR_CLOCK_SKEW, "clock-skew")                                                                \
    X(ERR_WRONG_REALM, "wrong-realm")                                                              \
    X(ERR_NEED_NAME, "need-name-not-ip")                                                           \
    X(ERR_NO_PRINCIPAL, "server-not-in-kerberos")                                                  \
    X(ERR_NO_KDC, "no-kdc")                                                                        \
    X(ERR_BAD_PASSWORD, "bad-password")                                                            \
    X(ERR_NO_SUCH_USER, "no-such-user")                                                            \
    X(ERR_LOCKED, "locked")                                                                        \
    X(ERR_PASSWORD_EXPIRED, "password-expired")                                                    \
    X(ERR_MUST_CHANGE, "password-must-change")                                                     \
    X(ERR_DISABLED, "account-disabled")                                                            \
    X(ERR_ACCOUNT_EXPIRED, "account-expired")                                                      \
    X(ERR_LOGON_DENIED, "logon-denied")                                                            \
    X(ERR_EMPTY_PASSWORD, "empty-password")                                                        \
    X(ERR_STRONG_AUTH, "strong-auth-required")                                                     \
    X(ERR_CHANNEL_BINDING, "channel-binding")                                                      \
    X(ERR_WEAK_PROTECTION, "weak-protection")                                                      \
    X(ERR_NO_MECHANISM, "no-mechanism")                                                            \
    X(ERR_NOT_AD, "not-active-directory")                                                          \
    X(ERR_NO_SUCH_OBJECT, "no-such-object")                                                        \
    X(ERR_NO_RIGHT, "no-right")                                                                    \
    X(ERR_REFERRAL, "referral")                                                                    \
    X(ERR_CHANGED, "changed-meanwhile")                                                            \
    X(ERR_OCCUPIED, "occupied")                                                                    \
    X(ERR_UNKNOWN_TARGET, "unknown-target")                                                        \
    X(ERR_CONSTRAINT, "constraint")                                                                \
    X(ERR_LIMIT, "limit")                                                                          \
    X(ERR_PROTOCOL, "protocol")                                                                    \
    X(ERR_JOURNAL, "journal")

enum err_code {
#define X(code, name) code,
    ERR_CODES(X)
#undef X
};

struct err {
    enum err_kind kind;
    enum err_code code;
    int ldap;   /* LDAP result code where one was received, else 0 (negative: libldap's own) */
    char *text; /* one plain sentence: what went wrong */
    char *next; /* one plain sentence: what to do next; may be NULL */
    char *said; /* the other side's own words, raw as received: clean before showing; may be NULL */
    char *detail; /* what can be looked at: clean lines "label<TAB>value<LF>"; may be NULL */
};

struct err *err_new(enum err_kind kind, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull, warn_unused_result));
/* Adds what to do next; returns the same err so that it can stand in a return. */
struct err *err_next(struct err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
struct err *err_said(struct err *err, const char *words); /* words NULL or empty: nothing */
struct err *err_detail(struct err *err, char *lines);     /* takes lines over */
struct err *err_copy(const struct err *err);              /* NULL gives NULL */
void err_free(struct err *err);

const char *err_code_name(enum err_code code);
bool err_is(const struct err *err, enum err_code code); /* false for NULL */

#endif
