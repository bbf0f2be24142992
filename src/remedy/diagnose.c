/* The order of the questions is the order of the verdicts: is the DSA there, is it live, does it
 * stand where it should, could everything be read, which account is meant, and does the present
 * value name it. The first answer that is not "go on" is the verdict. */
#include "src/remedy/diagnose.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose_parts.h"

#include <stdlib.h>

static bool parent_is_marked(const char *dn)
{
    char *parent = dn ? dn_parent(dn) : NULL;
    bool marked = parent && dn_first_mark(parent) != DN_PLAIN;
    free(parent);
    return marked;
}

/* The parent's name stands in N's own DN too: it counts even where the parent cannot be read. */
static bool is_orphaned(const struct facts *facts)
{
    const struct facts_server *srv = &facts->srv;
    if (dn_first_mark(facts->dsa.dn) != DN_PLAIN || parent_is_marked(facts->dsa.dn))
        return true;
    if (srv->part != PART_PRESENT)
        return false;
    return srv->deleted || !srv->is_server || dn_first_mark(srv->dn) != DN_PLAIN;
}

/* The value is hidden from us, not absent: its back link shows on an account. */
bool reference_is_hidden(const struct facts *facts)
{
    const struct facts_server *srv = &facts->srv;
    if (srv->reference != PART_ABSENT || srv->may_read == FLAG_YES)
        return false;
    if (srv->may_read == FLAG_NO)
        return true;
    for (size_t i = 0; i < facts->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        /* another DC's back link says what that DC holds, not this one */
        if (account->held_by_s && !account->deleted &&
            dn_equal(facts->server.domain_dn, account->domain_dn))
            return true;
    }
    return false;
}

/* Without userAccountControl and the primary group nobody can tell a DC's account from any other.
 */
static bool is_opaque(const struct facts_account *account)
{
    bool dc = account->uac & (UAC_SERVER_TRUST | UAC_PARTIAL_SECRETS);
    return !account->has_uac || (dc && account->group_hidden) || account->spns_part == PART_DENIED;
}

bool has_opaque_account(const struct facts *facts)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        if (account->is_computer && !account->deleted && is_opaque(account))
            return true;
    }
    return false;
}

static bool is_unreadable(const struct facts *facts)
{
    const struct facts_server *srv = &facts->srv;
    if (srv->part != PART_PRESENT || reference_is_hidden(facts))
        return true;
    if (srv->reference != PART_PRESENT && srv->reference != PART_ABSENT)
        return true;
    if (srv->reference == PART_ABSENT && server_catalog_port(&facts->server))
        return true; /* not in the partial set: a catalog never proves it missing */
    if (facts->dsa.domain != PART_PRESENT || !facts->dsa.domain_dn)
        return true;
    if (facts->domain_live == PART_ABSENT)
        return false; /* no account can exist: no-computer */
    if (facts->domain_live != PART_PRESENT || facts->accounts_part != PART_PRESENT)
        return true;
    if (has_opaque_account(facts))
        return true;
    return srv->reference == PART_PRESENT && facts->target.part != PART_PRESENT &&
           facts->target.part != PART_ABSENT;
}

/* Proven to be another DSA's counts less than any doubt about which of two it is. */
static int rank_of(const struct judged_account *judged)
{
    return 2 * (int)judged->level + !judged_elsewhere(judged);
}

/* The present value alone, without any evidence for N, counts only where nothing else could be
 * meant and the account is not another DSA's. */
static bool counts_as_candidate(const struct judged_account *judged, bool others)
{
    if (!judged->usable || !judged->fits)
        return false;
    return judged_has_identity(judged) || (!others && !judged_elsewhere(judged));
}

static bool any_identity(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->account_count; i++)
        if (verdict->accounts[i].usable && judged_has_identity(&verdict->accounts[i]))
            return true;
    return false;
}

/* The best candidate and how many share its rank. */
static size_t best_account(const struct verdict *verdict, size_t *equals)
{
    size_t best = VERDICT_NO_ACCOUNT;
    bool others = any_identity(verdict);
    *equals = 0;
    for (size_t i = 0; i < verdict->account_count; i++) {
        const struct judged_account *judged = &verdict->accounts[i];
        if (!counts_as_candidate(judged, others))
            continue;
        int rank = rank_of(judged);
        int top = best == VERDICT_NO_ACCOUNT ? -1 : rank_of(&verdict->accounts[best]);
        if (rank > top)
            best = i, *equals = 1;
        else if (rank == top)
            ++*equals;
    }
    return best;
}

static bool is_current(const struct facts *facts, size_t account)
{
    return facts->srv.reference == PART_PRESENT && facts->accounts[account].is_target;
}

/* B15: the present value's account is a live, enabled DC account with proof of its own; whether it
 * could be proposed (its domain, its name) does not matter. */
static bool current_has_proof(const struct facts *facts, const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        bool dc = account->is_computer && !account->deleted && facts_has_dc_bits(account) &&
                  !(account->uac & UAC_DISABLED);
        if (is_current(facts, i) && dc && judged_has_own_proof(&verdict->accounts[i]))
            return true;
    }
    return false;
}

/* Medium proof comes without N's own SPN. Where another account has that SPN or answers as N, the
 * medium one is not the only account that could be meant, even if the other cannot be used. */
static bool another_is_strong(const struct facts *facts, const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->account_count; i++)
        if (i != verdict->account && !facts->accounts[i].deleted &&
            judged_is_strong(&verdict->accounts[i]))
            return true;
    return false;
}

static enum verdict_kind judge_absent(const struct facts *facts, struct verdict *verdict)
{
    if (verdict->confidence < LEVEL_MEDIUM)
        return VERDICT_UNPROVEN;
    if (verdict->confidence == LEVEL_MEDIUM && another_is_strong(facts, verdict)) {
        findings_add(&verdict->blockers, B3,
                     "another account carries the replication SPN of this very DSA");
        return VERDICT_AMBIGUOUS;
    }
    return VERDICT_MISSING;
}

static enum verdict_kind judge_value(const struct facts *facts, struct verdict *verdict)
{
    /* the right account, which another DC has: here the link leads nowhere (B14 blocks) */
    bool current = is_current(facts, verdict->account);
    bool here = facts->accounts[verdict->account].here == PART_PRESENT;
    if (current && (here || facts->target.part != PART_ABSENT))
        return VERDICT_HEALTHY;
    if (facts->srv.reference == PART_ABSENT)
        return judge_absent(facts, verdict);
    if (!current && current_has_proof(facts, verdict)) {
        findings_add(&verdict->blockers, B15,
                     "the account that the present value names has proof "
                     "of its own for this DSA");
        return VERDICT_AMBIGUOUS;
    }
    if (verdict->confidence < LEVEL_HIGH)
        return VERDICT_UNPROVEN;
    bool gone = facts->target.part == PART_ABSENT || facts->target.deleted;
    return gone ? VERDICT_DANGLING : VERDICT_WRONG_TARGET;
}

static enum verdict_kind judge_accounts(const struct facts *facts, struct verdict *verdict)
{
    size_t equals;
    if (facts->domain_live == PART_ABSENT)
        return VERDICT_NO_COMPUTER;
    verdict->account = best_account(verdict, &equals);
    if (verdict->account == VERDICT_NO_ACCOUNT) {
        findings_add(&verdict->blockers, B3, "no account could be meant");
        return VERDICT_NO_COMPUTER;
    }
    verdict->confidence = verdict->accounts[verdict->account].level;
    if (equals > 1) {
        findings_add(&verdict->blockers, B3, "%zu accounts fit equally well", equals);
        return VERDICT_AMBIGUOUS;
    }
    return judge_value(facts, verdict);
}

static enum verdict_kind judge(const struct facts *facts, struct verdict *verdict)
{
    const struct facts_dsa *dsa = &facts->dsa;
    if (dsa->part == PART_ABSENT || (dsa->part == PART_PRESENT && !dsa->is_dsa))
        return VERDICT_UNKNOWN_DSA;
    if (dsa->part != PART_PRESENT)
        return VERDICT_UNREADABLE;
    if (dsa->deleted)
        return VERDICT_DELETED_DSA;
    if (is_orphaned(facts))
        return VERDICT_ORPHANED_DSA;
    if (is_unreadable(facts))
        return VERDICT_UNREADABLE;
    return judge_accounts(facts, verdict);
}

static void adopt_reasons(struct verdict *verdict, const struct findings *reasons, bool evidence)
{
    for (size_t i = 0; i < reasons->count; i++) {
        const struct finding *reason = &reasons->items[i];
        if (finding_sort(reason->kind) == FINDING_EVIDENCE && evidence)
            findings_add(&verdict->evidence, reason->kind, "%s", reason->text);
        if (finding_sort(reason->kind) == FINDING_BLOCKER && verdict->kind != VERDICT_HEALTHY)
            findings_add(&verdict->blockers, reason->kind, "%s", reason->text);
    }
}

/* The chosen account's evidence and blockers become the verdict's; where no account can be used,
 * the blockers of those that carry evidence say why. A domain that is gone needs no other reason.
 */
static void adopt_account(const struct facts *facts, struct verdict *verdict)
{
    if (verdict->account != VERDICT_NO_ACCOUNT)
        adopt_reasons(verdict, &verdict->accounts[verdict->account].reasons, true);
    bool none = verdict->kind == VERDICT_NO_COMPUTER && facts->domain_live != PART_ABSENT;
    for (size_t i = 0; none && i < verdict->account_count; i++)
        if (judged_has_identity(&verdict->accounts[i]) && !verdict->accounts[i].usable)
            adopt_reasons(verdict, &verdict->accounts[i].reasons, false);
}

static void finish(const struct facts *facts, struct verdict *verdict)
{
    if (verdict->kind == VERDICT_AMBIGUOUS)
        verdict->account = VERDICT_NO_ACCOUNT, verdict->confidence = LEVEL_NONE;
    adopt_account(facts, verdict);
    if (facts->srv.reference == PART_PRESENT)
        mem_set(&verdict->current, facts->srv.reference_link.dn);
    if (verdict_row(verdict->kind)->offers)
        mem_set(&verdict->proposed, facts->accounts[verdict->account].dn);
    if (facts->successor_count > 0) {
        verdict->has_successor = true;
        verdict->successor = facts->successors[0].dsa_guid;
        mem_set(&verdict->successor_dn, facts->successors[0].dsa_dn);
    }
    add_side_findings(facts, verdict);
    add_write_blockers(facts, verdict);
    verdict->writable =
        verdict_row(verdict->kind)->offers && verdict->blockers.count == 0 && !facts->survey;
    if (verdict_row(verdict->kind)->offers)
        add_second_reasons(facts, verdict);
    add_words(facts, verdict);
}

static void judge_all_accounts(const struct facts *facts, struct verdict *verdict)
{
    verdict->account = VERDICT_NO_ACCOUNT;
    verdict->account_count = facts->account_count;
    verdict->accounts = mem_zero(facts->account_count, sizeof *verdict->accounts);
    for (size_t i = 0; i < facts->account_count; i++)
        verdict->accounts[i] = judge_account(facts, &facts->accounts[i]);
}

void diagnose(const struct facts *facts, struct verdict *out)
{
    *out = (struct verdict){.kind = VERDICT_UNKNOWN_DSA};
    judge_all_accounts(facts, out);
    out->kind = judge(facts, out);
    finish(facts, out);
}

void diagnose_choice(const struct facts *facts, size_t account, struct verdict *out)
{
    diagnose(facts, out);
    if (out->account == account || account >= facts->account_count)
        return;
    if (out->kind < VERDICT_AMBIGUOUS)
        return; /* no account can be meant at all: an earlier row stays */
    /* The operator's choice is never better than the rules: only the account that the rules propose
     * can go on. Another one is shown with its own evidence and the reason. */
    struct verdict chosen = {.kind = VERDICT_UNPROVEN};
    judge_all_accounts(facts, &chosen);
    chosen.account = account;
    chosen.confidence = chosen.accounts[account].level;
    if (out->account != VERDICT_NO_ACCOUNT)
        findings_add(&chosen.blockers, B3, "another account fits better: %s",
                     facts->accounts[out->account].dn);
    else
        findings_add(&chosen.blockers, B3, "it is not the only account that fits");
    verdict_release(out);
    *out = chosen;
    finish(facts, out);
}

void diagnose_after(const struct facts *facts, const struct dn_link *value, struct verdict *out)
{
    struct facts then = *facts; /* borrows everything; only the accounts' marks are its own */
    then.accounts = mem_zero(facts->account_count, sizeof *then.accounts);
    for (size_t i = 0; i < facts->account_count; i++) {
        then.accounts[i] = facts->accounts[i];
        bool target =
            value->dn && value->has_guid && guid_equal(&value->guid, &facts->accounts[i].guid);
        then.accounts[i].is_target = target;
    }
    then.srv.reference = value->dn ? PART_PRESENT : PART_ABSENT;
    then.srv.reference_link = *value;
    then.target.part = PART_PRESENT;
    then.target.deleted = false;
    diagnose(&then, out);
    free(then.accounts);
}

struct dn_link diagnose_proposed(const struct facts *facts, const struct verdict *verdict)
{
    struct dn_link link = {.dn = verdict->proposed};
    if (link.dn && verdict->account < facts->account_count) {
        link.has_guid = true;
        link.guid = facts->accounts[verdict->account].guid;
    }
    return link;
}
