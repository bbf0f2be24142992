/* A growing text: always NUL-terminated, may hold NUL bytes, owned by whoever declared it. */
#ifndef DCMEND_STR_H
#define DCMEND_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
    char *text; /* never NULL after the first add; use str_text() to be sure */
    size_t len;
    size_t room;
};
#define STR_INIT                                                                                   \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

/* A part of another's text. */
struct slice {
    const char *at; /* NULL: none */
    size_t len;
};

void str_release(struct str *s);
const char *str_text(const struct str *s); /* "" when empty */
char *str_steal(struct str *s);            /* the text, owned by the caller; s is empty again */
void str_clear(struct str *s);             /* empty, memory kept */

void str_add(struct str *s, const char *text); /* NULL adds nothing */
void str_addn(struct str *s, const void *bytes, size_t len);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_addv(struct str *s, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

/* A formatted text of its own, owned by the caller. */
char *str_format(const char *format, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull, warn_unused_result));

/* A list of texts, all owned. */
struct strs {
    char **items;
    size_t count;
};
void strs_add(struct strs *list, const char *text);
void strs_addn(struct strs *list, const char *text, size_t len);
void strs_own(struct strs *list, char *text); /* takes text over */
void strs_copy(struct strs *to, const struct strs *from);
bool strs_has(const struct strs *list, const char *text); /* ASCII case ignored */
void strs_release(struct strs *list);

/* ASCII-only comparisons: protocol words never follow the locale. NULL equals only NULL. */
bool str_same(const char *a, const char *b);      /* exact */
bool str_same_case(const char *a, const char *b); /* case ignored */
bool str_starts_case(const char *text, const char *prefix);
const char *str_find_case(const char *text, const char *needle); /* NULL when not there */
char *str_lower(const char *text);                               /* owned copy, ASCII lowered */
char *str_upper(const char *text);

#endif
