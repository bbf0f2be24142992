/* Three palettes for 256 colours and three for 8 or 16: for dark and light backgrounds, and one for
 * when the background is not known, whose 256 colours have a contrast of about 4 : 1 on black and
 * on white alike. Below 8 colours only bold, underline and reverse are left; they are in the same
 * table, so that a style never depends on colour alone. */
#include "ui/theme.h"

#include <stdlib.h>
#include <string.h>

/* Colours by role; styles share them. */
enum role { ROLE_NONE, ROLE_QUIET, ROLE_GOOD, ROLE_WARN, ROLE_BAD, ROLE_ACCENT, ROLE_COUNT };

enum { BOLD = 1, UNDERLINE = 2, REVERSE = 4 };

static const struct {
    enum role role;
    int always; /* attributes with colours */
    int mono;   /* attributes without */
} styles[STYLE_COUNT] = {
    [STYLE_TEXT] = {ROLE_NONE, 0, 0},
    [STYLE_STRONG] = {ROLE_NONE, BOLD, BOLD},
    [STYLE_QUIET] = {ROLE_QUIET, 0, 0},
    [STYLE_OK] = {ROLE_GOOD, 0, 0},
    [STYLE_WARN] = {ROLE_WARN, 0, BOLD},
    [STYLE_FAULT] = {ROLE_BAD, BOLD, BOLD},
    [STYLE_CURRENT] = {ROLE_ACCENT, BOLD, BOLD},
    [STYLE_HEAD] = {ROLE_NONE, BOLD, BOLD},
    [STYLE_KEY] = {ROLE_ACCENT, BOLD, BOLD},
    [STYLE_INPUT] = {ROLE_NONE, UNDERLINE, UNDERLINE},
    [STYLE_SELECTED] = {ROLE_NONE, REVERSE, REVERSE},
    [STYLE_MARKED] = {ROLE_NONE, BOLD, BOLD},
    [STYLE_OLD] = {ROLE_BAD, 0, 0},
    [STYLE_NEW] = {ROLE_GOOD, BOLD, BOLD},
    [STYLE_RULE] = {ROLE_QUIET, 0, 0},
    [STYLE_BADGE] = {ROLE_WARN, BOLD | REVERSE, REVERSE},
};

static const short palette_256[][ROLE_COUNT] = {
    [THEME_UNKNOWN] = {-1, 244, 28, 166, 160, 31},
    [THEME_DARK] = {-1, 246, 114, 179, 203, 80},
    [THEME_LIGHT] = {-1, 241, 22, 130, 124, 24},
};

/* Yellow and cyan cannot be read on white, blue not on black. */
static const short palette_8[][ROLE_COUNT] = {
    [THEME_UNKNOWN] = {-1, -1, 2, 5, 1, -1},
    [THEME_DARK] = {-1, -1, 2, 3, 1, 6},
    [THEME_LIGHT] = {-1, -1, 2, 5, 1, 4},
};

enum theme_background theme_background(const char *colorfgbg)
{
    const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
    char *end;
    if (!last || last[1] < '0' || last[1] > '9')
        return THEME_UNKNOWN;
    long index = strtol(last + 1, &end, 10);
    if (*end || index > 15)
        return THEME_UNKNOWN;
    return index == 7 || index >= 9 ? THEME_LIGHT : THEME_DARK;
}

struct theme_look theme_look(enum style style, int colours, enum theme_background background)
{
    bool mono = colours < 8;
    int attributes = mono ? styles[style].mono : styles[style].always;
    struct theme_look look = {
        .colour = -1,
        .bold = attributes & BOLD,
        .underline = attributes & UNDERLINE,
        .reverse = attributes & REVERSE,
    };
    enum role role = styles[style].role;
    if (colours == 256)
        look.colour = palette_256[background][role];
    else if (!mono) /* 8, 16, 88; direct colour keeps the first eight */
        look.colour = palette_8[background][role];
    look.dim = role == ROLE_QUIET && !mono && look.colour < 0;
    return look;
}
