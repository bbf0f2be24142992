/* The facts about one DSA, as a DC in memory tells them: what is proven, and what is only not
 * known.
 */
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(healthy)
{
    struct lab lab;
    lab_start(&lab);
    lab_read(&lab);
    const struct facts *facts = &lab.facts;
    ck_assert_uint_eq(lab.turns, 3);
    ck_assert(facts->dsa.is_dsa && !facts->dsa.deleted);
    ck_assert_str_eq(facts->dsa.domain_dn, DOMAIN);
    ck_assert_int_eq(facts->domain_live, PART_PRESENT);
    ck_assert_str_eq(facts->srv.dn, LIVDC02);
    ck_assert_str_eq(facts->srv.site, "Liverpool");
    ck_assert_int_eq(facts->srv.reference, PART_PRESENT);
    ck_assert(facts->srv.rights == PART_PRESENT && facts->srv.may_write);
    ck_assert_int_eq(facts->target.part, PART_PRESENT);
    ck_assert_str_eq(facts->target.kind, "computer");
    ck_assert_int_eq(facts->accounts_part, PART_PRESENT);
    ck_assert_uint_eq(facts->account_count, 1);
    const struct facts_account *account = &facts->accounts[0];
    ck_assert(account->is_target && account->held_by_s && facts_has_dc_bits(account));
    ck_assert_int_eq(account->here, PART_PRESENT);
    ck_assert_uint_eq(account->named_count, 1);
    ck_assert_int_eq(account->named[0].state, DSA_LIVE);
    ck_assert_int_eq(facts->copies[0].state, COPY_VALUE);
    ck_assert(facts->copies[0].is_here && facts->copies[0].proven && !facts->copies[0].is_source);
    lab_end(&lab);
}
END_TEST

START_TEST(missing)
{
    struct lab lab;
    lab_start(&lab);
    responder_clear(lab.dc.server, "serverReference");
    responder_clear(lab.dc.computer, "serverReferenceBL");
    responder_clear(lab.dc.server, "allowedAttributesEffective");
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.srv.reference, PART_ABSENT);
    ck_assert(lab.facts.srv.rights == PART_PRESENT && !lab.facts.srv.may_write);
    ck_assert_int_eq(lab.facts.target.part, PART_NOT_ASKED);
    ck_assert_int_eq(lab.facts.accounts[0].holders_part, PART_ABSENT);
    ck_assert_int_eq(lab.facts.copies[0].state, COPY_ABSENT);
    lab_end(&lab);
}
END_TEST

/* Everyone (the token of these sessions) is denied or allowed "read property". */
static void give_access(struct lab *lab, char kind)
{
    char sd[] = "\1\0\4\x80\0\0\0\0\0\0\0\0\0\0\0\0\x14\0\0\0"
                "\4\0\x1c\0\1\0\0\0"
                "?\0\x14\0\x10\0\0\0\1\1\0\0\0\0\0\1\0\0\0\0";
    sd[28] = kind;
    responder_bytes(lab->dc.server, "nTSecurityDescriptor", sd, 48);
}

START_TEST(an_unreadable_value_is_not_a_missing_one)
{
    struct lab lab;
    lab_start(&lab);
    responder_clear(lab.dc.server, "serverReference");
    give_access(&lab, 1);
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.srv.may_read, FLAG_NO);
    ck_assert_int_eq(lab.facts.srv.reference, PART_DENIED);
    ck_assert_int_eq(lab.facts.copies[0].state, COPY_UNREADABLE);
    responder_clear(lab.dc.server, "nTSecurityDescriptor");
    give_access(&lab, 0);
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.srv.may_read, FLAG_YES);
    ck_assert_int_eq(lab.facts.srv.reference, PART_ABSENT);
    lab_end(&lab);
}
END_TEST

START_TEST(a_catalog_port_proves_nothing)
{
    struct lab lab;
    lab_start(&lab);
    responder_clear(lab.dc.server, "serverReference");
    lab_ask(&lab, responder_guid(lab.dc.ntds));
    ck_assert_ptr_null(lab_gather(&lab, 3269));
    ck_assert_int_eq(lab.facts.srv.part, PART_PRESENT);
    ck_assert_int_eq(lab.facts.srv.reference, PART_NOT_ASKED);
    ck_assert_int_eq(lab.facts.srv.rights, PART_NOT_ASKED);
    ck_assert_int_eq(lab.facts.copies[0].state, COPY_NOT_ASKED);
    ck_assert(!lab.facts.here_options_known && lab.facts.tombstone_days == 0);
    lab_end(&lab);
}
END_TEST

START_TEST(refused_readings)
{
    static const struct {
        const char *base, *filter;
        int code;
        enum part srv, accounts;
    } cases[] = {
        {"CN=LIVDC02,CN=Servers", "objectClass", 50, PART_DENIED, PART_PRESENT},
        {"CN=LIVDC02,CN=Servers", "objectClass", 51, PART_NO_ANSWER, PART_PRESENT},
        {"CN=LIVDC02,CN=Servers", "objectClass", 32, PART_ABSENT, PART_PRESENT},
        {NULL, "servicePrincipalName", 50, PART_PRESENT, PART_DENIED},
        {NULL, "servicePrincipalName", 4, PART_PRESENT, PART_NO_ANSWER},
        {DOMAIN, "livdc02.contoso.com", 80, PART_PRESENT, PART_NO_ANSWER},
        {NULL, "servicePrincipalName", 10, PART_PRESENT, PART_NO_ANSWER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab lab;
        lab_start(&lab);
        responder_search_answer(lab.responder, cases[i].base, cases[i].filter, cases[i].code,
                                "00000000: said so", 0);
        lab_read(&lab);
        ck_assert_msg(lab.facts.srv.part == cases[i].srv, "srv %zu: %d", i, lab.facts.srv.part);
        ck_assert_msg(lab.facts.accounts_part == cases[i].accounts, "accounts %zu: %d", i,
                      lab.facts.accounts_part);
        ck_assert_int_eq(lab.facts.accounts_why != NULL, cases[i].accounts != PART_PRESENT);
        lab_end(&lab);
    }
}
END_TEST

START_TEST(where_the_link_leads)
{
    static const struct {
        const char *target;
        bool gone, deleted;
        enum part part;
    } cases[] = {
        {"CN=Old,OU=Retired," DOMAIN, true, false, PART_ABSENT},
        {"CN=Old,CN=Deleted Objects," DOMAIN, false, true, PART_PRESENT},
        {"CN=Old,OU=Retired,DC=child," DOMAIN, true, false, PART_NO_ANSWER},
        {"CN=Old," CONFIG, true, false, PART_ABSENT},
        {"CN=Old,CN=Users," DOMAIN, false, false, PART_PRESENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab lab;
        lab_start(&lab);
        struct responder_entry *target = lab_add(lab.responder, cases[i].target, "user");
        responder_clear(lab.dc.server, "serverReference");
        responder_link(lab.dc.server, "serverReference", cases[i].target);
        if (cases[i].deleted)
            responder_tombstone(target);
        if (cases[i].gone)
            responder_gone(target);
        lab_read(&lab);
        ck_assert_msg(lab.facts.target.part == cases[i].part, "%zu: %d", i, lab.facts.target.part);
        ck_assert_int_eq(lab.facts.target.deleted, cases[i].deleted);
        ck_assert(!lab.facts.target.is_computer && !lab.facts.accounts[0].is_target);
        lab_end(&lab);
    }
}
END_TEST

/* What is there and hides is not what is not there. */
START_TEST(a_hidden_target_is_not_gone)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_entry *target = lab_add(lab.responder, "CN=Old,CN=Users," DOMAIN, "user");
    responder_clear(lab.dc.server, "serverReference");
    responder_link(lab.dc.server, "serverReference", "CN=Old,CN=Users," DOMAIN);
    responder_clear(target, "objectClass");
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.target.part, PART_DENIED);
    lab_end(&lab);
}
END_TEST

START_TEST(hidden_by_its_parent)
{
    struct lab lab;
    lab_start(&lab);
    responder_search_answer(lab.responder, responder_guid(lab.dc.ntds), NULL, 32,
                            "dsdb_access: Access check failed on " LIVDC02, 0);
    lab_ask(&lab, responder_guid(lab.dc.ntds));
    ck_assert_ptr_null(lab_gather(&lab, 0));
    ck_assert_int_eq(lab.facts.dsa.part, PART_DENIED);
    lab_end(&lab);
}
END_TEST

/* A DC that is no catalog refers to one for a GUID that it does not hold. Only when its partitions
 * do not know the object either, it is not here. */
START_TEST(a_referral_alone_proves_nothing)
{
    static const struct {
        bool fails;
        enum part part;
    } cases[] = {{false, PART_ABSENT}, {true, PART_NO_ANSWER}};
    for (size_t i = 0; i < 2; i++) {
        struct lab lab;
        lab_start(&lab);
        responder_windows(lab.responder);
        if (cases[i].fails)
            responder_search_answer(lab.responder, CONFIG, "objectGUID", 51, "busy", 0);
        lab_ask(&lab, "deadbeef-0000-0000-0000-000000000000");
        ck_assert_ptr_null(lab_gather(&lab, 0));
        ck_assert_int_eq(lab.facts.dsa.part, cases[i].part);
        ck_assert_uint_le(lab.turns, 6);
        lab_end(&lab);
    }
}
END_TEST

/* It refers and has the object all the same. */
START_TEST(what_a_referral_hid_is_found)
{
    struct lab lab;
    lab_start(&lab);
    responder_search_answer(lab.responder, responder_guid(lab.dc.ntds), NULL, 10, "elsewhere", 0);
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.accounts_part, PART_PRESENT);
    lab_end(&lab);
}
END_TEST

/* Windows finds "Livdc02" with marks as well: what came back is compared. */
START_TEST(names_that_differ_by_a_mark)
{
    struct lab lab;
    lab_start(&lab);
    responder_windows(lab.responder);
    struct responder_dc marked = responder_add_dc(lab.responder, "M\xC3\xBCller-DC", "Town");
    responder_add_dc(lab.responder, "Muller-DC", "Town");
    lab_ask(&lab, responder_guid(marked.ntds));
    ck_assert_ptr_null(lab_gather(&lab, 0));
    ck_assert_int_eq(lab.facts.dsa.part, PART_PRESENT);
    for (size_t i = 0; i < lab.facts.twin_count; i++)
        ck_assert_str_ne(lab.facts.twins[i].cn, "Muller-DC");
    ck_assert_uint_eq(lab.facts.account_count, 1);
    lab_end(&lab);
}
END_TEST

START_TEST(hidden_parts_of_an_account)
{
    struct lab lab;
    lab_start(&lab);
    responder_clear(lab.dc.computer, "primaryGroupID");
    responder_clear(lab.dc.computer, "servicePrincipalName");
    /* a descriptor with an empty list: nobody may read anything */
    static const char nobody[] = "\1\0\4\200\0\0\0\0\0\0\0\0\0\0\0\0\24\0\0\0"
                                 "\2\0\10\0\0\0\0\0";
    responder_bytes(lab.dc.computer, "nTSecurityDescriptor", nobody, sizeof nobody - 1);
    lab_read(&lab);
    ck_assert_uint_eq(lab.facts.account_count, 1);
    ck_assert(lab.facts.accounts[0].group_hidden);
    ck_assert_int_eq(lab.facts.accounts[0].spns_part, PART_DENIED);
    lab_end(&lab);
}
END_TEST

START_TEST(deleted_with_successor)
{
    struct lab lab;
    lab_start(&lab);
    struct responder_dc again = responder_add_dc(lab.responder, "LIVDC02", "Houston");
    responder_tombstone(lab.dc.ntds);
    responder_clear(lab.dc.ntds, "msDS-HasDomainNCs");
    responder_clear(lab.dc.ntds, "msDS-hasMasterNCs");
    lab_read(&lab);
    ck_assert(lab.facts.dsa.deleted);
    ck_assert_int_eq(lab.facts.accounts_part, PART_NOT_ASKED);
    ck_assert_uint_eq(lab.facts.successor_count, 1);
    char text[GUID_TEXT];
    ck_assert_str_eq(guid_text(&lab.facts.successors[0].dsa_guid, text),
                     responder_guid(again.ntds));
    lab_end(&lab);
}
END_TEST

/* The successor that comes along is read as if it had been asked for, in a turn less. */
START_TEST(the_successor_comes_along)
{
    struct lab lab;
    struct facts along, asked;
    lab_start(&lab);
    struct responder_dc again = responder_add_dc(lab.responder, "LIVDC02", "Houston");
    responder_tombstone(lab.dc.ntds);
    lab_ask(&lab, responder_guid(lab.dc.ntds));
    lab_ask(&lab, responder_guid(again.ntds));
    struct session *session = lab_session(lab.responder, 0);
    ck_assert_ptr_null(gather(session, &lab.subject, 0, &lab.facts, &along));
    ck_assert_uint_le(session_counts(session).turns, 1 + 3 + 3); /* the rootDSE's too */
    ck_assert_ptr_null(gather(session, &lab.subject, 1, &asked, NULL));
    ck_assert_int_eq(along.dsa.part, PART_PRESENT);
    ck_assert(guid_equal(&along.asked, &asked.asked));
    ck_assert_str_eq(along.dsa.domain_dn, asked.dsa.domain_dn);
    ck_assert_int_eq(along.domain_live, asked.domain_live);
    ck_assert_str_eq(along.srv.dn, asked.srv.dn);
    ck_assert_int_eq(along.tombstone_days, asked.tombstone_days);
    ck_assert_uint_eq(along.account_count, asked.account_count);
    ck_assert_uint_eq(along.link_count, asked.link_count);
    struct verdict one, other;
    diagnose(&along, &one);
    diagnose(&asked, &other);
    ck_assert_int_eq(one.kind, other.kind);
    ck_assert_str_eq(one.headline, other.headline);
    ck_assert_uint_eq(one.evidence.count, other.evidence.count);
    ck_assert_uint_eq(one.side.count, other.side.count);
    verdict_release(&one);
    verdict_release(&other);
    facts_release(&along);
    facts_release(&asked);
    session_close(session);
    lab_end(&lab);
}
END_TEST

START_TEST(orphan_and_lost_domain)
{
    struct lab lab;
    lab_start(&lab);
    lab_add(lab.responder, "CN=LostAndFoundConfig," CONFIG, "lostAndFound");
    struct responder_entry *ntds =
        lab_add(lab.responder, "CN=NTDS Settings,CN=LostAndFoundConfig," CONFIG, "nTDSDSA");
    responder_link(ntds, "msDS-HasDomainNCs", "DC=gone,DC=com");
    responder_link(ntds, "lastKnownParent", LIVDC02);
    lab_ask(&lab, responder_guid(ntds));
    ck_assert_ptr_null(lab_gather(&lab, 0));
    ck_assert_int_eq(lab.facts.srv.part, PART_PRESENT);
    ck_assert(!lab.facts.srv.is_server && !lab.facts.srv.site);
    ck_assert_str_eq(lab.facts.dsa.domain_dn, "DC=gone,DC=com");
    ck_assert_int_eq(lab.facts.domain_live, PART_ABSENT);
    ck_assert_int_eq(lab.facts.accounts_part, PART_NO_ANSWER);
    ck_assert(!gather_wants_accounts(&lab.facts));
    ck_assert_uint_eq(lab.facts.twin_count, 1); /* LIVDC02, which the orphan remembers */
    lab_end(&lab);
}
END_TEST

START_TEST(domain_from_the_longer_lists)
{
    struct lab lab;
    lab_start(&lab);
    responder_clear(lab.dc.ntds, "msDS-HasDomainNCs");
    responder_clear(lab.dc.ntds, "msDS-hasMasterNCs");
    responder_link(lab.dc.ntds, "msDS-hasFullReplicaNCs", CONFIG);
    responder_link(lab.dc.ntds, "msDS-hasFullReplicaNCs", "DC=DomainDnsZones," DOMAIN);
    responder_link(lab.dc.ntds, "msDS-hasFullReplicaNCs", DOMAIN);
    responder_value(lab.dc.ntds, "objectClass", "nTDSDSARO");
    lab_read(&lab);
    ck_assert_str_eq(lab.facts.dsa.domain_dn, DOMAIN);
    ck_assert(lab.facts.dsa.read_only);
    responder_clear(lab.dc.ntds, "msDS-hasFullReplicaNCs");
    lab_read(&lab);
    ck_assert_int_eq(lab.facts.dsa.domain, PART_ABSENT);
    ck_assert_ptr_null(lab.facts.dsa.domain_dn);
    lab_end(&lab);
}
END_TEST

START_TEST(lost_in_each_turn)
{
    unsigned searches = 0;
    for (int nth = 1; nth < 14; nth++) {
        struct lab lab;
        lab_start(&lab);
        lab_ask(&lab, responder_guid(lab.dc.ntds));
        responder_fault(lab.responder, FAULT_DROP, OP_SEARCH, (unsigned)nth + 1);
        struct err *err = lab_gather(&lab, 0);
        searches += err != NULL;
        ck_assert(!err || err_is(err, ERR_LOST));
        ck_assert(!err || (!lab.facts.dsa.dn && !lab.facts.server.host && !lab.facts.accounts));
        err_free(err);
        lab_end(&lab);
    }
    ck_assert_uint_ge(searches, 11);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gather");
    TCase *tests = tcase_create("gather");
    tcase_add_test(tests, healthy);
    tcase_add_test(tests, missing);
    tcase_add_test(tests, an_unreadable_value_is_not_a_missing_one);
    tcase_add_test(tests, a_catalog_port_proves_nothing);
    tcase_add_test(tests, refused_readings);
    tcase_add_test(tests, where_the_link_leads);
    tcase_add_test(tests, a_hidden_target_is_not_gone);
    tcase_add_test(tests, hidden_by_its_parent);
    tcase_add_test(tests, names_that_differ_by_a_mark);
    tcase_add_test(tests, a_referral_alone_proves_nothing);
    tcase_add_test(tests, what_a_referral_hid_is_found);
    tcase_add_test(tests, hidden_parts_of_an_account);
    tcase_add_test(tests, deleted_with_successor);
    tcase_add_test(tests, the_successor_comes_along);
    tcase_add_test(tests, orphan_and_lost_domain);
    tcase_add_test(tests, domain_from_the_longer_lists);
    tcase_add_test(tests, lost_in_each_turn);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
