/* Reading LDIF and journal entries from any bytes; and the way round: a plan made from the input's
 * lines is written, and what is read back is the same change. */
#include "src/remedy/journal_entry.h"
#include "src/remedy/ldif.h"
#include "tests/fuzz/fuzz.h"

#include "src/base/str.h"

static void check_reading(const uint8_t *data, size_t size)
{
    struct ldif_modify modify;
    struct journal_entry entry = {.id = NULL};
    struct plan *plan = NULL;
    if (!ldif_read((const char *)data, size, &modify))
        require(modify.dn && *modify.dn && (modify.removed || modify.added));
    ldif_modify_release(&modify);
    if (journal_entry_read((const char *)data, size, &entry)) {
        struct err *err = journal_entry_plan(&entry, &plan);
        require((err != NULL) == (entry.problem != NULL) && (plan != NULL) == (err == NULL));
        require(!plan || plan->state == PLAN_DRAFT);
        err_free(err);
        plan_free(plan);
        plan = NULL;
        err = journal_entry_undo_plan(&entry, &plan);
        require((plan != NULL) == (err == NULL));
        require(!plan || (plan->undo && plan->state == PLAN_DRAFT));
        err_free(err);
        plan_free(plan);
        (void)journal_entry_is_unfinished(&entry);
    }
    journal_entry_release(&entry);
}

static void set(char **field, const uint8_t **data, size_t *size)
{
    char *line = take_line(data, size);
    for (char *c = line; *c; c++) /* a DN may hold a newline */
        if (*c == '\x01')
            *c = '\n';
    free(*field);
    *field = line;
}

static struct plan *plan_of(const uint8_t *data, size_t size)
{
    struct plan *plan = plan_new_undo();
    uint8_t bits = size ? data[0] : 0;
    plan->undo = false;
    memset(plan->object.bytes, 7, 16);
    set(&plan->object_dn, &data, &size);
    if (bits & 1)
        set(&plan->old.dn, &data, &size);
    if (bits & 2 || !plan->old.dn)
        set(&plan->new.dn, &data, &size);
    char **texts[] = {&plan->host, &plan->forest,   &plan->name,
                      &plan->site, &plan->identity, &plan->ticket};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        set(texts[i], &data, &size);
    return plan;
}

static bool empty(const char *text)
{
    return text && !*text;
}

static void check_round(const struct plan *plan)
{
    struct str text = STR_INIT;
    struct ldif_modify modify;
    ldif_change(&text, plan);
    require(!ldif_read(str_text(&text), text.len, &modify));
    require(str_same(modify.dn, plan->object_dn));
    require(str_same(modify.removed, plan->old.dn) && str_same(modify.added, plan->new.dn));
    ldif_modify_release(&modify);
    str_clear(&text);
    ldif_inverse(&text, plan);
    require(!ldif_read(str_text(&text), text.len, &modify));
    require(str_same(modify.removed, plan->new.dn) && str_same(modify.added, plan->old.dn));
    ldif_modify_release(&modify);
    str_release(&text);
}

static void check_entry(const struct plan *plan)
{
    struct str text = STR_INIT;
    struct journal_entry entry = {.id = NULL};
    struct journal_author author = {.when = 1700000000, .login = plan->host};
    char *id = journal_entry_new_id(plan, author.when);
    require(journal_entry_id_is_safe(id) && strlen(id) <= 80);
    journal_entry_write(&text, plan, &author);
    journal_entry_state_line(&text, JOURNAL_UNKNOWN, false, 1700000001, plan->identity);
    require(journal_entry_read(str_text(&text), text.len, &entry));
    require(!entry.problem && entry.state == JOURNAL_UNKNOWN && !entry.settled);
    require(str_same(entry.object_dn, plan->object_dn));
    require(str_same(entry.old.dn, plan->old.dn) && str_same(entry.new.dn, plan->new.dn));
    require(guid_equal(&entry.object, &plan->object));
    journal_entry_release(&entry);
    str_release(&text);
    free(id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_reading(data, size);
    struct plan *plan = plan_of(data, size);
    if (!empty(plan->object_dn) && !empty(plan->old.dn) && !empty(plan->new.dn)) {
        check_round(plan);
        check_entry(plan);
    }
    plan_free(plan);
    return 0;
}
