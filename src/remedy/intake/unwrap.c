/* Mail clients and 80-column consoles break GUIDs, GUID-based names and DNs over two lines. A line
 * is joined to the next only where both halves together make one of these; anything else stays as
 * it is. Only the tail of a line is looked at, so time stays linear. The text becomes a page of
 * lines here, each with its number in the paste. */
#include "src/remedy/intake/tokens.h"
#include "src/remedy/intake/undress.h"

#include "src/base/mem.h"
#include "src/base/pattern.h"

#include <stdio.h>
#include <string.h>

enum { TAIL = 1024, MAX_JOINS = 6, MAX_BLANK = 2, GUID_DIGITS = 36 };

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
#define GUID "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
#define MSDCS GUID "\\._msdcs\\."
#define LONE "[a-z0-9.-]{1,63}$" /* a word and nothing else, as the end of a host name would be */
#define BYTE "(0x)?[0-9a-f]{2}"

/* Of both halves, the end of the one and the other. */
static struct pattern guid = {.text = GUID "([^a-z0-9-]|$)"};
static struct pattern msdcs = {.text = MSDCS};
static struct pattern guid_bytes = {.text = ".*GUID[^:=]*[:=][ \t:='\"{[(]*" BYTE "( *[ :,-] *" BYTE
                                            "){15}$"};
/* With a line end between the halves. */
static struct pattern forest = {.text = MSDCS "(\n" LONE "|[a-z0-9-]+\n[a-z0-9-]*\\." LONE ")"};
/* Of the second half. */
static struct pattern domain = {.text = "\\.[a-z0-9-]" LONE};
static struct pattern mark = {.text = "(DEL|CNF):" GUID};
static struct pattern rdn = {.text = "(CN|OU|DC)="};
/* Of the last RDNs of the first, a line end, and the second. */
#define VALUE "([^],;=\"<>|\t\n\\\\]|\\\\.)++"
#define PLAIN_VALUE "(([^], ;=\"<>|\t\n\\\\]|\\\\.)++|NTDS( S[a-z]*)?)"
#define MORE "([^:=\n]|(DEL|CNF):)*="
static struct pattern comma = {.text = "..=" VALUE ",[ \t]*([a-z0-9-]*=?\n" MORE "|DC=\n" LONE ")"};
static struct pattern cut_short = {.text = "(CN|OU)=" PLAIN_VALUE "\n" MORE};
#define COMPONENT "DC=[^], ;=\"<>|.\t\n]+"
static struct pattern whole = {.text = COMPONENT "\n(,|[a-z0-9-]+,DC=)"};
static struct pattern component = {.text = COMPONENT "$"};
/* with a raw newline in its name */
static struct pattern tombstone = {.text = "(CN|OU)=" VALUE "\n(DEL|CNF):" GUID};

static bool fits(struct pattern *pattern, struct slice s)
{
    return pattern_length(pattern, s.at, s.len) > 0;
}

/* The pattern fits the last `run` characters of a, with b behind them. */
static bool fits_both(struct pattern *pattern, struct slice a, size_t run, const char *glue,
                      struct slice b)
{
    char both[2 * TAIL];
    snprintf(both, sizeof both, "%.*s%s%.*s", (int)run, a.at + a.len - run, glue, (int)b.len, b.at);
    return pattern_length(pattern, both, strlen(both)) > 0;
}

/* How many of the last characters are among these, up to TAIL. */
static size_t run_length(struct slice s, const char *set)
{
    size_t run = 0;
    while (run < s.len && run < TAIL && strchr(set, s.at[s.len - 1 - run]))
        run++;
    return run;
}

static bool ends_with(struct slice s, const char *end)
{
    size_t len = strlen(end);
    return s.len >= len && str_starts_case(s.at + s.len - len, end);
}

/* "<guid>" + "._msdcs.contoso.com", broken anywhere; ".com" below a word. */
static bool joins_name(struct slice a, struct slice b)
{
    size_t run = run_length(a, WORD), name = run_length(a, WORD "._");
    if (run > 0 && run < GUID_DIGITS && run + b.len >= GUID_DIGITS &&
        fits_both(&guid, a, run, "", b))
        return true;
    bool half = name < GUID_DIGITS + strlen("._msdcs."); /* it ends before or within the mark */
    if (name >= GUID_DIGITS &&
        (half ? strchr("._msdcMSDC", *b.at) && fits_both(&msdcs, a, name, "", b)
              : fits_both(&forest, a, name, "\n", b)))
        return true;
    return run > 0 && *b.at == '.' && fits(&domain, b);
}

/* What goes on behind the last RDN, or behind the last but one with a comma. */
static bool joins_dn(struct slice a, struct slice b, const char **glue)
{
    for (size_t at = a.len, seen = 0; at-- > 0 && a.len - at < TAIL && seen < 2;) {
        if (at + 2 >= a.len || a.at[at + 2] != '=' || (at && strchr(WORD, a.at[at - 1])) ||
            !fits(&rdn, (struct slice){a.at + at, 3}))
            continue;
        seen++;
        if (fits_both(&tombstone, a, a.len - at, "\n", b)) {
            *glue = ends_with(a, "\\0A") ? "" : "\\0A";
            return true;
        }
        *glue = ends_with(a, "NTDS") && str_starts_case(b.at, "Settings") ? " " : "";
        if (fits_both(&comma, a, a.len - at, "\n", b) ||
            fits_both(&whole, a, a.len - at, "\n", b) ||
            (fits_both(&cut_short, a, a.len - at, "\n", b) && !fits(&rdn, b)))
            return true;
        if (fits(&component, (struct slice){a.at + at, a.len - at}) && a.len >= 60 && b.len <= 10 &&
            strspn(b.at, "abcdefghijklmnopqrstuvwxyz") >= b.len) /* "com" below a long line */
            return true;
    }
    return false;
}

/* Whether a goes on in b, and with what between them. */
static bool joins(struct slice a, struct slice b, const char **glue)
{
    *glue = "";
    if (a.len == 0 || b.len == 0 || (unsigned char)*a.at < ' ' || (unsigned char)*b.at < ' ')
        return false;
    if (joins_name(a, b) || joins_dn(a, b, glue))
        return true;
    *glue = "\\0A"; /* "Site\OLDDC" above "DEL:<guid> (deleted DSA) via RPC" */
    if (a.len < 200 && b.len > GUID_DIGITS && memchr(a.at, '\\', a.len) && fits(&mark, b))
        return true;
    *glue = " "; /* "objectGUID: 9b 7f ab 3d e7 92 91 43", then the other half */
    return b.len <= 120 && a.len < TAIL && a.len + b.len > GUID_DIGITS &&
           strchr("0123456789abcdefABCDEF", *b.at) && fits_both(&guid_bytes, a, a.len, " ", b);
}

/* Adds a line without the blanks within a GUID, as a screenshot's reader puts them:
 * "9531985d - 5d9d - 49f8 - 9818 - e811892f902b ._msdcs". */
static void add_line(struct str *out, struct slice line)
{
    static struct pattern gaps = {.text = "[0-9a-f]{8}( *- *[0-9a-f]{4}){3} *- *[0-9a-f]{12}"
                                          "( +\\.)?"};
    const char *done = line.at, *end = line.at + line.len, *at = done;
    for (; (at = memchr(at, '-', (size_t)(end - at))); at++) {
        const char *from = at;
        while (from > done && from[-1] == ' ')
            from--;
        if ((from == at && at[1] != ' ') || from - done < 8)
            continue;
        from -= 8;
        size_t len = pattern_length(&gaps, from, end - from < 80 ? (size_t)(end - from) : 80);
        if (!len || (from > line.at && strchr(WORD, from[-1])))
            continue;
        str_addn(out, done, (size_t)(from - done));
        for (done = from + len; from < done; from++)
            if (*from != ' ')
                str_addc(out, *from);
        at = done - 1;
    }
    str_addn(out, done, (size_t)(end - done));
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

static struct slice without_end_blanks(struct slice line)
{
    while (line.len && strchr(" \t", line.at[line.len - 1]))
        line.len--;
    return line;
}

/* Adds the lines that continue the one at out->text + start; true: one, it is at *end. */
static bool add_continuation(struct str *out, size_t start, struct slice *rest, const char **end)
{
    struct slice ahead = *rest, line, a = {out->text + start, out->len - start};
    const char *glue;
    if (!next_line(&ahead, &line))
        return false;
    struct slice b = without_end_blanks(line);
    for (; b.len && strchr(" \t", *b.at); b.len--)
        b.at++;
    if (!joins(a, b, &glue))
        return false;
    str_add(out, glue);
    str_addn(out, b.at, b.len);
    *end = line.at + line.len;
    *rest = ahead;
    return true;
}

void unwrap(const struct str *text, struct page *out)
{
    struct slice rest = {str_text(text), text->len}, span;
    size_t number = 1, blank = 0;
    char before = '\n';
    while (next_line(&rest, &span)) {
        const char *end = span.at + span.len;
        struct line line = {.number = number};
        number += *end == '\n';
        span = without_end_blanks(span);
        bool mixed = before != *end && rest.len; /* "</p>" at a line's end ends no paragraph */
        before = *end;
        blank = span.len ? 0 : blank + 1;
        if (!span.len && (mixed || blank > MAX_BLANK))
            continue;
        size_t start = out->text.len;
        add_line(&out->text, span);
        for (int k = 0; k < MAX_JOINS && add_continuation(&out->text, start, &rest, &end); k++) {
            number += *end == '\n';
            before = *end;
        }
        line.len = out->text.len - start;
        str_addc(&out->text, '\0');
        *(struct line *)MEM_PUSH(out->lines, out->count) = line;
    }
    const char *at = str_text(&out->text);
    for (size_t i = 0; i < out->count; at += out->lines[i++].len + 1)
        out->lines[i].text = at;
    close_lines(out);
}
