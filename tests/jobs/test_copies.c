/* The copies of other DCs, played by responders: what each state looks like, who stands behind a
 * name, who keeps silent, and what the answers become among the facts. */
#include "src/jobs/copies_parts.h"

#include "src/base/mem.h"
#include "src/jobs/inspect.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DCS = 12 };

/* The judged forest, and more DCs that hold copies of it: a responder each. */
struct world {
    struct lab lab;
    struct responder *dcs[DCS];
    struct responder_entry *server[DCS], *ntds[DCS];
    size_t count;
    struct copies copies;
};

static void start(struct world *w)
{
    *w = (struct world){.count = 0};
    lab_start(&w->lab);
    lab_read(&w->lab);
    w->copies = (struct copies){
        .server = w->lab.facts.srv.guid, .dsa = w->lab.facts.dsa.guid, .each_ms = 5000};
}

static void end(struct world *w)
{
    copies_release(&w->copies);
    for (size_t i = 0; i < w->count; i++)
        responder_free(w->dcs[i]);
    lab_end(&w->lab);
}

static struct guid guid_of(const struct responder_entry *entry)
{
    struct guid guid;
    ck_assert(guid_parse(responder_guid(entry), &guid));
    return guid;
}

/* One more DC that holds S; `own` is the GUID of its DSA (NULL: made). */
static size_t add_dc(struct world *w, const char *own)
{
    size_t i = w->count++;
    struct responder *dc = w->dcs[i] = responder_new();
    struct responder_entry *root = responder_root(dc);
    char *name = str_format("COPY%zu", i), *host = str_format("copy%zu.contoso.com", i);
    char *ntds = str_format("CN=NTDS Settings,CN=%s,CN=Servers,CN=Main," SITES, name);
    w->ntds[i] = responder_entry(dc, ntds, own);
    responder_value(w->ntds[i], "objectClass", "nTDSDSA");
    responder_clear(root, "dsServiceName");
    responder_link(root, "dsServiceName", ntds);
    char *service = str_format("contoso.com:%s$@CONTOSO.COM", name);
    responder_set(root, "ldapServiceName", service);
    w->server[i] = responder_entry(dc, LIVDC02, responder_guid(w->lab.dc.server));
    responder_value(w->server[i], "objectClass", "server");
    struct responder_entry *account =
        responder_entry(dc, ACCOUNT, responder_guid(w->lab.dc.computer));
    responder_value(account, "objectClass", "computer");
    struct copy_asked *asked = MEM_PUSH(w->copies.dcs, w->copies.count);
    *asked = (struct copy_asked){.host = mem_text(host), .may_ask = true};
    asked->dsa = guid_of(w->ntds[i]);
    asked->state = COPY_NOT_ASKED;
    responder_signin(dc, &asked->signin);
    free(name);
    free(host);
    free(ntds);
    free(service);
    return i;
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long run(struct world *w)
{
    long began = now_ms();
    copies_run(&w->copies, NULL, NULL, NULL);
    return now_ms() - began;
}

static void expect(const struct world *w, size_t i, enum copy_state state, const char *why)
{
    const struct copy_asked *dc = &w->copies.dcs[i];
    ck_assert_msg(dc->state == state, "%zu: %s", i, copy_state_name(dc->state));
    if (why)
        ck_assert_msg(dc->why && strstr(dc->why, why), "%zu: %s", i, dc->why ? dc->why : "-");
    else
        ck_assert_msg(!dc->why, "%zu: %s", i, dc->why);
}

static const struct facts_copy *copy_of(const struct world *w, size_t i)
{
    struct guid guid = guid_of(w->ntds[i]);
    for (size_t n = 0; n < w->lab.facts.copy_count; n++)
        if (guid_equal(&w->lab.facts.copies[n].dsa_guid, &guid))
            return &w->lab.facts.copies[n];
    return NULL;
}

START_TEST(each_state)
{
    struct world w;
    start(&w);
    for (int i = 0; i < 7; i++)
        add_dc(&w, NULL);
    responder_link(w.server[0], "serverReference", ACCOUNT);
    responder_gone(w.server[2]);
    responder_tombstone(w.server[3]);
    w.copies.dcs[4].dsa.bytes[0] ^= 1; /* another one is meant there */
    responder_search_answer(w.dcs[5], responder_guid(w.lab.dc.server), NULL, 50, "no", 0);
    responder_bind_answer(w.dcs[6], 49, "no");
    run(&w);
    expect(&w, 0, COPY_VALUE, NULL);
    ck_assert_str_eq(w.copies.dcs[0].value.dn, ACCOUNT);
    ck_assert(w.copies.dcs[0].value.has_guid && w.copies.dcs[0].proven);
    expect(&w, 1, COPY_ABSENT, NULL);
    expect(&w, 2, COPY_NO_OBJECT, NULL);
    expect(&w, 3, COPY_NO_OBJECT, "deleted");
    expect(&w, 4, COPY_UNREACHABLE, "another DSA");
    expect(&w, 5, COPY_UNREADABLE, "permitted");
    expect(&w, 6, COPY_UNREACHABLE, "refused the sign-in");
    copies_merge(&w.copies, &w.lab.facts);
    ck_assert_int_eq(copy_of(&w, 0)->state, COPY_VALUE);
    ck_assert(copy_of(&w, 0)->proven && !copy_of(&w, 0)->is_source);
    ck_assert_int_eq(copy_of(&w, 1)->state, COPY_ABSENT);
    end(&w);
}
END_TEST

/* Twelve DCs, half of them silent in one way or another: no slower than two rounds. */
START_TEST(silence_holds_nobody_up)
{
    static const enum responder_fault faults[] = {FAULT_STALL, FAULT_HALF,  FAULT_WRONG_ID,
                                                  FAULT_DROP,  FAULT_STALL, FAULT_GARBAGE};
    struct world w;
    start(&w);
    w.copies.each_ms = 1000;
    for (size_t i = 0; i < DCS; i++) {
        add_dc(&w, NULL);
        responder_link(w.server[i], "serverReference", ACCOUNT);
        if (i % 2)
            responder_fault(w.dcs[i], faults[i / 2], i == 1 ? OP_BIND : OP_SEARCH, i == 1 ? 1 : 2);
    }
    ck_assert_int_lt(run(&w), 4000);
    for (size_t i = 0; i < DCS; i++)
        if (i % 2)
            ck_assert_msg(w.copies.dcs[i].state == COPY_UNREACHABLE ||
                              w.copies.dcs[i].state == COPY_UNREADABLE,
                          "%zu", i);
        else
            expect(&w, i, COPY_VALUE, NULL);
    expect(&w, 1, COPY_UNREACHABLE, "no answer in 1 s");
    end(&w);
}
END_TEST

START_TEST(a_cancel_leaves_the_rest_unasked)
{
    struct world w;
    start(&w);
    add_dc(&w, NULL);
    struct cancel *cancel = cancel_new();
    cancel_raise(cancel);
    copies_run(&w.copies, cancel, NULL, NULL);
    expect(&w, 0, COPY_NOT_ASKED, "called off");
    cancel_free(cancel);
    end(&w);
}
END_TEST

/* N's own machine says who it is, by its DSA and its account. */
START_TEST(the_machine_itself)
{
    static const struct {
        const char *service;
        bool other, runs_n, is_account;
    } cases[] = {
        {"contoso.com:livdc02$@CONTOSO.COM", false, true, true},
        {"contoso.com:LIVDC02$@contoso.com", false, true, true},
        {"contoso.com:livdc03$@CONTOSO.COM", false, true, false},
        {"contoso.com:livdc02$@FABRIKAM.COM", false, true, false},
        {"nonsense", false, true, false},
        {"contoso.com:livdc02$@CONTOSO.COM", true, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w;
        start(&w);
        add_dc(&w, cases[i].other ? NULL : responder_guid(w.lab.dc.ntds));
        w.copies.dcs[0].dsa = w.lab.facts.dsa.guid;
        responder_set(responder_root(w.dcs[0]), "ldapServiceName", cases[i].service);
        run(&w);
        copies_merge(&w.copies, &w.lab.facts);
        const struct facts_account *account = &w.lab.facts.accounts[0];
        ck_assert_int_eq(account->live, PART_PRESENT);
        ck_assert_msg(account->live_runs_n == cases[i].runs_n, "%zu", i);
        ck_assert_msg(account->live_is_account == cases[i].is_account, "%zu", i);
        end(&w);
    }
}
END_TEST

/* B7: a DSA that the judged DC does not know lives on another. */
START_TEST(a_dsa_that_lives_elsewhere)
{
    struct world w;
    start(&w);
    size_t i = add_dc(&w, NULL);
    struct facts_account *account = &w.lab.facts.accounts[0];
    struct guid other = guid_of(w.ntds[i]), nowhere = other;
    nowhere.bytes[0] ^= 1;
    facts_add_named(account, &other)->state = DSA_NOWHERE;
    facts_add_named(account, &nowhere)->state = DSA_NOWHERE;
    MEM_PUSH(w.copies.dcs[i].named, w.copies.dcs[i].named_count)->guid = other;
    MEM_PUSH(w.copies.dcs[i].named, w.copies.dcs[i].named_count)->guid = nowhere;
    run(&w);
    copies_merge(&w.copies, &w.lab.facts);
    account = &w.lab.facts.accounts[0];
    ck_assert_int_eq(facts_add_named(account, &other)->state, DSA_LIVE);
    ck_assert_ptr_nonnull(strstr(facts_add_named(account, &other)->dn, "COPY0"));
    ck_assert_int_eq(facts_add_named(account, &nowhere)->state, DSA_NOWHERE);
    end(&w);
}
END_TEST

/* A copy names an account that no name led to: it is read, so that it can be judged. */
START_TEST(an_account_that_only_a_copy_names)
{
    struct world w;
    start(&w);
    size_t i = add_dc(&w, NULL);
    struct responder_entry *other =
        lab_add(w.lab.responder, "CN=ELSE,OU=Branch," DOMAIN, "computer");
    responder_value(other, "sAMAccountName", "ELSE$");
    struct responder_entry *there =
        responder_entry(w.dcs[i], "CN=ELSE,OU=Branch," DOMAIN, responder_guid(other));
    responder_value(there, "objectClass", "computer");
    responder_link(w.server[i], "serverReference", "CN=ELSE,OU=Branch," DOMAIN);
    run(&w);
    copies_merge(&w.copies, &w.lab.facts);
    size_t before = w.lab.facts.account_count;
    ck_assert_ptr_null(inspect_follow(w.lab.session, &w.lab.facts));
    ck_assert_uint_eq(w.lab.facts.account_count, before + 1);
    ck_assert_str_eq(w.lab.facts.accounts[before].sam, "ELSE$");
    ck_assert_int_eq(w.lab.facts.accounts[before].here, PART_PRESENT);
    ck_assert_ptr_null(inspect_follow(w.lab.session, &w.lab.facts));
    ck_assert_uint_eq(w.lab.facts.account_count, before + 1);
    end(&w);
}
END_TEST

/* A password goes to one DC: after a simple bind the others are not asked, and say so. */
START_TEST(without_a_ticket)
{
    struct world w;
    struct copies copies;
    start(&w);
    copies_prepare(w.lab.session, &w.lab.facts, "dc9.contoso.com", &copies);
    ck_assert_uint_eq(copies.count, w.lab.facts.copy_count - 1 + 1);
    copies_run(&copies, NULL, NULL, NULL);
    copies_merge(&copies, &w.lab.facts);
    size_t last = w.lab.facts.copy_count - 1;
    ck_assert_str_eq(w.lab.facts.copies[last].server, "dc9.contoso.com");
    ck_assert(w.lab.facts.copies[last].is_picked);
    for (size_t i = 0; i <= last; i++)
        if (!w.lab.facts.copies[i].is_here) {
            ck_assert_int_eq(w.lab.facts.copies[i].state, COPY_NOT_ASKED);
            ck_assert_ptr_nonnull(strstr(w.lab.facts.copies[i].why, "ticket"));
        }
    copies_release(&copies);
    end(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("copies");
    TCase *tests = tcase_create("copies");
    tcase_add_test(tests, each_state);
    tcase_add_test(tests, silence_holds_nobody_up);
    tcase_add_test(tests, a_cancel_leaves_the_rest_unasked);
    tcase_add_test(tests, the_machine_itself);
    tcase_add_test(tests, a_dsa_that_lives_elsewhere);
    tcase_add_test(tests, an_account_that_only_a_copy_names);
    tcase_add_test(tests, without_a_ticket);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
