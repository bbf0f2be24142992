/* What a reading holds, from its start to its end. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

const char *const server_attributes[] = {"objectClass", "objectGUID",  "isDeleted",
                                         "whenChanged", "dNSHostName", "serverReference",
                                         NULL};
const char *const s_attributes[] = {"objectClass",
                                    "objectGUID",
                                    "cn",
                                    "isDeleted",
                                    "whenChanged",
                                    "dNSHostName",
                                    "serverReference",
                                    "allowedAttributesEffective",
                                    "nTSecurityDescriptor",
                                    "msDS-ReplValueMetaData",
                                    NULL};
const char *const dsa_attributes[] = {"objectClass",
                                      "objectGUID",
                                      "isDeleted",
                                      "lastKnownParent",
                                      "whenCreated",
                                      "whenChanged",
                                      "options",
                                      "msDS-isRODC",
                                      "msDS-HasDomainNCs",
                                      "msDS-hasMasterNCs",
                                      "hasMasterNCs",
                                      "msDS-hasFullReplicaNCs",
                                      NULL};
const char *const place_attributes[] = {"objectClass", "objectGUID",      "isDeleted",
                                        "whenChanged", "dNSHostName",     "serverReference",
                                        "msDS-isRODC", "lastKnownParent", NULL};
#define ACCOUNT_ATTRIBUTES                                                                         \
    "objectClass", "objectGUID", "cn", "isDeleted", "isRecycled", "sAMAccountName", "dNSHostName", \
        "userAccountControl", "primaryGroupID", "servicePrincipalName", "serverReferenceBL"
const char *const account_attributes[] = {ACCOUNT_ATTRIBUTES, "nTSecurityDescriptor", NULL};
const char *const account_bulk_attributes[] = {ACCOUNT_ATTRIBUTES, NULL};
const char *const member_attributes[] = {"serverReference", "msDFSR-ComputerReference",
                                         "frsComputerReference", NULL};

const char *reading_name(const struct server *server)
{
    return server->dns_host ? server->dns_host : server->host;
}

const struct server *reading_server(const struct reading *r, size_t domain)
{
    const struct session *session = domain == NOWHERE ? NULL : r->domains[domain].session;
    return session ? session_server(session) : r->here;
}

struct turn *reading_turn(struct reading *r)
{
    struct turn **turn = MEM_PUSH(r->turns, r->turn_count);
    *turn = mem_zero(1, sizeof **turn);
    return *turn;
}

void reading_incomplete(struct reading *r, const char *what, const struct err *err)
{
    if (!r->out)
        return;
    r->out->complete = false;
    if (!r->out->why)
        r->out->why = err ? str_format("%s could not be read to the end: %s", what, err->text)
                          : str_format("%s could not be read to the end.", what);
}

void reading_start(struct reading *r, struct session *session)
{
    const struct server *here = session_server(session);
    *r = (struct reading){.session = session, .here = here, .judged = true, .when = time(NULL)};
    r->sites = str_format("CN=Sites,%s", here->config_dn ? here->config_dn : "");
    struct domain *own = MEM_PUSH(r->domains, r->domain_count);
    own->dn = mem_text(here->domain_dn ? here->domain_dn : "");
    own->session = session;
}

static void release_domains(struct reading *r)
{
    for (size_t i = 0; i < r->domain_count; i++) {
        if (r->domains[i].ours)
            session_close(r->domains[i].session);
        free(r->domains[i].dn);
        free(r->domains[i].why);
    }
    free(r->domains);
    for (size_t i = 0; i < r->crossref_count; i++)
        dn_link_release(&r->crossrefs[i]);
    free(r->crossrefs);
}

static void release_questions(struct reading *r)
{
    for (size_t i = 0; i < r->answer_count; i++)
        free(r->answers[i].entries);
    free(r->answers);
    for (size_t i = 0; i < r->open_count; i++)
        open_release(&r->open[i]);
    free(r->open);
    index_release(&r->answered);
    index_release(&r->noted);
}

void reading_end(struct reading *r)
{
    store_release(&r->store);
    release_questions(r);
    replication_release(&r->status);
    index_release(&r->links);
    for (size_t i = 0; i < r->turn_count; i++) {
        turn_release(r->turns[i]);
        free(r->turns[i]);
    }
    free(r->turns);
    release_domains(r);
    free(r->sites);
}
