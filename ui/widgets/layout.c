/* Arithmetic on rectangles, and the frame that every screen shares. */
#include "ui/widgets/layout.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { RAIL = 15, GAP = 3, SPLIT_MIN = 92 };

static int at_least(int n, int least)
{
    return n > least ? n : least;
}

struct rect layout_take(struct rect *rect, int rows)
{
    struct rect taken = *rect;
    int count = rows < 0 ? -rows : rows;
    taken.rows = count < rect->rows ? count : rect->rows;
    rect->rows -= taken.rows;
    if (rows < 0)
        taken.row = rect->row + rect->rows;
    else
        rect->row += taken.rows;
    return taken;
}

struct layout layout_of(struct rect screen, bool steps)
{
    struct layout layout = {.rail = steps && screen.cols >= LAYOUT_WIDE, .undone = SIZE_MAX};
    struct rect rest = {screen.row, screen.col + 1, screen.rows, at_least(screen.cols - 2, 0)};
    layout.head = layout_take(&rest, 1);
    if (steps && !layout.rail)
        layout.steps = layout_take(&rest, 1);
    layout.footer = layout_take(&rest, -1);
    layout_take(&rest, 1);  /* the rule above */
    layout_take(&rest, -1); /* and below */
    if (layout.rail) {
        layout.steps = rest;
        layout.steps.cols = RAIL;
        rest.col += RAIL + 3;
        rest.cols -= RAIL + 3;
    }
    layout.content = rest;
    return layout;
}

bool layout_split(struct rect content, int wanted, struct rect *left, struct rect *right)
{
    *left = *right = content;
    if (content.cols < SPLIT_MIN) {
        right->cols = 0;
        return false;
    }
    int least = (content.cols - 3) * 3 / 5, most = content.cols - 3 - LAYOUT_PROSE;
    left->cols = wanted > most ? most : at_least(wanted, least);
    right->col = content.col + left->cols + 3;
    right->cols = content.cols - left->cols - 3;
    return true;
}

void layout_divide(struct term *term, struct rect left)
{
    term_rule_down(term, left.row, left.col + left.cols + 1, left.rows);
}

/* --- the head line --- */

enum head_part { HEAD_PROGRAM, HEAD_SERVER, HEAD_IDENTITY, HEAD_PROTECTION, HEAD_PARTS };

/* Where there is too little room the parts give way in this order, down to so many columns. */
static const struct {
    enum head_part part;
    int least;
} givers[] = {{HEAD_IDENTITY, 16}, {HEAD_PROGRAM, 0},    {HEAD_IDENTITY, 5},
              {HEAD_SERVER, 12},   {HEAD_PROTECTION, 8}, {HEAD_IDENTITY, 0}};

static int head_width(const int widths[HEAD_PARTS])
{
    int wanted = 0;
    for (int i = 0; i < HEAD_PARTS; i++)
        wanted += widths[i] > 0 ? widths[i] + (wanted > 0 ? GAP : 0) : 0;
    return wanted;
}

static void fit_head(int widths[HEAD_PARTS], int room)
{
    for (size_t i = 0; i < sizeof givers / sizeof *givers; i++) {
        int *width = &widths[givers[i].part], over = head_width(widths) - room;
        if (over > 0 && *width > givers[i].least)
            *width = at_least(*width - over, givers[i].least);
    }
}

static void draw_head(struct term *term, struct rect rect, const struct layout_head *head)
{
    const char *parts[HEAD_PARTS] = {head->program, head->server, head->identity, head->protection};
    int widths[HEAD_PARTS], at = 0, badge = head->badge ? text_width(head->badge) + GAP : 0;
    for (int i = 0; i < HEAD_PARTS; i++)
        widths[i] = parts[i] ? text_width(parts[i]) : 0;
    fit_head(widths, rect.cols - badge);
    for (int i = 0; i < HEAD_PARTS; i++) {
        if (widths[i] == 0 || at >= rect.cols - badge)
            continue;
        enum style style = i <= HEAD_SERVER ? STYLE_HEAD : STYLE_TEXT;
        at += term_put_cut(term, rect.row, rect.col + at, style, parts[i], widths[i]) + GAP;
    }
    if (head->badge)
        term_put(term, rect.row, rect.col + rect.cols - badge + GAP, STYLE_BADGE, head->badge,
                 badge);
}

/* --- the steps --- */

static void draw_rail(struct term *term, struct rect rect, const char *const *steps, size_t count,
                      size_t current, size_t undone)
{
    for (size_t i = 0; i < count && (int)i < rect.rows; i++) {
        int row = rect.row + (int)i;
        bool done = i < current && i < undone;
        enum glyph mark = done ? GLYPH_TICK : GLYPH_POINTER;
        enum style style = i == current ? STYLE_CURRENT : done ? STYLE_TEXT : STYLE_QUIET;
        if (i == current || done)
            term_put(term, row, rect.col, style, term_glyph(term, mark), 1);
        term_put_cut(term, row, rect.col + 2, style, steps[i], rect.cols - 2);
    }
    term_rule_down(term, rect.row, rect.col + rect.cols + 1, rect.rows);
}

static int width_of_steps(const char *const *steps, size_t count)
{
    int width = 2; /* the brackets */
    for (size_t i = 0; i < count; i++)
        width += text_width(steps[i]) + (i ? 2 : 0);
    return width;
}

static void draw_line(struct term *term, struct rect rect, const char *const *steps, size_t count,
                      size_t current)
{
    int col = rect.col, end = rect.col + rect.cols;
    if (width_of_steps(steps, count) > rect.cols) {
        char *text = str_format("Step %zu of %zu: %s", current + 1, count, steps[current]);
        term_put_cut(term, rect.row, col, STYLE_CURRENT, text, rect.cols);
        free(text);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (i == current) {
            char *text = str_format("[%s]", steps[i]);
            col += term_put(term, rect.row, col, STYLE_CURRENT, text, end - col);
            free(text);
        } else {
            enum style style = i < current ? STYLE_TEXT : STYLE_QUIET;
            col += term_put(term, rect.row, col, style, steps[i], end - col);
        }
        col += 2;
    }
}

void layout_frame(struct term *term, const struct layout *layout, const struct layout_head *head,
                  const char *const *steps, size_t step_count, size_t current)
{
    int cols = term_size(term).cols;
    draw_head(term, layout->head, head);
    if (layout->steps.rows > 0 && steps && current < step_count) {
        if (layout->rail)
            draw_rail(term, layout->steps, steps, step_count, current, layout->undone);
        else
            draw_line(term, layout->steps, steps, step_count, current);
    }
    term_rule(term, layout->content.row - 1, 0, cols);
    term_rule(term, layout->footer.row - 1, 0, cols);
}
