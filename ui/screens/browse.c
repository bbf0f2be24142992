/* Browse: the Sites tree at the left, the chosen object at the right, read-only. Sites come first,
 * the servers of the whole forest follow in the background, so that the filter sees all of them. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/screens/parts.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

enum line { LINE_NONE, LINE_FILTER, LINE_GOTO };

struct browse_screen {
    struct forest forest;
    struct tree *tree;
    struct detail detail;
    struct field field;
    enum line line; /* what is being typed */
    char *filter;   /* the filter in force; NULL */
    bool deleted;   /* deleted objects are shown */
    bool in_detail; /* the right pane has the keys */
    bool have_sites, have_forest;
    struct err *err;
    struct guid wanted; /* the object to show at the right */
    bool want;
    struct guid trail[16]; /* where "follow" came from */
    size_t trail_count;
    struct guid after; /* select this once the forest has been read again */
    bool has_after;
};

static void read_more(struct app *app);

static struct browse_screen *state_of(struct app *app)
{
    for (size_t i = 0; i < app->depth; i++)
        if (app->stack[i].ops == &screen_browse)
            return app->stack[i].state;
    return NULL;
}

static void *open_browse(struct app *app)
{
    struct browse_screen *b = mem_zero(1, sizeof *b);
    b->forest.top = FOREST_NONE;
    b->forest.catalog = server_catalog_port(&app->wizard.server);
    struct tree_source source = forest_source(&b->forest);
    b->tree = tree_new(&source, 10);
    detail_init(&b->detail);
    field_init(&b->field, 0);
    return b;
}

static void close_browse(void *state)
{
    struct browse_screen *b = state;
    tree_free(b->tree);
    forest_release(&b->forest);
    detail_release(&b->detail);
    field_release(&b->field);
    err_free(b->err);
    free(b->filter);
    free(b);
}

static void enter_browse(struct app *app, void *state)
{
    (void)state;
    read_more(app);
}

static bool typing(struct app *app, void *state)
{
    (void)app;
    return ((struct browse_screen *)state)->line != LINE_NONE;
}

/* --- reading --- */

static void want_selected(struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    if (index == FOREST_NONE)
        return;
    const struct guid *guid = &b->forest.nodes.nodes[index].guid;
    b->want = !b->detail.known || !guid_equal(guid, &b->detail.object.node.guid);
    b->wanted = *guid;
}

static bool reveal(struct browse_screen *b, const struct guid *guid)
{
    size_t index = forest_find_guid(&b->forest, guid);
    if (index == FOREST_NONE)
        return false;
    for (size_t up = b->forest.nodes.nodes[index].parent; up != BROWSE_ROOT;
         up = b->forest.nodes.nodes[up].parent)
        tree_open(b->tree, b->forest.ids[up]);
    return tree_select(b->tree, b->forest.ids[index]);
}

static void take_nodes(struct browse_screen *b, struct browse_work *work)
{
    bool forest = work->what == READ_FOREST;
    if (!work->nodes.complete && work->nodes.why && !work->err) {
        err_free(b->err);
        b->err = work->nodes.why;
        work->nodes.why = NULL;
    }
    forest_take(&b->forest, &work->nodes);
    forest_filter(&b->forest, b->filter);
    tree_refresh(b->tree);
    b->have_sites = true;
    b->have_forest = forest;
    if (forest && b->has_after)
        reveal(b, &b->after);
    b->has_after = b->has_after && !forest;
    want_selected(b);
}

static void done(struct app *app, void *argument)
{
    struct browse_work *work = argument;
    struct browse_screen *b = state_of(app);
    struct session *session = work->session;
    work->session = NULL;
    app_return_session(app, session);
    if (!b)
        return;
    struct err *err = work->err;
    work->err = NULL;
    if (work->what == READ_OBJECT) {
        detail_take(&b->detail, &work->object, err);
    } else if (err) {
        err_free(b->err);
        b->err = err;
        b->have_sites = b->have_forest = true; /* said; r reads again */
    } else {
        take_nodes(b, work);
    }
    read_more(app);
}

/* Starts the next reading that is due, if the session is here. */
static void read_more(struct app *app)
{
    struct browse_screen *b = state_of(app);
    if (!b || app_is_reading(app) || (b->have_forest && !b->want))
        return;
    struct browse_work *work = browse_work_new(app);
    if (!work)
        return;
    work->deleted = b->deleted;
    if (!b->have_sites) {
        work->what = READ_SITES;
    } else if (b->want) {
        work->what = READ_OBJECT;
        work->has_guid = true;
        work->guid = b->wanted;
        b->want = false;
    } else {
        work->what = READ_FOREST;
    }
    app_read(app, &work_browse, work, done);
}

static void read_again(struct app *app, struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    b->has_after = index != FOREST_NONE;
    if (b->has_after)
        b->after = b->forest.nodes.nodes[index].guid;
    err_free(b->err);
    b->err = NULL;
    b->have_forest = false;
    b->detail.known = false;
    read_more(app);
}

/* --- drawing --- */

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct browse_screen *b = state;
    size_t n = 0;
    if (b->line != LINE_NONE) {
        offers[n++] = (struct keys_offer){ACTION_ENTER, b->line == LINE_GOTO ? "go" : "keep"};
        offers[n++] = (struct keys_offer){ACTION_BACK, "drop"};
        return n;
    }
    bool repair = app->options->command != COMMAND_BROWSE && !app->wizard.read_only;
    offers[n++] = (struct keys_offer){ACTION_ENTER, repair ? "inspect" : "details"};
    offers[n++] = (struct keys_offer){ACTION_FILTER, NULL};
    offers[n++] = (struct keys_offer){ACTION_GOTO, NULL};
    offers[n++] = (struct keys_offer){ACTION_NEXT, "pane"};
    offers[n++] = (struct keys_offer){ACTION_DELETED, b->deleted ? "hide deleted" : "deleted"};
    offers[n++] = (struct keys_offer){ACTION_FOLLOW, NULL};
    offers[n++] = (struct keys_offer){ACTION_COPY, NULL};
    offers[n++] = (struct keys_offer){ACTION_REFRESH, NULL};
    offers[n++] = (struct keys_offer){ACTION_BACK, NULL};
    return n;
}

static void draw_title(struct app *app, struct browse_screen *b, struct rect line)
{
    char *forest = text_clean_z(app->wizard.server.forest);
    char *title = str_format("Sites of %s", app->wizard.connected ? forest : "...");
    int used = term_put(app->term, line.row, line.col, STYLE_HEAD, title, line.cols / 2);
    char *count = !b->have_forest ? str_format("reading servers ...")
                  : b->filter ? str_format("%zu of %zu shown", b->forest.matches, b->forest.servers)
                              : str_format("%zu servers", b->forest.servers);
    int width = text_width(count);
    term_put(app->term, line.row, line.col + line.cols - width, STYLE_QUIET, count, width);
    struct rect middle = {line.row, line.col + used + 3, 1, line.cols - used - width - 6};
    const char *label = b->line == LINE_GOTO ? "go to: " : "filter: ";
    if (b->line != LINE_NONE || b->filter) {
        int l = term_put(app->term, middle.row, middle.col, STYLE_QUIET, label, middle.cols);
        middle.col += l, middle.cols -= l;
        if (b->line != LINE_NONE)
            field_draw(&b->field, app->term, middle, true);
        else
            term_put_cut(app->term, middle.row, middle.col, STYLE_STRONG, b->filter, middle.cols);
    }
    free(forest);
    free(title);
    free(count);
}

static void draw_note(struct app *app, struct browse_screen *b, struct rect *rect)
{
    struct pager page = PAGER_INIT;
    if (app->wizard.waiting == WAIT_CONNECT)
        page_waiting(app, &page, "Connecting ...");
    else if (!app->wizard.connected)
        page_error(&page, app->wizard.error);
    else if (b->err)
        page_error(&page, b->err);
    else if (!b->have_sites)
        page_put(&page, STYLE_CURRENT, "Reading the sites ...");
    int rows = page.line_count ? pager_height(&page, rect->cols) : 0;
    if (rows > 0)
        pager_draw(&page, app->term, layout_take(rect, rows < rect->rows ? rows : rect->rows));
    pager_release(&page);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct browse_screen *b = state;
    draw_title(app, b, layout_take(&rect, 1));
    layout_take(&rect, rect.rows > 12 ? 1 : 0);
    draw_note(app, b, &rect);
    struct rect left = rect, right = rect;
    left.cols = rect.cols >= 100 ? 44 : rect.cols * 48 / 100;
    right.col += left.cols + 2;
    right.cols -= left.cols + 2;
    tree_draw(b->tree, app->term, left, !b->in_detail);
    term_rule_down(app->term, rect.row, left.col + left.cols, rect.rows);
    detail_draw(&b->detail, app, right, b->in_detail);
}

/* --- keys --- */

static void set_filter(struct browse_screen *b, const char *text)
{
    free(b->filter);
    b->filter = text && *text ? mem_text(text) : NULL;
    forest_filter(&b->forest, b->filter);
    for (size_t i = 0; b->filter && i < b->forest.nodes.count; i++)
        if (b->forest.nodes.nodes[i].kind == BROWSE_SITE && b->forest.shown[i])
            tree_open(b->tree, b->forest.ids[i]);
    tree_refresh(b->tree);
}

static void go_to(struct app *app, struct browse_screen *b, const char *text)
{
    struct guid guid;
    if (!guid_parse(text, &guid) && !guid_parse_wire_hex(text, &guid)) {
        app_notice(app, true,
                   "That is no GUID. It looks like 3dab7f9b-92e7-4391-b8db-71df532c1493; "
                   "/ searches for a part of one.");
        return;
    }
    set_filter(b, NULL);
    b->wanted = guid;
    b->want = true;
    if (!reveal(b, &guid))
        app_notice(app, false, "Not in the tree: the object is shown at the right if it exists.");
}

static void end_line(struct app *app, struct browse_screen *b, bool keep)
{
    enum line line = b->line;
    b->line = LINE_NONE;
    if (line == LINE_GOTO && keep)
        go_to(app, b, field_text(&b->field));
    else if (line == LINE_FILTER && !keep)
        set_filter(b, NULL);
    want_selected(b);
    if (line == LINE_GOTO && keep)
        b->want = true;
    read_more(app);
}

static bool type(struct app *app, struct browse_screen *b, const struct term_event *event,
                 enum action action)
{
    if (action == ACTION_BACK) {
        end_line(app, b, false);
        return true;
    }
    enum widget_result result = field_handle(&b->field, event);
    if (result == WIDGET_ENTER)
        end_line(app, b, true);
    else if (result == WIDGET_CHANGED && b->line == LINE_FILTER)
        set_filter(b, field_text(&b->field));
    else if (result == WIDGET_IGNORED && b->line == LINE_FILTER)
        tree_handle(b->tree, event);
    return true;
}

static void follow(struct app *app, struct browse_screen *b)
{
    const struct dn_link *link = detail_link(&b->detail);
    if (!link || !link->has_guid) {
        app_notice(app, false, "Choose a value that names an object (Tab goes to the right pane).");
        return;
    }
    if (b->trail_count < sizeof b->trail / sizeof *b->trail)
        b->trail[b->trail_count++] = b->detail.object.node.guid;
    b->wanted = link->guid;
    b->want = true;
    reveal(b, &b->wanted);
    read_more(app);
}

static bool go_back(struct app *app, struct browse_screen *b)
{
    if (b->trail_count > 0) {
        b->wanted = b->trail[--b->trail_count];
        b->want = true;
        reveal(b, &b->wanted);
        read_more(app);
    } else if (b->in_detail) {
        b->in_detail = false;
    } else if (b->filter) {
        set_filter(b, NULL);
    } else {
        return false;
    }
    return true;
}

/* The DSA that stands for the chosen row: itself, or the live one below a server. */
static size_t dsa_of(const struct browse_screen *b, size_t index)
{
    if (b->forest.nodes.nodes[index].kind != BROWSE_SERVER)
        return b->forest.nodes.nodes[index].kind == BROWSE_DSA ? index : FOREST_NONE;
    size_t dsa = FOREST_NONE;
    for (size_t at = b->forest.first[index]; at != FOREST_NONE; at = b->forest.next[at])
        if (dsa == FOREST_NONE || b->forest.nodes.nodes[dsa].deleted)
            dsa = at;
    return dsa;
}

static void show_value(struct app *app, struct browse_screen *b)
{
    const char *value = detail_value(&b->detail);
    if (value)
        app_show_text(app, "Value", value);
}

static void open_selected(struct app *app, struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    bool repair = app->options->command != COMMAND_BROWSE && !app->wizard.read_only;
    if (b->in_detail) {
        show_value(app, b);
        return;
    }
    if (index == FOREST_NONE)
        return;
    size_t dsa = dsa_of(b, index);
    if (b->forest.nodes.nodes[index].kind == BROWSE_SITE) {
        uint64_t id = b->forest.ids[index];
        if (tree_is_open(b->tree, id))
            tree_close(b->tree, id);
        else
            tree_open(b->tree, id);
    } else if (!repair) {
        b->in_detail = true;
    } else if (dsa == FOREST_NONE) {
        app_notice(app, false, "This server has no NTDS Settings: it is no DC, nothing to repair.");
    } else {
        struct guid guid = b->forest.nodes.nodes[dsa].guid;
        app_pop(app);
        app_event(app, &(struct wizard_event){.kind = EVENT_JUDGE, .guid = guid});
    }
}

static bool move(struct app *app, struct browse_screen *b, const struct term_event *event)
{
    if (event->kind != TERM_KEY)
        return false;
    if (b->in_detail)
        return list_handle(&b->detail.list, event) != WIDGET_IGNORED;
    enum widget_result result = tree_handle(b->tree, event);
    if (result == WIDGET_CHANGED) {
        b->trail_count = 0;
        want_selected(b);
        read_more(app);
    }
    return result != WIDGET_IGNORED;
}

static void start_line(struct browse_screen *b, enum line line)
{
    b->line = line;
    b->in_detail = false;
    field_set(&b->field, line == LINE_FILTER && b->filter ? b->filter : "");
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct browse_screen *b = state;
    if (b->line != LINE_NONE)
        return type(app, b, event, action);
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
    case ACTION_DELETED:
        b->deleted = !b->deleted;
        read_again(app, b);
        return true;
    case ACTION_REFRESH:
        read_again(app, b);
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

const struct screen_ops screen_browse = {
    .name = "Browse",
    .help =
        "The sites of the forest, their servers, and the NTDS Settings below each; nothing can be "
        "written here. This is the list that the article's options B and C search: / filters by "
        "any part of a name, host, GUID or badge, d shows deleted objects, g goes to a GUID.\n\n"
        "Badges: missing = no serverReference; no NTDS = a server without NTDS Settings; deleted = "
        "a tombstone.\n\n"
        "Right and Left open and close; Tab goes to the attributes, f follows a value to the "
        "object it names, Esc comes back.",
    .open = open_browse,
    .close = close_browse,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
    .enter = enter_browse,
};
