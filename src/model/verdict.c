/* The contract's names, and ownership. */
#include "src/model/verdict.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdarg.h>
#include <stdlib.h>

const struct verdict_row *verdict_row(enum verdict_kind kind)
{
    static const struct verdict_row rows[] = {
#define VERDICT(id, name, badge, weight, offers, headline, meaning, advice)                        \
    [id] = {name, weight, offers, headline, meaning, advice},
#include "src/model/verdicts.def"
#undef VERDICT
    };
    return &rows[kind];
}

const char *verdict_name(enum verdict_kind kind)
{
    return verdict_row(kind)->name;
}

const char *level_name(enum level level)
{
    static const char *const names[] = {NULL, "low", "medium", "high"};
    return names[level];
}

static const struct {
    const char *name;
    enum finding_sort sort;
    bool of_place;
} findings[FINDING_KINDS] = {
#define X(id, name, sort, place) [id] = {name, sort, place},
    FINDINGS(X)
#undef X
};
_Static_assert(FINDING_KINDS <= 64, "a set of findings has a bit for each");

const char *finding_name(enum finding_kind kind)
{
    return findings[kind].name;
}

enum finding_sort finding_sort(enum finding_kind kind)
{
    return findings[kind].sort;
}

bool finding_is_of_place(enum finding_kind kind)
{
    return findings[kind].of_place;
}

bool findings_has(const struct findings *list, enum finding_kind kind)
{
    return (list->set & FINDING_BIT(kind)) != 0;
}

const char *findings_first(const struct findings *list, enum finding_sort sort)
{
    for (size_t i = 0; i < list->count; i++)
        if (finding_sort(list->items[i].kind) == sort)
            return list->items[i].text;
    return NULL;
}

void findings_add(struct findings *list, enum finding_kind kind, const char *format, ...)
{
    struct finding *finding = MEM_PUSH(list->items, list->count);
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&text, format, ap);
    va_end(ap);
    finding->kind = kind;
    list->set |= FINDING_BIT(kind);
    finding->text = text_clean_z(str_text(&text));
    str_release(&text);
}

void findings_copy(struct findings *to, const struct findings *from)
{
    *to = (struct findings){.items = NULL};
    for (size_t i = 0; i < from->count; i++)
        findings_add(to, from->items[i].kind, "%s", from->items[i].text);
}

void findings_release(struct findings *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].text);
    free(list->items);
    *list = (struct findings){.items = NULL};
}

bool verdict_could_mean(const struct verdict *verdict, size_t account)
{
    return verdict->kind == VERDICT_AMBIGUOUS && account < verdict->account_count &&
           verdict->accounts[account].fits;
}

void verdict_release(struct verdict *verdict)
{
    free(verdict->current);
    free(verdict->proposed);
    free(verdict->successor_dn);
    free(verdict->headline);
    free(verdict->meaning);
    free(verdict->advice);
    free(verdict->unchecked);
    findings_release(&verdict->evidence);
    findings_release(&verdict->blockers);
    findings_release(&verdict->side);
    findings_release(&verdict->second);
    for (size_t i = 0; i < verdict->account_count; i++)
        findings_release(&verdict->accounts[i].reasons);
    free(verdict->accounts);
    *verdict = (struct verdict){.kind = VERDICT_UNKNOWN_DSA};
}

bool verdict_is_clean(const struct verdict *verdict)
{
    return verdict->kind == VERDICT_HEALTHY &&
           !findings_has(&verdict->side, SIDE_REPLICATION_8589) &&
           !findings_has(&verdict->side, SIDE_COPIES_DIFFER);
}
