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

bool record_has_fault(const struct record *record)
{
    return record->has_code && code_is_fault(record->code);
}

bool same_text(struct slice a, struct slice b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

bool same_host(struct slice a, struct slice b)
{
    const char *dot_a = a.at ? memchr(a.at, '.', a.len) : NULL;
    const char *dot_b = b.at ? memchr(b.at, '.', b.len) : NULL;
    if (!dot_a != !dot_b) {
        a.len = dot_a ? (size_t)(dot_a - a.at) : a.len;
        b.len = dot_b ? (size_t)(dot_b - b.at) : b.len;
    }
    return a.len && same_text(a, b);
}

/* The names that only its DN says. */
static void name_by_dn(struct record *record)
{
    struct found_dn dn;
    if (record->server.at || !record->dn || !dn_scan(record->dn, &dn) || dn.kind == DN_OTHER)
        return;
    size_t at = dn.kind == DN_NTDS;
    record->server = dn.rdns[at].value;
    if (dn.kind != DN_COMPUTER && dn.count > at + 2)
        record->site = dn.rdns[at + 2].value;
}

void records_add(struct records *records, const struct record *record)
{
    bool matters = record_has_fault(record);
    bool names = record_has_target(record) || record->event || record->place.line ||
                 record->kind >= RECORD_REPORT;
    if (!record_has_target(record) && record->has_code)
        records->orphan = stronger_code(records->orphan, record->code);
    if (!names && record->kind != RECORD_PARTNER)
        return;
    if (!matters && records->neutral >= MAX_NEUTRAL) {
        records->dropped++;
        return;
    }
    records->neutral += !matters;
    *MEM_PUSH(records->items, records->count) = *record;
    name_by_dn(&records->items[records->count - 1]);
}

void records_release(struct records *records)
{
    free(records->items);
    *records = (struct records){.items = NULL};
}

/* --- names --- */

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static bool is_host(struct slice s)
{
    bool letters = false, dot = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool inside = is_letter_or_digit(c) || c == '_', edge = i == 0 || i + 1 == s.len;
        if (!inside && (edge || (c != '-' && (c != '.' || dot))))
            return false;
        letters = letters || (inside && (c < '0' || c > '9'));
        dot = c == '.';
    }
    return letters && s.len <= MAX_NAME;
}

struct slice trim(const char *from, const char *end)
{
    while (from < end && strchr(" \t\"'`([{<*|\\", *from))
        from++;
    while (end > from && strchr(" \t\"'`)]}>*|,;:.$", end[-1]))
        end--;
    return (struct slice){from, (size_t)(end - from)};
}

/* How long it is up to the first of these; the line behind it is not looked at. */
static size_t length_to(struct slice s, const char *stops)
{
    size_t len = 0;
    while (len < s.len && !strchr(stops, s.at[len]))
        len++;
    return len;
}

/* A site's name: anything but what would make it part of a path, a label or a placeholder. */
static bool is_site(struct slice s)
{
    return s.len && s.len <= 64 && !memmem(s.at, s.len, "\xEF\xBF\xBD", 3) &&
           length_to(s, "\\:<>|\"*?/=,[]\t") == s.len;
}

bool read_name(struct slice text, struct slice *site, struct slice *server)
{
    size_t bar = length_to(text, "\\/");
    const char *instance = text.len > 1 ? memchr(text.at + 1, '$', text.len - 1) : NULL;
    if (instance) /* "DC7$LDS1" of AD LDS */
        text.len = (size_t)(instance - text.at);
    *site = (struct slice){NULL, 0};
    *server = text;
    if (bar < text.len) {
        size_t from = bar + strspn(text.at + bar, "\\/");
        *site = (struct slice){text.at, bar};
        *server = (struct slice){text.at + from, from < text.len ? text.len - from : 0};
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

/* The value's first word, up to one of `stops`, as a name. */
static bool take_name(const struct piece *p, const char *stops, struct slice *site,
                      struct slice *server)
{
    struct slice text = trim(p->value, p->end);
    text.len = length_to(text, stops);
    text.len -= text.len && text.at[text.len - 1] == '.';
    return !is_software(text) && read_name(text, site, server);
}

/* --- codes --- */

long stronger_code(long code, long other)
{
    return code == ERROR_NO_SERVER_REFERENCE || (code && !code_is_fault(other)) ? code : other;
}

void record_put_code(struct record *record, long code)
{
    record->code = record->has_code ? stronger_code(record->code, code) : code;
    record->has_code = true;
}

static void put_error(struct record *record, const struct piece *p)
{
    long code;
    const char *at = p->value + strspn(p->value, " \t\"'[(");
    const char *behind = at < p->end ? read_number(at, p->end, &code) : NULL;
    bool whole = behind && (behind == p->end || !strchr(LETTERS DIGITS "-.", *behind));
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
    struct place *place = &record->place;
    struct slice site = {NULL, 0}, host = {NULL, 0};
    struct found_dn dn;
    bool weak = p->role == ROLE_REPORTER_WEAK;
    if (guid_parse_prefix(p->value, (size_t)(p->end - p->value), &place->dsa)) {
        place->has_dsa = true;
        place->line = p->line;
        return;
    }
    bool named = take_name(p, p->table ? " \t\"',;<|()]" : " \t\"',;<|()]\\", &site, &host);
    if (str_starts_case(p->value, "CN=") && dn_scan(p->value, &dn) && dn.kind == DN_NTDS) {
        named = true;
        host = dn.rdns[1].value;
    }
    if (!named || (place->host.at && (weak || !place->weak)))
        return;
    place->host = host;
    place->weak = weak;
    place->line = p->line;
    place->site = site.at ? site : place->site;
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
    bool object = p->role == ROLE_OBJECT, sure = named || object;
    if (token->weak && !sure)
        return;
    if (!token->msdcs && (p->role == ROLE_SKIP || is_metadata(p->start, token) ||
                          (!sure && is_foreign(p->start, token->at))))
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
    struct slice site, server;
    struct guid guid;
    if (record->server.at || !take_name(p, "\t\"',;<|()", &site, &server) ||
        guid_parse_prefix(server.at, server.len, &guid) ||
        (site.at && record->kind == RECORD_EVENT)) /* CONTOSO\svc */
        return;
    record->server = server;
    record->site = site.at ? site : record->site;
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

/* dcdiag's VerifyReferences: which object lacks which attribute. Those of SYSVOL replication are no
 * fault of ours. */
static void put_attribute(struct record *record, const struct piece *p)
{
    struct slice name = trim(p->value, p->end);
    struct found_dn dn;
    enum dn_kind kind = record->dn && dn_scan(record->dn, &dn) ? dn.kind : DN_OTHER;
    bool forward = name.len == 15 && str_starts_case(name.at, "serverReference");
    bool back = name.len == 17 && str_starts_case(name.at, "serverReferenceBL");
    if (record->kind != RECORD_PARTNER)
        return;
    if ((forward && kind == DN_SERVER) || (back && kind == DN_COMPUTER))
        record_put_code(record, ERROR_NO_SERVER_REFERENCE);
    else
        record->kind = RECORD_SYSVOL;
}

static bool is_reference_message(const struct piece *p)
{
    size_t len = (size_t)(p->end - p->value);
    const char *at = len < 15 ? NULL : memmem(p->value, len, "serverReference", 15);
    return at && strncmp(at, "serverReferenceBL", 17) != 0 && len > 30 && at[15] != ':' &&
           !memmem(p->value, len, "objectClass", 11);
}

/* "2026-11-20 03:07:41", "11/20/2026 3:07:41 AM", "20.11.2026 03:07:41" -> 20261120030741. */
static unsigned long read_date(const char *at, const char *end)
{
    static const unsigned long least[6] = {1990, 1, 1, 0, 0, 0},
                               most[6] = {9999, 12, 31, 23, 59, 60};
    unsigned long n[6] = {0, 0, 0, 0, 0, 0}, when = 0;
    char mark = '\0';
    int count = 0;
    at += length_to((struct slice){at, (size_t)(end - at)}, DIGITS);
    while (at < end && count < 6 && *at >= '0' && *at <= '9') {
        char *stop;
        n[count++] = strtoul(at, &stop, 10);
        mark = count == 1 ? *stop : mark;
        at = stop;
        if (count == 3 && at < end)
            at += length_to((struct slice){at, (size_t)(end - at)}, DIGITS);
        else if (*at && strchr(count < 3 ? "-/." : ":. ,", *at))
            at++;
    }
    at = skip_blanks(at);
    if (at + 1 < end && (at[1] | 0x20) == 'm' && n[3] <= 12)
        n[3] = n[3] % 12 + ((at[0] | 0x20) == 'p' ? 12 : 0);
    if (n[0] <= 1900) { /* the year stands last */
        bool day_first = mark == '.' || n[0] > 12;
        unsigned long date[3] = {n[2], n[day_first], n[!day_first]};
        memcpy(n, date, sizeof date);
    }
    for (size_t i = 0; i < 6; i++) {
        if (count < 5 || n[i] < least[i] || n[i] > most[i])
            return 0;
        when = when * 100 + n[i];
    }
    return when;
}

static void put_time(struct record *record, const struct piece *p)
{
    struct slice text = trim(p->value, p->end);
    if (!record->when)
        record->when = read_date(p->value, p->end);
    if (p->role == ROLE_TIME && !record->attempt.at && text.len && text.len <= 64 &&
        memchr(text.at, ':', text.len))
        record->attempt = text;
}

void record_put(struct record *record, const struct piece *p)
{
    struct guid guid;
    struct slice text;
    switch (p->role) {
    case ROLE_REPORTER:
    case ROLE_REPORTER_WEAK:
    case ROLE_REPORTER_GUID:
        put_reporter(record, p);
        return;
    case ROLE_REPORTER_SITE:
    case ROLE_SOURCE_SITE:
        text = trim(p->value, p->end);
        if (is_site(text))
            *(p->role == ROLE_SOURCE_SITE ? &record->site : &record->place.site) = text;
        return;
    case ROLE_TIME:
    case ROLE_WHEN:
        put_time(record, p);
        return;
    case ROLE_ATTRIBUTE:
        put_attribute(record, p);
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
