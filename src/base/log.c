/* The log is the one piece of process-wide state in src: every module may write to it, and carrying
 * a handle through each call would cost more than it explains. A mutex guards it. */
#include "src/base/log.h"

#include "src/base/str.h"
#include "src/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;

struct err *log_open(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_next(err_new(ERR_LOCAL, ERR_OTHER, "The log %s cannot be opened: %s.", path,
                                strerror(errno)),
                        "Name another file with --log, or leave the option out.");
    pthread_mutex_lock(&log_lock);
    log_fd = fd;
    pthread_mutex_unlock(&log_lock);
    return NULL;
}

void log_close(void)
{
    pthread_mutex_lock(&log_lock);
    if (log_fd >= 0)
        close(log_fd);
    log_fd = -1;
    pthread_mutex_unlock(&log_lock);
}

static void write_line(const char *text)
{
    struct timespec now;
    struct tm tm;
    char stamp[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
    struct str line = STR_INIT;
    str_addf(&line, "%s.%03ldZ ", stamp, now.tv_nsec / 1000000);
    text_add_clean(&line, text, strlen(text));
    str_addc(&line, '\n');
    if (write(log_fd, line.text, line.len) < 0) { /* a full disk must not stop the work */
        close(log_fd);
        log_fd = -1;
    }
    str_release(&line);
}

void log_line(const char *format, ...)
{
    pthread_mutex_lock(&log_lock);
    if (log_fd >= 0) {
        struct str text = STR_INIT;
        va_list ap;
        va_start(ap, format);
        str_addv(&text, format, ap);
        va_end(ap);
        write_line(str_text(&text));
        str_release(&text);
    }
    pthread_mutex_unlock(&log_lock);
}

void log_err(const struct err *err)
{
    if (err)
        log_line("error %s: %s%s%s", err_code_name(err->code), err->text, err->said ? " | " : "",
                 err->said ? err->said : "");
}
