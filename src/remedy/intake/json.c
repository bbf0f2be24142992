/* JSON -> lines: an object that stands alone or in a list is a document of "key: value" lines
 * between two marks, a list of strings is that many lines, "\n" in a string ends a line. Read by
 * hand and not by jansson, because a pasted document is often cut short, wrapped or several, and
 * because each line keeps the number it has in the paste. What cannot be read stays as it is. */
#include "src/remedy/intake/undress.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 24, MAX_KEY = 80, MAX_SCALAR = 40 };

struct json {
    const char *at, *end;
    struct str *out;
    char path[2 * MAX_KEY + 2]; /* "winlog.event_id": the key and the one above it */
    int documents;              /* that are open */
    bool any;                   /* a key or an item of a list was read */
};

static bool read_value(struct json *j, int depth, bool listed);

/* Line ends between tokens stay. */
static char skip_space(struct json *j)
{
    for (; j->at < j->end && strchr(" \t\n\v", *j->at) && *j->at; j->at++)
        if (*j->at == '\n')
            str_addc(j->out, '\n');
    return j->at < j->end ? *j->at : '\0';
}

static uint32_t read_hex(struct json *j)
{
    char digits[5] = "";
    if (j->end - j->at < 4)
        return ' ';
    memcpy(digits, j->at, 4);
    j->at += strspn(digits, "0123456789abcdefABCDEF");
    uint32_t rune = (uint32_t)strtoul(digits, NULL, 16);
    if (rune == '\n')
        return SOFT_END;
    return rune < 0x20 || (rune >= 0xD800 && rune <= 0xDFFF) ? ' ' : rune;
}

/* Behind a backslash. */
static void put_escaped(struct json *j)
{
    char c = j->at < j->end ? *j->at++ : '\\';
    if (c == 'n')
        str_addc(j->out, SOFT_END);
    else if (c == 't')
        str_addc(j->out, '\t');
    else if (c == 'u')
        text_add_rune(j->out, read_hex(j));
    else if (c != 'r' && c != 'b' && c != 'f')
        str_addc(j->out, c);
}

static bool read_string(struct json *j)
{
    char quote = *j->at++;
    while (j->at < j->end && *j->at != quote) {
        if (*j->at == '\\') {
            j->at++;
            put_escaped(j);
        } else {
            str_addc(j->out, *j->at++);
        }
    }
    bool whole = j->at < j->end;
    j->at += whole;
    return whole;
}

/* "key" and its colon; the path becomes "above.key". */
static bool read_key(struct json *j, size_t above)
{
    char quote = skip_space(j);
    if (quote != '"' && quote != '\'')
        return false;
    const char *key = j->at + 1;
    size_t room = (size_t)(j->end - key);
    const char *close = memchr(key, quote, room < MAX_KEY ? room : MAX_KEY);
    if (!close || memchr(key, '\n', (size_t)(close - key)))
        return false;
    size_t len = (size_t)(close - key);
    j->path[above] = '.';
    size_t at = above ? above + 1 : 0;
    memcpy(j->path + at, key, len);
    j->path[at + len] = '\0';
    j->at = close + 1;
    if (skip_space(j) != ':')
        return false;
    j->at++;
    return j->any = true;
}

static void put_label(struct json *j)
{
    str_addc(j->out, SOFT_END);
    str_add(j->out, j->path);
    str_add(j->out, ": ");
}

static void put_mark(struct json *j, char mark)
{
    str_addc(j->out, SOFT_END);
    str_addc(j->out, mark);
    str_add(j->out, mark == DOCUMENT ? j->path : "");
    str_addc(j->out, SOFT_END);
    j->documents += mark == DOCUMENT ? 1 : -1;
}

/* Only the last key of the path is kept for what stands below it. */
static size_t shorten_path(struct json *j)
{
    char *dot = strrchr(j->path, '.');
    if (dot)
        memmove(j->path, dot + 1, strlen(dot + 1) + 1);
    return strlen(j->path);
}

static bool read_members(struct json *j, int depth, char close)
{
    char saved[sizeof j->path];
    memcpy(saved, j->path, sizeof saved);
    size_t above = shorten_path(j);
    bool more = true;
    j->at++;
    for (char c = skip_space(j); more && c != close; c = skip_space(j)) {
        if (close == '}' && !read_key(j, above))
            return false;
        if (!read_value(j, depth + 1, close == ']'))
            return false;
        more = skip_space(j) == ',';
        j->at += more;
    }
    memcpy(j->path, saved, sizeof saved);
    if (skip_space(j) != close)
        return false;
    j->at++;
    return true;
}

static bool read_object(struct json *j, int depth, bool document)
{
    if (document)
        put_mark(j, DOCUMENT);
    if (!read_members(j, depth, '}'))
        return false;
    if (document)
        put_mark(j, DOCUMENT_END);
    return true;
}

/* A string of several lines. */
static bool has_lines(const char *at, const char *end)
{
    char quote = *at++;
    for (; at < end && *at != quote; at++)
        if (*at == '\\' && ++at < end && *at == 'n')
            return true;
    return false;
}

/* A report, or events with their ids, and not the text of one event. */
static bool holds_records(const char *at, const char *end)
{
    static const char *const marks[] = {
        "Event ID:", "EventID:", "EventCode",   "DSA object GUID",       " via RPC",
        "RPC\\n",    "RPC\\r",   "PartnerGuid", "LastReplicationResult", "Testing server"};
    char quote = *at;
    const char *close = at + 1;
    for (; close < end && *close != quote; close++)
        close += *close == '\\';
    close = close < end ? close : end;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (memmem(at, (size_t)(close - at), marks[i], strlen(marks[i])))
            return true;
    return false;
}

/* ["DC7.contoso.com"]: a value and no list. */
static bool is_lone_string(const char *at, const char *end)
{
    at++;
    while (at < end && strchr(" \t\n", *at))
        at++;
    if (at >= end || *at != '"')
        return false;
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    at++;
    while (at < end && strchr(" \t\n", *at))
        at++;
    return at < end && *at == ']';
}

static bool read_value(struct json *j, int depth, bool listed)
{
    char c = skip_space(j);
    if (depth > MAX_DEPTH)
        return false;
    if (c == '{')
        return read_object(j, depth, listed || depth == 0);
    if (c == '[' && is_lone_string(j->at, j->end)) {
        j->at++;
        bool read = read_value(j, depth + 1, false) && skip_space(j) == ']';
        j->at += read;
        return read;
    }
    if (c == '[')
        return read_members(j, depth, ']');
    if (listed)
        str_addc(j->out, SOFT_END);
    else
        put_label(j);
    if (c == '"' || c == '\'') {
        j->any = true;
        if (listed && j->at + 1 < j->end && j->at[1] == c)
            str_addc(j->out, SOFT_END); /* "": a blank line */
        bool lines = !listed && has_lines(j->at, j->end);
        if (lines) /* they begin where they began */
            str_addc(j->out, SOFT_END);
        if (!lines || !holds_records(j->at, j->end))
            return read_string(j);
        str_addf(j->out, "%c%c", TEXT, SOFT_END);
        bool whole = read_string(j);
        str_addf(j->out, "%c%c%c", SOFT_END, TEXT_END, SOFT_END);
        return whole;
    }
    size_t len = 0;
    while (len < MAX_SCALAR && j->at + len < j->end && !strchr(",]} \t\n\v", j->at[len]))
        len++;
    str_addn(j->out, j->at, len);
    j->at += len;
    return len > 0;
}

/* '{' or '[' that may begin a document: a quote or another bracket follows. */
static bool starts_document(const char *at, const char *end, bool first)
{
    const char *next = at + 1;
    while (next < end && strchr(" \t\n\v", *next) && *next)
        next++;
    if (next == end || (*at == '[' && !first))
        return false;
    return *at == '{' ? *next == '"' || *next == '\'' : strchr("{[\"", *next) && *next;
}

/* Reads the document at *at; what it holds is added to out. False: there is none, out unchanged. */
static bool take_document(const char **at, const char *end, struct str *out)
{
    size_t len = out->len;
    struct json j = {.at = *at, .end = end, .out = out};
    bool whole = read_value(&j, 0, false);
    if (!whole && !j.any) {
        out->len = len;
        if (out->text)
            out->text[len] = '\0';
        return false;
    }
    j.path[0] = '\0';
    while (j.documents > 0)
        put_mark(&j, DOCUMENT_END);
    str_addc(out, SOFT_END);
    *at = j.at;
    return true;
}

bool flatten_json(const struct str *text, struct str *out)
{
    const char *at = text->text, *end = at + text->len;
    bool any = false, first = true; /* first: only blanks stand before this in its line */
    while (at < end) {
        size_t plain = first ? 0 : strcspn(at, "{[\n\v");
        str_addn(out, at, plain);
        at += plain;
        if (at < end && strchr("{[", *at) && starts_document(at, end, first) &&
            take_document(&at, end, out)) {
            any = true;
        } else if (at < end) {
            first = strchr("\n\v", *at) || (first && strchr(" \t", *at));
            str_addc(out, *at++);
        }
    }
    return any;
}
