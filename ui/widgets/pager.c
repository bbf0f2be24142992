/* Lines are kept whole; rows are cut for a width at the next drawing. The cutting is text_wrap()'s,
 * which loses only the blanks at a break, so that the place of each row in its line, and with it
 * the style of each byte, can be found again. */
#include "ui/widgets/pager.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BELOW = 2 }; /* the margin of what stands below its label */

struct pager_row {
    size_t line, from, to; /* bytes of its body */
    int margin;            /* columns left of it */
    bool label;            /* the line's prefix stands in it */
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

/* A word is cut in its middle, or a DN that fits a line: a smaller margin may help. */
static bool is_cut(const char *body, int cols, const struct strs *parts)
{
    size_t at = 0, len = strlen(body);
    if (parts->count > 1 && text_name(body, len) == len && text_width(body) <= cols)
        return true;
    for (size_t i = 0; i + 1 < parts->count; i++) {
        at += strlen(parts->items[i]);
        if (body[at] != ' ' && body[at - 1] != ',')
            return true;
        at += strspn(body + at, " ");
    }
    return false;
}

/* The bytes of what is not to be broken, at the start of text. */
static size_t part_length(const char *text)
{
    enum { NAME_MOST = 512 };
    size_t name = text_name(text, NAME_MOST), word = strcspn(text, " ,");
    return name ? name : word + (text[word] == ',');
}

int pager_width(const struct pager *pager, bool below)
{
    int widest = 0;
    for (size_t i = 0; i < pager->line_count; i++) {
        const struct pager_line *line = &pager->lines[i];
        int margin = below && line->prefix_cols > BELOW ? BELOW : line->prefix_cols;
        const char *at = str_text(&line->body);
        for (size_t len; *at; at += len + (at[len] == ' ')) {
            len = part_length(at);
            char *part = mem_textn(at, len);
            int width = margin + text_width(part);
            widest = width > widest ? width : widest;
            free(part);
        }
    }
    return widest;
}

/* What does not fit beside its label stands below it. */
static int wrap_body(const struct pager_line *line, int cols, struct strs *parts)
{
    const char *body = str_text(&line->body);
    const int margins[] = {margin_of(line, cols), 2 * BELOW, BELOW, 0};
    for (size_t i = 0; i < sizeof margins / sizeof *margins; i++) {
        strs_release(parts);
        text_wrap(parts, body, cols - margins[i]);
        if (margins[i] <= margins[0] && !is_cut(body, cols, parts))
            return margins[i];
    }
    strs_release(parts);
    text_wrap(parts, body, cols - margins[0]);
    return margins[0];
}

static void add_row(struct pager *pager, struct pager_row row)
{
    *MEM_PUSH(pager->rows, pager->row_count) = row;
}

static void wrap_line(struct pager *pager, size_t index, int cols)
{
    const struct pager_line *line = &pager->lines[index];
    const char *body = str_text(&line->body);
    struct strs parts = {0};
    size_t at = 0;
    int margin = wrap_body(line, cols, &parts);
    bool below = line->prefix && text_width(line->prefix) > margin;
    if (below)
        add_row(pager, (struct pager_row){index, 0, 0, margin_of(line, cols), true});
    for (size_t i = 0; i < parts.count; i++) {
        size_t len = strlen(parts.items[i]);
        while (i > 0 && body[at] == ' ')
            at++;
        add_row(pager, (struct pager_row){index, at, at + len, margin, i == 0 && !below});
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

bool pager_scrolls(const struct pager *pager)
{
    return lowest_top(pager) > 0;
}

/* --- finding --- */

static bool row_has(const struct pager *pager, const struct pager_row *row, const char *text)
{
    const struct pager_line *line = &pager->lines[row->line];
    const char *body = str_text(&line->body), *at = str_find_case(body + row->from, text);
    return (at && at < body + row->to) ||
           (row->label && line->prefix && str_find_case(line->prefix, text));
}

bool pager_find(struct pager *pager, const char *text, bool back, bool again)
{
    size_t count = pager->row_count, from = again ? pager->found : pager->top;
    if (!*text || count == 0)
        return false;
    for (size_t i = again; i < count + again; i++) {
        size_t row = (from + (back ? count - i % count : i)) % count;
        if (!row_has(pager, &pager->rows[row], text))
            continue;
        pager->found = row;
        if (row < pager->top || row >= pager->top + (size_t)pager->page)
            pager->top = row < lowest_top(pager) ? row : lowest_top(pager);
        return true;
    }
    return false;
}

/* --- drawing --- */

/* What is sought, over the row that was drawn. */
static void mark_sought(const struct pager *pager, struct term *term, struct rect rect,
                        const struct pager_row *row)
{
    size_t len = pager->sought ? strlen(pager->sought) : 0;
    const char *body = str_text(&pager->lines[row->line].body), *at = body + row->from;
    while (len > 0 && (at = str_find_case(at, pager->sought)) && at + len <= body + row->to) {
        char *before = mem_textn(body + row->from, (size_t)(at - body) - row->from);
        char *part = mem_textn(at, len);
        int col = row->margin + text_width(before);
        term_put(term, rect.row, rect.col + col, STYLE_SELECTED, part, rect.cols - col);
        free(before);
        free(part);
        at += len;
    }
}

static void draw_row(const struct pager *pager, struct term *term, struct rect rect,
                     const struct pager_row *row)
{
    const struct pager_line *line = &pager->lines[row->line];
    int col = row->margin;
    if (row->label && line->prefix)
        term_put_cut(term, rect.row, rect.col, line->prefix_style, line->prefix,
                     col > 1 ? col - 1 : col);
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
    mark_sought(pager, term, rect, row);
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
    if (text_width(text) > rect.cols) {
        free(text);
        text = str_format("-- %zu below, %zu above --", below, pager->top);
    }
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
