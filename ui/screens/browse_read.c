/* What Browse reads, one thing at a time: the sites, then the servers of the whole forest, and
 * between them the object that is to be shown at the right. What is due is asked whenever nothing
 * is under way, so that no reading that was called off or lost is missed for ever. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/screens/parts.h"

#include <stdlib.h>

static struct browse_screen *state_of(struct app *app)
{
    for (size_t i = 0; i < app->depth; i++)
        if (app->stack[i].ops == &screen_browse)
            return app->stack[i].state;
    return NULL;
}

void browse_want_selected(struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    if (index == FOREST_NONE)
        return;
    const struct guid *guid = &b->forest.nodes.nodes[index].guid;
    b->moved = app_now_ms(b->app);
    b->want = !b->detail.known || !guid_equal(guid, &b->detail.object.node.guid);
    b->wanted = *guid;
}

bool browse_reveal(struct browse_screen *b, const struct guid *guid)
{
    size_t index = forest_find_guid(&b->forest, guid);
    if (index == FOREST_NONE)
        return false;
    for (size_t up = b->forest.nodes.nodes[index].parent; up != BROWSE_ROOT;
         up = b->forest.nodes.nodes[up].parent)
        tree_mark(b->tree, b->forest.ids[up], true);
    tree_refresh(b->tree);
    return tree_select(b->tree, b->forest.ids[index]);
}

static void open_small(struct browse_screen *b)
{
    const struct browse *nodes = &b->forest.nodes;
    size_t sites = 0;
    for (size_t i = 0; i < nodes->count; i++)
        sites += nodes->nodes[i].kind == BROWSE_SITE;
    for (size_t i = 0; i < nodes->count && sites + b->forest.servers <= BROWSE_OPEN; i++)
        if (nodes->nodes[i].kind == BROWSE_SITE)
            tree_mark(b->tree, b->forest.ids[i], true);
}

/* --- why they are marked --- */

static struct browse_reason *reason_of(const struct browse_screen *b, const struct guid *dsa)
{
    for (size_t i = 0; i < b->reason_count; i++)
        if (guid_equal(&b->reasons[i].dsa, dsa))
            return &b->reasons[i];
    return NULL;
}

/* headline NULL: nothing is wrong with it. */
static void set_reason(struct browse_screen *b, const struct guid *dsa, const char *headline)
{
    struct browse_reason *reason = reason_of(b, dsa);
    if (!reason && !headline)
        return;
    if (!reason) {
        reason = MEM_PUSH(b->reasons, b->reason_count);
        *reason = (struct browse_reason){.dsa = *dsa};
    }
    mem_set(&reason->text, headline);
}

char *browse_why(const struct browse_screen *b, enum style *style)
{
    const struct forest *forest = &b->forest;
    size_t index =
        b->detail.known ? forest_find_guid(forest, &b->detail.object.node.guid) : FOREST_NONE;
    if (index == FOREST_NONE)
        return NULL;
    size_t dsa = browse_dsa_of(b, index), parent = forest->nodes.nodes[index].parent;
    bool own = forest->badges[index] != BADGE_NONE || parent == BROWSE_ROOT;
    enum badge badge = forest->badges[own ? index : parent];
    *style = badge_style(badge);
    if (dsa == FOREST_NONE || (*style != STYLE_FAULT && *style != STYLE_WARN))
        return NULL;
    const struct browse_reason *reason = reason_of(b, &forest->nodes.nodes[dsa].guid);
    return reason && reason->text ? page_clean(reason->text)
                                  : str_format("%s: %s", badge_word(badge), badge_meaning(badge));
}

/* What it was judged to be, or is after a change that was read back. */
static void mark_judged(struct browse_screen *b, const struct wizard *w)
{
    struct scan_verdict verdict = scan_verdict_of(&w->facts.asked, &w->verdict);
    bool changed = w->reported && w->plan && w->report.state == APPLY_VERIFIED;
    bool healthy = changed && !w->plan->undo;
    if (healthy)
        verdict = (struct scan_verdict){.dsa = w->facts.asked, .kind = VERDICT_HEALTHY};
    forest_judged(&b->forest, &verdict, 1);
    set_reason(b, &w->facts.asked,
               healthy || verdict_is_clean(&w->verdict) ? NULL : w->verdict.headline);
}

/* The object at the right may have changed with it. */
void browse_take_judged(struct app *app, struct browse_screen *b)
{
    if (app->wizard.judged)
        mark_judged(b, &app->wizard);
    tree_set_badge_columns(b->tree, b->forest.badge_columns);
    forest_order(&b->forest, b->forest.faults_first);
    browse_set_filter(b, b->filter);
    b->wanted = b->detail.known ? b->detail.object.node.guid : b->wanted;
    b->want = b->want || b->detail.known;
}

static void take_nodes(struct app *app, struct browse_screen *b, struct browse_work *work)
{
    bool forest = work->what == READ_FOREST;
    const struct wizard *w = &app->wizard;
    if (!work->nodes.complete && work->nodes.why) {
        err_free(b->err);
        b->err = work->nodes.why;
        work->nodes.why = NULL;
    }
    forest_take(&b->forest, &work->nodes);
    if (w->judged)
        mark_judged(b, w);
    b->judge = b->judge || (forest && !b->forest.catalog && b->forest.servers <= BROWSE_JUDGED);
    tree_set_badge_columns(b->tree, b->forest.badge_columns);
    if (forest && !b->had_forest)
        open_small(b);
    b->have_sites = true;
    b->have_forest = forest;
    b->had_forest = b->had_forest || forest;
    browse_set_filter(b, b->filter);
    if (forest && b->has_after)
        browse_reveal(b, &b->after);
    b->has_after = b->has_after && !forest;
    browse_want_selected(b);
}

/* What could not be judged keeps the badge that the reading gave it. */
static void take_verdicts(struct app *app, struct browse_screen *b, struct browse_work *work,
                          const struct err *err)
{
    const struct survey *survey = &work->scan.survey;
    b->judge = false;
    if (err)
        app_notice(app, true, "Not judged: %s", err->text);
    else if (!survey->complete)
        app_notice(app, true, "Not all were judged: %s",
                   survey->why ? survey->why : "a search ended early.");
    forest_judged(&b->forest, work->scan.verdicts, work->scan.judged);
    for (size_t i = 0; i < work->scan.count; i++)
        set_reason(b, &work->scan.items[i].facts.asked, work->scan.items[i].verdict.headline);
    forest_order(&b->forest, b->forest.faults_first);
    tree_set_badge_columns(b->tree, b->forest.badge_columns);
    browse_set_filter(b, b->filter);
}

static void take_object(struct browse_screen *b, struct browse_work *work, struct err *err)
{
    bool wanted = guid_equal(&work->guid, &b->wanted);
    b->want = b->want && !wanted;
    detail_take(&b->detail, &work->object, err);
}

void browse_done(struct app *app, void *argument, struct err *err)
{
    struct browse_work *work = argument;
    struct browse_screen *b = state_of(app);
    if (!b) {
        err_free(err);
    } else if (work->what == READ_OBJECT) {
        take_object(b, work, err);
    } else if (work->what == READ_VERDICTS) {
        take_verdicts(app, b, work, err);
        err_free(err);
    } else if (err) {
        err_free(b->err);
        b->err = err;
        b->have_sites = b->have_forest = true; /* said; r reads again */
    } else {
        take_nodes(app, b, work);
    }
    browse_read_more(app);
}

bool browse_is_judging(const struct browse_screen *b)
{
    return app_is_reading(b->app) && b->reading == READ_VERDICTS;
}

/* An object is wanted, and no key repeats that would want another one at once. */
static bool wants_object(const struct browse_screen *b)
{
    return b->want && tree_rests_in(b->tree, app_now_ms(b->app)) < 0;
}

static bool due(const struct browse_screen *b, enum browse_what *what)
{
    bool judge = b->judge && app_now_ms(b->app) - b->moved >= BROWSE_REST_MS;
    *what = !b->have_sites    ? READ_SITES
            : wants_object(b) ? READ_OBJECT
            : !b->have_forest ? READ_FOREST
                              : READ_VERDICTS;
    return *what != READ_VERDICTS || judge;
}

void browse_read_more(struct app *app)
{
    struct browse_screen *b = state_of(app);
    enum browse_what what;
    if (b && browse_is_judging(b) &&
        wants_object(b)) /* the verdicts can wait, the operator does not */
        app_cancel_reading(app);
    if (!b || app_is_reading(app) || !due(b, &what))
        return;
    b->reading = what;
    app_read(app, &work_browse, browse_work_new(what, b->deleted, &b->wanted), browse_done);
}

int64_t browse_settle(struct app *app, void *state)
{
    struct browse_screen *b = state;
    int64_t rest = b->want ? tree_rests_in(b->tree, app_now_ms(app)) : -1;
    if (rest > 0)
        return rest;
    if (b->want)
        browse_read_more(app);
    if (!b->judge || !b->have_forest || app_is_reading(app))
        return -1;
    int64_t left = b->moved + BROWSE_REST_MS - app_now_ms(app);
    if (left > 0)
        return left;
    browse_read_more(app);
    return -1;
}

void browse_read_again(struct app *app, struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    b->has_after = index != FOREST_NONE;
    if (b->has_after)
        b->after = b->forest.nodes.nodes[index].guid;
    err_free(b->err);
    b->err = NULL;
    b->have_forest = false;
    b->detail.known = false;
    app_cancel_reading(app); /* what it brings is no longer what is wanted */
    browse_read_more(app);
}

/* --- the filter opens what it finds, and closes it again when it goes --- */

static void close_opened(struct browse_screen *b)
{
    for (size_t i = 0; i < b->opened_count; i++)
        tree_mark(b->tree, b->opened[i], false);
    free(b->opened);
    b->opened = NULL;
    b->opened_count = 0;
}

/* A site, or a server that is shown for the sake of what stands below it. */
static bool leads_to_match(const struct forest *forest, size_t index)
{
    return forest->shown[index] &&
           (forest->nodes.nodes[index].kind == BROWSE_SITE || !forest->own[index]);
}

/* The first server that the filter found, as the tree has them; 0: none. */
static uint64_t first_match(const struct forest *forest)
{
    for (size_t site = forest->top; site != FOREST_NONE; site = forest->next[site])
        for (size_t at = forest->first[site]; at != FOREST_NONE; at = forest->next[at])
            if (forest->own[at])
                return forest->ids[at];
    return 0;
}

/* Enter means what was looked for, not the site that it stands in. */
static void select_match(struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    bool site = index != FOREST_NONE && b->forest.nodes.nodes[index].kind == BROWSE_SITE;
    if (index == FOREST_NONE || site || !b->forest.own[index])
        tree_select(b->tree, first_match(&b->forest));
}

void browse_set_filter(struct browse_screen *b, const char *text)
{
    struct forest *forest = &b->forest;
    size_t chosen = forest_find(forest, tree_selected(b->tree));
    char *filter = text && *text ? mem_text(text) : NULL;
    free(b->filter);
    b->filter = filter;
    close_opened(b);
    forest_filter(forest, filter);
    for (size_t i = 0; filter && i < forest->nodes.count; i++)
        if (leads_to_match(forest, i) && !tree_is_open(b->tree, forest->ids[i])) {
            *MEM_PUSH(b->opened, b->opened_count) = forest->ids[i];
            tree_mark(b->tree, forest->ids[i], true);
        }
    tree_refresh(b->tree);
    if (filter)
        select_match(b);
    if (!filter && chosen != FOREST_NONE)
        browse_reveal(b, &forest->nodes.nodes[chosen].guid);
}
