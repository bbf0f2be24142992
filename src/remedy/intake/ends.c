/* Line ends that a channel lost: "\\n" written out in a log's value, and a report on one line. */
#include "src/remedy/intake/undress.h"

#include "src/base/pattern.h"

#include <string.h>

enum { LONG_LINE = 200 };

static size_t count(struct slice line, const char *what)
{
    size_t count = 0;
    for (const char *at = line.at, *end = at + line.len;
         (at = memmem(at, (size_t)(end - at), what, strlen(what))); at++)
        count++;
    return count;
}

static void add_line(struct str *out, struct slice line)
{
    static struct pattern escape = {.text = "(\\\\r)?\\\\n"};
    static struct pattern start = {
        .text = "(DSA (object GUID|invocationID|Options:)|Last (attempt|success) @|====|Source: |"
                "[^ ]*\\\\[^ ]* (via RPC|DSA Options))"};
    bool report = count(line, "DSA object GUID") >= 2, escapes = count(line, "\\n") >= 3;
    for (const char *at = line.at, *end = at + line.len; at < end; at++) {
        size_t room = (size_t)(end - at) < 128 ? (size_t)(end - at) : 128;
        size_t len = escapes && *at == '\\' ? pattern_length(&escape, at, room) : 0;
        if (len || (report && at > line.at && at[-1] == ' ' && pattern_length(&start, at, room)))
            str_addc(out, SOFT_END);
        if (len)
            at += len - 1;
        else
            str_addc(out, *at);
    }
}

bool restore_ends(const struct str *text, struct str *out)
{
    struct slice rest = {text->text, text->len}, line;
    while (next_line(&rest, &line)) {
        if (line.len > LONG_LINE && !strchr("{[", *line.at))
            add_line(out, line);
        else
            str_addn(out, line.at, line.len);
        if (line.at[line.len])
            str_addc(out, line.at[line.len]);
    }
    return out->len != text->len;
}
