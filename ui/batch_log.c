/* The journal, newest first. An entry that cannot be used is listed with its problem, so that no
 * change is forgotten. */
#include "ui/batch_parts.h"

#include "src/base/mem.h"
#include "src/jobs/journal.h"
#include "ui/batch_json.h"
#include "ui/batch_text.h"

#include <stdlib.h>

static json_t *guid_or_null(const struct guid *guid)
{
    char text[GUID_TEXT];
    return guid_is_null(guid) ? json_null() : json_string(guid_text(guid, text));
}

static json_t *json_of(const struct journal_entry *entry)
{
    json_t *object = batch_json_object();
    json_object_set_new(object, "id", batch_json_text(entry->id));
    json_object_set_new(object, "path", batch_json_dn(entry->path));
    json_object_set_new(object, "date", batch_json_time(entry->when));
    json_object_set_new(object, "state", json_string(journal_state_name(entry->state)));
    json_object_set_new(object, "unfinished", json_boolean(journal_entry_is_unfinished(entry)));
    json_object_set_new(object, "busy", json_boolean(entry->busy));
    json_object_set_new(object, "problem", batch_json_text(entry->problem));
    json_object_set_new(object, "server", batch_json_text(entry->dc));
    json_object_set_new(object, "identity", batch_json_text(entry->identity));
    json_object_set_new(object, "ticket", batch_json_text(entry->ticket));
    json_object_set_new(object, "undo_of", batch_json_text(entry->undo_of));
    json_object_set_new(object, "dsa_guid", guid_or_null(&entry->dsa_guid));
    json_object_set_new(object, "server_dn", batch_json_dn(entry->object_dn));
    json_object_set_new(object, "old", batch_json_dn(entry->old.dn));
    json_object_set_new(object, "new", batch_json_dn(entry->new.dn));
    json_object_set_new(object, "words", batch_json_text(entry->words));
    return object;
}

static void add_field(struct str *out, const char *label, const char *text, bool plain)
{
    if (text && *text)
        batch_text_field(out, label, text, plain);
}

static void add_state(struct str *out, const struct journal_entry *entry, bool plain)
{
    char *text = str_format("%s%s%s%s", journal_state_name(entry->state),
                            entry->busy ? ", a running dcmend is at work on it" : "",
                            entry->words ? ": " : "", entry->words ? entry->words : "");
    add_field(out, "State", text, plain);
    free(text);
}

static void add_value(struct str *out, const char *label, const struct dn_link *link,
                      const struct dn_link *beside, bool plain)
{
    char *text = dn_link_told(link, beside);
    add_field(out, label, text ? text : "(absent)", plain);
    free(text);
}

static void text_of(struct str *out, const struct journal_entry *entry, bool plain)
{
    add_field(out, "Entry", entry->id, plain);
    add_field(out, "Problem", entry->problem, plain);
    if (entry->problem)
        return;
    add_state(out, entry, plain);
    add_field(out, "Object", entry->object_dn, plain);
    add_value(out, "Old", &entry->old, &entry->new, plain);
    add_value(out, "New", &entry->new, &entry->old, plain);
    add_field(out, "On", entry->dc, plain);
    add_field(out, "As", entry->identity, plain);
    add_field(out, "Ticket", entry->ticket, plain);
    add_field(out, "Undo of", entry->undo_of, plain);
}

static void say_empty(struct batch_io *io)
{
    struct str text = STR_INIT;
    char *folder = NULL;
    err_free(journal_folder(&folder));
    char *line = str_format("No change is journalled in %s.", folder ? folder : "the journal");
    batch_text_paragraph(&text, line, io->plain);
    batch_io_emit(io, &text);
    free(line);
    free(folder);
}

static void list(struct batch_io *io, const struct journal_list *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct str text = STR_INIT;
        if (io->json) {
            batch_json_add(&text, json_of(&entries->items[i]));
        } else {
            str_add(&text, i ? "\n" : "");
            text_of(&text, &entries->items[i], io->plain);
        }
        batch_io_emit(io, &text);
    }
}

void batch_log(struct batch_io *io)
{
    struct journal_list entries = {NULL, 0};
    struct err *err = journal_list(&entries);
    if (err)
        batch_io_fail(io, err);
    else if (entries.count == 0 && !io->json)
        say_empty(io);
    else
        list(io, &entries);
    journal_list_release(&entries);
}
