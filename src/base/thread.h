/* A detached thread for work that may block: all signals are blocked in it, so that the UI thread
 * alone sees them. */
#ifndef DCMEND_THREAD_H
#define DCMEND_THREAD_H

#include <stdbool.h>

/* False when the system gives none. */
bool thread_start(void *(*run)(void *), void *argument);

#endif
