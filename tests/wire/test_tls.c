/* Certificates, good and bad, on a loopback port: each cause of a failed TLS connection is told,
 * and no password leaves the machine before the certificate was found good. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/certificate_places.h"
#include "src/directory/dial.h"
#include "src/directory/session.h"
#include "src/directory/session_parts.h"
#include "tests/suite.h"
#include "tests/wire/authority.h"
#include "tests/wire/responder.h"

#include <check.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct deadlines deadlines = {2000, 2000, 2000, 2000, 2000};

static const char *const right[] = {"127.0.0.1", "dc1.contoso.com", NULL};
static const char *const wrong[] = {"dc9.contoso.com", "192.0.2.9", NULL};

static void describe(struct signin *signin, enum transport transport, int port)
{
    signin_init(signin);
    signin->host = mem_text("127.0.0.1");
    signin->named = mem_text("127.0.0.1");
    signin->port = port;
    signin->transport = transport;
    signin->auth = AUTH_SIMPLE;
    signin->user = mem_text("kayla@contoso.com");
    signin->password = secret_new();
    secret_add(signin->password, "secret", 6);
}

static struct err *open_session(enum transport transport, int port, struct session **out)
{
    struct signin signin;
    describe(&signin, transport, port);
    struct err *err = session_open(&signin, &deadlines, NULL, out);
    signin_release(&signin);
    return err;
}

static const struct {
    const char *const *names;
    const char *common_name;
    long from, to; /* seconds from now; 0: good */
    bool stranger, revoked;
    enum err_code is;
    const char *text; /* in the explanation; NULL: no error */
} certificates[] = {
    {right, NULL, 0, 0, false, false, ERR_OTHER, NULL},
    {NULL, "127.0.0.1", 0, 0, false, false, ERR_OTHER, NULL}, /* no alternative names at all */
    {wrong, NULL, 0, 0, false, false, ERR_TLS_NAME, "dc9.contoso.com, 192.0.2.9"},
    {wrong, "127.0.0.1", 0, 0, false, false, ERR_TLS_NAME, "dc9.contoso.com"},
    {NULL, "dc9.contoso.com", 0, 0, false, false, ERR_TLS_NAME, "for dc9.contoso.com"},
    {right, NULL, -7200, -3600, false, false, ERR_TLS_EXPIRED, "expired on"},
    {right, NULL, 3600, 7200, false, false, ERR_TLS_EXPIRED, "valid from"},
    {right, NULL, 0, 0, true, false, ERR_TLS_UNTRUSTED, "does not trust"},
    {wrong, NULL, -7200, -3600, true, false, ERR_TLS_UNTRUSTED, "does not trust"},
    {right, NULL, 0, 0, false, true, ERR_TLS_REVOKED, "revoked"},
};
enum { CERTIFICATES = sizeof certificates / sizeof *certificates };

/* Each certificate by LDAPS (even) and by StartTLS (odd). */
START_TEST(each_certificate)
{
    int at = _i / 2;
    bool start = _i % 2;
    time_t now = time(NULL);
    struct responder *responder = responder_new();
    struct authority *stranger = authority_new("a stranger");
    struct authority *signer = certificates[at].stranger ? stranger : authority_common();
    struct certificate_wish wish = {
        .names = certificates[at].names,
        .common_name = certificates[at].common_name,
        .from = certificates[at].from ? now + certificates[at].from : 0,
        .to = certificates[at].to ? now + certificates[at].to : 0,
    };
    gnutls_certificate_credentials_t credentials = authority_issue(signer, &wish);
    if (certificates[at].revoked) {
        authority_revoke(signer);
        setenv("LDAPTLS_CRLFILE", authority_crl(signer), 1);
    }
    int port = responder_listen(responder, !start, credentials);
    struct session *session = NULL;
    struct err *err = open_session(start ? TRANSPORT_STARTTLS : TRANSPORT_LDAPS, port, &session);
    if (!certificates[at].text) {
        ck_assert_msg(!err, "%s", err ? err->text : "");
        ck_assert(session_server(session)->tls);
        ck_assert_str_eq(session_server(session)->address, "127.0.0.1");
        ck_assert_str_eq(responder_password(responder), "secret");
    } else {
        ck_assert_ptr_nonnull(err);
        ck_assert_msg(err->code == certificates[at].is, "%s: %s", err_code_name(err->code),
                      err->text);
        ck_assert_msg(strstr(err->text, certificates[at].text), "%s", err->text);
        ck_assert_msg(strstr(err->detail, certificates[at].stranger
                                              ? "Issuer\tCN=a stranger\nValid\t"
                                              : "Issuer\tCN="),
                      "%s", err->detail);
        ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
        ck_assert_ptr_null(responder_password(responder));
    }
    err_free(err);
    session_close(session);
    responder_free(responder);
    gnutls_certificate_free_credentials(credentials);
    authority_free(stranger);
    unsetenv("LDAPTLS_CRLFILE");
}
END_TEST

static void expect_by(const char *cacert, int port, enum err_code is)
{
    struct signin signin;
    struct session *session = NULL;
    describe(&signin, TRANSPORT_LDAPS, port);
    signin.cacert = mem_text(cacert);
    struct err *err = session_open(&signin, &deadlines, NULL, &session);
    ck_assert_msg(is == ERR_OTHER ? !err : err_is(err, is), "%s", err ? err->text : "no error");
    ck_assert(!err || strstr(err->detail, "\nSHA-256\t"));
    err_free(err);
    session_close(session);
    signin_release(&signin);
}

/* It takes the place of those of the environment. */
START_TEST(an_authority_is_named)
{
    struct authority *stranger = authority_new("a stranger");
    struct certificate_wish wish = {.names = right};
    for (int i = 0; i < 2; i++) {
        struct responder *responder = responder_new();
        struct authority *signer = i ? authority_common() : stranger;
        gnutls_certificate_credentials_t credentials = authority_issue(signer, &wish);
        expect_by(authority_file(stranger), responder_listen(responder, true, credentials),
                  i ? ERR_TLS_UNTRUSTED : ERR_OTHER);
        ck_assert_uint_eq(responder_count(responder, OP_BIND), i ? 0 : 1);
        responder_free(responder);
        gnutls_certificate_free_credentials(credentials);
    }
    struct certificate_places places;
    struct err *err = certificate_places_find("/nonexistent.pem", &places);
    ck_assert(err && strstr(err->text, "/nonexistent.pem"));
    err_free(err);
    authority_free(stranger);
}
END_TEST

static const struct {
    const char *purpose;
    unsigned rsa;
    const char *speaks; /* GnuTLS' words; NULL: what it likes */
    const char *text;   /* in the error; NULL: good enough */
} strengths[] = {
    {GNUTLS_KP_TLS_WWW_SERVER, 2048, NULL, NULL},
    {GNUTLS_KP_ANY, 0, NULL, NULL},
    {NULL, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.2", NULL},
    {NULL, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3", NULL},
    {GNUTLS_KP_TLS_WWW_CLIENT, 0, NULL, "not meant for a server"},
    {GNUTLS_KP_EMAIL_PROTECTION, 2048, NULL, "not meant for a server"},
    {GNUTLS_KP_TLS_WWW_SERVER, 1024, NULL, "1024 bits"},
    {NULL, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.1", "speaks TLS1.1"},
    {NULL, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.0", "speaks TLS1.0"},
};
enum { STRENGTHS = sizeof strengths / sizeof *strengths };

START_TEST(each_strength)
{
    struct responder *responder = responder_new();
    struct certificate_wish wish = {
        .names = right, .purpose = strengths[_i].purpose, .rsa = strengths[_i].rsa};
    gnutls_certificate_credentials_t credentials = authority_issue(authority_common(), &wish);
    responder_speaks(responder, strengths[_i].speaks);
    int port = responder_listen(responder, true, credentials);
    struct session *session = NULL;
    struct err *err = open_session(TRANSPORT_LDAPS, port, &session);
    if (!strengths[_i].text) {
        ck_assert_msg(!err, "%s", err ? err->text : "");
    } else {
        ck_assert(err_is(err, ERR_TLS_OTHER) && !session);
        ck_assert_msg(strstr(err->text, strengths[_i].text), "%s (%s)", err->text, err->said);
        ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
        ck_assert_ptr_null(responder_password(responder));
    }
    err_free(err);
    session_close(session);
    responder_free(responder);
    gnutls_certificate_free_credentials(credentials);
}
END_TEST

START_TEST(a_port_without_tls)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    int port = responder_listen(responder, false, NULL); /* plain, StartTLS offered */
    struct err *err = open_session(TRANSPORT_LDAPS, port, &session);
    ck_assert(err_is(err, ERR_TLS_OTHER));
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
    err_free(err);
    responder_free(responder);
}
END_TEST

/* The server says no to StartTLS, or worse: nothing may follow in clear. */
START_TEST(start_tls_refused)
{
    static const enum responder_fault faults[] = {FAULT_DROP, FAULT_WRONG_OP, FAULT_GARBAGE,
                                                  FAULT_NOTICE};
    struct responder *responder = responder_new();
    struct session *session = NULL;
    int port = responder_listen(responder, false, NULL);
    responder_fault(responder, faults[_i], OP_EXTENDED, 1);
    struct err *err = open_session(TRANSPORT_STARTTLS, port, &session);
    ck_assert_ptr_nonnull(err);
    ck_assert_int_eq(err->kind, ERR_NETWORK);
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
    err_free(err);
    responder_free(responder);
}
END_TEST

START_TEST(nobody_listens)
{
    struct responder *responder = responder_new();
    struct session *session = NULL;
    int port = responder_listen(responder, true, NULL);
    responder_free(responder);
    struct err *err = open_session(TRANSPORT_LDAPS, port, &session);
    ck_assert(err_is(err, ERR_REFUSED) && err->kind == ERR_NETWORK);
    err_free(err);
}
END_TEST

START_TEST(no_such_host)
{
    struct signin signin;
    struct session *session = NULL;
    describe(&signin, TRANSPORT_LDAPS, 636);
    mem_set(&signin.host, "no-such-host.invalid");
    mem_set(&signin.named, "no-such-host.invalid");
    struct err *err = session_open(&signin, &deadlines, NULL, &session);
    ck_assert(err_is(err, ERR_NO_SUCH_HOST) || err_is(err, ERR_NAME_SERVICE));
    err_free(err);
    signin_release(&signin);
}
END_TEST

/* Nothing in the environment or in a file makes a bad certificate good. */
START_TEST(nothing_weakens)
{
    static const char rc[] = "TLS_REQCERT never\nTLS_CACERT /dev/null\nREFERRALS on\nDEREF always\n"
                             "SASL_SECPROPS none\nURI ldap://192.0.2.1\n";
    struct responder *responder = responder_new();
    struct authority *stranger = authority_new("a stranger");
    gnutls_certificate_credentials_t credentials =
        authority_issue(stranger, &(struct certificate_wish){.names = right});
    struct session *session = NULL;
    char folder[] = "/tmp/dcmend-test-rc-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    FILE *file = fopen("ldaprc", "w");
    ck_assert(file && fputs(rc, file) >= 0 && fclose(file) == 0);
    setenv("HOME", folder, 1);
    setenv("LDAPRC", "ldaprc", 1);
    setenv("LDAPCONF", "ldaprc", 1);
    setenv("LDAPTLS_REQCERT", "never", 1);
    int port = responder_listen(responder, true, credentials);
    struct err *err = open_session(TRANSPORT_LDAPS, port, &session);
    ck_assert(err_is(err, ERR_TLS_UNTRUSTED));
    ck_assert_uint_eq(responder_count(responder, OP_BIND), 0);
    err_free(err);
    unlink("ldaprc");
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(folder);
    responder_free(responder);
    gnutls_certificate_free_credentials(credentials);
    authority_free(stranger);
}
END_TEST

START_TEST(options_of_a_handle)
{
    struct responder *responder = responder_new();
    struct session *session = responder_session(responder, 1000);
    int number = -1;
    void *flag = NULL;
    LDAP *ld = session->ld;
    ck_assert_int_eq(ldap_get_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &number), 0);
    ck_assert_int_eq(number, LDAP_OPT_X_TLS_HARD);
    ck_assert_int_eq(ldap_get_option(ld, LDAP_OPT_PROTOCOL_VERSION, &number), 0);
    ck_assert_int_eq(number, 3);
    ck_assert_int_eq(ldap_get_option(ld, LDAP_OPT_DEREF, &number), 0);
    ck_assert_int_eq(number, LDAP_DEREF_NEVER);
    ck_assert_int_eq(ldap_get_option(ld, LDAP_OPT_REFERRALS, &flag), 0);
    ck_assert_ptr_null(flag);
    int canon = 0;
    ck_assert_int_eq(ldap_get_option(ld, LDAP_OPT_X_SASL_NOCANON, &canon), 0);
    ck_assert_int_ne(canon, 0);
    ber_len_t most = 1;
    ck_assert_int_eq(ldap_get_option(ld, LDAP_OPT_X_SASL_SSF_MAX, &most), 0);
    ck_assert_uint_eq(most, 0); /* inside TLS there is no second layer ... */
    ck_assert_int_eq(ldap_get_option(ld, LDAP_OPT_X_SASL_CBINDING, &number), 0);
    ck_assert_int_eq(number, LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT); /* ... but a binding to it */
    session_close(session);
    responder_free(responder);
}
END_TEST

START_TEST(places_are_read)
{
    static const char text[] = "# TLS_CACERT /commented\n tls_cacert /indented\n"
                               "TLS_CACERT\t/etc/ca.pem  \nTLS_REQCERT never\n"
                               "tls_cacertdir /etc/ca with blank\r\nTLS_CRLFILE /etc/crl.pem";
    char path[] = "/tmp/dcmend-test-conf-XXXXXX";
    int fd = mkstemp(path);
    ck_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    struct certificate_places places = {NULL, NULL, NULL};
    certificate_places_read(&places, path);
    certificate_places_read(&places, "/nonexistent");
    ck_assert_str_eq(places.authorities, "/etc/ca.pem");
    ck_assert_str_eq(places.authorities_dir, "/etc/ca with blank");
    ck_assert_str_eq(places.revoked, "/etc/crl.pem");
    certificate_places_release(&places);
    unlink(path);
    setenv("LDAPTLS_CACERT", "/nonexistent", 1);
    struct err *err = certificate_places_find(NULL, &places);
    ck_assert(err && err->kind == ERR_LOCAL && strstr(err->text, "/nonexistent"));
    err_free(err);
}
END_TEST

static void expect_unusable(const char *variable, const char *path)
{
    struct certificate_places places;
    setenv(variable, path, 1);
    struct err *err = certificate_places_find(NULL, &places);
    ck_assert_msg(err && err->kind == ERR_LOCAL && strstr(err->text, "no file"), "%s", variable);
    err_free(err);
    unsetenv(variable);
}

/* Nobody will ever write into it: whoever opened it would wait for ever. */
START_TEST(a_fifo_hangs_nobody)
{
    char folder[] = "/tmp/dcmend-test-fifo-XXXXXX";
    struct certificate_places places = {NULL, NULL, NULL};
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char *path = str_format("%s/.ldaprc", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    certificate_places_read(&places, path);
    ck_assert_ptr_null(places.authorities);
    expect_unusable("LDAPTLS_CACERT", path);
    expect_unusable("LDAPTLS_CRLFILE", path);
    expect_unusable("LDAPTLS_CACERTDIR", folder);
    setenv("HOME", folder, 1);
    ck_assert_ptr_null(certificate_places_find(NULL, &places));
    certificate_places_release(&places);
    unlink(path);
    rmdir(folder);
    free(path);
}
END_TEST

START_TEST(host_names)
{
    static const char *const good[] = {
        "dc1", "dc1.contoso.com", "DC_1.x", "192.0.2.1", "::1", "a.b.", "1-a"};
    static const char *const bad[] = {"", "-a", ".a", "a..b", "a b", "a/b", "a\n", "é", "a:b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(dial_is_host(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!dial_is_host(bad[i]), "%s", bad[i]);
    ck_assert(dial_is_address("10.0.0.1") && dial_is_address("fe80::1%eth0"));
    ck_assert(!dial_is_address("dc1") && !dial_is_address("10.0.0"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tls");
    TCase *tests = tcase_create("tls");
    tcase_add_test(tests, an_authority_is_named);
    tcase_add_loop_test(tests, each_certificate, 0, 2 * CERTIFICATES);
    tcase_add_loop_test(tests, each_strength, 0, STRENGTHS);
    tcase_add_test(tests, a_port_without_tls);
    tcase_add_loop_test(tests, start_tls_refused, 0, 4);
    tcase_add_test(tests, nobody_listens);
    tcase_add_test(tests, no_such_host);
    tcase_add_test(tests, nothing_weakens);
    tcase_add_test(tests, options_of_a_handle);
    tcase_add_test(tests, places_are_read);
    tcase_add_test(tests, a_fifo_hangs_nobody);
    tcase_add_test(tests, host_names);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
