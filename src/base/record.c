#include "src/base/record.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void record_bytes(struct record *record, const char *name, enum pair_words words, const void *bytes,
                  size_t len)
{
    *MEM_PUSH(record->items, record->count) = (struct pair){
        .name = mem_text(name), .value = mem_textn(bytes, len), .len = len, .words = words};
}

void record_add(struct record *record, const char *name, enum pair_words words, const char *value)
{
    if (value)
        record_bytes(record, name, words, value, strlen(value));
}

void record_begin(struct record *record, const char *name, enum pair_words words, const char *value)
{
    record_add(record, name, words, value ? value : "");
    record->items[record->count - 1].begins = true;
}

void record_ours(struct record *record, const char *name, const char *format, ...)
{
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&text, format, ap);
    va_end(ap);
    record_add(record, name, PAIR_OURS, str_text(&text));
    str_release(&text);
}

void record_line(struct record *record, const char *line)
{
    record_add(record, line, PAIR_LINE, "");
}

void record_move(struct record *to, struct record *from)
{
    for (size_t i = 0; i < from->count; i++)
        *MEM_PUSH(to->items, to->count) = from->items[i];
    free(from->items);
    *from = (struct record){NULL, 0};
}

void record_release(struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        free(record->items[i].name);
        free(record->items[i].value);
    }
    free(record->items);
    *record = (struct record){NULL, 0};
}

/* A line of ASCII, without a blank at either end. */
static bool is_safe(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)bytes[i] < ' ' || (unsigned char)bytes[i] > '~')
            return false;
    return len == 0 || (bytes[0] != ' ' && bytes[len - 1] != ' ');
}

static void add_base64(struct str *out, const char *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < len ? (unsigned char)bytes[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            str_addc(out, i + k <= len ? digits[bits >> (18 - 6 * k) & 63] : '=');
    }
}

bool record_is_text(const char *bytes, size_t len)
{
    while (len > 0 && bytes[len - 1] == '\0')
        len--;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)bytes[i] < ' ' && !strchr("\n\r\t", bytes[i]))
            return false;
    return len > 0 && !memchr(bytes, '\0', len) && text_is_utf8(bytes, len);
}

static void add_comment(struct str *out, const char *value, size_t len)
{
    char *lines = text_clean_lines(value, strnlen(value, len));
    for (const char *at = lines; *at; at += strspn(at, "\n")) {
        size_t line = strcspn(at, "\n");
        str_add(out, "#   ");
        str_addn(out, at, line);
        str_addc(out, '\n');
        at += line;
    }
    free(lines);
}

void record_write(struct str *out, const struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct pair *pair = &record->items[i];
        if (pair->words == PAIR_LINE) {
            str_addf(out, "%s\n", pair->name);
            continue;
        }
        bool safe = is_safe(pair->value, pair->len);
        str_add(out, pair->begins ? "\n" : "");
        if (!safe && record_is_text(pair->value, pair->len))
            add_comment(out, pair->value, pair->len);
        str_addf(out, safe ? "%s: " : "%s:: ", pair->name);
        if (safe)
            str_addn(out, pair->value, pair->len);
        else
            add_base64(out, pair->value, pair->len);
        str_addc(out, '\n');
    }
}
