/* One search of the empty DN. Operational and constructed attributes come only when asked for by
 * name; tokenGroups needs a signed-in session, which is why the rootDSE is read after the bind. */
#include "src/directory/rootdse.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/trace.h"
#include "src/directory/access.h"
#include "src/directory/dial.h"
#include "src/directory/entry_parts.h"
#include "src/directory/search_trace.h"

#include <stdlib.h>
#include <string.h>

#define OID_AD "1.2.840.113556.1.4.800"
#define OID_LDS "1.2.840.113556.1.4.1851"
#define OID_RODC "1.2.840.113556.1.4.1920"

enum { MOST_CELLS = 20000, HINT_MS = 3000 };

static const char *const all[] = {
    "dnsHostName",
    "dsServiceName",
    "serverName",
    "defaultNamingContext",
    "rootDomainNamingContext",
    "configurationNamingContext",
    "schemaNamingContext",
    "ldapServiceName",
    "vendorName",
    "namingContexts",
    "supportedControl",
    "supportedSASLMechanisms",
    "supportedCapabilities",
    "isSynchronized",
    "domainControllerFunctionality",
    "currentTime",
    "tokenGroups",
    NULL,
};
/* Before the sign-in; tokenGroups, asked for by nobody, would alarm who watches the log. */
static const char *const hints[] = {"dnsHostName", "supportedCapabilities", "currentTime", NULL};

static void take_dn(const struct entry *entry, const char *name, char **field)
{
    struct dn_link link;
    if (!entry_link(entry, name, &link))
        return;
    mem_set(field, link.dn);
    dn_link_release(&link);
}

static void take_dsa(const struct entry *entry, struct server *server)
{
    struct dn_link link;
    if (!entry_link(entry, "dsServiceName", &link))
        return;
    mem_set(&server->dsa_dn, link.dn);
    server->has_dsa_guid = link.has_guid;
    server->dsa_guid = link.guid;
    dn_link_release(&link);
}

static void take_contexts(const struct entry *entry, struct strs *contexts)
{
    struct strs raw = {NULL, 0};
    entry_texts(entry, "namingContexts", &raw);
    for (size_t i = 0; i < raw.count; i++) {
        struct dn_link link;
        if (!dn_parse_extended(raw.items[i], &link))
            continue;
        strs_add(contexts, link.dn);
        dn_link_release(&link);
    }
    strs_release(&raw);
}

static void take_unique(const struct entry *entry, const char *name, struct strs *list)
{
    struct strs raw = {NULL, 0};
    entry_texts(entry, name, &raw);
    for (size_t i = 0; i < raw.count; i++)
        if (!strs_has(list, raw.items[i]))
            strs_add(list, raw.items[i]);
    strs_release(&raw);
}

/* Whoever signed in is among Everyone and Authenticated Users, whether or not the DC lists these.
 * Of a list that was cut short nothing is concluded. */
static void take_groups(const struct entry *entry, struct strs *groups)
{
    static const char *const well_known[] = {"S-1-1-0", "S-1-5-11"};
    const struct attribute *list = entry_attribute(entry, "tokenGroups");
    if (!list || list->partial)
        return;
    for (size_t i = 0; i < list->count; i++) {
        char *sid = access_sid_text(list->values[i].bytes, list->values[i].len);
        if (sid)
            strs_own(groups, sid);
    }
    for (size_t i = 0; groups->count > 0 && i < 2; i++)
        if (!strs_has(groups, well_known[i]))
            strs_add(groups, well_known[i]);
}

/* vendorName is Samba's; a Windows DC tells its version by its functional level. */
static char *product(const struct entry *entry)
{
    static const char *const windows[] = {
        "Windows 2000 Server",    "Windows Server 2003",          "Windows Server 2003",
        "Windows Server 2008",    "Windows Server 2008 R2",       "Windows Server 2012",
        "Windows Server 2012 R2", "Windows Server 2016 or later",
    };
    int64_t level;
    if (entry_text(entry, "vendorName"))
        return mem_text(entry_text(entry, "vendorName"));
    if (!entry_number(entry, "domainControllerFunctionality", &level) || level < 0)
        return NULL;
    if (level >= 10)
        return mem_text("Windows Server 2025 or later");
    return mem_text(windows[level > 7 ? 7 : level]);
}

static enum server_flag flag(const struct entry *entry, const char *name)
{
    if (!entry_has(entry, name))
        return FLAG_UNKNOWN;
    return entry_flag(entry, name) ? FLAG_YES : FLAG_NO;
}

static void take_identity_of_dc(const struct entry *entry, struct server *server)
{
    take_dsa(entry, server);
    take_dn(entry, "serverName", &server->server_dn);
    take_dn(entry, "defaultNamingContext", &server->domain_dn);
    take_dn(entry, "rootDomainNamingContext", &server->root_domain_dn);
    take_dn(entry, "configurationNamingContext", &server->config_dn);
    take_dn(entry, "schemaNamingContext", &server->schema_dn);
    mem_set(&server->dns_host, entry_text(entry, "dnsHostName"));
    mem_set(&server->host, server->dns_host ? server->dns_host : server->asked);
    mem_set(&server->ldap_service, entry_text(entry, "ldapServiceName"));
    if (server->root_domain_dn)
        server->forest = dn_to_dns(server->root_domain_dn);
}

static bool is_directory(const struct entry *entry)
{
    return entry_has_value(entry, "supportedCapabilities", OID_AD) &&
           !entry_has_value(entry, "supportedCapabilities", OID_LDS);
}

static void take_all(const struct entry *entry, struct server *server)
{
    take_identity_of_dc(entry, server);
    take_contexts(entry, &server->contexts);
    take_unique(entry, "supportedControl", &server->controls);
    take_unique(entry, "supportedSASLMechanisms", &server->mechanisms);
    take_groups(entry, &server->token_groups);
    server->product = product(entry);
    server->directory = is_directory(entry);
    server->synchronized = flag(entry, "isSynchronized");
    /* The absence of the capability proves nothing: Samba's RODCs lack it. */
    server->read_only =
        entry_has_value(entry, "supportedCapabilities", OID_RODC) ? FLAG_YES : FLAG_UNKNOWN;
}

/* What everything else rests on. Every domain controller says it. */
static struct err *incomplete(const struct server *server)
{
    const char *missing = !server->dns_host    ? "dnsHostName"
                          : !server->dsa_dn    ? "dsServiceName"
                          : !server->server_dn ? "serverName"
                          : !server->config_dn ? "configurationNamingContext"
                                               : NULL;
    return missing
               ? err_next(err_new(ERR_DIRECTORY, ERR_PROTOCOL,
                                  "The rootDSE of %s does not say its %s.", server->asked, missing),
                          "Use another domain controller.")
               : NULL;
}

static struct err *not_ad(const struct session *session, const struct entry *entry)
{
    if (entry_has_value(entry, "supportedCapabilities", OID_LDS))
        return err_new(ERR_DIRECTORY, ERR_NOT_AD,
                       "%s is an AD Lightweight Directory Service, not a domain controller.",
                       session->server.host);
    return err_next(err_new(ERR_DIRECTORY, ERR_NOT_AD,
                            "%s is an LDAP server, but no Active Directory domain controller.",
                            session->server.host),
                    "Give the name of a domain controller.");
}

/* "u:CONTOSO\\kayla". Samba does not know the question: the name of the sign-in stays. */
static void take_identity(struct session *session, LDAPMessage *message)
{
    struct berval *name = NULL;
    if (ldap_parse_whoami(session->ld, message, &name) == LDAP_SUCCESS && name &&
        name->bv_len > 2) {
        char *text = mem_textn(name->bv_val, name->bv_len);
        mem_set(&session->server.identity, text + (str_starts_case(text, "u:") ? 2 : 0));
        free(text);
    }
    ber_bvfree(name);
}

struct questions {
    int search, whoami;  /* message ids; 0: answered or not asked */
    struct entry *entry; /* what the search brought */
    bool found;
};

static struct err *take(struct session *session, struct questions *asked, LDAPMessage *message)
{
    struct entry_ranges ranges = {NULL, 0};
    int id = ldap_msgid(message), type = ldap_msgtype(message), code = LDAP_SUCCESS;
    if (id == asked->whoami) {
        take_identity(session, message);
        asked->whoami = 0;
    } else if (id == asked->search && type == LDAP_RES_SEARCH_ENTRY && !asked->found) {
        entry_release(asked->entry); /* a malformed one leaves its parts */
        size_t left = MOST_CELLS;
        asked->found = entry_read(session->ld, message, &left, asked->entry, &ranges);
        entry_ranges_release(&ranges);
    } else if (id == asked->search && type == LDAP_RES_SEARCH_RESULT) {
        asked->search = 0;
        code = session_result(session, message, NULL, NULL);
        if (code == LDAP_SUCCESS && !asked->found)
            code = LDAP_NO_SUCH_OBJECT;
    }
    return session_result_err(session, code, "Reading the rootDSE", NULL, NULL);
}

static struct err *await_answers(struct session *session, struct questions *asked)
{
    int64_t deadline = clock_ms() + session->deadlines.search;
    struct err *err = NULL;
    while (!err && (asked->search || asked->whoami)) {
        LDAPMessage *message;
        err = session_wait_until(session, LDAP_RES_ANY, deadline, true, &message);
        if (!err)
            err = take(session, asked, message);
        ldap_msgfree(message);
    }
    return err;
}

static int send_search(struct session *session, const char *const *attributes, int *msgid)
{
    static char value[] = {0x30, 0x03, 0x02, 0x01, 0x01}; /* SEQUENCE { INTEGER 1 } */
    LDAPControl extended = {.ldctl_oid = (char *)LDAP_CONTROL_X_EXTENDED_DN,
                            .ldctl_value = {.bv_len = sizeof value, .bv_val = value}};
    LDAPControl *controls[] = {&extended, NULL};
    session->stream.deadline = clock_ms() + session->deadlines.search;
    session->counts.requests++;
    return ldap_search_ext(session->ld, "", LDAP_SCOPE_BASE, "(objectClass=*)", (char **)attributes,
                           0, controls, NULL, NULL, LDAP_NO_LIMIT, msgid);
}

/* As the search that it is. */
static void trace(const struct session *session, const char *const *attributes,
                  const struct questions *asked, struct err *err, int64_t began)
{
    const struct search search = {
        .base = "", .filter = "(objectClass=*)", .scope = SCOPE_BASE, .attributes = attributes};
    const struct result result = {.entries = asked->entry, .count = asked->found, .err = err};
    struct record none = {NULL, 0};
    if (trace_is_on())
        trace_search(session, &search, &result, &none, clock_ms() - began);
}

static struct err *lost(struct session *session)
{
    session_mark_lost(session);
    return session_lost_err(session);
}

struct err *rootdse_read(struct session *session)
{
    struct entry entry = {.attributes = NULL};
    struct questions asked = {.entry = &entry};
    int64_t began = clock_ms();
    if (send_search(session, all, &asked.search) != LDAP_SUCCESS ||
        ldap_whoami(session->ld, NULL, NULL, &asked.whoami) != LDAP_SUCCESS)
        return lost(session);
    session->counts.requests++;
    session->counts.turns++;
    struct err *err = await_answers(session, &asked);
    if (!err)
        take_all(&entry, &session->server);
    trace(session, all, &asked, err, began);
    if (!err && !session->server.directory)
        err = not_ad(session, &entry);
    if (!err)
        err = incomplete(&session->server);
    entry_release(&entry);
    return err;
}

static void ask_hint(struct session *session, struct rootdse_hint *hint)
{
    struct entry entry = {.attributes = NULL};
    struct questions asked = {.entry = &entry};
    int64_t began = clock_ms();
    if (send_search(session, hints, &asked.search) != LDAP_SUCCESS)
        return;
    struct err *err = await_answers(session, &asked);
    trace(session, hints, &asked, err, began);
    hint->answered = !err;
    hint->directory = is_directory(&entry);
    hint->dns_host = mem_text(entry_text(&entry, "dnsHostName"));
    hint->has_time = entry_time(&entry, "currentTime", &hint->time);
    err_free(err);
    entry_release(&entry);
}

/* A hint is not worth a long wait. */
static int at_most(int ms)
{
    return ms < HINT_MS ? ms : HINT_MS;
}

void rootdse_hint(const struct signin *signin, const struct deadlines *deadlines,
                  struct cancel *cancel, struct rootdse_hint *hint)
{
    *hint = (struct rootdse_hint){.dns_host = NULL};
    if (signin->adopted_fd >= 0)
        return;
    const struct deadlines brief = {.connect = at_most(deadlines->connect),
                                    .search = at_most(deadlines->search)};
    struct session *session = session_new(signin, &brief, cancel);
    struct err *err = session_connect(session, signin);
    if (!err)
        ask_hint(session, hint);
    err_free(err);
    session_close(session);
}

void rootdse_hint_release(struct rootdse_hint *hint)
{
    free(hint->dns_host);
    *hint = (struct rootdse_hint){.dns_host = NULL};
}
