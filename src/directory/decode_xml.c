/* One fragment a value, a flat element with text children: <DS_REPL_NEIGHBOR><pszSourceDsaDN>...
 * expat reads it; a document with a DOCTYPE is refused, so no entity is ever expanded. Values end
 * with a newline and sometimes a NUL. What does not parse is tried once more with its bare
 * "&" escaped. */
#include "src/directory/replication.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 8192, FIELD_MOST = 64 };

struct field {
    char *name, *text;
};
struct fields {
    XML_Parser parser;
    struct field items[FIELD_MOST];
    size_t count;
    int depth;
    struct str text;
};

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    struct fields *fields = context;
    str_clear(&fields->text);
    if (++fields->depth > 2)
        XML_StopParser(fields->parser, XML_FALSE);
    if (fields->depth == 2 && fields->count < FIELD_MOST)
        fields->items[fields->count++] = (struct field){.name = mem_text(name)};
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
    struct fields *fields = context;
    if (fields->text.len + (size_t)len <= TEXT_MOST)
        str_addn(&fields->text, text, (size_t)len);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct fields *fields = context;
    (void)name;
    if (fields->depth-- == 2 && fields->count > 0)
        mem_set(&fields->items[fields->count - 1].text, str_text(&fields->text));
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *where,
                               const XML_Char *public, int internal)
{
    (void)name, (void)where, (void)public, (void)internal;
    XML_StopParser(((struct fields *)context)->parser, XML_FALSE);
}

static void release(struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        free(fields->items[i].name);
        free(fields->items[i].text);
    }
    str_release(&fields->text);
}

static bool parse(const char *text, size_t len, struct fields *fields)
{
    *fields = (struct fields){.count = 0};
    fields->parser = XML_ParserCreate("UTF-8");
    if (!fields->parser)
        return false;
    XML_SetUserData(fields->parser, fields);
    XML_SetElementHandler(fields->parser, on_start, on_end);
    XML_SetCharacterDataHandler(fields->parser, on_text);
    XML_SetStartDoctypeDeclHandler(fields->parser, on_doctype);
    bool ok = XML_Parse(fields->parser, text, (int)len, 1) == XML_STATUS_OK;
    XML_ParserFree(fields->parser);
    if (!ok)
        release(fields);
    return ok;
}

static bool is_entity(const char *at, size_t len)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#"};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strlen(entities[i]) <= len && memcmp(at, entities[i], strlen(entities[i])) == 0)
            return true;
    return false;
}

/* Windows does not escape a "&" in a name: a site may be called "R&D". */
static void escape_bare(const char *text, size_t len, struct str *out)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '&' && !is_entity(text + i, len - i))
            str_add(out, "&amp;");
        else
            str_addc(out, text[i]);
}

static bool read_fields(const char *text, size_t len, struct fields *fields)
{
    struct str escaped = STR_INIT;
    while (len > 0 && (text[len - 1] == '\0' || text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    if (len > (1 << 20))
        return false;
    if (parse(text, len, fields))
        return true;
    escape_bare(text, len, &escaped);
    bool ok = parse(str_text(&escaped), escaped.len, fields);
    str_release(&escaped);
    return ok;
}

static const char *get(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (str_same(fields->items[i].name, name))
            return fields->items[i].text;
    return NULL;
}

static uint32_t number(const struct fields *fields, const char *name)
{
    const char *text = get(fields, name);
    return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

/* "2026-10-02T06:44:52Z"; 1601 stands for never. */
static time_t moment(const struct fields *fields, const char *name)
{
    const char *text = get(fields, name);
    struct tm tm = {.tm_isdst = 0};
    if (!text || !strptime(text, "%Y-%m-%dT%H:%M:%S", &tm))
        return 0;
    time_t time = timegm(&tm);
    return time > 0 ? time : 0;
}

bool replication_xml(const char *text, size_t len, bool outbound, struct facts_link *out)
{
    struct fields fields;
    *out = (struct facts_link){.outbound = outbound};
    if (!read_fields(text, len, &fields))
        return false;
    const char *guid = get(&fields, "uuidSourceDsaObjGuid");
    const char *partner = get(&fields, "pszSourceDsaDN");
    bool ok = guid && guid_parse(guid, &out->dsa_guid);
    if (ok) {
        if (!partner || !*partner)
            partner = get(&fields, "pszSourceDsaAddress");
        out->partner = mem_text(partner);
        out->nc = mem_text(get(&fields, "pszNamingContext"));
        out->result = (int32_t)number(&fields, "dwLastSyncResult");
        out->failures = number(&fields, "cNumConsecutiveSyncFailures");
        out->last_success = moment(&fields, "ftimeLastSyncSuccess");
        out->last_attempt = moment(&fields, "ftimeLastSyncAttempt");
    }
    release(&fields);
    return ok;
}

bool replication_removed(const char *text, size_t len, char **by, time_t *when)
{
    struct fields fields;
    *by = NULL;
    if (!read_fields(text, len, &fields))
        return false;
    *when = moment(&fields, "ftimeDeleted");
    bool ours = str_same_case(get(&fields, "pszAttributeName"), "serverReference");
    if (ours && *when)
        *by = mem_text(get(&fields, "pszLastOriginatingDsaDN"));
    release(&fields);
    return ours && *when != 0;
}
