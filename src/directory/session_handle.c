/* A libldap handle with everything set that the safety of the connection rests on, each return
 * value checked. libldap reads neither ldap.conf nor ldaprc nor LDAP* variables: LDAPNOINIT is set
 * before main() runs, while there is one thread. And a handle whose connection is gone must never
 * make a new one by itself (it would be in clear and signed in as nobody): its address for that
 * leads to no one. */
#include "src/base/str.h"
#include "src/directory/certificate_places.h"
#include "src/directory/session_parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { MOST_BYTES_OF_A_MESSAGE = 16 << 20, LEAST_SSF = 56, MOST_SSF = 256 };

static const char nowhere[] = "ldapi://%2Fdev%2Fnull%2Fdcmend";

__attribute__((constructor)) static void keep_ldap_conf_out(void)
{
    setenv("LDAPNOINIT", "1", 1);
}

static pthread_once_t libldap_once = PTHREAD_ONCE_INIT;

/* libldap and libsasl set themselves up on first use: once, before sessions run side by side. */
static void start_libldap(void)
{
    int level = 0;
    (void)ldap_set_option(NULL, LDAP_OPT_DEBUG_LEVEL, &level);
    (void)ber_set_option(NULL, LBER_OPT_DEBUG_LEVEL, &level);
}

struct setting {
    int option;
    const void *value;
};

static int set_all(LDAP *ld, const struct setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ldap_set_option(ld, settings[i].option, settings[i].value) != LDAP_OPT_SUCCESS)
            return settings[i].option;
    return 0;
}
#define SET_ALL(ld, settings) set_all(ld, settings, sizeof(settings) / sizeof *(settings))

static struct timeval interval(int ms)
{
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L};
}

static int set_common(LDAP *ld, const struct deadlines *deadlines)
{
    static const int version = LDAP_VERSION3, deref = LDAP_DEREF_NEVER, none = LDAP_NO_LIMIT;
    struct timeval connect = interval(deadlines->connect), wait = interval(deadlines->search);
    const struct setting settings[] = {
        {LDAP_OPT_PROTOCOL_VERSION, &version},
        {LDAP_OPT_REFERRALS, LDAP_OPT_OFF},
        {LDAP_OPT_DEREF, &deref},
        {LDAP_OPT_SIZELIMIT, &none},
        {LDAP_OPT_TIMELIMIT, &none},
        {LDAP_OPT_RESTART, LDAP_OPT_ON},
        {LDAP_OPT_NETWORK_TIMEOUT, &connect},
        {LDAP_OPT_TIMEOUT, &wait},
        {LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON},
        {LDAP_OPT_URI, nowhere},
    };
    return SET_ALL(ld, settings);
}

/* Without TLS the SASL layer must encrypt. Inside TLS there must be none (MS-ADTS 5.1.2): the
 * sign-in is bound to the server's certificate instead, which a DC may demand. */
static int set_sasl(LDAP *ld, const struct signin *signin)
{
    static const int endpoint = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;
    bool tls = signin->transport != TRANSPORT_LDAP;
    ber_len_t least = tls ? 0 : LEAST_SSF, most = tls ? 0 : MOST_SSF;
    const struct setting settings[] = {
        {LDAP_OPT_X_SASL_SECPROPS, "noplain,noanonymous"},
        {LDAP_OPT_X_SASL_SSF_MIN, &least},
        {LDAP_OPT_X_SASL_SSF_MAX, &most},
        {LDAP_OPT_X_SASL_CBINDING, &endpoint},
    };
    return SET_ALL(ld, settings);
}

/* REQUIRE_SAN try: where the certificate has alternative names, one of them must match; the common
 * name counts only where there is none (Samba's own certificates). NEWCTX comes last: without it
 * the authorities would be ignored. */
static int set_tls(LDAP *ld, const struct certificate_places *places)
{
    static const int hard = LDAP_OPT_X_TLS_HARD, try = LDAP_OPT_X_TLS_TRY, client = 0;
    const struct setting settings[] = {
        {LDAP_OPT_X_TLS_REQUIRE_CERT, &hard},
        {LDAP_OPT_X_TLS_REQUIRE_SAN, &try},
        {LDAP_OPT_X_TLS_CACERTFILE, places->authorities},
        {LDAP_OPT_X_TLS_CACERTDIR, places->authorities_dir},
        {LDAP_OPT_X_TLS_CRLFILE, places->revoked},
        {LDAP_OPT_X_TLS_NEWCTX, &client},
    };
    return SET_ALL(ld, settings);
}

static struct err *prepare_tls(LDAP *ld, const char *cacert)
{
    struct certificate_places places;
    struct err *err = certificate_places_find(cacert, &places);
    if (err)
        return err;
    int refused = set_tls(ld, &places);
    if (refused == LDAP_OPT_X_TLS_NEWCTX)
        err = err_next(
            err_new(ERR_LOCAL, ERR_TLS_OTHER,
                    "The trusted certificates in %s or the revocation list cannot be used.",
                    places.authorities ? places.authorities : places.authorities_dir),
            "They must be PEM files; --cacert, LDAPTLS_CACERT and LDAPTLS_CRLFILE name others.");
    else if (refused)
        err = err_new(ERR_INTERNAL, ERR_OTHER, "libldap refuses the TLS option 0x%x.",
                      (unsigned)refused);
    certificate_places_release(&places);
    return err;
}

static struct err *set_options(struct session *session, const struct signin *signin)
{
    ber_len_t most = MOST_BYTES_OF_A_MESSAGE;
    Sockbuf *sockbuf = NULL;
    int refused = set_common(session->ld, &session->deadlines);
    if (!refused)
        refused = set_sasl(session->ld, signin);
    if (!refused && (ldap_get_option(session->ld, LDAP_OPT_SOCKBUF, &sockbuf) != LDAP_OPT_SUCCESS ||
                     ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_SET_MAX_INCOMING, &most) != 1))
        refused = LDAP_OPT_SOCKBUF;
    if (refused)
        return err_new(ERR_INTERNAL, ERR_OTHER, "libldap refuses the option 0x%x.",
                       (unsigned)refused);
    return signin->transport == TRANSPORT_LDAP ? NULL : prepare_tls(session->ld, signin->cacert);
}

struct err *session_make_handle(struct session *session, const struct signin *signin)
{
    const char *host = signin->host;
    pthread_once(&libldap_once, start_libldap);
    char *url = str_format(strchr(host, ':') ? "%s://[%s]:%d" : "%s://%s:%d",
                           signin->transport == TRANSPORT_LDAPS ? "ldaps" : "ldap", host,
                           signin_port(signin));
    int rc = stream_handle(&session->stream, url, &session->ld);
    free(url);
    if (rc != LDAP_SUCCESS)
        return err_new(ERR_INTERNAL, ERR_OTHER, "libldap could not make a handle: %s.",
                       ldap_err2string(rc));
    return set_options(session, signin);
}
