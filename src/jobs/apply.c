/* The order is the safety: read, compare, journal, send, (after a no) read, journal, read back,
 * journal. Each step
 * stands in the report before it begins, so that what is on the screen when something breaks is
 * where it broke. A state line that cannot be added afterwards does not change the outcome; it is
 * told beside it. */
#include "src/jobs/apply.h"

#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/write.h"
#include "src/jobs/apply_parts.h"
#include "src/jobs/audit.h"

#include <stdlib.h>
#include <time.h>

static void tell(const struct run *run)
{
    if (run->hooks && run->hooks->progress)
        run->hooks->progress(run->hooks->context, run->report);
}

void run_begin(struct run *run, enum apply_step_kind kind)
{
    struct apply_step *step = apply_report_step(run->report, kind);
    step->when = time(NULL);
    run->step_began = clock_ms();
    tell(run);
}

void run_end(struct run *run, enum apply_outcome outcome, char *text)
{
    struct apply_step *step = &run->report->steps[run->report->step_count - 1];
    step->outcome = outcome;
    step->ms = (long)(clock_ms() - run->step_began);
    step->text = text;
    tell(run);
}

static char *words_of(const struct err *err)
{
    return mem_text(err->said ? err->said : err->text);
}

static void mark(struct run *run, enum journal_state state, const char *words)
{
    struct err *err = journal_mark(run->journal, run->report->journal_id, state, words);
    if (!err)
        return;
    log_err(err);
    mem_set(&run->report->journal_trouble, err->text);
    err_free(err);
}

static struct err *check_confirmed(const struct run *run)
{
    if (plan_is_confirmed(run->plan))
        return NULL;
    return err_new(ERR_INTERNAL, ERR_OTHER, "Nothing was sent: the plan was not confirmed.");
}

static struct err *open_journal(struct run *run)
{
    struct journal_author author = {
        .when = time(NULL), .login = run->login, .first_identity = run->report->first_identity};
    char *id = run->report->journal_id ? mem_text(run->report->journal_id)
                                       : journal_new_id(run->plan, author.when);
    struct err *err = journal_open(&run->journal);
    if (!err)
        err = journal_begin(run->journal, id, run->plan, &author, &run->proof);
    if (!err) {
        mem_set(&run->report->journal_id, journal_id(run->journal));
        mem_set(&run->report->journal_path, journal_path(run->journal));
    }
    free(id);
    return err;
}

static struct err *write_intent(struct run *run)
{
    run_begin(run, STEP_JOURNAL);
    struct err *err = open_journal(run);
    if (err)
        run_end(run, OUTCOME_FAILED, mem_text(err->text));
    else
        run_end(run, OUTCOME_OK, mem_text(run->report->journal_path));
    return err;
}

static void record_stopped(struct run *run, const struct err *err)
{
    char *text = str_format("nothing was sent: %s", err->text);
    mark(run, JOURNAL_REFUSED, text);
    free(text);
}

static bool is_unanswered(const struct err *err)
{
    return err_is(err, ERR_LOST) || err_is(err, ERR_TIMED_OUT);
}

static struct err *send_change(struct run *run)
{
    struct apply_report *report = run->report;
    run_begin(run, STEP_MODIFY);
    report->sent = time(NULL);
    struct err *err = write_reference(run->session, run->plan, run->proof);
    int64_t answered = clock_ms();
    if (run->plan->state < PLAN_SENT || err_is(err, ERR_UNREACHABLE))
        report->sent = 0;
    else if (!is_unanswered(err))
        report->answered = time(NULL);
    if (run->plan->replace && report->sent)
        report->unlocked_ms = (long)(answered - run->look_began);
    run_end(run, err ? OUTCOME_FAILED : OUTCOME_OK, err ? words_of(err) : mem_text("accepted"));
    return err;
}

/* What the answer, or its lack, means; after a no only the value tells. */
static struct err *judge_answer(struct run *run, struct err *err)
{
    struct apply_report *report = run->report;
    if (err && report->answered)
        return apply_after_refusal(run, err);
    report->state = err ? APPLY_UNKNOWN : APPLY_APPLIED;
    report->silent = err_is(err, ERR_TIMED_OUT);
    return err;
}

static void record_answer(struct run *run, const struct err *err)
{
    static const enum journal_state states[] = {[APPLY_APPLIED] = JOURNAL_APPLIED,
                                                [APPLY_REFUSED] = JOURNAL_REFUSED,
                                                [APPLY_UNKNOWN] = JOURNAL_UNKNOWN};
    const struct apply_report *report = run->report;
    char *words = report->answer ? str_format("although the DC answered: %s", report->answer)
                  : err          ? words_of(err)
                                 : NULL;
    mark(run, states[report->state], words);
    free(words);
}

static void record_in_log(struct run *run, const struct err *err)
{
    struct apply_report *report = run->report;
    report->err = err_copy(err);
    audit_modify(run->plan, report, run->login);
    err_free(report->err);
    report->err = NULL;
}

static struct err *change(struct run *run)
{
    struct err *err = send_change(run);
    if (!run->report->sent) {
        record_stopped(run, err);
        return err;
    }
    err = judge_answer(run, err);
    record_answer(run, err);
    record_in_log(run, err);
    return err;
}

static struct err *confirm_value(struct run *run)
{
    struct err *err = apply_read_back(run);
    apply_note_value(run);
    if (err)
        return err;
    run->report->state = APPLY_VERIFIED;
    run->report->verified_at = time(NULL);
    plan_mark_verified(run->plan);
    mark(run, JOURNAL_VERIFIED, NULL);
    return NULL;
}

/* The journal has the intent, but the last look stopped it. */
static struct err *last_look(struct run *run)
{
    struct err *err = run->plan->replace ? apply_last_look(run) : NULL;
    if (err)
        record_stopped(run, err);
    return err;
}

static struct err *carry_out(struct run *run)
{
    struct err *err = check_confirmed(run);
    if (!err)
        err = apply_check(run);
    if (!err)
        err = write_intent(run);
    if (err)
        return err;
    err = last_look(run);
    if (!err)
        err = change(run);
    if (!err)
        err = confirm_value(run);
    return err;
}

struct err *apply(struct session *session, struct plan *plan, const struct subject *subject,
                  size_t which, struct apply_report *report, const struct apply_hooks *hooks)
{
    struct run run = {.session = session,
                      .plan = plan,
                      .subject = subject,
                      .which = which,
                      .report = report,
                      .hooks = hooks,
                      .login = audit_login()};
    mem_set(&report->host, session_server(session)->host);
    struct err *err = carry_out(&run);
    report->err = err_copy(err);
    log_err(err);
    journal_proof_free(run.proof);
    journal_close(run.journal);
    free(run.login);
    return err;
}
