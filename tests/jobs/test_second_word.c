/* Two DCs of another domain, one of which may lag behind a re-creation: the account that the first
 * one gave is believed as far as the second one goes. */
#include "src/jobs/second_word.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_GUID "c01d0000-0000-0000-0000-000000000001"
#define SECOND_GUID "c01d0000-0000-0000-0000-000000000002"
#define TOMB(guid) "CN=LIVDC02\\0ADEL:" guid ",CN=Deleted Objects," CHILD

/* The judged DC, dc1, holds contoso.com alone; DC1's DSA plays the child's first DC as well. */
struct world {
    struct lab lab;
    struct responder *first, *second;
    struct responder_dc second_dc; /* as the judged DC knows it */
    struct elsewhere first_way, ways;
    struct verdict verdict;
};

static void add_account(struct world *w, struct responder *dc, const char *guid)
{
    lab_child_account(dc, guid, responder_guid(w->lab.dc.ntds));
}

static void add_tomb(struct responder *dc, const char *guid, const char *dn)
{
    struct responder_entry *entry = responder_entry(dc, dn, guid);
    responder_value(entry, "objectClass", "computer");
    responder_value(entry, "sAMAccountName", "LIVDC02$");
    responder_value(entry, "userAccountControl", "532480");
    responder_tombstone(entry);
}

/* That DC answers as this DSA, which the judged one knows under the host name of all responders. */
static void runs_as(struct responder *dc, const struct responder_dc *known, const char *name,
                    const char *site)
{
    struct responder_entry *root = responder_root(dc);
    char *server = str_format("CN=%s,CN=Servers,CN=%s," SITES, name, site);
    char *ntds = str_format("CN=NTDS Settings,%s", server);
    responder_add_dc(dc, name, site);
    responder_clear(root, "dsServiceName");
    responder_clear(root, "serverName");
    responder_link(root, "dsServiceName", ntds);
    responder_link(root, "serverName", server);
    responder_set(known->server, "dNSHostName", "dc1.contoso.com");
    free(server);
    free(ntds);
}

static void start(struct world *w)
{
    *w = (struct world){.first_way = {.each_ms = 2000}, .ways = {.each_ms = 2000}};
    lab_start(&w->lab);
    lab_move_to_child(&w->lab);
    w->first = lab_child_dc();
    w->second = lab_child_dc();
    w->second_dc = responder_add_dc(w->lab.responder, "DC6", "Main");
    runs_as(w->second, &w->second_dc, "DC6", "Main");
    responder_set(responder_root(w->second), "dnsHostName", "dc6.child.contoso.com");
}

static void end(struct world *w)
{
    verdict_release(&w->verdict);
    elsewhere_release(&w->first_way);
    elsewhere_release(&w->ways);
    lab_end(&w->lab);
    responder_free(w->first);
    responder_free(w->second);
}

static void judge(struct world *w, bool answers)
{
    responder_signin(w->first, mem_push((void *)&w->first_way.dcs, &w->first_way.dc_count,
                                        sizeof *w->first_way.dcs));
    if (answers)
        responder_signin(w->second,
                         mem_push((void *)&w->ways.dcs, &w->ways.dc_count, sizeof *w->ways.dcs));
    lab_read(&w->lab);
    struct err *err = elsewhere_read(w->lab.session, &w->first_way, NULL, &w->lab.facts);
    if (!err)
        err = second_word_read(w->lab.session, &w->ways, &w->lab.facts);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    diagnose(&w->lab.facts, &w->verdict);
}

static void expect_proposed(struct world *w, const char *guid, enum level level)
{
    char text[GUID_TEXT];
    ck_assert_str_eq(verdict_name(w->verdict.kind), "missing");
    ck_assert_int_eq(w->verdict.confidence, level);
    ck_assert_str_eq(guid_text(&w->lab.facts.accounts[w->verdict.account].guid, text), guid);
    ck_assert(!findings_has(&w->verdict.blockers, B14));
    ck_assert(w->verdict.writable);
}

START_TEST(the_second_shows_the_same)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, FIRST_GUID);
    add_account(&w, w.second, FIRST_GUID);
    judge(&w, true);
    expect_proposed(&w, FIRST_GUID, LEVEL_HIGH);
    ck_assert_ptr_null(strstr(w.verdict.unchecked, "vouches"));
    end(&w);
}
END_TEST

/* What an RODC shows, it may have from the very DC that lags. */
START_TEST(a_read_only_one_confirms_nothing)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, FIRST_GUID);
    add_account(&w, w.second, FIRST_GUID);
    responder_value(responder_root(w.second), "supportedCapabilities", "1.2.840.113556.1.4.1920");
    judge(&w, true);
    expect_proposed(&w, FIRST_GUID, LEVEL_MEDIUM);
    end(&w);
}
END_TEST

/* The first one lags: what it shows is dead, and the one that was made anew is proposed. */
START_TEST(the_second_knows_better)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, FIRST_GUID);
    add_tomb(w.second, FIRST_GUID, TOMB(FIRST_GUID));
    add_account(&w, w.second, SECOND_GUID);
    judge(&w, true);
    expect_proposed(&w, SECOND_GUID, LEVEL_HIGH);
    end(&w);
}
END_TEST

/* It was not made anew: there is nothing to write. */
START_TEST(the_second_knows_it_as_deleted)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, FIRST_GUID);
    add_tomb(w.second, FIRST_GUID, TOMB(FIRST_GUID));
    judge(&w, true);
    ck_assert_str_eq(verdict_name(w.verdict.kind), "no-computer");
    end(&w);
}
END_TEST

START_TEST(the_second_lags)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, SECOND_GUID);
    add_tomb(w.first, FIRST_GUID, TOMB(FIRST_GUID));
    add_account(&w, w.second, FIRST_GUID);
    judge(&w, true);
    expect_proposed(&w, SECOND_GUID, LEVEL_HIGH);
    end(&w);
}
END_TEST

/* Neither knows the other's account, alive or dead: which one lags cannot be told. */
START_TEST(they_disagree)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, FIRST_GUID);
    add_account(&w, w.second, SECOND_GUID);
    judge(&w, true);
    ck_assert(!w.verdict.writable && !w.verdict.proposed);
    const char *why = NULL;
    for (size_t i = 0; i < w.verdict.blockers.count; i++)
        if (w.verdict.blockers.items[i].kind == B14)
            why = w.verdict.blockers.items[i].text;
    ck_assert_ptr_nonnull(why);
    ck_assert_ptr_nonnull(strstr(why, FIRST_GUID));
    ck_assert_ptr_nonnull(strstr(why, SECOND_GUID));
    end(&w);
}
END_TEST

START_TEST(the_second_knows_nothing)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, FIRST_GUID);
    judge(&w, true);
    expect_proposed(&w, FIRST_GUID, LEVEL_MEDIUM);
    ck_assert_ptr_nonnull(strstr(findings_first(&w.verdict.second, FINDING_SECOND), "vouches"));
    end(&w);
}
END_TEST

/* By the configuration the child has two DCs, or none but the one that gave the account; a list
 * that does not show that one proves nothing. */
START_TEST(nobody_else_answers)
{
    struct world w;
    start(&w);
    add_account(&w, w.first, FIRST_GUID);
    if (_i >= 1)
        runs_as(w.first, &w.lab.dc, "LIVDC02", "Liverpool");
    if (_i == 2) { /* by the older list alone */
        responder_clear(w.lab.dc.ntds, "msDS-HasDomainNCs");
        responder_clear(w.lab.dc.ntds, "msDS-hasMasterNCs");
        responder_link(w.lab.dc.ntds, "msDS-hasMasterNCs", CHILD);
    }
    judge(&w, false);
    expect_proposed(&w, FIRST_GUID, _i == 1 ? LEVEL_HIGH : LEVEL_MEDIUM);
    const char *second = findings_first(&w.verdict.second, FINDING_SECOND);
    if (_i == 1)
        ck_assert_ptr_nonnull(strstr(w.verdict.unchecked, "the only DC of child.contoso.com"));
    else
        ck_assert_ptr_nonnull(strstr(second, "vouches"));
    end(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("second word");
    TCase *tests = tcase_create("second word");
    tcase_add_test(tests, the_second_shows_the_same);
    tcase_add_test(tests, a_read_only_one_confirms_nothing);
    tcase_add_test(tests, the_second_knows_better);
    tcase_add_test(tests, the_second_knows_it_as_deleted);
    tcase_add_test(tests, the_second_lags);
    tcase_add_test(tests, they_disagree);
    tcase_add_test(tests, the_second_knows_nothing);
    tcase_add_loop_test(tests, nobody_else_answers, 0, 3);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
