/* What is drawn by means of term_put() alone: cutting, padding, lines. */
#include "ui/term.h"

#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/term_traits.h"

#include <stdlib.h>
#include <string.h>

const char *term_glyph(const struct term *term, enum glyph glyph)
{
    return traits_glyph(draw_traits(term), glyph);
}

bool term_is_ascii(const struct term *term)
{
    return draw_traits(term)->ascii_glyphs;
}

bool term_can_show(const struct term *term, const char *text)
{
    for (size_t at = 0, len = strlen(text); at < len;) {
        uint32_t rune;
        at += text_rune(text + at, len - at, &rune);
        if (!traits_can_show(draw_traits(term), rune))
            return false;
    }
    return true;
}

/* What of max columns at row, col is on the screen; 0 when nothing is. */
int draw_room(const struct term *term, int row, int col, int max)
{
    struct rect screen = term_size(term);
    if (row < 0 || row >= screen.rows || col < 0 || col >= screen.cols || max <= 0)
        return 0;
    return max < screen.cols - col ? max : screen.cols - col;
}

static int put_owned(struct term *term, int row, int col, enum style style, char *text, int max)
{
    int used = term_put(term, row, col, style, text, max);
    free(text);
    return used;
}

int term_put_cut(struct term *term, int row, int col, enum style style, const char *text, int max)
{
    int room = draw_room(term, row, col, max);
    return put_owned(term, row, col, style, text_fit(text, room, term_glyph(term, GLYPH_ELLIPSIS)),
                     room);
}

int term_put_middle(struct term *term, int row, int col, enum style style, const char *text,
                    int max)
{
    int room = draw_room(term, row, col, max);
    return put_owned(term, row, col, style,
                     text_fit_middle(text, room, term_glyph(term, GLYPH_ELLIPSIS)), room);
}

static void blank(struct term *term, int row, int col, enum style style, int max)
{
    static const char blanks[] = "                                ";
    enum { STEP = sizeof blanks - 1 };
    for (int room = draw_room(term, row, col, max); room > 0; room -= STEP, col += STEP)
        term_put(term, row, col, style, blanks, room);
}

void term_put_pad(struct term *term, int row, int col, enum style style, const char *text, int max)
{
    int used = term_put_cut(term, row, col, style, text, max);
    blank(term, row, col + used, style, max - used);
}

void term_rule(struct term *term, int row, int col, int cols)
{
    for (int i = 0; i < cols; i++)
        term_put(term, row, col + i, STYLE_RULE, term_glyph(term, GLYPH_HLINE), 1);
}

void term_rule_down(struct term *term, int row, int col, int rows)
{
    for (int i = 0; i < rows; i++)
        term_put(term, row + i, col, STYLE_RULE, term_glyph(term, GLYPH_VLINE), 1);
}

bool term_too_small(struct term *term)
{
    struct rect screen = term_size(term);
    if (screen.rows >= TERM_MIN_ROWS && screen.cols >= TERM_MIN_COLS)
        return false;
    char *text = str_format("%dx%d needed, this is %dx%d: enlarge the window.", TERM_MIN_COLS,
                            TERM_MIN_ROWS, screen.cols, screen.rows);
    term_clear_all(term);
    put_owned(term, screen.rows / 2, 0, STYLE_TEXT, text, screen.cols);
    return true;
}
