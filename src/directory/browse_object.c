/* One object with all that it has: each attribute a line, its values decoded, the ones that matter
 * for error 8589 first. */
#include "src/directory/browse.h"

#include "src/base/mem.h"
#include "src/directory/browse_parts.h"
#include "src/directory/decode.h"
#include "src/directory/turn.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Constructed and back-link attributes come only when they are named. */
static const char *const attributes[] = {"*", "serverReferenceBL", "msDS-isRODC", "msDS-isGC",
                                         NULL};

static const char *const first_ones[] = {
    "objectClass", "objectGUID",        "cn",        "dNSHostName", "serverReference",
    "options",     "serverReferenceBL", "isDeleted", "whenCreated", "whenChanged",
};
enum { FIRST_ONES = sizeof first_ones / sizeof *first_ones };

static void line_release(struct browse_line *line)
{
    for (size_t i = 0; line->links && i < line->values.count; i++)
        dn_link_release(&line->links[i]);
    free(line->links);
    free(line->attribute);
    strs_release(&line->values);
}

void browse_object_release(struct browse_object *object)
{
    for (size_t i = 0; i < object->count; i++)
        line_release(&object->lines[i]);
    free(object->lines);
    browse_node_release(&object->node);
    *object = (struct browse_object){.lines = NULL};
}

static bool are_links(const struct attribute *attribute)
{
    return attribute->count > 0 && str_starts_case(attribute->values[0].bytes, "<GUID=");
}

static void take_line(struct browse_object *object, const struct entry *entry,
                      const struct attribute *attribute)
{
    struct browse_line *line = MEM_PUSH(object->lines, object->count);
    line->attribute = mem_text(attribute->name);
    decode_attribute(entry, attribute, &line->values);
    if (!are_links(attribute))
        return;
    line->links = mem_zero(attribute->count, sizeof *line->links);
    for (size_t i = 0; i < attribute->count; i++)
        dn_parse_extended(attribute->values[i].bytes, &line->links[i]);
}

static size_t rank(const char *attribute)
{
    size_t i = 0;
    while (i < FIRST_ONES && !str_same_case(first_ones[i], attribute))
        i++;
    return i;
}

static int by_rank(const void *a, const void *b)
{
    const struct browse_line *x = a, *y = b;
    size_t rx = rank(x->attribute), ry = rank(y->attribute);
    return rx != ry ? (rx < ry ? -1 : 1) : strcasecmp(x->attribute, y->attribute);
}

static struct err *take_object(struct browse_object *object, const struct entry *entry,
                               bool catalog)
{
    if (!browse_node_take(&object->node, entry, catalog))
        return err_new(ERR_DIRECTORY, ERR_PROTOCOL, "The object has no GUID.");
    for (size_t i = 0; i < entry->count; i++)
        if (entry->attributes[i].count > 0)
            take_line(object, entry, &entry->attributes[i]);
    if (object->node.kind == BROWSE_SERVER && !catalog && !entry_has(entry, "serverReference")) {
        struct browse_line *line = MEM_PUSH(object->lines, object->count);
        line->attribute = mem_text("serverReference");
    }
    if (object->count > 0)
        qsort(object->lines, object->count, sizeof *object->lines, by_rank);
    return NULL;
}

static struct err *nothing_there(const struct turn *turn)
{
    const struct result *result = turn_result(turn, 0);
    if (result->err)
        return err_copy(result->err);
    return err_new(ERR_DIRECTORY, ERR_NO_RIGHT, "The object may not be read.");
}

struct err *browse_object(struct session *session, const struct guid *guid, const char *dn,
                          struct browse_object *out)
{
    struct turn turn = TURN_INIT;
    bool catalog = server_catalog_port(session_server(session));
    *out = (struct browse_object){.lines = NULL};
    if (guid)
        turn_guid(&turn, guid, attributes);
    else
        turn_object(&turn, dn, attributes);
    struct err *err = turn_run(&turn, session);
    const struct entry *entry = turn_entry(&turn, 0);
    if (!err)
        err = entry ? take_object(out, entry, catalog) : nothing_there(&turn);
    turn_release(&turn);
    return err;
}
