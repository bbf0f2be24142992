/* Who holds what: the first DC's value stands for all that do not differ from it, so that a healthy
 * forest of hundreds of DCs keeps nothing for each of them. */
#include "src/jobs/every_dc_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>

enum { NAMES_MOST = 4 };

void every_dc_range(const struct every_dc *every, size_t server, size_t *first, size_t *end)
{
    size_t low = 0, high = every->difference_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (every->differences[middle].server < server)
            low = middle + 1;
        else
            high = middle;
    }
    *first = *end = low;
    while (*end < every->difference_count && every->differences[*end].server == server)
        (*end)++;
}

static bool same_target(const struct dn_link *a, const struct dn_link *b)
{
    return a->has_guid && b->has_guid ? guid_equal(&a->guid, &b->guid) : dn_equal(a->dn, b->dn);
}

static struct every_dc_group *group_of(struct every_dc_groups *out,
                                       const struct every_dc_difference *difference)
{
    for (size_t i = 1; i < out->count; i++) {
        struct every_dc_group *group = &out->items[i];
        if (group->state == difference->state &&
            (group->state != COPY_VALUE || same_target(group->value, &difference->value)))
            return group;
    }
    struct every_dc_group *group = MEM_PUSH(out->items, out->count);
    *group = (struct every_dc_group){.state = difference->state, .value = &difference->value};
    return group;
}

static void add_to(struct every_dc_group *group, size_t dc)
{
    *MEM_PUSH(group->dcs, group->count) = dc;
}

/* The first DC, and every other that was read and does not differ. */
static void add_agreeing(const struct every_dc *every, size_t first, size_t end,
                         struct every_dc_group *group)
{
    for (size_t dc = 0; dc < every->dc_count; dc++) {
        bool differs = first < end && every->differences[first].dc == dc;
        if (differs)
            first++;
        else if (every->dcs[dc].read)
            add_to(group, dc);
    }
}

static enum copy_state own_state(const struct facts_server *srv)
{
    return srv->part != PART_PRESENT        ? COPY_NO_OBJECT
           : srv->reference == PART_PRESENT ? COPY_VALUE
           : srv->reference == PART_ABSENT  ? COPY_ABSENT
                                            : COPY_UNREADABLE;
}

void every_dc_groups(const struct every_dc *every, const struct scan_finding *finding,
                     struct every_dc_groups *out)
{
    const struct facts *facts = &finding->facts;
    size_t server = forest_list_find(&every->list->by_dsa, &facts->asked), first = 0, end = 0;
    *out = (struct every_dc_groups){.items = NULL};
    struct every_dc_group *own = MEM_PUSH(out->items, out->count);
    *own = (struct every_dc_group){.state = own_state(&facts->srv),
                                   .value = &facts->srv.reference_link};
    if (server != INDEX_END)
        every_dc_range(every, server, &first, &end);
    bool broken = finding->verdict.kind != VERDICT_HEALTHY;
    own->shows = broken || first == end;
    if (server == INDEX_END || (first == end && !broken))
        add_to(own, 0); /* what only the first DC's replication shows */
    else
        add_agreeing(every, first, end, own);
    for (size_t i = first; i < end; i++) {
        struct every_dc_group *group = group_of(out, &every->differences[i]);
        group->shows = !broken && group->state != COPY_UNREADABLE;
        add_to(group, every->differences[i].dc);
    }
    for (size_t i = 0; i < out->count; i++)
        out->shown += out->items[i].shows ? out->items[i].count : 0;
}

void every_dc_groups_release(struct every_dc_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        free(groups->items[i].dcs);
    free(groups->items);
    *groups = (struct every_dc_groups){.items = NULL};
}

/* ---- in words ---- */

void every_dc_names(struct str *out, const struct every_dc *every, const size_t *dcs, size_t count)
{
    size_t named = count <= NAMES_MOST + 1 ? count : NAMES_MOST;
    for (size_t i = 0; i < named; i++)
        str_addf(out, "%s%s", i ? ", " : "", every->dcs[dcs[i]].server);
    if (count > named)
        str_addf(out, " and %zu more", count - named);
}

char *every_dc_on(const struct every_dc *every, const struct scan_finding *finding)
{
    struct every_dc_groups groups;
    every_dc_groups(every, finding, &groups);
    char *text = str_format("%zu of %zu", groups.shown, every->dc_count);
    every_dc_groups_release(&groups);
    return text;
}

char *every_dc_shown(const struct every_dc *every, const struct scan_finding *finding)
{
    struct every_dc_groups groups;
    struct str text = STR_INIT;
    every_dc_groups(every, finding, &groups);
    for (size_t i = 0; i < groups.count; i++) {
        if (!groups.items[i].shows)
            continue;
        str_add(&text, text.len ? ", " : "");
        every_dc_names(&text, every, groups.items[i].dcs, groups.items[i].count);
    }
    every_dc_groups_release(&groups);
    return str_steal(&text);
}

static const char *held_by(const struct every_dc_group *group)
{
    switch (group->state) {
    case COPY_VALUE:
        return group->value->dn;
    case COPY_ABSENT:
        return "no value";
    case COPY_NO_OBJECT:
        return "no server object";
    default:
        return "a value that may not be read";
    }
}

char *every_dc_where(const struct every_dc *every, const struct scan_finding *finding)
{
    struct every_dc_groups groups;
    struct str line = STR_INIT;
    char *name = scan_name(&finding->facts);
    bool begun = false;
    every_dc_groups(every, finding, &groups);
    str_addf(&line, "%s: ", *name ? name : "?");
    for (size_t i = 0; i < 2 * groups.count; i++) { /* what shows the finding comes first */
        const struct every_dc_group *group = &groups.items[i % groups.count];
        if (group->shows != (i < groups.count))
            continue;
        str_addf(&line, "%s%s on ", begun ? "; " : "", held_by(group));
        every_dc_names(&line, every, group->dcs, group->count);
        begun = true;
    }
    free(name);
    every_dc_groups_release(&groups);
    return str_steal(&line);
}
