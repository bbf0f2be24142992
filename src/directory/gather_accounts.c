/* The computer accounts that could be N's: found by the names that the account itself carries (its
 * SPNs with N's GUID, S's name, S's host name) and by the SYSVOL members that tie an account to N.
 * Deleted accounts are read as well: one that can be restored is the better repair. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"
#include "src/model/sam.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 500, ACCOUNTS_MOST = 1000, MEMBERS_MOST = 100 };

static const char *const dfsr_attributes[] = {"objectClass", "msDFSR-ComputerReference", NULL};
static const char *const frs_attributes[] = {"objectClass", "frsComputerReference", NULL};

/* Does this session answer for the accounts of D? A catalog does, with what it has of them. */
static bool may_ask(const struct gather *g)
{
    const char *domain = g->facts->dsa.domain_dn;
    return domain && (server_catalog_port(g->here) || dn_equal(domain, g->here->domain_dn));
}

static size_t ask_accounts(struct gather *g, struct turn *turn, const char *terms)
{
    bool catalog = server_catalog_port(g->here);
    struct search *search = turn_add(turn);
    search_init(search, SCOPE_SUBTREE, catalog ? "" : g->facts->dsa.domain_dn,
                gather_account_attributes, "(&(objectClass=computer)(|%s))", terms);
    search->deleted = search->dacl = true;
    search->page = PAGE;
    search->most = ACCOUNTS_MOST;
    return turn->count - 1;
}

/* ---- whether the accounts were read completely ---- */

static void give_up(struct facts *facts, enum part part, const char *why)
{
    facts->accounts_part = part;
    if (!facts->accounts_why)
        facts->accounts_why = mem_text(why);
}

static void take_accounts(struct gather *g, const struct turn *turn, size_t slot)
{
    const struct result *result = turn_result(turn, slot);
    if (!result)
        return;
    for (size_t i = 0; i < result->count; i++)
        gather_take_account(g, &result->entries[i]);
    if (result->err)
        give_up(g->facts, result->err->code == ERR_NO_RIGHT ? PART_DENIED : PART_NO_ANSWER,
                result->err->text);
    else if (!result->complete)
        give_up(g->facts, PART_NO_ANSWER, "Not all of the accounts could be read.");
}

/* ---- first turn: what N and S's name are enough for ---- */

char *gather_account_terms(const struct server *here, const struct guid *dsa, const char *server)
{
    char guid[GUID_TEXT];
    struct str s = STR_INIT;
    char *forest = search_escape(here->forest ? here->forest : "");
    char *name = search_escape(server ? server : "");
    guid_text(dsa, guid);
    str_addf(&s, "(servicePrincipalName=E3514235-4B06-11D1-AB04-00C04FC2DCD2/%s/*)", guid);
    str_addf(&s, "(servicePrincipalName=ldap/%s._msdcs.%s)", guid, forest);
    if (*name)
        str_addf(&s, "(sAMAccountName=%s$)(cn=%s)(cn=%s\\0aCNF:*)", name, name, name);
    char *cut = server ? sam_cut(server) : NULL, *sam = cut ? search_escape(cut) : NULL;
    if (sam)
        str_addf(&s, "(sAMAccountName=%s$)", sam);
    free(cut);
    free(sam);
    free(forest);
    free(name);
    return str_steal(&s);
}

/* SYSVOL members that name N: under DFS replication, and under the older service. */
static size_t ask_members(struct gather *g, struct turn *turn, const char *place, const char *class,
                          const char *const *attributes)
{
    char *base = str_format("%s,CN=System,%s", place, g->facts->dsa.domain_dn);
    char *ntds = search_escape(g->facts->dsa.dn);
    struct search *search = turn_add(turn);
    search_init(search, SCOPE_SUBTREE, base, attributes, "(&(objectClass=%s)(serverReference=%s))",
                class, ntds);
    search->page = PAGE;
    search->most = MEMBERS_MOST;
    free(base);
    free(ntds);
    return turn->count - 1;
}

static void ask_names(struct gather *g, struct turn *turn)
{
    g->at.names = g->at.dfsr = g->at.frs = TURN_NONE;
    if (!may_ask(g))
        return;
    char *terms = gather_account_terms(g->here, &g->facts->asked, g->name);
    g->at.names = ask_accounts(g, turn, terms);
    free(terms);
    if (server_catalog_port(g->here))
        return;
    g->at.dfsr = ask_members(g, turn, "CN=DFSR-GlobalSettings", "msDFSR-Member", dfsr_attributes);
    g->at.frs = ask_members(g, turn, "CN=File Replication Service", "nTFRSMember", frs_attributes);
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
    mem_set(&facts->accounts_from, gather_name(here));
}

static void take_names(struct gather *g, const struct turn *turn)
{
    if (may_ask(g))
        start_over(g->facts, g->here);
    take_accounts(g, turn, g->at.names);
    take_members(g, turn_result(turn, g->at.dfsr), "msDFSR-ComputerReference");
    take_members(g, turn_result(turn, g->at.frs), "frsComputerReference");
}

const struct step gather_names_step = {ask_names, take_names};

/* ---- second turn: what S's values are needed for ---- */

static void ask_rest(struct gather *g, struct turn *turn)
{
    char *terms = may_ask(g) ? gather_host_terms(g->facts->srv.dns_host) : NULL;
    g->at.host = terms ? ask_accounts(g, turn, terms) : TURN_NONE;
    free(terms);
    g->at.members = turn->count;
    for (size_t i = 0; i < g->members.count; i++) {
        size_t slot = turn_guid(turn, &g->members.items[i], gather_account_attributes);
        turn->searches[slot].dacl = true;
    }
}

static void take_rest(struct gather *g, const struct turn *turn)
{
    take_accounts(g, turn, g->at.host);
    for (size_t i = 0; i < g->members.count; i++) {
        const struct entry *entry = turn_entry(turn, g->at.members + i);
        if (entry)
            gather_take_account(g, entry);
        struct facts_account *account = facts_find_account(g->facts, &g->members.items[i]);
        if (account)
            account->sysvol_member = true;
    }
}

const struct step gather_rest_step = {ask_rest, take_rest};
