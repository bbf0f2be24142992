/* A wish to stop, sent from one thread to another: a flag and a descriptor that polls readable once
 * it is raised, so that a wait for the network ends at once. */
#ifndef DCMEND_CANCEL_H
#define DCMEND_CANCEL_H

#include <stdbool.h>

struct cancel;

struct cancel *cancel_new(void);
void cancel_free(struct cancel *cancel);
void cancel_raise(struct cancel *cancel);        /* any thread; NULL is fine */
bool cancel_raised(const struct cancel *cancel); /* NULL: false */
int cancel_fd(const struct cancel *cancel);      /* for poll(); -1 for NULL */

#endif
