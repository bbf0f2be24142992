/* Bytes of unknown origin -> UTF-8 that the rest can read by simple rules: one kind of dash, quote
 * and space, no invisible characters, no colour sequences, no NUL, lines ended by '\n'. UTF-16 is
 * known by its BOM or by its NULs (what `repadmin > file` writes in PowerShell). Bytes that are no
 * UTF-8 come from a console code page: the few that Windows-1252 types for us are read, any other
 * becomes U+FFFD, and a name with one is not used. */
#include "src/remedy/intake/undress.h"

#include "src/base/ascii.h"
#include "src/base/pattern.h"
#include "src/base/text.h"

#include <string.h>

enum encoding { UTF8, UTF16_LE, UTF16_BE };
enum { DROP = 0, REPLACEMENT = 0xFFFD };

/* Text in UTF-16 without a BOM has a NUL beside every ASCII character. */
static enum encoding guess_encoding(const char *bytes, size_t len)
{
    size_t even = 0, odd = 0, look = len < 2048 ? len & ~(size_t)1 : 2048;
    if (len >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        return *bytes == '\xFF' ? UTF16_LE : UTF16_BE;
    for (size_t i = 0; i < look; i += 2) {
        even += bytes[i] == 0;
        odd += bytes[i + 1] == 0;
    }
    if (odd > look / 4 && even < look / 16)
        return UTF16_LE;
    return even > look / 4 && odd < look / 16 ? UTF16_BE : UTF8;
}

/* A surrogate without its other half becomes U+FFFD. */
static void decode_utf16(const char *bytes, size_t len, enum encoding encoding, struct str *out)
{
    uint32_t high = 0;
    for (size_t at = 0; at + 1 < len; at += 2) {
        unsigned a = (unsigned char)bytes[at], b = (unsigned char)bytes[at + 1];
        uint32_t unit = encoding == UTF16_LE ? a | b << 8 : a << 8 | b;
        if (high && unit >= 0xDC00 && unit <= 0xDFFF) {
            text_add_rune(out, 0x10000 + ((high - 0xD800) << 10) + unit - 0xDC00);
            high = 0;
            continue;
        }
        if (high)
            text_add_rune(out, REPLACEMENT);
        high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
        if (!high)
            text_add_rune(out, unit >= 0xDC00 && unit <= 0xDFFF ? REPLACEMENT : unit);
    }
}

/* The marks that Windows-1252 has where UTF-8 has nothing; between letters they are more likely the
 * letters of another code page. */
static uint32_t from_code_page(const char *bytes, size_t at, size_t len)
{
    static const char marks[] = "\x91'\x92'\x93\"\x94\"\x96-\x97-\xA0 ";
    char before = at > 0 ? bytes[at - 1] : ' ', after = at + 1 < len ? bytes[at + 1] : ' ';
    const char *mark = strchr(marks, bytes[at]);
    bool hex = is_hex_digit(before) && is_hex_digit(after),
         letters = is_letter(before) && is_letter(after);
    if (!mark || (letters && mark[1] != '\'' && !(hex && mark[1] == '-')))
        return REPLACEMENT;
    return (unsigned char)mark[1];
}

/* Typographic to plain; listed by what the right column says. */
static uint32_t plain(uint32_t r)
{
    static const struct {
        uint32_t from, to, plain;
    } folds[] = {
        {0x0000, 0x0000, DROP}, {0x0001, 0x0008, ' '},  {0x000B, 0x001F, ' '},
        {0x007F, 0x00A0, ' '},  {0x00AB, 0x00AB, '"'},  {0x00AD, 0x00AD, DROP},
        {0x00B4, 0x00B4, '\''}, {0x00BB, 0x00BB, '"'},  {0x034F, 0x034F, DROP},
        {0x061C, 0x061C, DROP}, {0x1680, 0x1680, ' '},  {0x180E, 0x180E, DROP},
        {0x2000, 0x200A, ' '},  {0x200B, 0x200F, DROP}, {0x2010, 0x2015, '-'},
        {0x2018, 0x201B, '\''}, {0x201C, 0x201F, '"'},  {0x2028, 0x2029, '\n'},
        {0x202A, 0x202E, DROP}, {0x202F, 0x202F, ' '},  {0x2032, 0x2032, '\''},
        {0x2033, 0x2033, '"'},  {0x2043, 0x2043, '-'},  {0x205F, 0x205F, ' '},
        {0x2060, 0x206F, DROP}, {0x2212, 0x2212, '-'},  {0x2500, 0x2501, '-'},
        {0x2502, 0x2503, '|'},  {0x250C, 0x254B, '+'},  {0x2550, 0x2550, '-'},
        {0x2551, 0x2551, '|'},  {0x2552, 0x256C, '+'},  {0x3000, 0x3000, ' '},
        {0xFE00, 0xFE0F, DROP}, {0xFE58, 0xFE58, '-'},  {0xFE63, 0xFE63, '-'},
        {0xFEFF, 0xFEFF, DROP},
    };
    if (r >= 0xFF01 && r <= 0xFF5E)
        return r - 0xFEE0;
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
        if (r >= folds[i].from && r <= folds[i].to)
            return folds[i].plain;
    return r;
}

/* What several characters together stand for: their length, 0: none of these is there. */
static size_t read_sequence(const char *at, size_t len, struct str *out)
{
    static struct sequence {
        char first;
        struct pattern pattern;
        const char *plain; /* NULL: the last character */
    } sequences[] = {
        {'\\', {.text = "\\\\\\\\"}, "\\\\"},
        {'\\', {.text = "\\\\[]<>*_[().~|`!-]"}, NULL}, /* Markdown's backslash, not a DN's */
        {'\r', {.text = "(\r{1,3}\n|\r)"}, "\n"},
        {'\x1B', {.text = "\x1B(\\[[^@-~]{0,15}[@-~])?"}, ""}, /* a colour */
        /* UTF-8 that was read as Latin-1 or Windows-1252 and saved so */
        {'\xC3', {.text = "\xC3\x82\xC2\xA0"}, " "},
        {'\xC3', {.text = "\xC3\x82\xC2\xAD"}, ""},
        {'\xC3',
         {.text = "\xC3\xA2(\xE2\x82\xAC|\xC2\x80)(\xC2[\x90-\x94]|\xE2\x80[\x98\x99\x9C\x9D])"},
         "-"},
    };
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        struct sequence *s = &sequences[i];
        size_t used = *at == s->first ? pattern_length(&s->pattern, at, len < 32 ? len : 32) : 0;
        if (used) {
            str_add(out, s->plain);
            if (!s->plain)
                str_addc(out, at[used - 1]);
            return used;
        }
    }
    return 0;
}

static bool needs_no_look(char c)
{
    return (c >= ' ' && c < 0x7F && c != '\\') || c == '\n' || c == '\t';
}

/* marks: those of undress.h stay. False: something could not be read. */
static bool clean(const char *bytes, size_t len, bool marks, struct str *out)
{
    bool readable = true;
    for (size_t at = 0, used; at < len; at += used) {
        for (used = 0; at + used < len && needs_no_look(bytes[at + used]);)
            used++;
        str_addn(out, bytes + at, used);
        used = used ? used : read_sequence(bytes + at, len - at, out);
        if (used)
            continue;
        uint32_t rune;
        used = text_rune(bytes + at, len - at, &rune);
        rune = rune == TEXT_INVALID ? from_code_page(bytes, at, len) : rune;
        readable = readable && rune != REPLACEMENT;
        rune = marks && rune < ' ' ? rune : plain(rune);
        if (rune != DROP)
            text_add_rune(out, rune);
    }
    return readable;
}

bool clean_bytes(const char *bytes, size_t len, struct str *out)
{
    struct str decoded = STR_INIT;
    enum encoding encoding = guess_encoding(bytes, len);
    if (encoding == UTF8)
        return clean(bytes, len, false, out);
    decode_utf16(bytes, len, encoding, &decoded);
    bool readable = clean(str_text(&decoded), decoded.len, false, out);
    str_release(&decoded);
    return readable;
}

bool clean_again(const struct str *text, struct str *out)
{
    clean(text->text, text->len, true, out);
    return true;
}
