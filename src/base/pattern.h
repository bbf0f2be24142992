/* A regular expression that is known when the program is built: POSIX extended, over bytes whatever
 * the locale, without regard to case. Compiled at its first use and kept; any thread may use it. */
#ifndef DCMEND_PATTERN_H
#define DCMEND_PATTERN_H

#include <stddef.h>

struct pattern {
    const char *text;                  /* begins with '^' */
    struct pattern_compiled *compiled; /* NULL at first */
};

/* How many of the bytes at text[0..len) it fits, as many as can be; 0: none. Linear in len. */
size_t pattern_length(struct pattern *pattern, const char *text, size_t len);

#endif
