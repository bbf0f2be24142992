/* Positions are bytes; edges are where a character with all its accents begins. */
#include "ui/widgets/edit.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_inside(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static bool is_accent(const char *text, size_t at, size_t len)
{
    uint32_t rune;
    if ((unsigned char)text[at] < 0x80)
        return false;
    text_rune(text + at, len - at, &rune);
    return text_rune_width(rune) == 0;
}

size_t edit_before(const char *text, size_t at)
{
    size_t len = at;
    while (at > 0) {
        at--;
        while (at > 0 && is_inside(text[at]))
            at--;
        if (!is_accent(text, at, len))
            break;
    }
    return at;
}

size_t edit_after(const char *text, size_t len, size_t at)
{
    uint32_t rune;
    if (at < len)
        at += text_rune(text + at, len - at, &rune);
    while (at < len && is_accent(text, at, len))
        at += text_rune(text + at, len - at, &rune);
    return at;
}

size_t edit_word(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] == ' ')
        at--;
    while (at > 0 && text[at - 1] != ' ')
        at--;
    return at;
}

size_t edit_edge(const char *text, size_t len, size_t most)
{
    if (most >= len)
        return len;
    while (most > 0 && is_inside(text[most]))
        most--;
    return most;
}

void edit_insert(struct str *s, size_t at, const char *bytes, size_t len)
{
    size_t tail = s->len - at;
    if (len == 0)
        return;
    str_addn(s, bytes, len); /* makes room; the bytes are put right below */
    memmove(s->text + at + len, s->text + at, tail);
    memcpy(s->text + at, bytes, len);
}

void edit_delete(struct str *s, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(s->text + from, s->text + to, s->len - to);
    s->len -= to - from;
    s->text[s->len] = '\0';
}

/* --- pastes --- */

static bool can_be_seen(const char *bytes, size_t len)
{
    struct str clean = STR_INIT;
    if (len == 1 && bytes[0] >= 0x20 && bytes[0] < 0x7F)
        return true;
    text_add_clean(&clean, bytes, len);
    bool same = clean.len == len;
    str_release(&clean);
    return same;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* A blank, tab or line end; returns the bytes used. On one line, those around a line end become one
 * blank, and those at the start none. */
static size_t add_blank(struct str *s, const char *bytes, size_t len, bool lines, size_t start)
{
    if (lines) {
        str_add(s, bytes[0] == '\t' ? "    " : bytes[0] == ' ' ? " " : "\n");
        return bytes[0] == '\r' && len > 1 && bytes[1] == '\n' ? 2 : 1;
    }
    size_t used = 0;
    while (used < len && bytes[used] == ' ')
        used++;
    bool broken = used < len && is_blank(bytes[used]);
    while (broken && used < len && is_blank(bytes[used]))
        used++;
    if (s->len > start)
        str_addn(s, broken ? " " : bytes, broken ? 1 : used);
    return used;
}

void edit_filter(struct str *s, const char *bytes, size_t len, bool lines)
{
    size_t start = s->len;
    for (size_t at = 0; at < len;) {
        uint32_t rune;
        if (is_blank(bytes[at])) {
            at += add_blank(s, bytes + at, len - at, lines, start);
            continue;
        }
        size_t used = text_rune(bytes + at, len - at, &rune);
        if (rune == TEXT_INVALID)
            str_addc(s, '?');
        else if (can_be_seen(bytes + at, used))
            str_addn(s, bytes + at, used);
        at += used;
    }
    while (!lines && s->len > start && s->text[s->len - 1] == ' ')
        s->text[--s->len] = '\0';
}
