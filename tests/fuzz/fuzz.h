/* What the fuzz targets share: a promise that must hold, and texts made from the input. */
#ifndef DCMEND_TESTS_FUZZ_H
#define DCMEND_TESTS_FUZZ_H

#include "src/base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool holds)
{
    if (!holds)
        abort();
}

/* The next line of the input (without its newline) as a text of its own, cut at a NUL. */
static inline char *take_line(const uint8_t **data, size_t *size)
{
    const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
    size_t len = end ? (size_t)(end - *data) : *size;
    char *line = mem_zero(len + 1, 1);
    if (len > 0)
        memcpy(line, *data, len);
    *data += len + (end != NULL);
    *size -= len + (end != NULL);
    return line;
}

static inline char *take_rest(const uint8_t *data, size_t size)
{
    char *text = mem_zero(size + 1, 1);
    if (size > 0)
        memcpy(text, data, size);
    return text;
}

#endif
