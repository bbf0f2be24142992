/* A plan moves forward only, and only by the typed name; the journal's proof is for one change. */
#include "src/base/mem.h"
#include "src/model/change.h"
#include "src/model/plan.h"
#include "src/model/proof.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct plan *make(const char *name, const char *second)
{
    struct plan *plan = plan_new_undo();
    plan->name = mem_text(name);
    plan->site = mem_text("Liverpool");
    plan->host = mem_text("dc1.a");
    plan->object_dn = mem_text("CN=S");
    plan->new.dn = mem_text("CN=N");
    plan->second_prompt = mem_text(second);
    plan_set_prompt(plan, PROMPT_NAME);
    return plan;
}

START_TEST(only_the_typed_name_confirms)
{
    static const char *const wrong[] = {"",         "LIVDC0",    "LIVDC022", " LIVDC02",
                                        "LIVDC02 ", "LIVDC02\n", "y",        "LIVDC02\\"};
    struct plan *plan = make("LIVDC02", NULL);
    ck_assert(!plan_confirm(plan, "LIVDC02")); /* a draft */
    plan_freeze(plan);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert(!plan_confirm(plan, wrong[i]));
    ck_assert(!plan_mark_sent(plan));
    ck_assert(plan_confirm(plan, "livdc02"));
    ck_assert(plan_is_confirmed(plan));
    plan_free(plan);
}
END_TEST

START_TEST(a_second_confirmation_is_a_second_text)
{
    struct plan *plan = make("LIVDC02", "LIVDC02ACCOUNT");
    plan_freeze(plan);
    ck_assert(!plan_confirm(plan, "LIVDC02ACCOUNT"));
    ck_assert(plan_confirm(plan, "LIVDC02"));
    ck_assert(!plan_is_confirmed(plan));
    ck_assert_str_eq(plan_wanted(plan), "LIVDC02ACCOUNT");
    ck_assert(!plan_confirm(plan, "LIVDC02"));
    ck_assert(!plan_is_confirmed(plan));
    ck_assert(plan_confirm(plan, "LIVDC02ACCOUNT"));
    ck_assert(plan_is_confirmed(plan));
    plan_free(plan);
}
END_TEST

START_TEST(other_scripts_are_typed_as_they_are)
{
    setlocale(LC_ALL, "C.UTF-8");
    struct plan *plan = make("M\xc3\x9cNCHEN1", NULL);
    plan_freeze(plan);
    ck_assert(!plan_confirm(plan, "MUNCHEN1"));
    ck_assert(plan_confirm(plan, "m\xc3\xbcnchen1"));
    plan_free(plan);
}
END_TEST

START_TEST(the_prompt_can_be_site_or_guid)
{
    struct plan *plan = make("LIVDC02", NULL);
    plan->dsa_guid = build_guid(7);
    plan_set_prompt(plan, PROMPT_SITE_NAME);
    ck_assert_str_eq(plan->prompt, "Liverpool\\LIVDC02");
    plan_set_prompt(plan, PROMPT_GUID);
    ck_assert_str_eq(plan->prompt, "9b7fab3d");
    plan_freeze(plan);
    plan_set_prompt(plan, PROMPT_NAME); /* too late */
    ck_assert_str_eq(plan_wanted(plan), "9b7fab3d");
    plan_free(plan);
}
END_TEST

/* A name that is not read off the screen as it is: its GUID is typed. The account's likewise. */
START_TEST(names_that_cannot_be_typed_are_not_asked_for)
{
    static const char *const hidden[] = {
        "LIV\xE2\x80\xAE"
        "DC", /* right to left from here */
        "LIV\xE2\x80\x8B"
        "DC",              /* zero width */
        "MU\xCC\x88NCHEN", /* decomposed */
        "LIV\xC2\xA0"
        "DC",               /* a blank that is none */
        "\xD7\x90\xD7\x91", /* Hebrew */
        "LIV\nDC",
        " LIVDC",
        "LIVDC ",
        "LIV  DC",
        "LIV\xFF",
    };
    static const char *const plain[] = {"LIVDC02", "m\xC3\xBCnDC25", "\xE6\xBC\xA2\xE5\xAD\x97",
                                        "E,v+i\"l\\9", "LIV DC"};
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        struct plan *plan = make(hidden[i], hidden[i]);
        plan->dsa_guid = build_guid(7);
        plan->new.guid = build_guid(BUILD_DSA);
        plan_set_prompt(plan, PROMPT_NAME);
        ck_assert_str_eq(plan->prompt, "9b7fab3d");
        ck_assert_int_eq(strlen(plan->second_prompt), PLAN_DIGITS);
        plan_free(plan);
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct plan *plan = make(plain[i], plain[i]);
        ck_assert_str_eq(plan->prompt, plain[i]);
        ck_assert_str_eq(plan->second_prompt, plain[i]);
        plan_free(plan);
    }
}
END_TEST

START_TEST(states_move_forward_only)
{
    struct plan *plan = make("A", NULL);
    plan_mark_applied(plan);
    plan_mark_verified(plan);
    ck_assert_int_eq(plan->state, PLAN_DRAFT);
    plan_freeze(plan);
    ck_assert(plan_confirm(plan, "A") && plan_mark_sent(plan));
    ck_assert(!plan_mark_sent(plan));
    ck_assert(!plan_confirm(plan, "A"));
    plan_freeze(plan);
    ck_assert_int_eq(plan->state, PLAN_SENT);
    plan_mark_applied(plan);
    plan_mark_verified(plan);
    ck_assert_int_eq(plan->state, PLAN_VERIFIED);
    ck_assert(!plan_mark_sent(plan));
    plan_free(plan);
}
END_TEST

START_TEST(an_empty_name_can_never_be_confirmed)
{
    struct plan *plan = make("", NULL);
    plan_freeze(plan);
    ck_assert_int_eq(plan->state, PLAN_DRAFT);
    ck_assert(!plan_confirm(plan, ""));
    plan_free(plan);
}
END_TEST

/* Each makes one difference that the proof must not overlook. */
static void other_dc(struct plan *p)
{
    p->host_dsa.bytes[0] ^= 1;
}
static void other_object(struct plan *p)
{
    p->object.bytes[15] ^= 1;
}
static void other_dn(struct plan *p)
{
    mem_set(&p->object_dn, "CN=T");
}
static void other_old(struct plan *p)
{
    mem_set(&p->old.dn, "CN=O");
}
static void other_new(struct plan *p)
{
    mem_set(&p->new.dn, "CN=M");
}
static void other_account(struct plan *p)
{
    p->new.has_guid = true;
}
static void other_way(struct plan *p)
{
    p->replace = true;
}
static void other_person(struct plan *p)
{
    mem_set(&p->identity, "joe@A");
}
static void other_kind(struct plan *p)
{
    p->undo = !p->undo;
}
static void (*const others[])(struct plan *) = {other_dc,  other_object, other_dn,
                                                other_old, other_new,    other_account,
                                                other_way, other_person, other_kind};
enum { OTHERS = sizeof others / sizeof *others };

START_TEST(a_proof_is_for_one_change)
{
    struct plan *plan = make("A", NULL);
    struct journal_proof *proof = journal_proof_new(plan);
    ck_assert(journal_proof_is_of(proof, plan));
    ck_assert(!journal_proof_is_of(NULL, plan));
    others[_i](plan);
    ck_assert(!journal_proof_is_of(proof, plan));
    journal_proof_free(proof);
    plan_free(plan);
}
END_TEST

START_TEST(a_copy_is_the_same_change)
{
    struct plan *plan = make("A", "B"), *copy = plan_copy(plan);
    struct journal_proof *proof = journal_proof_new(plan);
    plan_free(plan);
    ck_assert(journal_proof_is_of(proof, copy));
    ck_assert_str_eq(copy->second_prompt, "B");
    journal_proof_free(proof);
    plan_free(copy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *tests = tcase_create("plan");
    tcase_add_test(tests, only_the_typed_name_confirms);
    tcase_add_test(tests, a_second_confirmation_is_a_second_text);
    tcase_add_test(tests, other_scripts_are_typed_as_they_are);
    tcase_add_test(tests, the_prompt_can_be_site_or_guid);
    tcase_add_test(tests, names_that_cannot_be_typed_are_not_asked_for);
    tcase_add_test(tests, states_move_forward_only);
    tcase_add_test(tests, an_empty_name_can_never_be_confirmed);
    tcase_add_loop_test(tests, a_proof_is_for_one_change, 0, OTHERS);
    tcase_add_test(tests, a_copy_is_the_same_change);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
