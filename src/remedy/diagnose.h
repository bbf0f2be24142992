/* facts -> verdict. A pure function: the same facts give the same verdict, whether one DSA was read
 * (gather) or a whole forest (survey). The rules are domain.md section 3 and design.md section 2.
 */
#ifndef DCMEND_DIAGNOSE_H
#define DCMEND_DIAGNOSE_H

#include "src/model/facts.h"
#include "src/model/verdict.h"

/* *out is owned by the caller. Never fails: what was not read is part of the facts. */
void diagnose(const struct facts *facts, struct verdict *out);

/* The same for an account that the operator chose (index into facts->accounts) in place of the
 * proposed one: same rules, same levels; writable only where that account alone would be offered.
 */
void diagnose_choice(const struct facts *facts, size_t account, struct verdict *out);

/* How the same DSA would be judged if its value were this one (dn NULL: absent): for undo, which is
 * not judged by evidence but says what it leads to. */
void diagnose_after(const struct facts *facts, const struct dn_link *value, struct verdict *out);

/* The proposed value with the object that it means, borrowed from both; dn NULL: none. */
struct dn_link diagnose_proposed(const struct facts *facts, const struct verdict *verdict);

#endif
