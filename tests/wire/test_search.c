/* Searches: batches, pages, ranges, limits, and servers that lie. */
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/directory/dial.h"
#include "src/directory/search.h"
#include "src/directory/session_parts.h"
#include "tests/suite.h"
#include "tests/wire/responder.h"

#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define DOMAIN "DC=contoso,DC=com"
#define CONFIG "CN=Configuration," DOMAIN
#define DC1 "CN=DC1,CN=Servers,CN=Main,CN=Sites," CONFIG
#define NTDS1 "CN=NTDS Settings," DC1
#define COMPUTER1 "CN=DC1,OU=Domain Controllers," DOMAIN

static struct responder *responder;
static struct session *session;

static void set_up(void)
{
    responder = responder_new();
}

static void tear_down(void)
{
    session_close(session);
    responder_free(responder);
}

static void add_dcs(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char *name = str_format("FIL%03u", i);
        responder_add_dc(responder, name, i % 2 ? "Branch" : "Main");
        free(name);
    }
}

static struct result run(enum search_scope scope, const char *base, const char *const *attributes,
                         const char *filter, unsigned page)
{
    struct search search;
    struct result result;
    search_init(&search, scope, base, attributes, "%s", filter);
    search.page = page;
    search_run(session, &search, 1, &result);
    search_release(&search);
    return result;
}

START_TEST(a_batch_is_one_turn)
{
    static const char *const names[] = {"objectGUID", "serverReference", NULL};
    struct search searches[4];
    struct result results[4];
    session = responder_session(responder, 2000);
    search_init(&searches[0], SCOPE_BASE, DC1, names, "(objectClass=*)");
    search_init(&searches[1], SCOPE_ONE, DC1, NULL, "(objectClass=%s)", "nTDSDSA");
    search_init(&searches[2], SCOPE_BASE, "CN=nobody," CONFIG, NULL, "(objectClass=*)");
    search_init(&searches[3], SCOPE_SUBTREE, CONFIG, NULL, "(objectClass=server)");
    unsigned turns = session_counts(session).turns;
    search_run(session, searches, 4, results);
    ck_assert_uint_eq(session_counts(session).turns, turns + 1);
    ck_assert_uint_eq(session_counts(session).requests, 2 + 4);
    ck_assert(results[0].complete && results[0].count == 1);
    const struct entry *server = &results[0].entries[0];
    struct dn_link link;
    ck_assert(entry_link(server, "SERVERREFERENCE", &link) && link.has_guid);
    ck_assert_str_eq(link.dn, COMPUTER1);
    dn_link_release(&link);
    ck_assert(server->name.has_guid && server->count == 2);
    struct guid guid;
    ck_assert(entry_guid(server, "objectGUID", &guid) && guid_equal(&guid, &server->name.guid));
    ck_assert(results[1].complete && results[1].count == 1);
    ck_assert_str_eq(results[1].entries[0].name.dn, NTDS1);
    ck_assert(err_is(results[2].err, ERR_NO_SUCH_OBJECT) && !results[2].complete);
    ck_assert_int_eq(results[2].err->ldap, 32);
    ck_assert(results[3].complete && results[3].count == 1);
    for (size_t i = 0; i < 4; i++) {
        search_release(&searches[i]);
        result_release(&results[i]);
    }
}
END_TEST

START_TEST(pages_are_followed)
{
    static const unsigned sizes[] = {1, 7, 21, 22, 1000, 0};
    add_dcs(21);
    session = responder_session(responder, 2000);
    unsigned requests = session_counts(session).requests;
    struct result result =
        run(SCOPE_SUBTREE, "CN=Sites," CONFIG, NULL, "(objectClass=server)", sizes[_i]);
    ck_assert(result.complete && !result.err);
    ck_assert_uint_eq(result.count, 22);
    unsigned expected = sizes[_i] ? (22 + sizes[_i] - 1) / sizes[_i] : 1;
    ck_assert_uint_eq(session_counts(session).requests - requests, expected);
    for (size_t i = 1; i < result.count; i++)
        ck_assert(!guid_equal(&result.entries[i].name.guid, &result.entries[i - 1].name.guid));
    result_release(&result);
}
END_TEST

/* They are kept nowhere: each page makes its own. */
START_TEST(computers_that_are_made)
{
    responder_computers(responder, 3500);
    session = responder_session(responder, 5000);
    struct result result = run(SCOPE_SUBTREE, DOMAIN, NULL, "(primaryGroupID=515)", 1000);
    ck_assert(result.complete && !result.err);
    ck_assert_uint_eq(result.count, 3500);
    ck_assert_str_eq(entry_text(&result.entries[3499], "dNSHostName"), "pc003499.contoso.com");
    result_release(&result);
    result = run(SCOPE_SUBTREE, DOMAIN, NULL, "(dNSHostName=pc000007.contoso.com)", 0);
    ck_assert_uint_eq(result.count, !responder_is_windows(responder));
    ck_assert(!responder_is_windows(responder) || result.err); /* it would walk over all */
    result_release(&result);
}
END_TEST

static void note_progress(void *context, size_t entries)
{
    size_t *last = context;
    ck_assert_uint_ge(entries, *last);
    *last = entries;
}

START_TEST(pages_of_several_searches_go_on_together)
{
    struct search searches[2];
    struct result results[2];
    size_t seen = 0;
    add_dcs(10);
    session = responder_session(responder, 2000);
    search_init(&searches[0], SCOPE_SUBTREE, CONFIG, NULL, "(objectClass=nTDSDSA)");
    search_init(&searches[1], SCOPE_SUBTREE, DOMAIN, NULL, "(objectClass=computer)");
    searches[0].page = searches[1].page = 3;
    search_run_progress(session, searches, 2, results, note_progress, &seen);
    ck_assert_uint_eq(seen, 22);
    for (size_t i = 0; i < 2; i++) {
        ck_assert(results[i].complete && results[i].count == 11);
        search_release(&searches[i]);
        result_release(&results[i]);
    }
}
END_TEST

/* In both ways: Windows sends a list that it cuts twice, once without values. */
START_TEST(ranges_are_followed)
{
    static const size_t cuts[] = {1, 4, 10, 11, 25};
    struct responder_entry *computer = responder_find(responder, COMPUTER1);
    responder_clear(computer, "servicePrincipalName");
    for (unsigned i = 0; i < 25; i++) {
        char *name = str_format("HOST/%02u", i);
        responder_value(computer, "servicePrincipalName", name);
        free(name);
    }
    if (_i % 2)
        responder_windows(responder);
    session = responder_session(responder, 2000);
    responder_ranges(responder, cuts[_i / 2]);
    struct result result = run(SCOPE_BASE, COMPUTER1, NULL, "(objectClass=*)", 0);
    ck_assert(result.complete && result.count == 1);
    const struct attribute *names = entry_attribute(&result.entries[0], "servicePrincipalName");
    ck_assert(names && names->count == 25 && !names->partial);
    ck_assert_str_eq(names->name, "servicePrincipalName");
    ck_assert_str_eq(names->values[24].bytes, "HOST/24");
    result_release(&result);
}
END_TEST

/* Each would cost a request. */
START_TEST(too_many_cut_lists)
{
    struct responder_entry *computer = responder_find(responder, COMPUTER1);
    for (unsigned i = 0; i < 100; i++) {
        char *name = str_format("attribute%u", i);
        responder_value(computer, name, "1");
        responder_value(computer, name, "2");
        free(name);
    }
    session = responder_session(responder, 2000);
    responder_ranges(responder, 1);
    unsigned before = responder_count(responder, OP_SEARCH);
    struct result result = run(SCOPE_BASE, COMPUTER1, NULL, "(objectClass=*)", 0);
    ck_assert(err_is(result.err, ERR_PROTOCOL) && !result.complete);
    ck_assert_uint_eq(responder_count(responder, OP_SEARCH), before + 1);
    result_release(&result);
}
END_TEST

/* The rest of a list cannot be read: what is there is marked, the result is not complete. Half of
 * the classes say nothing about what an object is: then there is no entry. */
START_TEST(a_range_that_breaks_off)
{
    static const char *const asked[][3] = {{"servicePrincipalName", NULL},
                                           {"objectClass", "servicePrincipalName", NULL}};
    struct responder_entry *computer = responder_find(responder, COMPUTER1);
    char *base = str_format("<GUID=%s>", responder_guid(computer));
    responder_search_answer(responder, base, NULL, 1, "no more", 0);
    session = responder_session(responder, 200);
    responder_ranges(responder, 1);
    struct result result = run(SCOPE_BASE, COMPUTER1, asked[_i], "(objectClass=*)", 0);
    ck_assert(result.err && !result.complete && result.count == (_i == 0));
    if (_i == 0)
        ck_assert(entry_attribute(&result.entries[0], "servicePrincipalName")->partial);
    result_release(&result);
    free(base);
}
END_TEST

START_TEST(controls_do_their_work)
{
    struct search search;
    struct result result;
    struct responder_dc dc = responder_add_dc(responder, "OLD", "Main");
    responder_tombstone(dc.ntds);
    session = responder_session(responder, 2000);
    struct guid guid;
    ck_assert(guid_parse(responder_guid(dc.ntds), &guid));
    char *base = search_guid_base(&guid);
    search_init(&search, SCOPE_BASE, base, NULL, "(objectClass=*)");
    search_run(session, &search, 1, &result);
    ck_assert(err_is(result.err, ERR_NO_SUCH_OBJECT));
    result_release(&result);
    search.deleted = true;
    search_run(session, &search, 1, &result);
    ck_assert(result.complete && result.count == 1);
    ck_assert(entry_flag(&result.entries[0], "isDeleted"));
    result_release(&result);
    search_release(&search);
    free(base);
}
END_TEST

START_TEST(references_are_counted_only)
{
    responder_references(responder, 3);
    session = responder_session(responder, 2000);
    struct result result = run(SCOPE_SUBTREE, DOMAIN, NULL, "(objectClass=computer)", 0);
    ck_assert(result.complete && result.count == 1 && result.references == 3);
    result_release(&result);
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 1);
}
END_TEST

static const struct {
    int code;
    enum err_code is;
} endings[] = {
    {1, ERR_OTHER},       {3, ERR_LIMIT},     {4, ERR_LIMIT},  {11, ERR_LIMIT},
    {10, ERR_REFERRAL},   {50, ERR_NO_RIGHT}, {51, ERR_OTHER}, {32, ERR_NO_SUCH_OBJECT},
    {8, ERR_STRONG_AUTH}, {80, ERR_OTHER},
};
enum { ENDINGS = sizeof endings / sizeof *endings };

START_TEST(ends_with_a_code)
{
    add_dcs(5);
    responder_search_answer(responder, "CN=Sites", NULL, endings[_i].code, "its own words\n\n", 2);
    session = responder_session(responder, 2000);
    struct result result = run(SCOPE_SUBTREE, "CN=Sites," CONFIG, NULL, "(objectClass=server)", 0);
    ck_assert(!result.complete && result.count == 2);
    ck_assert_str_eq(err_code_name(result.err->code), err_code_name(endings[_i].is));
    ck_assert_int_eq(result.err->ldap, endings[_i].code);
    ck_assert_str_eq(result.err->said, "its own words");
    ck_assert(!session_lost(session));
    result_release(&result);
    struct result again = run(SCOPE_BASE, COMPUTER1, NULL, "(objectClass=*)", 0);
    ck_assert(again.complete);
    result_release(&again);
}
END_TEST

START_TEST(no_more_than_wanted)
{
    struct search search;
    struct result result;
    add_dcs(20);
    session = responder_session(responder, 2000);
    search_init(&search, SCOPE_SUBTREE, CONFIG, NULL, "(objectClass=server)");
    search.most = 5;
    search.page = _i ? 2 : 0;
    search_run(session, &search, 1, &result);
    ck_assert(!result.complete && result.count == 5 && err_is(result.err, ERR_LIMIT));
    result_release(&result);
    search.most = 21; /* exactly what there is */
    search_run(session, &search, 1, &result);
    ck_assert(result.complete && result.count == 21 && !result.err);
    result_release(&result);
    search_release(&search);
}
END_TEST

START_TEST(pages_without_end)
{
    responder_endless(responder, _i == 1);
    session = responder_session(responder, 10000);
    static const char *const names[] = {"cn", NULL};
    struct result result = run(SCOPE_SUBTREE, CONFIG, names, "(objectClass=server)", 1000);
    ck_assert(!result.complete);
    ck_assert(err_is(result.err, _i == 1 ? ERR_LIMIT : ERR_PROTOCOL));
    ck_assert_uint_eq(result.count, _i == 1 ? 100000 : 0);
    result_release(&result);
}
END_TEST

/* What is asked by its DN or GUID is one object. */
START_TEST(a_base_search_is_one_entry)
{
    session = responder_session(responder, 2000);
    responder_fault(responder, FAULT_TWICE, OP_SEARCH, 2);
    struct result result = run(SCOPE_BASE, COMPUTER1, NULL, "(objectClass=*)", 0);
    ck_assert(err_is(result.err, ERR_PROTOCOL) && !result.complete);
    ck_assert_uint_eq(result.count, 1);
    result_release(&result);
    result = run(SCOPE_BASE, COMPUTER1, NULL, "(objectClass=*)", 0);
    ck_assert(result.complete && result.count == 1);
    result_release(&result);
}
END_TEST

/* All entries of all searches together hold so many attributes and values. */
START_TEST(memory_of_a_batch_is_bounded)
{
    static const char *const names[] = {"cn", "objectClass", NULL};
    add_dcs(50);
    session = responder_session(responder, 2000);
    struct result result = run(SCOPE_SUBTREE, CONFIG, names, "(objectClass=server)", 10);
    ck_assert(result.complete && result.count == 51);
    size_t cells = 0;
    for (size_t i = 0; i < result.count; i++)
        for (size_t j = 0; j < result.entries[i].count; j++)
            cells += 1 + result.entries[i].attributes[j].count;
    result_release(&result);
    session->most_cells = cells;
    result = run(SCOPE_SUBTREE, CONFIG, names, "(objectClass=server)", 10);
    ck_assert(result.complete);
    result_release(&result);
    session->most_cells = cells - 1;
    result = run(SCOPE_SUBTREE, CONFIG, names, "(objectClass=server)", 10);
    ck_assert(!result.complete && err_is(result.err, ERR_PROTOCOL) && result.count == 50);
    result_release(&result);
}
END_TEST

static const struct {
    enum responder_fault fault;
    enum err_code is;
    bool lost;
} faults[] = {
    {FAULT_DROP, ERR_LOST, true},          {FAULT_NOTICE, ERR_LOST, true},
    {FAULT_GARBAGE, ERR_PROTOCOL, true},   {FAULT_STALL, ERR_TIMED_OUT, true},
    {FAULT_HALF, ERR_TIMED_OUT, true},     {FAULT_WRONG_ID, ERR_TIMED_OUT, true},
    {FAULT_WRONG_OP, ERR_PROTOCOL, false}, {FAULT_TRUNCATED, ERR_PROTOCOL, false},
};
enum { FAULTS = sizeof faults / sizeof *faults };

START_TEST(faults_while_searching)
{
    struct search searches[2];
    struct result results[2];
    session = responder_session(responder, 150);
    responder_fault(responder, faults[_i].fault, OP_SEARCH, 2);
    search_init(&searches[0], SCOPE_SUBTREE, CONFIG, NULL, "(objectClass=server)");
    search_init(&searches[1], SCOPE_SUBTREE, DOMAIN, NULL, "(objectClass=computer)");
    int64_t begin = clock_ms();
    search_run(session, searches, 2, results);
    ck_assert_int_lt(clock_ms() - begin, 150 + 350);
    ck_assert_ptr_nonnull(results[0].err);
    ck_assert_str_eq(err_code_name(results[0].err->code), err_code_name(faults[_i].is));
    ck_assert(!results[0].complete);
    ck_assert_int_eq(session_lost(session), faults[_i].lost);
    if (faults[_i].lost) {
        ck_assert(results[1].err && !results[1].complete);
        result_release(&results[1]);
        search_run(session, &searches[1], 1, &results[1]);
        bool silent = faults[_i].is == ERR_TIMED_OUT;
        ck_assert(err_is(results[1].err, silent ? ERR_TIMED_OUT : ERR_LOST));
    }
    for (size_t i = 0; i < 2; i++) {
        search_release(&searches[i]);
        result_release(&results[i]);
    }
}
END_TEST

static void *raise_soon(void *cancel)
{
    poll(NULL, 0, 100);
    cancel_raise(cancel);
    return NULL;
}

START_TEST(cancelled_within_a_fifth_of_a_second)
{
    struct cancel *cancel = cancel_new();
    pthread_t thread;
    session = responder_session(responder, 60000);
    session_set_cancel(session, cancel);
    responder_fault(responder, FAULT_STALL, OP_SEARCH, 2);
    int64_t begin = clock_ms();
    pthread_create(&thread, NULL, raise_soon, cancel);
    struct result result = run(SCOPE_SUBTREE, CONFIG, NULL, "(objectClass=server)", 0);
    ck_assert_int_lt(clock_ms() - begin, 100 + 200 + 50);
    ck_assert_int_eq(result.err->kind, ERR_CANCELLED);
    ck_assert(!session_lost(session));
    ck_assert(responder_await(responder, OP_ABANDON, 1));
    pthread_join(thread, NULL);
    result_release(&result);
    session_set_cancel(session, NULL);
    cancel_free(cancel);
}
END_TEST

START_TEST(a_malformed_filter_sends_nothing)
{
    session = responder_session(responder, 200);
    struct result result = run(SCOPE_SUBTREE, CONFIG, NULL, "(objectClass=server", 0);
    ck_assert(result.err && result.err->kind == ERR_INTERNAL && !session_lost(session));
    ck_assert_uint_eq(responder_count(responder, OP_SEARCH), 1);
    result_release(&result);
}
END_TEST

START_TEST(unsupported_controls_are_left_out)
{
    responder_without_control(responder, "1.2.840.113556.1.4.319");
    responder_without_control(responder, "1.2.840.113556.1.4.529");
    add_dcs(3);
    session = responder_session(responder, 2000);
    struct result result = run(SCOPE_SUBTREE, CONFIG, NULL, "(objectClass=server)", 2);
    ck_assert(result.complete && result.count == 4);
    ck_assert(!result.entries[0].name.has_guid);
    result_release(&result);
}
END_TEST

START_TEST(escaping)
{
    char *text = search_escape("a*(b)\\c\n\xC3\xA9");
    ck_assert_str_eq(text, "a\\2a\\28b\\29\\5cc\\0a\\c3\\a9");
    free(text);
    text = search_escape_bytes("\0\1", 2);
    ck_assert_str_eq(text, "\\00\\01");
    free(text);
}
END_TEST

START_TEST(values_as_what_they_mean)
{
    struct responder_entry *entry = responder_find(responder, DC1);
    responder_value(entry, "whenCreated", "20260102030405.0Z");
    responder_value(entry, "odd", "2026010203040.0Z");
    responder_value(entry, "number", "-42");
    responder_value(entry, "notNumber", "42 ");
    responder_bytes(entry, "hasNul", "a\0b", 3);
    responder_value(entry, "empty", "");
    session = responder_session(responder, 2000);
    struct result result = run(SCOPE_BASE, DC1, NULL, "(objectClass=*)", 0);
    const struct entry *got = &result.entries[0];
    struct strs texts = {NULL, 0};
    struct guid guid;
    int64_t number;
    time_t when;
    ck_assert(entry_time(got, "whenCreated", &when) && when == 1767323045);
    ck_assert(!entry_time(got, "odd", &when) && !entry_time(got, "none", &when));
    ck_assert(entry_number(got, "number", &number) && number == -42);
    ck_assert(!entry_number(got, "notNumber", &number) && !entry_number(got, "empty", &number));
    ck_assert_ptr_null(entry_text(got, "hasNul"));
    ck_assert_ptr_null(entry_text(got, "none"));
    ck_assert_str_eq(entry_text(got, "empty"), "");
    ck_assert(entry_has(got, "hasNul") && !entry_has(got, "none"));
    ck_assert(entry_is_class(got, "SERVER") && !entry_is_class(got, "computer"));
    ck_assert(!entry_guid(got, "name", &guid));
    entry_texts(got, "hasNul", &texts);
    ck_assert_uint_eq(texts.count, 0);
    entry_texts(got, "objectClass", &texts);
    ck_assert_uint_eq(texts.count, 2);
    strs_release(&texts);
    result_release(&result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search");
    TCase *tests = tcase_create("search");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60); /* 100 000 entries under a sanitizer */
    tcase_add_test(tests, a_batch_is_one_turn);
    tcase_add_loop_test(tests, pages_are_followed, 0, 6);
    tcase_add_test(tests, pages_of_several_searches_go_on_together);
    tcase_add_test(tests, computers_that_are_made);
    tcase_add_loop_test(tests, ranges_are_followed, 0, 10);
    tcase_add_test(tests, too_many_cut_lists);
    tcase_add_loop_test(tests, a_range_that_breaks_off, 0, 2);
    tcase_add_test(tests, controls_do_their_work);
    tcase_add_test(tests, references_are_counted_only);
    tcase_add_loop_test(tests, ends_with_a_code, 0, ENDINGS);
    tcase_add_loop_test(tests, no_more_than_wanted, 0, 2);
    tcase_add_loop_test(tests, pages_without_end, 0, 2);
    tcase_add_test(tests, a_base_search_is_one_entry);
    tcase_add_test(tests, memory_of_a_batch_is_bounded);
    tcase_add_loop_test(tests, faults_while_searching, 0, FAULTS);
    tcase_add_test(tests, cancelled_within_a_fifth_of_a_second);
    tcase_add_test(tests, a_malformed_filter_sends_nothing);
    tcase_add_test(tests, unsupported_controls_are_left_out);
    tcase_add_test(tests, escaping);
    tcase_add_test(tests, values_as_what_they_mean);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
