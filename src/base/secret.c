/* One fixed block per secret: nothing is ever reallocated, so no stale copy is left on the heap. */
#include "src/base/secret.h"

#include "src/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct secret {
    size_t len;
    char bytes[SECRET_MAX + 1];
};

struct secret *secret_new(void)
{
    struct secret *secret = mem_zero(1, sizeof *secret);
    (void)mlock(secret,
                sizeof *secret); /* best effort: a low RLIMIT_MEMLOCK is no reason to fail */
    return secret;
}

void secret_clear(struct secret *secret)
{
    explicit_bzero(secret, sizeof *secret);
}

void secret_free(struct secret *secret)
{
    if (!secret)
        return;
    secret_clear(secret);
    free(secret); /* its pages stay locked: another secret may lie on them */
}

bool secret_is_empty(const struct secret *secret)
{
    return !secret || secret->len == 0;
}

size_t secret_length(const struct secret *secret)
{
    return secret->len;
}

bool secret_add(struct secret *secret, const char *bytes, size_t len)
{
    if (len > SECRET_MAX - secret->len || memchr(bytes, '\0', len))
        return false;
    memcpy(secret->bytes + secret->len, bytes, len);
    secret->len += len;
    return true;
}

void secret_drop_character(struct secret *secret)
{
    while (secret->len > 0) {
        unsigned char last = (unsigned char)secret->bytes[--secret->len];
        secret->bytes[secret->len] = '\0';
        if ((last & 0xC0) != 0x80)
            break;
    }
}

const char *secret_bytes(const struct secret *secret)
{
    return secret->bytes;
}

struct secret *secret_copy(const struct secret *secret)
{
    struct secret *copy = secret_new();
    secret_add(copy, secret->bytes, secret->len);
    return copy;
}

static struct err *check_private(int fd, const char *path)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_new(ERR_LOCAL, ERR_OTHER, "The password file %s cannot be examined: %s.", path,
                       strerror(errno));
    if (!S_ISREG(st.st_mode))
        return NULL; /* a pipe or process substitution: no mode to judge */
    if ((st.st_mode & 077) != 0 || (st.st_uid != geteuid() && st.st_uid != 0))
        return err_next(
            err_new(ERR_OPERATOR, ERR_USAGE, "The password file %s can be read by others.", path),
            "Make it yours alone: chmod 600 %s.", path);
    return NULL;
}

static struct err *read_line(int fd, const char *path, struct secret *secret)
{
    char buffer[SECRET_MAX + 2];
    size_t len = 0;
    struct err *err = NULL;
    for (;;) {
        ssize_t got = read(fd, buffer + len, sizeof buffer - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            err = err_new(ERR_LOCAL, ERR_OTHER, "The password file %s cannot be read: %s.", path,
                          strerror(errno));
        if (got <= 0)
            break;
        len += (size_t)got;
        if (len == sizeof buffer || memchr(buffer, '\n', len))
            break;
    }
    size_t line = 0;
    while (line < len && buffer[line] != '\n')
        line++;
    if (line > 0 && buffer[line - 1] == '\r')
        line--;
    if (!err && line == 0)
        err = err_new(ERR_OPERATOR, ERR_EMPTY_PASSWORD, "The password file %s is empty.", path);
    if (!err && !secret_add(secret, buffer, line))
        err = err_new(ERR_OPERATOR, ERR_USAGE,
                      "The password in %s is longer than %d bytes or holds a NUL byte.", path,
                      (int)SECRET_MAX);
    explicit_bzero(buffer, sizeof buffer);
    return err;
}

struct err *secret_read_file(const char *path, struct secret **out)
{
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_new(ERR_OPERATOR, ERR_USAGE, "The password file %s cannot be opened: %s.", path,
                       strerror(errno));
    struct secret *secret = secret_new();
    struct err *err = check_private(fd, path);
    if (!err)
        err = read_line(fd, path, secret);
    close(fd);
    if (err)
        secret_free(secret);
    else
        *out = secret;
    return err;
}
