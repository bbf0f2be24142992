/* Shared by journal.c (folder), journal_write.c and journal_read.c. */
#ifndef DCMEND_JOURNAL_PARTS_H
#define DCMEND_JOURNAL_PARTS_H

#include "src/jobs/journal.h"

/* "The journal ... (No space left on device)" with what to do next. errno is in `number`. */
struct err *journal_err(int number, const char *what, const char *path);

#endif
