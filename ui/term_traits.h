/* What a terminal and a locale can do, learned once from TERM, the codeset and the environment.
 * Knows no curses; internal to term. */
#ifndef DCMEND_TERM_TRAITS_H
#define DCMEND_TERM_TRAITS_H

#include "src/base/str.h"
#include "ui/term.h"

#include <wchar.h>

struct term_traits {
    bool utf8;           /* the codeset */
    bool ascii_only;     /* the C locale */
    bool ascii_glyphs;   /* ours; names from the directory are shown as far as the codeset goes */
    bool pastes;         /* knows bracketed paste */
    bool copies;         /* knows OSC 52 */
    bool wrapped_copies; /* ... inside GNU screen */
    bool dark;           /* always has a dark background */
};

struct term_traits traits_of(const char *type, bool ascii);
const char *traits_glyph(const struct term_traits *traits, enum glyph glyph);
bool traits_can_show(const struct term_traits *traits, uint32_t rune);

enum { TRAITS_WIDE = 16 };
/* What stands in cells for the character of len bytes at text: itself, '?' or \XX of each byte.
 * Returns how many wide characters (0: nothing to show) and sets *columns. */
int traits_cells(const struct term_traits *traits, const char *text, size_t len, uint32_t rune,
                 wchar_t cells[TRAITS_WIDE], int *columns);

/* The bytes to send for the clipboard. */
void traits_clipboard(const struct term_traits *traits, const char *text, struct str *bytes);

/* Between term.c and term_draw.c: the traits of the terminal in use, and how many of max columns
 * at row, col are on the screen. */
const struct term_traits *draw_traits(const struct term *term);
int draw_room(const struct term *term, int row, int col, int max);

#endif
