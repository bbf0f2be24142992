/* An array of searches and, once run, the array of their results. */
#include "src/directory/batch.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct search *batch_add(struct batch *batch)
{
    return MEM_PUSH(batch->searches, batch->count);
}

size_t batch_object(struct batch *batch, const char *base, const char *const *attributes)
{
    struct search *search = batch_add(batch);
    search_init(search, SCOPE_BASE, base, attributes, "(objectClass=*)");
    search->deleted = true;
    return batch->count - 1;
}

size_t batch_guid(struct batch *batch, const struct guid *guid, const char *const *attributes)
{
    char *base = search_guid_base(guid);
    size_t slot = batch_object(batch, base, attributes);
    free(base);
    return slot;
}

static bool ends_all(const struct err *err)
{
    return err && (err->kind == ERR_CANCELLED || err->code == ERR_LOST);
}

struct err *batch_run(struct batch *batch, struct session *session)
{
    if (batch->count == 0)
        return NULL;
    batch->results = mem_zero(batch->count, sizeof *batch->results);
    search_run(session, batch->searches, batch->count, batch->results);
    for (size_t i = 0; i < batch->count; i++)
        if (ends_all(batch->results[i].err))
            return err_copy(batch->results[i].err);
    return NULL;
}

void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        search_release(&batch->searches[i]);
        if (batch->results)
            result_release(&batch->results[i]);
    }
    free(batch->searches);
    free(batch->results);
    *batch = (struct batch)BATCH_INIT;
}

const struct result *batch_result(const struct batch *batch, size_t slot)
{
    return slot < batch->count && batch->results ? &batch->results[slot] : NULL;
}

const struct entry *batch_entry(const struct batch *batch, size_t slot)
{
    const struct result *result = batch_result(batch, slot);
    return result && result->count > 0 ? &result->entries[0] : NULL;
}

enum part batch_part(const struct batch *batch, size_t slot)
{
    const struct result *result = batch_result(batch, slot);
    if (!result)
        return PART_NOT_ASKED;
    if (result->count > 0)
        return PART_PRESENT;
    if (err_is(result->err, ERR_NO_SUCH_OBJECT))
        return PART_ABSENT;
    return !result->err || result->err->code == ERR_NO_RIGHT ? PART_DENIED : PART_NO_ANSWER;
}

bool entry_identity(const struct entry *entry, struct guid *out)
{
    if (!entry->name.has_guid)
        return entry_guid(entry, "objectGUID", out);
    *out = entry->name.guid;
    return true;
}
