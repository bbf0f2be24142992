/* The terminal given back whatever happens, signals turned into bytes on a pipe, and fd 2 caught
 * while the screen is ours. No curses here: in a signal handler only write, dup2, tcflush and
 * tcsetattr are used. Internal to term; process-wide state, as signals are. */
#ifndef DCMEND_TERM_RESCUE_H
#define DCMEND_TERM_RESCUE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

enum { RESCUE_MAX = 512 };

/* What gives the terminal back: modes by tcsetattr, the rest by these bytes (at most RESCUE_MAX).
 */
struct rescue {
    int in, out;
    struct termios modes;
    char bytes[RESCUE_MAX];
    size_t len;
};

/* Catches what ends a process: the polite signals (TERM, INT, HUP, TSTP, CONT) arrive as bytes, the
 * others restore the terminal and then do what they would have done. */
void rescue_begin(const struct rescue *rescue);
void rescue_end(void);
/* While suspended the terminal is the shell's: nothing is to be restored then. */
void rescue_pause(bool paused);
int rescue_fd(void);     /* poll it for input; -1 before rescue_begin() */
int rescue_signal(void); /* the next one that came, 0 when none */
/* Async-signal-safe: restores now. For want of memory. */
void rescue_now(void);
/* Stops the process (group: also its parents and children in the pipeline) as Ctrl-Z does by
 * default; returns when it is continued. */
void rescue_stop(bool group);

/* fd 2 into memory, so that no library writes into the screen; a pipe could fill and block. */
void capture_begin(void);
/* Back to the real fd 2; returns what was written (owned, cleaned), or NULL for nothing. */
char *capture_end(void);
/* Keeps it bounded; called now and then. */
void capture_trim(void);

#endif
