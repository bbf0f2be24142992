/* Between Confirm and the modify everything that the verdict rests on is read and judged again. The
 * plan is the memory of what was shown; each thing that differs is put beside what is found now,
 * and one difference is enough to stop. An undo is not judged by evidence (an old value is by
 * nature unproven): the DC, the object, the right and the exact value are compared. */
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/gather.h"
#include "src/directory/search.h"
#include "src/jobs/apply_parts.h"

#include <stdlib.h>

void apply_differs_guid(struct apply_report *report, const char *what, const struct guid *shown,
                        const struct guid *found)
{
    char a[GUID_TEXT], b[GUID_TEXT];
    apply_report_differs(report, what, guid_text(shown, a), guid_text(found, b));
}

struct err *apply_check_dc(struct session *session, const struct plan *plan,
                           struct apply_report *report, bool *read_only)
{
    static const char *const root[] = {"dsServiceName", NULL};
    static const char *const own[] = {"objectClass", "msDS-isRODC", NULL};
    char *base = search_guid_base(&plan->host_dsa);
    struct search searches[2];
    struct result results[2];
    search_init(&searches[0], SCOPE_BASE, "", root, "(objectClass=*)");
    search_init(&searches[1], SCOPE_BASE, base, own, "(objectClass=*)");
    search_run(session, searches, 2, results);
    struct err *err = results[0].err;
    results[0].err = NULL;
    struct dn_link dsa = {.dn = NULL};
    if (!err && results[0].count == 1)
        (void)entry_link(&results[0].entries[0], root[0], &dsa);
    *read_only = results[1].count == 1 && entry_flag(&results[1].entries[0], "msDS-isRODC");
    if (!err && (!dsa.has_guid || !guid_equal(&dsa.guid, &plan->host_dsa))) {
        apply_differs_guid(report, "the DC that answers", &plan->host_dsa, &dsa.guid);
        err = err_next(err_new(ERR_DIRECTORY, ERR_CHANGED,
                               "The DC that answers is not %s, which was shown.", plan->host),
                       "Connect to %s.", plan->host);
    }
    dn_link_release(&dsa);
    for (size_t i = 0; i < 2; i++) {
        result_release(&results[i]);
        search_release(&searches[i]);
    }
    free(base);
    return err;
}

static void compare_connection(struct run *run, bool read_only)
{
    const struct server *server = session_server(run->session);
    struct apply_report *report = run->report;
    if (read_only || server->read_only == FLAG_YES)
        apply_report_differs(report, "the DC", "writable", "read-only");
    if (server_catalog_port(server))
        apply_report_differs(report, "the port", "LDAP", "a global catalog's");
    if (!server_protected(server))
        apply_report_differs(report, "the connection", "protected", "not protected");
    if (!str_same(server->identity, run->plan->identity))
        apply_report_differs(report, "signed in as", run->plan->identity, server->identity);
}

static void compare_value(struct run *run, enum part part, const struct dn_link *link)
{
    const struct dn_link *old = &run->plan->old;
    const char *found = part == PART_PRESENT  ? link->dn
                        : part == PART_ABSENT ? NULL
                                              : "not readable";
    bool same = part == PART_PRESENT  ? old->dn && link_is(old, link) && str_same(old->dn, link->dn)
                : part == PART_ABSENT ? !old->dn
                                      : false;
    if (!same && found && old->dn && str_same(found, old->dn)) {
        apply_differs_guid(run->report, "the object behind the value", &old->guid, &link->guid);
        return;
    }
    if (!same)
        apply_report_differs(run->report, "the value", old->dn, found);
}

static void compare_object(struct run *run, bool live, const struct guid *guid, const char *dn)
{
    const struct plan *plan = run->plan;
    if (!live)
        apply_report_differs(run->report, "the server object", plan->object_dn, "not there");
    else if (!guid_equal(guid, &plan->object))
        apply_differs_guid(run->report, "the server object", &plan->object, guid);
    else if (!str_same(dn, plan->object_dn))
        apply_report_differs(run->report, "the server object's name", plan->object_dn, dn);
}

/* The subject that was asked for, tied to the plan's DSA. */
static void own_subject(const struct run *run, struct subject *out, size_t *which)
{
    *out = (struct subject){.dsas = NULL};
    if (run->subject)
        subject_copy(out, run->subject);
    *which = run->which;
    if (*which >= out->count) {
        *which = out->count;
        subject_add(out, SUBJECT_GUID);
    }
    out->dsas[*which].has_guid = true;
    out->dsas[*which].guid = run->plan->dsa_guid;
}

static struct err *read_facts(struct run *run, struct facts *facts)
{
    struct subject subject;
    size_t which;
    own_subject(run, &subject, &which);
    facts_init(facts);
    struct err *err = gather(run->session, &subject, which, facts, NULL);
    facts->conflict =
        false; /* B13 is about the operator's text, which was settled before Confirm */
    if (!err && run->hooks && run->hooks->complete)
        err = run->hooks->complete(run->hooks->context, run->session, facts);
    subject_release(&subject);
    return err;
}

static struct err *judge_again(struct run *run)
{
    struct facts facts;
    struct err *err = read_facts(run, &facts);
    if (!err) {
        run_end(run, OUTCOME_OK, NULL);
        run_begin(run, STEP_COMPARE);
        compare_object(run, facts.srv.part == PART_PRESENT && !facts.srv.deleted, &facts.srv.guid,
                       facts.srv.dn);
        compare_value(run, facts.srv.reference, &facts.srv.reference_link);
        apply_compare_verdict(run, &facts);
        run->already = facts.srv.reference == PART_PRESENT &&
                       link_is(&facts.srv.reference_link, &run->plan->new);
    }
    facts_release(&facts);
    return err;
}

/* Whoever bears the former value's name on this DC must be the object that is meant. */
static struct err *compare_bearer(struct run *run)
{
    static const char *const attributes[] = {"objectClass", NULL};
    const struct dn_link *new = &run->plan->new;
    struct search search;
    struct result result;
    search_init(&search, SCOPE_BASE, new->dn, attributes, "(objectClass=*)");
    search_run(run->session, &search, 1, &result);
    const struct dn_link *bearer = result.count == 1 ? &result.entries[0].name : NULL;
    if (bearer && bearer->has_guid && !guid_equal(&bearer->guid, &new->guid))
        apply_differs_guid(run->report, "the object behind the former value", &new->guid,
                           &bearer->guid);
    bool lost = err_is(result.err, ERR_LOST) || err_is(result.err, ERR_TIMED_OUT);
    struct err *err =
        lost ? err_copy(result.err) : NULL; /* no such name here: nothing to compare */
    result_release(&result);
    search_release(&search);
    return err;
}

/* The value that an undo puts back: where this DC knows the object, the name must still be its own.
 */
static struct err *compare_former(struct run *run)
{
    const struct dn_link *new = &run->plan->new;
    struct reading target;
    if (!new->dn || !new->has_guid)
        return NULL;
    struct err *err = apply_read_object(run->session, &new->guid, &target);
    bool here = target.part == PART_PRESENT;
    if (!err && here && !str_same(target.dn, new->dn))
        apply_report_differs(run->report, "the former value's name", new->dn, target.dn);
    reading_release(&target);
    return err || here ? err : compare_bearer(run);
}

static struct err *look_again(struct run *run)
{
    struct reading now;
    struct err *err = apply_read_object(run->session, &run->plan->object, &now);
    if (!err) {
        run_end(run, OUTCOME_OK, NULL);
        run_begin(run, STEP_COMPARE);
        compare_object(run, now.part == PART_PRESENT && now.is_server, &run->plan->object, now.dn);
        compare_value(run, now.value, &now.link);
        if (now.part == PART_PRESENT && (!now.rights_known || !now.may_write))
            apply_report_differs(run->report, apply_right, "yes", "no");
        err = compare_former(run);
    }
    reading_release(&now);
    return err;
}

static struct err *stop_for(const struct run *run, const struct apply_difference *first)
{
    if (run->report->difference_count == 1 && str_same(first->what, apply_right))
        return err_next(err_new(ERR_DIRECTORY, ERR_NO_RIGHT,
                                "Nothing was sent: %s may not write serverReference there.",
                                run->plan->identity ? run->plan->identity : "this identity"),
                        "Sign in as somebody who may; everything is then read again.");
    if (run->already)
        return err_next(err_new(ERR_DIRECTORY, ERR_CHANGED,
                                "Nothing was sent: the value is already the one that was meant; "
                                "somebody else has set it."),
                        "Look at it again: Inspect shows what it is now.");
    return err_next(err_new(ERR_DIRECTORY, ERR_CHANGED,
                            "Nothing was sent: %s is no longer as it was shown.", first->what),
                    "Look at it again: Inspect shows what it is now.");
}

static struct err *verdict_of_comparison(struct run *run)
{
    if (run->report->difference_count == 0) {
        run_end(run, OUTCOME_OK, mem_text("nothing has changed"));
        return NULL;
    }
    const struct apply_difference *first = &run->report->differences[0];
    run_end(run, OUTCOME_FAILED,
            str_format("%s: was %s, is %s", first->what, first->shown, first->found));
    return stop_for(run, first);
}

struct err *apply_check(struct run *run)
{
    bool read_only = false;
    run_begin(run, STEP_READ_AGAIN);
    struct err *err = apply_check_dc(run->session, run->plan, run->report, &read_only);
    if (!err) {
        compare_connection(run, read_only);
        err = run->plan->undo ? look_again(run) : judge_again(run);
    }
    if (!err)
        return verdict_of_comparison(run);
    if (run->report->steps[run->report->step_count - 1].outcome == OUTCOME_RUNNING)
        run_end(run, OUTCOME_FAILED, mem_text(err->text));
    return err;
}

struct err *apply_last_look(struct run *run)
{
    struct reading now;
    run_begin(run, STEP_LAST_LOOK);
    run->look_began = clock_ms();
    struct err *err = apply_read_object(run->session, &run->plan->object, &now);
    if (!err)
        compare_value(run, now.part == PART_PRESENT ? now.value : PART_DENIED, &now.link);
    if (!err && run->report->difference_count > 0)
        err = err_next(err_new(ERR_DIRECTORY, ERR_CHANGED,
                               "Nothing was sent: the value has changed in the last moment."),
                       "Look at it again: Inspect shows what it is now.");
    run_end(run, err ? OUTCOME_FAILED : OUTCOME_OK,
            mem_text(err ? err->text : "it still dangles as shown"));
    reading_release(&now);
    return err;
}
