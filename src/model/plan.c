/* The state moves forward only, one function a step, so that "written without a typed name" is not
 * a path that exists. */
#include "src/model/plan.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

static char *account_name(const struct facts_account *account)
{
    char *name = mem_text(account->sam ? account->sam : "");
    size_t len = strlen(name);
    if (len > 1 && name[len - 1] == '$')
        name[len - 1] = '\0';
    return name;
}

struct plan *plan_new(const struct facts *facts, const struct verdict *verdict, const char *ticket)
{
    if (!verdict->writable || verdict->account == VERDICT_NO_ACCOUNT)
        return NULL;
    const struct facts_account *account = &facts->accounts[verdict->account];
    struct plan *plan = mem_zero(1, sizeof *plan);
    plan->host = mem_text(facts->server.host);
    plan->host_dsa = facts->server.dsa_guid;
    plan->forest = mem_text(facts->server.forest);
    plan->dsa_guid = facts->dsa.guid;
    plan->object = facts->srv.guid;
    plan->object_dn = mem_text(facts->srv.dn);
    plan->name = dn_unmarked(facts->srv.cn);
    plan->site = mem_text(facts->srv.site);
    if (facts->srv.reference == PART_PRESENT)
        dn_link_copy(&plan->old, &facts->srv.reference_link);
    plan->new.guid = account->guid;
    plan->new.has_guid = true;
    plan->new.dn = mem_text(verdict->proposed);
    plan->replace = verdict->kind == VERDICT_DANGLING;
    bool whole = dn_equal(facts->server.domain_dn, account->domain_dn);
    plan->account_known = account->here == PART_PRESENT;
    plan->account_checked = plan->account_known && whole;
    plan->holders = whole ? NULL : facts_holders(facts, account->domain_dn);
    plan->identity = mem_text(facts->server.identity);
    plan->ticket = mem_text(ticket);
    plan->verdict = verdict->kind;
    plan->confidence = verdict->confidence;
    findings_copy(&plan->evidence, &verdict->evidence);
    if (verdict->second.count > 0)
        plan->second_prompt = account_name(account);
    plan_set_prompt(plan, PROMPT_NAME);
    return plan;
}

struct plan *plan_new_undo(void)
{
    struct plan *plan = mem_zero(1, sizeof *plan);
    plan->undo = true;
    return plan;
}

#define PLAN_TEXTS(X)                                                                              \
    X(undo_of)                                                                                     \
    X(redoes)                                                                                      \
    X(host)                                                                                        \
    X(forest)                                                                                      \
    X(object_dn)                                                                                   \
    X(name)                                                                                        \
    X(site)                                                                                        \
    X(identity)                                                                                    \
    X(ticket)                                                                                      \
    X(prompt)                                                                                      \
    X(second_prompt)                                                                               \
    X(holders)

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
#define X(field) free(plan->field);
    PLAN_TEXTS(X)
#undef X
    dn_link_release(&plan->old);
    dn_link_release(&plan->new);
    findings_release(&plan->evidence);
    free(plan);
}

struct plan *plan_copy(const struct plan *plan)
{
    struct plan *copy = mem_zero(1, sizeof *copy);
    *copy = *plan;
#define X(field) copy->field = mem_text(plan->field);
    PLAN_TEXTS(X)
#undef X
    dn_link_copy(&copy->old, &plan->old);
    dn_link_copy(&copy->new, &plan->new);
    findings_copy(&copy->evidence, &plan->evidence);
    return copy;
}

/* Where the name cannot be typed, or not be read off the screen, its GUID's digits can. */
static void ask_for_digits(char **prompt, const struct guid *guid, enum plan_prompt how)
{
    char text[GUID_TEXT];
    if (!*prompt || !**prompt || (how != PROMPT_GUID && text_is_typeable(*prompt)))
        return;
    free(*prompt);
    *prompt = mem_textn(guid_text(guid, text), PLAN_DIGITS);
}

void plan_set_prompt(struct plan *plan, enum plan_prompt how)
{
    if (plan->state != PLAN_DRAFT)
        return;
    free(plan->prompt);
    plan->prompt = how == PROMPT_SITE_NAME && plan->site
                       ? str_format("%s\\%s", plan->site, plan->name)
                       : mem_text(plan->name);
    ask_for_digits(&plan->prompt, &plan->dsa_guid, how);
    ask_for_digits(&plan->second_prompt, &plan->new.guid, how);
}

void plan_freeze(struct plan *plan)
{
    if (plan->state == PLAN_DRAFT && plan->prompt && *plan->prompt)
        plan->state = PLAN_FROZEN;
}

const char *plan_wanted(const struct plan *plan)
{
    return plan->second_prompt && plan->first_typed ? plan->second_prompt : plan->prompt;
}

bool plan_confirm(struct plan *plan, const char *typed)
{
    if (plan->state != PLAN_FROZEN || !*typed || !text_same(typed, plan_wanted(plan)))
        return false;
    if (plan->second_prompt && !plan->first_typed)
        plan->first_typed = true;
    else
        plan->state = PLAN_CONFIRMED;
    return true;
}

bool plan_is_confirmed(const struct plan *plan)
{
    return plan->state == PLAN_CONFIRMED;
}

bool plan_mark_sent(struct plan *plan)
{
    if (plan->state != PLAN_CONFIRMED)
        return false;
    plan->state = PLAN_SENT;
    return true;
}

void plan_mark_applied(struct plan *plan)
{
    if (plan->state == PLAN_SENT)
        plan->state = PLAN_APPLIED;
}

void plan_mark_verified(struct plan *plan)
{
    if (plan->state == PLAN_SENT || plan->state == PLAN_APPLIED)
        plan->state = PLAN_VERIFIED;
}
