/* Several blocking errands at once, each with a hard time limit. DNS and Kerberos keep no deadline
 * of ours: an errand that is over its time is left behind with its thread, which drops it when it
 * ends at last; nobody else touches it again. */
#ifndef DCMEND_CREW_H
#define DCMEND_CREW_H

#include "src/base/cancel.h"

#include <stdbool.h>
#include <stddef.h>

struct errand_kind {
    void (*run)(void *errand, struct cancel *cancel); /* on a thread of its own; may block */
    void (*drop)(void *errand);                       /* frees what was left behind */
};

struct crew {
    size_t at_once; /* how many run side by side (those left behind do not count) */
    int each_ms;    /* how long each is waited for */
    /* Called from the caller's thread each time one has ended or was left; may be NULL. */
    void (*progress)(void *context, size_t done, size_t total);
    void *context;
    /* Of one that came home: true leaves the others behind; those before it in the list, which are
     * preferred, get half a second more. Caller's thread; may be NULL. */
    bool (*won)(const void *errand);
};

/* Blocks, for each_ms times count / at_once at most: a worker's call. While it runs the errands are
 * the crew's. Afterwards each is the caller's again, except those left behind, which are NULL. When
 * `cancel` is raised, one has won, or too many threads are stuck, the rest comes back without
 * having run. */
void crew_run(const struct crew *crew, const struct errand_kind *kind, void **errands, size_t count,
              struct cancel *cancel);

#endif
