/* Text is cut into words (letters, digits, '-', '_', all beyond ASCII), addresses, and what stands
 * between them and stays. */
#include "src/remedy/anonymize_parts.h"

#include "src/base/ascii.h"
#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- cutting ---- */

static bool is_of_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static size_t word_length(const char *text)
{
    size_t len = 0;
    while (is_of_word(text[len]))
        len++;
    return len;
}

/* "10.0.0.1" and no more numbers; 0: none. Object identifiers have more of them. */
static size_t ipv4_length(const char *text)
{
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        size_t digits = strspn(text + at, "0123456789");
        if (digits == 0 || digits > 3 || strtol(text + at, NULL, 10) > 255)
            return 0;
        at += digits;
        if (part < 3 && text[at++] != '.')
            return 0;
    }
    return is_of_word(text[at]) || (text[at] == '.' && is_digit(text[at + 1])) ? 0 : at;
}

/* Two colons or more, all of it hex, and either shortened or of eight parts. */
static size_t ipv6_length(const char *text)
{
    size_t len = strspn(text, "0123456789abcdefABCDEF:."), colons = 0;
    bool shortened = false;
    while (len > 1 && (text[len - 1] == '.' || (text[len - 1] == ':' && text[len - 2] != ':')))
        len--;
    for (size_t i = 0; i < len; i++) {
        colons += text[i] == ':';
        shortened = shortened || (i > 0 && text[i] == ':' && text[i - 1] == ':');
    }
    return len > 2 && !is_of_word(text[len]) && (shortened ? colons <= 7 : colons == 7) ? len : 0;
}

static bool is_found(const struct words *words, const char *text, size_t len)
{
    char *word = mem_textn(text, len), *folded = text_fold(word);
    bool found = words && len > 2 && words_find(words, folded);
    free(folded);
    free(word);
    return found;
}

size_t words_piece(const struct words *words, const char *text, size_t at, bool escapes,
                   enum piece *kind)
{
    const char *here = text + at;
    *kind = PIECE_OTHER;
    if (escapes && *here == '\\' && is_hex_digit(here[1]) && is_hex_digit(here[2]))
        return is_found(words, here + 1, word_length(here + 1)) ? 1 : 3;
    if (at == 0 || !is_of_word(here[-1])) {
        size_t len = is_digit(*here) ? ipv4_length(here) : 0;
        if (len == 0 && (is_hex_digit(*here) || *here == ':'))
            len = ipv6_length(here);
        if (len > 0) {
            *kind = PIECE_ADDRESS;
            return len;
        }
    }
    if (!is_of_word(*here))
        return 1;
    *kind = PIECE_WORD;
    return word_length(here);
}

bool words_in_tag(const char *text, size_t at)
{
    return (at > 0 && text[at - 1] == '<') ||
           (at > 1 && text[at - 1] == '/' && text[at - 2] == '<');
}

/* ---- replacing ---- */

const struct word *words_find(const struct words *words, const char *folded)
{
    size_t at = index_first(&words->by, folded, strlen(folded));
    return at == INDEX_END ? NULL : &words->items[index_value(&words->by, at)];
}

/* The turn of a key in an index: 1 for the first. */
static size_t turn_of(struct index *index, size_t *count, const char *key)
{
    size_t at = index_first(index, key, strlen(key));
    if (at != INDEX_END)
        return index_value(index, at);
    index_add(index, key, strlen(key), ++*count);
    return *count;
}

static void add_in_case(struct str *out, const char *instead, const char *word, size_t len)
{
    bool lower = false, upper = false;
    for (size_t i = 0; i < len; i++) {
        lower = lower || (word[i] >= 'a' && word[i] <= 'z');
        upper = upper || (word[i] >= 'A' && word[i] <= 'Z');
    }
    for (const char *c = instead; *c; c++)
        str_addc(out, upper && !lower && *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
}

/* "s-1-5-21-a-b-c-rid": the domain is another, the RID stays. */
static bool add_sid(struct str *out, struct words *words, const char *folded)
{
    static const char head[] = "s-1-5-21-";
    size_t len = 0;
    if (strncmp(folded, head, strlen(head)) != 0)
        return false;
    const char *numbers = folded + strlen(head);
    for (int dashes = 0; numbers[len] && (numbers[len] != '-' || ++dashes < 3);)
        len++;
    char *key = mem_textn(numbers, len);
    size_t turn = turn_of(&words->sids, &words->sid_count, key);
    str_addf(out, "S-1-5-21-%zu-%zu-%zu%s", turn, turn, turn, numbers + len);
    free(key);
    return true;
}

/* The longest name of at least three letters that a text begins with; NULL: none. */
static const struct word *name_at(const struct words *words, const char *folded)
{
    const struct word *best = NULL;
    for (size_t i = 0; i < words->count; i++) {
        const struct word *word = &words->items[i];
        size_t len = strlen(word->folded);
        if (len >= 3 && strncmp(folded, word->folded, len) == 0 &&
            (!best || len > strlen(best->folded)))
            best = word;
    }
    return best;
}

static void add_within(struct str *out, const struct words *words, const char *word, size_t len,
                       const char *folded)
{
    struct str text = STR_INIT;
    bool changed = false;
    while (*folded) {
        const struct word *name = name_at(words, folded);
        changed = changed || name;
        if (name)
            str_add(&text, name->instead);
        else
            str_addc(&text, *folded);
        folded += name ? strlen(name->folded) : 1;
    }
    if (changed)
        add_in_case(out, str_text(&text), word, len);
    else
        str_addn(out, word, len);
    str_release(&text);
}

static void add_word(struct str *out, struct words *words, const char *at, size_t len)
{
    char *word = mem_textn(at, len), *folded = text_fold(word);
    const struct word *found = words_find(words, folded);
    if (found)
        add_in_case(out, found->instead, at, len);
    else if (words_stay(folded))
        str_addn(out, at, len);
    else if (!add_sid(out, words, folded))
        add_within(out, words, at, len, folded);
    free(folded);
    free(word);
}

/* Loopback stays; others come from the ranges for documentation (RFC 5737, RFC 3849). */
static void add_address(struct str *out, struct words *words, const char *at, size_t len)
{
    char *address = mem_textn(at, len);
    if (str_starts_case(address, "127.") || str_same(address, "::1") || str_same(address, "::")) {
        str_add(out, address);
    } else {
        size_t turn = turn_of(&words->addresses, &words->address_count, address);
        if (strchr(address, ':'))
            str_addf(out, "2001:db8::%zx", turn);
        else
            str_addf(out, "%s.%zu", turn < 255 ? "192.0.2" : "198.51.100", turn % 255);
    }
    free(address);
}

char *words_letters(const char *text)
{
    struct str s = STR_INIT;
    for (const char *at = text; *at;) {
        struct str bytes = STR_INIT;
        const char *end = at;
        while (*end == '\\' && is_hex_digit(end[1]) && is_hex_digit(end[2])) {
            char hex[] = {end[1], end[2], '\0'};
            str_addc(&bytes, (char)strtol(hex, NULL, 16));
            end += 3;
        }
        bool letters = bytes.len > 0 && text_is_utf8(bytes.text, bytes.len);
        for (size_t i = 0; letters && i < bytes.len; i++)
            letters = (unsigned char)bytes.text[i] >= 0x80;
        if (letters)
            str_addn(&s, bytes.text, bytes.len);
        else
            str_addn(&s, at, end > at ? (size_t)(end - at) : 1);
        at = end > at ? end : at + 1;
        str_release(&bytes);
    }
    return str_steal(&s);
}

char *words_replace(struct words *words, const char *raw, bool escapes)
{
    struct str out = STR_INIT;
    char *text = escapes ? words_letters(raw) : mem_text(raw);
    bool xml = *text == '<' && strstr(text, "</");
    for (size_t at = 0, len; text[at]; at += len) {
        enum piece kind;
        len = words_piece(words, text, at, escapes, &kind);
        if (kind == PIECE_ADDRESS)
            add_address(&out, words, text + at, len);
        else if (kind == PIECE_WORD && !(xml && words_in_tag(text, at)))
            add_word(&out, words, text + at, len);
        else
            str_addn(&out, text + at, len);
    }
    free(text);
    return str_steal(&out);
}

/* ---- bytes ---- */

static uint32_t u32_at(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void put_u32(char *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(value >> 8 * i);
}

/* S-1-5-21-a-b-c, with or without a RID, wherever it stands. */
static void replace_sids(struct words *words, char *bytes, size_t len)
{
    static const char head[] = {0, 0, 0, 0, 0, 5, 21, 0, 0, 0};
    for (size_t at = 0; at + 2 + sizeof head + 12 <= len; at++) {
        if (bytes[at] != 1 || bytes[at + 1] < 4 || bytes[at + 1] > 15 ||
            memcmp(bytes + at + 2, head, sizeof head) != 0)
            continue;
        char *numbers = bytes + at + 2 + sizeof head;
        char *key =
            str_format("%u-%u-%u", u32_at(numbers), u32_at(numbers + 4), u32_at(numbers + 8));
        size_t turn = turn_of(&words->sids, &words->sid_count, key);
        for (size_t i = 0; i < 3; i++)
            put_u32(numbers + 4 * i, (uint32_t)turn);
        free(key);
    }
}

/* The name of the partner, at the end of what is of fixed length (directory/replication.c): the
 * later form, which has several names, ends without them. */
static char *replace_reps(struct words *words, const char *bytes, size_t *len)
{
    enum { FIXED = 208 };
    struct str out = STR_INIT;
    uint32_t off = u32_at(bytes + 36), size = u32_at(bytes + 40);
    str_addn(&out, bytes, FIXED);
    if (u32_at(bytes) == 1 && off >= FIXED && size > 4 && off <= *len && size <= *len - off) {
        char *name = mem_textn(bytes + off + 4, strnlen(bytes + off + 4, size - 4));
        char *other = words_replace(words, name, false), length[4];
        put_u32(length, (uint32_t)strlen(other) + 1);
        str_addn(&out, length, 4);
        str_addn(&out, other, strlen(other) + 1);
        free(other);
        free(name);
    }
    put_u32(out.text + 8, (uint32_t)out.len);
    put_u32(out.text + 36, FIXED);
    put_u32(out.text + 40, (uint32_t)(out.len - FIXED));
    *len = out.len;
    return str_steal(&out);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* In one byte a letter, or in two as Windows has them. */
static void cross_out(const char *folded, char *bytes, size_t len, size_t step)
{
    size_t letters = strlen(folded);
    for (size_t at = 0; at + letters * step <= len; at++) {
        size_t same = 0;
        while (same < letters && lower(bytes[at + same * step]) == folded[same] &&
               (step == 1 || bytes[at + same * step + 1] == 0))
            same++;
        for (size_t i = 0; same == letters && i < letters; i++)
            bytes[at + i * step] = 'x';
    }
}

char *words_replace_bytes(struct words *words, const char *attribute, const char *bytes,
                          size_t *len)
{
    bool reps = str_same_case(attribute, "repsFrom") || str_same_case(attribute, "repsTo");
    char *copy = reps && *len >= 208 ? replace_reps(words, bytes, len) : mem_textn(bytes, *len);
    replace_sids(words, copy, *len);
    for (size_t i = 0; !words_are_bytes(attribute) && i < words->count; i++) {
        const char *folded = words->items[i].folded;
        for (size_t step = 1; strlen(folded) >= 3 && step <= 2; step++)
            cross_out(folded, copy, *len, step);
    }
    return copy;
}
