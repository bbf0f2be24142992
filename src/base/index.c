/* A table of buckets that doubles when it is full; each bucket is a chain through the array of
 * items, oldest first. Keys come from a directory and may be chosen to collide: the hash (FNV-1a)
 * is only a speed-up, equality is decided on the bytes. */
#include "src/base/index.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { FEWEST_BUCKETS = 64 };

static uint64_t hash_of(const void *key, size_t len)
{
    const unsigned char *bytes = key;
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * 1099511628211ULL;
    return hash ^ hash >> 32;
}

/* From the last item to the first, each to the head of its chain. */
static void rebuild(struct index *index)
{
    index->bucket_count = index->bucket_count ? 2 * index->bucket_count : FEWEST_BUCKETS;
    free(index->buckets);
    index->buckets = mem_zero(index->bucket_count, sizeof *index->buckets);
    for (size_t i = 0; i < index->bucket_count; i++)
        index->buckets[i] = INDEX_END;
    for (size_t i = index->count; i-- > 0;) {
        size_t *head = &index->buckets[index->items[i].hash & (index->bucket_count - 1)];
        index->items[i].next = *head;
        *head = i;
    }
}

void index_add(struct index *index, const void *key, size_t len, size_t value)
{
    if (index->count >= index->bucket_count)
        rebuild(index);
    size_t at = index->count;
    struct index_item *item = MEM_PUSH(index->items, index->count);
    *item = (struct index_item){hash_of(key, len), mem_textn(key, len), len, value, INDEX_END};
    size_t *end = &index->buckets[item->hash & (index->bucket_count - 1)];
    while (*end != INDEX_END)
        end = &index->items[*end].next;
    *end = at;
}

static size_t find(const struct index *index, size_t at, uint64_t hash, const void *key, size_t len)
{
    for (; at != INDEX_END; at = index->items[at].next) {
        const struct index_item *item = &index->items[at];
        if (item->hash == hash && item->len == len && memcmp(item->key, key, len) == 0)
            return at;
    }
    return INDEX_END;
}

size_t index_first(const struct index *index, const void *key, size_t len)
{
    if (index->count == 0)
        return INDEX_END;
    uint64_t hash = hash_of(key, len);
    return find(index, index->buckets[hash & (index->bucket_count - 1)], hash, key, len);
}

size_t index_next(const struct index *index, size_t at)
{
    const struct index_item *item = &index->items[at];
    return find(index, item->next, item->hash, item->key, item->len);
}

size_t index_value(const struct index *index, size_t at)
{
    return index->items[at].value;
}

void index_release(struct index *index)
{
    for (size_t i = 0; i < index->count; i++)
        free(index->items[i].key);
    free(index->items);
    free(index->buckets);
    *index = (struct index)INDEX_INIT;
}
