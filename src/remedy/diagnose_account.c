/* One account against one DSA: the evidence E1 to E10, the blockers that concern the account itself
 * (B4 to B7), and the level that follows by rule (domain.md section 3). Weights never decide. */
#include "src/remedy/diagnose_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/host.h"
#include "src/model/sam.h"

#include <stdlib.h>
#include <string.h>

static void found(struct judged_account *judged, enum finding_kind kind, const char *text)
{
    findings_add(&judged->reasons, kind, "%s", text);
}

bool same_link(const struct dn_link *a, const struct dn_link *b)
{
    if (!a->dn || !b->dn)
        return false;
    if (a->has_guid && b->has_guid)
        return guid_equal(&a->guid, &b->guid);
    return dn_equal(a->dn, b->dn);
}

/* "cn" names the account: its own cn, or its sAMAccountName, which holds 15 characters and a "$".
 */
static bool same_name(const char *cn, const struct facts_account *account)
{
    char *name = cn ? dn_unmarked(cn) : NULL;
    char *rdn = dn_rdn_value(account->dn);
    char *own = rdn ? dn_unmarked(rdn) : NULL;
    bool same = name && *name && own && text_same(name, own);
    if (!same && name && *name && account->sam) {
        char *full = str_format("%s$", name);
        char *cut = sam_cut(name), *sam = cut ? str_format("%s$", cut) : NULL;
        same = text_same(account->sam, full) || text_same(account->sam, sam);
        free(full);
        free(cut);
        free(sam);
    }
    free(name);
    free(rdn);
    free(own);
    return same;
}

static bool has_spn_for(const struct facts_account *account, const struct guid *dsa,
                        bool (*read)(const char *, struct guid *))
{
    struct guid guid;
    for (size_t i = 0; i < account->spns.count; i++)
        if (read(account->spns.items[i], &guid) && guid_equal(&guid, dsa))
            return true;
    return false;
}

static void read_spns(const struct facts *facts, const struct facts_account *account,
                      struct judged_account *judged)
{
    if (has_spn_for(account, &facts->dsa.guid, spn_drs_guid))
        found(judged, E1, "its replication SPN carries this DSA's GUID");
    if (has_spn_for(account, &facts->dsa.guid, spn_msdcs_guid))
        found(judged, E2, "it has the SPN of this DSA's GUID-based DNS name");
}

static void read_live(const struct facts_account *account, struct judged_account *judged)
{
    if (account->live == PART_PRESENT && account->live_runs_n && account->live_is_account)
        found(judged, E3, "the machine itself answers as this DSA under this account");
}

static void read_copies(const struct facts *facts, const struct facts_account *account,
                        struct judged_account *judged)
{
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        bool names = copy->state == COPY_VALUE && copy->value.has_guid &&
                     guid_equal(&copy->value.guid, &account->guid);
        if (!names || copy->is_here)
            continue;
        char *host = name_of_host(facts, copy->server);
        char *text = str_format("%s's copy names it", host);
        if (copy->is_source && copy->proven)
            found(judged, E4, text);
        else if (!copy->read_only)
            found(judged, E5, text);
        free(text);
        free(host);
    }
}

static void read_names(const struct facts *facts, const struct facts_account *account,
                       struct judged_account *judged)
{
    if (host_equal(facts->srv.dns_host, account->dns_host)) {
        char *text = str_format("host name %s on both objects", account->dns_host);
        found(judged, E6, text);
        free(text);
    }
    if (same_name(facts->srv.cn, account))
        found(judged, E7, "it has the server object's name");
    if (account->sysvol_member)
        found(judged, E8, "a SYSVOL member ties this DSA to it");
}

static void read_kind(const struct facts *facts, const struct facts_account *account,
                      struct judged_account *judged)
{
    if (facts_has_dc_bits(account)) {
        const char *kind = account->uac & UAC_SERVER_TRUST
                               ? "a domain controller account"
                               : "a read-only domain controller account";
        char *text = str_format("%s%s", account->uac & UAC_DISABLED ? "" : "enabled, ", kind);
        found(judged, E9, text);
        free(text);
    }
    char *container =
        facts->dsa.domain_dn ? str_format("OU=Domain Controllers,%s", facts->dsa.domain_dn) : NULL;
    if (container && account->dn && dn_is_under(account->dn, container))
        found(judged, E10, "it stands in OU=Domain Controllers");
    free(container);
}

bool judged_has_identity(const struct judged_account *judged)
{
    return judged->identity;
}

/* A copy is the same link seen from another replica: it cannot confirm the value that is judged,
 * and another DSA's proven account is not N's because a copy says so. */
static bool has_identity(const struct facts_account *account, const struct judged_account *judged)
{
    const finding_set own = FINDING_BIT(E1) | FINDING_BIT(E2) | FINDING_BIT(E3) | FINDING_BIT(E6) |
                            FINDING_BIT(E7) | FINDING_BIT(E8);
    const finding_set copies = FINDING_BIT(E4) | FINDING_BIT(E5);
    bool follows = !account->is_target && !judged_elsewhere(judged);
    return (judged->reasons.set & own) != 0 || (follows && (judged->reasons.set & copies) != 0);
}

bool judged_is_strong(const struct judged_account *judged)
{
    return (judged->reasons.set & (FINDING_BIT(E1) | FINDING_BIT(E3))) != 0;
}

bool judged_has_own_proof(const struct judged_account *judged)
{
    return (judged->reasons.set & (FINDING_BIT(E1) | FINDING_BIT(E3) | FINDING_BIT(E6) |
                                   FINDING_BIT(E7) | FINDING_BIT(E8))) != 0;
}

bool judged_elsewhere(const struct judged_account *judged)
{
    return findings_has(&judged->reasons, B6) || findings_has(&judged->reasons, B7);
}

/* B4 and B5: it cannot be the account of any DC of D, whoever it belongs to. */
static void find_unusable(const struct facts *facts, const struct facts_account *account,
                          struct judged_account *judged)
{
    struct findings *why = &judged->reasons;
    if (!account->is_computer)
        findings_add(why, B4, "it is not a computer account");
    else if (account->deleted)
        findings_add(why, B4, "it was deleted%s",
                     account->recyclable ? ", and can be restored" : "");
    else if (!facts_has_dc_bits(account))
        findings_add(why, B4,
                     "it is not a domain controller's account (userAccountControl %u, "
                     "primary group %u)",
                     account->uac, account->primary_group);
    if (!account->deleted && account->has_uac && (account->uac & UAC_DISABLED))
        findings_add(why, B4, "it is disabled");
    if (!account->deleted && dn_first_mark(account->dn) == DN_CONFLICT)
        findings_add(why, B4, "its name is a replication conflict's (CNF)");
    if (account->sam && str_starts_case(account->sam, "$DUPLICATE-"))
        findings_add(why, B4, "its sAMAccountName was taken away as a duplicate");
    if (facts->dsa.domain_dn && account->domain_dn &&
        !dn_equal(account->domain_dn, facts->dsa.domain_dn))
        findings_add(why, B5, "it is in another domain than this DSA");
}

/* Does a DRS SPN name a DSA other than this one? Any that is not a tombstone here, or live ones. */
static bool names_another(const struct facts_account *account, const struct guid *dsa, bool live)
{
    for (size_t i = 0; i < account->named_count; i++) {
        const struct facts_named_dsa *named = &account->named[i];
        if (!guid_equal(&named->guid, dsa) &&
            (live ? named->state == DSA_LIVE : named->state != DSA_TOMBSTONED))
            return true;
    }
    return false;
}

static bool has_member_of(const struct facts_account *account, const struct guid *dsa)
{
    for (size_t i = 0; i < account->sysvol_count; i++)
        if (guid_equal(&account->sysvol_dsas[i], dsa))
            return true;
    return false;
}

/* The account is also the proven one of another server with a live DSA (B6): by the rules of the
 * levels, seen from there. So a stale server object of the same machine, whose DSA the account does
 * not name, merely holds it wrongly. */
static bool proven_for(const struct facts_account *account, const struct facts_other *other)
{
    const struct guid *dsa = &other->dsa_guid;
    int alias = has_spn_for(account, dsa, spn_msdcs_guid);
    int support = host_equal(other->dns_host, account->dns_host) + same_name(other->cn, account) +
                  has_member_of(account, dsa);
    if (!other->has_dsa)
        return false;
    if (has_spn_for(account, dsa, spn_drs_guid) && support >= 1)
        return !names_another(account, dsa, true);
    return alias + support >= 2 && !names_another(account, dsa, false);
}

static void find_elsewhere(const struct facts *facts, const struct facts_account *account,
                           struct judged_account *judged)
{
    for (size_t i = 0; i < account->named_count; i++) {
        const struct facts_named_dsa *named = &account->named[i];
        bool other = !guid_equal(&named->guid, &facts->dsa.guid);
        if (!other || named->state != DSA_LIVE || findings_has(&judged->reasons, E3))
            continue;
        char *name = name_of_dsa(&named->guid, named->dn);
        findings_add(&judged->reasons, B7, "this account now belongs to DSA %s", name);
        free(name);
    }
    if (account->live == PART_PRESENT && account->live_is_account && !account->live_runs_n)
        findings_add(&judged->reasons, B7, "its machine answers, and runs as another DSA");
    for (size_t i = 0; i < account->holder_count; i++) {
        const struct facts_other *holder = &account->holders[i];
        if (guid_equal(&holder->guid, &facts->srv.guid) || !proven_for(account, holder))
            continue;
        findings_add(&judged->reasons, B6, "it is the proven account of another server: %s",
                     holder->dn);
    }
}

/* No DRS SPN at all, or only ones for N itself and for DSAs that are tombstones here. */
static bool spns_leave_it_free(const struct facts *facts, const struct facts_account *account)
{
    bool read = account->spns_part == PART_PRESENT || account->spns_part == PART_ABSENT;
    return read && !names_another(account, &facts->dsa.guid, false);
}

static int count_of(finding_set evidence, finding_set wanted)
{
    return __builtin_popcountll(evidence & wanted);
}

static enum level level_of(const struct facts *facts, const struct facts_account *account,
                           const struct judged_account *judged)
{
    finding_set e = judged->reasons.set;
    const finding_set support =
        FINDING_BIT(E4) | FINDING_BIT(E6) | FINDING_BIT(E7) | FINDING_BIT(E8);
    if (!judged->usable || judged_elsewhere(judged))
        return LEVEL_LOW;
    if (judged_is_strong(judged) && (e & support))
        return account->catalog_only || account_is_one_word(facts, account) ? LEVEL_MEDIUM
                                                                            : LEVEL_HIGH;
    if (count_of(e, support | FINDING_BIT(E2)) >= 2 && spns_leave_it_free(facts, account))
        return LEVEL_MEDIUM;
    return LEVEL_LOW;
}

struct judged_account judge_account(const struct facts *facts, const struct facts_account *account)
{
    struct judged_account judged = {.fits = false};
    read_spns(facts, account, &judged);
    read_live(account, &judged);
    read_copies(facts, account, &judged);
    read_names(facts, account, &judged);
    read_kind(facts, account, &judged);
    find_unusable(facts, account, &judged);
    judged.usable = !findings_has(&judged.reasons, B4) && !findings_has(&judged.reasons, B5) &&
                    findings_has(&judged.reasons, E9);
    find_elsewhere(facts, account, &judged);
    judged.identity = has_identity(account, &judged);
    judged.fits = judged.identity || account->is_target;
    judged.level = level_of(facts, account, &judged);
    return judged;
}
