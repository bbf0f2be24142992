/* libkrb5's numbers as causes. The numbers are the library's ABI; that they come is shown by the
 * end-to-end tests against real KDCs. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/ticket_parts.h"
#include "tests/suite.h"

#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const struct {
    long code;
    unsigned status;
    bool password;
    enum err_code is;
    enum err_kind kind;
} causes[] = {
    {KRB5KDC_ERR_PREAUTH_FAILED, 0, true, ERR_BAD_PASSWORD, ERR_CREDENTIALS},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, 0, true, ERR_BAD_PASSWORD, ERR_CREDENTIALS},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, 0, false, ERR_OTHER, ERR_CREDENTIALS},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, 0, true, ERR_NO_SUCH_USER, ERR_CREDENTIALS},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC0000234, true, ERR_LOCKED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC0000072, true, ERR_DISABLED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC0000193, true, ERR_ACCOUNT_EXPIRED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC000006F, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0, true, ERR_LOCKED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_KEY_EXP, 0xC0000224, true, ERR_MUST_CHANGE, ERR_CREDENTIALS},
    {KRB5KDC_ERR_KEY_EXP, 0, true, ERR_PASSWORD_EXPIRED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_NAME_EXP, 0, true, ERR_ACCOUNT_EXPIRED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_POLICY, 0, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_POLICY, 0xC00002FA, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_POLICY, 0xC0000413, false, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_POLICY, 0xC0000070, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_POLICY, 0xC000006E, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_CLIENT_REVOKED, 0xC000006E, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5_PREAUTH_FAILED, 0, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_ETYPE_NOSUPP, 0, true, ERR_LOGON_DENIED, ERR_CREDENTIALS},
    {KRB5KDC_ERR_PRINCIPAL_NOT_UNIQUE, 0, true, ERR_NO_PRINCIPAL, ERR_CREDENTIALS},
    {KRB5KRB_AP_ERR_MODIFIED, 0, false, ERR_NO_PRINCIPAL, ERR_CREDENTIALS},
    {KRB5_FCC_NOFILE, 0, false, ERR_NO_TICKET, ERR_CREDENTIALS},
    {KRB5_CC_NOTFOUND, 0, false, ERR_NO_TICKET, ERR_CREDENTIALS},
    {KRB5_CC_FORMAT, 0, false, ERR_NO_TICKET, ERR_CREDENTIALS},
    {KRB5_CCACHE_BADVNO, 0, false, ERR_NO_TICKET, ERR_CREDENTIALS},
    {KRB5KRB_AP_ERR_TKT_EXPIRED, 0, false, ERR_TICKET_EXPIRED, ERR_CREDENTIALS},
    {KRB5KRB_AP_ERR_SKEW, 0, false, ERR_CLOCK_SKEW, ERR_CREDENTIALS},
    {KRB5_KDCREP_SKEW, 0, false, ERR_CLOCK_SKEW, ERR_CREDENTIALS},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, 0, false, ERR_NO_PRINCIPAL, ERR_CREDENTIALS},
    {KRB5_KDC_UNREACH, 0, false, ERR_NO_KDC, ERR_NETWORK},
    {KRB5_REALM_UNKNOWN, 0, true, ERR_WRONG_REALM, ERR_CREDENTIALS},
    {KRB5_CONFIG_NODEFREALM, 0, true, ERR_WRONG_REALM, ERR_CREDENTIALS},
    {KRB5_PARSE_MALFORMED, 0, true, ERR_USAGE, ERR_OPERATOR},
    {-1765328999, 0, true, ERR_OTHER, ERR_CREDENTIALS},
};
enum { CAUSES = sizeof causes / sizeof *causes };

START_TEST(each_number_is_a_cause)
{
    const struct ticket_failure failure = {.code = causes[_i].code,
                                           .status = causes[_i].status,
                                           .password = causes[_i].password,
                                           .client = "kayla@CONTOSO.COM",
                                           .host = "dc1.contoso.com",
                                           .said = "Kerberos' own words"};
    struct err *err = ticket_explain(&failure);
    ck_assert_str_eq(err_code_name(err->code), err_code_name(causes[_i].is));
    ck_assert_int_eq(err->kind, causes[_i].kind);
    ck_assert_str_eq(err->said, "Kerberos' own words");
    ck_assert(err->text && err->next && strchr(err->text, '.'));
    err_free(err);
}
END_TEST

/* An unknown principal is another realm's matter when the names say so. */
START_TEST(wrong_realm_or_unknown_server)
{
    static const struct {
        const char *client, *host;
        enum err_code is;
    } cases[] = {
        {"kayla@CONTOSO.COM", "dc1.contoso.com", ERR_NO_PRINCIPAL},
        {"kayla@CONTOSO.COM", "dc1.emea.contoso.com", ERR_NO_PRINCIPAL},
        {"kayla@CONTOSO.COM", "dc1.othercontoso.com", ERR_WRONG_REALM},
        {"kayla@CONTOSO.COM", "dc1.fabrikam.com", ERR_WRONG_REALM},
        {"kayla@CONTOSO.COM", "dc1", ERR_NO_PRINCIPAL},
        {NULL, "dc1.contoso.com", ERR_NO_PRINCIPAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err *err =
            ticket_explain(&(struct ticket_failure){.code = KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN,
                                                    .client = cases[i].client,
                                                    .host = cases[i].host});
        ck_assert_msg(err->code == cases[i].is, "%zu: %s", i, err->text);
        err_free(err);
    }
}
END_TEST

START_TEST(no_cache_is_no_ticket)
{
    struct signin signin;
    struct ticket *ticket;
    setenv("KRB5_CONFIG", "/dev/null", 1);
    setenv("KRB5CCNAME", "FILE:/nonexistent/cache", 1);
    signin_init(&signin);
    signin.host = mem_text("dc1.contoso.com");
    struct err *err = ticket_open(&signin, &ticket);
    ck_assert(err_is(err, ERR_NO_TICKET) && !ticket);
    err_free(err);
    signin.user = mem_text("CONTOSO\\kayla");
    signin.password = secret_new();
    secret_add(signin.password, "secret", 6);
    err = ticket_open(&signin, &ticket);
    ck_assert(err_is(err, ERR_USAGE) && !ticket);
    err_free(err);
    signin_release(&signin);
}
END_TEST

/* With libkrb5's own settings 127.0.0.1 would become localhost, and a first label the name that the
 * resolver's search list makes of it. */
START_TEST(a_name_is_asked_for_as_it_was_given)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "DC1.contoso.com", "dc1.", "dc1"};
    krb5_context context;
    ck_assert_int_eq(krb5_init_context(&context), 0);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        krb5_principal principal;
        ck_assert_int_eq(
            krb5_sname_to_principal(context, hosts[i], "ldap", KRB5_NT_SRV_HST, &principal), 0);
        ck_assert_msg(ticket_is_for(principal, hosts[i]), "%s", hosts[i]);
        ck_assert_msg(ticket_gssapi_asks_for(hosts[i]), "%s", hosts[i]);
        ck_assert(!ticket_is_for(principal, "dc2.contoso.com"));
        krb5_free_principal(context, principal);
    }
    krb5_free_context(context);
}
END_TEST

START_TEST(another_name_is_noticed)
{
    static const char *const others[] = {"ldap/dc2.contoso.com", "host/dc1.contoso.com", "ldap",
                                         "ldap/dc1.contoso.com/contoso.com", "ldap/dc1"};
    krb5_context context;
    ck_assert_int_eq(krb5_init_context(&context), 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        krb5_principal principal;
        char *text = str_format("%s@CONTOSO.COM", others[i]);
        ck_assert_int_eq(krb5_parse_name(context, text, &principal), 0);
        ck_assert_msg(!ticket_is_for(principal, "dc1.contoso.com"), "%s", others[i]);
        krb5_free_principal(context, principal);
        free(text);
    }
    krb5_free_context(context);
}
END_TEST

/* ---- a logon name whose suffix is no realm ---- */

struct kdc { /* takes one request, and answers that it does not know the user, or nothing */
    int listener, port;
    bool unknown;
    pthread_t thread;
    char request[4096];
    size_t len;
};

/* KDC_ERR_C_PRINCIPAL_UNKNOWN behind its length, as TCP has it. */
static void answer_unknown(int fd)
{
    krb5_context context;
    krb5_principal server;
    krb5_data said;
    krb5_error error = {.error = KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN - ERROR_TABLE_BASE_krb5};
    ck_assert_int_eq(krb5_init_context(&context), 0);
    ck_assert_int_eq(krb5_parse_name(context, "krbtgt/COMPANY.EXAMPLE@COMPANY.EXAMPLE", &server),
                     0);
    error.server = server;
    error.stime = (krb5_timestamp)time(NULL);
    ck_assert_int_eq(krb5_mk_error(context, &error, &said), 0);
    uint32_t length = htonl(said.length);
    ck_assert(write(fd, &length, sizeof length) == (ssize_t)sizeof length &&
              write(fd, said.data, said.length) == (ssize_t)said.length);
    krb5_free_data_contents(context, &said);
    krb5_free_principal(context, server);
    krb5_free_context(context);
}

static void *take_request(void *argument)
{
    struct kdc *kdc = argument;
    int fd = accept(kdc->listener, NULL, NULL);
    ssize_t got = fd >= 0 ? read(fd, kdc->request, sizeof kdc->request) : 0;
    kdc->len = got > 0 ? (size_t)got : 0;
    if (kdc->len && kdc->unknown)
        answer_unknown(fd);
    close(fd);
    close(kdc->listener);
    return NULL;
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void kdc_start(struct kdc *kdc)
{
    struct sockaddr_in address = loopback(0);
    socklen_t len = sizeof address;
    kdc->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(kdc->listener >= 0 && bind(kdc->listener, (struct sockaddr *)&address, len) == 0 &&
              listen(kdc->listener, 5) == 0 &&
              getsockname(kdc->listener, (struct sockaddr *)&address, &len) == 0);
    kdc->port = ntohs(address.sin_port);
    ck_assert_int_eq(pthread_create(&kdc->thread, NULL, take_request, kdc), 0);
}

static void kdc_end(struct kdc *kdc)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); /* should nobody have come */
    struct sockaddr_in address = loopback(kdc->port);
    (void)connect(fd, (struct sockaddr *)&address, sizeof address);
    close(fd);
    pthread_join(kdc->thread, NULL);
}

/* other: of COMPANY.EXAMPLE; NULL: that is no realm. */
static void configure(const struct kdc *kdc, const struct kdc *other)
{
    char path[] = "/tmp/test_ticket.XXXXXX";
    int fd = mkstemp(path);
    char *more = other ? str_format("COMPANY.EXAMPLE = {\nkdc = 127.0.0.1:%d\n}\n", other->port)
                       : mem_text("");
    char *text = str_format("[libdefaults]\ndns_lookup_kdc = false\ndns_lookup_realm = false\n"
                            "udp_preference_limit = 1\n[realms]\nCONTOSO.COM = {\n"
                            "kdc = 127.0.0.1:%d\n}\n%s",
                            kdc->port, more);
    ck_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    setenv("KRB5_CONFIG", path, 1);
    free(text);
    free(more);
}

static bool holds(const struct kdc *kdc, const char *text)
{
    return memmem(kdc->request, kdc->len, text, strlen(text)) != NULL;
}

/* The DC's KDC is asked whom it means: where the suffix is no realm, and where it is one whose KDC
 * does not know the name. A name of the DC's own realm is asked for once. */
START_TEST(a_mail_address_is_a_logon_name)
{
    static const char *const names[] = {"kayla@company.example", "kayla@company.example",
                                        "kayla@contoso.com"};
    struct kdc kdc = {.unknown = _i == 2}, other = {.unknown = true};
    struct signin signin;
    struct ticket *ticket;
    kdc_start(&kdc);
    if (_i == 1)
        kdc_start(&other);
    configure(&kdc, _i == 1 ? &other : NULL);
    signin_init(&signin);
    signin.host = mem_text("dc1.contoso.com");
    signin.user = mem_text(names[_i]);
    signin.password = secret_new();
    secret_add(signin.password, "secret", 6);
    struct err *err = ticket_open(&signin, &ticket);
    kdc_end(&kdc);
    if (_i == 1)
        kdc_end(&other);
    ck_assert(err && !ticket);
    ck_assert_msg(holds(&kdc, _i < 2 ? "kayla@company.example" : "kayla"), "%s", err->text);
    ck_assert(holds(&kdc, "CONTOSO.COM"));
    ck_assert(_i != 1 || (holds(&other, "COMPANY.EXAMPLE") && !holds(&other, "kayla@")));
    ck_assert_str_eq(err_code_name(err->code),
                     err_code_name(_i < 2 ? ERR_NO_KDC : ERR_NO_SUCH_USER));
    err_free(err);
    unlink(getenv("KRB5_CONFIG"));
    signin_release(&signin);
}
END_TEST

/* ---- the ticket at hand ---- */

static void put(krb5_context context, krb5_ccache cache, krb5_principal client, const char *service,
                long seconds)
{
    krb5_creds creds = {.client = client};
    ck_assert_int_eq(krb5_parse_name(context, service, &creds.server), 0);
    creds.times.endtime = (krb5_timestamp)(time(NULL) + seconds);
    creds.ticket = (krb5_data){.data = (char *)"ticket", .length = 6};
    ck_assert_int_eq(krb5_cc_store_cred(context, cache, &creds), 0);
    krb5_free_principal(context, creds.server);
}

/* Its end is that of what grants tickets, not of one to a service. */
START_TEST(the_ticket_at_hand_is_told)
{
    krb5_context context;
    krb5_ccache cache;
    krb5_principal client;
    struct ticket_look look;
    time_t now = time(NULL);
    setenv("KRB5CCNAME", "MEMORY:look", 1);
    ticket_look(&look);
    ck_assert_ptr_null(look.client);
    ck_assert(!ticket_look_is_valid(&look, now));
    ticket_look_release(&look);
    ck_assert_int_eq(krb5_init_context(&context), 0);
    ck_assert_int_eq(krb5_cc_resolve(context, "MEMORY:look", &cache), 0);
    ck_assert_int_eq(krb5_parse_name(context, "kayla@CONTOSO.COM", &client), 0);
    ck_assert_int_eq(krb5_cc_initialize(context, cache, client), 0);
    put(context, cache, client, "ldap/dc1.contoso.com@CONTOSO.COM", 9000);
    put(context, cache, client, "krbtgt/CONTOSO.COM@CONTOSO.COM", 3600);
    put(context, cache, client, "ldap/dc2.contoso.com@CONTOSO.COM", 9000);
    ticket_look(&look);
    ck_assert_str_eq(look.client, "kayla@CONTOSO.COM");
    ck_assert(look.until >= now + 3600 && look.until < now + 3700);
    ck_assert(ticket_look_is_valid(&look, now));
    ck_assert(!ticket_look_is_valid(&look, now + 3700));
    ticket_look_release(&look);
    krb5_free_principal(context, client);
    krb5_cc_destroy(context, cache);
    krb5_free_context(context);
    unsetenv("KRB5CCNAME");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ticket");
    TCase *tests = tcase_create("ticket");
    tcase_add_loop_test(tests, each_number_is_a_cause, 0, CAUSES);
    tcase_add_test(tests, wrong_realm_or_unknown_server);
    tcase_add_test(tests, no_cache_is_no_ticket);
    tcase_add_test(tests, a_name_is_asked_for_as_it_was_given);
    tcase_add_test(tests, another_name_is_noticed);
    tcase_add_loop_test(tests, a_mail_address_is_a_logon_name, 0, 3);
    tcase_add_test(tests, the_ticket_at_hand_is_told);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
