/* Writes lines into one record: by their labels, and by what stands beside an event's source. */
#include "src/remedy/intake/reader.h"

#include "src/model/win32.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

/* The id of one of our events in prose: "event 1411", at the line's end or with a GUID beside it.
 */
void put_mention(struct record *record, const char *start, const char *end)
{
    struct scan scan = {start, start, end};
    struct token token;
    bool guid = record->has_guid;
    long found = 0;
    while (next_token(&scan, &token)) {
        size_t before = (size_t)(token.at - start) < 20 ? (size_t)(token.at - start) : 20;
        if (token.kind != TOKEN_NUMBER || !event_is_ours(token.number, NULL) ||
            !has_event_word(token.at - before, before))
            continue;
        const char *rest = token.at + token.len;
        rest += strspn(rest, " \t\"',.;:)");
        if (guid || rest >= end)
            found = token.number;
    }
    record->event = record->event ? record->event : found;
}

/* "...DomainService,1411,", "1411  NTDS Replication": the number beside an event's source. */
void put_source_event(struct record *record, const char *start, const char *end)
{
    static const char *const sources[] = {"ActiveDirectory_DomainService", "NTDS "};
    for (size_t i = 0; !record->event && i < 2; i++) {
        const char *at = memmem(start, (size_t)(end - start), sources[i], strlen(sources[i]));
        if (!at)
            continue;
        const char *behind = at + strlen(sources[i]), *from = at;
        if (i == 1)
            behind += strspn(behind, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        bool parted = behind < end && strchr(",;\t:|\" ", *behind);
        behind += strspn(behind, ",;\t:|\" ");
        long id = parted ? event_id(behind, end) : 0;
        while (from > start && !strchr(" \t,;|", from[-1])) /* "Microsoft-Windows-" */
            from--;
        while (from > start && strchr(" \t,;|\"", from[-1]))
            from--;
        const char *number = from;
        while (number > start && number[-1] >= '0' && number[-1] <= '9')
            number--;
        long before = from > number ? event_id(number, from) : 0;
        if (event_is_ours(id, NULL) || event_text(id))
            record->event = id;
        else if (event_is_ours(before, NULL) || event_text(before))
            record->event = before;
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

static void write_segment(struct writer *w, const char *start, struct segment *s, size_t number)
{
    const char *value = skip_blanks(s->value);
    bool empty = value >= s->end;
    if (s->role != ROLE_NONE && !w->labels[s->role].at)
        w->labels[s->role] = (struct slice){s->label, s->label_len};
    if (s->role == ROLE_NONE) {
        if (s->end > value && s->end[-1] == ':' && !*s->end &&
            label_guess(value, (size_t)(s->end - value)) == ROLE_SKIP) {
            w->pending = ROLE_SKIP; /* "Invocation ID of source directory server:" */
            return;
        }
        if (s->end - value >= 9 && str_starts_case(s->end - 9, "-Identity")) {
            w->pending = ROLE_SKIP; /* of a wrapped command */
            return;
        }
        if (*value >= '0' && *value <= '9' && !w->record->when) {
            struct piece when = {ROLE_WHEN, start, value, s->end, number, false};
            record_put(w->record, &when);
        }
        if (w->record->event || w->pending == ROLE_DATA)
            put_leading_code(w->record, value, s->end);
        s->role = w->pending;
    }
    struct piece piece = {s->role, start, value, s->end, number, false};
    if (!empty) {
        w->pending = ROLE_NONE;
        if (s->role == ROLE_DATA)
            put_leading_code(w->record, value, s->end);
        record_put(w->record, &piece);
    } else if (s->label) {
        w->pending = s->role;
    }
}

void write_line(struct writer *w, const char *start, const char *from, const char *end,
                size_t number)
{
    struct segment segment;
    size_t line = w->record->line;
    if (!line)
        w->record->line = number;
    while (from < end && next_segment(start, &from, &segment)) {
        if (segment.value > end)
            break;
        segment.end = segment.end < end ? segment.end : end;
        write_segment(w, start, &segment, number);
    }
}

static bool is_label(struct slice label, const char *text)
{
    return label.len >= strlen(text) && strncasecmp(label.at, text, strlen(text)) == 0;
}

void finish_record(struct writer *w)
{
    struct record *r = w->record;
    if ((r->by_object || !r->labelled) && r->other_entry && !r->msdcs)
        r->has_guid = false;
    struct slice source = w->labels[ROLE_SOURCE], reporter = w->labels[ROLE_REPORTER];
    if (r->event && r->server.at && source.len == 6 && !r->site.at) { /* Graylog's host */
        if (!r->place.line)
            r->place = (struct place){.host = r->server, .weak = true, .line = r->line};
        r->server = (struct slice){NULL, 0};
    }
    if (r->kind == RECORD_PROSE && !r->event && !r->has_code && is_label(reporter, "server") &&
        is_label(w->labels[ROLE_DSA], "address"))
        r->place = (struct place){.line = 0}; /* nslookup's */
    if (r->by_object && r->event && !r->msdcs)
        r->has_guid = false;
    if (r->event && r->kind == RECORD_PROSE)
        r->kind = RECORD_EVENT;
    if (r->kind == RECORD_EVENT && r->has_guid && !r->msdcs && !r->labelled)
        r->has_guid = event_is_ours(r->event, NULL) || (r->has_code && code_is_fault(r->code));
    bool partner = w->labels[ROLE_SOURCE].at &&
                   (w->labels[ROLE_ERROR].at || w->labels[ROLE_TIME].at ||
                    w->labels[ROLE_REPORTER].at || is_label(w->labels[ROLE_SOURCE], "Partner"));
    if (r->kind == RECORD_PROSE && partner && record_has_target(r)) {
        r->kind = RECORD_PARTNER;
        r->source =
            is_label(w->labels[ROLE_SOURCE], "Source DSA") ? SUBJECT_SHOWREPL_CSV : SUBJECT_GUID;
    }
}
