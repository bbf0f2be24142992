/* First turn: the status of all links. Second turn: the DSAs behind them, by GUID and deleted or
 * not, because a tombstone that is still pulled from is one of the answers. */
#include "src/jobs/failing.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/replication.h"

#include <stdlib.h>
#include <strings.h>

enum { FAULT = 8589, ASKED_MOST = 500 };

static const char *const dsa_attributes[] = {"objectClass", "objectGUID", "isDeleted", NULL};

void failing_release(struct failing *failing)
{
    for (size_t i = 0; i < failing->count; i++) {
        free(failing->partners[i].dn);
        free(failing->partners[i].name);
        free(failing->partners[i].site);
    }
    free(failing->partners);
    *failing = (struct failing){.part = PART_NOT_ASKED};
}

/* ---- links become partners ---- */

static struct failing_partner *partner_for(struct failing *out, const struct facts_link *link)
{
    for (size_t i = 0; i < out->count; i++)
        if (guid_equal(&out->partners[i].dsa, &link->dsa_guid))
            return &out->partners[i];
    struct failing_partner *partner = MEM_PUSH(out->partners, out->count);
    partner->dsa = link->dsa_guid;
    partner->name = mem_text(link->partner);
    return partner;
}

static int badness(int32_t result)
{
    return result == FAULT ? 2 : result != 0;
}

static bool is_worse(const struct failing_partner *partner, const struct facts_link *link)
{
    if (badness(link->result) != badness(partner->result))
        return badness(link->result) > badness(partner->result);
    return link->failures > partner->failures;
}

static void take_link(struct failing *out, const struct facts_link *link)
{
    struct failing_partner *partner = partner_for(out, link);
    bool first = !partner->inbound && !partner->outbound;
    partner->inbound = partner->inbound || !link->outbound;
    partner->outbound = partner->outbound || link->outbound;
    if (!first && !is_worse(partner, link))
        return;
    partner->result = link->result;
    partner->failures = link->failures;
    partner->last_attempt = link->last_attempt;
    partner->last_success = link->last_success;
}

static bool is_same(const struct facts_link *a, const struct facts_link *b)
{
    return guid_equal(&a->dsa_guid, &b->dsa_guid) && a->result == b->result &&
           str_same_case(a->nc, b->nc);
}

/* A naming context that goes both ways counts once. */
static void count_contexts(struct failing *out, const struct replication *all)
{
    for (size_t i = 0; i < all->count; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = is_same(&all->links[i], &all->links[k]);
        struct failing_partner *partner = partner_for(out, &all->links[i]);
        partner->contexts += !seen && partner->result == all->links[i].result;
    }
}

static struct err *read_links(struct session *session, struct failing *out)
{
    struct turn turn = TURN_INIT;
    struct replication_slots slots;
    struct replication all;
    const struct server *here = session_server(session);
    replication_ask(here, &turn, &slots);
    struct err *err = turn_run(&turn, session);
    if (!err) {
        replication_take(here, &turn, &slots, &all);
        out->part = all.part;
        for (size_t i = 0; i < all.count; i++)
            take_link(out, &all.links[i]);
        count_contexts(out, &all);
        replication_release(&all);
    }
    turn_release(&turn);
    return err;
}

/* ---- their names ---- */

static void take_name(struct failing_partner *partner, const struct entry *entry)
{
    char *server = dn_parent(entry->name.dn), *site = server ? dn_ancestor(server, 2) : NULL;
    char *name = dn_plain_rdn(server);
    partner->dn = mem_text(entry->name.dn);
    partner->deleted = entry_flag(entry, "isDeleted");
    partner->site = dn_plain_rdn(site);
    if (name)
        mem_set(&partner->name, name);
    free(name);
    free(server);
    free(site);
}

static struct err *read_names(struct session *session, struct failing *out)
{
    struct turn turn = TURN_INIT;
    for (size_t i = 0; i < out->count && i < ASKED_MOST; i++)
        turn_guid(&turn, &out->partners[i].dsa, dsa_attributes);
    struct err *err = turn_run(&turn, session);
    for (size_t i = 0; i < turn.count && !err; i++) {
        const struct entry *entry = turn_entry(&turn, i);
        if (entry)
            take_name(&out->partners[i], entry);
    }
    turn_release(&turn);
    return err;
}

/* ---- their order ---- */

static int compare(const void *a, const void *b)
{
    const struct failing_partner *x = a, *y = b;
    int worse = badness(y->result) - badness(x->result);
    if (worse)
        return worse;
    return strcasecmp(x->name ? x->name : "", y->name ? y->name : "");
}

static void sort(struct failing *out)
{
    if (out->count > 1)
        qsort(out->partners, out->count, sizeof *out->partners, compare);
    for (size_t i = 0; i < out->count; i++)
        out->with_8589 += out->partners[i].result == FAULT;
}

struct err *failing_read(struct session *session, struct failing *out)
{
    *out = (struct failing){.part = PART_NO_ANSWER};
    struct err *err = read_links(session, out);
    if (!err)
        err = read_names(session, out);
    if (err)
        failing_release(out);
    else
        sort(out);
    return err;
}
