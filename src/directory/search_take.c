/* What comes back. A server is not trusted to end: entries, values and pages without progress are
 * bounded, and a page's cookie must change. */
#include "src/base/mem.h"
#include "src/base/trace.h"
#include "src/directory/search_parts.h"
#include "src/directory/search_trace.h"

#include <stdlib.h>
#include <string.h>

static struct err *limit_err(const struct session *session, size_t most)
{
    return err_next(err_new(ERR_DIRECTORY, ERR_LIMIT, "%s sent more than %zu entries.",
                            session->server.host, most),
                    "Only the first ones were taken.");
}

static struct err *nonsense(const struct session *session, const char *what)
{
    return err_new(ERR_NETWORK, ERR_PROTOCOL, "The answer of %s cannot be right: %s.",
                   session->server.host, what);
}

/* Of a message to this batch, with what the batch may still hold. */
static bool read_entry(struct batch *batch, LDAPMessage *message, struct entry *entry,
                       struct entry_ranges *ranges)
{
    size_t most = batch->cells_left < MOST_CELLS ? batch->cells_left : MOST_CELLS, left = most;
    bool ok = entry_read(batch->session->ld, message, &left, entry, ranges);
    batch->cells_left -= most - left;
    return ok;
}

static size_t most_entries(const struct search *search)
{
    return search->most && search->most < MOST_ENTRIES ? search->most : MOST_ENTRIES;
}

static void ask_for_rest(struct batch *batch, size_t search, size_t entry,
                         struct entry_ranges *ranges)
{
    if (ranges->count > MOST_RANGES)
        batch_fail(batch, search, nonsense(batch->session, "an entry has too many cut lists"));
    for (size_t i = 0; i < ranges->count && !batch->results[search].err; i++)
        batch_send_rest(batch, search, entry, &ranges->items[i]);
    entry_ranges_release(ranges);
}

static void hand_out(struct batch *batch, size_t search, struct entry *entry,
                     struct entry_ranges *ranges)
{
    if (ranges->count > 0)
        batch_fail(batch, search, nonsense(batch->session, "a short list of values is cut"));
    else
        batch->searches[search].each(batch->searches[search].context, entry);
    if (trace_is_on() && ranges->count == 0)
        trace_entry(&batch->progress[search].handed_out, entry);
    entry_ranges_release(ranges);
    entry_release(entry);
}

static void take_entry(struct batch *batch, struct request *request, LDAPMessage *message)
{
    size_t search = request->search, most = most_entries(&batch->searches[search]);
    struct result *result = &batch->results[search];
    size_t cells = batch->cells_left;
    struct entry entry = {.attributes = NULL};
    struct entry_ranges ranges = {NULL, 0};
    if (batch->progress[search].taken >= most) {
        batch_fail(batch, search, limit_err(batch->session, most));
        return;
    }
    if (batch->searches[search].scope == SCOPE_BASE && batch->progress[search].taken > 0) {
        batch_fail(batch, search, nonsense(batch->session, "one object, and several entries"));
        return;
    }
    if (!read_entry(batch, message, &entry, &ranges)) {
        entry_release(&entry);
        entry_ranges_release(&ranges);
        batch_fail(batch, search, nonsense(batch->session, "an entry is malformed or endless"));
        return;
    }
    request->counted = true;
    batch->progress[search].taken++;
    batch->entries++;
    if (batch->searches[search].each) {
        hand_out(batch, search, &entry, &ranges);
        batch->cells_left = cells; /* nothing of it stays */
        return;
    }
    *MEM_PUSH(result->entries, result->count) = entry;
    ask_for_rest(batch, search, result->count - 1, &ranges); /* moves batch->requests */
}

/* The next part of a value list. Its answer must go on where we asked, or it is the last. */
static void take_rest(struct batch *batch, struct request *request, LDAPMessage *message)
{
    size_t search = request->search, at = request->entry;
    struct progress *progress = &batch->progress[search];
    struct entry more = {.attributes = NULL};
    struct entry_ranges ranges = {NULL, 0};
    bool ok = !request->counted && read_entry(batch, message, &more, &ranges);
    const struct attribute *part = entry_attribute(&more, request->range.attribute);
    size_t got = part ? part->count : 0;
    progress->values += got;
    ok = ok && part && part->partial == (ranges.count == 1) && progress->values <= MOST_VALUES &&
         (!ranges.count || (ranges.items[0].next == request->range.next + got &&
                            str_same_case(ranges.items[0].attribute, request->range.attribute)));
    if (ok) {
        struct entry *entry = &batch->results[search].entries[at];
        request->counted = true;
        entry_append(entry, &more, request->range.attribute, ranges.count > 0);
        ask_for_rest(batch, search, at, &ranges);
    } else {
        batch_fail(batch, search, nonsense(batch->session, "a list of values does not go on"));
    }
    entry_release(&more);
    entry_ranges_release(&ranges);
}

/* The paging control's cookie: empty or absent means that this was the last page. */
static struct berval *read_cookie(struct session *session, LDAPMessage *message)
{
    LDAPControl **controls = NULL;
    struct berval cookie = {0, NULL}, *copy = NULL;
    ber_int_t estimate;
    if (ldap_parse_result(session->ld, message, NULL, NULL, NULL, NULL, &controls, 0) !=
        LDAP_SUCCESS)
        return NULL;
    LDAPControl *paging = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    if (paging &&
        ldap_parse_pageresponse_control(session->ld, paging, &estimate, &cookie) == LDAP_SUCCESS &&
        cookie.bv_len > 0)
        copy = ber_bvdup(&cookie);
    ldap_memfree(cookie.bv_val);
    ldap_controls_free(controls);
    return copy;
}

static void next_page(struct batch *batch, size_t search, bool brought, LDAPMessage *message)
{
    struct progress *progress = &batch->progress[search];
    struct berval *cookie = read_cookie(batch->session, message), *old = progress->cookie;
    bool same = cookie && old && ber_bvcmp(cookie, old) == 0;
    progress->idle_pages = brought ? 0 : progress->idle_pages + 1;
    progress->cookie = cookie;
    batch->page_done = true;
    if (cookie && !brought && (same || progress->idle_pages > MOST_IDLE_PAGES))
        batch_fail(batch, search,
                   nonsense(batch->session, "its pages bring nothing and do not end"));
    else if (cookie && progress->taken >= most_entries(&batch->searches[search]))
        batch_fail(batch, search,
                   limit_err(batch->session, most_entries(&batch->searches[search])));
    else if (cookie)
        batch_send_page(batch, search);
    ber_bvfree(old);
}

static void take_end(struct batch *batch, struct request *request, LDAPMessage *message)
{
    size_t search = request->search;
    bool rest = request->rest, brought = request->counted;
    char *said = NULL, *referral = NULL;
    int code = session_result(batch->session, message, &said, &referral);
    request->msgid = 0;
    free(request->range.attribute);
    request->range.attribute = NULL;
    batch->progress[search].pending--;
    if (code != LDAP_SUCCESS)
        batch_fail(batch, search,
                   session_result_err(batch->session, code, "The search", said, referral));
    else if (!rest && batch->searches[search].page > 0)
        next_page(batch, search, brought, message);
    free(said);
    free(referral);
}

void batch_take(struct batch *batch, struct request *request, LDAPMessage *message)
{
    switch (ldap_msgtype(message)) {
    case LDAP_RES_SEARCH_ENTRY:
        if (request->rest)
            take_rest(batch, request, message);
        else
            take_entry(batch, request, message);
        break;
    case LDAP_RES_SEARCH_REFERENCE:
        batch->results[request->search].references++;
        break;
    case LDAP_RES_SEARCH_RESULT:
        take_end(batch, request, message);
        break;
    case LDAP_RES_INTERMEDIATE:
        break;
    default:
        batch_fail(batch, request->search,
                   nonsense(batch->session, "it answers something that was not asked"));
    }
}
