/* Each file of tests/wire/reports is what some DC once said: it is asked again, and facts and
 * verdict must be those that stand in the file. Run with the path of a report (wire_reports FILE),
 * that one alone is replayed. */
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/trace.h"
#include "src/directory/dns.h"
#include "src/directory/session_parts.h"
#include "src/jobs/inspect.h"
#include "src/model/host.h"
#include "src/remedy/anonymize.h"
#include "src/remedy/bugreport.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"
#include "tests/wire/report.h"

#include <check.h>
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- in place of the network: the linker leads these calls here ---- */

static struct replay {
    struct report *report; /* NULL: the calls go where they always go */
    struct responder **responders;
    size_t count;
    atomic_int opening; /* sign-ins; some may have been left behind */
    pthread_mutex_t lock;
} replay = {.lock = PTHREAD_MUTEX_INITIALIZER};
static _Thread_local time_t replay_time; /* of the report; 0: now */

time_t __real_time(time_t *out);
time_t __wrap_time(time_t *out);
struct err *__real_session_open(const struct signin *, const struct deadlines *, struct cancel *,
                                struct session **);
struct err *__wrap_session_open(const struct signin *signin, const struct deadlines *deadlines,
                                struct cancel *cancel, struct session **out);
bool __real_session_signin_elsewhere(const struct session *, const char *, struct signin *);
bool __wrap_session_signin_elsewhere(const struct session *session, const char *host,
                                     struct signin *to);
struct err *__real_dns_find_dcs(const char *, struct dns_srvs *);
struct err *__wrap_dns_find_dcs(const char *domain, struct dns_srvs *out);
struct err *__wrap_dns_find_site_dcs(const char *site, const char *domain, struct dns_srvs *out);
struct err *__wrap_dns_find_catalogs(const char *forest, struct dns_srvs *out);
void __wrap_dns_cname(const char *name, struct dns_cname *out);

time_t __wrap_time(time_t *out)
{
    time_t now = replay_time ? replay_time : __real_time(NULL);
    if (out)
        *out = now;
    return now;
}

static enum err_code code_of(const char *name)
{
    enum err_code code = ERR_OTHER;
    for (int i = ERR_OTHER; i <= ERR_JOURNAL; i++)
        if (str_same(err_code_name((enum err_code)i), name))
            code = (enum err_code)i;
    return code;
}

static struct err *not_there(void)
{
    return err_new(ERR_INTERNAL, ERR_OTHER, "It is not in the report.");
}

static struct responder *responder_for(const char *dc)
{
    pthread_mutex_lock(&replay.lock); /* the authority numbers its certificates */
    struct responder *responder = responder_new();
    responder_report(responder, replay.report, dc);
    *MEM_PUSH(replay.responders, replay.count) = responder;
    pthread_mutex_unlock(&replay.lock);
    return responder;
}

/* How the session was protected is told; that it was, goes without saying. */
static void take_told(struct server *server, const struct signin *signin, size_t at)
{
    const struct record *record = report_record(replay.report);
    mem_set(&server->asked, signin->host);
    mem_set(&server->identity, report_value(record, at, "identity"));
    mem_set(&server->protection, report_value(record, at, "protection"));
    mem_set(&server->mechanism, report_value(record, at, "mechanism"));
    server->port = signin_port(signin);
    server->ssf = (unsigned)strtoul(report_value(record, at, "ssf"), NULL, 10);
    server->kerberos = !str_same(server->mechanism, "simple");
    server->tls = !str_same(report_value(record, at, "transport"), "ldap");
}

/* Several are tried at once, and the first wins: each takes as long as it did, and comes after
 * those that came before it. */
static void await_turn(size_t at, int64_t began, struct cancel *cancel)
{
    enum { MOST_MS = 2000, JITTER_MS = 400 };
    const char *told = report_value(report_record(replay.report), at, "ms");
    int64_t ms = told ? atoll(told) : 0, due = began + (ms < MOST_MS ? ms : MOST_MS);
    while (!cancel_raised(cancel) &&
           (clock_ms() < due ||
            (!report_ended(replay.report, "sign-in", at) && clock_ms() < due + JITTER_MS)))
        poll(NULL, 0, 2);
    report_end(replay.report, at);
}

/* True: it was called off before that. */
static bool is_called_off(struct cancel *cancel, int64_t ms)
{
    for (int64_t end = clock_ms() + ms; !cancel_raised(cancel) && clock_ms() < end;)
        poll(NULL, 0, 5);
    return cancel_raised(cancel);
}

static bool was_called_off(size_t at)
{
    return str_same(report_value(report_record(replay.report), at, "error"), "called-off");
}

static struct err *open_told(const struct signin *signin, const char *dc, size_t at,
                             const struct deadlines *deadlines, struct cancel *cancel,
                             struct session **out)
{
    const struct record *record = report_record(replay.report);
    const char *error = report_value(record, at, "error");
    int64_t began = clock_ms();
    struct err *err =
        error ? err_new(ERR_NETWORK, code_of(error), "%s", report_value(record, at, "text")) : NULL;
    if (!err) {
        struct signin way;
        time_t kept = replay_time;
        replay_time = 0; /* certificates are of today */
        responder_signin(responder_for(dc), &way);
        err = __real_session_open(&way, deadlines, cancel, out);
        signin_release(&way);
        replay_time = kept;
    }
    if (!err)
        take_told(&(*out)->server, signin, at);
    await_turn(at, began, cancel);
    return err;
}

/* One that was left behind when another had won was called off, or is not in the report at all: it
 * never comes home here, either. Its thread may be late, and then what it was to take was taken by
 * the next one, which nobody calls off: that one goes on to its own. One that is not there, and
 * that is waited for to the end, is missing. */
static struct err *open_dc(const struct signin *signin, const char *dc,
                           const struct deadlines *deadlines, struct cancel *cancel,
                           struct session **out)
{
    enum { SOON_MS = 1500 };
    bool told = report_part(replay.report, 0, "sign-in", dc) > 0;
    size_t at;
    if (cancel_raised(cancel) || (!told && is_called_off(cancel, deadlines->connect + SOON_MS)))
        return not_there();
    for (int tries = 0; tries < 3; tries++) {
        at = report_take(replay.report, "sign-in", dc);
        if (at > 0 && !was_called_off(at))
            return open_told(signin, dc, at, deadlines, cancel, out);
        report_end(replay.report, at);
        if (is_called_off(cancel, SOON_MS))
            break;
    }
    return not_there();
}

struct err *__wrap_session_open(const struct signin *signin, const struct deadlines *deadlines,
                                struct cancel *cancel, struct session **out)
{
    if (!replay.report)
        return __real_session_open(signin, deadlines, cancel, out);
    replay.opening++;
    char *dc = str_format("%s:%d", signin->host, signin_port(signin));
    *out = NULL;
    struct err *err = open_dc(signin, dc, deadlines, cancel, out);
    free(dc);
    replay.opening--;
    return err;
}

bool __wrap_session_signin_elsewhere(const struct session *session, const char *host,
                                     struct signin *to)
{
    if (!replay.report)
        return __real_session_signin_elsewhere(session, host, to);
    if (!session->server.kerberos)
        return false;
    signin_init(to);
    to->host = mem_text(host);
    to->named = mem_text(host);
    return true;
}

static struct err *find(const char *service, const char *domain, struct dns_srvs *out)
{
    char *name = str_format("%s.%s", service, domain);
    *out = (struct dns_srvs){NULL, 0};
    size_t at = replay.report ? report_take(replay.report, "dns", name) : 0;
    free(name);
    const struct record *record = replay.report ? report_record(replay.report) : NULL;
    for (size_t i = at + 1; at > 0 && !record->items[i].begins; i++)
        if (str_same(record->items[i].name, "host"))
            *MEM_PUSH(out->items, out->count) = (struct dns_srv){
                .host = mem_text(record->items[i].value), .port = atoi(record->items[i + 1].value)};
    return out->count > 0 ? NULL : not_there();
}

struct err *__wrap_dns_find_dcs(const char *domain, struct dns_srvs *out)
{
    return find("_ldap._tcp.dc._msdcs", domain, out);
}

struct err *__wrap_dns_find_site_dcs(const char *site, const char *domain, struct dns_srvs *out)
{
    char *service = str_format("_ldap._tcp.%s._sites.dc._msdcs", site);
    struct err *err = find(service, domain, out);
    free(service);
    return err;
}

struct err *__wrap_dns_find_catalogs(const char *forest, struct dns_srvs *out)
{
    return find("_gc._tcp", forest, out);
}

/* Where a report is made, no DNS answers. */
static void tell_failed(const char *name)
{
    struct record part = {NULL, 0};
    record_begin(&part, "dns", PAIR_NAME, name);
    record_ours(&part, "answer", "failed");
    trace_add(&part);
}

void __wrap_dns_cname(const char *name, struct dns_cname *out)
{
    *out = (struct dns_cname){.state = CNAME_FAILED};
    if (!replay.report) {
        tell_failed(name);
        return;
    }
    size_t at = report_take(replay.report, "dns", name);
    const char *answer = at ? report_value(report_record(replay.report), at, "answer") : "failed";
    if (at > 0)
        out->target = mem_text(report_value(report_record(replay.report), at, "host"));
    if (!str_same(answer, "failed"))
        out->state = out->target ? CNAME_FOUND : CNAME_MISSING;
}

/* ---- a report, replayed ---- */

static void take_dsa(struct subject *subject, size_t at)
{
    const struct record *record = report_record(replay.report);
    const char *source = report_value(record, at, "source");
    struct subject_dsa *dsa = subject_add(subject, SUBJECT_GUID);
    for (int i = SUBJECT_EVENT_1411; i <= SUBJECT_PICKED; i++)
        if (str_same(source, subject_source_name((enum subject_source)i)))
            dsa->source = (enum subject_source)i;
    dsa->has_guid = guid_parse(record->items[at].value, &dsa->guid);
    dsa->ntds_dn = mem_text(report_value(record, at, "ntds-dn"));
    dsa->server_dn = mem_text(report_value(record, at, "server-dn"));
    dsa->site = mem_text(report_value(record, at, "site"));
    dsa->server = mem_text(report_value(record, at, "server"));
    dsa->forest = mem_text(report_value(record, at, "forest"));
    dsa->other_fault = mem_text(report_value(record, at, "other-fault"));
    dsa->hypothesis = report_value(record, at, "hypothesis") != NULL;
}

static void take_subject(struct subject *subject)
{
    const struct record *record = report_record(replay.report);
    size_t first = report_part(replay.report, 0, "dsa", NULL);
    const char *guid = report_value(record, first, "destination-dsa");
    for (size_t at = first; at > 0; at = report_part(replay.report, at, "dsa", NULL))
        take_dsa(subject, at);
    mem_set(&subject->destination, report_value(record, first, "destination"));
    subject->has_destination_dsa = guid && guid_parse(guid, &subject->destination_dsa);
    subject->conflict = report_value(record, first, "conflict") != NULL;
}

/* "name5.name2.com:636": where the first sign-in went. */
static struct session *open_first(void)
{
    size_t at = report_part(replay.report, 0, "sign-in", NULL);
    struct signin signin;
    struct session *session = NULL;
    signin_init(&signin);
    struct err *err =
        signin_set_server(&signin, at ? report_record(replay.report)->items[at].value : "?");
    if (!err)
        err = __wrap_session_open(&signin, &deadlines_default, NULL, &session);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    signin_release(&signin);
    return session;
}

static time_t told_time(void)
{
    struct tm tm = {.tm_mday = 1};
    const char *text = report_value(report_record(replay.report), 0, "time");
    int year, month,
        got = text ? sscanf(text, "%d-%d-%dT%d:%d:%d", &year, &month, &tm.tm_mday, &tm.tm_hour,
                            &tm.tm_min, &tm.tm_sec)
                   : 0;
    ck_assert_int_eq(got, 6);
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    return timegm(&tm);
}

static void read_again(struct record *found)
{
    struct subject subject = {.dsas = NULL};
    struct facts facts;
    struct verdict verdict;
    size_t first = report_part(replay.report, 0, "dsa", NULL);
    facts_init(&facts);
    take_subject(&subject);
    replay_time = told_time();
    struct session *session = open_first();
    const char *source = report_value(report_record(replay.report), first, "compare-with");
    struct err *err = inspect_full(session, &subject, 0, false, source, &facts, NULL);
    ck_assert_msg(!err, "%s\n%s", err ? err->text : "", report_missing(replay.report));
    diagnose(&facts, &verdict);
    bugreport_finding(found, &facts, &verdict);
    session_close(session);
    replay_time = 0;
    verdict_release(&verdict);
    facts_release(&facts);
    subject_release(&subject);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All but sentences, whose words may change, in an order of their own. */
static char *essence(const struct record *record, size_t from)
{
    static const char *const sentences[] = {"text",     "said",         "headline",   "advice",
                                            "copy-why", "accounts-why", "other-fault"};
    struct strs lines = {NULL, 0};
    struct str all = STR_INIT;
    for (size_t i = from; i < record->count; i++) {
        bool sentence = str_same(record->items[i].name, "end");
        for (size_t n = 0; n < sizeof sentences / sizeof *sentences; n++)
            sentence = sentence || str_same(record->items[i].name, sentences[n]);
        if (!sentence)
            strs_own(&lines, str_format("%s: %s\n", record->items[i].name, record->items[i].value));
    }
    if (lines.count > 0)
        qsort(lines.items, lines.count, sizeof *lines.items, by_text);
    for (size_t i = 0; i < lines.count; i++)
        str_add(&all, lines.items[i]);
    strs_release(&lines);
    return str_steal(&all);
}

static void end_replay(void)
{
    while (replay.opening > 0)
        poll(NULL, 0, 5);
    for (size_t i = 0; i < replay.count; i++)
        responder_free(replay.responders[i]);
    free(replay.responders);
    report_free(replay.report);
    replay.report = NULL;
    replay.responders = NULL;
    replay.count = 0;
}

/* Owns the report. */
static void check_report(struct report *report, const char *name)
{
    struct record found = {NULL, 0};
    ck_assert_msg(report, "%s is no bug report", name);
    replay.report = report;
    size_t facts = 0; /* the last: the wizard judges again when all DCs have answered */
    for (size_t at = 0; (at = report_part(report, at, "facts", NULL)) > 0;)
        facts = at;
    ck_assert_msg(facts > 0, "%s holds no facts", name);
    read_again(&found);
    ck_assert_msg(!*report_missing(report), "%s does not hold what is asked:\n%s", name,
                  report_missing(report));
    char *told = essence(report_record(report), facts), *again = essence(&found, 0);
    struct str whole = STR_INIT;
    record_write(&whole, &found);
    ck_assert_msg(str_same(told, again), "%s\n--- told\n%s--- again\n%s--- in full%s", name, told,
                  again, str_text(&whole));
    str_release(&whole);
    free(told);
    free(again);
    record_release(&found);
    end_replay();
}

START_TEST(every_report_comes_out_the_same)
{
    char *folder = str_format("%s/tests/wire/reports", getenv("DCMEND_SOURCE"));
    DIR *dir = opendir(folder);
    size_t count = 0;
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *item; (item = readdir(dir));) {
        size_t len = strlen(item->d_name);
        if (len < 4 || !str_same(item->d_name + len - 4, ".txt"))
            continue;
        char *path = str_format("%s/%s", folder, item->d_name);
        check_report(report_read(path), item->d_name);
        free(path);
        count++;
    }
    ck_assert_uint_ge(count, 6);
    (void)closedir(dir);
    free(folder);
}
END_TEST

/* ---- made here, and replayed ---- */

/* As `dcmend bugreport` does; over a simple bind, which asks no other DC. Owned by the caller. */
static char *make_report(struct lab *lab, bool names)
{
    struct record record = {NULL, 0};
    struct str text = STR_INIT;
    struct facts facts;
    struct verdict verdict;
    char when[32];
    struct tm tm;
    time_t now = time(NULL);
    facts_init(&facts);
    record_line(&record, BUGREPORT_TITLE);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    record_ours(&record, "time", "%s", when);
    trace_collect(&record);
    lab_ask(lab, responder_guid(lab->dc.ntds));
    struct session *session = lab_session(lab->responder, 0);
    bugreport_subject(&record, &lab->subject, 0);
    ck_assert_ptr_null(inspect_full(session, &lab->subject, 0, false, NULL, &facts, NULL));
    trace_collect(NULL);
    diagnose(&facts, &verdict);
    bugreport_finding(&record, &facts, &verdict);
    if (!names)
        anonymize(&record);
    record_write(&text, &record);
    session_close(session);
    verdict_release(&verdict);
    facts_release(&facts);
    record_release(&record);
    return str_steal(&text);
}

/* What each report says; never the password of these sessions. */
static void check_told(const char *text)
{
    static const char *const told[] = {
        "\ndn: <GUID=",
        "\nscope: sub\n",
        "\nfilter: (&(objectClass=server)",
        "\nattributes: objectClass objectGUID",
        "\ncontrols: 1.2.840.113556.1.4.529 1.2.840.113556.1.4.417 1.2.840.113556.1.4.2064\n",
        "\npage: 500\n",
        "\nresult: 0\nms: ",
        "\nmechanism: simple\n",
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        ck_assert_msg(strstr(text, told[i]), "no %s in\n%s", told[i], text);
    ck_assert_ptr_null(strstr(text, "secret"));
}

static void check_made(void (*change)(struct lab *lab), const char *verdict, const char *keep)
{
    for (int names = 0; names < 2; names++) {
        struct lab lab;
        lab_start(&lab);
        responder_windows(lab.responder);
        change(&lab);
        char *text = make_report(&lab, names);
        struct report *report = report_parse(text, strlen(text));
        ck_assert_msg(report && report_part(report, 0, "verdict", verdict), "no %s in\n%s", verdict,
                      text);
        bool refused = str_same(verdict, "unreadable");
        ck_assert(!refused || strstr(text, "result: 80\nerror: other\ntext: "));
        ck_assert(!refused || strstr(text, names ? "\nsaid: 00000057: CN=LIVDC02 is what livdc02 "
                                                   "is to Contoso\n"
                                                 : "\nsaid: 00000057: CN=NAME"));
        if (!names) {
            ck_assert_ptr_null(str_find_case(text, "contoso"));
            ck_assert_ptr_null(str_find_case(text, "livdc02"));
            ck_assert_ptr_null(str_find_case(text, "liverpool"));
            ck_assert_ptr_null(str_find_case(text, "kayla"));
        }
        check_told(text);
        const char *path = getenv("DCMEND_KEEP_REPORT");
        FILE *file = keep && path && !names ? fopen(path, "w") : NULL;
        if (file) {
            (void)fputs(text, file);
            (void)fclose(file);
        }
        check_report(report, names ? "with names" : "without names");
        free(text);
        lab_end(&lab);
    }
}

static void nothing(struct lab *lab)
{
    (void)lab;
}

static void clear_reference(struct lab *lab)
{
    responder_clear(lab->dc.server, "serverReference");
    responder_clear(lab->dc.computer, "serverReferenceBL");
}

static void refuse(struct lab *lab)
{
    clear_reference(lab);
    responder_search_answer(lab->responder, NULL, "servicePrincipalName", 80,
                            "00000057: CN=LIVDC02 is what livdc02 is to Contoso", 0);
}

START_TEST(what_is_made_here_too)
{
    check_made(nothing, "healthy", NULL);
    check_made(clear_reference, "missing", "windows");
    check_made(refuse, "unreadable", NULL);
}
END_TEST

/* The first search of the report that is about S is gone: that search is named. */
START_TEST(a_search_that_is_not_there_is_named)
{
    struct lab lab;
    lab_start(&lab);
    char *text = make_report(&lab, true), *at = strstr(text, "filter: (objectClass=crossRef)");
    ck_assert_ptr_nonnull(at);
    memcpy(at + strlen("filter: (objectClass="), "x", 1);
    struct record found = {NULL, 0};
    replay.report = report_parse(text, strlen(text));
    read_again(&found);
    ck_assert_ptr_nonnull(strstr(report_missing(replay.report), "filter (objectClass=crossRef)"));
    record_release(&found);
    end_replay();
    free(text);
    lab_end(&lab);
}
END_TEST

static const char *only;

START_TEST(the_one)
{
    check_report(report_read(only), only);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("reports");
    TCase *tcase = tcase_create("reports");
    only = argc > 1 ? argv[1] : NULL;
    if (only) {
        tcase_add_test(tcase, the_one);
    } else {
        tcase_add_test(tcase, every_report_comes_out_the_same);
        tcase_add_test(tcase, what_is_made_here_too);
        tcase_add_test(tcase, a_search_that_is_not_there_is_named);
    }
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
