/* Which numbers of a text are error codes and which are events' ids, and what events are about. */
#include "src/remedy/intake/codes.h"

#include "src/base/str.h"
#include "src/model/win32.h"

#include <stdlib.h>
#include <string.h>

/* Events of the Directory Service log that name DSAs and are about other faults. */
static const struct {
    long id;
    const char *about;
} events[] = {
    {1084, "an object could not be applied"},
    {1126, "no global catalog was found"},
    {1188, "a thread waits for a partner"},
    {1232, "an RPC call took too long"},
    {1308, "the KCC: attempts to replicate failed"},
    {1311, "the KCC: sites are not connected"},
    {1388, "a lingering object"},
    {1566, "the KCC: a site's DCs cannot be reached"},
    {1645, "a service principal name is not registered"},
    {1864, "partitions have not replicated for long"},
    {1863, "partitions have not replicated for long"},
    {1865, "the KCC: no spanning tree"},
    {1926, "a read-only replication link failed"},
    {1988, "lingering objects"},
    {2042, "no replication for longer than the tombstone lifetime"},
    {2087, "a DNS lookup failed"},
    {2088, "a DNS lookup failed, another name served"},
    {2089, "the partition was not backed up"},
    {2092, "an operations master has not replicated yet"},
    {2103, "the database was restored wrongly (USN rollback)"},
    {2095, "USN rollback"},
    {2108, "an object could not be applied"},
};

const char *event_text(long id)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i].id == id)
            return events[i].about;
    return NULL;
}

bool event_is_ours(long id, enum subject_source *out)
{
    for (enum subject_source i = SUBJECT_EVENT_1411; i <= SUBJECT_EVENT_1272; i++) {
        if (strtol(subject_source_name(i) + strlen("event "), NULL, 10) != id)
            continue;
        if (out)
            *out = i;
        return true;
    }
    return false;
}

bool event_is_known(long id)
{
    return event_is_ours(id, NULL) || event_text(id);
}

long event_id(const char *value, const char *end)
{
    long id;
    value += strspn(value, " \t\"'[#");
    if (value >= end || !read_number(value, end, &id))
        return 0;
    id = id < 0 ? id & 0xFFFFFFFFL : id;
    long severity = id >> 16;
    if (id > 0xFFFF && severity != 0xC000 && severity != 0x8000 && severity != 0x4000)
        return 0;
    return id & 0xFFFF;
}

bool code_is_fault(long code)
{
    return code == ERROR_NO_SERVER_REFERENCE || code == ERROR_DOMAIN_GONE;
}

bool is_code(const struct token *token, const char *start, long *code)
{
    const char *behind = token->at + token->len, *before = token->at;
    bool process = before - start > 1 && before[-1] == '[' && before[-2] != ' ' && *behind == ']';
    behind = skip_blanks(behind);
    if (process || has_word_of("consecutive failure attempt", AT_START, behind,
                               behind + strnlen(behind, 12))) /* "8589 failures" */
        return false;
    *code = win32_plain(token->number);
    if (code_is_fault(*code))
        return true;
    while (before > start && strchr(" (:=", before[-1]))
        before--;
    return !token->hex && *code != 0 && /* "1722 (0x6ba)", "result 1722", "error (5)" */
           (has_word_of("(0x (WERR_", AT_START, behind, behind + strnlen(behind, 12)) ||
            has_word_of("result error status fehler erreur errore win32", AT_END, start, before));
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
