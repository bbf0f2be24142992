/* A clock that only goes on, for deadlines and for what something took; no time of day. */
#ifndef DCMEND_CLOCK_H
#define DCMEND_CLOCK_H

#include <stdint.h>
#include <time.h>

int64_t clock_ms(void); /* milliseconds since some moment before the program began */
/* The moment so many milliseconds from now, for pthread_cond_timedwait() on CLOCK_MONOTONIC. */
struct timespec clock_in(int ms);

#endif
