/* A no proves nothing by itself: what stands between us and the DC (a proxy, a balancer) may have
 * had the change carried out and answer for itself, and a request that it sent twice meets its own
 * value. So the value is read once more, by GUID on the same DC, before anything is said of it. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/write.h"
#include "src/jobs/apply_parts.h"
#include "src/model/plan.h"

#include <stdlib.h>
#include <time.h>

enum { LOOKS = 3 }; /* further looks, a second apart */

/* What may be the answer of something that gave up waiting; the change may be under way behind it.
 */
static bool may_still_come(const struct err *refusal)
{
    return refusal->code == ERR_OTHER || refusal->code == ERR_LIMIT;
}

/* An answer of the lock: a value stood there. Whose it is cannot be told. */
static bool is_locks(const struct err *refusal)
{
    return refusal->code == ERR_OCCUPIED || refusal->code == ERR_CHANGED;
}

/* True when it was read; an object that is gone holds nothing. */
static bool look_once(struct run *run, bool *gone, char **why)
{
    struct reading now;
    struct err *err = apply_read_object(run->session, &run->plan->object, &now);
    *gone = !err && now.part == PART_ABSENT;
    apply_keep_value(run, &now);
    *why = err     ? mem_text(err->text)
           : *gone ? mem_text("the server object is not there any more")
                   : apply_value_text(run->report);
    bool known = *gone || (!err && run->report->holds != HOLDS_UNKNOWN);
    err_free(err);
    reading_release(&now);
    return known;
}

static bool look(struct run *run, const struct err *refusal, bool *gone, char **why)
{
    run_begin(run, STEP_READ_BACK);
    bool known = look_once(run, gone, why);
    for (int i = 0; i < LOOKS && known && run->report->holds == HOLDS_OLD; i++) {
        if (!may_still_come(refusal))
            break;
        free(*why);
        (void)nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
        known = look_once(run, gone, why);
    }
    run_end(run, known ? OUTCOME_OK : OUTCOME_FAILED, mem_text(*why));
    return known;
}

static struct err *object_gone(struct run *run, struct err *refusal)
{
    struct err *err = err_next(err_new(ERR_DIRECTORY, ERR_NO_SUCH_OBJECT,
                                       "%s no longer has the server object.", run->report->host),
                               "Read it again: Inspect shows what is there now.");
    err_said(err, refusal->said);
    err->ldap = refusal->ldap;
    err_free(refusal);
    return err;
}

/* "No such object", or a referral, may be about the server object or about what a value names
 * (MS-ADTS 3.1.1.1.6). The server object was read, which tells. */
static struct err *tell_which(struct run *run, struct err *refusal, bool gone)
{
    bool missing = err_is(refusal, ERR_NO_SUCH_OBJECT);
    if (gone && (missing || err_is(refusal, ERR_REFERRAL)))
        return object_gone(run, refusal);
    if (!gone && missing && run->plan->new.dn)
        return write_unknown_target(refusal, run->report->host, run->plan);
    return refusal;
}

/* In front of what to do next: what is there. */
static struct err *say_what_is_there(struct run *run, struct err *refusal)
{
    const char *there = "Nothing was changed: the value was read again.";
    if (run->report->holds == HOLDS_NEW)
        there = "The value is the one that was meant all the same: somebody else has set it, or "
                "this change arrived twice.";
    else if (run->report->holds == HOLDS_OTHER)
        there = "The value is another one now, read again after that.";
    char *next = refusal->next;
    refusal->next = str_format("%s%s%s", there, next ? " " : "", next ? next : "");
    free(next);
    return refusal;
}

static struct err *not_known(const struct run *run, struct err *refusal, const char *why)
{
    struct err *err =
        err_next(err_new(ERR_NETWORK, ERR_LOST,
                         "%s answered no, but the value could not be read again after that: %s",
                         run->report->host, why),
                 "Whether the change was made is not known: verify it on a new connection. It is "
                 "never sent twice.");
    err_said(err, refusal->said ? refusal->said : refusal->text);
    err->ldap = refusal->ldap;
    err_free(refusal);
    return err;
}

struct err *apply_after_refusal(struct run *run, struct err *refusal)
{
    struct apply_report *report = run->report;
    char *why;
    bool gone;
    bool known = look(run, refusal, &gone, &why);
    if (!known) {
        report->state = APPLY_UNKNOWN;
        refusal = not_known(run, refusal, why);
    } else if (report->holds == HOLDS_NEW && !is_locks(refusal)) {
        report->state = APPLY_APPLIED;
        mem_set(&report->answer, refusal->said ? refusal->said : refusal->text);
        plan_mark_applied(run->plan);
        err_free(refusal);
        refusal = NULL;
    } else {
        report->state = APPLY_REFUSED;
        if (report->holds == HOLDS_OTHER)
            apply_note_value(run);
        refusal = say_what_is_there(run, tell_which(run, refusal, gone));
    }
    free(why);
    return refusal;
}
