/* The judge's rules one by one (domain.md section 3): what counts as evidence, the level that
 * follows from every set of it, the blockers, the side findings and the second confirmations. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define DO(name) static void name(struct facts *f)
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* ---- the level of every set of evidence ---- */

static int bits(unsigned set)
{
    return __builtin_popcount(set);
}

static enum level level_by_rule(unsigned set)
{
    bool strong = set & (EV(1) | EV(3)),
         medium = bits(set & (EV(2) | EV(4) | EV(6) | EV(7) | EV(8))) >= 2;
    if (strong && (set & (EV(4) | EV(6) | EV(7) | EV(8))))
        return LEVEL_HIGH;
    return medium ? LEVEL_MEDIUM : LEVEL_LOW;
}

static enum verdict_kind kind_by_rule(unsigned set, int value)
{
    static const enum verdict_kind offered[] = {VERDICT_MISSING, VERDICT_DANGLING,
                                                VERDICT_WRONG_TARGET};
    const unsigned identity = EV(1) | EV(2) | EV(3) | EV(4) | EV(5) | EV(6) | EV(7) | EV(8);
    enum level needed = value == 0 ? LEVEL_MEDIUM : LEVEL_HIGH;
    if (!(set & EV(9)) || !(set & identity))
        return VERDICT_NO_COMPUTER;
    return level_by_rule(set) >= needed ? offered[value] : VERDICT_UNPROVEN;
}

static void check_set(unsigned set, int value)
{
    struct facts facts;
    struct verdict verdict;
    build_bare(&facts);
    build_account(&facts, set);
    if (value == 1)
        build_names_nothing(&facts);
    if (value == 2)
        build_names_other(&facts, "user");
    diagnose(&facts, &verdict);
    ck_assert_msg(build_evidence_of(&verdict.accounts[0]) == set, "planted %x, found %x", set,
                  build_evidence_of(&verdict.accounts[0]));
    ck_assert_msg(verdict.kind == kind_by_rule(set, value), "evidence %x, value %d: %s", set, value,
                  verdict_name(verdict.kind));
    if (verdict.kind != VERDICT_NO_COMPUTER)
        ck_assert_msg(verdict.confidence == level_by_rule(set), "evidence %x: %s", set,
                      level_name(verdict.confidence));
    ck_assert_msg(verdict.writable == (verdict.proposed != NULL), "evidence %x", set);
    verdict_release(&verdict);
    facts_release(&facts);
}

START_TEST(every_set_of_evidence)
{
    for (unsigned set = 0; set < 1u << 11; set += 2)
        check_set(set, _i);
}
END_TEST

/* ---- what counts as which evidence ---- */

static const struct {
    const char *spn;
    unsigned evidence;
} spns[] = {
    {"E3514235-4B06-11D1-AB04-00C04FC2DCD2/@/contoso.com", EV(1)},
    {"e3514235-4b06-11d1-ab04-00c04fc2dcd2/@/eu.contoso.com", EV(1)},
    {"E3514235-4B06-11D1-AB04-00C04FC2DCD2/@", 0},
    {"E3514235-4B06-11D1-AB04-00C04FC2DCD2/@0/contoso.com", 0},
    {"E3514235-4B06-11D1-AB04-00C04FC2DCD3/@/contoso.com", 0},
    {"ldap/@._msdcs.contoso.com", EV(2)},
    {"LDAP/@._MSDCS.CONTOSO.COM", EV(2)},
    {"ldap/@.contoso.com", 0},
    {"RPC/@._msdcs.contoso.com", 0},
    {"GC/livdc01.contoso.com/contoso.com", 0},
    {"", 0},
};

static char *with_guid(const char *format)
{
    char text[GUID_TEXT];
    struct guid guid = build_guid(BUILD_DSA);
    guid_text(&guid, text);
    const char *at = strchr(format, '@');
    return at ? str_format("%.*s%s%s", (int)(at - format), format, text, at + 1) : mem_text(format);
}

START_TEST(spns_that_count)
{
    struct facts facts;
    struct verdict verdict;
    build_bare(&facts);
    build_account(&facts, BUILD_PLAIN);
    strs_own(&facts.accounts[0].spns, with_guid(spns[_i].spn));
    diagnose(&facts, &verdict);
    ck_assert_msg(build_evidence_of(&verdict.accounts[0]) == (BUILD_PLAIN | spns[_i].evidence),
                  "%s: %x", spns[_i].spn, build_evidence_of(&verdict.accounts[0]));
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

static const struct {
    const char *server, *account;
    bool same;
} hosts[] = {
    {"livdc01.contoso.com", "livdc01.contoso.com", true},
    {"livdc01.contoso.com", "LIVDC01.CONTOSO.COM", true},
    {"livdc01.contoso.com.", "livdc01.contoso.com", true},
    {"livdc01.contoso.com", "livdc01.contoso.com.", true},
    {"m\xc3\xbcnchen.contoso.com", "M\xc3\x9cNCHEN.contoso.com", true},
    {"m\xc3\xbcnchen.contoso.com", "munchen.contoso.com", false},
    {"livdc01.contoso.com", "livdc01", false},
    {"livdc01.contoso.com", "livdc01.contoso.com.x", false},
    {"livdc01.contoso.com..", "livdc01.contoso.com", false},
    {"", "", false},
    {".", ".", false},
    {NULL, NULL, false},
    {NULL, "livdc01.contoso.com", false},
    {"livdc01.contoso.com", NULL, false},
};

START_TEST(host_names_that_count)
{
    struct facts facts;
    struct verdict verdict;
    build_bare(&facts);
    build_account(&facts, BUILD_PLAIN);
    mem_set(&facts.srv.dns_host, hosts[_i].server);
    mem_set(&facts.accounts[0].dns_host, hosts[_i].account);
    diagnose(&facts, &verdict);
    ck_assert_int_eq((build_evidence_of(&verdict.accounts[0]) & EV(6)) != 0, hosts[_i].same);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

static const struct {
    const char *server, *cn, *sam;
    bool same;
} names[] = {
    {"LIVDC01", "LIVDC01", "LIVDC01$", true},
    {"LIVDC01", "livdc01", "OTHER$", true},
    {"LIVDC01", "OTHER", "livdc01$", true},
    {"LIVDC01", "OTHER", "LIVDC01", false}, /* no computer's name without the $ */
    {"LIVDC01", "LIVDC011", "LIVDC011$", false},
    {"LIVDC01", "LIVDC0", "LIVDC0$", false},
    {"LIVERPOOL-DC-0001", "OTHER", "LIVERPOOL-DC-00$", true}, /* cut to 15 and $ */
    {"LIVERPOOL-DC-0001", "OTHER", "LIVERPOOL-DC-0001$", true},
    {"LIVERPOOL-DC-0001", "OTHER", "LIVERPOOL-DC-0$", false},
    {"LIVERPOOL-DC-0001", "OTHER", "LIVERPOOL-DC-000$", false},
    {"LIVERPOOL-DC-01", "OTHER", "LIVERPOOL-DC-01$", true},
    {"M\xc3\xbcnchen", "OTHER", "M\xc3\x9cNCHEN$", true},
    {"M\xc3\xbcnchen-Nord-DC1", "OTHER", "M\xc3\x9cNCHEN-NORD-DC$", true},
    {"Munchen", "M\xc3\xbcnchen", "M\xc3\x9cNCHEN$", false},
    {"LIVDC01\nCNF:3dab7f9b-92e7-4391-b8db-71df532c1493", "LIVDC01", "X$", true},
    {"", "OTHER", "$", false},
    {NULL, "OTHER", "OTHER$", false},
    {"LIVDC01", "OTHER", NULL, false},
};

START_TEST(names_that_count)
{
    struct facts facts;
    struct verdict verdict;
    build_bare(&facts);
    build_account(&facts, BUILD_PLAIN);
    build_rename(&facts, 0, names[_i].cn, names[_i].sam);
    mem_set(&facts.srv.cn, names[_i].server);
    diagnose(&facts, &verdict);
    ck_assert_msg(((build_evidence_of(&verdict.accounts[0]) & EV(7)) != 0) == names[_i].same,
                  "%s and %s / %s", names[_i].server, names[_i].cn, names[_i].sam);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

static const struct {
    unsigned uac, group;
    bool computer, usable;
} kinds[] = {
    {532480, GROUP_DCS, true, true},
    {UAC_SERVER_TRUST, GROUP_DCS, true, true},
    {0x5001000, GROUP_RODCS, true, true},
    {532480, GROUP_RODCS, true, false},
    {0x5001000, GROUP_DCS, true, false},
    {532480, 515, true, false},
    {UAC_WORKSTATION, GROUP_DCS, true, false},
    {0, 0, true, false},
    {532480 | UAC_DISABLED, GROUP_DCS, true, false},
    {0x5001000 | UAC_DISABLED, GROUP_RODCS, true, false},
    {532480, GROUP_DCS, false, false},
};

START_TEST(accounts_that_can_be_a_dcs)
{
    struct facts facts;
    struct verdict verdict;
    build_bare(&facts);
    build_account(&facts, BUILD_STATIC);
    facts.accounts[0].uac = kinds[_i].uac;
    facts.accounts[0].primary_group = kinds[_i].group;
    facts.accounts[0].is_computer = kinds[_i].computer;
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict.accounts[0].usable, kinds[_i].usable);
    ck_assert_int_eq(verdict.kind, kinds[_i].usable ? VERDICT_MISSING : VERDICT_NO_COMPUTER);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* The machine's own answer, half and whole. */
START_TEST(live_proof_needs_both_halves)
{
    for (int part = PART_NOT_ASKED; part <= PART_PRESENT; part++) {
        struct facts facts;
        struct verdict verdict;
        build_bare(&facts);
        build_account(&facts, BUILD_PLAIN);
        facts.accounts[0].live = (enum part)part;
        facts.accounts[0].live_runs_n = _i & 1;
        facts.accounts[0].live_is_account = _i & 2;
        diagnose(&facts, &verdict);
        ck_assert_int_eq((build_evidence_of(&verdict.accounts[0]) & EV(3)) != 0,
                         part == PART_PRESENT && _i == 3);
        verdict_release(&verdict);
        facts_release(&facts);
    }
}
END_TEST

/* The account's own machine runs as another DSA: N is the stale one. */
START_TEST(a_machine_that_runs_as_another)
{
    struct facts facts;
    struct verdict verdict;
    build_bare(&facts);
    build_account(&facts, BUILD_STATIC);
    facts.accounts[0].live = PART_PRESENT;
    facts.accounts[0].live_is_account = true;
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict.kind, VERDICT_UNPROVEN);
    ck_assert(findings_has(&verdict.blockers, B7));
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* ---- copies of the link: E4 and E5 ---- */

DO(source_unproven)
{
    build_copy_names(&f->copies[1], BUILD_ACCOUNT, f->accounts[0].dn);
}
DO(source_proven)
{
    source_unproven(f);
    f->copies[1].proven = true;
}
DO(source_read_only)
{
    source_proven(f);
    f->copies[1].read_only = true;
}
DO(source_is_here)
{
    source_proven(f);
    f->copies[1].is_here = true;
}
DO(source_without_guid)
{
    source_proven(f);
    f->copies[1].value.has_guid = false;
}
DO(source_names_another)
{
    source_proven(f);
    f->copies[1].value.guid = build_guid(BUILD_OTHER);
}
DO(source_unreachable)
{
    source_proven(f);
    f->copies[1].state = COPY_UNREACHABLE;
}
DO(third_agrees)
{
    build_copy_names(&f->copies[2], BUILD_ACCOUNT, f->accounts[0].dn);
}
DO(third_is_read_only)
{
    third_agrees(f);
    f->copies[2].read_only = true;
}
DO(both_agree)
{
    source_proven(f);
    third_agrees(f);
}

static const struct {
    void (*make)(struct facts *);
    unsigned evidence;
} copies[] = {
    {source_unproven, EV(5)},    {source_proven, EV(4)},   {source_read_only, EV(4)},
    {source_is_here, 0},         {source_without_guid, 0}, {source_names_another, 0},
    {source_unreachable, 0},     {third_agrees, EV(5)},    {third_is_read_only, 0},
    {both_agree, EV(4) | EV(5)},
};

START_TEST(copies_that_count)
{
    struct facts facts;
    struct verdict verdict;
    build_bare(&facts);
    build_account(&facts, BUILD_PLAIN);
    copies[_i].make(&facts);
    diagnose(&facts, &verdict);
    ck_assert_uint_eq(build_evidence_of(&verdict.accounts[0]), BUILD_PLAIN | copies[_i].evidence);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* ---- what lowers a level ---- */

static void medium(struct facts *f)
{
    build_bare(f);
    build_account(f, BUILD_MEDIUM);
}
static void high(struct facts *f)
{
    build_bare(f);
    build_account(f, BUILD_STATIC);
}
DO(catalog_high)
{
    high(f);
    f->accounts[0].catalog_only = true;
}
DO(catalog_high_value_wrong)
{
    catalog_high(f);
    build_names_other(f, "user");
}
DO(catalog_medium)
{
    medium(f);
    f->accounts[0].catalog_only = true;
}
DO(spn_of_a_tombstone)
{
    medium(f);
    build_spn(f, 0, BUILD_DEAD_DSA, DSA_TOMBSTONED);
}
DO(spn_of_nobody)
{
    medium(f);
    build_spn(f, 0, BUILD_LOST_DSA, DSA_NOWHERE);
}
DO(spn_not_looked_up)
{
    medium(f);
    build_spn(f, 0, BUILD_LOST_DSA, DSA_NOT_ASKED);
}
DO(spn_of_a_live_one)
{
    medium(f);
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(spn_of_a_tombstone_and_a_live_one)
{
    spn_of_a_tombstone(f);
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(spns_not_answered)
{
    medium(f);
    f->accounts[0].spns_part = PART_NO_ANSWER;
}
DO(spns_absent)
{
    medium(f);
    f->accounts[0].spns_part = PART_ABSENT;
    strs_release(&f->accounts[0].spns);
}
DO(high_and_spn_of_a_tombstone)
{
    high(f);
    build_spn(f, 0, BUILD_DEAD_DSA, DSA_TOMBSTONED);
}
DO(high_and_spn_of_nobody)
{
    high(f);
    build_spn(f, 0, BUILD_LOST_DSA, DSA_NOWHERE);
}
DO(high_and_spn_of_a_live_one)
{
    high(f);
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(live_proof_and_spn_of_a_live_one)
{
    build_bare(f);
    build_account(f, BUILD_STATIC | EV(3));
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(healthy_and_spn_of_a_live_one)
{
    build_healthy(f);
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
/* A copy is the judged link seen from another replica. */
DO(copies_repeat_another_dcs_account)
{
    build_bare(f);
    build_account(f, BUILD_PLAIN | EV(4) | EV(5));
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
    build_names(f, 0);
}
DO(copies_name_another_dcs_account)
{
    build_bare(f);
    build_account(f, BUILD_PLAIN | EV(5));
    build_spn(f, 0, BUILD_LIVE_DSA, DSA_LIVE);
}
DO(copies_repeat_the_value)
{
    build_bare(f);
    build_account(f, BUILD_PLAIN | EV(5));
    build_account(f, BUILD_LOW);
    build_names(f, 0);
}
DO(gone_domain_has_one_reason)
{
    build_bare(f);
    build_account(f, BUILD_STATIC);
    build_move(f, 0, "DC=other,DC=com");
    f->domain_live = PART_ABSENT;
}
DO(held_by_its_owner)
{
    medium(f);
    build_holder(f, 0, true, PROOF_HOST | PROOF_NAME);
}
DO(held_by_its_strong_owner)
{
    build_bare(f);
    build_account(f, EV(6) | EV(8) | BUILD_PLAIN);
    build_holder(f, 0, true, PROOF_SPN | PROOF_HOST);
}
DO(held_by_its_alias)
{
    medium(f);
    build_holder(f, 0, true, PROOF_ALIAS | PROOF_NAME);
}
DO(held_by_a_leftover)
{
    medium(f);
    build_holder(f, 0, false, PROOF_HOST | PROOF_NAME);
}
DO(held_by_a_stranger)
{
    high(f);
    build_holder(f, 0, true, PROOF_NONE);
}
DO(held_by_a_namesake)
{
    medium(f);
    build_holder(f, 0, true, PROOF_NAME);
}
DO(held_by_its_sysvol_owner)
{
    held_by_a_namesake(f);
    struct facts_account *account = &f->accounts[0];
    *MEM_PUSH(account->sysvol_dsas, account->sysvol_count) = build_guid(BUILD_LIVE_DSA);
}
DO(held_by_the_stale_server)
{
    high(f); /* J: the machine was promoted again in another site; its account names N alone */
    build_holder(f, 0, true, PROOF_HOST | PROOF_NAME);
}
DO(live_proof_though_the_stale_server_holds)
{
    build_bare(f); /* both SPNs; the machine itself says which of the two it is */
    build_account(f, BUILD_STATIC | EV(3));
    build_holder(f, 0, true, PROOF_SPN | PROOF_HOST);
}
DO(held_by_s_itself)
{
    high(f);
    struct facts_other *holder = build_holder(f, 0, true, PROOF_HOST | PROOF_NAME);
    holder->guid = build_guid(BUILD_SERVER);
    holder->dsa_guid = build_guid(BUILD_DSA);
}

#define CASE(make_, kind_, level_, proposed_, writable_, blockers_, side_, ...)                    \
    {                                                                                              \
        .name = #make_, .make = make_, .kind = VERDICT_##kind_, .level = LEVEL_##level_,           \
        .proposed = proposed_, .writable = writable_, .blockers = blockers_, .side = side_,        \
        __VA_ARGS__                                                                                \
    }

static const struct build_case levels[] = {
    CASE(catalog_high, MISSING, MEDIUM, 0, true, "", ""),
    CASE(catalog_high_value_wrong, UNPROVEN, MEDIUM, NOTHING, false, "", NULL),
    CASE(catalog_medium, MISSING, MEDIUM, 0, true, "", ""),
    CASE(spn_of_a_tombstone, MISSING, MEDIUM, 0, true, "", ""),
    CASE(spn_of_nobody, UNPROVEN, LOW, NOTHING, false, "", "",
         .says = "This account now belongs to DSA"),
    CASE(spn_not_looked_up, UNPROVEN, LOW, NOTHING, false, "", ""),
    CASE(spn_of_a_live_one, UNPROVEN, LOW, NOTHING, false, "B7", ""),
    CASE(spn_of_a_tombstone_and_a_live_one, UNPROVEN, LOW, NOTHING, false, "B7", NULL),
    CASE(spns_not_answered, UNPROVEN, LOW, NOTHING, false, "", ""),
    CASE(spns_absent, MISSING, MEDIUM, 0, true, "", ""),
    CASE(high_and_spn_of_a_tombstone, MISSING, HIGH, 0, true, "", ""),
    CASE(high_and_spn_of_nobody, MISSING, HIGH, 0, true, "", ""),
    CASE(high_and_spn_of_a_live_one, UNPROVEN, LOW, NOTHING, false, "B7", ""),
    CASE(healthy_and_spn_of_a_live_one, HEALTHY, LOW, NOTHING, false, "", "duplicate-dsa"),
    CASE(copies_repeat_another_dcs_account, NO_COMPUTER, NONE, NOTHING, false, "B3", NULL),
    CASE(copies_name_another_dcs_account, NO_COMPUTER, NONE, NOTHING, false, "B3", NULL),
    CASE(copies_repeat_the_value, UNPROVEN, LOW, NOTHING, false, "", NULL),
    CASE(gone_domain_has_one_reason, NO_COMPUTER, NONE, NOTHING, false, "B16", "domain-gone"),
    CASE(live_proof_and_spn_of_a_live_one, MISSING, HIGH, 0, true, "", "duplicate-dsa"),
    CASE(held_by_its_owner, UNPROVEN, LOW, NOTHING, false, "B6", ""),
    CASE(held_by_its_strong_owner, UNPROVEN, LOW, NOTHING, false, "B6 B7", NULL),
    CASE(held_by_its_sysvol_owner, UNPROVEN, LOW, NOTHING, false, "B6", ""),
    CASE(held_by_its_alias, UNPROVEN, LOW, NOTHING, false, "B6", ""),
    CASE(held_by_a_leftover, MISSING, MEDIUM, 0, true, "", ""),
    CASE(held_by_a_stranger, MISSING, HIGH, 0, true, "", "duplicate-server"),
    CASE(held_by_a_namesake, MISSING, MEDIUM, 0, true, "", "duplicate-server"),
    CASE(held_by_the_stale_server, MISSING, HIGH, 0, true, "", "duplicate-server"),
    CASE(live_proof_though_the_stale_server_holds, MISSING, HIGH, 0, true, "",
         "duplicate-dsa duplicate-server"),
    CASE(held_by_s_itself, MISSING, HIGH, 0, true, "", ""),
};

/* ---- blockers of the place: the verdict and the level stay ---- */

DO(b6_holders_not_asked)
{
    high(f);
    f->accounts[0].holders_part = PART_NOT_ASKED;
}
DO(b6_holders_denied)
{
    high(f);
    f->accounts[0].holders_part = PART_DENIED;
}
DO(b6_holders_not_answered)
{
    high(f);
    f->accounts[0].holders_part = PART_NO_ANSWER;
}
DO(b8_third_value)
{
    high(f);
    build_copy_names(&f->copies[2], BUILD_OTHER, "CN=X,OU=Domain Controllers," BUILD_DOMAIN);
}
DO(b8_third_value_on_the_source)
{
    high(f);
    build_copy_names(&f->copies[1], BUILD_OTHER, "CN=X,OU=Domain Controllers," BUILD_DOMAIN);
}
DO(b8_same_dn_other_guid)
{
    high(f);
    build_copy_names(&f->copies[2], BUILD_OTHER, f->accounts[0].dn);
}
/* The account was made anew: a DC without a copy of its domain still names the old one. */
DO(pass_a_copy_names_a_deleted_account)
{
    b8_same_dn_other_guid(f);
    size_t old = f->account_count;
    (void)facts_add_account(f);
    f->accounts[old].guid = f->copies[2].value.guid;
    f->accounts[old].dn = mem_text("CN=LivDC01\\0ADEL:1,CN=Deleted Objects," BUILD_DOMAIN);
    f->accounts[old].is_computer = f->accounts[old].deleted = true;
}
DO(pass_a_copy_names_a_tombstone)
{
    high(f);
    build_copy_names(&f->copies[2], BUILD_OTHER,
                     "CN=LivDC01\\0ADEL:3dab7f9b-92e7-4391-b8db-71df532c1493,CN=Deleted "
                     "Objects," BUILD_DOMAIN);
}
DO(b8_not_the_value_replaced)
{
    high(f);
    build_names_other(f, "user");
    build_copy_names(&f->copies[2], BUILD_DEAD_DSA, "CN=Y,CN=Users," BUILD_DOMAIN);
}
DO(pass_the_value_replaced)
{
    high(f);
    build_names_other(f, "user");
    build_copy_names(&f->copies[2], BUILD_OTHER, f->srv.reference_link.dn);
}
DO(pass_moved_on_another_dc)
{
    high(f); /* the same object under another DN */
    build_copy_names(&f->copies[2], BUILD_ACCOUNT, "CN=LIVDC01,CN=Computers," BUILD_DOMAIN);
}
DO(pass_unread_copies)
{
    high(f);
    build_copy_says(&f->copies[1], COPY_UNREACHABLE);
    build_copy_says(&f->copies[2], COPY_UNREADABLE);
}
DO(pass_right_on_the_source)
{
    build_bare(f);
    build_account(f, BUILD_FULL);
}
DO(b9_catalog_port)
{
    high(f);
    build_names_other(f, "user"); /* an absent value is not even judged there */
    f->server.port = 3269;
}
DO(b9_anonymous)
{
    high(f);
    f->server.signed_in = false;
}
DO(b9_weak_layer)
{
    high(f);
    f->server.ssf = 55;
}
DO(b9_no_layer)
{
    high(f);
    f->server.ssf = 0;
}
DO(pass_layer_of_56)
{
    high(f);
    f->server.ssf = 56;
}
DO(pass_tls_alone)
{
    high(f);
    f->server.ssf = 0;
    f->server.tls = true;
    f->server.port = 636;
}
DO(b9_anonymous_inside_tls)
{
    pass_tls_alone(f);
    f->server.signed_in = false;
}
DO(b9_nameless)
{
    high(f);
    f->server.has_dsa_guid = false;
}
DO(b9_read_only)
{
    high(f);
    f->server.read_only = FLAG_YES;
}
DO(pass_read_only_unknown)
{
    high(f);
    f->server.read_only = FLAG_UNKNOWN;
}
DO(b11_no_right)
{
    high(f);
    f->srv.may_write = false;
}
DO(b11_right_not_asked)
{
    high(f);
    f->srv.rights = PART_NOT_ASKED;
}
DO(b11_right_denied)
{
    high(f);
    f->srv.rights = PART_DENIED;
}
DO(pass_not_synchronized)
{
    high(f);
    f->server.synchronized = FLAG_NO;
}
DO(b13_conflict)
{
    high(f);
    f->conflict = true;
}
DO(b14_not_here)
{
    high(f);
    f->accounts[0].here = PART_ABSENT;
    mem_set(&f->accounts[0].here_dn, NULL);
}
DO(b14_old_account_under_the_dn)
{
    b14_not_here(f);
    f->accounts[0].here_dn_taken = true;
}
DO(b14_deleted_here)
{
    high(f);
    f->accounts[0].here_deleted = true;
}
DO(b14_other_dn_here)
{
    high(f);
    mem_set(&f->accounts[0].here_dn, "CN=LivDC01,CN=Computers," BUILD_DOMAIN);
}
DO(b14_not_answered)
{
    high(f);
    f->accounts[0].here = PART_NO_ANSWER;
}
DO(b14_denied)
{
    high(f);
    f->accounts[0].here = PART_DENIED;
}
DO(b14_not_asked)
{
    high(f);
    f->accounts[0].here = PART_NOT_ASKED;
}
DO(pass_spacing_of_the_dn)
{
    high(f);
    mem_set(&f->accounts[0].here_dn, "cn=livdc01, ou=Domain Controllers, dc=CONTOSO, dc=com");
}
DO(pass_holds_no_domain)
{
    b14_not_here(f);
    f->accounts[0].here = PART_NOT_ASKED;
    mem_set(&f->server.domain_dn, "DC=other,DC=com");
}
DO(pass_own_catalog_knows_it)
{
    high(f);
    mem_set(&f->server.domain_dn, "DC=other,DC=com");
}
DO(b14_own_catalog_lags)
{
    pass_holds_no_domain(f);
    f->accounts[0].here = PART_ABSENT;
}
DO(b14_own_catalog_holds_the_old_one)
{
    pass_own_catalog_knows_it(f);
    f->accounts[0].here_deleted = true;
}
DO(b14_holds_no_domain_but_dn_taken)
{
    pass_holds_no_domain(f);
    f->accounts[0].here_dn_taken = true;
}
static void says(struct facts *f, enum word word, unsigned bearer)
{
    struct guid dsa = build_guid(BUILD_THIRD_DSA);
    struct facts_word *said = facts_add_word(&f->accounts[0], &dsa);
    mem_set(&said->server, "mandc01.contoso.com");
    said->word = word;
    if (bearer)
        said->bearer = build_guid(bearer);
}
DO(b14_another_dc_knows_it_as_deleted)
{
    high(f);
    says(f, WORD_DELETED, 0);
}
DO(b14_another_dc_has_another_of_that_name)
{
    high(f);
    says(f, WORD_OTHER, BUILD_OTHER);
}
DO(pass_another_dc_shows_the_same)
{
    high(f);
    says(f, WORD_SAME, 0);
}
DO(pass_another_dc_has_not_received_it)
{
    high(f);
    says(f, WORD_UNKNOWN, 0);
}
DO(pass_another_dc_has_the_dead_one)
{
    high(f);
    build_account(f, BUILD_LOW);
    build_delete(f, 1, false);
    says(f, WORD_OTHER, BUILD_ACCOUNT + 1);
}
DO(one_word_of_another_domain)
{
    pass_own_catalog_knows_it(f);
    f->second_dc = PART_PRESENT;
}
DO(pass_two_words_of_another_domain)
{
    one_word_of_another_domain(f);
    says(f, WORD_SAME, 0);
}
DO(one_word_and_a_read_only_dc)
{
    one_word_of_another_domain(f);
    says(f, WORD_SAME, 0);
    f->accounts[0].words[0].read_only = true;
}
DO(pass_the_only_dc_of_another_domain)
{
    one_word_of_another_domain(f);
    f->second_dc = PART_ABSENT;
}
DO(one_word_overwrites_nothing)
{
    one_word_of_another_domain(f);
    build_names_other(f, "user");
}
DO(b17_both_off)
{
    high(f);
    f->here_options = DSA_IS_GC | DSA_NO_INBOUND | DSA_NO_OUTBOUND;
}
DO(pass_inbound_off)
{
    high(f);
    f->here_options = DSA_NO_INBOUND;
}
DO(pass_outbound_off)
{
    high(f);
    f->here_options = DSA_NO_OUTBOUND | DSA_IS_GC;
}
DO(rodc_sends_nothing)
{
    pass_outbound_off(f);
    f->server.read_only = FLAG_YES;
}
DO(pass_options_unknown)
{
    b17_both_off(f);
    f->here_options_known = false;
}
DO(all_at_once)
{
    b17_both_off(f);
    f->conflict = f->accounts[0].here_deleted = true;
    f->srv.may_write = f->server.signed_in = false;
    build_copy_names(&f->copies[2], BUILD_OTHER, "CN=X,OU=Domain Controllers," BUILD_DOMAIN);
}
DO(survey_of_missing)
{
    high(f);
    f->survey = true;
    f->srv.rights = f->accounts[0].here = f->accounts[0].holders_part = PART_NOT_ASKED;
    f->here_options_known = false;
}

#define NOT_NOW .says = "No write is offered", .not_says = "Propose"
#define STOPPED(make, blockers) CASE(make, MISSING, HIGH, 0, false, blockers, NULL, NOT_NOW)
#define EXCHANGE_STOPPED(make, blockers)                                                           \
    CASE(make, WRONG_TARGET, HIGH, 0, false, blockers, NULL, NOT_NOW)
#define PASSES(make, side) CASE(make, MISSING, HIGH, 0, true, "", side, .says = "Propose")

static const struct build_case blocked[] = {
    STOPPED(b6_holders_not_asked, "B6"),
    STOPPED(b6_holders_denied, "B6"),
    STOPPED(b6_holders_not_answered, "B6"),
    STOPPED(b8_third_value, "B8"),
    STOPPED(b8_third_value_on_the_source, "B8"),
    STOPPED(b8_same_dn_other_guid, "B8"),
    PASSES(pass_a_copy_names_a_deleted_account, "copies-differ"),
    PASSES(pass_a_copy_names_a_tombstone, "copies-differ"),
    EXCHANGE_STOPPED(b8_not_the_value_replaced, "B8"),
    CASE(pass_the_value_replaced, WRONG_TARGET, HIGH, 0, true, "", "copies-differ"),
    PASSES(pass_moved_on_another_dc, "copies-differ"),
    PASSES(pass_unread_copies, ""),
    PASSES(pass_right_on_the_source, "copies-differ"),
    EXCHANGE_STOPPED(b9_catalog_port, "B9"),
    STOPPED(b9_anonymous, "B9"),
    STOPPED(b9_weak_layer, "B9"),
    STOPPED(b9_no_layer, "B9"),
    PASSES(pass_layer_of_56, ""),
    PASSES(pass_tls_alone, ""),
    STOPPED(b9_anonymous_inside_tls, "B9"),
    STOPPED(b9_nameless, "B9"),
    CASE(b9_read_only, MISSING, HIGH, 0, false, "B9", "rodc"),
    PASSES(pass_read_only_unknown, ""),
    STOPPED(b11_no_right, "B11"),
    STOPPED(b11_right_not_asked, "B11"),
    STOPPED(b11_right_denied, "B11"),
    PASSES(pass_not_synchronized, "not-synchronized"),
    STOPPED(b13_conflict, "B13"),
    STOPPED(b14_not_here, "B14"),
    STOPPED(b14_old_account_under_the_dn, "B14"),
    STOPPED(b14_deleted_here, "B14"),
    STOPPED(b14_other_dn_here, "B14"),
    STOPPED(b14_not_answered, "B14"),
    STOPPED(b14_denied, "B14"),
    STOPPED(b14_not_asked, "B14"),
    PASSES(pass_spacing_of_the_dn, ""),
    PASSES(pass_holds_no_domain, ""),
    PASSES(pass_own_catalog_knows_it, ""),
    STOPPED(b14_own_catalog_lags, "B14"),
    STOPPED(b14_own_catalog_holds_the_old_one, "B14"),
    STOPPED(b14_holds_no_domain_but_dn_taken, "B14"),
    STOPPED(b14_another_dc_knows_it_as_deleted, "B14"),
    STOPPED(b14_another_dc_has_another_of_that_name, "B14"),
    PASSES(pass_another_dc_shows_the_same, ""),
    PASSES(pass_another_dc_has_not_received_it, ""),
    PASSES(pass_another_dc_has_the_dead_one, ""),
    CASE(one_word_of_another_domain, MISSING, MEDIUM, 0, true, "", ""),
    CASE(one_word_and_a_read_only_dc, MISSING, MEDIUM, 0, true, "", ""),
    PASSES(pass_two_words_of_another_domain, ""),
    PASSES(pass_the_only_dc_of_another_domain, ""),
    CASE(one_word_overwrites_nothing, UNPROVEN, MEDIUM, NOTHING, false, "", NULL),
    CASE(b17_both_off, MISSING, HIGH, 0, false, "B17", ""),
    PASSES(pass_inbound_off, "replication-disabled"),
    PASSES(pass_outbound_off, "replication-disabled"),
    CASE(rodc_sends_nothing, MISSING, HIGH, 0, false, "B9", "rodc"),
    PASSES(pass_options_unknown, ""),
    STOPPED(all_at_once, "B8 B9 B11 B13 B14 B17"),
    CASE(survey_of_missing, MISSING, HIGH, 0, false, "", NULL),
};

/* ---- side findings ---- */

DO(twin_of_another_domain)
{
    build_healthy(f); /* a DC of another domain that happens to have the same name */
    struct facts_other *twin = build_twin(f, "LIVDC01", "Paris", true);
    twin->dns_host = mem_text("livdc01.eu.contoso.com");
}
DO(twin_leftover)
{
    build_healthy(f);
    build_twin(f, "LIVDC01", "Paris", false);
}
DO(twin_same_host)
{
    build_healthy(f);
    struct facts_other *twin = build_twin(f, "LIVDC01", "Paris", true);
    twin->dns_host = mem_text("LIVDC01.contoso.com.");
}
DO(twin_same_target)
{
    build_healthy(f);
    struct facts_other *twin = build_twin(f, "OTHER", "Paris", true);
    dn_link_copy(&twin->reference, &f->srv.reference_link);
}
DO(twin_conflict)
{
    build_healthy(f);
    struct facts_other *twin = build_twin(f, "LIVDC01", "Liverpool", true);
    mem_set(&twin->dn, "CN=LIVDC01\\0ACNF:00000000-0000-0000-0000-000000000000,CN=Servers,"
                       "CN=Liverpool,CN=Sites," BUILD_CONFIG);
}
DO(twin_is_s)
{
    build_healthy(f);
    build_twin(f, "LIVDC01", "Liverpool", false)->guid = build_guid(BUILD_SERVER);
}
DO(twin_that_holds_the_value_rightly)
{
    build_bare(f); /* S names another DC's account: that DC is no twin of S */
    build_account(f, BUILD_STATIC);
    build_names_other(f, "computer");
    struct facts_other *twin = build_twin(f, "OTHER", "Paris", true);
    dn_link_copy(&twin->reference, &f->srv.reference_link);
}
DO(twin_of_a_tombstone)
{
    twin_leftover(f);
    f->dsa.deleted = true;
}
DO(renamed_but_low)
{
    build_bare(f); /* named by the value alone, or by a copy: no proof of a rename */
    build_account(f, EV(5) | BUILD_PLAIN);
}
DO(renamed_by_strong_proof)
{
    build_bare(f);
    build_account(f, EV(1) | BUILD_PLAIN);
}
DO(renamed_account)
{
    build_healthy(f);
    build_evidence(f, 0, BUILD_FULL & ~EV(7));
}
DO(renamed_host)
{
    build_healthy(f);
    build_evidence(f, 0, BUILD_FULL & ~EV(6));
}
DO(renamed_host_unknown)
{
    renamed_host(f);
    mem_set(&f->srv.dns_host, NULL);
}
DO(cname_missing)
{
    build_healthy(f);
    f->dns = DNS_MISSING;
}
DO(cname_elsewhere)
{
    build_healthy(f);
    mem_set(&f->dns_target, "old.contoso.com");
}
DO(cname_not_asked)
{
    cname_elsewhere(f);
    f->dns = DNS_NOT_ASKED;
}
DO(cname_failed)
{
    cname_elsewhere(f);
    f->dns = DNS_FAILED;
}
DO(copies_without_object)
{
    build_healthy(f);
    build_copy_says(&f->copies[2], COPY_NO_OBJECT);
}
DO(copies_unreachable)
{
    build_healthy(f);
    build_copy_says(&f->copies[1], COPY_UNREACHABLE);
    build_copy_says(&f->copies[2], COPY_NOT_ASKED);
}
DO(copies_moved)
{
    build_healthy(f);
    mem_set(&f->copies[2].value.dn, "CN=LIVDC01,CN=Computers," BUILD_DOMAIN);
}
DO(fails_with_8589)
{
    build_healthy(f);
    f->links[0].result = 8589;
}
DO(fails_with_1722)
{
    build_healthy(f);
    f->links[0].result = 1722;
}
DO(another_dsa_fails)
{
    fails_with_8589(f);
    f->links[0].dsa_guid = build_guid(BUILD_LIVE_DSA);
}
DO(outbound_fails)
{
    fails_with_8589(f);
    f->links[0].outbound = true;
}
DO(dead_but_linked)
{
    fails_with_8589(f);
    f->dsa.deleted = true;
    f->dns = DNS_MISSING; /* as it should be */
}
DO(dead_and_still_in_dns)
{
    build_healthy(f);
    f->dsa.deleted = true;
    f->link_count = 0;
    free(f->links[0].partner);
    free(f->links[0].nc);
}
DO(dead_and_anothers_link)
{
    dead_but_linked(f);
    f->links[0].dsa_guid = build_guid(BUILD_LIVE_DSA);
}
DO(gone_but_linked)
{
    fails_with_8589(f);
    f->dsa.part = PART_ABSENT;
}

#define SIDE(make, side) CASE(make, HEALTHY, HIGH, NOTHING, false, "", side)
static const struct build_case sides[] = {
    SIDE(build_healthy, ""),
    SIDE(twin_of_another_domain, ""),
    SIDE(twin_leftover, "duplicate-server"),
    SIDE(twin_same_host, "duplicate-server duplicate-dsa"),
    SIDE(twin_same_target, "duplicate-server"),
    SIDE(twin_conflict, "duplicate-server"),
    SIDE(twin_is_s, ""),
    CASE(twin_that_holds_the_value_rightly, WRONG_TARGET, HIGH, 0, true, "", "copies-differ"),
    CASE(twin_of_a_tombstone, DELETED_DSA, NONE, NOTHING, false, "B1",
         "cname-mismatch stale-replication-link"),
    CASE(renamed_but_low, UNPROVEN, LOW, NOTHING, false, "", "copies-differ"),
    CASE(renamed_by_strong_proof, UNPROVEN, LOW, NOTHING, false, "", "renamed"),
    SIDE(renamed_account, "renamed"),
    SIDE(renamed_host, "renamed"),
    SIDE(renamed_host_unknown, ""),
    SIDE(cname_missing, "cname-missing"),
    SIDE(cname_elsewhere, "cname-mismatch"),
    SIDE(cname_not_asked, ""),
    SIDE(cname_failed, ""),
    SIDE(copies_without_object, "copies-differ"),
    SIDE(copies_unreachable, ""),
    SIDE(copies_moved, ""),
    SIDE(fails_with_8589, "replication-8589"),
    SIDE(fails_with_1722, ""),
    SIDE(another_dsa_fails, ""),
    SIDE(outbound_fails, "replication-8589"),
    CASE(dead_but_linked, DELETED_DSA, NONE, NOTHING, false, "B1",
         "replication-8589 stale-replication-link"),
    CASE(dead_and_still_in_dns, DELETED_DSA, NONE, NOTHING, false, "B1", "cname-mismatch"),
    CASE(dead_and_anothers_link, DELETED_DSA, NONE, NOTHING, false, "B1", ""),
    CASE(gone_but_linked, UNKNOWN_DSA, NONE, NOTHING, false, "B1",
         "replication-8589 stale-replication-link"),
};

#define TEST_TABLE(name)                                                                           \
    START_TEST(name##_table)                                                                       \
    {                                                                                              \
        char *wrong = build_try(&name[_i]);                                                        \
        ck_assert_msg(!wrong, "%s", wrong);                                                        \
    }                                                                                              \
    END_TEST
TEST_TABLE(levels)
TEST_TABLE(blocked)
TEST_TABLE(sides)

/* ---- one sentence for each server ---- */

/* Another DC's server object names the account of a healthy one: it is no twin, and told once. */
START_TEST(a_wrong_holder_is_told_once)
{
    struct facts facts;
    struct verdict verdict;
    build_healthy(&facts);
    struct facts_other *holder = build_holder(&facts, 0, true, PROOF_NONE);
    struct facts_other *twin = build_twin(&facts, "OLDDC", "London", true);
    twin->guid = holder->guid; /* as gather finds it: it names what the value names */
    mem_set(&twin->dns_host, _i == 0 ? holder->dns_host : facts.srv.dns_host);
    dn_link_copy(&twin->reference, &holder->reference);
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict.kind, VERDICT_HEALTHY);
    size_t told = 0;
    for (size_t i = 0; i < verdict.side.count; i++) {
        bool wrong = strstr(verdict.side.items[i].text, "wrongly as it seems") != NULL;
        told += verdict.side.items[i].kind == SIDE_DUPLICATE_SERVER;
        ck_assert(!wrong || _i == 0);
        ck_assert(_i == 1 || !strstr(verdict.side.items[i].text, "same machine"));
    }
    ck_assert_uint_eq(told, 1);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

static void see_side(const struct facts *facts, const char *text)
{
    struct verdict verdict;
    diagnose(facts, &verdict);
    ck_assert_int_eq(verdict.kind, VERDICT_WRONG_TARGET);
    size_t seen = 0;
    for (size_t i = 0; i < verdict.side.count; i++)
        seen += strstr(verdict.side.items[i].text, text) != NULL;
    ck_assert_uint_eq(seen, 1);
    verdict_release(&verdict);
}

/* Two servers that name each other's accounts: neither waits for the other. */
START_TEST(swapped_values_have_no_first)
{
    struct facts facts;
    build_healthy(&facts);
    size_t other = build_account(&facts, EV(9));
    build_names(&facts, other);
    build_holder(&facts, 0, true, PROOF_NONE);
    see_side(&facts, "repair that server first");
    build_spn(&facts, other, BUILD_LIVE_DSA, DSA_LIVE);
    see_side(&facts, "in any order");
    facts_release(&facts);
}
END_TEST

/* ---- the tombstone lifetime ---- */

static const struct {
    long success_days, created_days, lifetime; /* days ago; 0: never or unknown */
    unsigned result;
    bool outbound, beyond;
} ages[] = {
    {181, 400, 180, 8589, false, true}, {179, 400, 180, 8589, false, false},
    {0, 400, 180, 8589, false, true},   {0, 20, 180, 8589, false, false},
    {0, 0, 180, 8589, false, false},    {181, 400, 0, 8589, false, false},
    {181, 400, 180, 0, false, false},   {181, 400, 180, 8589, true, false},
    {61, 400, 60, 1722, false, true},   {180, 400, 180, 8589, false, false},
};

START_TEST(beyond_the_tombstone_lifetime)
{
    struct facts facts;
    struct verdict verdict;
    high(&facts);
    time_t last = ages[_i].success_days ? BUILD_NOW - ages[_i].success_days * BUILD_DAY : 0;
    build_link(&facts, ages[_i].result, last)->outbound = ages[_i].outbound;
    facts.dsa.created = ages[_i].created_days ? BUILD_NOW - ages[_i].created_days * BUILD_DAY : 0;
    facts.tombstone_days = (int)ages[_i].lifetime;
    diagnose(&facts, &verdict);
    bool found = findings_has(&verdict.side, SIDE_BEYOND_TOMBSTONE);
    ck_assert_int_eq(found, ages[_i].beyond);
    ck_assert_int_eq(verdict.second.count, found);
    ck_assert_int_eq(strstr(verdict.advice, "/removelingeringobjects") != NULL, found);
    ck_assert(verdict.writable);
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

START_TEST(an_hour_beyond_is_beyond)
{
    struct facts facts;
    struct verdict verdict;
    high(&facts);
    build_link(&facts, 8589, BUILD_NOW - BUILD_LIFETIME * BUILD_DAY - 3600);
    diagnose(&facts, &verdict);
    ck_assert(findings_has(&verdict.side, SIDE_BEYOND_TOMBSTONE));
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* ---- second confirmations ---- */

DO(elsewhere_written)
{
    high(f);
    f->destination = mem_text("mandc01.contoso.com");
    f->other_dc_read = true;
}
DO(destination_is_here)
{
    elsewhere_written(f);
    f->other_dc_read = false;
}
DO(dangling)
{
    high(f);
    build_names_nothing(f);
}
DO(wrong)
{
    high(f);
    build_names_other(f, "user");
}
DO(medium_elsewhere)
{
    medium(f);
    f->destination = mem_text("mandc01.contoso.com");
    f->other_dc_read = true;
}
DO(low_elsewhere)
{
    elsewhere_written(f);
    build_evidence(f, 0, BUILD_LOW);
}

static const struct {
    void (*make)(struct facts *);
    size_t count;
    const char *says;
} seconds[] = {
    {high, 0, NULL},
    {wrong, 0, NULL},
    {medium, 1, "medium"},
    {dangling, 1, "nowhere"},
    {elsewhere_written, 1, "mandc01.contoso.com"},
    {destination_is_here, 0, NULL},
    {medium_elsewhere, 2, "medium"},
    {low_elsewhere, 0, NULL},
};

START_TEST(second_confirmations)
{
    struct facts facts;
    struct verdict verdict;
    seconds[_i].make(&facts);
    diagnose(&facts, &verdict);
    ck_assert_uint_eq(verdict.second.count, seconds[_i].count);
    if (seconds[_i].says)
        ck_assert_ptr_nonnull(strstr(verdict.second.items[0].text, seconds[_i].says));
    ck_assert_ptr_null(build_broken(&facts, &verdict));
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

/* A text about another fault recommends nothing, unless 8589 is seen on the DC itself. */
START_TEST(another_fault_recommends_no_repair)
{
    struct facts facts;
    struct verdict verdict;
    build_healthy(&facts);
    build_absent(&facts);
    facts.other_fault = mem_text("error 1722 (\x1b[2J)");
    if (_i)
        build_link(&facts, 8589, BUILD_NOW);
    diagnose(&facts, &verdict);
    ck_assert_int_eq(verdict.kind, VERDICT_MISSING);
    ck_assert_ptr_nonnull(strstr(verdict.advice, "about another fault, error 1722"));
    ck_assert_int_eq(strstr(verdict.advice, "Propose the repair") != NULL, _i > 0);
    ck_assert_ptr_null(strchr(verdict.advice, 0x1b));
    verdict_release(&verdict);
    facts_release(&facts);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, every_set_of_evidence, 0, 3);
    tcase_add_loop_test(tests, spns_that_count, 0, COUNT(spns));
    tcase_add_loop_test(tests, host_names_that_count, 0, COUNT(hosts));
    tcase_add_loop_test(tests, names_that_count, 0, COUNT(names));
    tcase_add_loop_test(tests, accounts_that_can_be_a_dcs, 0, COUNT(kinds));
    tcase_add_loop_test(tests, live_proof_needs_both_halves, 0, 4);
    tcase_add_test(tests, a_machine_that_runs_as_another);
    tcase_add_loop_test(tests, copies_that_count, 0, COUNT(copies));
    tcase_add_loop_test(tests, levels_table, 0, COUNT(levels));
    tcase_add_loop_test(tests, blocked_table, 0, COUNT(blocked));
    tcase_add_loop_test(tests, sides_table, 0, COUNT(sides));
    tcase_add_loop_test(tests, a_wrong_holder_is_told_once, 0, 2);
    tcase_add_test(tests, swapped_values_have_no_first);
    tcase_add_loop_test(tests, beyond_the_tombstone_lifetime, 0, COUNT(ages));
    tcase_add_test(tests, an_hour_beyond_is_beyond);
    tcase_add_loop_test(tests, another_fault_recommends_no_repair, 0, 2);
    tcase_add_loop_test(tests, second_confirmations, 0, COUNT(seconds));
}

int main(void)
{
    setlocale(LC_ALL, ""); /* names compare without case in any script that the locale knows */
    Suite *suite = suite_create("diagnose rules");
    TCase *tests = tcase_create("rules");
    add_tests(tests);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
