/* What a DC says of itself. */
#ifndef DCMEND_ROOTDSE_H
#define DCMEND_ROOTDSE_H

#include "src/directory/session_parts.h"

#include <time.h>

/* Blocks (network): a worker's call. One turn: the rootDSE and Who Am I, asked together after the
 * bind (so the answers are as protected as the connection). Fills session->server. ERR_NOT_AD when
 * it is no Active Directory, ERR_PROTOCOL when it does not say who it is. */
struct err *rootdse_read(struct session *session);

/* What a DC tells to anyone, asked over a connection of its own without signing in: a hint for the
 * explanation of a failed sign-in, never evidence. */
struct rootdse_hint {
    char *dns_host; /* NULL: not told */
    bool has_time;
    time_t time; /* the DC's clock */
    bool answered, directory;
};
/* Blocks (network). Never fails: what could not be asked stays empty. */
void rootdse_hint(const struct signin *signin, const struct deadlines *deadlines,
                  struct cancel *cancel, struct rootdse_hint *hint);
void rootdse_hint_release(struct rootdse_hint *hint);

#endif
