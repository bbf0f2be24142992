/* What is known of a server without reading more: the bulk reading tells what is missing, deleted
 * or shared; a verdict, once there is one, says it for certain. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    enum style style;
    const char *meaning;
} badges[] = {
#define X(id, word, style, meaning) [id] = {word, style, meaning},
    BADGES(X)
#undef X
};

const char *badge_word(enum badge badge)
{
    return badges[badge].word;
}

const char *badge_meaning(enum badge badge)
{
    static const char judged[] = "judged: ";
    const char *meaning = badges[badge].meaning;
    return str_starts_case(meaning, judged) ? meaning + sizeof judged - 1 : meaning;
}

enum style badge_style(enum badge badge)
{
    return badges[badge].style;
}

static enum badge badge_of_verdict(const struct scan_verdict *verdict)
{
    static const enum badge of[] = {
#define VERDICT(id, name, badge, weight, offers, headline, meaning, advice) [id] = BADGE_##badge,
#include "src/model/verdicts.def"
#undef VERDICT
    };
    return verdict->failing ? BADGE_FAILING : of[verdict->kind];
}

static bool is_live_dc(const struct browse_node *node)
{
    return node->kind == BROWSE_SERVER && !node->deleted && !node->conflict && node->has_dsa;
}

/* The account's name is not the server's: a renamed DC, or a wrong link. */
static bool has_other_name(const struct browse_node *node)
{
    char *raw = dn_rdn_value(node->reference.dn);
    char *name = raw ? text_clean_z(raw) : NULL;
    bool other = name && !text_same(name, node->name);
    free(name);
    free(raw);
    return other;
}

static enum badge badge_of(const struct forest *forest, const struct browse_node *node)
{
    if (node->deleted)
        return BADGE_DELETED;
    if (node->conflict)
        return BADGE_CONFLICT;
    if (node->kind != BROWSE_SERVER)
        return BADGE_NONE;
    if (!node->has_dsa)
        return BADGE_NO_NTDS;
    if (!node->reference.dn)
        return !forest->catalog ? BADGE_MISSING : node->read_only ? BADGE_RODC : BADGE_NONE;
    if (dn_first_mark(node->reference.dn) == DN_DELETED)
        return BADGE_DANGLING;
    if (has_other_name(node))
        return BADGE_OTHER_NAME;
    return node->read_only ? BADGE_RODC : BADGE_NONE;
}

/* --- servers that share an account --- */

struct named {
    struct guid account;
    size_t index; /* of the server */
};

static int by_account(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return memcmp(x->account.bytes, y->account.bytes, sizeof x->account.bytes);
}

static void mark_shared(struct forest *forest)
{
    struct named *named = mem_zero(forest->nodes.count + 1, sizeof *named);
    size_t count = 0;
    for (size_t i = 0; i < forest->nodes.count; i++) {
        const struct browse_node *node = &forest->nodes.nodes[i];
        if (is_live_dc(node) && node->reference.has_guid)
            named[count++] = (struct named){node->reference.guid, i};
    }
    qsort(named, count, sizeof *named, by_account);
    for (size_t i = 1; i < count; i++)
        if (by_account(&named[i - 1], &named[i]) == 0)
            forest->badges[named[i - 1].index] = forest->badges[named[i].index] = BADGE_SHARED;
    free(named);
}

/* --- what follows from them: counts and widths --- */

static int depth_of(const struct forest *forest, size_t index)
{
    int depth = 0;
    for (size_t up = forest->nodes.nodes[index].parent; up != BROWSE_ROOT;
         up = forest->nodes.nodes[up].parent)
        depth++;
    return depth;
}

static void widen(int *columns, int width)
{
    if (*columns < width)
        *columns = width;
}

static void count_faults(struct forest *forest)
{
    memset(forest->faults, 0, forest->nodes.count * sizeof *forest->faults);
    forest->all_faults = 0;
    for (size_t i = 0; i < forest->nodes.count; i++) {
        const struct browse_node *node = &forest->nodes.nodes[i];
        if (node->kind != BROWSE_SERVER || badge_style(forest->badges[i]) != STYLE_FAULT)
            continue;
        forest->all_faults++;
        if (node->parent != BROWSE_ROOT)
            forest->faults[node->parent]++;
    }
}

static void find_columns(struct forest *forest)
{
    forest->name_columns = forest->badge_columns = 0;
    for (size_t i = 0; i < forest->nodes.count; i++) {
        char faults[32];
        int indent = 2 * depth_of(forest, i) + 2; /* and the mark before the name */
        widen(&forest->name_columns, indent + text_width(forest->nodes.nodes[i].name));
        widen(&forest->badge_columns, text_width(badge_word(forest->badges[i])));
        if (forest->faults[i])
            widen(&forest->badge_columns,
                  snprintf(faults, sizeof faults, "%zu faults", forest->faults[i]));
    }
}

void forest_set_badges(struct forest *forest)
{
    for (size_t i = 0; i < forest->nodes.count; i++)
        forest->badges[i] = badge_of(forest, &forest->nodes.nodes[i]);
    mark_shared(forest);
    count_faults(forest);
    find_columns(forest);
}

static void judged(struct forest *forest, const struct scan_verdict *verdict)
{
    size_t index = forest_find_guid(forest, &verdict->dsa);
    enum badge badge = badge_of_verdict(verdict);
    if (index == FOREST_NONE || badge == BADGE_NONE)
        return;
    size_t parent = forest->nodes.nodes[index].parent;
    bool own = parent == BROWSE_ROOT || verdict->kind == VERDICT_DELETED_DSA;
    forest->badges[own ? index : parent] = badge;
}

void forest_judged(struct forest *forest, const struct scan_verdict *verdicts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        judged(forest, &verdicts[i]);
    count_faults(forest);
    find_columns(forest);
}
