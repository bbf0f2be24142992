/* The second question about an object that a DC refers elsewhere for. */
#include "src/base/mem.h"
#include "src/directory/search_parts.h"

#include <stdlib.h>
#include <string.h>

/* "<GUID=dashed>" and nothing else. */
static bool bare_guid(const char *base, struct guid *guid)
{
    size_t len = strlen(base);
    if (!str_starts_case(base, "<GUID=") || base[len - 1] != '>')
        return false;
    char *text = mem_textn(base + 6, len - 7);
    bool is = guid_parse(text, guid);
    free(text);
    return is;
}

static void ask_again(const struct search *search, const struct guid *guid, const char *partition,
                      struct search *again)
{
    char term[GUID_FILTER];
    search_init(again, SCOPE_SUBTREE, partition, search->attributes, "(&(objectGUID=%s)%s)",
                guid_filter(guid, term), search->filter);
    again->deleted = search->deleted;
    again->dacl = search->dacl;
    again->most = 1;
}

bool referred_find(const struct session *session, const struct search *searches, size_t count,
                   const struct result *results, struct referred *out)
{
    const char *partitions[] = {session->server.config_dn, session->server.domain_dn};
    size_t room = 0;
    *out = (struct referred){.count = 0};
    for (size_t i = 0; i < count && partitions[0] && partitions[1]; i++) {
        struct guid guid;
        if (searches[i].scope != SCOPE_BASE || !err_is(results[i].err, ERR_REFERRAL) ||
            !bare_guid(searches[i].base, &guid))
            continue;
        *MEM_PUSH(out->slots, out->count) = i;
        for (size_t n = 0; n < REFERRED_PARTITIONS; n++)
            ask_again(&searches[i], &guid, partitions[n], MEM_PUSH(out->searches, room));
    }
    if (out->count > 0)
        out->results = mem_zero(room, sizeof *out->results);
    return out->count > 0;
}

static void take_one(const struct session *session, struct result *of_partitions,
                     struct result *result)
{
    bool whole = true;
    for (size_t n = 0; n < REFERRED_PARTITIONS; n++) {
        struct result *found = &of_partitions[n];
        whole = whole && found->complete;
        if (found->count != 1)
            continue;
        result_release(result);
        *result = *found;
        *found = (struct result){.entries = NULL};
        return;
    }
    if (!whole)
        return;
    struct err *err =
        err_new(ERR_DIRECTORY, ERR_NO_SUCH_OBJECT, "%s has no such object.", session->server.host);
    err_said(err, result->err->said);
    err_free(result->err);
    result->err = err;
}

void referred_take(const struct session *session, struct referred *referred, struct result *results)
{
    for (size_t i = 0; i < referred->count; i++)
        take_one(session, &referred->results[i * REFERRED_PARTITIONS],
                 &results[referred->slots[i]]);
    for (size_t i = 0; i < referred->count * REFERRED_PARTITIONS; i++) {
        search_release(&referred->searches[i]);
        result_release(&referred->results[i]);
    }
    free(referred->searches);
    free(referred->results);
    free(referred->slots);
}
