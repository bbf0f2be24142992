/* Sessions opened side by side, each given up after a time. */
#ifndef DCMEND_OPENING_H
#define DCMEND_OPENING_H

#include "src/base/cancel.h"
#include "src/directory/session.h"

#include <stddef.h>

/* Blocks (DNS, Kerberos, network), at most each_ms, and no longer than until `cancel` is raised: a
 * worker's call. sessions[i] is NULL where none came about; whys[i] (owned; whys may be NULL) says
 * why. What comes too late is closed by the thread that was left behind with it. The sessions
 * listen to `cancel` until they are told otherwise. */
void sessions_open(const struct signin *ways, size_t count, const struct deadlines *deadlines,
                   int each_ms, struct cancel *cancel, struct session **sessions, char **whys);
/* The same until the first has come about: the others are given up then. */
void sessions_open_first(const struct signin *ways, size_t count, const struct deadlines *deadlines,
                         int each_ms, struct cancel *cancel, struct session **sessions,
                         char **whys);

#endif
