/* Shared by journal.c (folder), journal_write.c and journal_read.c. */
#ifndef DCMEND_JOURNAL_PARTS_H
#define DCMEND_JOURNAL_PARTS_H

#include "src/jobs/journal.h"

/* Opens the folder for reading or appending; *fd is close-on-exec, *path owned by the caller. With
 * create false a folder that is not there gives *fd -1 and success. */
struct err *journal_folder_open(bool create, int *fd, char **path);

/* "The journal ... (No space left on device)" with what to do next. errno is in `number`. */
struct err *journal_err(int number, const char *what, const char *path);

#endif
