/* Pages are made of cleaned lines; nothing raw gets past the functions of this file. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 13 };

static char *clean_format(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));
static char *clean_format(const char *format, va_list ap)
{
    struct str s = STR_INIT;
    str_addv(&s, format, ap);
    char *clean = text_clean_lines(str_text(&s), s.len);
    str_release(&s);
    return clean;
}

void page_put(struct pager *page, enum style style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    char *text = clean_format(format, ap);
    va_end(ap);
    pager_line(page, style, text);
    free(text);
}

void page_pair(struct pager *page, const char *label, enum style style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    char *text = clean_format(format, ap);
    va_end(ap);
    pager_pair(page, LABEL_COLUMNS, STYLE_QUIET, label, style, text);
    free(text);
}

void page_item(struct app *app, struct pager *page, enum glyph glyph, enum style style,
               const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    char *text = clean_format(format, ap);
    va_end(ap);
    char *mark = str_format("  %s", term_glyph(app->term, glyph));
    pager_pair(page, 6, style, mark, STYLE_TEXT, text);
    free(mark);
    free(text);
}

void page_title(struct pager *page, const char *text)
{
    pager_blank(page);
    pager_line(page, STYLE_HEAD, text);
}

void page_error(struct pager *page, const struct err *err)
{
    if (!err)
        return;
    page_put(page, STYLE_FAULT, "%s", err->text);
    if (err->next)
        page_put(page, STYLE_TEXT, "%s", err->next);
    if (err->said)
        page_pair(page, "It said", STYLE_QUIET, "%s", err->said);
}

void page_waiting(struct app *app, struct pager *page, const char *what)
{
    page_put(page, STYLE_CURRENT, "%s  %ld s", what, app_waited(app));
    page_put(page, STYLE_QUIET, "Esc calls it off.");
}

void page_begin(struct pager *page)
{
    size_t top = page->top;
    pager_clear(page);
    page->top = top; /* drawing cuts it down where the page became shorter */
}

bool page_keys(struct pager *page, const struct term_event *event)
{
    return event->kind == TERM_KEY && pager_handle(page, event) != WIDGET_IGNORED;
}

char *short_host(const char *host)
{
    char *clean = text_clean_z(host);
    if (strspn(clean, "0123456789.") != strlen(clean) && !strchr(clean, ':'))
        clean[strcspn(clean, ".")] = '\0';
    return clean;
}

void page_change(struct pager *page, const char *old, const char *new)
{
    char *from = text_clean_z(old ? old : "(absent)"), *to = text_clean_z(new ? new : "(removed)");
    pager_pair(page, 4, STYLE_OLD, "  -", STYLE_OLD, from);
    pager_pair(page, 4, STYLE_NEW, "  +", STYLE_NEW, to);
    free(from);
    free(to);
}
