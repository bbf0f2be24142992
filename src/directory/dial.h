/* The way to a DC: its name resolved, a TCP connection made. Unlike libldap it tells "no such
 * host", "refused" and "timed out" apart, and it can be called off while it connects. */
#ifndef DCMEND_DIAL_H
#define DCMEND_DIAL_H

#include "src/base/cancel.h"
#include "src/base/err.h"
#include "src/directory/session.h"

#include <stdbool.h>
#include <stdint.h>

/* Blocks (name service, network): a worker's call. getaddrinfo() itself can neither be called off
 * nor be given a deadline. *fd is non-blocking and close-on-exec; *address is the numeric address
 * that answered, owned by the caller. */
struct err *dial(const char *host, int port, const struct deadlines *deadlines,
                 struct cancel *cancel, int *fd, char **address);

bool dial_is_address(const char *host); /* an IPv4 or IPv6 address, not a name */
/* Letters, digits, '-', '_' and '.', as DNS host names are; or an address. */
bool dial_is_host(const char *host);

/* Waits until fd is ready for `events` (poll's). 1: ready; 0: the deadline (clock_ms() based) has
 * passed; -1: called off. */
int dial_wait(int fd, short events, int64_t deadline, const struct cancel *cancel);

struct err *dial_cancelled(void); /* ERR_CANCELLED, in the words used everywhere */

#endif
