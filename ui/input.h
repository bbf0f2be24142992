/* A text from a file or from standard input, whole and bounded: what -f names. */
#ifndef DCMEND_INPUT_H
#define DCMEND_INPUT_H

#include "src/base/err.h"
#include "src/base/str.h"

enum { INPUT_MOST = 16 << 20 }; /* bytes; a /showrepl of a large forest is a tenth of it */

/* Blocks on the file. "-" is standard input. ERR_OPERATOR: not there, not readable, or larger than
 * INPUT_MOST; out then holds nothing. The bytes are as they came. */
struct err *input_read(const char *path, struct str *out);

#endif
