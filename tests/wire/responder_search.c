/* A search's answer: the entries of a page, references, and the result with its paging cookie. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/wire/responder_parts.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PAGE_SIZE = 1000 }; /* MaxPageSize of the default query policy */

struct request {
    int id;
    char *base, **attributes;
    int scope;
    struct filter filter;
    struct controls controls;
};

static void read_page(struct controls *controls, const struct berval *value)
{
    BerElement *ber = ber_init((struct berval *)value);
    struct berval cookie = {0, NULL};
    ber_int_t size = 0;
    if (ber && ber_scanf(ber, "{im}", &size, &cookie) != LBER_ERROR) {
        controls->paged = true;
        controls->page = size;
        controls->cookie =
            (struct berval){.bv_len = cookie.bv_len,
                            .bv_val = mem_textn(cookie.bv_val ? cookie.bv_val : "", cookie.bv_len)};
    }
    ber_free(ber, 1);
}

static void take_control(struct controls *controls, const char *oid, const struct berval *value)
{
    controls->count++;
    if (str_same(oid, LDAP_CONTROL_X_EXTENDED_DN))
        controls->extended = true;
    else if (str_same(oid, LDAP_CONTROL_X_SHOW_DELETED))
        controls->deleted = true;
    else if (str_same(oid, LDAP_CONTROL_PAGEDRESULTS))
        read_page(controls, value);
}

bool responder_controls(BerElement *ber, struct controls *controls)
{
    ber_len_t len;
    char *last;
    *controls = (struct controls){.page = 0};
    if (ber_peek_tag(ber, &len) != LDAP_TAG_CONTROLS)
        return true;
    for (ber_tag_t tag = ber_first_element(ber, &len, &last); tag != LBER_DEFAULT;
         tag = ber_next_element(ber, &len, last)) {
        struct berval oid, value = {0, NULL};
        ber_int_t critical;
        if (ber_scanf(ber, "{m", &oid) == LBER_ERROR)
            return false;
        if (ber_peek_tag(ber, &len) == LBER_BOOLEAN)
            (void)ber_scanf(ber, "b", &critical);
        if (ber_peek_tag(ber, &len) == LBER_OCTETSTRING)
            (void)ber_scanf(ber, "m", &value);
        char *text = mem_textn(oid.bv_val, oid.bv_len);
        take_control(controls, text, &value);
        free(text);
    }
    return true;
}

/* "attr;range=lo-*" asked for: its name's length, and lo. */
static size_t asked_range(const char *wanted, size_t *low)
{
    const char *at = str_find_case(wanted, ";range=");
    *low = at ? strtoul(at + strlen(";range="), NULL, 10) : 0;
    return at ? (size_t)(at - wanted) : strlen(wanted);
}

/* Is the attribute wanted, and from which value on? */
static bool wanted(const struct request *request, const char *name, size_t *low)
{
    *low = 0;
    if (!request->attributes || !request->attributes[0])
        return true;
    for (char **list = request->attributes; *list; list++) {
        size_t len = asked_range(*list, low);
        if (str_same(*list, "*") || (len == strlen(name) && strncasecmp(*list, name, len) == 0))
            return true;
    }
    *low = 0;
    return false;
}

/* The partial attribute set lacks all that the link is made of, and the lists of domains. */
static bool hidden(const struct responder *responder, const char *name)
{
    static const char *const names[] = {"serverReference",   "serverReferenceBL",
                                        "msDS-HasDomainNCs", "msDS-hasMasterNCs",
                                        "hasMasterNCs",      "options"};
    for (size_t i = 0; responder->catalog && i < sizeof names / sizeof *names; i++)
        if (str_same_case(name, names[i]))
            return true;
    return false;
}

/* The case in which it was asked for. */
static const char *spelling(const struct responder *responder, const struct request *request,
                            const char *name)
{
    for (char **list = request->attributes; responder->windows && list && *list; list++)
        if (str_same_case(*list, name))
            return *list;
    return name;
}

static char *description(const struct responder_attribute *attribute, const char *name, size_t low,
                         size_t *count, size_t range)
{
    *count = attribute->count > low ? attribute->count - low : 0;
    if (!range || (attribute->count <= range && !low))
        return mem_text(name);
    if (*count <= range)
        return str_format("%s;range=%zu-*", name, low);
    *count = range;
    return str_format("%s;range=%zu-%zu", name, low, low + range - 1);
}

/* Windows sends what was asked for without values, too, before the part or behind it. */
static void put_empty(const char *name, size_t low, BerElement *ber)
{
    char *empty = low ? str_format("%s;range=%zu-*", name, low) : mem_text(name);
    ber_printf(ber, "{s[]}", empty);
    free(empty);
}

/* It ends values in XML with a newline and a NUL. */
static struct berval shown(const struct responder *responder, const char *name,
                           const struct responder_value *value, char **copy)
{
    bool xml = responder->windows && value->len > 0 && *value->bytes == '<' &&
               (str_starts_case(name, "msDS-Repl") || str_starts_case(name, "msDS-NCRepl"));
    *copy = xml ? str_format("%s\n", value->bytes) : NULL;
    return xml ? (struct berval){.bv_len = strlen(*copy) + 1, .bv_val = *copy}
               : (struct berval){.bv_len = value->len, .bv_val = value->bytes};
}

static void put_values(struct responder *responder, const struct request *request,
                       const struct responder_attribute *attribute, size_t low, size_t count,
                       BerElement *ber)
{
    for (size_t i = low; i < low + count; i++) {
        const struct responder_value *value = &attribute->values[i];
        char *text = value->link ? tree_name(responder, value->bytes, &request->controls) : NULL;
        char *copy = NULL;
        struct berval out = text ? (struct berval){.bv_len = strlen(text), .bv_val = text}
                                 : shown(responder, attribute->name, value, &copy);
        ber_printf(ber, "O", &out);
        free(copy);
        free(text);
    }
}

static void put_attribute(struct responder *responder, const struct request *request,
                          const struct responder_attribute *attribute, size_t low, BerElement *ber)
{
    size_t count;
    const char *spelled = spelling(responder, request, attribute->name);
    char *name = description(attribute, spelled, low, &count, responder->range);
    bool twice = responder->windows && low + count < attribute->count;
    bool behind = low / (responder->range ? responder->range : 1) % 2 == 1;
    if (twice && !behind)
        put_empty(spelled, low, ber);
    ber_printf(ber, "{s[", name);
    put_values(responder, request, attribute, low, count, ber);
    ber_printf(ber, "]}");
    if (twice && behind)
        put_empty(spelled, low, ber);
    free(name);
}

static void send_entry(struct connection *connection, const struct request *request,
                       const struct responder_entry *entry)
{
    struct responder *responder = connection->responder;
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    char *dn = tree_name(responder, entry->dn, &request->controls);
    ber_printf(ber, "{it{s{", request->id, LDAP_RES_SEARCH_ENTRY, dn);
    for (size_t i = 0; i < entry->count; i++) {
        size_t low;
        if (hidden(responder, entry->attributes[i].name))
            continue;
        if (entry->attributes[i].count && wanted(request, entry->attributes[i].name, &low))
            put_attribute(responder, request, &entry->attributes[i], low, ber);
    }
    ber_printf(ber, "}}}");
    free(dn);
    responder_send(connection, ber);
}

static void send_references(struct connection *connection, const struct request *request)
{
    for (unsigned i = 0; i < connection->responder->references; i++) {
        BerElement *ber = ber_alloc_t(LBER_USE_DER);
        ber_printf(ber, "{it{s}}", request->id, LDAP_RES_SEARCH_REFERENCE,
                   "ldap://elsewhere.contoso.com/DC=elsewhere");
        responder_send(connection, ber);
    }
}

static void send_done(struct connection *connection, const struct request *request, int code,
                      const char *said, const struct berval *cookie)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    char *own = said ? NULL : windows_words(connection->responder, code, request->base);
    ber_printf(ber, "{it{es", request->id, LDAP_RES_SEARCH_RESULT, code, "");
    responder_put_said(connection->responder, ber, own ? own : said);
    if (code == LDAP_REFERRAL)
        ber_printf(ber, "t{s}", LDAP_TAG_REFERRAL, WINDOWS_REFERRAL);
    ber_printf(ber, "}");
    free(own);
    if (request->controls.paged) {
        BerElement *inner = ber_alloc_t(LBER_USE_DER);
        struct berval *value = NULL;
        ber_printf(inner, "{iO}", 0, cookie);
        if (ber_flatten(inner, &value) == 0)
            ber_printf(ber, "t{{sO}}", LDAP_TAG_CONTROLS, LDAP_CONTROL_PAGEDRESULTS, value);
        ber_bvfree(value);
        ber_free(inner, 1);
    }
    ber_printf(ber, "}");
    responder_send(connection, ber);
}

static const struct responder_script *script_for(struct responder *responder,
                                                 const struct request *request)
{
    for (size_t i = 0; i < responder->script_count; i++) {
        const struct responder_script *script = &responder->scripts[i];
        if ((!script->base || str_find_case(request->base, script->base)) &&
            (!script->filter || filter_mentions(&request->filter, script->filter)))
            return script;
    }
    return NULL;
}

/* Of a search below the domain: those that are kept nowhere. */
static size_t computers_for(struct responder *responder, const struct request *request,
                            const struct responder_entry *base)
{
    bool domain =
        request->scope == LDAP_SCOPE_SUBTREE && str_same_case(base->dn, "DC=contoso,DC=com");
    return domain && computers_may_match(&request->filter) ? responder->computers : 0;
}

/* The entries that match, from the cookie's on; true: there are more behind the last one sent. */
static bool send_entries(struct connection *connection, const struct request *request,
                         const struct responder_entry *base, size_t most, uint32_t *next)
{
    struct responder *responder = connection->responder;
    size_t sent = 0;
    size_t stored = responder->entry_count;
    size_t all = stored + computers_for(responder, request, base);
    for (uint32_t i = *next; i < all; i++) {
        struct responder_entry *made = i < stored ? NULL : computer_new(responder, i - stored);
        const struct responder_entry *entry = made ? made : responder->entries[i];
        bool fits = (made || (tree_visible(entry, request->controls.deleted) &&
                              tree_in_scope(responder, base, entry, request->scope))) &&
                    filter_matches(&request->filter, entry);
        bool more = fits && sent == most;
        if (fits && !more)
            send_entry(connection, request, entry);
        sent += fits;
        if (made)
            tree_entry_free(made);
        *next = i;
        if (more)
            return true;
    }
    return false;
}

static void send_endless(struct connection *connection, const struct request *request)
{
    struct berval cookie = {.bv_len = 7, .bv_val = "endless"};
    struct responder *responder = connection->responder;
    for (int i = 0; responder->endless_entries && i < request->controls.page; i++)
        send_entry(connection, request, responder->entries[responder->entry_count - 1]);
    send_done(connection, request, LDAP_SUCCESS, NULL, &cookie);
}

/* ---- from a report ---- */

static char *attributes_text(char **attributes)
{
    struct str s = STR_INIT;
    for (; attributes && *attributes; attributes++)
        str_addf(&s, "%s%s", s.len ? " " : "", *attributes);
    return str_steal(&s);
}

/* The entries from `at` on, pair by pair; where the last one ends. */
static size_t send_told(struct connection *connection, const struct request *request,
                        const struct record *record, size_t at)
{
    while (at < record->count && str_same(record->items[at].name, "dn")) {
        BerElement *ber = ber_alloc_t(LBER_USE_DER);
        ber_printf(ber, "{it{s{", request->id, LDAP_RES_SEARCH_ENTRY, record->items[at++].value);
        while (!str_same(record->items[at].name, "dn") &&
               !str_same(record->items[at].name, "result")) {
            const char *name = record->items[at].name;
            ber_printf(ber, "{s[", name);
            for (; str_same(record->items[at].name, name); at++) {
                struct berval value = {.bv_len = record->items[at].len,
                                       .bv_val = record->items[at].value};
                ber_printf(ber, "O", &value);
            }
            ber_printf(ber, "]}");
        }
        ber_printf(ber, "}}}");
        responder_send(connection, ber);
    }
    return at;
}

static void answer_from_report(struct connection *connection, const struct request *request)
{
    struct responder *responder = connection->responder;
    struct berval last_page = {.bv_len = 0, .bv_val = ""};
    char *filter = filter_text(&request->filter),
         *attributes = attributes_text(request->attributes);
    struct report_search asked = {responder->report_dc, request->base,  filter,
                                  attributes,           request->scope, request->controls.deleted};
    const struct record *record;
    size_t at = report_search(responder->report, &asked, &record);
    if (at > 0)
        at = send_told(connection, request, record, at);
    send_done(connection, request, at ? report_code(record, at) : LDAP_OTHER,
              at ? report_value(record, at, "said") : "not in the report", &last_page);
    free(attributes);
    free(filter);
}

static void answer(struct connection *connection, const struct request *request)
{
    if (connection->responder->report) {
        answer_from_report(connection, request);
        return;
    }
    struct responder *responder = connection->responder;
    const struct responder_script *script = script_for(responder, request);
    const struct responder_entry *base = tree_by_dn(responder, request->base);
    const struct controls *controls = &request->controls;
    struct berval cookie = {.bv_len = 0, .bv_val = ""};
    uint32_t next = 0;
    if (script && (script->after == 0 || !base)) {
        send_done(connection, request, script->code, script->said, &cookie);
        return;
    }
    if (!base || !tree_visible(base, controls->deleted)) {
        bool elsewhere =
            responder->windows && !responder->catalog && str_starts_case(request->base, "<GUID=");
        send_done(connection, request, elsewhere ? LDAP_REFERRAL : LDAP_NO_SUCH_OBJECT,
                  responder->windows ? NULL : "00002030: No such object", &cookie);
        return;
    }
    if (request->scope == LDAP_SCOPE_SUBTREE &&
        windows_walks(responder, &request->filter, request->base)) {
        send_done(connection, request, LDAP_TIMELIMIT_EXCEEDED, "00002023: walks", &cookie);
        return;
    }
    if (responder->endless && controls->paged) {
        send_endless(connection, request);
        return;
    }
    if (controls->cookie.bv_len == sizeof next)
        memcpy(&next, controls->cookie.bv_val, sizeof next);
    size_t free_of_pages = responder->windows ? MAX_PAGE_SIZE : SIZE_MAX;
    size_t most = script ? script->after : controls->paged ? (size_t)controls->page : free_of_pages;
    bool more = send_entries(connection, request, base, most, &next);
    if (more && !script)
        cookie = (struct berval){.bv_len = sizeof next, .bv_val = (char *)&next};
    if (!more && request->scope == LDAP_SCOPE_SUBTREE)
        send_references(connection, request);
    bool cut = more && !script && !controls->paged;
    send_done(connection, request,
              script ? script->code
              : cut  ? LDAP_SIZELIMIT_EXCEEDED
                     : LDAP_SUCCESS,
              script ? script->said : NULL, &cookie);
}

static void note_asked(struct responder *responder, char **attributes)
{
    char *text = attributes_text(attributes);
    mem_set(&responder->asked, text);
    free(text);
}

bool responder_search(struct connection *connection, BerElement *ber, int id)
{
    struct request request = {.id = id};
    struct berval base;
    ber_int_t scope, deref, size, time, types;
    bool ok = ber_scanf(ber, "{meeiib", &base, &scope, &deref, &size, &time, &types) != LBER_ERROR;
    if (ok) {
        request.base = mem_textn(base.bv_val ? base.bv_val : "", base.bv_len);
        request.scope = scope;
        ok = filter_read(ber, &request.filter) &&
             ber_scanf(ber, "{v}}", &request.attributes) != LBER_ERROR &&
             responder_controls(ber, &request.controls);
    }
    if (ok)
        note_asked(connection->responder, request.attributes);
    if (ok)
        answer(connection, &request);
    filter_release(&request.filter);
    ber_memvfree((void **)request.attributes);
    free(request.controls.cookie.bv_val);
    free(request.base);
    return ok;
}
