/* Mail clients and 80-column consoles break GUIDs, GUID-based names and DNs over two lines. A line
 * is joined to the next only where both halves together make one of these; anything else stays as
 * it is. Quote marks ("> ") go here too. Only the tail of a line is looked at, so time stays
 * linear. */
#include "src/remedy/intake_parts.h"

#include "src/base/text.h"

#include <stdio.h>
#include <string.h>

enum { TAIL = 1024, MAX_JOINS = 6, GUID_DIGITS = 36 };

struct span {
    const char *at;
    size_t len;
};

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-';
}

static struct span trim(struct span s)
{
    while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    while (s.len && (*s.at == ' ' || *s.at == '\t'))
        s.at++, s.len--;
    return s;
}

static struct span without_quotes(struct span line)
{
    size_t at = 0, behind = 0;
    while (at < line.len && strchr(" \t>", line.at[at]) && line.at[at]) {
        if (line.at[at] == '>')
            behind = at + 1;
        at++;
    }
    if (behind && behind < line.len && line.at[behind] == '<') /* "><System>": the end of a tag */
        return line;
    return (struct span){line.at + behind, line.len - behind};
}

static struct span next_span(const char **at, const char *end)
{
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    struct span line = {*at, (size_t)((stop ? stop : end) - *at)};
    *at = stop ? stop + 1 : end;
    line = without_quotes(line);
    while (line.len && strchr(" \t", line.at[line.len - 1]) && line.at[line.len - 1])
        line.len--;
    return line;
}

/* How many characters at text fit the dashed form, 0..36. */
static size_t guid_prefix(const char *text, size_t len)
{
    size_t i = 0;
    for (; i < len && i < GUID_DIGITS; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i]))
            break;
    }
    return i;
}

/* The beginning of a GUID at the end of a line, and its remaining digits in front of the next. */
static bool joins_guid(struct span a, struct span b)
{
    char both[GUID_DIGITS];
    size_t run = 0;
    if (a.len && a.at[a.len - 1] == '=') /* quoted-printable */
        a.len--;
    while (run < a.len && run < GUID_DIGITS &&
           (is_hex(a.at[a.len - 1 - run]) || a.at[a.len - 1 - run] == '-'))
        run++;
    if (run == 0 || run >= GUID_DIGITS || (run < a.len && is_word(a.at[a.len - 1 - run])))
        return false;
    size_t more = GUID_DIGITS - run;
    if (b.len < more || (b.len > more && is_word(b.at[more])))
        return false;
    memcpy(both, a.at + a.len - run, run);
    memcpy(both + run, b.at, more);
    return guid_prefix(both, GUID_DIGITS) == GUID_DIGITS;
}

static bool starts(struct span s, const char *prefix, size_t len)
{
    if (s.len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((s.at[i] | 0x20) != (prefix[i] | 0x20))
            return false;
    return true;
}

/* A word and nothing else, as the end of a host name would be. */
static bool is_lone_word(struct span s, bool with_dot)
{
    bool dot = false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_word(s.at[i]) && s.at[i] != '.')
            return false;
        dot = dot || (s.at[i] == '.' && i + 1 < s.len);
    }
    return s.len > 0 && s.len < 64 && (dot || !with_dot);
}

static bool console_width(size_t len)
{
    return len == 79 || len == 80 || len == 119 || len == 120;
}

/* "<guid>" + "._msdcs.contoso.com", or broken anywhere behind the GUID. */
static bool joins_msdcs(struct span a, struct span b)
{
    static const char anchor[] = "._msdcs.";
    size_t word = 0;
    while (word < a.len && word < INTAKE_MAX_NAME &&
           (is_word(a.at[a.len - 1 - word]) || strchr("._", a.at[a.len - 1 - word])))
        word++;
    const char *start = a.at + a.len - word;
    if (word < GUID_DIGITS || guid_prefix(start, word) < GUID_DIGITS)
        return false;
    struct span rest = {start + GUID_DIGITS, word - GUID_DIGITS};
    size_t known = rest.len < strlen(anchor) ? rest.len : strlen(anchor);
    if (!starts(rest, anchor, known))
        return false;
    if (known < strlen(anchor))
        return starts(b, anchor + known, strlen(anchor) - known) ||
               (known == strlen(anchor) - 1 && *b.at == '.');
    if (rest.len == known)
        return is_lone_word(b, false);
    bool half = !memchr(rest.at + known, '.', rest.len - known); /* a forest's name without a dot */
    return (half && is_lone_word(b, true)) || (console_width(a.len) && is_lone_word(b, false));
}

/* What may stand between a DN and the end of its line when it goes on: ", D", ",CN=". */
static bool is_next_attribute(const char *text)
{
    if (*text != ',')
        return *text == '\0';
    text = intake_skip(text + 1);
    while (is_word(*text))
        text++;
    return *text == '\0' || (*text == '=' && text[1] == '\0');
}

static bool starts_rdn(struct span s)
{
    return starts(s, "CN=", 3) || starts(s, "OU=", 3) || starts(s, "DC=", 3);
}

/* The DN that reaches the end of a line, if there is one; *goes_on: a comma stands behind it. */
static bool dn_at_end(struct span a, struct intake_dn *dn, bool *goes_on)
{
    char tail[TAIL + 1];
    size_t len = a.len < TAIL ? a.len : TAIL;
    memcpy(tail, a.at + a.len - len, len);
    tail[len] = '\0';
    for (size_t at = 0; at + 3 < len; at++) {
        bool bound = at == 0 || !is_word(tail[at - 1]);
        if (!bound || !starts_rdn((struct span){tail + at, 3}) || !intake_scan_dn(tail + at, dn))
            continue;
        const char *rest = tail + at + dn->len;
        if (is_next_attribute(rest)) {
            *goes_on = *rest != '\0';
            return true;
        }
        at += dn->len ? dn->len - 1 : 0;
    }
    return false;
}

/* True when a line looks as if a DN went on in it: an '=' before any ':' that is no label's. */
static bool continues_dn(struct span b)
{
    for (size_t i = 0; i < b.len; i++) {
        if (b.at[i] == '=')
            return true;
        bool mark = i >= 3 && (starts((struct span){b.at + i - 3, 3}, "DEL", 3) ||
                               starts((struct span){b.at + i - 3, 3}, "CNF", 3));
        if (b.at[i] == ':' && !mark)
            return false;
    }
    return false;
}

static bool is_mark(struct span b)
{
    return (starts(b, "DEL:", 4) || starts(b, "CNF:", 4)) && b.len >= 40 &&
           guid_prefix(b.at + 4, b.len - 4) == GUID_DIGITS;
}

/* Lower-case words of a DC= component, then more of them: "oso,DC=com". */
static bool ends_component(struct span b)
{
    size_t word = 0;
    while (word < b.len && is_word(b.at[word]))
        word++;
    return word < b.len && b.at[word] == ',' &&
           starts((struct span){b.at + word + 1, b.len - word - 1}, "DC=", 3);
}

/* "com" below a long line that ends in a DN. */
static bool is_last_component(struct span a, struct span b)
{
    bool letters = b.len <= 10;
    for (size_t i = 0; i < b.len && letters; i++)
        letters = b.at[i] >= 'a' && b.at[i] <= 'z';
    return (a.len >= 60 && letters) || (console_width(a.len) && is_lone_word(b, false));
}

static bool ends_with(struct span a, const char *end, size_t len)
{
    return a.len >= len && starts((struct span){a.at + a.len - len, len}, end, len);
}

static bool joins_dn(struct span a, struct span b, const char **glue)
{
    struct intake_dn dn;
    bool goes_on;
    if (!memchr(a.at, '=', a.len) || !dn_at_end(a, &dn, &goes_on))
        return false;
    if (is_mark(b)) { /* a raw newline within a tombstone's name */
        *glue = ends_with(a, "\\0A", 3) ? "" : "\\0A";
        return !dn.complete;
    }
    if (starts(b, "Settings", 8) && ends_with(a, "NTDS", 4))
        *glue = " ";
    if (goes_on && ends_with(a, "DC=", 3) && is_lone_word(b, false))
        return true;
    if (goes_on || !dn.complete)
        return continues_dn(b) && (goes_on || !starts_rdn(b));
    return b.at[0] == ',' || ends_component(b) || is_last_component(a, b);
}

/* ".com" below a word: the rest of a host name. */
static bool joins_host(struct span a, struct span b)
{
    bool word = is_word(a.at[a.len - 1]) && b.len > 1 && b.at[0] == '.' && is_word(b.at[1]);
    return word && is_lone_word((struct span){b.at + 1, b.len - 1}, false);
}

/* "objectGUID: 9b 7f ab 3d e7 92 91 43", then the other half; or all of it below the label. */
static bool joins_bytes(struct span a, struct span b)
{
    char both[TAIL + 1];
    struct guid guid;
    if (b.len > 120 || a.len + b.len >= TAIL || !is_hex(*b.at))
        return false;
    snprintf(both, sizeof both, "%.*s %.*s", (int)a.len, a.at, (int)b.len, b.at);
    const char *label = str_find_case(both, "GUID"),
               *at = label ? label + strcspn(label, ":=") : "";
    if (!*at || at > both + a.len)
        return false;
    at += strspn(at, " \t:='\"{[(");
    return intake_guid_label(both, at) && intake_read_bytes(at, &guid) == strlen(at);
}

/* How line a goes on in b: joined with `glue` after `drop` of its last characters. */
struct join {
    const char *glue;
    size_t drop;
};

static bool joins(struct span a, struct span b, struct join *how)
{
    *how = (struct join){.glue = ""};
    if (a.len == 0 || b.len == 0)
        return false;
    if (joins_guid(a, b)) {
        how->drop = a.at[a.len - 1] == '='; /* quoted-printable */
        return true;
    }
    if (joins_bytes(a, b)) {
        how->glue = " ";
        return true;
    }
    return joins_msdcs(a, b) || joins_host(a, b) || joins_dn(a, b, &how->glue);
}

/* Adds the lines that continue the one at out->text + start; returns how many. */
static int add_continuations(struct str *out, size_t start, const char **at, const char *end)
{
    int joined = 0;
    for (; joined < MAX_JOINS && *at < end; joined++) {
        const char *ahead = *at;
        struct join how;
        struct span next = trim(next_span(&ahead, end));
        if (!joins((struct span){str_text(out) + start, out->len - start}, next, &how))
            break;
        out->len -= how.drop;
        str_add(out, how.glue);
        str_addn(out, next.at, next.len);
        *at = ahead;
    }
    return joined;
}

void intake_unwrap(const struct str *in, struct str *out)
{
    const char *at = str_text(in), *end = at + in->len;
    while (at < end) {
        struct span line = next_span(&at, end);
        size_t start = out->len;
        str_addn(out, line.at, line.len);
        int joined = add_continuations(out, start, &at, end);
        str_addc(out, '\n');
        while (joined-- > 0)
            str_add(out, " \n");
    }
}
