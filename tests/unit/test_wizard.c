/* The wizard as a machine: the way from a text to Apply, every way back, and a long random walk
 * that looks for a way to Apply without the typed name. */
#include "src/base/mem.h"
#include "src/remedy/wizard.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum wizard_effect send(struct wizard *w, enum wizard_event_kind kind)
{
    return wizard_update(w, &(struct wizard_event){.kind = kind, .typeable = true});
}

static enum wizard_effect send_text(struct wizard *w, enum wizard_event_kind kind, const char *text)
{
    return wizard_update(w, &(struct wizard_event){.kind = kind, .text = text});
}

/* Connected under the name `asked` to the DC that calls itself `host`. */
static enum wizard_effect connect_as(struct wizard *w, const char *asked, const char *host,
                                     unsigned dsa)
{
    struct server server = {.has_dsa_guid = true, .dsa_guid = build_guid(dsa)};
    server.asked = mem_text(asked);
    server.host = mem_text(host);
    server.dns_host = mem_text(host);
    server.forest = mem_text("contoso.com");
    enum wizard_effect effect =
        wizard_update(w, &(struct wizard_event){.kind = EVENT_CONNECTED, .server = &server});
    server_release(&server);
    return effect;
}

static enum wizard_effect connect_done(struct wizard *w, const char *host)
{
    return connect_as(w, host, host, BUILD_HERE_DSA);
}

static void give_subject(struct wizard *w, const char *destination, size_t dsas)
{
    struct subject subject = {.destination = mem_text(destination), .conflict = dsas > 1};
    for (size_t i = 0; i < dsas; i++) {
        struct subject_dsa *dsa = subject_add(&subject, SUBJECT_EVENT_1411);
        dsa->has_guid = true;
        dsa->guid = build_guid(BUILD_DSA + (unsigned)i);
        dsa->destination = mem_text(destination);
    }
    wizard_update(w, &(struct wizard_event){.kind = EVENT_SUBJECT, .subject = &subject});
    subject_release(&subject);
}

static enum wizard_effect give_facts(struct wizard *w, void (*make)(struct facts *))
{
    struct facts facts;
    make(&facts);
    enum wizard_effect effect =
        wizard_update(w, &(struct wizard_event){.kind = EVENT_READ, .facts = &facts});
    facts_release(&facts);
    return effect;
}

static void make_missing(struct facts *facts)
{
    build_healthy(facts);
    build_absent(facts);
}

static void make_medium(struct facts *facts)
{
    build_bare(facts);
    build_account(facts, BUILD_MEDIUM);
}

static void make_unknown(struct facts *facts)
{
    build_healthy(facts);
    facts->dsa.part = PART_ABSENT;
}

static void make_successor(struct facts *facts)
{
    build_healthy(facts);
    facts->dsa.deleted = true;
    build_successor(facts, "LIVDC01");
}

/* From nothing to Confirm, the way an operator goes. */
static void go_to_confirm(struct wizard *w, void (*make)(struct facts *))
{
    ck_assert_int_eq(send_text(w, EVENT_CONNECT, "londc01.contoso.com"), EFFECT_CONNECT);
    ck_assert_int_eq(connect_done(w, "londc01.contoso.com"), EFFECT_NONE);
    ck_assert_int_eq(w->step, STEP_SYMPTOM);
    give_subject(w, "LONDC01.contoso.com", 1);
    ck_assert_int_eq(send(w, EVENT_NEXT), EFFECT_READ);
    ck_assert_int_eq(w->step, STEP_LOCATE);
    ck_assert_int_eq(give_facts(w, make), EFFECT_COMPLETE);
    send(w, EVENT_COMPLETED);
    send(w, EVENT_NEXT);
    ck_assert_int_eq(w->step, STEP_INSPECT);
    send(w, EVENT_NEXT);
    ck_assert_int_eq(w->step, STEP_PROPOSE);
    ck_assert_int_eq(send(w, EVENT_NEXT), EFFECT_CONFIRM);
    ck_assert_int_eq(w->step, STEP_CONFIRM);
}

START_TEST(the_straight_way)
{
    struct wizard w;
    wizard_init(&w, false, "INC-1");
    go_to_confirm(&w, make_missing);
    ck_assert_str_eq(w.plan->ticket, "INC-1");
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_NONE); /* Enter alone */
    ck_assert_int_eq(send_text(&w, EVENT_TYPED, "yes"), EFFECT_NONE);
    ck_assert_ptr_nonnull(w.error);
    ck_assert_int_eq(send_text(&w, EVENT_TYPED, "livdc01"), EFFECT_APPLY);
    ck_assert_int_eq(w.step, STEP_APPLY);
    ck_assert_int_eq(send(&w, EVENT_BACK),
                     EFFECT_NONE); /* a change that was sent is not called off */
    ck_assert_int_eq(send(&w, EVENT_QUIT), EFFECT_NONE);
    ck_assert_int_eq(send(&w, EVENT_NEW), EFFECT_NONE);
    ck_assert_int_eq(w.waiting, WAIT_APPLY);
    struct apply_report report;
    apply_report_init(&report);
    report.state = APPLY_VERIFIED;
    wizard_update(&w, &(struct wizard_event){
                          .kind = EVENT_REPORT, .report = &report, .plan = plan_copy(w.plan)});
    ck_assert_int_eq(w.step, STEP_REPORT);
    ck_assert(w.reported);
    wizard_release(&w);
}
END_TEST

START_TEST(medium_proof_asks_twice)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    go_to_confirm(&w, make_medium);
    ck_assert_int_eq(send_text(&w, EVENT_TYPED, "LIVDC01"), EFFECT_CONFIRM);
    ck_assert_int_eq(w.step, STEP_CONFIRM);
    ck_assert(!plan_is_confirmed(w.plan));
    ck_assert_int_eq(send_text(&w, EVENT_TYPED, w.plan->second_prompt), EFFECT_APPLY);
    wizard_release(&w);
}
END_TEST

START_TEST(going_back_drops_the_plan)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    go_to_confirm(&w, make_missing);
    send(&w, EVENT_BACK);
    ck_assert_int_eq(w.step, STEP_PROPOSE);
    ck_assert_ptr_null(w.plan);
    ck_assert_int_eq(send_text(&w, EVENT_TYPED, "LIVDC01"), EFFECT_NONE);
    wizard_release(&w);
}
END_TEST

START_TEST(read_only_ends_in_the_report)
{
    struct wizard w;
    wizard_init(&w, true, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, "londc01", 1);
    send(&w, EVENT_NEXT);
    give_facts(&w, make_missing);
    send(&w, EVENT_COMPLETED);
    send(&w, EVENT_NEXT);
    ck_assert(w.verdict.writable);
    send(&w, EVENT_NEXT);
    ck_assert_int_eq(w.step, STEP_REPORT);
    wizard_release(&w);
}
END_TEST

START_TEST(a_verdict_without_a_write_ends_in_the_report)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, NULL, 1);
    send(&w, EVENT_NEXT);
    give_facts(&w, make_unknown);
    send(&w, EVENT_COMPLETED);
    send(&w, EVENT_NEXT);
    send(&w, EVENT_NEXT);
    ck_assert_int_eq(w.step, STEP_REPORT);
    wizard_release(&w);
}
END_TEST

START_TEST(the_event_names_another_dc)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    connect_done(&w, "livdc01.contoso.com");
    give_subject(&w, "LONDC01", 1);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_NONE);
    ck_assert_int_eq(wizard_locate_wants(&w), WANT_MOVE);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_CONNECT);
    ck_assert_str_eq(w.host, "LONDC01.contoso.com");
    ck_assert_int_eq(connect_done(&w, "londc01.contoso.com"), EFFECT_READ);
    ck_assert_int_eq(w.step, STEP_LOCATE);
    wizard_release(&w);
}
END_TEST

/* dcsrv01 is an alias of dcsrv02: that is said before anything is read, and the event's DC is still
 * the one that has not answered. */
START_TEST(a_name_that_led_elsewhere_is_told_first)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    give_subject(&w, "dcsrv01.contoso.com", 1);
    send_text(&w, EVENT_CONNECT, "dcsrv01.contoso.com");
    ck_assert_int_eq(connect_as(&w, "dcsrv01.contoso.com", "DCSRV02.contoso.com", 7), EFFECT_NONE);
    ck_assert(w.step == STEP_CONNECT && w.connected && w.other_name);
    ck_assert(wizard_wrong_dc(&w));
    send(&w, EVENT_NEXT);
    ck_assert(w.step == STEP_SYMPTOM && !w.other_name);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_NONE);
    ck_assert_int_eq(wizard_locate_wants(&w), WANT_MOVE);
    wizard_release(&w);
}
END_TEST

/* The same DC again under the same name is no news; another one behind that name is. */
START_TEST(a_round_robin_name_is_told_for_each_dc)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    send_text(&w, EVENT_CONNECT, "dcs.contoso.com");
    connect_as(&w, "dcs.contoso.com", "dc1.contoso.com", 7);
    ck_assert(w.other_name);
    send(&w, EVENT_BACK);
    ck_assert(w.step == STEP_CONNECT && !w.other_name);
    send_text(&w, EVENT_CONNECT, "dcs.contoso.com");
    connect_as(&w, "dcs.contoso.com", "dc1.contoso.com", 7);
    ck_assert(w.step == STEP_SYMPTOM && !w.other_name);
    send_text(&w, EVENT_CONNECT, "dcs.contoso.com");
    connect_as(&w, "dcs.contoso.com", "dc2.contoso.com", 8);
    ck_assert(w.step == STEP_CONNECT && w.other_name);
    wizard_release(&w);
}
END_TEST

/* A first label stands for the full name, as people write it; case and the final dot do not count.
 */
START_TEST(a_dc_by_its_own_name_is_no_news)
{
    static const char *const names[] = {"dc1", "DC1.contoso.com", "dc1.contoso.com."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct wizard w;
        wizard_init(&w, false, NULL);
        connect_as(&w, names[i], "dc1.contoso.com", 7);
        ck_assert(w.step == STEP_SYMPTOM && !w.other_name);
        wizard_release(&w);
    }
}
END_TEST

START_TEST(several_dsas_have_to_be_picked)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, NULL, 2);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_NONE);
    ck_assert_int_eq(wizard_locate_wants(&w), WANT_PICK);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_NONE);
    ck_assert_int_eq(wizard_update(&w, &(struct wizard_event){.kind = EVENT_PICK, .index = 7}),
                     EFFECT_NONE);
    ck_assert_int_eq(wizard_update(&w, &(struct wizard_event){.kind = EVENT_PICK, .index = 1}),
                     EFFECT_READ);
    ck_assert_uint_eq(w.which, 1);
    wizard_release(&w);
}
END_TEST

START_TEST(the_second_of_two_leads_to_its_own_dc)
{
    struct wizard w;
    struct subject subject = {.conflict = true};
    static const char *const hosts[] = {"londc01.contoso.com", "dcsrv02.contoso.com"};
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    for (unsigned i = 0; i < 2; i++) {
        struct subject_dsa *dsa = subject_add(&subject, SUBJECT_EVENT_1411);
        dsa->has_guid = true;
        dsa->guid = build_guid(BUILD_DSA + i);
        dsa->destination = mem_text(hosts[i]);
    }
    subject_choose(&subject, 0);
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_SUBJECT, .subject = &subject});
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_PICK, .index = 1});
    ck_assert_int_eq(wizard_locate_wants(&w), WANT_MOVE);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_CONNECT);
    ck_assert_str_eq(w.host, "dcsrv02.contoso.com");
    subject_release(&subject);
    wizard_release(&w);
}
END_TEST

static void make_on_rodc(struct facts *facts)
{
    make_missing(facts);
    facts->server.read_only = FLAG_YES;
    build_copy_says(build_copy(facts, "mandc01.contoso.com"), COPY_ABSENT);
}

/* What a read-only DC shows is repaired on a writable one, where it is judged again. */
START_TEST(a_read_only_dc_leads_to_its_partner)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, "londc01", 1);
    send(&w, EVENT_NEXT);
    give_facts(&w, make_on_rodc);
    send(&w, EVENT_NEXT);
    ck_assert_int_eq(wizard_inspect_goes(&w), GO_PARTNER);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_CONNECT);
    ck_assert_str_eq(w.host, "mandc01.contoso.com");
    connect_done(&w, "mandc01.contoso.com"); /* and not back to the DC that logged the error */
    ck_assert_int_eq(w.waiting, WAIT_READ);
    give_facts(&w, make_missing);
    ck_assert_int_eq(w.step, STEP_INSPECT);
    ck_assert_int_eq(wizard_inspect_goes(&w), GO_PROPOSE);
    wizard_release(&w);
}
END_TEST

/* A list's finding on another DC's copy: Locate asks before that DC is gone to. */
START_TEST(a_list_never_changes_the_dc_unseen)
{
    struct wizard w;
    struct wizard_event judge = {
        .kind = EVENT_JUDGE, .guid = build_guid(BUILD_DSA), .text = "mandc01.contoso.com"};
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, "birdc01", 1); /* what an event said does not count here */
    ck_assert_int_eq(wizard_update(&w, &judge), EFFECT_NONE);
    ck_assert_int_eq(w.step, STEP_LOCATE);
    ck_assert_int_eq(wizard_locate_wants(&w), WANT_MOVE);
    ck_assert(w.connected && !w.judged);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_CONNECT);
    ck_assert_str_eq(w.host, "mandc01.contoso.com");
    ck_assert_int_eq(connect_done(&w, "mandc01.contoso.com"), EFFECT_READ);
    give_facts(&w, make_missing);
    ck_assert_int_eq(w.step, STEP_INSPECT);
    ck_assert(!w.facts.other_dc_read);
    ck_assert_int_eq(wizard_inspect_goes(&w), GO_PROPOSE);
    ck_assert_int_eq(wizard_update(&w, &judge), EFFECT_READ); /* it is there already */
    judge.text = "londc01.contoso.com";
    ck_assert_int_eq(wizard_update(&w, &judge), EFFECT_NONE);
    ck_assert_int_eq(send(&w, EVENT_STAY), EFFECT_READ); /* the copy of this DC all the same */
    wizard_release(&w);
}
END_TEST

/* Whoever only looks is led to no other DC for the sake of a write. */
START_TEST(looking_only_stays_on_a_read_only_dc)
{
    struct wizard w;
    wizard_init(&w, true, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, "londc01", 1);
    send(&w, EVENT_NEXT);
    give_facts(&w, make_on_rodc);
    send(&w, EVENT_NEXT);
    ck_assert_int_eq(wizard_inspect_goes(&w), GO_REPORT);
    wizard_release(&w);
}
END_TEST

static void make_partners_of_two_domains(struct facts *facts)
{
    make_missing(facts);
    facts->server.read_only = FLAG_YES;
    build_copy_says(build_copy(facts, "parisdc01.eu.contoso.com"), COPY_ABSENT);
    build_copy_says(build_copy(facts, "mandc01.contoso.com"), COPY_ABSENT);
}

/* The partner of the account's domain knows the account; the nearer one may not even be a catalog.
 */
START_TEST(a_read_only_dc_leads_to_the_accounts_domain)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, "londc01", 1);
    send(&w, EVENT_NEXT);
    give_facts(&w, make_partners_of_two_domains);
    send(&w, EVENT_NEXT);
    ck_assert_int_eq(wizard_inspect_goes(&w), GO_PARTNER);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_CONNECT);
    ck_assert_str_eq(w.host, "mandc01.contoso.com");
    wizard_release(&w);
}
END_TEST

START_TEST(a_deleted_dsa_leads_to_its_successor)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, "londc01", 1);
    send(&w, EVENT_NEXT);
    give_facts(&w, make_successor);
    send(&w, EVENT_NEXT);
    ck_assert_int_eq(wizard_inspect_goes(&w), GO_SUCCESSOR);
    struct guid successor = w.verdict.successor;
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_READ);
    ck_assert(guid_equal(&w.subject.dsas[0].guid, &successor));
    give_facts(&w, make_missing);
    ck_assert_int_eq(w.step, STEP_INSPECT);
    wizard_release(&w);
}
END_TEST

START_TEST(a_lost_answer_is_verified_never_repeated)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    go_to_confirm(&w, make_missing);
    send_text(&w, EVENT_TYPED, "LIVDC01");
    struct apply_report report;
    apply_report_init(&report);
    report.state = APPLY_UNKNOWN;
    struct plan *plan = plan_copy(w.plan);
    plan_mark_sent(plan);
    ck_assert_int_eq(
        wizard_update(
            &w, &(struct wizard_event){.kind = EVENT_REPORT, .report = &report, .plan = plan}),
        EFFECT_VERIFY);
    ck_assert(!w.connected);
    apply_report_init(&report);
    report.state = APPLY_UNKNOWN;
    ck_assert_int_eq(wizard_update(&w, &(struct wizard_event){.kind = EVENT_REPORT,
                                                              .report = &report,
                                                              .plan = plan_copy(w.plan)}),
                     EFFECT_NONE);
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_VERIFY); /* once more, if it is wished */
    apply_report_init(&report);
    report.state = APPLY_UNKNOWN;
    report.err = err_new(ERR_DIRECTORY, ERR_CHANGED, "A third value.");
    wizard_update(&w, &(struct wizard_event){
                          .kind = EVENT_REPORT, .report = &report, .plan = plan_copy(w.plan)});
    ck_assert(!wizard_may_look_again(&w)); /* no more can be found out */
    ck_assert_int_ne(send(&w, EVENT_NEXT), EFFECT_VERIFY);
    wizard_release(&w);
}
END_TEST

/* The DSA is then judged like any other, with what the other DCs hold. */
START_TEST(an_undo_that_is_out_of_date_leads_to_inspect)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    go_to_confirm(&w, make_missing);
    struct plan *undo = plan_copy(w.plan);
    mem_set(&undo->old.dn, "CN=GONE,OU=Domain Controllers," BUILD_DOMAIN);
    ck_assert_int_eq(wizard_update(&w, &(struct wizard_event){.kind = EVENT_UNDO, .plan = undo}),
                     EFFECT_READ);
    ck_assert_int_eq(give_facts(&w, make_missing), EFFECT_COMPLETE);
    ck_assert_int_eq(w.step, STEP_INSPECT);
    ck_assert(err_is(w.error, ERR_CHANGED));
    send(&w, EVENT_COMPLETED);
    ck_assert(err_is(w.error, ERR_CHANGED));
    wizard_release(&w);
}
END_TEST

static void make_undoable(struct facts *facts)
{
    build_healthy(facts);
    facts->srv.may_write = true;
}

/* Each is a way in which a file does not belong to the place where it is used. */
static void nothing_wrong(struct plan *undo)
{
    (void)undo;
}
static void other_forest(struct plan *undo)
{
    mem_set(&undo->forest, "fabrikam.com");
}
static void other_dc(struct plan *undo)
{
    undo->host_dsa.bytes[0] ^= 1;
}
static void other_dsa(struct plan *undo)
{
    undo->dsa_guid.bytes[0] ^= 1;
}
static void other_object(struct plan *undo)
{
    undo->object.bytes[0] ^= 1;
}
static void other_value(struct plan *undo)
{
    undo->old.guid.bytes[0] ^= 1;
}
static void nameless_value(struct plan *undo)
{
    mem_set(&undo->new.dn, "CN=Administrator,CN=Users," BUILD_DOMAIN);
    undo->new.has_guid = false;
}
static const struct {
    void (*spoil)(struct plan *);
    const char *says;
} foreign[] = {
    {nothing_wrong, NULL},
    {other_forest, "another forest: fabrikam.com"},
    {other_dc, "is not the DC"},
    {other_dsa, "the DSA that it names is not there"},
    {other_object, "not the server"},
    {other_value, "no longer what that change wrote"},
    {nameless_value, "no GUID"},
};
enum { FOREIGN = sizeof foreign / sizeof *foreign };

/* The file says LIES where it could mislead: shown and typed is what the DC says. */
static struct plan *undo_from_file(const struct facts *facts)
{
    struct plan *undo = plan_new_undo();
    undo->host = mem_text("LIES");
    undo->host_dsa = build_guid(7);
    undo->dsa_guid = facts->dsa.guid;
    undo->object = facts->srv.guid;
    undo->object_dn = mem_text("CN=LIES");
    undo->name = mem_text("LIES");
    undo->site = mem_text("LIES");
    undo->undo_of = mem_text("LIES");
    dn_link_copy(&undo->old, &facts->srv.reference_link);
    mem_set(&undo->old.dn, "CN=LIES");
    plan_set_prompt(undo, PROMPT_NAME);
    return undo;
}

static void go_to_undo(struct wizard *w, const struct facts *facts, void (*spoil)(struct plan *),
                       bool typeable)
{
    struct facts now;
    wizard_init(w, false, NULL);
    send_text(w, EVENT_CONNECT, "londc01.contoso.com");
    connect_done(w, "londc01.contoso.com");
    w->server.has_dsa_guid = true;
    w->server.dsa_guid = build_guid(7);
    struct plan *undo = undo_from_file(facts);
    mem_set(&undo->host, "londc01.contoso.com");
    spoil(undo);
    wizard_update(w, &(struct wizard_event){.kind = EVENT_UNDO, .plan = undo});
    make_undoable(&now);
    wizard_update(w,
                  &(struct wizard_event){.kind = EVENT_READ, .facts = &now, .typeable = typeable});
    facts_release(&now);
}

START_TEST(an_undo_asks_for_digits_where_the_name_cannot_be_typed)
{
    struct wizard w;
    struct facts facts;
    char guid[GUID_TEXT];
    make_undoable(&facts);
    go_to_undo(&w, &facts, nothing_wrong, false);
    ck_assert_int_eq(w.step, STEP_CONFIRM);
    ck_assert_uint_eq(strlen(w.plan->prompt), 8);
    ck_assert(strstr(guid_text(&facts.dsa.guid, guid), w.plan->prompt) == guid);
    facts_release(&facts);
    wizard_release(&w);
}
END_TEST

START_TEST(an_undo_is_of_what_was_read)
{
    struct wizard w;
    struct facts facts;
    make_undoable(&facts);
    go_to_undo(&w, &facts, foreign[_i].spoil, true);
    if (foreign[_i].says) {
        ck_assert_int_eq(w.step, STEP_INSPECT);
        ck_assert_msg(w.error && strstr(w.error->text, foreign[_i].says), "%s",
                      w.error ? w.error->text : "no error");
        ck_assert_ptr_null(w.plan);
    } else {
        ck_assert_int_eq(w.step, STEP_CONFIRM);
        ck_assert_str_eq(w.plan->name, facts.srv.cn);
        ck_assert_str_eq(w.plan->prompt, facts.srv.cn);
        ck_assert_str_eq(w.plan->object_dn, facts.srv.dn);
        ck_assert_str_eq(w.plan->old.dn, facts.srv.reference_link.dn);
        send_text(&w, EVENT_TYPED, "LIES");
        ck_assert_int_eq(w.step, STEP_CONFIRM);
    }
    facts_release(&facts);
    wizard_release(&w);
}
END_TEST

/* It has no Propose: Esc, a change that was not begun and a sign-in that did not come lead around
 * it. */
START_TEST(an_undo_has_no_propose)
{
    struct wizard w;
    struct facts facts;
    make_undoable(&facts);
    go_to_undo(&w, &facts, nothing_wrong, true);
    ck_assert_int_eq(w.step, STEP_CONFIRM);
    if (_i == 0) {
        ck_assert_int_eq(send(&w, EVENT_BACK), EFFECT_JOURNAL);
    } else {
        ck_assert_int_eq(send_text(&w, EVENT_TYPED, w.plan->prompt), EFFECT_APPLY);
        struct err *err = err_new(ERR_NETWORK, ERR_LOST, "It is gone.");
        enum wizard_event_kind kind = _i == 1 ? EVENT_FAILED : EVENT_LOST;
        wizard_update(&w, &(struct wizard_event){.kind = kind, .err = err});
        if (_i == 2)
            ck_assert_int_eq(send(&w, EVENT_BACK), EFFECT_NONE);
    }
    ck_assert_int_eq(w.step, STEP_INSPECT);
    ck_assert_ptr_null(w.plan);
    facts_release(&facts);
    wizard_release(&w);
}
END_TEST

/* Another error is looked at: the undo that waited for its reading is not continued with that. */
START_TEST(an_undo_is_forgotten_with_its_dsa)
{
    struct wizard w;
    struct facts facts;
    struct guid other = build_guid(4711);
    wizard_init(&w, false, NULL);
    make_undoable(&facts);
    struct plan *undo = undo_from_file(&facts);
    ck_assert_int_eq(wizard_update(&w, &(struct wizard_event){.kind = EVENT_UNDO, .plan = undo}),
                     EFFECT_CONNECT);
    connect_done(&w, "londc01.contoso.com");
    ck_assert_ptr_nonnull(w.undo);
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_JUDGE, .guid = other});
    ck_assert_ptr_null(w.undo);
    facts_release(&facts);
    wizard_release(&w);
}
END_TEST

static void contradict(void *context, struct facts *facts)
{
    (void)context;
    struct facts_copy *copy = build_copy(facts, "MANDC01.contoso.com");
    build_copy_names(copy, BUILD_OTHER, "CN=SOMEBODY,OU=Domain Controllers," BUILD_DOMAIN);
}

START_TEST(copies_that_come_late_lead_back_to_inspect)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    go_to_confirm(&w, make_missing);
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_COMPLETED, .complete = contradict});
    ck_assert_int_eq(w.step, STEP_INSPECT);
    ck_assert(!w.verdict.writable);
    ck_assert_ptr_null(w.plan);
    wizard_release(&w);
}
END_TEST

static void make_two(struct facts *facts)
{
    make_missing(facts);
    (void)build_account(facts, BUILD_MEDIUM);
}

static void say_nothing_new(void *context, struct facts *facts)
{
    (void)context, (void)facts;
}

/* What the copies say is judged for the account that was chosen, not for the proposed one. */
START_TEST(a_chosen_account_survives_the_copies)
{
    struct wizard w;
    wizard_init(&w, false, NULL);
    connect_done(&w, "londc01.contoso.com");
    give_subject(&w, "londc01", 1);
    send(&w, EVENT_NEXT);
    give_facts(&w, make_two);
    send(&w, EVENT_NEXT);
    send(&w, EVENT_NEXT);
    ck_assert_int_eq(w.step, STEP_PROPOSE);
    ck_assert_uint_eq(w.verdict.account, 0);
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_CHOOSE, .index = 1});
    ck_assert_uint_eq(w.verdict.account, 1);
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_COMPLETED, .complete = say_nothing_new});
    ck_assert_uint_eq(w.verdict.account, 1);
    ck_assert_int_eq(w.step, STEP_PROPOSE);
    wizard_release(&w);
}
END_TEST

/* What a report tells stays as it was; what is judged after it is judged with every copy. */
START_TEST(copies_count_again_after_a_report)
{
    struct wizard w;
    struct apply_report report;
    wizard_init(&w, false, NULL);
    go_to_confirm(&w, make_missing);
    struct plan *plan = plan_copy(w.plan);
    send_text(&w, EVENT_TYPED, plan->prompt);
    apply_report_init(&report);
    report.state = APPLY_VERIFIED;
    wizard_update(&w,
                  &(struct wizard_event){.kind = EVENT_REPORT, .report = &report, .plan = plan});
    ck_assert_int_eq(w.step, STEP_REPORT);
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_COMPLETED, .complete = contradict});
    size_t before = w.facts.copy_count;
    ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_READ);
    struct facts facts;
    make_missing(&facts);
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_READ, .facts = &facts});
    wizard_update(&w, &(struct wizard_event){.kind = EVENT_COMPLETED, .complete = contradict});
    ck_assert_uint_gt(w.facts.copy_count, before);
    ck_assert(!w.verdict.writable);
    facts_release(&facts);
    apply_report_release(&report);
    wizard_release(&w);
}
END_TEST

START_TEST(an_enter_before_the_copies_are_in_waits_for_them)
{
    static const struct {
        enum wizard_event_kind then; /* before the copies come in */
        void (*complete)(void *context, struct facts *facts);
        enum wizard_step step;
    } cases[] = {{EVENT_NEXT, NULL, STEP_CONFIRM},
                 {EVENT_NEXT, contradict, STEP_INSPECT},
                 {EVENT_BACK, NULL, STEP_INSPECT},
                 {EVENT_COVERED, NULL, STEP_PROPOSE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wizard w;
        wizard_init(&w, false, NULL);
        connect_done(&w, "londc01.contoso.com");
        give_subject(&w, "londc01", 1);
        send(&w, EVENT_NEXT);
        give_facts(&w, make_missing);
        send(&w, EVENT_NEXT);
        send(&w, EVENT_NEXT);
        ck_assert_int_eq(w.step, STEP_PROPOSE);
        ck_assert_int_eq(send(&w, EVENT_NEXT), EFFECT_NONE);
        ck_assert(w.going);
        ck_assert_ptr_null(w.plan);
        send(&w, cases[i].then);
        enum wizard_effect effect = wizard_update(
            &w, &(struct wizard_event){.kind = EVENT_COMPLETED, .complete = cases[i].complete});
        ck_assert_int_eq(w.step, cases[i].step);
        ck_assert_int_eq(effect, w.step == STEP_CONFIRM ? EFFECT_CONFIRM : EFFECT_NONE);
        ck_assert(!w.going);
        wizard_release(&w);
    }
}
END_TEST

/* --- the random walk --- */

static enum wizard_effect random_event(struct wizard *w, unsigned *seed, bool *typed_right)
{
    static void (*const makes[])(struct facts *) = {make_missing, make_medium, make_unknown,
                                                    make_successor, build_healthy};
    static const char *const texts[] = {"", "y", "LIVDC02", "livdc01", "LIVDC01", "londc01", "Q"};
    unsigned r = (unsigned)rand_r(seed);
    const char *text = texts[r / 64 % 7];
    struct wizard_event event = {.text = text, .index = r / 64 % 3, .typeable = true};
    struct facts facts;
    struct apply_report report;
    unsigned what = r % 60;
    if (what >= 20) /* mostly what would come next, so that the walk gets far */
        what = w->waiting == WAIT_READ      ? 2
               : w->completing              ? 8
               : w->step == STEP_CONFIRM    ? 4
               : w->waiting == WAIT_CONNECT ? 0
                                            : 20;
    *typed_right = false;
    switch (what) {
    case 0:
        return connect_done(w, r & 64 ? "londc01.contoso.com" : "livdc01.contoso.com");
    case 1:
        give_subject(w, r & 64 ? "londc01" : NULL, r & 128 ? 2 : 1);
        return EFFECT_NONE;
    case 2:
        makes[r / 64 % 5](&facts);
        event.kind = EVENT_READ;
        event.facts = &facts;
        enum wizard_effect effect = wizard_update(w, &event);
        facts_release(&facts);
        return effect;
    case 3:
        event.kind = EVENT_FAILED;
        event.err = err_new(ERR_NETWORK, r & 64 ? ERR_LOST : ERR_TIMED_OUT, "x");
        return wizard_update(w, &event);
    case 4:
    case 5:
    case 6:
        *typed_right =
            w->step == STEP_CONFIRM && w->plan && str_same_case(text, plan_wanted(w->plan));
        return send_text(w, EVENT_TYPED, text);
    case 7:
        if (w->waiting != WAIT_APPLY && w->waiting != WAIT_VERIFY)
            return EFFECT_NONE;
        apply_report_init(&report);
        report.state = (enum apply_state)(r / 64 % 6);
        event.kind = EVENT_REPORT;
        event.report = &report;
        event.plan = w->plan ? plan_copy(w->plan) : NULL;
        return wizard_update(w, &event);
    case 8:
        event.kind = EVENT_COMPLETED;
        event.complete =
            r & 64 && w->judged && w->facts.dsa.part == PART_PRESENT ? contradict : NULL;
        return wizard_update(w, &event);
    case 9:
        event.kind = EVENT_JUDGE;
        event.guid = build_guid(BUILD_DSA);
        return wizard_update(w, &event);
    case 10:
        event.kind = EVENT_OTHER;
        event.text = "londc01";
        return wizard_update(w, &event);
    case 11:
        event.kind = EVENT_CONNECT;
        event.text = "londc01";
        return wizard_update(w, &event);
    case 12:
        event.kind = EVENT_PICK;
        return wizard_update(w, &event);
    case 13:
        event.kind = EVENT_CHOOSE;
        return wizard_update(w, &event);
    case 14:
        return send(w, EVENT_BACK);
    case 15:
        return send(w, r & 64 ? EVENT_STAY : EVENT_AGAIN);
    case 16:
        return send(w, r & 64 ? EVENT_RESUME : EVENT_LOST);
    default:
        return send(w, r / 64 % 40 == 0 ? EVENT_NEW : EVENT_NEXT);
    }
}

static void walk(unsigned seed, bool read_only, unsigned *applies)
{
    struct wizard w;
    wizard_init(&w, read_only, NULL);
    for (int i = 0; i < 1500; i++) {
        bool typed_right;
        enum wizard_step before = w.step;
        bool lost = w.held && w.awaited == WAIT_APPLY; /* typed, and then nothing was sent */
        const struct plan *plan = w.plan;
        enum wizard_effect effect = random_event(&w, &seed, &typed_right);
        if (effect == EFFECT_APPLY) {
            ck_assert(!read_only);
            ck_assert(typed_right || (lost && before == STEP_CONNECT && plan == w.plan));
            ck_assert(lost || before == STEP_CONFIRM);
            ck_assert(plan_is_confirmed(w.plan));
            ++*applies;
        }
        if (read_only)
            ck_assert(w.step != STEP_CONFIRM && w.step != STEP_PROPOSE && !w.plan);
        if (w.step == STEP_CONFIRM)
            ck_assert(w.plan && w.plan->state == PLAN_FROZEN && w.judged);
        ck_assert_int_eq(w.step == STEP_APPLY, w.waiting == WAIT_APPLY);
        ck_assert(!w.held || w.step == STEP_CONNECT);
        ck_assert(w.awaited == WAIT_NOTHING || w.held);
    }
    wizard_release(&w);
}

START_TEST(no_way_to_apply_without_the_name)
{
    const char *given = getenv("DCMEND_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    unsigned applies = 0;
    printf("seed %u\n", seed);
    for (unsigned i = 0; i < 30; i++)
        walk(seed + i, i % 5 == 0, &applies);
    ck_assert_uint_gt(applies, 0); /* the walk does get there */
}
END_TEST

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    Suite *suite = suite_create("wizard");
    TCase *tests = tcase_create("wizard");
    tcase_add_test(tests, copies_count_again_after_a_report);
    tcase_add_test(tests, an_enter_before_the_copies_are_in_waits_for_them);
    tcase_add_test(tests, the_straight_way);
    tcase_add_test(tests, medium_proof_asks_twice);
    tcase_add_test(tests, going_back_drops_the_plan);
    tcase_add_test(tests, read_only_ends_in_the_report);
    tcase_add_test(tests, a_verdict_without_a_write_ends_in_the_report);
    tcase_add_test(tests, the_event_names_another_dc);
    tcase_add_test(tests, a_name_that_led_elsewhere_is_told_first);
    tcase_add_test(tests, a_round_robin_name_is_told_for_each_dc);
    tcase_add_test(tests, a_dc_by_its_own_name_is_no_news);
    tcase_add_test(tests, several_dsas_have_to_be_picked);
    tcase_add_test(tests, the_second_of_two_leads_to_its_own_dc);
    tcase_add_test(tests, a_read_only_dc_leads_to_its_partner);
    tcase_add_test(tests, a_list_never_changes_the_dc_unseen);
    tcase_add_test(tests, looking_only_stays_on_a_read_only_dc);
    tcase_add_test(tests, a_read_only_dc_leads_to_the_accounts_domain);
    tcase_add_test(tests, a_deleted_dsa_leads_to_its_successor);
    tcase_add_test(tests, a_lost_answer_is_verified_never_repeated);
    tcase_add_test(tests, an_undo_that_is_out_of_date_leads_to_inspect);
    tcase_add_loop_test(tests, an_undo_has_no_propose, 0, 3);
    tcase_add_test(tests, an_undo_is_forgotten_with_its_dsa);
    tcase_add_loop_test(tests, an_undo_is_of_what_was_read, 0, FOREIGN);
    tcase_add_test(tests, an_undo_asks_for_digits_where_the_name_cannot_be_typed);
    tcase_add_test(tests, copies_that_come_late_lead_back_to_inspect);
    tcase_add_test(tests, a_chosen_account_survives_the_copies);
    tcase_add_test(tests, no_way_to_apply_without_the_name);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
