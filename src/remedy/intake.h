/* Pasted or typed text -> subject. Pure: no file, clock, network. Takes events 1411, 1925, 2023,
 * 1955, 1272 (text of 2003 and 2008+, event XML), dcdiag, repadmin and samba-tool reports, GUIDs in
 * any spelling, DNs, host and server names; article-8589.md step 1 and domain.md section 7 have the
 * shapes. The text is hostile: any bytes, any length. */
#ifndef DCMEND_INTAKE_H
#define DCMEND_INTAKE_H

#include "src/base/err.h"
#include "src/model/subject.h"

#include <stddef.h>

/* Reads len bytes (UTF-8, UTF-16 with BOM, or a console code page). On success *out is owned by the
 * caller and has at least one DSA. ERR_OPERATOR with what to do next when nothing in the text names
 * a DSA (empty text, another error than 8589 without any name, ...); *out is empty then but for the
 * destination and notes, which may be set: release it all the same. */
struct err *intake_read(const char *text, size_t len, struct subject *out);

#endif
