/* One table of what to do with each signal. A handler may run in any thread and at any moment, so
 * all that it needs is prepared beforehand and lies in static memory. A crash in the middle of
 * curses is harmless: nothing here goes through curses. */
#include "ui/term_rescue.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CAPTURE_MAX = 1 << 20, CAPTURE_SHOWN = 64 << 10, ALT_STACK = 64 << 10 };

static struct rescue plan;
static volatile sig_atomic_t armed;
static int pipe_ends[2] = {-1, -1};
static struct sigaction before[NSIG];
static bool caught[NSIG];
static int real_stderr = -1, capture = -1;

/* --- restoring --- */

static void write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return;
        bytes += done;
        len -= (size_t)done;
    }
}

/* What the C library or a sanitizer said last is worth seeing; control characters are not. */
static void spill_capture(void)
{
    char chunk[512];
    off_t at = 0;
    ssize_t got;
    if (real_stderr < 0)
        return;
    dup2(real_stderr, STDERR_FILENO);
    while ((got = pread(capture, chunk, sizeof chunk, at)) > 0 && at < CAPTURE_SHOWN) {
        for (ssize_t i = 0; i < got; i++)
            if ((unsigned char)chunk[i] < 0x20 && chunk[i] != '\n')
                chunk[i] = ' ';
            else if ((unsigned char)chunk[i] >= 0x7F)
                chunk[i] = '?';
        write_all(STDERR_FILENO, chunk, (size_t)got);
        at += got;
    }
}

void rescue_now(void)
{
    if (!armed)
        return;
    armed = 0;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGTTOU, &ignore, NULL); /* from the background tcsetattr would stop us */
    tcflush(plan.in, TCIFLUSH);        /* nothing typed here may reach the shell */
    write_all(plan.out, plan.bytes, plan.len);
    tcsetattr(plan.in, TCSANOW, &plan.modes);
    spill_capture();
}

void rescue_pause(bool paused)
{
    armed = !paused;
}

/* --- signals --- */

static void on_polite(int number)
{
    int saved = errno;
    char byte = (char)number;
    if (write(pipe_ends[1], &byte, 1) < 0)
        errno = 0; /* full: there is enough to read already */
    errno = saved;
}

/* The instruction that crashed runs again behind the handler and crashes into the old action; a
 * signal that was sent has to be sent again. */
static void on_fatal(int number, siginfo_t *info, void *context)
{
    (void)context;
    rescue_now();
    sigaction(number, &before[number], NULL);
    if (info->si_code <= 0 || (number != SIGSEGV && number != SIGBUS && number != SIGILL &&
                               number != SIGFPE && number != SIGTRAP))
        raise(number);
}

enum care { CARE_NONE, CARE_POLITE, CARE_FATAL, CARE_CRASH };

static enum care care_for(int number)
{
    switch (number) {
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
    case SIGTSTP:
    case SIGCONT:
        return CARE_POLITE;
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGABRT:
        return CARE_CRASH;
    case SIGKILL:
    case SIGSTOP:
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH: /* curses' own */
    case SIGTTIN:
    case SIGTTOU:
    case SIGTRAP: /* the debugger's */
        return CARE_NONE;
    default: /* 32 and 33 are the C library's */
        return number < 32 || number >= SIGRTMIN ? CARE_FATAL : CARE_NONE;
    }
}

static void catch_signal(int number)
{
    enum care care = care_for(number);
    struct sigaction action;
    if (care == CARE_NONE || sigaction(number, NULL, &before[number]) != 0)
        return;
    bool ignored =
        before[number].sa_handler == SIG_IGN; /* nohup; SIGPIPE and SIGXFSZ in our own main */
    bool own = before[number].sa_handler != SIG_DFL; /* a sanitizer's: it gets its turn after */
    if (care != CARE_CRASH && (ignored || (own && care == CARE_FATAL)))
        return;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    if (care == CARE_POLITE) {
        action.sa_handler = on_polite;
    } else {
        action.sa_flags |= SA_SIGINFO | SA_ONSTACK;
        action.sa_sigaction = on_fatal;
    }
    caught[number] = sigaction(number, &action, NULL) == 0;
}

/* A crash by stack overflow needs another stack to be handled on. */
static void use_alt_stack(void)
{
    static char memory[ALT_STACK];
    stack_t now;
    if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE))
        return;
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    sigaltstack(&stack, NULL);
}

void rescue_begin(const struct rescue *rescue)
{
    plan = *rescue;
    if (pipe_ends[0] < 0 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0)
        pipe_ends[0] = pipe_ends[1] = -1;
    armed = 1;
    mem_on_exhausted(rescue_now);
    use_alt_stack();
    for (int number = 1; number < NSIG; number++)
        catch_signal(number);
}

void rescue_end(void)
{
    for (int number = 1; number < NSIG; number++)
        if (caught[number]) {
            sigaction(number, &before[number], NULL);
            caught[number] = false;
        }
    mem_on_exhausted(NULL);
    armed = 0;
    while (rescue_signal())
        ;
}

int rescue_fd(void)
{
    return pipe_ends[0];
}

int rescue_signal(void)
{
    unsigned char byte;
    return pipe_ends[0] >= 0 && read(pipe_ends[0], &byte, 1) == 1 ? byte : 0;
}

void rescue_stop(bool group)
{
    struct sigaction by_default = {.sa_handler = SIG_DFL}, stop, go;
    sigaction(SIGTSTP, &by_default, &stop);
    sigaction(SIGCONT, &by_default, &go);
    kill(group ? 0 : getpid(), SIGTSTP); /* here the process stands still until SIGCONT */
    sigaction(SIGTSTP, &stop, NULL);
    sigaction(SIGCONT, &go, NULL);
}

/* --- fd 2 --- */

void capture_begin(void)
{
    capture = memfd_create("dcmend-stderr", MFD_CLOEXEC);
    if (capture < 0)
        return;
    fflush(stderr);
    real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (real_stderr < 0 || dup2(capture, STDERR_FILENO) < 0) {
        close(capture);
        capture = -1;
    }
}

void capture_trim(void)
{
    struct stat st;
    if (capture < 0 || fstat(capture, &st) != 0 || st.st_size < CAPTURE_MAX)
        return;
    if (ftruncate(capture, 0) == 0)
        lseek(capture, 0, SEEK_SET);
}

static char *read_capture(void)
{
    char *text = NULL, *raw = mem_zero(CAPTURE_SHOWN, 1);
    struct stat st;
    off_t from =
        fstat(capture, &st) == 0 && st.st_size > CAPTURE_SHOWN ? st.st_size - CAPTURE_SHOWN : 0;
    ssize_t got = pread(capture, raw, CAPTURE_SHOWN, from);
    if (got > 0)
        text = text_clean_lines(raw, (size_t)got);
    free(raw);
    return text;
}

char *capture_end(void)
{
    if (capture < 0)
        return NULL;
    fflush(stderr);
    dup2(real_stderr, STDERR_FILENO);
    char *text = read_capture();
    close(real_stderr);
    close(capture);
    real_stderr = capture = -1;
    return text;
}
