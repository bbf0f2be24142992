/* Why TLS failed: libldap 2.5 with GnuTLS says "(unknown error code)" for every cause. */
#ifndef DCMEND_CERTIFICATE_H
#define DCMEND_CERTIFICATE_H

#include "src/directory/session.h"

/* Blocks (network): a worker's call. Connects once more, without credentials, and lets libgnutls
 * judge the server's certificate by the same authorities: ERR_TLS_UNTRUSTED, ERR_TLS_REVOKED,
 * ERR_TLS_EXPIRED, ERR_TLS_NAME, or ERR_TLS_OTHER; dial()'s error when it cannot connect again.
 * Never NULL; its detail shows
 * the certificate. With an adopted socket (tests): ERR_TLS_OTHER. */
struct err *certificate_explain(const struct signin *signin, const struct deadlines *deadlines,
                                struct cancel *cancel);

#endif
