/* Finds what needs no language: GUIDs in every spelling, DNs, numbers. A text is taken word by word
 * (letters, digits, '.', '-', '_'), so 8589 within a GUID or a host name is no number, and a GUID
 * within a longer name ("_ldap._tcp.<guid>.domains._msdcs...": a domain's) is no DSA's. */
#include "src/remedy/intake/tokens.h"

#include "src/base/str.h"
#include "src/remedy/intake/codes.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static void clear(struct token *token, enum token_kind kind, const char *at, size_t len)
{
    memset(token, 0, offsetof(struct token, dn));
    token->kind = kind;
    token->at = at;
    token->len = len;
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_word(char c)
{
    return is_alnum(c) || c == '.' || c == '-' || c == '_';
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static size_t word_length(const char *text)
{
    size_t len = 0;
    while (is_word(text[len]))
        len++;
    return len;
}

/* Interface and provider ids that stand in the same texts and are never a DSA. */
static bool is_well_known(const struct guid *guid)
{
    static const char *const known[] = {
        "e3514235-4b06-11d1-ab04-00c04fc2dcd2", /* DRSUAPI, in service principal names */
        "0e8478c5-3605-4e8c-8497-1e730c959516", /* the event provider */
        "26d9736d-6070-11d1-a9c6-0000f80367c1", /* serverReference's schemaIDGUID */
    };
    char text[GUID_TEXT];
    guid_text(guid, text);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(text, known[i]) == 0)
            return true;
    return guid_is_null(guid);
}

static bool stands_behind(const struct scan *scan, const char *at, const char *label)
{
    size_t len = strlen(label);
    return (size_t)(at - scan->start) >= len && str_starts_case(at - len, label);
}

/* "._msdcs.contoso.com" behind a GUID; Markdown's '*' may stand between, a screenshot's reader
 * loses the underscore. False: another name. */
static bool read_suffix(struct token *token, const char *suffix)
{
    size_t len = 0;
    suffix += *suffix == '*' || *suffix == '}';
    if (!str_starts_case(suffix, "._msdcs") && !str_starts_case(suffix, ".msdcs"))
        return *suffix != '.' || !is_alnum(suffix[1]);
    token->msdcs = true;
    const char *forest = suffix + strlen(suffix[1] == '_' ? "._msdcs" : ".msdcs");
    forest += *forest == '.';
    while (is_word(forest[len]))
        len++;
    token->len = (size_t)(forest + len - token->at);
    while (len > 0 && !is_alnum(forest[len - 1]))
        len--;
    token->forest = forest;
    token->forest_len = len <= MAX_FOREST && is_alnum(forest[0]) ? len : 0;
    return true;
}

static bool read_dashed(const struct scan *scan, const char *at, struct token *token)
{
    if (!guid_parse_prefix(at, strnlen(at, 37), &token->guid) || is_alnum(at[36]))
        return false;
    token->kind = TOKEN_GUID;
    token->at = at;
    token->len = 36;
    token->deleted = stands_behind(scan, at, "DEL:");
    token->conflict = stands_behind(scan, at, "CNF:");
    return read_suffix(token, at + 36) && !is_well_known(&token->guid);
}

/* 32 digits in wire order; without "GUID=" in front of them they may be a checksum. */
static bool read_wire(const struct scan *scan, const char *at, size_t len, struct token *token)
{
    char digits[33];
    size_t skip = len == 34 && at[0] == '0' && (at[1] | 0x20) == 'x' ? 2 : 0;
    if (len - skip != 32)
        return false;
    memcpy(digits, at + skip, 32);
    digits[32] = '\0';
    token->kind = TOKEN_GUID;
    token->weak = !stands_behind(scan, at, "GUID=");
    return guid_parse_wire_hex(digits, &token->guid) && !is_well_known(&token->guid);
}

/* "\9b\7f\ab..." as in a search filter. */
static bool read_filter(const char *at, struct token *token)
{
    char digits[33];
    for (int i = 0; i < 16; i++) {
        const char *byte = at + 3 * i;
        if (byte[0] != '\\' || !is_hex(byte[1]) || !is_hex(byte[2]))
            return false;
        digits[2 * i] = byte[1];
        digits[2 * i + 1] = byte[2];
    }
    digits[32] = '\0';
    token->kind = TOKEN_GUID;
    token->at = at;
    token->len = 48;
    return guid_parse_wire_hex(digits, &token->guid) && !is_well_known(&token->guid);
}

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* 22 digits and "==": 16 bytes. */
bool read_guid_base64(const char *at, struct guid *out)
{
    unsigned char bytes[18];
    unsigned bits = 0;
    size_t count = 0;
    for (int i = 0; i < 22; i++) {
        int digit = base64_digit(at[i]);
        if (digit < 0)
            return false;
        bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
        if (i % 4 == 1 || i % 4 == 2 || i % 4 == 3)
            bytes[count++] = (unsigned char)(bits >> (i % 4 == 1 ? 4 : i % 4 == 2 ? 2 : 0));
    }
    return at[22] == '=' && at[23] == '=' && guid_from_bytes(bytes, count, out) &&
           !is_well_known(out);
}

static bool read_symbol(const char *at, size_t len, struct token *token)
{
    static const struct {
        const char *name;
        long code;
    } symbols[] = {
        {"DS_CANT_DERIVE_SPN_WITHOUT_SERVER_REF", ERROR_NO_SERVER_REFERENCE},
        {"DS_CANT_DERIVE_SPN_FOR_DELETED_DOMAIN", ERROR_DOMAIN_GONE},
    };
    size_t prefix = str_starts_case(at, "ERROR_") ? 6 : str_starts_case(at, "WERR_") ? 5 : 0;
    for (size_t i = 0; prefix && i < sizeof symbols / sizeof *symbols; i++) {
        if (len == prefix + strlen(symbols[i].name) &&
            str_starts_case(at + prefix, symbols[i].name)) {
            token->number = symbols[i].code;
            return true;
        }
    }
    return false;
}

static bool read_number(const char *at, size_t len, struct token *token)
{
    size_t sign = *at == '-', digits = len - sign;
    token->hex = digits > 2 && at[0] == '0' && (at[1] | 0x20) == 'x';
    if (digits == 0 || digits > 11)
        return false;
    for (size_t i = token->hex ? 2 : sign; i < len; i++)
        if (token->hex ? !is_hex(at[i]) : at[i] < '0' || at[i] > '9')
            return false;
    token->number = strtol(at, NULL, token->hex ? 16 : 10);
    return true;
}

/* The word without the punctuation around it: "_guid_", "8589." */
static const char *core_of(const char *at, size_t *len)
{
    while (*len && !is_alnum(*at) && !(*at == '-' && *len > 1 && is_alnum(at[1])))
        at++, --*len;
    while (*len && !is_alnum(at[*len - 1]))
        --*len;
    return at;
}

/* What of a word belongs to "\n" of JSON or "%2F" of an address in front of it. */
static size_t escape_length(const struct scan *scan, const char *core, size_t len)
{
    if (core == scan->start)
        return 0;
    if (core[-1] == '\\' && len > 1 && strchr("nrt", *core))
        return 1;
    return core[-1] == '%' && len > 36 && is_hex(core[0]) && is_hex(core[1]) ? 2 : 0;
}

static bool read_word(const struct scan *scan, const char *at, size_t *len, struct token *token)
{
    size_t core_len = *len;
    const char *core = core_of(at, &core_len);
    size_t escaped = escape_length(scan, core, core_len);
    clear(token, TOKEN_GUID, core, core_len);
    if (core_len >= 36 &&
        (read_dashed(scan, core, token) || (escaped && read_dashed(scan, core + escaped, token)))) {
        size_t end = (size_t)(token->at + token->len - at);
        *len = end > *len ? end : *len;
        return true;
    }
    clear(token, TOKEN_NUMBER, core, core_len);
    if (core_len == 32 || core_len == 34)
        return read_wire(scan, core, core_len, token);
    if (core_len && (read_number(core, core_len, token) || read_symbol(core, core_len, token)))
        return true;
    token->at += escaped;
    token->len -= escaped;
    return escaped && read_number(token->at, token->len, token);
}

static bool starts_dn(const char *at, size_t len)
{
    return len == 2 && at[2] == '=' &&
           (str_starts_case(at, "CN") || str_starts_case(at, "OU") || str_starts_case(at, "DC"));
}

static bool read_labelled_bytes(const struct scan *scan, const char *at, size_t len,
                                struct token *token)
{
    bool pair = (len == 2 || len == 4 || len == 47) && is_guid_label(scan->start, at);
    clear(token, TOKEN_GUID, at, 0);
    token->len = pair ? read_guid_bytes(at, &token->guid) : 0;
    token->wire = true;
    return token->len > 0 && !is_well_known(&token->guid);
}

/* One step from scan->at; true when it gave a token. */
static bool step(struct scan *scan, struct token *token)
{
    const char *at = scan->at;
    size_t len = word_length(at);
    if (len == 0) {
        clear(token, TOKEN_GUID, at, 0);
        bool filter = *at == '\\' && read_filter(at, token);
        scan->at += filter ? token->len : 1;
        return filter;
    }
    clear(token, TOKEN_DN, at, len);
    if (starts_dn(at, len) && dn_scan(at, &token->dn)) {
        token->len = token->dn.len;
        scan->at = at + token->len;
        return true;
    }
    if (read_labelled_bytes(scan, at, len, token)) {
        scan->at = at + token->len;
        return true;
    }
    bool found = read_word(scan, at, &len, token);
    scan->at = at + len;
    return found;
}

bool next_token(struct scan *scan, struct token *out)
{
    while (scan->at < scan->end && *scan->at)
        if (step(scan, out))
            return true;
    return false;
}

const char *skip_blanks(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

/* "9531985d-...-e811892f902b", "9531985d-5d9d-...": 8 digits, a dash, and somewhere behind them
 * an ellipsis or too early an end. */
size_t cut_guid(const char *text)
{
    size_t len = 0;
    bool dots = false;
    while (is_hex(text[len]))
        len++;
    if (len != 8 || text[8] != '-')
        return 0;
    for (; len < 64; len++) {
        if (strncmp(text + len, "\xE2\x80\xA6", 3) == 0 || strncmp(text + len, "...", 3) == 0) {
            dots = true;
            len += 2;
        } else if (!is_hex(text[len]) && text[len] != '-') {
            break;
        }
    }
    while (len && text[len - 1] == '-')
        len--;
    return !is_alnum(text[len]) && (dots || (len > 8 && len < 36)) ? len : 0;
}
