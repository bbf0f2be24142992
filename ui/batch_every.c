/* Copies are told by groups of DCs that hold the same, so that a forest of hundreds stays a line a
 * finding. */
#include "ui/batch_every.h"

#include "src/base/mem.h"
#include "ui/batch_json.h"
#include "ui/batch_text.h"

#include <stdlib.h>

static const char *name_of(const struct every_dc *every, size_t dc)
{
    return every->dcs[dc].server;
}

/* ---- JSON ---- */

static json_t *names_array(const struct every_dc *every, const size_t *dcs, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, batch_json_dn(name_of(every, dcs[i])));
    return array;
}

static json_t *dcs_array(const struct every_dc *every)
{
    json_t *array = json_array();
    for (size_t i = 0; i < every->dc_count; i++) {
        const struct every_dc_dc *dc = &every->dcs[i];
        json_t *item = json_object();
        json_object_set_new(item, "server", batch_json_dn(dc->server));
        json_object_set_new(item, "state",
                            json_string(dc->read ? "read" : copy_state_name(dc->state)));
        json_object_set_new(item, "reason", batch_json_text(dc->why));
        json_object_set_new(item, "seconds", json_real(dc->seconds));
        json_array_append_new(array, item);
    }
    return array;
}

/* Of the DCs that were read: those that know it, or those that do not. */
static json_t *knowing_array(const struct every_dc *every, const struct every_dc_dsa *dsa,
                             bool known)
{
    json_t *array = json_array();
    for (size_t dc = 0, next = 0; dc < every->dc_count; dc++) {
        bool listed = next < dsa->dc_count && dsa->dcs[next] == dc;
        next += listed;
        if ((listed || every->dcs[dc].read) && (listed != dsa->first_knows) == known)
            json_array_append_new(array, batch_json_dn(name_of(every, dc)));
    }
    return array;
}

static json_t *dsas_array(const struct every_dc *every)
{
    json_t *array = json_array();
    for (size_t i = 0; i < every->dsa_count; i++) {
        const struct every_dc_dsa *dsa = &every->dsas[i];
        char guid[GUID_TEXT];
        json_t *item = json_object();
        json_object_set_new(item, "dsa_guid", json_string(guid_text(&dsa->dsa, guid)));
        json_object_set_new(item, "ntds_dn", batch_json_dn(dsa->dn));
        json_object_set_new(item, "on", knowing_array(every, dsa, true));
        json_object_set_new(item, "not_on", knowing_array(every, dsa, false));
        json_array_append_new(array, item);
    }
    return array;
}

void batch_every_json(json_t *object, const struct every_dc *every)
{
    json_object_set_new(object, "dcs", dcs_array(every));
    json_object_set_new(object, "dsas_on_some", dsas_array(every));
}

static json_t *group_object(const struct every_dc *every, const struct every_dc_group *group)
{
    json_t *object = json_object();
    const char *value = group->state == COPY_VALUE ? group->value->dn : NULL;
    json_object_set_new(object, "servers", names_array(every, group->dcs, group->count));
    json_object_set_new(object, "value", batch_json_dn(value));
    json_object_set_new(object, "state", json_string(copy_state_name(group->state)));
    return object;
}

void batch_every_json_finding(json_t *object, const struct every_dc *every,
                              const struct scan_finding *finding)
{
    struct every_dc_groups groups;
    json_t *on = json_array(), *elsewhere = json_array();
    every_dc_groups(every, finding, &groups);
    for (size_t i = 0; i < groups.count; i++) {
        const struct every_dc_group *group = &groups.items[i];
        if (group->shows) {
            json_t *names = names_array(every, group->dcs, group->count);
            json_array_extend(on, names);
            json_decref(names);
        } else {
            json_array_append_new(elsewhere, group_object(every, group));
        }
    }
    json_object_set_new(object, "on", on);
    json_object_set_new(object, "elsewhere", elsewhere);
    every_dc_groups_release(&groups);
}

/* ---- text ---- */

static void add_differing(struct str *out, const struct every_dc *every, int columns, bool plain)
{
    bool begun = false;
    for (size_t i = 0; i < every->scan.count; i++) {
        const struct scan_finding *finding = &every->scan.items[i];
        if (!findings_has(&finding->verdict.side, SIDE_COPIES_DIFFER))
            continue;
        if (!begun)
            str_add(out, "\nWhere copies differ\n");
        begun = true;
        char *line = every_dc_where(every, finding);
        batch_text_item(out, line, columns, plain);
        free(line);
    }
}

static void add_dsas(struct str *out, const struct every_dc *every, int columns, bool plain)
{
    if (every->dsa_count > 0)
        str_add(out, "\nDSAs that only some domain controllers know\n");
    for (size_t i = 0; i < every->dsa_count; i++) {
        const struct every_dc_dsa *dsa = &every->dsas[i];
        struct str line = STR_INIT;
        str_addf(&line, "%s: %s ", dsa->dn, dsa->first_knows ? "not on" : "on nobody but");
        every_dc_names(&line, every, dsa->dcs, dsa->dc_count);
        batch_text_item(out, str_text(&line), columns, plain);
        str_release(&line);
    }
}

static void add_unread(struct str *out, const struct every_dc *every, int columns, bool plain)
{
    if (every->read < every->dc_count)
        str_add(out, "\nDomain controllers that were not read\n");
    for (size_t i = 0; i < every->dc_count; i++) {
        const struct every_dc_dc *dc = &every->dcs[i];
        if (dc->read)
            continue;
        char *line = str_format("%s: %s", dc->server, dc->why ? dc->why : "no reason given");
        batch_text_item(out, line, columns, plain);
        free(line);
    }
}

void batch_every_text(struct str *out, const struct every_dc *every, int columns, bool plain)
{
    add_differing(out, every, columns, plain);
    add_dsas(out, every, columns, plain);
    add_unread(out, every, columns, plain);
}
