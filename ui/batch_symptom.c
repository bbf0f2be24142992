/* text -> subject -> printed: what a text is about, for ticket systems and log pipelines. Nobody is
 * asked. */
#include "ui/batch_parts.h"

#include "src/remedy/intake.h"
#include "ui/batch_json.h"
#include "ui/batch_text.h"
#include "ui/output.h"

#include <stdlib.h>
#include <string.h>

static json_t *guid_json(bool known, const struct guid *guid)
{
    char text[GUID_TEXT];
    return known ? json_string(guid_text(guid, text)) : json_null();
}

static json_t *code_json(long code)
{
    return code ? json_integer(code) : json_null();
}

static json_t *dsa_json(const struct subject_dsa *dsa)
{
    json_t *object = json_object();
    json_object_set_new(object, "dsa_guid", guid_json(dsa->has_guid, &dsa->guid));
    json_object_set_new(object, "name", batch_json_text(dsa->server));
    json_object_set_new(object, "site", batch_json_text(dsa->site));
    json_object_set_new(object, "ntds_dn", batch_json_dn(dsa->ntds_dn));
    json_object_set_new(object, "error", code_json(dsa->status));
    json_object_set_new(object, "destination", batch_json_text(dsa->destination));
    json_object_set_new(object, "destination_guid",
                        guid_json(dsa->has_destination_dsa, &dsa->destination_dsa));
    json_object_set_new(object, "hypothesis", json_boolean(dsa->hypothesis));
    json_object_set_new(object, "deleted", json_boolean(dsa->deleted_mark));
    json_object_set_new(object, "source", json_string(subject_source_name(dsa->source)));
    json_object_set_new(object, "line", json_integer((json_int_t)dsa->line));
    json_object_set_new(object, "other_fault", batch_json_text(dsa->other_fault));
    json_object_set_new(object, "reporters", json_integer((json_int_t)dsa->reporters));
    return object;
}

static json_t *message_json(const struct err *err)
{
    if (!err)
        return json_null();
    char *text = str_format("%s%s%s", err->text, err->next ? " " : "", err->next ? err->next : "");
    json_t *message = batch_json_text(text);
    free(text);
    return message;
}

static json_t *subject_json(const struct subject *subject, const struct err *err)
{
    json_t *object = json_object(), *dsas = json_array(), *notes = json_array();
    bool none = subject->count == 0;
    for (size_t i = 0; i < subject->count; i++)
        json_array_append_new(dsas, dsa_json(&subject->dsas[i]));
    for (size_t i = 0; i < subject->notes.count; i++)
        json_array_append_new(notes, batch_json_text(subject->notes.items[i]));
    json_object_set_new(object, "schema", json_integer(1));
    json_object_set_new(object, "version", json_string(DCMEND_VERSION));
    json_object_set_new(object, "dsas", dsas);
    json_object_set_new(object, "error_code", none ? code_json(subject->status) : json_null());
    json_object_set_new(object, "destination",
                        none ? batch_json_text(subject->destination) : json_null());
    json_object_set_new(object, "notes", notes);
    json_object_set_new(object, "message", message_json(err));
    return object;
}

static void add_dsa(struct str *out, const struct subject_dsa *dsa, int columns, bool plain)
{
    char guid[GUID_TEXT], code[24];
    char *name = str_format("%s%s%s", dsa->site ? dsa->site : "", dsa->site ? "\\" : "",
                            dsa->server ? dsa->server : "");
    char *from = str_format("%s, line %zu%s", subject_source_name(dsa->source), dsa->line,
                            dsa->hypothesis ? " (a hypothesis: event 1411 decides)" : "");
    snprintf(code, sizeof code, "%ld", dsa->status);
    batch_text_field(out, "DSA", dsa->has_guid ? guid_text(&dsa->guid, guid) : name, columns,
                     plain);
    if (dsa->has_guid && *name)
        batch_text_field(out, "Name", name, columns, plain);
    if (dsa->status)
        batch_text_field(out, "Error", code, columns, plain);
    if (dsa->destination)
        batch_text_field(out, "Logged by", dsa->destination, columns, plain);
    batch_text_field(out, "From", from, columns, plain);
    free(from);
    free(name);
}

static void add_text(struct str *out, const struct subject *subject, const struct err *err,
                     int columns, bool plain)
{
    for (size_t i = 0; i < subject->count; i++) {
        add_dsa(out, &subject->dsas[i], columns, plain);
        str_addc(out, '\n');
    }
    for (size_t i = subject->count ? subject->recap : 0; i < subject->notes.count; i++)
        batch_text_field(out, "Note", subject->notes.items[i], columns, plain);
    if (err)
        batch_text_field(out, "None", err->text, columns, plain);
    if (err && err->next)
        batch_text_field(out, "", err->next, columns, plain);
}

void batch_symptom(const struct options *options, struct batch_io *io)
{
    struct subject subject;
    struct str out = STR_INIT;
    size_t len;
    const char *text = options_text(options, &len);
    struct err *err = intake_read(text, len, &subject);
    if (io->json)
        batch_json_add(&out, subject_json(&subject, err));
    else
        add_text(&out, &subject, err, output_columns(io->out), io->plain);
    batch_io_raise(io, err ? BATCH_FINDINGS : BATCH_CLEAN);
    batch_io_emit(io, &out);
    err_free(err);
    subject_release(&subject);
}
