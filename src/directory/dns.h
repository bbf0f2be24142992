/* DNS as the article's option A uses it, and DC discovery. An answer is a hint, never evidence.
 * All functions block: a worker's calls. Texts are validated host names. */
#ifndef DCMEND_DNS_H
#define DCMEND_DNS_H

#include "src/base/err.h"
#include "src/base/str.h"

#include <stdbool.h>

struct dns_srv {
    char *host;
    int port, priority, weight;
};
struct dns_srvs {
    struct dns_srv *items; /* by priority, then weight (heavier first), then name */
    size_t count;
};
void dns_srvs_release(struct dns_srvs *list);

/* _ldap._tcp.dc._msdcs.<domain>. domain NULL: that of the ticket at hand, else the machine's (krb5
 * default realm, resolv.conf's search list). ERR_NO_SUCH_HOST when none answers, ERR_NAME_SERVICE
 * when DNS itself fails. */
struct err *dns_find_dcs(const char *domain, struct dns_srvs *out);
/* Those of one site: _ldap._tcp.<site>._sites.dc._msdcs.<domain> (MS-ADTS 6.3.2.3). */
struct err *dns_find_site_dcs(const char *site, const char *domain, struct dns_srvs *out);
struct err *dns_find_catalogs(const char *forest, struct dns_srvs *out); /* _gc._tcp.<forest> */

struct dns_cname {
    enum { CNAME_FAILED, CNAME_MISSING, CNAME_FOUND } state; /* FAILED: no answer at all */
    char *target; /* host name without final dot; NULL unless found */
};
void dns_cname_release(struct dns_cname *cname);
void dns_cname(const char *name, struct dns_cname *out);

#endif
