/* What other DCs said becomes facts; nothing is concluded here. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/copies_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- the copies ---- */

static bool same_dsa(const struct guid *a, const struct guid *b)
{
    return !guid_is_null(a) && guid_equal(a, b);
}

/* The copy that was asked for: by the DSA that was meant there, by the one that answered, or by the
 * name, where the directory did not know it. */
static struct facts_copy *find_copy(struct facts *facts, const struct copy_asked *dc)
{
    for (size_t i = 0; i < facts->copy_count; i++) {
        struct facts_copy *copy = &facts->copies[i];
        if (same_dsa(&dc->dsa, &copy->dsa_guid))
            return copy;
        if (guid_is_null(&dc->dsa) &&
            (same_dsa(&dc->runs_as, &copy->dsa_guid) || str_same_case(dc->host, copy->server)))
            return copy;
    }
    return NULL;
}

static void take_copy(struct facts *facts, const struct copy_asked *dc)
{
    struct facts_copy *copy = find_copy(facts, dc);
    if (!copy) {
        copy = facts_add_copy(facts);
        copy->server = mem_text(dc->host);
        copy->dsa_guid = dc->dsa;
    }
    copy->is_picked = copy->is_picked || dc->is_picked;
    if (copy->is_here)
        return;
    if (guid_is_null(&copy->dsa_guid) && dc->answered)
        copy->dsa_guid = dc->runs_as;
    copy->is_source = same_dsa(&copy->dsa_guid, &facts->asked);
    copy->state = dc->state;
    copy->proven = dc->proven;
    copy->read_only = copy->read_only || dc->read_only;
    mem_set(&copy->why, dc->why);
    dn_link_release(&copy->value);
    if (dc->state == COPY_VALUE)
        dn_link_copy(&copy->value, &dc->value);
}

/* ---- the live proof (E3) ---- */

/* "<forest>:<sam>@<REALM>" against the account's name and the DNS name of its domain. */
static bool is_account(const struct facts_account *account, const char *service)
{
    const char *sam = service ? strchr(service, ':') : NULL;
    const char *realm = sam ? strrchr(sam, '@') : NULL;
    if (!realm || !account->sam || !account->domain_dn)
        return false;
    char *name = mem_textn(sam + 1, (size_t)(realm - sam) - 1);
    char *domain = dn_to_dns(account->domain_dn);
    bool same = str_same_case(name, account->sam) && str_same_case(realm + 1, domain);
    free(name);
    free(domain);
    return same;
}

void copies_take_live(struct facts *facts, const struct guid *runs_as, const char *service)
{
    bool runs_n = same_dsa(runs_as, &facts->asked);
    for (size_t i = 0; i < facts->account_count; i++) {
        struct facts_account *account = &facts->accounts[i];
        if (account->live == PART_PRESENT && account->live_runs_n)
            continue;
        account->live = PART_PRESENT;
        account->live_runs_n = runs_n;
        account->live_is_account = is_account(account, service);
    }
}

/* N's own machine: whoever runs as N, or whoever answers under S's host name. */
static void take_machine(struct facts *facts, const struct copy_asked *dc)
{
    bool own = same_dsa(&dc->runs_as, &facts->asked) || same_dsa(&dc->dsa, &facts->asked);
    if (own && dc->answered && dc->proven)
        copies_take_live(facts, &dc->runs_as, dc->account);
}

/* ---- DSAs that live elsewhere (B7) ---- */

static void take_named(struct facts *facts, const struct facts_named_dsa *seen)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        struct facts_account *account = &facts->accounts[i];
        for (size_t n = 0; n < account->named_count; n++) {
            struct facts_named_dsa *named = &account->named[n];
            if (!guid_equal(&named->guid, &seen->guid))
                continue;
            named->state = DSA_LIVE;
            mem_set(&named->dn, seen->dn);
        }
    }
}

/* ---- a second word on the accounts (B14) ---- */

static void take_words(struct facts *facts, const struct copy_asked *dc)
{
    for (size_t i = 0; i < dc->account_count; i++) {
        const struct copy_account *said = &dc->accounts[i];
        struct facts_account *account = facts_find_account(facts, &said->guid);
        if (!account || said->word == WORD_NONE || same_dsa(&account->given_by, &dc->runs_as))
            continue;
        struct facts_word *word = facts_add_word(account, &dc->runs_as);
        mem_set(&word->server, dc->host);
        word->word = said->word;
        word->read_only = dc->read_only;
        word->bearer = said->bearer;
    }
}

void copies_merge(const struct copies *copies, struct facts *facts)
{
    for (size_t i = 0; i < copies->count; i++) {
        const struct copy_asked *dc = &copies->dcs[i];
        take_copy(facts, dc);
        take_machine(facts, dc);
        take_words(facts, dc);
        for (size_t n = 0; n < dc->named_count; n++)
            if (dc->named[n].state == DSA_LIVE && !same_dsa(&dc->named[n].guid, &facts->asked))
                take_named(facts, &dc->named[n]);
    }
}
