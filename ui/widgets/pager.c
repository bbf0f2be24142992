/* Lines are kept whole; rows are cut for a width at the next drawing. The cutting is text_wrap()'s,
 * which loses only the blanks at a break, so that the place of each row in its line, and with it
 * the style of each byte, can be found again. */
#include "ui/widgets/pager.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

struct pager_row {
    size_t line, from, to; /* bytes of its body */
};

static void drop_rows(struct pager *pager)
{
    free(pager->rows);
    pager->rows = NULL;
    pager->row_count = 0;
    pager->cols = 0;
}

void pager_clear(struct pager *pager)
{
    drop_rows(pager);
    for (size_t i = 0; i < pager->line_count; i++) {
        free(pager->lines[i].prefix);
        str_release(&pager->lines[i].body);
        free(pager->lines[i].spans);
    }
    free(pager->lines);
    pager->lines = NULL;
    pager->line_count = 0;
    pager->top = 0;
}

void pager_release(struct pager *pager)
{
    pager_clear(pager);
}

/* --- adding --- */

static struct pager_line *add_line(struct pager *pager, int prefix_cols)
{
    drop_rows(pager);
    struct pager_line *line = MEM_PUSH(pager->lines, pager->line_count);
    line->prefix_cols = prefix_cols;
    return line;
}

static void add_span(struct pager_line *line, enum style style, const char *text, size_t len)
{
    if (len == 0)
        return;
    str_addn(&line->body, text, len);
    *MEM_PUSH(line->spans, line->span_count) = (struct pager_span){line->body.len, style};
}

/* Further lines begin in the same column. */
static void add_text(struct pager *pager, struct pager_line *line, enum style style,
                     const char *text)
{
    int column = line->prefix_cols;
    for (;;) {
        size_t len = strcspn(text, "\n");
        add_span(line, style, text, len);
        if (text[len] == '\0')
            return;
        text += len + 1;
        line = add_line(pager, column);
    }
}

/* Blanks at the start are kept as a margin, for what is wrapped, too. */
void pager_line(struct pager *pager, enum style style, const char *text)
{
    do {
        size_t margin = strspn(text, " "), len = strcspn(text + margin, "\n");
        struct pager_line *line = add_line(pager, len ? (int)margin : 0);
        add_span(line, style, text + margin, len);
        text += margin + len;
    } while (*text++ == '\n');
}

void pager_linef(struct pager *pager, enum style style, const char *format, ...)
{
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&text, format, ap);
    va_end(ap);
    pager_line(pager, style, str_text(&text));
    str_release(&text);
}

void pager_pair(struct pager *pager, int cols, enum style label_style, const char *label,
                enum style style, const char *text)
{
    struct pager_line *line = add_line(pager, cols);
    line->prefix = mem_text(label);
    line->prefix_style = label_style;
    add_text(pager, line, style, text);
}

void pager_span(struct pager *pager, enum style style, const char *text)
{
    struct pager_line *line =
        pager->line_count ? &pager->lines[pager->line_count - 1] : add_line(pager, 0);
    drop_rows(pager);
    add_text(pager, line, style, text);
}

void pager_blank(struct pager *pager)
{
    add_line(pager, 0);
}

/* --- wrapping --- */

/* A margin never takes more than half of the width. */
static int margin_of(const struct pager_line *line, int cols)
{
    return line->prefix_cols < cols / 2 ? line->prefix_cols : cols / 2;
}

static void wrap_line(struct pager *pager, size_t index, int cols)
{
    const struct pager_line *line = &pager->lines[index];
    const char *body = str_text(&line->body);
    struct strs parts = {0};
    size_t at = 0;
    text_wrap(&parts, body, cols - margin_of(line, cols));
    for (size_t i = 0; i < parts.count; i++) {
        size_t len = strlen(parts.items[i]);
        while (i > 0 && body[at] == ' ')
            at++;
        *MEM_PUSH(pager->rows, pager->row_count) = (struct pager_row){index, at, at + len};
        at += len;
    }
    strs_release(&parts);
}

static void wrap(struct pager *pager, int cols)
{
    if (pager->cols == cols)
        return;
    drop_rows(pager);
    for (size_t i = 0; i < pager->line_count; i++)
        wrap_line(pager, i, cols > 1 ? cols : 1);
    pager->cols = cols;
}

int pager_height(struct pager *pager, int cols)
{
    wrap(pager, cols);
    return (int)pager->row_count;
}

/* --- scrolling --- */

static size_t lowest_top(const struct pager *pager)
{
    size_t page = pager->page > 0 ? (size_t)pager->page : 1;
    return pager->row_count > page ? pager->row_count - page : 0;
}

static enum widget_result scroll(struct pager *pager, size_t up, size_t down)
{
    size_t lowest = lowest_top(pager);
    pager->top = up > pager->top ? 0 : pager->top - up;
    pager->top = down > lowest - pager->top ? lowest : pager->top + down;
    return WIDGET_HANDLED;
}

enum widget_result pager_handle(struct pager *pager, const struct term_event *event)
{
    size_t page = pager->page > 1 ? (size_t)pager->page - 1 : 1;
    if (event->kind != TERM_KEY || lowest_top(pager) == 0)
        return WIDGET_IGNORED;
    if (pager->top > lowest_top(pager))
        pager->top = lowest_top(pager);
    switch (widget_key(event)) {
    case TERM_UP:
        return scroll(pager, 1, 0);
    case TERM_DOWN:
        return scroll(pager, 0, 1);
    case TERM_PGUP:
        return scroll(pager, page, 0);
    case TERM_PGDN:
        return scroll(pager, 0, page);
    case TERM_HOME:
        return scroll(pager, pager->row_count, 0);
    case TERM_END:
        return scroll(pager, 0, pager->row_count);
    default:
        return WIDGET_IGNORED;
    }
}

/* --- drawing --- */

static void draw_row(const struct pager *pager, struct term *term, struct rect rect,
                     const struct pager_row *row)
{
    const struct pager_line *line = &pager->lines[row->line];
    int margin = margin_of(line, rect.cols), col = margin;
    if (row->from == 0 && line->prefix)
        term_put_cut(term, rect.row, rect.col, line->prefix_style, line->prefix,
                     margin > 1 ? margin - 1 : margin);
    size_t at = row->from;
    for (size_t i = 0; i < line->span_count && at < row->to; i++) {
        size_t end = line->spans[i].end < row->to ? line->spans[i].end : row->to;
        if (end <= at)
            continue;
        char *part = mem_textn(line->body.text + at, end - at);
        col +=
            term_put(term, rect.row, rect.col + col, line->spans[i].style, part, rect.cols - col);
        free(part);
        at = end;
    }
}

static void draw_more(const struct pager *pager, struct term *term, struct rect rect)
{
    size_t below = pager->row_count - pager->top - (size_t)pager->page;
    const char *down = pager->fixed ? "" : "PgDn: ", *up = pager->fixed ? "" : "PgUp: ";
    char *more = str_format("%s%zu more line%s", down, below, below == 1 ? "" : "s");
    char *above = str_format("%s%zu above", up, pager->top);
    char *text = below == 0        ? str_format("-- %s --", above)
                 : pager->top == 0 ? str_format("-- %s --", more)
                                   : str_format("-- %s, %s --", more, above);
    term_put_cut(term, rect.row + rect.rows - 1, rect.col, STYLE_QUIET, text, rect.cols);
    free(text);
    free(above);
    free(more);
}

void pager_draw(struct pager *pager, struct term *term, struct rect rect)
{
    if (rect.rows < 1 || rect.cols < 1)
        return;
    wrap(pager, rect.cols);
    bool all = pager->row_count <= (size_t)rect.rows;
    pager->page = all || rect.rows == 1 ? rect.rows : rect.rows - 1;
    if (pager->top > lowest_top(pager))
        pager->top = lowest_top(pager);
    for (int i = 0; i < pager->page && pager->top + (size_t)i < pager->row_count; i++) {
        struct rect line = {rect.row + i, rect.col, 1, rect.cols};
        draw_row(pager, term, line, &pager->rows[pager->top + (size_t)i]);
    }
    if (!all && rect.rows > 1)
        draw_more(pager, term, rect);
}
