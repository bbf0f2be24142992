/* What a DC says of itself is only believed as far as the judged DC's configuration partition says
 * the same: the DSA by its GUID, and the server object above it by name. */
#include "src/directory/member.h"

#include "src/base/mem.h"
#include "src/directory/search.h"
#include "src/model/host.h"

#include <stdlib.h>

static const char *const attributes[] = {"objectClass", "dNSHostName", NULL};

static struct err *stranger(const struct session *session, const struct server *dc)
{
    return err_next(err_new(ERR_DIRECTORY, ERR_NOT_AD, "%s is no live DSA of this forest for %s.",
                            dc->asked, session_server(session)->host),
                    "DNS names it: check the SRV records of the domain.");
}

static const struct entry *only(const struct result *result)
{
    return result->count == 1 ? &result->entries[0] : NULL;
}

static bool belongs(const struct entry *ntds, const struct entry *server, const char *host)
{
    bool is = ntds && server && entry_is_class(ntds, "nTDSDSA") &&
              entry_is_class(server, "server") &&
              host_equal(entry_text(server, "dNSHostName"), host);
    char *parent = is ? dn_parent(ntds->name.dn) : NULL;
    is = is && parent && dn_equal(parent, server->name.dn);
    free(parent);
    return is;
}

struct err *member_check(struct session *session, const struct server *dc)
{
    struct search searches[2];
    struct result results[2];
    if (!dc->has_dsa_guid || !dc->server_dn)
        return stranger(session, dc);
    char *base = search_guid_base(&dc->dsa_guid);
    search_init(&searches[0], SCOPE_BASE, base, attributes, "(objectClass=*)");
    search_init(&searches[1], SCOPE_BASE, dc->server_dn, attributes, "(objectClass=*)");
    free(base);
    search_run(session, searches, 2, results);
    struct err *err = NULL;
    for (size_t i = 0; i < 2 && !err; i++)
        if (results[i].err && !err_is(results[i].err, ERR_NO_SUCH_OBJECT))
            err = err_copy(results[i].err);
    if (!err && !belongs(only(&results[0]), only(&results[1]), dc->asked))
        err = stranger(session, dc);
    for (size_t i = 0; i < 2; i++) {
        search_release(&searches[i]);
        result_release(&results[i]);
    }
    return err;
}
