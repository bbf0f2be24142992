/* What stands in front of every line: quote marks, a table's bar around a text that is no table, a
 * diff's sign, line numbers, a log's time stamp with what it repeats behind it (host, program).
 * It goes only where nearly all lines have it, so that a column of a table stays. */
#include "src/remedy/intake/undress.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PREFIX = 160, MIN_LINES = 3 };

struct span {
    const char *at;
    size_t len;
};

static bool next_line(struct span *rest, struct span *out, char *end)
{
    if (rest->len == 0)
        return false;
    size_t len = 0;
    while (len < rest->len && rest->at[len] != '\n' && rest->at[len] != SOFT_END)
        len++;
    *out = (struct span){rest->at, len};
    *end = len < rest->len ? rest->at[len] : '\0';
    len += len < rest->len;
    *rest = (struct span){rest->at + len, rest->len - len};
    return true;
}

static size_t blanks(struct span s)
{
    size_t len = 0;
    while (len < s.len && (s.at[len] == ' ' || s.at[len] == '\t'))
        len++;
    return len;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "> > ": quote marks of mail and Markdown; "><System>" is the end of a tag. */
static size_t quote_length(struct span line)
{
    size_t at = 0, behind = 0;
    while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t' || line.at[at] == '>')) {
        if (line.at[at] == '>')
            behind = at + 1;
        at++;
    }
    return behind < line.len && behind && line.at[behind] == '<' ? 0 : behind;
}

/* "| text", "| text |", "+-----+": bars around a text that is no table. */
static size_t bar_length(struct span line)
{
    size_t at = blanks(line), end = line.len;
    while (end > at && strchr(" \t", line.at[end - 1]))
        end--;
    if (at == end || !strchr("|+", line.at[at]))
        return 0;
    if (line.at[at] == '+')
        return line.at[end - 1] == '+' && end - at > 4 ? end : 0;
    end -= end > at + 1 && line.at[end - 1] == '|';
    return memchr(line.at + at + 1, '|', end - at - 1) ? 0 : at + 1;
}

static size_t sign_length(struct span line)
{
    return line.len && strchr("+#", line.at[0]) ? 1 : 0;
}

/* The shape of a time stamp: words of digits with ':', '-', '/', '.', 'T', 'Z'; a month or a day
 * in letters. At least one "99:99" is in it. */
static size_t stamp_length(struct span line)
{
    size_t at = blanks(line), end = 0;
    bool clock = false, months = false;
    for (int words = 0; words < 6 && at < line.len && at < 48; words++) {
        size_t from = at, digits = 0, letters = 0;
        bool time = false;
        for (; at < line.len && !strchr(" \t", line.at[at]); at++) {
            digits += is_digit(line.at[at]);
            letters += ((line.at[at] | 0x20) >= 'a' && (line.at[at] | 0x20) <= 'z');
            time = time || (at > from && at + 1 < line.len && line.at[at] == ':' &&
                            is_digit(line.at[at - 1]) && is_digit(line.at[at + 1]));
            if (!is_digit(line.at[at]) && !strchr(":-/.,+[]()<>TZ", line.at[at]) && letters > 3)
                return clock ? end : 0;
        }
        bool part = (digits && letters <= (time ? 3U : 1U) && (!clock || time || months)) ||
                    (!digits && letters == 3 && !clock) || (clock && !digits && letters == 2);
        if (!part)
            break;
        clock = clock || time;
        at += blanks((struct span){line.at + at, line.len - at});
        if (clock)
            end = at;
        if (clock && !time && digits)
            break;
        months = months || (!digits && letters == 3);
    }
    return clock ? end : 0;
}

static bool is_level(const char *word, size_t len)
{
    static const char *const levels[] = {"INFO", "WARN",  "WARNING", "ERROR",       "DEBUG", "ERR",
                                         "CRIT", "FATAL", "NOTICE",  "INFORMATION", "TRACE"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (len == strlen(levels[i]) && strncasecmp(word, levels[i], len) == 0)
            return true;
    return false;
}

/* The stamp and a level behind it. */
static size_t log_length(struct span line)
{
    size_t at = stamp_length(line);
    if (!at)
        return 0;
    size_t from = at + (at < line.len && strchr("[<", line.at[at])), end = from;
    while (end < line.len && (line.at[end] | 0x20) >= 'a' && (line.at[end] | 0x20) <= 'z')
        end++;
    if (!is_level(line.at + from, end - from))
        return at;
    end += end < line.len && strchr("]>:", line.at[end]);
    return end + blanks((struct span){line.at + end, line.len - end});
}

/* "  12  ", "12: ", "report.txt:12:" */
static size_t number_length(struct span line)
{
    size_t at = blanks(line), digits = 0, file = at;
    while (file < line.len && !strchr(" :\t", line.at[file]))
        file++;
    if (file < line.len && line.at[file] == ':' && memchr(line.at + at, '.', file - at))
        at = file + 1; /* grep's */
    while (at + digits < line.len && is_digit(line.at[at + digits]))
        digits++;
    at += digits;
    if (!digits || digits > 6)
        return 0;
    size_t mark = at < line.len && strchr(":.|)", line.at[at]) ? 1 : 0;
    size_t space = blanks((struct span){line.at + at + mark, line.len - at - mark});
    bool grep = file + 1 < at && mark;
    return space || grep || (mark && at + mark == line.len) ? at + mark + space : 0;
}

/* "kay  9:10 AM  text": what all lines have, when a time is in it. */
static size_t none_length(struct span line)
{
    return blanks(line) < line.len ? 1 : 0;
}

/* Line numbers count up. */
static bool counts_up(const struct str *text)
{
    struct span rest = {text->text, text->len}, line;
    long last = -1;
    char end;
    while (next_line(&rest, &line, &end)) {
        if (!number_length(line))
            continue;
        const char *colon = memchr(line.at, ':', number_length(line));
        bool file = colon && colon[1] >= '0' && colon[1] <= '9';
        long number = strtol(file ? colon + 1 : line.at, NULL, 10);
        if (last >= 0 && number <= last)
            return false;
        last = number;
    }
    return true;
}

typedef size_t measure(struct span line);

/* True when nearly all filled lines have the prefix. */
static bool is_shared(const struct str *text, measure *length)
{
    struct span rest = {text->text, text->len}, line;
    size_t lines = 0, with = 0;
    char end;
    while (next_line(&rest, &line, &end)) {
        if (blanks(line) == line.len)
            continue;
        lines++;
        with += length(line) > 0;
        if (lines > 40 && with * 2 < lines)
            return false;
    }
    return with >= MIN_LINES - (lines < MIN_LINES) && with * 10 >= lines * 9;
}

static void cut(struct str *text, measure *length, size_t more)
{
    struct span rest = {text->text, text->len}, line;
    char end, *to = text->text;
    while (next_line(&rest, &line, &end)) {
        size_t off = length(line);
        off += off && off + more <= line.len ? more : 0;
        memmove(to, line.at + off, line.len - off);
        to += line.len - off;
        if (length == bar_length && off < line.len && to[-1] == '|') /* a box's other side */
            to--;
        if (end)
            *to++ = end;
    }
    text->len = (size_t)(to - text->text);
    *to = '\0';
}

/* What all lines repeat behind the stamp, up to its last blank; digits count as one another. */
static size_t repeated(const struct str *text, measure *length)
{
    struct span rest = {text->text, text->len}, line, first = {NULL, 0};
    char end;
    size_t common = 0, lines = 0;
    while (next_line(&rest, &line, &end)) {
        size_t off = length(line), k = 0;
        if (!off)
            continue;
        struct span tail = {line.at + off, line.len - off};
        if (lines++ == 0) {
            first = tail;
            common = tail.len < MAX_PREFIX ? tail.len : MAX_PREFIX;
        }
        while (k < common && k < tail.len &&
               (tail.at[k] == first.at[k] || (is_digit(tail.at[k]) && is_digit(first.at[k]))))
            k++;
        common = k;
    }
    if (lines < MIN_LINES + 1 || memchr(first.at, '\t', common))
        return 0;
    while (common && !strchr(" ", first.at[common - 1]))
        common--;
    return common;
}

static bool has_clock(const struct str *text, size_t len)
{
    for (size_t i = 1; i + 1 < len && i + 1 < text->len; i++)
        if (text->text[i] == ':' && is_digit(text->text[i - 1]) && is_digit(text->text[i + 1]))
            return true;
    return false;
}

/* A unified diff: what was taken out is not there any more. */
static size_t diff_length(struct span line)
{
    return line.len == 0 ? 0 : line.at[0] == '-' || line.at[0] == '@' ? line.len : 1;
}

static bool is_diff(const struct str *text)
{
    return memmem(text->text, text->len, "\n@@ -", 5) != NULL;
}

bool strip_prefix(struct str *text)
{
    static measure *const kinds[] = {bar_length, sign_length, log_length, number_length};
    bool any = false;
    if (text->len && memchr(text->text, '>', text->len))
        cut(text, quote_length, 0);
    if (text->len && is_diff(text)) {
        cut(text, diff_length, 0);
        return true;
    }
    for (size_t i = 0; text->len && i < sizeof kinds / sizeof *kinds; i++) {
        if (!is_shared(text, kinds[i]) || (kinds[i] == number_length && !counts_up(text)))
            continue;
        cut(text, kinds[i], kinds[i] == log_length ? repeated(text, kinds[i]) : 0);
        any = true;
    }
    size_t common = text->len ? repeated(text, none_length) + 1 : 0;
    if (common > 8 && has_clock(text, common)) {
        cut(text, none_length, common - 1);
        any = true;
    }
    return any;
}
