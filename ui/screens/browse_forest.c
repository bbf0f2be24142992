/* The forest as the tree widget asks for it. Children are chains of indices, made once after each
 * reading; the filter marks what is shown, so that typing in it costs one pass over the nodes. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void forest_release(struct forest *forest)
{
    browse_release(&forest->nodes);
    free(forest->ids);
    free(forest->first);
    free(forest->next);
    free(forest->shown);
    free(forest->answer);
    bool catalog = forest->catalog;
    *forest = (struct forest){.top = FOREST_NONE, .catalog = catalog};
}

static uint64_t id_of(const struct browse_node *node)
{
    uint64_t id;
    memcpy(&id, node->guid.bytes, sizeof id);
    return id ? id : 1;
}

/* Chains are built from the end, so that they keep the nodes' order. */
static void chain(struct forest *forest)
{
    forest->top = FOREST_NONE;
    for (size_t i = forest->nodes.count; i-- > 0;) {
        size_t parent = forest->nodes.nodes[i].parent;
        size_t *head = parent == BROWSE_ROOT ? &forest->top : &forest->first[parent];
        forest->next[i] = *head;
        *head = i;
    }
}

void forest_take(struct forest *forest, struct browse *nodes)
{
    forest_release(forest);
    forest->nodes = *nodes;
    *nodes = (struct browse){.nodes = NULL};
    size_t count = forest->nodes.count;
    forest->ids = mem_zero(count, sizeof *forest->ids);
    forest->first = mem_zero(count, sizeof *forest->first);
    forest->next = mem_zero(count, sizeof *forest->next);
    forest->shown = mem_zero(count, sizeof *forest->shown);
    forest->answer = mem_zero(count, sizeof *forest->answer);
    for (size_t i = 0; i < count; i++) {
        forest->ids[i] = id_of(&forest->nodes.nodes[i]);
        forest->first[i] = FOREST_NONE;
        forest->servers += forest->nodes.nodes[i].kind == BROWSE_SERVER;
    }
    chain(forest);
    forest_filter(forest, NULL);
}

const char *forest_badge(const struct forest *forest, size_t index, enum style *style)
{
    const struct browse_node *node = &forest->nodes.nodes[index];
    *style = STYLE_FAULT;
    if (node->deleted)
        return "deleted";
    if (node->conflict)
        return "conflict";
    if (node->kind != BROWSE_SERVER)
        return NULL;
    *style = STYLE_WARN;
    if (!node->has_dsa)
        return "no NTDS";
    *style = STYLE_FAULT;
    if (!node->reference.dn && !forest->catalog)
        return "missing";
    *style = STYLE_QUIET;
    return node->read_only ? "RODC" : NULL;
}

static bool matches(const struct forest *forest, size_t index, const char *text)
{
    const struct browse_node *node = &forest->nodes.nodes[index];
    char guid[GUID_TEXT];
    enum style style;
    const char *badge = forest_badge(forest, index, &style);
    return str_find_case(node->name, text) ||
           (node->dns_host && str_find_case(node->dns_host, text)) ||
           str_find_case(guid_text(&node->guid, guid), text) ||
           (badge && str_find_case(badge, text));
}

void forest_filter(struct forest *forest, const char *text)
{
    bool all = !text || !*text;
    forest->matches = 0;
    for (size_t i = 0; i < forest->nodes.count; i++)
        forest->shown[i] = all || matches(forest, i, text);
    for (size_t i = 0; i < forest->nodes.count && !all; i++) { /* a site shows all its servers */
        size_t parent = forest->nodes.nodes[i].parent;
        if (parent != BROWSE_ROOT && forest->shown[parent] && matches(forest, parent, text))
            forest->shown[i] = true;
    }
    for (size_t i = forest->nodes.count; i-- > 0 && !all;) { /* children stand behind parents */
        size_t parent = forest->nodes.nodes[i].parent;
        if (forest->shown[i] && parent != BROWSE_ROOT)
            forest->shown[parent] = true;
    }
    for (size_t i = 0; i < forest->nodes.count; i++)
        forest->matches += forest->shown[i] && forest->nodes.nodes[i].kind == BROWSE_SERVER;
}

size_t forest_find(const struct forest *forest, uint64_t id)
{
    for (size_t i = 0; i < forest->nodes.count; i++)
        if (forest->ids[i] == id)
            return i;
    return FOREST_NONE;
}

size_t forest_find_guid(const struct forest *forest, const struct guid *guid)
{
    for (size_t i = 0; i < forest->nodes.count; i++)
        if (guid_equal(&forest->nodes.nodes[i].guid, guid))
            return i;
    return FOREST_NONE;
}

static enum tree_children children(void *data, uint64_t id, const uint64_t **ids, size_t *count)
{
    struct forest *forest = data;
    size_t parent = id ? forest_find(forest, id) : FOREST_NONE;
    size_t at = id == 0 ? forest->top : parent == FOREST_NONE ? FOREST_NONE : forest->first[parent];
    *ids = forest->answer;
    *count = 0;
    for (; at != FOREST_NONE; at = forest->next[at])
        if (forest->shown[at])
            forest->answer[(*count)++] = forest->ids[at];
    return TREE_READY;
}

static size_t faults_below(const struct forest *forest, size_t site)
{
    size_t faults = 0;
    enum style style;
    for (size_t at = forest->first[site]; at != FOREST_NONE; at = forest->next[at])
        faults += forest_badge(forest, at, &style) != NULL && style == STYLE_FAULT;
    return faults;
}

static void row(void *data, uint64_t id, struct tree_row *row)
{
    struct forest *forest = data;
    size_t index = forest_find(forest, id);
    if (index == FOREST_NONE)
        return;
    const struct browse_node *node = &forest->nodes.nodes[index];
    row->text = node->name;
    row->style = node->deleted ? STYLE_QUIET : STYLE_TEXT;
    row->leaf = node->kind == BROWSE_DSA;
    row->badge = forest_badge(forest, index, &row->badge_style);
    if (node->kind != BROWSE_SITE)
        return;
    size_t faults = faults_below(forest, index);
    if (faults == 0)
        return;
    snprintf(forest->badge, sizeof forest->badge, "%zu %s", faults,
             faults == 1 ? "fault" : "faults");
    row->badge = forest->badge;
    row->badge_style = STYLE_FAULT;
}

struct tree_source forest_source(struct forest *forest)
{
    return (struct tree_source){.children = children, .row = row, .data = forest};
}
