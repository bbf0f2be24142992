/* The domain is named by the object's DN. The judged DC has spoken already: another one is wanted.
 */
#include "src/base/mem.h"
#include "src/jobs/elsewhere.h"
#include "src/model/host.h"

#include <stdlib.h>

static bool is_here(const struct session *other, const struct session *session)
{
    const struct server *a = session_server(other), *b = session_server(session);
    return a->has_dsa_guid && b->has_dsa_guid && guid_equal(&a->dsa_guid, &b->dsa_guid) &&
           server_catalog_port(a) == server_catalog_port(b);
}

/* All at once: the first that is another one. */
static struct session *open_other(struct session *session, const struct signin *ways, size_t count,
                                  int each_ms)
{
    const struct server *here = session_server(session);
    struct cancel *cancel = session_cancel(session);
    struct signin *left = mem_zero(count, sizeof *left); /* what they own stays the caller's */
    size_t kept = 0;
    char *why = NULL;
    for (size_t i = 0; i < count; i++)
        if (!host_equal(ways[i].host, here->host) || ways[i].port != 0)
            left[kept++] = ways[i];
    struct session *other = elsewhere_open(session, left, kept, each_ms, cancel, &why);
    free(left);
    free(why);
    if (other && is_here(other, session)) {
        session_close(other);
        other = NULL;
    }
    if (other)
        session_set_cancel(other, cancel);
    return other;
}

struct session *elsewhere_of(struct session *session, const struct facts *facts, const char *dn,
                             bool catalogs)
{
    struct elsewhere ways;
    char *domain = dn ? dn_to_dns(dn) : NULL;
    elsewhere_find(session, facts, domain, session_cancel(session), &ways);
    struct session *other = open_other(session, ways.dcs, ways.dc_count, ways.each_ms);
    if (!other && catalogs)
        other = open_other(session, ways.catalogs, ways.catalog_count, ways.each_ms);
    elsewhere_release(&ways);
    free(domain);
    return other;
}
