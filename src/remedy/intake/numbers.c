/* Which numbers of a text are error codes, and which are events' ids. */
#include "src/remedy/intake/record.h"

#include "src/base/str.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { WRONG_PRINCIPAL = -2146893022 };

/* "1722 (0x6ba)", "8589(0x218d)", "1722 (WERR_...": what stands behind the number. */
static bool is_explained(const char *behind)
{
    behind = skip_blanks(behind);
    return str_starts_case(behind, "(0x") || str_starts_case(behind, "(WERR_");
}

/* "result 1722", "error (5)", "status 1722". */
static bool behind_word(const char *start, const char *at)
{
    static const char *const words[] = {"result", "error",  "status", "error value",
                                        "fehler", "erreur", "errore", "win32"};
    while (at > start && strchr(" (:=", at[-1]))
        at--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t len = strlen(words[i]);
        if ((size_t)(at - start) >= len && str_starts_case(at - len, words[i]))
            return true;
    }
    return false;
}

/* "samba[8589]:", "8589 consecutive failure(s)": a process, a count. */
static bool counts(const struct token *token, const char *start)
{
    const char *behind = token->at + token->len;
    if (token->at > start + 1 && token->at[-1] == '[' && *behind == ']' && token->at[-2] != ' ')
        return true;
    behind = skip_blanks(behind);
    return str_starts_case(behind, "consecutive") || str_starts_case(behind, "failure") ||
           str_starts_case(behind, "attempt");
}

bool is_code(const struct token *token, const char *start, long *code)
{
    if (counts(token, start))
        return false;
    *code = plain_code(token->number);
    if (code_is_fault(*code) || *code == WRONG_PRINCIPAL)
        return true;
    bool brackets = token->at > start && token->at[-1] == '(' && token->at[token->len] == ')' &&
                    *code >= 1000 && code_text(*code);
    return !token->hex && *code != 0 &&
           (brackets || is_explained(token->at + token->len) || behind_word(start, token->at));
}

bool find_code(const char *start, const char *value, const char *end, long *code)
{
    struct scan scan = {start, value, end};
    struct token token;
    bool found = false;
    long here;
    while (next_token(&scan, &token)) {
        if (token.kind != TOKEN_NUMBER || !is_code(&token, start, &here))
            continue;
        if (!found || code_is_fault(here))
            *code = here;
        found = true;
        if (code_is_fault(here))
            return true;
    }
    return found;
}

long event_id(const char *value, const char *end)
{
    long id;
    value += strspn(value, " \t\"'[#");
    if (value >= end || !read_number(value, end, &id))
        return 0;
    id = id < 0 ? id & 0xFFFFFFFFL : id;
    long top = id >> 16;
    if (id > 0xFFFF && top != 0xC000 && top != 0x8000 && top != 0x4000)
        return 0;
    return id & 0xFFFF;
}
