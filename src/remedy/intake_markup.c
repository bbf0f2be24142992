/* What web forms, ticket systems and mail programs wrap around a text: HTML tags and entities,
 * quoted-printable. Line ends stay where they are, so that line numbers stay true. Event XML is
 * left alone: there all of this means something. */
#include "src/remedy/intake_parts.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TAG = 400 };

static bool holds_event(const struct str *text)
{
    return memmem(text->text, text->len, "<Event", 6) ||
           memmem(text->text, text->len, ":EventID", 8);
}

/* "&#45;", "&#x2d;": its length; 0 when there is none that can be a character. */
static size_t read_numeric(const char *at, uint32_t *rune)
{
    bool hex = (at[2] | 0x20) == 'x';
    const char *digits = at + (hex ? 3 : 2);
    size_t len = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    if (at[1] != '#' || len == 0 || len > 7 || digits[len] != ';')
        return 0;
    unsigned long value = strtoul(digits, NULL, hex ? 16 : 10);
    if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *rune = value < 0x20 ? ' ' : (uint32_t)value;
    return (size_t)(digits - at) + len + 1;
}

static size_t read_entity(const char *at, uint32_t *rune)
{
    static const struct {
        const char *name;
        uint32_t rune;
    } named[] = {{"&amp;", '&'},       {"&lt;", '<'},       {"&gt;", '>'},
                 {"&quot;", '"'},      {"&apos;", '\''},    {"&nbsp;", ' '},
                 {"&ndash;", 0x2013},  {"&mdash;", 0x2014}, {"&minus;", 0x2212},
                 {"&hyphen;", 0x2010}, {"&shy;", 0xAD},     {"&bsol;", '\\'},
                 {"&equals;", '='},    {"&comma;", ','},    {"&period;", '.'}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (str_starts_case(at, named[i].name)) {
            *rune = named[i].rune;
            return strlen(named[i].name);
        }
    }
    return read_numeric(at, rune);
}

static bool decode_entities(struct str *text)
{
    struct str out = STR_INIT;
    bool any = false;
    for (size_t i = 0; i < text->len;) {
        uint32_t rune;
        size_t len = text->text[i] == '&' ? read_entity(text->text + i, &rune) : 0;
        if (len)
            text_add_rune(&out, rune);
        else
            str_addc(&out, text->text[i]);
        any = any || len;
        i += len ? len : 1;
    }
    str_release(text);
    *text = out;
    return any;
}

/* At '<': the length of an HTML tag that only lays a text out; *cell: it parts two cells. */
static size_t read_tag(const char *at, bool *cell)
{
    static const char *const names[] = {
        "td",   "th",    "tr",    "p",  "br",   "div",  "span",   "b",         "i",
        "u",    "em",    "li",    "ul", "ol",   "a",    "code",   "pre",       "tt",
        "font", "table", "tbody", "hr", "html", "body", "strong", "blockquote"};
    const char *name = at + 1 + (at[1] == '/');
    size_t len = 0, end = strnlen(at, MAX_TAG);
    while ((name[len] | 0x20) >= 'a' && (name[len] | 0x20) <= 'z')
        len++;
    const char *close = memchr(at, '>', end);
    if (!close || !strchr(" \t\n/>", name[len]))
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i]) == len && str_starts_case(name, names[i])) {
            *cell = i < 2;
            return (size_t)(close - at) + 1;
        }
    }
    return 0;
}

static bool strip_tags(struct str *text)
{
    bool any = false;
    for (size_t i = 0; i < text->len; i++) {
        bool cell;
        size_t len = text->text[i] == '<' ? read_tag(text->text + i, &cell) : 0;
        for (size_t k = 0; k < len; k++)
            if (text->text[i + k] != '\n')
                text->text[i + k] = ' ';
        if (len && cell)
            text->text[i] = '|';
        any = any || len;
        i += len ? len - 1 : 0;
    }
    return any;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* "CN=3DLIVDC02": every '=' of the text is an escape or a soft line end, and one is "=3D". */
static bool is_quoted_printable(const struct str *text)
{
    bool equals = false;
    for (const char *at = text->text; (at = strchr(at, '=')); at++) {
        if (at[1] == '\n' || at[1] == '\0')
            continue;
        if (hex_digit(at[1]) < 0 || hex_digit(at[2]) < 0)
            return false;
        equals = equals || (at[1] == '3' && at[2] == 'D');
    }
    return equals;
}

static void decode_quoted_printable(struct str *text)
{
    size_t to = 0;
    for (size_t i = 0; i < text->len; i++) {
        char c = text->text[i];
        int high = c == '=' ? hex_digit(text->text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text->text[i + 2]) : -1;
        if (high >= 0 && low >= 0) {
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '=') {
            continue; /* a soft line end: the lines are joined later, as any broken ones */
        }
        text->text[to++] = c;
    }
    text->text[text->len = to] = '\0';
}

bool intake_strip_markup(struct str *text)
{
    bool any = false;
    if (!text->len)
        return false;
    if (is_quoted_printable(text)) {
        decode_quoted_printable(text);
        any = true;
    }
    for (int i = 0; i < 2 && memchr(text->text, '&', text->len) && !holds_event(text); i++)
        any = decode_entities(text) || any; /* twice: "&amp;#45;" */
    if (!holds_event(text))
        any = strip_tags(text) || any;
    return any;
}
