/* Host names come from DNS, events, options and the directory, each in a case of its own; only the
 * case is chosen here, never another name. */
#include "src/model/dc_name.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/dn.h"

#include <stdlib.h>
#include <string.h>

static bool is_address(const char *host)
{
    return strchr(host, ':') || strspn(host, "0123456789.") == strlen(host);
}

/* Takes the spelling of an RDN value; false: that is another name. */
static bool take_case(char **name, const char *rdn)
{
    char *plain = rdn ? dn_unmarked(rdn) : NULL;
    bool same = plain && str_same_case(plain, *name);
    if (same)
        mem_set(name, plain);
    free(plain);
    return same;
}

static void raise_letters(char *name)
{
    for (; *name; name++)
        if (*name >= 'a' && *name <= 'z')
            *name = (char)(*name - 'a' + 'A');
}

char *dc_name(const struct server *here, const struct facts *facts, const char *host)
{
    if (!host || is_address(host))
        return mem_text(host ? host : "");
    char *name = mem_textn(host, strcspn(host, "."));
    char *own = here && here->server_dn ? dn_rdn_value(here->server_dn) : NULL;
    bool known = take_case(&name, own) || take_case(&name, facts ? facts->srv.cn : NULL);
    if (!known && strchr(host, '.'))
        raise_letters(name);
    free(own);
    return name;
}
