/* From the codes that curses delivers (bytes, keys) to events: UTF-8 and the locale's own codesets,
 * pastes, sequences that arrive in pieces. Knows neither curses nor the terminal; internal to term.
 */
#ifndef DCMEND_TERM_INPUT_H
#define DCMEND_TERM_INPUT_H

#include "ui/term.h"

#include <wchar.h>

/* Codes beyond the bytes 0..255. */
enum {
    INPUT_KEY = 0x1000, /* + enum term_key */
    INPUT_F = 0x1100,   /* + number */
    INPUT_PASTE_BEGIN = 0x1200,
    INPUT_PASTE_END,
    INPUT_UNKNOWN /* some other key: means nothing */
};

enum input_charset {
    INPUT_UTF8,  /* also for the C locale: it has no characters beyond ASCII to confuse them with */
    INPUT_LOCALE /* as mbrtowc() says */
};

enum { INPUT_HOLD_MS = 500, INPUT_PASTE_IDLE_MS = 5000, INPUT_QUEUE = 4, INPUT_SEQUENCE = 32 };

struct term_input {
    enum input_charset charset;
    bool hold; /* an Esc waits for a paste mark */

    struct term_event queue[INPUT_QUEUE];
    int queued;

    char part[4]; /* a character whose rest is to come */
    size_t part_len;
    mbstate_t shift;

    bool esc;      /* an Esc was read: a sequence may follow */
    bool esc_told; /* ... and was already delivered as a key */
    int64_t esc_at;
    char sequence[INPUT_SEQUENCE]; /* what followed it */
    size_t sequence_len;

    bool paste, paste_drop, paste_cut;
    int64_t paste_at; /* when its last byte came */
    char *bytes;
    size_t len, room;
    bool tail; /* a paste has ended: what came with it in one go is dropped */
};

void input_init(struct term_input *input, enum input_charset charset);
void input_release(struct term_input *input);
/* Takes one code; events queue up (never more than INPUT_QUEUE before input_next is called). */
void input_take(struct term_input *input, int code, int64_t now);
/* Nothing more is there at the moment: what was waiting for it, or for too long, is decided. */
void input_drained(struct term_input *input, int64_t now);
/* The input has ended: an Esc or a paste without end is delivered. */
void input_ended(struct term_input *input);
bool input_next(struct term_input *input, struct term_event *event);
/* When input_drained() has to be called even if nothing comes; -1: no need. */
int64_t input_deadline(const struct term_input *input);
/* Forgets all that is not delivered; the rest of a paste under way will be dropped as well. */
void input_forget(struct term_input *input);

#endif
