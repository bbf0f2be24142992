/* Tables. The head's cells are labels like any others; a row's cells are put into a record by them.
 * A row may hold lines (an event's message) or be wrapped, so it is put together first. */
#include "src/remedy/intake/reader.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ROW_LINES = 300, MAX_ROW = 64 << 10, MAX_HEAD = 2000, PATIENCE = 64 };

/* --- cells --- */

/* Takes a cell off the front of *row, without its quotes; at is NULL behind the last. */
static struct slice take_cell(struct slice *row, char separator)
{
    const char *from = row->at, *end = from + row->len, *p = from;
    bool quoted = false;
    for (; p < end && (quoted || *p != separator); p++)
        quoted = quoted != (*p == '"');
    *row = p < end ? (struct slice){p + 1, (size_t)(end - p - 1)} : (struct slice){NULL, 0};
    while (from < p && strchr(" \t\n", *from))
        from++;
    while (p > from && strchr(" \t\n", p[-1]))
        p--;
    if (p - from >= 2 && *from == '"' && p[-1] == '"')
        from++, p--;
    return (struct slice){from, (size_t)(p - from)};
}

/* Counts a line's separators; *open: the line begins, then ends, within quotes. */
static size_t count_separators(const struct line *line, char separator, bool *open)
{
    size_t count = 0;
    for (size_t i = 0; i < line->len; i++) {
        *open = *open != (line->text[i] == '"');
        count += line->text[i] == separator && !*open;
    }
    return count;
}

/* Puts lines together from lines[at] on until there are `want` cells (0: until no quote is open
 * and no separator stands last). The lines taken; 0: there is no end to it. */
static size_t assemble(const struct page *page, size_t at, char separator, size_t want,
                       struct str *out)
{
    size_t cells = 1, taken = 0;
    bool open = false, hangs = true;
    while (open || cells < want || hangs) {
        if (at + taken >= page->count || taken >= MAX_ROW_LINES || out->len > MAX_ROW)
            return open ? 0 : taken;
        const struct line *line = &page->lines[at + taken];
        bool inside = open;
        size_t more = count_separators(line, separator, &open);
        if (taken && want && !inside && (!line->len || cells + more > want))
            break;
        if (taken)
            str_addc(out, '\n');
        str_addn(out, line->text, line->len);
        cells += more;
        hangs = !want && line->len && line->text[line->len - 1] == separator && separator != '|';
        taken++;
    }
    return taken;
}

/* The row without the bars at both ends of Markdown's and HTML's. */
static struct slice without_bars(const char *text, size_t len, char separator)
{
    struct slice s = {text, len};
    while (s.len && strchr(" \t", *s.at))
        s.at++, s.len--;
    if (separator == '|' && s.len && *s.at == '|') {
        s.at++, s.len--;
        s.len -= s.len && s.at[s.len - 1] == '|';
    }
    return s;
}

/* A row that is quoted as a whole loses its quotes; its length. */
static size_t unquote_row(char *row, size_t len, char separator)
{
    size_t to = 0;
    struct line all = {row, len, 0};
    bool open = false;
    if (len < 3 || row[0] != '"' || row[len - 1] != '"' || count_separators(&all, separator, &open))
        return len;
    for (size_t i = 1; i + 1 < len; i++) {
        row[to++] = row[i];
        i += row[i] == '"' && row[i + 1] == '"';
    }
    return to;
}

/* --- heads --- */

/* A head has several labels that are known, and one that says what a row is about. */
static bool take_heads(struct table *table)
{
    size_t known = 0;
    unsigned seen = 0; /* roles, as bits */
    for (size_t i = 0; i < table->columns; i++) {
        struct slice head = table->heads[i];
        table->roles[i] = label_role(head.at, head.len);
        known += table->roles[i] != ROLE_NONE;
        if (memchr(head.at, ':', head.len)) /* "Event Type:  Error" */
            return false;
    }
    if (known < 2 || known * 3 < table->columns)
        return false;
    table->showrepl = false;
    for (size_t i = 0; i < table->columns; i++) {
        struct slice head = table->heads[i];
        if (table->roles[i] == ROLE_NONE)
            table->roles[i] = label_guess(head.at, head.len);
        seen |= 1U << table->roles[i];
        table->showrepl =
            table->showrepl || (head.len >= 10 && str_starts_case(head.at, "source dsa"));
    }
    bool event = seen & 1U << ROLE_EVENT_ID, message = seen & 1U << ROLE_MESSAGE;
    table->extra = event && !message && table->separator;
    table->roles[table->columns] = ROLE_MESSAGE;
    return event || message || (seen & (1U << ROLE_ERROR | 1U << ROLE_SOURCE | 1U << ROLE_DSA));
}

static bool set_heads(struct table *table, struct slice heads, char separator)
{
    table->separator = separator;
    table->columns = 0;
    while (heads.at && table->columns < MAX_COLUMNS)
        table->heads[table->columns++] = take_cell(&heads, separator);
    if (table->columns < 2 || !take_heads(table))
        table->columns = 0;
    return table->columns;
}

static bool open_separated(struct table *table, const struct page *page, size_t *at,
                           struct strs *owned)
{
    const struct line *line = &page->lines[*at];
    for (const char *sep = "\t,;|"; *sep; sep++) {
        if (!memchr(line->text, *sep, line->len))
            continue;
        struct str text = STR_INIT;
        size_t taken = assemble(page, *at, *sep, 0, &text), to = 0;
        table->patience -= taken == 0;
        for (size_t i = 0; i < text.len; i++) /* wrapped within a word; Jira's "||" */
            if (text.text[i] != '\n' && (text.text[i] != '|' || !to || text.text[to - 1] != '|'))
                text.text[to++] = text.text[i];
        if (taken && text.len <= MAX_HEAD &&
            set_heads(table, without_bars(text.text, to, *sep), *sep)) {
            strs_own(owned, str_steal(&text));
            *at += taken;
            return true;
        }
        str_release(&text);
    }
    return false;
}

/* Where a row is parted between two columns: the widest blank between the end of one column's
 * ruler and the start of the next one's. */
static size_t find_cut(const struct line *line, size_t from, size_t to)
{
    size_t best = to, width = 0;
    for (size_t i = from; i < to && i < line->len;) {
        size_t run = strspn(line->text + i, " ");
        run = run < to - i + 1 ? run : to - i + 1;
        if (run && run >= width) {
            width = run;
            best = i;
        }
        i += run ? run : 1;
    }
    return best < line->len ? best : line->len;
}

static void cut_fixed(const struct table *table, const struct line *line, struct slice *cells)
{
    size_t from = 0, end;
    for (size_t i = 0; i < table->columns; i++, from = end) {
        end = i + 1 < table->columns ? find_cut(line, table->ends[i], table->starts[i + 1])
                                     : line->len;
        end = end < from ? from : end;
        cells[i] = trim(line->text + from, line->text + end);
    }
}

/* "-----  ---" below a head: columns of fixed width. */
static bool open_fixed(struct table *table, const struct page *page, size_t *at)
{
    const struct line *head = &page->lines[*at], *ruler = head + 1;
    if (*at + 1 >= page->count || ruler->len <= 4 || !strstr(ruler->text, "- ") ||
        strspn(ruler->text, "- ") != ruler->len)
        return false;
    table->separator = '\0';
    table->columns = 0;
    for (size_t i = 0; i < ruler->len && table->columns < MAX_COLUMNS; table->columns++) {
        table->starts[table->columns] = i += strspn(ruler->text + i, " ");
        table->ends[table->columns] = i += strspn(ruler->text + i, "-");
    }
    cut_fixed(table, head, table->heads);
    if (!take_heads(table))
        table->columns = 0;
    *at += table->columns ? 2 : 0;
    return table->columns;
}

/* "showrepl_INFO,Liverpool,LIVDC01,..." without its head. */
static void open_showrepl(struct table *table, const struct line *line)
{
    static const char heads[] = "-,Destination DSA Site,Destination DSA,-,Source DSA Site,"
                                "Source DSA,-,-,Last Failure Time,-,Last Failure Status";
    const char *at = line->text + strspn(line->text, " \t\"");
    const char *separator = at + strcspn(at, ",;\t");
    if (!*separator ||
        (strncmp(at, "showrepl_INFO", 13) != 0 && strncmp(at, "showrepl_ERROR", 14) != 0))
        return;
    set_heads(table, (struct slice){heads, sizeof heads - 1}, ',');
    table->separator = *separator;
}

/* --- rows --- */

/* A cell of several lines is a text; of any other the parts belong together. */
static void put_cell(struct writer *w, struct slice cell, enum role role, size_t number)
{
    const char *end = cell.at + cell.len, *stop;
    for (const char *from = cell.at; from <= end; from = stop + 1, number++) {
        stop = memchr(from, '\n', (size_t)(end - from));
        stop = stop ? stop : end;
        struct piece piece = {role, from, from, stop, number, true};
        if (role == ROLE_NONE || role == ROLE_MESSAGE)
            write_line(w, from, from, stop, number);
        else if (stop > from)
            record_put(w->record, &piece);
    }
    w->pending = ROLE_NONE;
}

static void put_row(const struct table *table, const struct slice *cells, size_t count,
                    size_t number, struct record *out)
{
    struct writer w = {.record = out};
    *out = (struct record){.line = number};
    for (size_t i = 0; i < count; i++) {
        enum role role = table->roles[i];
        if (i < table->columns && !w.labels[role].at)
            w.labels[role] = table->heads[i];
        if (role != ROLE_SKIP && cells[i].len)
            put_cell(&w, cells[i], role, number);
    }
    finish_record(&w);
    if (out->kind != RECORD_EVENT) {
        out->kind = RECORD_PARTNER;
        out->source = table->showrepl ? SUBJECT_SHOWREPL_CSV : SUBJECT_GUID;
    }
}

static bool read_separated(struct table *table, const struct page *page, size_t *at,
                           struct strs *owned, struct record *out)
{
    struct str text = STR_INIT;
    struct slice cells[MAX_COLUMNS + 1];
    size_t number = page->lines[*at].number, count = 0;
    bool bars = table->separator == '|';
    size_t taken = assemble(page, *at, table->separator, bars ? 0 : table->columns, &text);
    size_t len = unquote_row(text.text, text.len, table->separator);
    struct slice all = without_bars(text.text, len, table->separator);
    table->patience -= taken == 0;
    while (taken && all.at && count < table->columns + table->extra)
        cells[count++] = take_cell(&all, table->separator);
    if (count < 3 && count + 2 < table->columns)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        char *cell = text.text + (cells[i].at - text.text);
        size_t to = 0;
        for (size_t k = 0; k < cells[i].len; k++) /* a text keeps its lines */
            if (cell[k] != '\n' || table->roles[i] == ROLE_MESSAGE || table->roles[i] == ROLE_NONE)
                cell[to++] = cell[k];
        cells[i].len = to;
        cell[to] = '\0'; /* a cell is a line's text */
    }
    if (count) {
        put_row(table, cells, count, number, out);
        strs_own(owned, str_steal(&text));
        *at += taken;
    }
    str_release(&text);
    table->columns = count ? table->columns : 0;
    return count;
}

bool table_line(struct table *table, const struct page *page, size_t *at, struct strs *owned,
                struct record *out, bool *row)
{
    const struct line *line = &page->lines[*at];
    struct slice cells[MAX_COLUMNS + 1];
    *row = false;
    if (!table->columns || !table->showrepl)
        open_showrepl(table, line);
    if (!table->columns)
        return table->patience > -PATIENCE && line->len <= 1000 &&
               (open_fixed(table, page, at) || open_separated(table, page, at, owned));
    if (line->len && strspn(line->text, "|-: +=") == line->len) { /* Markdown's second line */
        ++*at;
        return true;
    }
    if (!line->len || (table->separator && !memchr(line->text, table->separator, line->len) &&
                       *line->text != '"')) {
        table->columns = 0;
        return false;
    }
    if (table->separator)
        return *row = read_separated(table, page, at, owned, out);
    cut_fixed(table, line, cells);
    put_row(table, cells, table->columns, line->number, out);
    ++*at;
    return *row = true;
}
