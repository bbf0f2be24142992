/* A signed-in connection to one DC. One thread owns one session (libldap's error state is per
 * handle). After a lost connection a session is only good for session_close(): session_lost() is
 * true and every call fails (ERR_LOST, or what ended it: a time-out, a cancel) without touching the
 * wire. */
#ifndef DCMEND_SESSION_H
#define DCMEND_SESSION_H

#include "src/base/cancel.h"
#include "src/base/err.h"
#include "src/base/secret.h"
#include "src/model/server.h"

enum auth { AUTH_KERBEROS, AUTH_SPNEGO, AUTH_SIMPLE };
enum transport { TRANSPORT_LDAP, TRANSPORT_STARTTLS, TRANSPORT_LDAPS };

/* Milliseconds. Tests set 100. Name service and Kerberos keep no deadline of ours: a caller who
 * cannot wait leaves the thread behind (base/crew.h). `search` is how long the server may be
 * silent, not how long a search may take. */
struct deadlines {
    int connect, tls, bind, search, write;
};
extern const struct deadlines deadlines_default; /* 5 s, 10 s, 15 s, 30 s, 30 s */

/* How to sign in. Filled by options or the Connect screen; nothing in ldap.conf can change it. */
struct signin {
    char *host; /* FQDN for Kerberos; an IP address only with simple bind over TLS */
    /* The host that the operator named, or that stands in the directory of a DC which has proved
     * itself. Where `host` is another one (an event's, an undo file's, an SRV record's) Kerberos
     * must know it as a domain controller, and a simple bind sends no password there. */
    char *named;
    int port; /* 0: 389, or 636 with TRANSPORT_LDAPS */
    enum transport transport;
    enum auth auth;
    char *user;              /* simple: user@domain, DOMAIN\user or a DN. With Kerberos and a
                                password: user[@REALM], a ticket is got for it in memory */
    struct secret *password; /* NULL: the ticket at hand (KRB5CCNAME) */
    char *cacert;            /* TLS: a file of authorities in place of those of the system and of
                                ldap.conf; NULL: these */
    char *ccache;            /* a ticket cache by name instead of KRB5CCNAME's; NULL: that one */
    int adopted_fd;          /* tests: a connected socket instead of dialling; -1 otherwise. It is
                                protected like any other: tests speak TLS on it */
};
void signin_init(struct signin *signin);
void signin_release(struct signin *signin);
void signin_copy(struct signin *to, const struct signin *from); /* the password too */
/* The operator names a host: fills host and named. Parses -H URI or a SERVER operand ("dc1",
 * "dc1:3268", "ldaps://dc1", "[::1]:389"). ldaps:// and the ports 636 and 3269 mean LDAPS;
 * everything else leaves the transport as it is. */
struct err *signin_set_server(struct signin *signin, const char *text);
/* ERR_USAGE: the name of who signs in with a password is none that can work this way (a bare "joe"
 * in a simple bind), with those that do. */
struct err *signin_check_user(const struct signin *signin);

struct session;

/* Blocks (DNS, Kerberos, network): a worker's call. Dials, protects, checks tickets, binds,
 * verifies the SSF, reads rootDSE once. Simple bind without TLS, and an empty password, are refused
 * before anything is sent. The password is sent at most once, to this DC, by one mechanism. Errors
 * tell causes apart (err.h, ERR_NO_TICKET ... ERR_WEAK_PROTECTION) with the next step; deadlines
 * copied. */
struct err *session_open(const struct signin *signin, const struct deadlines *deadlines,
                         struct cancel *cancel, struct session **out);
void session_close(struct session *session); /* unbinds; never blocks for long; NULL is fine */

/* Its rootDSE, as session_open() read it: rootdse.h. */
const struct server *session_server(const struct session *session);
bool session_lost(const struct session *session);
/* The cancel that the calls on this session listen to (a job sets its own). */
void session_set_cancel(struct session *session, struct cancel *cancel);
struct cancel *session_cancel(const struct session *session); /* NULL: none is set */

/* Counters for diagnose's budget and the log: turns = bursts of requests that waited for answers.
 */
struct session_counts {
    unsigned turns, requests, modifies; /* the sign-in itself is not counted, the rootDSE is */
    unsigned long long bytes_in;        /* on the wire, the sign-in included */
};
struct session_counts session_counts(const struct session *session);

/* How to ask another DC, whose name the directory gave, as the same person without sending a
 * password again: the session's ticket, inside TLS where the session is. False (to is untouched)
 * after a simple bind. A ticket made from a password lives as long as the session it was made for.
 */
bool session_signin_elsewhere(const struct session *session, const char *host, struct signin *to);

/* --read-only: from now on nothing can be written over this session. write.c asks. */
void session_forbid_writes(struct session *session);
bool session_writes_forbidden(const struct session *session);

#endif
