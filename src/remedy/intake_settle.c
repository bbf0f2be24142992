/* From what was found to what is meant. The rules, strongest first: a DSA that an event or a
 * GUID-based name points at stays; where 8589 is in the text, a DSA that only another error names
 * goes; bare GUIDs, then DNs count only where nothing better is there; the reporting DC itself is
 * nobody's partner. What is left is what the operator may mean: more than one is a conflict. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"
#include "src/model/host.h"

#include <stdlib.h>
#include <string.h>

static bool is_event(const struct subject_dsa *dsa)
{
    return dsa->source <= SUBJECT_EVENT_1272;
}

static bool is_report(const struct subject_dsa *dsa)
{
    return dsa->source >= SUBJECT_SHOWREPL && dsa->source <= SUBJECT_DCDIAG_REFERENCES;
}

static bool is_fault(long status)
{
    return status == DS_NO_SERVER_REFERENCE || status == DS_DELETED_DOMAIN;
}

static void count_meant(struct intake *in)
{
    in->meant = 0;
    for (size_t i = 0; i < in->count; i++)
        in->meant += in->finds[i].weight == INTAKE_MEANT;
}

static void drop(struct intake *in, struct intake_find *find)
{
    find->weight = INTAKE_NAMED;
    in->meant--;
}

enum { MAX_DROP_NOTES = 5 };

/* Takes one out that the operator might look for, and says why. */
static void drop_loudly(struct intake *in, struct intake_find *find, const char *why)
{
    drop(in, find);
    if (in->notes.count >= MAX_DROP_NOTES)
        return;
    char *name = intake_dsa_name(&find->dsa);
    strs_own(&in->notes, str_format("Line %zu: %s was not taken: %s.", find->dsa.line, name, why));
    free(name);
}

/* Partners that are only notified, and DSAs of events that are not ours: there a bare GUID may be
 * anything's unless 8589 stands beside it. */
static void promote(struct intake *in)
{
    bool inbound = false, meant = in->meant > 0;
    for (size_t i = 0; i < in->count; i++)
        inbound = inbound || (in->finds[i].weight == INTAKE_MEANT && is_report(&in->finds[i].dsa));
    for (size_t i = 0; i < in->count; i++) {
        struct intake_find *find = &in->finds[i];
        bool named = !meant && find->dsa.source != SUBJECT_GUID;
        bool stray = find->weight == INTAKE_STRAY && (is_fault(find->dsa.status) || named);
        if (stray || (find->weight == INTAKE_OUTBOUND && !inbound))
            find->weight = INTAKE_MEANT;
    }
    count_meant(in);
}

static void drop_other_faults(struct intake *in)
{
    bool ours = false;
    for (size_t i = 0; i < in->count; i++)
        ours = ours || (in->finds[i].weight == INTAKE_MEANT &&
                        in->finds[i].dsa.status == DS_NO_SERVER_REFERENCE);
    for (size_t i = 0; ours && i < in->count; i++) {
        struct intake_find *find = &in->finds[i];
        if (find->weight != INTAKE_MEANT || !find->dsa.status || is_fault(find->dsa.status))
            continue;
        char *why = str_format("error %ld beside it is another fault", find->dsa.status);
        drop_loudly(in, find, why);
        free(why);
    }
}

static void drop_reporters(struct intake *in)
{
    for (size_t i = 0; i < in->count; i++) {
        struct intake_find *find = &in->finds[i];
        for (size_t k = 0; k < in->place_count && in->meant > 1; k++) {
            const struct intake_place *place = &in->places[k];
            if (find->weight == INTAKE_MEANT && !is_event(&find->dsa) && place->has_dsa &&
                find->dsa.has_guid && guid_equal(&place->dsa, &find->dsa.guid))
                drop_loudly(in, find, "it is the reporting DC itself");
        }
    }
}

/* 0: says for itself that it is meant; 1: a bare GUID; 2: a DN or a name. */
static int rank(const struct subject_dsa *dsa)
{
    if (dsa->source == SUBJECT_GUID)
        return 1;
    return dsa->source >= SUBJECT_DN ? 2 : 0;
}

static void drop_weaker(struct intake *in)
{
    int best = 2;
    for (size_t i = 0; i < in->count; i++)
        if (in->finds[i].weight == INTAKE_MEANT && rank(&in->finds[i].dsa) < best)
            best = rank(&in->finds[i].dsa);
    for (size_t i = 0; i < in->count; i++)
        if (in->finds[i].weight == INTAKE_MEANT && rank(&in->finds[i].dsa) > best)
            drop_loudly(in, &in->finds[i], "the text names a DSA more directly");
}

static bool same_server(const struct subject_dsa *a, const struct subject_dsa *b)
{
    return host_matches(a->server, b->server) &&
           (!a->site || !b->site || str_same_case(a->site, b->site));
}

static void lend(struct subject_dsa *to, const struct subject_dsa *from)
{
    if (!to->ntds_dn)
        mem_set(&to->ntds_dn, from->ntds_dn);
    if (!to->server_dn)
        mem_set(&to->server_dn, from->server_dn);
    if (!to->site)
        mem_set(&to->site, from->site);
    if (!to->last_attempt)
        mem_set(&to->last_attempt, from->last_attempt);
    if (to->status == 0)
        to->status = from->status;
}

/* A DSA that only lent its name so far is what the name meant. */
static void stand_for(struct intake *in, struct intake_find *find, const struct subject_dsa *name)
{
    find->weight = INTAKE_MEANT;
    find->dsa.source = name->source;
    find->dsa.line = name->line;
    find->dsa.hypothesis = name->hypothesis;
    in->meant++;
}

/* A name without a GUID belongs to the DSA of that name, if the text has its GUID elsewhere. */
static void fold_names(struct intake *in)
{
    for (size_t i = 0; i < in->count; i++) {
        struct intake_find *name = &in->finds[i];
        struct intake_find *best = NULL;
        if (name->dsa.has_guid || name->weight != INTAKE_MEANT)
            continue;
        for (size_t k = 0; k < in->count; k++) {
            struct intake_find *other = &in->finds[k];
            bool fits = other->dsa.has_guid && same_server(&name->dsa, &other->dsa);
            if (fits && (!best || other->weight > best->weight))
                best = other;
        }
        if (!best)
            continue;
        lend(&best->dsa, &name->dsa);
        if (best->weight != INTAKE_MEANT)
            stand_for(in, best, &name->dsa);
        drop(in, name);
    }
}

static int place_score(const struct intake_place *place)
{
    return 2 * place->failing + place->event;
}

static void settle_destination(const struct intake *in, struct subject *out)
{
    const struct intake_place *best = NULL;
    for (size_t i = 0; i < in->place_count; i++)
        if (!best || place_score(&in->places[i]) > place_score(best))
            best = &in->places[i];
    if (!best)
        return;
    out->destination = mem_text(best->host);
    out->has_destination_dsa = best->has_dsa;
    out->destination_dsa = best->dsa;
}

static int compare(const void *a, const void *b)
{
    const struct subject_dsa *x = a, *y = b;
    bool hopeless_x = x->status == DS_DELETED_DOMAIN, hopeless_y = y->status == DS_DELETED_DOMAIN;
    if (hopeless_x != hopeless_y)
        return hopeless_x ? 1 : -1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static void move_meant(struct intake *in, struct subject *out)
{
    for (size_t i = 0; i < in->count; i++) {
        struct subject_dsa *dsa = &in->finds[i].dsa;
        if (in->finds[i].weight != INTAKE_MEANT)
            continue;
        *subject_add(out, dsa->source) = *dsa;
        *dsa = (struct subject_dsa){.has_guid = false};
    }
    if (out->count > 1)
        qsort(out->dsas, out->count, sizeof *out->dsas, compare);
}

struct err *intake_settle(struct intake *in, struct subject *out)
{
    count_meant(in);
    promote(in);
    drop_other_faults(in);
    drop_reporters(in);
    drop_weaker(in);
    fold_names(in);
    settle_destination(in, out);
    move_meant(in, out);
    out->conflict = out->count > 1;
    out->status = in->saw_8589   ? DS_NO_SERVER_REFERENCE
                  : in->saw_8603 ? DS_DELETED_DOMAIN
                                 : in->other_code;
    intake_say_all(in, out);
    return out->count ? NULL : intake_nothing(in);
}
