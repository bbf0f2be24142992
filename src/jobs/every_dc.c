/* First the list of the judged DC, then all other DCs side by side, then the scan, to whose facts
 * the copies that differ are added before they are judged. */
#include "src/jobs/every_dc_parts.h"

#include "src/base/clock.h"
#include "src/base/crew.h"
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 16, SILENT_MS = 5000, EACH_MS = 60000 };

struct running {
    struct session *session;
    const struct every_dc_way *way;
    struct forest_list *list;
    struct every_dc *out;
};

/* ---- ownership ---- */

static void free_errand(void *argument)
{
    struct every_errand *errand = argument;
    for (size_t i = 0; i < errand->difference_count; i++)
        dn_link_release(&errand->differences[i].value);
    for (size_t i = 0; i < errand->stranger_count; i++)
        free(errand->strangers[i].dn);
    free(errand->differences);
    free(errand->strangers);
    free(errand->seen);
    free(errand->known);
    copy_asked_release(&errand->dc);
    forest_list_drop(errand->list);
    free(errand);
}

static void run_errand(void *argument, struct cancel *cancel)
{
    every_dc_read(argument, cancel);
}

static const struct errand_kind errand_kind = {run_errand, free_errand};

void every_dc_release(struct every_dc *every)
{
    scan_release(&every->scan);
    for (size_t i = 0; i < every->dc_count; i++) {
        free(every->dcs[i].server);
        free(every->dcs[i].why);
    }
    for (size_t i = 0; i < every->difference_count; i++)
        dn_link_release(&every->differences[i].value);
    for (size_t i = 0; i < every->dsa_count; i++) {
        free(every->dsas[i].dn);
        free(every->dsas[i].dcs);
    }
    free(every->dcs);
    free(every->differences);
    free(every->dsas);
    forest_list_drop(every->list);
    *every = (struct every_dc){.dcs = NULL};
}

/* ---- which DCs ---- */

static struct every_dc_dc *add_dc(struct every_dc *out, const struct guid *dsa, const char *name)
{
    struct every_dc_dc *dc = MEM_PUSH(out->dcs, out->dc_count);
    dc->server = mem_text(name);
    dc->dsa = *dsa;
    dc->state = COPY_NOT_ASKED;
    return dc;
}

static void add_first(struct running *run, int64_t since)
{
    const struct server *here = session_server(run->session);
    struct every_dc_dc *dc =
        add_dc(run->out, &here->dsa_guid, here->dns_host ? here->dns_host : here->host);
    dc->read = dc->proven = true;
    dc->read_only = here->read_only == FLAG_YES;
    dc->seconds = (double)(clock_ms() - since) / 1000;
}

static bool find_way(const struct running *run, const char *host, struct signin *signin)
{
    const struct every_dc_way *way = run->way;
    return way->reach && way->reach(way->context, host, signin)
               ? true
               : session_signin_elsewhere(run->session, host, signin);
}

/* NULL: it cannot be asked, and says why. */
static struct every_errand *errand_for(const struct running *run, struct every_dc_dc *dc,
                                       const char *host)
{
    struct signin signin;
    if (!host) {
        dc->why = mem_text("its server object has no host name");
        return NULL;
    }
    signin_init(&signin);
    if (!find_way(run, host, &signin)) {
        signin_release(&signin);
        dc->why = mem_text("other DCs are asked with a Kerberos ticket only");
        return NULL;
    }
    struct every_errand *errand = mem_zero(1, sizeof *errand);
    errand->list = forest_list_hold(run->list);
    errand->silent_ms = run->way->silent_ms ? run->way->silent_ms : SILENT_MS;
    errand->dc = (struct copy_asked){.host = mem_text(host), .dsa = dc->dsa, .may_ask = true};
    errand->dc.signin = signin;
    return errand;
}

/* ---- what came home ---- */

static struct every_dc_dsa *dsa_entry(struct every_dc *out, struct index *by_guid,
                                      const struct guid *dsa, const char *dn, bool first_knows)
{
    size_t at = forest_list_find(by_guid, dsa);
    if (at != INDEX_END)
        return &out->dsas[at];
    index_add(by_guid, dsa->bytes, sizeof dsa->bytes, out->dsa_count);
    struct every_dc_dsa *entry = MEM_PUSH(out->dsas, out->dsa_count);
    *entry = (struct every_dc_dsa){.dsa = *dsa, .dn = mem_text(dn), .first_knows = first_knows};
    return entry;
}

static void take_dsas(struct running *run, struct index *by_guid, const struct every_errand *errand,
                      size_t dc)
{
    for (size_t i = 0; i < run->list->count; i++) {
        const struct every_dc_server *row = &run->list->servers[i];
        if (errand->known[i])
            continue;
        struct every_dc_dsa *entry = dsa_entry(run->out, by_guid, &row->dsa, row->dsa_dn, true);
        *MEM_PUSH(entry->dcs, entry->dc_count) = dc;
    }
    for (size_t i = 0; i < errand->stranger_count; i++) {
        const struct stranger *stranger = &errand->strangers[i];
        struct every_dc_dsa *entry =
            dsa_entry(run->out, by_guid, &stranger->dsa, stranger->dn, false);
        *MEM_PUSH(entry->dcs, entry->dc_count) = dc;
    }
}

static void take_answer(struct every_dc_dc *dc, struct every_errand *errand, int each_ms)
{
    if (!errand) {
        dc->state = COPY_UNREACHABLE;
        dc->seconds = (double)each_ms / 1000;
        dc->why = str_format("not done in %d s", (each_ms + 999) / 1000);
        return;
    }
    dc->read = errand->read;
    dc->proven = errand->dc.proven;
    dc->read_only = dc->read_only || errand->dc.read_only;
    dc->seconds = (double)errand->ms / 1000;
    dc->state = errand->dc.state;
    if (!dc->read)
        dc->why = mem_text(errand->ran ? errand->dc.why : "not asked any more");
}

static void take_differences(struct every_dc *out, struct every_errand *errand, size_t dc)
{
    for (size_t i = 0; i < errand->difference_count; i++) {
        struct every_dc_difference *difference = MEM_PUSH(out->differences, out->difference_count);
        *difference = errand->differences[i];
        difference->dc = dc;
    }
    errand->difference_count = 0;
}

static int by_server(const void *a, const void *b)
{
    const struct every_dc_difference *x = a, *y = b;
    size_t one = x->server != y->server ? x->server : x->dc;
    size_t two = x->server != y->server ? y->server : y->dc;
    return (one > two) - (one < two);
}

static void take_all(struct running *run, void **errands, const size_t *dcs, size_t count,
                     int each_ms)
{
    struct every_dc *out = run->out;
    struct index by_guid = INDEX_INIT;
    for (size_t i = 0; i < count; i++) {
        struct every_errand *errand = errands[i];
        struct every_dc_dc *dc = &out->dcs[dcs[i]];
        take_answer(dc, errand, each_ms);
        log_line("copy on %s: %s", dc->server, dc->read ? "read" : copy_state_name(dc->state));
        if (errand && errand->compared) {
            take_dsas(run, &by_guid, errand, dcs[i]);
            take_differences(out, errand, dcs[i]);
        }
        if (errand)
            free_errand(errand);
    }
    index_release(&by_guid);
    if (out->difference_count > 0)
        qsort(out->differences, out->difference_count, sizeof *out->differences, by_server);
    for (size_t i = 0; i < out->dc_count; i++)
        out->read += out->dcs[i].read;
}

/* ---- all other DCs ---- */

static void ask_others(struct running *run, struct cancel *cancel)
{
    const struct every_dc_way *way = run->way;
    const struct server *here = session_server(run->session);
    int each_ms = way->each_ms ? way->each_ms : EACH_MS;
    struct crew crew = {AT_ONCE, each_ms, way->progress, way->context, NULL};
    void **errands = mem_zero(run->list->count, sizeof *errands);
    size_t *dcs = mem_zero(run->list->count, sizeof *dcs), count = 0;
    for (size_t i = 0; i < run->list->count; i++) {
        const struct every_dc_server *row = &run->list->servers[i];
        if (guid_equal(&row->dsa, &here->dsa_guid))
            continue;
        struct every_dc_dc *dc = add_dc(run->out, &row->dsa, row->host ? row->host : row->dsa_dn);
        dc->read_only = row->read_only;
        dcs[count] = run->out->dc_count - 1;
        errands[count] = errand_for(run, dc, row->host);
        count += errands[count] != NULL;
    }
    crew_run(&crew, &errand_kind, errands, count, cancel);
    take_all(run, errands, dcs, count, each_ms);
    free(errands);
    free(dcs);
}

/* ---- the scan ---- */

static void add_copy(struct facts *facts, const struct every_dc_dc *dc, enum copy_state state,
                     const struct dn_link *value, bool here)
{
    struct facts_copy *copy = facts_add_copy(facts);
    copy->server = mem_text(dc->server);
    copy->dsa_guid = dc->dsa;
    copy->state = state;
    if (state == COPY_VALUE)
        dn_link_copy(&copy->value, value);
    copy->proven = dc->proven;
    copy->is_here = here;
    copy->is_source = guid_equal(&dc->dsa, &facts->asked);
    copy->read_only = dc->read_only;
}

static void compare(void *context, struct facts *facts)
{
    const struct running *run = context;
    const struct facts_server *srv = &facts->srv;
    size_t server = forest_list_find(&run->list->by_dsa, &facts->asked), first, end;
    bool known = srv->part == PART_PRESENT &&
                 (srv->reference == PART_PRESENT || srv->reference == PART_ABSENT);
    if (server == INDEX_END || !known)
        return;
    every_dc_range(run->out, server, &first, &end);
    if (first == end)
        return;
    add_copy(facts, &run->out->dcs[0], srv->reference == PART_PRESENT ? COPY_VALUE : COPY_ABSENT,
             &srv->reference_link, true);
    for (size_t i = first; i < end; i++)
        add_copy(facts, &run->out->dcs[run->out->differences[i].dc], run->out->differences[i].state,
                 &run->out->differences[i].value, false);
}

struct err *every_dc_run(struct session *session, struct cancel *cancel,
                         const struct every_dc_way *way, struct every_dc *out)
{
    struct running run = {.session = session, .way = way, .out = out};
    int64_t since = clock_ms();
    *out = (struct every_dc){.dcs = NULL};
    struct err *err = forest_list_read(session, &out->list);
    if (err)
        return err;
    run.list = out->list;
    add_first(&run, since);
    ask_others(&run, cancel);
    err = scan_run_compared(session, cancel, NULL, compare, &run, &out->scan);
    if (err)
        every_dc_release(out);
    return err;
}

int every_dc_status(const struct every_dc *every)
{
    int status = scan_status(&every->scan);
    if (every->read < every->dc_count)
        return 2;
    return status == 0 && every->dsa_count > 0 ? 1 : status;
}
