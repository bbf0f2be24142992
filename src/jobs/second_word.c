/* One more sign-in and one turn there; where that DC knows something else, the objects are read. */
#include "src/jobs/second_word.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/gather.h"
#include "src/model/host.h"

#include <stdlib.h>

/* ---- one question ---- */

static const char *const attributes[] = {"objectClass", "objectGUID", "isDeleted", NULL};

void word_ask(struct turn *turn, const struct guid *account, const char *dn)
{
    turn_guid(turn, account, attributes);
    turn_object(turn, dn, attributes);
}

enum word word_take(const struct turn *turn, size_t slot, const struct guid *account,
                    const char *dn, struct guid *bearer)
{
    const struct entry *entry = turn_entry(turn, slot), *named = turn_entry(turn, slot + 1);
    struct guid guid;
    bool taken = named && entry_identity(named, &guid) && !guid_equal(&guid, account);
    *bearer = taken ? guid : (struct guid){.bytes = {0}};
    if (entry && entry_flag(entry, "isDeleted"))
        return WORD_DELETED;
    if (entry)
        return dn_equal(entry->name.dn, dn) ? WORD_SAME : WORD_MOVED;
    if (taken)
        return WORD_OTHER; /* whether the account is deleted there may be hidden from us */
    bool neither = turn_part(turn, slot) == PART_ABSENT && turn_part(turn, slot + 1) == PART_ABSENT;
    return neither ? WORD_UNKNOWN : WORD_NONE;
}

/* ---- which accounts ---- */

static bool has_word(const struct facts_account *account)
{
    for (size_t i = 0; i < account->word_count; i++)
        if (account->words[i].word != WORD_NONE)
            return true;
    return false;
}

static bool is_wanted(const struct facts *facts, const struct facts_account *account)
{
    return !account->deleted && !account->catalog_only && !has_word(account) &&
           dn_equal(account->domain_dn, facts->dsa.domain_dn) &&
           !dn_equal(account->domain_dn, facts->server.domain_dn);
}

static bool any_wanted(const struct facts *facts)
{
    for (size_t i = 0; i < facts->account_count; i++)
        if (is_wanted(facts, &facts->accounts[i]))
            return true;
    return false;
}

/* ---- who is asked ---- */

static bool gave_one(const struct facts *facts, const char *host, const struct guid *dsa)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        if (is_wanted(facts, account) &&
            (host_equal(account->given_at, host) || (dsa && guid_equal(&account->given_by, dsa))))
            return true;
    }
    return false;
}

static struct session *open_second(struct session *session, const struct elsewhere *ways,
                                   const struct facts *facts)
{
    struct signin *left = mem_zero(ways->dc_count, sizeof *left); /* what they own stays */
    size_t count = 0;
    char *why = NULL;
    for (size_t i = 0; i < ways->dc_count; i++)
        if (!gave_one(facts, ways->dcs[i].host, NULL))
            left[count++] = ways->dcs[i];
    struct cancel *cancel = session_cancel(session);
    struct session *other = elsewhere_open(session, left, count, ways->each_ms, cancel, &why);
    free(left);
    free(why);
    if (!other)
        return NULL;
    const struct server *there = session_server(other);
    if (there->has_dsa_guid && dn_equal(there->domain_dn, facts->dsa.domain_dn) &&
        !gave_one(facts, NULL, &there->dsa_guid))
        return other;
    session_close(other);
    return NULL;
}

/* ---- what it says ---- */

/* The other object under the account's DN: it is judged too. What the first DC says of it follows
 * from what it said before. */
static void read_bearer(struct session *other, struct facts *facts, size_t at,
                        const struct guid *bearer)
{
    enum part part;
    struct dn_link link = {.dn = facts->accounts[at].dn, .has_guid = true, .guid = *bearer};
    if (facts_find_account(facts, bearer))
        return;
    err_free(gather_account(other, facts, &link, &part));
    struct facts_account *known = facts_find_account(facts, bearer);
    const struct facts_account *first = &facts->accounts[at];
    if (!known)
        return;
    struct facts_word *word = facts_add_word(known, &first->given_by);
    mem_set(&word->server, first->given_at);
    word->word = WORD_OTHER;
    word->bearer = first->guid;
}

static void read_deleted(struct session *other, struct facts *facts, size_t at)
{
    enum part part;
    struct facts_account *account = &facts->accounts[at];
    struct guid given_by = account->given_by; /* who shows it live: not the one asked now */
    char *given_at = mem_text(account->given_at), *dn = mem_text(account->dn);
    struct dn_link link = {.dn = dn, .has_guid = true, .guid = account->guid};
    err_free(gather_account(other, facts, &link, &part));
    account = &facts->accounts[at]; /* one more may have come */
    account->given_by = given_by;
    mem_set(&account->given_at, given_at);
    account->deleted = true; /* whatever came of that */
    if (facts->target.has_guid && guid_equal(&facts->target.guid, &account->guid))
        facts->target.deleted = true;
    free(given_at);
    free(dn);
}

static void take(struct session *other, struct facts *facts, size_t at, const struct turn *turn,
                 size_t slot)
{
    struct facts_account *account = &facts->accounts[at];
    const struct server *there = session_server(other);
    struct facts_word *word = facts_add_word(account, &there->dsa_guid);
    mem_set(&word->server, there->host);
    word->word = word_take(turn, slot, &account->guid, account->dn, &word->bearer);
    word->read_only = there->read_only == FLAG_YES;
    enum word said = word->word;
    struct guid bearer = word->bearer;
    if (!guid_is_null(&bearer))
        read_bearer(other, facts, at, &bearer);
    if (said == WORD_DELETED)
        read_deleted(other, facts, at);
}

static void ask(struct session *other, struct facts *facts)
{
    struct turn turn = TURN_INIT;
    size_t *asked = mem_zero(facts->account_count, sizeof *asked), count = 0;
    for (size_t i = 0; i < facts->account_count; i++) {
        if (!is_wanted(facts, &facts->accounts[i]))
            continue;
        word_ask(&turn, &facts->accounts[i].guid, facts->accounts[i].dn);
        asked[count++] = i;
    }
    struct err *err = turn_run(&turn, other);
    for (size_t i = 0; i < count && !err; i++)
        take(other, facts, asked[i], &turn, WORD_SLOTS * i);
    err_free(err); /* no answer: its word is missing */
    turn_release(&turn);
    free(asked);
}

/* ---- is there a second one? ---- */

/* Only a list that shows the giver, and nobody else, proves that there is no second one: it may be
 * cut short, or hidden from us. */
static void take_count(struct facts *facts, const struct result *result)
{
    struct guid guid;
    size_t writable = 0, givers = 0;
    for (size_t i = 0; i < result->count; i++) {
        const struct entry *entry = &result->entries[i];
        if (!entry_guid(entry, "objectGUID", &guid) || entry_is_class(entry, "nTDSDSARO"))
            continue;
        writable++;
        givers += gave_one(facts, NULL, &guid);
    }
    bool alone = !result->err && writable == 1 && givers == 1;
    facts->second_dc = alone ? PART_ABSENT : writable > 1 ? PART_PRESENT : PART_NO_ANSWER;
}

static struct err *count_dcs(struct session *session, struct facts *facts)
{
    static const char *const wanted[] = {"objectGUID", "objectClass", NULL};
    struct turn turn = TURN_INIT;
    char *domain = search_escape(facts->dsa.domain_dn);
    char *sites = str_format("CN=Sites,%s", session_server(session)->config_dn);
    struct search *search = turn_add(&turn);
    search_init(search, SCOPE_SUBTREE, sites, wanted,
                "(&(objectClass=nTDSDSA)(msDS-HasDomainNCs=%s))", domain);
    search->page = 500;
    struct err *err = turn_run(&turn, session);
    if (!err)
        take_count(facts, turn_result(&turn, 0));
    turn_release(&turn);
    free(sites);
    free(domain);
    return err;
}

/* ---- together ---- */

static struct err *read_with(struct session *session, const struct elsewhere *ways,
                             struct facts *facts)
{
    size_t before = facts->account_count;
    struct session *other = open_second(session, ways, facts);
    if (!other)
        return count_dcs(session, facts);
    session_set_cancel(other, session_cancel(session));
    facts->second_dc = PART_PRESENT;
    ask(other, facts);
    session_close(other);
    return facts->account_count > before ? gather_links(session, facts) : NULL;
}

struct err *second_word_read(struct session *session, const struct elsewhere *ways,
                             struct facts *facts)
{
    struct elsewhere found;
    if (!any_wanted(facts))
        return NULL;
    if (ways)
        return read_with(session, ways, facts);
    char *domain = dn_to_dns(facts->dsa.domain_dn);
    elsewhere_find(session, facts, domain, session_cancel(session), &found);
    struct err *err = read_with(session, &found, facts);
    elsewhere_release(&found);
    free(domain);
    return err;
}
