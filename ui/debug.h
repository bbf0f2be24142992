/* What a bug report and a --debug file say beside what was asked: which program on which system,
 * which DSA was meant, what was found. */
#ifndef DCMEND_UI_DEBUG_H
#define DCMEND_UI_DEBUG_H

#include "src/base/err.h"
#include "src/base/record.h"
#include "src/model/facts.h"
#include "src/model/subject.h"
#include "src/model/verdict.h"

/* The head of the file; names: they are left as they are. */
void debug_head(struct record *record, const char *command, bool names);
struct err *debug_open(const char *path, const char *command); /* --debug */

/* Parts of the trace, where one is wanted. */
void debug_subject(const struct subject *subject, size_t which, const char *source);
void debug_finding(const struct facts *facts, const struct verdict *verdict);
void debug_failure(const struct err *err); /* NULL: nothing */

#endif
