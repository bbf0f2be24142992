/* The allocator is libc's; what this file adds is that failure ends the program in one place, with
 * the terminal restored, and that no multiplication of sizes overflows. */
#include "src/base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void (*exhausted_hook)(void);

void mem_on_exhausted(void (*hook)(void))
{
    exhausted_hook = hook;
}

static void *checked(void *memory)
{
    if (memory)
        return memory;
    if (exhausted_hook)
        exhausted_hook();
    abort();
}

void *mem_zero(size_t count, size_t size)
{
    if (count == 0 || size == 0)
        count = size = 1;
    return checked(calloc(count, size));
}

void *mem_grow(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return checked(NULL);
    return checked(realloc(old, bytes ? bytes : 1));
}

char *mem_textn(const char *text, size_t len)
{
    char *copy = checked(malloc(len + 1));
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *mem_text(const char *text)
{
    return text ? mem_textn(text, strlen(text)) : NULL;
}

void mem_set(char **field, const char *text)
{
    char *copy = mem_text(text);
    free(*field);
    *field = copy;
}

void *mem_push(void *items, size_t *count, size_t size)
{
    void *array;
    memcpy(&array, items, sizeof array);
    if ((*count & (*count - 1)) == 0) { /* 0, 1, 2, 4, ...: full at every power of two */
        array = mem_grow(array, *count ? *count * 2 : 1, size);
        memcpy(items, &array, sizeof array);
    }
    char *slot = (char *)array + *count * size;
    memset(slot, 0, size);
    ++*count;
    return slot;
}
