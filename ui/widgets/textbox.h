/* A box to paste and edit text in: many lines, wrapped to the box, up to TERM_PASTE_MAX bytes. */
#ifndef DCMEND_TEXTBOX_H
#define DCMEND_TEXTBOX_H

#include "src/base/str.h"
#include "ui/widgets/widget.h"

struct textbox {
    struct strs lines;   /* at least one */
    size_t bytes;        /* of all lines and their ends */
    size_t line, at;     /* the cursor: a line and a byte of it */
    size_t top, top_row; /* the first line shown, and how many of its wrapped rows are above */
    int cols, rows;      /* of the last draw: what Up, Down and PgDn go by */
    bool enter_submits; /* Enter gives WIDGET_ENTER instead of a new line; may be set at any time */
};

void textbox_init(struct textbox *box);
void textbox_release(struct textbox *box);
bool textbox_is_empty(const struct textbox *box);
char *textbox_text(const struct textbox *box); /* owned, lines joined by \n; always clean */
void textbox_set(struct textbox *box, const char *bytes, size_t len);
void textbox_clear(struct textbox *box);
void textbox_end(struct textbox *box); /* the cursor goes behind the text */
/* Keys as in a field, for many lines; Ctrl-U empties the line. Tab leaves. */
enum widget_result textbox_handle(struct textbox *box, const struct term_event *event);
void textbox_draw(struct textbox *box, struct term *term, struct rect rect, bool focused);

#endif
