/* Signing in, once, by one mechanism. */
#ifndef DCMEND_BIND_H
#define DCMEND_BIND_H

#include "src/directory/session_parts.h"

/* Blocks (network): a worker's call. Fills the server's identity, mechanism, protection, ssf,
 * kerberos and signed_in. A SASL layer weaker than 56 bits is ERR_WEAK_PROTECTION. */
struct err *bind_kerberos(struct session *session, const struct signin *signin);
struct err *bind_simple(struct session *session, const struct signin *signin);

/* Anybody on the way can make Kerberos fail: no message leads from there to a password without
 * this. */
#define BIND_SIMPLE_RISK                                                                           \
    "A simple bind over LDAPS (-x) would hand your password itself to whoever answers: first "     \
    "make "                                                                                        \
    "sure that it is the right machine."

/* bind_error.c: why the DC refused. `data` of AcceptSecurityContext is told apart (domain.md 6). */
struct err *bind_explain(const struct session *session, const struct signin *signin, int code,
                         const char *said);

#endif
