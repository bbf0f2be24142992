/* The write site and the whole way around it, against a DC that carries changes out, refuses them
 * in the words of both products, or breaks off at any point. */
#include "src/base/mem.h"
#include "src/directory/session_parts.h"
#include "src/directory/wire.h"
#include "src/directory/write.h"
#include "src/jobs/apply.h"
#include "src/jobs/journal.h"
#include "src/model/proof.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define FILESERVER "CN=FILE01,CN=Computers," DOMAIN

static struct lab lab;
static char state[64];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static void start(void)
{
    snprintf(state, sizeof state, "/tmp/dcmend-write-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(state));
    setenv("XDG_STATE_HOME", state, 1);
    lab_start(&lab);
    struct responder_entry *other = lab_add(lab.responder, FILESERVER, "computer");
    responder_value(other, "sAMAccountName", "FILE01$");
    responder_value(other, "userAccountControl", "4096");
    responder_value(other, "primaryGroupID", "515");
}

static void end(void)
{
    lab_end(&lab);
    (void)nftw(state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *value(void)
{
    return responder_first(lab.responder, LIVDC02, "serverReference");
}

static void set_value(const char *target)
{
    responder_clear(lab.dc.server, "serverReference");
    if (target)
        responder_link(lab.dc.server, "serverReference", target);
    responder_clear(lab.dc.computer, "serverReferenceBL");
}

static void confirm(struct plan *plan)
{
    plan_freeze(plan);
    while (plan->state == PLAN_FROZEN)
        ck_assert(plan_confirm(plan, plan_wanted(plan)));
}

/* A confirmed plan for what the DC holds now: read and judged as the wizard does. */
static struct plan *plan_of_facts(void)
{
    struct verdict verdict;
    diagnose(&lab.facts, &verdict);
    struct plan *plan = plan_new(&lab.facts, &verdict, "INC-1");
    ck_assert_msg(plan != NULL, "%s: %s", verdict_name(verdict.kind), verdict.headline);
    verdict_release(&verdict);
    confirm(plan);
    return plan;
}

static struct plan *make_plan(void)
{
    lab_read(&lab);
    return plan_of_facts();
}

static struct err *write_it(struct plan *plan)
{
    struct journal_proof *proof = journal_proof_new(plan);
    struct err *err = write_reference(lab.session, plan, proof);
    journal_proof_free(proof);
    return err;
}

static unsigned modifies(void)
{
    return responder_count(lab.responder, OP_MODIFY);
}

/* ---- what is sent ---- */

static void change_is(const struct responder_change *change, int op, const char *text)
{
    ck_assert_int_eq(change->op, op);
    ck_assert_str_eq(change->attribute, "serverReference");
    ck_assert_uint_eq(change->values, 1);
    ck_assert_str_eq(change->value, text);
}

/* The new value: the account's GUID, whatever else bears its DN. */
static void by_guid_is(const struct responder_change *change, int op)
{
    char *text = str_format("<GUID=%s>", responder_guid(lab.dc.computer));
    change_is(change, op, text);
    free(text);
}

static const struct responder_modify *only_modify(size_t changes)
{
    ck_assert_uint_eq(modifies(), 1);
    const struct responder_modify *modify = responder_modified(lab.responder, 0);
    char *base = str_format("<GUID=%s>", responder_guid(lab.dc.server));
    ck_assert_str_eq(modify->dn, base);
    ck_assert_uint_eq(modify->controls, 0); /* never permissive */
    ck_assert_uint_eq(modify->count, changes);
    free(base);
    return modify;
}

START_TEST(absent_is_a_plain_add)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    ck_assert_ptr_null(write_it(plan));
    by_guid_is(&only_modify(1)->changes[0], LDAP_MOD_ADD);
    ck_assert_str_eq(value(), ACCOUNT);
    ck_assert_int_eq(plan->state, PLAN_APPLIED);
    struct err *err = write_it(plan); /* never a second time */
    ck_assert_int_eq(err->kind, ERR_INTERNAL);
    ck_assert_uint_eq(modifies(), 1);
    err_free(err);
    plan_free(plan);
}
END_TEST

START_TEST(a_value_is_deleted_exactly_and_added)
{
    set_value(FILESERVER);
    struct plan *plan = make_plan();
    ck_assert_ptr_null(write_it(plan));
    const struct responder_modify *modify = only_modify(2);
    change_is(&modify->changes[0], LDAP_MOD_DELETE, FILESERVER);
    by_guid_is(&modify->changes[1], LDAP_MOD_ADD);
    ck_assert_str_eq(value(), ACCOUNT);
    plan_free(plan);
}
END_TEST

START_TEST(only_a_dangling_value_is_replaced)
{
    set_value(FILESERVER);
    responder_gone(responder_find(lab.responder, FILESERVER));
    struct plan *plan = make_plan();
    ck_assert(plan->replace && plan->second_prompt);
    ck_assert_ptr_null(write_it(plan));
    by_guid_is(&only_modify(1)->changes[0], LDAP_MOD_REPLACE);
    plan_free(plan);
}
END_TEST

/* A DC that refuses the form gets the DN, where it knows the very account by it: 0; it holds it no
 * more: 1. */
START_TEST(a_dc_that_takes_no_guid)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_modify_by_dn(lab.responder);
    if (_i == 1)
        responder_gone(lab.dc.computer);
    struct err *err = write_it(plan);
    by_guid_is(&responder_modified(lab.responder, 0)->changes[0], LDAP_MOD_ADD);
    ck_assert_uint_eq(modifies(), _i == 0 ? 2 : 1);
    ck_assert(_i == 0 ? !err : err_is(err, ERR_CONSTRAINT));
    if (_i == 0)
        change_is(&responder_modified(lab.responder, 1)->changes[0], LDAP_MOD_ADD, ACCOUNT);
    ck_assert(str_same(value(), _i == 0 ? ACCOUNT : NULL));
    err_free(err);
    plan_free(plan);
}
END_TEST

/* A DC without a copy of the account's domain: who else could make the change is named. */
START_TEST(a_dc_that_cannot_know_the_account)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    mem_set(&plan->holders, "emeadc01.emea.contoso.com");
    responder_gone(lab.dc.computer);
    struct err *err = write_it(plan);
    ck_assert(err_is(err, ERR_UNKNOWN_TARGET));
    ck_assert_ptr_nonnull(strstr(err->next, "emeadc01.emea.contoso.com"));
    err_free(err);
    plan_free(plan);
}
END_TEST

/* ---- what keeps it from being sent ---- */

static void spoil_nothing(struct plan *plan)
{
    (void)plan;
}
static void spoil_session(struct plan *plan)
{
    (void)plan;
    session_forbid_writes(lab.session);
}
static void spoil_dc(struct plan *plan)
{
    plan->host_dsa.bytes[3] ^= 1;
}
static void spoil_object(struct plan *plan)
{
    plan->object = (struct guid){{0}};
}
static void spoil_change(struct plan *plan)
{
    mem_set(&plan->new.dn, NULL);
}
static void spoil_second(struct plan *plan)
{
    plan->replace = true;
    mem_set(&plan->old.dn, ACCOUNT);
}

static const struct {
    void (*spoil)(struct plan *);
    bool confirmed, proven;
    enum err_kind kind;
} stops[] = {
    {spoil_nothing, false, true, ERR_INTERNAL}, {spoil_nothing, true, false, ERR_INTERNAL},
    {spoil_session, true, true, ERR_OPERATOR},  {spoil_dc, true, true, ERR_DIRECTORY},
    {spoil_object, true, true, ERR_INTERNAL},   {spoil_change, true, true, ERR_INTERNAL},
    {spoil_second, true, true, ERR_INTERNAL},
};
enum { STOPS = sizeof stops / sizeof *stops };

START_TEST(nothing_is_sent)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    if (!stops[_i].confirmed)
        plan->state = PLAN_FROZEN;
    stops[_i].spoil(plan);
    struct journal_proof *proof = stops[_i].proven ? journal_proof_new(plan) : NULL;
    struct err *err = write_reference(lab.session, plan, proof);
    ck_assert_ptr_nonnull(err);
    ck_assert_int_eq(err->kind, stops[_i].kind);
    ck_assert(strstr(err->text, "Nothing was sent") == err->text);
    ck_assert_uint_eq(modifies(), 0);
    ck_assert_uint_eq(session_counts(lab.session).modifies, 0);
    ck_assert_int_ne(plan->state, PLAN_SENT);
    err_free(err);
    journal_proof_free(proof);
    plan_free(plan);
}
END_TEST

START_TEST(a_catalogs_port_is_refused)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    ck_assert_ptr_null(lab_gather(&lab, 3269));
    struct err *err = write_it(plan);
    ck_assert(err_is(err, ERR_USAGE));
    ck_assert_uint_eq(modifies(), 0);
    err_free(err);
    plan_free(plan);
}
END_TEST

/* ---- answers ---- */

START_TEST(a_refusal_keeps_the_words)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_modify_answer(lab.responder, LDAP_INSUFFICIENT_ACCESS,
                            "00002098: SecErr: DSID-03150F94, problem 4003\n", NULL);
    struct err *err = write_it(plan);
    ck_assert(err_is(err, ERR_NO_RIGHT));
    ck_assert_str_eq(err->said, "00002098: SecErr: DSID-03150F94, problem 4003");
    ck_assert_int_eq(plan->state, PLAN_SENT);
    ck_assert(!session_lost(lab.session));
    err_free(err);
    plan_free(plan);
}
END_TEST

START_TEST(a_referral_is_shown_and_not_followed)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_modify_answer(lab.responder, LDAP_REFERRAL, "0000202B: RefErr: DSID-1, data 0",
                            "ldap://dc2.contoso.com/" LIVDC02);
    struct err *err = write_it(plan);
    ck_assert(err_is(err, ERR_REFERRAL));
    ck_assert_ptr_nonnull(strstr(err->text, "ldap://dc2.contoso.com/"));
    ck_assert_uint_eq(modifies(), 1);
    err_free(err);
    plan_free(plan);
}
END_TEST

START_TEST(somebody_was_faster)
{
    set_value(FILESERVER);
    struct plan *plan = make_plan();
    set_value(ACCOUNT);
    struct err *err = write_it(plan);
    ck_assert(err_is(err, ERR_CHANGED));
    ck_assert_str_eq(value(), ACCOUNT);
    err_free(err);
    plan_free(plan);
}
END_TEST

static const enum responder_fault breaks[] = {FAULT_DROP,  FAULT_DROP_DONE, FAULT_STALL,
                                              FAULT_HALF,  FAULT_GARBAGE,   FAULT_WRONG_ID,
                                              FAULT_NOTICE};
enum { BREAKS = sizeof breaks / sizeof *breaks };

/* Closing it resets the connection: the system does not go on delivering the request. */
static bool forgets(const struct session *session)
{
    struct linger linger = {.l_onoff = 0};
    socklen_t len = sizeof linger;
    ck_assert_int_eq(getsockopt(session->stream.fd, SOL_SOCKET, SO_LINGER, &linger, &len), 0);
    return session->stream.dead && linger.l_onoff && linger.l_linger == 0;
}

START_TEST(without_an_answer_it_is_unknown)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_fault(lab.responder, breaks[_i], OP_MODIFY, 1);
    struct err *err = write_it(plan);
    bool silent =
        breaks[_i] == FAULT_STALL || breaks[_i] == FAULT_HALF || breaks[_i] == FAULT_WRONG_ID;
    ck_assert_msg(err_is(err, silent ? ERR_TIMED_OUT : ERR_LOST), "%s",
                  err ? err->text : "no error");
    ck_assert(session_lost(lab.session));
    ck_assert(forgets(lab.session));
    ck_assert_int_eq(plan->state, PLAN_SENT);
    ck_assert_uint_eq(responder_count(lab.responder, OP_ABANDON), 0);
    err_free(err);
    err = write_it(plan);
    ck_assert_int_eq(err->kind, ERR_INTERNAL);
    err_free(err);
    plan_free(plan);
}
END_TEST

START_TEST(a_write_is_never_called_off)
{
    set_value(NULL);
    struct plan *plan = make_plan();
    struct cancel *cancel = cancel_new();
    session_set_cancel(lab.session, cancel);
    cancel_raise(cancel);
    ck_assert_ptr_null(write_it(plan));
    ck_assert_str_eq(value(), ACCOUNT);
    session_set_cancel(lab.session, NULL);
    cancel_free(cancel);
    plan_free(plan);
}
END_TEST

/* ---- the whole way ---- */

/* What a DC does by itself once the link is there. */
static void show_back_link(void *context, const struct apply_report *report)
{
    (void)context;
    const struct apply_step *last = &report->steps[report->step_count - 1];
    if (last->kind == STEP_BACK_LINK && last->outcome == OUTCOME_RUNNING)
        responder_link(lab.dc.computer, "serverReferenceBL", LIVDC02);
}
static const struct apply_hooks hooks = {.progress = show_back_link};

static struct err *apply_it(struct plan *plan, struct apply_report *report)
{
    apply_report_init(report);
    return apply(lab.session, plan, &lab.subject, 0, report, &hooks);
}

static enum journal_state journal_says(const struct apply_report *report)
{
    struct journal_entry entry;
    ck_assert_ptr_null(journal_read(report->journal_id, &entry));
    ck_assert_ptr_null(entry.problem);
    enum journal_state last = entry.state;
    journal_entry_release(&entry);
    return last;
}

static size_t entries(void)
{
    struct journal_list list;
    ck_assert_ptr_null(journal_list(&list));
    size_t count = list.count;
    journal_list_release(&list);
    return count;
}

START_TEST(applied_and_verified)
{
    struct apply_report report;
    set_value(_i == 0 ? NULL : FILESERVER);
    if (_i == 2)
        responder_gone(responder_find(lab.responder, FILESERVER));
    struct plan *plan = make_plan();
    struct err *err = apply_it(plan, &report);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    ck_assert_int_eq(report.state, APPLY_VERIFIED);
    ck_assert_int_eq(plan->state, PLAN_VERIFIED);
    ck_assert_int_eq(journal_says(&report), JOURNAL_VERIFIED);
    ck_assert_str_eq(value(), ACCOUNT);
    ck_assert_uint_eq(modifies(), 1);
    ck_assert(report.sent && report.answered && report.verified_at);
    ck_assert_int_eq(report.unlocked_ms >= 0, _i == 2); /* only a replacement has no lock */
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

START_TEST(an_undo_takes_it_back)
{
    struct apply_report report, second;
    struct journal_entry entry;
    struct plan *plan, *undo;
    set_value(_i == 0 ? NULL : FILESERVER);
    plan = make_plan();
    ck_assert_ptr_null(apply_it(plan, &report));
    ck_assert_ptr_null(journal_read(report.journal_id, &entry));
    ck_assert_ptr_null(journal_entry_undo_plan(&entry, &undo));
    mem_set(&undo->identity, session_server(lab.session)->identity);
    confirm(undo);
    apply_report_init(&second);
    responder_link(responder_find(lab.responder, FILESERVER), "serverReferenceBL", LIVDC02);
    struct err *err = apply(lab.session, undo, NULL, 0, &second, NULL);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    ck_assert(str_same(value(), _i == 0 ? NULL : FILESERVER));
    ck_assert_int_eq(journal_says(&second), JOURNAL_VERIFIED);
    ck_assert_str_ne(second.journal_id, report.journal_id);
    journal_entry_release(&entry);
    apply_report_release(&report);
    apply_report_release(&second);
    plan_free(plan);
    plan_free(undo);
}
END_TEST

/* An entry whose former value has the name of one object and the GUID of none, or of another. */
START_TEST(an_undo_brings_back_what_was_there)
{
    struct apply_report report, second;
    struct journal_entry entry;
    struct plan *undo;
    set_value(FILESERVER);
    struct plan *plan = make_plan();
    ck_assert_ptr_null(apply_it(plan, &report));
    ck_assert_ptr_null(journal_read(report.journal_id, &entry));
    ck_assert_ptr_null(journal_entry_undo_plan(&entry, &undo));
    mem_set(&undo->identity, session_server(lab.session)->identity);
    undo->new.guid = plan->new.guid;
    undo->new.guid.bytes[5] ^= _i ? 1 : 0;
    confirm(undo);
    apply_report_init(&second);
    struct err *err = apply(lab.session, undo, NULL, 0, &second, NULL);
    ck_assert_msg(err_is(err, ERR_CHANGED), "%s", err ? err->text : "it was sent");
    ck_assert_uint_eq(modifies(), 1);
    ck_assert_str_eq(value(), ACCOUNT);
    err_free(err);
    journal_entry_release(&entry);
    apply_report_release(&report);
    apply_report_release(&second);
    plan_free(plan);
    plan_free(undo);
}
END_TEST

/* The plan, the journal and the report name who is signed in when it is written. */
START_TEST(another_identity_writes_nothing)
{
    struct apply_report report;
    set_value(NULL);
    struct plan *plan = make_plan();
    mem_set(&plan->identity, "somebody@contoso.com");
    struct err *err = apply_it(plan, &report);
    ck_assert(err_is(err, ERR_CHANGED));
    ck_assert_str_eq(report.differences[0].what, "signed in as");
    ck_assert_uint_eq(modifies(), 0);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* Each changes something between Confirm and the modify. */
static void now_other_value(void)
{
    set_value(FILESERVER);
}
static void now_right_value(void)
{
    set_value(ACCOUNT);
}
static void now_disabled(void)
{
    responder_set(lab.dc.computer, "userAccountControl", "532482");
}
static void now_deleted(void)
{
    responder_tombstone(lab.dc.ntds);
}
static void now_no_right(void)
{
    responder_clear(lab.dc.server, "allowedAttributesEffective");
    responder_value(lab.dc.server, "allowedAttributesEffective", "description");
}
static void now_no_account(void)
{
    responder_gone(lab.dc.computer);
}
static void now_no_server(void)
{
    responder_gone(lab.dc.server);
}
/* The DSA's own SPN goes; names and the rest would still do for medium proof. */
static void now_no_spn(void)
{
    responder_clear(lab.dc.computer, "servicePrincipalName");
}
static void now_another_name(void)
{
    responder_set(lab.dc.computer, "dNSHostName", "elsewhere.contoso.com");
}
static void (*const surprises[])(void) = {now_other_value, now_right_value, now_disabled,
                                          now_deleted,     now_no_right,    now_no_account,
                                          now_no_server,   now_no_spn,      now_another_name};
enum { SURPRISES = sizeof surprises / sizeof *surprises };

START_TEST(any_difference_stops_it)
{
    struct apply_report report;
    set_value(NULL);
    struct plan *plan = make_plan();
    surprises[_i]();
    struct err *err = apply_it(plan, &report);
    ck_assert_msg(err_is(err, surprises[_i] == now_no_right ? ERR_NO_RIGHT : ERR_CHANGED), "%s",
                  err ? err->text : "no error");
    ck_assert_int_eq(report.state, APPLY_NOTHING_SENT);
    ck_assert_uint_ge(report.difference_count, 1);
    ck_assert_uint_eq(modifies(), 0);
    ck_assert_uint_eq(entries(), 0);
    ck_assert(plan_is_confirmed(plan));
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* What other machines say: E3, the source's copy (E4), another DC's copy (E5). */
struct said {
    enum part live;
    bool as_another; /* it runs as N, but under another account's name */
    enum copy_state source, other;
};

static void let_them_speak(struct facts *facts, const struct said *said)
{
    struct facts_account *account = &facts->accounts[0];
    account->live = said->live;
    account->live_runs_n = said->live == PART_PRESENT;
    account->live_is_account = account->live_runs_n && !said->as_another;
    for (int i = 0; i < 2; i++) {
        struct facts_copy *copy = NULL; /* the source's is listed, not asked */
        for (size_t k = 0; i == 0 && k < facts->copy_count; k++)
            copy = facts->copies[k].is_source ? &facts->copies[k] : copy;
        if (!copy)
            copy = facts_add_copy(facts);
        mem_set(&copy->server, i ? "dc3.contoso.com" : "livdc02.contoso.com");
        copy->is_source = copy->proven = i == 0;
        copy->state = i ? said->other : said->source;
        if (copy->state == COPY_VALUE)
            copy->value =
                (struct dn_link){.dn = mem_text(ACCOUNT), .guid = account->guid, .has_guid = true};
    }
}

static struct err *complete(void *context, struct session *session, struct facts *facts)
{
    (void)session;
    let_them_speak(facts, context);
    return NULL;
}

static const struct {
    struct said now;
    bool stops, no_spn; /* no_spn: the level rests on E3 */
} others_say[] = {
    {{PART_PRESENT, false, COPY_VALUE, COPY_VALUE}, false, false},
    {{PART_NO_ANSWER, false, COPY_UNREACHABLE, COPY_UNREACHABLE}, false, false}, /* unheard */
    {{PART_PRESENT, true, COPY_VALUE, COPY_VALUE}, true, false},
    {{PART_PRESENT, false, COPY_ABSENT, COPY_VALUE}, true, false},  /* taken back */
    {{PART_PRESENT, false, COPY_VALUE, COPY_ABSENT}, false, false}, /* no level rests on E5 */
    {{PART_PRESENT, false, COPY_NO_OBJECT, COPY_VALUE}, true, false},
    {{PART_PRESENT, false, COPY_VALUE, COPY_VALUE}, false, true},
    {{PART_NO_ANSWER, false, COPY_VALUE, COPY_VALUE}, true, true}, /* the level falls */
};
enum { OTHERS_SAY = sizeof others_say / sizeof *others_say };

START_TEST(what_others_say_may_stop_it)
{
    struct apply_report report;
    const struct said shown = {PART_PRESENT, false, COPY_VALUE, COPY_VALUE};
    struct said now = others_say[_i].now;
    struct apply_hooks told = {show_back_link, complete, &now};
    set_value(NULL);
    if (others_say[_i].no_spn)
        responder_clear(lab.dc.computer, "servicePrincipalName");
    lab_read(&lab);
    let_them_speak(&lab.facts, &shown);
    struct plan *plan = plan_of_facts();
    apply_report_init(&report);
    struct err *err = apply(lab.session, plan, &lab.subject, 0, &report, &told);
    ck_assert_msg(others_say[_i].stops ? err_is(err, ERR_CHANGED) : !err, "%s",
                  err ? err->text : "it was sent");
    ck_assert_uint_eq(modifies(), others_say[_i].stops ? 0 : 1);
    ck_assert(!others_say[_i].stops || report.difference_count > 0);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

START_TEST(without_a_journal_nothing_is_sent)
{
    struct apply_report report;
    set_value(NULL);
    struct plan *plan = make_plan();
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
    struct err *err = apply_it(plan, &report);
    ck_assert(err_is(err, ERR_JOURNAL));
    ck_assert_int_eq(report.state, APPLY_NOTHING_SENT);
    ck_assert_uint_eq(modifies(), 0);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
    setenv("XDG_STATE_HOME", state, 1);
}
END_TEST

static void forbid(void *context, const struct apply_report *report)
{
    (void)context;
    if (report->steps[report->step_count - 1].kind == STEP_JOURNAL)
        session_forbid_writes(lab.session);
}

START_TEST(a_read_only_session_is_found_out_at_the_last_door)
{
    struct apply_report report;
    struct apply_hooks stop = {.progress = forbid};
    set_value(NULL);
    struct plan *plan = make_plan();
    apply_report_init(&report);
    struct err *err = apply(lab.session, plan, &lab.subject, 0, &report, &stop);
    ck_assert(err_is(err, ERR_USAGE));
    ck_assert_int_eq(report.state, APPLY_NOTHING_SENT);
    ck_assert_int_eq(journal_says(&report), JOURNAL_REFUSED);
    ck_assert_uint_eq(modifies(), 0);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* Between the last look and the replacement somebody else sets a value: seen, nothing is sent. */
static void set_before_last_look(void *context, const struct apply_report *report)
{
    const struct apply_step *last = &report->steps[report->step_count - 1];
    (void)context;
    if (last->kind == STEP_LAST_LOOK && last->outcome == OUTCOME_RUNNING)
        set_value(ACCOUNT);
}

START_TEST(the_last_look_sees_a_change)
{
    struct apply_report report;
    struct apply_hooks change = {.progress = set_before_last_look};
    set_value(FILESERVER);
    responder_gone(responder_find(lab.responder, FILESERVER));
    struct plan *plan = make_plan();
    apply_report_init(&report);
    struct err *err = apply(lab.session, plan, &lab.subject, 0, &report, &change);
    ck_assert(err_is(err, ERR_CHANGED));
    ck_assert_int_eq(report.state, APPLY_NOTHING_SENT);
    ck_assert_int_eq(journal_says(&report), JOURNAL_REFUSED);
    ck_assert_uint_eq(modifies(), 0);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

START_TEST(a_refused_change_is_recorded)
{
    struct apply_report report;
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_modify_answer(lab.responder, LDAP_UNWILLING_TO_PERFORM, "0000001F: SvcErr: DSID-1",
                            NULL);
    struct err *err = apply_it(plan, &report);
    ck_assert_int_eq(report.state, APPLY_REFUSED);
    ck_assert_int_eq(journal_says(&report), JOURNAL_REFUSED);
    ck_assert_ptr_nonnull(report.err);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* ---- a no, and what is there ---- */

static const struct {
    int code;
    const char *said;
} noes[] = {
    {LDAP_OTHER, "proxy: upstream timed out"},
    {LDAP_UNAVAILABLE, NULL},
    {LDAP_REFERRAL, NULL},
    {LDAP_BUSY, NULL},
    {LDAP_UNWILLING_TO_PERFORM, "0000001F: SvcErr: DSID-1"},
    {LDAP_OPERATIONS_ERROR, NULL},
    {LDAP_TIMELIMIT_EXCEEDED, NULL},
    {LDAP_INSUFFICIENT_ACCESS, NULL},
    {LDAP_NO_SUCH_OBJECT, NULL},
    {LDAP_CONSTRAINT_VIOLATION, NULL},
    {123, NULL},
    {LDAP_TYPE_OR_VALUE_EXISTS, "00002071: the link already exists"}, /* the lock's own answers */
    {LDAP_NO_SUCH_ATTRIBUTE, NULL},
};
enum { NOES = sizeof noes / sizeof *noes, PROXIES = NOES - 2 };

static struct plan *refused_plan(int no)
{
    set_value(noes[no].code == LDAP_NO_SUCH_ATTRIBUTE ? FILESERVER : NULL);
    responder_modify_answer(lab.responder, noes[no].code, noes[no].said, NULL);
    return make_plan();
}

/* Carried out, and answered with a no: it is applied, and the words are kept. */
START_TEST(a_no_is_looked_at)
{
    struct apply_report report;
    struct plan *plan = refused_plan(_i);
    responder_modify_done(lab.responder);
    struct err *err = apply_it(plan, &report);
    bool locks = _i >= PROXIES;
    ck_assert_str_eq(value(), ACCOUNT);
    ck_assert_int_eq(report.state, locks ? APPLY_REFUSED : APPLY_VERIFIED);
    ck_assert_int_eq(journal_says(&report), locks ? JOURNAL_REFUSED : JOURNAL_VERIFIED);
    ck_assert_int_eq(report.holds, HOLDS_NEW);
    ck_assert_uint_eq(modifies(), 1);
    if (locks) {
        ck_assert_ptr_nonnull(strstr(err->next, "is the one that was meant"));
        ck_assert_ptr_null(strstr(err->next, "othing was changed"));
    } else {
        ck_assert_ptr_null(err);
        ck_assert_ptr_nonnull(report.answer);
        ck_assert(!noes[_i].said || strstr(report.answer, noes[_i].said));
    }
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

START_TEST(a_no_that_is_true)
{
    struct apply_report report;
    struct plan *plan = refused_plan(_i);
    struct err *err = apply_it(plan, &report);
    ck_assert_int_eq(report.state, APPLY_REFUSED);
    ck_assert_int_eq(journal_says(&report), JOURNAL_REFUSED);
    ck_assert_int_eq(report.holds, HOLDS_OLD);
    ck_assert(strstr(err->next, "Nothing was changed") == err->next);
    ck_assert(!noes[_i].said || str_same(err->said, noes[_i].said));
    ck_assert_int_eq(err->ldap, noes[_i].code);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

static void gone_before_the_look(void *context, const struct apply_report *report)
{
    (void)context;
    const struct apply_step *last = &report->steps[report->step_count - 1];
    if (last->kind == STEP_READ_BACK && last->outcome == OUTCOME_RUNNING)
        responder_gone(lab.dc.server);
}

/* "No such object" is about the server object only when that is gone. */
START_TEST(which_object_is_missing)
{
    static const struct {
        int code;
        bool gone;
        enum err_code is;
        const char *shows;
    } cases[] = {
        {LDAP_NO_SUCH_OBJECT, false, ERR_UNKNOWN_TARGET, "the account that the new value names"},
        {LDAP_NO_SUCH_OBJECT, true, ERR_NO_SUCH_OBJECT, "no longer has the server object"},
        {LDAP_REFERRAL, true, ERR_NO_SUCH_OBJECT, "no longer has the server object"},
        {LDAP_REFERRAL, false, ERR_REFERRAL, "cannot write this itself"},
    };
    struct apply_report report;
    set_value(NULL);
    responder_modify_answer(lab.responder, cases[_i].code,
                            "0000208D: NameErr: DSID-03100238, problem 2001 (NO_OBJECT), data 0, "
                            "best match of:\n\t'OU=Domain Controllers," DOMAIN "'\n",
                            NULL);
    struct plan *plan = make_plan();
    struct apply_hooks look = {.progress = cases[_i].gone ? gone_before_the_look : NULL};
    apply_report_init(&report);
    struct err *err = apply(lab.session, plan, &lab.subject, 0, &report, &look);
    ck_assert_int_eq(report.state, APPLY_REFUSED);
    ck_assert_msg(err_is(err, cases[_i].is), "%s", err->text);
    ck_assert_msg(strstr(err->text, cases[_i].shows) != NULL, "%s", err->text);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

static int spoil; /* how the look after the no is spoilt */

static void spoil_the_look(void *context, const struct apply_report *report)
{
    (void)context;
    const struct apply_step *last = &report->steps[report->step_count - 1];
    if (last->kind != STEP_READ_BACK || last->outcome != OUTCOME_RUNNING)
        return;
    unsigned next = responder_count(lab.responder, OP_SEARCH) + 1;
    if (spoil == 0)
        responder_fault(lab.responder, FAULT_DROP, OP_SEARCH, next);
    else if (spoil == 1)
        responder_fault(lab.responder, FAULT_STALL, OP_SEARCH, next);
    else if (spoil == 2)
        responder_search_answer(lab.responder, responder_guid(lab.dc.server), NULL,
                                LDAP_INSUFFICIENT_ACCESS, NULL, 0);
    else if (spoil == 3)
        set_value(FILESERVER);
    else
        responder_gone(lab.dc.server);
}

/* Nobody could look: unknown, whatever the DC said. Another value or no object: that is told. */
START_TEST(a_look_that_fails_leaves_it_unknown)
{
    struct apply_report report;
    const struct apply_hooks spoilt = {.progress = spoil_the_look};
    struct plan *plan = refused_plan(0);
    spoil = _i;
    apply_report_init(&report);
    struct err *err = apply(lab.session, plan, &lab.subject, 0, &report, &spoilt);
    ck_assert_ptr_nonnull(err);
    ck_assert_int_eq(report.state, _i < 3 ? APPLY_UNKNOWN : APPLY_REFUSED);
    ck_assert_int_eq(journal_says(&report), _i < 3 ? JOURNAL_UNKNOWN : JOURNAL_REFUSED);
    ck_assert_str_eq(err->said, noes[0].said);
    if (_i == 3)
        ck_assert_uint_eq(report.difference_count, 1);
    if (_i < 4)
        ck_assert_ptr_null(strstr(err->next, "othing was changed"));
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* Lost after sending: unknown; then a new connection tells. */
START_TEST(unknown_is_settled_on_a_new_connection)
{
    struct apply_report report;
    bool done = _i == 1;
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_fault(lab.responder, done ? FAULT_DROP_DONE : FAULT_DROP, OP_MODIFY, 1);
    struct err *err = apply_it(plan, &report);
    ck_assert(err_is(err, ERR_LOST));
    ck_assert_int_eq(report.state, APPLY_UNKNOWN);
    ck_assert_int_eq(journal_says(&report), JOURNAL_UNKNOWN);
    err_free(err);
    ck_assert_ptr_null(lab_gather(&lab, 0)); /* a new connection */
    if (done)
        responder_link(lab.dc.computer, "serverReferenceBL", LIVDC02);
    report.sent -= 100; /* long ago: one look is enough */
    err = apply_verify(lab.session, plan, &report);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    ck_assert_int_eq(report.state, done ? APPLY_VERIFIED : APPLY_NOT_APPLIED);
    ck_assert_int_eq(journal_says(&report), done ? JOURNAL_VERIFIED : JOURNAL_REFUSED);
    ck_assert_uint_eq(modifies(), 1);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* The DC takes the request and falls silent: on a new connection the old value proves nothing yet.
 * The change may come after that; long afterwards it will not. */
START_TEST(a_silent_dc_may_still_carry_it_out)
{
    struct apply_report report;
    bool comes = _i == 1;
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_fault(lab.responder, FAULT_STALL, OP_MODIFY, 1);
    struct err *err = apply_it(plan, &report);
    ck_assert(err_is(err, ERR_TIMED_OUT) && report.silent && report.answered == 0);
    err_free(err);
    ck_assert_ptr_null(lab_gather(&lab, 0));
    err = apply_verify(lab.session, plan, &report);
    ck_assert(err_is(err, ERR_TIMED_OUT));
    ck_assert_int_eq(report.state, APPLY_UNKNOWN);
    ck_assert_int_eq(journal_says(&report), JOURNAL_UNKNOWN);
    err_free(err);
    if (comes) {
        set_value(ACCOUNT);
        responder_link(lab.dc.computer, "serverReferenceBL", LIVDC02);
    }
    report.sent -= 100;
    ck_assert_ptr_null(apply_verify(lab.session, plan, &report));
    ck_assert_int_eq(report.state, comes ? APPLY_VERIFIED : APPLY_NOT_APPLIED);
    ck_assert_int_eq(journal_says(&report), comes ? JOURNAL_VERIFIED : JOURNAL_REFUSED);
    ck_assert_uint_eq(modifies(), 1);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* The entry of an instance that was killed: what it sent a moment ago may still be on its way. */
START_TEST(the_change_of_a_killed_one_may_still_come)
{
    struct apply_report report;
    bool fresh = _i == 1;
    set_value(NULL);
    struct plan *plan = make_plan();
    apply_report_init(&report);
    report.state = APPLY_UNKNOWN;
    report.intended = time(NULL) - (fresh ? 0 : 3600);
    unsigned before = responder_count(lab.responder, OP_SEARCH);
    ck_assert_ptr_null(apply_verify(lab.session, plan, &report));
    unsigned looks = responder_count(lab.responder, OP_SEARCH) - before;
    ck_assert_int_eq(report.state, APPLY_NOT_APPLIED);
    ck_assert_uint_eq(looks, fresh ? 2 + 4 : 2 + 1); /* who it is; then the value */
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* The journal says that it was applied; the old value is there: that is not "never made". */
START_TEST(an_applied_change_that_is_gone_is_not_called_unmade)
{
    struct apply_report report;
    struct journal_list list;
    set_value(NULL);
    struct plan *plan = make_plan();
    apply_report_init(&report);
    err_free(apply(lab.session, plan, &lab.subject, 0, &report, NULL));
    ck_assert_int_eq(journal_says(&report), JOURNAL_APPLIED);
    set_value(NULL);
    struct err *err = apply_verify(lab.session, plan, &report);
    ck_assert(err_is(err, ERR_CHANGED));
    ck_assert_int_eq(report.state, APPLY_APPLIED);
    ck_assert_int_eq(journal_says(&report), JOURNAL_APPLIED);
    ck_assert_ptr_null(journal_list_unfinished(&list));
    ck_assert_uint_eq(list.count, 0);
    journal_list_release(&list);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

START_TEST(a_third_value_is_told)
{
    struct apply_report report;
    struct journal_list list;
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_fault(lab.responder, FAULT_DROP, OP_MODIFY, 1);
    err_free(apply_it(plan, &report));
    ck_assert_ptr_null(lab_gather(&lab, 0));
    set_value(FILESERVER);
    struct err *err = apply_verify(lab.session, plan, &report);
    ck_assert(err_is(err, ERR_CHANGED));
    ck_assert_int_eq(report.state, APPLY_UNKNOWN);
    ck_assert_uint_ge(report.difference_count, 1);
    ck_assert_ptr_null(journal_list_unfinished(&list)); /* no more can be found out */
    ck_assert_uint_eq(list.count, 0);
    journal_list_release(&list);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

START_TEST(another_dc_settles_nothing)
{
    struct apply_report report;
    set_value(NULL);
    struct plan *plan = make_plan();
    responder_fault(lab.responder, FAULT_DROP, OP_MODIFY, 1);
    err_free(apply_it(plan, &report));
    ck_assert_ptr_null(lab_gather(&lab, 0));
    plan->host_dsa.bytes[0] ^= 1;
    struct err *err = apply_verify(lab.session, plan, &report);
    ck_assert(err_is(err, ERR_CHANGED));
    ck_assert_int_eq(report.state, APPLY_UNKNOWN);
    ck_assert_int_eq(journal_says(&report), JOURNAL_UNKNOWN);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* Applied, but the back link does not show it: not verified. */
START_TEST(without_its_back_link_it_is_not_verified)
{
    struct apply_report report;
    set_value(NULL);
    struct plan *plan = make_plan();
    apply_report_init(&report);
    struct err *err = apply(lab.session, plan, &lab.subject, 0, &report, NULL);
    ck_assert(err_is(err, ERR_CHANGED));
    ck_assert_int_eq(report.state, APPLY_APPLIED);
    ck_assert_int_eq(journal_says(&report), JOURNAL_APPLIED);
    err_free(err);
    responder_link(lab.dc.computer, "serverReferenceBL", LIVDC02);
    ck_assert_ptr_null(apply_verify(lab.session, plan, &report));
    ck_assert_int_eq(report.state, APPLY_VERIFIED);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

/* The connection breaks at every request of the whole way: by two quick manners each, and by one of
 * those that cost a deadline. No claim is wrong. */
enum { REQUESTS = 16, MANNERS = 3 };
static enum responder_fault manner(int i)
{
    static const enum responder_fault slow[] = {FAULT_STALL, FAULT_HALF, FAULT_WRONG_ID,
                                                FAULT_GARBAGE};
    return i % MANNERS == 0 ? FAULT_DROP : i % MANNERS == 1 ? FAULT_NOTICE : slow[i / MANNERS % 4];
}

START_TEST(broken_at_any_request)
{
    struct apply_report report;
    set_value(NULL);
    struct plan *plan = make_plan();
    unsigned before = responder_count(lab.responder, OP_SEARCH);
    responder_fault(lab.responder, manner(_i), OP_SEARCH, before + 1 + (unsigned)(_i / MANNERS));
    struct err *err = apply_it(plan, &report);
    bool there = str_same(value(), ACCOUNT);
    if (report.state == APPLY_NOTHING_SENT)
        ck_assert(err && !there && entries() == 0 && modifies() == 0);
    else if (report.state == APPLY_APPLIED)
        ck_assert(err && there && journal_says(&report) == JOURNAL_APPLIED);
    else
        ck_assert(!err && there && report.state == APPLY_VERIFIED);
    err_free(err);
    apply_report_release(&report);
    plan_free(plan);
}
END_TEST

static void add_sending(TCase *tests)
{
    tcase_add_test(tests, absent_is_a_plain_add);
    tcase_add_test(tests, a_value_is_deleted_exactly_and_added);
    tcase_add_test(tests, only_a_dangling_value_is_replaced);
    tcase_add_loop_test(tests, a_dc_that_takes_no_guid, 0, 2);
    tcase_add_test(tests, a_dc_that_cannot_know_the_account);
    tcase_add_loop_test(tests, nothing_is_sent, 0, STOPS);
    tcase_add_test(tests, a_catalogs_port_is_refused);
    tcase_add_test(tests, a_refusal_keeps_the_words);
    tcase_add_test(tests, a_referral_is_shown_and_not_followed);
    tcase_add_test(tests, somebody_was_faster);
    tcase_add_loop_test(tests, without_an_answer_it_is_unknown, 0, BREAKS);
    tcase_add_test(tests, a_write_is_never_called_off);
}

static void add_whole_way(TCase *tests)
{
    tcase_add_loop_test(tests, applied_and_verified, 0, 3);
    tcase_add_loop_test(tests, an_undo_takes_it_back, 0, 2);
    tcase_add_loop_test(tests, an_undo_brings_back_what_was_there, 0, 2);
    tcase_add_test(tests, another_identity_writes_nothing);
    tcase_add_loop_test(tests, any_difference_stops_it, 0, SURPRISES);
    tcase_add_loop_test(tests, what_others_say_may_stop_it, 0, OTHERS_SAY);
    tcase_add_test(tests, without_a_journal_nothing_is_sent);
    tcase_add_test(tests, a_read_only_session_is_found_out_at_the_last_door);
    tcase_add_test(tests, the_last_look_sees_a_change);
    tcase_add_test(tests, a_refused_change_is_recorded);
    tcase_add_loop_test(tests, a_no_is_looked_at, 0, NOES);
    tcase_add_loop_test(tests, a_no_that_is_true, 0, NOES);
    tcase_add_loop_test(tests, which_object_is_missing, 0, 4);
    tcase_add_loop_test(tests, a_look_that_fails_leaves_it_unknown, 0, 5);
    tcase_add_loop_test(tests, unknown_is_settled_on_a_new_connection, 0, 2);
    tcase_add_loop_test(tests, a_silent_dc_may_still_carry_it_out, 0, 2);
    tcase_add_loop_test(tests, the_change_of_a_killed_one_may_still_come, 0, 2);
    tcase_add_test(tests, an_applied_change_that_is_gone_is_not_called_unmade);
    tcase_add_test(tests, a_third_value_is_told);
    tcase_add_test(tests, another_dc_settles_nothing);
    tcase_add_test(tests, without_its_back_link_it_is_not_verified);
}

int main(void)
{
    Suite *suite = suite_create("write");
    TCase *sending = tcase_create("sending"), *whole = tcase_create("whole way");
    TCase *broken = tcase_create("broken");
    tcase_add_checked_fixture(sending, start, end);
    tcase_add_checked_fixture(whole, start, end);
    tcase_add_checked_fixture(broken, start, end);
    add_sending(sending);
    add_whole_way(whole);
    tcase_add_loop_test(broken, broken_at_any_request, 0, REQUESTS * MANNERS);
    suite_add_tcase(suite, sending);
    suite_add_tcase(suite, whole);
    suite_add_tcase(suite, broken);
    return suite_run(suite);
}
