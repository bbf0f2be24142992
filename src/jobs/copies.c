/* Each DC is asked by a thread that works on a copy of its own; what comes home in time is put
 * beside the question. */
#include "src/jobs/copies.h"

#include "src/base/crew.h"
#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/copies_parts.h"
#include "src/model/host.h"

#include <stdlib.h>

enum { AT_ONCE = 8, EACH_MS = 5000, NAMED_MOST = 50, ACCOUNTS_MOST = 16 };

/* ---- ownership ---- */

void copy_asked_release(struct copy_asked *dc)
{
    free(dc->host);
    signin_release(&dc->signin);
    free(dc->account);
    dn_link_release(&dc->value);
    free(dc->why);
    for (size_t i = 0; i < dc->named_count; i++)
        free(dc->named[i].dn);
    free(dc->named);
    for (size_t i = 0; i < dc->account_count; i++) {
        free(dc->accounts[i].dn);
        free(dc->accounts[i].domain);
    }
    free(dc->accounts);
    *dc = (struct copy_asked){.may_ask = false};
}

void copies_release(struct copies *copies)
{
    for (size_t i = 0; i < copies->count; i++)
        copy_asked_release(&copies->dcs[i]);
    free(copies->dcs);
    *copies = (struct copies){.dcs = NULL};
}

static void add_account(struct copy_asked *dc, const struct guid *guid, const char *dn,
                        const char *domain)
{
    struct copy_account *account = MEM_PUSH(dc->accounts, dc->account_count);
    account->guid = *guid;
    account->dn = mem_text(dn);
    account->domain = mem_text(domain);
}

static struct copy_errand *errand_new(const struct copies *copies, const struct copy_asked *dc)
{
    struct copy_errand *errand = mem_zero(1, sizeof *errand);
    errand->server = copies->server;
    errand->each_ms = copies->each_ms;
    errand->dc.host = mem_text(dc->host);
    errand->dc.dsa = dc->dsa;
    errand->dc.is_picked = dc->is_picked;
    errand->dc.may_ask = true;
    signin_copy(&errand->dc.signin, &dc->signin);
    for (size_t i = 0; i < dc->named_count; i++)
        MEM_PUSH(errand->dc.named, errand->dc.named_count)->guid = dc->named[i].guid;
    for (size_t i = 0; i < dc->account_count; i++)
        add_account(&errand->dc, &dc->accounts[i].guid, dc->accounts[i].dn, dc->accounts[i].domain);
    return errand;
}

static void errand_free(void *argument)
{
    struct copy_errand *errand = argument;
    copy_asked_release(&errand->dc);
    free(errand);
}

/* ---- prepare ---- */

/* The DSAs that matter for B7: those that accounts' SPNs name and that are not known to live. */
static void add_named(struct copy_asked *dc, const struct facts *facts)
{
    for (size_t i = 0; i < facts->account_count; i++) {
        const struct facts_account *account = &facts->accounts[i];
        for (size_t n = 0; n < account->named_count && dc->named_count < NAMED_MOST; n++)
            if (account->named[n].state != DSA_LIVE &&
                !guid_equal(&account->named[n].guid, &facts->asked))
                MEM_PUSH(dc->named, dc->named_count)->guid = account->named[n].guid;
    }
}

static void add_accounts(struct copy_asked *dc, const struct facts *facts)
{
    for (size_t i = 0; i < facts->account_count && dc->account_count < ACCOUNTS_MOST; i++) {
        const struct facts_account *account = &facts->accounts[i];
        if (!account->deleted && account->domain_dn)
            add_account(dc, &account->guid, account->dn, account->domain_dn);
    }
}

static char *host_of(const struct facts *facts, const struct facts_copy *copy)
{
    char guid[GUID_TEXT];
    if (!copy->is_source || facts->srv.dns_host || !facts->server.forest)
        return mem_text(copy->server);
    return str_format("%s._msdcs.%s", guid_text(&facts->asked, guid), facts->server.forest);
}

static struct copy_asked *add_dc(struct copies *out, const struct session *session,
                                 const struct facts *facts, char *host)
{
    struct copy_asked *dc = MEM_PUSH(out->dcs, out->count);
    dc->host = host;
    dc->state = COPY_NOT_ASKED;
    signin_init(&dc->signin);
    dc->may_ask = session_signin_elsewhere(session, host, &dc->signin);
    if (!dc->may_ask)
        dc->why = mem_text("other DCs are asked with a Kerberos ticket only");
    add_named(dc, facts);
    add_accounts(dc, facts);
    return dc;
}

static bool is_named(const struct facts_copy *copy, const char *source)
{
    return source && host_matches(copy->server, source);
}

static void add_source(struct copies *out, const struct session *session, const struct facts *facts,
                       const char *source)
{
    for (size_t i = 0; i < facts->copy_count; i++)
        if (is_named(&facts->copies[i], source))
            return;
    add_dc(out, session, facts, mem_text(source))->is_picked = true;
}

void copies_prepare(const struct session *session, const struct facts *facts, const char *source,
                    struct copies *out)
{
    *out = (struct copies){.server = facts->srv.guid, .dsa = facts->asked, .each_ms = EACH_MS};
    if (facts->srv.part != PART_PRESENT)
        return;
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        if (copy->is_here || (copy->why && copy->state == COPY_NOT_ASKED))
            continue;
        struct copy_asked *dc = add_dc(out, session, facts, host_of(facts, copy));
        dc->dsa = copy->dsa_guid;
        dc->is_picked = is_named(copy, source);
    }
    if (source && facts->dsa.part == PART_PRESENT)
        add_source(out, session, facts, source);
}

/* ---- run ---- */

static void run_errand(void *argument, struct cancel *cancel)
{
    copy_ask(argument, cancel);
}

/* copy_ask() asks one DC, copies_merge() takes what it says. */
static const struct errand_kind errand_kind = {run_errand, errand_free};

static void take_home(struct copy_asked *dc, struct copy_errand *errand, int each_ms)
{
    if (!errand) {
        dc->state = COPY_UNREACHABLE;
        free(dc->why);
        dc->why = str_format("no answer in %d s", (each_ms + 999) / 1000);
    } else if (!errand->ran) {
        mem_set(&dc->why, "called off");
    } else {
        struct copy_asked answer = errand->dc;
        errand->dc = *dc;
        *dc = answer;
    }
    log_line("copy on %s: %s", dc->host, copy_state_name(dc->state));
    if (errand)
        errand_free(errand);
}

void copies_run(struct copies *copies, struct cancel *cancel,
                void (*progress)(void *context, size_t done, size_t total), void *context)
{
    struct crew crew = {AT_ONCE, copies->each_ms, progress, context, NULL};
    void **errands = mem_zero(copies->count, sizeof *errands);
    size_t count = 0, at = 0;
    for (size_t i = 0; i < copies->count; i++)
        if (copies->dcs[i].may_ask)
            errands[count++] = errand_new(copies, &copies->dcs[i]);
    crew_run(&crew, &errand_kind, errands, count, cancel);
    for (size_t i = 0; i < copies->count; i++)
        if (copies->dcs[i].may_ask)
            take_home(&copies->dcs[i], errands[at++], copies->each_ms);
    free(errands);
}
