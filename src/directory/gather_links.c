/* What the judged DC knows about the accounts that were found: whether the DSAs that their SPNs
 * name live (B7), which other servers hold them, and whose they are by SYSVOL (B6), and, for
 * accounts that another DC gave, whether they have arrived here (B14). Ask and take walk the same
 * lists in the same order. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>

enum { SEARCHES_MOST = 400, MEMBERS_MOST = 100 };

static const char *const dsa_attributes[] = {"objectClass", "objectGUID", "isDeleted", NULL};
static const char *const name_attributes[] = {"objectClass", "objectGUID", "isDeleted", NULL};

/* Calls for each thing that is still unknown, with the slot of its (first) search. */
struct walk {
    struct gather *g;
    struct turn *turn;        /* asking */
    const struct turn *taken; /* taking */
    size_t slot, end;
};

static void ask_named(struct walk *w, const struct facts_named_dsa *named)
{
    turn_guid(w->turn, &named->guid, dsa_attributes);
}

static void take_named(struct walk *w, struct facts_named_dsa *named)
{
    const struct entry *entry = turn_entry(w->taken, w->slot);
    enum part part = turn_part(w->taken, w->slot);
    if (part == PART_ABSENT || (entry && !entry_is_class(entry, "nTDSDSA")))
        named->state = DSA_NOWHERE;
    else if (entry) {
        named->state = entry_flag(entry, "isDeleted") ? DSA_TOMBSTONED : DSA_LIVE;
        mem_set(&named->dn, entry->name.dn);
    }
}

static void ask_holder(struct walk *w, const struct facts_other *holder)
{
    turn_guid(w->turn, &holder->guid, gather_server_attributes);
    other_ask_dsa(w->turn, &holder->guid);
}

static void take_holder(struct walk *w, struct facts_account *account, struct facts_other *holder)
{
    const struct entry *entry = turn_entry(w->taken, w->slot);
    enum part part = turn_part(w->taken, w->slot);
    if (entry)
        other_take(holder, entry);
    else if (part != PART_ABSENT)
        account->holders_part = part;
    other_take_dsa(holder, w->taken, w->slot + 1);
    if (holder->has_dsa)
        gather_note_next(w->g, turn_entry(w->taken, w->slot + 1));
}

static void ask_here(struct walk *w, const struct facts_account *account)
{
    turn_guid(w->turn, &account->guid, name_attributes);
    turn_object(w->turn, account->dn, name_attributes);
}

static void take_here(struct walk *w, struct facts_account *account)
{
    const struct entry *entry = turn_entry(w->taken, w->slot);
    const struct entry *named = turn_entry(w->taken, w->slot + 1);
    struct guid guid;
    account->here = turn_part(w->taken, w->slot);
    if (entry) {
        account->here_deleted = entry_flag(entry, "isDeleted");
        mem_set(&account->here_dn, entry->name.dn);
    }
    account->here_dn_taken =
        named && entry_identity(named, &guid) && !guid_equal(&guid, &account->guid);
}

/* N itself was read; the state of others is unknown until it has been asked for. */
static bool knows_named(const struct facts *facts, struct facts_named_dsa *named)
{
    if (facts->dsa.part == PART_PRESENT && guid_equal(&named->guid, &facts->dsa.guid)) {
        named->state = facts->dsa.deleted ? DSA_TOMBSTONED : DSA_LIVE;
        mem_set(&named->dn, facts->dsa.dn);
    }
    return named->state != DSA_NOT_ASKED;
}

static bool room_for(struct walk *w, size_t searches)
{
    return w->slot + searches <= w->end;
}

static void walk_named(struct walk *w, struct facts_account *account)
{
    for (size_t i = 0; i < account->named_count && room_for(w, 1); i++) {
        if (knows_named(w->g->facts, &account->named[i]))
            continue;
        if (w->taken)
            take_named(w, &account->named[i]);
        else
            ask_named(w, &account->named[i]);
        w->slot += 1;
    }
}

/* A holder's cn is set once it has been read. */
static void walk_holders(struct walk *w, struct facts_account *account)
{
    for (size_t i = 0; i < account->holder_count && room_for(w, 2); i++) {
        if (account->holders[i].cn)
            continue;
        if (w->taken)
            take_holder(w, account, &account->holders[i]);
        else
            ask_holder(w, &account->holders[i]);
        w->slot += 2;
    }
}

static void ask_members(struct walk *w, const struct facts_account *account)
{
    static const char *const attributes[] = {"objectClass", "serverReference", NULL};
    char *base = str_format("CN=System,%s", account->domain_dn), *dn = search_escape(account->dn);
    struct search *search = turn_add(w->turn);
    search_init(search, SCOPE_SUBTREE, base, attributes,
                "(|(msDFSR-ComputerReference=%s)(frsComputerReference=%s))", dn, dn);
    search->page = search->most = MEMBERS_MOST;
    free(base);
    free(dn);
}

/* Not read is not "nobody's": then B6 stays open. */
static void take_members(struct walk *w, struct facts_account *account)
{
    const struct result *result = turn_result(w->taken, w->slot);
    if (result && result->err && !err_is(result->err, ERR_NO_SUCH_OBJECT))
        account->holders_part = PART_NO_ANSWER;
    for (size_t i = 0; result && i < result->count; i++) {
        struct dn_link link;
        if (!entry_link(&result->entries[i], "serverReference", &link))
            continue;
        if (link.has_guid)
            *MEM_PUSH(account->sysvol_dsas, account->sysvol_count) = link.guid;
        dn_link_release(&link);
    }
}

/* Whose it is by SYSVOL counts where another server holds it. Before walk_holders(), which reads
 * the holders. */
static void walk_members(struct walk *w, struct facts_account *account)
{
    bool unread = false;
    for (size_t i = 0; i < account->holder_count; i++)
        unread = unread || !account->holders[i].cn;
    if (!unread || account->deleted || server_catalog_port(w->g->here) ||
        !dn_equal(account->domain_dn, w->g->here->domain_dn) || !room_for(w, 1))
        return;
    if (w->taken)
        take_members(w, account);
    else
        ask_members(w, account);
    w->slot += 1;
}

static void walk_here(struct walk *w, struct facts_account *account)
{
    if (account->here != PART_NOT_ASKED || server_catalog_port(w->g->here) ||
        !dn_equal(account->domain_dn, w->g->here->domain_dn) || !room_for(w, 2))
        return;
    if (w->taken)
        take_here(w, account);
    else
        ask_here(w, account);
    w->slot += 2;
}

static void walk_accounts(struct walk *w)
{
    struct facts *facts = w->g->facts;
    for (size_t i = 0; i < facts->account_count; i++) {
        walk_named(w, &facts->accounts[i]);
        walk_members(w, &facts->accounts[i]);
        walk_holders(w, &facts->accounts[i]);
        walk_here(w, &facts->accounts[i]);
    }
}

/* A deleted N's link may lead to the server of its successor; where that one is known no account
 * matters any more. */
static void ask(struct gather *g, struct turn *turn)
{
    g->at.links = turn->count;
    struct walk w = {g, turn, NULL, turn->count, turn->count + SEARCHES_MOST};
    if (!g->next)
        walk_accounts(&w);
    g->at.links_end = turn->count;
}

static void take(struct gather *g, const struct turn *turn)
{
    struct walk w = {g, NULL, turn, g->at.links, g->at.links_end};
    if (g->at.links_end > g->at.links)
        walk_accounts(&w);
}

const struct step gather_links_step = {ask, take};
