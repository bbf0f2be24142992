/* The rules. A DSA is meant where its own record carries 8589 (or 8603), or no error at all in an
 * event of ours. Where nothing is meant by that, what is only named counts: first what an event or
 * a GUID-based name points at, then a bare GUID, then a DN or a name; a partner in a report that
 * does not fail is never meant. An event beats a report, a report beats prose; of several the one
 * that more DCs report comes first, then the more recent, then the one that stands first. */
#include "src/remedy/intake/settle.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CANDIDATES = 512 };

/* How much a record means its DSA. */
enum weight { WEIGHT_NONE, WEIGHT_NAME, WEIGHT_GUID, WEIGHT_POINTED, WEIGHT_MEANT };

static bool carries_fault(const struct record *r)
{
    return r->has_code && code_is_fault(r->code);
}

static bool is_ours(const struct record *r)
{
    return r->kind == RECORD_EVENT && event_is_ours(r->event, NULL);
}

static enum weight named_weight(const struct record *r)
{
    if (r->kind == RECORD_EVENT || r->msdcs)
        return WEIGHT_POINTED;
    return r->has_guid ? WEIGHT_GUID : WEIGHT_NAME;
}

static enum weight weigh(const struct record *r, bool outbound)
{
    if (!record_has_target(r) || r->kind >= RECORD_REPORT)
        return WEIGHT_NONE;
    if (r->kind == RECORD_PARTNER && r->outbound && !outbound)
        return WEIGHT_NONE;
    if (carries_fault(r) || (is_ours(r) && !r->has_code))
        return WEIGHT_MEANT;
    if (r->has_code && (r->code == 0 || r->kind == RECORD_PARTNER))
        return WEIGHT_NONE;
    if (r->kind == RECORD_PARTNER && r->source != SUBJECT_GUID)
        return WEIGHT_NONE;
    return named_weight(r);
}

/* --- the same server --- */

struct names {
    struct slice site, server;
};

static struct names names_of(const struct record *r)
{
    struct found_dn dn;
    struct names names = {r->site, r->server};
    if (names.server.at || !r->dn || !dn_scan(r->dn, &dn) || dn.kind == DN_OTHER)
        return names;
    size_t at = dn.kind == DN_NTDS;
    names.server = (struct slice){dn.rdns[at].value, dn.rdns[at].value_len};
    if (dn.kind != DN_COMPUTER && dn.count > at + 2)
        names.site = (struct slice){dn.rdns[at + 2].value, dn.rdns[at + 2].value_len};
    return names;
}

static bool same_text(struct slice a, struct slice b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

/* "livdc02" and "LIVDC02.contoso.com". */
static bool same_host(struct slice a, struct slice b)
{
    const char *dot_a = a.at ? memchr(a.at, '.', a.len) : NULL;
    const char *dot_b = b.at ? memchr(b.at, '.', b.len) : NULL;
    if (!a.at || !b.at)
        return false;
    if (!dot_a != !dot_b) {
        a.len = dot_a ? (size_t)(dot_a - a.at) : a.len;
        b.len = dot_b ? (size_t)(dot_b - b.at) : b.len;
    }
    return same_text(a, b);
}

static bool same_server(struct names a, struct names b)
{
    return same_host(a.server, b.server) && (!a.site.at || !b.site.at || same_text(a.site, b.site));
}

static bool same_place(const struct place *a, const struct place *b)
{
    if (a->has_dsa && b->has_dsa)
        return guid_equal(&a->dsa, &b->dsa);
    return same_host(a->host, b->host);
}

/* --- candidates --- */

struct candidate {
    struct meant meant;
    struct names names;
    const struct place **places; /* that report it, all different */
    size_t place_count;
};
struct court {
    const struct records *records;
    struct candidate *candidates;
    size_t count, left_out;
};

static int strength(const struct record *r)
{
    return r->kind == RECORD_EVENT ? 2 : r->kind == RECORD_PARTNER;
}

static bool is_better(const struct record *a, const struct record *b)
{
    if (strength(a) != strength(b))
        return strength(a) > strength(b);
    if (carries_fault(a) != carries_fault(b))
        return carries_fault(a);
    return record_source(a) < record_source(b);
}

static bool is_candidate(const struct candidate *c, const struct record *r,
                         const struct names *names)
{
    if (c->meant.has_guid && r->has_guid)
        return guid_equal(&c->meant.guid, &r->guid);
    return names->server.at && same_server(c->names, *names);
}

static void add_place(struct candidate *c, const struct place *place)
{
    if (!place->line)
        return;
    for (size_t i = 0; i < c->place_count && i < MAX_CANDIDATES; i++)
        if (same_place(c->places[i], place))
            return;
    *MEM_PUSH(c->places, c->place_count) = place;
}

static void add_candidate(struct court *court, const struct record *r)
{
    struct names names = names_of(r);
    struct candidate *c = NULL;
    for (size_t i = 0; !c && i < court->count; i++)
        c = is_candidate(&court->candidates[i], r, &names) ? &court->candidates[i] : NULL;
    if (!c && court->count == MAX_CANDIDATES) {
        court->left_out++;
        return;
    }
    if (!c) {
        c = MEM_PUSH(court->candidates, court->count);
        c->meant.best = r;
        c->names = names;
    } else if (is_better(r, c->meant.best)) {
        c->meant.best = r;
    }
    if (r->has_guid && !c->meant.has_guid) {
        c->meant.has_guid = true;
        c->meant.guid = r->guid;
    }
    if (!c->names.server.at)
        c->names = names;
    if (r->has_code && (!c->meant.code || code_is_fault(r->code)))
        c->meant.code = c->meant.code == ERROR_NO_SERVER_REFERENCE ? c->meant.code : r->code;
    if (r->when > c->meant.when)
        c->meant.when = r->when;
    add_place(c, &r->place);
}

/* Candidates without a GUID take it from any record of that name. */
static void find_guid(const struct court *court, struct candidate *c)
{
    for (size_t i = 0; !c->meant.has_guid && i < court->records->count; i++) {
        const struct record *r = &court->records->items[i];
        struct names names = names_of(r), place = {r->place.site, r->place.host};
        if (r->has_guid && r->kind < RECORD_REPORT && same_server(c->names, names)) {
            c->meant.has_guid = true;
            c->meant.guid = r->guid;
        } else if (r->place.has_dsa && same_server(c->names, place)) {
            c->meant.has_guid = true;
            c->meant.guid = r->place.dsa;
        }
    }
}

/* Two that turned out to be one. */
static void unite(struct court *court)
{
    for (size_t i = 0; i < court->count; i++) {
        for (size_t k = i + 1; k < court->count;) {
            struct candidate *a = &court->candidates[i], *b = &court->candidates[k];
            if (!a->meant.has_guid || !b->meant.has_guid ||
                !guid_equal(&a->meant.guid, &b->meant.guid)) {
                k++;
                continue;
            }
            if (is_better(b->meant.best, a->meant.best))
                a->meant.best = b->meant.best;
            a->meant.when = a->meant.when > b->meant.when ? a->meant.when : b->meant.when;
            if (!code_is_fault(a->meant.code) && b->meant.code)
                a->meant.code = b->meant.code;
            for (size_t p = 0; p < b->place_count; p++)
                add_place(a, b->places[p]);
            free(b->places);
            *b = court->candidates[--court->count];
        }
    }
}

/* Names, DN, forest and time from whatever record has them. */
static void lend(const struct court *court, struct candidate *c)
{
    struct meant *m = &c->meant;
    for (size_t i = 0; i < court->records->count; i++) {
        const struct record *r = &court->records->items[i];
        if (r->kind >= RECORD_REPORT || !record_has_target(r))
            continue;
        bool same = r == m->best || (m->has_guid && r->has_guid && guid_equal(&m->guid, &r->guid));
        if (!same && !r->has_guid) {
            struct names names = names_of(r);
            same = names.server.at && same_server(c->names, names);
        }
        if (!same)
            continue;
        m->dn = m->dn ? m->dn : r->dn ? r : NULL;
        m->names = m->names ? m->names : r->server.at ? r : NULL;
        m->forest = m->forest ? m->forest : r->forest.at ? r : NULL;
        if (r->attempt.at && carries_fault(r) && !m->attempt)
            m->attempt = r;
        m->deleted = m->deleted || r->deleted;
    }
}

/* --- who reported --- */

/* Where a candidate's own records name nobody: who says that it fails without saying with whom
 * (the second table of /replsum), else the only DC that reports anything. */
static const struct place *any_place(const struct records *records, bool failing)
{
    const struct place *found = NULL;
    for (size_t i = 0; i < records->count; i++) {
        const struct record *r = &records->items[i];
        if (!r->place.line || (r->place.weak && r->kind == RECORD_PROSE))
            continue;
        if (carries_fault(r) && !record_has_target(r))
            return &r->place;
        if (failing)
            continue;
        if (found && !same_place(found, &r->place))
            return NULL;
        found = found ? found : &r->place;
    }
    return found;
}

/* The reporter's own DSA, or its longer name, from another record. */
static void complete_place(const struct records *records, struct place *place)
{
    for (size_t i = 0; place->line && !place->has_dsa && i < records->count; i++) {
        const struct place *other = &records->items[i].place;
        if (other->has_dsa && same_host(other->host, place->host)) {
            place->has_dsa = true;
            place->dsa = other->dsa;
        }
    }
}

static void choose_place(const struct records *records, struct candidate *c)
{
    const struct place *place = c->meant.best->place.line ? &c->meant.best->place : NULL;
    if (!place && c->place_count)
        place = c->places[0];
    if (!place)
        place = any_place(records, true);
    if (!place)
        place = any_place(records, false);
    if (place)
        c->meant.place = *place;
    complete_place(records, &c->meant.place);
    c->meant.reporters = c->place_count ? c->place_count : c->meant.place.line > 0;
}

/* --- order --- */

static int compare(const void *a, const void *b)
{
    const struct meant *x = a, *y = b;
    bool hopeless_x = x->code == ERROR_DOMAIN_GONE, hopeless_y = y->code == ERROR_DOMAIN_GONE;
    if (hopeless_x != hopeless_y)
        return hopeless_x ? 1 : -1;
    bool own_x = code_is_fault(x->code), own_y = code_is_fault(y->code);
    if (own_x != own_y) /* an error of its own is more than an event without one */
        return own_x ? -1 : 1;
    if (strength(x->best) != strength(y->best))
        return strength(x->best) > strength(y->best) ? -1 : 1;
    if (x->reporters != y->reporters)
        return x->reporters > y->reporters ? -1 : 1;
    if (x->when != y->when && x->when && y->when)
        return x->when > y->when ? -1 : 1;
    return x->best->line < y->best->line ? -1 : x->best->line > y->best->line;
}

enum subject_source record_source(const struct record *r)
{
    enum subject_source source;
    if (r->kind == RECORD_EVENT && event_is_ours(r->event, &source))
        return source;
    if (r->kind == RECORD_PARTNER && r->source != SUBJECT_GUID)
        return r->source;
    if (r->has_guid)
        return r->msdcs && r->kind != RECORD_PARTNER ? SUBJECT_MSDCS_NAME : SUBJECT_GUID;
    return r->dn ? SUBJECT_DN : SUBJECT_SERVER_NAME;
}

/* --- the text as a whole --- */

static void see_code(struct settled *out, const struct record *r)
{
    if (!r->has_code || !r->code)
        return;
    if (carries_fault(r)) {
        if (out->status != ERROR_NO_SERVER_REFERENCE)
            out->status = r->code;
        return;
    }
    if (r->kind == RECORD_PARTNER && r->outbound)
        return;
    if (!out->other)
        out->other = r->code;
    if (r->kind == RECORD_PARTNER && !out->other_partner)
        out->other_partner = r;
}

static int place_score(const struct record *r)
{
    if (!r->place.line)
        return -1;
    return 4 * carries_fault(r) + 2 * (r->has_code && r->code) + (r->kind == RECORD_EVENT);
}

static void look_over(const struct records *records, struct settled *out)
{
    int best = -1;
    for (size_t i = 0; i < records->count; i++) {
        const struct record *r = &records->items[i];
        see_code(out, r);
        if (r->kind == RECORD_EVENT &&
            (!out->event || record_source(r) < record_source(out->event)))
            out->event = r;
        if (r->kind == RECORD_EVENT && !is_ours(r) && !out->other_event && event_text(r->event))
            out->other_event = r;
        if ((r->kind == RECORD_PARTNER || r->kind == RECORD_REPORT) && !out->report)
            out->report = r;
        if (r->kind == RECORD_SYSVOL && !out->sysvol)
            out->sysvol = r;
        if (r->kind == RECORD_PARTNER && r->outbound && carries_fault(r) && !out->outbound)
            out->outbound = r;
        if (place_score(r) > best) {
            best = place_score(r);
            out->place = r->place;
        }
    }
    if (code_is_fault(records->orphan) && out->status != ERROR_NO_SERVER_REFERENCE)
        out->status = records->orphan;
    else if (!out->other && !code_is_fault(records->orphan))
        out->other = records->orphan;
    out->status = out->status ? out->status : out->other;
    complete_place(records, &out->place);
}

/* What carries another fault beside one that is ours, or is only named beside it. */
static void note_dropped(const struct court *court, struct settled *out)
{
    for (size_t i = 0; i < court->records->count && out->dropped_count < MAX_DROPPED; i++) {
        const struct record *r = &court->records->items[i];
        struct names names = names_of(r);
        bool known = weigh(r, true) == WEIGHT_NONE || weigh(r, true) == WEIGHT_MEANT;
        for (size_t k = 0; !known && k < court->count; k++)
            known = is_candidate(&court->candidates[k], r, &names);
        for (size_t k = 0; !known && k < out->dropped_count; k++)
            known = r->has_guid && out->dropped[k]->has_guid &&
                    guid_equal(&r->guid, &out->dropped[k]->guid);
        if (!known)
            out->dropped[out->dropped_count++] = r;
    }
}

static void collect(struct court *court, bool outbound)
{
    for (int level = WEIGHT_MEANT; level > WEIGHT_NONE && !court->count; level--)
        for (int faults = 1; faults >= 0; faults--) /* they come first where there are too many */
            for (size_t i = 0; i < court->records->count; i++) {
                const struct record *r = &court->records->items[i];
                if (weigh(r, outbound) == (enum weight)level && carries_fault(r) == (faults > 0))
                    add_candidate(court, r);
            }
}

void settle(const struct records *records, struct settled *out)
{
    struct court court = {.records = records};
    *out = (struct settled){.items = NULL};
    look_over(records, out);
    bool inbound = false;
    for (size_t i = 0; i < records->count; i++)
        inbound =
            inbound || (records->items[i].kind == RECORD_PARTNER && !records->items[i].outbound &&
                        carries_fault(&records->items[i]) && record_has_target(&records->items[i]));
    collect(&court, !inbound);
    out->outbound = inbound ? out->outbound : NULL;
    for (size_t i = 0; i < court.count; i++)
        find_guid(&court, &court.candidates[i]);
    unite(&court);
    note_dropped(&court, out);
    bool coded = false;
    for (size_t i = 0; i < court.count; i++) {
        lend(&court, &court.candidates[i]);
        choose_place(records, &court.candidates[i]);
        coded = coded || court.candidates[i].meant.code;
    }
    for (size_t i = 0; i < court.count; i++) {
        struct meant *m = MEM_PUSH(out->items, out->count);
        *m = court.candidates[i].meant;
        if (!coded && code_is_fault(records->orphan))
            m->code = records->orphan;
        free(court.candidates[i].places);
    }
    free(court.candidates);
    if (out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, compare);
    out->left_out = court.left_out + (out->count > MAX_MEANT ? out->count - MAX_MEANT : 0);
    out->count = out->count > MAX_MEANT ? MAX_MEANT : out->count;
}

void settled_release(struct settled *settled)
{
    free(settled->items);
    *settled = (struct settled){.items = NULL};
}
