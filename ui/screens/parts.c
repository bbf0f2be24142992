/* Pages are made of cleaned lines; nothing raw gets past the functions of this file. What is put is
 * one line, whatever newlines a name in it holds: else it could say "VERIFIED" below itself. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/dc_name.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/ldif.h"
#include "ui/widgets/layout.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 13, ITEM_COLUMNS = 5 };

/* No honest name, DN or sentence comes near this; a page is made anew for each key. */
enum { TEXT_MAX = 8192 };

static char *clean_text(const char *text, size_t len)
{
    size_t most = len > TEXT_MAX ? TEXT_MAX : len;
    while (most < len && most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80)
        most--;
    char *clean = text_clean(text, most);
    if (most == len)
        return clean;
    char *cut = str_format("%s ... (%zu bytes more)", clean, len - most);
    free(clean);
    return cut;
}

char *page_clean(const char *text)
{
    return clean_text(text ? text : "", text ? strlen(text) : 0);
}

static char *clean_format(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));
static char *clean_format(const char *format, va_list ap)
{
    struct str s = STR_INIT;
    str_addv(&s, format, ap);
    char *clean = clean_text(str_text(&s), s.len);
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

void page_lines(struct pager *page, enum style style, const char *text)
{
    for (size_t len; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        page_put(page, style, "%.*s", (int)len, text);
    }
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
    pager_pair(page, ITEM_COLUMNS, style, mark, STYLE_TEXT, text);
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
    for (const char *line = err->detail; line && *line; line += strcspn(line, "\n") + 1) {
        char *label = mem_textn(line, strcspn(line, "\t"));
        const char *value = line + strlen(label) + 1;
        page_pair(page, label, STYLE_TEXT, "%.*s", (int)strcspn(value, "\n"), value);
        free(label);
    }
    if (err->said && !err->detail)
        page_pair(page, "It said", STYLE_QUIET, "%s", err->said);
}

void page_waiting(struct app *app, struct pager *page, const char *what)
{
    page_put(page, STYLE_CURRENT, "%s  %ld s", what, app_waited(app, PLACE_WIZARD));
    page_put(page, STYLE_QUIET, "Esc calls it off.");
}

void page_reading(struct app *app, struct pager *page, const char *what)
{
    page_put(page, STYLE_CURRENT, "%s  %ld s", what, app_waited(app, PLACE_SIDE));
}

void page_list_place(struct app *app, const struct list *list, struct rect row)
{
    char *place = list_position(list);
    int width = text_width(place);
    if (row.rows > 0 && width > 0 && width <= row.cols)
        term_put(app->term, row.row, row.col + row.cols - width, STYLE_QUIET, place, width);
    free(place);
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

bool page_opens(struct app *app, enum action action)
{
    const struct screen_ops *ops = action == ACTION_BROWSE     ? &screen_browse
                                   : action == ACTION_ACCOUNTS ? &screen_accounts
                                   : action == ACTION_PARTNERS ? &screen_partners
                                   : action == ACTION_CHECK    ? &screen_scan
                                   : action == ACTION_JOURNAL  ? &screen_journal
                                                               : NULL;
    if (ops)
        app_push(app, ops);
    return ops != NULL;
}

char *short_dc(const struct wizard *w, const char *host)
{
    char *name = dc_name(&w->server, &w->facts, host), *clean = page_clean(name);
    free(name);
    return clean;
}

/* Where the RDNs begin that both end in; the length of the text when there are none. */
static size_t common_tail(const char *text, size_t len, const char *other, size_t other_len)
{
    size_t same = 0, tail = 0;
    while (same < len && same < other_len && text[len - 1 - same] == other[other_len - 1 - same]) {
        same++;
        if (text[len - same] == ',' && (same == len || text[len - same - 1] != '\\'))
            tail = same;
    }
    return len - tail;
}

static void add_side(struct pager *page, const char *mark, enum style style, const char *text,
                     size_t own)
{
    char *head = mem_textn(text, own);
    pager_pair(page, 4, style, mark, style, head);
    pager_span(page, STYLE_TEXT, text + own);
    free(head);
}

static char *told(const struct dn_link *link, const struct dn_link *beside, const char *none)
{
    char *text = dn_link_told(link, beside), *clean = page_clean(text ? text : none);
    free(text);
    return clean;
}

void page_proposal(struct pager *page, const struct wizard *w)
{
    static const struct dn_link none = {.dn = NULL};
    struct dn_link proposed = diagnose_proposed(&w->facts, &w->verdict);
    page_change(page, w->verdict.current ? &w->facts.srv.reference_link : &none, &proposed);
}

void page_change(struct pager *page, const struct dn_link *old, const struct dn_link *new)
{
    char *from = told(old, new, "(absent)"), *to = told(new, old, "(removed)");
    size_t from_len = strlen(from), to_len = strlen(to);
    add_side(page, "  -", STYLE_OLD, from, common_tail(from, from_len, to, to_len));
    add_side(page, "  +", STYLE_NEW, to, common_tail(to, to_len, from, from_len));
    free(from);
    free(to);
}

void page_unfold(struct str *ldif)
{
    struct str text = STR_INIT;
    for (const char *at = str_text(ldif); *at; at++) {
        if (at[0] == '\n' && at[1] == ' ')
            at++;
        else
            str_addc(&text, *at);
    }
    str_release(ldif);
    *ldif = text;
}

void page_show_ldif(struct app *app, const struct plan *plan)
{
    struct str text = STR_INIT;
    str_add(&text, "The change:\n\n");
    ldif_change(&text, plan);
    str_add(&text, "\nIts undo, kept in the journal:\n\n");
    ldif_inverse(&text, plan);
    page_unfold(&text);
    app_show_text(app, "LDIF", str_text(&text));
    str_release(&text);
}

void page_file(struct pager *page, const char *label, const char *path, const char *after)
{
    const char *slash = strrchr(path, '/');
    if (slash)
        page_pair(page, label, STYLE_TEXT, "%s in %.*s%s", slash + 1, (int)(slash - path), path,
                  after);
    else
        page_pair(page, label, STYLE_TEXT, "%s%s", path, after);
}

void page_intro(struct app *app, struct rect *rect, enum style style, const char *format, ...)
{
    struct pager page = PAGER_INIT;
    va_list ap;
    va_start(ap, format);
    char *text = clean_format(format, ap);
    va_end(ap);
    pager_line(&page, style, text);
    free(text);
    int rows = pager_height(&page, rect->cols);
    pager_draw(&page, app->term, layout_take(rect, rows));
    layout_take(rect, rect->rows > 10 ? 1 : 0);
    pager_release(&page);
}

bool page_can_type(struct app *app, const struct facts *facts)
{
    const struct facts_server *srv = &facts->srv;
    return term_can_show(app->term, srv->cn ? srv->cn : "") &&
           term_can_show(app->term, srv->site ? srv->site : "");
}

bool page_fits_beside(const struct pager *page, struct pager *aside, struct rect rect)
{
    struct rect left, right;
    return layout_split(rect, page ? pager_width(page, false) : 0, &left, &right) &&
           (!page || pager_width(page, true) <= left.cols) &&
           pager_height(aside, right.cols) <= rect.rows;
}

void page_draw_beside(struct app *app, struct pager *page, struct pager *aside, struct rect rect)
{
    struct rect left = rect, right;
    if (aside && layout_split(rect, pager_width(page, false), &left, &right)) {
        layout_divide(app->term, left);
        pager_draw(aside, app->term, right);
    }
    pager_draw(page, app->term, left);
}
