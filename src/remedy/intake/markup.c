/* What web forms, ticket systems and mail programs wrap around a text: HTML tags and entities,
 * quoted-printable. Line ends stay where they are, so that line numbers stay true. XML
 * is left alone: there all of this means something. */
#include "src/remedy/intake/undress.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TAG = 400 };

static bool is_xml(const struct str *text)
{
    static const char *const marks[] = {"<Event>",  "<Event ", "<Events",
                                        ":EventID", "<?xml",   "<Obj"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (memmem(text->text, text->len, marks[i], strlen(marks[i])))
            return true;
    return false;
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

size_t read_entity(const char *at, uint32_t *rune)
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

enum layout { INLINE, CELL, ROW, ROW_END, BREAK, TABLE };

/* At '<': the length of an HTML tag that only lays a text out. */
static size_t read_tag(const char *at, enum layout *layout)
{
    static const struct {
        const char *name;
        enum layout layout;
    } tags[] = {{"td", CELL},      {"th", CELL},       {"tr", ROW},      {"p", BREAK},
                {"br", BREAK},     {"div", BREAK},     {"li", BREAK},    {"pre", BREAK},
                {"ul", BREAK},     {"ol", BREAK},      {"hr", BREAK},    {"table", TABLE},
                {"h1", BREAK},     {"h2", BREAK},      {"h3", BREAK},    {"blockquote", BREAK},
                {"span", INLINE},  {"b", INLINE},      {"i", INLINE},    {"u", INLINE},
                {"em", INLINE},    {"a", INLINE},      {"code", INLINE}, {"tt", INLINE},
                {"font", INLINE},  {"tbody", INLINE},  {"html", INLINE}, {"body", INLINE},
                {"thead", INLINE}, {"strong", INLINE}, {"col", INLINE},  {"colgroup", INLINE},
                {"head", INLINE},  {"title", INLINE},  {"meta", INLINE}, {"small", INLINE}};
    bool closing = at[1] == '/';
    const char *name = at + 1 + closing;
    size_t len = 0;
    while (((name[len] | 0x20) >= 'a' && (name[len] | 0x20) <= 'z') ||
           (len && name[len] >= '1' && name[len] <= '3'))
        len++;
    if (len == 0 || len > 10 || !strchr(" \t\n/>:", name[len]))
        return 0;
    const char *close = memchr(at, '>', strnlen(at, MAX_TAG));
    *layout = INLINE;
    if (close && name[len] == ':') /* "<o:p>" of Outlook */
        return close - at < 40 && name[len + 1] != '/' ? (size_t)(close - at) + 1 : 0;
    for (size_t i = 0; close && i < sizeof tags / sizeof *tags; i++) {
        if (strlen(tags[i].name) != len || !str_starts_case(name, tags[i].name))
            continue;
        *layout = closing && tags[i].layout == CELL  ? INLINE
                  : closing && tags[i].layout == ROW ? ROW_END
                                                     : tags[i].layout;
        return (size_t)(close - at) + 1;
    }
    return 0;
}

/* A row of a table becomes one line; the line ends within it are owed to what follows. */
struct stripper {
    struct str out;
    bool in_row, any;
    size_t owed;
};

static void pay(struct stripper *s)
{
    for (; s->owed; s->owed--)
        str_addc(&s->out, '\n');
    s->in_row = false;
}

static void put_tag(struct stripper *s, enum layout layout)
{
    s->any = true;
    bool fresh = s->out.len == 0 || strchr("\n\v", s->out.text[s->out.len - 1]);
    if (layout == ROW || layout == ROW_END) {
        str_add(&s->out, fresh ? "" : "\v");
        pay(s);
        s->in_row = layout == ROW;
    } else if (layout == TABLE) {
        str_add(&s->out, "\v\v"); /* a blank line parts it from what follows */
    } else if (layout == CELL) {
        str_add(&s->out, "|");
    } else {
        str_add(&s->out, layout == INLINE || s->in_row ? " " : fresh ? "" : "\v");
    }
}

static bool strip_tags(struct str *text)
{
    struct stripper s = {.in_row = false};
    if (!memchr(text->text, '<', text->len))
        return false;
    for (size_t i = 0; i < text->len; i++) {
        enum layout layout;
        size_t len = text->text[i] == '<' ? read_tag(text->text + i, &layout) : 0;
        if (len) {
            for (size_t k = 0; k < len; k++)
                s.owed += text->text[i + k] == '\n';
            if (!s.in_row)
                pay(&s);
            put_tag(&s, layout);
            i += len - 1;
        } else if (text->text[i] == '\n' && s.in_row) {
            str_addc(&s.out, ' ');
            s.owed++;
        } else {
            str_addc(&s.out, text->text[i]);
        }
    }
    pay(&s);
    str_release(text);
    *text = s.out;
    return s.any;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* "CN=3DLIVDC02": nearly every '=' of the text is an escape or a soft line end, one is "=3D". */
static bool is_quoted_printable(const struct str *text)
{
    bool equals = false;
    size_t escapes = 0, others = 0;
    for (const char *at = text->text; (at = strchr(at, '=')); at++) {
        bool soft = at[1] == '\n' && at[2];
        if (soft || (hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0))
            escapes++;
        else if (at[1])
            others++;
        equals = equals || soft || (at[1] == '3' && at[2] == 'D');
    }
    return equals && (others == 0 || escapes > 4 * others ||
                      str_find_case(text->text, "encoding: quoted-printable"));
}

static void decode_quoted_printable(struct str *text)
{
    size_t to = 0, owed = 0; /* owed: line ends that were taken out of this line */
    for (size_t i = 0; i < text->len; i++) {
        char c = text->text[i];
        int high = c == '=' ? hex_digit(text->text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text->text[i + 2]) : -1;
        if (high >= 0 && low >= 0) {
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '=' && (text->text[i + 1] == '\n' || !text->text[i + 1])) {
            owed += text->text[i + 1] == '\n'; /* a soft line end */
            i++;
            continue;
        }
        for (; c == '\n' && owed; owed--)
            text->text[to++] = '\n';
        text->text[to++] = c;
    }
    text->text[text->len = to] = '\0';
}

bool strip_markup(struct str *text)
{
    bool any = is_quoted_printable(text);
    if (any)
        decode_quoted_printable(text);
    if (is_xml(text))
        return any;
    for (int i = 0; i < 2 && memchr(text->text, '&', text->len) && !is_xml(text); i++)
        any = decode_entities(text) || any; /* twice: "&amp;#45;" */
    return (!is_xml(text) && strip_tags(text)) || any;
}
