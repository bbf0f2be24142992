/* Read to the end or refused: half a report could name the wrong DSA. */
#include "ui/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct err *cannot(const char *path, int why)
{
    return err_next(err_new(ERR_OPERATOR, ERR_USAGE, "%s cannot be read: %s.",
                            strcmp(path, "-") == 0 ? "Standard input" : path, strerror(why)),
                    "Name a file that holds the text of the event or report.");
}

static struct err *too_large(const char *path)
{
    return err_next(err_new(ERR_OPERATOR, ERR_LIMIT, "%s is larger than %d MiB.",
                            strcmp(path, "-") == 0 ? "Standard input" : path, INPUT_MOST >> 20),
                    "Cut it down to the event or to the report of one domain controller.");
}

static struct err *read_all(int fd, const char *path, struct str *out)
{
    char buffer[1 << 16];
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cannot(path, errno);
        if (got == 0)
            return NULL;
        if ((size_t)got > INPUT_MOST - out->len)
            return too_large(path);
        str_addn(out, buffer, (size_t)got);
    }
}

struct err *input_read(const char *path, struct str *out)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return cannot(path, errno);
    struct err *err = read_all(fd, path, out);
    if (!is_stdin)
        close(fd);
    if (err)
        str_release(out);
    return err;
}
