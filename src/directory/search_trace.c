#include "src/directory/search_trace.h"

#include "src/base/mem.h"
#include "src/base/trace.h"
#include "src/directory/search_parts.h"

#include <stdlib.h>

char *trace_where(const struct session *session)
{
    return str_format("%s:%d", session->server.asked, session->server.port);
}

void trace_err(struct record *part, const struct err *err)
{
    if (!err)
        return;
    record_ours(part, "error", "%s",
                err->kind == ERR_CANCELLED ? "called-off" : err_code_name(err->code));
    record_add(part, "text", PAIR_FREE, err->text);
    record_add(part, "said", PAIR_FREE, err->said);
}

static void add_name(struct record *entries, const struct dn_link *name)
{
    char guid[GUID_TEXT];
    struct str text = STR_INIT;
    if (name->has_guid)
        str_addf(&text, "<GUID=%s>;", guid_text(&name->guid, guid));
    if (name->sid)
        str_addf(&text, "<SID=%s>;", name->sid);
    str_add(&text, name->dn);
    record_add(entries, "dn", PAIR_NAME, str_text(&text));
    str_release(&text);
}

void trace_entry(struct record *entries, const struct entry *entry)
{
    add_name(entries, &entry->name);
    for (size_t i = 0; i < entry->count; i++)
        for (size_t n = 0; n < entry->attributes[i].count; n++)
            record_bytes(entries, entry->attributes[i].name, PAIR_NAME,
                         entry->attributes[i].values[n].bytes, entry->attributes[i].values[n].len);
}

static void add_attributes(struct record *part, const char *const *attributes)
{
    struct str text = STR_INIT;
    for (size_t i = 0; attributes && attributes[i]; i++)
        str_addf(&text, "%s%s", i ? " " : "", attributes[i]);
    record_ours(part, "attributes", "%s", attributes ? str_text(&text) : "*");
    str_release(&text);
}

void trace_search(const struct session *session, const struct search *search,
                  const struct result *result, struct record *entries, int64_t ms)
{
    static const char *const scopes[] = {
        [SCOPE_BASE] = "base", [SCOPE_ONE] = "one", [SCOPE_SUBTREE] = "sub"};
    struct record part = {NULL, 0};
    char *where = trace_where(session), *controls = search_controls(session, search);
    record_begin(&part, "search", PAIR_NAME, where);
    record_add(&part, "base", PAIR_NAME, search->base);
    record_ours(&part, "scope", "%s", scopes[search->scope]);
    record_add(&part, "filter", PAIR_NAME, search->filter);
    add_attributes(&part, search->attributes);
    record_ours(&part, "controls", "%s", controls);
    if (search->page)
        record_ours(&part, "page", "%u", search->page);
    record_move(&part, entries);
    for (size_t i = 0; i < result->count; i++)
        trace_entry(&part, &result->entries[i]);
    record_ours(&part, "result", "%d", result->err ? result->err->ldap : 0);
    if (result->references)
        record_ours(&part, "references", "%u", result->references);
    trace_err(&part, result->err);
    record_ours(&part, "ms", "%lld", (long long)ms);
    trace_add(&part);
    free(controls);
    free(where);
}
