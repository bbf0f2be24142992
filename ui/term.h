/* The terminal: events in, styled text out. term.c is the only file that includes curses, and all
 * of it is called from one thread. Call setlocale(LC_ALL, "") first and open it before any thread
 * is started (workers are to be created with all signals blocked).
 *
 *     for (;;) {
 *         if (!term_too_small(term))
 *             draw(term);                      everything, from state; curses sends the difference
 *         term_show(term);
 *         term_wait(term, &pipe_of_workers, 1, -1);
 *         while (term_read(term, &event)) {
 *             handle(&event);
 *             term_event_release(&event);
 *         }
 *     }
 */
#ifndef DCMEND_TERM_H
#define DCMEND_TERM_H

#include "src/base/err.h"
#include "ui/theme.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct term;

enum { TERM_MIN_ROWS = 15, TERM_MIN_COLS = 40, TERM_PASTE_MAX = 4 << 20, TERM_COPY_MAX = 64 << 10 };

struct term_options {
    FILE *in, *out;   /* both stay the caller's */
    const char *type; /* NULL: $TERM */
    bool ascii;       /* ASCII glyphs even where the locale is UTF-8 */
    bool no_colour;   /* beside NO_COLOR, which is honoured anyway */
    bool bare;        /* tests: in and out need not be terminals, no signal is caught, no Ctrl-Z
                         suspends, fd 2 stays as it is */
    int64_t (*now_ms)(void); /* tests: a clock of their own; NULL: CLOCK_MONOTONIC */
};

/* The curses library's name and version; static. */
const char *term_version(void);

/* Takes the terminal over: full screen, keys one by one, fd 2 captured, the terminal given back on
 * every signal, crash and want of memory. ERR_LOCAL where it cannot be used; err->next then names
 * `dcmend diagnose` and `dcmend check`. */
struct err *term_open(const struct term_options *options, struct term **out);
/* Gives it back, then shows (cleaned) what was written to fd 2 meanwhile. NULL is fine. */
void term_close(struct term *term);

/* --- events --- */

enum term_kind {
    TERM_KEY,
    TERM_PASTE,   /* bytes[0..len): UTF-8 as far as it could be told, may hold NULs and garbage */
    TERM_DROPPED, /* keys came with a paste or behind a flush, and were thrown away */
    TERM_RESIZE,  /* also after Ctrl-Z and fg: draw again */
    TERM_SIGNAL,  /* SIGTERM or SIGINT from outside: finish and leave */
    TERM_EOF      /* hang-up or end of input: finish and leave; comes once, no key follows */
};

enum term_key {
    TERM_CHAR, /* rune: a printable character (space too) */
    TERM_CTRL, /* rune: 'a'..'z', the letter pressed with Ctrl */
    TERM_F,    /* rune: 1..12; extras only, terminals steal them */
    TERM_UP,
    TERM_DOWN,
    TERM_LEFT,
    TERM_RIGHT,
    TERM_HOME,
    TERM_END,
    TERM_PGUP,
    TERM_PGDN,
    TERM_ENTER,
    TERM_ESC,
    TERM_TAB,
    TERM_BACKTAB,
    TERM_BACKSPACE,
    TERM_DELETE
};

struct term_event {
    enum term_kind kind;
    enum term_key key; /* TERM_KEY */
    uint32_t rune;     /* TERM_KEY: see enum term_key */
    int signal;        /* TERM_SIGNAL */
    char *bytes;       /* TERM_PASTE: owned, NUL-terminated behind len */
    size_t len;
    bool cut;      /* TERM_PASTE: longer than TERM_PASTE_MAX, or its end never came */
    bool unmarked; /* TERM_PASTE: told by its speed alone; may go on with what came before it */
    int64_t at;    /* TERM_KEY: when it came, by the clock of term_options */
};

/* Blocks until there is something to read, one of the caller's own descriptors (revents are set as
 * by poll) is ready, or timeout_ms is over (-1: never). Use it instead of poll(): it is the only
 * place where a resize can wake the program, and it knows of keys that wait for their rest. */
void term_wait(struct term *term, struct pollfd *more, size_t count, int timeout_ms);
/* The next event that is there; false when there is none. Never blocks (an Esc: 25 ms). A key is a
 * hand's: what comes faster is a TERM_PASTE, with or without marks, and what follows a paste before
 * it was quiet for 400 ms is dropped. To tell, a key is kept for 15 to 50 ms. */
bool term_read(struct term *term, struct term_event *event);
void term_event_release(struct term_event *event); /* clears pasted bytes before freeing them */

/* Over slow links the Esc that starts a paste can come alone. While pastes are welcome (the
 * default) an Esc waits 500 ms for its "[200~", or for any other key; where a screen has no use for
 * a paste, say so and Esc is immediate. */
void term_welcome_paste(struct term *term, bool welcome);
/* Discards everything typed or pasted so far, and all that follows before it was quiet for 400 ms.
 * For the moment Confirm is painted: call it after term_show(). */
void term_flush_input(struct term *term);
/* Asks the terminal to put text on the clipboard of the operator's own machine (OSC 52). False when
 * the terminal is not known to understand it or text is longer than TERM_COPY_MAX. There is no
 * answer: true means "sent". */
bool term_copy(struct term *term, const char *text);

/* --- drawing: into memory, until term_show() sends what differs --- */

struct rect {
    int row, col, rows, cols;
};

struct rect term_size(const struct term *term); /* at 0,0 */
/* True below 40x15: the screen then holds one line that says what is needed; draw nothing more. */
bool term_too_small(struct term *term);
void term_clear_all(struct term *term); /* blank, and the cursor hidden: how each frame starts */

/* Writes at most max columns (and never beyond the screen) of clean UTF-8 text on one line; returns
 * the columns used. What the locale cannot show becomes '?', what is harmful \XX. */
int term_put(struct term *term, int row, int col, enum style style, const char *text, int max);
/* The same; a text that is too long ends with, or has in its middle (DNs, GUIDs), an ellipsis. */
int term_put_cut(struct term *term, int row, int col, enum style style, const char *text, int max);
int term_put_middle(struct term *term, int row, int col, enum style style, const char *text,
                    int max);
/* The same, cut as term_put_cut(), padded with blanks to exactly max columns: fields, chosen rows.
 */
void term_put_pad(struct term *term, int row, int col, enum style style, const char *text, int max);
void term_rule(struct term *term, int row, int col, int cols);      /* a line across */
void term_rule_down(struct term *term, int row, int col, int rows); /* a line down */
void term_cursor(struct term *term, int row, int col); /* shown there; hidden by term_clear_all */
void term_cursor_rest(struct term *term, int row, int col); /* the same, unless it is shown */
void term_show(struct term *term);
/* Sends the whole screen anew (also done for Ctrl-L). */
void term_repaint(struct term *term);

/* name, UTF-8, ASCII */
#define TERM_GLYPHS(X)                                                                             \
    X(GLYPH_TICK, "\xE2\x9C\x93", "+")                                                             \
    X(GLYPH_CROSS, "\xE2\x9C\x97", "x")                                                            \
    X(GLYPH_ARROW, "\xE2\x86\x92", "->")                                                           \
    X(GLYPH_ELLIPSIS, "\xE2\x80\xA6", "...")                                                       \
    X(GLYPH_BULLET, "\xE2\x80\xA2", "*")                                                           \
    X(GLYPH_POINTER, "\xE2\x96\xB8", ">")                                                          \
    X(GLYPH_UP, "\xE2\x86\x91", "^")                                                               \
    X(GLYPH_DOWN, "\xE2\x86\x93", "v")                                                             \
    X(GLYPH_HLINE, "\xE2\x94\x80", "-")                                                            \
    X(GLYPH_VLINE, "\xE2\x94\x82", "|")

enum glyph {
#define X(name, utf8, ascii) name,
    TERM_GLYPHS(X)
#undef X
        GLYPH_COUNT
};

/* The glyph as text, to be put or composed into a line. */
const char *term_glyph(const struct term *term, enum glyph glyph);
bool term_is_ascii(const struct term *term);
/* Whether the locale can show, and so type, every character of text. */
bool term_can_show(const struct term *term, const char *text);

#endif
