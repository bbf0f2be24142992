/* libldap verifies the chain and the name; what it does not look at is asked of it afterwards, so
 * that it holds with every TLS library it may be built with. */
#include "src/directory/certificate_strength.h"

#include "src/base/mem.h"

#include <gnutls/x509.h>
#include <string.h>

enum { LEAST_RSA_BITS = 2048 };

static struct err *weak(struct err *err)
{
    return err_next(err, "Nothing was sent. The domain controller needs a better certificate or "
                         "newer TLS; GSSAPI on port 389 needs neither.");
}

static struct err *check_version(struct session *session)
{
    char *version = NULL; /* "TLS1.3", "TLSv1.2": the library's own words */
    struct err *err = NULL;
    if (ldap_get_option(session->ld, LDAP_OPT_X_TLS_VERSION, (void *)&version) != LDAP_OPT_SUCCESS)
        version = NULL;
    if (!version || !(strstr(version, "1.2") || strstr(version, "1.3")))
        err = weak(err_new(ERR_NETWORK, ERR_TLS_OTHER, "%s speaks %s; TLS 1.2 at least is needed.",
                           session->server.host, version ? version : "no TLS that is known"));
    ldap_memfree(version);
    return err;
}

static struct err *check_certificate(const struct session *session, gnutls_x509_crt_t cert)
{
    const char *host = session->server.host;
    unsigned bits = 0;
    int algorithm = gnutls_x509_crt_get_pk_algorithm(cert, &bits);
    bool rsa = algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS;
    if (!gnutls_x509_crt_check_key_purpose(cert, GNUTLS_KP_TLS_WWW_SERVER, 0))
        return weak(err_new(ERR_NETWORK, ERR_TLS_OTHER,
                            "The certificate of %s is not meant for a server.", host));
    if (algorithm < 0 || (rsa && bits < LEAST_RSA_BITS))
        return weak(err_new(ERR_NETWORK, ERR_TLS_OTHER,
                            "The key in the certificate of %s has %u bits; %d at least are needed.",
                            host, bits, (int)LEAST_RSA_BITS));
    return NULL;
}

static struct err *unreadable(const struct session *session)
{
    return weak(err_new(ERR_NETWORK, ERR_TLS_OTHER, "The certificate of %s cannot be read.",
                        session->server.host));
}

struct err *certificate_check_strength(struct session *session)
{
    struct berval bytes = {0, NULL};
    gnutls_x509_crt_t cert;
    struct err *err = check_version(session);
    if (err)
        return err;
    if (ldap_get_option(session->ld, LDAP_OPT_X_TLS_PEERCERT, &bytes) != LDAP_OPT_SUCCESS ||
        !bytes.bv_val)
        return unreadable(session);
    const gnutls_datum_t der = {.data = (unsigned char *)bytes.bv_val,
                                .size = (unsigned)bytes.bv_len};
    if (gnutls_x509_crt_init(&cert) != 0) {
        err = unreadable(session);
    } else {
        err = gnutls_x509_crt_import(cert, &der, GNUTLS_X509_FMT_DER) == 0
                  ? check_certificate(session, cert)
                  : unreadable(session);
        gnutls_x509_crt_deinit(cert);
    }
    ldap_memfree(bytes.bv_val);
    return err;
}
