/* One decoder, one list of what may not reach a terminal, and column arithmetic on top of
 * wcwidth(). In a locale that is not UTF-8 wcwidth() knows no rune beyond ASCII; such a rune counts
 * as one column, because the terminal layer shows one character (or '?') for it. */
#include "src/base/text.h"

#include "src/base/mem.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

size_t text_rune(const char *bytes, size_t len, uint32_t *rune)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *b = (const unsigned char *)bytes;
    size_t need = b[0] < 0x80 ? 1 : b[0] < 0xC2 ? 0 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    *rune = TEXT_INVALID;
    if (need == 0 || need > len || b[0] > 0xF4)
        return 1;
    uint32_t value = need == 1 ? b[0] : b[0] & (0x7Fu >> need);
    for (size_t i = 1; i < need; i++) {
        if ((b[i] & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (b[i] & 0x3F);
    }
    if (value < smallest[need] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *rune = value;
    return need;
}

void text_add_rune(struct str *s, uint32_t rune)
{
    if (rune < 0x80) {
        str_addc(s, (char)rune);
    } else if (rune < 0x800) {
        str_addc(s, (char)(0xC0 | rune >> 6));
        str_addc(s, (char)(0x80 | (rune & 0x3F)));
    } else if (rune < 0x10000) {
        str_addc(s, (char)(0xE0 | rune >> 12));
        str_addc(s, (char)(0x80 | (rune >> 6 & 0x3F)));
        str_addc(s, (char)(0x80 | (rune & 0x3F)));
    } else {
        str_addc(s, (char)(0xF0 | rune >> 18));
        str_addc(s, (char)(0x80 | (rune >> 12 & 0x3F)));
        str_addc(s, (char)(0x80 | (rune >> 6 & 0x3F)));
        str_addc(s, (char)(0x80 | (rune & 0x3F)));
    }
}

bool text_is_utf8(const char *bytes, size_t len)
{
    uint32_t rune;
    for (size_t at = 0; at < len;) {
        at += text_rune(bytes + at, len - at, &rune);
        if (rune == TEXT_INVALID)
            return false;
    }
    return true;
}

bool text_add_base64(struct str *s, const char *base64, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    if (len == 0 || len % 4)
        return false;
    size_t used =
        len - (base64[len - 1] == '=') - (base64[len - 1] == '=' && base64[len - 2] == '=');
    for (size_t i = 0; i < used; i++) {
        const char *digit = memchr(digits, base64[i], sizeof digits - 1);
        if (!digit)
            return false;
        bits = bits << 6 | (uint32_t)(digit - digits);
        if (i % 4)
            str_addc(s, (char)(bits >> (6 - i % 4 * 2)));
    }
    return true;
}

static locale_t fold_locale;

static void open_fold_locale(void)
{
    fold_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* Names compare the same whatever locale a cron job runs in. */
static wint_t folded(uint32_t rune)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_fold_locale);
    if (rune == TEXT_INVALID)
        return WEOF;
    return fold_locale ? towlower_l((wint_t)rune, fold_locale) : towlower((wint_t)rune);
}

bool text_same(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    size_t la = strlen(a), lb = strlen(b);
    while (la > 0 && lb > 0) {
        uint32_t x, y;
        size_t ua = text_rune(a, la, &x), ub = text_rune(b, lb, &y);
        if (x == TEXT_INVALID && y == TEXT_INVALID ? *a != *b : folded(x) != folded(y))
            return false;
        a += ua, la -= ua;
        b += ub, lb -= ub;
    }
    return la == 0 && lb == 0;
}

char *text_fold(const char *text)
{
    struct str s = STR_INIT;
    for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
        uint32_t rune;
        used = text_rune(text, left, &rune);
        if (rune == TEXT_INVALID)
            str_addc(&s, *text);
        else
            text_add_rune(&s, (uint32_t)folded(rune));
    }
    return str_steal(&s);
}

struct range {
    uint32_t from, to;
};

static bool is_among(const struct range *ranges, size_t count, uint32_t r)
{
    for (size_t i = 0; i < count; i++)
        if (r >= ranges[i].from && r <= ranges[i].to)
            return true;
    return false;
}

/* What a terminal obeys, hides or reorders instead of showing. */
static bool is_harmful(uint32_t r)
{
    static const struct range ranges[] = {
        {0, 0x1F},          {0x7F, 0x9F},       {0x034F, 0x034F},   {0x061C, 0x061C},
        {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},
        {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},   {0xD800, 0xDFFF},
        {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
        {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    };
    return r == TEXT_INVALID || is_among(ranges, sizeof ranges / sizeof *ranges, r);
}

static void add_escaped(struct str *s, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        str_addf(s, "\\%02X", bytes[i]);
}

void text_add_clean(struct str *s, const void *bytes, size_t len)
{
    const char *text = bytes;
    for (size_t at = 0; at < len;) {
        uint32_t rune;
        size_t used = text_rune(text + at, len - at, &rune);
        if (is_harmful(rune))
            add_escaped(s, (const unsigned char *)text + at, used);
        else
            str_addn(s, text + at, used);
        at += used;
    }
}

char *text_clean(const void *bytes, size_t len)
{
    struct str s = STR_INIT;
    text_add_clean(&s, bytes, len);
    return str_steal(&s);
}

char *text_clean_z(const char *text)
{
    return text_clean(text ? text : "", text ? strlen(text) : 0);
}

char *text_clean_lines(const void *bytes, size_t len)
{
    struct str s = STR_INIT;
    const char *text = bytes;
    for (size_t at = 0; at < len; at++) {
        size_t end = at;
        while (end < len && text[end] != '\n' && text[end] != '\r' && text[end] != '\t')
            end++;
        text_add_clean(&s, text + at, end - at);
        if (end < len)
            str_add(&s, text[end] == '\t' ? "    " : "\n");
        if (end + 1 < len && text[end] == '\r' && text[end + 1] == '\n')
            end++;
        at = end;
    }
    return str_steal(&s);
}

/* Blanks other than the space bar's, and right-to-left scripts. */
static bool is_misleading(uint32_t r)
{
    static const struct range ranges[] = {
        {0xA0, 0xA0},     {0x0590, 0x08FF}, {0x1680, 0x1680},   {0x2000, 0x200A},
        {0x202F, 0x202F}, {0x205F, 0x205F}, {0x2800, 0x2800},   {0x3000, 0x3000},
        {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFF}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF},
    };
    return is_among(ranges, sizeof ranges / sizeof *ranges, r);
}

bool text_is_typeable(const char *text)
{
    bool blank = true; /* so was the character before, or there was none */
    for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
        uint32_t rune;
        used = text_rune(text, left, &rune);
        if (is_harmful(rune) || is_misleading(rune) || text_rune_width(rune) == 0 ||
            (blank && rune == ' '))
            return false;
        blank = rune == ' ';
    }
    return !blank;
}

int text_rune_width(uint32_t rune)
{
    if (rune == TEXT_INVALID)
        return 1;
    int width = wcwidth((wchar_t)rune);
    return width < 0 ? 1 : width;
}

int text_width(const char *text)
{
    int width = 0;
    for (size_t at = 0, len = strlen(text); at < len;) {
        uint32_t rune;
        at += text_rune(text + at, len - at, &rune);
        width += text_rune_width(rune);
    }
    return width;
}

/* Never looks further than what fits: a character has four bytes at most. */
size_t text_prefix(const char *text, int columns)
{
    size_t at = 0;
    while (text[at]) {
        uint32_t rune;
        size_t used = text_rune(text + at, strnlen(text + at, 4), &rune);
        columns -= text_rune_width(rune);
        if (columns < 0)
            break;
        at += used;
    }
    return at;
}

char *text_fit(const char *text, int columns, const char *mark)
{
    if (text_width(text) <= columns)
        return mem_text(text);
    int room = columns - text_width(mark);
    if (room <= 0)
        return mem_textn(text, text_prefix(text, columns > 0 ? columns : 0));
    struct str s = STR_INIT;
    str_addn(&s, text, text_prefix(text, room));
    str_add(&s, mark);
    return str_steal(&s);
}

char *text_fit_middle(const char *text, int columns, const char *mark)
{
    int width = text_width(text);
    int room = columns - text_width(mark);
    if (width <= columns || room < 2)
        return text_fit(text, columns, mark);
    struct str s = STR_INIT;
    str_addn(&s, text, text_prefix(text, (room + 1) / 2));
    str_add(&s, mark);
    const char *tail = text + text_prefix(text, width - room / 2);
    if (text_width(tail) > room / 2) { /* a wide character stands across the cut */
        uint32_t rune;
        tail += text_rune(tail, strlen(tail), &rune);
    }
    str_add(&s, tail);
    return str_steal(&s);
}

size_t text_name(const char *text, size_t most)
{
    static const char domain[] = ",DC=";
    size_t at = 0, end = 0, step = sizeof domain - 1;
    while (text[at] && text[at] != '=' && text[at] != ' ' && text[at] != ',')
        at++;
    if (at == 0 || text[at] != '=')
        return 0;
    for (; text[at] && text[at] != '\n' && at <= most; at++) {
        if (strncmp(text + at, domain, step) == 0)
            end = at + step + strcspn(text + at + step, ", .;:)\n");
        else if (at == end && end > 0)
            break;
    }
    return end <= most ? end : 0;
}

/* Where the DN begins that a break at this place would cut though it fits on a line; else at. */
static size_t before_name(const char *text, size_t at, int columns)
{
    for (size_t from = at; from-- > 1;) {
        size_t len = text[from - 1] == ' ' ? text_name(text + from, 4 * (size_t)columns) : 0;
        if (from + len > at && (int)text_prefix(text + from, columns) >= (int)len)
            return from;
    }
    return at;
}

/* Where to break the first line of text: bytes that stay, and bytes to skip behind them. */
static size_t line_break(const char *text, int columns, size_t *skip)
{
    *skip = 0;
    size_t fits = text_prefix(text, columns);
    const char *newline = memchr(text, '\n', fits + (text[fits] != '\0'));
    if (newline || text[fits] == '\0') {
        *skip = newline != NULL;
        return newline ? (size_t)(newline - text) : fits;
    }
    for (size_t at = fits; at > 0; at--) {
        if (text[at] == ' ' || text[at - 1] == ',') {
            at = before_name(text, at, columns);
            while (text[at + *skip] == ' ')
                ++*skip;
            return at;
        }
    }
    if (fits == 0) { /* one character is wider than the column */
        uint32_t rune;
        fits = text_rune(text, strlen(text), &rune);
    }
    return fits;
}

void text_wrap(struct strs *lines, const char *text, int columns)
{
    do {
        size_t skip;
        size_t keep = line_break(text, columns > 0 ? columns : 1, &skip);
        size_t shown = keep;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        strs_addn(lines, text, shown);
        text += keep + skip;
    } while (*text);
}
