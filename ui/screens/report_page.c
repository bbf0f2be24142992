/* The Report's text: how it ended in one line, replication in another, then the change and its
 * steps; or, where nothing was written, the verdict with what to do. */
#include "ui/screens/report_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/sheet.h"

#include <stdlib.h>

bool report_is_change(const struct wizard *w)
{
    return w->reported && w->plan;
}

/* --- replication --- */

static const struct facts_link *link_of(const struct facts *facts, bool failing)
{
    for (size_t i = 0; i < facts->link_count; i++) {
        const struct facts_link *link = &facts->links[i];
        if (guid_equal(&link->dsa_guid, &facts->dsa.guid) && (link->result == 8589) == failing)
            return link;
    }
    return NULL;
}

static char *say_waiting(const struct facts_link *link, const char *host)
{
    char *attempt = sheet_time(link->last_attempt);
    char *text = str_format("waiting for the next attempt of %s: %u failed, last at %s", host,
                            link->failures, attempt);
    free(attempt);
    return text;
}

static char *say_recovered(const struct facts_link *link, const char *host)
{
    char *success = sheet_time(link->last_success);
    char *text = str_format("recovered: the last attempt of %s succeeded (%s)", host, success);
    free(success);
    return text;
}

/* The verdict carried 8589 when it was made, or this attempt is newer than the change. */
static bool recovered_since(const struct wizard *w, const struct facts_link *link)
{
    return (w->plan && findings_has(&w->verdict.side, SIDE_REPLICATION_8589)) ||
           (w->report.sent && link->last_attempt >= w->report.sent);
}

char *report_replication(const struct wizard *w, enum style *style)
{
    const struct facts *facts = &w->facts;
    const struct facts_link *failing = link_of(facts, true), *fine = link_of(facts, false);
    *style = STYLE_TEXT;
    if (!w->judged || !w->reported || (w->plan && w->report.state != APPLY_VERIFIED))
        return NULL;
    char *host = short_dc(w, w->report.host ? w->report.host : w->server.host), *text;
    if (failing) {
        *style = STYLE_WARN;
        text = say_waiting(failing, host);
    } else if (facts->replication == PART_DENIED) {
        text = str_format("not known: %s has no partners, or this sign-in may not see them", host);
    } else if (fine && fine->result == 0 && recovered_since(w, fine)) {
        *style = STYLE_OK;
        text = say_recovered(fine, host);
    } else {
        text = str_format("nothing to watch: no link of %s reports 8589 for this DSA", host);
    }
    free(host);
    return text;
}

static void add_replication(struct pager *page, const struct wizard *w)
{
    enum style style;
    char *text = report_replication(w, &style);
    if (text)
        page_pair(page, "replication", style, "%s", text);
    free(text);
}

/* Of VERIFIED: whether one is done, and what is looked at meanwhile. Leaving harms nothing. */
static void add_done(const struct app *app, struct pager *page)
{
    enum { DAY_COLUMNS = 11, CLOCK_COLUMNS = 8 }; /* of "2026-11-22 15:03:11 UTC" */
    const struct wizard *w = &app->wizard;
    bool again = w->plan->undo && w->after.kind != VERDICT_HEALTHY;
    time_t when = app_watched(app);
    char *read = sheet_time(when);
    if (app_is_watching(app) && when)
        page_pair(page, "watched", STYLE_CURRENT, "read %.*s UTC, every 5 s. You may leave.",
                  CLOCK_COLUMNS, read + DAY_COLUMNS);
    else if (app_is_watching(app))
        page_pair(page, "watched", STYLE_CURRENT, "every 5 s. You may leave.");
    else if (w->judged && link_of(&w->facts, true))
        page_pair(page, "not watched", STYLE_WARN, "nobody is signed in. You may leave.");
    else
        page_pair(page, "done", again ? STYLE_WARN : STYLE_OK, "%s You may leave.",
                  again        ? w->after.headline
                  : !w->judged ? "The change stands; replication was not looked at."
                               : "The change stands, nothing is left to watch.");
    if (app->watch_trouble && app_is_watching(app))
        page_pair(page, "", STYLE_WARN, "the last look failed: %s", app->watch_trouble);
    free(read);
}

/* --- a change --- */

static const struct {
    enum style style;
    const char *before, *after; /* around the DC's name */
} endings[] = {
    [APPLY_NOTHING_SENT] = {STYLE_FAULT, "NOTHING SENT to ", ": the directory is as it was."},
    [APPLY_REFUSED] = {STYLE_FAULT, "REFUSED by ", ": nothing was changed."},
    [APPLY_APPLIED] = {STYLE_WARN, "APPLIED on ", ", but reading it back did not confirm it."},
    [APPLY_VERIFIED] = {STYLE_OK, "VERIFIED on ", ": the value was read back by its GUID."},
    [APPLY_UNKNOWN] = {STYLE_FAULT, "UNKNOWN: the connection to ", " was lost after sending."},
    [APPLY_NOT_APPLIED] = {STYLE_WARN, "NOT APPLIED: ", " does not hold the new value."},
};

static const char *after_host(const struct wizard *w)
{
    const struct apply_report *report = &w->report;
    if (report->state == APPLY_VERIFIED && !w->plan->new.dn)
        return ": the value is gone.";
    if (report->state == APPLY_REFUSED && report->holds == HOLDS_NEW)
        return ", yet the value is the one that was meant.";
    if (report->state == APPLY_REFUSED && report->holds == HOLDS_OTHER)
        return ": the value is another one now.";
    if (report->state == APPLY_UNKNOWN && report->answered)
        return " answered no, and the value was not read again.";
    return endings[report->state].after;
}

static void add_ending(struct app *app, struct pager *page)
{
    const struct apply_report *report = &app->wizard.report;
    enum glyph mark = report->state == APPLY_VERIFIED ? GLYPH_TICK : GLYPH_CROSS;
    pager_line(page, endings[report->state].style, term_glyph(app->term, mark));
    bool heard = report->state == APPLY_UNKNOWN && report->answered;
    char *host = short_dc(&app->wizard, report->host ? report->host : app->wizard.server.host);
    char *text = str_format(" %s%s%s", heard ? "UNKNOWN: " : endings[report->state].before, host,
                            after_host(&app->wizard));
    pager_span(page, endings[report->state].style, text);
    free(host);
    free(text);
}

static void add_steps(struct app *app, struct pager *page, const struct apply_report *report)
{
    static const struct {
        enum glyph glyph;
        enum style style;
    } looks[] = {
        [OUTCOME_RUNNING] = {GLYPH_BULLET, STYLE_WARN},
        [OUTCOME_OK] = {GLYPH_TICK, STYLE_OK},
        [OUTCOME_FAILED] = {GLYPH_CROSS, STYLE_FAULT},
        [OUTCOME_SKIPPED] = {GLYPH_BULLET, STYLE_QUIET},
    };
    for (size_t i = 0; i < report->step_count; i++) {
        const struct apply_step *step = &report->steps[i];
        bool skipped = step->outcome == OUTCOME_SKIPPED;
        /* The journal's path stands below, beside "undo". */
        const char *text = step->kind == STEP_JOURNAL && report->journal_path ? NULL : step->text;
        page_item(app, page, looks[step->outcome].glyph, looks[step->outcome].style, "%s%s%s%s",
                  apply_step_name(step->kind), text ? ": " : "", text ? text : "",
                  skipped && !step->text ? " (not done)" : "");
    }
}

static void add_differences(struct pager *page, const struct apply_report *report)
{
    for (size_t i = 0; i < report->difference_count; i++) {
        const struct apply_difference *difference = &report->differences[i];
        page_put(page, STYLE_WARN, "%s is not as it was shown:", difference->what);
        page_pair(page, "  shown", STYLE_OLD, "%s", difference->shown);
        page_pair(page, "  found", STYLE_NEW, "%s", difference->found);
    }
}

static void add_places(struct pager *page, const struct wizard *w)
{
    const struct apply_report *report = &w->report;
    page_pair(page, "object", STYLE_TEXT, "%s", w->plan->object_dn);
    page_pair(page, "as", STYLE_TEXT, "%s", w->plan->identity ? w->plan->identity : "?");
    if (w->plan->ticket)
        page_pair(page, "ticket", STYLE_TEXT, "%s", w->plan->ticket);
    if (report->journal_path)
        page_file(page, "undo", report->journal_path, "");
    if (report->journal_trouble)
        page_pair(page, "journal", STYLE_FAULT, "%s", report->journal_trouble);
}

static void add_read_back(struct pager *page, const struct wizard *w)
{
    const struct apply_report *report = &w->report;
    if (report->read_back != READ_BACK_VALUE || report->holds == HOLDS_NEW)
        return;
    char *text = dn_link_told(&report->value, &w->plan->new);
    page_pair(page, "read back", STYLE_WARN, "%s", text);
    free(text);
}

static void build_change(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    const struct apply_report *report = &w->report;
    if (w->waiting == WAIT_VERIFY)
        page_put(page, STYLE_CURRENT,
                 "Looking on %s, over a new connection, what became of it ...  %ld s",
                 w->plan->host, app_waited(app, PLACE_WIZARD));
    add_ending(app, page);
    add_replication(page, w);
    if (report->state == APPLY_VERIFIED && w->waiting == WAIT_NOTHING)
        add_done(app, page);
    if (report->answer)
        page_pair(page, "answered", STYLE_WARN, "no, and yet the change is there: %s",
                  report->answer);
    page_error(page, report->err);
    add_differences(page, report);
    pager_blank(page);
    page_put(page, STYLE_TEXT, "serverReference of %s", w->plan->name ? w->plan->name : "?");
    page_change(page, &w->plan->old, &w->plan->new);
    add_read_back(page, w);
    pager_blank(page);
    add_steps(app, page, report);
    if (report->unlocked_ms >= 0 && w->plan->replace)
        page_pair(page, "no lock", STYLE_WARN,
                  "%ld ms lay between the last look and the replacing request",
                  report->unlocked_ms);
    pager_blank(page);
    add_places(page, w);
}

/* --- a verdict --- */

static void build_verdict(struct app *app, struct pager *page, bool beside)
{
    const struct wizard *w = &app->wizard;
    page_put(page, verdict_style(&w->verdict), "%s", w->verdict.headline);
    if (w->reported)
        page_put(page, STYLE_TEXT, "The change made before: %s on %s.",
                 apply_state_name(w->report.state), w->report.host ? w->report.host : "?");
    else
        page_put(page, STYLE_STRONG, "Nothing was written%s",
                 w->read_only && w->verdict.writable
                     ? ": this program runs read-only. The repair would be possible:"
                     : ".");
    if (w->verdict.proposed)
        page_proposal(page, w);
    add_replication(page, w);
    page_put(page, STYLE_TEXT, "%s", w->verdict.meaning);
    if (!beside)
        page_advice(app, page);
    page_candidates(app, page);
    page_blockers(app, page);
    page_side(app, page);
    page_title(page, "What was read");
    page_dsa(app, page);
    page_copies(app, page);
    page_evidence(app, page);
}

void report_build(struct app *app, struct pager *page, bool beside)
{
    const struct wizard *w = &app->wizard;
    page_begin(page);
    page_error(page, w->error);
    if (w->waiting == WAIT_READ)
        page_waiting(app, page, "Reading the DSA again ...");
    else if (report_is_change(w))
        build_change(app, page);
    else if (w->judged)
        build_verdict(app, page, beside);
}

/* --- beside it --- */

static const char *what_now(const struct wizard *w)
{
    switch (w->report.state) {
    case APPLY_VERIFIED:
        if (w->plan->undo)
            return "The value is as it was before the change. Enter judges again. You may leave: "
                   "the change stands, and the report is kept.";
        return "The DC uses the new value at its next replication attempt; the KCC runs every 15 "
               "minutes. This page shows when it has recovered. You may leave before: the change "
               "stands, and the report is kept; another start judges again.";
    case APPLY_APPLIED:
        return "Enter judges again: it reads what the DC holds now. The undo is in the journal.";
    case APPLY_UNKNOWN:
        return "Nothing is sent again. Enter asks the DC over a new connection what it holds.";
    case APPLY_REFUSED:
        if (w->report.holds == HOLDS_NEW || w->report.holds == HOLDS_OTHER)
            return "The value has changed. Enter judges again, from what the DC holds now.";
        return "Nothing has changed. Enter judges again, from what the DC holds now.";
    default:
        return "Nothing has changed. Enter judges again, from what the DC holds now.";
    }
}

void report_build_aside(struct app *app, struct pager *page)
{
    const struct wizard *w = &app->wizard;
    char *commands = report_commands(w);
    page_begin(page);
    page_put(page, STYLE_HEAD, "What now");
    if (report_is_change(w))
        page_put(page, STYLE_TEXT, "%s", what_now(w));
    else if (page_advice_text(w))
        page_lines(page, STYLE_TEXT, page_advice_text(w));
    pager_blank(page);
    page_put(page, STYLE_QUIET, "s saves this page for a ticket.%s",
             commands ? " m shows commands for the DC's own console." : "");
    free(commands);
}
