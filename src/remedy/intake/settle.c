/* The rules. A DSA is meant where its own record carries 8589 (or 8603), or no error at all in an
 * event of ours. Where nothing is meant by that, what is only named counts: first what an event or
 * a GUID-based name points at, then a bare GUID, then a DN or a name; a partner in a report that
 * does not fail is never meant. An event beats a report, a report beats prose; of several the one
 * that more DCs report comes first, then the more recent, then the one that stands first. */
#include "src/remedy/intake/settle.h"

#include "src/base/mem.h"
#include "src/remedy/intake/codes.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CANDIDATES = 512 };

/* How much a record means its DSA; OURS: an event without an error. */
enum weight {
    WEIGHT_NONE,
    WEIGHT_NAME,
    WEIGHT_GUID,
    WEIGHT_POINTED,
    WEIGHT_OUTBOUND,
    WEIGHT_OURS,
    WEIGHT_FAULT
};

static bool is_ours(const struct record *r)
{
    return r->kind == RECORD_EVENT && event_is_ours(r->event, NULL);
}

static enum weight weigh(const struct record *r)
{
    bool partner = r->kind == RECORD_PARTNER;
    if (!record_has_target(r) || r->kind >= RECORD_REPORT)
        return WEIGHT_NONE;
    if (record_has_fault(r))
        return r->outbound ? WEIGHT_OUTBOUND : WEIGHT_FAULT;
    if (is_ours(r) && !r->has_code)
        return WEIGHT_OURS;
    if (partner ? r->has_code || r->source != SUBJECT_GUID : r->has_code && !r->code)
        return WEIGHT_NONE;
    if (r->kind == RECORD_EVENT || r->msdcs)
        return WEIGHT_POINTED;
    return r->has_guid ? WEIGHT_GUID : WEIGHT_NAME;
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

/* --- the same server --- */

static bool same_server(const struct record *r, struct slice site, struct slice server)
{
    return same_host(r->server, server) && (!r->site.at || !site.at || same_text(r->site, site));
}

static bool same_dsa(const struct record *a, const struct record *b)
{
    if (a->has_guid && b->has_guid)
        return guid_equal(&a->guid, &b->guid);
    return same_server(a, b->site, b->server);
}

static bool same_place(const struct place *a, const struct place *b)
{
    if (a->has_dsa && b->has_dsa)
        return guid_equal(&a->dsa, &b->dsa);
    return same_host(a->host, b->host);
}

/* --- candidates --- */

static int strength(const struct record *r)
{
    return r->kind == RECORD_EVENT ? 2 : r->kind == RECORD_PARTNER;
}

static bool is_better(const struct record *a, const struct record *b)
{
    if (strength(a) != strength(b))
        return strength(a) > strength(b);
    if (record_has_fault(a) != record_has_fault(b))
        return record_has_fault(a);
    return record_source(a) < record_source(b);
}

static struct meant *find_meant(const struct settled *out, const struct record *r)
{
    for (size_t i = 0; i < out->count; i++)
        if (same_dsa(&out->items[i].known, r))
            return &out->items[i];
    return NULL;
}

static void add_place(struct meant *m, const struct place *place)
{
    bool known = !place->line || m->reporters >= MAX_CANDIDATES;
    for (size_t i = 0; !known && i < m->reporters; i++)
        known = same_place(m->places[i], place);
    if (!known)
        *MEM_PUSH(m->places, m->reporters) = place;
}

/* What tells a DSA from others. */
static void learn_identity(struct record *known, const struct record *r)
{
    if (!known->has_guid) {
        known->has_guid = r->has_guid;
        known->guid = r->guid;
    }
    known->server = known->server.at ? known->server : r->server;
    known->site = known->site.at ? known->site : r->site;
}

static void add_record(struct settled *out, const struct record *r)
{
    struct meant *m = find_meant(out, r);
    if (!m && out->count == MAX_CANDIDATES) {
        out->left_out++;
        return;
    }
    m = m ? m : MEM_PUSH(out->items, out->count);
    if (!m->best || is_better(r, m->best))
        m->best = r;
    learn_identity(&m->known, r);
    m->known.code = stronger_code(m->known.code, r->code);
    m->known.when = m->known.when > r->when ? m->known.when : r->when;
    add_place(m, &r->place);
}

/* What means most, all of it; only where nothing does, what means less. */
static void collect(const struct records *records, struct settled *out)
{
    for (int weight = WEIGHT_FAULT; weight >= WEIGHT_NAME; weight--) {
        if (out->count && weight < WEIGHT_OURS)
            return;
        for (size_t i = 0; i < records->count; i++)
            if (weigh(&records->items[i]) == (enum weight)weight)
                add_record(out, &records->items[i]);
    }
}

/* --- what other records know --- */

/* Of a DSA: even a record that says that all is well has its names, and its GUID stands also where
 * it reports about others. */
static void complete(const struct records *records, struct record *known)
{
    for (size_t i = 0; i < records->count; i++) {
        const struct record *r = &records->items[i];
        if (!known->has_guid && r->place.has_dsa &&
            same_server(known, r->place.site, r->place.host)) {
            known->has_guid = true;
            known->guid = r->place.dsa;
        }
        if (r->kind >= RECORD_REPORT || !record_has_target(r) || !same_dsa(known, r))
            continue;
        learn_identity(known, r);
        if (!known->dn) {
            known->dn = r->dn;
            known->repaired_dn = r->repaired_dn;
        }
        known->forest = known->forest.at ? known->forest : r->forest;
        if (!known->attempt.at && record_has_fault(r))
            known->attempt = r->attempt;
        known->deleted = known->deleted || r->deleted;
    }
}

/* Of a reporter: its own DSA. */
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

/* For a DSA whose own records name nobody: who says that it fails without saying with whom (the
 * second table of /replsum), else the only DC that reports anything. */
static const struct place *any_place(const struct records *records)
{
    const struct place *found = NULL;
    bool several = false;
    for (size_t i = 0; i < records->count; i++) {
        const struct record *r = &records->items[i];
        if (!r->place.line || (r->place.weak && r->kind == RECORD_PROSE))
            continue;
        if (record_has_fault(r) && !record_has_target(r))
            return &r->place;
        several = several || (found && !same_place(found, &r->place));
        found = found ? found : &r->place;
    }
    return several ? NULL : found;
}

static void choose_place(const struct records *records, struct meant *m)
{
    const struct place *place = m->best->place.line ? &m->best->place : NULL;
    if (!place)
        place = m->reporters ? m->places[0] : any_place(records);
    if (place)
        m->known.place = *place;
    if (!m->reporters)
        m->reporters = place != NULL;
    complete_place(records, &m->known.place);
    free(m->places);
    m->places = NULL;
}

/* An error of its own is more than an event without one; nothing helps where the domain is gone. */
static int compare(const void *a, const void *b)
{
    const struct meant *x = a, *y = b;
    bool timed = x->known.when && y->known.when;
    const long keys[][2] = {
        {x->known.code == ERROR_DOMAIN_GONE, y->known.code == ERROR_DOMAIN_GONE},
        {!code_is_fault(x->known.code), !code_is_fault(y->known.code)},
        {-strength(x->best), -strength(y->best)},
        {-(long)x->reporters, -(long)y->reporters},
        {timed ? -(long)x->known.when : 0, timed ? -(long)y->known.when : 0},
        {(long)x->best->line, (long)y->best->line},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

/* --- the text as a whole --- */

static void see_code(struct settled *out, long code)
{
    if (!code_is_fault(code))
        out->other = out->other ? out->other : code;
    else if (out->status != ERROR_NO_SERVER_REFERENCE)
        out->status = code;
}

static int place_score(const struct record *r)
{
    if (!r->place.line)
        return -1;
    return 4 * record_has_fault(r) + 2 * (r->code != 0) + (r->kind == RECORD_EVENT);
}

static void keep_first(const struct record **first, const struct record *r, bool fits)
{
    if (fits && !*first)
        *first = r;
}

static void look_over(const struct records *records, struct settled *out)
{
    int best = -1;
    for (size_t i = 0; i < records->count; i++) {
        const struct record *r = &records->items[i];
        bool event = r->kind == RECORD_EVENT, partner = r->kind == RECORD_PARTNER;
        bool fault = record_has_fault(r), other = r->code && !fault;
        if (fault || !r->outbound)
            see_code(out, r->code);
        if (event && (!out->event || record_source(r) < record_source(out->event)))
            out->event = r;
        keep_first(&out->other_event, r, event && !is_ours(r) && event_text(r->event));
        keep_first(&out->report, r, partner || r->kind == RECORD_REPORT);
        keep_first(&out->other_partner, r, partner && other && !r->outbound);
        keep_first(&out->sysvol, r, r->kind == RECORD_SYSVOL);
        keep_first(&out->outbound, r, r->outbound && fault);
        if (place_score(r) > best) {
            best = place_score(r);
            out->place = r->place;
        }
    }
    see_code(out, records->orphan);
    out->status = out->status ? out->status : out->other;
    complete_place(records, &out->place);
}

/* What carries another fault beside one that is ours, or is only named beside it. */
static void note_dropped(const struct records *records, struct settled *out)
{
    for (size_t i = 0; i < records->count && out->dropped_count < MAX_DROPPED; i++) {
        const struct record *r = &records->items[i];
        enum weight weight = weigh(r);
        bool known = weight == WEIGHT_NONE || weight >= WEIGHT_OUTBOUND || find_meant(out, r);
        for (size_t k = 0; !known && k < out->dropped_count; k++)
            known = same_dsa(r, out->dropped[k]);
        if (!known)
            out->dropped[out->dropped_count++] = r;
    }
}

void settle(const struct records *records, struct settled *out)
{
    bool coded = false;
    *out = (struct settled){.items = NULL};
    look_over(records, out);
    collect(records, out);
    if (out->outbound && find_meant(out, out->outbound))
        out->outbound = NULL; /* it is meant itself */
    for (size_t i = 0; i < out->count; i++) {
        complete(records, &out->items[i].known);
        choose_place(records, &out->items[i]);
        coded = coded || out->items[i].known.code;
    }
    note_dropped(records, out);
    for (size_t i = 0; i < out->count && !coded && code_is_fault(records->orphan); i++)
        out->items[i].known.code = records->orphan;
    if (out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, compare);
    out->left_out += out->count > MAX_MEANT ? out->count - MAX_MEANT : 0;
    out->count = out->count > MAX_MEANT ? MAX_MEANT : out->count;
}

void settled_release(struct settled *settled)
{
    free(settled->items);
    *settled = (struct settled){.items = NULL};
}
