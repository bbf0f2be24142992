/* All live DSAs of the forest by name and site: for texts that name them by GUID alone, or by a
 * GUID that was cut short. */
#ifndef DCMEND_LIST_DSAS_H
#define DCMEND_LIST_DSAS_H

#include "src/directory/session.h"
#include "src/model/dsa_list.h"

/* Blocks (network): a worker's call. What Browse reads, paged. The error is one after which nothing
 * is known. */
struct err *list_dsas(struct session *session, struct dsa_list *out);

#endif
