/* The program with a terminal: one loop, one wizard, one job at a time in the foreground. It turns
 * events into meanings for the wizard, the wizard's effects into jobs, and their results back into
 * events; the screens draw what the wizard knows. */
#ifndef DCMEND_APP_H
#define DCMEND_APP_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/jobs/failing.h"
#include "src/jobs/worker.h"
#include "src/remedy/wizard.h"
#include "ui/options.h"
#include "ui/screens/screen.h"
#include "ui/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { APP_STACK = 8 };

struct app_view {
    const struct screen_ops *ops;
    void *state;
};

struct app {
    const struct options *options;
    struct term *term;
    struct workers *workers;
    struct wizard wizard;
    /* What an effect leads to: app_perform(); tests put their own in its place. */
    void (*perform)(struct app *app, enum wizard_effect effect);
    int64_t (*now_ms)(void); /* tests: a clock of their own; NULL: CLOCK_MONOTONIC */
    struct signin signin;    /* how the present connection was made; never holds a password */

    bool needs_password; /* the present sign-in used one: another DC asks for it anew */

    struct session *session; /* idle; NULL: none, or a job has it */
    bool out;                /* a job has it, perhaps one that was called off */
    struct job *job;         /* in the foreground; NULL: none */
    const struct job_kind *job_kind;
    time_t job_since; /* when it began, for "3 s" */
    size_t job_progress;
    time_t job_moved;         /* when that changed last */
    enum wizard_effect later; /* an effect that waits for the session to come back */

    struct job *copies_job; /* the other DCs' copies; NULL: none */
    size_t copies_done;     /* how many have answered */

    struct job *side_job; /* beside it: Browse's readings; waits when the session is out */
    const struct job_kind *side_kind;
    void (*side_done)(struct app *app, void *work); /* takes what it wants out of work */
    size_t side_progress;

    time_t watched;         /* when the Report last looked at replication */
    struct failing failing; /* the replication partners of failing_host, once known */
    char *failing_host;
    time_t failing_since; /* when the reading began */
    bool failing_known;
    struct err *failing_err; /* why they are not known; NULL */

    struct app_view steps[STEP_COUNT];
    struct app_view stack[APP_STACK]; /* over the steps: Browse, pages of text */
    size_t depth;
    enum wizard_step shown; /* the step whose enter() was called last */

    struct plan *undo; /* `dcmend undo`: waits for the wizard to begin */
    char *notice;      /* one line above the footer: what just happened; NULL */
    bool notice_fault;
    struct guid full; /* the DSA that is read with all copies at once: one named a stranger */
    const struct screen_ops *painted; /* what the operator sees; NULL: nothing yet, or blind */
    bool blind;                       /* the screen is too small to show it */
    bool flush;                       /* discard pending input once the present screen is painted */
    bool left_behind;                 /* at the end: threads still wait for the network */
    bool quit;
    int exit_code;
};

/* Runs until the operator leaves; the process exit code. Everything it prints is after the terminal
 * was given back. */
int app_run(struct options *options); /* takes its password */

/* --- for screens --- */
void app_event(struct app *app, const struct wizard_event *event);
void app_send(struct app *app, enum wizard_event_kind kind); /* an event without anything else */
/* Connect: signin's password is sent once; app takes a copy for the job and drops it after. */
void app_connect(struct app *app, const struct signin *signin);
void app_notice(struct app *app, bool fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void app_push(struct app *app, const struct screen_ops *ops); /* opens it over the present one */
void app_pop(struct app *app);
/* A page of text over the present screen. Text need not be clean. */
void app_show_text(struct app *app, const char *title, const char *text);
void app_copy(struct app *app, const char *what, const char *text); /* OSC 52, with a notice */
/* A reading beside the wizard's own. False when the session is out or a side job runs. */
bool app_read(struct app *app, const struct job_kind *kind, void *work,
              void (*done)(struct app *app, void *work));
void app_cancel_reading(struct app *app);
bool app_is_reading(const struct app *app);
/* The idle session for a side job's record, NULL while it is out; give it back when the job ends.
 */
struct session *app_lend_session(struct app *app);
void app_return_session(struct app *app, struct session *session);
int64_t app_now_ms(const struct app *app); /* a clock that only goes on */
/* "3 s" since the foreground job began. */
long app_waited(const struct app *app);

#endif
