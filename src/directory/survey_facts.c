/* The facts about one DSA, put together from the shelves by gather's own functions. What was asked
 * for and did not come back is proven to be missing only when the answer was whole. */
#include "src/directory/survey_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* How a need ended whose object is on no shelf. */
static enum part ended(const struct reading *r, struct need need)
{
    char key[NEED_KEY];
    size_t len = survey_key(&need, key);
    size_t failed = index_first(&r->failed, key, len);
    if (failed != INDEX_END)
        return (enum part)index_value(&r->failed, failed);
    return index_first(&r->asked, key, len) != INDEX_END ? PART_ABSENT : PART_NO_ANSWER;
}

/* ---- what is the same for each DSA ---- */

/* The names that are shown, without the lists that only a write asks for. */
static void copy_server(struct server *to, const struct server *from)
{
    struct server brief = *from;
    brief.controls = brief.mechanisms = brief.token_groups = (struct strs){NULL, 0};
    server_copy(to, &brief);
}

static void start(struct reading *r, struct facts *facts, struct gather *g)
{
    const struct facts *common = &r->common;
    facts_init(facts);
    copy_server(&facts->server, &common->server);
    facts->survey = true;
    facts->when = common->when;
    facts->here_options_known = common->here_options_known;
    facts->here_options = common->here_options;
    facts->tombstone_days = common->tombstone_days;
    facts->replication = r->status.part;
    facts->every_inbound_fails = common->every_inbound_fails;
    *g = r->g;
    g->facts = facts;
    g->judged = true;
    g->name = NULL;
}

static void take_links(struct reading *r, struct facts *facts)
{
    const struct guid *guid = &facts->asked;
    for (size_t at = index_first(&r->links, guid->bytes, sizeof guid->bytes); at != INDEX_END;
         at = index_next(&r->links, at)) {
        const struct facts_link *from = &r->status.links[index_value(&r->links, at)];
        struct facts_link *to = facts_add_link(facts);
        *to = *from;
        to->partner = mem_text(from->partner);
        to->nc = mem_text(from->nc);
    }
}

/* ---- S ---- */

/* Without a second reading an absent value proves nothing: its access list was not seen. */
static void confirm_absence(const struct reading *r, struct facts_server *srv)
{
    enum part part = ended(r, (struct need){.kind = NEED_SERVER, .guid = srv->guid});
    if (srv->reference == PART_ABSENT && part != PART_ABSENT)
        srv->reference = part;
}

static void take_server(struct reading *r, struct gather *g, size_t dsa, size_t server)
{
    struct facts_server *srv = &g->facts->srv;
    if (server != NOWHERE) {
        gather_take_s(g, r->servers.items[server].entry);
        srv->rights = PART_NOT_ASKED;
        if (!entry_has(r->servers.items[server].entry, "nTSecurityDescriptor"))
            confirm_absence(r, srv);
        return;
    }
    srv->part = ended(r, (struct need){.kind = NEED_PARENT, .dn = r->dsas.items[dsa].parent});
}

static void add_dsa(const struct reading *r, struct facts_other *other, size_t server)
{
    size_t dsa = match_live_dsa(r, server);
    if (dsa == NOWHERE || !entry_identity(r->dsas.items[dsa].entry, &other->dsa_guid))
        return;
    other->has_dsa = true;
    mem_set(&other->dsa_dn, r->dsas.items[dsa].entry->name.dn);
}

static void take_twins(struct reading *r, struct facts *facts, size_t dsa, size_t server)
{
    size_t *list, count;
    match_twins(r, dsa, server, &list, &count);
    for (size_t i = 0; i < count; i++) {
        struct facts_other *twin = gather_take_twin(facts, r->servers.items[list[i]].entry);
        if (twin)
            add_dsa(r, twin, list[i]);
    }
    free(list);
    struct facts_other own = {.has_dsa = false};
    if (facts->dsa.deleted && server != NOWHERE && !facts->srv.deleted)
        add_dsa(r, &own, server);
    if (own.has_dsa)
        gather_take_own_child(facts, own);
}

/* ---- the target ---- */

/* Where it was read: another domain's DC answers for that domain. */
static const struct server *answered(const struct reading *r, size_t domain)
{
    const struct session *session = domain == NOWHERE ? NULL : r->domains[domain].session;
    return session ? session_server(session) : r->here;
}

static void take_target(struct reading *r, struct gather *g)
{
    const struct facts_server *srv = &g->facts->srv;
    const struct dn_link *link = &srv->reference_link;
    if (srv->reference != PART_PRESENT)
        return;
    size_t account = link->has_guid ? shelf_by_guid(&r->accounts, &link->guid) : NOWHERE;
    size_t other = link->has_guid ? shelf_by_guid(&r->others, &link->guid) : NOWHERE;
    const struct entry *entry = account != NOWHERE ? r->accounts.items[account].entry
                                : other != NOWHERE ? r->others.items[other].entry
                                                   : NULL;
    struct gather there = *g;
    size_t domain =
        account != NOWHERE ? r->accounts.items[account].domain : survey_domain_of(r, link->dn);
    there.here = answered(r, domain);
    there.judged = there.here == r->here;
    enum part part =
        entry ? PART_PRESENT : ended(r, (struct need){.kind = NEED_GONE, .guid = link->guid});
    gather_take_target(&there, part, entry);
}

/* ---- the accounts ---- */

static void take_named(struct reading *r, struct facts_account *account)
{
    for (size_t i = 0; i < account->named_count; i++) {
        struct facts_named_dsa *named = &account->named[i];
        size_t dsa = shelf_by_guid(&r->dsas, &named->guid);
        if (dsa == NOWHERE) {
            enum part part = ended(r, (struct need){.kind = NEED_DSA, .guid = named->guid});
            named->state = part == PART_ABSENT ? DSA_NOWHERE : DSA_NOT_ASKED;
            continue;
        }
        named->state = r->dsas.items[dsa].deleted ? DSA_TOMBSTONED : DSA_LIVE;
        mem_set(&named->dn, r->dsas.items[dsa].entry->name.dn);
    }
}

static bool is_member(const struct reading *r, const struct guid *dsa, const struct guid *account)
{
    const struct index *index = &r->members_by_dsa;
    for (size_t at = index_first(index, dsa->bytes, sizeof dsa->bytes); at != INDEX_END;
         at = index_next(index, at))
        if (guid_equal(&r->members[index_value(index, at)].account, account))
            return true;
    return false;
}

static void take_holders(struct reading *r, struct facts_account *account)
{
    for (size_t i = 0; i < account->holder_count; i++) {
        struct facts_other *holder = &account->holders[i];
        size_t server = shelf_by_guid(&r->servers, &holder->guid);
        if (server != NOWHERE) {
            other_take(holder, r->servers.items[server].entry);
            add_dsa(r, holder, server);
            if (holder->has_dsa && is_member(r, &holder->dsa_guid, &account->guid))
                *MEM_PUSH(account->sysvol_dsas, account->sysvol_count) = holder->dsa_guid;
            continue;
        }
        enum part part = ended(r, (struct need){.kind = NEED_SERVER, .guid = holder->guid});
        if (part != PART_ABSENT)
            account->holders_part = part;
    }
}

static void take_account(struct reading *r, const struct gather *g, size_t at)
{
    const struct item *item = &r->accounts.items[at];
    struct gather there = *g;
    there.here = answered(r, item->domain);
    there.judged = there.here == r->here;
    gather_take_account(&there, item->entry);
}

/* The look-up by names, where there was a need for one, did not come to its end. */
static enum part failed_part(const struct reading *r, enum need_kind kind,
                             const struct facts *facts)
{
    char key[NEED_KEY];
    struct need need = {.kind = kind, .guid = facts->dsa.guid};
    size_t at = index_first(&r->failed, key, survey_key(&need, key));
    return at == INDEX_END ? PART_NOT_ASKED : (enum part)index_value(&r->failed, at);
}

static void take_domain(struct reading *r, struct facts *facts, const struct survey_domain *domain,
                        const char *from)
{
    enum part exact = failed_part(r, NEED_ACCOUNTS, facts);
    enum part failed = exact != PART_NOT_ASKED ? exact : failed_part(r, NEED_SCAN, facts);
    bool whole = domain->part == PART_PRESENT;
    facts->accounts_part = whole && failed != PART_NOT_ASKED ? failed : domain->part;
    facts->accounts_from = mem_text(from);
    facts->accounts_why = mem_text(whole && failed != PART_NOT_ASKED ? r->out->why : domain->why);
}

static void take_accounts(struct reading *r, struct gather *g, size_t dsa)
{
    struct facts *facts = g->facts;
    size_t *list, count, domain = r->dsas.items[dsa].domain;
    if (facts->dsa.deleted)
        return;
    match_accounts(r, dsa, &list, &count);
    for (size_t i = 0; i < count; i++)
        take_account(r, g, list[i]);
    free(list);
    for (size_t i = 0; i < facts->account_count; i++) {
        struct facts_account *account = &facts->accounts[i];
        account->sysvol_member = is_member(r, &facts->dsa.guid, &account->guid);
        take_named(r, account);
        take_holders(r, account);
    }
    if (domain != NOWHERE) {
        take_domain(r, facts, &r->domains[domain], gather_name(answered(r, domain)));
    } else if (facts->dsa.domain_dn) {
        facts->accounts_part = PART_NO_ANSWER;
        facts->accounts_why =
            str_format("%s holds no copy of %s.", gather_name(r->here), facts->dsa.domain_dn);
    }
}

void survey_facts(struct reading *r, size_t dsa, struct facts *facts)
{
    struct gather g;
    size_t server = match_server(r, dsa);
    start(r, facts, &g);
    gather_take_dsa(&g, r->dsas.items[dsa].entry);
    take_links(r, facts);
    if (facts->dsa.part == PART_PRESENT) {
        take_server(r, &g, dsa, server);
        take_target(r, &g);
        take_accounts(r, &g, dsa);
        take_twins(r, facts, dsa, server);
        gather_finish_others(facts);
    }
    free(g.name);
}

void survey_unknown(struct reading *r, const struct guid *guid, struct facts *facts)
{
    struct gather g;
    start(r, facts, &g);
    facts->asked = *guid;
    facts->dsa.part = ended(r, (struct need){.kind = NEED_DSA, .guid = *guid});
    take_links(r, facts);
}
