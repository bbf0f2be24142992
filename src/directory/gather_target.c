/* The object that the present value names, looked up by its GUID with deleted ones shown. "Not
 * there" counts only from a DC that holds the object's partition; any other DC knows no better. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

static bool holds(const struct server *server, const char *dn)
{
    if (server_catalog_port(server))
        return false;
    if (server->config_dn && dn_is_under(dn, server->config_dn))
        return true;
    char *domain = dn_to_dns(dn), *own = server->domain_dn ? dn_to_dns(server->domain_dn) : NULL;
    bool same = domain && str_same_case(domain, own);
    free(domain);
    free(own);
    return same;
}

static void ask(struct gather *g, struct turn *turn)
{
    const struct dn_link *link = &g->facts->srv.reference_link;
    g->at.target = TURN_NONE;
    if (g->facts->srv.reference != PART_PRESENT || g->facts->target.part == PART_PRESENT ||
        g->facts->target.part == PART_ABSENT)
        return;
    if (!g->judged && !server_catalog_port(g->here) && !holds(g->here, link->dn))
        return;
    g->at.target = link->has_guid ? turn_guid(turn, &link->guid, gather_account_attributes)
                                  : turn_object(turn, link->dn, gather_account_attributes);
    turn->searches[g->at.target].dacl = true;
}

/* The most specific class: the last one listed. */
static char *kind_of(const struct entry *entry)
{
    struct strs classes = {NULL, 0};
    entry_texts(entry, "objectClass", &classes);
    char *kind = classes.count ? mem_text(classes.items[classes.count - 1]) : NULL;
    strs_release(&classes);
    return kind;
}

static void take_object(struct gather *g, const struct entry *entry)
{
    struct facts_target *target = &g->facts->target;
    target->has_guid = entry_identity(entry, &target->guid);
    mem_set(&target->dn, entry->name.dn);
    target->deleted = entry_flag(entry, "isDeleted");
    target->recyclable = target->deleted && !entry_flag(entry, "isRecycled");
    target->is_computer = entry_is_class(entry, "computer");
    free(target->kind);
    target->kind = kind_of(entry);
    if (target->is_computer)
        gather_take_account(g, entry);
}

void gather_take_target(struct gather *g, enum part part, const struct entry *entry)
{
    struct facts_target *target = &g->facts->target;
    const struct dn_link *link = &g->facts->srv.reference_link;
    if (part == PART_ABSENT && (!link->has_guid || !holds(g->here, link->dn)))
        part = PART_NO_ANSWER;
    if (entry && !entry_has(entry, "objectClass"))
        part = PART_DENIED; /* it is there, and shows nothing of itself: its kind is unknown */
    target->part = part;
    target->guid = link->guid;
    target->has_guid = link->has_guid;
    mem_set(&target->asked_at, gather_name(g->here));
    if (part == PART_PRESENT && entry)
        take_object(g, entry);
}

static void take(struct gather *g, const struct turn *turn)
{
    enum part part = turn_part(turn, g->at.target);
    if (part != PART_NOT_ASKED)
        gather_take_target(g, part, turn_entry(turn, g->at.target));
}

const struct step gather_target_step = {ask, take};
