/* Judges records together: which DSAs are meant, in what order, and which DC reported each. Knows
 * no text: only what the records say. */
#ifndef DCMEND_INTAKE_SETTLE_H
#define DCMEND_INTAKE_SETTLE_H

#include "src/remedy/intake/record.h"

enum { MAX_MEANT = 64, MAX_DROPPED = 5 };

/* One DSA that is meant. */
struct meant {
    const struct record *best;  /* decides where it was found, its error and its line */
    const struct record *names; /* the first record that has its names; NULL */
    const struct record *dn;    /* the same for its DN */
    const struct record *forest;
    const struct record *attempt;
    bool has_guid, deleted;
    struct guid guid;
    struct place place; /* the DC that logged or reported it; line 0: nobody is named */
    unsigned long when; /* the latest of its records, as far as it can be compared */
    long code;          /* 0: the text gives none for it */
    size_t reporters;   /* different DCs that report it */
};

struct settled {
    struct meant *items; /* best first */
    size_t count, left_out;
    long status;        /* the text's error: 8589, else 8603, else the first other one; 0 none */
    long other;         /* an error of another fault that is in it too */
    struct place place; /* where no DSA is meant: who logged or reported */
    const struct record *event, *report, *other_partner, *sysvol, *outbound,
        *other_event;                          /* NULL */
    const struct record *dropped[MAX_DROPPED]; /* what might be looked for */
    size_t dropped_count;
};
void settle(const struct records *records, struct settled *out);
void settled_release(struct settled *settled);

enum subject_source record_source(const struct record *record);

#endif
