/* Certificates made on the spot: an authority, server certificates signed by it, and its revocation
 * list. Keys are elliptic, so that making them costs a millisecond. */
#ifndef DCMEND_TESTS_AUTHORITY_H
#define DCMEND_TESTS_AUTHORITY_H

#include <gnutls/gnutls.h>
#include <time.h>

struct authority;

struct authority *authority_new(const char *name);
void authority_free(struct authority *authority);              /* removes its files */
const char *authority_file(const struct authority *authority); /* its certificate, PEM */
const char *authority_crl(const struct authority *authority);  /* written by authority_revoke() */

struct certificate_wish {
    const char *const *names; /* NULL-terminated; one that parses as IPv4 becomes an address */
    const char *common_name;  /* NULL: none */
    time_t from, to;          /* 0: an hour ago, in a day */
    const char *purpose;      /* OID of an extended key usage; NULL: none is listed */
    unsigned rsa;             /* bits of an RSA key; 0: an elliptic one */
};
/* Server credentials with a certificate as wished; freed by the caller. */
gnutls_certificate_credentials_t authority_issue(struct authority *authority,
                                                 const struct certificate_wish *wish);
/* Revokes the certificate that was issued last. */
void authority_revoke(struct authority *authority);

/* The authority of this process that the responder uses; LDAPTLS_CACERT names its file from now on.
 */
struct authority *authority_common(void);

#endif
