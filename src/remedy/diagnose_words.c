/* The verdict in plain words: what was found, what it means, what to do. What is
 * always the same stands in the verdict's row; small functions say what depends on the facts. */
#include "src/remedy/diagnose_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* '@' stands for the server object's name, '#' for the DC that was read. */
static char *fill(const char *format, const char *server, const char *here)
{
    struct str s = STR_INIT;
    for (;;) {
        size_t plain = strcspn(format, "@#");
        str_addn(&s, format, plain);
        format += plain;
        if (!*format)
            break;
        str_add(&s, *format++ == '@' ? server : here);
    }
    char *text = str_steal(&s);
    if (strncmp(text, "this ", 5) == 0) /* nobody's name: the sentence begins with it */
        text[0] = 'T';
    return text;
}

static char *one_line(char *text)
{
    char *clean = text_clean_z(text);
    free(text);
    return clean;
}

/* Adds a line: whatever names stand in the text, it is one. */
void verdict_advise(struct verdict *verdict, const char *text)
{
    struct str s = STR_INIT;
    str_add(&s, verdict->advice);
    if (s.len)
        str_addc(&s, '\n');
    text_add_clean(&s, text, strlen(text));
    free(verdict->advice);
    verdict->advice = str_steal(&s);
}

/* The questions of is_unreadable() in its order: the first that failed is the reason. */
static const char *why_unreadable(const struct facts *facts)
{
    const struct facts_server *srv = &facts->srv;
    if (server_catalog_port(&facts->server))
        return "This is a global catalog port, which does not hold serverReference: connect to "
               "port 389 or 636.";
    if (facts->dsa.part != PART_PRESENT || srv->part != PART_PRESENT)
        return "The DSA or its server object could not be read. Sign in as someone who may read "
               "the Configuration partition, or ask another DC.";
    if (reference_is_hidden(facts))
        return "serverReference may be hidden from this sign-in (its access list, or the back "
               "link on the account, says so). Sign in as someone who may read it.";
    if (srv->reference != PART_PRESENT && srv->reference != PART_ABSENT)
        return "serverReference could not be read. Sign in as someone who may read it.";
    if (facts->dsa.domain != PART_PRESENT || !facts->dsa.domain_dn)
        return "The DSA does not say which domain it holds (msDS-HasDomainNCs). Sign in as "
               "someone who may read it, or ask another DC.";
    if (facts->domain_live != PART_PRESENT)
        return "Whether the DSA's domain is still part of the forest could not be read "
               "(CN=Partitions). Sign in as someone who may read it, or ask another DC.";
    if (facts->accounts_part != PART_PRESENT)
        return facts->accounts_why ? facts->accounts_why
                                   : "The accounts of its domain could not be read.";
    if (has_opaque_account(facts))
        return "An account that may be meant could not be read completely (userAccountControl, "
               "primaryGroupID or its SPNs). Sign in as someone who may read it.";
    return "The object that the value names could not be looked up: no DC of its domain, and no "
           "global catalog, could be asked. Try again, or connect to a DC of that domain.";
}

/* An account with evidence for N, else the one that the present value names. */
const struct facts_account *account_with(const struct facts *facts, const struct verdict *verdict,
                                         bool deleted)
{
    const struct facts_account *named = NULL;
    for (size_t i = 0; i < facts->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        if (account->deleted != deleted || !account->is_computer)
            continue;
        if (judged_has_identity(&verdict->accounts[i]))
            return account;
        if (account->is_target)
            named = account;
    }
    return named;
}

static const char *first_blocker(const struct judged_account *judged)
{
    const char *text = findings_first(&judged->reasons, FINDING_BLOCKER);
    return text ? text : "nothing ties it to this DSA";
}

static char *about_live(const struct facts *facts, const struct verdict *verdict,
                        const struct facts_account *live)
{
    if (!facts_has_dc_bits(live))
        return str_format("The account %s is there but is not a domain controller's any more "
                          "(userAccountControl %u, primary group %u). Have it set right (532480 "
                          "and 516 for a writable DC) before anything else.",
                          live->dn, live->uac, live->primary_group);
    if (live->uac & UAC_DISABLED)
        return str_format("The account %s is there but disabled. Find out why, then enable it; the "
                          "link can be judged after that.",
                          live->dn);
    return str_format("The account %s is there but cannot be used: %s. Have a directory "
                      "administrator settle that before anything else.",
                      live->dn, first_blocker(&verdict->accounts[live - facts->accounts]));
}

static char *about_deleted(const struct facts_account *deleted)
{
    if (deleted->recyclable)
        return str_format("The account was deleted and can be restored: restore it "
                          "(Restore-ADObject or the Recycle Bin) with its old GUID and password. "
                          "Object: %s",
                          deleted->dn);
    return str_format("The account was deleted and its data is gone: %s. Escalate: only an "
                      "authoritative restore, or demoting and promoting the DC again, helps.",
                      deleted->dn);
}

static void advise_no_computer(const struct facts *facts, struct verdict *verdict)
{
    const struct facts_account *live = account_with(facts, verdict, false);
    const struct facts_account *deleted = account_with(facts, verdict, true);
    char *text;
    if (facts->domain_live == PART_ABSENT)
        text = mem_text("The DSA's domain is gone from the forest: the remedy is metadata cleanup "
                        "of the DSA and of the domain, by a directory administrator.");
    else if (live)
        text = about_live(facts, verdict, live);
    else if (deleted)
        text = about_deleted(deleted);
    else
        text = mem_text("No account of its domain that this sign-in may see fits this DSA. Make "
                        "sure, as a directory administrator, that there is none. Then escalate: "
                        "the account must be restored from a backup, or the DC demoted by force, "
                        "cleaned up and promoted again.");
    verdict_advise(verdict, text);
    free(text);
}

/* A replication SPN for a DSA that is not known here: most likely the machine was promoted again,
 * and this DC has not heard of it. */
static void advise_promoted_again(struct verdict *verdict, const struct facts_account *account,
                                  const struct guid *dsa)
{
    for (size_t i = 0; i < account->named_count; i++) {
        const struct facts_named_dsa *named = &account->named[i];
        bool unknown = named->state == DSA_NOWHERE || named->state == DSA_NOT_ASKED;
        if (!unknown || guid_equal(&named->guid, dsa))
            continue;
        char *name = name_of_dsa(&named->guid, named->dn);
        char *text = str_format("This account now belongs to DSA %s, which is not known here: the "
                                "machine was probably promoted again. Look for that DSA on other "
                                "DCs.",
                                name);
        verdict_advise(verdict, text);
        free(name);
        free(text);
        return;
    }
}

static void advise_unproven(const struct facts *facts, struct verdict *verdict)
{
    const struct judged_account *judged = &verdict->accounts[verdict->account];
    const struct facts_account *account = &facts->accounts[verdict->account];
    char *name = name_of_server(facts);
    char *text =
        str_format("Possible account: %s (proof: %s).", account->dn, level_name(judged->level));
    verdict_advise(verdict, text);
    free(text);
    if (judged_elsewhere(judged))
        verdict_advise(verdict,
                       "It belongs to another live DSA, so this DSA is probably the stale one: "
                       "check which NTDS Settings object the machine runs as.");
    advise_promoted_again(verdict, account, &facts->dsa.guid);
    if (judged_is_strong(judged) && account_is_one_word(facts, account)) {
        text = str_format("Only %s vouches for that account, which may be one that was deleted "
                          "and made anew: a value is overwritten once a second DC of its domain "
                          "shows the same.",
                          account->given_at ? account->given_at : "one DC");
        verdict_advise(verdict, text);
        free(text);
        free(name);
        return;
    }
    text =
        str_format("What would decide: restart %s (or its Netlogon service) so that it registers "
                   "its SPNs, then judge again; or connect to %s itself and read its own copy.",
                   name, name);
    verdict_advise(verdict, text);
    free(text);
    free(name);
}

/* The link alone, as the DC that logged the error holds it, where that was read beside this one. */
static const struct facts_copy *logged_copy(const struct facts *facts)
{
    for (size_t i = 0; i < facts->copy_count; i++)
        if (facts->copies[i].is_dest && copy_was_read(&facts->copies[i]))
            return &facts->copies[i];
    return NULL;
}

static const char *about_copy(const struct facts_copy *copy, bool same)
{
    if (!copy)
        return "which was not read";
    if (same)
        return "whose copy holds the same value";
    return copy->state == COPY_VALUE    ? "whose copy holds another value"
           : copy->state == COPY_ABSENT ? "whose copy holds no value"
                                        : "whose copy lacks the server object";
}

static void say_healthy(const struct facts *facts, struct verdict *verdict, const char *server)
{
    if (!facts->other_dc_read || !facts->destination)
        return;
    const struct facts_copy *copy = logged_copy(facts);
    bool same =
        copy && copy->state == COPY_VALUE && same_link(&copy->value, &facts->srv.reference_link);
    char *here = name_of_here(facts), *there = name_of_host(facts, facts->destination);
    free(verdict->headline);
    verdict->headline = str_format("%s is healthy on %s; the error was logged by %s, %s.", server,
                                   here, there, about_copy(copy, same));
    if (!same) {
        free(verdict->meaning);
        verdict->meaning =
            str_format("Only %s's own copy can tell: it is the one it reads.", there);
        free(verdict->advice);
        verdict->advice =
            one_line(str_format("Connect to %s and judge there.", facts->destination));
    }
    free(here);
    free(there);
}

/* When it was deleted is a fact, not advice. */
static void say_when(const struct facts *facts, struct verdict *verdict)
{
    struct tm tm;
    char day[16];
    if (!facts->dsa.changed || !gmtime_r(&facts->dsa.changed, &tm))
        return;
    strftime(day, sizeof day, "%Y-%m-%d", &tm);
    char *text = str_format("%s It was deleted about %s.", verdict->meaning, day);
    free(verdict->meaning);
    verdict->meaning = text;
}

/* The wrong forest, or another GUID of the right machine: better than "one digit is enough". */
static void say_unknown(const struct facts *facts, struct verdict *verdict, const char *here)
{
    char *advice = NULL;
    if (facts->other_forest) {
        free(verdict->headline);
        verdict->headline =
            one_line(str_format("%s knows no DSA with this GUID: the text names the forest "
                                "%s, and %s belongs to %s.",
                                here, facts->other_forest, here,
                                facts->server.forest ? facts->server.forest : "another one"));
        advice = one_line(
            str_format("Connect to a domain controller of %s: the one that logged the error.",
                       facts->other_forest));
    } else if (facts->asked_is) {
        char *what = text_clean_z(facts->asked_is);
        advice = str_format("%s\nEvent 1411 names the NTDS Settings object: use its GUID.", what);
        free(what);
    }
    if (!advice)
        return;
    free(verdict->advice);
    verdict->advice = advice;
}

static void say_deleted(const struct facts *facts, struct verdict *verdict)
{
    say_when(facts, verdict);
    if (!verdict->has_successor)
        return;
    char *name = name_of_dsa(&verdict->successor, verdict->successor_dn);
    char *text = str_format("The same machine is a DC again as %s: judge that DSA.\n%s", name,
                            verdict->advice);
    free(verdict->advice);
    verdict->advice = mem_text(text);
    free(name);
    free(text);
}

/* What was found is a fault all the same, but not the one that the text asks about. */
static void say_other_fault(const struct facts *facts, struct verdict *verdict)
{
    bool seen = findings_has(&verdict->side, SIDE_REPLICATION_8589);
    if (!facts->other_fault || !verdict->proposed)
        return;
    if (!seen) {
        free(verdict->advice);
        verdict->advice = NULL;
    }
    char *text =
        str_format("The text is about another fault, %s: this repair does not mend that.%s",
                   facts->other_fault,
                   seen ? "" : " Find out first whether error 8589 is logged at all (event 1411).");
    verdict_advise(verdict, text);
    free(text);
}

void add_words(const struct facts *facts, struct verdict *verdict)
{
    char *server = name_of_server(facts), *here = name_of_here(facts);
    const struct verdict_row *row = verdict_row(verdict->kind);
    verdict->headline = fill(row->headline, server, here);
    verdict->meaning = fill(row->meaning, server, here);
    if (row->advice)
        verdict->advice = fill(row->advice, server, here);
    if (verdict->kind == VERDICT_UNREADABLE)
        verdict_advise(verdict, why_unreadable(facts));
    else if (verdict->kind == VERDICT_NO_COMPUTER)
        advise_no_computer(facts, verdict);
    else if (verdict->kind == VERDICT_UNPROVEN && verdict->account != VERDICT_NO_ACCOUNT)
        advise_unproven(facts, verdict);
    else if (verdict->kind == VERDICT_HEALTHY)
        say_healthy(facts, verdict, server);
    else if (verdict->kind == VERDICT_DELETED_DSA)
        say_deleted(facts, verdict);
    else if (verdict->kind == VERDICT_UNKNOWN_DSA)
        say_unknown(facts, verdict, here);
    say_other_fault(facts, verdict);
    add_write_words(facts, verdict, here);
    free(server);
    free(here);
}
