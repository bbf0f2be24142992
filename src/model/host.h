/* When two names of hosts are the same. Case and a final dot do not count; NULL
 * and empty names match nothing. */
#ifndef DCMEND_HOST_H
#define DCMEND_HOST_H

#include <stdbool.h>

/* Both are full names, as in dNSHostName: nothing is left out. */
bool host_equal(const char *a, const char *b);

/* "dcsrv01" and "DCSRV01.contoso.com" may be the same host: a name without a dot matches the first
 * label of the other. For what people and reports write. */
bool host_matches(const char *a, const char *b);

/* "contoso.com" of "dc1.contoso.com.": a DC is named below its domain. Owned by the caller; NULL:
 * it is one label, or an address. */
char *host_domain(const char *host);

/* "dc3.emea.contoso.com" is a host of emea.contoso.com, not of contoso.com. */
bool host_in_domain(const char *host, const char *domain);

#endif
