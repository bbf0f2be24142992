/* Where things stand on a screen: head line, steps (a line, or a rail at the left from 110 columns
 * on), content, footer. */
#ifndef DCMEND_LAYOUT_H
#define DCMEND_LAYOUT_H

#include "ui/keys.h"
#include "ui/widgets/widget.h"

enum { LAYOUT_WIDE = 110, LAYOUT_PROSE = 28 };

struct layout {
    struct rect head;    /* one row */
    struct rect steps;   /* one row, or the rail; no rows where there are no steps */
    struct rect content; /* between the rules, one column free at both sides */
    struct rect footer;  /* one row */
    bool rail;
    size_t undone; /* steps from this one on that were passed over get no tick; default: none */
};

struct layout layout_of(struct rect screen, bool steps);

/* What the head line always shows. Texts must be clean; NULL: not there yet. */
struct layout_head {
    const char *program;    /* "dcmend" */
    const char *server;     /* the DC that answers */
    const char *identity;   /* cut first where there is no room */
    const char *protection; /* "Kerberos, sealed" */
    const char *badge;      /* "READ ONLY"; never cut */
};
/* Rules, head and steps (NULL for none): all but content and footer, which keys_footer_draw()
 * fills. */
void layout_frame(struct term *term, const struct layout *layout, const struct layout_head *head,
                  const char *const *steps, size_t step_count, size_t current);

/* Splits from 110 columns of screen on (92 of content): true, left and right set, a line drawn
 * between by layout_divide(); else false, left is all of it. The left has as many columns as are
 * wanted, three fifths at least, and leaves LAYOUT_PROSE. */
bool layout_split(struct rect content, int wanted, struct rect *left, struct rect *right);
void layout_divide(struct term *term, struct rect left);

/* Takes rows off the top (or bottom, when negative) of *rect and returns them. */
struct rect layout_take(struct rect *rect, int rows);

#endif
