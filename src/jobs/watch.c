/* The reading is directory/replication's; this keeps what concerns one DSA. */
#include "src/jobs/watch.h"

#include "src/base/mem.h"
#include "src/directory/replication.h"

#include <stdlib.h>

struct err *watch_read(struct session *session, const struct guid *dsa, struct watch *out)
{
    const struct server *here = session_server(session);
    struct replication_slots slots;
    struct turn turn = TURN_INIT;
    *out = (struct watch){.dsa = *dsa};
    replication_ask(here, &turn, &slots);
    struct err *err = turn_run(&turn, session);
    if (!err) {
        struct replication all;
        replication_take(here, &turn, &slots, &all);
        out->part = all.part;
        for (size_t i = 0; i < all.count; i++) {
            if (!guid_equal(&all.links[i].dsa_guid, dsa))
                continue;
            *MEM_PUSH(out->links, out->count) = all.links[i];
            all.links[i] = (struct facts_link){.result = 0};
        }
        replication_release(&all);
    }
    turn_release(&turn);
    return err;
}

void watch_release(struct watch *watch)
{
    for (size_t i = 0; i < watch->count; i++)
        replication_link_release(&watch->links[i]);
    free(watch->links);
    *watch = (struct watch){.links = NULL};
}

void watch_merge(struct watch *watch, struct facts *facts)
{
    struct watch old = {.links = facts->links, .count = facts->link_count};
    facts->links = watch->links;
    facts->link_count = watch->count;
    facts->replication = watch->part;
    watch->links = NULL;
    watch->count = 0;
    watch_release(&old);
}
