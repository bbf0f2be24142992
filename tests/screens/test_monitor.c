/* What `check` prints for machines that watch: the first line and its status, labels and numbers,
 * and names of the directory that try to end them. */
#include "src/base/mem.h"
#include "src/jobs/every_dc_parts.h"
#include "tests/suite.h"
#include "ui/batch_every.h"
#include "ui/batch_json.h"
#include "ui/batch_monitor.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define N_GUID "9531985d-5d9d-49f8-9818-e811892f902b"

static struct server server;
static struct scan scan;
static struct monitor_run run;
static struct str out;

static void add(enum verdict_kind kind, const char *name, bool failing)
{
    struct scan_finding *item = MEM_PUSH(scan.items, scan.count);
    facts_init(&item->facts);
    guid_parse(N_GUID, &item->facts.asked);
    item->facts.dsa.part = PART_PRESENT;
    item->facts.dsa.guid = item->facts.asked;
    item->facts.dsa.dn = str_format("CN=NTDS Settings,CN=%s,CN=Servers,CN=Liverpool", name);
    item->facts.srv.site = mem_text("Liverpool");
    item->verdict = (struct verdict){.kind = kind};
    if (failing)
        findings_add(&item->verdict.side, SIDE_REPLICATION_8589, "now");
    scan.counts[kind]++;
    scan.survey.dsas++;
}

static void set_up(void)
{
    server = (struct server){.dns_host = mem_text("dcsrv01.contoso.com"),
                             .forest = mem_text("contoso.com")};
    scan = (struct scan){.survey = {.complete = true, .dsas = 3}};
    scan.counts[VERDICT_HEALTHY] = 3;
    run = (struct monitor_run){&server, &scan, NULL, 1795000000, 1.25, false, 80, NULL};
    out = (struct str)STR_INIT;
}

static void tear_down(void)
{
    scan_release(&scan);
    free(server.dns_host);
    free(server.forest);
    str_release(&out);
}

static void expect_nagios(enum nagios state, const char *start)
{
    str_clear(&out);
    ck_assert_int_eq(monitor_nagios(&out, &run), state);
    ck_assert_msg(strncmp(out.text, start, strlen(start)) == 0, "%s", out.text);
}

START_TEST(a_healthy_forest_is_ok)
{
    expect_nagios(NAGIOS_OK, "DCMEND OK - 3 of 3 domain controllers healthy on dcsrv01.contoso.com "
                             "| dsas=3;;;0 findings=0;;;0 failing_8589=0;;0;0 ");
    ck_assert_ptr_nonnull(strstr(out.text, " 'missing'=0;;0;0 "));
    ck_assert_ptr_nonnull(strstr(out.text, " 'deleted-dsa'=0;0;;0 "));
    ck_assert_ptr_nonnull(strstr(out.text, " time=1.250s;;;0\n"));
    ck_assert_ptr_eq(strchr(out.text, '\n')[1] ? out.text : NULL, NULL);
}
END_TEST

START_TEST(broken_weighs_more_than_unknown_and_that_more_than_leftover)
{
    add(VERDICT_DELETED_DSA, "OLD", false);
    expect_nagios(NAGIOS_WARNING, "DCMEND WARNING - 3 of 4 domain controllers healthy on "
                                  "dcsrv01.contoso.com: OLD deleted-dsa | ");
    add(VERDICT_UNREADABLE, "DARK", false);
    expect_nagios(NAGIOS_UNKNOWN, "DCMEND UNKNOWN - 3 of 5 domain controllers healthy on "
                                  "dcsrv01.contoso.com: DARK unreadable | ");
    add(VERDICT_MISSING, "LIVDC02", false);
    expect_nagios(NAGIOS_CRITICAL, "DCMEND CRITICAL - 3 of 6 domain controllers healthy on "
                                   "dcsrv01.contoso.com: LIVDC02 missing | ");
    ck_assert_ptr_nonnull(strstr(out.text, "\nLIVDC02 missing, site Liverpool, DSA " N_GUID "\n"));
}
END_TEST

START_TEST(replication_that_fails_now_is_critical)
{
    add(VERDICT_HEALTHY, "LIVDC02", true);
    expect_nagios(NAGIOS_CRITICAL, "DCMEND CRITICAL - 4 of 4 domain controllers healthy on "
                                   "dcsrv01.contoso.com: LIVDC02 8589 now | dsas=4;;;0 "
                                   "findings=1;;;0 failing_8589=1;;0;0 ");
}
END_TEST

START_TEST(an_incomplete_reading_is_unknown)
{
    scan.survey.complete = false;
    scan.survey.why = mem_text("The list was cut|off.\nSee");
    expect_nagios(NAGIOS_UNKNOWN, "DCMEND UNKNOWN - 3 of 3 domain controllers healthy on "
                                  "dcsrv01.contoso.com; incomplete: The list was cut/off.");
    ck_assert_ptr_eq(strchr(strchr(out.text, '|') + 1, '|'), NULL);
}
END_TEST

START_TEST(no_name_ends_the_line_or_a_label)
{
    add(VERDICT_MISSING, "A|B\nDCMEND OK", false);
    expect_nagios(NAGIOS_CRITICAL, "DCMEND CRITICAL");
    ck_assert_ptr_nonnull(strstr(out.text, "time=1.250s;;;0\n"));
    for (const char *line = out.text; *line; line = strchr(line, '\n') + 1)
        ck_assert_msg(line == out.text || strncmp(line, "DCMEND", 6) != 0, "%s", out.text);
    mem_set(&server.forest, "con\"to\\so\n# TYPE x");
    str_clear(&out);
    monitor_prometheus(&out, &run);
    ck_assert_ptr_nonnull(strstr(out.text, "forest=\"con\\\"to\\\\so"));
    ck_assert_ptr_eq(strstr(out.text, "\n# TYPE x"), NULL);
}
END_TEST

START_TEST(many_findings_are_counted)
{
    for (int i = 0; i < 9; i++)
        add(VERDICT_MISSING, "DC", false);
    expect_nagios(NAGIOS_CRITICAL, "DCMEND CRITICAL - 3 of 12 domain controllers healthy on "
                                   "dcsrv01.contoso.com: DC missing, DC missing, DC missing, DC "
                                   "missing, DC missing and 4 more | ");
}
END_TEST

START_TEST(prometheus_gets_every_verdict_and_the_time)
{
    add(VERDICT_MISSING, "LIVDC02", false);
    monitor_prometheus(&out, &run);
    static const char *const lines[] = {
        "# TYPE dcmend_up gauge\ndcmend_up 1\n",
        "dcmend_run_timestamp_seconds 1795000000\n",
        "dcmend_dsas{server=\"dcsrv01.contoso.com\",forest=\"contoso.com\",verdict=\"missing\"} "
        "1\n",
        "dcmend_dsas{server=\"dcsrv01.contoso.com\",forest=\"contoso.com\",verdict=\"healthy\"} "
        "3\n",
        "dcmend_complete{server=\"dcsrv01.contoso.com\",forest=\"contoso.com\"} 1\n",
        "dcmend_duration_seconds{server=\"dcsrv01.contoso.com\",forest=\"contoso.com\"} 1.25\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(strstr(out.text, lines[i]) != NULL, "%s not in\n%s", lines[i], out.text);
}
END_TEST

/* Three DCs: the second one's copy of LIVDC02 has no value, the third one was not read. */
static struct every_dc every_of_three(void)
{
    static const char *const names[] = {"dcsrv01.contoso.com", "dc2.contoso.com",
                                        "dc3|x.contoso.com"};
    struct every_dc every = {.read = 2};
    struct guid dsa;
    guid_parse(N_GUID, &dsa);
    every.list = mem_zero(1, sizeof *every.list);
    atomic_init(&every.list->holders, 1);
    index_add(&every.list->by_dsa, dsa.bytes, sizeof dsa.bytes, 0);
    for (size_t i = 0; i < 3; i++) {
        struct every_dc_dc *dc = MEM_PUSH(every.dcs, every.dc_count);
        *dc = (struct every_dc_dc){.server = mem_text(names[i]), .read = i < 2, .seconds = 0.5};
        dc->state = COPY_UNREACHABLE;
        dc->why = i < 2 ? NULL : mem_text("no answer in 5 s");
    }
    struct every_dc_difference *difference = MEM_PUSH(every.differences, every.difference_count);
    *difference = (struct every_dc_difference){.server = 0, .dc = 1, .state = COPY_ABSENT};
    add(VERDICT_HEALTHY, "LIVDC02", false);
    scan.items[0].facts.srv.part = scan.items[0].facts.srv.reference = PART_PRESENT;
    scan.items[0].facts.srv.reference_link.dn = mem_text("CN=LIVDC02,OU=Domain Controllers");
    findings_add(&scan.items[0].verdict.side, SIDE_COPIES_DIFFER, "they differ");
    every.scan = scan;
    return every;
}

START_TEST(a_copy_that_is_broken_elsewhere)
{
    struct every_dc every = every_of_three();
    scan = (struct scan){.items = NULL};
    run.scan = &every.scan;
    run.every = &every;
    expect_nagios(NAGIOS_CRITICAL, "DCMEND CRITICAL - 4 of 4 domain controllers healthy on "
                                   "dcsrv01.contoso.com: LIVDC02 other copies; 1 of 3 not read | ");
    ck_assert_ptr_nonnull(strstr(out.text, " dcs_read=2;;;0 dcs_unread=1;0;;0 time="));
    ck_assert_ptr_nonnull(strstr(out.text, "DSA " N_GUID ", on dc2.contoso.com\n"));
    ck_assert_ptr_nonnull(strstr(out.text, "\ndc3/x.contoso.com not read: no answer in 5 s\n"));
    str_clear(&out);
    monitor_prometheus(&out, &run);
    ck_assert_ptr_nonnull(strstr(out.text, "forest=\"contoso.com\"} 2\n# HELP dcmend_dcs_unread"));
    str_clear(&out);
    batch_every_text(&out, &every, 80, false);
    ck_assert_str_eq(out.text, "\nWhere copies differ\n"
                               "  LIVDC02: no value on dc2.contoso.com; CN=LIVDC02,OU=Domain "
                               "Controllers on\n  dcsrv01.contoso.com\n"
                               "\nDomain controllers that were not read\n"
                               "  dc3|x.contoso.com: no answer in 5 s\n");
    char *on = every_dc_on(&every, &every.scan.items[0]);
    ck_assert_str_eq(on, "1 of 3");
    free(on);
    every_dc_release(&every);
}
END_TEST

START_TEST(a_dc_that_was_not_read_is_unknown)
{
    struct every_dc every = every_of_three();
    scan = (struct scan){.items = NULL};
    run.scan = &every.scan;
    run.every = &every;
    every.scan.items[0].verdict.kind = VERDICT_DELETED_DSA;
    findings_release(&every.scan.items[0].verdict.side);
    every.scan.items[0].verdict.side = (struct findings){.items = NULL};
    expect_nagios(NAGIOS_UNKNOWN, "DCMEND UNKNOWN - 4 of 4");
    every_dc_release(&every);
}
END_TEST

START_TEST(every_dc_as_json)
{
    struct every_dc every = every_of_three();
    json_t *object = json_object(), *finding = json_object();
    scan = (struct scan){.items = NULL};
    batch_every_json(object, &every);
    batch_every_json_finding(finding, &every, &every.scan.items[0]);
    batch_json_add(&out, object);
    batch_json_add(&out, finding);
    ck_assert_str_eq(
        out.text,
        "{\"dcs\":[{\"server\":\"dcsrv01.contoso.com\",\"state\":\"read\",\"reason\":null,"
        "\"seconds\":0.5},{\"server\":\"dc2.contoso.com\",\"state\":\"read\",\"reason\":null,"
        "\"seconds\":0.5},{\"server\":\"dc3|x.contoso.com\",\"state\":\"unreachable\","
        "\"reason\":\"no answer in 5 s\",\"seconds\":0.5}],\"dsas_on_some\":[]}\n"
        "{\"on\":[\"dc2.contoso.com\"],\"elsewhere\":[{\"servers\":[\"dcsrv01.contoso.com\"],"
        "\"value\":\"CN=LIVDC02,OU=Domain Controllers\",\"state\":\"value\"}]}\n");
    every_dc_release(&every);
}
END_TEST

START_TEST(a_check_that_failed_is_unknown_and_down)
{
    struct err *err = err_next(err_new(ERR_NETWORK, ERR_REFUSED, "dc1|x refused."), "Look there.");
    ck_assert_int_eq(monitor_nagios_failed(&out, err, false), NAGIOS_UNKNOWN);
    ck_assert_str_eq(out.text, "DCMEND UNKNOWN - dc1/x refused. Look there.\n");
    err_free(err);
    str_clear(&out);
    monitor_prometheus_failed(&out, 5);
    ck_assert_ptr_nonnull(strstr(out.text, "\ndcmend_up 0\n"));
    ck_assert_ptr_nonnull(strstr(out.text, "\ndcmend_run_timestamp_seconds 5\n"));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("monitor");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_healthy_forest_is_ok);
    tcase_add_test(tests, broken_weighs_more_than_unknown_and_that_more_than_leftover);
    tcase_add_test(tests, replication_that_fails_now_is_critical);
    tcase_add_test(tests, an_incomplete_reading_is_unknown);
    tcase_add_test(tests, no_name_ends_the_line_or_a_label);
    tcase_add_test(tests, many_findings_are_counted);
    tcase_add_test(tests, prometheus_gets_every_verdict_and_the_time);
    tcase_add_test(tests, a_copy_that_is_broken_elsewhere);
    tcase_add_test(tests, a_dc_that_was_not_read_is_unknown);
    tcase_add_test(tests, every_dc_as_json);
    tcase_add_test(tests, a_check_that_failed_is_unknown_and_down);
    Suite *suite = suite_create("monitor");
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
