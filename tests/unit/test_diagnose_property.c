/* Random forests with planted faults. A plan is drawn first: who is in the forest, what the value
 * names, what was not read, what forbids a write. The facts are built from it, and what must come
 * out is looked up in the plan: each kind of account says in a table what a judge may make of it,
 * so nothing here repeats the rules that work on single facts.
 *
 * DCMEND_SEED=n repeats a run; every round has a seed of its own, printed when it fails. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Half of the time under AddressSanitizer goes into its records of each malloc. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "malloc_context_size=3:quarantine_size_mb=4:thread_local_quarantine_size_kb=64";
}

enum { SLICES = 10, FACTS = 10000 }; /* 100,000 facts at least */

/* splitmix64 */
static uint64_t state;
static uint64_t draw(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static unsigned below(unsigned n)
{
    return (unsigned)(draw() % n);
}
static bool one_in(unsigned n)
{
    return below(n) == 0;
}

/* ---- the kinds of accounts, and what each of them is worth ---- */

enum role {
    TRUE_SPN,        /* N's own account, as its SPNs and names say */
    TRUE_LIVE,       /* the machine itself says so */
    TRUE_LIVE_TWICE, /* ... though it also carries another live DSA's SPN */
    TRUE_ON_CATALOG,
    TRUE_STALE_SRV, /* a stale server object of the same machine still holds it */
    BY_SOURCE,      /* N's own copy of the link names it, and its SPN agrees */
    NAMESAKE,       /* name and host, no SPN */
    SOURCE_NAME,    /* N's own copy of the link, and the name */
    SYSVOL_ALIAS,   /* SYSVOL member and DNS alias */
    FORMER,         /* as NAMESAKE, with the SPN of a tombstone */
    FORMER_LOST,    /* ... with the SPN of a DSA that nobody knows */
    NAME_ONLY,      /* weak */
    COPY_ONLY,      /* another DC's copy says so */
    SPN_ONLY,       /* E1 without any support */
    TAKEN_BY_DSA,   /* all proof, but it is now another live DSA's */
    TAKEN_BY_SRV,   /* a namesake that is another server's own */
    STRANGER,       /* another DC's account: nothing to do with N */
    PLAIN_DC,       /* a DC's account that names nobody */
    TRUE_DISABLED,  /* not usable, from here on */
    TRUE_LOST_BITS,
    TRUE_CONFLICT,
    TRUE_DUPLICATE,
    TRUE_FOREIGN,
    TRUE_NO_COMPUTER,
    OLD_DELETED,
    OLD_RESTORABLE,
    ROLES
};

/* What a judge may make of it. */
struct worth {
    bool usable;
    bool ties;      /* something ties it to N */
    bool elsewhere; /* proven to be another's */
    bool strong;    /* N's SPN or the machine's own word; of a deleted account it does not count */
    bool guarded;   /* as the present value it may not be exchanged (B15) */
    enum level level;
};

static const struct worth worths[ROLES] = {
    [TRUE_SPN] = {true, true, false, true, true, LEVEL_HIGH},
    [TRUE_LIVE] = {true, true, false, true, true, LEVEL_HIGH},
    [TRUE_LIVE_TWICE] = {true, true, false, true, true, LEVEL_HIGH},
    [TRUE_ON_CATALOG] = {true, true, false, true, true, LEVEL_MEDIUM},
    [TRUE_STALE_SRV] = {true, true, false, true, true, LEVEL_HIGH},
    [BY_SOURCE] = {true, true, false, true, true, LEVEL_HIGH},
    [SOURCE_NAME] = {true, true, false, false, true, LEVEL_MEDIUM},
    [NAMESAKE] = {true, true, false, false, true, LEVEL_MEDIUM},
    [SYSVOL_ALIAS] = {true, true, false, false, true, LEVEL_MEDIUM},
    [FORMER] = {true, true, false, false, true, LEVEL_MEDIUM},
    [FORMER_LOST] = {true, true, false, false, true, LEVEL_LOW},
    [NAME_ONLY] = {true, true, false, false, true, LEVEL_LOW},
    [COPY_ONLY] = {true, true, false, false, false, LEVEL_LOW},
    [SPN_ONLY] = {true, true, false, true, true, LEVEL_LOW},
    [TAKEN_BY_DSA] = {true, true, true, true, true, LEVEL_LOW},
    [TAKEN_BY_SRV] = {true, true, true, false, true, LEVEL_LOW},
    [STRANGER] = {true, false, true, false, false, LEVEL_LOW},
    [PLAIN_DC] = {true, false, false, false, false, LEVEL_LOW},
    [TRUE_DISABLED] = {false, true, false, true, false, LEVEL_LOW},
    [TRUE_LOST_BITS] = {false, true, false, true, false, LEVEL_LOW},
    [TRUE_CONFLICT] = {false, true, false, true, true, LEVEL_LOW},
    [TRUE_DUPLICATE] = {false, true, false, true, true, LEVEL_LOW},
    [TRUE_FOREIGN] = {false, true, false, true, true, LEVEL_LOW},
    [TRUE_NO_COMPUTER] = {false, true, false, true, false, LEVEL_LOW},
    [OLD_DELETED] = {false, true, false, false, false, LEVEL_LOW},
    [OLD_RESTORABLE] = {false, true, false, false, false, LEVEL_LOW},
};

static unsigned planted_evidence(enum role role)
{
    static const unsigned supports[] = {EV(6), EV(7), EV(8), EV(6) | EV(7), EV(6) | EV(8)};
    static const unsigned pairs[] = {EV(6) | EV(7), EV(6) | EV(8), EV(7) | EV(8),
                                     EV(2) | EV(6), EV(2) | EV(7), EV(2) | EV(6) | EV(7)};
    unsigned ou = one_in(4) ? 0 : EV(10), alias = one_in(2) ? EV(2) : 0;
    unsigned support = supports[below(sizeof supports / sizeof *supports)];
    unsigned pair = pairs[below(sizeof pairs / sizeof *pairs)];
    switch (role) {
    case TRUE_LIVE:
    case TRUE_LIVE_TWICE:
        return EV(3) | support | alias | EV(9) | ou | (one_in(2) ? EV(1) : 0);
    case NAMESAKE:
    case FORMER:
    case FORMER_LOST:
        return pair | EV(9) | ou;
    case BY_SOURCE:
        return EV(1) | EV(4) | EV(9) | ou;
    case SOURCE_NAME:
        return EV(4) | EV(7) | EV(9) | ou;
    case SYSVOL_ALIAS:
        return EV(2) | EV(8) | EV(9) | ou;
    case NAME_ONLY:
        return (one_in(2) ? EV(6) : EV(7)) | EV(9) | ou;
    case COPY_ONLY:
    case STRANGER:
    case PLAIN_DC:
        return EV(9) | ou; /* the copy is planted apart */
    case SPN_ONLY:
        return EV(1) | alias | EV(9) | ou;
    case TAKEN_BY_SRV:
        return EV(6) | EV(7) | EV(9) | ou;
    case OLD_DELETED:
    case OLD_RESTORABLE: /* the Recycle Bin keeps the SPNs */
        return EV(1) | EV(7) | EV(9);
    default:
        return EV(1) | support | alias | EV(9) | ou;
    }
}

static void add_copy_of(struct facts *facts, size_t index)
{
    char *host = str_format("dc%zu.contoso.com", index);
    struct facts_copy *copy = build_copy(facts, host);
    build_copy_names(copy, BUILD_ACCOUNT + (unsigned)index, facts->accounts[index].dn);
    free(host);
}

static void spoil(struct facts *facts, size_t index, enum role role)
{
    struct facts_account *account = &facts->accounts[index];
    if (role == TRUE_DISABLED)
        account->uac |= UAC_DISABLED;
    if (role == TRUE_LOST_BITS)
        account->primary_group = one_in(2) ? 515 : 0;
    if (role == TRUE_CONFLICT)
        build_rename(facts, index, "LIVDC01\nCNF:3dab7f9b-92e7-4391-b8db-71df532c1493", "X$");
    if (role == TRUE_DUPLICATE)
        build_rename(facts, index, "LIVDC01", "$DUPLICATE-3e8");
    if (role == TRUE_FOREIGN)
        build_move(facts, index, BUILD_CHILD);
    if (role == TRUE_NO_COMPUTER)
        account->is_computer = false;
    if (role == OLD_DELETED || role == OLD_RESTORABLE)
        build_delete(facts, index, role == OLD_RESTORABLE);
}

/* The machine answered under another name, or not at all: no proof. */
static void half_alive(struct facts_account *account)
{
    account->live = one_in(2) ? PART_PRESENT : PART_NO_ANSWER;
    account->live_runs_n = one_in(2) || account->live != PART_PRESENT;
    account->live_is_account = account->live != PART_PRESENT;
}

static void plant_account(struct facts *facts, enum role role)
{
    size_t index = build_account(facts, planted_evidence(role));
    if (role == TRUE_LIVE_TWICE || role == TAKEN_BY_DSA || role == STRANGER)
        build_spn(facts, index, BUILD_LIVE_DSA, DSA_LIVE);
    if (role == FORMER)
        build_spn(facts, index, BUILD_DEAD_DSA, DSA_TOMBSTONED);
    if (role == FORMER_LOST)
        build_spn(facts, index, BUILD_LOST_DSA, one_in(2) ? DSA_NOWHERE : DSA_NOT_ASKED);
    if (role == TRUE_ON_CATALOG)
        facts->accounts[index].catalog_only = true;
    if (role == TAKEN_BY_SRV || role == TRUE_STALE_SRV)
        build_holder(facts, index, true, PROOF_HOST | PROOF_NAME);
    else if (one_in(8)) /* a stranger or namesake that names it wrongly, or a leftover */
        build_holder(facts, index, true,
                     one_in(2) || role == TRUE_LIVE_TWICE ? PROOF_NONE : PROOF_NAME);
    else if (one_in(16))
        build_holder(facts, index, false, PROOF_HOST | PROOF_NAME);
    if (role != TRUE_LIVE && role != TRUE_LIVE_TWICE && one_in(6))
        half_alive(&facts->accounts[index]);
    if (role == COPY_ONLY)
        add_copy_of(facts, index);
    spoil(facts, index, role);
}

/* ---- the plan ---- */

enum above { LIVE, UNKNOWN, OTHER_CLASS, TOMBSTONE, OWN_MARK, PARENT_MARK, NO_SERVER, SERVER_GONE };
enum unread {
    READ,
    DSA_DENIED,
    SERVER_DENIED,
    VALUE_DENIED,
    VALUE_HIDDEN,
    DOMAIN_UNKNOWN,
    DOMAIN_UNSEEN,
    ACCOUNTS_UNREAD,
    UAC_UNREAD,
    TARGET_UNREAD,
    FROM_CATALOG, /* an absent value only */
    UNREADS
};
enum value { ABSENT, ACCOUNT, OTHER_OBJECT, NOWHERE, VALUES };

/* What forbids a write whatever the verdict; B6: whether another holds it is unknown. */
static const enum finding_kind stops[] = {B6, B8, B9, B11, B13, B14, B17};

struct plan_of {
    enum above above;
    enum unread unread;
    bool domain_gone, survey;
    enum value value;
    size_t named; /* account index, when the value names one */
    enum role roles[5];
    size_t count;
    finding_set stops;
};

static enum value draw_value(struct plan_of *plan)
{
    enum value value = one_in(3) ? ABSENT : (enum value)below(VALUES);
    if (value == ACCOUNT && plan->count == 0)
        value = NOWHERE;
    plan->named = value == ACCOUNT ? below((unsigned)plan->count) : 0;
    return value;
}

static enum unread draw_unread(const struct plan_of *plan)
{
    enum unread unread = one_in(6) ? (enum unread)below(UNREADS) : READ;
    bool absent = plan->value == ABSENT;
    if ((unread == VALUE_HIDDEN || unread == FROM_CATALOG) && !absent)
        return READ;
    if (unread == TARGET_UNREAD && absent)
        return READ;
    bool computer =
        plan->count > 0 && plan->roles[0] < OLD_DELETED && plan->roles[0] != TRUE_NO_COMPUTER;
    return unread == UAC_UNREAD && !computer ? READ : unread;
}

/* The source's copy names one account at most. */
static void draw_roles(struct plan_of *plan)
{
    bool taken = false;
    plan->count = below(5);
    for (size_t i = 0; i < plan->count; i++) {
        enum role role = (enum role)below(one_in(3) ? TAKEN_BY_DSA : ROLES);
        bool source = role == BY_SOURCE || role == SOURCE_NAME;
        plan->roles[i] = source && taken ? NAMESAKE : role;
        taken = taken || source;
    }
}

static bool is_role_of_copy(enum role role)
{
    return role == COPY_ONLY || role == BY_SOURCE || role == SOURCE_NAME;
}

static struct plan_of draw_plan(void)
{
    struct plan_of plan = {.above = LIVE};
    if (one_in(10))
        plan.above = (enum above)below(SERVER_GONE + 1);
    draw_roles(&plan);
    plan.value = draw_value(&plan);
    plan.unread = draw_unread(&plan);
    plan.domain_gone = plan.unread != DOMAIN_UNSEEN && one_in(40);
    plan.survey = one_in(12);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        if (one_in(12))
            plan.stops |= FINDING_BIT(stops[i]);
    return plan;
}

/* ---- from the plan to the facts ---- */

static void plant_above(struct facts *facts, enum above above)
{
    static const char mark[] = "\\0ACNF:3dab7f9b-92e7-4391-b8db-71df532c1493";
    char *place = dn_ancestor(facts->srv.dn, 1), *dn = NULL;
    facts->dsa.deleted = above == TOMBSTONE;
    facts->dsa.is_dsa = above != OTHER_CLASS;
    if (above == UNKNOWN)
        facts->dsa.part = PART_ABSENT;
    if (above == TOMBSTONE)
        dn = str_format("CN=NTDS Settings\\0ADEL:x,CN=LIVDC01\\0ADEL:y,%s", place);
    if (above == OWN_MARK)
        dn = str_format("CN=NTDS Settings%s,%s", mark, facts->srv.dn);
    if (above == PARENT_MARK)
        dn = str_format("CN=NTDS Settings,CN=LIVDC01%s,%s", mark, place);
    if (above == NO_SERVER)
        facts->srv.is_server = false;
    if (above == SERVER_GONE)
        facts->srv.deleted = true;
    if (dn)
        mem_set(&facts->dsa.dn, dn);
    free(dn);
    free(place);
}

static enum part not_read(void)
{
    static const enum part parts[] = {PART_NOT_ASKED, PART_NO_ANSWER, PART_DENIED};
    return parts[below(3)];
}

/* The access list says so, or a back link that was seen on a live account. */
static void hide_value(struct facts *facts)
{
    struct facts_account *last =
        facts->account_count ? &facts->accounts[facts->account_count - 1] : NULL;
    /* a back link counts where the judged DC holds the account itself */
    bool here = last && last->domain_dn && dn_equal(last->domain_dn, facts->dsa.domain_dn);
    bool by_link = here && !last->deleted && one_in(2);
    facts->srv.may_read = by_link ? FLAG_UNKNOWN : FLAG_NO;
    if (by_link)
        last->held_by_s = true;
}

static void hide_account(struct facts_account *account)
{
    if (one_in(2))
        account->has_uac = false;
    else if (facts_has_dc_bits(account) && one_in(2))
        account->group_hidden = true, account->primary_group = 0;
    else
        account->spns_part = PART_DENIED;
}

static void plant_unread(struct facts *facts, enum unread unread)
{
    if (unread == DSA_DENIED)
        facts->dsa.part = not_read();
    if (unread == SERVER_DENIED)
        facts->srv.part = not_read();
    if (unread == VALUE_DENIED)
        facts->srv.reference = not_read();
    if (unread == VALUE_HIDDEN)
        hide_value(facts);
    if (unread == DOMAIN_UNKNOWN)
        facts->dsa.domain = one_in(2) ? PART_ABSENT : not_read();
    if (unread == DOMAIN_UNSEEN)
        facts->domain_live = not_read();
    if (unread == ACCOUNTS_UNREAD)
        facts->accounts_part = not_read();
    if (unread == UAC_UNREAD)
        hide_account(&facts->accounts[0]);
    if (unread == TARGET_UNREAD)
        facts->target.part = not_read();
    if (unread == FROM_CATALOG)
        facts->server.port = one_in(2) ? 3268 : 3269;
}

static void plant_weak_connection(struct facts *facts)
{
    unsigned which = below(4);
    if (which == 0)
        facts->server.signed_in = false;
    if (which == 1)
        facts->server.ssf = below(56);
    if (which == 2)
        facts->server.has_dsa_guid = false;
    if (which == 3)
        facts->server.read_only = FLAG_YES;
}

static void plant_account_stop(struct facts_account *account, finding_set stopped)
{
    if (stopped & FINDING_BIT(B6) && account->holder_count == 0)
        account->holders_part = not_read();
    if (!(stopped & FINDING_BIT(B14)))
        return;
    if (one_in(3))
        account->here_deleted = true;
    else if (one_in(2))
        account->here = one_in(2) ? PART_ABSENT : not_read();
    else
        mem_set(&account->here_dn, "CN=LIVDC01,CN=Somewhere," BUILD_DOMAIN);
    account->here_dn_taken = one_in(2);
}

static void plant_stops(struct facts *facts, finding_set stopped)
{
    if (stopped & FINDING_BIT(B8))
        build_copy_names(build_copy(facts, "third.contoso.com"), BUILD_OTHER + 50,
                         "CN=THIRD,OU=Domain Controllers," BUILD_DOMAIN);
    if (stopped & FINDING_BIT(B9))
        plant_weak_connection(facts);
    if (stopped & FINDING_BIT(B11))
        facts->srv.rights = one_in(2) ? not_read() : PART_PRESENT, facts->srv.may_write = false;
    facts->conflict = stopped & FINDING_BIT(B13);
    if (stopped & FINDING_BIT(B17))
        facts->here_options |= DSA_NO_INBOUND | DSA_NO_OUTBOUND;
    else if (one_in(4))
        facts->here_options |= one_in(2) ? DSA_NO_INBOUND : DSA_NO_OUTBOUND;
    for (size_t i = 0; i < facts->account_count; i++)
        plant_account_stop(&facts->accounts[i], stopped);
}

/* What must not matter for the verdict. */
static void plant_noise(struct facts *facts)
{
    if (one_in(3))
        build_twin(facts, "LIVDC01", "Paris", one_in(2));
    if (one_in(3))
        build_link(facts, one_in(2) ? 8589 : 1722, BUILD_NOW - (time_t)below(400) * BUILD_DAY);
    if (one_in(6))
        build_successor(facts, "LIVDC01");
    facts->dns = (enum dns_state)below(4);
    facts->server.synchronized = (enum server_flag)below(3);
    facts->other_dc_read = one_in(6);
    if (one_in(3))
        facts->destination = mem_text("mandc01.contoso.com");
    if (one_in(4) && facts->copies[1].state == COPY_ABSENT)
        build_copy_says(&facts->copies[1], (enum copy_state)(COPY_ABSENT + below(5)));
    if (one_in(10))
        mem_set(&facts->srv.site, NULL);
    if (facts->account_count && one_in(4))
        facts->accounts[0].held_by_s = true; /* another DC has the link: the right was proven */
}

static void plant_value(struct facts *facts, const struct plan_of *plan)
{
    if (plan->value == ABSENT)
        build_absent(facts);
    if (plan->value == ACCOUNT)
        build_names(facts, plan->named);
    if (plan->value == OTHER_OBJECT)
        build_names_other(facts, "user");
    if (plan->value == NOWHERE)
        build_names_nothing(facts);
}

static void build_plan(struct facts *facts, const struct plan_of *plan)
{
    build_bare(facts);
    for (size_t i = 0; i < plan->count; i++)
        plant_account(facts, plan->roles[i]);
    plant_value(facts, plan);
    plant_noise(facts);
    plant_above(facts, plan->above);
    plant_stops(facts, plan->stops);
    if (plan->domain_gone)
        facts->domain_live = PART_ABSENT;
    plant_unread(facts, plan->unread);
    facts->survey = plan->survey;
}

/* ---- what must come out ---- */

struct outcome {
    enum verdict_kind kind;
    size_t account; /* the one proposed or healthy; else VERDICT_NO_ACCOUNT */
    enum level level;
};

static const struct worth *worth_of(const struct plan_of *plan, size_t index)
{
    return &worths[plan->roles[index]];
}

static bool is_named(const struct plan_of *plan, size_t index)
{
    return plan->value == ACCOUNT && plan->named == index;
}

/* Another DC's copy of the very value that is judged is no second opinion. */
static bool ties(const struct plan_of *plan, size_t index)
{
    bool itself = plan->roles[index] == COPY_ONLY && is_named(plan, index);
    return worth_of(plan, index)->usable && worth_of(plan, index)->ties && !itself;
}

/* Could this account be meant? `lonely`: nothing usable ties anybody to N. */
static bool could_be_meant(const struct plan_of *plan, size_t index, bool lonely)
{
    const struct worth *worth = worth_of(plan, index);
    bool alone = is_named(plan, index) && lonely && !worth->elsewhere;
    return worth->usable && (ties(plan, index) || alone);
}

/* The candidates in three classes: by level, and within LOW those that are nobody else's first. */
static struct outcome choose(const struct plan_of *plan)
{
    struct outcome best = {VERDICT_NO_COMPUTER, VERDICT_NO_ACCOUNT, LEVEL_NONE};
    bool lonely = true, best_elsewhere = false;
    size_t equals = 0;
    for (size_t i = 0; i < plan->count; i++)
        lonely = lonely && !ties(plan, i);
    for (size_t i = 0; i < plan->count; i++) {
        const struct worth *worth = worth_of(plan, i);
        if (!could_be_meant(plan, i, lonely))
            continue;
        bool better = best.account == VERDICT_NO_ACCOUNT || worth->level > best.level ||
                      (worth->level == best.level && best_elsewhere && !worth->elsewhere);
        if (better) {
            best = (struct outcome){VERDICT_UNPROVEN, i, worth->level};
            best_elsewhere = worth->elsewhere;
            equals = 1;
        } else if (worth->level == best.level && worth->elsewhere == best_elsewhere) {
            equals++;
        }
    }
    if (equals > 1)
        return (struct outcome){VERDICT_AMBIGUOUS, VERDICT_NO_ACCOUNT, LEVEL_NONE};
    return best;
}

static bool strong_elsewhere(const struct plan_of *plan, size_t account)
{
    for (size_t i = 0; i < plan->count; i++)
        if (i != account && worth_of(plan, i)->strong)
            return true;
    return false;
}

static bool target_is_gone(const struct plan_of *plan)
{
    if (plan->value == NOWHERE)
        return true;
    enum role role = plan->value == ACCOUNT ? plan->roles[plan->named] : PLAIN_DC;
    return role == OLD_DELETED || role == OLD_RESTORABLE;
}

static const struct outcome tie = {VERDICT_AMBIGUOUS, VERDICT_NO_ACCOUNT, LEVEL_NONE};

static struct outcome expect_value(const struct plan_of *plan)
{
    struct outcome best = choose(plan);
    if (best.account == VERDICT_NO_ACCOUNT)
        return best;
    if (plan->value == ACCOUNT && plan->named == best.account)
        best.kind = VERDICT_HEALTHY;
    else if (plan->value == ABSENT && best.level == LEVEL_MEDIUM &&
             strong_elsewhere(plan, best.account))
        return tie;
    else if (plan->value == ABSENT)
        best.kind = best.level >= LEVEL_MEDIUM ? VERDICT_MISSING : VERDICT_UNPROVEN;
    else if (plan->value == ACCOUNT && worth_of(plan, plan->named)->guarded)
        return tie;
    else if (best.level == LEVEL_HIGH)
        best.kind = target_is_gone(plan) ? VERDICT_DANGLING : VERDICT_WRONG_TARGET;
    return best;
}

static struct outcome expect(const struct plan_of *plan)
{
    struct outcome none = {VERDICT_NO_COMPUTER, VERDICT_NO_ACCOUNT, LEVEL_NONE};
    if (plan->unread == DSA_DENIED)
        none.kind = VERDICT_UNREADABLE;
    else if (plan->above == UNKNOWN || plan->above == OTHER_CLASS)
        none.kind = VERDICT_UNKNOWN_DSA;
    else if (plan->above == TOMBSTONE)
        none.kind = VERDICT_DELETED_DSA;
    else if (plan->unread == SERVER_DENIED && plan->above >= NO_SERVER)
        none.kind = VERDICT_UNREADABLE; /* that it is no live server was not read either */
    else if (plan->above != LIVE)
        none.kind = VERDICT_ORPHANED_DSA;
    else if (plan->unread != READ &&
             (!plan->domain_gone || plan->unread < DOMAIN_UNSEEN || plan->unread == FROM_CATALOG))
        none.kind = VERDICT_UNREADABLE;
    else if (!plan->domain_gone)
        return expect_value(plan);
    return none;
}

/* ---- the comparison ---- */

static bool offered(enum verdict_kind kind)
{
    return kind == VERDICT_MISSING || kind == VERDICT_DANGLING || kind == VERDICT_WRONG_TARGET;
}

/* B6 unknown is planted only where nobody holds the account. */
static finding_set effective_stops(const struct plan_of *plan, const struct facts *facts,
                                   size_t account)
{
    finding_set stopped = plan->stops;
    if (facts->accounts[account].holder_count > 0)
        stopped &= ~FINDING_BIT(B6);
    /* A copy that names another candidate is a third opinion as well. */
    for (size_t i = 0; i < plan->count; i++)
        if (i != account && is_role_of_copy(plan->roles[i]) &&
            !(plan->value == ACCOUNT && plan->named == i))
            stopped |= FINDING_BIT(B8);
    return stopped;
}

static const char *compare_stops(const struct plan_of *plan, const struct facts *facts,
                                 const struct outcome *wanted, const struct verdict *verdict)
{
    if (plan->survey)
        return verdict->writable ? "a survey writes nothing" : NULL;
    finding_set stopped = effective_stops(plan, facts, wanted->account);
    if (verdict->writable != (stopped == 0))
        return "writable without a planted blocker, and only then";
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        if ((verdict->blockers.set ^ stopped) & FINDING_BIT(stops[i]))
            return "the blockers are the planted ones";
    return NULL;
}

static const char *compare(const struct plan_of *plan, const struct facts *facts,
                           const struct verdict *verdict)
{
    struct outcome wanted = expect(plan);
    if (verdict->kind != wanted.kind)
        return "the verdict";
    if (verdict->account != wanted.account)
        return "the account";
    if (verdict->confidence != wanted.level)
        return "the level";
    if (offered(wanted.kind) && !str_same(verdict->proposed, facts->accounts[wanted.account].dn))
        return "the proposed value";
    const char *broken = build_broken(facts, verdict);
    if (!broken && offered(wanted.kind))
        broken = compare_stops(plan, facts, &wanted, verdict);
    return broken;
}

/* The operator's choice of any account: never a better offer than the judge's own. */
static const char *compare_choice(const struct facts *facts, const struct verdict *verdict)
{
    size_t account = below((unsigned)facts->account_count + 1);
    struct verdict chosen;
    diagnose_choice(facts, account, &chosen);
    const char *broken = build_broken(facts, &chosen);
    if (!broken && chosen.proposed && !str_same(chosen.proposed, verdict->proposed))
        broken = "a choice proposes something else";
    if (!broken && chosen.writable && !verdict->writable)
        broken = "a choice is writable";
    if (!broken && verdict->kind < VERDICT_AMBIGUOUS && chosen.kind != verdict->kind)
        broken = "a choice hides an earlier verdict";
    verdict_release(&chosen);
    return broken;
}

static void fail_with(uint64_t seed, const struct plan_of *plan, const struct verdict *verdict,
                      const char *broken)
{
    struct outcome wanted = expect(plan);
    struct str s = STR_INIT;
    str_addf(&s, "DCMEND_SEED=%" PRIu64 ": %s.\n", seed, broken);
    str_addf(&s, "got %s account %zd level %d writable %d; wanted %s account %zd level %d\n",
             verdict_name(verdict->kind), (ssize_t)verdict->account, (int)verdict->confidence,
             verdict->writable, verdict_name(wanted.kind), (ssize_t)wanted.account,
             (int)wanted.level);
    str_addf(&s, "plan: above %d unread %d gone %d survey %d value %d named %zu stops %llx roles",
             (int)plan->above, (int)plan->unread, plan->domain_gone, plan->survey, (int)plan->value,
             plan->named, (unsigned long long)plan->stops);
    for (size_t i = 0; i < plan->count; i++)
        str_addf(&s, " %d", (int)plan->roles[i]);
    str_addf(&s, "\nblockers:");
    for (size_t i = 0; i < verdict->blockers.count; i++)
        str_addf(&s, " %s", finding_name(verdict->blockers.items[i].kind));
    ck_abort_msg("%s", str_text(&s));
}

static void judge_once(uint64_t seed, const struct plan_of *plan, const struct facts *facts,
                       unsigned seen[VERDICT_KINDS])
{
    struct verdict verdict;
    diagnose(facts, &verdict);
    const char *broken = compare(plan, facts, &verdict);
    if (!broken && one_in(8))
        broken = compare_choice(facts, &verdict);
    if (broken)
        fail_with(seed, plan, &verdict, broken);
    seen[verdict.kind]++;
    verdict_release(&verdict);
}

/* One forest; where everything was read, with five more values on the server object (building costs
 * more than judging). Returns how many facts were judged. */
static unsigned play(uint64_t seed, unsigned seen[VERDICT_KINDS])
{
    struct facts facts;
    state = seed;
    struct plan_of plan = draw_plan();
    unsigned more = plan.unread == READ ? 5 : 0;
    build_plan(&facts, &plan);
    judge_once(seed, &plan, &facts, seen);
    for (unsigned i = 0; i < more; i++) {
        plan.value = draw_value(&plan);
        plant_value(&facts, &plan);
        judge_once(seed, &plan, &facts, seen);
    }
    facts_release(&facts);
    return 1 + more;
}

static uint64_t first_seed;

START_TEST(judged_as_planted)
{
    unsigned seen[VERDICT_KINDS] = {0};
    uint64_t seed = first_seed + (uint64_t)_i * FACTS;
    for (unsigned count = 0; count < FACTS; seed++)
        count += play(seed, seen);
    for (int kind = 0; kind < VERDICT_KINDS; kind++)
        ck_assert_msg(seen[kind] > 0, "no plan gave %s", verdict_name((enum verdict_kind)kind));
}
END_TEST

int main(void)
{
    const char *given = getenv("DCMEND_SEED");
    first_seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) << 20;
    printf("DCMEND_SEED=%" PRIu64 "\n", first_seed);
    fflush(stdout);
    Suite *suite = suite_create("diagnose property");
    TCase *tests = tcase_create("property");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, judged_as_planted, 0, SLICES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
