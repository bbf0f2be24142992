/* gather() does the reading on the judged DC; this adds what needs DNS or another DC. */
#include "src/jobs/inspect.h"

#include "src/base/crew.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/dns.h"
#include "src/directory/gather.h"
#include "src/jobs/copies_parts.h"
#include "src/jobs/elsewhere.h"
#include "src/jobs/own_catalog.h"
#include "src/jobs/second_word.h"

#include <stdlib.h>

enum { FOLLOW_MOST = 16, FOLLOW_MS = 5000, DNS_MS = 5000 };

/* ---- N's name in DNS ---- */

struct dns_errand {
    char *name;
    struct dns_cname cname;
};

static void run_dns(void *argument, struct cancel *cancel)
{
    struct dns_errand *errand = argument;
    (void)cancel; /* the resolver listens to nobody */
    dns_cname(errand->name, &errand->cname);
}

static void free_dns(void *argument)
{
    struct dns_errand *errand = argument;
    free(errand->name);
    dns_cname_release(&errand->cname);
    free(errand);
}

static const struct errand_kind dns_kind = {run_dns, free_dns};

static void take_dns(struct facts *facts, const struct dns_cname *cname)
{
    facts->dns = cname->state == CNAME_FOUND     ? DNS_FOUND
                 : cname->state == CNAME_MISSING ? DNS_MISSING
                                                 : DNS_FAILED;
    mem_set(&facts->dns_target, cname->target);
}

static void read_dns(struct facts *facts, struct cancel *cancel)
{
    char guid[GUID_TEXT];
    if (!facts->server.forest || facts->dsa.part != PART_PRESENT)
        return;
    struct dns_errand *errand = mem_zero(1, sizeof *errand);
    struct crew crew = {.at_once = 1, .each_ms = DNS_MS};
    void *errands[1] = {errand};
    errand->cname.state = CNAME_FAILED;
    errand->name =
        str_format("%s._msdcs.%s", guid_text(&facts->dsa.guid, guid), facts->server.forest);
    crew_run(&crew, &dns_kind, errands, 1, cancel);
    facts->dns = DNS_FAILED;
    if (!errands[0])
        return;
    take_dns(facts, &errand->cname);
    free_dns(errand);
}

/* ---- what inspect() adds ---- */

/* The judged DC may be N itself: then it has just said who it is. */
static void note_own_word(struct facts *facts)
{
    const struct server *here = &facts->server;
    if (here->has_dsa_guid && (here->kerberos || here->tls) &&
        guid_equal(&here->dsa_guid, &facts->asked))
        copies_take_live(facts, &here->dsa_guid, here->ldap_service);
}

static struct err *read_other_domain(struct session *session, struct facts *facts)
{
    struct elsewhere ways;
    struct cancel *cancel = session_cancel(session);
    if (!gather_wants_accounts(facts))
        return NULL;
    char *domain = dn_to_dns(facts->dsa.domain_dn);
    elsewhere_find(session, facts, domain, cancel, &ways);
    struct err *err = elsewhere_read(session, &ways, cancel, facts);
    elsewhere_release(&ways);
    free(domain);
    return err;
}

/* A value that names an object of a domain that this DC does not hold. */
static struct err *read_target(struct session *session, struct facts *facts)
{
    if (!gather_wants_target(facts))
        return NULL;
    size_t before = facts->account_count;
    struct session *other = elsewhere_of(session, facts, facts->srv.reference_link.dn, true);
    if (other)
        err_free(gather_target(other, facts));
    session_close(other);
    return facts->account_count > before ? gather_links(session, facts) : NULL;
}

/* B13 among several that the text leaves open: until one is picked none is written; a hypothesis
 * beside an event's GUID stays one. */
static bool in_conflict(const struct subject *subject, bool picked, bool contradicted)
{
    return contradicted || (subject->conflict && !picked);
}

/* What the judged DC does not hold. */
static struct err *read_domains(struct session *session, struct facts *facts)
{
    struct err *err = read_other_domain(session, facts);
    if (!err)
        err = read_target(session, facts);
    if (!err)
        err = second_word_read(session, NULL, facts);
    note_own_word(facts);
    if (!err)
        own_catalog_ask(session, facts);
    return err;
}

static struct err *read_beyond(struct session *session, struct facts *facts)
{
    read_dns(facts, session_cancel(session));
    return read_domains(session, facts);
}

struct err *inspect(struct session *session, const struct subject *subject, size_t which,
                    bool picked, struct facts *facts, struct facts *successor)
{
    struct err *err = gather(session, subject, which, facts, successor);
    if (err)
        return err;
    facts->conflict = in_conflict(subject, picked, facts->conflict);
    err = read_beyond(session, facts);
    if (!err && successor && successor->dsa.part == PART_PRESENT)
        err_free(read_beyond(session, successor));
    if (err)
        facts_release(facts);
    return err;
}

/* ---- accounts that only a copy names ---- */

static void read_there(struct session *session, struct facts *facts, const struct facts_copy *copy)
{
    struct signin way;
    enum part part;
    char *why = NULL;
    if (!copy->proven || !session_signin_elsewhere(session, copy->server, &way))
        return;
    struct session *other =
        elsewhere_open(session, &way, 1, FOLLOW_MS, session_cancel(session), &why);
    if (other)
        err_free(gather_account(other, facts, &copy->value, &part));
    session_close(other);
    signin_release(&way);
    free(why);
}

/* A DC of the object's own domain has the last word: it knows it, or nobody does. */
static void read_at_home(struct session *session, struct facts *facts, struct facts_copy *copy)
{
    struct session *other = elsewhere_of(session, facts, copy->value.dn, false);
    enum part part = PART_NOT_ASKED;
    if (other)
        err_free(gather_account(other, facts, &copy->value, &part));
    copy->dead = part == PART_ABSENT;
    session_close(other);
}

/* First on the judged DC; what it has not received yet, on the DC whose copy names it; then where
 * its domain is held. */
static struct err *read_named(struct session *session, struct facts *facts, struct facts_copy *copy)
{
    enum part part;
    struct err *err = gather_account(session, facts, &copy->value, &part);
    if (!err && !facts_find_account(facts, &copy->value.guid))
        read_there(session, facts, copy);
    if (!err && !facts_find_account(facts, &copy->value.guid))
        read_at_home(session, facts, copy);
    return err;
}

struct err *inspect_follow(struct session *session, struct facts *facts)
{
    struct err *err = NULL;
    size_t before = facts->account_count, followed = 0;
    for (size_t i = 0; i < facts->copy_count && !err && followed < FOLLOW_MOST; i++) {
        struct facts_copy *copy = &facts->copies[i];
        if (copy->is_here || copy->state != COPY_VALUE || !copy->value.has_guid ||
            facts_find_account(facts, &copy->value.guid))
            continue;
        followed++;
        err = read_named(session, facts, copy);
    }
    if (err || facts->account_count == before)
        return err;
    note_own_word(facts);
    err = gather_links(session, facts);
    if (!err)
        err = second_word_read(session, NULL, facts);
    if (!err)
        own_catalog_ask(session, facts);
    return err;
}

struct err *inspect_copies(struct session *session, const char *source, struct facts *facts)
{
    struct copies copies;
    copies_prepare(session, facts, source, &copies);
    copies_run(&copies, session_cancel(session), NULL, NULL);
    copies_merge(&copies, facts);
    struct err *err = inspect_follow(session, facts);
    if (!err)
        copies_merge(&copies, facts); /* what was said holds for the new accounts too */
    copies_release(&copies);
    return err;
}

struct err *inspect_full(struct session *session, const struct subject *subject, size_t which,
                         bool picked, const char *source, struct facts *facts,
                         struct facts *successor)
{
    struct err *err = inspect(session, subject, which, picked, facts, successor);
    if (err)
        return err;
    err = inspect_copies(session, source, facts);
    if (err)
        facts_release(facts);
    return err;
}

struct err *inspect_complete(void *context, struct session *session, struct facts *facts)
{
    struct err *err = read_domains(session, facts);
    return err ? err : inspect_copies(session, context, facts);
}
