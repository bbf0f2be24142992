/* A terminal of 24 lines for the tests of single widgets, and the events and places that they name.
 */
#ifndef DCMEND_TESTS_WIDGET_H
#define DCMEND_TESTS_WIDGET_H

#include "tests/screens/harness.h"

static struct harness *h;
static struct term *term;

static void setup(void)
{
    harness_plain_locale();
    h = harness_open("xterm-256color", 24, 80);
    term = harness_term(h);
}

static void teardown(void)
{
    harness_close(h);
}

static inline struct term_event key(enum term_key which)
{
    return (struct term_event){.kind = TERM_KEY, .key = which};
}

static inline struct term_event typed(uint32_t rune)
{
    return (struct term_event){.kind = TERM_KEY, .key = TERM_CHAR, .rune = rune};
}

static inline struct rect at(int row, int col, int rows, int cols)
{
    return (struct rect){row, col, rows, cols};
}

#endif
