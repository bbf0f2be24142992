/* Each waits while answers are withheld (fake_late()), hears when it is called off, and fails when
 * its connection is lost meanwhile. */
#include "tests/screens/fake_readings.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/browse.h"
#include "src/directory/dns.h"
#include "src/jobs/apply.h"
#include "src/jobs/copies.h"
#include "src/jobs/every_dc_parts.h"
#include "src/jobs/failing.h"
#include "src/jobs/inspect.h"
#include "src/jobs/scan.h"
#include "src/jobs/watch.h"
#include "src/remedy/diagnose.h"
#include "tests/screens/stage.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *first;
static _Atomic(const struct fake_dsa *) forest;
static atomic_size_t forest_count;
static _Atomic(const char *) forest_why;
static atomic_int listed;
static atomic_int sent, unanswered, astray, denied, stranger, asked_dns;

static void note(char **field, const char *text)
{
    pthread_mutex_lock(&lock);
    mem_set(field, text);
    pthread_mutex_unlock(&lock);
}

void fake_readings_reset(void)
{
    fake_reset();
    note(&first, NULL);
    fake_forest(NULL, 0, NULL);
    atomic_store(&listed, 0);
    atomic_store(&sent, 0);
    atomic_store(&unanswered, 0);
    atomic_store(&astray, 0);
}

void fake_inspect_denied(void)
{
    atomic_store(&denied, 1);
}

void fake_copies_name_a_stranger(void)
{
    atomic_store(&stranger, 1);
}

void fake_forest(const struct fake_dsa *dsas, size_t count, const char *why)
{
    atomic_store(&forest, dsas);
    atomic_store(&forest_count, count);
    atomic_store(&forest_why, why);
}

int fake_listed(void)
{
    return atomic_load(&listed);
}

void fake_apply_unanswered(void)
{
    atomic_store(&unanswered, 1);
}

int fake_sent(void)
{
    return atomic_load(&sent);
}

bool fake_astray(void)
{
    return atomic_load(&astray);
}

const char *fake_first_identity(void)
{
    return first;
}

/* The names that --wrap gives to them. */
struct err *__wrap_inspect(struct session *session, const struct subject *subject, size_t which,
                           bool picked, struct facts *facts, struct facts *successor);
struct err *__wrap_inspect_full(struct session *session, const struct subject *subject,
                                size_t which, bool picked, const char *source, struct facts *facts,
                                struct facts *successor);
struct err *__wrap_inspect_complete(void *context, struct session *session, struct facts *facts);
void __wrap_copies_prepare(const struct session *session, const struct facts *facts,
                           const char *source, struct copies *out);
void __wrap_copies_run(struct copies *copies, struct cancel *cancel,
                       void (*progress)(void *context, size_t done, size_t total), void *context);
void __wrap_copies_merge(const struct copies *copies, struct facts *facts);
struct err *__wrap_apply(struct session *session, struct plan *plan, const struct subject *subject,
                         size_t which, struct apply_report *report,
                         const struct apply_hooks *hooks);
struct err *__wrap_apply_verify(struct session *session, struct plan *plan,
                                struct apply_report *report);
struct err *__wrap_failing_read(struct session *session, struct failing *out);
struct err *__wrap_scan_run(struct session *session, struct cancel *cancel,
                            void (*progress)(void *context, size_t servers), void *context,
                            struct scan *out);
struct err *__wrap_every_dc_run(struct session *session, struct cancel *cancel,
                                const struct every_dc_way *way, struct every_dc *out);
struct err *__wrap_watch_read(struct session *session, const struct guid *dsa, struct watch *out);
struct err *__wrap_browse_sites(struct session *session, bool deleted, struct browse *out);
struct err *__wrap_browse_servers(struct session *session, const char *site_dn, bool deleted,
                                  void (*progress)(void *, size_t), void *context,
                                  struct browse *out);
struct err *__wrap_browse_object(struct session *session, const struct guid *guid, const char *dn,
                                 struct browse_object *out);
struct err *__wrap_dns_find_dcs(const char *domain, struct dns_srvs *out);

static struct err *over(struct session *session)
{
    if (!fake_wait(fake_cancel(session)))
        return err_new(ERR_CANCELLED, ERR_OTHER, "Called off.");
    if (session_lost(session))
        return err_new(ERR_NETWORK, ERR_LOST, "The connection was lost.");
    return NULL;
}

static const char *host_of(const struct session *session)
{
    return session_server(session)->host;
}

static void rename_found(struct facts *facts, const struct guid *dsa)
{
    for (unsigned i = 0; i < FAKE_FOUND_COUNT; i++) {
        struct guid found = build_guid(FAKE_FOUND + i);
        char *name = str_format("FOUND%02u", i);
        if (guid_equal(&found, dsa))
            stage_rename(facts, dsa, name);
        free(name);
    }
}

struct err *__wrap_inspect(struct session *session, const struct subject *subject, size_t which,
                           bool picked, struct facts *facts, struct facts *successor)
{
    (void)picked, (void)successor;
    struct err *err = over(session);
    if (!err && atomic_exchange(&denied, 0))
        err = err_new(ERR_DIRECTORY, ERR_NO_RIGHT, "This may not be read.");
    if (err)
        return err;
    stage_missing(facts);
    rename_found(facts, &subject->dsas[which].guid);
    facts->asked = subject->dsas[which].guid;
    mem_set(&facts->server.host, host_of(session));
    return NULL;
}

struct err *__wrap_inspect_full(struct session *session, const struct subject *subject,
                                size_t which, bool picked, const char *source, struct facts *facts,
                                struct facts *successor)
{
    (void)source;
    return __wrap_inspect(session, subject, which, picked, facts, successor);
}

struct err *__wrap_inspect_complete(void *context, struct session *session, struct facts *facts)
{
    (void)context, (void)session, (void)facts;
    return NULL;
}

void __wrap_copies_prepare(const struct session *session, const struct facts *facts,
                           const char *source, struct copies *out)
{
    (void)source, (void)facts;
    (void)host_of(session);
    *out = (struct copies){.dcs = NULL};
}

void __wrap_copies_run(struct copies *copies, struct cancel *cancel,
                       void (*progress)(void *context, size_t done, size_t total), void *context)
{
    (void)copies;
    progress(context, 1, 2);
    (void)fake_wait(cancel);
}

void __wrap_copies_merge(const struct copies *copies, struct facts *facts)
{
    (void)copies;
    if (atomic_exchange(&stranger, 0))
        build_copy_names(build_copy(facts, "MANDC01.contoso.com"), BUILD_OTHER,
                         "CN=SOMEBODY,OU=Domain Controllers," BUILD_DOMAIN);
}

static struct err *send_it(struct session *session, struct plan *plan, struct apply_report *report)
{
    if (!str_same(plan->host, host_of(session)))
        atomic_store(&astray, 1);
    atomic_fetch_add(&sent, 1);
    note(&first, report->first_identity);
    mem_set(&report->journal_path, "/nowhere/entry.ldif");
    report->state = APPLY_VERIFIED;
    if (!plan_mark_sent(plan))
        abort();
    if (!atomic_exchange(&unanswered, 0))
        return NULL;
    fake_lose();
    report->state = APPLY_UNKNOWN;
    return err_new(ERR_NETWORK, ERR_LOST, "The connection was lost.");
}

struct err *__wrap_apply(struct session *session, struct plan *plan, const struct subject *subject,
                         size_t which, struct apply_report *report, const struct apply_hooks *hooks)
{
    (void)subject, (void)which;
    struct facts facts;
    facts_init(&facts);
    mem_set(&report->host, host_of(session));
    (void)apply_report_step(report, STEP_READ_AGAIN);
    hooks->progress(hooks->context, report);
    struct err *err = hooks->complete(hooks->context, session, &facts);
    facts_release(&facts);
    if (!err)
        err = over(session);
    if (!err)
        err = send_it(session, plan, report);
    report->err = err_copy(err);
    return err;
}

struct err *__wrap_apply_verify(struct session *session, struct plan *plan,
                                struct apply_report *report)
{
    (void)plan;
    struct err *err = over(session);
    if (!err)
        report->state = APPLY_VERIFIED;
    err_free(report->err);
    report->err = err_copy(err);
    return err;
}

struct err *__wrap_failing_read(struct session *session, struct failing *out)
{
    struct err *err = over(session);
    *out = (struct failing){.part = err ? PART_NO_ANSWER : PART_PRESENT};
    if (err)
        return err;
    struct failing_partner *partner = MEM_PUSH(out->partners, out->count);
    partner->name = mem_text(host_of(session));
    partner->dsa = build_guid(BUILD_DSA);
    partner->result = 8589;
    out->with_8589 = 1;
    return NULL;
}

static void ignore(void *context, size_t servers)
{
    (void)context, (void)servers;
}

struct err *__wrap_scan_run(struct session *session, struct cancel *cancel,
                            void (*progress)(void *context, size_t servers), void *context,
                            struct scan *out)
{
    (void)cancel;
    progress(context, 1);
    *out = (struct scan){.items = NULL};
    struct err *err = over(session);
    out->survey.complete = !err;
    for (unsigned i = 0; i < FAKE_FOUND_COUNT && !err; i++) {
        struct scan_finding *finding = MEM_PUSH(out->items, out->count);
        struct guid dsa = build_guid(FAKE_FOUND + i);
        stage_missing(&finding->facts);
        finding->facts.survey = true;
        rename_found(&finding->facts, &dsa);
        diagnose(&finding->facts, &finding->verdict);
    }
    return err;
}

/* Two DCs were asked, one of which did not answer. */
struct err *__wrap_every_dc_run(struct session *session, struct cancel *cancel,
                                const struct every_dc_way *way, struct every_dc *out)
{
    *out = (struct every_dc){.dcs = NULL};
    way->progress(way->context, 1, 2);
    struct err *err = __wrap_scan_run(session, cancel, ignore, NULL, &out->scan);
    if (err)
        return err;
    out->list = mem_zero(1, sizeof *out->list);
    atomic_init(&out->list->holders, 1);
    for (int i = 0; i < 2; i++) {
        struct every_dc_dc *dc = MEM_PUSH(out->dcs, out->dc_count);
        dc->server = mem_text(i ? "mandc01.contoso.com" : host_of(session));
        dc->read = i == 0;
    }
    out->read = 1;
    return NULL;
}

struct err *__wrap_watch_read(struct session *session, const struct guid *dsa, struct watch *out)
{
    *out = (struct watch){.dsa = *dsa};
    return over(session);
}

static struct browse_node *add_node(struct browse *nodes, enum browse_kind kind, size_t parent,
                                    const char *name)
{
    struct browse_node *node = MEM_PUSH(nodes->nodes, nodes->count);
    node->kind = kind;
    node->guid = build_guid(500 + (unsigned)nodes->count);
    node->parent = parent;
    node->name = mem_text(name);
    node->dn = str_format("CN=%s," BUILD_CONFIG, name);
    return node;
}

struct err *__wrap_browse_sites(struct session *session, bool deleted, struct browse *out)
{
    (void)deleted;
    *out = (struct browse){.complete = true};
    struct err *err = over(session);
    if (!err)
        (void)add_node(out, BROWSE_SITE, BROWSE_ROOT, host_of(session));
    return err;
}

static void add_forest(struct browse *out)
{
    const struct fake_dsa *dsas = atomic_load(&forest);
    const char *why = atomic_load(&forest_why);
    for (size_t i = 0; i < atomic_load(&forest_count); i++) {
        size_t at = out->count;
        (void)add_node(out, BROWSE_SITE, BROWSE_ROOT, dsas[i].site);
        (void)add_node(out, BROWSE_SERVER, at, dsas[i].server);
        if (!guid_parse(dsas[i].guid, &add_node(out, BROWSE_DSA, at + 1, "NTDS Settings")->guid))
            abort();
    }
    out->complete = !why;
    out->why = why ? err_new(ERR_DIRECTORY, ERR_OTHER, "%s", why) : NULL;
}

/* What is deleted says so by its name. */
struct err *__wrap_browse_servers(struct session *session, const char *site_dn, bool deleted,
                                  void (*progress)(void *, size_t), void *context,
                                  struct browse *out)
{
    (void)site_dn;
    atomic_fetch_add(&listed, 1);
    if (progress)
        progress(context, 1);
    struct err *err = __wrap_browse_sites(session, deleted, out);
    if (err)
        return err;
    if (atomic_load(&forest)) {
        add_forest(out);
        return NULL;
    }
    add_node(out, BROWSE_SERVER, 0, "LIVDC01")->has_dsa = true;
    if (deleted)
        add_node(out, BROWSE_SERVER, 0, "GONE01")->deleted = true;
    (void)add_node(out, BROWSE_DSA, 1, "NTDS Settings");
    return NULL;
}

struct err *__wrap_browse_object(struct session *session, const struct guid *guid, const char *dn,
                                 struct browse_object *out)
{
    (void)dn;
    *out = (struct browse_object){.lines = NULL};
    struct err *err = over(session);
    if (err)
        return err;
    out->node.guid = *guid;
    out->node.name = mem_text(host_of(session));
    out->node.dn = mem_text(host_of(session));
    return NULL;
}

struct err *__wrap_dns_find_dcs(const char *domain, struct dns_srvs *out)
{
    (void)domain;
    *out = (struct dns_srvs){NULL, 0};
    (void)fake_wait(NULL);
    if (atomic_fetch_add(&asked_dns, 1) % 2) {
        MEM_PUSH(out->items, out->count)->host = mem_text("found.contoso.com");
        return NULL;
    }
    return err_new(ERR_NETWORK, ERR_NAME_SERVICE, "DNS does not answer.");
}
