/* The object that the present value names, looked up by its GUID with deleted ones shown. "Not
 * there" counts only from a DC that holds the object's partition; any other DC knows no better. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

bool holds_object(const struct server *server, const char *dn)
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

/* The most specific class: the last one listed. */
static char *kind_of(const struct entry *entry)
{
    struct strs classes = {NULL, 0};
    entry_texts(entry, "objectClass", &classes);
    char *kind = classes.count ? mem_text(classes.items[classes.count - 1]) : NULL;
    strs_release(&classes);
    return kind;
}

static void take_object(struct reading *r, struct facts *facts, const struct entry *entry,
                        size_t domain)
{
    struct facts_target *target = &facts->target;
    target->has_guid = entry_identity(entry, &target->guid);
    mem_set(&target->dn, entry->name.dn);
    target->deleted = entry_flag(entry, "isDeleted");
    target->recyclable = target->deleted && !entry_flag(entry, "isRecycled");
    target->is_computer = entry_is_class(entry, "computer");
    free(target->kind);
    target->kind = kind_of(entry);
    if (target->is_computer)
        facts_account_take(r, facts, entry, domain);
}

static void take(struct reading *r, struct facts *facts, enum part part, const struct entry *entry,
                 size_t domain)
{
    struct facts_target *target = &facts->target;
    const struct dn_link *link = &facts->srv.reference_link;
    const struct server *server = reading_server(r, domain);
    if (part == PART_ABSENT && (!link->has_guid || !holds_object(server, link->dn)))
        part = PART_NO_ANSWER;
    if (entry && !entry_has(entry, "objectClass"))
        part = PART_DENIED; /* it is there, and shows nothing of itself: its kind is unknown */
    target->part = part;
    target->guid = link->guid;
    target->has_guid = link->has_guid;
    mem_set(&target->asked_at, reading_name(server));
    if (part == PART_PRESENT && entry)
        take_object(r, facts, entry, domain);
}

static size_t find(const struct reading *r, const struct dn_link *link)
{
    size_t at = link->has_guid ? store_guid(&r->store, SORT_ACCOUNT, &link->guid) : NOWHERE;
    if (at == NOWHERE && link->has_guid)
        at = store_guid(&r->store, SORT_OTHER, &link->guid);
    return at;
}

static bool is_open(const struct reading *r, const struct facts *facts)
{
    const struct dn_link *link = &facts->srv.reference_link;
    enum part part = facts->target.part;
    if (facts->srv.reference != PART_PRESENT || part == PART_PRESENT || part == PART_ABSENT)
        return false;
    return r->judged || server_catalog_port(r->here) || holds_object(r->here, link->dn);
}

void facts_target_from(struct reading *r, struct facts *facts)
{
    const struct dn_link *link = &facts->srv.reference_link;
    if (!is_open(r, facts))
        return;
    size_t at = find(r, link);
    if (at != NOWHERE) {
        take(r, facts, PART_PRESENT, r->store.items[at].entry, r->store.items[at].domain);
        return;
    }
    size_t domain = domain_holding(r, link->dn);
    if (domain == NOWHERE)
        return;
    const struct answer *answer =
        answer_to(r, (struct question){.ask = ASK_ACCOUNT,
                                       .domain = domain,
                                       .guid = link->has_guid ? &link->guid : NULL,
                                       .text = link->has_guid ? NULL : link->dn});
    if (answer->part != PART_NOT_ASKED)
        take(r, facts, answer->part, answer_entry(answer), domain);
}
