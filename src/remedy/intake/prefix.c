/* What stands in front of every line: quote marks, a table's bar around a text that is no table, a
 * diff's sign, line numbers, a log's time stamp with what it repeats behind it (host, program).
 * It goes only where nearly all lines have it, so that a column of a table stays. */
#include "src/remedy/intake/undress.h"

#include "src/base/pattern.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PREFIX = 160, MIN_LINES = 3 };

#define BLANKS "[ \t]+"
#define MARKS "[]['\"0-9:/.,+()<>Z-]*"
#define DAY "(" MARKS "[a-z]?|\"?[a-z]{3}[,.]?)" BLANKS
#define CLOCK MARKS "([a-z]{3}/|T)?" MARKS "[0-9]:[0-9]" MARKS "([a-z]{3}" MARKS ")?" BLANKS
#define LEVEL                                                                                      \
    "([[<]?(info(rmation)?|warn(ing)?|error|debug|err|crit|fatal|notice|trace)"                    \
    "([]>:][ \t]*|" BLANKS "|$))?"

struct kind {
    struct pattern pattern;
    bool counts; /* only where it counts up */
    bool log;    /* what is repeated behind it goes too */
};
static struct kind filled;
static struct kind quote = {.pattern.text = "[ \t>]*>"}; /* "> > " of mail and Markdown */
static struct kind diff = {.pattern.text = "([-@].*|.)"};
static struct kind shared[] = {
    {.pattern.text = "[ \t]*(\\|[^|]*\\|?|\\+.*..\\+)[ \t]*$"}, /* first: a bar */
    {.pattern.text = "[+#]"},
    {.pattern.text = "[ \t]*(" DAY "){0,4}" CLOCK "([a-z]{2}" BLANKS ")?" LEVEL, .log = true},
    {.pattern.text = "[ \t]*(?|[^ :\t]*[.][^ :\t]*:([0-9]{1,6})[:.|)][ \t]*|"
                     "([0-9]{1,6})(?:[:.|)]?" BLANKS "|[:.|)]$))",
     .counts = true},
};
enum { SHARED = sizeof shared / sizeof *shared };

static size_t prefix_length(struct slice line, struct kind *kind)
{
    size_t blanks = strspn(line.at, " \t");
    if (kind == &filled)
        return blanks < line.len ? blanks + 1 : 0;
    size_t len = line.len ? pattern_length(&kind->pattern, line.at, line.len) : 0;
    if (kind == &quote && line.at[len] == '<') /* "><System>": the end of a tag */
        return 0;
    const char *bar = kind == &shared[0] ? memchr(line.at, '|', len) : NULL;
    return bar ? (size_t)(bar - line.at) + 1 : len;
}

/* True when nearly all filled lines have the prefix. */
static bool is_shared(const struct str *text, struct kind *kind)
{
    struct slice rest = {str_text(text), text->len}, line, count;
    size_t lines = 0, with = 0;
    long last = -1;
    while (next_line(&rest, &line)) {
        if (!prefix_length(line, &filled))
            continue;
        size_t len = prefix_length(line, kind);
        lines++;
        with += len > 0;
        if (lines > 40 && with * 2 < lines)
            return false;
        if (!len || !kind->counts)
            continue;
        pattern_parts(&kind->pattern, line.at, line.len, &count, 1);
        long number = strtol(count.at, NULL, 10);
        if (number <= last)
            return false;
        last = number;
    }
    return with >= MIN_LINES - (lines < MIN_LINES) && with * 10 >= lines * 9;
}

/* What all lines repeat behind the prefix, up to its last blank; digits count as one another. */
static size_t repeated(const struct str *text, struct kind *kind, struct slice *first)
{
    struct slice rest = {str_text(text), text->len}, line;
    size_t lines = 0;
    *first = (struct slice){NULL, 0};
    while (next_line(&rest, &line)) {
        size_t off = prefix_length(line, kind), k = 0;
        if (!off)
            continue;
        if (lines++ == 0)
            *first = (struct slice){line.at + off, line.len - off};
        for (const char *at = line.at + off; k < first->len && k < line.len - off; k++)
            if (at[k] != first->at[k] && !(is_digit(at[k]) && is_digit(first->at[k])))
                break;
        first->len = k < MAX_PREFIX ? k : MAX_PREFIX;
        if (!k)
            return 0;
    }
    if (lines <= MIN_LINES || memchr(first->at, '\t', first->len))
        return 0;
    while (first->len && first->at[first->len - 1] != ' ')
        first->len--;
    return first->len;
}

static void cut(struct str *text, struct kind *kind, size_t more)
{
    struct slice rest = {str_text(text), text->len}, line;
    char *to = text->text;
    while (next_line(&rest, &line)) {
        char end = line.at[line.len];
        size_t off = prefix_length(line, kind);
        off += off && off + more <= line.len ? more : 0;
        memmove(to, line.at + off, line.len - off);
        to += line.len - off;
        if (kind == &shared[0] && off && off < line.len && to[-1] == '|') /* a box's other side */
            to--;
        if (end)
            *to++ = end;
    }
    text->len = (size_t)(to - text->text);
    *to = '\0';
}

bool strip_prefix(struct str *text)
{
    static struct pattern clock = {.text = ".*[0-9]:[0-9]"};
    struct slice first;
    bool any = false;
    if (strchr(str_text(text), '>'))
        cut(text, &quote, 0);
    if (strstr(str_text(text), "\n@@ -")) { /* what a diff took out is not there any more */
        cut(text, &diff, 0);
        return true;
    }
    for (size_t i = 0; i < SHARED; i++) {
        if (!is_shared(text, &shared[i]))
            continue;
        cut(text, &shared[i], shared[i].log ? repeated(text, &shared[i], &first) : 0);
        any = true;
    }
    size_t common = repeated(text, &filled, &first);
    if (common > 7 && pattern_length(&clock, first.at, first.len)) {
        cut(text, &filled, common);
        any = true;
    }
    return any;
}
