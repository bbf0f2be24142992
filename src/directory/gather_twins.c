/* The servers beside S: those with its name, then those with its host name, then the DSA below each
 * of them; and which of them a deleted DSA's machine runs as now. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

enum { TWINS_MOST = 50 };

static void servers_search(struct gather *g, struct turn *turn, const char *terms)
{
    struct search *search = turn_add(turn);
    search_init(search, SCOPE_SUBTREE, g->sites, gather_server_attributes,
                "(&(objectClass=server)(|%s))", terms);
    search->page = search->most = TWINS_MOST;
}

static bool is_known(const struct facts *facts, const struct guid *guid)
{
    if (facts->srv.part == PART_PRESENT && guid_equal(&facts->srv.guid, guid))
        return true;
    for (size_t i = 0; i < facts->twin_count; i++)
        if (guid_equal(&facts->twins[i].guid, guid))
            return true;
    return false;
}

struct facts_other *gather_take_twin(struct facts *facts, const struct entry *entry)
{
    struct guid guid;
    if (!entry_identity(entry, &guid) || !entry_is_class(entry, "server") || is_known(facts, &guid))
        return NULL;
    struct facts_other *twin = MEM_PUSH(facts->twins, facts->twin_count);
    other_take(twin, entry);
    return twin;
}

static void take_servers(struct facts *facts, const struct result *result)
{
    for (size_t i = 0; result && i < result->count; i++)
        (void)gather_take_twin(facts, &result->entries[i]);
}

/* ---- the same name ---- */

static void ask_same_name(struct gather *g, struct turn *turn)
{
    g->at.same_name = TURN_NONE;
    if (!g->name)
        return;
    char *cn = search_escape(g->name);
    char *terms = str_format("(cn=%s)(cn=%s\\0aCNF:*)", cn, cn);
    g->at.same_name = turn->count;
    servers_search(g, turn, terms);
    free(terms);
    free(cn);
}

static void take_same_name(struct gather *g, const struct turn *turn)
{
    take_servers(g->facts, turn_result(turn, g->at.same_name));
}

const struct step gather_same_name_step = {ask_same_name, take_same_name};

/* ---- the same host name ---- */

static void ask_same_host(struct gather *g, struct turn *turn)
{
    char *terms = gather_host_terms(g->facts->srv.dns_host);
    g->at.same_host = terms ? turn->count : TURN_NONE;
    if (terms)
        servers_search(g, turn, terms);
    free(terms);
}

static void take_same_host(struct gather *g, const struct turn *turn)
{
    take_servers(g->facts, turn_result(turn, g->at.same_host));
}

const struct step gather_same_host_step = {ask_same_host, take_same_host};

/* ---- the DSA below each twin that is new, and, of a deleted one, below S itself ---- */

static void ask_dsas(struct gather *g, struct turn *turn)
{
    const struct facts *facts = g->facts;
    g->at.own_child = TURN_NONE;
    if (facts->dsa.deleted && facts->srv.part == PART_PRESENT && !facts->srv.deleted &&
        !g->own_child_asked)
        g->at.own_child = other_ask_dsa(turn, &facts->srv.guid);
    g->own_child_asked = true;
    g->twins_from = g->twins_asked;
    g->at.twins = turn->count;
    for (; g->twins_asked < facts->twin_count; g->twins_asked++)
        other_ask_dsa(turn, &facts->twins[g->twins_asked].guid);
}

void gather_take_own_child(struct facts *facts, struct facts_other own)
{
    own.guid = facts->srv.guid;
    own.dn = mem_text(facts->srv.dn);
    own.cn = mem_text(facts->srv.cn);
    own.dns_host = mem_text(facts->srv.dns_host);
    dn_link_copy(&own.reference, &facts->srv.reference_link);
    *MEM_PUSH(facts->successors, facts->successor_count) = own;
}

void gather_note_next(struct gather *g, const struct entry *entry)
{
    struct gather next = *g;
    if (!g->facts->dsa.deleted || g->next || !entry)
        return;
    next.facts = g->next = mem_zero(1, sizeof *g->next);
    facts_init(g->next);
    next.dsa = NULL;
    next.name = NULL;
    gather_take_dsa(&next, entry);
    g->next_name = next.name;
}

/* S is live again and has another DSA below it. */
static void take_own_child(struct gather *g, const struct turn *turn)
{
    struct facts_other own = {.has_dsa = false};
    other_take_dsa(&own, turn, g->at.own_child);
    if (!own.has_dsa)
        return;
    gather_take_own_child(g->facts, own);
    gather_note_next(g, turn_entry(turn, g->at.own_child));
}

static void take_dsas(struct gather *g, const struct turn *turn)
{
    take_own_child(g, turn);
    for (size_t i = g->twins_from; i < g->twins_asked; i++) {
        size_t slot = g->at.twins + (i - g->twins_from);
        other_take_dsa(&g->facts->twins[i], turn, slot);
        if (g->facts->twins[i].has_dsa)
            gather_note_next(g, turn_entry(turn, slot));
    }
}

const struct step gather_dsas_step = {ask_dsas, take_dsas};

/* ---- after the last turn ---- */

static void add_copy(struct facts_other **list, size_t *count, const struct facts_other *from)
{
    for (size_t i = 0; i < *count; i++)
        if (guid_equal(&(*list)[i].guid, &from->guid))
            return;
    struct facts_other *to = mem_push((void *)list, count, sizeof *to);
    other_copy(to, from);
}

void gather_finish_others(struct facts *facts)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        for (size_t h = 0; account->is_target && h < account->holder_count; h++)
            add_copy(&facts->twins, &facts->twin_count, &account->holders[h]);
    }
    for (size_t i = 0; facts->dsa.deleted && i < facts->twin_count; i++)
        if (facts->twins[i].has_dsa)
            add_copy(&facts->successors, &facts->successor_count, &facts->twins[i]);
}
