/* A tree on top of a list. The caller answers two questions: which children an id has and how its
 * row looks. Id 0 is the invisible root. */
#ifndef DCMEND_TREE_H
#define DCMEND_TREE_H

#include "ui/widgets/list.h"

struct tree_row {
    const char *text; /* clean; lives until the next question */
    enum style style;
    const char *badge; /* set to the right, as "2 faults"; may be NULL */
    enum style badge_style;
    bool leaf; /* has and can have no children */
};

struct tree_source {
    /* How many; sets *ids, which live until the next question. */
    size_t (*children)(void *data, uint64_t id, const uint64_t **ids);
    void (*row)(void *data, uint64_t id, struct tree_row *row); /* row is zeroed before */
    void *data;
};

struct tree;

struct tree *tree_new(const struct tree_source *source, int badge_columns);
void tree_free(struct tree *tree);
/* After anything the source would answer differently (children arrived, filter): rows anew, the
 * selection and what is open stay. */
void tree_refresh(struct tree *tree);
void tree_open(struct tree *tree, uint64_t id);
void tree_close(struct tree *tree, uint64_t id);
bool tree_is_open(const struct tree *tree, uint64_t id);
/* For many at once: what is shown does not change before tree_refresh(). */
void tree_mark(struct tree *tree, uint64_t id, bool open);
void tree_set_badge_columns(struct tree *tree, int columns); /* 0: no room is kept for badges */
/* Opens nothing: open the parents first. False when no such row is there. */
bool tree_select(struct tree *tree, uint64_t id);
uint64_t tree_selected(const struct tree *tree);                /* 0 when empty */
int64_t tree_rests_in(const struct tree *tree, int64_t now_ms); /* as list_rests_in() */
/* Keys of a list; Right opens or goes to the first child, Left closes or goes to the parent;
 * Enter is the screen's (WIDGET_ENTER). */
enum widget_result tree_handle(struct tree *tree, const struct term_event *event);
void tree_draw(struct tree *tree, struct term *term, struct rect rect, bool focused);

#endif
