/* What the test sets and counts is atomic: it is read by the desks' threads. A connection is lost
 * once the epoch has moved on from the one that it was opened in. */
#include "tests/jobs/fake_session.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/thread.h"
#include "src/directory/session.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct session {
    pthread_t owner;
    int epoch;
    struct cancel *cancel;
    struct server server;
};

static atomic_int how, epoch, open_now, tried, passwords, threads = 1, deaf, late;
static atomic_uint dsa;
static _Atomic(const char *) identity = "kayla@CONTOSO.COM";

void fake_reset(void)
{
    fake_sign_in(FAKE_OPENS);
    fake_identity("kayla@CONTOSO.COM");
    fake_dsa(0);
    fake_threads(true);
    fake_release();
    atomic_store(&tried, 0);
    atomic_store(&passwords, 0);
}

void fake_sign_in(enum fake_sign_in wanted)
{
    if (wanted == FAKE_DEAF)
        atomic_store(&deaf, 1);
    atomic_store(&how, (int)wanted);
}

void fake_identity(const char *text)
{
    atomic_store(&identity, text);
}

void fake_dsa(unsigned number)
{
    atomic_store(&dsa, number);
}

void fake_threads(bool given)
{
    atomic_store(&threads, given);
}

void fake_lose(void)
{
    atomic_fetch_add(&epoch, 1);
}

void fake_late(void)
{
    atomic_store(&late, 1);
}

void fake_release(void)
{
    atomic_store(&deaf, 0);
    atomic_store(&late, 0);
}

bool fake_wait(struct cancel *cancel)
{
    while (atomic_load(&late) && !cancel_raised(cancel))
        (void)poll(NULL, 0, 1);
    return !cancel_raised(cancel);
}

int fake_open(void)
{
    return atomic_load(&open_now);
}

int fake_sign_ins(void)
{
    return atomic_load(&tried);
}

int fake_passwords(void)
{
    return atomic_load(&passwords);
}

static void own(const struct session *session)
{
    if (pthread_equal(session->owner, pthread_self()))
        return;
    fprintf(stderr, "a session is used by a thread that does not own it\n");
    abort();
}

/* The names that --wrap gives to them. */
bool __real_thread_start(void *(*run)(void *), void *argument);
bool __wrap_thread_start(void *(*run)(void *), void *argument);
struct err *__wrap_session_open(const struct signin *signin, const struct deadlines *deadlines,
                                struct cancel *cancel, struct session **out);
void __wrap_session_close(struct session *session);
bool __wrap_session_lost(const struct session *session);
const struct server *__wrap_session_server(const struct session *session);
void __wrap_session_set_cancel(struct session *session, struct cancel *cancel);
void __wrap_session_forbid_writes(struct session *session);

bool __wrap_thread_start(void *(*run)(void *), void *argument)
{
    return atomic_load(&threads) && __real_thread_start(run, argument);
}

static bool wait_for_it(enum fake_sign_in way, struct cancel *cancel)
{
    while (way == FAKE_DEAF && atomic_load(&deaf))
        (void)poll(NULL, 0, 1);
    return way == FAKE_DEAF || fake_wait(cancel);
}

struct cancel *fake_cancel(const struct session *session)
{
    own(session);
    return session->cancel;
}

static unsigned number_of(const char *host)
{
    unsigned number = 0;
    for (; *host; host++)
        number = number * 31 + (unsigned char)*host;
    return number;
}

struct err *__wrap_session_open(const struct signin *signin, const struct deadlines *deadlines,
                                struct cancel *cancel, struct session **out)
{
    (void)deadlines;
    enum fake_sign_in way = (enum fake_sign_in)atomic_load(&how);
    atomic_fetch_add(&tried, 1);
    atomic_fetch_add(&passwords, signin->password != NULL);
    *out = NULL;
    if (!wait_for_it(way, cancel))
        return err_new(ERR_CANCELLED, ERR_OTHER, "Called off.");
    if (way == FAKE_REFUSES)
        return err_new(ERR_CREDENTIALS, ERR_NO_TICKET, "There is no ticket.");
    struct session *session = mem_zero(1, sizeof *session);
    unsigned number = atomic_load(&dsa);
    session->owner = pthread_self();
    session->epoch = atomic_load(&epoch);
    session->server.host = mem_text(signin->host);
    session->server.asked = mem_text(signin->host);
    session->server.dns_host = mem_text(signin->host);
    session->server.identity = mem_text(atomic_load(&identity));
    session->server.protection = mem_text("Kerberos, sealed");
    session->server.forest = mem_text("contoso.com");
    session->server.has_dsa_guid = session->server.signed_in = true;
    session->server.dsa_guid.bytes[0] = 1;
    number = number ? number : number_of(signin->host);
    for (int i = 0; i < 4; i++)
        session->server.dsa_guid.bytes[12 + i] = (uint8_t)(number >> (8 * i));
    atomic_fetch_add(&open_now, 1);
    *out = session;
    return NULL;
}

void __wrap_session_close(struct session *session)
{
    if (!session)
        return;
    own(session);
    server_release(&session->server);
    free(session);
    atomic_fetch_sub(&open_now, 1);
}

bool __wrap_session_lost(const struct session *session)
{
    own(session);
    return session->epoch != atomic_load(&epoch);
}

const struct server *__wrap_session_server(const struct session *session)
{
    own(session);
    return &session->server;
}

void __wrap_session_set_cancel(struct session *session, struct cancel *cancel)
{
    own(session);
    session->cancel = cancel;
}

void __wrap_session_forbid_writes(struct session *session)
{
    own(session);
}
