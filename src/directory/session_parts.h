/* The inside of a session, for the files of src/directory that speak LDAP over it. */
#ifndef DCMEND_SESSION_PARTS_H
#define DCMEND_SESSION_PARTS_H

#include "src/directory/dial_stream.h"
#include "src/directory/session.h"
#include "src/directory/wire.h"

#include <stdint.h>

struct ticket; /* ticket.h */

struct session {
    LDAP *ld;
    struct stream stream;
    struct server server;
    struct deadlines deadlines;
    struct cancel *cancel;
    struct session_counts counts;
    struct ticket *ticket;    /* kept: others may borrow its cache; NULL after a simple bind */
    size_t most_cells;        /* attributes and values that one batch of searches may bring */
    enum transport transport; /* others are asked by the same, with the same authorities */
    char *cacert;             /* NULL: the system's */
    bool lost, read_only;
};

/* After -1, LDAP_SERVER_DOWN, a notice of disconnection or a time-out: nothing is sent on the
 * handle any more. */
void session_mark_lost(struct session *session);
/* For a session that is lost: ERR_LOST, ERR_TIMED_OUT or ERR_CANCELLED, as the stream ended. */
struct err *session_lost_err(const struct session *session);

/* Blocks (network). Waits for the next message to msgid (LDAP_RES_ANY: to any; messages to others
 * are dropped) until `deadline` (clock_ms() based). *out is set on success alone and freed by
 * ldap_msgfree(). A request that is called off is the caller's to abandon; after a time-out the
 * session is lost.
 * ERR_TIMED_OUT, ERR_CANCELLED, ERR_LOST, ERR_PROTOCOL; a notice of disconnection is ERR_LOST with
 * the server's words. */
struct err *session_wait_until(struct session *session, int msgid, int64_t deadline,
                               bool cancellable, LDAPMessage **out);
/* The same with a deadline of so many milliseconds from now. */
struct err *session_wait(struct session *session, int msgid, int deadline_ms, bool cancellable,
                         LDAPMessage **out);

/* The result code of a final message; *said (may be NULL) is the diagnostic text, *referral (may be
 * NULL) the first referral, both owned by the caller. A message that cannot be read:
 * LDAP_DECODING_ERROR. */
int session_result(struct session *session, LDAPMessage *message, char **said, char **referral);

/* What a result code means, as an err whose text opens with `what` ("The search"). */
struct err *session_result_err(const struct session *session, int code, const char *what,
                               const char *said, const char *referral);

/* session_handle.c: a handle on session->stream with every option set that the protection of the
 * connection depends on. */
struct err *session_make_handle(struct session *session, const struct signin *signin);
/* session_tls.c: LDAPS or StartTLS; failures are explained by certificate.h. */
struct err *session_protect(struct session *session, const struct signin *signin);

/* A session that is not connected yet, and its connection, unprotected and not signed in. */
struct session *session_new(const struct signin *signin, const struct deadlines *deadlines,
                            struct cancel *cancel);
struct err *session_connect(struct session *session, const struct signin *signin);

bool signin_is_named(const struct signin *signin); /* session.h: `named` is this host */
int signin_port(const struct signin *signin);      /* 389 or 636 where none was given */

#endif
