/* JSON -> lines: an object that stands alone or in a list is a document of "key: value" lines
 * between two marks, a list of strings is that many lines, "\n" in a string ends a line. Read by
 * hand and not by jansson, because a pasted document is often cut short, wrapped or several, and
 * because each line keeps the number it has in the paste. What cannot be read stays as it is. */
#include "src/remedy/intake/undress.h"

#include "src/base/pattern.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 24, MAX_KEY = 80, MAX_SCALAR = 40 };

struct json {
    const char *at;
    struct str *out;
    char path[2 * MAX_KEY + 2]; /* "winlog.event_id": the key and the one above it */
    int documents;              /* that are open */
    bool any;                   /* a key or an item of a list was read */
};

static bool read_value(struct json *j, int depth, bool listed);

/* Line ends between tokens stay. */
static char skip_space(struct json *j)
{
    for (; *j->at && strchr(" \t\n\v", *j->at); j->at++)
        if (*j->at == '\n')
            str_addc(j->out, '\n');
    return *j->at;
}

/* Behind a backslash. */
static void read_escaped(struct json *j, struct str *value)
{
    char c = *j->at ? *j->at++ : '\\', digits[5] = "";
    if (c == 'u') {
        memcpy(digits, j->at, strnlen(j->at, 4));
        j->at += strspn(digits, "0123456789abcdefABCDEF");
        uint32_t rune = (uint32_t)strtoul(digits, NULL, 16);
        bool plain = rune >= 0x20 && (rune < 0xD800 || rune > 0xDFFF);
        text_add_rune(value, rune == '\n' ? SOFT_END : plain ? rune : ' ');
    } else if (!strchr("rbf", c)) {
        str_addc(value, c == 'n' ? SOFT_END : c == 't' ? '\t' : c);
    }
}

static bool read_string(struct json *j, struct str *value)
{
    char quote[] = {*j->at++, '\\', '\0'};
    for (;;) {
        size_t len = strcspn(j->at, quote);
        str_addn(value, j->at, len);
        j->at += len;
        if (*j->at != '\\')
            return *j->at && *j->at++;
        j->at++;
        read_escaped(j, value);
    }
}

/* "key" and its colon; the path becomes "above.key". */
static bool read_key(struct json *j, size_t above)
{
    static struct pattern key = {.text = "(\"[^\"\n]{0,79}\"|'[^'\n]{0,79}')"};
    skip_space(j);
    size_t len = pattern_length(&key, j->at, strnlen(j->at, MAX_KEY + 2));
    if (!len)
        return false;
    j->path[above] = '.';
    size_t at = above ? above + 1 : 0;
    memcpy(j->path + at, j->at + 1, len - 2);
    j->path[at + len - 2] = '\0';
    j->at += len;
    if (skip_space(j) != ':')
        return false;
    j->at++;
    return j->any = true;
}

static void put_mark(struct json *j, char mark)
{
    str_addf(j->out, "\v%c%s\v", mark, mark == DOCUMENT ? j->path : "");
    j->documents += mark == DOCUMENT ? 1 : -1;
}

static bool read_members(struct json *j, int depth, char close)
{
    char saved[sizeof j->path], *dot = strrchr(j->path, '.');
    memcpy(saved, j->path, sizeof saved);
    if (dot) /* only the last key is kept for what stands below it */
        memmove(j->path, dot + 1, strlen(dot + 1) + 1);
    size_t above = strlen(j->path);
    bool more = true;
    j->at++;
    while (more && skip_space(j) != close) {
        if ((close == '}' && !read_key(j, above)) || !read_value(j, depth + 1, close == ']'))
            return false;
        more = skip_space(j) == ',';
        j->at += more;
    }
    memcpy(j->path, saved, sizeof saved);
    return skip_space(j) == close && *j->at++;
}

/* A string of several lines begins where it began. One that holds a report, or events with their
 * ids, and not the text of one event, is a text of its own. */
static void put_string(struct json *j, bool listed, const char *value)
{
    static const char *const marks[] = {
        "Event ID:", "EventID:", "EventCode",   "RPC\v",          "DSA object GUID",
        " via RPC",  "RPC\n",    "PartnerGuid", "Testing server", "LastReplicationResult"};
    bool lines = !listed && strchr(value, SOFT_END), records = false;
    for (size_t i = 0; lines && i < sizeof marks / sizeof *marks; i++)
        records = records || strstr(value, marks[i]);
    str_add(j->out, lines || (listed && !*value) ? "\v" : ""); /* listed: a blank line */
    if (records)
        str_addf(j->out, "%c\v%s\v%c\v", TEXT, value, TEXT_END);
    else
        str_add(j->out, value);
}

static bool read_value(struct json *j, int depth, bool listed)
{
    /* ["DC7.contoso.com"]: a value and no list */
    static struct pattern lone = {.text = "\\[[ \t\n]*\"([^\"\\\\]|\\\\.)*+\"[ \t\n]*]"};
    char c = skip_space(j);
    if (depth > MAX_DEPTH)
        return false;
    if (c == '{') {
        bool document = listed || depth == 0;
        if (document)
            put_mark(j, DOCUMENT);
        if (!read_members(j, depth, '}'))
            return false;
        if (document)
            put_mark(j, DOCUMENT_END);
        return true;
    }
    if (c == '[' && pattern_length(&lone, j->at, strnlen(j->at, 512))) {
        j->at++;
        return read_value(j, depth + 1, false) && skip_space(j) == ']' && *j->at++;
    }
    if (c == '[')
        return read_members(j, depth, ']');
    str_addf(j->out, "\v%s%s", listed ? "" : j->path, listed ? "" : ": ");
    if (c != '"' && c != '\'') {
        size_t len = strcspn(j->at, ",]} \t\n\v");
        len = len < MAX_SCALAR ? len : MAX_SCALAR;
        str_addn(j->out, j->at, len);
        j->at += len;
        return len > 0;
    }
    struct str value = STR_INIT;
    j->any = true;
    bool whole = read_string(j, &value);
    put_string(j, listed, str_text(&value));
    str_release(&value);
    return whole;
}

bool flatten_json(const struct str *text, struct str *out)
{
    static struct pattern object = {.text = "\\{[ \t\n\v]*[\"']"};
    static struct pattern list = {.text = "\\[[ \t\n\v]*[[{\"]"};
    bool any = false, first = true; /* first: only blanks stand before this in its line */
    for (const char *at = text->text; *at;) {
        size_t plain = first ? 0 : strcspn(at, "{[\n\v");
        str_addn(out, at, plain);
        at += plain;
        struct json j = {.at = at, .out = out};
        size_t len = out->len;
        bool starts = (*at == '{' && pattern_length(&object, at, strnlen(at, 256))) ||
                      (*at == '[' && first && pattern_length(&list, at, strnlen(at, 256)));
        if (starts && (read_value(&j, 0, false) || j.any)) {
            while (j.documents > 0)
                put_mark(&j, DOCUMENT_END);
            str_addc(out, SOFT_END);
            at = j.at;
            any = true;
        } else if (*at) { /* there is none: what was read of it stays as it is */
            out->len = len;
            first = strchr("\n\v", *at) || (first && strchr(" \t", *at));
            str_addc(out, *at++);
        }
    }
    return any;
}
