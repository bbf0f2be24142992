/* An entry of class computer becomes an account among the facts, once: what a DC of its domain says
 * takes the place of what a catalog said, and that it is deleted takes the place of all else. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/directory/access.h"

#include <stdlib.h>

enum { NAMED_MOST = 100, HOLDERS_MOST = 100 };

/* Does the access list keep the SPNs from the reader, who then sees an account without any? */
static bool spns_are_hidden(const struct server *from, const struct entry *entry)
{
    const struct attribute *sd = entry_attribute(entry, "nTSecurityDescriptor");
    return sd && sd->count == 1 &&
           access_may_read_spns(sd->values[0].bytes, sd->values[0].len, &from->token_groups) ==
               FLAG_NO;
}

static void take_spns(const struct server *from, struct facts_account *account,
                      const struct entry *entry)
{
    const struct attribute *spns = entry_attribute(entry, "servicePrincipalName");
    struct guid guid;
    account->spns_part = !spns ? PART_ABSENT : spns->partial ? PART_NO_ANSWER : PART_PRESENT;
    if (!spns && !account->deleted && spns_are_hidden(from, entry))
        account->spns_part = PART_DENIED;
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

/* One server object that names the account; more than can be followed are not "nobody else". */
void facts_account_holder(const struct facts *facts, struct facts_account *account,
                          const struct dn_link *server)
{
    if (server->has_guid && guid_equal(&server->guid, &facts->srv.guid))
        account->held_by_s = true;
    else if (server->has_guid && account->holder_count < HOLDERS_MOST)
        add_holder(account, server);
    else
        account->holders_part = PART_NO_ANSWER;
}

/* Back links are computed by each DC; a catalog's port does not carry them: facts_links_from(). */
static void take_holders(const struct facts *facts, struct facts_account *account,
                         const struct entry *entry)
{
    const struct attribute *list = entry_attribute(entry, "serverReferenceBL");
    if (account->catalog_only)
        return;
    account->holders_part = list ? PART_PRESENT : PART_ABSENT;
    for (size_t i = 0; list && i < list->count; i++) {
        struct dn_link link;
        if (!dn_parse_extended(list->values[i].bytes, &link))
            continue;
        facts_account_holder(facts, account, &link);
        dn_link_release(&link);
    }
    if (list && list->partial)
        account->holders_part = PART_NO_ANSWER;
}

static char *domain_of(const struct facts *facts, const char *dn)
{
    const char *domain = facts->dsa.domain_dn;
    char *dns = dn_to_dns(dn), *own = domain ? dn_to_dns(domain) : NULL;
    char *found = str_same_case(dns, own) ? mem_text(domain) : dns ? dn_from_dns(dns) : NULL;
    free(dns);
    free(own);
    return found;
}

static void take_values(const struct facts *facts, struct facts_account *account,
                        const struct entry *entry)
{
    int64_t number;
    mem_set(&account->dn, entry->name.dn);
    mem_set(&account->sam, entry_text(entry, "sAMAccountName"));
    mem_set(&account->dns_host, entry_text(entry, "dNSHostName"));
    free(account->domain_dn);
    account->domain_dn = domain_of(facts, account->dn);
    account->is_computer = true;
    account->deleted = entry_flag(entry, "isDeleted");
    account->recyclable = account->deleted && !entry_flag(entry, "isRecycled");
    account->has_uac = entry_number(entry, "userAccountControl", &number);
    account->uac = account->has_uac ? (uint32_t)number : 0;
    account->primary_group = entry_number(entry, "primaryGroupID", &number) ? (uint32_t)number : 0;
    account->group_hidden = !account->deleted && account->primary_group == 0; /* all have one */
}

/* B14 follows at once where the DC that is judged gave the account itself. */
static void take_here(const struct reading *r, struct facts_account *account,
                      const struct server *from)
{
    if (!r->judged || from != r->here || account->catalog_only)
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

void facts_account_take(struct reading *r, struct facts *facts, const struct entry *entry,
                        size_t domain)
{
    struct guid guid;
    const struct server *from = reading_server(r, domain);
    bool catalog = server_catalog_port(from);
    if (!entry_is_class(entry, "computer") || !entry_identity(entry, &guid))
        return;
    struct facts_account *account = facts_find_account(facts, &guid);
    bool news = account && !account->deleted && entry_flag(entry, "isDeleted");
    if (account && (catalog || !account->catalog_only) && !news)
        return;
    if (!account)
        account = facts_add_account(facts);
    account->guid = guid;
    account->catalog_only = catalog;
    account->given_by = from->dsa_guid;
    mem_set(&account->given_at, reading_name(from));
    account->is_target = is_target(facts, &guid);
    account->sysvol_member = store_is_member(&r->store, &facts->asked, &guid);
    take_values(facts, account, entry);
    take_spns(from, account, entry);
    take_holders(facts, account, entry);
    take_here(r, account, from);
}
