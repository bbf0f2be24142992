/* The findings in the order of the list, those that can be repaired first, and what became of each:
 * that is taken from the wizard when it is left, so that the list never says more than was seen. */
#include "ui/screens/scan_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/host.h"
#include "src/remedy/sheet.h"
#include "src/remedy/transcript.h"
#include "ui/batch_every.h"
#include "ui/batch_table.h"
#include "ui/batch_text.h"

#include <stdlib.h>
#include <time.h>

static const struct {
    const char *word;
    enum style style;
    enum glyph glyph;
} became[] = {
#define X(id, word, style, glyph) [id] = {word, style, glyph},
    SCAN_BECAME(X)
#undef X
};

const char *scan_became_word(enum scan_became what)
{
    return became[what].word;
}

enum style scan_became_style(enum scan_became what)
{
    return became[what].style;
}

enum glyph scan_became_glyph(enum scan_became what)
{
    return became[what].glyph;
}

static const struct scan_finding *finding_of(const struct scan_rows *rows, size_t index)
{
    return &rows->every.scan.items[index];
}

static void release_rows(struct scan_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(rows[i].why);
    free(rows);
}

void scan_rows_release(struct scan_rows *rows)
{
    release_rows(rows->rows, rows->every.scan.count);
    every_dc_release(&rows->every);
    free(rows->order);
    free(rows->host);
    free(rows->filter);
    *rows = (struct scan_rows){.at = SCAN_NONE};
}

size_t scan_rows_find(const struct scan_rows *rows, const struct guid *dsa)
{
    for (size_t i = 0; i < rows->every.scan.count; i++)
        if (guid_equal(&finding_of(rows, i)->facts.asked, dsa))
            return i;
    return SCAN_NONE;
}

char *scan_rows_name(const struct scan_rows *rows, size_t index)
{
    char guid[GUID_TEXT], *name = scan_name(&finding_of(rows, index)->facts);
    if (*name)
        return name;
    free(name);
    return mem_text(guid_text(&finding_of(rows, index)->facts.asked, guid));
}

/* --- the order --- */

struct place {
    int rank;
    size_t index;
};

static int by_rank(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* A value is proposed here; another DC's copy differs from one that is right; nothing to write. */
static int rank_of(const struct scan_rows *rows, const struct verdict *verdict)
{
    if (rows->by_name)
        return 0;
    if (verdict_row(verdict->kind)->offers && verdict->blockers.count == 0)
        return 0;
    bool elsewhere = verdict->kind == VERDICT_HEALTHY;
    return elsewhere && findings_has(&verdict->side, SIDE_COPIES_DIFFER) ? 1 : 2;
}

static bool matches(const struct scan_rows *rows, size_t index)
{
    const struct scan_finding *finding = finding_of(rows, index);
    char guid[GUID_TEXT], *name = scan_name(&finding->facts), *site = scan_site(&finding->facts);
    const char *host = finding->facts.srv.dns_host;
    const char *texts[] = {name,
                           site,
                           host ? host : "",
                           scan_word(&finding->verdict),
                           scan_became_word(rows->rows[index].became),
                           guid_text(&finding->facts.asked, guid)};
    bool found = !rows->filter;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !found; i++)
        found = str_find_case(texts[i], rows->filter);
    free(name);
    free(site);
    return found;
}

static void arrange(struct scan_rows *rows)
{
    size_t count = rows->every.scan.count;
    struct place *places = mem_zero(count + 1, sizeof *places);
    rows->shown = 0;
    for (size_t i = 0; i < count; i++)
        if (matches(rows, i))
            places[rows->shown++] = (struct place){rank_of(rows, &finding_of(rows, i)->verdict), i};
    qsort(places, rows->shown, sizeof *places, by_rank);
    free(rows->order);
    rows->order = mem_zero(count + 1, sizeof *rows->order);
    for (size_t i = 0; i < rows->shown; i++)
        rows->order[i] = places[i].index;
    free(places);
}

void scan_rows_filter(struct scan_rows *rows, const char *text)
{
    char *filter = text && *text ? mem_text(text) : NULL;
    free(rows->filter);
    rows->filter = filter;
    arrange(rows);
}

void scan_rows_sort(struct scan_rows *rows, bool by_name)
{
    rows->by_name = by_name;
    arrange(rows);
}

static void keep_became(struct scan_rows *from, struct scan_row *to, const struct guid *dsa)
{
    size_t index = scan_rows_find(from, dsa);
    if (index == SCAN_NONE)
        return;
    *to = from->rows[index];
    from->rows[index].why = NULL;
}

void scan_rows_take(struct scan_rows *rows, struct scan_work *work)
{
    struct scan_rows before = *rows;
    bool same = str_same(before.host, work->host);
    *rows = (struct scan_rows){.host = work->host,
                               .every = work->every,
                               .every_dc = work->every_dc,
                               .filter = before.filter,
                               .by_name = before.by_name,
                               .at = SCAN_NONE};
    work->host = before.filter = NULL;
    work->every = (struct every_dc){.dcs = NULL};
    rows->rows = mem_zero(rows->every.scan.count + 1, sizeof *rows->rows);
    for (size_t i = 0; i < rows->every.scan.count && same; i++)
        keep_became(&before, &rows->rows[i], &finding_of(rows, i)->facts.asked);
    scan_rows_release(&before);
    arrange(rows);
}

/* --- where --- */

static const char *dc_among(const struct every_dc *every, const struct every_dc_group *group,
                            const char *connected)
{
    const char *found = NULL;
    for (size_t i = 0; i < group->count; i++) {
        const struct every_dc_dc *dc = &every->dcs[group->dcs[i]];
        if (host_matches(dc->server, connected))
            return dc->server;
        if (!found && !dc->read_only)
            found = dc->server;
    }
    return found || group->count == 0 ? found : every->dcs[group->dcs[0]].server;
}

const char *scan_rows_dc(const struct scan_rows *rows, size_t index, const char *connected)
{
    const struct every_dc *every = &rows->every;
    struct every_dc_groups groups;
    const char *dc = NULL;
    if (!rows->every_dc)
        return rows->host;
    every_dc_groups(every, finding_of(rows, index), &groups);
    for (size_t i = 0; i < groups.count; i++) {
        const char *one =
            groups.items[i].shows ? dc_among(every, &groups.items[i], connected) : NULL;
        if (one && (!dc || host_matches(one, connected)))
            dc = one;
    }
    every_dc_groups_release(&groups);
    return dc ? dc : rows->host;
}

/* --- what became of them --- */

static enum scan_became after_change(const struct wizard *w, const char **why)
{
    const struct apply_report *report = &w->report;
    *why = report->err ? report->err->text : NULL;
    switch (report->state) {
    case APPLY_VERIFIED:
        return w->plan->undo ? BECAME_NOTHING : BECAME_REPAIRED;
    case APPLY_UNKNOWN:
    case APPLY_APPLIED:
        return BECAME_UNKNOWN;
    case APPLY_NOTHING_SENT:
    case APPLY_REFUSED:
    case APPLY_NOT_APPLIED:
        break;
    }
    return BECAME_REFUSED;
}

static enum scan_became after_verdict(const struct wizard *w, const char **why)
{
    const struct verdict *verdict = &w->verdict;
    const char *blocker = findings_first(&verdict->blockers, FINDING_BLOCKER);
    if (verdict->kind == VERDICT_HEALTHY) {
        *why = verdict_is_clean(verdict) ? NULL : findings_first(&verdict->side, FINDING_SIDE);
        return w->reported && w->report.state == APPLY_VERIFIED ? BECAME_REPAIRED : BECAME_RIGHT;
    }
    *why = verdict->proposed && blocker ? blocker : verdict->headline;
    return verdict->writable ? BECAME_NOTHING : BECAME_REFUSED;
}

static void set(struct scan_row *row, enum scan_became what, const char *why)
{
    char *copy = mem_text(why);
    free(row->why);
    *row = (struct scan_row){what, copy};
}

/* A successor may have been judged in its place: then this one was looked at. */
void scan_rows_note(struct scan_rows *rows, const struct wizard *w)
{
    const char *why = NULL;
    if (rows->at == SCAN_NONE)
        return;
    struct scan_row *row = &rows->rows[rows->at];
    const struct scan_finding *finding = finding_of(rows, rows->at);
    if (w->reported && w->plan && guid_equal(&w->plan->dsa_guid, &finding->facts.asked)) {
        enum scan_became what = after_change(w, &why);
        set(row, what, why);
    } else if (w->judged && guid_equal(&w->facts.asked, &finding->facts.asked)) {
        enum scan_became what = after_verdict(w, &why);
        set(row, what, what == BECAME_NOTHING ? NULL : why);
    } else if (w->judged && row->became == BECAME_NOTHING) {
        set(row, BECAME_REFUSED, finding->verdict.headline);
    } else if (row->became == BECAME_NOTHING) {
        set(row, BECAME_NOTHING, w->error ? w->error->text : NULL);
    }
}

static bool is_open(const struct scan_rows *rows, size_t index)
{
    return rows->rows[index].became <= BECAME_UNKNOWN;
}

size_t scan_rows_done(const struct scan_rows *rows)
{
    size_t done = 0;
    for (size_t i = 0; i < rows->every.scan.count; i++)
        done += !is_open(rows, i);
    return done;
}

size_t scan_rows_next(const struct scan_rows *rows)
{
    size_t from = 0;
    for (size_t i = 0; i < rows->shown; i++)
        if (rows->order[i] == rows->at)
            from = i + 1;
    for (size_t i = 0; i < rows->shown; i++) {
        size_t index = rows->order[(from + i) % rows->shown];
        if (index != rows->at && is_open(rows, index))
            return index;
    }
    return SCAN_NONE;
}

/* --- as a file --- */

static void add_row(struct batch_table *table, const struct scan_rows *rows, size_t index)
{
    const struct scan_finding *finding = finding_of(rows, index);
    const struct scan_row *row = &rows->rows[index];
    char guid[GUID_TEXT], *site = scan_site(&finding->facts), *name = scan_name(&finding->facts);
    char *on = rows->every_dc ? every_dc_on(&rows->every, finding) : NULL;
    const char *word = scan_became_word(row->became);
    char *state =
        str_format("%s%s%s", word, *word && row->why ? ": " : "", row->why ? row->why : "");
    batch_table_add(table, site);
    batch_table_add(table, name);
    batch_table_add(table, scan_word(&finding->verdict));
    if (rows->every_dc)
        batch_table_add(table, on);
    batch_table_add(table, guid_text(&finding->facts.asked, guid));
    batch_table_add(table, state);
    free(site);
    free(name);
    free(on);
    free(state);
}

static void add_table(struct str *out, const struct scan_rows *rows)
{
    static const struct batch_column of_one[] = {
        {"Site", 0}, {"Server", 0}, {"Verdict", 0}, {"DSA", 0}, {"Became", 0}};
    static const struct batch_column of_all[] = {{"Site", 0}, {"Server", 0}, {"Verdict", 0},
                                                 {"On", 0},   {"DSA", 0},    {"Became", 0}};
    struct batch_table table = {
        rows->every_dc ? of_all : of_one, rows->every_dc ? 6 : 5, false, {NULL, 0}};
    for (size_t i = 0; i < rows->shown; i++)
        add_row(&table, rows, rows->order[i]);
    str_add(out, "\n");
    batch_table_write(out, &table, 0);
    batch_table_release(&table);
}

char *scan_rows_text(const struct scan_rows *rows, const struct server *server)
{
    const struct scan *scan = &rows->every.scan;
    struct str out = STR_INIT, line = STR_INIT;
    char *when = sheet_time(time(NULL));
    str_addf(&line, TRANSCRIPT_TITLE "%s, version %s", when, DCMEND_VERSION);
    batch_text_paragraph(&out, str_text(&line), 0, false);
    str_clear(&line);
    str_addf(&line, "Forest %s as %s holds it: %zu findings, healthy: %zu of %zu; %zu are done.",
             server->forest ? server->forest : "?", rows->host ? rows->host : "?", scan->count,
             scan->counts[VERDICT_HEALTHY], scan->judged, scan_rows_done(rows));
    batch_text_paragraph(&out, str_text(&line), 0, false);
    if (rows->filter) {
        str_clear(&line);
        str_addf(&line, "Shown are the %zu that contain: %s", rows->shown, rows->filter);
        batch_text_paragraph(&out, str_text(&line), 0, false);
    }
    add_table(&out, rows);
    if (rows->every_dc)
        batch_every_text(&out, &rows->every, 0, false);
    str_release(&line);
    free(when);
    return str_steal(&out);
}
