/* Whatever the text holds, words is harmless to show; anything that does not open with a code is
 * free text. */
#include "src/directory/diagnostic.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <ctype.h>
#include <stdbool.h>
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
    *out = (struct diagnostic){.words = one_line(text ? text : "")};
    uint32_t code;
    if (text && read_hex(text, 8, &code) && text[8] == ':')
        out->code = code;
}

void diagnostic_release(struct diagnostic *diagnostic)
{
    free(diagnostic->words);
    *diagnostic = (struct diagnostic){.code = 0};
}
