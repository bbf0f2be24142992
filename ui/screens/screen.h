/* What a screen is: a table of functions over a state of its own. The app draws the frame and calls
 * the current screen; a screen never waits, never talks to the network and never runs a loop. What
 * it wants done it says by app_event() (a meaning for the wizard), or by one of app.h's functions.
 */
#ifndef DCMEND_SCREEN_H
#define DCMEND_SCREEN_H

#include "ui/keys.h"
#include "ui/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct pager;

enum { SCREEN_OFFERS = 16 };

struct screen_ops {
    const char *name; /* as the help page calls it */
    const char *help; /* what it is for and which step or option of the article it does; '\n' ends a
                         paragraph */
    void *(*open)(struct app *app);
    void (*close)(void *state);
    /* The keys that work now, most important first (without ? and q, which the app adds). */
    size_t (*offers)(struct app *app, void *state, struct keys_offer *offers);
    void (*draw)(struct app *app, void *state, struct rect rect);
    /* action: what the key means among the offers (ACTION_NONE: none, or while typing). True: used.
     */
    bool (*handle)(struct app *app, void *state, const struct term_event *event,
                   enum action action);
    bool (*typing)(struct app *app, void *state); /* letters belong to a field; NULL: never */
    void (*enter)(struct app *app, void *state);  /* it has just come up; NULL: nothing */
    /* Before each wait: what silence decides; ms until it wants to be asked again, -1: not. NULL:
     * nothing. */
    int64_t (*settle)(struct app *app, void *state);
    /* A list of things to do, while it waits beneath the steps: what its key would do, in words
     * that live until the next call, and doing it. NULL: there is no next one. */
    const char *(*next_word)(struct app *app, void *state);
    void (*next)(struct app *app, void *state);
    struct pager *(*page)(void *state); /* that is searched; NULL: there is none */
    bool stays; /* it says itself whose copy it shows: connecting to another DC does not close it */
};

extern const struct screen_ops screen_connect, screen_symptom, screen_locate, screen_inspect,
    screen_propose, screen_confirm, screen_apply, screen_report; /* the steps, in their order */
extern const struct screen_ops screen_browse;   /* Sites > Servers > NTDS Settings */
extern const struct screen_ops screen_accounts; /* who could be meant, over Inspect and Propose */
extern const struct screen_ops screen_partners; /* replication partners, failing ones first */
extern const struct screen_ops screen_scan;     /* every DSA of the forest */
extern const struct screen_ops screen_save;     /* the report, or the plan, as a file */
extern const struct screen_ops screen_journal;  /* what was changed, to be taken back */
extern const struct screen_ops screen_text; /* a page of text over anything: help, LDIF, copies */

#endif
