/* The strings of a directory can hold anything, a JSON text may not: bytes that are no UTF-8 are
 * made \XX as everywhere else, and characters that steer a terminal are escaped after jansson has
 * written the line, so that reading the JSON gives them back unchanged. */
#include "ui/batch_json.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

json_t *batch_json_dn(const char *dn)
{
    if (!dn)
        return json_null();
    return text_is_utf8(dn, strlen(dn)) ? json_string(dn) : batch_json_text(dn);
}

json_t *batch_json_text(const char *sentence)
{
    if (!sentence)
        return json_null();
    char *clean = text_clean_lines(sentence, strlen(sentence));
    json_t *text = json_string(clean);
    free(clean);
    return text;
}

json_t *batch_json_time(time_t when)
{
    struct tm tm;
    char text[32];
    if (when == 0 || !gmtime_r(&when, &tm))
        return json_null();
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return json_string(text);
}

static json_t *guid_or_null(const struct guid *guid, bool known)
{
    char text[GUID_TEXT];
    return known && !guid_is_null(guid) ? json_string(guid_text(guid, text)) : json_null();
}

/* --- the parts of a finding --- */

static json_t *findings_array(const struct findings *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        json_t *item = json_object();
        json_object_set_new(item, "kind", json_string(finding_name(list->items[i].kind)));
        json_object_set_new(item, "text", batch_json_text(list->items[i].text));
        json_array_append_new(array, item);
    }
    return array;
}

/* Those that an ambiguous verdict is between. */
static json_t *accounts_array(const struct facts *facts, const struct verdict *verdict)
{
    json_t *array = json_array();
    for (size_t i = 0; i < facts->account_count; i++) {
        if (!verdict_could_mean(verdict, i))
            continue;
        json_t *item = json_object();
        json_object_set_new(item, "dn", batch_json_dn(facts->accounts[i].dn));
        json_object_set_new(item, "guid", guid_or_null(&facts->accounts[i].guid, true));
        json_object_set_new(item, "reasons", findings_array(&verdict->accounts[i].reasons));
        json_array_append_new(array, item);
    }
    return array;
}

static json_t *copies_array(const struct facts *facts)
{
    json_t *array = json_array();
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        json_t *item = json_object();
        const char *value = copy->state == COPY_VALUE ? copy->value.dn : NULL;
        json_object_set_new(item, "server", batch_json_dn(copy->server));
        json_object_set_new(item, "value", batch_json_dn(value));
        json_object_set_new(item, "state", json_string(copy_state_name(copy->state)));
        json_array_append_new(array, item);
    }
    return array;
}

/* The DSA's DN, where the link itself gave no more than its DNS name. */
static const char *partner_of(const struct facts *facts, const struct facts_link *link)
{
    bool is_n = facts->dsa.dn && guid_equal(&link->dsa_guid, &facts->dsa.guid);
    return is_n ? facts->dsa.dn : link->partner;
}

static json_t *replication_array(const struct facts *facts)
{
    json_t *array = json_array();
    for (size_t i = 0; i < facts->link_count; i++) {
        const struct facts_link *link = &facts->links[i];
        json_t *item = json_object();
        json_object_set_new(item, "partner", batch_json_dn(partner_of(facts, link)));
        json_object_set_new(item, "nc", batch_json_dn(link->nc));
        json_object_set_new(item, "direction",
                            json_string(link->outbound ? "outbound" : "inbound"));
        json_object_set_new(item, "result", json_integer(link->result));
        json_object_set_new(item, "failures", json_integer(link->failures));
        json_object_set_new(item, "last_attempt", batch_json_time(link->last_attempt));
        json_object_set_new(item, "last_success", batch_json_time(link->last_success));
        json_array_append_new(array, item);
    }
    return array;
}

static json_t *level_or_null(enum level level)
{
    const char *name = level_name(level);
    return name ? json_string(name) : json_null();
}

json_t *batch_json_object(void)
{
    json_t *object = json_object();
    json_object_set_new(object, "schema", json_integer(1));
    json_object_set_new(object, "version", json_string(DCMEND_VERSION));
    json_object_set_new(object, "checked_at", batch_json_time(time(NULL)));
    return object;
}

json_t *batch_json_finding(const struct facts *facts, const struct verdict *verdict)
{
    const struct server *server = &facts->server;
    bool present = facts->dsa.part == PART_PRESENT;
    json_t *object = batch_json_object();
    json_object_set_new(object, "server",
                        batch_json_dn(server->dns_host ? server->dns_host : server->host));
    json_object_set_new(object, "dsa_guid",
                        guid_or_null(present ? &facts->dsa.guid : &facts->asked, true));
    json_object_set_new(object, "ntds_dn", batch_json_dn(facts->dsa.dn));
    json_object_set_new(object, "server_dn", batch_json_dn(facts->srv.dn));
    json_object_set_new(object, "verdict", json_string(verdict_name(verdict->kind)));
    json_object_set_new(object, "current", batch_json_dn(verdict->current));
    json_object_set_new(object, "proposed", batch_json_dn(verdict->proposed));
    json_object_set_new(object, "confidence", level_or_null(verdict->confidence));
    json_object_set_new(object, "writable",
                        facts->survey ? json_null() : json_boolean(verdict->writable));
    json_object_set_new(object, "evidence", findings_array(&verdict->evidence));
    json_object_set_new(object, "blockers", findings_array(&verdict->blockers));
    json_object_set_new(object, "side_findings", findings_array(&verdict->side));
    json_object_set_new(object, "accounts", accounts_array(facts, verdict));
    json_object_set_new(object, "copies", copies_array(facts));
    json_object_set_new(object, "replication", replication_array(facts));
    json_object_set_new(object, "successor",
                        guid_or_null(&verdict->successor, verdict->has_successor));
    json_object_set_new(object, "advice", batch_json_text(verdict->advice ? verdict->advice : ""));
    return object;
}

json_t *batch_json_error(const struct err *err)
{
    struct str sentence = STR_INIT;
    json_t *object = batch_json_object();
    str_add(&sentence, err->text);
    if (err->next)
        str_addf(&sentence, " %s", err->next);
    json_object_set_new(object, "error", batch_json_text(str_text(&sentence)));
    json_object_set_new(object, "error_code", json_string(err_code_name(err->code)));
    str_release(&sentence);
    return object;
}

/* --- the line --- */

static bool is_harmless(const char *bytes, size_t len)
{
    char *clean = text_clean(bytes, len);
    bool same = strlen(clean) == len && memcmp(clean, bytes, len) == 0;
    free(clean);
    return same;
}

static void add_escaped(struct str *out, uint32_t rune)
{
    if (rune > 0xFFFF)
        str_addf(out, "\\u%04X\\u%04X", (unsigned)(0xD800 + ((rune - 0x10000) >> 10)),
                 (unsigned)(0xDC00 + ((rune - 0x10000) & 0x3FF)));
    else
        str_addf(out, "\\u%04X", (unsigned)rune);
}

/* Beyond ASCII, and DEL, only stand inside strings, where an escape means the same. */
static void add_line(struct str *out, const char *line)
{
    uint32_t rune;
    for (size_t left = strlen(line), used; left > 0; line += used, left -= used) {
        used = text_rune(line, left, &rune);
        if (rune < 0x7F || is_harmless(line, used))
            str_addn(out, line, used);
        else
            add_escaped(out, rune);
    }
    str_addc(out, '\n');
}

void batch_json_add(struct str *out, json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT);
    if (line)
        add_line(out, line);
    free(line);
    json_decref(object);
}
