/* The program behind tests/bench/every_dc.py: every_dc DCS SERVERS BAD
 *
 * One process plays DCS domain controllers of a forest of SERVERS (responders that share the
 * entries), another one is the client. One DC's copy alone lacks a link. BAD of them stall, refuse
 * the sign-in or are another DSA than their name says. Prints a JSON object, then keeps the DCs up
 * until standard input ends. */
#include "src/jobs/every_dc.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "tests/wire/authority.h"
#include "tests/wire/responder_parts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SITES "CN=Sites,CN=Configuration,DC=contoso,DC=com"

struct bench {
    size_t dcs, servers, bad;
    int *ports;
};

/* ---- the DCs ---- */

/* The DC of this number holds a copy of its own of the first fake server, without the link. */
static void break_copy(struct responder *dc, const struct responder_entry *server)
{
    for (size_t i = 1; i < dc->entry_count; i++) {
        if (dc->entries[i] != server)
            continue;
        struct responder_entry *own = mem_zero(1, sizeof *own);
        *own = *server;
        own->attributes = mem_zero(server->count, sizeof *own->attributes);
        own->count = 0;
        for (size_t n = 0; n < server->count; n++)
            if (strcmp(server->attributes[n].name, "serverReference") != 0)
                own->attributes[own->count++] = server->attributes[n];
        dc->entries[i] = own;
    }
}

/* Behind its own rootDSE all entries are the forest's. Nothing of it is ever freed. */
static struct responder *play(struct responder *forest, const struct responder_dc *own,
                              size_t number)
{
    struct responder *dc = responder_new();
    char *host = str_format("dc%zu.contoso.com", number + 1);
    responder_clear(responder_root(dc), "dsServiceName");
    responder_link(responder_root(dc), "dsServiceName", own->ntds->dn);
    responder_set(responder_root(dc), "dnsHostName", host);
    free(host);
    dc->entries = mem_grow(dc->entries, forest->entry_count, sizeof *dc->entries);
    for (size_t i = 1; i < forest->entry_count; i++)
        dc->entries[i] = forest->entries[i];
    dc->entry_count = forest->entry_count;
    dc->by_dn = forest->by_dn;
    dc->indexed = forest->indexed;
    return dc;
}

static void misbehave(struct responder *dc, size_t number, const struct responder_dc *other)
{
    if (number % 3 == 0)
        responder_fault(dc, FAULT_STALL, OP_SEARCH, 2);
    else if (number % 3 == 1)
        responder_bind_answer(dc, 49, "no");
    else {
        responder_clear(responder_root(dc), "dsServiceName");
        responder_link(responder_root(dc), "dsServiceName", other->ntds->dn);
    }
}

static void serve(const struct bench *bench, int to)
{
    struct responder *forest = responder_new();
    struct responder_dc *dcs = mem_zero(bench->servers, sizeof *dcs);
    dcs[0].ntds = responder_find(forest, "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Main," SITES);
    for (size_t i = 1; i < bench->servers; i++) {
        char *name = str_format("DC%zu", i + 1);
        dcs[i] = responder_add_dc(forest, name, "Main");
        if (i >= bench->dcs)
            responder_clear(dcs[i].server, "dNSHostName");
        free(name);
    }
    (void)responder_find(forest, "DC=contoso,DC=com"); /* the index is there */
    for (size_t i = 0; i < bench->dcs; i++) {
        struct responder *dc = play(forest, &dcs[i], i);
        if (i == bench->dcs / 2)
            break_copy(dc, dcs[bench->servers - 1].server);
        else if (i > 0 && i <= bench->bad)
            misbehave(dc, i, &dcs[0]);
        int port = responder_listen(dc, true, NULL);
        if (write(to, &port, sizeof port) != sizeof port)
            _exit(1);
    }
    for (;;)
        pause();
}

/* ---- the client ---- */

static void fill(const struct bench *bench, size_t number, struct signin *out)
{
    signin_init(out);
    out->host = mem_text("127.0.0.1");
    out->named = mem_text("127.0.0.1");
    out->port = bench->ports[number];
    out->transport = TRANSPORT_LDAPS;
    out->auth = AUTH_SIMPLE;
    out->user = mem_text("kayla@contoso.com");
    out->password = secret_new();
    secret_add(out->password, "secret", 6);
}

static bool reach(void *context, const char *host, struct signin *out)
{
    const struct bench *bench = context;
    size_t number = strtoul(host + 2, NULL, 10);
    if (number == 0 || number > bench->dcs)
        return false;
    fill(bench, number - 1, out);
    return true;
}

static bool is_right(const struct bench *bench, const struct every_dc *every)
{
    size_t lacking = 0;
    for (size_t i = 0; i < every->difference_count; i++) {
        char *wanted = str_format("dc%zu.contoso.com", bench->dcs / 2 + 1);
        lacking += every->differences[i].state == COPY_ABSENT &&
                   strcmp(every->dcs[every->differences[i].dc].server, wanted) == 0;
        free(wanted);
    }
    printf("{\"read\":%zu,\"findings\":%zu,\"differences\":%zu", every->read, every->scan.count,
           every->difference_count);
    return lacking == 1 && every->difference_count == 1 && every->scan.count == 1 &&
           every->read == bench->dcs - bench->bad;
}

static bool ours(const struct bench *bench, double *seconds)
{
    struct every_dc_way way = {.reach = reach, .context = (void *)bench};
    struct every_dc every;
    struct session *session = NULL;
    struct signin signin;
    int64_t since = clock_ms();
    fill(bench, 0, &signin);
    struct err *err = session_open(&signin, &deadlines_default, NULL, &session);
    if (!err)
        err = every_dc_run(session, NULL, &way, &every);
    signin_release(&signin);
    if (err) {
        printf("%s\n", err->text);
        return false;
    }
    session_close(session);
    *seconds = (double)(clock_ms() - since) / 1000;
    bool right = is_right(bench, &every);
    every_dc_release(&every);
    return right;
}

static bool measure(const struct bench *bench)
{
    double seconds = 0;
    struct rusage usage;
    bool right = ours(bench, &seconds);
    getrusage(RUSAGE_SELF, &usage);
    printf(",\"right\":%s,\"seconds\":%.2f,\"kib\":%ld,\"ca\":\"%s\",\"ports\":[",
           right ? "true" : "false", seconds, usage.ru_maxrss, authority_file(authority_common()));
    for (size_t i = 0; i < bench->dcs; i++)
        printf("%s%d", i ? "," : "", bench->ports[i]);
    printf("]}\n");
    (void)fflush(stdout);
    while (getchar() != EOF)
        ;
    return right;
}

int main(int argc, char **argv)
{
    struct bench bench = {.dcs = argc > 1 ? strtoul(argv[1], NULL, 10) : 50,
                          .servers = argc > 2 ? strtoul(argv[2], NULL, 10) : 2000,
                          .bad = argc > 3 ? strtoul(argv[3], NULL, 10) : 0};
    int way[2];
    (void)authority_common();
    if (pipe(way) != 0)
        return 1;
    pid_t server = fork();
    if (server == 0)
        serve(&bench, way[1]);
    bench.ports = mem_zero(bench.dcs, sizeof *bench.ports);
    for (size_t i = 0; i < bench.dcs; i++)
        if (read(way[0], &bench.ports[i], sizeof *bench.ports) != sizeof *bench.ports)
            return 1;
    bool right = measure(&bench);
    (void)kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
    free(bench.ports);
    return right ? 0 : 1;
}
