/* The reading half. The file may be damaged, edited or hostile: each part is checked, exact values
 * are taken from the LDIF record alone, and the record must say what the comment lines say. */
#include "src/remedy/journal_entry.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/remedy/ldif.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_TEXTS(X)                                                                             \
    X(id)                                                                                          \
    X(path)                                                                                        \
    X(problem)                                                                                     \
    X(date)                                                                                        \
    X(dc)                                                                                          \
    X(forest)                                                                                      \
    X(identity)                                                                                    \
    X(first_identity)                                                                              \
    X(login)                                                                                       \
    X(ticket)                                                                                      \
    X(verdict)                                                                                     \
    X(name)                                                                                        \
    X(site)                                                                                        \
    X(undo_of)                                                                                     \
    X(object_dn)                                                                                   \
    X(state_date)                                                                                  \
    X(words)

void journal_entry_release(struct journal_entry *entry)
{
#define X(field) free(entry->field);
    ENTRY_TEXTS(X)
#undef X
    dn_link_release(&entry->old);
    dn_link_release(&entry->new);
    *entry = (struct journal_entry){.id = NULL};
}

/* What the comment lines say of values that the record holds exactly. */
struct seen {
    char *object, *old, *new;
    bool has_object, has_dsa, has_dc;
};

static void read_date(struct journal_entry *entry, const char *text)
{
    struct tm tm = {.tm_sec = 0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    mem_set(&entry->date, text);
    entry->when = end && !*end ? timegm(&tm) : 0;
}

static void read_state(struct journal_entry *entry, const char *text)
{
    for (int state = JOURNAL_INTENDED; state <= JOURNAL_VERIFIED; state++) {
        const char *name = journal_state_name((enum journal_state)state);
        size_t len = strlen(name);
        if (strncmp(text, name, len) != 0 || text[len] != ' ')
            continue;
        const char *date = text + len + 1;
        size_t date_len = strcspn(date, " ");
        const char *words = date[date_len] ? date + date_len + 1 : NULL;
        free(entry->state_date);
        entry->state_date = mem_textn(date, date_len);
        entry->state = (enum journal_state)state;
        entry->settled = words && strncmp(words, "settled", 7) == 0;
        mem_set(&entry->words, words);
        return;
    }
}

static bool read_dc(struct journal_entry *entry, const char *text)
{
    const char *space = strrchr(text, ' ');
    free(entry->dc);
    entry->dc = mem_textn(text, space ? (size_t)(space - text) : strlen(text));
    return space && guid_parse(space + 1, &entry->dc_guid);
}

/* What was not known when it was written. A plan always has a name, even this one. */
static bool is_none(const char *key, const char *value)
{
    return str_same(value, "(none)") && !str_same(key, "NAME");
}

static void read_pair(struct journal_entry *entry, struct seen *seen, const char *key,
                      const char *value)
{
    const struct {
        const char *key;
        char **field;
    } texts[] = {{"FOREST", &entry->forest},
                 {"IDENTITY", &entry->identity},
                 {"FIRST-IDENTITY", &entry->first_identity},
                 {"LOGIN", &entry->login},
                 {"TICKET", &entry->ticket},
                 {"VERDICT", &entry->verdict},
                 {"NAME", &entry->name},
                 {"SITE", &entry->site},
                 {"UNDO-OF", &entry->undo_of},
                 {"OBJECT", &seen->object},
                 {"OLD", &seen->old},
                 {"NEW", &seen->new}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_same(key, texts[i].key))
            mem_set(texts[i].field, is_none(key, value) ? NULL : value);
    if (str_same(key, "DATE"))
        read_date(entry, value);
    else if (str_same(key, "STATE"))
        read_state(entry, value);
    else if (str_same(key, "DC"))
        seen->has_dc = read_dc(entry, value);
    else if (str_same(key, "OBJECT-GUID"))
        seen->has_object = guid_parse(value, &entry->object);
    else if (str_same(key, "DSA-GUID"))
        seen->has_dsa = guid_parse(value, &entry->dsa_guid);
    else if (str_same(key, "OLD-GUID"))
        entry->old.has_guid = guid_parse(value, &entry->old.guid);
    else if (str_same(key, "NEW-GUID"))
        entry->new.has_guid = guid_parse(value, &entry->new.guid);
    else if (str_same(key, "HOW"))
        entry->replace = true;
    else if (str_same(key, "ACCOUNT"))
        entry->account_checked = true;
}

static void read_comments(struct journal_entry *entry, struct seen *seen, const char *text,
                          size_t len)
{
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t n = (size_t)((stop ? stop : end) - at);
        if (stop && n > 3 && at[0] == '#' && at[1] == '!') {
            char *key = text_clean(at + 2, n - 2); /* as it was written, or made so */
            char *space = strchr(key, ' ');
            if (space) {
                *space = '\0';
                read_pair(entry, seen, key, space + 1);
            }
            free(key);
        }
        at += n + 1;
    }
}

static bool says(const char *comment, const char *value)
{
    char *clean = text_clean_z(value);
    bool same = comment && str_same(comment, value ? clean : "(absent)");
    free(clean);
    return same;
}

/* NULL, or what is wrong with it. */
static const char *check(struct journal_entry *entry, const struct seen *seen,
                         struct ldif_modify *inverse)
{
    if (!seen->has_object || !seen->has_dsa || !seen->has_dc || !seen->old || !seen->new)
        return "some of its comment lines are missing";
    if (entry->replace && (inverse->added || str_same(seen->old, "(absent)")))
        return "its LDIF record and its comment lines disagree";
    if (!says(seen->object, inverse->dn) || !says(seen->new, inverse->removed) ||
        (!entry->replace && !says(seen->old, inverse->added)))
        return "its LDIF record and its comment lines disagree";
    return NULL;
}

static void take_values(struct journal_entry *entry, const struct seen *seen,
                        struct ldif_modify *inverse)
{
    entry->object_dn = mem_text(inverse->dn);
    entry->new.dn = mem_text(inverse->removed);
    entry->old.dn = mem_text(entry->replace ? seen->old : inverse->added);
    entry->old.has_guid &= entry->old.dn != NULL;
    entry->new.has_guid &= entry->new.dn != NULL;
}

static void read_record(struct journal_entry *entry, const struct seen *seen, const char *text,
                        size_t len)
{
    struct ldif_modify inverse;
    const char *wrong = ldif_read(text, len, &inverse);
    if (!wrong)
        wrong = check(entry, seen, &inverse);
    if (!wrong)
        take_values(entry, seen, &inverse);
    ldif_modify_release(&inverse);
    if (entry->state == JOURNAL_NONE)
        mem_set(&entry->problem, "it is cut off: what became of the change is not in it");
    else if (wrong)
        mem_set(&entry->problem, wrong);
}

bool journal_entry_read(const char *text, size_t len, struct journal_entry *entry)
{
    static const char magic[] = "#!DCMEND-JOURNAL 1\n";
    if (len < sizeof magic - 1 || memcmp(text, magic, sizeof magic - 1) != 0)
        return false;
    struct seen seen = {.object = NULL};
    read_comments(entry, &seen, text, len);
    read_record(entry, &seen, text, len);
    free(seen.object);
    free(seen.old);
    free(seen.new);
    return true;
}

bool journal_entry_is_unfinished(const struct journal_entry *entry)
{
    return !entry->problem && !entry->busy && !entry->settled &&
           (entry->state == JOURNAL_INTENDED || entry->state == JOURNAL_APPLIED ||
            entry->state == JOURNAL_UNKNOWN);
}
