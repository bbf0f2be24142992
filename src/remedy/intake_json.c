/* samba-tool drs showrepl --json anywhere in a text: {"dsa", "repsFrom", "repsTo",
 * "NTDSConnections"}. It names the reporting DC by its GUIDs only. A console may have broken its
 * strings over two lines; these line ends become spaces before jansson reads it. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TRIES = 8 };

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* Where a GUID's text stands in the document, as a line of the whole text. */
struct place_in_text {
    const char *start;
    size_t len, line;
};

static size_t line_of(const struct place_in_text *document, const char *guid)
{
    const char *at = memmem(document->start, document->len, guid, strlen(guid));
    return document->line + (at ? intake_count_lines(document->start, at) : 0);
}

static void fill_names(struct subject_dsa *dsa, const json_t *neighbour)
{
    const char *dn = text_of(neighbour, "NTDS DN"), *names = text_of(neighbour, "DSA"), *rest;
    struct intake_dn parsed;
    if (dn && intake_scan_dn(dn, &parsed)) {
        struct guid guid = dsa->guid;
        intake_fill_dn(dsa, &parsed);
        dsa->guid = guid;
    }
    if (names && !dsa->server) {
        mem_set(&dsa->site, NULL);
        intake_site_server(names, &dsa->site, &dsa->server, &rest);
    }
    dsa->deleted_mark = dsa->deleted_mark || json_is_true(json_object_get(neighbour, "is deleted"));
}

static void take_neighbour(struct intake *in, const json_t *neighbour, bool outbound,
                           const struct place_in_text *document, struct intake_place *place)
{
    const char *guid = text_of(neighbour, "DSA objectGUID");
    const char *message = text_of(neighbour, "last attempt message");
    const char *when = text_of(neighbour, "last attempt time");
    struct subject_dsa dsa = {.source = SUBJECT_SAMBA_SHOWREPL, .hypothesis = true};
    if (!guid || !guid_parse(guid, &dsa.guid))
        return;
    dsa.has_guid = true;
    long code = message ? intake_code_in(message) : 0;
    bool meant = code == DS_NO_SERVER_REFERENCE || code == DS_DELETED_DOMAIN;
    fill_names(&dsa, neighbour);
    if (meant || !outbound)
        intake_see_code(in, code, dsa.server);
    dsa.status = meant ? code : 0;
    dsa.last_attempt = meant && when && strlen(when) <= 64 ? mem_text(when) : NULL;
    dsa.line = meant ? line_of(document, guid) : document->line;
    place->failing = place->failing || meant;
    intake_add(in, &dsa, !meant ? INTAKE_NAMED : outbound ? INTAKE_OUTBOUND : INTAKE_MEANT);
}

static void take_document(struct intake *in, const json_t *root,
                          const struct place_in_text *document)
{
    struct intake_place place = {.source = SUBJECT_SAMBA_SHOWREPL, .line = document->line};
    const char *own = text_of(json_object_get(root, "dsa"), "objectGUID");
    size_t i;
    json_t *neighbour;
    place.has_dsa = own && guid_parse(own, &place.dsa);
    json_array_foreach(json_object_get(root, "repsFrom"), i, neighbour)
        take_neighbour(in, neighbour, false, document, &place);
    json_array_foreach(json_object_get(root, "repsTo"), i, neighbour)
        take_neighbour(in, neighbour, true, document, &place);
    intake_add_place(in, &place);
    in->report = in->any_report ? in->report : SUBJECT_SAMBA_SHOWREPL;
    in->any_report = true;
}

/* Line ends within strings, as a console breaks them, made spaces; same length. */
static char *unbroken(const char *text, size_t len)
{
    char *copy = mem_textn(text, len);
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        if (copy[i] == '\\' && inside && i + 1 < len)
            i++;
        else if (copy[i] == '"')
            inside = !inside;
        else if (inside && (copy[i] == '\n' || copy[i] == '\t'))
            copy[i] = ' ';
    }
    return copy;
}

/* The document that starts at `start`: its length, 0 when there is none that we know. */
static size_t try_document(struct intake *in, const char *start, size_t len, size_t line)
{
    json_error_t error;
    char *copy = unbroken(start, len);
    json_t *root = json_loadb(copy, len, JSON_DISABLE_EOF_CHECK, &error);
    free(copy);
    size_t used = 0;
    if (root && json_is_array(json_object_get(root, "repsFrom"))) {
        used = (size_t)error.position;
        struct place_in_text document = {start, used, line};
        take_document(in, root, &document);
    }
    json_decref(root);
    return used;
}

/* "dsa" or "repsFrom" behind a '{' that a prompt or a command stands in front of. */
static bool is_first_key(const char *at)
{
    at += strspn(at, " \t\n");
    return str_starts_case(at, "\"dsa\"") || str_starts_case(at, "\"repsFrom\"");
}

/* The next '{' that begins a line, or that shows to be a report's. */
static char *next_brace(char *at)
{
    for (; (at = strchr(at, '{')); at++) {
        const char *before = at;
        while (before[-1] == ' ' || before[-1] == '\t')
            before--;
        if (before[-1] == '\n' || is_first_key(at + 1))
            return at;
    }
    return NULL;
}

void intake_take_json(struct intake *in, struct str *text)
{
    char *mark = text->len ? strstr(text->text, "\"repsFrom\"") : NULL;
    if (!mark)
        return;
    char *all = str_format("\n%s", text->text); /* so that every line has a '\n' in front */
    size_t len = text->len;
    char *at = all;
    for (int tries = 0; tries < MAX_TRIES && (at = next_brace(at + (tries > 0))); tries++) {
        size_t offset = (size_t)(at - all) - 1, rest = len - offset;
        size_t used = try_document(in, at, rest < INTAKE_MAX_DOCUMENT ? rest : INTAKE_MAX_DOCUMENT,
                                   intake_count_lines(all, at));
        in->too_large = in->too_large || (!used && rest > INTAKE_MAX_DOCUMENT);
        if (used)
            intake_blank_out(text->text + offset, text->text + offset + used);
        at += used ? used - 1 : 0;
    }
    free(all);
}
