/* Process-wide like the log, and for its reason: sessions, DNS and the crews' threads all tell what
 * they do. */
#include "src/base/trace.h"

#include "src/base/clock.h"
#include "src/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t trace_lock = PTHREAD_MUTEX_INITIALIZER;
static int trace_fd = -1;
static struct record *trace_record;
static atomic_bool trace_on;
static _Atomic int64_t trace_began; /* clock_ms(); 0: never wanted */

static void turn_on(bool on)
{
    trace_on = on;
    if (on && !trace_began)
        trace_began = clock_ms();
}

struct err *trace_open(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    struct stat status;
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        fd = -1;
        errno = ENOTSUP;
    } else if (fd >= 0 && (status.st_mode & 077) && fchmod(fd, 0600) != 0) {
        close(fd);
        fd = -1;
    }
    if (fd < 0)
        return err_next(err_new(ERR_LOCAL, ERR_OTHER, "The file %s cannot be written: %s.", path,
                                strerror(errno)),
                        "Name another file with --debug, or leave the option out.");
    pthread_mutex_lock(&trace_lock);
    trace_fd = fd;
    turn_on(true);
    pthread_mutex_unlock(&trace_lock);
    return NULL;
}

void trace_collect(struct record *record)
{
    pthread_mutex_lock(&trace_lock);
    trace_record = record;
    turn_on(record || trace_fd >= 0);
    pthread_mutex_unlock(&trace_lock);
}

void trace_close(void)
{
    pthread_mutex_lock(&trace_lock);
    if (trace_fd >= 0)
        close(trace_fd);
    trace_fd = -1;
    trace_on = trace_record != NULL;
    pthread_mutex_unlock(&trace_lock);
}

bool trace_is_on(void)
{
    return trace_on;
}

int64_t trace_since(int64_t moment)
{
    return moment - trace_began;
}

static void write_part(const struct record *part)
{
    struct str text = STR_INIT;
    record_write(&text, part);
    for (size_t at = 0; at < text.len;) {
        ssize_t done = write(trace_fd, text.text + at, text.len - at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) { /* a full disk must not stop the work */
            close(trace_fd);
            trace_fd = -1;
            break;
        }
        at += (size_t)done;
    }
    str_release(&text);
}

void trace_add(struct record *part)
{
    pthread_mutex_lock(&trace_lock);
    if (trace_fd >= 0)
        write_part(part);
    if (trace_record)
        record_move(trace_record, part);
    pthread_mutex_unlock(&trace_lock);
    record_release(part);
}
