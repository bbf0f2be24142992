/* Several searches that leave together: one turn on the wire. A caller adds what it wants to know,
 * keeps the slot numbers, runs the batch once and then reads each slot. */
#ifndef DCMEND_BATCH_H
#define DCMEND_BATCH_H

#include "src/directory/search.h"
#include "src/model/facts.h"

struct batch {
    struct search *searches;
    struct result *results; /* NULL until it has run */
    size_t count;
};
#define BATCH_INIT                                                                                 \
    {                                                                                              \
        NULL, NULL, 0                                                                              \
    }
#define BATCH_NONE ((size_t)-1) /* the slot of what was not asked */

/* Room for one more search, for search_init() to fill; its slot is count - 1 afterwards. */
struct search *batch_add(struct batch *batch);
/* One object, deleted or not, by DN or by GUID. Both return the slot. */
size_t batch_object(struct batch *batch, const char *base, const char *const *attributes);
size_t batch_guid(struct batch *batch, const struct guid *guid, const char *const *attributes);

/* Blocks (network): a worker's call. An empty batch costs nothing. The error is one that ends all
 * (connection lost, called off); what failed alone is in its slot. */
struct err *batch_run(struct batch *batch, struct session *session);
void batch_release(struct batch *batch);

/* NULL for BATCH_NONE, and the first entry of a slot that has one. */
const struct result *batch_result(const struct batch *batch, size_t slot);
const struct entry *batch_entry(const struct batch *batch, size_t slot);
/* How a batch_object() ended. No entry and no error means that the object may not be read. */
enum part batch_part(const struct batch *batch, size_t slot);

/* The GUID of an entry: that of its extended DN, else its objectGUID. */
bool entry_identity(const struct entry *entry, struct guid *out);

#endif
