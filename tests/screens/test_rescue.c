/* The terminal given back, on a real pseudo-terminal: signals, crashes, Ctrl-Z, hang-up, resizing,
 * and what libraries write to fd 2. A child runs a small program; the parent waits for markers on
 * its screen and for its end, never for a time. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/suite.h"
#include "ui/term.h"

#include <check.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;
static pid_t child;
static struct termios modes_before;
static struct str seen; /* everything the child has sent */

/* --- the child --- */

enum child_kind {
    CHILD_WAITS,
    CHILD_ABORTS,
    CHILD_RUNS_OUT_OF_MEMORY,
    CHILD_OVERFLOWS,
    CHILD_CRASHES
};

static volatile int never;

/* Not inlined and not a loop: each call takes its part of the stack. */
static __attribute__((noinline)) int eat_stack(int depth)
{
    volatile char part[4096];
    part[0] = (char)depth;
    if (never)
        return 0;
    return eat_stack(depth + 1) + part[0];
}

static void misbehave(enum child_kind kind)
{
    if (kind == CHILD_ABORTS)
        abort();
    if (kind == CHILD_RUNS_OUT_OF_MEMORY)
        free(mem_grow(NULL, SIZE_MAX / 2, 8)); /* cannot be had */
    if (kind == CHILD_OVERFLOWS)
        eat_stack(0);
    if (kind == CHILD_CRASHES)
        raise(SIGSEGV);
}

static void draw(struct term *term, const char *what)
{
    struct rect size = term_size(term);
    char *text = str_format("<%s %dx%d>", what, size.cols, size.rows);
    term_clear_all(term);
    term_put(term, 0, 0, STYLE_TEXT, text, 60);
    term_show(term);
    free(text);
}

/* Exit codes tell what ended it. */
static int child_main(enum child_kind kind)
{
    struct term_options options = {.in = stdin, .out = stdout, .type = "xterm-256color"};
    struct term *term;
    struct term_event event;
    struct pollfd none[1];
    int code = -1;
    setlocale(LC_ALL, "C.UTF-8");
    struct err *err = term_open(&options, &term);
    if (err)
        return 90;
    fprintf(stderr, "libldap says\033[2J hello\n");
    draw(term, "ready");
    misbehave(kind);
    while (code < 0) {
        term_wait(term, none, 0, -1);
        while (term_read(term, &event)) {
            if (event.kind == TERM_EOF)
                code = 7;
            else if (event.kind == TERM_SIGNAL)
                code = 20 + event.signal;
            else if (event.kind == TERM_KEY && event.key == TERM_CHAR && event.rune == 'q')
                code = 0;
            else if (event.kind == TERM_KEY && event.key == TERM_CTRL)
                draw(term, "ctrl");
            else if (event.kind == TERM_RESIZE)
                draw(term, "size");
            term_event_release(&event);
        }
    }
    term_close(term);
    return code;
}

static void become_child(void)
{
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    dup2(slave, 0);
    dup2(slave, 1);
    dup2(slave, 2);
    close(master);
    close(slave);
    signal(SIGALRM, SIG_DFL); /* libcheck's */
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
}

static void open_pty(void)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, &size), 0);
    tcgetattr(slave, &modes_before);
    str_clear(&seen);
}

static void start(enum child_kind kind)
{
    open_pty();
    child = fork();
    if (child == 0) {
        become_child();
        _exit(child_main(kind));
    }
}

static void finish(void)
{
    close(master);
    close(slave);
    str_release(&seen);
}

/* --- the parent --- */

/* Reads until the marker was sent; fails when nothing comes for ten seconds. */
static void wait_for(const char *marker)
{
    char bytes[4096];
    struct pollfd poll_master = {.fd = master, .events = POLLIN};
    while (!strstr(str_text(&seen), marker)) {
        ck_assert_msg(poll(&poll_master, 1, 10000) == 1, "no %s in: %s", marker, str_text(&seen));
        ssize_t got = read(master, bytes, sizeof bytes);
        ck_assert_msg(got > 0, "no %s in: %s", marker, str_text(&seen));
        str_addn(&seen, bytes, (size_t)got);
    }
}

static void drain(void)
{
    char bytes[4096];
    ssize_t got;
    fcntl(master, F_SETFL, O_NONBLOCK);
    while ((got = read(master, bytes, sizeof bytes)) > 0)
        str_addn(&seen, bytes, (size_t)got);
}

/* Reads on meanwhile: a sanitizer's report is longer than what a terminal holds. */
static int wait_for_end(void)
{
    int status;
    struct pollfd fds[] = {{.fd = pidfd_open(child, 0), .events = POLLIN},
                           {.fd = master, .events = POLLIN}};
    while (poll(fds, 2, 30000) > 0 && !fds[0].revents)
        drain();
    ck_assert(fds[0].revents);
    close(fds[0].fd);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    drain();
    return status;
}

static const char *after_last(const char *marker)
{
    const char *at = NULL;
    for (const char *c = str_text(&seen); (c = strstr(c, marker)); c++)
        at = c;
    ck_assert_msg(at != NULL, "no %s", marker);
    return at + strlen(marker);
}

/* Full screen left, pastes off, cursor shown, modes as before. */
static void assert_given_back(void)
{
    struct termios now;
    ck_assert_int_eq(tcgetattr(slave, &now), 0);
    ck_assert_uint_eq(now.c_lflag & (ICANON | ECHO | ISIG),
                      modes_before.c_lflag & (ICANON | ECHO | ISIG));
    ck_assert_uint_eq(now.c_iflag, modes_before.c_iflag);
    ck_assert_uint_eq(now.c_oflag, modes_before.c_oflag);
    const char *rest = after_last("\033[?1049l");
    ck_assert(!strstr(rest, "\033[?1049h"));
    after_last("\033[?2004l");
    ck_assert(!strstr(after_last("\033[?2004l"), "\033[?2004h"));
    ck_assert(strstr(str_text(&seen), "\033[?25h") != NULL);
}

START_TEST(a_key_ends_it_and_fd_2_is_shown_after)
{
    start(CHILD_WAITS);
    wait_for("<ready 80x24>");
    ck_assert(!strstr(str_text(&seen), "libldap"));
    ck_assert_int_eq((int)write(master, "qrm -rf\n", 8), 8);
    int status = wait_for_end();
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_given_back();
    ck_assert(strstr(after_last("\033[?1049l"), "libldap says\\1B[2J hello") != NULL);
    int left = -1; /* what was typed behind q is not left for the shell */
    ck_assert_int_eq(ioctl(slave, FIONREAD, &left), 0);
    ck_assert_int_eq(left, 0);
    finish();
}
END_TEST

START_TEST(polite_signals_are_events)
{
    static const int numbers[] = {SIGTERM, SIGINT};
    start(CHILD_WAITS);
    wait_for("<ready");
    kill(child, numbers[_i]);
    int status = wait_for_end();
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 20 + numbers[_i]);
    assert_given_back();
    finish();
}
END_TEST

START_TEST(other_signals_restore_and_end)
{
    static const int numbers[] = {SIGQUIT, SIGUSR1, SIGALRM, SIGPIPE, SIGXCPU, SIGSEGV, SIGBUS};
    start(CHILD_WAITS);
    wait_for("<ready");
    kill(child, numbers[_i]);
    int status = wait_for_end();
    /* A sanitizer turns crashes into an exit status. */
    ck_assert(WIFSIGNALED(status) ? WTERMSIG(status) == numbers[_i] : WEXITSTATUS(status) != 0);
    assert_given_back();
    ck_assert(strstr(after_last("\033[?1049l"), "libldap says [2J hello") != NULL);
    finish();
}
END_TEST

START_TEST(crashes_restore)
{
    start((enum child_kind)_i);
    int status = wait_for_end();
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    assert_given_back();
    ck_assert(strstr(after_last("\033[?1049l"), "libldap says") != NULL);
    finish();
}
END_TEST

START_TEST(a_hang_up_ends_it)
{
    start(CHILD_WAITS);
    wait_for("<ready");
    close(slave);
    close(master);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 7);
    str_release(&seen);
}
END_TEST

START_TEST(a_resize_wakes_it)
{
    static const int sizes[][2] = {{100, 30}, {60, 15}, {200, 50}};
    start(CHILD_WAITS);
    wait_for("<ready");
    for (int i = 0; i < 3; i++) {
        struct winsize size = {.ws_row = (unsigned short)sizes[i][1],
                               .ws_col = (unsigned short)sizes[i][0]};
        char *marker = str_format("%dx%d>", sizes[i][0], sizes[i][1]);
        ioctl(master, TIOCSWINSZ, &size);
        wait_for(marker);
        free(marker);
    }
    kill(child, SIGTERM);
    wait_for_end();
    finish();
}
END_TEST

START_TEST(ctrl_c_and_ctrl_s_are_keys)
{
    start(CHILD_WAITS);
    wait_for("<ready");
    ck_assert_int_eq((int)write(master, "\003", 1), 1);
    wait_for("ctrl");
    ck_assert_int_eq((int)write(master, "\023\034q", 3), 3); /* Ctrl-S, Ctrl-\ */
    int status = wait_for_end();
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    finish();
}
END_TEST

/* A shell in small: it starts the program as its foreground job, says when it stops, and on the
 * next line typed brings it back. */
static int shell_main(void)
{
    int status;
    char line[8];
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        signal(SIGTTOU, SIG_IGN);
        tcsetpgrp(0, getpid());
        signal(SIGTTOU, SIG_DFL);
        _exit(child_main(CHILD_WAITS));
    }
    signal(SIGTTOU, SIG_IGN);
    setpgid(job, job);
    tcsetpgrp(0, job);
    while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
        tcsetpgrp(0, getpgrp());
        if (write(1, "[stopped]", 9) != 9 || read(0, line, sizeof line) <= 0)
            return 91;
        tcsetpgrp(0, job);
        kill(-job, SIGCONT);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 92;
}

START_TEST(ctrl_z_and_back)
{
    struct winsize size = {.ws_row = 33, .ws_col = 99};
    open_pty();
    child = fork();
    if (child == 0) {
        become_child();
        _exit(shell_main());
    }
    wait_for("<ready");
    ck_assert_int_eq((int)write(master, "\032", 1), 1);
    wait_for("[stopped]");
    assert_given_back();
    ioctl(master, TIOCSWINSZ, &size); /* goes to the shell, not to the job */
    ck_assert_int_eq((int)write(master, "fg\n", 3), 3);
    wait_for("99x33>");
    ck_assert(strstr(after_last("[stopped]"), "\033[?1049h") != NULL);
    ck_assert(strstr(after_last("[stopped]"), "\033[?2004h") != NULL);
    str_clear(&seen);
    ck_assert_int_eq((int)write(master, "\032", 1), 1); /* and once more */
    wait_for("[stopped]");
    ck_assert_int_eq((int)write(master, "fg\n", 3), 3);
    wait_for("\033[?2004h");
    ck_assert_int_eq((int)write(master, "q", 1), 1);
    int status = wait_for_end();
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_given_back();
    finish();
}
END_TEST

static Suite *rescue_suite(void)
{
    Suite *suite = suite_create("rescue");
    TCase *tests = tcase_create("rescue");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_key_ends_it_and_fd_2_is_shown_after);
    tcase_add_loop_test(tests, polite_signals_are_events, 0, 2);
    tcase_add_loop_test(tests, other_signals_restore_and_end, 0, 7);
    tcase_add_loop_test(tests, crashes_restore, CHILD_ABORTS, CHILD_CRASHES + 1);
    tcase_add_test(tests, a_hang_up_ends_it);
    tcase_add_test(tests, a_resize_wakes_it);
    tcase_add_test(tests, ctrl_c_and_ctrl_s_are_keys);
    tcase_add_test(tests, ctrl_z_and_back);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(rescue_suite());
}
