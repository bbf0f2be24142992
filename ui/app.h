/* The program with a terminal: one loop, one wizard, one task at a time in the foreground. It turns
 * events into meanings for the wizard, the wizard's effects into tasks for the desks, and their
 * results back into events; the screens draw what the wizard knows. */
#ifndef DCMEND_APP_H
#define DCMEND_APP_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/jobs/desk.h"
#include "src/jobs/failing.h"
#include "src/remedy/wizard.h"
#include "ui/options.h"
#include "ui/screens/screen.h"
#include "ui/term.h"
#include "ui/widgets/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { APP_STACK = 8 };

struct app_view {
    const struct screen_ops *ops;
    void *state;
};

/* What may be under way at the same time. */
enum app_place {
    PLACE_WIZARD, /* what the wizard waits for, over the session */
    PLACE_SIDE,   /* beside it, over the session: Browse's readings, the partners, a scan */
    PLACE_LIST,   /* the DSAs of the forest, over the session */
    PLACE_COPIES, /* the other DCs' copies */
    PLACE_NAMES,  /* DNS */
    PLACE_TICKET, /* the Kerberos ticket at hand, on the disk's desk */
    PLACE_DISK,   /* the first of several */
    APP_PLACES = PLACE_DISK + 8
};

/* Takes what it wants out of work, and err, which says why nothing came; NULL: done. */
typedef void app_done(struct app *app, void *work, struct err *err);

struct asked {
    struct task *task; /* NULL: nothing is under way */
    const struct task_kind *kind;
    app_done *done;
    bool quiet;      /* nobody waits for it: Connect is not shown for its sake */
    size_t progress; /* the latest word of it */
    int64_t since;   /* ms, app_now_ms(): when it was asked */
    int64_t moved;   /* when its progress changed last */
    void *wish;      /* its work, while it waits for somebody to sign in; NULL */
    struct err *why; /* ... and why it does */
};

/* What this visit keeps of one DSA: app_keep.c. */
struct app_kept {
    struct guid dsa;
    char *told;    /* what tells the outcome that it holds from the next; NULL: to be written */
    char *change;  /* the journal's id of the change that it is about; NULL: a verdict */
    char *text;    /* the newest part, and ... */
    char *earlier; /* ... those below it; NULL: none */
    char *path;    /* NULL: not written yet */
    struct err *failed;
    bool writing, again; /* again: what is being written is not the newest any more */
};

struct app {
    const struct options *options;
    struct term *term;
    struct desks *desks;
    struct wizard wizard;
    /* What an effect leads to: app_perform(); tests put their own in its place. */
    void (*perform)(struct app *app, enum wizard_effect effect);
    /* How a task comes to its desk: app_ask_desk(); tests put their own in its place. */
    void (*ask)(struct app *app, enum app_place place, const struct task_kind *kind, void *work,
                app_done *done);
    int64_t (*now_ms)(void); /* tests: a clock of their own; NULL: CLOCK_MONOTONIC */
    struct signin signin;    /* how the present connection was made; never holds a password */

    bool needs_password; /* the present sign-in used one: another DC asks for it anew */

    struct desk *desk; /* signs in by signin; NULL: nobody has, or has tried to */
    struct desk *copies_desk, *names_desk, *disk;
    struct asked asked[APP_PLACES];
    struct copies_work *copies; /* the other DCs that the reading has named; NULL */

    struct app_kept *kept; /* the reports of this visit */
    size_t kept_count;

    int64_t watched;        /* ms: when the Report last looked at replication */
    time_t watch_read;      /* ... and when it saw something */
    char *watch_trouble;    /* why the last look saw nothing; NULL: it did */
    struct failing failing; /* the replication partners of failing_host, once known */
    char *failing_host;
    bool failing_known;
    struct err *failing_err; /* why they are not known; NULL */

    struct app_view steps[STEP_COUNT];
    struct app_view stack[APP_STACK]; /* over the steps: Browse, pages of text */
    size_t depth;
    size_t asleep; /* so many of them, the lowest, wait beneath the steps: lists that sent one of
                      theirs to be judged */
    enum wizard_step shown; /* the step whose enter() was called last */

    struct strs outcomes; /* of each change: what stays in the scrollback */
    char *outcome_id;     /* the journal's, of the last of them */

    struct plan *undo; /* `dcmend undo ENTRY`: waits for the wizard to begin */
    char *journal_at;  /* the entry that was chosen in the journal last; NULL */
    struct field seek; /* "/" in a page: what is typed, and ... */
    bool seeking;      /* ... whether it is being typed */
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
void app_close_stack(struct app *app); /* what lies over the steps, and beneath them */
/* From a list: judges the DSA (on that DC, host NULL: on the connected one). The list waits beneath
 * the steps until app_wake(), which Esc is at the end of the way. */
void app_visit(struct app *app, const struct guid *dsa, const char *host);
void app_wake(struct app *app);
bool app_is_visit(const struct app *app);
/* The list's next one; NULL: there is no list, or it has none. */
const char *app_next_word(struct app *app);
void app_next(struct app *app);
/* A page of text over the present screen. Text need not be clean. */
void app_show_text(struct app *app, const char *title, const char *text);
void app_show_words(struct app *app); /* DSA, KCC and their like, as such a page */
void app_copy(struct app *app, const char *what, const char *text); /* OSC 52, with a notice */
/* A reading beside the wizard's own, over the session; false: there is one already. Where nobody is
 * signed in Connect asks first, and it is carried out then; quietly: it fails instead. */
bool app_read(struct app *app, const struct task_kind *kind, void *work, app_done *done);
bool app_read_quietly(struct app *app, const struct task_kind *kind, void *work, app_done *done);
void app_cancel_reading(struct app *app);
bool app_is_reading(const struct app *app);
bool app_is_listing(const struct app *app); /* the DSAs of the forest, unasked */
/* Work without a session: DNS, the disk. False: the place is taken, and work was dropped. */
bool app_ask(struct app *app, enum app_place place, const struct task_kind *kind, void *work,
             app_done *done);
int64_t app_now_ms(const struct app *app); /* a clock that only goes on */
/* Whether the Report watches replication; and when it was read last for the present report, 0:
 * not yet. */
bool app_is_watching(const struct app *app);
time_t app_watched(const struct app *app);
/* The report that is kept of the present DSA; NULL: none. Not beyond the next event. */
struct app_kept *app_kept(struct app *app);
void app_keep_left(struct app *app); /* what it is about is left: it is made true once more */
/* Seconds since what is under way there was asked. */
long app_waited(const struct app *app, enum app_place place);

#endif
