/* The pane with one object: its attributes, decoded, one row a value. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "ui/screens/parts.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

static const struct browse_line *line_of(const struct detail *detail, size_t row)
{
    return &detail->object.lines[detail->rows[row].line];
}

static void draw_row(void *data, size_t index, struct list_row *row)
{
    const struct detail *detail = data;
    const struct browse_line *line = line_of(detail, index);
    size_t value = detail->rows[index].value;
    bool first = value == 0;
    bool none = line->values.count == 0;
    row->cells[0] = (struct list_cell){first ? line->attribute : "", STYLE_QUIET};
    row->cells[1] = (struct list_cell){none ? "absent" : line->values.items[value],
                                       none ? STYLE_FAULT : STYLE_TEXT};
}

void detail_init(struct detail *detail)
{
    *detail = (struct detail){.known = false};
    detail->list.row = draw_row;
    detail->list.data = detail;
    detail->list.column_count = 2;
    detail->list.columns[0] = (struct list_column){.width = 15};
}

static void clear(struct detail *detail)
{
    browse_object_release(&detail->object);
    detail->object = (struct browse_object){.lines = NULL};
    err_free(detail->err);
    detail->err = NULL;
    free(detail->rows);
    detail->rows = NULL;
    detail->row_count = 0;
    detail->known = false;
}

void detail_release(struct detail *detail)
{
    clear(detail);
}

void detail_take(struct detail *detail, struct browse_object *object, struct err *err)
{
    bool same = detail->known && guid_equal(&detail->object.node.guid, &object->node.guid);
    clear(detail);
    detail->object = *object;
    *object = (struct browse_object){.lines = NULL};
    detail->err = err;
    detail->known = !err;
    for (size_t i = 0; i < detail->object.count; i++) {
        size_t values = detail->object.lines[i].values.count;
        for (size_t v = 0; v < (values ? values : 1); v++)
            *MEM_PUSH(detail->rows, detail->row_count) = (struct detail_row){i, v};
    }
    detail->list.count = detail->row_count;
    if (!same)
        detail->list.selected = detail->list.top = 0;
    detail->list.selected_id = detail->list.selected;
    list_refresh(&detail->list);
}

void detail_draw(struct detail *detail, struct app *app, struct rect rect, bool focused)
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
    detail->list.columns[0].width = rect.cols > 60 ? 22 : 15;
    list_draw(&detail->list, app->term, rect, focused);
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
