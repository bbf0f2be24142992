/* Shared by transcript.c, transcript_change.c and transcript_console.c. */
#ifndef DCMEND_TRANSCRIPT_PARTS_H
#define DCMEND_TRANSCRIPT_PARTS_H

#include "src/remedy/sheet.h"
#include "src/remedy/transcript.h"

void transcript_time(struct sheet *sheet, const char *label, time_t when); /* 0: nothing */

/* transcript_change.c */
void transcript_outcome(struct sheet *sheet, const struct transcript *t);
void transcript_change(struct sheet *sheet, const struct transcript *t);

/* transcript_console.c; heading NULL: none. False: there is no command that would help. */
bool transcript_console(struct sheet *sheet, const struct transcript *t, const char *heading);

#endif
