/* The verdict that was shown against the verdict of now: the account, the kind, what forbids a
 * write, and the proof. Proof that has gone stops the write. Another machine that has fallen silent
 * takes no proof back by that: then only the level counts. */
#include "src/base/str.h"
#include "src/jobs/apply_parts.h"
#include "src/remedy/diagnose.h"

const char apply_right[] = "the right to write it";

/* The account that the plan names, judged as the operator saw it: as proposed, or as chosen. */
static void judge(const struct facts *facts, const struct plan *plan, struct verdict *verdict)
{
    diagnose(facts, verdict);
    size_t proposed = verdict->account;
    for (size_t i = 0; i < facts->account_count; i++) {
        if (i == proposed || !guid_equal(&facts->accounts[i].guid, &plan->new.guid))
            continue;
        verdict_release(verdict);
        diagnose_choice(facts, i, verdict);
        return;
    }
}

static void compare_account(struct run *run, const struct facts *facts,
                            const struct verdict *verdict)
{
    const struct plan *plan = run->plan;
    const struct facts_account *account =
        verdict->account == VERDICT_NO_ACCOUNT ? NULL : &facts->accounts[verdict->account];
    if (!account || !verdict->proposed)
        apply_report_differs(run->report, "the account", plan->new.dn, "none is proposed any more");
    else if (!str_same(verdict->proposed, plan->new.dn))
        apply_report_differs(run->report, "the account", plan->new.dn, verdict->proposed);
    else if (!guid_equal(&account->guid, &plan->new.guid))
        apply_differs_guid(run->report, "the account", &plan->new.guid, &account->guid);
    else if (plan->account_known && account->here != PART_PRESENT)
        apply_report_differs(run->report, "the account on this DC", "known", "not known");
}

static void compare_kind(struct run *run, const struct verdict *verdict)
{
    const struct plan *plan = run->plan;
    if (verdict->kind != plan->verdict || plan->replace != (verdict->kind == VERDICT_DANGLING))
        apply_report_differs(run->report, "the verdict", verdict_name(plan->verdict),
                             verdict_name(verdict->kind));
}

static void compare_permission(struct run *run, const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->blockers.count; i++) {
        const struct finding *blocker = &verdict->blockers.items[i];
        if (blocker->kind == B11)
            apply_report_differs(run->report, apply_right, "yes", "no");
        else
            apply_report_differs(run->report, "a reason against it", "none", blocker->text);
    }
    if (!verdict->writable && !verdict->blockers.count)
        apply_report_differs(run->report, "a write", "offered", "not offered");
    for (size_t i = 0; !run->plan->second_prompt && i < verdict->second.count; i++)
        apply_report_differs(run->report, "a second confirmation", "not needed",
                             verdict->second.items[i].text);
}

/* The source's own copy could not be read. */
static bool source_is_silent(const struct facts *facts)
{
    for (size_t i = 0; i < facts->copy_count; i++)
        if (facts->copies[i].is_source && facts->copies[i].state >= COPY_UNREADABLE)
            return true;
    return false;
}

/* Gone for good, or only not heard this time? No level rests on the other copies (E5) or on where
 * the account stands (E10). */
static bool is_taken_back(const struct facts *facts, const struct verdict *verdict,
                          enum finding_kind kind)
{
    if (kind == E3)
        return facts->accounts[verdict->account].live == PART_PRESENT;
    if (kind == E4)
        return !source_is_silent(facts);
    return kind != E5 && kind != E10;
}

static void compare_proof(struct run *run, const struct facts *facts, const struct verdict *verdict)
{
    const struct plan *plan = run->plan;
    if (verdict->account == VERDICT_NO_ACCOUNT)
        return; /* told already: none is proposed any more */
    if (verdict->confidence < plan->confidence)
        apply_report_differs(run->report, "the level of the proof", level_name(plan->confidence),
                             level_name(verdict->confidence));
    for (size_t i = 0; i < plan->evidence.count; i++) {
        const struct finding *shown = &plan->evidence.items[i];
        if (!findings_has(&verdict->evidence, shown->kind) &&
            is_taken_back(facts, verdict, shown->kind))
            apply_report_differs(run->report, "a proof", shown->text, "not there any more");
    }
}

/* Where object or value differ, what else differs is a consequence and only the verdict is added.
 */
void apply_compare_verdict(struct run *run, const struct facts *facts)
{
    struct verdict verdict;
    bool same = run->report->difference_count == 0;
    judge(facts, run->plan, &verdict);
    compare_kind(run, &verdict);
    if (same) {
        compare_account(run, facts, &verdict);
        compare_permission(run, &verdict);
        compare_proof(run, facts, &verdict);
    }
    verdict_release(&verdict);
}
