/* The text is in one growing string and the cursor a byte of it; what is scrolled off at the left
 * is found anew at each draw, as the width may change. A secret field appends and drops at the end
 * only: struct secret has no inside that could be edited. */
#include "ui/widgets/field.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/widgets/edit.h"

#include <stdlib.h>
#include <string.h>

void field_init(struct field *field, unsigned flags)
{
    memset(field, 0, sizeof *field);
    field->flags = flags;
}

void field_init_secret(struct field *field, struct secret *secret, unsigned flags)
{
    field_init(field, flags);
    field->secret = secret;
}

void field_release(struct field *field)
{
    str_release(&field->text);
    field_init(field, 0);
}

const char *field_text(const struct field *field)
{
    return str_text(&field->text);
}

void field_set(struct field *field, const char *text)
{
    str_clear(&field->text);
    edit_filter(&field->text, text ? text : "", text ? strlen(text) : 0, false);
    if (field->text.len > FIELD_MAX)
        edit_delete(&field->text, edit_edge(field->text.text, field->text.len, FIELD_MAX),
                    field->text.len);
    field->at = field->text.len;
    field->left = 0;
}

static enum widget_result insert(struct field *field, const char *bytes, size_t len)
{
    if (len > FIELD_MAX - field->text.len)
        return WIDGET_REFUSED;
    edit_insert(&field->text, field->at, bytes, len);
    field->at += len;
    return WIDGET_CHANGED;
}

static enum widget_result delete_to(struct field *field, size_t from, size_t to)
{
    if (from >= to)
        return WIDGET_HANDLED;
    edit_delete(&field->text, from, to);
    field->at = from;
    return WIDGET_CHANGED;
}

static enum widget_result move_to(struct field *field, size_t at)
{
    field->at = at;
    return WIDGET_HANDLED;
}

static enum widget_result insert_rune(struct field *field, uint32_t rune)
{
    struct str bytes = STR_INIT;
    text_add_rune(&bytes, rune);
    enum widget_result result = insert(field, bytes.text, bytes.len);
    str_release(&bytes);
    return result;
}

static enum widget_result insert_paste(struct field *field, const struct term_event *event)
{
    struct str line = STR_INIT;
    if (field->flags & FIELD_NO_PASTE)
        return WIDGET_REFUSED;
    edit_filter(&line, event->bytes, event->len, false);
    enum widget_result result = line.len ? insert(field, line.text, line.len) : WIDGET_HANDLED;
    str_release(&line);
    return result;
}

static enum widget_result handle_ctrl(struct field *field, uint32_t letter)
{
    const char *text = field_text(field);
    switch (letter) {
    case 'a':
        return move_to(field, 0);
    case 'e':
        return move_to(field, field->text.len);
    case 'u':
        return delete_to(field, 0, field->at);
    case 'k':
        return delete_to(field, field->at, field->text.len);
    case 'w':
        return delete_to(field, edit_word(text, field->at), field->at);
    case 'd':
        return delete_to(field, field->at, edit_after(text, field->text.len, field->at));
    default:
        return WIDGET_IGNORED;
    }
}

/* Keys that leave a one-line field, open or secret. */
static enum widget_result leave_by(enum term_key key)
{
    switch (key) {
    case TERM_ENTER:
        return WIDGET_ENTER;
    case TERM_TAB:
        return WIDGET_NEXT;
    case TERM_BACKTAB:
        return WIDGET_PREV;
    default:
        return WIDGET_IGNORED;
    }
}

static enum widget_result handle_key(struct field *field, const struct term_event *event)
{
    const char *text = field_text(field);
    size_t len = field->text.len;
    switch (event->key) {
    case TERM_CHAR:
        return insert_rune(field, event->rune);
    case TERM_CTRL:
        return handle_ctrl(field, event->rune);
    case TERM_LEFT:
        return move_to(field, edit_before(text, field->at));
    case TERM_RIGHT:
        return move_to(field, edit_after(text, len, field->at));
    case TERM_HOME:
        return move_to(field, 0);
    case TERM_END:
        return move_to(field, len);
    case TERM_BACKSPACE:
        return delete_to(field, edit_before(text, field->at), field->at);
    case TERM_DELETE:
        return delete_to(field, field->at, edit_after(text, len, field->at));
    default:
        return leave_by(event->key);
    }
}

/* --- the secret kind --- */

static enum widget_result add_secret(struct field *field, const char *bytes, size_t len)
{
    return secret_add(field->secret, bytes, len) ? WIDGET_CHANGED : WIDGET_REFUSED;
}

/* The rune as UTF-8 on the stack: struct str would leave it on the heap. */
static enum widget_result add_secret_rune(struct field *field, uint32_t rune)
{
    char bytes[4];
    size_t len = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len; i-- > 1; rune >>= 6)
        bytes[i] = (char)(0x80 | (rune & 0x3F));
    bytes[0] = (char)(lead[len] | rune);
    enum widget_result result = add_secret(field, bytes, len);
    explicit_bzero(bytes, sizeof bytes);
    return result;
}

static enum widget_result paste_secret(struct field *field, const struct term_event *event)
{
    size_t len = 0;
    if (field->flags & FIELD_NO_PASTE)
        return WIDGET_REFUSED;
    while (len < event->len && event->bytes[len] != '\r' && event->bytes[len] != '\n')
        len++;
    return len ? add_secret(field, event->bytes, len) : WIDGET_HANDLED;
}

static enum widget_result handle_secret(struct field *field, const struct term_event *event)
{
    switch (event->key) {
    case TERM_CHAR:
        return add_secret_rune(field, event->rune);
    case TERM_BACKSPACE:
        secret_drop_character(field->secret);
        return WIDGET_CHANGED;
    case TERM_CTRL:
        if (event->rune != 'u' && event->rune != 'w')
            return WIDGET_IGNORED;
        secret_clear(field->secret);
        return WIDGET_CHANGED;
    default:
        return leave_by(event->key);
    }
}

enum widget_result field_handle(struct field *field, const struct term_event *event)
{
    if (event->kind == TERM_PASTE)
        return field->secret ? paste_secret(field, event) : insert_paste(field, event);
    if (event->kind != TERM_KEY)
        return WIDGET_IGNORED;
    return field->secret ? handle_secret(field, event) : handle_key(field, event);
}

/* --- drawing --- */

static int width_between(const char *text, size_t from, size_t to)
{
    char *part = mem_textn(text + from, to - from);
    int width = text_width(part);
    free(part);
    return width;
}

/* Moves the view so that the cursor is inside, with a third of the width before it. */
static void scroll(struct field *field, int cols)
{
    const char *text = field_text(field);
    if (field->left > field->at)
        field->left = field->at;
    if (width_between(text, 0, field->at) < cols)
        field->left = 0;
    if (width_between(text, field->left, field->at) < cols &&
        (field->left == 0 || field->left < field->at))
        return;
    field->left = field->at;
    int before = field->at == field->text.len ? cols - 1 : cols / 3;
    while (field->left > 0 &&
           width_between(text, edit_before(text, field->left), field->at) <= before)
        field->left = edit_before(text, field->left);
}

static int count_characters(const char *bytes)
{
    int count = 0;
    for (; *bytes; bytes++)
        count += ((unsigned char)*bytes & 0xC0) != 0x80;
    return count;
}

static int draw_dots(const struct field *field, struct term *term, struct rect rect)
{
    int count = count_characters(secret_bytes(field->secret));
    if (count > rect.cols - 1)
        count = rect.cols - 1;
    for (int i = 0; i < count; i++)
        term_put(term, rect.row, rect.col + i, STYLE_INPUT, term_glyph(term, GLYPH_BULLET), 1);
    term_put_pad(term, rect.row, rect.col + count, STYLE_INPUT, "", rect.cols - count);
    return count;
}

void field_draw(struct field *field, struct term *term, struct rect rect, bool focused)
{
    int cursor;
    if (rect.rows < 1 || rect.cols < 1)
        return;
    if (field->secret) {
        cursor = draw_dots(field, term, rect);
    } else {
        const char *text = field_text(field);
        scroll(field, rect.cols);
        cursor = width_between(text, field->left, field->at);
        int used = term_put(term, rect.row, rect.col, STYLE_INPUT, text + field->left, rect.cols);
        term_put_pad(term, rect.row, rect.col + used, STYLE_INPUT, "", rect.cols - used);
    }
    if (focused)
        term_cursor(term, rect.row, rect.col + cursor);
}
