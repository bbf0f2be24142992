/* Judges records together: which DSAs are meant, in what order, and which DC reported each. Knows
 * no text: only what the records say. */
#ifndef DCMEND_INTAKE_SETTLE_H
#define DCMEND_INTAKE_SETTLE_H

#include "src/remedy/intake/record.h"

enum { MAX_MEANT = 64, MAX_DROPPED = 5 };

/* One DSA that is meant. */
struct meant {
    const struct record *best;   /* decides where it was found and its line */
    struct record known;         /* what all records of it say: identity, error, place, times */
    const struct place **places; /* while they are collected: of different DCs that report it */
    size_t reporters;            /* so many of them */
};

struct settled {
    struct meant *items; /* best first */
    size_t count, left_out;
    long status;        /* the text's error: 8589, else 8603, else the first other one; 0 none */
    long other;         /* an error of another fault that is in it too */
    struct place place; /* where no DSA is meant: who logged or reported */
    /* The first of its kind; NULL: none. */
    const struct record *event, *report, *other_partner, *sysvol, *outbound, *other_event;
    const struct record *dropped[MAX_DROPPED]; /* what might be looked for */
    size_t dropped_count;
};
void settle(const struct records *records, struct settled *out);
void settled_release(struct settled *settled);

enum subject_source record_source(const struct record *record);

#endif
