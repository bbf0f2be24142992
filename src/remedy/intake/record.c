/* Fills a record. What a label does not say, anchors do: a GUID-based name, an NTDS Settings DN,
 * 8589 in one of its spellings, the word serverReference. */
#include "src/remedy/intake/record.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/win32.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NEUTRAL = 20000, MAX_NAME = 255 };

bool record_has_target(const struct record *record)
{
    return record->has_guid || record->dn || record->server.at;
}

static char *text_of(struct slice s)
{
    return s.at && s.len ? mem_textn(s.at, s.len) : NULL;
}

void record_names(const struct record *record, struct subject_dsa *dsa)
{
    struct found_dn dn;
    if (record->dn && dn_scan(record->dn, &dn))
        dn_fill(dsa, &dn);
    dsa->server = dsa->server ? dsa->server : text_of(record->server);
    dsa->site = dsa->site ? dsa->site : text_of(record->site);
}

static void note_orphan(struct records *records, long code)
{
    bool better = records->orphan == 0 ||
                  (code_is_fault(code) && records->orphan != ERROR_NO_SERVER_REFERENCE);
    if (code && better)
        records->orphan = code;
}

void records_add(struct records *records, const struct record *record)
{
    bool matters = record->has_code && code_is_fault(record->code);
    bool names = record_has_target(record) || record->event || record->place.line ||
                 record->kind >= RECORD_REPORT;
    if (!record_has_target(record) && record->has_code)
        note_orphan(records, record->code);
    if (!names && record->kind != RECORD_PARTNER)
        return;
    if (!matters && records->neutral >= MAX_NEUTRAL) {
        records->dropped++;
        return;
    }
    records->neutral += !matters;
    *MEM_PUSH(records->items, records->count) = *record;
}

void records_release(struct records *records)
{
    free(records->items);
    *records = (struct records){.items = NULL};
}

/* --- names --- */

static bool is_host_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
           c == '_';
}

static bool is_host(struct slice s)
{
    bool letter = false;
    if (s.len == 0 || s.len > MAX_NAME || s.at[0] == '-' || s.at[0] == '.' ||
        s.at[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        letter = letter || (s.at[i] | 0x20) >= 'a';
        if (!is_host_char(s.at[i]) && (s.at[i] != '.' || i + 1 == s.len || s.at[i + 1] == '.'))
            return false;
    }
    return letter;
}

struct slice trim(const char *from, const char *end)
{
    while (from < end && strchr(" \t\"'`([{<*|\\", *from))
        from++;
    while (end > from && strchr(" \t\"'`)]}>*|,;:.$", end[-1]))
        end--;
    return (struct slice){from, (size_t)(end - from)};
}

/* A site's name: anything but what would make it part of a path, a label or a placeholder. */
static bool is_site(struct slice s)
{
    if (s.len == 0 || s.len > 64 || memmem(s.at, s.len, "\xEF\xBF\xBD", 3))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (strchr("\\:<>|\"*?/=,[]\t", s.at[i]))
            return false;
    return true;
}

bool read_name(struct slice text, struct slice *site, struct slice *server)
{
    size_t at = 0;
    while (at < text.len && text.at[at] != '\\' && text.at[at] != '/')
        at++;
    *site = (struct slice){NULL, 0};
    const char *instance =
        text.len ? memchr(text.at, '$', text.len) : NULL; /* "DC7$LDS1" of AD LDS */
    if (instance && instance > text.at)
        text.len = (size_t)(instance - text.at);
    at = at < text.len ? at : text.len;
    *server = text;
    if (at < text.len) {
        *site = (struct slice){text.at, at};
        while (at < text.len && (text.at[at] == '\\' || text.at[at] == '/'))
            at++;
        *server = (struct slice){text.at + at, text.len - at};
        if (!is_site(*site) || server->len > 64)
            return false;
    }
    return is_host(*server);
}

/* The names of software that stand where a source or a server might. */
static bool is_software(struct slice s)
{
    static const char *const names[] = {
        "Microsoft-", "ActiveDirectory", "NTDS", "WinEventLog", "localhost", "Directory",
        "true",       "false",           "null", "N/A"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (s.len >= strlen(names[i]) && str_starts_case(s.at, names[i]))
            return true;
    return false;
}

void record_put_code(struct record *record, long code)
{
    if (record->has_code && code_is_fault(record->code))
        return;
    if (record->has_code && record->code && !code_is_fault(code))
        return;
    record->has_code = true;
    record->code = code;
}

static void put_error(struct record *record, const struct piece *p)
{
    long code;
    const char *at = p->value + strspn(p->value, " \t\"'[(");
    const char *behind = at < p->end ? read_number(at, p->end, &code) : NULL;
    bool whole = behind && (behind == p->end || (!is_host_char(*behind) && *behind != '.'));
    if (whole)
        record_put_code(record, win32_plain(code));
    else if (find_code(p->start, p->value, p->end, &code))
        record_put_code(record, code);
    else if (str_starts_case(at, "was success") || str_starts_case(at, "success"))
        record_put_code(record, 0);
}

/* --- the place --- */

static void put_reporter(struct record *record, const struct piece *p)
{
    struct slice site, host, text = trim(p->value, p->end);
    const char *link = text.len ? memchr(text.at, ']', text.len) : NULL; /* "[a](http://a)" */
    size_t word = 0;
    while (word < text.len && !strchr(" \t\"',;<|()]", text.at[word]) &&
           (text.at[word] != '\\' || p->table))
        word++;
    text.len = link ? (size_t)(link - text.at) : word;
    while (text.len && text.at[text.len - 1] == '.')
        text.len--;
    bool weak = p->role == ROLE_REPORTER_WEAK;
    struct found_dn dn;
    if (str_starts_case(p->value, "CN=") && dn_scan(p->value, &dn) && dn.kind == DN_NTDS)
        text = (struct slice){dn.rdns[1].value, dn.rdns[1].value_len};
    if ((record->place.host.at && (weak || !record->place.weak)) || is_software(text) ||
        !read_name(text, &site, &host))
        return;
    record->place.host = host;
    record->place.weak = weak;
    record->place.line = p->line;
    if (site.at)
        record->place.site = site;
}

/* --- the DSA --- */

/* An invocation id: "<guid> (retired) @ USN 4711" of an up-to-dateness vector, and the GUID between
 * two numbers of an object's metadata. */
static bool is_metadata(const char *start, const struct token *token)
{
    const char *behind = token->at + token->len, *next = skip_blanks(behind);
    if (memmem(behind, strnlen(behind, 40), "@ USN", 5))
        return true;
    size_t before = strspn(start, " \t0123456789");
    return start + before >= token->at && start + strspn(start, " \t") < token->at &&
           *next >= '0' && *next <= '9';
}

static void put_guid(struct record *record, const struct piece *p, const struct token *token)
{
    bool named = p->role == ROLE_DSA || p->role == ROLE_DSA_GUID || p->role == ROLE_SOURCE;
    bool object = p->role == ROLE_OBJECT;
    if (!token->msdcs && is_metadata(p->start, token))
        return;
    if (!token->msdcs &&
        (p->role == ROLE_SKIP || (!named && !object && is_foreign(p->start, token->at))))
        return;
    if (token->weak && !named && !object)
        return;
    bool better = !record->has_guid || (token->msdcs && !record->msdcs) ||
                  (named && !record->labelled && !record->msdcs) || (named && record->by_object);
    if (record->has_guid && guid_equal(&record->guid, &token->guid)) {
        if (token->msdcs && token->forest_len && !record->forest.at)
            record->forest = (struct slice){token->forest, token->forest_len};
        record->msdcs = record->msdcs || token->msdcs;
        return;
    }
    if (!better)
        return;
    record->has_guid = true;
    record->guid = token->guid;
    record->msdcs = token->msdcs;
    record->labelled = named || object;
    record->by_object = object;
    record->wire = token->wire;
    record->line = p->line;
    record->forest = (struct slice){token->forest_len ? token->forest : NULL, token->forest_len};
}

static void put_dn(struct record *record, const struct piece *p, const struct token *token)
{
    const struct found_dn *dn = &token->dn;
    bool entry = p->role == ROLE_ENTRY;
    bool named = entry || p->role == ROLE_SOURCE || p->role == ROLE_DSA || p->role == ROLE_BASE;
    if (entry)
        record->other_entry = dn->kind != DN_NTDS;
    if (p->role == ROLE_SKIP || dn->kind == DN_OTHER || (dn->kind == DN_COMPUTER && !named))
        return;
    if (record->dn || (entry && dn->kind == DN_COMPUTER))
        return;
    record->dn = token->at;
    record->repaired_dn = dn->repaired;
    if (!record->has_guid)
        record->line = p->line;
}

static void put_name(struct record *record, const struct piece *p)
{
    struct slice text = trim(p->value, p->end), site, server;
    size_t word = 0;
    while (word < text.len && !strchr("\t\"',;<|()", text.at[word]))
        word++;
    text.len = word;
    if (record->server.at || is_software(text) || !read_name(text, &site, &server))
        return;
    struct guid guid;
    if (guid_parse_prefix(server.at, server.len, &guid))
        return;
    if (site.at && record->kind == RECORD_EVENT) /* CONTOSO\svc */
        return;
    record->server = server;
    if (site.at)
        record->site = site;
    if (!record->has_guid && !record->dn)
        record->line = p->line;
}

/* True when a GUID or a DN was among them. */
static bool put_tokens(struct record *record, const struct piece *p)
{
    bool any = false;
    struct scan scan = {p->start, p->value, p->end};
    struct token token;
    long code;
    while (next_token(&scan, &token)) {
        any = any || token.kind != TOKEN_NUMBER;
        if (token.kind == TOKEN_GUID)
            put_guid(record, p, &token);
        else if (token.kind == TOKEN_DN)
            put_dn(record, p, &token);
        else if (p->role != ROLE_SKIP && is_code(&token, p->start, &code))
            record_put_code(record, code);
    }
    return any;
}

static bool is_reference_message(const struct piece *p)
{
    size_t len = (size_t)(p->end - p->value);
    const char *at = len < 15 ? NULL : memmem(p->value, len, "serverReference", 15);
    return at && strncmp(at, "serverReferenceBL", 17) != 0 && len > 30 && at[15] != ':' &&
           !memmem(p->value, len, "objectClass", 11);
}

static void put_site(struct slice *site, const struct piece *p)
{
    struct slice text = trim(p->value, p->end);
    if (is_site(text))
        *site = text;
}

/* "2026-11-20 03:07:41", "11/20/2026 3:07:41 AM", "20.11.2026 03:07:41" -> 20261120030741. */
static unsigned long read_date(const char *at, const char *end)
{
    unsigned long n[6] = {0, 0, 0, 0, 0, 0};
    char mark = '\0';
    int count = 0;
    while (at < end && (*at < '0' || *at > '9'))
        at++;
    for (; at < end && count < 6; at++) {
        size_t digits = 0;
        for (; at + digits < end && at[digits] >= '0' && at[digits] <= '9' && digits < 5; digits++)
            n[count] = n[count] * 10 + (unsigned long)(at[digits] - '0');
        at += digits;
        count += digits > 0;
        if (at >= end || (count < 3 && !strchr("-/.", *at)) || (count > 3 && !strchr(":. ,", *at)))
            break;
        mark = count == 1 ? *at : mark;
    }
    bool year_first = n[0] > 1900, day_first = mark == '.' || n[0] > 12;
    unsigned long year = year_first ? n[0] : n[2], month = year_first || day_first ? n[1] : n[0];
    unsigned long day = year_first ? n[2] : day_first ? n[0] : n[1];
    while (at < end && *at == ' ')
        at++;
    bool half = at + 1 < end && (at[1] | 0x20) == 'm' && n[3] <= 12;
    if (half)
        n[3] = n[3] % 12 + ((at[0] | 0x20) == 'p' ? 12 : 0);
    if (count < 5 || year < 1990 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 ||
        n[3] > 23)
        return 0;
    return ((((year * 100 + month) * 100 + day) * 100 + n[3]) * 100 + n[4]) * 100 +
           (count > 5 ? n[5] : 0);
}

static void put_when(struct record *record, const struct piece *p)
{
    if (!record->when)
        record->when = read_date(p->value, p->end);
}

static void put_time(struct record *record, const struct piece *p)
{
    put_when(record, p);
    struct slice text = trim(p->value, p->end);
    if (!record->attempt.at && text.len && text.len <= 64 && memchr(text.at, ':', text.len))
        record->attempt = text;
}

void record_put(struct record *record, const struct piece *p)
{
    struct guid guid;
    switch (p->role) {
    case ROLE_REPORTER:
    case ROLE_REPORTER_WEAK:
        put_reporter(record, p);
        return;
    case ROLE_REPORTER_SITE:
        put_site(&record->place.site, p);
        return;
    case ROLE_SOURCE_SITE:
        put_site(&record->site, p);
        return;
    case ROLE_REPORTER_GUID:
        if (guid_parse_prefix(p->value, (size_t)(p->end - p->value), &guid)) {
            record->place.has_dsa = true;
            record->place.dsa = guid;
            record->place.line = p->line;
        }
        return;
    case ROLE_TIME:
        put_time(record, p);
        return;
    case ROLE_WHEN:
        put_when(record, p);
        return;
    case ROLE_CLASS:
        record->other_entry = record->other_entry || str_starts_case(p->value, "nTDSConnection");
        return;
    case ROLE_DELETED:
        record->deleted = record->deleted || str_starts_case(p->value, "true");
        return;
    case ROLE_EVENT_ID:
        if (!record->event)
            record->event = event_id(p->value, p->end);
        return;
    case ROLE_ERROR:
        put_error(record, p);
        break;
    case ROLE_SOURCE:
        if (!put_tokens(record, p))
            put_name(record, p);
        return;
    case ROLE_OBJECT:
        if (!record->has_guid && read_guid_base64(skip_blanks(p->value), &guid)) {
            record->has_guid = record->labelled = record->by_object = true;
            record->guid = guid;
            record->line = p->line;
        }
        break;
    default:
        break;
    }
    put_tokens(record, p);
    if (p->role != ROLE_SKIP && is_reference_message(p))
        record_put_code(record, ERROR_NO_SERVER_REFERENCE);
}
