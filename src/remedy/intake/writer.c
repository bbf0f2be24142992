/* Writes lines into one record: by their labels, and by what stands beside an event's source. */
#include "src/remedy/intake/reader.h"

#include "src/base/pattern.h"
#include "src/model/win32.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

#define BETWEEN "[,;\t:|\" ]++"

/* A known event's id beside its source ("...DomainService,1411,", "1411  NTDS KCC"), or (prose) one
 * of ours behind the word, at the line's end or with a GUID beside it: "event 1411". */
void put_event_id(struct record *record, const char *start, const char *end, bool prose)
{
    static struct pattern beside = {
        .text =
            ".*?(?|(?:ActiveDirectory_DomainService|NTDS [a-z]*+)" BETWEEN "([0-9]{4})(?![a-z0-9])|"
            "(?<![a-z0-9])([0-9]{4})" BETWEEN
            "(?:(?:Microsoft-Windows-)?ActiveDirectory_DomainService|NTDS ))"};
    struct scan scan = {start, start, end};
    struct token token;
    struct slice id;
    if (record->event)
        return;
    if ((strstr(start, "ActiveDirectory_DomainService") || strstr(start, "NTDS ")) &&
        pattern_parts(&beside, start, (size_t)(end - start), &id, 1) &&
        event_is_known(strtol(id.at, NULL, 10))) {
        record->event = strtol(id.at, NULL, 10);
        return;
    }
    while (prose && next_token(&scan, &token)) {
        size_t before = (size_t)(token.at - start) < 20 ? (size_t)(token.at - start) : 20;
        const char *rest = token.at + token.len;
        rest += strspn(rest, " \t\"',.;:)");
        if (token.kind == TOKEN_NUMBER && event_is_ours(token.number, NULL) &&
            (record->has_guid || rest >= end) && has_event_word(token.at - before, before))
            record->event = token.number;
    }
}

/* A number that begins a line of an event, when it is a code that is known: "1722 The RPC ...". */
static void put_leading_code(struct record *record, const char *from, const char *end)
{
    char *stop;
    long code = strtol(from, &stop, 10);
    bool alone = stop > from && (stop >= end || *stop == ' ' || *stop == ':');
    if (alone && code != 5 && win32_meaning(win32_plain(code)))
        record_put_code(record, win32_plain(code));
}

/* "Invocation ID of source directory server:", a wrapped command's "-Identity": what follows on the
 * next line is not ours. */
static bool heads_other(const char *value, const char *end)
{
    return (end > value && end[-1] == ':' && !*end &&
            label_guess(value, (size_t)(end - value)) == ROLE_SKIP) ||
           (end - value >= 9 && str_starts_case(end - 9, "-Identity"));
}

static void write_segment(struct writer *w, const char *start, struct segment *s, size_t number)
{
    const char *value = skip_blanks(s->value);
    struct piece piece = {s->role, start, value, s->end, number, false};
    if (s->role != ROLE_NONE && !w->labels[s->role].at) {
        w->labels[s->role] = (struct slice){s->label, s->label_len};
    } else if (s->role == ROLE_NONE) {
        if (heads_other(value, s->end)) {
            w->pending = ROLE_SKIP;
            return;
        }
        if (*value >= '0' && *value <= '9' && !w->record->when) {
            piece.role = ROLE_WHEN;
            record_put(w->record, &piece);
        }
        piece.role = w->pending;
    }
    if (piece.role == ROLE_DATA || (s->role == ROLE_NONE && w->record->event))
        put_leading_code(w->record, value, s->end);
    if (value < s->end) {
        w->pending = ROLE_NONE;
        record_put(w->record, &piece);
    } else if (s->label) {
        w->pending = piece.role;
    }
}

void write_line(struct writer *w, const char *start, const char *from, const char *end,
                size_t number)
{
    struct segment segment;
    if (!w->record->line)
        w->record->line = number;
    while (from < end && next_segment(start, &from, &segment) && segment.value <= end) {
        segment.end = segment.end < end ? segment.end : end;
        write_segment(w, start, &segment, number);
    }
}

static bool has_label(const struct writer *w, enum role role, const char *text)
{
    struct slice label = w->labels[role];
    return label.len >= strlen(text) && str_starts_case(label.at, text);
}

void finish_record(struct writer *w)
{
    struct record *r = w->record;
    const struct slice *labels = w->labels;
    if (!r->msdcs &&
        ((r->other_entry && (r->by_object || !r->labelled)) || (r->by_object && r->event)))
        r->has_guid = false;
    if (r->event && r->server.at && labels[ROLE_SOURCE].len == 6 && !r->site.at) {
        if (!r->place.line) /* Graylog's host */
            r->place = (struct place){.host = r->server, .weak = true, .line = r->line};
        r->server = (struct slice){NULL, 0};
    }
    if (r->kind == RECORD_PROSE && r->event)
        r->kind = RECORD_EVENT;
    if (r->kind == RECORD_EVENT && r->has_guid && !r->msdcs && !r->labelled)
        r->has_guid = event_is_ours(r->event, NULL) || (r->has_code && code_is_fault(r->code));
    if (r->kind != RECORD_PROSE)
        return;
    if (!r->has_code && has_label(w, ROLE_REPORTER, "server") &&
        has_label(w, ROLE_DSA, "address")) /* nslookup's */
        r->place = (struct place){.line = 0};
    if (labels[ROLE_SOURCE].at && record_has_target(r) &&
        (labels[ROLE_ERROR].at || labels[ROLE_TIME].at || labels[ROLE_REPORTER].at ||
         has_label(w, ROLE_SOURCE, "Partner"))) {
        r->kind = RECORD_PARTNER;
        r->source = has_label(w, ROLE_SOURCE, "Source DSA") ? SUBJECT_SHOWREPL_CSV : SUBJECT_GUID;
    }
}
