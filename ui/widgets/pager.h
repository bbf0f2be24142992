/* Styled text wrapped to the width and scrolled. Each line is: a prefix that is not wrapped (a
 * label; the rest of the line stands to the right of it) and spans of styled text. Where more is
 * hidden the last row says so, and which key shows it: "-- PgDn: 12 more lines --". */
#ifndef DCMEND_PAGER_H
#define DCMEND_PAGER_H

#include "src/base/str.h"
#include "ui/widgets/widget.h"

struct pager_span {
    size_t end; /* where in body it ends */
    enum style style;
};
struct pager_line {
    char *prefix; /* may be NULL */
    int prefix_cols;
    enum style prefix_style;
    struct str body;
    struct pager_span *spans;
    size_t span_count;
};
struct pager_row; /* a wrapped row */

struct pager {
    struct pager_line *lines;
    size_t line_count;
    struct pager_row *rows;
    size_t row_count;
    int cols; /* what rows were wrapped for; 0: not yet */
    int page; /* rows of the last draw */
    size_t top;
    const char *sought; /* shown where it stands; borrowed; NULL: nothing */
    size_t found;       /* the row where it was found last */
    bool fixed;         /* no key scrolls it now: the last row names none */
};
#define PAGER_INIT                                                                                 \
    {                                                                                              \
        0                                                                                          \
    }

void pager_release(struct pager *pager);
void pager_clear(struct pager *pager); /* also scrolls to the top */

/* Starts a line. Text must be clean; newlines in it start further lines. */
void pager_line(struct pager *pager, enum style style, const char *text);
void pager_linef(struct pager *pager, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A line "label   text", label padded to cols columns; wrapped text stays in its column. */
void pager_pair(struct pager *pager, int cols, enum style label_style, const char *label,
                enum style style, const char *text);
/* Appends to the last line in another style. */
void pager_span(struct pager *pager, enum style style, const char *text);
void pager_blank(struct pager *pager);

/* Up, Down, PgUp, PgDn, Home, End and their letters (widget_key()); ignored when everything is
 * visible. */
enum widget_result pager_handle(struct pager *pager, const struct term_event *event);
/* Goes to the next (back: the previous) row with that text, case ignored, round the ends; again:
 * not to the one that it stands at. False: it is nowhere. For a page that was drawn. */
bool pager_find(struct pager *pager, const char *text, bool back, bool again);
/* It is longer than it was drawn. */
bool pager_scrolls(const struct pager *pager);
void pager_draw(struct pager *pager, struct term *term, struct rect rect);
/* The columns in which no word is cut, and no DN: with what has a label beside it, or below. */
int pager_width(const struct pager *pager, bool below);
/* Rows the text takes at that width: for screens that put something below it. */
int pager_height(struct pager *pager, int cols);

#endif
