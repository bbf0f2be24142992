/* The domain is named by the object's DN. The judged DC has spoken already: another one is wanted.
 */
#include "src/base/mem.h"
#include "src/jobs/elsewhere.h"

#include <stdlib.h>

static bool is_here(const struct session *other, const struct session *session)
{
    const struct server *a = session_server(other), *b = session_server(session);
    return a->has_dsa_guid && b->has_dsa_guid && guid_equal(&a->dsa_guid, &b->dsa_guid) &&
           server_catalog_port(a) == server_catalog_port(b);
}

static struct session *open_first(struct session *session, const struct signin *ways, size_t count,
                                  int each_ms)
{
    struct cancel *cancel = session_cancel(session);
    for (size_t i = 0; i < count; i++) {
        char *why = NULL;
        struct session *other = elsewhere_open(session, &ways[i], 1, each_ms, cancel, &why);
        free(why);
        if (other && !is_here(other, session)) {
            session_set_cancel(other, cancel);
            return other;
        }
        session_close(other);
    }
    return NULL;
}

struct session *elsewhere_of(struct session *session, const char *dn, bool catalogs)
{
    struct elsewhere ways;
    char *domain = dn ? dn_to_dns(dn) : NULL;
    elsewhere_find(session, domain, session_cancel(session), &ways);
    struct session *other = open_first(session, ways.dcs, ways.dc_count, ways.each_ms);
    if (!other && catalogs)
        other = open_first(session, ways.catalogs, ways.catalog_count, ways.each_ms);
    elsewhere_release(&ways);
    free(domain);
    return other;
}
