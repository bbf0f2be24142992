/* A batch is a loop around ldap_result(LDAP_RES_ANY): all first pages are sent, then whatever comes
 * is handed to search_take.c, which may send the next page or the rest of a cut value list at once.
 * So searches and their pages run side by side, and a batch costs as many turns as its longest
 * chain. The wait ends when the server is silent for the search deadline. */
#include "src/directory/search.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/trace.h"
#include "src/directory/dial.h"
#include "src/directory/search_parts.h"
#include "src/directory/search_trace.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void search_init(struct search *search, enum search_scope scope, const char *base,
                 const char *const *attributes, const char *filter_format, ...)
{
    struct str filter = STR_INIT;
    va_list ap;
    va_start(ap, filter_format);
    str_addv(&filter, filter_format, ap);
    va_end(ap);
    *search = (struct search){.base = mem_text(base),
                              .filter = str_steal(&filter),
                              .scope = scope,
                              .attributes = attributes};
}

void search_release(struct search *search)
{
    free(search->base);
    free(search->filter);
    *search = (struct search){.base = NULL};
}

char *search_escape_bytes(const void *bytes, size_t len)
{
    const unsigned char *byte = bytes;
    struct str s = STR_INIT;
    for (size_t i = 0; i < len; i++)
        if (byte[i] < 0x20 || byte[i] >= 0x7F || strchr("*()\\", byte[i]))
            str_addf(&s, "\\%02x", byte[i]);
        else
            str_addc(&s, (char)byte[i]);
    return str_steal(&s);
}

char *search_escape(const char *value)
{
    return search_escape_bytes(value, strlen(value));
}

char *search_guid_base(const struct guid *guid)
{
    char text[GUID_TEXT];
    return str_format("<GUID=%s>", guid_text(guid, text));
}

void result_release(struct result *result)
{
    for (size_t i = 0; i < result->count; i++)
        entry_release(&result->entries[i]);
    free(result->entries);
    err_free(result->err);
    *result = (struct result){.entries = NULL};
}

static void finish(struct request *request)
{
    request->msgid = 0;
    free(request->range.attribute);
    request->range.attribute = NULL;
}

void batch_fail(struct batch *batch, size_t search, struct err *err)
{
    struct session *session = batch->session;
    struct result *result = &batch->results[search];
    for (size_t i = 0; i < batch->request_count; i++) {
        struct request *request = &batch->requests[i];
        if (!request->msgid || request->search != search)
            continue;
        if (!session->lost)
            (void)ldap_abandon_ext(session->ld, request->msgid, NULL, NULL);
        finish(request);
    }
    batch->progress[search].pending = 0;
    result->complete = false;
    if (result->err)
        err_free(err);
    else
        result->err = err;
}

/* What befell the connection befell every search that was still going on. */
static void fail_all(struct batch *batch, struct err *err)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->progress[i].pending > 0)
            batch_fail(batch, i, err_copy(err));
    err_free(err);
}

static struct request *find(struct batch *batch, int msgid)
{
    for (size_t i = 0; i < batch->request_count; i++)
        if (batch->requests[i].msgid == msgid)
            return &batch->requests[i];
    return NULL;
}

static unsigned pending(const struct batch *batch)
{
    unsigned sum = 0;
    for (size_t i = 0; i < batch->count; i++)
        sum += batch->progress[i].pending;
    return sum;
}

static struct err *next_message(struct batch *batch, int64_t end, LDAPMessage **message)
{
    const struct session *session = batch->session;
    int64_t deadline = clock_ms() + session->deadlines.search;
    *message = NULL;
    if ((session->stream.bytes_in - batch->bytes_before) >> 20 >= MOST_MIB)
        return err_new(ERR_DIRECTORY, ERR_LIMIT, "%s sent more than %d MiB.", session->server.host,
                       (int)MOST_MIB);
    return session_wait_until(batch->session, LDAP_RES_ANY, deadline < end ? deadline : end, true,
                              message);
}

/* A search that has ended is told once, as soon as it has. */
static void trace(struct batch *batch)
{
    for (size_t i = 0; trace_is_on() && i < batch->count; i++) {
        struct progress *progress = &batch->progress[i];
        if (progress->pending > 0 || progress->traced)
            continue;
        progress->traced = true;
        trace_search(batch->session, &batch->searches[i], &batch->results[i], &progress->handed_out,
                     clock_ms() - batch->began);
    }
}

static void collect(struct batch *batch, void (*progress)(void *, size_t), void *context)
{
    int64_t end = clock_ms() + (int64_t)batch->session->deadlines.search * MOST_SILENCES;
    while (pending(batch) > 0) {
        LDAPMessage *message;
        struct err *err = next_message(batch, end, &message);
        if (err) {
            fail_all(batch, err);
            break;
        }
        struct request *request = find(batch, ldap_msgid(message));
        if (request)
            batch_take(batch, request, message);
        ldap_msgfree(message);
        trace(batch);
        if (batch->page_done && progress)
            progress(context, batch->entries);
        batch->page_done = false;
    }
    trace(batch);
}

static void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < batch->request_count; i++)
        free(batch->requests[i].range.attribute);
    for (size_t i = 0; i < batch->count; i++) {
        ber_bvfree(batch->progress[i].cookie);
        record_release(&batch->progress[i].handed_out);
    }
    free(batch->requests);
    free(batch->progress);
}

/* What kind of object it is, by half a list of its classes: nobody could tell. */
static bool is_of_no_kind(const struct entry *entry)
{
    const struct attribute *classes = entry_attribute(entry, "objectClass");
    return classes && classes->partial;
}

/* An entry with a value list that could not be read to its end makes the result incomplete; one
 * whose classes could not be read so is no answer. */
static void judge(struct session *session, struct result *result)
{
    size_t kept = 0;
    for (size_t i = 0; i < result->count; i++) {
        struct entry *entry = &result->entries[i];
        for (size_t j = 0; j < entry->count; j++)
            if (entry->attributes[j].partial)
                result->complete = false;
        if (is_of_no_kind(entry))
            entry_release(entry);
        else
            result->entries[kept++] = *entry;
    }
    if (kept < result->count && !result->err)
        result->err = err_new(ERR_NETWORK, ERR_PROTOCOL,
                              "The answer of %s cannot be right: a list of classes does not go on.",
                              session->server.host);
    result->count = kept;
}

static void run_once(struct session *session, const struct search *searches, size_t count,
                     struct result *results, void (*progress)(void *, size_t), void *context)
{
    struct batch batch = {.session = session,
                          .searches = searches,
                          .results = results,
                          .progress = mem_zero(count, sizeof *batch.progress),
                          .count = count,
                          .bytes_before = session->stream.bytes_in,
                          .cells_left = session->most_cells,
                          .began = clock_ms()};
    for (size_t i = 0; i < count; i++)
        results[i] = (struct result){.complete = true};
    for (size_t i = 0; i < count; i++)
        batch_send_page(&batch, i);
    if (pending(&batch) > 0)
        session->counts.turns++;
    collect(&batch, progress, context);
    for (size_t i = 0; i < count; i++)
        judge(session, &results[i]);
    batch_release(&batch);
}

void search_run_progress(struct session *session, const struct search *searches, size_t count,
                         struct result *results, void (*progress)(void *, size_t), void *context)
{
    struct referred referred;
    run_once(session, searches, count, results, progress, context);
    if (!referred_find(session, searches, count, results, &referred))
        return;
    run_once(session, referred.searches, referred.count * REFERRED_PARTITIONS, referred.results,
             NULL, NULL);
    referred_take(session, &referred, results);
}

void search_run(struct session *session, const struct search *searches, size_t count,
                struct result *results)
{
    search_run_progress(session, searches, count, results, NULL, NULL);
}

/* ---- long lists ---- */

/* Pages are for Windows, which cuts an answer at 1,000 entries. Samba sets no such limit, and reads
 * each object of a paged search twice (measured: 0.5 s instead of 0.15 s for 2,000): it is asked
 * without pages, and with them should it ever cut the answer. */
static bool wants_pages(const struct server *server)
{
    return !server->product || !str_find_case(server->product, "samba");
}

void search_run_bulk(struct session *session, struct search *searches, size_t count,
                     struct result *results, void (*progress)(void *, size_t), void *context)
{
    unsigned *pages = mem_zero(count, sizeof *pages);
    for (size_t i = 0; i < count && !wants_pages(&session->server); i++) {
        pages[i] = searches[i].page;
        searches[i].page = 0;
    }
    search_run_progress(session, searches, count, results, progress, context);
    for (size_t i = 0; i < count; i++) {
        if (pages[i] == 0 || !err_is(results[i].err, ERR_LIMIT))
            continue;
        result_release(&results[i]);
        searches[i].page = pages[i];
        search_run_progress(session, &searches[i], 1, &results[i], progress, context);
    }
    free(pages);
}
