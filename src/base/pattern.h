/* A regular expression that is known when the program is built: PCRE2's, over bytes whatever the
 * locale, without regard to case; it fits from the first byte on. Compiled at its first use and
 * kept; any thread may use it. */
#ifndef DCMEND_PATTERN_H
#define DCMEND_PATTERN_H

#include "src/base/str.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct pattern {
    const char *text;                          /* the first alternative that fits is taken */
    struct pattern_compiled *_Atomic compiled; /* NULL at first */
};

/* How many of the bytes at text[0..len) it fits; 0: none. Linear in len. */
size_t pattern_length(struct pattern *pattern, const char *text, size_t len);
/* The same; the first `count` groups of the pattern are written to parts, those that fit nothing
 * as none. */
size_t pattern_parts(struct pattern *pattern, const char *text, size_t len, struct slice *parts,
                     size_t count);

#endif
