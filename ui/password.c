/* Signals that would leave the terminal without its echo are blocked but while ppoll() waits; there
 * they only leave a note. The echo is given back first, then the signal is raised again with its
 * own meaning: the program dies of it, or stops and asks once more when it goes on. No signal
 * handler touches the terminal. */
#include "ui/password.h"

#include "src/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
enum { WATCHED = sizeof watched / sizeof *watched };

static volatile sig_atomic_t caught;

static void note_signal(int number)
{
    caught = number;
}

struct prompt {
    int fd;
    struct termios cooked;
    sigset_t before; /* the mask, and the handlers, as they were */
    struct sigaction handlers[WATCHED];
};

static void catch_signals(struct prompt *prompt)
{
    struct sigaction note = {.sa_handler = note_signal};
    sigset_t block;
    sigemptyset(&block);
    sigemptyset(&note.sa_mask);
    for (size_t i = 0; i < WATCHED; i++)
        sigaddset(&block, watched[i]);
    sigprocmask(SIG_BLOCK, &block, &prompt->before);
    caught = 0;
    for (size_t i = 0; i < WATCHED; i++) {
        sigaction(watched[i], NULL, &prompt->handlers[i]);
        if (prompt->handlers[i].sa_handler != SIG_IGN)
            sigaction(watched[i], &note, NULL);
    }
}

static void release_signals(struct prompt *prompt)
{
    for (size_t i = 0; i < WATCHED; i++)
        sigaction(watched[i], &prompt->handlers[i], NULL);
    if (caught)
        (void)raise(caught); /* pending until the mask is as before */
    sigprocmask(SIG_SETMASK, &prompt->before, NULL);
}

static bool set_echo(struct prompt *prompt, bool on)
{
    struct termios quiet = prompt->cooked;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
    quiet.c_lflag |= ICANON | ECHONL | ISIG;
    /* TCSAFLUSH: what was typed before the question is not the answer. */
    return tcsetattr(prompt->fd, on ? TCSADRAIN : TCSAFLUSH, on ? &prompt->cooked : &quiet) == 0;
}

static void say(int fd, const char *text)
{
    ssize_t put = write(fd, text, strlen(text));
    (void)put; /* the read that follows will tell */
}

static struct err *nothing_typed(void)
{
    return err_next(err_new(ERR_OPERATOR, ERR_EMPTY_PASSWORD, "No password was typed."),
                    "Type it, or sign in with a Kerberos ticket: leave -W out.");
}

/* The line that a terminal in canonical mode hands over at once, without its newline. */
static struct err *take_line(int fd, struct secret *secret)
{
    char buffer[4096 + 1]; /* N_TTY gives no longer line */
    struct err *err = NULL;
    ssize_t got = read(fd, buffer, sizeof buffer);
    size_t len = got > 0 ? (size_t)got : 0;
    while (len > 0 && (buffer[len - 1] == '\n' || buffer[len - 1] == '\r'))
        len--;
    if (len == 0)
        err = nothing_typed();
    else if (!secret_add(secret, buffer, len))
        err = err_new(ERR_OPERATOR, ERR_USAGE,
                      "The password is longer than %d bytes or holds a NUL byte.", (int)SECRET_MAX);
    explicit_bzero(buffer, sizeof buffer);
    return err;
}

/* One try. *again: a signal came, and the program is still there. */
static struct err *ask_once(struct prompt *prompt, const char *question, struct secret *secret,
                            bool *again)
{
    struct pollfd key = {.fd = prompt->fd, .events = POLLIN};
    struct err *err = NULL;
    *again = false;
    catch_signals(prompt);
    if (!set_echo(prompt, false)) {
        err = err_new(ERR_LOCAL, ERR_OTHER, "The terminal's echo cannot be switched off: %s.",
                      strerror(errno));
    } else {
        say(prompt->fd, question);
        while (ppoll(&key, 1, NULL, &prompt->before) < 0 && errno == EINTR && !caught)
            ;
        *again = caught != 0;
        if (!*again)
            err = take_line(prompt->fd, secret);
        set_echo(prompt, true);
        if (*again)
            say(prompt->fd, "\n");
    }
    release_signals(prompt);
    return err;
}

static struct err *no_terminal(void)
{
    return err_next(
        err_new(ERR_LOCAL, ERR_OTHER, "There is no terminal to ask for the password on."),
        "Use -y FILE, or a Kerberos ticket in place of -W.");
}

/* A background job waits, stopped, until the shell brings it to the front; where nobody could do
 * that the signal is lost, and the question is not asked. */
static bool open_terminal(struct prompt *prompt)
{
    prompt->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (prompt->fd < 0)
        return false;
    if (tcgetpgrp(prompt->fd) != getpgrp())
        (void)raise(SIGTTIN);
    if (tcgetpgrp(prompt->fd) == getpgrp() && tcgetattr(prompt->fd, &prompt->cooked) == 0)
        return true;
    close(prompt->fd);
    return false;
}

struct err *password_ask(const char *question, struct secret **out)
{
    struct prompt prompt;
    struct err *err = NULL;
    bool again;
    *out = NULL;
    if (!open_terminal(&prompt))
        return no_terminal();
    struct secret *secret = secret_new();
    do
        err = ask_once(&prompt, question, secret, &again);
    while (!err && again);
    close(prompt.fd);
    if (err)
        secret_free(secret);
    else
        *out = secret;
    return err;
}
