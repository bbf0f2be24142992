/* What was, or would have been, written: the change, each step, what differed, the way back. */
#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/remedy/ldif.h"
#include "src/remedy/transcript_parts.h"

#include <stdlib.h>
#include <string.h>

static void add_planned(struct sheet *sheet, const struct transcript *t)
{
    if (!t->plan)
        return;
    char *text = str_format("NOT WRITTEN YET: this is the plan of %s on %s. Nothing was changed.",
                            t->plan->undo ? "an undo" : "a change", t->plan->host);
    sheet_strong(sheet, text);
    free(text);
    if (!t->second)
        return;
    sheet_value(sheet, "somebody else starts", t->second);
    sheet_text(sheet, "Everything is read and proven again there, and the name is typed there.");
}

void transcript_outcome(struct sheet *sheet, const struct transcript *t)
{
    const struct apply_report *report = t->report;
    if (!report) {
        add_planned(sheet, t);
        return;
    }
    static const char *const words[] = {
        [APPLY_NOTHING_SENT] = "NOTHING WAS SENT to %s.",
        [APPLY_REFUSED] = "REFUSED by %s: read again, the change is not there.",
        [APPLY_APPLIED] = "APPLIED on %s, not verified.",
        [APPLY_VERIFIED] = "VERIFIED on %s.",
        [APPLY_UNKNOWN] = "UNKNOWN: sent to %s, no answer arrived. Verify it before anything else.",
        [APPLY_NOT_APPLIED] = "NOT APPLIED: %s does not hold the change.",
    };
    const char *text = words[report->state];
    if (report->state == APPLY_REFUSED && report->holds == HOLDS_NEW)
        text = "REFUSED by %s, yet the value is the one that was meant.";
    if (report->state == APPLY_UNKNOWN && report->answered)
        text = "UNKNOWN: %s answered no, and the value was not read again. Verify it before "
               "anything else.";
    const char *gap = strstr(text, "%s");
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
    sheet_item(sheet, "error code", err_code_name(err->code));
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

static void add_value(struct sheet *sheet, const char *label, const struct dn_link *link,
                      const struct dn_link *beside)
{
    char *text = dn_link_told(link, beside);
    sheet_value(sheet, label, text ? text : "(absent)");
    free(text);
}

static void add_report(struct sheet *sheet, const struct apply_report *report,
                       const struct plan *plan)
{
    sheet_heading(sheet, "What happened");
    for (size_t i = 0; i < report->step_count; i++)
        add_step(sheet, &report->steps[i]);
    transcript_time(sheet, "modify sent", report->sent);
    transcript_time(sheet, "answered", report->answered);
    transcript_time(sheet, "verified", report->verified_at);
    sheet_value(sheet, "answered no", report->answer);
    sheet_value(sheet, "journal entry", report->journal_path);
    sheet_item(sheet, "trouble with it", report->journal_trouble);
    if (report->read_back)
        add_value(sheet, "value read back", &report->value, &plan->new);
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
    sheet_heading(sheet, plan->undo  ? "The change (an undo)"
                         : t->report ? "The change"
                                     : "The change, not made yet");
    sheet_value(sheet, "undo of", plan->undo_of);
    sheet_value(sheet, "makes again", plan->redoes);
    sheet_value(sheet, "on", plan->host);
    sheet_value(sheet, "as", plan->identity);
    if (t->report)
        sheet_value(sheet, "signed in before", t->report->first_identity);
    sheet_value(sheet, "ticket", plan->ticket);
    sheet_value(sheet, "object", plan->object_dn);
    add_value(sheet, "old value", &plan->old, &plan->new);
    add_value(sheet, "new value", &plan->new, &plan->old);
    ldif_change(&text, plan);
    sheet_block(sheet, str_text(&text));
    str_release(&text);
    if (t->report)
        add_report(sheet, t->report, plan);
    if (!t->report || t->report->state == APPLY_APPLIED || t->report->state == APPLY_VERIFIED ||
        t->report->state == APPLY_UNKNOWN)
        add_undo(sheet, t);
}
