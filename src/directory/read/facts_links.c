/* What the judged DC knows about the accounts that were found: whether the DSAs that their SPNs
 * name live (B7), which other servers hold them, and whose they are by SYSVOL (B6), and, for
 * accounts that another DC gave, whether they have arrived here (B14). */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

static bool failed(enum part part)
{
    return part == PART_NO_ANSWER || part == PART_DENIED;
}

/* ---- the DSAs that it names ---- */

/* N itself was read; the state of others is unknown until it has been asked for. */
static void take_named(struct reading *r, const struct facts *facts, struct facts_named_dsa *named)
{
    enum part part;
    if (facts->dsa.part == PART_PRESENT && guid_equal(&named->guid, &facts->dsa.guid)) {
        named->state = facts->dsa.deleted ? DSA_TOMBSTONED : DSA_LIVE;
        mem_set(&named->dn, facts->dsa.dn);
    }
    if (named->state != DSA_NOT_ASKED)
        return;
    const struct entry *entry = known_dsa(r, &named->guid, GRADE_PLACE, &part);
    if (part == PART_ABSENT || (entry && !entry_is_class(entry, "nTDSDSA"))) {
        named->state = DSA_NOWHERE;
    } else if (entry) {
        named->state = entry_flag(entry, "isDeleted") ? DSA_TOMBSTONED : DSA_LIVE;
        mem_set(&named->dn, entry->name.dn);
    }
}

/* ---- the servers that hold it ---- */

/* A holder's cn is set once it has been read. */
static void take_holder(struct reading *r, struct facts_account *account,
                        struct facts_other *holder)
{
    enum part part;
    if (holder->cn)
        return;
    const struct entry *entry = known_server(r, &holder->guid, holder->dn, &part);
    const struct entry *dsa = known_child(r, &holder->guid, entry ? entry->name.dn : holder->dn);
    if (entry)
        other_take(holder, entry);
    else if (failed(part))
        account->holders_part = part;
    other_take_dsa(holder, dsa);
}

/* A catalog's port shows no back links: who names the account is asked of the server objects here.
 */
static void take_naming(struct reading *r, const struct facts *facts, struct facts_account *account)
{
    if (!account->catalog_only || r->way || !r->judged || account->holders_part != PART_NOT_ASKED ||
        server_catalog_port(r->here))
        return;
    char *dn = search_escape(account->dn), *terms = str_format("(serverReference=%s)", dn);
    const struct answer *answer =
        answer_to(r, (struct question){.ask = ASK_SERVERS, .text = terms});
    if (answer->part != PART_NOT_ASKED)
        account->holders_part = answer->part == PART_PRESENT ? PART_ABSENT : answer->part;
    for (size_t i = 0; answer->part == PART_PRESENT && i < r->store.count; i++) {
        const struct item *item = &r->store.items[i];
        struct dn_link link = {.dn = NULL};
        if (item->sort == SORT_SERVER && !item->deleted &&
            entry_link(item->entry, "serverReference", &link) && link.has_guid &&
            guid_equal(&link.guid, &account->guid)) {
            account->holders_part = PART_PRESENT;
            facts_account_holder(facts, account, &item->entry->name);
        }
        dn_link_release(&link);
    }
    free(dn);
    free(terms);
}

static void add_member(struct facts_account *account, const struct guid *dsa)
{
    for (size_t i = 0; i < account->sysvol_count; i++)
        if (guid_equal(&account->sysvol_dsas[i], dsa))
            return;
    *MEM_PUSH(account->sysvol_dsas, account->sysvol_count) = *dsa;
}

/* How the reading of its SYSVOL members ended; NOT_ASKED: nobody can be asked here. */
static enum part members_part(struct reading *r, const struct facts_account *account)
{
    if (r->way) {
        size_t domain = domain_holding(r, account->dn);
        return domain == NOWHERE || !r->domains[domain].members_whole ? PART_NO_ANSWER
                                                                      : PART_PRESENT;
    }
    if (server_catalog_port(r->here) || !dn_equal(account->domain_dn, r->here->domain_dn))
        return PART_NOT_ASKED;
    return answer_to(r, (struct question){.ask = ASK_MEMBERS, .text = account->dn})->part;
}

/* Whose it is by SYSVOL counts where another server holds it. Not read is not "nobody's": then B6
 * stays open. Before the holders are read, which tell that there is something to know. */
static void take_members(struct reading *r, struct facts_account *account)
{
    bool unread = false;
    for (size_t i = 0; i < account->holder_count; i++)
        unread = unread || !account->holders[i].cn;
    if (!unread || account->deleted)
        return;
    if (failed(members_part(r, account)))
        account->holders_part = PART_NO_ANSWER;
    const struct index *index = &r->store.members_of_account;
    const struct guid *guid = &account->guid;
    for (size_t at = index_first(index, guid->bytes, sizeof guid->bytes); at != INDEX_END;
         at = index_next(index, at))
        add_member(account, &r->store.members[index_value(index, at)].dsa);
}

/* ---- whether it is here ---- */

static void take_here(struct reading *r, struct facts_account *account)
{
    struct guid guid;
    if (account->here != PART_NOT_ASKED || server_catalog_port(r->here) ||
        !dn_equal(account->domain_dn, r->here->domain_dn))
        return;
    const struct answer *it =
        answer_to(r, (struct question){.ask = ASK_HERE, .guid = &account->guid});
    const struct answer *named =
        answer_to(r, (struct question){.ask = ASK_HERE, .text = account->dn});
    const struct entry *entry = answer_entry(it), *other = answer_entry(named);
    if (named->part == PART_NOT_ASKED)
        return;
    account->here = it->part;
    if (entry) {
        account->here_deleted = entry_flag(entry, "isDeleted");
        mem_set(&account->here_dn, entry->name.dn);
    }
    account->here_dn_taken =
        other && entry_identity(other, &guid) && !guid_equal(&guid, &account->guid);
}

/* A deleted N's link may lead to the server of its successor; where that one is known no account
 * matters any more. */
void facts_links_from(struct reading *r, struct facts *facts)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        struct facts_account *account = &facts->accounts[i];
        if (facts->dsa.deleted && facts->successor_count > 0)
            break;
        for (size_t n = 0; n < account->named_count; n++)
            take_named(r, facts, &account->named[n]);
        take_naming(r, facts, account);
        take_members(r, account);
        for (size_t n = 0; n < account->holder_count; n++)
            take_holder(r, account, &account->holders[n]);
        take_here(r, account);
    }
}
