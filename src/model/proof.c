/* A proof keeps its own copy of the plan that was journalled, so that a plan changed afterwards, or
 * another one, does not pass. */
#include "src/model/proof.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct journal_proof {
    struct plan *plan;
};

struct journal_proof *journal_proof_new(const struct plan *plan)
{
    struct journal_proof *proof = mem_zero(1, sizeof *proof);
    proof->plan = plan_copy(plan);
    return proof;
}

void journal_proof_free(struct journal_proof *proof)
{
    if (!proof)
        return;
    plan_free(proof->plan);
    free(proof);
}

static bool same_link(const struct dn_link *a, const struct dn_link *b)
{
    return str_same(a->dn, b->dn) && a->has_guid == b->has_guid &&
           (!a->has_guid || guid_equal(&a->guid, &b->guid));
}

bool journal_proof_is_of(const struct journal_proof *proof, const struct plan *plan)
{
    if (!proof)
        return false;
    const struct plan *own = proof->plan;
    return guid_equal(&own->host_dsa, &plan->host_dsa) && guid_equal(&own->object, &plan->object) &&
           str_same(own->object_dn, plan->object_dn) && str_same(own->identity, plan->identity) &&
           same_link(&own->old, &plan->old) && same_link(&own->new, &plan->new) &&
           own->replace == plan->replace && own->undo == plan->undo;
}
