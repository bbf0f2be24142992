/* The second look at a server whose TLS libldap refused. Nothing is sent here but a handshake, and
 * before it, for StartTLS, the request for one; libgnutls then judges the whole chain and the name
 * as libldap did, but tells what is wrong. */
#include "src/directory/certificate.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/certificate_places.h"
#include "src/directory/certificate_verdict.h"
#include "src/directory/dial.h"
#include "src/directory/session_parts.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct look {
    int fd;
    int64_t deadline;
    const struct cancel *cancel;
    gnutls_certificate_credentials_t trust;
    gnutls_session_t tls;
};

static bool receive(const struct look *look, unsigned char *buffer, size_t len)
{
    while (len > 0) {
        ssize_t got = recv(look->fd, buffer, len, 0);
        if (got > 0) {
            buffer += got;
            len -= (size_t)got;
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR) ||
                   dial_wait(look->fd, POLLIN, look->deadline, look->cancel) <= 0) {
            return false;
        }
    }
    return true;
}

/* An extended request for 1.3.6.1.4.1.1466.20037, and its answer read to the last byte (RFC 4511,
 * 4.14), so that the handshake begins where it should. */
static bool ask_start_tls(const struct look *look)
{
    static const char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
                                  "1.3.6.1.4.1.1466.20037";
    unsigned char head[2], length[4], body[4096];
    size_t len;
    if (send(look->fd, request, sizeof request - 1, MSG_NOSIGNAL) != sizeof request - 1 ||
        !receive(look, head, 2) || head[0] != 0x30)
        return false;
    len = head[1];
    if (head[1] > 0x80) {
        size_t more = head[1] & 0x7F;
        if (more > sizeof length || !receive(look, length, more))
            return false;
        len = 0;
        for (size_t i = 0; i < more; i++)
            len = len << 8 | length[i];
    }
    return len <= sizeof body && receive(look, body, len);
}

static int prepare(struct look *look, const char *host, const char *cacert)
{
    struct certificate_places places;
    struct err *err = certificate_places_find(cacert, &places);
    if (err) {
        err_free(err);
        return GNUTLS_E_FILE_ERROR;
    }
    int rc = gnutls_certificate_allocate_credentials(&look->trust);
    if (rc == 0 && places.authorities)
        gnutls_certificate_set_x509_trust_file(look->trust, places.authorities,
                                               GNUTLS_X509_FMT_PEM);
    if (rc == 0 && places.authorities_dir)
        gnutls_certificate_set_x509_trust_dir(look->trust, places.authorities_dir,
                                              GNUTLS_X509_FMT_PEM);
    if (rc == 0 && places.revoked)
        gnutls_certificate_set_x509_crl_file(look->trust, places.revoked, GNUTLS_X509_FMT_PEM);
    certificate_places_release(&places);
    if (rc == 0)
        rc = gnutls_init(&look->tls, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    if (rc == 0)
        rc = gnutls_set_default_priority(look->tls);
    if (rc == 0)
        rc = gnutls_credentials_set(look->tls, GNUTLS_CRD_CERTIFICATE, look->trust);
    if (rc == 0 && !dial_is_address(host))
        rc = gnutls_server_name_set(look->tls, GNUTLS_NAME_DNS, host, strlen(host));
    if (rc == 0)
        gnutls_transport_set_int(look->tls, look->fd);
    return rc;
}

static int handshake(const struct look *look)
{
    for (;;) {
        int rc = gnutls_handshake(look->tls);
        if (rc == 0 || gnutls_error_is_fatal(rc))
            return rc;
        short events = gnutls_record_get_direction(look->tls) ? POLLOUT : POLLIN;
        if (rc == GNUTLS_E_AGAIN && dial_wait(look->fd, events, look->deadline, look->cancel) <= 0)
            return GNUTLS_E_TIMEDOUT;
    }
}

static struct err *no_handshake(const struct signin *signin, int rc)
{
    return err_said(
        err_next(err_new(ERR_NETWORK, ERR_TLS_OTHER, "%s, port %d: no TLS connection came about.",
                         signin->host, signin_port(signin)),
                 "Check that the port speaks TLS: 636 with ldaps://, 389 with StartTLS. The domain "
                 "controller may have no certificate."),
        gnutls_strerror(rc));
}

static struct err *look_closely(struct look *look, const struct signin *signin,
                                const struct deadlines *deadlines)
{
    look->deadline = clock_ms() + deadlines->tls;
    if (signin->transport == TRANSPORT_STARTTLS && !ask_start_tls(look))
        return no_handshake(signin, GNUTLS_E_PULL_ERROR);
    int rc = prepare(look, signin->host, signin->cacert);
    if (rc == 0)
        rc = handshake(look);
    return rc == 0 ? certificate_verdict(look->tls, signin) : no_handshake(signin, rc);
}

struct err *certificate_explain(const struct signin *signin, const struct deadlines *deadlines,
                                struct cancel *cancel)
{
    struct look look = {.fd = -1, .cancel = cancel};
    char *address = NULL;
    if (signin->adopted_fd >= 0)
        return no_handshake(signin, GNUTLS_E_CERTIFICATE_ERROR);
    struct err *err =
        dial(signin->host, signin_port(signin), deadlines, cancel, &look.fd, &address);
    free(address);
    if (err)
        return err;
    err = look_closely(&look, signin, deadlines);
    if (look.tls)
        gnutls_deinit(look.tls);
    if (look.trust)
        gnutls_certificate_free_credentials(look.trust);
    close(look.fd);
    return err;
}
