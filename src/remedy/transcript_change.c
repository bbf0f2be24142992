/* What was, or would have been, written: the change, each step, what differed, the way back, and
 * what somebody at the destination's own console could do instead. */
#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/remedy/ldif.h"
#include "src/remedy/transcript_parts.h"

#include <stdlib.h>
#include <string.h>

void transcript_outcome(struct sheet *sheet, const struct transcript *t)
{
    const struct apply_report *report = t->report;
    if (!report)
        return;
    static const char *const words[] = {
        [APPLY_NOTHING_SENT] = "NOTHING WAS SENT to %s.",
        [APPLY_REFUSED] = "REFUSED by %s: nothing was changed.",
        [APPLY_APPLIED] = "APPLIED on %s, not verified.",
        [APPLY_VERIFIED] = "VERIFIED on %s.",
        [APPLY_UNKNOWN] = "UNKNOWN: sent to %s, no answer arrived. Verify it before anything else.",
        [APPLY_NOT_APPLIED] = "NOT APPLIED: %s does not hold the change.",
    };
    const char *text = words[report->state], *gap = strstr(text, "%s");
    struct str line = STR_INIT;
    str_addn(&line, text, (size_t)(gap - text));
    str_add(&line, report->host ? report->host : t->plan->host);
    str_add(&line, gap + 2);
    sheet_strong(sheet, str_text(&line));
    str_release(&line);
}

static void add_error(struct sheet *sheet, const struct err *err)
{
    if (!err)
        return;
    sheet_item(sheet, "why", err->text);
    sheet_value(sheet, "the server's words", err->said);
    sheet_item(sheet, "next", err->next);
}

static void add_step(struct sheet *sheet, const struct apply_step *step)
{
    static const char *const outcomes[] = {[OUTCOME_RUNNING] = "not finished",
                                           [OUTCOME_OK] = "ok",
                                           [OUTCOME_FAILED] = "FAILED",
                                           [OUTCOME_SKIPPED] = "not needed"};
    char *when = sheet_time(step->when);
    char *text = str_format("%s, %s%s%s", outcomes[step->outcome], when, step->text ? ": " : "",
                            step->text ? step->text : "");
    sheet_item(sheet, apply_step_name(step->kind), text);
    free(text);
    free(when);
}

static void add_report(struct sheet *sheet, const struct apply_report *report)
{
    sheet_heading(sheet, "What happened");
    for (size_t i = 0; i < report->step_count; i++)
        add_step(sheet, &report->steps[i]);
    transcript_time(sheet, "modify sent", report->sent);
    transcript_time(sheet, "answered", report->answered);
    transcript_time(sheet, "verified", report->verified_at);
    sheet_value(sheet, "journal entry", report->journal_path);
    sheet_item(sheet, "trouble with it", report->journal_trouble);
    if (report->read_back)
        sheet_value(sheet, "value read back",
                    report->read_back == READ_BACK_VALUE ? report->value.dn : "(absent)");
    if (report->unlocked_ms >= 0) {
        char *text =
            str_format("the replacement had no lock for at most %ld ms", report->unlocked_ms);
        sheet_item(sheet, "note", text);
        free(text);
    }
    add_error(sheet, report->err);
    if (report->difference_count)
        sheet_heading(sheet, "No longer as it was shown");
    for (size_t i = 0; i < report->difference_count; i++) {
        const struct apply_difference *d = &report->differences[i];
        sheet_value(sheet, d->what, d->shown);
        sheet_value(sheet, "now", d->found);
    }
}

static void add_undo(struct sheet *sheet, const struct transcript *t)
{
    struct str text = STR_INIT;
    sheet_heading(sheet, "The way back");
    if (t->plan->replace)
        sheet_text(sheet, "The old value dangled and cannot come back; this removes the new one.");
    ldif_inverse(&text, t->plan);
    sheet_block(sheet, str_text(&text));
    if (t->report)
        sheet_value(sheet, "kept in", t->report->journal_path);
    str_release(&text);
}

void transcript_change(struct sheet *sheet, const struct transcript *t)
{
    const struct plan *plan = t->plan;
    struct str text = STR_INIT;
    if (!plan)
        return;
    sheet_heading(sheet, plan->undo ? "The change (an undo)" : "The change");
    sheet_value(sheet, "undo of", plan->undo_of);
    sheet_value(sheet, "on", plan->host);
    sheet_value(sheet, "as", plan->identity);
    if (t->report)
        sheet_value(sheet, "signed in before", t->report->first_identity);
    sheet_value(sheet, "ticket", plan->ticket);
    sheet_value(sheet, "object", plan->object_dn);
    sheet_value(sheet, "old value", plan->old.dn ? plan->old.dn : "(absent)");
    sheet_value(sheet, "new value", plan->new.dn ? plan->new.dn : "(absent)");
    ldif_change(&text, plan);
    sheet_block(sheet, str_text(&text));
    str_release(&text);
    if (t->report)
        add_report(sheet, t->report);
    if (!t->report || t->report->state == APPLY_APPLIED || t->report->state == APPLY_VERIFIED ||
        t->report->state == APPLY_UNKNOWN)
        add_undo(sheet, t);
}

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

static void add_set_command(struct str *out, const struct plan *plan)
{
    char guid[GUID_TEXT];
    str_add(out, "Get-ADObject -Server ");
    add_quoted(out, plan->host);
    str_addf(out, " -Identity %s -Properties serverReference\n", guid_text(&plan->object, guid));
    str_add(out, "Set-ADObject -Server ");
    add_quoted(out, plan->host);
    str_addf(out, " -Identity %s ", guid);
    if (plan->old.dn && !plan->replace && plan->new.dn) {
        str_add(out, "-Remove @{serverReference=");
        add_quoted(out, plan->old.dn);
        str_add(out, "} ");
    }
    str_add(out, !plan->new.dn   ? "-Remove @{serverReference="
                 : plan->replace ? "-Replace @{serverReference="
                                 : "-Add @{serverReference=");
    add_quoted(out, plan->new.dn ? plan->new.dn : plan->old.dn);
    str_add(out, "}\n");
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

/* Commands for somebody at the console of a DC, where the change was not made from here. */
void transcript_console(struct sheet *sheet, const struct transcript *t)
{
    bool done =
        t->report && (t->report->state == APPLY_VERIFIED || t->report->state == APPLY_APPLIED);
    struct str text = STR_INIT;
    if (done || (!t->plan && !t->facts))
        return;
    const char *host = t->facts && t->facts->destination ? t->facts->destination
                       : t->facts                        ? t->facts->server.host
                                                         : t->plan->host;
    bool plain = is_plain_host(host);
    if (plain && t->facts && t->verdict && t->verdict->kind == VERDICT_DELETED_DSA)
        str_addf(&text, "repadmin /kcc %s\n", host);
    bool by_hand = may_be_done_by_hand(t);
    if (by_hand)
        add_set_command(&text, t->plan);
    if (plain)
        str_addf(&text, "repadmin /showrepl %s\n", host);
    if (!text.len)
        return;
    sheet_heading(sheet, "For the console of the destination");
    if (t->facts && t->facts->every_inbound_fails)
        sheet_text(sheet,
                   "Every inbound partner of this DC fails: what is written elsewhere cannot "
                   "arrive there. Write on this DC itself.");
    if (by_hand)
        sheet_text(sheet, "Get-ADObject shows the value, Set-ADObject changes it.");
    sheet_block(sheet, str_text(&text));
    str_release(&text);
}
