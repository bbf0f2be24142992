/* What the Scan screen shows: how much was found, the list in as many columns as there is room for,
 * and the chosen finding in a few words below it. */
#include "ui/screens/scan_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/model/host.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

enum {
    ROOMY = 14, /* from so many rows on the footer alone does not have to say what Enter does */
    SITES = 70  /* from so many columns on there is room for the sites */
};

/* --- what is shown of what --- */

const struct scan_finding *scan_finding_at(const struct scan_screen *screen, size_t index)
{
    return &screen->rows.every.scan.items[index];
}

bool scan_chosen(const struct scan_screen *screen, size_t *index)
{
    size_t at;
    if (!screen->known || !list_selected(&screen->list, &at))
        return false;
    *index = screen->rows.order[at];
    return true;
}

bool scan_is_reading(const struct scan_screen *screen)
{
    const struct asked *side = &screen->app->asked[PLACE_SIDE];
    return (side->task || side->wish) && side->kind == &work_scan;
}

const char *scan_connected(const struct app *app)
{
    const struct server *server = &app->wizard.server;
    return !app->wizard.connected ? NULL : server->dns_host ? server->dns_host : server->host;
}

bool scan_is_elsewhere(const struct scan_screen *screen, size_t index, const char **dc)
{
    const char *here = scan_connected(screen->app);
    *dc = scan_rows_dc(&screen->rows, index, here);
    return here && *dc && !host_matches(*dc, here);
}

/* --- rows --- */

static char *state_text(const struct scan_screen *screen, const struct scan_row *row)
{
    enum glyph glyph = scan_became_glyph(row->became);
    const char *word = scan_became_word(row->became);
    return str_format(
        "%s%s%s%s%s", glyph == GLYPH_COUNT ? "" : term_glyph(screen->app->term, glyph),
        *word ? " " : "", word, *word && row->why ? ": " : "", row->why ? row->why : "");
}

static void set_cell(struct scan_screen *screen, struct list_row *row, size_t cell, char *text,
                     enum style style)
{
    free(screen->cell[cell]);
    screen->cell[cell] = text_clean_z(text);
    row->cells[cell] = (struct list_cell){screen->cell[cell], style};
    free(text);
}

/* The cells are the columns that find_columns() chose. */
void scan_draw_row(void *data, size_t at, struct list_row *row)
{
    struct scan_screen *screen = data;
    size_t index = screen->rows.order[at], cell = 0;
    const struct scan_finding *finding = scan_finding_at(screen, index);
    const struct scan_row *state = &screen->rows.rows[index];
    set_cell(screen, row, cell++, scan_rows_name(&screen->rows, index), STYLE_TEXT);
    if (screen->sites)
        set_cell(screen, row, cell++, scan_site(&finding->facts), STYLE_TEXT);
    set_cell(screen, row, cell++, mem_text(scan_word(&finding->verdict)),
             verdict_style(&finding->verdict));
    if (screen->rows.every_dc)
        set_cell(screen, row, cell++, every_dc_on(&screen->rows.every, finding), STYLE_TEXT);
    set_cell(screen, row, cell, state_text(screen, state), scan_became_style(state->became));
}

static void add_column(struct list *list, const char *head, int width)
{
    list->columns[list->column_count++] = (struct list_column){.head = head, .width = width};
}

static void find_columns(struct scan_screen *screen, int cols)
{
    struct list *list = &screen->list;
    screen->sites = cols >= SITES;
    list->column_count = 0;
    add_column(list, "Server", screen->sites ? 16 : 14);
    if (screen->sites)
        add_column(list, "Site", 14);
    add_column(list, "Verdict", 12);
    if (screen->rows.every_dc)
        add_column(list, "On", 8);
    add_column(list, "What became of it", 0);
}

/* --- what is said above the list --- */

static void say_copies(struct scan_screen *screen, struct pager *page)
{
    const struct every_dc *every = &screen->rows.every;
    if (!screen->rows.every_dc)
        return;
    page_put(page, every->read < every->dc_count ? STYLE_WARN : STYLE_QUIET,
             "%zu of %zu domain controllers were read.%s", every->read, every->dc_count,
             every->read < every->dc_count ? " s saves why the others were not." : "");
    if (every->dsa_count > 0)
        page_put(page, STYLE_WARN, "%zu DSA%s known to some DCs only (s saves which).",
                 every->dsa_count, every->dsa_count == 1 ? " is" : "s are");
}

static void say_result(struct scan_screen *screen, bool roomy)
{
    struct pager *page = &screen->page;
    const struct scan *scan = &screen->rows.every.scan;
    size_t leftovers = scan->survey.leftover_count, done = scan_rows_done(&screen->rows);
    char *host = short_dc(&screen->app->wizard, screen->rows.host);
    char *tail = done ? str_format(" Done: %zu.", done) : mem_text("");
    if (scan->count > 0)
        page_put(page, STYLE_FAULT, "%zu %s on %s's copy; healthy: %zu of %zu.%s", scan->count,
                 scan->count == 1 ? "finding" : "findings", host, scan->counts[VERDICT_HEALTHY],
                 scan->judged, tail);
    else
        page_put(page, STYLE_OK, "No finding on %s's copy; healthy: %zu of %zu.", host,
                 scan->counts[VERDICT_HEALTHY], scan->judged);
    say_copies(screen, page);
    if (!scan->survey.complete)
        page_put(page, STYLE_FAULT, "Not all could be read: %s",
                 scan->survey.why ? scan->survey.why : "a search ended early.");
    if (leftovers > 0 && roomy)
        page_put(page, STYLE_QUIET, "%zu server %s no NTDS Settings (leftovers, or DCs to be).",
                 leftovers, leftovers == 1 ? "object has" : "objects have");
    if (roomy && scan->count > 0 && done == 0)
        page_put(page, STYLE_TEXT, "Enter judges the chosen one in full.");
    free(tail);
    free(host);
}

/* The estimate takes the rest to be as fast as what is done. */
static void say_every_dc(struct scan_screen *screen, struct pager *page)
{
    const struct app *app = screen->app;
    size_t done, total;
    scan_progress(app->asked[PLACE_SIDE].progress, &done, &total);
    long waited = app_waited(app, PLACE_SIDE);
    page_reading(screen->app, page, "Asking every domain controller for its copy ...");
    if (total == 0)
        page_put(page, STYLE_QUIET, "Reading which there are. Esc calls it off.");
    else if (done < total)
        page_put(page, STYLE_QUIET, "%zu of %zu asked, about %ld s left. Esc calls it off.", done,
                 total, done ? waited * (long)(total - done) / (long)done + 1 : waited);
    else
        page_put(page, STYLE_QUIET, "All %zu asked; judging. Esc calls it off.", total);
}

static void build_summary(struct scan_screen *screen, bool roomy)
{
    struct pager *page = &screen->page;
    page_begin(page);
    if (screen->err) {
        page_error(page, screen->err);
    } else if (scan_is_reading(screen) && screen->asked_every) {
        say_every_dc(screen, page);
    } else if (!screen->known || scan_is_reading(screen)) {
        page_reading(screen->app, page, "Reading every server of the forest ...");
        page_put(page, STYLE_QUIET, "%zu read. Esc calls it off.",
                 screen->app->asked[PLACE_SIDE].progress);
    } else {
        say_result(screen, roomy);
    }
    if (roomy || !screen->known)
        pager_blank(page);
}

static void draw_filter(struct scan_screen *screen, struct rect *rect)
{
    const struct scan_rows *rows = &screen->rows;
    struct term *term = screen->app->term;
    if (!screen->typing && !rows->filter)
        return;
    struct rect line = layout_take(rect, 1);
    char *count = str_format("%zu of %zu shown", rows->shown, rows->every.scan.count);
    int width = text_width(count), used;
    term_put(term, line.row, line.col + line.cols - width, STYLE_QUIET, count, width);
    used = term_put(term, line.row, line.col, STYLE_QUIET, "filter: ", line.cols);
    line.col += used, line.cols -= used + width + 2;
    if (screen->typing)
        field_draw(&screen->field, term, line, true);
    else
        term_put_cut(term, line.row, line.col, STYLE_STRONG, rows->filter, line.cols);
    free(count);
}

/* --- the chosen one, below the list --- */

static void say_where(struct scan_screen *screen, struct pager *page, size_t index)
{
    const char *dc;
    if (screen->rows.every_dc) {
        char *where = every_dc_where(&screen->rows.every, scan_finding_at(screen, index));
        page_pair(page, "copies", STYLE_TEXT, "%s", where);
        free(where);
    }
    if (scan_is_elsewhere(screen, index, &dc))
        page_put(page, STYLE_WARN, "Enter goes to %s for it, and asks first.", dc);
}

static void draw_chosen(struct app *app, struct scan_screen *screen, struct rect rect)
{
    size_t index;
    char guid[GUID_TEXT];
    struct pager page = PAGER_INIT;
    if (!screen->known || !list_told(&screen->list, app_now_ms(app), &index))
        return;
    index = screen->rows.order[index];
    const struct scan_finding *finding = scan_finding_at(screen, index);
    const struct scan_row *row = &screen->rows.rows[index];
    page_put(&page, verdict_style(&finding->verdict), "%s", finding->verdict.headline);
    if (row->became != BECAME_NOTHING || row->why)
        page_pair(&page, *scan_became_word(row->became) ? scan_became_word(row->became) : "not yet",
                  scan_became_style(row->became), "%s", row->why ? row->why : "since it was found");
    else if (findings_has(&finding->verdict.side, SIDE_REPLICATION_8589))
        page_put(&page, STYLE_WARN, "Replication with it fails with 8589 now.");
    say_where(screen, &page, index);
    page_pair(&page, "DSA", STYLE_TEXT, "%s", guid_text(&finding->facts.asked, guid));
    page.fixed = true;
    pager_draw(&page, app->term, rect);
    pager_release(&page);
}

static int chosen_rows(const struct scan_screen *screen, int rows)
{
    return rows > 20 ? 7 : rows > 12 ? 5 + screen->rows.every_dc : 4;
}

void scan_draw(struct app *app, void *state, struct rect rect)
{
    struct scan_screen *screen = state;
    build_summary(screen, rect.rows >= ROOMY);
    int rows = pager_height(&screen->page, rect.cols);
    screen->page.fixed = true;
    pager_draw(&screen->page, app->term, layout_take(&rect, rows < rect.rows ? rows : rect.rows));
    if (!screen->known || screen->rows.every.scan.count == 0)
        return;
    draw_filter(screen, &rect);
    struct rect below = layout_take(&rect, -chosen_rows(screen, rect.rows));
    find_columns(screen, rect.cols);
    screen->list.empty = "Nothing contains this text.";
    list_draw_heads(&screen->list, app->term, layout_take(&rect, 1));
    list_draw(&screen->list, app->term, rect, !screen->typing);
    page_list_place(app, &screen->list, below);
    layout_take(&below, 1);
    draw_chosen(app, screen, below);
}
