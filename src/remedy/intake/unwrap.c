/* Mail clients and 80-column consoles break GUIDs, GUID-based names and DNs over two lines. A line
 * is joined to the next only where both halves together make one of these; anything else stays as
 * it is. Only the tail of a line is looked at, so time stays linear. The text becomes a page of
 * lines here, each with its number in the paste. */
#include "src/remedy/intake/tokens.h"
#include "src/remedy/intake/undress.h"

#include "src/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
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
    text = skip_blanks(text + 1);
    while (is_word(*text))
        text++;
    return *text == '\0' || (*text == '=' && text[1] == '\0');
}

static bool starts_rdn(struct span s)
{
    return starts(s, "CN=", 3) || starts(s, "OU=", 3) || starts(s, "DC=", 3);
}

/* The DN that reaches the end of a line, if there is one; *goes_on: a comma stands behind it. */
static bool dn_at_end(struct span a, struct found_dn *dn, bool *goes_on)
{
    char tail[TAIL + 1];
    size_t len = a.len < TAIL ? a.len : TAIL;
    memcpy(tail, a.at + a.len - len, len);
    tail[len] = '\0';
    for (size_t at = 0; at + 3 < len; at++) {
        bool bound = at == 0 || !is_word(tail[at - 1]);
        if (!bound || !starts_rdn((struct span){tail + at, 3}) || !dn_scan(tail + at, dn))
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
    struct found_dn dn;
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

/* "Site\OLDDC" above "DEL:<guid> (deleted DSA) via RPC". */
static bool joins_mark(struct span a, struct span b, const char **glue)
{
    *glue = "\\0A";
    return is_mark(b) && memchr(a.at, '\\', a.len) && a.len < 200;
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
    return is_guid_label(both, at) && read_guid_bytes(at, &guid) == strlen(at);
}

/* How line a goes on in b: joined with `glue` after `drop` of its last characters. */
struct join {
    const char *glue;
    size_t drop;
};

static bool joins(struct span a, struct span b, struct join *how)
{
    *how = (struct join){.glue = ""};
    if (a.len == 0 || b.len == 0 || (*b.at < ' ' && *b.at != '\t') ||
        (*a.at < ' ' && *a.at != '\t'))
        return false;
    if (joins_guid(a, b)) {
        how->drop = a.at[a.len - 1] == '='; /* quoted-printable */
        return true;
    }
    if (joins_bytes(a, b)) {
        how->glue = " ";
        return true;
    }
    if (joins_msdcs(a, b) || joins_host(a, b) || joins_dn(a, b, &how->glue))
        return true;
    return joins_mark(a, b, &how->glue);
}

/* "9531985d - 5d9d - 49f8 - 9818 - e811892f902b ._msdcs": blanks within a GUID, as a screenshot's
 * reader puts them. Takes them out of out->text + start in place. */
static void close_gaps(struct str *out, size_t start)
{
    char *line = out->text + start, *end = out->text + out->len;
    for (char *at = line; (at = strchr(at, '-')); at++) {
        char digits[GUID_DIGITS];
        size_t count = 0, gaps = 0;
        char *from = at, *to;
        while (from > line && from[-1] == ' ')
            from--;
        if ((from == at && at[1] != ' ') || from - line < 8)
            continue;
        from -= 8;
        for (to = from; to < end && count < GUID_DIGITS && to - from < 60; to++) {
            if (*to == ' ')
                gaps++;
            else
                digits[count++] = *to;
        }
        if (!gaps || count < GUID_DIGITS || guid_prefix(digits, count) < GUID_DIGITS ||
            (from > line && is_word(from[-1])))
            continue;
        char *rest = to + strspn(to, " ");
        rest = *rest == '.' ? rest : to;
        memcpy(from, digits, GUID_DIGITS);
        memmove(from + GUID_DIGITS, rest, (size_t)(end - rest) + 1);
        out->len -= (size_t)(rest - from) - GUID_DIGITS;
        end = out->text + out->len;
        at = from + GUID_DIGITS - 1;
    }
}

/* The lines that are left to read. */
struct reader {
    const char *at, *end;
    size_t number; /* of the line at `at` */
};

static struct span next_span(struct reader *r, size_t *number)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at != '\n' && *r->at != SOFT_END)
        r->at++;
    struct span line = {from, (size_t)(r->at - from)};
    *number = r->number;
    r->number += r->at < r->end && *r->at == '\n';
    r->at += r->at < r->end;
    while (line.len && strchr(" \t", line.at[line.len - 1]))
        line.len--;
    return line;
}

/* Adds the lines that continue the one at out->text + start. */
static void add_continuations(struct str *out, size_t start, struct reader *r)
{
    for (int joined = 0; joined < MAX_JOINS && r->at < r->end; joined++) {
        struct reader ahead = *r;
        struct join how;
        size_t number;
        struct span next = trim(next_span(&ahead, &number));
        if (!joins((struct span){str_text(out) + start, out->len - start}, next, &how))
            break;
        out->len -= how.drop;
        str_add(out, how.glue);
        str_addn(out, next.at, next.len);
        *r = ahead;
    }
}

static size_t count_lines(const struct str *text)
{
    size_t count = 1;
    for (size_t i = 0; i < text->len; i++)
        count += text->text[i] == '\n' || text->text[i] == SOFT_END;
    return count;
}

/* A channel put a blank line behind every line: one of them goes. */
static void close_lines(struct page *page)
{
    size_t filled = 0, pairs = 0, to = 0;
    for (size_t i = 0; i < page->count; i++) {
        filled += page->lines[i].len > 0;
        pairs += i && page->lines[i].len && page->lines[i - 1].len;
    }
    if (filled < 6 || pairs * 20 > filled)
        return;
    for (size_t i = 0; i < page->count; i++)
        if (page->lines[i].len || !i || !page->lines[i - 1].len)
            page->lines[to++] = page->lines[i];
    page->count = to;
}

void unwrap(const struct str *text, struct page *out)
{
    struct reader r = {str_text(text), str_text(text) + text->len, 1};
    out->lines = mem_zero(count_lines(text), sizeof *out->lines);
    size_t *starts = mem_zero(count_lines(text), sizeof *starts);
    char before = '\n';
    while (r.at < r.end) {
        struct line *line = &out->lines[out->count];
        struct span span = next_span(&r, &line->number);
        char behind = r.at[-1];
        bool mixed = !span.len && before != behind && r.at < r.end;
        before = behind;
        if (mixed) /* "</p>" at the end of a line is no paragraph's end */
            continue;
        size_t start = starts[out->count++] = out->text.len;
        str_addn(&out->text, span.at, span.len);
        if (span.len && memchr(span.at, '-', span.len))
            close_gaps(&out->text, start);
        add_continuations(&out->text, start, &r);
        line->len = out->text.len - start;
        str_addc(&out->text, '\0');
    }
    for (size_t i = 0; i < out->count; i++)
        out->lines[i].text = out->text.text + starts[i];
    close_lines(out);
    free(starts);
}
