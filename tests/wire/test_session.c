/* Signing in: what a DC can answer or do, told apart. The responder speaks real TLS on a
 * socketpair, so nothing in the product is loosened for these tests. */
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/directory/bind.h"
#include "src/directory/dial.h"
#include "src/directory/rootdse.h"
#include "src/directory/session.h"
#include "src/directory/session_parts.h"
#include "tests/suite.h"
#include "tests/wire/responder.h"

#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct deadlines quick = {100, 2000, 100, 100, 100};

static struct err *open_session(struct responder *responder, struct cancel *cancel,
                                struct session **out)
{
    struct signin signin;
    responder_signin(responder, &signin);
    struct err *err = session_open(&signin, &quick, cancel, out);
    signin_release(&signin);
    return err;
}

START_TEST(simple_bind_in_tls)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    struct err *err = open_session(responder, NULL, &session);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    const struct server *server = session_server(session);
    ck_assert(server->tls && server->signed_in && server->directory && !server->kerberos);
    ck_assert(server_protected(server));
    ck_assert_str_eq(server->mechanism, "simple");
    ck_assert_str_eq(server->protection, "LDAPS, verified");
    ck_assert_str_eq(server->identity, "kayla@contoso.com");
    ck_assert_str_eq(server->forest, "contoso.com");
    ck_assert_str_eq(server->dsa_dn,
                     "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Main,CN=Sites,CN=Configuration,"
                     "DC=contoso,DC=com");
    ck_assert(server->has_dsa_guid && server->contexts.count == 3);
    ck_assert_str_eq(server->product, "Windows Server 2016 or later");
    ck_assert(strs_has(&server->token_groups, "S-1-1-0"));
    ck_assert(strs_has(&server->token_groups, "S-1-5-11"));
    ck_assert_int_eq(server->synchronized, FLAG_YES);
    ck_assert_int_eq(server->read_only, FLAG_UNKNOWN);
    ck_assert_uint_eq(session_counts(session).turns, 1);
    ck_assert_uint_gt(session_counts(session).bytes_in, 0);
    ck_assert(!session_writes_forbidden(session));
    session_forbid_writes(session);
    ck_assert(session_writes_forbidden(session));
    session_close(session);
    ck_assert(responder_await(responder, OP_UNBIND, 1));
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 1);
    ck_assert_str_eq(responder_password(responder), "secret");
    responder_free(responder);
}
END_TEST

START_TEST(whoami_names_us)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    responder_whoami(responder, "u:CONTOSO\\kayla");
    responder_value(responder_root(responder), "supportedCapabilities", "1.2.840.113556.1.4.1920");
    ck_assert_ptr_null(open_session(responder, NULL, &session));
    ck_assert_str_eq(session_server(session)->identity, "CONTOSO\\kayla");
    ck_assert_int_eq(session_server(session)->read_only, FLAG_YES);
    session_close(session);
    responder_free(responder);
}
END_TEST

static const struct refusal {
    int code;
    const char *said;
    enum err_code is;
} refusals[] = {
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 525, v4563",
     ERR_NO_SUCH_USER},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 52e, v3839",
     ERR_BAD_PASSWORD},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 52f, v4563",
     ERR_LOGON_DENIED},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 530, v4563",
     ERR_LOGON_DENIED},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 532, v4563",
     ERR_PASSWORD_EXPIRED},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 533, v4563",
     ERR_DISABLED},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 701, v4563",
     ERR_ACCOUNT_EXPIRED},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 773, v4563",
     ERR_MUST_CHANGE},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 775, v4563",
     ERR_LOCKED},
    {49, "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 51f, v4563",
     ERR_LOGON_DENIED},
    {49,
     "80090308: LdapErr: DSID-0C09056D, comment: AcceptSecurityContext error, data 80090346, "
     "v4563",
     ERR_CHANNEL_BINDING},
    {49, "", ERR_BAD_PASSWORD},
    {8,
     "00002028: LdapErr: DSID-0C09023C, comment: The server requires binds to turn on integrity "
     "checking if SSL\\TLS are not already active on the connection, data 0, v4563",
     ERR_STRONG_AUTH},
    {7, "", ERR_NO_MECHANISM},
    {53, "00002035: what", ERR_OTHER},
};
enum { REFUSALS = sizeof refusals / sizeof *refusals };

/* With a ticket no password was sent, whatever the DC that cannot read it says. */
START_TEST(a_refused_ticket_is_no_wrong_password)
{
    const struct signin signin = {.auth = AUTH_KERBEROS};
    struct responder *responder = responder_new();
    struct session *session = responder_session(responder, 500);
    struct err *err = bind_explain(session, &signin, LDAP_INVALID_CREDENTIALS,
                                   "8009030C: LdapErr: DSID-0C0904DC, comment: "
                                   "AcceptSecurityContext error, data 52e, v1db1");
    ck_assert(err_is(err, ERR_LOGON_DENIED) && strstr(err->text, "Kerberos ticket"));
    err_free(err);
    err = bind_explain(session, &signin, LDAP_PARAM_ERROR, NULL); /* an answer to something else */
    ck_assert(err_is(err, ERR_PROTOCOL));
    err_free(err);
    session_close(session);
    responder_free(responder);
}
END_TEST

START_TEST(refused_sign_ins)
{
    const struct refusal *refusal = &refusals[_i];
    struct responder *responder = responder_new();
    struct session *session = NULL;
    responder_bind_answer(responder, refusal->code, refusal->said);
    struct err *err = open_session(responder, NULL, &session);
    ck_assert_ptr_nonnull(err);
    ck_assert_str_eq(err_code_name(err->code), err_code_name(refusal->is));
    ck_assert_int_eq(err->ldap, refusal->code);
    if (*refusal->said)
        ck_assert_str_eq(err->said, refusal->said);
    ck_assert_ptr_null(session);
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 1);
    err_free(err);
    responder_free(responder);
}
END_TEST

static const struct {
    enum responder_fault fault;
    enum responder_op op;
    unsigned nth;
    enum err_code is;
} faults[] = {
    {FAULT_DROP, OP_BIND, 1, ERR_LOST},           {FAULT_STALL, OP_BIND, 1, ERR_TIMED_OUT},
    {FAULT_HALF, OP_BIND, 1, ERR_TIMED_OUT},      {FAULT_GARBAGE, OP_BIND, 1, ERR_PROTOCOL},
    {FAULT_NOTICE, OP_BIND, 1, ERR_LOST},         {FAULT_WRONG_ID, OP_BIND, 1, ERR_TIMED_OUT},
    {FAULT_DROP, OP_SEARCH, 1, ERR_LOST},         {FAULT_STALL, OP_SEARCH, 1, ERR_TIMED_OUT},
    {FAULT_HALF, OP_SEARCH, 1, ERR_TIMED_OUT},    {FAULT_GARBAGE, OP_SEARCH, 1, ERR_PROTOCOL},
    {FAULT_NOTICE, OP_SEARCH, 1, ERR_LOST},       {FAULT_DROP, OP_EXTENDED, 1, ERR_LOST},
    {FAULT_STALL, OP_EXTENDED, 1, ERR_TIMED_OUT}, {FAULT_TRUNCATED, OP_SEARCH, 1, ERR_TIMED_OUT},
};
enum { FAULTS = sizeof faults / sizeof *faults };

START_TEST(faults_while_signing_in)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    int64_t begin = clock_ms();
    responder_fault(responder, faults[_i].fault, faults[_i].op, faults[_i].nth);
    struct err *err = open_session(responder, NULL, &session);
    ck_assert_ptr_nonnull(err);
    ck_assert_str_eq(err_code_name(err->code), err_code_name(faults[_i].is));
    ck_assert_int_eq(err->kind, ERR_NETWORK);
    ck_assert_int_lt(clock_ms() - begin, 1500);
    ck_assert_ptr_null(session);
    err_free(err);
    responder_free(responder);
}
END_TEST

static const char *const no_directory[] = {NULL, "1.2.840.113556.1.4.1851"};

START_TEST(not_active_directory)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    if (no_directory[_i])
        responder_value(responder_root(responder), "supportedCapabilities", no_directory[_i]);
    else
        responder_clear(responder_root(responder), "supportedCapabilities");
    struct err *err = open_session(responder, NULL, &session);
    ck_assert(err_is(err, ERR_NOT_AD));
    err_free(err);
    responder_free(responder);
}
END_TEST

static const struct {
    enum transport transport;
    enum auth auth;
    const char *host, *user, *password;
    enum err_code is;
} never[] = {
    {TRANSPORT_LDAP, AUTH_SIMPLE, "dc1", "kayla", "secret", ERR_WEAK_PROTECTION},
    {TRANSPORT_LDAPS, AUTH_SIMPLE, "dc1", "kayla", "", ERR_EMPTY_PASSWORD},
    {TRANSPORT_LDAPS, AUTH_SIMPLE, "dc1", "kayla", NULL, ERR_EMPTY_PASSWORD},
    {TRANSPORT_LDAPS, AUTH_SIMPLE, "dc1", "", "secret", ERR_USAGE},
    {TRANSPORT_LDAPS, AUTH_SIMPLE, "dc1", NULL, "secret", ERR_USAGE},
    {TRANSPORT_LDAP, AUTH_KERBEROS, "dc1", "kayla", "", ERR_EMPTY_PASSWORD},
    {TRANSPORT_LDAPS, AUTH_SIMPLE, "dc1", "kayla", "secret", ERR_USAGE},
    {TRANSPORT_LDAP, AUTH_KERBEROS, "dc1", "CONTOSO\\kayla", "secret", ERR_USAGE},
    {TRANSPORT_LDAP, AUTH_KERBEROS, "dc1", NULL, "secret", ERR_USAGE},
    {TRANSPORT_LDAPS, AUTH_KERBEROS, "dc1", "kayla", "", ERR_EMPTY_PASSWORD},
    {TRANSPORT_LDAP, AUTH_KERBEROS, "", NULL, NULL, ERR_USAGE},
    {TRANSPORT_LDAP, AUTH_KERBEROS, NULL, NULL, NULL, ERR_USAGE},
    {TRANSPORT_LDAP, AUTH_KERBEROS, "dc1\n.contoso.com", NULL, NULL, ERR_USAGE},
    {TRANSPORT_LDAP, AUTH_KERBEROS, "192.0.2.1", NULL, NULL, ERR_NEED_NAME},
};
enum { NEVER = sizeof never / sizeof *never };

START_TEST(refused_before_anything_is_sent)
{
    struct responder *responder = responder_new();
    struct signin signin;
    struct session *session = NULL;
    responder_signin(responder, &signin);
    signin.transport = never[_i].transport;
    signin.auth = never[_i].auth;
    mem_set(&signin.host, never[_i].host);
    mem_set(&signin.named, never[_i].host);
    mem_set(&signin.user, never[_i].user);
    secret_free(signin.password);
    signin.password = never[_i].password ? secret_new() : NULL;
    if (never[_i].password)
        secret_add(signin.password, never[_i].password, strlen(never[_i].password));
    struct err *err = session_open(&signin, &quick, NULL, &session);
    ck_assert_ptr_nonnull(err);
    ck_assert_str_eq(err_code_name(err->code), err_code_name(never[_i].is));
    ck_assert_int_eq(err->kind, ERR_OPERATOR);
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
    err_free(err);
    signin_release(&signin);
    responder_free(responder);
}
END_TEST

/* An event, an undo file, DNS: the way in is right, and the host is not the one that was named. */
START_TEST(a_password_goes_where_the_operator_pointed)
{
    static const char *const hosts[] = {"dc2.contoso.com", "dc1", "dc1.contoso.com.evil.example"};
    struct responder *responder = responder_new();
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct signin signin;
        struct session *session = NULL;
        responder_signin(responder, &signin);
        mem_set(&signin.host, hosts[i]);
        struct err *err = session_open(&signin, &quick, NULL, &session);
        ck_assert(err_is(err, ERR_USAGE) && strstr(err->text, "was not sent"));
        ck_assert_ptr_nonnull(strstr(err->text, hosts[i]));
        err_free(err);
        ck_assert_ptr_null(responder_password(responder));
        mem_set(&signin.named, NULL);
        err = session_open(&signin, &quick, NULL, &session);
        ck_assert(err_is(err, ERR_USAGE));
        err_free(err);
        signin_release(&signin);
    }
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
    responder_free(responder);
}
END_TEST

/* However it was called: what is shown, planned and journalled is its own name. */
START_TEST(a_dc_is_called_by_its_own_name)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    responder_set(responder_root(responder), "dnsHostName", "dc2.contoso.com");
    ck_assert_ptr_null(open_session(responder, NULL, &session));
    ck_assert_str_eq(session_server(session)->host, "dc2.contoso.com");
    ck_assert_str_eq(session_server(session)->asked, "dc1.contoso.com");
    ck_assert(server_other_name(session_server(session)));
    session_close(session);
    responder_set(responder_root(responder), "dnsHostName", "DC1.contoso.com");
    ck_assert_ptr_null(open_session(responder, NULL, &session));
    ck_assert(!server_other_name(session_server(session)));
    session_close(session);
    responder_free(responder);
}
END_TEST

static const char *const needed[] = {"dnsHostName", "dsServiceName", "serverName",
                                     "configurationNamingContext"};
enum { NEEDED = sizeof needed / sizeof *needed };

START_TEST(a_dc_says_who_it_is)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    responder_clear(responder_root(responder), needed[_i]);
    struct err *err = open_session(responder, NULL, &session);
    ck_assert(err_is(err, ERR_PROTOCOL) && strstr(err->text, needed[_i]));
    ck_assert_ptr_null(session);
    err_free(err);
    responder_free(responder);
}
END_TEST

static void *raise_soon(void *cancel)
{
    poll(NULL, 0, 100);
    cancel_raise(cancel);
    return NULL;
}

START_TEST(cancel_while_signing_in)
{
    static const struct deadlines patient = {60000, 60000, 60000, 60000, 60000};
    struct responder *responder = responder_new();
    struct cancel *cancel = cancel_new();
    struct session *session = NULL;
    struct signin signin;
    pthread_t thread;
    responder_fault(responder, FAULT_STALL, _i ? OP_SEARCH : OP_BIND, 1);
    responder_signin(responder, &signin);
    int64_t begin = clock_ms();
    pthread_create(&thread, NULL, raise_soon, cancel);
    struct err *err = session_open(&signin, &patient, cancel, &session);
    ck_assert_int_lt(clock_ms() - begin, 100 + 200 + 100);
    ck_assert_int_eq(err->kind, ERR_CANCELLED);
    pthread_join(thread, NULL);
    err_free(err);
    signin_release(&signin);
    cancel_free(cancel);
    responder_free(responder);
}
END_TEST

/* A TLS handshake with someone who never answers: libldap alone would spin or block here. */
START_TEST(cancel_in_the_handshake)
{
    static const struct deadlines patient = {60000, 60000, 60000, 60000, 60000};
    struct responder *responder = responder_new();
    struct cancel *cancel = cancel_new();
    struct session *session = NULL;
    struct signin signin;
    pthread_t thread;
    int pair[2];
    responder_signin(responder, &signin);
    close(signin.adopted_fd);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    signin.adopted_fd = pair[0];
    int64_t begin = clock_ms();
    pthread_create(&thread, NULL, raise_soon, cancel);
    struct err *err = session_open(&signin, &patient, cancel, &session);
    ck_assert_int_lt(clock_ms() - begin, 400);
    ck_assert_int_eq(err->kind, ERR_CANCELLED);
    pthread_join(thread, NULL);
    err_free(err);
    close(pair[1]);
    signin_release(&signin);
    cancel_free(cancel);
    responder_free(responder);
}
END_TEST

START_TEST(handshake_has_a_deadline)
{
    struct deadlines deadlines = {100, 100, 100, 100, 100};
    struct responder *responder = responder_new();
    struct session *session = NULL;
    struct signin signin;
    int pair[2];
    responder_signin(responder, &signin);
    close(signin.adopted_fd);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    signin.adopted_fd = pair[0];
    int64_t begin = clock_ms();
    struct err *err = session_open(&signin, &deadlines, NULL, &session);
    ck_assert_int_lt(clock_ms() - begin, 400);
    ck_assert(err_is(err, ERR_TIMED_OUT));
    err_free(err);
    close(pair[1]);
    signin_release(&signin);
    responder_free(responder);
}
END_TEST

/* After a lost connection nothing goes out any more, not even an unbind on a new connection. */
START_TEST(a_lost_session_stays_silent)
{
    struct responder *responder = responder_new();
    struct session *session = responder_session(responder, 200);
    LDAPMessage *message;
    int msgid;
    responder_fault(responder, FAULT_DROP, OP_EXTENDED, 2);
    ck_assert_int_eq(ldap_whoami(session->ld, NULL, NULL, &msgid), LDAP_SUCCESS);
    struct err *err = session_wait(session, msgid, 500, true, &message);
    ck_assert(err_is(err, ERR_LOST) && session_lost(session));
    err_free(err);
    unsigned long long sent = session->stream.bytes_out;
    err = session_wait(session, msgid, 500, true, &message);
    ck_assert(err_is(err, ERR_LOST));
    err_free(err);
    ck_assert_int_ne(ldap_whoami(session->ld, NULL, NULL, &msgid), LDAP_SUCCESS);
    ck_assert_int_ne(ldap_whoami(session->ld, NULL, NULL, &msgid), LDAP_SUCCESS);
    ck_assert_uint_eq(session->stream.bytes_out, sent);
    session_close(session);
    ck_assert_uint_eq(responder_count(responder, OP_UNBIND), 0);
    responder_free(responder);
}
END_TEST

static const struct {
    const char *text, *host;
    int port;
    enum transport transport;
} servers[] = {
    {"dc1", "dc1", 0, TRANSPORT_LDAP},
    {"dc1.contoso.com:3268", "dc1.contoso.com", 3268, TRANSPORT_LDAP},
    {"ldap://dc1", "dc1", 0, TRANSPORT_LDAP},
    {"LDAP://dc1:390/", "dc1", 390, TRANSPORT_LDAP},
    {"ldaps://dc1", "dc1", 0, TRANSPORT_LDAPS},
    {"ldaps://dc1/", "dc1", 0, TRANSPORT_LDAPS},
    {"dc1:636", "dc1", 636, TRANSPORT_LDAPS},
    {"[::1]:389", "::1", 389, TRANSPORT_LDAP},
    {"[fe80::1]", "fe80::1", 0, TRANSPORT_LDAP},
    {"::1", "::1", 0, TRANSPORT_LDAP},
    {"ldaps://[::1]:3269", "::1", 3269, TRANSPORT_LDAPS},
    {"192.0.2.7", "192.0.2.7", 0, TRANSPORT_LDAP},
    {"", NULL, 0, TRANSPORT_LDAP},
    {"ldap://", NULL, 0, TRANSPORT_LDAP},
    {"ldapi:///x", NULL, 0, TRANSPORT_LDAP},
    {"http://dc1", NULL, 0, TRANSPORT_LDAP},
    {"dc1:", NULL, 0, TRANSPORT_LDAP},
    {"dc1:0", NULL, 0, TRANSPORT_LDAP},
    {"dc1:65536", NULL, 0, TRANSPORT_LDAP},
    {"dc1:38 9", NULL, 0, TRANSPORT_LDAP},
    {"dc1:-1", NULL, 0, TRANSPORT_LDAP},
    {"[::1", NULL, 0, TRANSPORT_LDAP},
    {"[::1]x", NULL, 0, TRANSPORT_LDAP},
    {"dc 1", NULL, 0, TRANSPORT_LDAP},
    {"-dc1", NULL, 0, TRANSPORT_LDAP},
    {"dc1..com", NULL, 0, TRANSPORT_LDAP},
    {"ldap://dc1/dc=x", NULL, 0, TRANSPORT_LDAP},
};
enum { SERVERS = sizeof servers / sizeof *servers };

START_TEST(server_operands)
{
    struct signin signin;
    signin_init(&signin);
    struct err *err = signin_set_server(&signin, servers[_i].text);
    ck_assert_msg(!err == !!servers[_i].host, "%s", servers[_i].text);
    if (servers[_i].host)
        ck_assert_str_eq(signin.host, servers[_i].host);
    ck_assert_int_eq(signin.port, servers[_i].port);
    ck_assert_int_eq(signin.transport, servers[_i].transport);
    err_free(err);
    signin_release(&signin);
}
END_TEST

START_TEST(copies_are_whole)
{
    struct signin signin, copy;
    signin_init(&signin);
    ck_assert_ptr_null(signin_set_server(&signin, "dc1"));
    signin.user = mem_text("kayla");
    signin.ccache = mem_text("MEMORY:x");
    signin.password = secret_new();
    secret_add(signin.password, "secret", 6);
    signin_copy(&copy, &signin);
    signin_release(&signin);
    ck_assert_str_eq(copy.host, "dc1");
    ck_assert_str_eq(copy.named, "dc1");
    ck_assert_str_eq(copy.user, "kayla");
    ck_assert_str_eq(copy.ccache, "MEMORY:x");
    ck_assert_str_eq(secret_bytes(copy.password), "secret");
    signin_release(&copy);
    ck_assert_int_eq(copy.adopted_fd, -1);
}
END_TEST

/* tokenGroups, asked for by nobody, would alarm who watches the DC's log. */
START_TEST(little_is_asked_before_the_sign_in)
{
    struct responder *responder = responder_new();
    static const struct deadlines brief = {2000, 2000, 2000, 2000, 2000};
    struct signin signin;
    struct rootdse_hint hint;
    signin_init(&signin);
    signin.host = mem_text("127.0.0.1");
    signin.port = responder_listen(responder, false, NULL);
    rootdse_hint(&signin, &brief, NULL, &hint);
    ck_assert(hint.answered && hint.directory);
    ck_assert_str_eq(hint.dns_host, "dc1.contoso.com");
    ck_assert_str_eq(responder_asked(responder), "dnsHostName supportedCapabilities currentTime");
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
    rootdse_hint_release(&hint);
    signin_release(&signin);
    responder_free(responder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session");
    TCase *tests = tcase_create("session");
    tcase_add_test(tests, simple_bind_in_tls);
    tcase_add_test(tests, whoami_names_us);
    tcase_add_loop_test(tests, refused_sign_ins, 0, REFUSALS);
    tcase_add_test(tests, a_refused_ticket_is_no_wrong_password);
    tcase_add_loop_test(tests, faults_while_signing_in, 0, FAULTS);
    tcase_add_loop_test(tests, not_active_directory, 0, 2);
    tcase_add_test(tests, a_password_goes_where_the_operator_pointed);
    tcase_add_test(tests, a_dc_is_called_by_its_own_name);
    tcase_add_loop_test(tests, a_dc_says_who_it_is, 0, NEEDED);
    tcase_add_loop_test(tests, refused_before_anything_is_sent, 0, NEVER);
    tcase_add_loop_test(tests, cancel_while_signing_in, 0, 2);
    tcase_add_test(tests, cancel_in_the_handshake);
    tcase_add_test(tests, handshake_has_a_deadline);
    tcase_add_test(tests, a_lost_session_stays_silent);
    tcase_add_loop_test(tests, server_operands, 0, SERVERS);
    tcase_add_test(tests, copies_are_whole);
    tcase_add_test(tests, little_is_asked_before_the_sign_in);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
