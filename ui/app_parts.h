/* What app.c, app_jobs.c and the other app_*.c share with each other alone. */
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
bool app_is_covered(const struct app *app);
void app_close_views(struct app *app);

/* app_ask.c */
void app_ask_desk(struct app *app, enum app_place place, const struct task_kind *kind, void *work,
                  app_done *done);
void app_call_off(struct app *app, enum app_place place); /* a wish that waits there, too */
/* Results and progress of tasks become events. */
void app_take_news(struct app *app);
/* The task and what is queued behind it are gone with the desk; a view that misses its reading asks
 * again. */
void app_leave_desk(struct app *app);
void app_take_desk(struct app *app, bool forbid_writes); /* a new one, that signs in by signin */
bool app_lacks_password(const struct app *app);          /* it is needed, and not at hand */
struct err *app_not_signed_in(const struct app *app, const char *host);
/* Connect asks for a sign-in. What the wizard waits for is a wish then. err is taken over. */
void app_lose(struct app *app, struct err *err);
/* Connect lies over everything: the connection was lost, and only the operator can make another. */
bool app_asks_sign_in(const struct app *app);
/* Connect was left without a sign-in: the reading that waited for one has failed. */
void app_give_up_reading(struct app *app);

/* Effects become tasks. */
void app_perform(struct app *app, enum wizard_effect effect);
/* The start: a sign-in is at hand, a text was given, or the Connect screen asks. */
void app_begin(struct app *app);
/* Leaves the desks and gives back what app_begin() and tasks made. */
void app_end(struct app *app);

/* app_journal.c: a change whose outcome is not known is looked for, and offered for verification
 * over the first screen. */
void app_offer_unfinished(struct app *app);

/* app_copies.c */
void app_read_copies(struct app *app); /* app->copies */
void app_forget_copies(struct app *app);

/* app_list.c: asks for the DSAs of the forest where the wizard wants them. */
void app_list(struct app *app);

/* app_watch.c: the Report's next look at replication when that is due. */
void app_watch(struct app *app);

/* app_find.c: "/" in the page of a view. */
struct pager *app_page_of(const struct app_view *view); /* NULL: it has none */
size_t app_find_offers(struct keys_offer *offers);      /* while app->seeking */
/* What is typed behind the slash; Esc drops it, and what was marked. */
void app_find_type(struct app *app, struct pager *page, const struct term_event *event);
/* A slash, n or N; true: used. */
bool app_find_key(struct app *app, struct pager *page, const struct term_event *event);
void app_find_draw(struct app *app, struct rect *content);

/* app_keep.c */
void app_keep(struct app *app);     /* writes what there is to keep, once for each outcome */
void app_keep_end(struct app *app); /* the program is left: waits a second for the disk at most */
void app_forget_kept(struct app *app);

/* app_visit.c: Esc leads to the list that sent the DSA. */
bool app_leads_to_list(const struct app *app);
/* Another DC was connected: lists that do not say whose copy they show are closed. */
void app_close_strange(struct app *app);
/* One or two lines a change that stay in the scrollback, so that an SSH log shows what was done:
 * noted when its outcome is known, printed after the screen is gone. */
void app_note_outcome(struct app *app);
void app_print_outcomes(const struct app *app);
void app_forget_outcomes(struct app *app);

#endif
