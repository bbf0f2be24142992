/* What web forms, ticket systems and mail programs wrap around a text: HTML tags and entities,
 * quoted-printable. Line ends stay where they are, so that line numbers stay true. */
#include "src/remedy/intake/undress.h"

#include "src/base/pattern.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TAG = 400 };

/* "=3D": what it stands for; 0: it is none. */
static char escaped(const char *at)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *high = at[1] ? strchr(digits, at[1]) : NULL;
    const char *low = high && at[2] ? strchr(digits, at[2]) : NULL;
    return (char)(low ? (high - digits) << 4 | (low - digits) : 0);
}

/* Nearly every '=' of the text is an escape or a soft line end, one is "=3D". */
static bool is_quoted_printable(const char *text)
{
    bool equals = false;
    size_t escapes = 0, others = 0;
    for (const char *at = text; (at = strchr(at, '=')); at++) {
        bool soft = at[1] == '\n' && at[2];
        equals = equals || soft || escaped(at) == '=';
        escapes += soft || escaped(at);
        others += !soft && !escaped(at) && at[1];
    }
    return equals && (others == 0 || escapes > 4 * others ||
                      str_find_case(text, "encoding: quoted-printable"));
}

bool decode_quoted_printable(const struct str *text, struct str *out)
{
    size_t owed = 0; /* line ends that were taken out of this line */
    if (!is_quoted_printable(text->text))
        return false;
    for (const char *at = text->text; *at; at++) {
        char c = *at == '=' ? escaped(at) : *at;
        if (!c && (at[1] == '\n' || !at[1])) { /* a soft line end */
            owed += at[1] == '\n';
            at += at[1] == '\n';
            continue;
        }
        at += c && *at == '=' ? 2 : 0;
        str_addc(out, c ? c : '=');
        for (; c == '\n' && owed; owed--)
            str_addc(out, '\n');
    }
    return true;
}

/* "&amp;", "&#45;", "&#x2d;": its length; 0 when there is none that can be a character. */
static size_t read_entity(const char *at, uint32_t *rune)
{
    static struct pattern numeric = {.text = "&#(?:([0-9]{1,7})|x([0-9a-f]{1,6}));"};
    struct slice digits[2];
    static const struct {
        const char *name;
        uint32_t rune;
    } named[] = {{"&amp;", '&'},      {"&lt;", '<'},   {"&gt;", '>'},        {"&quot;", '"'},
                 {"&apos;", '\''},    {"&nbsp;", ' '}, {"&ndash;", 0x2013},  {"&mdash;", 0x2014},
                 {"&minus;", 0x2212}, {"&shy;", 0xAD}, {"&hyphen;", 0x2010}, {"&bsol;", '\\'}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        *rune = named[i].rune;
        if (str_starts_case(at, named[i].name))
            return strlen(named[i].name);
    }
    size_t len = pattern_parts(&numeric, at, strnlen(at, 12), digits, 2);
    bool hex = len && digits[1].at;
    unsigned long value = len ? strtoul(digits[hex].at, NULL, hex ? 16 : 10) : 0;
    *rune = value < 0x20 ? ' ' : (uint32_t)value;
    return value && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF) ? len : 0;
}

bool decode_entities(const struct str *text, struct str *out)
{
    bool any = false;
    for (const char *at = text->text; *at;) {
        uint32_t rune;
        size_t plain = strcspn(at, "&"), len = at[plain] ? read_entity(at + plain, &rune) : 0;
        str_addn(out, at, plain + (at[plain] && !len));
        if (len)
            text_add_rune(out, rune);
        any = any || len;
        at += plain + (len ? len : at[plain] != '\0');
    }
    return any;
}

enum layout { INLINE, CELL, ROW, BREAK, TABLE, LAYOUTS };

/* At '<': the length of an HTML tag that only lays a text out. */
static size_t read_tag(const char *at, enum layout *layout)
{
    static struct pattern tag = {
        .text =
            "</?(?:(span|b|i|u|em|a|code|tt|font|tbody|html|body|thead|strong|col|colgroup|head|"
            "title|meta|small|(?=[^<>]{3,36}>)[a-z]+:[a-z]+)|" /* "<o:p>" of Outlook */
            "(t[dh])|(tr)|(p|br|div|li|pre|ul|ol|hr|h[123]|blockquote)|(table))"
            "(?:[ \t\n/][^<>]*+)?>"};
    struct slice names[LAYOUTS];
    size_t len = pattern_parts(&tag, at, strnlen(at, MAX_TAG), names, LAYOUTS);
    *layout = INLINE;
    while (len && !names[*layout].at)
        ++*layout;
    return len;
}

/* A row of a table becomes one line; the line ends within it are owed to what follows. */
struct stripper {
    struct str *out;
    bool in_row;
    size_t owed;
};

static void pay(struct stripper *s)
{
    for (; s->owed; s->owed--)
        str_addc(s->out, '\n');
    s->in_row = false;
}

static void put_tag(struct stripper *s, enum layout layout, bool closing)
{
    bool fresh = s->out->len == 0 || strchr("\n\v", s->out->text[s->out->len - 1]);
    if (!s->in_row)
        pay(s);
    if (layout == TABLE)
        str_add(s->out, "\v\v"); /* a blank line parts it from what follows */
    else if (layout == CELL && !closing)
        str_addc(s->out, '|');
    else if (layout == ROW || (layout == BREAK && !s->in_row))
        str_add(s->out, fresh ? "" : "\v");
    else
        str_addc(s->out, ' ');
    if (layout == ROW) {
        pay(s);
        s->in_row = !closing;
    }
}

bool strip_tags(const struct str *text, struct str *out)
{
    struct stripper s = {.out = out};
    bool any = false;
    for (const char *at = text->text; *at; at++) {
        enum layout layout;
        size_t len = *at == '<' ? read_tag(at, &layout) : 0;
        if (len) {
            for (size_t k = 0; k < len; k++)
                s.owed += at[k] == '\n';
            put_tag(&s, layout, at[1] == '/');
            at += len - 1;
            any = true;
        } else {
            bool owed = *at == '\n' && s.in_row;
            str_addc(out, owed ? ' ' : *at);
            s.owed += owed;
        }
    }
    pay(&s);
    return any;
}
