/* What a bug report says beside the trace: which DSA was meant, and what was found of it. The test
 * that replays a report makes both anew, and compares. */
#ifndef DCMEND_BUGREPORT_H
#define DCMEND_BUGREPORT_H

#include "src/base/record.h"
#include "src/model/facts.h"
#include "src/model/subject.h"
#include "src/model/verdict.h"

#define BUGREPORT_TITLE "dcmend bugreport 1" /* the first line: the format's version */

/* A part for each DSA of the text, dsas[which] first; "destination" and "conflict" stand in it. */
void bugreport_subject(struct record *record, const struct subject *subject, size_t which);
/* The parts "facts" and "verdict". Sentences in them are PAIR_FREE: all else is to come out again.
 */
void bugreport_finding(struct record *record, const struct facts *facts,
                       const struct verdict *verdict);

#endif
