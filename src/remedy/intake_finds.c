/* The DSAs and the reporting DCs found so far: one entry each, however often a text names it. What
 * a later mention adds (a name, a site, a status) is filled in; the stronger source stays. The
 * numbers are bounded, so a hostile text costs time but no memory. */
#include "src/model/host.h"
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

void intake_dsa_release(struct subject_dsa *dsa)
{
    bool texts = dsa->ntds_dn || dsa->server_dn || dsa->site || dsa->server || dsa->forest ||
                 dsa->last_attempt;
    if (texts) {
        struct subject one = {.count = 0};
        *subject_add(&one, dsa->source) = *dsa;
        subject_release(&one);
    }
    *dsa = (struct subject_dsa){.has_guid = false};
}

static void move_text(char **to, char **from)
{
    if (!*to) {
        *to = *from;
        *from = NULL;
    }
}

/* A status that tells more than another. */
static bool says_more(long a, long b)
{
    return b == 0 ? a != 0 : b != DS_NO_SERVER_REFERENCE && a == DS_NO_SERVER_REFERENCE;
}

static void merge(struct intake_find *find, struct subject_dsa *dsa, enum intake_weight weight)
{
    struct subject_dsa *old = &find->dsa;
    bool stronger = weight > find->weight || (weight == find->weight && dsa->source < old->source);
    if (stronger) {
        old->source = dsa->source;
        old->line = dsa->line;
        old->hypothesis = dsa->hypothesis;
        find->weight = weight;
    }
    if (says_more(dsa->status, old->status)) {
        old->status = dsa->status;
        if (dsa->last_attempt) {
            free(old->last_attempt);
            old->last_attempt = NULL;
        }
    }
    old->deleted_mark = old->deleted_mark || dsa->deleted_mark;
    move_text(&old->ntds_dn, &dsa->ntds_dn);
    move_text(&old->server_dn, &dsa->server_dn);
    move_text(&old->site, &dsa->site);
    move_text(&old->server, &dsa->server);
    move_text(&old->forest, &dsa->forest);
    move_text(&old->last_attempt, &dsa->last_attempt);
}

static bool same_dsa(const struct subject_dsa *a, const struct subject_dsa *b)
{
    if (a->has_guid != b->has_guid)
        return false;
    if (a->has_guid)
        return guid_equal(&a->guid, &b->guid);
    return host_matches(a->server, b->server) &&
           (!a->site || !b->site || str_same_case(a->site, b->site));
}

static struct intake_find *find_same(struct intake *in, const struct subject_dsa *dsa)
{
    for (size_t i = 0; i < in->count; i++)
        if (same_dsa(&in->finds[i].dsa, dsa))
            return &in->finds[i];
    return NULL;
}

static bool has_room(const struct intake *in, enum intake_weight weight)
{
    if (weight == INTAKE_MEANT)
        return in->meant < INTAKE_MAX_MEANT;
    return in->count - in->meant < INTAKE_MAX_FINDS - INTAKE_MAX_MEANT;
}

void intake_add(struct intake *in, struct subject_dsa *dsa, enum intake_weight weight)
{
    struct intake_find *find = find_same(in, dsa);
    bool named = dsa->has_guid || dsa->server;
    if (find) {
        in->meant += weight == INTAKE_MEANT && find->weight != INTAKE_MEANT;
        merge(find, dsa, weight);
    } else if (named && has_room(in, weight)) {
        find = MEM_PUSH(in->finds, in->count);
        find->dsa = *dsa;
        find->weight = weight;
        in->meant += weight == INTAKE_MEANT;
        *dsa = (struct subject_dsa){.has_guid = false};
    } else {
        in->left_out += named && weight == INTAKE_MEANT;
    }
    intake_dsa_release(dsa);
}

void intake_add_guid(struct intake *in, const struct intake_token *token, size_t line,
                     enum subject_source source)
{
    struct subject_dsa dsa = {
        .source = source, .has_guid = true, .guid = token->guid, .line = line};
    dsa.forest = *token->forest ? mem_text(token->forest) : NULL;
    intake_add(in, &dsa, INTAKE_MEANT);
}

static bool same_place(const struct intake_place *a, const struct intake_place *b)
{
    if (a->has_dsa && b->has_dsa)
        return guid_equal(&a->dsa, &b->dsa);
    return host_matches(a->host, b->host);
}

void intake_add_place(struct intake *in, const struct intake_place *place)
{
    struct intake_place *old = NULL;
    for (size_t i = 0; i < in->place_count && !old; i++)
        if (same_place(&in->places[i], place))
            old = &in->places[i];
    if (!old && (in->place_count == INTAKE_MAX_PLACES || (!place->host && !place->has_dsa)))
        return;
    if (!old)
        old = MEM_PUSH(in->places, in->place_count);
    if (old->line == 0 || (place->event && !old->event)) {
        old->line = place->line;
        old->source = place->source;
    }
    bool longer =
        place->host && (!old->host || (!strchr(old->host, '.') && strchr(place->host, '.')));
    if (longer)
        mem_set(&old->host, place->host);
    if (place->site && !old->site)
        mem_set(&old->site, place->site);
    if (place->has_dsa && !old->has_dsa) {
        old->has_dsa = true;
        old->dsa = place->dsa;
    }
    old->event = old->event || place->event;
    old->failing = old->failing || place->failing;
}

void intake_see_code(struct intake *in, long code, const char *name)
{
    in->saw_8589 = in->saw_8589 || code == DS_NO_SERVER_REFERENCE;
    in->saw_8603 = in->saw_8603 || code == DS_DELETED_DOMAIN;
    if (code == 0 || code == DS_NO_SERVER_REFERENCE || code == DS_DELETED_DOMAIN)
        return;
    if (in->other_code == 0)
        in->other_code = code;
    if (in->other_code == code && name && !in->other_name)
        in->other_name = mem_text(name);
}

void intake_release(struct intake *in)
{
    for (size_t i = 0; i < in->count; i++)
        intake_dsa_release(&in->finds[i].dsa);
    free(in->finds);
    for (size_t i = 0; i < in->place_count; i++) {
        free(in->places[i].host);
        free(in->places[i].site);
    }
    free(in->places);
    free(in->other_name);
    free(in->sysvol_name);
    free(in->banner);
    strs_release(&in->notes);
    *in = (struct intake){.finds = NULL};
}
