/* Lines, and the small things that several reports have in common: "label: value", "Site\Server"
 * and dates. Nothing here knows a language: a date is cut by its shape, not by the words behind it.
 */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

bool intake_next_line(struct intake_lines *lines, struct intake_line *out)
{
    if (lines->next >= lines->end)
        return false;
    out->text = lines->next;
    out->len = strlen(lines->next);
    out->number = ++lines->number;
    lines->next += out->len + 1;
    return true;
}

bool intake_blank(const char *text)
{
    return *intake_skip(text) == '\0';
}

bool intake_next_filled(struct intake_lines *lines, struct intake_line *out)
{
    while (intake_next_line(lines, out))
        if (!intake_blank(out->text))
            return true;
    return false;
}

const char *intake_skip(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

char *intake_value(const char *text)
{
    const char *colon = strchr(text, ':');
    if (!colon)
        return NULL;
    const char *from = colon + 1;
    from += strspn(from, " \t\"'");
    size_t len = strlen(from);
    while (len > 0 && strchr(" \t\"',", from[len - 1]))
        len--;
    return len ? mem_textn(from, len) : NULL;
}

static bool host_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
           c == '_';
}

bool intake_is_host(const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len > INTAKE_MAX_NAME || text[0] == '-' || text[0] == '.')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!host_char(text[i]) && (text[i] != '.' || text[i + 1] == '.'))
            return false;
    return true;
}

/* A site's name: anything but what would make it part of a path, a label or a placeholder. */
static size_t site_length(const char *text)
{
    size_t len = strcspn(text, "\\:<>|\"*?/=,[]\t");
    bool readable = !memmem(text, len, "\xEF\xBF\xBD", 3);
    return text[len] == '\\' && len <= 64 && len > 0 && readable ? len : 0;
}

bool intake_find_names(const char *text, struct intake_names *out)
{
    text = intake_skip(text);
    size_t len = site_length(text);
    if (len == 0)
        return false;
    const char *name = text + len;
    name += name[1] == '\\' ? 2 : 1;
    *out = (struct intake_names){.site = text, .site_len = len, .server = name};
    while (host_char(name[out->server_len]))
        out->server_len++;
    out->rest = name + out->server_len;
    return out->server_len > 0 && out->server_len <= 64 && name[0] != '-';
}

bool intake_site_server(const char *text, char **site, char **server, const char **rest)
{
    struct intake_names names;
    if (!intake_find_names(text, &names))
        return false;
    *site = mem_textn(names.site, names.site_len);
    *server = mem_textn(names.server, names.server_len);
    *rest = names.rest;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "17:35:46", "5:35" */
static bool has_time(const char *word, size_t len)
{
    for (size_t i = 1; i + 1 < len; i++)
        if (word[i] == ':' && is_digit(word[i - 1]) && is_digit(word[i + 1]))
            return true;
    return false;
}

/* What may follow a time in a date: "PM", "p.m.", "UTC", "2026". */
static bool follows_time(const char *word, size_t len)
{
    static const char *const marks[] = {"AM", "PM", "A.M.", "P.M."};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (len == strlen(marks[i]) && str_starts_case(word, marks[i]))
            return true;
    bool year = len == 4, zone = len >= 3 && len <= 5;
    for (size_t i = 0; i < len; i++) {
        year = year && is_digit(word[i]);
        zone = zone && word[i] >= 'A' && word[i] <= 'Z';
    }
    return year || zone;
}

char *intake_when(const char *text)
{
    const char *start = intake_skip(text), *end = NULL, *word = start;
    for (int words = 0; words < 12 && *word; words++) {
        size_t len = strcspn(word, " \t");
        bool goes_on = has_time(word, len) || (end && follows_time(word, len));
        if (end && !goes_on)
            break;
        if (goes_on)
            end = word + len;
        word = intake_skip(word + len);
    }
    while (end && end > start && strchr(".,;)", end[-1]) && end[-2] != 'm')
        end--;
    return end && end - start <= 64 ? mem_textn(start, (size_t)(end - start)) : NULL;
}

size_t intake_count_lines(const char *from, const char *to)
{
    size_t count = 0;
    while ((from = memchr(from, '\n', (size_t)(to - from)))) {
        count++;
        from++;
    }
    return count;
}

void intake_blank_out(char *from, const char *to)
{
    for (; from < to; from++)
        if (*from != '\n')
            *from = ' ';
}

long intake_number(const char *text)
{
    text = intake_skip(text);
    return strtol(text, NULL, text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10);
}
