/* What the operator is told about a text. */
#ifndef DCMEND_INTAKE_SAYS_H
#define DCMEND_INTAKE_SAYS_H

#include "src/base/err.h"
#include "src/remedy/intake/settle.h"

/* Adds plain sentences to out->notes, whose DSAs are settled->items in that order. */
void say_all(const struct records *records, const struct settled *settled, struct subject *out);
/* "error 1722 (...)", "event 2042 (...)": what the text is about where it names this DSA for that
 * alone; NULL: it may be about 8589. Owned by the caller. */
char *say_other_fault(const struct settled *settled, const struct meant *meant);
/* Why no DSA is meant, and what to do next. */
struct err *say_nothing(const struct records *records, const struct settled *settled);

#endif
