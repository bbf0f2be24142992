/* An eventfd carries both halves: it polls readable once raised, and the flag spares a system call.
 */
#include "src/base/cancel.h"

#include "src/base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct cancel {
    int fd;
    atomic_bool raised;
};

struct cancel *cancel_new(void)
{
    struct cancel *cancel = mem_zero(1, sizeof *cancel);
    cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return cancel;
}

void cancel_free(struct cancel *cancel)
{
    if (!cancel)
        return;
    if (cancel->fd >= 0)
        close(cancel->fd);
    free(cancel);
}

void cancel_raise(struct cancel *cancel)
{
    if (cancel && !atomic_exchange(&cancel->raised, true) && cancel->fd >= 0)
        (void)!eventfd_write(cancel->fd, 1);
}

bool cancel_raised(const struct cancel *cancel)
{
    return cancel && atomic_load(&cancel->raised);
}

int cancel_fd(const struct cancel *cancel)
{
    return cancel ? cancel->fd : -1;
}
