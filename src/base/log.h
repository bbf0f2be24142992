/* The --log file: one cleaned line per event with the time in UTC, for the person who has to find
 * out what happened. Never holds a secret. Off until log_open(); safe from any thread. */
#ifndef DCMEND_LOG_H
#define DCMEND_LOG_H

#include "src/base/err.h"

/* Appends to path (created 0600). ERR_LOCAL when it cannot be opened. */
struct err *log_open(const char *path);
void log_close(void);
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_err(const struct err *err); /* NULL logs nothing */

#endif
