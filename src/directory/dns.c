/* SRV and CNAME straight from the resolver: getaddrinfo() knows neither, and hides the chain from a
 * GUID's alias to a host. Every name in an answer is checked before it is used as one. */
#include "src/directory/dns.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/trace.h"
#include "src/directory/dial.h"
#include "src/directory/ticket.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 65535, MOST_TRIES = 2, MOST_SECONDS = 5 };

enum outcome { DNS_FOUND, DNS_MISSING, DNS_FAILED };

#ifndef HAVE_RES_NQUERY
/* A C library (musl) that keeps no state of its own between two questions: res_query() is safe in
 * threads there. */
static int res_ninit(res_state resolver)
{
    (void)resolver;
    return 0;
}

static int res_nquery(res_state resolver, const char *name, int class, int type,
                      unsigned char *answer, int size)
{
    int len = res_query(name, class, type, answer, size);
    resolver->res_h_errno = h_errno;
    return len;
}

static void res_nclose(res_state resolver)
{
    (void)resolver;
}
#endif

/* Calls take() for each answer of the wanted type. */
typedef void take_fn(const ns_msg *message, const ns_rr *record, void *context);

static bool open_resolver(res_state resolver)
{
    memset(resolver, 0, sizeof *resolver);
    if (res_ninit(resolver) != 0)
        return false;
    if (resolver->retry > MOST_TRIES)
        resolver->retry = MOST_TRIES;
    if (resolver->retrans > MOST_SECONDS)
        resolver->retrans = MOST_SECONDS;
    return true;
}

static void read_answers(const unsigned char *answer, int len, ns_type type, take_fn *take,
                         void *context)
{
    ns_msg message;
    ns_rr record;
    if (ns_initparse(answer, len, &message) != 0)
        return;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); i++)
        if (ns_parserr(&message, ns_s_an, i, &record) == 0 && ns_rr_type(record) == type &&
            ns_rr_class(record) == ns_c_in)
            take(&message, &record, context);
}

static enum outcome ask(const char *name, ns_type type, take_fn *take, void *context)
{
    struct __res_state resolver;
    if (!open_resolver(&resolver))
        return DNS_FAILED;
    unsigned char *answer = mem_zero(1, MOST_BYTES);
    int len = res_nquery(&resolver, name, ns_c_in, type, answer, MOST_BYTES);
    int failure = resolver.res_h_errno;
    if (len > 0)
        read_answers(answer, len < MOST_BYTES ? len : MOST_BYTES, type, take, context);
    res_nclose(&resolver);
    free(answer);
    if (len >= 0)
        return DNS_FOUND;
    return failure == HOST_NOT_FOUND || failure == NO_DATA ? DNS_MISSING : DNS_FAILED;
}

/* The name at rdata + offset; NULL when it is no host name. Owned by the caller. */
static char *read_name(const ns_msg *message, const ns_rr *record, size_t offset)
{
    char name[NS_MAXDNAME];
    if (ns_rr_rdlen(*record) <= offset ||
        ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message),
                           ns_rr_rdata(*record) + offset, name, sizeof name) < 0)
        return NULL;
    size_t len = strlen(name);
    if (len > 1 && name[len - 1] == '.')
        name[len - 1] = '\0';
    return dial_is_host(name) ? mem_text(name) : NULL;
}

void dns_srvs_release(struct dns_srvs *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].host);
    free(list->items);
    *list = (struct dns_srvs){NULL, 0};
}

/* RFC 2782: priority, weight, port, target. */
static void take_srv(const ns_msg *message, const ns_rr *record, void *context)
{
    struct dns_srvs *list = context;
    const unsigned char *data = ns_rr_rdata(*record);
    char *host = read_name(message, record, 6);
    if (!host)
        return;
    *MEM_PUSH(list->items, list->count) = (struct dns_srv){.host = host,
                                                           .priority = data[0] << 8 | data[1],
                                                           .weight = data[2] << 8 | data[3],
                                                           .port = data[4] << 8 | data[5]};
}

static int compare(const void *a, const void *b)
{
    const struct dns_srv *x = a, *y = b;
    if (x->priority != y->priority)
        return x->priority - y->priority;
    if (x->weight != y->weight)
        return y->weight - x->weight;
    return strcasecmp(x->host, y->host);
}

static void trace(const char *name, enum outcome outcome, const struct dns_srv *found, size_t count,
                  int64_t began)
{
    static const char *const outcomes[] = {
        [DNS_FAILED] = "failed", [DNS_MISSING] = "missing", [DNS_FOUND] = "found"};
    struct record part = {NULL, 0};
    if (!trace_is_on())
        return;
    record_begin(&part, "dns", PAIR_NAME, name);
    record_ours(&part, "answer", "%s", outcomes[outcome]);
    for (size_t i = 0; i < count; i++) {
        record_add(&part, "host", PAIR_NAME, found[i].host);
        record_ours(&part, "port", "%d", found[i].port);
    }
    record_ours(&part, "ms", "%lld", (long long)(clock_ms() - began));
    trace_add(&part);
}

static enum outcome ask_srv(const char *service, const char *domain, struct dns_srvs *out)
{
    char *name = str_format("%s.%s", service, domain);
    int64_t began = clock_ms();
    enum outcome outcome = ask(name, ns_t_srv, take_srv, out);
    if (out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, compare);
    trace(name, outcome, out->items, out->count, began);
    free(name);
    return outcome == DNS_FOUND && out->count == 0 ? DNS_MISSING : outcome;
}

static void add_realm(struct strs *list, const char *realm)
{
    char *domain = realm ? str_lower(realm) : NULL;
    if (domain && !strs_has(list, domain))
        strs_add(list, domain);
    free(domain);
}

/* The person's domain, then the machine's: the ticket's realm, Kerberos' default realm, the
 * resolver's search list. */
static void own_domains(struct strs *list)
{
    struct __res_state resolver;
    struct ticket_look look;
    ticket_look(&look);
    const char *at = look.client ? strrchr(look.client, '@') : NULL;
    add_realm(list, at ? at + 1 : NULL);
    add_realm(list, look.realm);
    ticket_look_release(&look);
    if (!open_resolver(&resolver))
        return;
    for (size_t i = 0; i < MAXDNSRCH && resolver.dnsrch[i]; i++)
        if (*resolver.dnsrch[i] && !strs_has(list, resolver.dnsrch[i]))
            strs_add(list, resolver.dnsrch[i]);
    res_nclose(&resolver);
}

static struct err *not_found(const char *what, const struct strs *domains, bool failed)
{
    if (domains->count == 0)
        return err_next(err_new(ERR_OPERATOR, ERR_NO_SUCH_HOST,
                                "This machine belongs to no domain that could be searched."),
                        "Give the full name of a domain controller.");
    if (failed)
        return err_next(err_new(ERR_NETWORK, ERR_NAME_SERVICE,
                                "DNS does not answer when asked for the %s of %s.", what,
                                domains->items[0]),
                        "Check the DNS servers in /etc/resolv.conf, or give a server's name.");
    return err_next(
        err_new(ERR_NETWORK, ERR_NO_SUCH_HOST, "DNS knows no %s for %s.", what, domains->items[0]),
        "Check the domain's name and /etc/resolv.conf, or give a server's name.");
}

static struct err *find(const char *service, const char *what, const char *domain,
                        struct dns_srvs *out)
{
    struct strs domains = {NULL, 0};
    bool failed = false;
    *out = (struct dns_srvs){NULL, 0};
    if (domain)
        strs_add(&domains, domain);
    else
        own_domains(&domains);
    for (size_t i = 0; i < domains.count && out->count == 0; i++)
        if (dial_is_host(domains.items[i]) && ask_srv(service, domains.items[i], out) == DNS_FAILED)
            failed = true;
    struct err *err = out->count ? NULL : not_found(what, &domains, failed);
    strs_release(&domains);
    return err;
}

struct err *dns_find_dcs(const char *domain, struct dns_srvs *out)
{
    return find("_ldap._tcp.dc._msdcs", "domain controllers", domain, out);
}

struct err *dns_find_site_dcs(const char *site, const char *domain, struct dns_srvs *out)
{
    *out = (struct dns_srvs){NULL, 0};
    if (!dial_is_host(site))
        return err_new(ERR_OPERATOR, ERR_NO_SUCH_HOST, "DNS cannot hold the site's name %s.", site);
    char *service = str_format("_ldap._tcp.%s._sites.dc._msdcs", site);
    struct err *err = find(service, "domain controllers of the site", domain, out);
    free(service);
    return err;
}

struct err *dns_find_catalogs(const char *forest, struct dns_srvs *out)
{
    return find("_gc._tcp", "global catalogs", forest, out);
}

void dns_cname_release(struct dns_cname *cname)
{
    free(cname->target);
    *cname = (struct dns_cname){.state = CNAME_FAILED};
}

static void take_cname(const ns_msg *message, const ns_rr *record, void *context)
{
    struct dns_cname *cname = context;
    if (!cname->target)
        cname->target = read_name(message, record, 0);
}

void dns_cname(const char *name, struct dns_cname *out)
{
    *out = (struct dns_cname){.state = CNAME_FAILED};
    int64_t began = clock_ms();
    enum outcome outcome = ask(name, ns_t_cname, take_cname, out);
    struct dns_srv target = {.host = out->target};
    trace(name, outcome, &target, out->target ? 1 : 0, began);
    if (outcome != DNS_FAILED)
        out->state = out->target ? CNAME_FOUND : CNAME_MISSING;
}
