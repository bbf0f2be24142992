/* From the codes that curses delivers (bytes, keys) to events: UTF-8 and the locale's own codesets,
 * pastes, sequences that arrive in pieces. It is the one place that tells a hand from a paste: what
 * comes with a paste, or faster than a hand types, never leaves it as a key. Knows neither curses
 * nor the terminal; internal to term. */
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
    DECODER_PASTE_IDLE_MS = 5000, /* a paste whose end mark does not come */
    DECODER_QUIET_MS = 400,       /* without a byte: all that belongs to a paste has passed */
    DECODER_RUN = 10,             /* so many keys ... */
    DECODER_RUN_MS = 50,          /* ... in this time are no hand's, but a paste without marks */
    DECODER_NEXT_MS = 15,         /* how long a key waits for the one behind it, to tell */
    DECODER_WARY_MS = 10000,      /* so long the rest of a paste may come behind a silence ... */
    DECODER_REST_MS = 5,          /* ... its keys so close to one another: 200 bytes a second */
    DECODER_QUEUE = 64,
    DECODER_SEQUENCE = 32
};

struct decoder {
    enum decoder_charset charset;
    bool hold; /* an Esc waits for a paste mark */

    struct term_event queue[DECODER_QUEUE];
    int queued, ripe; /* the first of them are told, the rest wait for what follows */
    int64_t now;
    int64_t key_at[DECODER_RUN]; /* when the last keys came, in a ring */
    size_t keys, waiting;        /* in all; of those that wait */
    enum term_key last;
    int64_t wary_until;

    char part[4]; /* a character whose rest is to come */
    size_t part_len;
    mbstate_t shift;

    bool esc;      /* an Esc was read: a sequence may follow */
    bool esc_told; /* ... and was already delivered as a key */
    int64_t esc_at;
    char sequence[DECODER_SEQUENCE]; /* what followed it */
    size_t sequence_len;

    bool paste, paste_drop, paste_cut;
    bool unmarked;    /* the paste began by its speed, and ends by silence */
    int64_t paste_at; /* when its last byte came */
    char *bytes;      /* of the paste, or of the keys that wait */
    size_t len, room;
    bool tail, tail_dropped; /* a paste has ended: all is dropped until it is quiet */
    bool tail_leave;         /* but for a Ctrl-C that nothing follows */
    int64_t tail_at;
};

void decoder_init(struct decoder *decoder, enum decoder_charset charset);
void decoder_release(struct decoder *decoder);
/* Takes one code; events queue up. */
void decoder_take(struct decoder *decoder, int code, int64_t now);
/* Nothing more is there at the moment: what was waiting for it, or for too long, is decided. */
void decoder_drained(struct decoder *decoder, int64_t now);
/* The input has ended: an Esc or a paste without end is delivered. */
void decoder_ended(struct decoder *decoder);
bool decoder_next(struct decoder *decoder, struct term_event *event);
/* When decoder_drained() has to be called even if nothing comes; -1: no need. */
int64_t decoder_deadline(const struct decoder *decoder);
/* Forgets all that is not delivered, drops the rest of a paste under way, and hears nothing more
 * before it was quiet. */
void decoder_forget(struct decoder *decoder, int64_t now);

#endif
