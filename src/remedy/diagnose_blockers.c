/* The blockers that concern the place of the write rather than the account: B1, B2, B8, B9, B11,
 * B13, B14, B16, B17 (B10 belongs to the moment of writing, B12 is the side finding
 * not-synchronized); and why a second confirmation is asked for. */
#include "src/remedy/diagnose_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>

static void block(struct verdict *verdict, enum finding_kind kind, char *text)
{
    findings_add(&verdict->blockers, kind, "%s", text);
    free(text);
}

static void block_by_connection(const struct facts *facts, struct verdict *verdict)
{
    const struct server *here = &facts->server;
    if (server_catalog_port(here))
        block(verdict, B9,
              str_format("port %d is a global catalog: it does not hold the whole "
                         "object; connect to port 389 or 636",
                         here->port));
    if (!here->signed_in)
        block(verdict, B9, mem_text("nobody is signed in"));
    else if (!server_protected(here))
        block(verdict, B9, mem_text("the connection is neither sealed nor verified TLS"));
    if (!here->has_dsa_guid)
        block(verdict, B9, mem_text("the DC does not say which DSA it is (dsServiceName)"));
    if (here->read_only == FLAG_YES)
        block(verdict, B9, str_format("%s is a read-only DC", here->host));
}

/* The object that a copy names is known to be deleted: a stale phantom, where that DC holds no copy
 * of its domain. It is no opinion of which account is meant. */
static bool names_the_dead(const struct facts *facts, const struct facts_copy *copy)
{
    const struct facts_account *account =
        copy->value.has_guid ? facts_find_account((struct facts *)facts, &copy->value.guid) : NULL;
    bool target = facts->target.has_guid && copy->value.has_guid &&
                  guid_equal(&facts->target.guid, &copy->value.guid);
    return copy->dead || dn_first_mark(copy->value.dn) == DN_DELETED ||
           (account && account->deleted) ||
           (target && (facts->target.deleted || facts->target.part == PART_ABSENT));
}

/* Two objects may bear one DN. */
static void block_by_copy(const struct facts_copy *copy, const struct facts_account *account,
                          struct verdict *verdict)
{
    char guid[GUID_TEXT] = "";
    bool same = copy->value.has_guid && dn_equal(copy->value.dn, account->dn);
    if (same)
        guid_text(&copy->value.guid, guid);
    block(verdict, B8,
          str_format("%s holds another value: %s%s%s%s", copy->server, copy->value.dn,
                     same ? " (another object of that name, " : "", guid, same ? ")" : ""));
}

/* B8: a third opinion on another DC. */
static void block_by_copies(const struct facts *facts, const struct facts_account *account,
                            struct verdict *verdict)
{
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        if (copy->is_here || copy->state != COPY_VALUE)
            continue;
        bool proposed = copy->value.has_guid ? guid_equal(&copy->value.guid, &account->guid)
                                             : dn_equal(copy->value.dn, account->dn);
        bool replaced = facts->srv.reference == PART_PRESENT &&
                        same_link(&copy->value, &facts->srv.reference_link);
        if (!proposed && !replaced && !names_the_dead(facts, copy))
            block_by_copy(copy, account, verdict);
    }
}

/* B6 needs the servers that name the account: not read is not "nobody". */
static void block_by_holders(const struct facts_account *account, struct verdict *verdict)
{
    if (account->holders_part != PART_PRESENT && account->holders_part != PART_ABSENT)
        block(verdict, B6,
              mem_text("whether another server names this account already could not be read"));
}

/* B14: the written DC, or its own catalog, must know the account by this GUID under this very DN.
 * One that holds no copy of the domain cannot be asked. */
static void block_by_account_here(const struct facts *facts, const struct facts_account *account,
                                  struct verdict *verdict)
{
    bool whole = dn_equal(facts->server.domain_dn, account->domain_dn);
    bool asked = account->here == PART_PRESENT || account->here == PART_ABSENT;
    bool known = account->here == PART_PRESENT && !account->here_deleted && account->here_dn &&
                 dn_equal(account->here_dn, account->dn);
    if (known || (!whole && !asked && !account->here_dn_taken))
        return;
    block(verdict, B14,
          str_format("%s%s has not received this account yet (by its GUID): replicate the domain "
                     "there first",
                     facts->server.host, whole ? "" : "'s global catalog"));
}

void add_write_blockers(const struct facts *facts, struct verdict *verdict)
{
    if (verdict->kind == VERDICT_HEALTHY)
        return;
    if (verdict->kind == VERDICT_UNKNOWN_DSA || verdict->kind == VERDICT_DELETED_DSA)
        block(verdict, B1, str_format("this DSA is not live on %s", facts->server.host));
    if (verdict->kind == VERDICT_ORPHANED_DSA)
        block(verdict, B2, mem_text("the DSA does not stand under a live server object"));
    if (facts->domain_live == PART_ABSENT)
        block(verdict, B16, mem_text("the DSA's domain is gone: the remedy is metadata cleanup"));
    if (facts->conflict)
        block(verdict, B13,
              mem_text("the text names another DSA as well: pick the one of the "
                       "event first"));
    if (verdict->kind == VERDICT_AMBIGUOUS)
        add_second_words_of_any(facts, verdict);
    const struct facts_account *account = verdict_chosen(facts, verdict);
    if (!verdict->proposed || facts->survey)
        return;
    block_by_connection(facts, verdict);
    block_by_copies(facts, account, verdict);
    if (facts->srv.rights != PART_PRESENT || !facts->srv.may_write)
        block(verdict, B11,
              str_format("%s may not write serverReference of this object",
                         facts->server.identity ? facts->server.identity : "this sign-in"));
    block_by_holders(account, verdict);
    block_by_account_here(facts, account, verdict);
    add_second_words(facts, account, verdict);
    uint32_t both = DSA_NO_INBOUND | DSA_NO_OUTBOUND;
    if (facts->here_options_known && (facts->here_options & both) == both)
        block(verdict, B17,
              str_format("inbound and outbound replication are disabled on %s (as "
                         "USN rollback quarantine does)",
                         facts->server.host));
}

static void second(struct verdict *verdict, char *text)
{
    findings_add(&verdict->second, SECOND, "%s", text);
    free(text);
}

static char *why_medium(const struct facts *facts, const struct facts_account *account)
{
    if (account->catalog_only)
        return mem_text("the proof is medium: no DC of the account's domain answered, only a "
                        "global catalog");
    if (account_is_one_word(facts, account))
        return str_format(
            "the proof is medium: only %s vouches for the account, which may be "
            "one that was deleted and made anew; no second DC of its domain confirms it",
            account->given_at);
    return mem_text("the proof is medium: no replication SPN names this DSA");
}

void add_second_reasons(const struct facts *facts, struct verdict *verdict)
{
    if (verdict->kind == VERDICT_MISSING && verdict->confidence == LEVEL_MEDIUM)
        second(verdict, why_medium(facts, &facts->accounts[verdict->account]));
    if (verdict->kind == VERDICT_DANGLING)
        second(verdict, mem_text("the old value leads nowhere and may have to be replaced without "
                                 "a lock; it cannot be brought back by undo"));
    if (findings_has(&verdict->side, SIDE_BEYOND_TOMBSTONE))
        second(verdict, mem_text("the link has been dead for longer than the tombstone lifetime"));
    if (facts->other_dc_read && facts->destination)
        second(verdict, str_format("%s is written, not %s, which logged the error: the value must "
                                   "reach it by replication",
                                   facts->server.host, facts->destination));
}
