/* Line ends that a channel lost: "\\n" written out in a log's value, and a report on one line. */
#include "src/remedy/intake/undress.h"

#include <string.h>

enum { LONG_LINE = 200 };

/* In front of these a report's line begins. */
static bool starts_line(const char *at)
{
    static const char *const marks[] = {
        "DSA object GUID", "DSA invocationID", "DSA Options:", "Last attempt @", "====",
        "Last success @",  "Source: "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(at, marks[i], strlen(marks[i])) == 0)
            return true;
    return false;
}

/* "Site\\Server via RPC". */
static bool starts_partner(const char *at, const char *end)
{
    size_t word = strcspn(at, " \n\v");
    return at + word < end && memchr(at, '\\', word) &&
           (strncmp(at + word, " via RPC", 8) == 0 || strncmp(at + word, " DSA Options", 12) == 0);
}

static bool is_escape(const char *at)
{
    return at[0] == '\\' && (at[1] == 'n' || (at[1] == 'r' && at[2] == '\\' && at[3] == 'n'));
}

static size_t count_marks(const char *line, const char *end, size_t *escapes)
{
    size_t marks = 0;
    for (const char *at = line; at < end; at++) {
        marks += *at == 'D' && strncmp(at, "DSA object GUID", 15) == 0;
        *escapes += is_escape(at);
    }
    return marks;
}

static void put_line(struct str *out, const char *line, const char *end)
{
    size_t escapes = 0;
    bool report = count_marks(line, end, &escapes) >= 2;
    for (const char *at = line; at < end; at++) {
        bool word = at == line || at[-1] == ' ';
        if (escapes >= 3 && is_escape(at)) {
            str_addc(out, SOFT_END);
            at += at[1] == 'r' ? 3 : 1;
            continue;
        }
        if (report && word && at > line && (starts_line(at) || starts_partner(at, end)))
            str_addc(out, SOFT_END);
        str_addc(out, *at);
    }
}

bool restore_ends(const struct str *text, struct str *out)
{
    struct slice rest = {text->text, text->len}, line;
    while (next_line(&rest, &line)) {
        if (line.len > LONG_LINE && !strchr("{[", *line.at))
            put_line(out, line.at, line.at + line.len);
        else
            str_addn(out, line.at, line.len);
        if (line.at[line.len])
            str_addc(out, line.at[line.len]);
    }
    return out->len != text->len;
}
