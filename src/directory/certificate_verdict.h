/* What is wrong with a certificate, in words. */
#ifndef DCMEND_CERTIFICATE_VERDICT_H
#define DCMEND_CERTIFICATE_VERDICT_H

#include "src/directory/session.h"

#include <gnutls/gnutls.h>

/* After a handshake. Never NULL: a certificate that is fine now is ERR_TLS_OTHER. The detail is the
 * certificate: subject, names, issuer, days, and the SHA-256 fingerprint that can be compared. */
struct err *certificate_verdict(gnutls_session_t tls, const struct signin *signin);

#endif
