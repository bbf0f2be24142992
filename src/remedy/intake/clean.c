/* Bytes of unknown origin -> UTF-8 that the rest can read by simple rules: one kind of dash, quote
 * and space, no invisible characters, no colour sequences, no NUL, lines ended by '\n'. UTF-16 is
 * known by its BOM or by its NULs (what `repadmin > file` writes in PowerShell). Bytes that are no
 * UTF-8 come from a console code page: the few that Windows-1252 types for us are read, any other
 * becomes U+FFFD, and a name with one is not used. */
#include "src/remedy/intake/undress.h"

#include "src/base/text.h"

#include <string.h>

enum encoding { UTF8, UTF16_LE, UTF16_BE };

struct source {
    const unsigned char *bytes;
    size_t len, at;
    enum encoding encoding;
    bool again; /* the text was cleaned before: its control characters are ours */
    bool unreadable;
};

enum { REPLACEMENT = 0xFFFD };

static bool is_ascii_letter(unsigned c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Text in UTF-16 without a BOM has a NUL beside every ASCII character. */
static enum encoding guess_encoding(const unsigned char *bytes, size_t len)
{
    size_t even = 0, odd = 0, look = len < 2048 ? len & ~(size_t)1 : 2048;
    if (len >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE)
        return UTF16_LE;
    if (len >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF)
        return UTF16_BE;
    for (size_t i = 0; i < look; i += 2) {
        even += bytes[i] == 0;
        odd += bytes[i + 1] == 0;
    }
    if (odd > look / 4 && even < look / 16)
        return UTF16_LE;
    return even > look / 4 && odd < look / 16 ? UTF16_BE : UTF8;
}

static uint32_t unit16(const struct source *s, size_t at)
{
    unsigned a = s->bytes[at], b = s->bytes[at + 1];
    return s->encoding == UTF16_LE ? a | b << 8 : a << 8 | b;
}

static uint32_t next_utf16(struct source *s)
{
    if (s->len - s->at < 2) {
        s->at = s->len;
        return 0;
    }
    uint32_t unit = unit16(s, s->at);
    s->at += 2;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    if (unit < 0xDC00 && s->len - s->at >= 2) {
        uint32_t low = unit16(s, s->at);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            s->at += 2;
            return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    s->unreadable = true;
    return REPLACEMENT;
}

/* The marks that Windows-1252 has where UTF-8 has nothing; between letters they are more likely the
 * letters of another code page. */
static uint32_t from_code_page(struct source *s, size_t at)
{
    unsigned before = at > 0 ? s->bytes[at - 1] : ' ';
    unsigned after = at + 1 < s->len ? s->bytes[at + 1] : ' ';
    bool within_word = is_ascii_letter(before) && is_ascii_letter(after);
    bool within_hex = strchr("0123456789abcdefABCDEF", (int)before) && before &&
                      strchr("0123456789abcdefABCDEF", (int)after) && after;
    unsigned byte = s->bytes[at];
    if ((byte == 0x96 || byte == 0x97) && (within_hex || !within_word))
        return '-';
    if (!within_word && byte == 0xA0)
        return ' ';
    if (!within_word && (byte == 0x93 || byte == 0x94))
        return '"';
    if (byte == 0x91 || byte == 0x92)
        return '\'';
    s->unreadable = true;
    return REPLACEMENT;
}

static uint32_t next_rune(struct source *s)
{
    if (s->encoding != UTF8)
        return next_utf16(s);
    uint32_t rune;
    size_t at = s->at;
    s->at += text_rune((const char *)s->bytes + at, s->len - at, &rune);
    return rune == TEXT_INVALID ? from_code_page(s, at) : rune;
}

enum { DROP = 0 };

/* Typographic to plain; listed by what the right column says. */
static uint32_t plain(uint32_t r)
{
    static const struct {
        uint32_t from, to, plain;
    } folds[] = {
        {0x0080, 0x009F, ' '},  {0x00A0, 0x00A0, ' '},  {0x00AB, 0x00AB, '"'},
        {0x00AD, 0x00AD, DROP}, {0x00B4, 0x00B4, '\''}, {0x00BB, 0x00BB, '"'},
        {0x034F, 0x034F, DROP}, {0x061C, 0x061C, DROP}, {0x1680, 0x1680, ' '},
        {0x180E, 0x180E, DROP}, {0x2000, 0x200A, ' '},  {0x200B, 0x200F, DROP},
        {0x2010, 0x2015, '-'},  {0x2018, 0x201B, '\''}, {0x201C, 0x201F, '"'},
        {0x2028, 0x2029, '\n'}, {0x202A, 0x202E, DROP}, {0x202F, 0x202F, ' '},
        {0x2032, 0x2032, '\''}, {0x2033, 0x2033, '"'},  {0x2043, 0x2043, '-'},
        {0x205F, 0x205F, ' '},  {0x2060, 0x206F, DROP}, {0x2212, 0x2212, '-'},
        {0x2500, 0x2501, '-'},  {0x2502, 0x2503, '|'},  {0x250C, 0x254B, '+'},
        {0x2550, 0x2550, '-'},  {0x2551, 0x2551, '|'},  {0x2552, 0x256C, '+'},
        {0x3000, 0x3000, ' '},  {0xFE00, 0xFE0F, DROP}, {0xFE58, 0xFE58, '-'},
        {0xFE63, 0xFE63, '-'},  {0xFEFF, 0xFEFF, DROP},
    };
    if (r >= 0xFF01 && r <= 0xFF5E)
        return r - 0xFEE0;
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
        if (r >= folds[i].from && r <= folds[i].to)
            return folds[i].plain;
    return r;
}

/* "\x1b[31m": the rest of a colour sequence is skipped. */
static void skip_escape(struct source *s)
{
    struct source ahead = *s;
    if (ahead.at >= ahead.len || next_rune(&ahead) != '[')
        return;
    for (int i = 0; i < 16 && ahead.at < ahead.len; i++) {
        uint32_t r = next_rune(&ahead);
        if (r >= 0x40 && r <= 0x7E) {
            *s = ahead;
            return;
        }
    }
}

/* A backslash in front of one of these is Markdown's, not a DN's or a site's. "\\" stays a pair. */
static void put_backslash(struct source *s, struct str *out)
{
    struct source ahead = *s;
    uint32_t next = ahead.at < ahead.len ? next_rune(&ahead) : 0;
    if (next == '\\')
        str_add(out, "\\\\");
    else if (next && next < 0x80 && strchr("<>*_[]()-.~|`!", (int)next))
        str_addc(out, (char)next);
    else {
        str_addc(out, '\\');
        return;
    }
    *s = ahead;
}

/* CR, CRLF and CRCRLF are one line end. */
static void put_line_end(struct source *s, struct str *out)
{
    struct source ahead = *s;
    for (int i = 0; i < 3 && ahead.at < ahead.len; i++) {
        uint32_t r = next_rune(&ahead);
        if (r == '\n')
            *s = ahead;
        if (r != '\r')
            break;
    }
    str_addc(out, '\n');
}

/* UTF-8 that was read as Latin-1 or Windows-1252 and saved so: a dash or a space as two or three
 * letters. *r becomes what was meant. */
static void take_mojibake(struct source *s, uint32_t *r)
{
    static const uint32_t dashes[] = {0x90, 0x91, 0x92, 0x93, 0x94, 0x2018, 0x2019, 0x201C, 0x201D};
    struct source ahead = *s;
    uint32_t second = ahead.at < ahead.len ? next_rune(&ahead) : 0;
    if (*r == 0xC2 && (second == 0xA0 || second == 0xAD)) {
        *r = second;
        *s = ahead;
        return;
    }
    uint32_t third = ahead.at < ahead.len ? next_rune(&ahead) : 0;
    for (size_t i = 0;
         *r == 0xE2 && (second == 0x20AC || second == 0x80) && i < sizeof dashes / sizeof *dashes;
         i++) {
        if (third == dashes[i]) {
            *r = '-';
            *s = ahead;
            return;
        }
    }
}

static void put(struct source *s, struct str *out, uint32_t r)
{
    if (r == 0xC2 || r == 0xE2)
        take_mojibake(s, &r);
    if (r == '\r')
        put_line_end(s, out);
    else if (r == 0x1B)
        skip_escape(s);
    else if (r == '\\')
        put_backslash(s, out);
    else if (r == '\n' || r == '\t' || (r >= 0x20 && r < 0x7F) || (s->again && r < 0x20))
        str_addc(out, (char)r);
    else if (r < 0x80 && r != 0)
        str_addc(out, ' ');
    else if (r != 0 && plain(r) != DROP)
        text_add_rune(out, plain(r));
}

/* The bytes from s->at on that need no look. */
static size_t plain_run(const struct source *s)
{
    size_t end = s->at;
    if (s->encoding == UTF8)
        while (end < s->len && s->bytes[end] >= 0x20 && s->bytes[end] < 0x7F &&
               s->bytes[end] != '\\')
            end++;
    return end - s->at;
}

void clean_bytes(const char *bytes, size_t len, bool again, struct str *out, bool *unreadable)
{
    struct source s = {.bytes = (const unsigned char *)bytes, .len = len, .again = again};
    s.encoding = again ? UTF8 : guess_encoding(s.bytes, len);
    while (s.at < s.len) {
        size_t run = plain_run(&s);
        if (run) {
            str_addn(out, s.bytes + s.at, run);
            s.at += run;
        } else {
            put(&s, out, next_rune(&s));
        }
    }
    *unreadable = s.unreadable;
}
