/* Colour by meaning: screens name what a text means, this table says how it looks. Knows nothing of
 * curses. Colour never carries the meaning alone: a fault also says "missing", a change "-" or "+".
 */
#ifndef DCMEND_THEME_H
#define DCMEND_THEME_H

#include <stdbool.h>

/* name, what it is for */
#define THEME_STYLES(X)                                                                            \
    X(STYLE_TEXT, "plain text")                                                                    \
    X(STYLE_STRONG, "a word that matters in plain text")                                           \
    X(STYLE_QUIET, "labels, hints, what may be skipped")                                           \
    X(STYLE_OK, "found good")                                                                      \
    X(STYLE_WARN, "needs a look")                                                                  \
    X(STYLE_FAULT, "found broken, refused, failed")                                                \
    X(STYLE_CURRENT, "the step or thing one is at")                                                \
    X(STYLE_HEAD, "the head line and titles")                                                      \
    X(STYLE_KEY, "a key in the footer or the help")                                                \
    X(STYLE_INPUT, "a place to type")                                                              \
    X(STYLE_SELECTED, "the chosen row of the list that has the keys")                              \
    X(STYLE_MARKED, "the chosen row of a list that has not")                                       \
    X(STYLE_OLD, "a value that goes")                                                              \
    X(STYLE_NEW, "a value that comes")                                                             \
    X(STYLE_RULE, "lines between areas")                                                           \
    X(STYLE_BADGE, "READ ONLY and its like")

enum style {
#define X(name, use) name,
    THEME_STYLES(X)
#undef X
        STYLE_COUNT
};

struct theme_look {
    short colour; /* foreground: a palette index, -1 for the terminal's own */
    bool bold, dim, underline, reverse;
};

enum theme_background {
    THEME_UNKNOWN, /* colours that can be read on both */
    THEME_DARK,
    THEME_LIGHT
};

/* From the variable COLORFGBG ("15;0"), which some terminals set; NULL is fine. */
enum theme_background theme_background(const char *colorfgbg);

/* How a style looks on a terminal with that many colours (below 8: monochrome). */
struct theme_look theme_look(enum style style, int colours, enum theme_background background);

#endif
