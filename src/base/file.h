/* Files in folders where others may have put something. */
#ifndef DCMEND_FILE_H
#define DCMEND_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* A regular file (behind links, too), opened for reading and never waited for; NULL with errno:
 * ENOTSUP where it is a FIFO, a device or a folder. Closed by the caller. */
FILE *file_read(const char *path);

/* What is there could keep its reader waiting for ever: neither a regular file nor a folder. */
bool file_may_hang(const char *path);

#endif
