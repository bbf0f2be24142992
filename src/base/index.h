/* From keys (texts or bytes, copied) to numbers, several a key: how thousands of objects find each
 * other without comparing all with all. */
#ifndef DCMEND_INDEX_H
#define DCMEND_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct index_item {
    uint64_t hash;
    char *key;
    size_t len, value, next; /* next: in the same bucket; INDEX_END */
};
struct index {
    struct index_item *items;
    size_t count;
    size_t *buckets;
    size_t bucket_count;
};
#define INDEX_INIT                                                                                 \
    {                                                                                              \
        NULL, 0, NULL, 0                                                                           \
    }
#define INDEX_END ((size_t)-1)

void index_add(struct index *index, const void *key, size_t len, size_t value);
/* Positions, in the order of adding; INDEX_END behind the last. */
size_t index_first(const struct index *index, const void *key, size_t len);
size_t index_next(const struct index *index, size_t at);
size_t index_value(const struct index *index, size_t at);
void index_release(struct index *index);

#endif
