/* A table of the batch commands: a head, one line a row, as wide as the terminal and nowhere cut in
 * a pipe. What a row cannot do without, because it is copied, stands in the last column. */
#ifndef DCMEND_UI_BATCH_TABLE_H
#define DCMEND_UI_BATCH_TABLE_H

#include "src/base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct batch_column {
    const char *head;
    int yields; /* where the terminal is too narrow, 1 gives way first, then 2, ...; 0 never does */
};

struct batch_table {
    const struct batch_column *columns;
    size_t count;
    bool plain;        /* ASCII only, see output_is_plain() */
    struct strs cells; /* row by row, cleaned */
};

void batch_table_add(struct batch_table *table, const char *raw); /* the next cell; "" is "-" */
/* most: the terminal's columns; 0: a pipe, which has no end. Nothing without rows. */
void batch_table_write(struct str *out, const struct batch_table *table, int most);
void batch_table_release(struct batch_table *table);

#endif
