/* Several searches that leave together: one turn on the wire. A caller adds what it wants to know,
 * keeps the slot numbers, runs it once and then reads each slot. */
#ifndef DCMEND_TURN_H
#define DCMEND_TURN_H

#include "src/directory/search.h"
#include "src/model/facts.h"

struct turn {
    struct search *searches;
    struct result *results; /* NULL until it has run */
    size_t count;
};
#define TURN_INIT                                                                                  \
    {                                                                                              \
        NULL, NULL, 0                                                                              \
    }
#define TURN_NONE ((size_t)-1) /* the slot of what was not asked */

/* Room for one more search, for search_init() to fill; its slot is count - 1 afterwards. */
struct search *turn_add(struct turn *turn);
/* One object, deleted or not, by DN or by GUID. Both return the slot. */
size_t turn_object(struct turn *turn, const char *base, const char *const *attributes);
size_t turn_guid(struct turn *turn, const struct guid *guid, const char *const *attributes);

/* Blocks (network): a worker's call. An empty turn costs nothing. The error is one that ends all
 * (connection lost, called off); what failed alone is in its slot. */
struct err *turn_run(struct turn *turn, struct session *session);
void turn_release(struct turn *turn);

/* NULL for TURN_NONE, and the first entry of a slot that has one. */
const struct result *turn_result(const struct turn *turn, size_t slot);
const struct entry *turn_entry(const struct turn *turn, size_t slot);
/* How a turn_object() ended. No entry and no error means that the object may not be read. */
enum part turn_part(const struct turn *turn, size_t slot);

/* The GUID of an entry: that of its extended DN, else its objectGUID. */
bool entry_identity(const struct entry *entry, struct guid *out);

#endif
