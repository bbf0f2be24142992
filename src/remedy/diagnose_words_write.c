/* What stands in the way of the write, and what is worth knowing before it. */
#include "src/remedy/diagnose_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>

/* A new account is proven while the old one could still be restored. */
static void say_restorable(const struct facts *facts, struct verdict *verdict)
{
    const struct facts_account *deleted = account_with(facts, verdict, true);
    if (!verdict->proposed || !deleted || !deleted->recyclable)
        return;
    char *text =
        str_format("A former account is among the deleted objects (%s): if it was deleted by "
                   "mistake, restoring it is the better repair.",
                   deleted->dn);
    verdict_advise(verdict, text);
    free(text);
}

/* What may be done about a blocker that is not a doubt; NULL: its text says it. */
static const char *about_blocker(enum finding_kind kind, const struct facts *facts)
{
    if (kind == B9)
        return facts->server.read_only == FLAG_YES
                   ? NULL /* say_partner() */
                   : "Connect to the directory port of the DC (389 or 636), signed in by Kerberos "
                     "or "
                     "over TLS.";
    if (kind == B11)
        return "Sign in as somebody who may write it (Domain Admins of the forest root, and "
               "Enterprise Admins, unless it was delegated), or hand the report over: it holds "
               "the commands.";
    return NULL;
}

/* "Propose the repair" only where that is possible; a blocker says what stands in the way. */
static void say_blocked(const struct facts *facts, struct verdict *verdict)
{
    const struct findings *blockers = &verdict->blockers;
    if (!verdict->proposed || blockers->count == 0)
        return;
    struct str s = STR_INIT;
    str_add(&s, "No write is offered while this stands:");
    for (size_t i = 0; i < blockers->count; i++)
        str_addf(&s, "\n%s: %s.", finding_name(blockers->items[i].kind), blockers->items[i].text);
    for (size_t i = 0; i < blockers->count; i++) {
        const char *next = about_blocker(blockers->items[i].kind, facts);
        bool said = i > 0 && blockers->items[i].kind == blockers->items[i - 1].kind;
        if (next && !said)
            str_addf(&s, "\n%s", next);
    }
    free(verdict->advice);
    verdict->advice = str_steal(&s);
}

/* A read-only DC takes no write: where the same change is due, and can be made. */
static void say_partner(const struct facts *facts, struct verdict *verdict)
{
    if (!verdict->proposed || facts->server.read_only != FLAG_YES)
        return;
    const struct facts_copy *partner = facts_writable_partner(facts, false);
    char *text =
        partner ? str_format("Connect to %s, a writable DC that shows the same fault, and judge "
                             "there: the change replicates here.",
                             partner->server)
                : mem_text("Connect to a writable DC that shows the same fault, and judge there.");
    verdict_advise(verdict, text);
    free(text);
}

/* B14 could not be asked: the DC that is written holds no copy of the account's domain. */
static char *not_known_here(const struct facts *facts, const struct facts_account *account,
                            const char *here)
{
    if (account->here == PART_PRESENT)
        return NULL;
    char *domain = account->domain_dn ? dn_to_dns(account->domain_dn) : NULL;
    char *holders = facts_holders(facts, account->domain_dn);
    char *text = str_format(
        "Whether %s knows this account cannot be checked: it has no copy of %s that could be "
        "asked. The account is named by its GUID: %s links this one, or refuses.%s%s",
        here, domain ? domain : "its domain", here, holders ? " DCs that hold it: " : "",
        holders ? holders : "");
    free(domain);
    free(holders);
    return text;
}

/* What could not be checked about the account is said before Confirm. */
static void say_unchecked(const struct facts *facts, struct verdict *verdict, const char *here)
{
    if (!verdict->writable)
        return;
    const struct facts_account *account = &facts->accounts[verdict->account];
    char *first = not_known_here(facts, account, here), *second = second_unchecked(facts, account);
    if (first || second)
        verdict->unchecked = str_format("%s%s%s", first ? first : "", first && second ? " " : "",
                                        second ? second : "");
    if (verdict->unchecked)
        verdict_advise(verdict, verdict->unchecked);
    free(first);
    free(second);
}

static void say_too_old(struct verdict *verdict)
{
    if (findings_has(&verdict->side, SIDE_BEYOND_TOMBSTONE))
        verdict_advise(verdict, "Before the repair, look for lingering objects: repadmin "
                                "/removelingeringobjects DEST SOURCE-GUID NC /advisory_mode");
}

static void say_cut_off(const struct facts *facts, struct verdict *verdict, const char *here)
{
    if (!verdict->proposed || !facts->every_inbound_fails)
        return;
    char *text = str_format("Every inbound link of %s fails: nothing written on another DC can "
                            "arrive there. Write on %s itself.",
                            here, here);
    verdict_advise(verdict, text);
    free(text);
}

void add_write_words(const struct facts *facts, struct verdict *verdict, const char *here)
{
    say_blocked(facts, verdict);
    say_partner(facts, verdict);
    say_unchecked(facts, verdict, here);
    say_restorable(facts, verdict);
    say_too_old(verdict);
    say_cut_off(facts, verdict, here);
}
