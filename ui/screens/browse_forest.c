/* The forest as the tree widget asks for it. Children are chains of indices, made once after each
 * reading or sorting; nodes are found by a sorted list of ids; the filter marks what is shown, so
 * that typing in it costs one pass over the nodes. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void forest_release(struct forest *forest)
{
    browse_release(&forest->nodes);
    free(forest->by_id);
    free(forest->ids);
    free(forest->badges);
    free(forest->faults);
    free(forest->first);
    free(forest->next);
    free(forest->own);
    free(forest->shown);
    free(forest->answer);
    *forest = (struct forest){
        .top = FOREST_NONE, .catalog = forest->catalog, .faults_first = forest->faults_first};
}

/* FNV-1a: ids stay the same from one reading to the next. */
static uint64_t id_of(const struct guid *guid)
{
    uint64_t id = 0xcbf29ce484222325U;
    for (size_t i = 0; i < sizeof guid->bytes; i++)
        id = (id ^ guid->bytes[i]) * 0x100000001b3U;
    return id ? id : 1;
}

static int by_id(const void *a, const void *b)
{
    const struct forest_id *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* --- the order of siblings --- */

struct place {
    size_t rank, index;
};

static int by_rank(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Sites with the most faults first, servers by their badge; else as they came, by name. */
static size_t rank_of(const struct forest *forest, size_t index)
{
    if (!forest->faults_first)
        return 0;
    if (forest->nodes.nodes[index].kind == BROWSE_SITE)
        return forest->nodes.count - forest->faults[index];
    return forest->badges[index];
}

/* Chains are built from the end. */
static void chain(struct forest *forest)
{
    size_t count = forest->nodes.count;
    struct place *places = mem_zero(count + 1, sizeof *places);
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){rank_of(forest, i), i};
        forest->first[i] = FOREST_NONE;
    }
    qsort(places, count, sizeof *places, by_rank);
    forest->top = FOREST_NONE;
    for (size_t i = count; i-- > 0;) {
        size_t at = places[i].index, parent = forest->nodes.nodes[at].parent;
        size_t *head = parent == BROWSE_ROOT ? &forest->top : &forest->first[parent];
        forest->next[at] = *head;
        *head = at;
    }
    free(places);
}

void forest_order(struct forest *forest, bool faults_first)
{
    forest->faults_first = faults_first;
    if (forest->nodes.count > 0)
        chain(forest);
}

void forest_take(struct forest *forest, struct browse *nodes)
{
    forest_release(forest);
    forest->nodes = *nodes;
    *nodes = (struct browse){.nodes = NULL};
    size_t count = forest->nodes.count, room = count + 1;
    forest->by_id = mem_zero(room, sizeof *forest->by_id);
    forest->ids = mem_zero(room, sizeof *forest->ids);
    forest->badges = mem_zero(room, sizeof *forest->badges);
    forest->faults = mem_zero(room, sizeof *forest->faults);
    forest->first = mem_zero(room, sizeof *forest->first);
    forest->next = mem_zero(room, sizeof *forest->next);
    forest->own = mem_zero(room, sizeof *forest->own);
    forest->shown = mem_zero(room, sizeof *forest->shown);
    forest->answer = mem_zero(room, sizeof *forest->answer);
    for (size_t i = 0; i < count; i++) {
        forest->ids[i] = id_of(&forest->nodes.nodes[i].guid);
        forest->by_id[i] = (struct forest_id){forest->ids[i], i};
        forest->servers += forest->nodes.nodes[i].kind == BROWSE_SERVER;
    }
    qsort(forest->by_id, count, sizeof *forest->by_id, by_id);
    forest_set_badges(forest);
    chain(forest);
    forest_filter(forest, NULL);
}

/* --- finding --- */

size_t forest_find(const struct forest *forest, uint64_t id)
{
    struct forest_id wanted = {id, 0};
    const struct forest_id *found =
        forest->nodes.count
            ? bsearch(&wanted, forest->by_id, forest->nodes.count, sizeof wanted, by_id)
            : NULL;
    return found ? found->index : FOREST_NONE;
}

size_t forest_find_guid(const struct forest *forest, const struct guid *guid)
{
    size_t index = forest_find(forest, id_of(guid));
    bool same = index != FOREST_NONE && guid_equal(&forest->nodes.nodes[index].guid, guid);
    return same ? index : FOREST_NONE;
}

size_t forest_find_name(const struct forest *forest, const char *name)
{
    for (size_t i = 0; i < forest->nodes.count; i++) {
        const struct browse_node *node = &forest->nodes.nodes[i];
        if (node->kind == BROWSE_SERVER && !node->deleted &&
            (host_matches(node->name, name) || host_matches(node->dns_host, name)))
            return i;
    }
    return FOREST_NONE;
}

/* --- the filter --- */

static bool has_guid(const struct browse_node *node, const char *text)
{
    char own[GUID_TEXT];
    struct guid guid;
    if (str_find_case(guid_text(&node->guid, own), text))
        return true;
    return (guid_parse(text, &guid) || guid_parse_wire_hex(text, &guid)) &&
           guid_equal(&guid, &node->guid);
}

static bool matches(const struct forest *forest, size_t index, const char *text)
{
    const struct browse_node *node = &forest->nodes.nodes[index];
    const char *badge = badge_word(forest->badges[index]);
    return str_find_case(node->name, text) ||
           (node->dns_host && str_find_case(node->dns_host, text)) || has_guid(node, text) ||
           (*badge && str_find_case(badge, text));
}

/* Parents stand before their children: what matches goes down in one pass, what is to be seen goes
 * up in another. */
void forest_filter(struct forest *forest, const char *text)
{
    const struct browse_node *nodes = forest->nodes.nodes;
    bool all = !text || !*text;
    forest->matches = 0;
    for (size_t i = 0; i < forest->nodes.count; i++) {
        forest->own[i] = all || matches(forest, i, text);
        if (nodes[i].parent != BROWSE_ROOT && forest->own[nodes[i].parent])
            forest->own[i] = true;
        forest->shown[i] = forest->own[i];
    }
    for (size_t i = forest->nodes.count; i-- > 0 && !all;)
        if (forest->shown[i] && nodes[i].parent != BROWSE_ROOT)
            forest->shown[nodes[i].parent] = true;
    for (size_t i = 0; i < forest->nodes.count; i++)
        forest->matches += forest->shown[i] && nodes[i].kind == BROWSE_SERVER;
}

/* --- what the tree asks --- */

static size_t children(void *data, uint64_t id, const uint64_t **ids)
{
    struct forest *forest = data;
    size_t parent = id ? forest_find(forest, id) : FOREST_NONE;
    size_t count = 0, at = id == 0                 ? forest->top
                           : parent == FOREST_NONE ? FOREST_NONE
                                                   : forest->first[parent];
    *ids = forest->answer;
    for (; at != FOREST_NONE; at = forest->next[at])
        if (forest->shown[at])
            forest->answer[count++] = forest->ids[at];
    return count;
}

static void row(void *data, uint64_t id, struct tree_row *row)
{
    struct forest *forest = data;
    size_t index = forest_find(forest, id);
    if (index == FOREST_NONE)
        return;
    const struct browse_node *node = &forest->nodes.nodes[index];
    size_t faults = forest->faults[index];
    row->text = node->name;
    row->style = node->deleted ? STYLE_QUIET : STYLE_TEXT;
    row->leaf = node->kind != BROWSE_SITE && forest->first[index] == FOREST_NONE;
    row->badge = badge_word(forest->badges[index]);
    row->badge_style = badge_style(forest->badges[index]);
    if (faults == 0)
        return;
    snprintf(forest->badge, sizeof forest->badge, "%zu fault%s", faults, faults == 1 ? "" : "s");
    row->badge = forest->badge;
    row->badge_style = STYLE_FAULT;
}

struct tree_source forest_source(struct forest *forest)
{
    return (struct tree_source){.children = children, .row = row, .data = forest};
}
