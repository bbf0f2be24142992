/* GUIDs in every spelling: with dashes, as the first label of a DNS name, and as the 16 bytes that
 * travel, as dumpers, ADSI Edit, search filters and BitConverter.ToString print an objectGUID. */
#include "src/remedy/intake/tokens.h"

#include "src/base/pattern.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <string.h>

#define HEX "[0-9a-f]"
#define GUID HEX "{8}(?:-" HEX "{4}){3}-" HEX "{12}"
#define NEXT_BYTE "([ :,\\\\-]++(0x)?" HEX "{2}(?![a-z0-9]))"

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
    /* Markdown may have a '*' behind the GUID, a screenshot's reader lost the underscore. With
     * another '.' behind it is another name's first label. */
    static struct pattern name = {
        .text =
            GUID "(?![a-z0-9])(\\*?\\._?msdcs\\.?([a-z0-9]++([._-]++[a-z0-9]++)*+)?[a-z0-9._-]*+|"
                 "(?!\\*?\\.[a-z0-9]))"};
    struct slice parts[2];
    size_t len = pattern_parts(&name, at, strnlen(at, 2 * MAX_FOREST), parts, 2);
    if (!len || !guid_parse_prefix(at, 36, &token->guid) || is_well_known(&token->guid) ||
        has_word_of("DEL: CNF:", AT_END, start, at))
        return false;
    token->kind = TOKEN_GUID;
    token->at = at;
    token->len = len;
    token->msdcs = len > 36;
    token->forest = parts[1].at;
    token->forest_len = parts[1].len <= MAX_FOREST ? parts[1].len : 0;
    return true;
}

/* "9b7fab3d...", "\\9b\\7f\\ab...", "9b-7f-ab-...", "0x9b, 0x7f, ...", and no more than 16. */
size_t read_guid_bytes(const char *text, struct guid *out)
{
    static struct pattern bytes = {.text = "\\\\?(0x)?(" HEX "{32}|" HEX "{2}" NEXT_BYTE
                                           "{15}+(?!" NEXT_BYTE "))(?![a-z0-9])"};
    char digits[2 * sizeof out->bytes + 1] = "";
    size_t len = pattern_length(&bytes, text, strnlen(text, 256)), to = 0;
    for (const char *at = text; at < text + len; at++) {
        at += at[0] == '0' && (at[1] | 0x20) == 'x' ? 2 : 0;
        if (is_hex_digit(*at))
            digits[to++] = *at;
    }
    return len && guid_parse_wire_hex(digits, out) && !is_well_known(out) ? len : 0;
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
    static struct pattern cut = {.text = HEX "{8}(?=-)(-*(" HEX
                                             "|(\xE2\x80\xA6|\\.{3})))*+(?![a-z0-9])"};
    struct slice parts[3];
    if (strnlen(text, 9) < 9 || text[8] != '-')
        return 0;
    size_t len = pattern_parts(&cut, text, strnlen(text, 67), parts, 3);
    return len && (parts[2].at || (len > 8 && len < 36)) ? len : 0;
}

/* A GUID's shape in which a screenshot's reader took 0 for O or 1 for l, up to eight of them: never
 * corrected, because no one can see which digit it was. */
bool is_misread_guid(const char *text)
{
    static struct pattern misread = {.text =
                                         "(?!" GUID "|([0-9a-f-]*+[g-z]){9})"
                                         "[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(?![a-z0-9])"};
    size_t len = strnlen(text, 37);
    return len >= 36 && text[8] == '-' && pattern_length(&misread, text, len) > 0;
}
