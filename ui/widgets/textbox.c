/* Lines are kept as they were typed; wrapping is worked out for the few rows on the screen and for
 * the line of the cursor only, so that megabytes stay quick. A place on the screen is a line and
 * the number of a wrapped row in it. One column at the right is left for the cursor and for the
 * arrows that tell of more. */
#include "ui/widgets/textbox.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/widgets/edit.h"
#include "ui/widgets/textbox_rows.h"

#include <stdlib.h>
#include <string.h>

void textbox_init(struct textbox *box)
{
    memset(box, 0, sizeof *box);
    strs_add(&box->lines, "");
}

void textbox_release(struct textbox *box)
{
    strs_release(&box->lines);
    memset(box, 0, sizeof *box);
}

void textbox_clear(struct textbox *box)
{
    strs_release(&box->lines);
    strs_add(&box->lines, "");
    box->bytes = box->line = box->at = box->top = box->top_row = 0;
}

void textbox_end(struct textbox *box)
{
    box->line = box->lines.count - 1;
    box->at = strlen(box->lines.items[box->line]);
}

bool textbox_is_empty(const struct textbox *box)
{
    return box->bytes == 0;
}

char *textbox_text(const struct textbox *box)
{
    struct str s = STR_INIT;
    for (size_t i = 0; i < box->lines.count; i++) {
        str_add(&s, i > 0 ? "\n" : "");
        str_add(&s, box->lines.items[i]);
    }
    return str_steal(&s);
}

static char *line_text(const struct textbox *box)
{
    return box->lines.items[box->line];
}

/* --- editing --- */

/* Puts a clean text, with newlines in it, where the cursor is. */
static void insert(struct textbox *box, const char *text, size_t len)
{
    struct strs lines = {0};
    struct str piece = STR_INIT;
    char *tail = mem_text(line_text(box) + box->at);
    for (size_t i = 0; i < box->line; i++)
        strs_own(&lines, box->lines.items[i]);
    str_addn(&piece, line_text(box), box->at);
    for (const char *end; (end = memchr(text, '\n', len)); text = end + 1) {
        size_t part = (size_t)(end - text);
        str_addn(&piece, text, part);
        strs_own(&lines, str_steal(&piece));
        str_add(&piece, "");
        len -= part + 1;
        box->bytes += part + 1;
    }
    str_addn(&piece, text, len);
    box->bytes += len;
    box->at = piece.len;
    str_add(&piece, tail);
    free(tail);
    free(line_text(box));
    strs_own(&lines, str_steal(&piece));
    for (size_t i = box->line + 1; i < box->lines.count; i++)
        strs_own(&lines, box->lines.items[i]);
    box->line = lines.count - (box->lines.count - box->line);
    free(box->lines.items);
    box->lines = lines;
}

/* One character, without touching the other lines. */
static void insert_short(struct textbox *box, const char *bytes, size_t len)
{
    struct str s = STR_INIT;
    char *old = line_text(box);
    str_addn(&s, old, box->at);
    str_addn(&s, bytes, len);
    str_add(&s, old + box->at);
    free(old);
    box->lines.items[box->line] = str_steal(&s);
    box->at += len;
    box->bytes += len;
}

static enum widget_result insert_rune(struct textbox *box, uint32_t rune)
{
    struct str s = STR_INIT;
    text_add_rune(&s, rune);
    bool fits = box->bytes + s.len <= TERM_PASTE_MAX;
    if (fits)
        insert_short(box, s.text, s.len);
    str_release(&s);
    return fits ? WIDGET_CHANGED : WIDGET_REFUSED;
}

static enum widget_result insert_bytes(struct textbox *box, const char *bytes, size_t len)
{
    struct str s = STR_INIT;
    size_t room = TERM_PASTE_MAX > box->bytes ? TERM_PASTE_MAX - box->bytes : 0;
    edit_filter(&s, bytes, len, true);
    size_t fit = edit_edge(str_text(&s), s.len, room);
    bool cut = fit < s.len;
    insert(box, str_text(&s), fit);
    str_release(&s);
    return cut ? WIDGET_REFUSED : WIDGET_CHANGED;
}

void textbox_set(struct textbox *box, const char *bytes, size_t len)
{
    textbox_clear(box);
    insert_bytes(box, bytes, len);
}

static enum widget_result split_line(struct textbox *box)
{
    if (box->bytes >= TERM_PASTE_MAX)
        return WIDGET_REFUSED;
    insert(box, "\n", 1);
    return WIDGET_CHANGED;
}

/* The line joins the one above it. */
static void join_line(struct textbox *box, size_t line)
{
    struct str s = STR_INIT;
    char **items = box->lines.items;
    str_add(&s, items[line - 1]);
    box->line = line - 1;
    box->at = s.len;
    str_add(&s, items[line]);
    str_add(&s, "");
    free(items[line - 1]);
    free(items[line]);
    items[line - 1] = str_steal(&s);
    box->lines.count--;
    memmove(items + line, items + line + 1, (box->lines.count - line) * sizeof *items);
    box->bytes--;
}

static enum widget_result delete_to(struct textbox *box, size_t from, size_t to)
{
    char *text = line_text(box);
    if (from >= to)
        return WIDGET_HANDLED;
    memmove(text + from, text + to, strlen(text + to) + 1);
    box->bytes -= to - from;
    box->at = from;
    return WIDGET_CHANGED;
}

static enum widget_result backspace(struct textbox *box)
{
    if (box->at > 0)
        return delete_to(box, edit_before(line_text(box), box->at), box->at);
    if (box->line == 0)
        return WIDGET_HANDLED;
    join_line(box, box->line);
    return WIDGET_CHANGED;
}

static enum widget_result delete_next(struct textbox *box)
{
    size_t len = strlen(line_text(box));
    if (box->at < len)
        return delete_to(box, box->at, edit_after(line_text(box), len, box->at));
    if (box->line + 1 == box->lines.count)
        return WIDGET_HANDLED;
    join_line(box, box->line + 1);
    return WIDGET_CHANGED;
}

/* --- moving --- */

static enum widget_result move_left(struct textbox *box)
{
    if (box->at > 0) {
        box->at = edit_before(line_text(box), box->at);
    } else if (box->line > 0) {
        box->line--;
        box->at = strlen(line_text(box));
    }
    return WIDGET_HANDLED;
}

static enum widget_result move_right(struct textbox *box)
{
    size_t len = strlen(line_text(box));
    if (box->at < len) {
        box->at = edit_after(line_text(box), len, box->at);
    } else if (box->line + 1 < box->lines.count) {
        box->line++;
        box->at = 0;
    }
    return WIDGET_HANDLED;
}

static enum widget_result move_to(struct textbox *box, size_t at)
{
    box->at = at;
    return WIDGET_HANDLED;
}

/* --- keys --- */

static enum widget_result handle_ctrl(struct textbox *box, uint32_t letter)
{
    const char *text = line_text(box);
    switch (letter) {
    case 'a':
        return move_to(box, 0);
    case 'e':
        return move_to(box, strlen(text));
    case 'u':
        return delete_to(box, 0, strlen(text));
    case 'k':
        return delete_to(box, box->at, strlen(text));
    case 'w':
        return delete_to(box, edit_word(text, box->at), box->at);
    case 'd':
        return delete_next(box);
    default:
        return WIDGET_IGNORED;
    }
}

static enum widget_result handle_key(struct textbox *box, const struct term_event *event)
{
    int page = box->rows > 1 ? box->rows - 1 : 1;
    switch (event->key) {
    case TERM_CHAR:
        return insert_rune(box, event->rune);
    case TERM_CTRL:
        return handle_ctrl(box, event->rune);
    case TERM_ENTER:
        return box->enter_submits ? WIDGET_ENTER : split_line(box);
    case TERM_BACKSPACE:
        return backspace(box);
    case TERM_DELETE:
        return delete_next(box);
    case TERM_LEFT:
        return move_left(box);
    case TERM_RIGHT:
        return move_right(box);
    case TERM_UP:
        return textbox_move_rows(box, -1);
    case TERM_DOWN:
        return textbox_move_rows(box, 1);
    case TERM_PGUP:
        return textbox_move_rows(box, -page);
    case TERM_PGDN:
        return textbox_move_rows(box, page);
    case TERM_HOME:
        return move_to(box, 0);
    case TERM_END:
        return move_to(box, strlen(line_text(box)));
    case TERM_TAB:
        return WIDGET_NEXT;
    case TERM_BACKTAB:
        return WIDGET_PREV;
    default:
        return WIDGET_IGNORED;
    }
}

enum widget_result textbox_handle(struct textbox *box, const struct term_event *event)
{
    if (event->kind == TERM_PASTE)
        return insert_bytes(box, event->bytes, event->len);
    return event->kind == TERM_KEY ? handle_key(box, event) : WIDGET_IGNORED;
}
