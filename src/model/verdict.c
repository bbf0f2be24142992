/* The contract's names, and ownership. */
#include "src/model/verdict.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdarg.h>
#include <stdlib.h>

const char *verdict_name(enum verdict_kind kind)
{
    static const char *const names[] = {
#define X(id, name) [id] = name,
        VERDICTS(X)
#undef X
    };
    return names[kind];
}

const char *level_name(enum level level)
{
    static const char *const names[] = {NULL, "low", "medium", "high"};
    return names[level];
}

const char *side_name(enum side_kind kind)
{
    static const char *const names[] = {
#define X(id, name) [id] = name,
        SIDE_FINDINGS(X)
#undef X
    };
    return names[kind];
}

bool findings_has(const struct findings *list, const char *kind)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_same(list->items[i].kind, kind))
            return true;
    return false;
}

void findings_add(struct findings *list, const char *kind, const char *format, ...)
{
    struct finding *finding = MEM_PUSH(list->items, list->count);
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&text, format, ap);
    va_end(ap);
    finding->kind = kind;
    finding->text = text_clean_z(str_text(&text));
    str_release(&text);
}

void findings_copy(struct findings *to, const struct findings *from)
{
    *to = (struct findings){NULL, 0};
    for (size_t i = 0; i < from->count; i++)
        findings_add(to, from->items[i].kind, "%s", from->items[i].text);
}

void findings_release(struct findings *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].text);
    free(list->items);
    *list = (struct findings){NULL, 0};
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
           !findings_has(&verdict->side, side_name(SIDE_REPLICATION_8589)) &&
           !findings_has(&verdict->side, side_name(SIDE_COPIES_DIFFER));
}
