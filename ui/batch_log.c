/* The journal, newest first, one line an entry; JSON holds all of it. An entry that cannot be used
 * is listed with its problem, so that no change is forgotten. */
#include "ui/batch_parts.h"

#include "src/base/mem.h"
#include "src/jobs/journal.h"
#include "ui/batch_json.h"
#include "ui/batch_table.h"
#include "ui/batch_text.h"
#include "ui/output.h"

#include <stdlib.h>
#include <time.h>

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

/* UTC. Owned by the caller. */
static char *date_of(const struct journal_entry *entry)
{
    struct tm tm;
    char text[32] = "";
    if (entry->when != 0 && gmtime_r(&entry->when, &tm))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
    return mem_text(text);
}

static void add_row(struct batch_table *table, const struct journal_list *entries,
                    const struct journal_entry *entry)
{
    char *date = date_of(entry), *state = journal_state_words(entries, entry);
    batch_table_add(table, date);
    batch_table_add(table, entry->dc);
    batch_table_add(table, entry->name);
    batch_table_add(table, state);
    batch_table_add(table, entry->identity);
    batch_table_add(table, entry->id);
    free(state);
    free(date);
}

static void say_empty(struct batch_io *io)
{
    struct str text = STR_INIT;
    char *folder = NULL;
    err_free(journal_folder(&folder));
    char *line = str_format("No change is journalled in %s.", folder ? folder : "the journal");
    batch_text_paragraph(&text, line, output_columns(io->out), io->plain);
    batch_io_emit(io, &text);
    free(line);
    free(folder);
}

static void list_json(struct batch_io *io, const struct journal_list *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct str text = STR_INIT;
        batch_json_add(&text, json_of(&entries->items[i]));
        batch_io_emit(io, &text);
    }
}

static void list_text(struct batch_io *io, const struct journal_list *entries)
{
    static const struct batch_column columns[] = {{"Date (UTC)", 0}, {"DC", 2}, {"Name", 3},
                                                  {"State", 4},      {"As", 1}, {"Entry", 0}};
    struct batch_table table = {columns, sizeof columns / sizeof *columns, io->plain, {NULL, 0}};
    struct str text = STR_INIT;
    for (size_t i = 0; i < entries->count; i++)
        add_row(&table, entries, &entries->items[i]);
    batch_table_write(&text, &table, output_columns(io->out));
    batch_io_emit(io, &text);
    batch_table_release(&table);
}

void batch_log(struct batch_io *io)
{
    struct journal_list entries = {NULL, 0};
    struct err *err = journal_list(&entries);
    if (err)
        batch_io_fail(io, err);
    else if (io->json)
        list_json(io, &entries);
    else if (entries.count == 0)
        say_empty(io);
    else
        list_text(io, &entries);
    journal_list_release(&entries);
}
