/* Ownership, and the few questions about a DC that more than one module asks. */
#include "src/model/server.h"

#include "src/base/mem.h"
#include "src/model/dn.h"
#include "src/model/host.h"

#include <stdlib.h>

#define SERVER_TEXTS(X)                                                                            \
    X(host)                                                                                        \
    X(asked)                                                                                       \
    X(address)                                                                                     \
    X(identity)                                                                                    \
    X(mechanism)                                                                                   \
    X(protection)                                                                                  \
    X(dns_host)                                                                                    \
    X(dsa_dn)                                                                                      \
    X(server_dn)                                                                                   \
    X(domain_dn)                                                                                   \
    X(root_domain_dn)                                                                              \
    X(config_dn)                                                                                   \
    X(schema_dn)                                                                                   \
    X(forest)                                                                                      \
    X(ldap_service)                                                                                \
    X(product)
#define SERVER_LISTS(X)                                                                            \
    X(contexts)                                                                                    \
    X(controls)                                                                                    \
    X(mechanisms)                                                                                  \
    X(token_groups)

void server_release(struct server *server)
{
#define X(field) free(server->field);
    SERVER_TEXTS(X)
#undef X
#define X(field) strs_release(&server->field);
    SERVER_LISTS(X)
#undef X
    *server = (struct server){.host = NULL};
}

void server_copy(struct server *to, const struct server *from)
{
    *to = *from;
#define X(field) to->field = mem_text(from->field);
    SERVER_TEXTS(X)
#undef X
#define X(field)                                                                                   \
    to->field = (struct strs){NULL, 0};                                                            \
    strs_copy(&to->field, &from->field);
    SERVER_LISTS(X)
#undef X
}

bool server_other_name(const struct server *server)
{
    return server->asked && !host_matches(server->asked, server->host);
}

bool server_catalog_port(const struct server *server)
{
    return server->port == 3268 || server->port == 3269;
}

bool server_has_control(const struct server *server, const char *oid)
{
    return strs_has(&server->controls, oid);
}

bool server_protected(const struct server *server)
{
    return server->signed_in && (server->tls || server->ssf >= 56);
}
