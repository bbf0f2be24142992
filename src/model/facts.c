/* Ownership of the facts, and the two readings of an account that several modules share. */
#include "src/model/facts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/host.h"

#include <stdlib.h>
#include <string.h>

const char *copy_state_name(enum copy_state state)
{
    static const char *const names[] = {
        [COPY_VALUE] = "value",
        [COPY_ABSENT] = "absent",
        [COPY_NO_OBJECT] = "no-object",
        [COPY_UNREADABLE] = "unreadable",
        [COPY_UNREACHABLE] = "unreachable",
        [COPY_NOT_ASKED] = "not-asked",
    };
    return names[state];
}

void facts_init(struct facts *facts)
{
    *facts = (struct facts){.survey = false};
}

static void release_other(struct facts_other *other)
{
    free(other->dn);
    free(other->cn);
    free(other->dns_host);
    free(other->dsa_dn);
    dn_link_release(&other->reference);
}

static void release_others(struct facts_other *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        release_other(&others[i]);
    free(others);
}

static void release_account(struct facts_account *account)
{
    free(account->dn);
    free(account->domain_dn);
    free(account->sam);
    free(account->dns_host);
    free(account->here_dn);
    free(account->given_at);
    for (size_t i = 0; i < account->word_count; i++)
        free(account->words[i].server);
    free(account->words);
    strs_release(&account->spns);
    for (size_t i = 0; i < account->named_count; i++)
        free(account->named[i].dn);
    free(account->named);
    free(account->sysvol_dsas);
    release_others(account->holders, account->holder_count);
}

static void release_objects(struct facts *facts)
{
    free(facts->dsa.dn);
    free(facts->dsa.domain_dn);
    free(facts->srv.dn);
    free(facts->srv.cn);
    free(facts->srv.site);
    free(facts->srv.dns_host);
    dn_link_release(&facts->srv.reference_link);
    free(facts->target.kind);
    free(facts->target.dn);
    free(facts->target.asked_at);
}

void facts_release(struct facts *facts)
{
    server_release(&facts->server);
    release_objects(facts);
    free(facts->asked_is);
    for (size_t i = 0; i < facts->account_count; i++)
        release_account(&facts->accounts[i]);
    free(facts->accounts);
    free(facts->accounts_from);
    free(facts->accounts_why);
    release_others(facts->twins, facts->twin_count);
    release_others(facts->successors, facts->successor_count);
    for (size_t i = 0; i < facts->copy_count; i++) {
        free(facts->copies[i].server);
        free(facts->copies[i].site);
        free(facts->copies[i].why);
        dn_link_release(&facts->copies[i].value);
    }
    free(facts->copies);
    for (size_t i = 0; i < facts->link_count; i++) {
        free(facts->links[i].partner);
        free(facts->links[i].nc);
    }
    free(facts->links);
    free(facts->dns_target);
    free(facts->removed_by);
    free(facts->destination);
    free(facts->other_forest);
    free(facts->other_fault);
    facts_init(facts);
}

struct facts_account *facts_add_account(struct facts *facts)
{
    return MEM_PUSH(facts->accounts, facts->account_count);
}

struct facts_account *facts_find_account(struct facts *facts, const struct guid *guid)
{
    for (size_t i = 0; i < facts->account_count; i++)
        if (guid_equal(&facts->accounts[i].guid, guid))
            return &facts->accounts[i];
    return NULL;
}

struct facts_copy *facts_add_copy(struct facts *facts)
{
    return MEM_PUSH(facts->copies, facts->copy_count);
}

struct facts_link *facts_add_link(struct facts *facts)
{
    return MEM_PUSH(facts->links, facts->link_count);
}

struct facts_named_dsa *facts_add_named(struct facts_account *account, const struct guid *guid)
{
    for (size_t i = 0; i < account->named_count; i++)
        if (guid_equal(&account->named[i].guid, guid))
            return &account->named[i];
    struct facts_named_dsa *named = MEM_PUSH(account->named, account->named_count);
    named->guid = *guid;
    return named;
}

struct facts_word *facts_add_word(struct facts_account *account, const struct guid *dsa)
{
    for (size_t i = 0; i < account->word_count; i++)
        if (guid_equal(&account->words[i].dsa, dsa))
            return &account->words[i];
    struct facts_word *word = MEM_PUSH(account->words, account->word_count);
    word->dsa = *dsa;
    return word;
}

bool facts_has_dc_bits(const struct facts_account *account)
{
    if (!account->has_uac)
        return false;
    return ((account->uac & UAC_SERVER_TRUST) && account->primary_group == GROUP_DCS) ||
           ((account->uac & UAC_PARTIAL_SECRETS) && account->primary_group == GROUP_RODCS);
}

bool spn_drs_guid(const char *spn, struct guid *out)
{
    static const char class[] = "E3514235-4B06-11D1-AB04-00C04FC2DCD2/";
    if (!str_starts_case(spn, class))
        return false;
    const char *rest = spn + sizeof class - 1;
    return guid_parse_prefix(rest, strlen(rest), out) && rest[36] == '/';
}

bool spn_msdcs_guid(const char *spn, struct guid *out)
{
    if (!str_starts_case(spn, "ldap/"))
        return false;
    const char *rest = spn + 5;
    return guid_parse_prefix(rest, strlen(rest), out) && str_starts_case(rest + 36, "._msdcs.");
}

static void list_holder(struct str *list, const char *host, const char *domain)
{
    if (!host_in_domain(host, domain) || str_find_case(str_text(list), host))
        return;
    if (list->len)
        str_add(list, ", ");
    str_add(list, host);
}

char *facts_holders(const struct facts *facts, const char *domain_dn)
{
    char *domain = domain_dn ? dn_to_dns(domain_dn) : NULL;
    struct str list = STR_INIT;
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        bool answered = copy->state == COPY_VALUE || copy->state == COPY_ABSENT;
        if (answered && !copy->read_only)
            list_holder(&list, copy->server, domain);
    }
    list_holder(&list, facts->accounts_from, domain);
    free(domain);
    char *text = list.len ? str_steal(&list) : NULL;
    str_release(&list);
    return text;
}

/* The copy says what the judged one says. */
static bool needs_the_same(const struct facts *facts, const struct facts_copy *copy)
{
    const struct dn_link *value = &facts->srv.reference_link;
    if (facts->srv.reference == PART_ABSENT)
        return copy->state == COPY_ABSENT;
    return copy->state == COPY_VALUE && copy->value.has_guid && value->has_guid &&
           guid_equal(&copy->value.guid, &value->guid);
}

const struct facts_copy *facts_writable_partner(const struct facts *facts, bool unread)
{
    const struct facts_copy *first = NULL;
    char *domain = facts->dsa.domain_dn ? dn_to_dns(facts->dsa.domain_dn) : NULL;
    bool knows = false; /* it knows the account itself, not as a catalog does */
    for (size_t i = 0; i < facts->copy_count && !knows; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        bool fits = needs_the_same(facts, copy) || (unread && copy->state == COPY_NOT_ASKED);
        if (!fits || copy->is_here || copy->is_source || copy->read_only)
            continue;
        knows = host_in_domain(copy->server, domain);
        first = first && !knows ? first : copy;
    }
    free(domain);
    return first;
}
