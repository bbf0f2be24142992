/* What must hold of a TLS connection beyond a certificate that is trusted and fits the name. */
#ifndef DCMEND_CERTIFICATE_STRENGTH_H
#define DCMEND_CERTIFICATE_STRENGTH_H

#include "src/directory/session_parts.h"

/* After the handshake, before anything is sent: TLS 1.2 at least; the certificate may be a server's
 * (its purposes, where it lists any), and an RSA key has 2048 bits at least. ERR_TLS_OTHER. */
struct err *certificate_check_strength(struct session *session);

#endif
