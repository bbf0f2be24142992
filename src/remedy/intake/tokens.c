/* Takes a text word by word (letters, digits, '.', '-', '_'), so 8589 within a GUID or a host name
 * is no number, and a GUID within a longer name ("_ldap._tcp.<guid>.domains._msdcs...": a
 * domain's) is no DSA's. */
#include "src/remedy/intake/tokens.h"

#include "src/base/str.h"
#include "src/remedy/intake/codes.h"

#include <string.h>

const char *skip_blanks(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

bool has_word_of(const char *words, enum where where, const char *from, const char *end)
{
    for (size_t len; *words; words += len + (words[len] == ' ')) {
        for (len = 0; words[len] && words[len] != ' ';)
            len++;
        const char *at = where == AT_END ? end - len : from;
        const char *last = where == AT_START ? from : end - len;
        for (; (size_t)(end - from) >= len && at <= last; at++)
            if (((*at ^ *words) & 0xDF) == 0 && strncasecmp(at, words, len) == 0)
                return true;
    }
    return false;
}

/* "8,589", "8.589": three digits behind the first up to three. */
static bool parts_thousands(const char *first, const char *at)
{
    return at > first && at - first < 4 && (*at == ',' || *at == '.') &&
           strspn(at + 1, "0123456789") == 3;
}

const char *read_number(const char *at, const char *end, long *out)
{
    enum { LONGEST = 11 };
    bool hex = end - at > 2 && at[0] == '0' && (at[1] | 0x20) == 'x', minus = *at == '-';
    const char *first = at + (hex ? 2 : minus);
    long number = 0;
    for (at = first; at < end && at - first < LONGEST; at++) {
        if (is_digit(*at))
            number = number * (hex ? 16 : 10) + (*at - '0');
        else if (hex && is_hex_digit(*at))
            number = number * 16 + ((*at | 0x20) - 'a' + 10);
        else if (hex || minus || !parts_thousands(first, at))
            break;
    }
    *out = minus ? -number : number;
    return at > first ? at : NULL;
}

/* A number as a word of its own; the names of our two codes. */
static bool read_code_word(const char *at, size_t len, struct token *token)
{
    const char *end = at + len;
    token->kind = TOKEN_NUMBER;
    token->hex = len > 2 && (at[1] | 0x20) == 'x';
    if (len < 12 && !memchr(at, '.', len) && read_number(at, end, &token->number) == end)
        return true;
    bool gone = has_word_of("_DS_CANT_DERIVE_SPN_FOR_DELETED_DOMAIN", AT_END, at, end);
    token->number = gone ? ERROR_DOMAIN_GONE : ERROR_NO_SERVER_REFERENCE;
    return gone || has_word_of("_DS_CANT_DERIVE_SPN_WITHOUT_SERVER_REF", AT_END, at, end);
}

/* A word may begin with what belongs to "\n" of JSON or "%2F" of an address in front of it. */
static bool read_word(const struct scan *scan, const char *at, size_t len, struct token *token)
{
    char before = at > scan->start ? at[-1] : ' ';
    if (before == '\\' && len > 1 && strchr("nrt", *at))
        at++, len--;
    token->at = at;
    token->len = len;
    return (len >= 36 && (read_guid_name(scan->start, at, token) ||
                          (before == '%' && read_guid_name(scan->start, at + 2, token)))) ||
           (len && read_code_word(at, len, token));
}

/* Bytes tell a GUID where their spelling does (32 digits, a search filter's) or a label. */
static bool read_bytes(const struct scan *scan, const char *at, size_t len, struct token *token)
{
    bool whole = len == 32 || len == 34, filter = len == 0;
    bool pair = len == 2 || len == 4 || len == 47;
    if (!whole && !filter && !(pair && is_guid_label(scan->start, at)))
        return false;
    token->kind = TOKEN_GUID;
    token->weak = whole && !is_guid_label(scan->start, at);
    token->wire = pair;
    token->len = read_guid_bytes(at, &token->guid);
    return filter ? token->len == 48 : token->len >= len;
}

static bool read_dn(const char *at, size_t len, struct token *token)
{
    if (len != 2 || at[2] != '=' || !has_word_of("CN OU DC", AT_START, at, at + 2) ||
        !dn_scan(at, &token->dn))
        return false;
    token->kind = TOKEN_DN;
    token->len = token->dn.len;
    return true;
}

/* One step from scan->at, a word without the punctuation around it ("_guid_", "8589."); true when
 * it gave a token. */
static bool step(struct scan *scan, struct token *token)
{
    const char *at = scan->at;
    size_t len = 0;
    while (is_letter_or_digit(at[len]) || at[len] == '.' || at[len] == '-' || at[len] == '_')
        len++;
    scan->at += len ? len : 1;
    if (len == 0 && *at != '\\')
        return false;
    while (len && !is_letter_or_digit(*at) && !(*at == '-' && is_letter_or_digit(at[1])))
        at++, len--;
    while (len && !is_letter_or_digit(at[len - 1]))
        len--;
    memset(token, 0, offsetof(struct token, dn));
    token->at = at;
    if (!read_dn(at, len, token) && !read_bytes(scan, at, len, token) &&
        !read_word(scan, at, len, token))
        return false;
    if (token->at + token->len > scan->at)
        scan->at = token->at + token->len;
    return true;
}

bool next_token(struct scan *scan, struct token *out)
{
    while (scan->at < scan->end && *scan->at)
        if (step(scan, out))
            return true;
    return false;
}
