/* The bytes between libldap and the socket: the lowest layer of a handle made by ldap_init_fd().
 * It gives every wait a deadline and an ear for the cancel (libldap's own TLS handshake has
 * neither), counts bytes, raises no SIGPIPE, and once dead sends nothing more, so that a handle
 * whose connection is lost can be unbound safely. */
#ifndef DCMEND_DIAL_STREAM_H
#define DCMEND_DIAL_STREAM_H

#include "src/base/cancel.h"
#include "src/directory/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum stream_end {
    STREAM_OPEN,
    STREAM_CLOSED, /* the other side closed it */
    STREAM_FAILED, /* reset, no route: `failure` is the errno */
    STREAM_TIMED_OUT,
    STREAM_CANCELLED
};

struct stream {
    int fd;                      /* closed with the handle */
    const struct cancel *cancel; /* may be NULL */
    int64_t deadline;            /* clock_ms() based: for writes, and for reads while patient */
    bool patient;                /* reads wait (TLS handshake) instead of saying "not yet" */
    bool dead;                   /* nothing is sent or read any more */
    enum stream_end end;
    int failure;
    unsigned long long bytes_in, bytes_out;
};

/* A handle on the stream's socket. The stream must outlive it; the handle closes the socket (at
 * once when this fails). Returns libldap's code. */
int stream_handle(struct stream *stream, const char *url, LDAP **out);

/* From now on nothing is sent, and closing the socket forgets what the network has not taken yet:
 * otherwise the system would go on delivering it for minutes after the close. */
void stream_forget(struct stream *stream);

#endif
