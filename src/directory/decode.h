/* Attribute values as people read them: GUIDs and SIDs as text, bit fields and numbers in words,
 * times in UTC, bytes as hex cut short. One line a value, clean (base/text.h). Pure. */
#ifndef DCMEND_DECODE_H
#define DCMEND_DECODE_H

#include "src/base/str.h"
#include "src/directory/search.h"

/* Appends one value. An attribute that is not known is shown as text, or as hex when it is none. */
void decode_value(const char *attribute, const struct value *value, struct str *out);

/* Appends one line for each value of an attribute of this entry. "options" and "systemFlags" mean
 * another thing on each class: only here they are put into words. */
void decode_attribute(const struct entry *entry, const struct attribute *attribute,
                      struct strs *lines);

#endif
