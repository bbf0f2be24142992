/* -W on a real terminal: a child with a pseudo-terminal of its own asks, the test types. Nothing is
 * waited for by time: the question is the marker, and the child's exit the end. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/suite.h"
#include "ui/password.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define QUESTION "Password for kayla, to be sent to dcsrv01.contoso.com: "

enum { GOT_IT = 0, WRONG = 1, EMPTY = 3, TOO_LONG = 4, NO_TERMINAL = 5 };
static const char wanted[] = "p\xC3\xA4ss word";

static struct {
    int terminal; /* our side */
    pid_t child;
    struct str seen;
} test;

static int exit_status(const struct err *err, const struct secret *secret)
{
    if (err_is(err, ERR_EMPTY_PASSWORD))
        return EMPTY;
    if (err && err->kind == ERR_LOCAL)
        return NO_TERMINAL;
    if (err)
        return TOO_LONG;
    return strcmp(secret_bytes(secret), wanted) == 0 ? GOT_IT : WRONG;
}

static void ask_and_exit(void)
{
    struct secret *secret = NULL;
    struct err *err = password_ask(QUESTION, &secret);
    int status = exit_status(err, secret);
    secret_free(secret);
    err_free(err);
    _exit(status);
}

/* libcheck's own handlers would be inherited. */
static void forget_handlers(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal(numbers[i], SIG_DFL);
    alarm(20);
}

static void set_up(void)
{
    test.seen = (struct str)STR_INIT;
    test.child = forkpty(&test.terminal, NULL, NULL, NULL);
    ck_assert_int_ge(test.child, 0);
    if (test.child == 0) {
        forget_handlers();
        ask_and_exit();
    }
}

static bool echo_is_on(int terminal)
{
    struct termios now;
    return tcgetattr(terminal, &now) == 0 && (now.c_lflag & ECHO) != 0;
}

/* A shell with one job in the foreground: only then can the job be stopped. It says so, and how it
 * found the terminal, and lets the job go on. */
static void be_shell(void)
{
    int status;
    signal(SIGTTOU, SIG_IGN);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(0, getpid());
        signal(SIGTTOU, SIG_DFL);
        ask_and_exit();
    }
    waitpid(job, &status, WUNTRACED);
    if (WIFSTOPPED(status)) {
        dprintf(1, "[stopped, echo %s]\n", echo_is_on(0) ? "on" : "off");
        kill(job, SIGCONT);
        waitpid(job, &status, 0);
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

static void set_up_shell(void)
{
    test.seen = (struct str)STR_INIT;
    test.child = forkpty(&test.terminal, NULL, NULL, NULL);
    ck_assert_int_ge(test.child, 0);
    if (test.child == 0) {
        forget_handlers();
        be_shell();
    }
}

static void tear_down(void)
{
    kill(test.child, SIGKILL);
    waitpid(test.child, NULL, 0);
    close(test.terminal);
    str_release(&test.seen);
}

static bool read_more(void)
{
    struct pollfd fd = {.fd = test.terminal, .events = POLLIN};
    char buffer[512];
    if (poll(&fd, 1, 10000) != 1)
        return false;
    ssize_t got = read(test.terminal, buffer, sizeof buffer);
    if (got > 0)
        str_addn(&test.seen, buffer, (size_t)got);
    return got > 0;
}

/* Until the question stands there `times` times, unanswered. */
static void wait_for_question(int times)
{
    for (;;) {
        int found = 0;
        for (const char *at = str_text(&test.seen); (at = strstr(at, QUESTION)); at++)
            found++;
        if (found == times)
            return;
        ck_assert_msg(read_more(), "no question: %s", str_text(&test.seen));
    }
}

static void type(const char *keys, size_t len)
{
    ck_assert_int_eq(write(test.terminal, keys, len), (ssize_t)len);
}

static bool echoes(void)
{
    return echo_is_on(test.terminal);
}

static int wait_for_child(void)
{
    int status;
    while (waitpid(test.child, &status, 0) < 0)
        ck_assert_int_eq(errno, EINTR);
    return status;
}

static void expect_exit(int wanted_status)
{
    int status = wait_for_child();
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == wanted_status, "status %x", status);
    ck_assert(echoes());
}

START_TEST(takes_a_line_without_showing_it)
{
    wait_for_question(1);
    ck_assert(!echoes());
    type(wanted, strlen(wanted));
    type("\n", 1);
    expect_exit(GOT_IT);
    while (read_more())
        ;
    ck_assert_ptr_null(strstr(str_text(&test.seen), "ss word"));
}
END_TEST

START_TEST(edits_as_the_terminal_does)
{
    wait_for_question(1);
    type("wrong\x15", 6); /* Ctrl-U */
    type(wanted, strlen(wanted));
    type("\n", 1);
    expect_exit(GOT_IT);
}
END_TEST

START_TEST(refuses_nothing)
{
    wait_for_question(1);
    type(_i ? "\x04" : "\n", 1); /* Ctrl-D, Enter */
    expect_exit(EMPTY);
}
END_TEST

START_TEST(refuses_too_much)
{
    wait_for_question(1);
    for (int i = 0; i <= SECRET_MAX / 8; i++)
        type("12345678", 8);
    type("\n", 1);
    expect_exit(TOO_LONG);
}
END_TEST

START_TEST(gives_the_echo_back_before_it_dies)
{
    static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    wait_for_question(1);
    ck_assert(!echoes());
    if (deadly[_i] == SIGINT)
        type("\x03", 1); /* Ctrl-C */
    else
        kill(test.child, deadly[_i]);
    int status = wait_for_child();
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), deadly[_i]);
    ck_assert(echoes());
}
END_TEST

START_TEST(asks_again_after_a_stop)
{
    wait_for_question(1);
    type("\x1A", 1); /* Ctrl-Z */
    wait_for_question(2);
    ck_assert_ptr_nonnull(strstr(str_text(&test.seen), "[stopped, echo on]"));
    ck_assert(!echoes());
    type(wanted, strlen(wanted));
    type("\n", 1);
    expect_exit(GOT_IT);
}
END_TEST

START_TEST(says_when_there_is_no_terminal)
{
    pid_t child = fork();
    int status;
    if (child == 0) {
        forget_handlers();
        setsid();
        ask_and_exit();
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), NO_TERMINAL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("password");
    TCase *typed = tcase_create("typed"), *untyped = tcase_create("untyped"),
          *job = tcase_create("job");
    tcase_add_checked_fixture(typed, set_up, tear_down);
    tcase_add_test(typed, takes_a_line_without_showing_it);
    tcase_add_test(typed, edits_as_the_terminal_does);
    tcase_add_loop_test(typed, refuses_nothing, 0, 2);
    tcase_add_test(typed, refuses_too_much);
    tcase_add_loop_test(typed, gives_the_echo_back_before_it_dies, 0, 4);
    tcase_add_test(untyped, says_when_there_is_no_terminal);
    tcase_add_checked_fixture(job, set_up_shell, tear_down);
    tcase_add_test(job, asks_again_after_a_stop);
    suite_add_tcase(suite, typed);
    suite_add_tcase(suite, job);
    suite_add_tcase(suite, untyped);
    return suite_run(suite);
}
