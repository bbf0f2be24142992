/* One connection: TLS below liblber's Sockbuf, requests read one by one, faults. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/wire/responder_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int io_setup(Sockbuf_IO_Desc *io, void *connection)
{
    io->sbiod_pvt = connection;
    return 0;
}

static int io_control(Sockbuf_IO_Desc *io, int option, void *argument)
{
    (void)io, (void)option, (void)argument;
    return 0;
}

static ber_slen_t io_read(Sockbuf_IO_Desc *io, void *buffer, ber_len_t len)
{
    struct connection *connection = io->sbiod_pvt;
    ssize_t got;
    do
        got = connection->session ? gnutls_record_recv(connection->session, buffer, len)
                                  : recv(connection->fd, buffer, len, 0);
    while (got == GNUTLS_E_INTERRUPTED || got == GNUTLS_E_AGAIN);
    errno = got < 0 ? ECONNRESET : 0;
    return got < 0 ? -1 : got;
}

static ber_slen_t io_write(Sockbuf_IO_Desc *io, void *buffer, ber_len_t len)
{
    struct connection *connection = io->sbiod_pvt;
    ssize_t sent;
    do
        sent = connection->session ? gnutls_record_send(connection->session, buffer, len)
                                   : send(connection->fd, buffer, len, MSG_NOSIGNAL);
    while (sent == GNUTLS_E_INTERRUPTED || sent == GNUTLS_E_AGAIN);
    errno = sent < 0 ? EPIPE : 0;
    return sent < 0 ? -1 : sent;
}

static int io_close(Sockbuf_IO_Desc *io)
{
    (void)io; /* connection_free() closes */
    return 0;
}

static Sockbuf_IO io = {io_setup, NULL, io_control, io_read, io_write, io_close};

bool connection_start_tls(struct connection *connection)
{
    struct responder *responder = connection->responder;
    int rc;
    gnutls_init(&connection->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
    if (responder->priority)
        gnutls_priority_set_direct(connection->session, responder->priority, NULL);
    else
        gnutls_set_default_priority(connection->session);
    gnutls_credentials_set(connection->session, GNUTLS_CRD_CERTIFICATE, responder->credentials);
    gnutls_transport_set_int(connection->session, connection->fd);
    do
        rc = gnutls_handshake(connection->session);
    while (rc < 0 && !gnutls_error_is_fatal(rc));
    return rc == 0;
}

void responder_send(struct connection *connection, BerElement *ber)
{
    struct berval bytes;
    if (connection->half && !connection->mute && ber_flatten2(ber, &bytes, 0) == 0) {
        Sockbuf_IO_Desc desc = {.sbiod_pvt = connection};
        (void)io_write(&desc, bytes.bv_val, bytes.bv_len / 2);
        connection->mute = true;
    }
    if (connection->mute)
        ber_free(ber, 1);
    else if (ber_flush2(connection->sockbuf, ber, LBER_FLUSH_FREE_ALWAYS) != 0)
        connection->mute = true;
}

static void send_bytes(struct connection *connection, const void *bytes, size_t len)
{
    Sockbuf_IO_Desc desc = {.sbiod_pvt = connection};
    (void)io_write(&desc, (void *)bytes, len);
}

/* An entry whose DN claims more bytes than the message has. */
static void send_truncated(struct connection *connection, int id)
{
    unsigned char bytes[] = {0x30, 0x0A, 0x02, 0x01, (unsigned char)id, 0x64, 0x05, 0x04,
                             0x7F, 0x41, 0x42, 0x43};
    send_bytes(connection, bytes, sizeof bytes);
}

static void send_empty(struct connection *connection, int id)
{
    unsigned char bytes[] = {0x30, 0x09, 0x02, 0x01, (unsigned char)id, 0x64, 0x04,
                             0x04, 0x00, 0x30, 0x00};
    send_bytes(connection, bytes, sizeof bytes);
}

/* Without words of its own: libldap leaks the text of an unsolicited message. */
static void send_notice(struct connection *connection)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    ber_printf(ber, "{it{essts}}", 0, LDAP_RES_EXTENDED, LDAP_UNAVAILABLE, "", "",
               LDAP_TAG_EXOP_RES_OID, "1.3.6.1.4.1.1466.20036");
    responder_send(connection, ber);
}

/* What remains to be done after a fault: carry the request out, go on reading, or end. */
enum after { CARRY_OUT, READ_ON, CLOSE };

static enum after misbehave(struct connection *connection, enum responder_fault fault, int id)
{
    static const char garbage[256] = "HTTP/1.1 400 Bad Request\r\n\r\nnothing that LDAP would say";
    switch (fault) {
    case FAULT_STALL:
        connection->mute = true;
        return READ_ON;
    case FAULT_HALF:
        connection->half = true;
        return CARRY_OUT;
    case FAULT_GARBAGE:
        send_bytes(connection, garbage, sizeof garbage);
        connection->mute = true;
        return READ_ON;
    case FAULT_TWICE:
        send_empty(connection, id);
        return CARRY_OUT;
    case FAULT_TRUNCATED:
        send_truncated(connection, id);
        return READ_ON;
    case FAULT_WRONG_ID:
        responder_result(connection, id + 1000, LDAP_RES_SEARCH_RESULT, 0, NULL, NULL);
        connection->mute = true;
        return READ_ON;
    case FAULT_WRONG_OP:
        responder_result(connection, id, LDAP_RES_MODIFY, 0, NULL, NULL);
        return READ_ON;
    case FAULT_NOTICE:
        send_notice(connection);
        return CLOSE;
    case FAULT_DROP_DONE:
        connection->mute = true;
        return CARRY_OUT;
    case FAULT_DROP:
        return CLOSE;
    default:
        return CARRY_OUT;
    }
}

static enum responder_op op_of(ber_tag_t tag)
{
    switch (tag) {
    case LDAP_REQ_BIND:
        return OP_BIND;
    case LDAP_REQ_SEARCH:
        return OP_SEARCH;
    case LDAP_REQ_MODIFY:
        return OP_MODIFY;
    case LDAP_REQ_EXTENDED:
        return OP_EXTENDED;
    case LDAP_REQ_ABANDON:
        return OP_ABANDON;
    case LDAP_REQ_UNBIND:
        return OP_UNBIND;
    default:
        return OP_ANY;
    }
}

static bool take_bind(struct connection *connection, BerElement *ber, int id)
{
    struct responder *responder = connection->responder;
    struct berval name, password = {0, NULL};
    ber_int_t version;
    ber_len_t len;
    if (ber_scanf(ber, "{im", &version, &name) == LBER_ERROR)
        return false;
    if (ber_peek_tag(ber, &len) == LDAP_AUTH_SIMPLE)
        (void)ber_scanf(ber, "m", &password);
    free(responder->password);
    responder->password = mem_textn(password.bv_val ? password.bv_val : "", password.bv_len);
    responder_result(connection, id, LDAP_RES_BIND, responder->bind_code, responder->bind_said,
                     NULL);
    return true;
}

static void send_whoami(struct connection *connection, int id)
{
    const char *name = connection->responder->authzid;
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    ber_printf(ber, "{it{essts}}", id, LDAP_RES_EXTENDED, 0, "", "", LDAP_TAG_EXOP_RES_VALUE, name);
    responder_send(connection, ber);
}

static bool take_extended(struct connection *connection, BerElement *ber, int id)
{
    struct berval oid;
    if (ber_scanf(ber, "{m", &oid) == LBER_ERROR)
        return false;
    char *name = mem_textn(oid.bv_val, oid.bv_len);
    bool start = str_same(name, LDAP_EXOP_START_TLS), ok = true;
    if (start && !connection->session) {
        responder_result(connection, id, LDAP_RES_EXTENDED, 0, NULL, NULL);
        ok = connection_start_tls(connection);
    } else if (str_same(name, LDAP_EXOP_WHO_AM_I) && connection->responder->authzid) {
        send_whoami(connection, id);
    } else {
        responder_result(connection, id, LDAP_RES_EXTENDED, LDAP_PROTOCOL_ERROR,
                         "Extended operation not supported", NULL);
    }
    free(name);
    return ok;
}

static bool carry_out(struct connection *connection, BerElement *ber, int id, ber_tag_t tag)
{
    switch (tag) {
    case LDAP_REQ_BIND:
        return take_bind(connection, ber, id);
    case LDAP_REQ_SEARCH:
        return responder_search(connection, ber, id);
    case LDAP_REQ_MODIFY:
        return responder_modify(connection, ber, id);
    case LDAP_REQ_EXTENDED:
        return take_extended(connection, ber, id);
    case LDAP_REQ_ABANDON:
        return true;
    default:
        return false; /* unbind, and whatever should never come */
    }
}

static enum responder_fault due(struct responder *responder, enum responder_op op)
{
    unsigned any = 0;
    responder->counts[op]++;
    for (size_t i = 1; i <= OP_UNBIND; i++)
        any += responder->counts[i];
    unsigned n = responder->fault_op == OP_ANY ? any : responder->counts[op];
    bool now =
        (responder->fault_op == OP_ANY || responder->fault_op == op) && n == responder->fault_nth;
    return now ? responder->fault : FAULT_NONE;
}

static bool take(struct connection *connection, BerElement *ber)
{
    struct responder *responder = connection->responder;
    ber_int_t id;
    ber_len_t len;
    if (ber_scanf(ber, "i", &id) == LBER_ERROR)
        return false;
    ber_tag_t tag = ber_peek_tag(ber, &len);
    pthread_mutex_lock(&responder->lock);
    enum responder_fault fault = due(responder, op_of(tag));
    enum after after = misbehave(connection, fault, id);
    bool go_on = after == READ_ON || (after == CARRY_OUT && carry_out(connection, ber, id, tag));
    pthread_mutex_unlock(&responder->lock);
    return go_on && fault != FAULT_DROP_DONE;
}

static void loop(struct connection *connection)
{
    bool go_on = true;
    while (go_on) {
        BerElement *ber = ber_alloc_t(LBER_USE_DER);
        ber_len_t len;
        go_on = ber_get_next(connection->sockbuf, &len, ber) == LDAP_TAG_MESSAGE &&
                take(connection, ber);
        ber_free(ber, 1);
    }
}

void *connection_serve(void *argument)
{
    struct connection *connection = argument;
    connection->sockbuf = ber_sockbuf_alloc();
    ber_sockbuf_add_io(connection->sockbuf, &io, LBER_SBIOD_LEVEL_PROVIDER, connection);
    if (!connection->tls || connection_start_tls(connection))
        loop(connection);
    shutdown(connection->fd, SHUT_RDWR);
    return NULL;
}

void connection_free(struct connection *connection)
{
    shutdown(connection->fd, SHUT_RDWR);
    pthread_join(connection->thread, NULL);
    ber_sockbuf_free(connection->sockbuf);
    if (connection->session)
        gnutls_deinit(connection->session);
    close(connection->fd);
    free(connection);
}
