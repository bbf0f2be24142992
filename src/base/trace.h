/* What is asked of directories and DNS, and what they answer, as it happens: for --debug, which
 * appends it to a file, and for a bug report, which collects it. Off until one of them is wanted;
 * safe from any thread, as the log is. No secret passes here: passwords and tickets are no part of
 * a search. */
#ifndef DCMEND_TRACE_H
#define DCMEND_TRACE_H

#include "src/base/err.h"
#include "src/base/record.h"

#include <stdint.h>

/* Appends to a file of the user's own, which then is 0600. ERR_LOCAL when it cannot be opened. */
struct err *trace_open(const char *path);
/* From now on also to this record, the caller's; NULL ends that, whoever is still at work. */
void trace_collect(struct record *record);
void trace_close(void);

bool trace_is_on(void);
/* Milliseconds from when it was first wanted to that moment (clock_ms()). */
int64_t trace_since(int64_t moment);
/* One part, finished: written and flushed. What it holds is taken over. */
void trace_add(struct record *part);

#endif
