/* The account's GUID is what is written, and it comes from one DC. Where that one lags behind a
 * re-creation, it shows the dead account under the name of the new one. Another DC of the account's
 * domain confirms it, or is proven to lag itself, or contradicts: then nothing is written until
 * they agree. */
#include "src/remedy/diagnose_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/host.h"

#include <stdlib.h>

static bool is_dead(const struct facts *facts, const struct guid *guid)
{
    for (size_t i = 0; i < facts->account_count; i++)
        if (guid_equal(&facts->accounts[i].guid, guid))
            return facts->accounts[i].deleted;
    return false;
}

/* Whoever shows a dead object under the account's name lags behind the DC that gave the account:
 * that is as good as a second one that shows the same. */
static bool confirms(const struct facts *facts, const struct facts_word *word)
{
    return !word->read_only &&
           (word->word == WORD_SAME || (word->word == WORD_OTHER && is_dead(facts, &word->bearer)));
}

static bool contradicts(const struct facts *facts, const struct facts_word *word)
{
    return word->word == WORD_DELETED ||
           (word->word == WORD_OTHER && !is_dead(facts, &word->bearer));
}

static bool is_confirmed(const struct facts *facts, const struct facts_account *account)
{
    for (size_t i = 0; i < account->word_count; i++)
        if (confirms(facts, &account->words[i]))
            return true;
    return false;
}

bool account_is_one_word(const struct facts *facts, const struct facts_account *account)
{
    return facts->second_dc != PART_NOT_ASKED && facts->second_dc != PART_ABSENT &&
           !account->catalog_only && !dn_equal(account->domain_dn, facts->server.domain_dn) &&
           !is_confirmed(facts, account);
}

void add_second_words(const struct facts *facts, const struct facts_account *account,
                      struct verdict *verdict)
{
    char guid[GUID_TEXT], bearer[GUID_TEXT];
    const char *giver = account->given_at ? account->given_at : facts->server.host;
    guid_text(&account->guid, guid);
    for (size_t i = 0; i < account->word_count; i++) {
        const struct facts_word *word = &account->words[i];
        if (!contradicts(facts, word))
            continue;
        if (word->word == WORD_DELETED)
            findings_add(&verdict->blockers, B14,
                         "%s shows this account live (GUID %s), %s knows it as deleted: replicate "
                         "the domain to %s first",
                         giver, guid, word->server, giver);
        else
            findings_add(&verdict->blockers, B14,
                         "%s holds this account under that name (GUID %s), %s another object "
                         "(GUID %s): one of them lags behind; replicate the domain between them "
                         "first",
                         giver, guid, word->server, guid_text(&word->bearer, bearer));
    }
}

void add_second_words_of_any(const struct facts *facts, struct verdict *verdict)
{
    for (size_t i = 0; i < facts->account_count && !findings_has(&verdict->blockers, B14); i++)
        if (verdict_could_mean(verdict, i))
            add_second_words(facts, &facts->accounts[i], verdict);
}

/* ---- said before Confirm ---- */

/* Of the judged DC's own domain: there is another DC of it among the copies, and those were asked,
 * or may not be. */
static bool has_others(const struct facts *facts, const char *domain)
{
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        bool settled = copy->state != COPY_NOT_ASKED || copy->why;
        if (!copy->is_here && settled && host_in_domain(copy->server, domain))
            return true;
    }
    return false;
}

char *second_unchecked(const struct facts *facts, const struct facts_account *account)
{
    char *text = NULL, *domain = account->domain_dn ? dn_to_dns(account->domain_dn) : NULL;
    const char *giver = account->given_at ? account->given_at : facts->server.host;
    bool own = dn_equal(account->domain_dn, facts->server.domain_dn);
    if (!domain || account->catalog_only || is_confirmed(facts, account))
        ;
    else if (own && has_others(facts, domain))
        text = str_format("Only %s vouches for this account: no other DC of %s has confirmed "
                          "that it is not one that was deleted and made anew.",
                          giver, domain);
    else if (!own && facts->second_dc == PART_ABSENT)
        text = str_format("%s is the only DC of %s: no second one can confirm the account.", giver,
                          domain);
    free(domain);
    return text;
}
