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

static void take(struct gather *g, const struct turn *turn)
{
    struct replication all;
    if (!g->judged)
        return;
    replication_take(g->here, turn, &g->at.status, &all);
    g->facts->replication = all.part;
    g->facts->every_inbound_fails = gather_all_inbound_fail(&all);
    note_partners(g, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (!guid_equal(&all.links[i].dsa_guid, &g->facts->asked))
            continue;
        *facts_add_link(g->facts) = all.links[i];
        all.links[i] = (struct facts_link){.result = 0};
    }
    replication_release(&all);
}

const struct step gather_status_step = {ask, take};
