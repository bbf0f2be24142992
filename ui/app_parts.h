/* What app.c and app_jobs.c share with each other alone. */
#ifndef DCMEND_APP_PARTS_H
#define DCMEND_APP_PARTS_H

#include "ui/app.h"

/* One round of the loop is app_enter_step(), app_due_in(), app_show(), a wait, and
 * app_take_input(). */
void app_open_steps(struct app *app);
void app_enter_step(struct app *app); /* tells a step's screen that it has come up */
int app_due_in(struct app *app);      /* lets silence decide; ms until it may again, -1: for ever */
void app_show(struct app *app); /* one frame; discards what was typed before it, where it matters */
void app_take_input(struct app *app); /* what is there, up to where a new frame is due */
void app_handle(struct app *app, const struct term_event *event);
void app_close_views(struct app *app);

/* Effects become jobs. */
void app_perform(struct app *app, enum wizard_effect effect);
/* The start: a sign-in is at hand, a text was given, or the Connect screen asks. */
void app_begin(struct app *app);
/* Forgets jobs, closes the session and gives back what app_begin() and jobs made. */
void app_end(struct app *app);
/* Results and progress of jobs become events. */
void app_take_news(struct app *app);

/* app_journal.c: a change whose outcome is not known is offered for verification, over the first
 * screen. */
void app_offer_unfinished(struct app *app);

/* app_copies.c */
struct copies_work;
void app_read_copies(struct app *app);
void app_forget_copies(struct app *app);
void app_copies_done(struct app *app, struct copies_work *work); /* takes the work over */

/* app_watch.c: whether the Report watches replication, and its next look when that is due. */
bool app_is_watching(const struct app *app);
void app_watch(struct app *app);

/* After the screen is gone: one or two lines that stay in the scrollback, so that an SSH log shows
 * what was done. */
void app_print_outcome(const struct wizard *wizard);

#endif
