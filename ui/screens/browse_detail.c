/* The pane with one object: its attributes, decoded. A value that is longer than the pane is wide
 * takes several rows, which are chosen as one; of a very long one the beginning is shown, and Enter
 * shows the whole. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/screens/parts.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

enum {
    VALUE_ROWS = 6,
    VALUE_COLUMNS = 36,
    LABEL_MOST = 26,
    STACKED_LABEL = 12,
    POINTER_AND_GAP = 3
};

static const struct browse_line *line_of(const struct detail *detail, size_t row)
{
    return &detail->object.lines[detail->rows[row].line];
}

static bool same_value(const struct detail_row *a, const struct detail_row *b)
{
    return a->line == b->line && a->value == b->value;
}

static void draw_row(void *data, size_t index, struct list_row *row)
{
    const struct detail *detail = data;
    const struct detail_row *own = &detail->rows[index];
    bool none = line_of(detail, index)->values.count == 0;
    bool chosen = detail->focused && same_value(own, &detail->rows[detail->list.selected]);
    enum style style = chosen       ? STYLE_SELECTED
                       : own->label ? STYLE_QUIET
                       : none       ? STYLE_FAULT
                                    : STYLE_TEXT;
    size_t cell = detail->list.column_count - 1;
    if (cell > 0 && own->first && own->value == 0)
        row->cells[0] = (struct list_cell){line_of(detail, index)->attribute, STYLE_QUIET};
    row->cells[cell] = (struct list_cell){own->text, style};
}

void detail_init(struct detail *detail)
{
    *detail = (struct detail){.known = false};
    detail->list.row = draw_row;
    detail->list.data = detail;
    detail->list.discreet = true;
    detail->list.column_count = 2;
    detail->list.columns[0] = (struct list_column){.width = 15};
}

static void drop_rows(struct detail *detail)
{
    for (size_t i = 0; i < detail->row_count; i++)
        free(detail->rows[i].text);
    free(detail->rows);
    detail->rows = NULL;
    detail->row_count = 0;
    detail->cols = 0;
}

static void clear(struct detail *detail)
{
    drop_rows(detail);
    browse_object_release(&detail->object);
    detail->object = (struct browse_object){.lines = NULL};
    err_free(detail->err);
    detail->err = NULL;
    detail->known = false;
}

void detail_release(struct detail *detail)
{
    clear(detail);
}

/* --- rows --- */

static void add_row(struct detail *detail, const struct detail_row *like, bool first, char *text)
{
    struct detail_row *row = MEM_PUSH(detail->rows, detail->row_count);
    *row = *like;
    row->first = first;
    row->text = text;
}

/* On a narrow pane the attribute's name stands above a value that does not fit beside it. */
static bool add_label(struct detail *detail, const struct detail_row *row, const char *text)
{
    const char *name = detail->object.lines[row->line].attribute;
    int label = text_width(name) > STACKED_LABEL ? text_width(name) : STACKED_LABEL;
    bool fits = label + 1 + text_width(text) <= detail->cols;
    struct detail_row heading = *row;
    heading.label = !fits;
    if (row->value == 0)
        add_row(detail, &heading, true,
                fits ? str_format("%-*s %s", label, name, text) : mem_text(name));
    return fits && row->value == 0;
}

static void add_value(struct detail *detail, size_t line, size_t value, const char *text)
{
    struct strs parts = {NULL, 0};
    struct detail_row row = {.line = line, .value = value};
    int indent = detail->stacked ? 1 : 0, cols = detail->cols - indent;
    if (detail->stacked && add_label(detail, &row, text))
        return;
    size_t most = text_prefix(text, cols * VALUE_ROWS);
    char *head = mem_textn(text, most);
    text_wrap(&parts, head, cols);
    size_t count = parts.count < VALUE_ROWS ? parts.count : VALUE_ROWS;
    bool cut = text[most] || parts.count > count;
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 && (!detail->stacked || value > 0);
        const char *part = cut && i + 1 == count ? "... Enter shows all" : parts.items[i];
        add_row(detail, &row, first, str_format("%*s%s", indent, "", part));
    }
    strs_release(&parts);
    free(head);
}

static void select_value(struct detail *detail, const struct detail_row *wanted)
{
    detail->list.count = detail->row_count;
    detail->list.selected = 0;
    for (size_t i = 0; i < detail->row_count; i++)
        if (detail->rows[i].first && same_value(&detail->rows[i], wanted))
            detail->list.selected = i;
    detail->list.selected_id = detail->list.selected;
}

static void wrap(struct detail *detail, int cols, bool stacked)
{
    cols = cols > 8 ? cols : 8;
    if (detail->cols == cols && detail->stacked == stacked)
        return;
    struct detail_row chosen = {0};
    if (detail->list.selected < detail->row_count)
        chosen = detail->rows[detail->list.selected];
    drop_rows(detail);
    detail->cols = cols;
    detail->stacked = stacked;
    for (size_t i = 0; i < detail->object.count; i++) {
        const struct browse_line *line = &detail->object.lines[i];
        for (size_t v = 0; v < line->values.count; v++)
            add_value(detail, i, v, line->values.items[v]);
        if (line->values.count == 0)
            add_value(detail, i, 0, "absent");
    }
    select_value(detail, &chosen);
}

void detail_take(struct detail *detail, struct browse_object *object, struct err *err)
{
    bool same = detail->known && guid_equal(&detail->object.node.guid, &object->node.guid);
    int cols = detail->cols;
    clear(detail);
    detail->object = *object;
    *object = (struct browse_object){.lines = NULL};
    detail->err = err;
    detail->known = !err;
    if (!same)
        detail->list.selected = detail->list.top = 0;
    wrap(detail, cols > 0 ? cols : 40, detail->stacked);
}

static int widest_label(const struct detail *detail)
{
    int widest = 0;
    for (size_t i = 0; i < detail->object.count; i++) {
        int width = text_width(detail->object.lines[i].attribute);
        widest = width > widest && width <= LABEL_MOST ? width : widest;
    }
    return widest;
}

/* In as many rows as it takes, up to a few. */
static void draw_why(struct app *app, struct rect *rect, enum style style, const char *why)
{
    struct pager page = PAGER_INIT;
    pager_line(&page, style, why);
    page.fixed = true;
    int rows = pager_height(&page, rect->cols), most = rect->rows / 3;
    pager_draw(&page, app->term, layout_take(rect, rows < most ? rows : most));
    pager_release(&page);
}

void detail_draw(struct detail *detail, struct app *app, struct rect rect, bool focused,
                 enum style style, const char *why)
{
    if (detail->err) {
        struct pager page = PAGER_INIT;
        page_error(&page, detail->err);
        pager_draw(&page, app->term, rect);
        pager_release(&page);
        return;
    }
    if (!detail->known)
        return;
    struct rect title = layout_take(&rect, 1);
    term_put_middle(app->term, title.row, title.col, STYLE_HEAD, detail->object.node.name,
                    title.cols);
    if (why)
        draw_why(app, &rect, style, why);
    int label = widest_label(detail), beside = rect.cols - label - POINTER_AND_GAP;
    bool stacked = beside < VALUE_COLUMNS;
    detail->list.column_count = stacked ? 1 : 2;
    detail->list.columns[0].width = stacked ? 0 : label;
    detail->focused = focused;
    wrap(detail, stacked ? rect.cols - 2 : beside, stacked);
    list_draw(&detail->list, app->term, rect, focused);
}

/* --- keys --- */

/* From value to value: a key that stops within one goes on to the next, or back to its start. */
bool detail_handle(struct detail *detail, const struct term_event *event)
{
    struct list *list = &detail->list;
    if (list_handle(list, event) == WIDGET_IGNORED)
        return false;
    enum term_key key = widget_key(event);
    bool down = key == TERM_DOWN || key == TERM_PGDN;
    size_t at = list->selected;
    while (down && at < detail->row_count && !detail->rows[at].first)
        at++;
    if (at >= detail->row_count)
        at = list->selected;
    while (at > 0 && at < detail->row_count && !detail->rows[at].first)
        at--;
    if (at != list->selected)
        list_select_id(list, at);
    return true;
}

const char *detail_value(const struct detail *detail)
{
    size_t row;
    if (!list_selected(&detail->list, &row) || row >= detail->row_count)
        return NULL;
    const struct browse_line *line = line_of(detail, row);
    return line->values.count ? line->values.items[detail->rows[row].value] : NULL;
}

const struct dn_link *detail_link(const struct detail *detail)
{
    size_t row;
    if (!list_selected(&detail->list, &row) || row >= detail->row_count)
        return NULL;
    const struct browse_line *line = line_of(detail, row);
    return line->links && line->values.count ? &line->links[detail->rows[row].value] : NULL;
}
