/* One pass with small readers; anything that does not fit the grammar is a free text, and whatever
 * the text holds, words is harmless to show. */
#include "src/directory/diagnostic.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 2000 }; /* a diagnostic that is longer than this is no help to anyone */

static bool read_hex(const char *text, size_t digits, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        if (!isxdigit((unsigned char)text[i]))
            return false;
        char digit[2] = {text[i], '\0'};
        *out = *out << 4 | (uint32_t)strtoul(digit, NULL, 16);
    }
    return true;
}

/* "AtrErr: DSID-03152804, ..." */
static bool read_kind(const char *text, char kind[8])
{
    static const char *const kinds[] = {"AtrErr", "NameErr", "RefErr", "SecErr",
                                        "SvcErr", "UpdErr",  "LdapErr"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t len = strlen(kinds[i]);
        if (strncmp(text, kinds[i], len) == 0 && str_starts_case(text + len, ": DSID-")) {
            memcpy(kind, kinds[i], len + 1);
            return true;
        }
    }
    return false;
}

static void read_details(const char *text, struct diagnostic *out)
{
    const char *problem = strstr(text, "problem ");
    const char *data = strstr(text, ", data ");
    const char *match = strstr(text, "best match of:");
    if (problem && isdigit((unsigned char)problem[8]))
        out->problem = strtol(problem + 8, NULL, 10);
    if (data && isxdigit((unsigned char)data[7])) {
        out->has_data = true;
        out->data = (uint32_t)strtoul(data + 7, NULL, 16);
    }
    const char *open = match ? strchr(match, '\'') : NULL;
    const char *close = open ? strrchr(open + 1, '\'') : NULL;
    if (close)
        out->best_match = text_clean(open + 1, (size_t)(close - open) - 1);
}

/* Line ends and tabs become single spaces; the rest is cleaned. */
static char *one_line(const char *text)
{
    struct str flat = STR_INIT;
    size_t len = strnlen(text, WORDS_MOST);
    for (size_t i = 0; i < len; i++) {
        bool space = strchr(" \t\r\n", text[i]) != NULL;
        if (!space)
            str_addc(&flat, text[i]);
        else if (flat.len > 0 && flat.text[flat.len - 1] != ' ')
            str_addc(&flat, ' ');
    }
    while (flat.len > 0 && flat.text[flat.len - 1] == ' ')
        flat.text[--flat.len] = '\0';
    char *clean = text_clean(str_text(&flat), flat.len);
    str_release(&flat);
    return clean;
}

void diagnostic_read(const char *text, struct diagnostic *out)
{
    *out = (struct diagnostic){.form = DIAGNOSTIC_NONE};
    if (!text)
        text = "";
    out->words = one_line(text);
    if (!*out->words)
        return;
    out->form = DIAGNOSTIC_FREE;
    uint32_t code;
    if (!read_hex(text, 8, &code) || text[8] != ':')
        return;
    out->form = DIAGNOSTIC_SAMBA;
    out->code = code;
    if (text[9] == ' ' && read_kind(text + 10, out->kind)) {
        out->form = DIAGNOSTIC_WINDOWS;
        read_details(text + 10, out);
    }
}

void diagnostic_release(struct diagnostic *diagnostic)
{
    free(diagnostic->words);
    free(diagnostic->best_match);
    *diagnostic = (struct diagnostic){.form = DIAGNOSTIC_NONE};
}

const char *diagnostic_meaning(uint32_t code)
{
    static const struct {
        uint32_t code;
        const char *words;
    } meanings[] = {
        {WIN32_ACCESS_DENIED, "access is denied"},
        {WIN32_NOT_AUTHENTICATED, "the connection is not signed in"},
        {WIN32_DS_REFERRAL, "another server has to be asked"},
        {WIN32_DS_NO_SUCH_OBJECT, "there is no such object"},
        {WIN32_DS_SINGLE_VALUE, "the attribute takes one value only"},
        {WIN32_DS_VALUE_EXISTS, "the value is there already"},
        {WIN32_DS_MISSING_ATTRIBUTE, "the attribute to be removed is not there"},
        {WIN32_DS_MISSING_VALUE, "the value to be removed is not there"},
        {WIN32_DS_OBJECT_NOT_FOUND, "the object was not found"},
        {WIN32_DS_BAD_NAME, "the name is malformed"},
        {WIN32_DS_NO_RIGHT, "the access rights are insufficient"},
        {WIN32_DS_UNKNOWN_REFERENCE, "the name refers to no object that this DC knows"},
        {WIN32_DS_CATALOG_VERIFY, "a global catalog could not be asked to verify the name"},
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            return meanings[i].words;
    return NULL;
}
