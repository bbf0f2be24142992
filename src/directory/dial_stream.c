/* A Sockbuf_IO of our own at the provider level, where libldap would put its TCP layer. Reads are
 * non-blocking (ldap_result() waits in slices above), except during a TLS handshake, where libldap
 * would otherwise spin or block. */
#include "src/directory/dial_stream.h"

#include "src/directory/dial.h"

#include <errno.h>
#include <openldap.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int setup(Sockbuf_IO_Desc *io, void *stream)
{
    io->sbiod_pvt = stream;
    return 0;
}

static int control(Sockbuf_IO_Desc *io, int option, void *argument)
{
    (void)io, (void)option, (void)argument;
    return 0;
}

static ber_slen_t give_up(struct stream *stream, enum stream_end end, int failure)
{
    stream->dead = true;
    stream->end = end;
    stream->failure = failure;
    errno = failure;
    return -1;
}

/* 0: go on; -1: over. */
static ber_slen_t wait_for(struct stream *stream, short events)
{
    int ready = dial_wait(stream->fd, events, stream->deadline, stream->cancel);
    if (ready > 0)
        return 0;
    return ready < 0 ? give_up(stream, STREAM_CANCELLED, ECANCELED)
                     : give_up(stream, STREAM_TIMED_OUT, ETIMEDOUT);
}

static ber_slen_t read_some(Sockbuf_IO_Desc *io, void *buffer, ber_len_t len)
{
    struct stream *stream = io->sbiod_pvt;
    for (;;) {
        if (stream->dead)
            return give_up(stream, stream->end, EPIPE);
        ssize_t got = recv(stream->fd, buffer, len, 0);
        if (got > 0) {
            stream->bytes_in += (unsigned long long)got;
            return got;
        }
        if (got == 0) {
            stream->end = STREAM_CLOSED;
            errno = 0;
            return 0;
        }
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK)
            return give_up(stream, STREAM_FAILED, errno);
        if (!stream->patient)
            return -1; /* errno says: not yet */
        if (wait_for(stream, POLLIN) != 0)
            return -1;
    }
}

static ber_slen_t write_some(Sockbuf_IO_Desc *io, void *buffer, ber_len_t len)
{
    struct stream *stream = io->sbiod_pvt;
    for (;;) {
        if (stream->dead)
            return give_up(stream, stream->end, EPIPE);
        ssize_t sent = send(stream->fd, buffer, len, MSG_NOSIGNAL);
        if (sent >= 0) {
            stream->bytes_out += (unsigned long long)sent;
            return sent;
        }
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK)
            return give_up(stream, STREAM_FAILED, errno);
        if (wait_for(stream, POLLOUT) != 0)
            return -1;
    }
}

static int close_it(Sockbuf_IO_Desc *io)
{
    struct stream *stream = io->sbiod_pvt;
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
    stream->dead = true;
    return 0;
}

static Sockbuf_IO stream_io = {setup, NULL, control, read_some, write_some, close_it};

int stream_handle(struct stream *stream, const char *url, LDAP **out)
{
    Sockbuf *sockbuf = NULL;
    int rc = ldap_init_fd(stream->fd, LDAP_PROTO_EXT, url, out);
    if (rc != LDAP_SUCCESS) {
        close(stream->fd);
        stream->fd = -1;
        return rc;
    }
    rc = ldap_get_option(*out, LDAP_OPT_SOCKBUF, &sockbuf);
    if (rc != LDAP_OPT_SUCCESS || !sockbuf ||
        ber_sockbuf_add_io(sockbuf, &stream_io, LBER_SBIOD_LEVEL_PROVIDER, stream) != 0)
        return LDAP_LOCAL_ERROR;
    return LDAP_SUCCESS;
}

void stream_forget(struct stream *stream)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    stream->dead = true;
    if (stream->fd >= 0)
        (void)setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}
