/* What is open is a sorted set of ids; from it and the caller's answers the visible rows are built
 * as one flat array, which a list shows. Building it asks for the children of open nodes only. */
#include "ui/widgets/tree.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, INDENT = 2 };

struct node {
    uint64_t id;
    int depth;
};

struct tree {
    struct tree_source source;
    struct list list;
    struct node *nodes;
    size_t count;
    uint64_t *open;
    size_t open_count;
    struct str label;
};

/* --- what is open --- */

/* Where id stands, or would stand, among the open ones. */
static size_t open_place(const struct tree *tree, uint64_t id)
{
    size_t low = 0, high = tree->open_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tree->open[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool tree_is_open(const struct tree *tree, uint64_t id)
{
    size_t place = open_place(tree, id);
    return place < tree->open_count && tree->open[place] == id;
}

static void set_open(struct tree *tree, uint64_t id, bool open)
{
    size_t place = open_place(tree, id);
    if (tree_is_open(tree, id) == open)
        return;
    if (open) {
        uint64_t *last = MEM_PUSH(tree->open, tree->open_count);
        uint64_t *hole = tree->open + place;
        memmove(hole + 1, hole, (size_t)(last - hole) * sizeof *hole);
        *hole = id;
    } else {
        tree->open_count--;
        memmove(tree->open + place, tree->open + place + 1,
                (tree->open_count - place) * sizeof *tree->open);
    }
}

/* --- rows --- */

static void add_children(struct tree *tree, uint64_t parent, int depth)
{
    const uint64_t *ids = NULL;
    size_t count = tree->source.children(tree->source.data, parent, &ids);
    if (count == 0 || depth >= DEPTH_MAX)
        return;
    uint64_t *own = mem_zero(count, sizeof *own); /* theirs live until the next question */
    memcpy(own, ids, count * sizeof *own);
    for (size_t i = 0; i < count; i++) {
        *MEM_PUSH(tree->nodes, tree->count) = (struct node){own[i], depth};
        if (tree_is_open(tree, own[i]))
            add_children(tree, own[i], depth + 1);
    }
    free(own);
}

static uint64_t row_id(void *data, size_t index)
{
    return ((const struct tree *)data)->nodes[index].id;
}

static void draw_node(void *data, size_t index, struct list_row *row)
{
    struct tree *tree = data;
    const struct node *node = &tree->nodes[index];
    row->indent = node->depth * INDENT;
    struct tree_row own = {0};
    tree->source.row(tree->source.data, node->id, &own);
    str_clear(&tree->label);
    str_add(&tree->label, own.leaf ? " " : tree_is_open(tree, node->id) ? "-" : "+");
    str_addf(&tree->label, " %s", own.text ? own.text : "");
    row->cells[0] = (struct list_cell){tree->label.text, own.style};
    row->cells[1] = (struct list_cell){own.badge, own.badge_style};
}

struct tree *tree_new(const struct tree_source *source, int badge_columns)
{
    struct tree *tree = mem_zero(1, sizeof *tree);
    tree->source = *source;
    tree->list.row = draw_node;
    tree->list.id = row_id;
    tree->list.data = tree;
    tree->list.slim = true;
    tree_set_badge_columns(tree, badge_columns);
    tree_refresh(tree);
    return tree;
}

void tree_free(struct tree *tree)
{
    if (!tree)
        return;
    free(tree->nodes);
    free(tree->open);
    str_release(&tree->label);
    free(tree);
}

void tree_refresh(struct tree *tree)
{
    free(tree->nodes);
    tree->nodes = NULL;
    tree->count = 0;
    add_children(tree, 0, 0);
    tree->list.count = tree->count;
    list_refresh(&tree->list);
}

void tree_open(struct tree *tree, uint64_t id)
{
    set_open(tree, id, true);
    tree_refresh(tree);
}

void tree_close(struct tree *tree, uint64_t id)
{
    set_open(tree, id, false);
    tree_refresh(tree);
}

void tree_mark(struct tree *tree, uint64_t id, bool open)
{
    set_open(tree, id, open);
}

void tree_set_badge_columns(struct tree *tree, int columns)
{
    tree->list.column_count = columns > 0 ? 2 : 1;
    tree->list.columns[1].width = columns;
}

bool tree_select(struct tree *tree, uint64_t id)
{
    return list_select_id(&tree->list, id);
}

static const struct node *selected_node(const struct tree *tree)
{
    size_t index;
    return list_selected(&tree->list, &index) ? &tree->nodes[index] : NULL;
}

uint64_t tree_selected(const struct tree *tree)
{
    const struct node *node = selected_node(tree);
    return node ? node->id : 0;
}

int64_t tree_rests_in(const struct tree *tree, int64_t now_ms)
{
    return list_rests_in(&tree->list, now_ms);
}

/* --- keys --- */

static enum widget_result open_selected(struct tree *tree, uint64_t id)
{
    struct tree_row row = {0};
    tree->source.row(tree->source.data, id, &row);
    if (!row.leaf)
        tree_open(tree, id);
    return WIDGET_HANDLED;
}

static enum widget_result go_right(struct tree *tree, const struct node *node)
{
    size_t next = (size_t)(node - tree->nodes) + 1;
    if (!tree_is_open(tree, node->id))
        return open_selected(tree, node->id);
    if (next >= tree->count || tree->nodes[next].depth <= node->depth)
        return WIDGET_HANDLED;
    list_select_id(&tree->list, tree->nodes[next].id);
    return WIDGET_CHANGED;
}

static enum widget_result go_left(struct tree *tree, const struct node *node)
{
    int depth = node->depth;
    if (tree_is_open(tree, node->id)) {
        tree_close(tree, node->id);
        return WIDGET_HANDLED;
    }
    while (node > tree->nodes && node->depth >= depth)
        node--;
    if (node->depth >= depth)
        return WIDGET_HANDLED;
    list_select_id(&tree->list, node->id);
    return WIDGET_CHANGED;
}

enum widget_result tree_handle(struct tree *tree, const struct term_event *event)
{
    const struct node *node = selected_node(tree);
    if (event->kind != TERM_KEY || !node)
        return WIDGET_IGNORED;
    if (event->key == TERM_LEFT)
        return go_left(tree, node);
    if (event->key == TERM_RIGHT)
        return go_right(tree, node);
    return list_handle(&tree->list, event);
}

void tree_draw(struct tree *tree, struct term *term, struct rect rect, bool focused)
{
    list_draw(&tree->list, term, rect, focused);
}
