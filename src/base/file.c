/* Opening a FIFO waits for someone who writes into it, unless O_NONBLOCK is said. */
#include "src/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *file_read(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    FILE *file = NULL;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        errno = ENOTSUP;
    else
        file = fdopen(fd, "r");
    if (!file) {
        int failure = errno;
        close(fd);
        errno = failure;
    }
    return file;
}

bool file_may_hang(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}
