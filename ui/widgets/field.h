/* A line to type on. In a secret field the characters go straight into the caller's struct secret:
 * the field holds no copy and shows one dot a character. */
#ifndef DCMEND_FIELD_H
#define DCMEND_FIELD_H

#include "src/base/secret.h"
#include "src/base/str.h"
#include "ui/widgets/widget.h"

enum field_flags {
    FIELD_NO_PASTE = 1 /* a paste gives WIDGET_REFUSED: the field on Confirm */
};

enum { FIELD_MAX = 4096 }; /* bytes */

struct field {
    struct str text;
    size_t at;   /* the cursor: a byte of text, on a character's edge */
    size_t left; /* the first byte shown */
    unsigned flags;
    struct secret *secret; /* borrowed; NULL for an ordinary field */
};

void field_init(struct field *field, unsigned flags);
void field_init_secret(struct field *field, struct secret *secret, unsigned flags);
void field_release(struct field *field);
const char *field_text(const struct field *field);     /* always clean; "" for a secret field */
void field_set(struct field *field, const char *text); /* one clean line of it, cursor at the end */
/* Arrows, Home/End, Ctrl-A/E (ends), Ctrl-U/K/W (delete to the start, to the end, a word),
 * Backspace, Delete, characters; a paste becomes one line without what cannot be seen. */
enum widget_result field_handle(struct field *field, const struct term_event *event);
/* On the first row of rect; the cursor is shown when focused. */
void field_draw(struct field *field, struct term *term, struct rect rect, bool focused);

#endif
