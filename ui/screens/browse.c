/* Browse: the Sites tree at the left, the chosen object at the right, read-only. Sites come first,
 * the servers of the whole forest follow in the background, so that the filter sees all of them. */
#include "ui/screens/browse_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "ui/screens/parts.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

enum { TWO_PANES = 56 }; /* columns from which on there is room for them */

static void *open_browse(struct app *app)
{
    struct browse_screen *b = mem_zero(1, sizeof *b);
    b->app = app;
    b->forest.top = FOREST_NONE;
    b->forest.catalog = server_catalog_port(&app->wizard.server);
    struct tree_source source = forest_source(&b->forest);
    b->tree = tree_new(&source, 0);
    detail_init(&b->detail);
    field_init(&b->field, 0);
    if (app->wizard.other_name) /* `dcmend browse` has no Connect that would say it */
        app_notice(app, false, "%s answered as %s: that DC's copy is shown.",
                   app->wizard.server.asked, app->wizard.server.host);
    return b;
}

static void close_browse(void *state)
{
    struct browse_screen *b = state;
    app_cancel_reading(b->app);
    tree_free(b->tree);
    forest_release(&b->forest);
    detail_release(&b->detail);
    field_release(&b->field);
    err_free(b->err);
    free(b->filter);
    free(b->opened);
    for (size_t i = 0; i < b->reason_count; i++)
        free(b->reasons[i].text);
    free(b->reasons);
    free(b);
}

static void enter_browse(struct app *app, void *state)
{
    struct browse_screen *b = state;
    if (b->left)
        browse_take_judged(app, b);
    b->left = false;
    browse_read_more(app);
}

static bool typing(struct app *app, void *state)
{
    (void)app;
    return ((struct browse_screen *)state)->line != LINE_NONE;
}

/* --- the footer --- */

static const char *enter_word(const struct browse_screen *b)
{
    size_t index = forest_find(&b->forest, tree_selected(b->tree));
    if (b->in_detail)
        return "whole value";
    if (index == FOREST_NONE)
        return "open";
    if (b->forest.nodes.nodes[index].kind == BROWSE_SITE)
        return tree_is_open(b->tree, b->forest.ids[index]) ? "close" : "open";
    return "inspect";
}

static const char *back_word(const struct browse_screen *b)
{
    return b->trail_count > 0 ? "where you came from"
           : b->in_detail     ? "tree"
           : b->filter        ? "clear filter"
                              : NULL;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    const struct browse_screen *b = state;
    size_t n = 0;
    if (b->line != LINE_NONE) {
        offers[n++] = (struct keys_offer){ACTION_ENTER, b->line == LINE_GOTO ? "go" : "keep it"};
        offers[n++] = (struct keys_offer){ACTION_BACK, "drop it"};
        return n;
    }
    offers[n++] = (struct keys_offer){ACTION_ENTER, enter_word(b)};
    bool narrow = term_size(app->term).cols < TWO_PANES;
    if (narrow) /* else it is seen that there are two */
        offers[n++] = (struct keys_offer){ACTION_NEXT, b->in_detail ? "tree" : "values"};
    offers[n++] = (struct keys_offer){ACTION_FILTER, NULL};
    offers[n++] = (struct keys_offer){ACTION_GOTO, NULL};
    if (!narrow)
        offers[n++] = (struct keys_offer){ACTION_NEXT, b->in_detail ? "tree" : "values"};
    if (b->in_detail)
        offers[n++] = (struct keys_offer){ACTION_FOLLOW, NULL};
    offers[n++] = (struct keys_offer){ACTION_DELETED, b->deleted ? "hide deleted" : NULL};
    offers[n++] = (struct keys_offer){ACTION_SORT, b->forest.faults_first ? "by name" : NULL};
    offers[n++] = (struct keys_offer){ACTION_BACK, back_word(b)};
    if (!b->in_detail)
        offers[n++] = (struct keys_offer){ACTION_FOLLOW, NULL};
    offers[n++] = (struct keys_offer){ACTION_COPY, NULL};
    if (b->have_forest && !b->judge)
        offers[n++] = (struct keys_offer){ACTION_CHECK, NULL};
    offers[n++] = (struct keys_offer){ACTION_REFRESH, NULL};
    return n;
}

/* --- drawing --- */

static char *counts(struct app *app, const struct browse_screen *b)
{
    size_t faults = b->forest.all_faults;
    size_t progress = app->asked[PLACE_SIDE].progress;
    if (!app->wizard.connected)
        return str_format("%s", "");
    if (!b->have_forest && progress > 0)
        return str_format("reading servers, %zu ...", progress);
    if (!b->have_forest)
        return str_format("reading servers ...");
    if (browse_is_judging(b))
        return str_format("judging servers, %zu ...", progress);
    if (b->filter)
        return str_format("%zu of %zu shown", b->forest.matches, b->forest.servers);
    return str_format("%zu server%s, %zu fault%s", b->forest.servers,
                      b->forest.servers == 1 ? "" : "s", faults, faults == 1 ? "" : "s");
}

static void draw_line(struct app *app, struct browse_screen *b, struct rect rect)
{
    if (rect.cols < 1 || (b->line == LINE_NONE && !b->filter))
        return;
    const char *label = b->line == LINE_GOTO ? "go to: " : "filter: ";
    int used = term_put(app->term, rect.row, rect.col, STYLE_QUIET, label, rect.cols);
    rect.col += used, rect.cols -= used;
    if (b->line != LINE_NONE)
        field_draw(&b->field, app->term, rect, true);
    else
        term_put_cut(app->term, rect.row, rect.col, STYLE_STRONG, b->filter, rect.cols);
}

/* The forest's name gives way to what is typed. */
static void draw_title(struct app *app, struct browse_screen *b, struct rect line)
{
    char *forest = text_clean_z(app->wizard.server.forest);
    char *title = str_format("Sites of %s", app->wizard.connected ? forest : "...");
    char *count = counts(app, b);
    int width = text_width(count);
    bool filter = b->line != LINE_NONE || b->filter, narrow = line.cols < 70 && filter;
    int most = filter ? line.cols / 3 : line.cols - width - 3;
    int used =
        narrow ? 0 : term_put_cut(app->term, line.row, line.col, STYLE_HEAD, title, most) + 3;
    term_put(app->term, line.row, line.col + line.cols - width, STYLE_QUIET, count, width);
    draw_line(app, b, (struct rect){line.row, line.col + used, 1, line.cols - used - width - 3});
    free(forest);
    free(title);
    free(count);
}

static void draw_note(struct app *app, struct browse_screen *b, struct rect *rect)
{
    struct pager page = PAGER_INIT;
    if (app->wizard.waiting == WAIT_CONNECT)
        page_waiting(app, &page, "Connecting ...");
    else if (b->err)
        page_error(&page, b->err);
    else if (!b->have_sites)
        page_put(&page, STYLE_CURRENT, "Reading the sites ...");
    else if (b->filter && b->forest.matches == 0 && b->have_forest)
        page_put(&page, STYLE_QUIET, "Nothing contains this text.%s",
                 b->deleted ? "" : " d shows deleted objects, too.");
    int rows = page.line_count ? pager_height(&page, rect->cols) : 0;
    if (rows > 0)
        pager_draw(&page, app->term, layout_take(rect, rows < rect->rows ? rows : rect->rows));
    pager_release(&page);
}

/* The tree has what its names need, but leaves the values their share. */
static int tree_columns(const struct forest *forest, int cols)
{
    int needed = 2 + forest->name_columns + 1 + forest->badge_columns;
    int most = cols / 2, least = cols / 3;
    return needed > most ? most : needed < least ? least : needed;
}

static void draw_object(struct app *app, struct browse_screen *b, struct rect rect)
{
    enum style style = STYLE_TEXT;
    char *why = browse_why(b, &style);
    detail_draw(&b->detail, app, rect, b->in_detail, style, why);
    free(why);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct browse_screen *b = state;
    draw_title(app, b, layout_take(&rect, 1));
    layout_take(&rect, rect.rows > 12 ? 1 : 0);
    draw_note(app, b, &rect);
    struct rect left = rect, right = rect;
    bool narrow = rect.cols < TWO_PANES; /* then Tab goes between them */
    if (!narrow) {
        left.cols = tree_columns(&b->forest, rect.cols);
        right.col += left.cols + 3;
        right.cols -= left.cols + 3;
        term_rule_down(app->term, rect.row, left.col + left.cols + 1, rect.rows);
    }
    if (!narrow || !b->in_detail)
        tree_draw(b->tree, app->term, left, !b->in_detail);
    if (!narrow || b->in_detail)
        draw_object(app, b, right);
}

const struct screen_ops screen_browse = {
    .name = "Browse",
    .help =
        "The sites of the forest, their servers, and the NTDS Settings below each; nothing can be "
        "written here. This is the list that the article's options B and C search: / filters by "
        "any part of a name, host, GUID or badge, d shows deleted objects, : goes to a GUID, in "
        "any spelling, or to what a pasted event names; v puts faults first.\n\n"
        "Badges: missing, no serverReference; dangling, it names a deleted object; shared, two "
        "live servers name one account; other name, the account is not called like the server: "
        "look; no NTDS, a server that is no DC; deleted, a tombstone; conflict, a CNF object. Once "
        "a DSA has been judged, its badge is the verdict: a small forest is judged by itself, in a "
        "large one c does it.\n\n"
        "Enter judges the chosen server and shows verdict, proof and advice; judging writes "
        "nothing, and Esc comes back here. The first line at the right says why a server is "
        "marked.\n\n"
        "Right and Left open and close; Tab goes to the values, f follows a value to the object it "
        "names, Esc comes back.",
    .open = open_browse,
    .close = close_browse,
    .offers = offers,
    .draw = draw,
    .handle = browse_handle,
    .typing = typing,
    .enter = enter_browse,
    .settle = browse_settle,
};
