/* What app.c and app_jobs.c share with each other alone. */
#ifndef DCMEND_APP_PARTS_H
#define DCMEND_APP_PARTS_H

#include "ui/app.h"

/* The start: a sign-in is at hand, a text was given, or the Connect screen asks. */
void app_begin(struct app *app);
/* Forgets jobs, closes the session and gives back what app_begin() and jobs made. */
void app_end(struct app *app);
/* Results and progress of jobs become events. */
void app_take_news(struct app *app);

/* After the screen is gone: one or two lines that stay in the scrollback, so that an SSH log shows
 * what was done. */
void app_print_outcome(const struct wizard *wizard);

#endif
