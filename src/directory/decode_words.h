/* The words for numbers and bit fields (MS-ADTS 2.2.16, 6.1.1.2, MS-ADA1 to MS-ADA3). Pure. */
#ifndef DCMEND_DECODE_WORDS_H
#define DCMEND_DECODE_WORDS_H

#include "src/base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Appends "532480 (domain controller, trusted for delegation)". False, and nothing added, when
 * there are no words for this attribute on this class (NULL: a class that is not known). */
bool words_add(const char *object_class, const char *attribute, int64_t number, struct str *out);

#endif
