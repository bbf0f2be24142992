/* Error codes and event ids: one table each. A code is believed where its number is unmistakable
 * (8589 and 8603 as words of their own, or in one of their hexadecimal and HRESULT forms), and
 * otherwise only where a report's own punctuation says that it is one: "1722 (0x6ba)", "(1722)". */
#include "src/remedy/intake_parts.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    long code;
    const char *text;
} codes[] = {
    {5, "access denied"},
    {1256, "the partner was not reachable when last tried"},
    {1396, "the ticket was made for another account"},
    {1722, "the RPC server is unavailable"},
    {1727, "the remote procedure call failed"},
    {1753, "the RPC endpoint mapper knows no such service"},
    {1818, "the remote procedure call was cancelled"},
    {1908, "no domain controller was found"},
    {8341, "a directory service error"},
    {8418, "the schemas differ"},
    {8419, "no such DSA object"},
    {8451, "a database error"},
    {8452, "the naming context is being removed, or is not replicated from there"},
    {8453, "replication access was denied"},
    {8456, "the source refuses outbound replication"},
    {8457, "the destination refuses inbound replication"},
    {8461, "replication was pre-empted"},
    {8477, "replication is under way"},
    {8524, "a DNS lookup failed"},
    {8589, "no serverReference to derive a service principal name from"},
    {8603, "the target's domain is gone from the forest"},
    {8606, "lingering objects"},
    {8614, "no replication for longer than the tombstone lifetime"},
    {11001, "no such host name"},
    {11004, "a DNS name without an address"},
    {-2146893022, "wrong target principal name"},
};

const char *intake_code_text(long code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == code)
            return codes[i].text;
    return NULL;
}

long intake_code(long number)
{
    if (number >= 0x80000000L && number <= 0xFFFFFFFFL)
        number -= 0x100000000L; /* an HRESULT as 32 bits with a sign */
    if (number < 0 && ((unsigned long)number & 0xFFFF0000UL) == 0x80070000UL) /* FACILITY_WIN32 */
        number &= 0xFFFF;
    return number;
}

static bool is_ours(const struct intake_token *token)
{
    long code = intake_code(token->number);
    return code == DS_NO_SERVER_REFERENCE || code == DS_DELETED_DOMAIN || code == -2146893022;
}

/* "1722 (0x6ba)", "8589(0x218d)", "1722 (WERR_...": what stands behind the number. */
static bool is_explained(const char *behind)
{
    behind = intake_skip(behind);
    return str_starts_case(behind, "(0x") || str_starts_case(behind, "(WERR_");
}

static bool in_brackets(const char *start, const struct intake_token *token)
{
    return token->at > start && token->at[-1] == '(' && token->at[token->len] == ')';
}

/* "result 1722", "error 1722": English, the last resort. */
static bool behind_word(const char *start, const char *at)
{
    static const char *const words[] = {"result ", "error ", "error: ", "error value: "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t len = strlen(words[i]);
        if ((size_t)(at - start) >= len && str_starts_case(at - len, words[i]))
            return true;
    }
    return false;
}

long intake_code_in(const char *text)
{
    struct intake_scan scan = {text, text};
    struct intake_token token;
    long found = 0;
    while (intake_next_token(&scan, &token)) {
        if (token.kind != INTAKE_NUMBER)
            continue;
        if (is_ours(&token))
            return intake_code(token.number);
        if (found == 0 && !token.hex && token.number != 0 &&
            (is_explained(token.at + token.len) || in_brackets(text, &token) ||
             behind_word(text, token.at)))
            found = intake_code(token.number);
    }
    return found;
}

static const struct {
    long id;
    enum subject_source source;
    const char *name;
} events[] = {
    {1411, SUBJECT_EVENT_1411, "event 1411"}, {1925, SUBJECT_EVENT_1925, "event 1925"},
    {2023, SUBJECT_EVENT_2023, "event 2023"}, {1955, SUBJECT_EVENT_1955, "event 1955"},
    {1272, SUBJECT_EVENT_1272, "event 1272"},
};

bool intake_event_source(long id, enum subject_source *out)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (events[i].id == id) {
            *out = events[i].source;
            return true;
        }
    }
    return false;
}

const char *intake_event_name(long id)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i].id == id)
            return events[i].name;
    return NULL;
}
