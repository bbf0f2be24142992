/* Nobody joins these threads: whoever waits for their work does so by a message of its own. */
#include "src/base/thread.h"

#include <pthread.h>
#include <signal.h>

enum { STACK_BYTES = 4 << 20 };

bool thread_start(void *(*run)(void *), void *argument)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, old;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    bool started = pthread_create(&thread, &attr, run, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
    return started;
}
