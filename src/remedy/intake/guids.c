/* GUIDs in every spelling: with dashes, as the first label of a DNS name, and as the 16 bytes that
 * travel, as dumpers, ADSI Edit, search filters and BitConverter.ToString print an objectGUID. */
#include "src/remedy/intake/tokens.h"

#include "src/base/str.h"
#include "src/base/text.h"

#include <string.h>

/* Ids of interfaces, a provider and an attribute stand in the same texts and are never a DSA. */
static bool is_well_known(const struct guid *guid)
{
    static const char known[] =
        "00000000-0000-0000-0000-000000000000 "
        "e3514235-4b06-11d1-ab04-00c04fc2dcd2 " /* DRSUAPI, in service principal names */
        "0e8478c5-3605-4e8c-8497-1e730c959516 " /* the event provider */
        "26d9736d-6070-11d1-a9c6-0000f80367c1"; /* serverReference's schemaIDGUID */
    char text[GUID_TEXT];
    return strstr(known, guid_text(guid, text)) != NULL;
}

bool read_guid_name(const char *start, const char *at, struct token *token)
{
    if (!guid_parse_prefix(at, strnlen(at, 37), &token->guid) || is_letter_or_digit(at[36]) ||
        is_well_known(&token->guid) || has_word_of("DEL: CNF:", AT_END, start, at))
        return false;
    token->kind = TOKEN_GUID;
    token->at = at;
    token->len = 36;
    const char *forest = at + 36 + (at[36] == '*'); /* Markdown's */
    size_t len = 0;
    if (str_starts_case(forest, "._msdcs"))
        forest += strlen("._msdcs");
    else if (str_starts_case(forest, ".msdcs")) /* a screenshot's reader lost the underscore */
        forest += strlen(".msdcs");
    else
        return *forest != '.' || !is_letter_or_digit(forest[1]); /* another name's first label */
    forest += *forest == '.';
    while (is_letter_or_digit(forest[len]) || (forest[len] && strchr(".-_", forest[len])))
        len++;
    token->len = (size_t)(forest + len - at);
    while (len > 0 && !is_letter_or_digit(forest[len - 1]))
        len--;
    token->msdcs = true;
    token->forest = forest;
    token->forest_len = len <= MAX_FOREST && is_letter_or_digit(forest[0]) ? len : 0;
    return true;
}

/* "9b7fab3d...", "\9b\7f\ab...", "9b-7f-ab-...", "0x9b, 0x7f, ...": the bytes are parted as the
 * first two are. */
size_t read_guid_bytes(const char *text, struct guid *out)
{
    enum { BYTES = sizeof out->bytes };
    char digits[2 * BYTES + 1] = "";
    const char *at = text + (*text == '\\');
    bool parted = false;
    size_t count = 0;
    for (; count <= BYTES; count++) { /* one too many: something longer than a GUID */
        size_t gap = count ? strspn(at, " :,-\\") : 0;
        const char *byte = at + gap;
        byte += byte[0] == '0' && (byte[1] | 0x20) == 'x' ? 2 : 0;
        parted = count == 1 ? gap > 0 : parted;
        if ((count && (gap > 0) != parted) || !is_hex_digit(byte[0]) || !is_hex_digit(byte[1]) ||
            (parted && is_letter_or_digit(byte[2])))
            break;
        if (count < BYTES)
            memcpy(digits + 2 * count, byte, 2);
        at = count < BYTES ? byte + 2 : at;
    }
    bool whole = count == BYTES && !is_letter_or_digit(*at);
    return whole && guid_parse_wire_hex(digits, out) && !is_well_known(out) ? (size_t)(at - text)
                                                                            : 0;
}

bool read_guid_base64(const char *text, struct guid *out)
{
    struct str bytes = STR_INIT;
    bool found = strnlen(text, 24) == 24 && text_add_base64(&bytes, text, 24) &&
                 guid_from_bytes(bytes.text, bytes.len, out) && !is_well_known(out);
    str_release(&bytes);
    return found;
}

bool is_guid_label(const char *start, const char *at)
{
    while (at > start && strchr(" \t:='\"{[(<*", at[-1]))
        at--;
    return has_word_of("GUID", AT_END, start, at);
}

/* "9531985d-...-e811892f902b", "9531985d-5d9d-...": 8 digits, a dash, and somewhere behind them
 * an ellipsis or too early an end. */
size_t cut_guid(const char *text)
{
    size_t len = 0;
    bool dots = false;
    while (is_hex_digit(text[len]))
        len++;
    if (len != 8 || text[8] != '-')
        return 0;
    for (; len < 64; len++) {
        if (strncmp(text + len, "\xE2\x80\xA6", 3) == 0 || strncmp(text + len, "...", 3) == 0) {
            dots = true;
            len += 2;
        } else if (!is_hex_digit(text[len]) && text[len] != '-') {
            break;
        }
    }
    while (text[len - 1] == '-')
        len--;
    return !is_letter_or_digit(text[len]) && (dots || (len > 8 && len < 36)) ? len : 0;
}

/* A GUID's shape in which a screenshot's reader took 0 for O or 1 for l: never corrected, because
 * no one can see which digit it was. */
bool is_misread_guid(const char *text)
{
    size_t others = 0;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_letter_or_digit(text[i]))
            return false;
        others += !dash && !is_hex_digit(text[i]);
    }
    return others > 0 && others <= 8 && !is_letter_or_digit(text[36]);
}
