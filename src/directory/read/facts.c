/* All about one DSA, part by part. What a part would still have to know it asks; the parts that
 * follow from it come in a later round. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

/* Of a forest the names that are shown, without the lists that only a write asks for. */
static void copy_server(const struct reading *r, struct facts *facts)
{
    struct server brief = *r->here;
    if (r->way)
        brief.controls = brief.mechanisms = brief.token_groups = (struct strs){NULL, 0};
    server_copy(&facts->server, &brief);
}

static void read_around(struct reading *r, struct facts *facts)
{
    size_t at = store_guid(&r->store, SORT_DSA, &facts->asked);
    const char *name = at == NOWHERE ? NULL : r->store.items[at].name;
    facts_server_from(r, facts);
    facts_accounts_from(r, facts, name);
    facts_target_from(r, facts);
    facts_others_from(r, facts, name);
    facts_links_from(r, facts);
    facts_others_finish(facts);
}

void facts_from(struct reading *r, const struct guid *dsa, struct facts *facts)
{
    facts->asked = *dsa;
    facts->survey = r->way != NULL;
    copy_server(r, facts);
    facts_forest(r, facts);
    facts_dsa_from(r, dsa, facts);
    if (facts->dsa.part == PART_PRESENT)
        read_around(r, facts);
    else if (facts->dsa.part == PART_ABSENT && !r->way)
        facts_not_a_dsa(r, facts);
}
