/* How a DC is called where its full host name would be too long: one spelling everywhere. */
#ifndef DCMEND_DC_NAME_H
#define DCMEND_DC_NAME_H

#include "src/model/facts.h"
#include "src/model/server.h"

/* The first label of the host name, in the case of the DC's server object where that is known (the
 * connected DC's, and S's), else in capitals, as Windows makes server objects. An address stays
 * whole, a name without a dot as it is. Both sources may be NULL. Owned by the caller; raw. */
char *dc_name(const struct server *here, const struct facts *facts, const char *host);

#endif
