/* What is noticed beside the verdict. */
#include "src/remedy/diagnose_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/host.h"

#include <stdlib.h>

const struct facts_account *verdict_chosen(const struct facts *facts, const struct verdict *verdict)
{
    return verdict->account == VERDICT_NO_ACCOUNT ? NULL : &facts->accounts[verdict->account];
}

static void side(struct verdict *verdict, enum finding_kind kind, char *text)
{
    findings_add(&verdict->side, kind, "%s", text);
    free(text);
}

/* The same machine twice, not two DCs of two domains that happen to share a name. */
static bool is_same_machine(const struct facts *facts, const struct facts_other *twin)
{
    return !twin->has_dsa || host_equal(twin->dns_host, facts->srv.dns_host) ||
           dn_first_mark(twin->dn) == DN_CONFLICT;
}

/* A wrong value makes nobody a twin of the server that holds it rightly. */
static bool is_duplicate(const struct facts *facts, const struct verdict *verdict,
                         const struct facts_other *twin)
{
    bool same_target =
        verdict->kind == VERDICT_HEALTHY && same_link(&facts->srv.reference_link, &twin->reference);
    return !guid_equal(&twin->guid, &facts->srv.guid) &&
           (same_target || is_same_machine(facts, twin));
}

static bool is_chosen_elsewhere(const struct verdict *verdict)
{
    return verdict->account != VERDICT_NO_ACCOUNT &&
           judged_elsewhere(&verdict->accounts[verdict->account]);
}

/* Each names the other's account: neither can be repaired "first". */
static bool is_swapped(const struct facts *facts, const struct facts_other *holder)
{
    for (size_t i = 0; i < facts->account_count; i++)
        for (size_t n = 0; facts->accounts[i].is_target && n < facts->accounts[i].named_count; n++)
            if (guid_equal(&facts->accounts[i].named[n].guid, &holder->dsa_guid))
                return true;
    return false;
}

static void say_wrong_holder(const struct facts *facts, struct verdict *verdict,
                             const struct facts_other *holder)
{
    const char *repair = verdict->kind == VERDICT_HEALTHY ? "repair that server"
                         : is_swapped(facts, holder)
                             ? "the two values are swapped; repair both, in any order"
                             : "repair that server first";
    side(verdict, SIDE_DUPLICATE_SERVER,
         str_format("%s names the same account, wrongly as it seems: %s", holder->dn, repair));
}

static void say_twin(const struct facts *facts, struct verdict *verdict,
                     const struct facts_other *twin)
{
    side(verdict, SIDE_DUPLICATE_SERVER,
         str_format("another server object stands for the same machine: %s%s", twin->dn,
                    twin->has_dsa ? "" : " (without NTDS Settings: a leftover)"));
    if (twin->has_dsa && host_equal(twin->dns_host, facts->srv.dns_host))
        side(verdict, SIDE_DUPLICATE_DSA,
             str_format("a second live NTDS Settings object has the same host name: %s",
                        twin->dsa_dn ? twin->dsa_dn : twin->dn));
}

static void find_twins(const struct facts *facts, struct verdict *verdict)
{
    if (facts->dsa.deleted) /* what is live beside a tombstone is its successor */
        return;
    for (size_t i = 0; i < facts->twin_count; i++) {
        const struct facts_other *twin = &facts->twins[i];
        if (!is_duplicate(facts, verdict, twin))
            continue;
        if (is_same_machine(facts, twin) || is_chosen_elsewhere(verdict))
            say_twin(facts, verdict, twin);
        else
            say_wrong_holder(facts, verdict, twin);
    }
}

static bool is_told(const struct facts *facts, const struct verdict *verdict,
                    const struct guid *server)
{
    for (size_t i = 0; i < facts->twin_count; i++)
        if (guid_equal(&facts->twins[i].guid, server))
            return is_duplicate(facts, verdict, &facts->twins[i]);
    return false;
}

/* Another server with a live DSA names the account without being its server. */
static void find_wrong_holders(const struct facts *facts, struct verdict *verdict)
{
    const struct facts_account *account = verdict_chosen(facts, verdict);
    if (!account || is_chosen_elsewhere(verdict))
        return;
    for (size_t i = 0; i < account->holder_count; i++) {
        const struct facts_other *holder = &account->holders[i];
        if (holder->has_dsa && !guid_equal(&holder->guid, &facts->srv.guid) &&
            !is_told(facts, verdict, &holder->guid))
            say_wrong_holder(facts, verdict, holder);
    }
}

static bool is_twins_dsa(const struct facts *facts, const struct guid *dsa)
{
    for (size_t i = 0; i < facts->twin_count; i++)
        if (facts->twins[i].has_dsa && guid_equal(&facts->twins[i].dsa_guid, dsa) &&
            is_same_machine(facts, &facts->twins[i]))
            return true;
    return false;
}

/* Where the other DSA's SPN puts the account in doubt, B7 says so instead; a twin's DSA is told by
 * find_twins(). */
static void find_second_dsa(const struct facts *facts, struct verdict *verdict)
{
    const struct facts_account *account = verdict_chosen(facts, verdict);
    if (!account || (verdict->kind != VERDICT_HEALTHY &&
                     !findings_has(&verdict->accounts[verdict->account].reasons, E3)))
        return;
    for (size_t i = 0; i < account->named_count; i++) {
        const struct facts_named_dsa *named = &account->named[i];
        if (named->state != DSA_LIVE || guid_equal(&named->guid, &facts->dsa.guid) ||
            is_twins_dsa(facts, &named->guid))
            continue;
        char *name = name_of_dsa(&named->guid, named->dn);
        side(verdict, SIDE_DUPLICATE_DSA,
             str_format("the account carries the replication SPN of another live DSA: %s", name));
        free(name);
    }
}

static void find_renamed(const struct facts *facts, struct verdict *verdict)
{
    const struct facts_account *account = verdict_chosen(facts, verdict);
    if (!account)
        return;
    const struct judged_account *judged = &verdict->accounts[verdict->account];
    bool own = findings_has(&judged->reasons, E1) || findings_has(&judged->reasons, E3);
    if (judged_elsewhere(judged) || (verdict->confidence < LEVEL_MEDIUM && !own))
        return;
    if (!findings_has(&judged->reasons, E7)) {
        char *name = name_of_server(facts);
        side(verdict, SIDE_RENAMED,
             str_format("the server object is called %s, its account %s", name,
                        account->sam ? account->sam : account->dn));
        free(name);
    } else if (facts->srv.dns_host && account->dns_host &&
               !host_equal(facts->srv.dns_host, account->dns_host)) {
        side(verdict, SIDE_RENAMED,
             str_format("the server object's host name is %s, its account's %s",
                        facts->srv.dns_host, account->dns_host));
    }
}

static void find_dns(const struct facts *facts, struct verdict *verdict)
{
    if (facts->dns == DNS_MISSING && facts->dsa.part == PART_PRESENT && !facts->dsa.deleted)
        side(verdict, SIDE_CNAME_MISSING,
             str_format("DNS has no name for this DSA under _msdcs: replication may fail with 8524 "
                        "%s(on that DC: nltest /dsregdns)",
                        verdict->kind == VERDICT_HEALTHY ? "" : "once the link is repaired "));
    if (facts->dns == DNS_FOUND && facts->dsa.deleted)
        side(verdict, SIDE_CNAME_MISMATCH,
             str_format("DNS still has a name for this deleted DSA, leading to %s: a stale record",
                        facts->dns_target));
    else if (facts->dns == DNS_FOUND && facts->srv.dns_host &&
             !host_equal(facts->dns_target, facts->srv.dns_host))
        side(verdict, SIDE_CNAME_MISMATCH,
             str_format("its _msdcs name leads to %s, but the server object says %s",
                        facts->dns_target, facts->srv.dns_host));
}

bool copy_was_read(const struct facts_copy *copy)
{
    return copy->state == COPY_VALUE || copy->state == COPY_ABSENT || copy->state == COPY_NO_OBJECT;
}

static bool same_copy(const struct facts_copy *a, const struct facts_copy *b)
{
    if (a->state != b->state)
        return false;
    return a->state != COPY_VALUE || same_link(&a->value, &b->value);
}

static void find_copies(const struct facts *facts, struct verdict *verdict)
{
    const struct facts_copy *first = NULL;
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        if (!copy_was_read(copy))
            continue;
        if (!first) {
            first = copy;
        } else if (!same_copy(first, copy)) {
            char *one = name_of_host(facts, first->server);
            char *two = name_of_host(facts, copy->server);
            side(verdict, SIDE_COPIES_DIFFER,
                 str_format("%s and %s do not hold the same value", one, two));
            free(one);
            free(two);
            return;
        }
    }
}

static void find_here(const struct facts *facts, struct verdict *verdict)
{
    const struct server *here = &facts->server;
    if (here->read_only == FLAG_YES)
        side(verdict, SIDE_RODC,
             str_format("%s is a read-only DC: %s", here->host,
                        verdict->kind == VERDICT_HEALTHY
                            ? "what it holds comes from its writable partners"
                            : "it is repaired through a writable partner"));
    if (here->synchronized == FLAG_NO)
        side(verdict, SIDE_NOT_SYNCHRONIZED,
             str_format("%s has not finished its first synchronisation", here->host));
    uint32_t both = DSA_NO_INBOUND | DSA_NO_OUTBOUND;
    uint32_t off = facts->here_options_known ? facts->here_options & both : 0;
    if (here->read_only == FLAG_YES) /* it never sends changes */
        off &= ~(uint32_t)DSA_NO_OUTBOUND;
    if (off != 0 && off != both)
        side(verdict, SIDE_REPLICATION_DISABLED,
             str_format("%s replication is disabled on %s (repadmin /options)",
                        off == DSA_NO_INBOUND ? "inbound" : "outbound", here->host));
}

static bool names_n(const struct facts *facts, const struct facts_link *link)
{
    return guid_equal(&link->dsa_guid, &facts->asked);
}

static void find_links(const struct facts *facts, struct verdict *verdict)
{
    bool gone = verdict->kind == VERDICT_DELETED_DSA || verdict->kind == VERDICT_UNKNOWN_DSA;
    bool failing = false, stale = false;
    for (size_t i = 0; i < facts->link_count; i++) {
        const struct facts_link *link = &facts->links[i];
        if (!names_n(facts, link))
            continue;
        if (link->result == 8589 && !failing) {
            side(verdict, SIDE_REPLICATION_8589,
                 str_format("replication %s %s %s this DSA fails with 8589 now (%u times)",
                            link->outbound ? "from" : "to", facts->server.host,
                            link->outbound ? "to" : "from", link->failures));
            failing = true;
        }
        if (gone && !stale) {
            side(verdict, SIDE_STALE_LINK,
                 str_format("%s still has a replication link to this DSA (%s)", facts->server.host,
                            link->nc ? link->nc : "unknown naming context"));
            stale = true;
        }
    }
}

/* After more than a tombstone lifetime without success, repairing the link may bring deleted
 * objects back (lingering objects, error 8614). */
static void find_too_old(const struct facts *facts, struct verdict *verdict)
{
    time_t newest = 0;
    bool failing = false;
    for (size_t i = 0; i < facts->link_count; i++) {
        const struct facts_link *link = &facts->links[i];
        if (link->outbound || link->result == 0 || !names_n(facts, link))
            continue;
        failing = true;
        time_t last = link->last_success ? link->last_success : facts->dsa.created;
        if (last > newest)
            newest = last;
    }
    if (!failing || newest == 0 || facts->tombstone_days <= 0 || facts->when == 0)
        return;
    time_t age = facts->when - newest, days = age / 86400;
    if (age > (time_t)facts->tombstone_days * 86400)
        side(verdict, SIDE_BEYOND_TOMBSTONE,
             str_format("the last success was %ld days ago, the tombstone lifetime is %d days: "
                        "repairing may reconnect a DC with lingering objects (8614)",
                        (long)days, facts->tombstone_days));
}

void add_side_findings(const struct facts *facts, struct verdict *verdict)
{
    find_twins(facts, verdict);
    find_wrong_holders(facts, verdict);
    find_second_dsa(facts, verdict);
    find_renamed(facts, verdict);
    find_dns(facts, verdict);
    find_copies(facts, verdict);
    find_here(facts, verdict);
    find_links(facts, verdict);
    find_too_old(facts, verdict);
    if (facts->domain_live == PART_ABSENT && facts->dsa.domain_dn)
        side(verdict, SIDE_DOMAIN_GONE,
             str_format("%s is no domain of this forest any more (8603)", facts->dsa.domain_dn));
}
