/* The candidate accounts: how each is found, what ties it to N or to others, and their reading on
 * another DC when the judged one holds no copy of the domain. */
#include "src/base/mem.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define DRS "E3514235-4B06-11D1-AB04-00C04FC2DCD2/"

static struct responder_entry *computer(struct lab *lab, const char *name)
{
    char *dn = str_format("CN=%s,OU=Branch," DOMAIN, name);
    struct responder_entry *entry = lab_add(lab->responder, dn, "computer");
    free(dn);
    return entry;
}

static struct facts_account *find(struct lab *lab, const struct responder_entry *entry)
{
    struct guid guid;
    guid_parse(responder_guid(entry), &guid);
    return facts_find_account(&lab->facts, &guid);
}

static void add_drs(struct responder_entry *entry, const char *guid)
{
    char *spn = str_format(DRS "%s/contoso.com", guid);
    responder_value(entry, "servicePrincipalName", spn);
    free(spn);
}

START_TEST(found_by_what_it_carries)
{
    static const struct {
        const char *name, *attribute, *value;
        bool found;
    } cases[] = {
        {"A", "sAMAccountName", "LIVDC02$", true},
        {"A", "dNSHostName", "livdc02.contoso.com", true},
        {"A", "dNSHostName", "livdc02.contoso.com.", true},
        {"LIVDC02", "sAMAccountName", "OTHER$", true},
        {"LIVDC02\\0ACNF:11111111-2222-3333-4444-555555555555", "sAMAccountName", "$DUPLICATE-450",
         true},
        {"A", "sAMAccountName", "LIVDC021$", false},
        {"LIVDC021", "dNSHostName", "livdc021.contoso.com", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab lab;
        lab_start(&lab);
        struct responder_entry *entry = computer(&lab, cases[i].name);
        responder_value(entry, cases[i].attribute, cases[i].value);
        responder_value(entry, "primaryGroupID", "516");
        lab_read(&lab);
        ck_assert_msg((find(&lab, entry) != NULL) == cases[i].found, "%zu", i);
        lab_end(&lab);
    }
}
END_TEST

/* No index has host names: asked beside what an index answers, they would make the DC walk over
 * 100,000 accounts. */
START_TEST(host_names_are_asked_among_dcs_alone)
{
    struct lab lab;
    lab_start(&lab);
    responder_windows(lab.responder);
    responder_clear(lab.dc.computer, "servicePrincipalName");
    responder_set(lab.dc.computer, "cn", "ELSE");
    responder_set(lab.dc.computer, "sAMAccountName", "ELSE$");
    responder_clear(lab.dc.server, "serverReference");
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.accounts_part, PART_PRESENT);
    ck_assert_ptr_nonnull(find(&lab, lab.dc.computer));
    lab_end(&lab);
}
END_TEST

START_TEST(found_by_its_spn)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_entry *entry = computer(&lab, "A");
    add_drs(entry, responder_guid(lab.dc.ntds));
    lab_read(&lab);
    ck_assert_ptr_nonnull(find(&lab, entry));
    char *spn = str_format("ldap/%s._msdcs.contoso.com", responder_guid(lab.dc.ntds));
    responder_set(entry, "servicePrincipalName", spn);
    free(spn);
    lab_read(&lab);
    ck_assert_ptr_nonnull(find(&lab, entry));
    lab_end(&lab);
}
END_TEST

START_TEST(deleted_ones_are_seen)
{
    struct lab lab;
    lab_start(&lab);
    responder_tombstone(lab.dc.computer);
    responder_clear(lab.dc.computer, "isRecycled"); /* there is a Recycle Bin */
    responder_clear(lab.dc.server, "serverReference");
    lab_read(&lab);
    struct facts_account *account = find(&lab, lab.dc.computer);
    ck_assert(account && account->deleted && account->recyclable && account->here_deleted);
    responder_value(lab.dc.computer, "isRecycled", "TRUE");
    lab_read(&lab);
    account = find(&lab, lab.dc.computer);
    ck_assert(account && account->deleted && !account->recyclable);
    lab_end(&lab);
}
END_TEST

START_TEST(tied_by_sysvol)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_entry *entry = computer(&lab, "SOMETHING-ELSE");
    lab_add(lab.responder, "CN=DFSR-GlobalSettings,CN=System," DOMAIN, "msDFSR-GlobalSettings");
    struct responder_entry *member =
        lab_add(lab.responder, "CN=LIVDC02,CN=Topology,CN=DFSR-GlobalSettings,CN=System," DOMAIN,
                "msDFSR-Member");
    responder_link(member, "serverReference", "CN=NTDS Settings," LIVDC02);
    responder_link(member, "msDFSR-ComputerReference", "CN=SOMETHING-ELSE,OU=Branch," DOMAIN);
    lab_read(&lab);
    struct facts_account *account = find(&lab, entry);
    ck_assert(account && account->sysvol_member);
    ck_assert(!find(&lab, lab.dc.computer)->sysvol_member);
    lab_end(&lab);
}
END_TEST

START_TEST(dsas_that_spns_name)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc other = responder_add_dc(lab.responder, "LIVDC03", "Liverpool");
    struct responder_dc dead = responder_add_dc(lab.responder, "LIVDC04", "Liverpool");
    responder_tombstone(dead.ntds);
    add_drs(lab.dc.computer, responder_guid(other.ntds));
    add_drs(lab.dc.computer, responder_guid(dead.ntds));
    add_drs(lab.dc.computer, "deadbeef-0000-0000-0000-000000000000");
    add_drs(lab.dc.computer, responder_guid(other.server));
    lab_read(&lab);
    const struct facts_account *account = find(&lab, lab.dc.computer);
    static const enum dsa_state expected[] = {DSA_LIVE, DSA_LIVE, DSA_TOMBSTONED, DSA_NOWHERE,
                                              DSA_NOWHERE};
    ck_assert_uint_eq(account->named_count, 5);
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(account->named[i].state, expected[i]);
    ck_assert_uint_eq(lab.turns, responder_is_windows(lab.responder) ? 4 : 3);
    lab_end(&lab);
}
END_TEST

START_TEST(a_refused_question_stays_open)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc other = responder_add_dc(lab.responder, "LIVDC03", "Liverpool");
    add_drs(lab.dc.computer, responder_guid(other.ntds));
    responder_search_answer(lab.responder, responder_guid(other.ntds), NULL, 51, "busy", 0);
    lab_read(&lab);
    ck_assert_int_eq(find(&lab, lab.dc.computer)->named[1].state, DSA_NOT_ASKED);
    lab_end(&lab);
}
END_TEST

/* So many go into filters: one that no filter finds is gone only if its own look-up says so. */
START_TEST(more_dsas_than_one_by_one)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc other = responder_add_dc(lab.responder, "LIVDC03", "Liverpool");
    for (int i = 0; i < 60; i++) {
        char *guid = str_format("deadbeef-0000-0000-0000-0000000000%02d", i);
        add_drs(lab.dc.computer, guid);
        free(guid);
    }
    add_drs(lab.dc.computer, responder_guid(other.ntds));
    responder_search_answer(lab.responder, "deadbeef-0000-0000-0000-000000000007", NULL, 50,
                            "hidden", 0);
    lab_read(&lab);
    const struct facts_account *account = find(&lab, lab.dc.computer);
    ck_assert_uint_eq(account->named_count, 62);
    for (size_t i = 1; i < 61; i++)
        ck_assert_int_eq(account->named[i].state, i == 8 ? DSA_NOT_ASKED : DSA_NOWHERE);
    ck_assert_int_eq(account->named[61].state, DSA_LIVE);
    lab_end(&lab);
}
END_TEST

START_TEST(held_by_others)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc other = responder_add_dc(lab.responder, "LIVDC03", "Liverpool");
    responder_clear(other.server, "serverReference");
    responder_link(other.server, "serverReference", ACCOUNT);
    responder_link(lab.dc.computer, "serverReferenceBL",
                   "CN=LIVDC03,CN=Servers,CN=Liverpool," SITES);
    lab_add(lab.responder, "CN=System," DOMAIN, "container");
    struct responder_entry *member =
        lab_add(lab.responder, "CN=M,CN=System," DOMAIN, "msDFSR-Member");
    responder_link(member, "serverReference",
                   "CN=NTDS Settings,CN=LIVDC03,CN=Servers,CN=Liverpool," SITES);
    responder_link(member, "msDFSR-ComputerReference", ACCOUNT);
    lab_read(&lab);
    char text[GUID_TEXT];
    const struct facts_account *account = find(&lab, lab.dc.computer);
    ck_assert_uint_eq(account->sysvol_count, 1);
    ck_assert_str_eq(guid_text(&account->sysvol_dsas[0], text), responder_guid(other.ntds));
    ck_assert_uint_eq(lab.turns, 3);
    ck_assert(account->held_by_s && account->holder_count == 1);
    ck_assert_str_eq(account->holders[0].cn, "LIVDC03");
    ck_assert(account->holders[0].has_dsa);
    ck_assert_str_eq(account->holders[0].reference.dn, ACCOUNT);
    ck_assert_uint_eq(lab.facts.twin_count, 1); /* the same target */
    lab_end(&lab);
}
END_TEST

START_TEST(twins)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_entry *same_name =
        lab_add(lab.responder, "CN=LIVDC02,CN=Servers,CN=Main," SITES, "server");
    struct responder_dc same_host = responder_add_dc(lab.responder, "OLDNAME", "Main");
    responder_set(same_host.server, "dNSHostName", "LIVDC02.contoso.com");
    lab_read(&lab);
    ck_assert_uint_eq(lab.facts.twin_count, 2);
    char text[GUID_TEXT];
    ck_assert_str_eq(guid_text(&lab.facts.twins[0].guid, text), responder_guid(same_name));
    ck_assert(!lab.facts.twins[0].has_dsa && lab.facts.twins[1].has_dsa);
    ck_assert_uint_eq(lab.turns, 3);
    lab_end(&lab);
}
END_TEST

/* ---- a domain that the judged DC does not hold ---- */

static struct responder_entry *child_account(struct responder *responder, const char *dsa)
{
    struct responder_entry *entry =
        lab_add(responder, "CN=LIVDC02,OU=Domain Controllers," CHILD, "computer");
    responder_value(entry, "sAMAccountName", "LIVDC02$");
    add_drs(entry, dsa);
    return entry;
}

START_TEST(read_on_another_dc)
{
    struct lab lab;
    lab_start(&lab);
    lab_move_to_child(&lab);
    struct responder *child = lab_child_dc();
    struct responder_entry *entry = child_account(child, responder_guid(lab.dc.ntds));
    struct responder_dc other = responder_add_dc(lab.responder, "LIVDC03", "Liverpool");
    add_drs(entry, responder_guid(other.ntds));
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.accounts_part, PART_NO_ANSWER);
    ck_assert_ptr_nonnull(strstr(lab.facts.accounts_why, CHILD));
    ck_assert(gather_wants_accounts(&lab.facts));
    struct session *session = responder_session(child, 500);
    ck_assert_ptr_null(gather_accounts(session, &lab.facts));
    ck_assert_uint_le(session_counts(session).turns, 3);
    ck_assert_ptr_null(gather_links(lab.session, &lab.facts));
    ck_assert_int_eq(lab.facts.accounts_part, PART_PRESENT);
    ck_assert(!gather_wants_accounts(&lab.facts) && !lab.facts.accounts_why);
    const struct facts_account *account = find(&lab, entry);
    ck_assert_ptr_nonnull(account);
    ck_assert_str_eq(account->domain_dn, CHILD);
    ck_assert_int_eq(account->here, PART_NOT_ASKED);
    ck_assert_int_eq(account->named[0].state, DSA_LIVE);
    ck_assert_int_eq(account->named[1].state, DSA_LIVE);
    session_close(session);
    responder_free(child);
    lab_end(&lab);
}
END_TEST

START_TEST(its_target_is_asked_there)
{
    struct lab lab;
    lab_start(&lab);
    lab_move_to_child(&lab);
    struct responder *child = lab_child_dc();
    struct responder_entry *entry = child_account(child, responder_guid(lab.dc.ntds));
    responder_gone(child_account(lab.responder, responder_guid(lab.dc.ntds)));
    responder_link(lab.dc.server, "serverReference", "CN=LIVDC02,OU=Domain Controllers," CHILD);
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.target.part, PART_NO_ANSWER);
    struct session *session = responder_session(child, 500);
    ck_assert_ptr_null(gather_accounts(session, &lab.facts));
    ck_assert_int_eq(lab.facts.target.part, PART_PRESENT);
    ck_assert(find(&lab, entry)->is_target);
    responder_gone(entry);
    lab_read(&lab);
    ck_assert_ptr_null(gather_accounts(session, &lab.facts));
    ck_assert_int_eq(lab.facts.target.part, PART_ABSENT);
    session_close(session);
    responder_free(child);
    lab_end(&lab);
}
END_TEST

/* What a catalog says of an account gives way to a DC of its domain, and it cannot prove that an
 * object is not there. */
START_TEST(a_catalog_is_second_best)
{
    struct lab lab;
    lab_start(&lab);
    lab_move_to_child(&lab);
    struct responder *child = lab_child_dc();
    struct responder_entry *entry = child_account(child, responder_guid(lab.dc.ntds));
    responder_gone(child_account(lab.responder, responder_guid(lab.dc.ntds)));
    responder_link(lab.dc.server, "serverReference", "CN=LIVDC02,OU=Domain Controllers," CHILD);
    lab_read(&lab);
    struct session *catalog = lab_session(child, 3269), *dc = lab_session(child, 0);
    ck_assert_ptr_null(gather_accounts(catalog, &lab.facts));
    ck_assert(find(&lab, entry)->catalog_only);
    ck_assert_int_eq(find(&lab, entry)->holders_part, PART_NOT_ASKED);
    ck_assert_ptr_null(gather_accounts(dc, &lab.facts));
    ck_assert_uint_eq(lab.facts.account_count, 1);
    ck_assert(!find(&lab, entry)->catalog_only);
    responder_gone(entry);
    lab_read(&lab);
    ck_assert_ptr_null(gather_accounts(catalog, &lab.facts));
    ck_assert_int_eq(lab.facts.target.part, PART_NO_ANSWER);
    session_close(catalog);
    session_close(dc);
    responder_free(child);
    lab_end(&lab);
}
END_TEST

START_TEST(not_arrived_here)
{
    struct lab lab;
    lab_start(&lab);
    struct responder *source = responder_new();
    struct responder_entry *promoted = responder_entry(
        source, ACCOUNT, "0badcafe-0000-0000-0000-000000000001"); /* same DN, another object */
    responder_value(promoted, "objectClass", "computer");
    responder_clear(responder_root(source), "dsServiceName");
    responder_link(responder_root(source), "dsServiceName", "CN=NTDS Settings," LIVDC02);
    responder_entry(source, "CN=NTDS Settings," LIVDC02, NULL);
    lab_read(&lab);
    struct session *session = responder_session(source, 500);
    struct dn_link link = {.has_guid = true, .dn = (char *)ACCOUNT};
    enum part part;
    guid_parse(responder_guid(promoted), &link.guid);
    ck_assert_ptr_null(gather_account(session, &lab.facts, &link, &part));
    ck_assert_int_eq(part, PART_PRESENT);
    ck_assert_int_eq(find(&lab, promoted)->here, PART_NOT_ASKED);
    ck_assert_ptr_null(gather_links(lab.session, &lab.facts));
    ck_assert_int_eq(find(&lab, promoted)->here, PART_ABSENT);
    ck_assert(find(&lab, promoted)->here_dn_taken);
    ck_assert(!find(&lab, lab.dc.computer)->here_dn_taken);
    session_close(session);
    responder_free(source);
    lab_end(&lab);
}
END_TEST

/* A catalog shows no back links: who else names the account is asked of the judged DC's server
 * objects. Nobody: 0; another server: 1. */
START_TEST(who_names_a_catalogs_account)
{
    struct lab lab;
    lab_start(&lab);
    lab_move_to_child(&lab);
    struct responder *child = lab_child_dc();
    responder_catalog(child);
    struct responder_entry *entry = child_account(child, responder_guid(lab.dc.ntds));
    struct responder_entry *known = child_account(lab.responder, responder_guid(lab.dc.ntds));
    responder_clear(lab.dc.server, "serverReference");
    if (_i == 1) {
        struct responder_entry *other =
            lab_add(lab.responder, "CN=OTHER,CN=Servers,CN=Liverpool,CN=Sites," CONFIG, "server");
        responder_link(other, "serverReference", "CN=LIVDC02,OU=Domain Controllers," CHILD);
    }
    responder_gone(known); /* the judged DC holds no copy of the child */
    lab_read(&lab);
    struct session *catalog = lab_session(child, 3269);
    ck_assert_ptr_null(gather_accounts(catalog, &lab.facts));
    ck_assert_ptr_null(gather_links(lab.session, &lab.facts));
    struct facts_account *account = find(&lab, entry);
    ck_assert(account->catalog_only);
    ck_assert_int_eq(account->holders_part, _i == 1 ? PART_PRESENT : PART_ABSENT);
    ck_assert_uint_eq(account->holder_count, (size_t)_i);
    session_close(catalog);
    responder_free(child);
    lab_end(&lab);
}
END_TEST

/* The value names an object of another domain: a DC of that domain knows it, and knows that it is
 * gone; a catalog knows it, and proves nothing by not knowing it. */
START_TEST(the_target_is_looked_up_in_its_domain)
{
    static const struct {
        int port;
        bool gone;
        enum part part;
    } cases[] = {{0, false, PART_PRESENT},
                 {0, true, PART_ABSENT},
                 {3269, false, PART_PRESENT},
                 {3269, true, PART_NO_ANSWER}};
    struct lab lab;
    lab_start(&lab);
    struct responder *child = lab_child_dc();
    struct responder_entry *there = child_account(child, responder_guid(lab.dc.ntds));
    struct responder_entry *here = child_account(lab.responder, responder_guid(lab.dc.ntds));
    ck_assert_str_eq(responder_guid(there), responder_guid(here));
    responder_clear(lab.dc.server, "serverReference");
    responder_link(lab.dc.server, "serverReference", "CN=LIVDC02,OU=Domain Controllers," CHILD);
    responder_gone(here);
    if (cases[_i].gone)
        responder_gone(there);
    lab_read(&lab);
    ck_assert(gather_wants_target(&lab.facts));
    struct session *other = lab_session(child, cases[_i].port);
    ck_assert_ptr_null(gather_target(other, &lab.facts));
    ck_assert_int_eq(lab.facts.target.part, cases[_i].part);
    session_close(other);
    responder_free(child);
    lab_end(&lab);
}
END_TEST

/* Neither is a walk over all of them asked for, nor do they come along. */
START_TEST(among_a_hundred_thousand_computers)
{
    struct lab lab;
    lab_start(&lab);
    responder_computers(lab.responder, 100000);
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.accounts_part, PART_PRESENT);
    ck_assert_uint_eq(lab.facts.account_count, 1);
    ck_assert_uint_lt(session_counts(lab.session).bytes_in, 100000);
    lab_end(&lab);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gather_accounts");
    TCase *tests = tcase_create("gather_accounts");
    tcase_add_test(tests, found_by_what_it_carries);
    tcase_add_test(tests, host_names_are_asked_among_dcs_alone);
    tcase_add_test(tests, found_by_its_spn);
    tcase_add_test(tests, deleted_ones_are_seen);
    tcase_add_test(tests, tied_by_sysvol);
    tcase_add_test(tests, dsas_that_spns_name);
    tcase_add_test(tests, a_refused_question_stays_open);
    tcase_add_test(tests, more_dsas_than_one_by_one);
    tcase_add_test(tests, held_by_others);
    tcase_add_test(tests, twins);
    tcase_add_test(tests, read_on_another_dc);
    tcase_add_test(tests, its_target_is_asked_there);
    tcase_add_test(tests, a_catalog_is_second_best);
    tcase_add_loop_test(tests, who_names_a_catalogs_account, 0, 2);
    tcase_add_loop_test(tests, the_target_is_looked_up_in_its_domain, 0, 4);
    tcase_add_test(tests, not_arrived_here);
    tcase_add_test(tests, among_a_hundred_thousand_computers);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
