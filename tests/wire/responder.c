/* Setting up, connecting, and asking what was seen. */
#include "tests/wire/responder.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/wire/authority.h"
#include "tests/wire/responder_parts.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct responder *responder_new(void)
{
    static const char *const names[] = {"dc1.contoso.com", "127.0.0.1", NULL};
    struct responder *responder = mem_zero(1, sizeof *responder);
    pthread_mutex_init(&responder->lock, NULL);
    responder->listener = -1;
    responder->own =
        authority_issue(authority_common(), &(struct certificate_wish){.names = names});
    responder->credentials = responder->own;
    forest_fill(responder);
    if (getenv("DCMEND_WINDOWS"))
        responder_windows(responder);
    return responder;
}

bool responder_is_windows(const struct responder *responder)
{
    return responder->windows;
}

void responder_windows(struct responder *responder)
{
    if (!responder->windows)
        windows_root(responder_root(responder));
    responder->windows = true;
}

static void free_modifies(struct responder *responder)
{
    for (size_t i = 0; i < responder->modify_count; i++) {
        struct responder_modify *modify = &responder->modifies[i];
        for (size_t j = 0; j < modify->count; j++) {
            free(modify->changes[j].attribute);
            free(modify->changes[j].value);
        }
        free(modify->changes);
        free(modify->dn);
    }
    free(responder->modifies);
}

void responder_free(struct responder *responder)
{
    if (!responder)
        return;
    if (responder->listening) {
        shutdown(responder->listener, SHUT_RDWR);
        pthread_join(responder->acceptor, NULL);
        close(responder->listener);
    }
    for (size_t i = 0; i < responder->connection_count; i++)
        connection_free(responder->connections[i]);
    for (size_t i = 0; i < responder->script_count; i++) {
        free(responder->scripts[i].base);
        free(responder->scripts[i].filter);
        free(responder->scripts[i].said);
    }
    free_modifies(responder);
    tree_release(responder);
    gnutls_certificate_free_credentials(responder->own);
    pthread_mutex_destroy(&responder->lock);
    free(responder->connections);
    free(responder->scripts);
    free(responder->bind_said);
    free(responder->modify_said);
    free(responder->modify_referral);
    free(responder->authzid);
    free(responder->password);
    free(responder->asked);
    free(responder->report_dc);
    free(responder);
}

static void serve(struct responder *responder, int fd, bool tls)
{
    struct connection *connection = mem_zero(1, sizeof *connection);
    connection->responder = responder;
    connection->fd = fd;
    connection->tls = tls;
    *MEM_PUSH(responder->connections, responder->connection_count) = connection;
    if (pthread_create(&connection->thread, NULL, connection_serve, connection) != 0)
        abort();
}

void responder_signin(struct responder *responder, struct signin *signin)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        abort();
    signin_init(signin);
    signin->host = mem_text("dc1.contoso.com");
    signin->named = mem_text("dc1.contoso.com");
    signin->transport = TRANSPORT_LDAPS;
    signin->auth = AUTH_SIMPLE;
    signin->user = mem_text("kayla@contoso.com");
    signin->password = secret_new();
    secret_add(signin->password, "secret", 6);
    signin->adopted_fd = pair[0];
    serve(responder, pair[1], true);
}

struct session *responder_session(struct responder *responder, int deadline_ms)
{
    struct deadlines deadlines = {2000, 2000, 2000, deadline_ms, deadline_ms};
    struct signin signin;
    struct session *session = NULL;
    responder_signin(responder, &signin);
    struct err *err = session_open(&signin, &deadlines, NULL, &session);
    signin_release(&signin);
    if (err) {
        fprintf(stderr, "responder_session: %s (%s)\n", err->text, err->said ? err->said : "");
        abort();
    }
    return session;
}

static void *accept_all(void *argument)
{
    struct responder *responder = argument;
    for (;;) {
        int fd = accept4(responder->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            return NULL;
        serve(responder, fd, responder->listener_tls);
    }
}

int responder_listen(struct responder *responder, bool tls, void *credentials)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    responder->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    responder->listener_tls = tls;
    if (credentials)
        responder->credentials = credentials;
    if (bind(responder->listener, (struct sockaddr *)&address, len) != 0 ||
        listen(responder->listener, 16) != 0 ||
        getsockname(responder->listener, (struct sockaddr *)&address, &len) != 0 ||
        pthread_create(&responder->acceptor, NULL, accept_all, responder) != 0)
        abort();
    responder->listening = true;
    return ntohs(address.sin_port);
}

void responder_speaks(struct responder *responder, const char *priority)
{
    responder->priority = priority;
}

void responder_bind_answer(struct responder *responder, int code, const char *said)
{
    responder->bind_code = code;
    mem_set(&responder->bind_said, said);
}

void responder_report(struct responder *responder, struct report *report, const char *dc)
{
    responder->report = report;
    mem_set(&responder->report_dc, dc);
}

void responder_whoami(struct responder *responder, const char *authzid)
{
    mem_set(&responder->authzid, authzid);
}

void responder_search_answer(struct responder *responder, const char *base, const char *filter,
                             int code, const char *said, size_t after)
{
    *MEM_PUSH(responder->scripts, responder->script_count) =
        (struct responder_script){.base = mem_text(base),
                                  .filter = mem_text(filter),
                                  .said = mem_text(said),
                                  .code = code,
                                  .after = after};
}

void responder_modify_answer(struct responder *responder, int code, const char *said,
                             const char *referral)
{
    responder->modify_code = code;
    mem_set(&responder->modify_said, said);
    mem_set(&responder->modify_referral, referral);
}

void responder_modify_done(struct responder *responder)
{
    responder->modify_done = true;
}

void responder_modify_by_dn(struct responder *responder)
{
    responder->modify_by_dn = true;
}

void responder_ranges(struct responder *responder, size_t values)
{
    pthread_mutex_lock(&responder->lock);
    responder->range = values;
    pthread_mutex_unlock(&responder->lock);
}

void responder_references(struct responder *responder, unsigned count)
{
    responder->references = count;
}

void responder_catalog(struct responder *responder)
{
    responder->catalog = true;
}

void responder_endless(struct responder *responder, bool with_entries)
{
    responder->endless = true;
    responder->endless_entries = with_entries;
}

void responder_without_control(struct responder *responder, const char *oid)
{
    struct responder_attribute *list =
        tree_attribute(responder_root(responder), "supportedControl");
    for (size_t i = 0; i < list->count; i++)
        if (str_same(list->values[i].bytes, oid))
            list->values[i].bytes[0] = 'x';
}

void responder_fault(struct responder *responder, enum responder_fault fault, enum responder_op op,
                     unsigned nth)
{
    pthread_mutex_lock(&responder->lock);
    responder->fault = fault;
    responder->fault_op = op;
    responder->fault_nth = nth;
    pthread_mutex_unlock(&responder->lock);
}

unsigned responder_count(struct responder *responder, enum responder_op op)
{
    pthread_mutex_lock(&responder->lock);
    unsigned count = responder->counts[op];
    for (size_t i = 1; op == OP_ANY && i <= OP_UNBIND; i++)
        count += responder->counts[i];
    pthread_mutex_unlock(&responder->lock);
    return count;
}

bool responder_await(struct responder *responder, enum responder_op op, unsigned count)
{
    for (int i = 0; i < 200 && responder_count(responder, op) < count; i++)
        poll(NULL, 0, 5);
    return responder_count(responder, op) >= count;
}

const struct responder_modify *responder_modified(struct responder *responder, size_t n)
{
    pthread_mutex_lock(&responder->lock);
    const struct responder_modify *modify =
        n < responder->modify_count ? &responder->modifies[n] : NULL;
    pthread_mutex_unlock(&responder->lock);
    return modify;
}

const char *responder_asked(struct responder *responder)
{
    pthread_mutex_lock(&responder->lock);
    const char *asked = responder->asked;
    pthread_mutex_unlock(&responder->lock);
    return asked;
}

const char *responder_password(struct responder *responder)
{
    pthread_mutex_lock(&responder->lock);
    const char *password = responder->password;
    pthread_mutex_unlock(&responder->lock);
    return password;
}

void responder_result(struct connection *connection, int id, ber_tag_t tag, int code,
                      const char *said, const char *referral)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    ber_printf(ber, "{it{es", id, tag, code, "");
    responder_put_said(connection->responder, ber, said);
    if (referral)
        ber_printf(ber, "t{s}", LDAP_TAG_REFERRAL, referral);
    ber_printf(ber, "}}");
    responder_send(connection, ber);
}
