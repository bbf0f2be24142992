/* What people call the things of a verdict, each on one line: in a sentence a name with a newline
 * would make a line of its own, which could say anything. */
#include "src/remedy/diagnose_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/dc_name.h"

#include <stdlib.h>

static char *one_line(char *name)
{
    char *clean = text_clean_z(name);
    free(name);
    return clean;
}

char *name_of_host(const struct facts *facts, const char *host)
{
    return host && *host ? one_line(dc_name(&facts->server, facts, host)) : mem_text("this DC");
}

char *name_of_here(const struct facts *facts)
{
    const struct server *here = &facts->server;
    return name_of_host(facts, here->dns_host ? here->dns_host : here->host);
}

static char *unmarked_rdn(const char *dn)
{
    char *raw = dn ? dn_rdn_value(dn) : NULL;
    char *name = raw ? dn_unmarked(raw) : NULL;
    free(raw);
    return name;
}

/* From the DN of N, whose parent is a server object only where it stands in a container Servers. */
static char *server_in(const char *dsa_dn)
{
    char *parent = dn_parent(dsa_dn), *above = parent ? dn_parent(parent) : NULL;
    char *container = above ? dn_rdn_value(above) : NULL;
    char *name = str_same_case(container, "Servers") ? unmarked_rdn(parent) : NULL;
    free(parent);
    free(above);
    free(container);
    return name;
}

char *name_of_server(const struct facts *facts)
{
    const struct facts_server *srv = &facts->srv;
    bool is_server = srv->is_server || srv->part != PART_PRESENT;
    char *name = srv->cn && is_server ? dn_unmarked(srv->cn) : NULL;
    if (!name && facts->dsa.dn)
        name = server_in(facts->dsa.dn);
    return name ? one_line(name) : mem_text("this DSA");
}

char *name_of_dsa(const struct guid *guid, const char *dn)
{
    char text[GUID_TEXT];
    char *parent = dn ? dn_parent(dn) : NULL;
    char *name = unmarked_rdn(parent);
    guid_text(guid, text);
    char *out = name ? str_format("%s (%s)", name, text) : mem_text(text);
    free(parent);
    free(name);
    return one_line(out);
}
