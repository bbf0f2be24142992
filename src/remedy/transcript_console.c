/* What somebody at a DC's own console could do, where the change was not made from here: look, by
 * the article's own means, and change the value where only this place or this sign-in forbade it.
 * Every command but Set-ADObject and repadmin /kcc only reads. */
#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/remedy/transcript_parts.h"

#include <stdlib.h>
#include <string.h>

/* The service class of the SPN by which DCs replicate. */
#define DRS_CLASS "E3514235-4B06-11D1-AB04-00C04FC2DCD2"

/* Above a server object: Servers, its site, Sites, the Configuration partition. */
enum { CONFIG_LEVELS = 4 };

struct console {
    const struct transcript *t;
    const struct plan *plan; /* what may be done by hand; NULL: nothing is to be changed */
    const char *host;        /* whose console it is */
    struct str said, text;   /* what the commands do, and they themselves */
};

/* A text in PowerShell's single quotes, of which it knows five. */
static void add_quoted(struct str *out, const char *text)
{
    char *clean = text_clean_z(text);
    str_addc(out, '\'');
    for (size_t at = 0, len = strlen(clean); at < len;) {
        uint32_t rune;
        size_t used = text_rune(clean + at, len - at, &rune);
        if (rune == '\'' || (rune >= 0x2018 && rune <= 0x201B))
            str_addn(out, clean + at, used);
        str_addn(out, clean + at, used);
        at += used;
    }
    str_addc(out, '\'');
    free(clean);
}

/* A host name and nothing that a command line could take for more. */
static bool is_plain_host(const char *host)
{
    return host && *host && *host != '-' &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
               strlen(host);
}

/* The GUID alone would be looked for in the domain's partition. */
static void add_object(struct str *out, const char *server, const struct guid *object,
                       const char *config)
{
    char guid[GUID_TEXT];
    str_add(out, "-Server ");
    add_quoted(out, server);
    str_addf(out, " -Identity %s", guid_text(object, guid));
    if (!config)
        return;
    str_add(out, " -Partition ");
    add_quoted(out, config);
}

/* --- the change --- */

static bool only_here_forbidden(const struct findings *blockers)
{
    for (size_t i = 0; i < blockers->count; i++)
        if (!finding_is_of_place(blockers->items[i].kind))
            return false;
    return true;
}

/* A DC that takes writes: the judged one, or another that needs the same. */
static const char *writable_host(const struct facts *facts)
{
    if (facts->server.read_only != FLAG_YES)
        return facts->server.host;
    const struct facts_copy *partner = facts_writable_partner(facts, false);
    return partner ? partner->server : NULL;
}

/* The change that the verdict proves, where it cannot be made from here. */
static struct plan *draft(const struct transcript *t)
{
    if (t->plan || !t->facts || !t->verdict || !t->verdict->proposed)
        return NULL;
    const char *host = writable_host(t->facts);
    struct verdict verdict = *t->verdict; /* borrows everything */
    verdict.writable = verdict.writable || only_here_forbidden(&verdict.blockers);
    struct plan *plan = host ? plan_new(t->facts, &verdict, NULL) : NULL;
    if (plan)
        mem_set(&plan->host, host);
    return plan;
}

/* The plan still holds, only this program or this identity could not carry it out. */
static bool may_be_done_by_hand(const struct transcript *t)
{
    if (!t->plan || !t->report)
        return t->plan != NULL;
    const struct err *err = t->report->err;
    return t->report->difference_count == 0 && t->report->state != APPLY_UNKNOWN &&
           !err_is(err, ERR_CHANGED) && !err_is(err, ERR_OCCUPIED) &&
           !err_is(err, ERR_UNKNOWN_TARGET) && !err_is(err, ERR_NO_SUCH_OBJECT);
}

static void add_change(struct console *console)
{
    const struct plan *plan = console->plan;
    char *config = dn_ancestor(plan->object_dn, CONFIG_LEVELS);
    struct str *out = &console->text;
    str_add(out, "Get-ADObject ");
    add_object(out, plan->host, &plan->object, config);
    str_add(out, " -Properties serverReference\nSet-ADObject ");
    add_object(out, plan->host, &plan->object, config);
    if (plan->old.dn && !plan->replace && plan->new.dn) {
        str_add(out, " -Remove @{serverReference=");
        add_quoted(out, plan->old.dn);
        str_addc(out, '}');
    }
    str_add(out, !plan->new.dn   ? " -Remove @{serverReference="
                 : plan->replace ? " -Replace @{serverReference="
                                 : " -Add @{serverReference=");
    add_quoted(out, plan->new.dn ? plan->new.dn : plan->old.dn);
    str_add(out, "}\n");
    str_add(&console->said, "Get-ADObject shows the value, Set-ADObject changes it.\n");
    free(config);
}

/* --- looking --- */

static void add_value(struct console *console)
{
    const struct facts *facts = console->t->facts;
    if (facts->srv.part != PART_PRESENT)
        return;
    str_add(&console->text, "Get-ADObject ");
    add_object(&console->text, console->host, &facts->srv.guid, facts->server.config_dn);
    str_add(&console->text, " -Properties serverReference\n");
    str_add(&console->said, "Get-ADObject shows the value.\n");
}

static void add_spn(struct console *console)
{
    char guid[GUID_TEXT];
    str_addf(&console->text, "setspn -F -Q " DRS_CLASS "/%s/*\n",
             guid_text(&console->t->facts->asked, guid));
    str_add(&console->said,
            "setspn -Q finds the account that carries this DSA's replication SPN.\n");
    if (console->t->verdict->kind != VERDICT_AMBIGUOUS)
        return;
    str_add(&console->text, "setspn -X\n");
    str_add(&console->said, "setspn -X finds SPNs that two accounts carry.\n");
}

static void add_dsa(struct console *console)
{
    const struct facts *facts = console->t->facts;
    str_add(&console->text, "Get-ADObject ");
    add_object(&console->text, console->host, &facts->asked, facts->server.config_dn);
    str_add(&console->text, " -IncludeDeletedObjects\n");
    str_add(&console->said,
            "Get-ADObject looks for the GUID, among deleted objects too (article: option B).\n");
}

static void add_all_dsas(struct console *console)
{
    const struct facts *facts = console->t->facts;
    if (!facts->server.config_dn)
        return;
    str_add(&console->text, "Get-ADObject -Server ");
    add_quoted(&console->text, console->host);
    str_add(&console->text, " -Filter 'ObjectClass -eq \"nTDSDSA\"' -SearchBase ");
    add_quoted(&console->text, facts->server.config_dn);
    str_add(&console->text, "\n");
    str_add(&console->said,
            "Get-ADObject lists every NTDS Settings object: the healthy one is among them "
            "(article: option B).\n");
}

/* What helps to find out more, by the verdict. */
static void add_look(struct console *console)
{
    switch (console->t->verdict->kind) {
    case VERDICT_UNKNOWN_DSA:
        add_dsa(console);
        break;
    case VERDICT_ORPHANED_DSA:
        add_all_dsas(console);
        break;
    case VERDICT_NO_COMPUTER:
    case VERDICT_AMBIGUOUS:
    case VERDICT_UNPROVEN:
        add_spn(console);
        break;
    case VERDICT_DELETED_DSA:
    case VERDICT_HEALTHY:
        break;
    case VERDICT_UNREADABLE:
    case VERDICT_MISSING:
    case VERDICT_DANGLING:
    case VERDICT_WRONG_TARGET:
        add_value(console);
        break;
    }
}

/* --- all of it --- */

static void add_commands(struct console *console)
{
    const struct transcript *t = console->t;
    bool plain = is_plain_host(console->host), judged = t->facts && t->verdict;
    if (plain && judged && t->verdict->kind == VERDICT_DELETED_DSA)
        str_addf(&console->text, "repadmin /kcc %s\n", console->host);
    if (console->plan)
        add_change(console);
    else if (judged && !t->plan && !t->report)
        add_look(console);
    if (plain)
        str_addf(&console->text, "repadmin /showrepl %s\n", console->host);
}

static void add_place(struct sheet *sheet, const struct transcript *t)
{
    if (t->facts && t->facts->every_inbound_fails)
        sheet_text(sheet,
                   "Every inbound partner of this DC fails: what is written elsewhere cannot "
                   "arrive there. Write on this DC itself.");
    if (t->facts && t->verdict && t->verdict->proposed && t->facts->server.read_only == FLAG_YES)
        sheet_text(sheet, "This DC is read-only: the change is made on a writable DC, and arrives "
                          "here by replication.");
}

static const char *console_host(const struct transcript *t)
{
    if (!t->facts)
        return t->plan->host;
    return t->facts->destination ? t->facts->destination : t->facts->server.host;
}

bool transcript_console(struct sheet *sheet, const struct transcript *t, const char *heading)
{
    bool done =
        t->report && (t->report->state == APPLY_VERIFIED || t->report->state == APPLY_APPLIED);
    if (done || (!t->plan && !t->facts))
        return false;
    struct plan *drafted = draft(t);
    struct console console = {.t = t, .host = console_host(t), .said = STR_INIT, .text = STR_INIT};
    console.plan = drafted ? drafted : may_be_done_by_hand(t) ? t->plan : NULL;
    add_commands(&console);
    bool any = console.text.len > 0;
    if (any && heading)
        sheet_heading(sheet, heading);
    if (any) {
        add_place(sheet, t);
        sheet_text(sheet, str_text(&console.said));
        sheet_block(sheet, str_text(&console.text));
    }
    str_release(&console.said);
    str_release(&console.text);
    plan_free(drafted);
    return any;
}
