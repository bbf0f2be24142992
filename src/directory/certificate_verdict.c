/* The first cause that holds, worst first: nothing else in a certificate means anything while its
 * issuer is not trusted. */
#include "src/directory/certificate_verdict.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/directory/certificate_places.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_NAMES = 8 };

static char *day(time_t when)
{
    struct tm tm;
    char text[32];
    if (!gmtime_r(&when, &tm) || strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm) == 0)
        return mem_text("an unknown day");
    return mem_text(text);
}

static struct err *untrusted(gnutls_x509_crt_t cert, const char *host, const char *cacert)
{
    gnutls_datum_t issuer = {NULL, 0};
    struct certificate_places places;
    err_free(certificate_places_find(cacert, &places));
    const char *trusted = places.authorities ? places.authorities : places.authorities_dir;
    struct err *err = err_next(
        err_new(ERR_NETWORK, ERR_TLS_UNTRUSTED,
                "The certificate of %s comes from an authority that this machine does not trust.",
                host),
        "Get the authority's certificate (PEM) from the domain's administrators and name its file, "
        "as Authority on Connect or with --cacert (trusted now: %s).",
        trusted ? trusted : "none");
    certificate_places_release(&places);
    if (gnutls_x509_crt_get_issuer_dn3(cert, &issuer, 0) == 0)
        err_said(err, (const char *)issuer.data);
    gnutls_free(issuer.data);
    return err;
}

static struct err *expired(gnutls_x509_crt_t cert, const char *host)
{
    time_t end = gnutls_x509_crt_get_expiration_time(cert);
    char *text = day(end);
    struct err *err =
        end <= time(NULL)
            ? err_new(ERR_NETWORK, ERR_TLS_EXPIRED, "The certificate of %s expired on %s.", host,
                      text)
            : err_new(ERR_NETWORK, ERR_TLS_EXPIRED,
                      "An authority behind the certificate of %s has an expired certificate.",
                      host);
    free(text);
    return err_next(err,
                    "The certificate must be renewed; or this machine's clock is wrong. GSSAPI "
                    "on port 389 needs no certificate.");
}

static struct err *not_yet(gnutls_x509_crt_t cert, const char *host)
{
    char *text = day(gnutls_x509_crt_get_activation_time(cert));
    struct err *err = err_new(ERR_NETWORK, ERR_TLS_EXPIRED,
                              "The certificate of %s is valid from %s only.", host, text);
    free(text);
    return err_next(err, "Check this machine's clock.");
}

static void add_name(struct str *names, const char *name, size_t len, int type)
{
    char address[INET6_ADDRSTRLEN];
    if (type != GNUTLS_SAN_DNSNAME && type != GNUTLS_SAN_IPADDRESS)
        return;
    if (names->len)
        str_add(names, ", ");
    if (type == GNUTLS_SAN_DNSNAME)
        str_addn(names, name, len);
    else if (inet_ntop(len == 4 ? AF_INET : AF_INET6, name, address, sizeof address))
        str_add(names, address);
}

/* The alternative names, or the common name where there are none. */
static void list_names(gnutls_x509_crt_t cert, struct str *names)
{
    char name[512];
    for (unsigned i = 0; i < MOST_NAMES; i++) {
        size_t len = sizeof name;
        int type = gnutls_x509_crt_get_subject_alt_name(cert, i, name, &len, NULL);
        if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            break;
        if (type >= 0 && (type != GNUTLS_SAN_IPADDRESS || len == 4 || len == 16))
            add_name(names, name, len, type);
    }
    size_t len = sizeof name;
    if (!names->len &&
        gnutls_x509_crt_get_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &len) == 0)
        add_name(names, name, len, GNUTLS_SAN_DNSNAME);
}

static struct err *wrong_name(gnutls_x509_crt_t cert, const char *host)
{
    struct str names = STR_INIT;
    list_names(cert, &names);
    struct err *err = err_next(err_new(ERR_NETWORK, ERR_TLS_NAME,
                                       "The certificate of the server is not for %s, but for %s.",
                                       host, names.len ? str_text(&names) : "no name at all"),
                               "Connect by a name that the certificate is for.");
    str_release(&names);
    return err;
}

static struct err *revoked(const char *host)
{
    return err_next(err_new(ERR_NETWORK, ERR_TLS_REVOKED,
                            "The certificate of %s has been revoked by its authority.", host),
                    "Do not use it: the domain controller needs a new certificate.");
}

static struct err *other(const char *host, unsigned status)
{
    gnutls_datum_t words = {NULL, 0};
    struct err *err = err_next(
        err_new(ERR_NETWORK, ERR_TLS_OTHER, "The certificate of %s could not be verified.", host),
        "GSSAPI on port 389 needs no certificate.");
    if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &words, 0) == 0)
        err_said(err, (const char *)words.data);
    gnutls_free(words.data);
    return err;
}

static struct err *judge(gnutls_x509_crt_t cert, const struct signin *signin, unsigned status)
{
    const char *host = signin->host;
    if (status & GNUTLS_CERT_REVOKED)
        return revoked(host);
    if (status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA))
        return untrusted(cert, host, signin->cacert);
    if (status & GNUTLS_CERT_EXPIRED)
        return expired(cert, host);
    if (status & GNUTLS_CERT_NOT_ACTIVATED)
        return not_yet(cert, host);
    if (status & GNUTLS_CERT_UNEXPECTED_OWNER || !gnutls_x509_crt_check_hostname(cert, host))
        return wrong_name(cert, host);
    return other(host, status);
}

/* ---- the certificate itself ---- */

static void add_line(struct str *lines, const char *label, const char *value)
{
    char *clean = text_clean_z(value);
    str_addf(lines, "%s\t%s\n", label, clean);
    free(clean);
}

typedef int get_name(gnutls_x509_crt_t cert, gnutls_datum_t *name, unsigned flags);

static void add_dn(struct str *lines, const char *label, gnutls_x509_crt_t cert, get_name *get)
{
    gnutls_datum_t name = {NULL, 0};
    if (get(cert, &name, 0) == 0)
        add_line(lines, label, (const char *)name.data);
    gnutls_free(name.data);
}

static void add_days(struct str *lines, gnutls_x509_crt_t cert)
{
    char *from = day(gnutls_x509_crt_get_activation_time(cert)),
         *to = day(gnutls_x509_crt_get_expiration_time(cert));
    str_addf(lines, "Valid\t%s to %s\n", from, to);
    free(from);
    free(to);
}

static void add_fingerprint(struct str *lines, gnutls_x509_crt_t cert)
{
    unsigned char bytes[32];
    size_t size = sizeof bytes;
    if (gnutls_x509_crt_get_fingerprint(cert, GNUTLS_DIG_SHA256, bytes, &size) != 0)
        return;
    str_add(lines, "SHA-256\t");
    for (size_t i = 0; i < size; i++)
        str_addf(lines, "%s%02X", i == 0 ? "" : " ", bytes[i]);
    str_addc(lines, '\n');
}

static char *describe(gnutls_x509_crt_t cert)
{
    struct str lines = STR_INIT, names = STR_INIT;
    list_names(cert, &names);
    add_dn(&lines, "Subject", cert, gnutls_x509_crt_get_dn3);
    add_line(&lines, "Names", names.len ? str_text(&names) : "(none)");
    add_dn(&lines, "Issuer", cert, gnutls_x509_crt_get_issuer_dn3);
    add_days(&lines, cert);
    add_fingerprint(&lines, cert);
    str_release(&names);
    return str_steal(&lines);
}

static struct err *judge_first(const gnutls_datum_t *chain, const struct signin *signin,
                               unsigned status)
{
    gnutls_x509_crt_t cert;
    if (gnutls_x509_crt_init(&cert) != 0)
        return other(signin->host, status);
    struct err *err = gnutls_x509_crt_import(cert, &chain[0], GNUTLS_X509_FMT_DER) == 0
                          ? err_detail(judge(cert, signin, status), describe(cert))
                          : other(signin->host, status);
    gnutls_x509_crt_deinit(cert);
    return err;
}

struct err *certificate_verdict(gnutls_session_t tls, const struct signin *signin)
{
    unsigned count = 0, status = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(tls, &count);
    if (!chain || count == 0 || gnutls_certificate_verify_peers3(tls, signin->host, &status) != 0)
        return other(signin->host, status);
    return judge_first(chain, signin, status);
}
