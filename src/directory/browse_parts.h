/* What browse's own files share. */
#ifndef DCMEND_BROWSE_PARTS_H
#define DCMEND_BROWSE_PARTS_H

#include "src/directory/browse.h"

/* False for an entry without a GUID: it could not be named safely later. */
bool browse_node_take(struct browse_node *node, const struct entry *entry, bool catalog);
void browse_node_release(struct browse_node *node);

#endif
