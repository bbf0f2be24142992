/* A search as it goes out: base, filter and the controls. Controls that the answer's meaning
 * depends on are critical; one that the DC does not list is left out (it would refuse the whole
 * search). */
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/directory/dial.h"
#include "src/directory/search_parts.h"

#include <stdlib.h>
#include <string.h>

#define OID_SHOW_RECYCLED "1.2.840.113556.1.4.2064"
#define OID_SD_FLAGS "1.2.840.113556.1.4.801"

enum { MOST_CONTROLS = 8 };

struct controls {
    LDAPControl items[MOST_CONTROLS];
    LDAPControl *list[MOST_CONTROLS + 1];
    size_t count;
    struct berval page; /* the paging control's value, libldap's */
};

static void add(struct controls *controls, const struct session *session, const char *oid,
                struct berval value)
{
    if (!server_has_control(&session->server, oid))
        return;
    controls->items[controls->count] =
        (LDAPControl){.ldctl_oid = (char *)oid, .ldctl_value = value, .ldctl_iscritical = 1};
    controls->list[controls->count] = &controls->items[controls->count];
    controls->list[++controls->count] = NULL;
}

/* SEQUENCE { INTEGER n } for n below 128 */
static struct berval flags(char bytes[5], char n)
{
    memcpy(bytes, (char[]){0x30, 0x03, 0x02, 0x01, n}, 5);
    return (struct berval){.bv_len = 5, .bv_val = bytes};
}

static const struct berval none = {0, NULL};

static void add_paging(struct controls *controls, struct batch *batch, size_t search)
{
    struct berval empty = {0, ""};
    struct berval *cookie = batch->progress[search].cookie;
    unsigned page = batch->searches[search].page;
    if (page == 0 ||
        ldap_create_page_control_value(batch->session->ld, (ber_int_t)page,
                                       cookie ? cookie : &empty, &controls->page) != LDAP_SUCCESS)
        return;
    add(controls, batch->session, LDAP_CONTROL_PAGEDRESULTS, controls->page);
}

/* What goes with each request of a search. */
static void add_common(struct controls *controls, const struct session *session,
                       const struct search *search, char extended[5], char descriptor[5])
{
    add(controls, session, LDAP_CONTROL_X_EXTENDED_DN, flags(extended, 1));
    if (search->deleted) {
        add(controls, session, LDAP_CONTROL_X_SHOW_DELETED, none);
        add(controls, session, OID_SHOW_RECYCLED, none);
    }
    if (search->dacl) /* owner 1, group 2, DACL 4; not the SACL, which takes a privilege */
        add(controls, session, OID_SD_FLAGS, flags(descriptor, 7));
}

char *search_controls(const struct session *session, const struct search *search)
{
    char extended[5], descriptor[5];
    struct controls controls = {.count = 0};
    struct str text = STR_INIT;
    add_common(&controls, session, search, extended, descriptor);
    if (search->page)
        add(&controls, session, LDAP_CONTROL_PAGEDRESULTS, none);
    for (size_t i = 0; i < controls.count; i++)
        str_addf(&text, "%s%s", i ? " " : "", controls.items[i].ldctl_oid);
    return str_steal(&text);
}

static void send_request(struct batch *batch, struct request *request, const char *base, int scope,
                         const char *filter, char **attributes)
{
    char extended[5], descriptor[5];
    const struct search *search = &batch->searches[request->search];
    struct session *session = batch->session;
    struct controls controls = {.count = 0};
    add_common(&controls, session, search, extended, descriptor);
    if (!request->rest)
        add_paging(&controls, batch, request->search);
    session->stream.deadline = clock_ms() + session->deadlines.search;
    session->counts.requests++;
    int rc = session->lost
                 ? LDAP_SERVER_DOWN
                 : ldap_search_ext(session->ld, base, scope, filter, attributes, 0, controls.list,
                                   NULL, NULL, LDAP_NO_LIMIT, &request->msgid);
    ldap_memfree(controls.page.bv_val);
    if (rc == LDAP_SUCCESS) {
        batch->progress[request->search].pending++;
        return;
    }
    request->msgid = 0;
    if (rc == LDAP_SERVER_DOWN)
        session_mark_lost(session);
    batch_fail(batch, request->search,
               session->lost
                   ? session_lost_err(session)
                   : err_new(ERR_INTERNAL, ERR_OTHER, "The search \"%s\" is malformed.", filter));
}

static struct request *new_request(struct batch *batch, size_t search)
{
    struct request *request = NULL;
    for (size_t i = 0; i < batch->request_count && !request; i++)
        if (!batch->requests[i].msgid)
            request = &batch->requests[i];
    if (!request)
        request = MEM_PUSH(batch->requests, batch->request_count);
    *request = (struct request){.search = search};
    return request;
}

void batch_send_page(struct batch *batch, size_t search)
{
    static const int scopes[] = {[SCOPE_BASE] = LDAP_SCOPE_BASE,
                                 [SCOPE_ONE] = LDAP_SCOPE_ONELEVEL,
                                 [SCOPE_SUBTREE] = LDAP_SCOPE_SUBTREE};
    const struct search *wanted = &batch->searches[search];
    send_request(batch, new_request(batch, search), wanted->base, scopes[wanted->scope],
                 wanted->filter, (char **)wanted->attributes);
}

void batch_send_rest(struct batch *batch, size_t search, size_t entry,
                     const struct entry_range *range)
{
    const struct dn_link *name = &batch->results[search].entries[entry].name;
    struct request *request = new_request(batch, search);
    request->rest = true;
    request->entry = entry;
    request->range = (struct entry_range){mem_text(range->attribute), range->next};
    char *attribute = str_format("%s;range=%lu-*", range->attribute, range->next);
    char *base = name->has_guid ? search_guid_base(&name->guid) : mem_text(name->dn);
    send_request(batch, request, base, LDAP_SCOPE_BASE, "(objectClass=*)",
                 (char *[]){attribute, NULL});
    free(base);
    free(attribute);
}
