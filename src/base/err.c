/* An error carries who must act, what happened, and the server's own words, so that whoever shows
 * it never has to guess from a text. */
#include "src/base/err.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdarg.h>
#include <stdlib.h>

static const char *const code_names[] = {
#define X(code, name) [code] = name,
    ERR_CODES(X)
#undef X
};

__attribute__((format(printf, 1, 0))) static char *format_text(const char *format, va_list ap)
    __attribute__((format(printf, 1, 0)));
static char *format_text(const char *format, va_list ap)
{
    struct str s = STR_INIT;
    str_addv(&s, format, ap);
    return str_steal(&s);
}

struct err *err_new(enum err_kind kind, enum err_code code, const char *format, ...)
{
    struct err *err = mem_zero(1, sizeof *err);
    err->kind = kind;
    err->code = code;
    va_list ap;
    va_start(ap, format);
    err->text = format_text(format, ap);
    va_end(ap);
    return err;
}

struct err *err_next(struct err *err, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    free(err->next);
    err->next = format_text(format, ap);
    va_end(ap);
    return err;
}

struct err *err_said(struct err *err, const char *words)
{
    mem_set(&err->said, words && *words ? words : NULL);
    return err;
}

struct err *err_detail(struct err *err, char *lines)
{
    free(err->detail);
    err->detail = lines;
    return err;
}

struct err *err_copy(const struct err *err)
{
    if (!err)
        return NULL;
    struct err *copy = mem_zero(1, sizeof *copy);
    *copy = *err;
    copy->text = mem_text(err->text);
    copy->next = mem_text(err->next);
    copy->said = mem_text(err->said);
    copy->detail = mem_text(err->detail);
    return copy;
}

void err_free(struct err *err)
{
    if (!err)
        return;
    free(err->text);
    free(err->next);
    free(err->said);
    free(err->detail);
    free(err);
}

const char *err_code_name(enum err_code code)
{
    return code_names[code];
}

bool err_is(const struct err *err, enum err_code code)
{
    return err && err->code == code;
}
