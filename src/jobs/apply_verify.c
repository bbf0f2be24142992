/* Reading back: the value by GUID on the DC that was written, and the back link on the account
 * where that DC holds its domain. A DN text alone proves nothing, because another object may bear
 * it. */
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/search.h"
#include "src/jobs/apply_parts.h"

#include <stdlib.h>
#include <time.h>

enum { STRAGGLE = 60, LOOKS = 3 }; /* seconds after sending; further looks, a second apart */

void reading_release(struct reading *reading)
{
    free(reading->dn);
    dn_link_release(&reading->link);
    *reading = (struct reading){.part = PART_NOT_ASKED};
}

bool link_is(const struct dn_link *a, const struct dn_link *b)
{
    if (!a->dn || !b->dn)
        return !a->dn && !b->dn;
    if (a->has_guid && b->has_guid)
        return guid_equal(&a->guid, &b->guid);
    return dn_equal(a->dn, b->dn);
}

static void fill_reading(const struct entry *entry, struct reading *out)
{
    out->part = PART_PRESENT;
    out->is_server = entry_is_class(entry, "server") && !entry_flag(entry, "isDeleted");
    out->dn = mem_text(entry->name.dn);
    out->rights_known = entry_has(entry, "allowedAttributesEffective");
    out->may_write = entry_has_value(entry, "allowedAttributesEffective", "serverReference");
    if (!entry_has(entry, "serverReference"))
        out->value = entry_has(entry, "objectClass") ? PART_ABSENT : PART_DENIED;
    else
        out->value = entry_link(entry, "serverReference", &out->link) ? PART_PRESENT : PART_DENIED;
}

/* Takes the error of one result over; NULL when it has one entry or none. */
static struct err *result_error(struct result *result)
{
    struct err *err = result->err;
    result->err = NULL;
    return err;
}

struct err *apply_read_object(struct session *session, const struct guid *object,
                              struct reading *out)
{
    static const char *const attributes[] = {"objectClass", "isDeleted", "serverReference",
                                             "allowedAttributesEffective", NULL};
    *out = (struct reading){.part = PART_DENIED};
    char *base = search_guid_base(object);
    struct search search;
    struct result result;
    search_init(&search, SCOPE_BASE, base, attributes, "(objectClass=*)");
    search_run(session, &search, 1, &result);
    struct err *err = result_error(&result);
    if (err_is(err, ERR_NO_SUCH_OBJECT)) {
        out->part = PART_ABSENT;
        err_free(err);
        err = NULL;
    } else if (!err && result.count == 1) {
        fill_reading(&result.entries[0], out);
    }
    result_release(&result);
    search_release(&search);
    free(base);
    return err;
}

static struct err *back_link(struct session *session, const struct plan *plan, bool *found)
{
    static const char *const attributes[] = {"serverReferenceBL", NULL};
    char *base = search_guid_base(&plan->new.guid);
    struct search search;
    struct result result;
    *found = false;
    search_init(&search, SCOPE_BASE, base, attributes, "(objectClass=*)");
    search_run(session, &search, 1, &result);
    struct err *err = result_error(&result);
    const struct attribute *list =
        !err && result.count == 1 ? entry_attribute(&result.entries[0], attributes[0]) : NULL;
    for (size_t i = 0; list && i < list->count; i++) {
        struct dn_link link = {.dn = NULL};
        if (dn_parse_extended(list->values[i].bytes, &link))
            *found |= link.has_guid && guid_equal(&link.guid, &plan->object);
        dn_link_release(&link);
    }
    result_release(&result);
    search_release(&search);
    free(base);
    return err;
}

void apply_keep_value(struct run *run, const struct reading *now)
{
    struct apply_report *report = run->report;
    dn_link_release(&report->value);
    report->read_back = now->part != PART_PRESENT    ? READ_BACK_NOT
                        : now->value == PART_PRESENT ? READ_BACK_VALUE
                        : now->value == PART_ABSENT  ? READ_BACK_ABSENT
                                                     : READ_BACK_NOT;
    if (report->read_back == READ_BACK_VALUE)
        dn_link_copy(&report->value, &now->link);
    report->holds = report->read_back == READ_BACK_NOT         ? HOLDS_UNKNOWN
                    : link_is(&report->value, &run->plan->new) ? HOLDS_NEW
                    : link_is(&report->value, &run->plan->old) ? HOLDS_OLD
                                                               : HOLDS_OTHER;
}

char *apply_value_text(const struct apply_report *report)
{
    return mem_text(report->read_back == READ_BACK_VALUE    ? report->value.dn
                    : report->read_back == READ_BACK_ABSENT ? "(absent)"
                                                            : "not readable");
}

static struct err *read_value(struct run *run)
{
    struct reading now;
    run_begin(run, STEP_READ_BACK);
    struct err *err = apply_read_object(run->session, &run->plan->object, &now);
    apply_keep_value(run, &now);
    reading_release(&now);
    if (!err && run->report->read_back == READ_BACK_NOT)
        err = err_new(ERR_DIRECTORY, ERR_NO_SUCH_OBJECT,
                      "The server object could not be read back on %s.", run->report->host);
    return err;
}

static struct err *wrong_value(struct run *run)
{
    run->report->offer_undo = run->report->read_back == READ_BACK_VALUE && run->plan->new.dn;
    struct err *err =
        err_new(ERR_DIRECTORY, ERR_CHANGED,
                "The value read back from %s is not the one that was meant.", run->report->host);
    return err_next(err, "The same name may belong to another object there: look at it again "
                         "before anything else is changed.");
}

static struct err *check_back_link(struct run *run)
{
    bool found = false;
    run_begin(run, STEP_BACK_LINK);
    if (!run->plan->new.dn || !run->plan->new.has_guid || !run->plan->account_checked) {
        run_end(run, OUTCOME_SKIPPED,
                mem_text(run->plan->new.dn ? "this DC does not hold the account's domain"
                                           : "the value was removed"));
        return NULL;
    }
    struct err *err = back_link(run->session, run->plan, &found);
    if (run->plan->undo && err_is(err, ERR_NO_SUCH_OBJECT)) { /* a former value: any object */
        err_free(err);
        run_end(run, OUTCOME_SKIPPED, mem_text("this DC does not hold that object"));
        return NULL;
    }
    if (!err && !found)
        err = err_next(err_new(ERR_DIRECTORY, ERR_CHANGED,
                               "%s holds the value, but the account's back link does not show it.",
                               run->report->host),
                       "Verify once more in a moment.");
    run_end(run, err ? OUTCOME_FAILED : OUTCOME_OK,
            mem_text(err ? err->text : "it names the server object"));
    return err;
}

struct err *apply_read_back(struct run *run)
{
    struct err *err = read_value(run);
    if (!err && run->report->holds != HOLDS_NEW)
        err = wrong_value(run);
    run_end(run, err ? OUTCOME_FAILED : OUTCOME_OK,
            err && !err_is(err, ERR_CHANGED) ? mem_text(err->text) : apply_value_text(run->report));
    return err ? err : check_back_link(run);
}

void apply_note_value(struct run *run)
{
    const struct dn_link *meant = &run->plan->new, *value = &run->report->value;
    bool read = run->report->read_back == READ_BACK_VALUE;
    char *found = read ? dn_link_told(value, meant) : apply_value_text(run->report);
    char *shown = dn_link_told(meant, read ? value : NULL);
    if (run->report->holds == HOLDS_OLD || run->report->holds == HOLDS_OTHER)
        apply_report_differs(run->report, "the value read back", shown, found);
    free(found);
    free(shown);
}

/* Adds what was found out to the entry; trouble is told beside the outcome. */
static void record(struct run *run, enum journal_state state, bool settled, const char *words)
{
    const char *id = run->report->journal_id;
    struct err *err = id ? journal_open(&run->journal) : NULL;
    if (!err && id)
        err = settled ? journal_settle(run->journal, id, state, words)
                      : journal_mark(run->journal, id, state, words);
    if (err) {
        log_err(err);
        mem_set(&run->report->journal_trouble, err->text);
        err_free(err);
    }
}

static void record_verified(struct run *run)
{
    run->report->state = APPLY_VERIFIED;
    run->report->verified_at = time(NULL);
    run->report->offer_undo = false;
    plan_mark_verified(run->plan);
    record(run, JOURNAL_VERIFIED, false, "on a later connection");
}

/* The old value is still (or again) there. */
static struct err *record_old(struct run *run, struct err *err)
{
    run->report->offer_undo = false;
    if (run->report->state == APPLY_APPLIED) {
        apply_note_value(run);
        record(run, JOURNAL_APPLIED, true, "it was applied, but the old value is back");
        return err;
    }
    err_free(err);
    run->report->state = APPLY_NOT_APPLIED;
    record(run, JOURNAL_REFUSED, false, "looked at afterwards: the change was not made");
    return NULL;
}

static struct err *record_other(struct run *run, struct err *err)
{
    char *found = apply_value_text(run->report);
    char *words = str_format("somebody else has changed it since; it is now: %s", found);
    apply_note_value(run);
    record(run, run->report->state == APPLY_APPLIED ? JOURNAL_APPLIED : JOURNAL_UNKNOWN, true,
           words);
    free(words);
    free(found);
    return err;
}

static time_t sent_at(const struct run *run)
{
    return run->report->sent ? run->report->sent : run->report->intended;
}

/* A request that is still on its way through the DC may be carried out after the first look. */
static bool may_still_come(const struct run *run)
{
    const struct apply_report *report = run->report;
    time_t since = sent_at(run);
    return report->state == APPLY_UNKNOWN && report->holds == HOLDS_OLD && since &&
           time(NULL) - since < STRAGGLE;
}

static struct err *look(struct run *run)
{
    struct err *err = apply_read_back(run);
    for (int i = 0; i < LOOKS && err && may_still_come(run); i++) {
        err_free(err);
        (void)nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
        run->report->step_count--; /* one line for all looks */
        free(run->report->steps[run->report->step_count].text);
        err = apply_read_back(run);
    }
    return err;
}

/* A DC that fell silent may have the request still before it, or something on the way holds it. */
static struct err *not_yet(struct run *run, struct err *err)
{
    char clock[16] = "";
    struct tm when;
    time_t until = sent_at(run) + STRAGGLE;
    if (gmtime_r(&until, &when))
        (void)strftime(clock, sizeof clock, "%H:%M:%S UTC", &when);
    err_free(err);
    run->report->offer_undo = false;
    return err_next(err_new(ERR_NETWORK, ERR_TIMED_OUT,
                            "%s does not hold the new value now, but it never answered: the change "
                            "may still be carried out.",
                            run->report->host),
                    "Look again after %s. Nothing is sent again.", clock);
}

static struct err *settle(struct run *run)
{
    bool read_only;
    struct err *err = apply_check_dc(run->session, run->plan, run->report, &read_only);
    if (err)
        return err;
    err = look(run);
    if (!err)
        record_verified(run);
    else if (run->report->holds == HOLDS_UNKNOWN || run->report->holds == HOLDS_NEW)
        return err;
    else if (run->report->silent && may_still_come(run))
        return not_yet(run, err);
    else if (run->report->holds == HOLDS_OLD)
        return record_old(run, err);
    else
        return record_other(run, err);
    return NULL;
}

struct err *apply_verify(struct session *session, struct plan *plan, struct apply_report *report)
{
    struct run run = {.session = session, .plan = plan, .report = report};
    mem_set(&report->host, session_server(session)->host);
    if (report->state == APPLY_NOTHING_SENT) /* a fresh report: nothing is known of it yet */
        report->state = APPLY_UNKNOWN;
    struct err *err = settle(&run);
    err_free(report->err);
    report->err = err_copy(err);
    log_err(err);
    journal_close(run.journal);
    return err;
}
