/* An array of searches and, once run, the array of their results. */
#include "src/directory/turn.h"

#include "src/base/mem.h"

#include <stdlib.h>

struct search *turn_add(struct turn *turn)
{
    return MEM_PUSH(turn->searches, turn->count);
}

size_t turn_object(struct turn *turn, const char *base, const char *const *attributes)
{
    struct search *search = turn_add(turn);
    search_init(search, SCOPE_BASE, base, attributes, "(objectClass=*)");
    search->deleted = true;
    return turn->count - 1;
}

size_t turn_guid(struct turn *turn, const struct guid *guid, const char *const *attributes)
{
    char *base = search_guid_base(guid);
    size_t slot = turn_object(turn, base, attributes);
    free(base);
    return slot;
}

/* A server that was silent for a whole deadline would be so for the next turn's, too. */
static bool ends_all(const struct err *err)
{
    return err &&
           (err->kind == ERR_CANCELLED || err->code == ERR_LOST || err->code == ERR_TIMED_OUT);
}

struct err *turn_run(struct turn *turn, struct session *session)
{
    if (turn->count == 0)
        return NULL;
    turn->results = mem_zero(turn->count, sizeof *turn->results);
    search_run(session, turn->searches, turn->count, turn->results);
    for (size_t i = 0; i < turn->count; i++)
        if (ends_all(turn->results[i].err))
            return err_copy(turn->results[i].err);
    return NULL;
}

void turn_release(struct turn *turn)
{
    for (size_t i = 0; i < turn->count; i++) {
        search_release(&turn->searches[i]);
        if (turn->results)
            result_release(&turn->results[i]);
    }
    free(turn->searches);
    free(turn->results);
    *turn = (struct turn)TURN_INIT;
}

const struct result *turn_result(const struct turn *turn, size_t slot)
{
    return slot < turn->count && turn->results ? &turn->results[slot] : NULL;
}

const struct entry *turn_entry(const struct turn *turn, size_t slot)
{
    const struct result *result = turn_result(turn, slot);
    return result && result->count > 0 ? &result->entries[0] : NULL;
}

enum part turn_part(const struct turn *turn, size_t slot)
{
    const struct result *result = turn_result(turn, slot);
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
