/* Memory that never comes back NULL. When there is none left the hook runs (it restores the
 * terminal) and the process aborts; no caller has an out-of-memory path of its own. */
#ifndef DCMEND_MEM_H
#define DCMEND_MEM_H

#include <stddef.h>

#define MEM_RETURNS __attribute__((malloc, returns_nonnull, warn_unused_result))

void *mem_zero(size_t count, size_t size) MEM_RETURNS; /* zeroed; count * size is checked */
void *mem_grow(void *old, size_t count, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));  /* realloc; count * size is checked */
char *mem_text(const char *text);                          /* copy; NULL gives NULL */
char *mem_textn(const char *text, size_t len) MEM_RETURNS; /* copy of len bytes, NUL added */

/* Replaces *field by a copy of text (NULL allowed), frees the old one. */
void mem_set(char **field, const char *text);

/* Appends one zeroed element to an array and returns it; *items grows by doubling. */
void *mem_push(void *items, size_t *count, size_t size) __attribute__((warn_unused_result));
#define MEM_PUSH(items, count)                                                                     \
    ((__typeof__(items))mem_push((void *)&(items), &(count), sizeof *(items)))

/* Called once before abort() when memory is out: only async-signal-safe work there. */
void mem_on_exhausted(void (*hook)(void));

#endif
