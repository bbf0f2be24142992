/* A scrolling list over rows that the caller supplies by number; only the rows on the screen are
 * asked for, so a hundred thousand cost nothing. The selection follows a row's id, not its number:
 * filter or sort as you like, then call list_refresh(). */
#ifndef DCMEND_LIST_H
#define DCMEND_LIST_H

#include "ui/widgets/widget.h"

enum { LIST_CELLS = 8 };

struct list_cell {
    const char *text; /* clean; lives until the next row is asked for; NULL is empty */
    enum style style;
};
struct list_row {
    struct list_cell cells[LIST_CELLS];
    int indent; /* columns before the first cell */
};

struct list_column {
    int width;        /* 0: shares what is left */
    bool right;       /* set to the right */
    bool middle;      /* cut in the middle: DNs, GUIDs */
    const char *head; /* for list_draw_heads(); may be NULL */
};

/* Both callbacks are given data as it stands in the list. */
struct list {
    size_t count;
    void (*row)(void *data, size_t index, struct list_row *row); /* row is zeroed before */
    uint64_t (*id)(void *data, size_t index); /* stable and unique; NULL: the number is the id */
    void *data;
    struct list_column columns[LIST_CELLS];
    size_t column_count;
    const char *empty; /* shown when there is no row; NULL: nothing */
    bool slim;         /* of the chosen row the first cell alone is set off: less to send */
    bool discreet;     /* the chosen row is marked only while the list has the keys */

    size_t selected, top; /* own state from here on */
    uint64_t selected_id;
    int page;       /* rows of the last draw */
    int64_t moved;  /* ms, as term_event.at: when a key moved the selection last */
    bool repeating; /* ... soon after another one */
    size_t told;    /* what list_told() said last */
    uint64_t told_id;
};

enum { LIST_REST_MS = 120 }; /* without a key: then what stands beside the list follows it */

/* After count or the order changed: finds the selected id again, else stays near. Also once at the
 * start, when the members above are set. */
void list_refresh(struct list *list);
bool list_select_id(struct list *list, uint64_t id);        /* false when no row has it */
bool list_selected(const struct list *list, size_t *index); /* false when empty */
/* The row that is told of beside the list: the chosen one, but not while a key repeats, so that
 * only the list has to be sent over a slow line. False when empty. */
bool list_told(struct list *list, int64_t now_ms, size_t *index);
/* Ms until the keys rest; -1: they do. */
int64_t list_rests_in(const struct list *list, int64_t now_ms);
/* Up, Down, PgUp, PgDn, Home, End and their letters (widget_key()); Enter. */
enum widget_result list_handle(struct list *list, const struct term_event *event);
/* Focused, the cursor rests on the chosen row: braille lines and screen readers follow it. */
void list_draw(struct list *list, struct term *term, struct rect rect, bool focused);
/* The columns' heads, on the row above the list. */
void list_draw_heads(const struct list *list, struct term *term, struct rect rect);
char *list_position(const struct list *list); /* owned: "3-20 of 2001", or "" when all is shown */

#endif
