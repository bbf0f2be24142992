/* The computer accounts that could be N's: found by the names that the account itself carries (its
 * SPNs with N's GUID, S's name, S's host name) and by the SYSVOL members that tie an account to N.
 * Deleted accounts are read as well: one that can be restored is the better repair. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/model/sam.h"

#include <stdlib.h>
#include <string.h>

/* ---- terms of a filter ---- */

char *host_terms(const char *host)
{
    size_t len = host ? strlen(host) : 0;
    if (len == 0)
        return NULL;
    char *bare = mem_textn(host, host[len - 1] == '.' ? len - 1 : len);
    char *escaped = search_escape(bare);
    char *terms = str_format("(dNSHostName=%s)(dNSHostName=%s.)", escaped, escaped);
    free(bare);
    free(escaped);
    return terms;
}

static void add_names(struct str *s, const char *name, bool exact)
{
    char *cn = search_escape(name), *cut = sam_cut(name), *sam = cut ? search_escape(cut) : NULL;
    if (*cn)
        str_addf(s, "(sAMAccountName=%s$)(cn=%s)", cn, cn);
    if (*cn && !exact)
        str_addf(s, "(cn=%s\\0aCNF:*)", cn);
    if (sam)
        str_addf(s, "(sAMAccountName=%s$)", sam);
    free(cn);
    free(cut);
    free(sam);
}

/* exact: whole values only, which an index answers. */
static char *account_terms(const struct reading *r, const struct facts *facts, const char *name,
                           bool exact)
{
    char guid[GUID_TEXT];
    struct str s = STR_INIT;
    char *forest = search_escape(r->here->forest ? r->here->forest : "");
    char *domain = dn_to_dns(facts->dsa.domain_dn), *end = domain ? search_escape(domain) : NULL;
    guid_text(&facts->asked, guid);
    str_addf(&s, "(servicePrincipalName=E3514235-4B06-11D1-AB04-00C04FC2DCD2/%s/%s)", guid,
             !exact ? "*"
             : end  ? end
                    : forest);
    str_addf(&s, "(servicePrincipalName=ldap/%s._msdcs.%s)", guid, forest);
    add_names(&s, name ? name : "", exact);
    free(forest);
    free(domain);
    free(end);
    return str_steal(&s);
}

/* ---- those that are known ---- */

struct search_for { /* N's accounts in its domain */
    struct facts *facts;
    const char *name; /* S's, plain; NULL */
    size_t domain;
};

static const struct places none = {NULL, 0};

static void keep_domain(const struct reading *r, struct places *places, size_t domain)
{
    size_t kept = 0;
    for (size_t i = 0; i < places->count; i++)
        if (r->store.items[places->items[i]].domain == domain)
            places->items[kept++] = places->items[i];
    places->count = kept;
}

/* SYSVOL members name accounts by their GUIDs: one that is not known yet is asked for. */
static void add_members(struct reading *r, const struct search_for *f, struct places *places)
{
    const struct guid *dsa = &f->facts->asked;
    const struct index *index = &r->store.members_of_dsa;
    for (size_t at = index_first(index, dsa->bytes, sizeof dsa->bytes); at != INDEX_END;
         at = index_next(index, at)) {
        const struct guid *guid = &r->store.members[index_value(index, at)].account;
        size_t account = store_guid(&r->store, SORT_ACCOUNT, guid);
        if (account != NOWHERE)
            places_add(places, account);
        else
            (void)answer_to(
                r, (struct question){.ask = ASK_ACCOUNT, .domain = f->domain, .guid = guid});
    }
}

static struct places find(struct reading *r, const struct search_for *f)
{
    struct places places = none;
    size_t len = f->name ? strlen(f->name) : 0, kept = len > 0 ? sam_kept(f->name) : 0;
    store_spn(&r->store, &f->facts->asked, &places);
    add_members(r, f, &places);
    if (len > 0)
        store_named(&r->store, SORT_ACCOUNT, f->name, &places);
    if (kept < len) {
        char *cut = mem_textn(f->name, kept);
        store_named(&r->store, SORT_ACCOUNT, cut, &places);
        free(cut);
    }
    store_hosts(&r->store, SORT_ACCOUNT, f->facts->srv.dns_host, &places);
    keep_domain(r, &places, f->domain);
    return places;
}

/* Its own names lead to one account, and the value names it. An account without SPNs is read again
 * with its access list: they may only be hidden. */
static bool is_plain(const struct reading *r, const struct facts *facts,
                     const struct places *places)
{
    const struct facts_server *srv = &facts->srv;
    const struct item *item = places->count == 1 ? &r->store.items[places->items[0]] : NULL;
    return item && item->usable && srv->reference == PART_PRESENT && srv->reference_link.has_guid &&
           store_guid(&r->store, SORT_ACCOUNT, &srv->reference_link.guid) == places->items[0] &&
           entry_has(item->entry, "servicePrincipalName");
}

static bool any_usable(const struct reading *r, const struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        if (r->store.items[places->items[i]].usable)
            return true;
    return false;
}

/* ---- asking for them ---- */

/* Not all of them could be read: the last reason counts, the first is told. */
static void note_end(struct facts *facts, const struct answer *answer)
{
    if (answer->part == PART_PRESENT || facts->accounts_part == PART_NOT_ASKED)
        return;
    bool ended = answer->part == PART_DENIED || answer->part == PART_NOT_ASKED;
    facts->accounts_part = ended ? answer->part : PART_NO_ANSWER;
    if (!facts->accounts_why && answer->part != PART_NOT_ASKED)
        facts->accounts_why =
            mem_text(answer->err ? answer->err->text : "Not all of the accounts could be read.");
}

static bool ask_terms(struct reading *r, const struct search_for *f, enum ask ask, char *terms)
{
    if (!terms)
        return true;
    /* what it brought is on the store by then: put_entry() in burst.c */
    const struct answer *answer =
        answer_to(r, (struct question){.ask = ask, .domain = f->domain, .text = terms});
    note_end(f->facts, answer);
    free(terms);
    return answer->part != PART_NOT_ASKED;
}

/* SYSVOL members that name N: under DFS replication, and under the older service. In a forest all
 * of them are known. */
static void ask_members(struct reading *r, const struct search_for *f)
{
    struct question question = {.domain = f->domain, .text = f->facts->dsa.dn};
    if (r->way || server_catalog_port(reading_server(r, f->domain)))
        return;
    question.ask = ASK_DFSR;
    (void)answer_to(r, question);
    question.ask = ASK_FRS;
    (void)answer_to(r, question);
}

/* Substrings make a server look at each object of the domain: in a forest only where nothing else
 * helped. */
static void ask_accounts(struct reading *r, const struct search_for *f, const struct places *known)
{
    if (r->way && is_plain(r, f->facts, known))
        return;
    bool exact = r->way != NULL;
    bool done = ask_terms(r, f, ASK_ACCOUNTS, account_terms(r, f->facts, f->name, exact));
    done = ask_terms(r, f, ASK_DC_HOSTS, host_terms(f->facts->srv.dns_host)) && done;
    if (exact && done && !any_usable(r, known))
        (void)ask_terms(r, f, ASK_ACCOUNTS, account_terms(r, f->facts, f->name, false));
}

/* ---- together ---- */

/* Who answers for the accounts of D? A catalog does, with what it has of them. */
static size_t domain_of(struct reading *r, const struct facts *facts)
{
    return server_catalog_port(r->here) ? 0 : domain_at(r, facts->dsa.domain_dn);
}

/* In a forest another domain's accounts were read in bulk, or why not is known. */
static void start(struct reading *r, struct facts *facts, size_t domain)
{
    const struct domain *d = &r->domains[domain];
    facts->accounts_part = r->way ? d->part : PART_PRESENT;
    mem_set(&facts->accounts_why, r->way ? d->why : NULL);
    mem_set(&facts->accounts_from, reading_name(reading_server(r, domain)));
}

/* jobs/elsewhere.h reads them where the domain is held. */
static void say_nobody(const struct reading *r, struct facts *facts)
{
    if (!r->judged)
        return;
    facts->accounts_part = PART_NO_ANSWER;
    facts->accounts_why =
        str_format("%s holds no copy of %s.", reading_name(r->here), facts->dsa.domain_dn);
}

void facts_accounts_from(struct reading *r, struct facts *facts, const char *name)
{
    struct search_for f = {.facts = facts, .name = name};
    if (!facts->dsa.domain_dn)
        return;
    f.domain = domain_of(r, facts);
    if (f.domain == NOWHERE) {
        say_nobody(r, facts);
        return;
    }
    start(r, facts, f.domain);
    struct places places = find(r, &f);
    if (r->domains[f.domain].session) {
        ask_members(r, &f);
        ask_accounts(r, &f, &places);
    }
    for (size_t i = 0; i < places.count; i++)
        facts_account_take(r, facts, r->store.items[places.items[i]].entry, f.domain);
    free(places.items);
}
