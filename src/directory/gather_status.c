/* What replication says of N on the DC that was read: the links that name it, and whether anything
 * comes in at all. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

static void ask(struct gather *g, struct turn *turn)
{
    if (g->judged)
        replication_ask(g->here, turn, &g->at.status);
}

bool gather_all_inbound_fail(const struct replication *all)
{
    size_t inbound = 0, failing = 0;
    for (size_t i = 0; i < all->count; i++) {
        inbound += !all->links[i].outbound;
        failing += !all->links[i].outbound && all->links[i].result != 0;
    }
    return inbound > 0 && failing == inbound;
}

static void note_partners(struct gather *g, const struct replication *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->links[i].outbound)
            *MEM_PUSH(g->inbound.items, g->inbound.count) = all->links[i].dsa_guid;
}

void gather_take_links(struct gather *g)
{
    for (size_t i = 0; i < g->links.count; i++) {
        if (!guid_equal(&g->links.links[i].dsa_guid, &g->facts->asked))
            continue;
        *facts_add_link(g->facts) = g->links.links[i];
        g->links.links[i] = (struct facts_link){.result = 0};
    }
}

static void take(struct gather *g, const struct turn *turn)
{
    if (!g->judged)
        return;
    replication_release(&g->links);
    replication_take(g->here, turn, &g->at.status, &g->links);
    g->facts->replication = g->links.part;
    g->facts->every_inbound_fails = gather_all_inbound_fail(&g->links);
    note_partners(g, &g->links);
    gather_take_links(g);
}

const struct step gather_status_step = {ask, take};
