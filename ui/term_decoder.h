/* From the codes that curses delivers (bytes, keys) to events: UTF-8 and the locale's own codesets,
 * pastes, sequences that arrive in pieces. Knows neither curses nor the terminal; internal to term.
 */
#ifndef DCMEND_TERM_DECODER_H
#define DCMEND_TERM_DECODER_H

#include "ui/term.h"

#include <wchar.h>

/* Codes beyond the bytes 0..255. */
enum {
    DECODER_KEY = 0x1000, /* + enum term_key */
    DECODER_F = 0x1100,   /* + number */
    DECODER_PASTE_BEGIN = 0x1200,
    DECODER_PASTE_END,
    DECODER_UNKNOWN /* some other key: means nothing */
};

enum decoder_charset {
    DECODER_UTF8,  /* also for the C locale: it has no characters beyond ASCII to confuse them with
                    */
    DECODER_LOCALE /* as mbrtowc() says */
};

enum {
    DECODER_HOLD_MS = 500,
    DECODER_PASTE_IDLE_MS = 5000,
    DECODER_QUEUE = 4,
    DECODER_SEQUENCE = 32
};

struct decoder {
    enum decoder_charset charset;
    bool hold; /* an Esc waits for a paste mark */

    struct term_event queue[DECODER_QUEUE];
    int queued;

    char part[4]; /* a character whose rest is to come */
    size_t part_len;
    mbstate_t shift;

    bool esc;      /* an Esc was read: a sequence may follow */
    bool esc_told; /* ... and was already delivered as a key */
    int64_t esc_at;
    char sequence[DECODER_SEQUENCE]; /* what followed it */
    size_t sequence_len;

    bool paste, paste_drop, paste_cut;
    int64_t paste_at; /* when its last byte came */
    char *bytes;
    size_t len, room;
    bool tail; /* a paste has ended: what came with it in one go is dropped */
};

void decoder_init(struct decoder *decoder, enum decoder_charset charset);
void decoder_release(struct decoder *decoder);
/* Takes one code; events queue up (never more than DECODER_QUEUE before decoder_next is called). */
void decoder_take(struct decoder *decoder, int code, int64_t now);
/* Nothing more is there at the moment: what was waiting for it, or for too long, is decided. */
void decoder_drained(struct decoder *decoder, int64_t now);
/* The input has ended: an Esc or a paste without end is delivered. */
void decoder_ended(struct decoder *decoder);
bool decoder_next(struct decoder *decoder, struct term_event *event);
/* When decoder_drained() has to be called even if nothing comes; -1: no need. */
int64_t decoder_deadline(const struct decoder *decoder);
/* Forgets all that is not delivered; the rest of a paste under way will be dropped as well. */
void decoder_forget(struct decoder *decoder);

#endif
