#include "src/base/clock.h"

int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct timespec clock_in(int ms)
{
    struct timespec then;
    clock_gettime(CLOCK_MONOTONIC, &then);
    then.tv_sec += ms / 1000;
    then.tv_nsec += (ms % 1000) * 1000000L;
    then.tv_sec += then.tv_nsec / 1000000000L;
    then.tv_nsec %= 1000000000L;
    return then;
}
