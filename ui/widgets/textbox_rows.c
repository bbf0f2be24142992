/* Wrapping is worked out for the few rows on the screen and for the line of the cursor only, so
 * that megabytes stay quick. A place on the screen is a line and the number of a wrapped row in it.
 * One column at the right is left for the cursor and for the arrows that tell of more. */
#include "ui/widgets/textbox_rows.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/widgets/edit.h"

#include <stdlib.h>
#include <string.h>

struct place {
    size_t line, row;
};

static const char *line_text(const struct textbox *box)
{
    return box->lines.items[box->line];
}

/* --- wrapped rows --- */

static size_t row_end(const struct textbox *box, const char *text, size_t len, size_t at)
{
    int left = box->cols;
    size_t end = at;
    while (end < len) {
        uint32_t rune;
        size_t used = text_rune(text + end, len - end, &rune);
        left -= rune < 0x80 ? 1 : text_rune_width(rune);
        if (left < 0 && end > at)
            break;
        end += used;
    }
    return end;
}

/* The row of a line that holds byte at, and where that row starts. */
static size_t row_of(const struct textbox *box, const char *text, size_t at, size_t *start)
{
    size_t row = 0, len = strlen(text);
    *start = 0;
    for (;;) {
        size_t end = row_end(box, text, len, *start);
        if (at < end || end == len)
            return row;
        *start = end;
        row++;
    }
}

static size_t last_row(const struct textbox *box, size_t line)
{
    size_t start;
    const char *text = box->lines.items[line];
    return row_of(box, text, strlen(text), &start);
}

static size_t row_start(const struct textbox *box, const char *text, size_t row)
{
    size_t at = 0, len = strlen(text);
    while (row-- > 0)
        at = row_end(box, text, len, at);
    return at;
}

static struct place cursor_place(const struct textbox *box)
{
    size_t start;
    return (struct place){box->line, row_of(box, line_text(box), box->at, &start)};
}

static struct place rows_up(const struct textbox *box, struct place place, size_t count)
{
    while (place.row < count && place.line > 0) {
        count -= place.row + 1;
        place.line--;
        place.row = last_row(box, place.line);
    }
    place.row = place.row > count ? place.row - count : 0;
    return place;
}

static struct place rows_down(const struct textbox *box, struct place place, size_t count)
{
    for (;;) {
        size_t left = last_row(box, place.line) - place.row;
        if (count <= left || place.line + 1 == box->lines.count) {
            place.row += count < left ? count : left;
            return place;
        }
        count -= left + 1;
        place.line++;
        place.row = 0;
    }
}

/* --- moving --- */

/* To the same column of another row. */
static enum widget_result go_to(struct textbox *box, struct place place)
{
    size_t start;
    row_of(box, line_text(box), box->at, &start);
    char *before = mem_textn(line_text(box) + start, box->at - start);
    int column = text_width(before);
    free(before);
    box->line = place.line;
    const char *text = line_text(box);
    size_t len = strlen(text), at = row_start(box, text, place.row);
    size_t end = row_end(box, text, len, at);
    for (int width = 0; at < end; at = edit_after(text, len, at)) {
        uint32_t rune;
        text_rune(text + at, len - at, &rune);
        width += text_rune_width(rune);
        if (width > column || (end < len && edit_after(text, len, at) >= end))
            break;
    }
    box->at = at;
    return WIDGET_HANDLED;
}

enum widget_result textbox_move_rows(struct textbox *box, int count)
{
    struct place place = cursor_place(box);
    if (box->cols < 1)
        return WIDGET_HANDLED; /* not drawn yet */
    return go_to(box, count < 0 ? rows_up(box, place, (size_t)-count)
                                : rows_down(box, place, (size_t)count));
}

/* --- drawing --- */

static bool is_before(struct place a, struct place b)
{
    return a.line < b.line || (a.line == b.line && a.row < b.row);
}

/* Rows may have vanished or been wrapped anew since the last time. */
static struct place scroll(struct textbox *box, struct place cursor)
{
    struct place top = {box->top, box->top_row};
    if (top.line >= box->lines.count)
        top = (struct place){box->lines.count - 1, 0};
    size_t last = last_row(box, top.line);
    if (top.row > last)
        top.row = last;
    struct place least = rows_up(box, cursor, (size_t)box->rows - 1);
    if (is_before(cursor, top))
        top = cursor;
    else if (is_before(top, least))
        top = least;
    box->top = top.line;
    box->top_row = top.row;
    return top;
}

/* Draws the rows from top on; returns true when there are more below. */
static bool draw_rows(const struct textbox *box, struct term *term, struct rect rect,
                      struct place top)
{
    int row = 0;
    for (size_t line = top.line; line < box->lines.count; line++) {
        const char *text = box->lines.items[line];
        size_t len = strlen(text), at = line == top.line ? row_start(box, text, top.row) : 0;
        do {
            if (row == rect.rows)
                return true;
            size_t end = row_end(box, text, len, at);
            char *part = mem_textn(text + at, end - at);
            term_put(term, rect.row + row++, rect.col, STYLE_TEXT, part, box->cols);
            free(part);
            at = end;
        } while (at < len);
    }
    return false;
}

static void draw_cursor(const struct textbox *box, struct term *term, struct rect rect,
                        struct place top)
{
    size_t start;
    struct place place = cursor_place(box);
    row_of(box, line_text(box), box->at, &start);
    char *before = mem_textn(line_text(box) + start, box->at - start);
    int row = 0;
    while (is_before(top, place)) {
        place = rows_up(box, place, 1);
        row++;
    }
    term_cursor(term, rect.row + row, rect.col + text_width(before));
    free(before);
}

void textbox_draw(struct textbox *box, struct term *term, struct rect rect, bool focused)
{
    if (rect.rows < 1 || rect.cols < 2)
        return;
    box->cols = rect.cols - 1;
    box->rows = rect.rows;
    struct place top = scroll(box, cursor_place(box));
    bool more = draw_rows(box, term, rect, top);
    int arrows = rect.col + rect.cols - 1;
    if (top.line > 0 || top.row > 0)
        term_put(term, rect.row, arrows, STYLE_QUIET, term_glyph(term, GLYPH_UP), 1);
    if (more)
        term_put(term, rect.row + rect.rows - 1, arrows, STYLE_QUIET, term_glyph(term, GLYPH_DOWN),
                 1);
    if (focused)
        draw_cursor(box, term, rect, top);
}
