/* Facts as text, a line a field, so that two readings can be compared field by field. Lists stand
 * in the order of their GUIDs: which came first is no fact. */
#ifndef DCMEND_TESTS_FACTS_TEXT_H
#define DCMEND_TESTS_FACTS_TEXT_H

#include "src/model/facts.h"

/* shared: only what both gather() and survey_run() read; without it all but the clock. Owned. */
char *facts_text(const struct facts *facts, bool shared);

#endif
