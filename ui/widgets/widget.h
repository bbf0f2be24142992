/* What all widgets have in common: plain state owned by a screen, `draw` into a rectangle, `handle`
 * an event and say what came of it. No widget waits, loops over input or knows curses. Esc is never
 * a widget's: the screen goes back. */
#ifndef DCMEND_WIDGET_H
#define DCMEND_WIDGET_H

#include "ui/term.h"

enum widget_result {
    WIDGET_IGNORED, /* not for this widget: the screen may use it */
    WIDGET_HANDLED, /* cursor or view moved */
    WIDGET_CHANGED, /* the text changed; in lists and trees: the selection */
    WIDGET_ENTER,   /* Enter: submit, open */
    WIDGET_NEXT,    /* Tab: on to the next widget */
    WIDGET_PREV,    /* Shift-Tab */
    WIDGET_REFUSED  /* a paste where none is taken, or no room: say so */
};

/* The key that an event of TERM_KEY is to a list or a page, letters as in less and tig: j, k, g, G,
 * b, and the blank for PgDn. */
enum term_key widget_key(const struct term_event *event);

#endif
