/* A terminal for tests: real curses writes into a pipe, libvterm reads the pipe and is looked at.
 * Nothing sleeps: keys are written into another pipe before they are read, and the clock that an
 * Esc waits for is the test's. */
#ifndef DCMEND_TESTS_HARNESS_H
#define DCMEND_TESTS_HARNESS_H

#include "ui/term.h"

struct harness;

enum { HARNESS_KEY_MS = 15, HARNESS_QUIET_MS = 400 };

struct harness_cell {
    bool bold, underline, reverse;
    int colour; /* palette index of the foreground, -1 for the default */
};

/* setlocale() first. With options: type, ascii, no_colour are taken from it. */
struct harness *harness_open(const char *type, int rows, int cols);
struct harness *harness_open_with(const struct term_options *options, int rows, int cols);
void harness_close(struct harness *h);
struct term *harness_term(struct harness *h);

/* Input: bytes as they would come from a terminal; returns how many the pipe took (all, up to 1
 * MiB). */
size_t harness_bytes(struct harness *h, const void *bytes, size_t len);
void harness_keys(struct harness *h, const char *text);
void harness_key(struct harness *h, enum term_key key); /* by the terminfo string of the type */
void harness_paste(struct harness *h, const void *bytes, size_t len); /* between paste marks */
void harness_hang_up(struct harness *h);                              /* end of input */
void harness_advance(struct harness *h, int ms);                      /* the clock */
int64_t harness_now(void);

/* All events there are, in short: "a U+E4 ^c f1 up esc paste(x) burst(y) dropped resize eof"; owned
 * by the caller. After new keys the clock goes on by HARNESS_KEY_MS, for which keys wait. */
char *harness_events(struct harness *h);

/* Output: everything sent up to now reaches the screen. Done by the functions below, too. */
void harness_pump(struct harness *h);
size_t harness_sent(struct harness *h); /* bytes sent since the last call */
/* All bytes sent since the start. */
const char *harness_raw(struct harness *h, size_t *len);
bool harness_raw_has(struct harness *h, const char *bytes);

/* The screen: lines without trailing blanks, each ended by \n; owned by the harness until the next
 * call. */
const char *harness_text(struct harness *h);
const char *harness_row(struct harness *h, int row);
bool harness_has(struct harness *h, const char *text); /* somewhere on one line */
bool harness_find(struct harness *h, const char *text, int *row, int *col);
struct harness_cell harness_cell(struct harness *h, int row, int col);
struct harness_cell harness_style(struct harness *h, const char *text); /* where text begins */
bool harness_cursor(struct harness *h, int *row, int *col);             /* false when hidden */
void harness_resize(struct harness *h, int rows, int cols);

/* A Latin-1 locale, built in a temporary folder if need be; false when that is not possible. It
 * becomes the current one. Call harness_plain_locale() after. */
bool harness_latin1(void);
void harness_plain_locale(void); /* C.UTF-8 */

#endif
