/* X.509 by libgnutls. A failure here is a broken machine, not a failed test: it aborts. */
#include "tests/wire/authority.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct authority {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t cert;
    char *file, *crl;
    unsigned char serial[2]; /* of the certificate issued last */
};

static void must(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "gnutls: %s\n", gnutls_strerror(rc));
        abort();
    }
}

static gnutls_x509_privkey_t new_key(unsigned rsa)
{
    gnutls_x509_privkey_t key;
    must(gnutls_x509_privkey_init(&key));
    must(gnutls_x509_privkey_generate(key, rsa ? GNUTLS_PK_RSA : GNUTLS_PK_ECDSA,
                                      rsa ? rsa : GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
                                      0));
    return key;
}

static gnutls_x509_crt_t new_cert(gnutls_x509_privkey_t key, const unsigned char serial[2],
                                  time_t from, time_t to)
{
    gnutls_x509_crt_t cert;
    must(gnutls_x509_crt_init(&cert));
    must(gnutls_x509_crt_set_version(cert, 3));
    must(gnutls_x509_crt_set_key(cert, key));
    must(gnutls_x509_crt_set_serial(cert, serial, 2));
    must(gnutls_x509_crt_set_activation_time(cert, from ? from : time(NULL) - 3600));
    must(gnutls_x509_crt_set_expiration_time(cert, to ? to : time(NULL) + 86400));
    return cert;
}

static void set_name(gnutls_x509_crt_t cert, const char *name)
{
    must(gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                       (unsigned)strlen(name)));
}

static char *temporary(void)
{
    char *path = mem_text("/tmp/dcmend-test-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        abort();
    close(fd);
    return path;
}

static void write_file(const char *path, const gnutls_datum_t *pem)
{
    FILE *file = fopen(path, "w");
    if (!file || fwrite(pem->data, 1, pem->size, file) != pem->size || fclose(file) != 0)
        abort();
}

struct authority *authority_new(const char *name)
{
    struct authority *authority = mem_zero(1, sizeof *authority);
    gnutls_datum_t pem;
    authority->serial[0] = 1;
    authority->key = new_key(0);
    authority->cert = new_cert(authority->key, authority->serial, time(NULL) - 400L * 86400, 0);
    set_name(authority->cert, name);
    must(gnutls_x509_crt_set_ca_status(authority->cert, 1));
    must(gnutls_x509_crt_set_key_usage(authority->cert,
                                       GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
    must(gnutls_x509_crt_sign2(authority->cert, authority->cert, authority->key, GNUTLS_DIG_SHA256,
                               0));
    authority->file = temporary();
    authority->crl = temporary();
    must(gnutls_x509_crt_export2(authority->cert, GNUTLS_X509_FMT_PEM, &pem));
    write_file(authority->file, &pem);
    gnutls_free(pem.data);
    return authority;
}

void authority_free(struct authority *authority)
{
    if (!authority)
        return;
    unlink(authority->file);
    unlink(authority->crl);
    gnutls_x509_crt_deinit(authority->cert);
    gnutls_x509_privkey_deinit(authority->key);
    free(authority->file);
    free(authority->crl);
    free(authority);
}

const char *authority_file(const struct authority *authority)
{
    return authority->file;
}

const char *authority_crl(const struct authority *authority)
{
    return authority->crl;
}

static void add_names(gnutls_x509_crt_t cert, const char *const *names)
{
    for (; names && *names; names++) {
        unsigned char address[4];
        if (inet_pton(AF_INET, *names, address) == 1)
            must(gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, address, 4,
                                                      GNUTLS_FSAN_APPEND));
        else
            must(gnutls_x509_crt_set_subject_alt_name(
                cert, GNUTLS_SAN_DNSNAME, *names, (unsigned)strlen(*names), GNUTLS_FSAN_APPEND));
    }
}

gnutls_certificate_credentials_t authority_issue(struct authority *authority,
                                                 const struct certificate_wish *wish)
{
    gnutls_certificate_credentials_t credentials;
    gnutls_x509_privkey_t key = new_key(wish->rsa);
    authority->serial[0] += ++authority->serial[1] == 0;
    gnutls_x509_crt_t cert = new_cert(key, authority->serial, wish->from, wish->to);
    add_names(cert, wish->names);
    set_name(cert, wish->common_name ? wish->common_name : "a test server");
    if (wish->purpose)
        must(gnutls_x509_crt_set_key_purpose_oid(cert, wish->purpose, 0));
    must(gnutls_x509_crt_sign2(cert, authority->cert, authority->key, GNUTLS_DIG_SHA256, 0));
    must(gnutls_certificate_allocate_credentials(&credentials));
    must(gnutls_certificate_set_x509_key(credentials, &cert, 1, key));
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
    return credentials;
}

void authority_revoke(struct authority *authority)
{
    gnutls_x509_crl_t list;
    gnutls_datum_t pem;
    must(gnutls_x509_crl_init(&list));
    must(gnutls_x509_crl_set_version(list, 2));
    must(gnutls_x509_crl_set_crt_serial(list, authority->serial, 2, time(NULL) - 60));
    must(gnutls_x509_crl_set_this_update(list, time(NULL) - 60));
    must(gnutls_x509_crl_set_next_update(list, time(NULL) + 3600));
    must(gnutls_x509_crl_set_number(list, "\1", 1));
    must(gnutls_x509_crl_sign2(list, authority->cert, authority->key, GNUTLS_DIG_SHA256, 0));
    must(gnutls_x509_crl_export2(list, GNUTLS_X509_FMT_PEM, &pem));
    write_file(authority->crl, &pem);
    gnutls_free(pem.data);
    gnutls_x509_crl_deinit(list);
}

static struct authority *common;
static pid_t common_owner;

static void drop_common(void)
{
    if (common && common_owner == getpid())
        authority_free(common);
    common = NULL;
}

struct authority *authority_common(void)
{
    if (!common) {
        common = authority_new("dcmend tests");
        common_owner = getpid();
        atexit(drop_common);
    }
    setenv("LDAPTLS_CACERT", authority_file(common), 1);
    return common;
}
