/* The computer accounts that could be N's: found by the names that the account itself carries (its
 * SPNs with N's GUID, S's name, S's host name) and by the SYSVOL members that tie an account to N.
 * Deleted accounts are read as well: one that can be restored is the better repair. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 500, ACCOUNTS_MOST = 1000, SAM_MOST = 15, NAMED_MOST = 100, HOLDERS_MOST = 100 };

const char *const gather_account_attributes[] = {"objectClass",
                                                 "objectGUID",
                                                 "cn",
                                                 "isDeleted",
                                                 "isRecycled",
                                                 "sAMAccountName",
                                                 "dNSHostName",
                                                 "userAccountControl",
                                                 "primaryGroupID",
                                                 "servicePrincipalName",
                                                 "serverReferenceBL",
                                                 NULL};
static const char *const dfsr_attributes[] = {"objectClass", "msDFSR-ComputerReference", NULL};
static const char *const frs_attributes[] = {"objectClass", "frsComputerReference", NULL};

/* Does this session answer for the accounts of D? A catalog does, with what it has of them. */
static bool may_ask(const struct gather *g)
{
    const char *domain = g->facts->dsa.domain_dn;
    return domain && (server_catalog_port(g->here) || dn_equal(domain, g->here->domain_dn));
}

static size_t ask_accounts(struct gather *g, struct batch *batch, const char *terms)
{
    bool catalog = server_catalog_port(g->here);
    struct search *search = batch_add(batch);
    search_init(search, SCOPE_SUBTREE, catalog ? "" : g->facts->dsa.domain_dn,
                gather_account_attributes, "(&(objectClass=computer)(|%s))", terms);
    search->deleted = true;
    search->page = PAGE;
    search->most = ACCOUNTS_MOST;
    return batch->count - 1;
}

/* ---- an entry becomes an account ---- */

static void take_spns(struct facts_account *account, const struct entry *entry)
{
    const struct attribute *spns = entry_attribute(entry, "servicePrincipalName");
    struct guid guid;
    account->spns_part = !spns ? PART_ABSENT : spns->partial ? PART_NO_ANSWER : PART_PRESENT;
    strs_release(&account->spns);
    entry_texts(entry, "servicePrincipalName", &account->spns);
    for (size_t i = 0; i < account->spns.count && account->named_count < NAMED_MOST; i++)
        if (spn_drs_guid(account->spns.items[i], &guid))
            facts_add_named(account, &guid);
}

static void add_holder(struct facts_account *account, const struct dn_link *link)
{
    for (size_t i = 0; i < account->holder_count; i++)
        if (guid_equal(&account->holders[i].guid, &link->guid))
            return;
    struct facts_other *holder = MEM_PUSH(account->holders, account->holder_count);
    holder->guid = link->guid;
    holder->dn = mem_text(link->dn);
}

/* Back links are computed by each DC; a catalog's port does not carry them. */
static void take_holders(struct gather *g, struct facts_account *account, const struct entry *entry)
{
    const struct attribute *list = entry_attribute(entry, "serverReferenceBL");
    if (server_catalog_port(g->here))
        return;
    account->holders_part = list ? PART_PRESENT : PART_ABSENT;
    for (size_t i = 0; list && i < list->count; i++) {
        struct dn_link link;
        if (!dn_parse_extended(list->values[i].bytes, &link))
            continue;
        if (link.has_guid && guid_equal(&link.guid, &g->facts->srv.guid))
            account->held_by_s = true;
        else if (link.has_guid && account->holder_count < HOLDERS_MOST)
            add_holder(account, &link);
        else
            account->holders_part = PART_NO_ANSWER;
        dn_link_release(&link);
    }
    if (list && list->partial)
        account->holders_part = PART_NO_ANSWER;
}

static char *domain_of(const struct gather *g, const char *dn)
{
    const char *domain = g->facts->dsa.domain_dn;
    char *dns = dn_to_dns(dn), *own = domain ? dn_to_dns(domain) : NULL;
    char *found = str_same_case(dns, own) ? mem_text(domain) : dns ? dn_from_dns(dns) : NULL;
    free(dns);
    free(own);
    return found;
}

static void take_values(struct facts_account *account, const struct entry *entry)
{
    int64_t number;
    mem_set(&account->dn, entry->name.dn);
    mem_set(&account->sam, entry_text(entry, "sAMAccountName"));
    mem_set(&account->dns_host, entry_text(entry, "dNSHostName"));
    account->is_computer = true;
    account->deleted = entry_flag(entry, "isDeleted");
    account->recyclable = account->deleted && !entry_flag(entry, "isRecycled");
    account->has_uac = entry_number(entry, "userAccountControl", &number);
    account->uac = account->has_uac ? (uint32_t)number : 0;
    account->primary_group = entry_number(entry, "primaryGroupID", &number) ? (uint32_t)number : 0;
}

/* B14 follows at once where the DC that is judged gave the account itself. */
static void take_here(struct gather *g, struct facts_account *account)
{
    if (!g->judged || server_catalog_port(g->here))
        return;
    account->here = PART_PRESENT;
    account->here_deleted = account->deleted;
    mem_set(&account->here_dn, account->dn);
}

static bool is_target(const struct facts *facts, const struct guid *guid)
{
    return facts->srv.reference == PART_PRESENT && facts->srv.reference_link.has_guid &&
           guid_equal(&facts->srv.reference_link.guid, guid);
}

void gather_take_account(struct gather *g, const struct entry *entry)
{
    struct guid guid;
    bool catalog = server_catalog_port(g->here);
    if (!entry_is_class(entry, "computer") || !entry_identity(entry, &guid))
        return;
    struct facts_account *account = facts_find_account(g->facts, &guid);
    if (account && (catalog || !account->catalog_only))
        return;
    if (!account)
        account = facts_add_account(g->facts);
    account->guid = guid;
    account->catalog_only = catalog;
    account->is_target = is_target(g->facts, &guid);
    take_values(account, entry);
    free(account->domain_dn);
    account->domain_dn = domain_of(g, account->dn);
    take_spns(account, entry);
    take_holders(g, account, entry);
    take_here(g, account);
}

/* ---- whether the accounts were read completely ---- */

static void give_up(struct facts *facts, enum part part, const char *why)
{
    facts->accounts_part = part;
    if (!facts->accounts_why)
        facts->accounts_why = mem_text(why);
}

static void take_accounts(struct gather *g, const struct batch *batch, size_t slot)
{
    const struct result *result = batch_result(batch, slot);
    if (!result)
        return;
    for (size_t i = 0; i < result->count; i++)
        gather_take_account(g, &result->entries[i]);
    if (result->err)
        give_up(g->facts, result->err->code == ERR_NO_RIGHT ? PART_DENIED : PART_NO_ANSWER,
                result->err->text);
    else if (!result->complete)
        give_up(g->facts, PART_NO_ANSWER, "There are more accounts than can be read.");
}

/* ---- first turn: what N and S's name are enough for ---- */

static char *name_terms(const struct gather *g)
{
    char guid[GUID_TEXT];
    struct str s = STR_INIT;
    char *forest = search_escape(g->here->forest ? g->here->forest : "");
    char *name = search_escape(g->name ? g->name : "");
    guid_text(&g->facts->asked, guid);
    str_addf(&s, "(servicePrincipalName=E3514235-4B06-11D1-AB04-00C04FC2DCD2/%s/*)", guid);
    str_addf(&s, "(servicePrincipalName=ldap/%s._msdcs.%s)", guid, forest);
    if (*name)
        str_addf(&s, "(sAMAccountName=%s$)(cn=%s)(cn=%s\\0aCNF:*)", name, name, name);
    if (g->name && strlen(g->name) > SAM_MOST) {
        char *cut = mem_textn(g->name, SAM_MOST), *sam = search_escape(cut);
        str_addf(&s, "(sAMAccountName=%s$)", sam);
        free(cut);
        free(sam);
    }
    free(forest);
    free(name);
    return str_steal(&s);
}

/* SYSVOL members that name N: under DFS replication, and under the older service. */
static size_t ask_members(struct gather *g, struct batch *batch, const char *place,
                          const char *class, const char *const *attributes)
{
    char *base = str_format("%s,CN=System,%s", place, g->facts->dsa.domain_dn);
    char *ntds = search_escape(g->facts->dsa.dn);
    struct search *search = batch_add(batch);
    search_init(search, SCOPE_SUBTREE, base, attributes, "(&(objectClass=%s)(serverReference=%s))",
                class, ntds);
    search->page = PAGE;
    search->most = NAMED_MOST;
    free(base);
    free(ntds);
    return batch->count - 1;
}

static void ask_names(struct gather *g, struct batch *batch)
{
    g->at.names = g->at.dfsr = g->at.frs = BATCH_NONE;
    if (!may_ask(g))
        return;
    char *terms = name_terms(g);
    g->at.names = ask_accounts(g, batch, terms);
    free(terms);
    if (server_catalog_port(g->here))
        return;
    g->at.dfsr = ask_members(g, batch, "CN=DFSR-GlobalSettings", "msDFSR-Member", dfsr_attributes);
    g->at.frs = ask_members(g, batch, "CN=File Replication Service", "nTFRSMember", frs_attributes);
}

static void take_members(struct gather *g, const struct result *result, const char *attribute)
{
    for (size_t i = 0; result && i < result->count; i++) {
        struct dn_link link;
        if (!entry_link(&result->entries[i], attribute, &link))
            continue;
        if (link.has_guid)
            *MEM_PUSH(g->members.items, g->members.count) = link.guid;
        dn_link_release(&link);
    }
}

static void start_over(struct facts *facts, const struct server *here)
{
    facts->accounts_part = PART_PRESENT;
    mem_set(&facts->accounts_why, NULL);
    mem_set(&facts->accounts_from, here->dns_host ? here->dns_host : here->host);
}

static void take_names(struct gather *g, const struct batch *batch)
{
    if (may_ask(g))
        start_over(g->facts, g->here);
    take_accounts(g, batch, g->at.names);
    take_members(g, batch_result(batch, g->at.dfsr), "msDFSR-ComputerReference");
    take_members(g, batch_result(batch, g->at.frs), "frsComputerReference");
}

const struct step gather_names_step = {ask_names, take_names};

/* ---- second turn: what S's values are needed for ---- */

static void ask_rest(struct gather *g, struct batch *batch)
{
    const char *name = g->facts->srv.dns_host;
    size_t len = name ? strlen(name) : 0;
    g->at.host = BATCH_NONE;
    if (may_ask(g) && len > 0) {
        char *bare = mem_textn(name, len - (name[len - 1] == '.')), *host = search_escape(bare);
        char *terms = str_format("(dNSHostName=%s)(dNSHostName=%s.)", host, host);
        g->at.host = ask_accounts(g, batch, terms);
        free(terms);
        free(host);
        free(bare);
    }
    g->at.members = batch->count;
    for (size_t i = 0; i < g->members.count; i++)
        batch_guid(batch, &g->members.items[i], gather_account_attributes);
}

static void take_rest(struct gather *g, const struct batch *batch)
{
    take_accounts(g, batch, g->at.host);
    for (size_t i = 0; i < g->members.count; i++) {
        const struct entry *entry = batch_entry(batch, g->at.members + i);
        if (entry)
            gather_take_account(g, entry);
        struct facts_account *account = facts_find_account(g->facts, &g->members.items[i]);
        if (account)
            account->sysvol_member = true;
    }
}

const struct step gather_rest_step = {ask_rest, take_rest};
