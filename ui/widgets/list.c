/* The rows stay the caller's; here is only which one is chosen and which is on top. */
#include "ui/widgets/list.h"

#include "src/base/str.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { POINTER = 2, GAP = 1 }; /* columns of the "> " and between cells */

static uint64_t id_of(const struct list *list, size_t index)
{
    return list->id ? list->id(list->data, index) : index;
}

static void select_index(struct list *list, size_t index)
{
    if (list->count == 0) {
        list->selected = 0;
        return;
    }
    list->selected = index < list->count ? index : list->count - 1;
    list->selected_id = id_of(list, list->selected);
}

bool list_select_id(struct list *list, uint64_t id)
{
    for (size_t i = 0; i < list->count; i++)
        if (id_of(list, i) == id) {
            select_index(list, i);
            return true;
        }
    return false;
}

void list_refresh(struct list *list)
{
    bool there = list->selected < list->count && id_of(list, list->selected) == list->selected_id;
    if (!there && !list_select_id(list, list->selected_id))
        select_index(list, list->selected);
}

bool list_selected(const struct list *list, size_t *index)
{
    *index = list->selected;
    return list->selected < list->count;
}

int64_t list_rests_in(const struct list *list, int64_t now_ms)
{
    int64_t left = list->moved + LIST_REST_MS - now_ms;
    return left > 0 ? left : -1;
}

bool list_told(struct list *list, int64_t now_ms, size_t *index)
{
    bool there = list->told < list->count && id_of(list, list->told) == list->told_id;
    if (!there || list_rests_in(list, now_ms) < 0)
        list->told = list->selected;
    list->told_id = list->count ? id_of(list, list->told) : 0;
    *index = list->told;
    return list->told < list->count;
}

static enum widget_result move_by(struct list *list, int64_t now_ms, size_t down, size_t up)
{
    size_t old = list->selected;
    list->repeating = list_rests_in(list, now_ms) > 0;
    list->moved = now_ms;
    size_t to = up > old ? 0 : old - up;
    to = down > list->count - to ? list->count : to + down;
    select_index(list, to);
    return list->selected == old ? WIDGET_HANDLED : WIDGET_CHANGED;
}

enum widget_result list_handle(struct list *list, const struct term_event *event)
{
    size_t page = list->page > 1 ? (size_t)list->page - 1 : 1;
    if (event->kind != TERM_KEY || list->count == 0)
        return WIDGET_IGNORED;
    switch (widget_key(event)) {
    case TERM_UP:
        return move_by(list, event->at, 0, 1);
    case TERM_DOWN:
        return move_by(list, event->at, 1, 0);
    case TERM_PGUP:
        return move_by(list, event->at, 0, page);
    case TERM_PGDN:
        return move_by(list, event->at, page, 0);
    case TERM_HOME:
        return move_by(list, event->at, 0, list->count);
    case TERM_END:
        return move_by(list, event->at, list->count, 0);
    case TERM_ENTER:
        return WIDGET_ENTER;
    default:
        return WIDGET_IGNORED;
    }
}

/* --- drawing --- */

/* No empty rows at the end while there are rows above, and the chosen one in view: at the edge, or
 * most of a page from it while a key repeats, as a row that scrolls costs the whole list anew. */
static void scroll(struct list *list, int rows)
{
    size_t page = (size_t)rows;
    list->page = rows;
    size_t ahead = list->repeating ? page * 3 / 4 : 0;
    if (list->selected < list->top)
        list->top = list->selected > ahead ? list->selected - ahead : 0;
    if (list->selected >= list->top + page)
        list->top = list->selected - page + 1 + ahead;
    if (list->top + page > list->count)
        list->top = list->count > page ? list->count - page : 0;
}

/* Columns with a width of 0 share what the others leave. */
static void find_widths(const struct list *list, int cols, int widths[LIST_CELLS])
{
    int left = cols, shares = 0;
    for (size_t i = 0; i < list->column_count; i++) {
        widths[i] = list->columns[i].width;
        left -= widths[i] + (i > 0 ? GAP : 0);
        shares += widths[i] == 0;
    }
    for (size_t i = 0; i < list->column_count; i++)
        if (widths[i] == 0) {
            widths[i] = left > 0 ? left / shares : 0;
            left -= widths[i];
            shares--;
        }
}

static enum style style_for(enum style own, bool chosen, bool focused)
{
    return !chosen ? own : focused ? STYLE_SELECTED : own == STYLE_TEXT ? STYLE_MARKED : own;
}

static void draw_cell(struct term *term, int row, int col, enum style style, const char *text,
                      int max, const struct list_column *column)
{
    int width = text_width(text);
    if (column->right && width < max)
        col += max - width;
    if (column->middle)
        term_put_middle(term, row, col, style, text, max);
    else
        term_put_cut(term, row, col, style, text, max);
}

static void draw_row(struct list *list, struct term *term, struct rect rect, size_t index,
                     const int widths[LIST_CELLS], bool focused)
{
    struct list_row row = {0};
    bool chosen = index == list->selected && (focused || !list->discreet);
    list->row(list->data, index, &row);
    int end = rect.col + rect.cols, col = rect.col + POINTER;
    if (chosen && focused && !list->slim)
        term_put_pad(term, rect.row, rect.col, STYLE_SELECTED, "", rect.cols);
    if (chosen)
        term_put(term, rect.row, rect.col, style_for(STYLE_TEXT, !list->slim, focused),
                 term_glyph(term, GLYPH_POINTER), 1);
    if (chosen && focused)
        term_cursor_rest(term, rect.row, rect.col);
    for (size_t i = 0; i < list->column_count && col < end; i++) {
        const struct list_cell *cell = &row.cells[i];
        int indent = i == 0 && row.indent < widths[0] ? row.indent : 0;
        int room =
            widths[i] - indent < end - col - indent ? widths[i] - indent : end - col - indent;
        bool set_off = chosen && (i == 0 || !list->slim);
        if (cell->text && room > 0)
            draw_cell(term, rect.row, col + indent, style_for(cell->style, set_off, focused),
                      cell->text, room, &list->columns[i]);
        col += widths[i] + GAP;
    }
}

static void draw_empty(const char *empty, struct term *term, struct rect rect)
{
    struct strs lines = {NULL, 0};
    text_wrap(&lines, empty, rect.cols - POINTER);
    for (int i = 0; i < (int)lines.count && i < rect.rows; i++)
        term_put(term, rect.row + i, rect.col + POINTER, STYLE_QUIET, lines.items[i],
                 rect.cols - POINTER);
    strs_release(&lines);
}

void list_draw(struct list *list, struct term *term, struct rect rect, bool focused)
{
    int widths[LIST_CELLS];
    if (rect.rows < 1 || rect.cols <= POINTER)
        return;
    scroll(list, rect.rows);
    find_widths(list, rect.cols - POINTER, widths);
    if (list->count == 0 && list->empty)
        draw_empty(list->empty, term, rect);
    for (int i = 0; i < rect.rows && list->top + (size_t)i < list->count; i++) {
        struct rect line = {rect.row + i, rect.col, 1, rect.cols};
        draw_row(list, term, line, list->top + (size_t)i, widths, focused);
    }
}

void list_draw_heads(const struct list *list, struct term *term, struct rect rect)
{
    int widths[LIST_CELLS], end = rect.col + rect.cols, col = rect.col + POINTER;
    if (rect.rows < 1 || rect.cols <= POINTER)
        return;
    find_widths(list, rect.cols - POINTER, widths);
    for (size_t i = 0; i < list->column_count && col < end; i++) {
        const struct list_column *column = &list->columns[i];
        int room = widths[i] < end - col ? widths[i] : end - col;
        if (column->head && room > 0)
            draw_cell(term, rect.row, col, STYLE_QUIET, column->head, room, column);
        col += widths[i] + GAP;
    }
}

char *list_position(const struct list *list)
{
    size_t page = list->page > 0 ? (size_t)list->page : 1;
    if (list->count <= page)
        return str_format("%s", "");
    size_t last = list->top + page < list->count ? list->top + page : list->count;
    return str_format("%zu-%zu of %zu", list->top + 1, last, list->count);
}
