/* A GUID as the 16 bytes that travel: "9b 7f ab 3d ...", as dumpers, ADSI Edit and
 * BitConverter.ToString print an objectGUID. Only a label tells such bytes from any others. */
#include "src/remedy/intake/tokens.h"

#include "src/base/str.h"

#include <string.h>

enum { BYTES = 16 };

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* What parts two bytes: one of " :,-", and spaces. */
static const char *skip_separator(const char *at)
{
    const char *from = at;
    for (int i = 0; i < 4 && *at == ' '; i++)
        at++;
    if (*at && strchr(":,-", *at))
        at++;
    for (int i = 0; i < 4 && *at == ' '; i++)
        at++;
    return at > from ? at : NULL;
}

/* "9b", "0x9b": what stands behind it; NULL when there is none. */
static const char *read_byte(const char *at, char *digits)
{
    at += at[0] == '0' && (at[1] | 0x20) == 'x' ? 2 : 0;
    if (!is_hex(at[0]) || !is_hex(at[1]) || is_word(at[2]))
        return NULL;
    digits[0] = at[0];
    digits[1] = at[1];
    return at + 2;
}

size_t read_guid_bytes(const char *text, struct guid *out)
{
    char digits[2 * BYTES + 1] = "", more[2];
    const char *at = text;
    for (int i = 0; i < BYTES && at; i++) {
        at = i > 0 ? skip_separator(at) : at;
        at = at ? read_byte(at, digits + 2 * i) : NULL;
    }
    if (!at)
        return 0;
    const char *next = skip_separator(at); /* a 17th byte: something longer than a GUID */
    if (next && read_byte(next, more))
        return 0;
    return guid_parse_wire_hex(digits, out) ? (size_t)(at - text) : 0;
}

bool is_guid_label(const char *start, const char *at)
{
    while (at > start && strchr(" \t:='\"{[(<*", at[-1]))
        at--;
    return at - start >= 4 && str_starts_case(at - 4, "GUID");
}

/* A GUID's shape in which a screenshot's reader took 0 for O or 1 for l: never corrected, because
 * no one can see which digit it was. */
bool is_misread_guid(const char *text)
{
    size_t others = 0;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_word(text[i]))
            return false;
        others += !dash && !is_hex(text[i]);
    }
    return others > 0 && others <= 8 && !is_word(text[36]);
}
