/* What is wrong with a certificate, in words. */
#ifndef DCMEND_CERTIFICATE_VERDICT_H
#define DCMEND_CERTIFICATE_VERDICT_H

#include "src/base/err.h"

#include <gnutls/gnutls.h>

/* After a handshake. Never NULL: a certificate that is fine now is ERR_TLS_OTHER. */
struct err *certificate_verdict(gnutls_session_t tls, const char *host);

#endif
