/* The judge against the states A to N of domain.md section 2, every verdict of design.md section 2
 * and their order. Each case is a small change to a healthy forest (facts_builder.h); the levels
 * and the blockers have files of their own. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define DO(name) static void name(struct facts *f)
#define MARK "\\0ACNF:00000000-0000-0000-0000-000000000000"
#define DEAD "\\0ADEL:00000000-0000-0000-0000-000000000000"
#define LIVERPOOL "CN=Servers,CN=Liverpool,CN=Sites," BUILD_CONFIG

/* The usual beginnings. */
static void bare_with(struct facts *f, unsigned evidence)
{
    build_bare(f);
    build_account(f, evidence);
}

static void healthy_absent(struct facts *f)
{
    build_healthy(f);
    build_absent(f);
}

/* ---- states A to N ---- */

DO(a_absent_everywhere)
{
    bare_with(f, BUILD_STATIC);
}
DO(b_absent_here_alone)
{
    healthy_absent(f);
}
DO(c_account_made_again)
{
    bare_with(f, BUILD_STATIC);
    build_delete(f, build_account(f, BUILD_LOW), false);
}
DO(c2_old_account_restorable)
{
    bare_with(f, BUILD_STATIC);
    build_delete(f, build_account(f, BUILD_LOW), true);
}
DO(c2_value_names_deleted)
{
    bare_with(f, BUILD_STATIC);
    build_names_deleted(f, build_account(f, BUILD_LOW));
}
/* Another DC has the account that the value names; the judged one has lost it. */
DO(d_right_but_not_here)
{
    build_healthy(f);
    f->target.part = PART_ABSENT;
    f->accounts[0].here = PART_ABSENT;
}
DO(d_dangling)
{
    bare_with(f, BUILD_STATIC);
    build_names_nothing(f);
}
DO(d_dangling_medium)
{
    bare_with(f, BUILD_MEDIUM);
    build_names_nothing(f);
}
DO(e_names_user)
{
    bare_with(f, BUILD_STATIC);
    build_names_other(f, "user");
}
DO(e_names_user_medium)
{
    bare_with(f, BUILD_MEDIUM);
    build_names_other(f, "user");
}
DO(e_names_other_dc)
{
    bare_with(f, BUILD_STATIC);
    build_names(f, build_account(f, BUILD_PLAIN));
}
DO(e_names_disabled)
{
    bare_with(f, BUILD_STATIC);
    size_t old = build_account(f, BUILD_PLAIN);
    f->accounts[old].uac |= UAC_DISABLED;
    build_names(f, old);
}
DO(g_deleted)
{
    healthy_absent(f);
    f->dsa.deleted = true;
    f->dsa.changed = 0;
}
DO(g_deleted_with_successor)
{
    g_deleted(f);
    f->dsa.changed = BUILD_NOW;
    build_successor(f, "LIVDC01");
}
DO(h_unknown)
{
    build_bare(f);
    free(f->dsa.dn);
    free(f->dsa.domain_dn);
    f->dsa = (struct facts_dsa){.part = PART_ABSENT};
    f->srv.part = PART_NOT_ASKED;
}
DO(h_other_forest)
{
    h_unknown(f);
    mem_set(&f->server.forest, "contoso.com");
    f->other_forest = mem_text("fabrikam.net");
}
DO(h_other_object)
{
    h_unknown(f);
    f->asked_is = mem_text("This GUID is that of the server object LIVDC01.");
}
DO(h_no_ntds_object)
{
    build_healthy(f);
    f->dsa.is_dsa = false;
}
DO(i_no_server_above)
{
    healthy_absent(f);
    f->srv.is_server = false;
}
DO(i_server_deleted)
{
    healthy_absent(f);
    f->srv.deleted = true;
}
DO(i_own_conflict)
{
    build_healthy(f);
    mem_set(&f->dsa.dn, "CN=NTDS Settings" MARK ",CN=LIVDC01," LIVERPOOL);
}
DO(i_server_conflict)
{
    build_healthy(f);
    mem_set(&f->srv.dn, "CN=LIVDC01" MARK "," LIVERPOOL);
}
DO(i_parent_marked_but_unread)
{
    build_healthy(f);
    mem_set(&f->dsa.dn, "CN=NTDS Settings,CN=LIVDC01" DEAD "," LIVERPOOL);
    f->srv.part = PART_DENIED;
}
DO(j_leftover_in_another_site)
{
    bare_with(f, BUILD_STATIC);
    build_twin(f, "LIVDC01", "London", false);
}
DO(k_renamed)
{
    bare_with(f, BUILD_STATIC & ~EV(7));
}
DO(l_no_account)
{
    build_bare(f);
}
DO(n_domain_gone)
{
    healthy_absent(f);
    f->domain_live = PART_ABSENT;
}

#define CASE(make_, kind_, level_, proposed_, writable_, blockers_, side_, ...)                    \
    {                                                                                              \
        .name = #make_, .make = make_, .kind = VERDICT_##kind_, .level = LEVEL_##level_,           \
        .proposed = proposed_, .writable = writable_, .blockers = blockers_, .side = side_,        \
        __VA_ARGS__                                                                                \
    }

static const struct build_case states[] = {
    CASE(a_absent_everywhere, MISSING, HIGH, 0, true, "", "", .says = "LIVDC01"),
    CASE(b_absent_here_alone, MISSING, HIGH, 0, true, "", "copies-differ"),
    CASE(c_account_made_again, MISSING, HIGH, 0, true, "", "", .not_says = "restor"),
    CASE(c2_old_account_restorable, MISSING, HIGH, 0, true, "", "", .says = "restor"),
    CASE(c2_value_names_deleted, DANGLING, HIGH, 0, true, "", "copies-differ"),
    CASE(d_dangling, DANGLING, HIGH, 0, true, "", "copies-differ"),
    CASE(d_right_but_not_here, DANGLING, HIGH, 0, false, "B14", NULL),
    CASE(d_dangling_medium, UNPROVEN, MEDIUM, NOTHING, false, NULL, NULL),
    CASE(e_names_user, WRONG_TARGET, HIGH, 0, true, "", "copies-differ"),
    CASE(e_names_user_medium, UNPROVEN, MEDIUM, NOTHING, false, NULL, NULL),
    CASE(e_names_other_dc, WRONG_TARGET, HIGH, 0, true, "", "copies-differ"),
    CASE(e_names_disabled, WRONG_TARGET, HIGH, 0, true, "", "copies-differ"),
    CASE(build_healthy, HEALTHY, HIGH, NOTHING, false, "", "", .says = "1411"),
    CASE(g_deleted, DELETED_DSA, NONE, NOTHING, false, "B1", NULL, .says = "KCC"),
    CASE(g_deleted_with_successor, DELETED_DSA, NONE, NOTHING, false, "B1", NULL,
         .says = "judge that DSA"),
    CASE(h_unknown, UNKNOWN_DSA, NONE, NOTHING, false, "B1", NULL, .says = "one digit"),
    CASE(h_other_forest, UNKNOWN_DSA, NONE, NOTHING, false, "B1", NULL,
         .says = "the text names the forest fabrikam.net, and LONDC01 belongs to contoso.com",
         .not_says = "one digit"),
    CASE(h_other_object, UNKNOWN_DSA, NONE, NOTHING, false, "B1", NULL,
         .says = "that of the server object LIVDC01", .not_says = "one digit"),
    CASE(h_no_ntds_object, UNKNOWN_DSA, NONE, NOTHING, false, "B1", NULL),
    CASE(i_no_server_above, ORPHANED_DSA, NONE, NOTHING, false, "B2", NULL),
    CASE(i_server_deleted, ORPHANED_DSA, NONE, NOTHING, false, "B2", NULL),
    CASE(i_own_conflict, ORPHANED_DSA, NONE, NOTHING, false, "B2", NULL),
    CASE(i_server_conflict, ORPHANED_DSA, NONE, NOTHING, false, "B2", NULL),
    CASE(i_parent_marked_but_unread, ORPHANED_DSA, NONE, NOTHING, false, "B2", NULL),
    CASE(j_leftover_in_another_site, MISSING, HIGH, 0, true, "", "duplicate-server"),
    CASE(k_renamed, MISSING, HIGH, 0, true, "", "renamed"),
    CASE(l_no_account, NO_COMPUTER, NONE, NOTHING, false, "B3", "", .says = "No account"),
    CASE(n_domain_gone, NO_COMPUTER, NONE, NOTHING, false, "B16", "copies-differ domain-gone",
         .says = "metadata cleanup", .not_says = "be demoted"),
};

/* ---- state M, and everything else that was not read ---- */

DO(dsa_denied)
{
    healthy_absent(f);
    f->dsa.part = PART_DENIED;
}
DO(dsa_not_answered)
{
    healthy_absent(f);
    f->dsa.part = PART_NO_ANSWER;
}
DO(server_denied)
{
    healthy_absent(f);
    f->srv.part = PART_DENIED;
}
DO(server_not_answered)
{
    healthy_absent(f);
    f->srv.part = PART_NO_ANSWER;
}
DO(reference_denied)
{
    healthy_absent(f);
    f->srv.reference = PART_DENIED;
}
DO(reference_not_answered)
{
    healthy_absent(f);
    f->srv.reference = PART_NO_ANSWER;
}
DO(reference_not_asked)
{
    healthy_absent(f);
    f->srv.reference = PART_NOT_ASKED;
}
DO(reference_hidden_by_list)
{
    healthy_absent(f);
    f->srv.may_read = FLAG_NO;
}
DO(reference_hidden_says_back_link)
{
    healthy_absent(f);
    f->srv.may_read = FLAG_UNKNOWN;
    f->accounts[0].held_by_s = true;
}
DO(domains_denied)
{
    healthy_absent(f);
    f->dsa.domain = PART_DENIED;
}
DO(domains_absent)
{
    healthy_absent(f);
    f->dsa.domain = PART_ABSENT;
    mem_set(&f->dsa.domain_dn, NULL);
}
DO(domains_several)
{
    healthy_absent(f);
    mem_set(&f->dsa.domain_dn, NULL);
}
DO(partitions_not_answered)
{
    healthy_absent(f);
    f->domain_live = PART_NO_ANSWER;
}
DO(accounts_not_answered)
{
    healthy_absent(f);
    f->accounts_part = PART_NO_ANSWER;
    mem_set(&f->accounts_why, "No DC of that domain answers.");
}
DO(accounts_denied)
{
    healthy_absent(f);
    f->accounts_part = PART_DENIED;
}
DO(accounts_not_asked)
{
    healthy_absent(f);
    f->accounts_part = PART_NOT_ASKED;
}
DO(account_without_uac)
{
    healthy_absent(f);
    f->accounts[0].has_uac = false;
}
DO(account_spns_denied)
{
    healthy_absent(f);
    f->accounts[0].spns_part = PART_DENIED;
}
DO(account_group_hidden)
{
    healthy_absent(f);
    f->accounts[0].primary_group = 0;
    f->accounts[0].group_hidden = true;
}
DO(target_not_answered)
{
    build_healthy(f);
    build_names_other(f, "user");
    f->target.part = PART_NO_ANSWER;
}
DO(target_denied)
{
    target_not_answered(f);
    f->target.part = PART_DENIED;
}
DO(absent_on_a_catalog)
{
    healthy_absent(f);
    f->server.port = 3268;
}
DO(absent_on_a_secure_catalog)
{
    healthy_absent(f);
    f->server.port = 3269;
}

#define UNREADABLE(make, words, not_words)                                                         \
    CASE(make, UNREADABLE, NONE, NOTHING, false, NULL, NULL, .says = words, .not_says = not_words)
static const struct build_case unread[] = {
    UNREADABLE(dsa_denied, "Configuration", NULL),
    UNREADABLE(dsa_not_answered, "Configuration", NULL),
    UNREADABLE(server_denied, "Configuration", NULL),
    UNREADABLE(server_not_answered, "Configuration", NULL),
    UNREADABLE(reference_denied, "serverReference could not be read", NULL),
    UNREADABLE(reference_not_answered, "serverReference could not be read", NULL),
    UNREADABLE(reference_not_asked, "serverReference could not be read", NULL),
    UNREADABLE(reference_hidden_by_list, "hidden", NULL),
    UNREADABLE(reference_hidden_says_back_link, "hidden", NULL),
    UNREADABLE(domains_denied, "msDS-HasDomainNCs", "hidden"),
    UNREADABLE(domains_absent, "msDS-HasDomainNCs", "hidden"),
    UNREADABLE(domains_several, NULL, "hidden"),
    UNREADABLE(partitions_not_answered, NULL, "hidden"),
    UNREADABLE(accounts_not_answered, "No DC of that domain answers.", "hidden"),
    UNREADABLE(accounts_denied, "accounts of its domain", "hidden"),
    UNREADABLE(accounts_not_asked, "accounts of its domain", "hidden"),
    UNREADABLE(account_without_uac, NULL, "hidden"),
    UNREADABLE(account_spns_denied, NULL, "hidden"),
    UNREADABLE(account_group_hidden, "primaryGroupID", NULL),
    UNREADABLE(target_not_answered, "that the value names", "hidden"),
    UNREADABLE(target_denied, "that the value names", "hidden"),
    UNREADABLE(absent_on_a_catalog, "389", NULL),
    UNREADABLE(absent_on_a_secure_catalog, "389", NULL),
};

/* What does not make it unreadable. */
DO(right_unknown_and_no_back_link)
{
    bare_with(f, BUILD_STATIC);
    f->srv.may_read = FLAG_UNKNOWN;
}
DO(readable_though_back_link)
{
    healthy_absent(f);
    f->accounts[0].held_by_s = true; /* the DC of the domain has the link, this one not (B) */
}
DO(deleted_account_without_uac)
{
    bare_with(f, BUILD_STATIC);
    size_t old = build_account(f, BUILD_LOW);
    build_delete(f, old, false);
    f->accounts[old].has_uac = false;
}
DO(domain_gone_and_accounts_unread)
{
    n_domain_gone(f);
    f->accounts_part = PART_NO_ANSWER;
}
DO(value_on_a_catalog)
{
    build_healthy(f); /* Samba's catalog shows the value */
    f->server.port = 3268;
}

static const struct build_case readable[] = {
    CASE(right_unknown_and_no_back_link, MISSING, HIGH, 0, true, "", ""),
    CASE(readable_though_back_link, MISSING, HIGH, 0, true, "", "copies-differ"),
    CASE(deleted_account_without_uac, MISSING, HIGH, 0, true, "", ""),
    CASE(domain_gone_and_accounts_unread, NO_COMPUTER, NONE, NOTHING, false, "B16", NULL,
         .says = "metadata cleanup"),
    CASE(value_on_a_catalog, HEALTHY, HIGH, NOTHING, false, "", ""),
};

/* ---- no-computer: the advice differs ---- */

DO(account_deleted)
{
    bare_with(f, BUILD_LOW);
    build_delete(f, 0, false);
}
DO(account_restorable)
{
    bare_with(f, BUILD_FULL);
    build_delete(f, 0, true);
}
DO(account_disabled)
{
    bare_with(f, BUILD_FULL);
    f->accounts[0].uac |= UAC_DISABLED;
}
DO(account_lost_bits)
{
    bare_with(f, BUILD_FULL & ~EV(9));
}
DO(account_lost_group)
{
    bare_with(f, BUILD_FULL);
    f->accounts[0].primary_group = 515;
}
DO(account_in_conflict)
{
    bare_with(f, BUILD_FULL);
    build_rename(f, 0, "LIVDC01\nCNF:00000000-0000-0000-0000-000000000000", "LIVDC01$");
}
DO(account_duplicate)
{
    bare_with(f, BUILD_FULL);
    build_rename(f, 0, "LIVDC01", "$DUPLICATE-1f4");
}
DO(account_foreign)
{
    bare_with(f, BUILD_FULL);
    build_move(f, 0, BUILD_CHILD);
}
DO(account_no_computer)
{
    bare_with(f, BUILD_FULL);
    f->accounts[0].is_computer = false;
}
DO(account_nothing_ties)
{
    bare_with(f, BUILD_PLAIN);
}
DO(value_names_another_dcs_account)
{
    bare_with(f, BUILD_PLAIN);
    build_names(f, 0);
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(value_names_another_servers_account)
{
    bare_with(f, BUILD_PLAIN);
    build_names(f, 0);
    build_holder(f, 0, true, PROOF_HOST | PROOF_NAME);
}
DO(value_names_disabled)
{
    bare_with(f, BUILD_PLAIN);
    f->accounts[0].uac |= UAC_DISABLED;
    build_names(f, 0);
}

#define NO_COMPUTER(make, blocks, words, not_words)                                                \
    CASE(make, NO_COMPUTER, NONE, NOTHING, false, blocks, NULL, .says = words,                     \
         .not_says = not_words)
static const struct build_case unusable[] = {
    NO_COMPUTER(account_deleted, "B3 B4", "deleted", "is there but"),
    NO_COMPUTER(account_restorable, "B3 B4", "restore", "promoted"),
    NO_COMPUTER(account_disabled, "B3 B4", "enable", "promot"),
    NO_COMPUTER(account_lost_bits, "B3 B4", "userAccountControl", "promot"),
    NO_COMPUTER(account_lost_group, "B3 B4", "primary group", "promot"),
    NO_COMPUTER(account_in_conflict, "B3 B4", "conflict", "userAccountControl"),
    NO_COMPUTER(account_duplicate, "B3 B4", "duplicate", "userAccountControl"),
    NO_COMPUTER(account_foreign, "B3 B5", "another domain", "userAccountControl"),
    NO_COMPUTER(account_no_computer, "B3 B4", NULL, "userAccountControl"),
    NO_COMPUTER(account_nothing_ties, "B3", "No account", NULL),
    NO_COMPUTER(value_names_another_dcs_account, NULL, NULL, NULL),
    NO_COMPUTER(value_names_another_servers_account, NULL, NULL, NULL),
    NO_COMPUTER(value_names_disabled, NULL, "enable", "promot"),
};

/* ---- healthy, ambiguous, unproven ---- */

DO(only_candidate_low)
{
    bare_with(f, BUILD_LOW);
    build_names(f, 0);
}
DO(only_candidate_without_evidence)
{
    bare_with(f, BUILD_PLAIN);
    build_names(f, 0);
}
DO(only_candidate_beside_unusable)
{
    bare_with(f, BUILD_PLAIN);
    build_names(f, 0);
    build_delete(f, build_account(f, BUILD_LOW), true);
}
DO(proven_beside_low)
{
    bare_with(f, BUILD_MEDIUM);
    build_names(f, 0);
    build_account(f, EV(5) | BUILD_PLAIN);
}
DO(low_but_anothers_account)
{
    bare_with(f, BUILD_LOW);
    build_names(f, 0);
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(without_evidence_beside_low)
{
    bare_with(f, BUILD_PLAIN);
    build_names(f, 0);
    build_account(f, BUILD_LOW);
}
DO(absent_low)
{
    bare_with(f, BUILD_LOW);
}
DO(absent_proof_alone)
{
    bare_with(f, BUILD_PLAIN | EV(1));
}
DO(absent_anothers)
{
    bare_with(f, BUILD_FULL);
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(two_high)
{
    bare_with(f, BUILD_STATIC);
    build_account(f, BUILD_STATIC);
}
DO(two_medium)
{
    bare_with(f, BUILD_MEDIUM);
    build_account(f, BUILD_MEDIUM);
}
DO(two_low)
{
    bare_with(f, BUILD_LOW);
    build_account(f, BUILD_LOW);
}
DO(two_low_one_named)
{
    two_low(f);
    build_names(f, 0);
}
DO(high_beside_medium)
{
    bare_with(f, BUILD_MEDIUM);
    build_account(f, BUILD_STATIC);
}
DO(high_beside_three_low)
{
    bare_with(f, BUILD_LOW);
    build_account(f, BUILD_LOW);
    build_account(f, BUILD_STATIC);
    build_account(f, BUILD_LOW);
}
DO(medium_beside_the_guids_owner)
{
    bare_with(f, BUILD_MEDIUM);
    size_t owner = build_account(f, BUILD_STATIC); /* N's own SPN, but another DSA's too: B7 */
    build_spn(f, owner, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(medium_beside_the_disabled_owner)
{
    bare_with(f, BUILD_MEDIUM);
    size_t owner = build_account(f, BUILD_STATIC);
    f->accounts[owner].uac |= UAC_DISABLED;
}
DO(medium_beside_the_deleted_owner)
{
    bare_with(f, BUILD_MEDIUM);
    build_delete(f, build_account(f, BUILD_STATIC), true);
}

static const struct build_case choices[] = {
    CASE(only_candidate_low, HEALTHY, LOW, NOTHING, false, "", NULL),
    CASE(only_candidate_without_evidence, HEALTHY, LOW, NOTHING, false, "", NULL),
    CASE(only_candidate_beside_unusable, HEALTHY, LOW, NOTHING, false, "", NULL),
    CASE(proven_beside_low, HEALTHY, MEDIUM, NOTHING, false, "", NULL),
    CASE(low_but_anothers_account, HEALTHY, LOW, NOTHING, false, "", NULL),
    CASE(without_evidence_beside_low, UNPROVEN, LOW, NOTHING, false, NULL, NULL),
    CASE(absent_low, UNPROVEN, LOW, NOTHING, false, NULL, NULL, .says = "What would decide"),
    CASE(absent_proof_alone, UNPROVEN, LOW, NOTHING, false, NULL, NULL),
    CASE(absent_anothers, UNPROVEN, LOW, NOTHING, false, "B7", NULL, .says = "another live DSA"),
    CASE(two_high, AMBIGUOUS, NONE, NOTHING, false, "B3", NULL),
    CASE(two_medium, AMBIGUOUS, NONE, NOTHING, false, "B3", NULL),
    CASE(two_low, AMBIGUOUS, NONE, NOTHING, false, "B3", NULL),
    CASE(two_low_one_named, AMBIGUOUS, NONE, NOTHING, false, "B3", NULL),
    CASE(high_beside_medium, MISSING, HIGH, 1, true, "", ""),
    CASE(high_beside_three_low, MISSING, HIGH, 2, true, "", ""),
    CASE(medium_beside_the_guids_owner, AMBIGUOUS, NONE, NOTHING, false, "B3", NULL),
    CASE(medium_beside_the_disabled_owner, AMBIGUOUS, NONE, NOTHING, false, "B3", NULL),
    CASE(medium_beside_the_deleted_owner, MISSING, MEDIUM, 0, true, "", ""),
};

#define TEST_TABLE(name)                                                                           \
    START_TEST(name##_table)                                                                       \
    {                                                                                              \
        char *wrong = build_try(&name[_i]);                                                        \
        ck_assert_msg(!wrong, "%s", wrong);                                                        \
    }                                                                                              \
    END_TEST
TEST_TABLE(states)
TEST_TABLE(unread)
TEST_TABLE(readable)
TEST_TABLE(unusable)
TEST_TABLE(choices)

/* ---- B15: which proof of the present account stops an exchange ---- */

static const struct {
    unsigned evidence;
    enum verdict_kind kind;
} own_proofs[] = {
    {EV(1), VERDICT_AMBIGUOUS},    {EV(3), VERDICT_AMBIGUOUS},    {EV(6), VERDICT_AMBIGUOUS},
    {EV(7), VERDICT_AMBIGUOUS},    {EV(8), VERDICT_AMBIGUOUS},    {EV(2), VERDICT_WRONG_TARGET},
    {EV(4), VERDICT_WRONG_TARGET}, {EV(5), VERDICT_WRONG_TARGET}, {0, VERDICT_WRONG_TARGET},
};

/* How the present account is; only a live, enabled DC account is protected. */
static const struct {
    const char *name;
    bool protected;
} present_kinds[] = {{"usable", true},      {"in another domain", true},
                     {"in conflict", true}, {"disabled", false},
                     {"no DC", false},      {"deleted", false}};
enum { PRESENT_KINDS = sizeof present_kinds / sizeof *present_kinds };

static void make_present(struct facts *f, int kind, size_t old)
{
    if (kind == 1)
        build_move(f, old, BUILD_CHILD);
    if (kind == 2)
        build_rename(f, old, "OLD\nCNF:00000000-0000-0000-0000-000000000000", "OLD$");
    if (kind == 3)
        f->accounts[old].uac |= UAC_DISABLED;
    if (kind == 4)
        f->accounts[old].primary_group = 515;
    if (kind == 5)
        build_delete(f, old, true);
    build_names(f, old);
}

START_TEST(present_account_with_proof)
{
    struct facts facts;
    struct verdict verdict;
    bare_with(&facts, EV(1) | EV(6) | BUILD_PLAIN);
    build_names(&facts, build_account(&facts, own_proofs[_i].evidence | BUILD_PLAIN));
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict.kind, own_proofs[_i].kind);
    ck_assert_int_eq(findings_has(&verdict.blockers, B15), verdict.kind == VERDICT_AMBIGUOUS);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

START_TEST(present_account_of_any_kind)
{
    struct facts facts;
    struct verdict verdict;
    bare_with(&facts, EV(1) | EV(6) | BUILD_PLAIN);
    size_t old = build_account(&facts, EV(1) | BUILD_PLAIN);
    make_present(&facts, _i, old);
    diagnose(&facts, &verdict);
    bool kept = verdict.kind == VERDICT_AMBIGUOUS && findings_has(&verdict.blockers, B15);
    bool offered = verdict.kind == (_i == 5 ? VERDICT_DANGLING : VERDICT_WRONG_TARGET);
    ck_assert_msg(present_kinds[_i].protected ? kept : offered, "%s: %s", present_kinds[_i].name,
                  verdict_name(verdict.kind));
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* ---- the order of the verdicts: everything is wrong at once, and repaired from the top ---- */

static void spoil_all(struct facts *f)
{
    bare_with(f, EV(1) | EV(6) | BUILD_PLAIN);
    f->accounts[0].uac |= UAC_DISABLED;
    f->dsa.is_dsa = false;
    f->dsa.deleted = true;
    f->srv.is_server = false;
    f->srv.reference = PART_DENIED;
}

static void repair_one(struct facts *f, enum verdict_kind kind)
{
    if (kind == VERDICT_UNKNOWN_DSA)
        f->dsa.is_dsa = true;
    if (kind == VERDICT_DELETED_DSA)
        f->dsa.deleted = false;
    if (kind == VERDICT_ORPHANED_DSA)
        f->srv.is_server = true;
    if (kind == VERDICT_UNREADABLE)
        f->srv.reference = PART_ABSENT;
    if (kind == VERDICT_NO_COMPUTER) {
        f->accounts[0].uac &= ~(unsigned)UAC_DISABLED;
        build_account(f, EV(1) | EV(6) | BUILD_PLAIN);
    }
    if (kind == VERDICT_AMBIGUOUS)
        build_evidence(f, 1, BUILD_PLAIN);
    if (kind == VERDICT_MISSING)
        build_names_nothing(f);
    if (kind == VERDICT_DANGLING)
        build_names(f, 1);
    if (kind == VERDICT_WRONG_TARGET)
        build_names(f, 0);
    if (kind == VERDICT_HEALTHY)
        build_absent(f), build_evidence(f, 0, BUILD_LOW);
}

START_TEST(earliest_row_wins)
{
    struct facts facts;
    spoil_all(&facts);
    for (int kind = 0; kind < VERDICT_KINDS; kind++) {
        struct verdict verdict;
        diagnose(&facts, &verdict);
        ck_assert_str_eq(verdict_name(verdict.kind), verdict_name((enum verdict_kind)kind));
        ck_assert_ptr_null(build_broken(&facts, &verdict));
        verdict_release(&verdict);
        repair_one(&facts, (enum verdict_kind)kind);
    }
    facts_release(&facts);
}
END_TEST

/* ---- what comes with the verdict ---- */

START_TEST(successor_is_named)
{
    struct facts facts;
    struct verdict verdict;
    g_deleted_with_successor(&facts);
    diagnose(&facts, &verdict);
    ck_assert(verdict.has_successor);
    ck_assert(guid_equal(&verdict.successor, &facts.successors[0].dsa_guid));
    ck_assert_str_eq(verdict.successor_dn, facts.successors[0].dsa_dn);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* What is known of the copy of the DC that logged the error. */
static const struct {
    enum copy_state state;
    unsigned object; /* that the value names */
    const char *words;
} logged_copies[] = {
    {COPY_UNREACHABLE, 0, "which was not read"},
    {COPY_NOT_ASKED, 0, "which was not read"},
    {COPY_VALUE, BUILD_ACCOUNT, "whose copy holds the same value"},
    {COPY_VALUE, BUILD_OTHER, "whose copy holds another value"},
    {COPY_ABSENT, 0, "whose copy holds no value"},
    {COPY_NO_OBJECT, 0, "whose copy lacks the server object"},
};

START_TEST(healthy_but_another_dc_complained)
{
    struct facts facts;
    struct verdict verdict;
    build_healthy(&facts);
    facts.destination = mem_text("mandc01.contoso.com");
    facts.other_dc_read = true;
    facts.copies[0].is_dest = false;
    facts.copies[2].is_dest = true;
    if (logged_copies[_i].state == COPY_VALUE)
        build_copy_names(&facts.copies[2], logged_copies[_i].object, "CN=X," BUILD_DOMAIN);
    else
        build_copy_says(&facts.copies[2], logged_copies[_i].state);
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict.kind, VERDICT_HEALTHY);
    char *headline =
        str_format("LIVDC01 is healthy on LONDC01; the error was logged by MANDC01, %s.",
                   logged_copies[_i].words);
    ck_assert_str_eq(verdict.headline, headline);
    bool sent = strstr(verdict.advice, "Connect to mandc01.contoso.com") != NULL;
    ck_assert_int_eq(sent, logged_copies[_i].object != BUILD_ACCOUNT);
    free(headline);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

START_TEST(clean_is_healthy_without_two_findings)
{
    struct facts facts;
    struct verdict verdict;
    build_healthy(&facts);
    if (_i == 1)
        facts.links[0].result = 8589;
    if (_i == 2)
        build_copy_says(&facts.copies[2], COPY_ABSENT);
    if (_i == 3)
        build_absent(&facts);
    if (_i == 4)
        facts.dns = DNS_MISSING; /* a side finding, but no finding of check */
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict_is_clean(&verdict), _i == 0 || _i == 4);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

START_TEST(nothing_known_is_judged)
{
    struct facts facts;
    struct verdict verdict;
    facts_init(&facts);
    facts.dsa.part = (enum part)_i;
    facts.dsa.is_dsa = facts.dsa.part == PART_PRESENT;
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict.kind,
                     facts.dsa.part == PART_ABSENT ? VERDICT_UNKNOWN_DSA : VERDICT_UNREADABLE);
    ck_assert_ptr_null(build_broken(&facts, &verdict));
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* ---- the operator's choice of an account ---- */

static const struct {
    void (*make)(struct facts *);
    size_t choice;
    enum verdict_kind kind;
    bool writable;
} picks[] = {
    {a_absent_everywhere, 0, VERDICT_MISSING, true},
    {a_absent_everywhere, 7, VERDICT_MISSING, true}, /* no such account */
    {high_beside_medium, 1, VERDICT_MISSING, true},
    {high_beside_medium, 0, VERDICT_UNPROVEN, false},
    {e_names_other_dc, 1, VERDICT_UNPROVEN, false},
    {two_high, 0, VERDICT_UNPROVEN, false},
    {two_high, 1, VERDICT_UNPROVEN, false},
    {g_deleted, 0, VERDICT_DELETED_DSA, false}, /* the earliest row stays */
    {h_no_ntds_object, 0, VERDICT_UNKNOWN_DSA, false},
    {i_own_conflict, 0, VERDICT_ORPHANED_DSA, false},
    {server_denied, 0, VERDICT_UNREADABLE, false},
    {account_disabled, 0, VERDICT_NO_COMPUTER, false},
    {n_domain_gone, 0, VERDICT_NO_COMPUTER, false},
};

START_TEST(a_choice_is_never_better_than_the_rules)
{
    struct facts facts;
    struct verdict verdict;
    picks[_i].make(&facts);
    diagnose_choice(&facts, picks[_i].choice, &verdict);
    ck_assert_str_eq(verdict_name(verdict.kind), verdict_name(picks[_i].kind));
    ck_assert_int_eq(verdict.writable, picks[_i].writable);
    ck_assert_ptr_null(build_broken(&facts, &verdict));
    if (verdict.kind == VERDICT_UNPROVEN) {
        ck_assert_uint_eq(verdict.account, picks[_i].choice);
        ck_assert(findings_has(&verdict.blockers, B3));
    }
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* ---- the verdict after a change that has not been made: undo ---- */

START_TEST(judged_as_if_written)
{
    struct facts facts;
    struct verdict verdict;
    bare_with(&facts, BUILD_STATIC);
    size_t other = build_account(&facts, BUILD_PLAIN);
    struct dn_link none = {.dn = NULL}, right = {.has_guid = true}, wrong = {.has_guid = true};
    right.guid = facts.accounts[0].guid, right.dn = facts.accounts[0].dn;
    wrong.guid = facts.accounts[other].guid, wrong.dn = facts.accounts[other].dn;
    const struct dn_link *values[] = {&none, &right, &wrong};
    static const enum verdict_kind kinds[] = {VERDICT_MISSING, VERDICT_HEALTHY,
                                              VERDICT_WRONG_TARGET};
    for (int now = 0; now < 2; now++) { /* whatever stands there now */
        diagnose_after(&facts, values[_i], &verdict);
        ck_assert_str_eq(verdict_name(verdict.kind), verdict_name(kinds[_i]));
        verdict_release(&verdict);
        build_names(&facts, other);
    }
    ck_assert(facts.accounts[other].is_target && !facts.accounts[0].is_target);
    facts_release(&facts);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

int main(void)
{
    Suite *suite = suite_create("diagnose");
    TCase *tests = tcase_create("verdicts");
    tcase_add_loop_test(tests, states_table, 0, COUNT(states));
    tcase_add_loop_test(tests, unread_table, 0, COUNT(unread));
    tcase_add_loop_test(tests, readable_table, 0, COUNT(readable));
    tcase_add_loop_test(tests, unusable_table, 0, COUNT(unusable));
    tcase_add_loop_test(tests, choices_table, 0, COUNT(choices));
    tcase_add_loop_test(tests, present_account_with_proof, 0, COUNT(own_proofs));
    tcase_add_loop_test(tests, present_account_of_any_kind, 0, PRESENT_KINDS);
    tcase_add_test(tests, earliest_row_wins);
    tcase_add_test(tests, successor_is_named);
    tcase_add_loop_test(tests, healthy_but_another_dc_complained, 0,
                        (int)(sizeof logged_copies / sizeof *logged_copies));
    tcase_add_loop_test(tests, clean_is_healthy_without_two_findings, 0, 5);
    tcase_add_loop_test(tests, nothing_known_is_judged, 0, PART_PRESENT + 1);
    tcase_add_loop_test(tests, a_choice_is_never_better_than_the_rules, 0, COUNT(picks));
    tcase_add_loop_test(tests, judged_as_if_written, 0, 3);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
