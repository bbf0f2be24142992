/* The keys of Browse: moving, filtering, going to what a text names, following a value and back. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/intake.h"
#include "ui/screens/parts.h"

#include <stdlib.h>
#include <string.h>

/* --- go to --- */

static void show_guid(struct app *app, struct browse_screen *b, const struct guid *guid)
{
    browse_set_filter(b, NULL);
    if (!browse_reveal(b, guid))
        app_notice(app, false, "Not in the tree: the object is shown at the right if it exists.");
    b->wanted = *guid;
    b->want = true;
    browse_read_more(app);
}

static bool go_to_named(struct app *app, struct browse_screen *b, const struct subject *subject)
{
    for (size_t i = 0; i < subject->count; i++) {
        const struct subject_dsa *dsa = &subject->dsas[i];
        size_t index =
            dsa->has_guid || !dsa->server ? FOREST_NONE : forest_find_name(&b->forest, dsa->server);
        if (!dsa->has_guid && index == FOREST_NONE)
            continue;
        show_guid(app, b, dsa->has_guid ? &dsa->guid : &b->forest.nodes.nodes[index].guid);
        return true;
    }
    return false;
}

/* A GUID in any spelling, a name, or any text that holds one: an event, a report. */
static void go_to(struct app *app, struct browse_screen *b, const char *text, size_t len)
{
    struct guid guid;
    char *line = mem_textn(text, len);
    bool plain = guid_parse(line, &guid) || guid_parse_wire_hex(line, &guid);
    size_t server = plain ? FOREST_NONE : forest_find_name(&b->forest, line);
    free(line);
    if (plain || server != FOREST_NONE) {
        show_guid(app, b, plain ? &guid : &b->forest.nodes.nodes[server].guid);
        return;
    }
    struct subject subject = {.dsas = NULL};
    struct err *err = intake_read(text, len, &subject);
    if (err)
        app_notice(app, true, "%s", err->text);
    else if (!go_to_named(app, b, &subject))
        app_notice(app, true, "No such server here; / searches for a part of a name or GUID.");
    err_free(err);
    subject_release(&subject);
}

/* --- the line that is typed --- */

static void start_line(struct browse_screen *b, int line)
{
    b->line = line;
    b->in_detail = false;
    field_set(&b->field, line == LINE_FILTER && b->filter ? b->filter : "");
}

static void end_line(struct app *app, struct browse_screen *b, bool keep)
{
    bool go = b->line == LINE_GOTO && keep && *field_text(&b->field);
    bool drop = b->line == LINE_FILTER && !keep;
    b->line = LINE_NONE;
    if (drop)
        browse_set_filter(b, NULL);
    browse_want_selected(b);
    if (go)
        go_to(app, b, field_text(&b->field), strlen(field_text(&b->field)));
    browse_read_more(app);
}

static void type(struct app *app, struct browse_screen *b, const struct term_event *event,
                 enum action action)
{
    if (action == ACTION_BACK) {
        end_line(app, b, false);
        return;
    }
    if (b->line == LINE_GOTO && event->kind == TERM_PASTE) { /* whole, with its line ends */
        b->line = LINE_NONE;
        go_to(app, b, event->bytes, event->len);
        return;
    }
    enum widget_result result = field_handle(&b->field, event);
    if (result == WIDGET_ENTER)
        end_line(app, b, true);
    else if (result == WIDGET_CHANGED && b->line == LINE_FILTER)
        browse_set_filter(b, field_text(&b->field));
    else if (result == WIDGET_IGNORED && b->line == LINE_FILTER)
        tree_handle(b->tree, event);
}

/* --- following values --- */

static void show_again(struct app *app, struct browse_screen *b, const struct guid *guid)
{
    b->wanted = *guid;
    b->want = true;
    browse_reveal(b, guid);
    browse_read_more(app);
}

static void follow(struct app *app, struct browse_screen *b)
{
    const struct dn_link *link = detail_link(&b->detail);
    if (!link || !link->has_guid) {
        app_notice(app, false, "Choose a value that names an object (Tab goes to the right pane).");
        return;
    }
    struct guid guid = link->guid;
    if (b->trail_count == BROWSE_TRAIL)
        memmove(b->trail, b->trail + 1, --b->trail_count * sizeof *b->trail);
    b->trail[b->trail_count++] = b->detail.object.node.guid;
    show_again(app, b, &guid);
}

/* Esc undoes what was done last: a followed value, the right pane, the filter; then it leaves. */
static bool go_back(struct app *app, struct browse_screen *b)
{
    if (b->trail_count > 0)
        show_again(app, b, &b->trail[--b->trail_count]);
    else if (b->in_detail)
        b->in_detail = false;
    else if (b->filter)
        browse_set_filter(b, NULL);
    else
        return false;
    return true;
}

/* --- Enter --- */

size_t browse_dsa_of(const struct browse_screen *b, size_t index)
{
    if (b->forest.nodes.nodes[index].kind != BROWSE_SERVER)
        return b->forest.nodes.nodes[index].kind == BROWSE_DSA ? index : FOREST_NONE;
    size_t dsa = FOREST_NONE;
    for (size_t at = b->forest.first[index]; at != FOREST_NONE; at = b->forest.next[at])
        if (dsa == FOREST_NONE || b->forest.nodes.nodes[dsa].deleted)
            dsa = at;
    return dsa;
}

static void inspect(struct app *app, struct browse_screen *b, size_t index)
{
    size_t dsa = browse_dsa_of(b, index);
    if (dsa == FOREST_NONE) {
        app_notice(app, false, "This server has no NTDS Settings: it is no DC, nothing to repair.");
        return;
    }
    struct guid guid = b->forest.nodes.nodes[dsa].guid;
    b->left = true;
    app_visit(app, &guid, NULL);
}

static void open_selected(struct app *app, struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    const char *value = detail_value(&b->detail);
    if (b->in_detail && value)
        app_show_text(app, "Value", value);
    if (b->in_detail || index == FOREST_NONE)
        return;
    uint64_t id = b->forest.ids[index];
    if (b->forest.nodes.nodes[index].kind == BROWSE_SITE && tree_is_open(b->tree, id))
        tree_close(b->tree, id);
    else if (b->forest.nodes.nodes[index].kind == BROWSE_SITE)
        tree_open(b->tree, id);
    else
        inspect(app, b, index);
}

/* --- all keys --- */

static bool move(struct app *app, struct browse_screen *b, const struct term_event *event)
{
    if (event->kind == TERM_PASTE) {
        go_to(app, b, event->bytes, event->len);
        return true;
    }
    if (event->kind != TERM_KEY)
        return false;
    if (b->in_detail)
        return detail_handle(&b->detail, event);
    enum widget_result result = tree_handle(b->tree, event);
    if (result == WIDGET_CHANGED) {
        b->trail_count = 0;
        browse_want_selected(b);
        browse_read_more(app);
    }
    return result != WIDGET_IGNORED;
}

static void sort(struct app *app, struct browse_screen *b)
{
    forest_order(&b->forest, !b->forest.faults_first);
    tree_refresh(b->tree);
    if (b->forest.faults_first)
        tree_handle(b->tree, &(struct term_event){.kind = TERM_KEY, .key = TERM_HOME});
    browse_want_selected(b);
    browse_read_more(app);
    app_notice(app, false, b->forest.faults_first ? "Faults come first." : "Sorted by name.");
}

bool browse_handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct browse_screen *b = state;
    if (b->line != LINE_NONE) {
        type(app, b, event, action);
        return true;
    }
    switch (action) {
    case ACTION_ENTER:
        open_selected(app, b);
        return true;
    case ACTION_FILTER:
    case ACTION_GOTO:
        start_line(b, action == ACTION_FILTER ? LINE_FILTER : LINE_GOTO);
        return true;
    case ACTION_NEXT:
        b->in_detail = !b->in_detail;
        return true;
    case ACTION_SORT:
        sort(app, b);
        return true;
    case ACTION_DELETED:
        b->deleted = !b->deleted;
        browse_read_again(app, b);
        return true;
    case ACTION_REFRESH:
        browse_read_again(app, b);
        return true;
    case ACTION_CHECK:
        b->judge = true;
        b->moved = 0;
        browse_read_more(app);
        return true;
    case ACTION_FOLLOW:
        follow(app, b);
        return true;
    case ACTION_COPY:
        app_copy(app, "The value",
                 b->in_detail ? detail_value(&b->detail) : b->detail.object.node.dn);
        return true;
    case ACTION_BACK:
        return go_back(app, b);
    default:
        return move(app, b, event);
    }
}
