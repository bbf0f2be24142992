/* The usual growing buffer and a list of texts; nothing here depends on the locale. */
#include "src/base/str.h"

#include "src/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_release(struct str *s)
{
    free(s->text);
    *s = (struct str)STR_INIT;
}

const char *str_text(const struct str *s)
{
    return s->text ? s->text : "";
}

char *str_steal(struct str *s)
{
    char *text = s->text ? s->text : mem_text("");
    *s = (struct str)STR_INIT;
    return text;
}

void str_clear(struct str *s)
{
    s->len = 0;
    if (s->text)
        s->text[0] = '\0';
}

static void make_room(struct str *s, size_t extra)
{
    size_t need;
    if (__builtin_add_overflow(s->len + 1, extra, &need))
        need = SIZE_MAX; /* mem_grow aborts */
    if (need <= s->room)
        return;
    size_t room = s->room ? s->room : 64;
    while (room < need && room <= SIZE_MAX / 2)
        room *= 2;
    if (room < need)
        room = need;
    s->text = mem_grow(s->text, room, 1);
    s->room = room;
}

void str_addn(struct str *s, const void *bytes, size_t len)
{
    make_room(s, len);
    if (len)
        memcpy(s->text + s->len, bytes, len);
    s->len += len;
    s->text[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
    if (text)
        str_addn(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
    str_addn(s, &c, 1);
}

void str_addv(struct str *s, const char *format, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, format, ap);
    if (len > 0) {
        make_room(s, (size_t)len);
        vsnprintf(s->text + s->len, (size_t)len + 1, format, again);
        s->len += (size_t)len;
    }
    va_end(again);
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    str_addv(s, format, ap);
    va_end(ap);
}

char *str_format(const char *format, ...)
{
    struct str s = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&s, format, ap);
    va_end(ap);
    return str_steal(&s);
}

void strs_own(struct strs *list, char *text)
{
    *MEM_PUSH(list->items, list->count) = text;
}

void strs_add(struct strs *list, const char *text)
{
    strs_own(list, mem_text(text ? text : ""));
}

void strs_addn(struct strs *list, const char *text, size_t len)
{
    strs_own(list, mem_textn(text, len));
}

void strs_copy(struct strs *to, const struct strs *from)
{
    for (size_t i = 0; i < from->count; i++)
        strs_add(to, from->items[i]);
}

bool strs_has(const struct strs *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_same_case(list->items[i], text))
            return true;
    return false;
}

void strs_release(struct strs *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct strs){NULL, 0};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_same_case(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

bool str_starts_case(const char *text, const char *prefix)
{
    while (*prefix && lower(*text) == lower(*prefix))
        text++, prefix++;
    return *prefix == '\0';
}

const char *str_find_case(const char *text, const char *needle)
{
    for (; *text; text++)
        if (str_starts_case(text, needle))
            return text;
    return *needle ? NULL : text;
}

char *str_lower(const char *text)
{
    char *copy = mem_text(text ? text : "");
    for (char *p = copy; *p; p++)
        *p = lower(*p);
    return copy;
}

char *str_upper(const char *text)
{
    char *copy = mem_text(text ? text : "");
    for (char *p = copy; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return copy;
}
