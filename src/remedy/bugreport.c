/* Only what verdicts rest on, and short: what the directory said stands in the searches. */
#include "src/remedy/bugreport.h"

#include "src/base/str.h"

#include <stdlib.h>

static void add_guid(struct record *record, const char *name, bool known, const struct guid *guid)
{
    char text[GUID_TEXT];
    if (known)
        record_ours(record, name, "%s", guid_text(guid, text));
}

/* ---- what was asked ---- */

static void add_dsa(struct record *record, const struct subject_dsa *dsa)
{
    char guid[GUID_TEXT] = "";
    if (dsa->has_guid)
        guid_text(&dsa->guid, guid);
    record_begin(record, "dsa", PAIR_OURS, guid);
    record_ours(record, "source", "%s", subject_source_name(dsa->source));
    record_add(record, "ntds-dn", PAIR_NAME, dsa->ntds_dn);
    record_add(record, "server-dn", PAIR_NAME, dsa->server_dn);
    record_add(record, "site", PAIR_NAME, dsa->site);
    record_add(record, "server", PAIR_NAME, dsa->server);
    record_add(record, "forest", PAIR_NAME, dsa->forest);
    record_add(record, "other-fault", PAIR_FREE, dsa->other_fault);
    if (dsa->hypothesis)
        record_ours(record, "hypothesis", "yes");
}

void bugreport_subject(struct record *record, const struct subject *subject, size_t which)
{
    add_dsa(record, &subject->dsas[which]);
    record_add(record, "destination", PAIR_NAME, subject->destination);
    add_guid(record, "destination-dsa", subject->has_destination_dsa, &subject->destination_dsa);
    if (subject->conflict)
        record_ours(record, "conflict", "yes");
    for (size_t i = 0; i < subject->count; i++)
        if (i != which)
            add_dsa(record, &subject->dsas[i]);
}

/* ---- what was found ---- */

static void add_part(struct record *record, const char *name, enum part part)
{
    static const char *const parts[] = {[PART_NOT_ASKED] = "not-asked",
                                        [PART_NO_ANSWER] = "no-answer",
                                        [PART_DENIED] = "denied",
                                        [PART_ABSENT] = "absent",
                                        [PART_PRESENT] = "present"};
    record_ours(record, name, "%s", parts[part]);
}

static void add_account(struct record *record, const struct facts_account *account)
{
    record_add(record, "account", PAIR_NAME, account->dn);
    record_add(record, "sam", PAIR_NAME, account->sam);
    record_ours(record, "account-is", "uac %u group %u%s%s%s%s%s", account->uac,
                account->primary_group, account->deleted ? " deleted" : "",
                account->is_target ? " target" : "", account->held_by_s ? " held" : "",
                account->sysvol_member ? " sysvol" : "", account->live ? " live" : "");
    add_part(record, "account-here", account->here);
    for (size_t i = 0; i < account->named_count; i++)
        add_guid(record, "account-runs", true, &account->named[i].guid);
    for (size_t i = 0; i < account->holder_count; i++)
        record_add(record, "account-held-by", PAIR_NAME, account->holders[i].dn);
}

static void add_copy(struct record *record, const struct facts_copy *copy)
{
    record_add(record, "copy", PAIR_NAME, copy->server);
    record_ours(record, "copy-is", "%s%s", copy_state_name(copy->state),
                copy->proven ? " proven" : "");
    record_add(record, "copy-value", PAIR_NAME, copy->value.dn);
    record_add(record, "copy-why", PAIR_FREE, copy->why);
}

static void add_links(struct record *record, const struct facts *facts)
{
    add_part(record, "replication", facts->replication);
    for (size_t i = 0; i < facts->link_count; i++) {
        const struct facts_link *link = &facts->links[i];
        record_add(record, "link", PAIR_NAME, link->nc);
        record_ours(record, "link-is", "%s result %d failures %u",
                    link->outbound ? "outbound" : "inbound", (int)link->result, link->failures);
    }
}

static void add_facts(struct record *record, const struct facts *facts)
{
    static const char *const dns[] = {[DNS_NOT_ASKED] = "not-asked",
                                      [DNS_FAILED] = "failed",
                                      [DNS_MISSING] = "missing",
                                      [DNS_FOUND] = "found"};
    const struct facts_server *srv = &facts->srv;
    record_begin(record, "facts", PAIR_NAME, facts->server.host);
    add_part(record, "dsa-part", facts->dsa.part);
    record_add(record, "dsa-dn", PAIR_NAME, facts->dsa.dn);
    add_part(record, "server-part", srv->part);
    record_add(record, "server-dn", PAIR_NAME, srv->dn);
    record_add(record, "server-host", PAIR_NAME, srv->dns_host);
    add_part(record, "reference", srv->reference);
    record_add(record, "reference-dn", PAIR_NAME, srv->reference_link.dn);
    add_part(record, "rights", srv->rights);
    add_part(record, "target", facts->target.part);
    add_part(record, "accounts", facts->accounts_part);
    record_add(record, "accounts-from", PAIR_NAME, facts->accounts_from);
    record_add(record, "accounts-why", PAIR_FREE, facts->accounts_why);
    for (size_t i = 0; i < facts->account_count; i++)
        add_account(record, &facts->accounts[i]);
    for (size_t i = 0; i < facts->twin_count; i++)
        record_add(record, "twin", PAIR_NAME, facts->twins[i].dn);
    for (size_t i = 0; i < facts->successor_count; i++)
        record_add(record, "successor", PAIR_NAME, facts->successors[i].dn);
    for (size_t i = 0; i < facts->copy_count; i++)
        add_copy(record, &facts->copies[i]);
    add_links(record, facts);
    record_ours(record, "dns", "%s", dns[facts->dns]);
    record_add(record, "dns-target", PAIR_NAME, facts->dns_target);
}

static void add_findings(struct record *record, const char *name, const struct findings *list)
{
    for (size_t i = 0; i < list->count; i++) {
        record_ours(record, name, "%s", finding_name(list->items[i].kind));
        record_add(record, "text", PAIR_FREE, list->items[i].text);
    }
}

void bugreport_finding(struct record *record, const struct facts *facts,
                       const struct verdict *verdict)
{
    const char *level = level_name(verdict->confidence);
    add_facts(record, facts);
    record_begin(record, "verdict", PAIR_OURS, verdict_name(verdict->kind));
    record_ours(record, "confidence", "%s", level ? level : "none");
    record_ours(record, "writable", "%s", verdict->writable ? "yes" : "no");
    record_add(record, "current", PAIR_NAME, verdict->current);
    record_add(record, "proposed", PAIR_NAME, verdict->proposed);
    add_guid(record, "successor", verdict->has_successor, &verdict->successor);
    add_findings(record, "evidence", &verdict->evidence);
    add_findings(record, "blocker", &verdict->blockers);
    add_findings(record, "side", &verdict->side);
    add_findings(record, "second", &verdict->second);
    for (size_t i = 0; i < verdict->account_count; i++) {
        const struct judged_account *judged = &verdict->accounts[i];
        const char *judged_level = level_name(judged->level);
        record_add(record, "judged", PAIR_NAME, facts->accounts[i].dn);
        record_ours(record, "level", "%s", judged_level ? judged_level : "none");
        add_findings(record, "reason", &judged->reasons);
    }
    record_add(record, "headline", PAIR_FREE, verdict->headline);
    record_add(record, "advice", PAIR_FREE, verdict->advice);
}
