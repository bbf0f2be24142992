/* Tables. The head's cells are labels like any others; a row's cells are put into a record by them.
 * A row may hold lines (an event's message) or be wrapped, so it is put together first. */
#include "src/remedy/intake/reader.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ROW_LINES = 300, MAX_ROW = 64 << 10, PATIENCE = 64 };

/* --- cells --- */

/* The cell at *at; *at goes behind its separator, to NULL behind the last. */
static struct slice next_cell(const char **at, const char *end, char separator)
{
    const char *from = *at;
    bool quoted = false;
    const char *p = from;
    for (; p < end && (quoted || *p != separator); p++)
        quoted = quoted != (*p == '"');
    *at = p < end ? p + 1 : NULL;
    while (from < p && strchr(" \t\n", *from))
        from++;
    while (p > from && strchr(" \t\n", p[-1]))
        p--;
    if (p - from >= 2 && *from == '"' && p[-1] == '"')
        from++, p--;
    return (struct slice){from, (size_t)(p - from)};
}

struct shape {
    size_t cells;
    bool open; /* ends within quotes */
};

static struct shape shape_of(const char *text, size_t len, char separator, bool open)
{
    struct shape shape = {1, open};
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            shape.open = !shape.open;
        else if (text[i] == separator && !shape.open)
            shape.cells++;
    }
    return shape;
}

/* Markdown's and HTML's bars at both ends are no cells. */
static struct slice without_bars(const char *text, size_t len, char separator)
{
    struct slice s = {text, len};
    while (s.len && strchr(" \t", *s.at))
        s.at++, s.len--;
    if (separator == '|' && s.len && *s.at == '|') {
        s.at++, s.len--;
        if (s.len && s.at[s.len - 1] == '|')
            s.len--;
    }
    return s;
}

/* Puts lines together from lines[at] on until there are `want` cells (0: until no quote is open
 * and no separator stands last). The lines taken; 0: there is no end to it. */
static size_t assemble(const struct page *page, size_t at, char separator, size_t want,
                       struct str *out)
{
    const struct line *line = &page->lines[at];
    struct shape shape = shape_of(line->text, line->len, separator, false);
    size_t taken = 1;
    str_addn(out, line->text, line->len);
    while (shape.open || shape.cells < want ||
           (!want && line->len && line->text[line->len - 1] == separator && separator != '|')) {
        if (at + taken >= page->count || taken >= MAX_ROW_LINES || out->len > MAX_ROW)
            return shape.open ? 0 : taken;
        line = &page->lines[at + taken];
        struct shape next = shape_of(line->text, line->len, separator, shape.open);
        if (!shape.open && want && (!line->len || shape.cells + next.cells - 1 > want))
            break;
        shape = (struct shape){shape.cells + next.cells - 1, next.open};
        str_addc(out, '\n');
        str_addn(out, line->text, line->len);
        taken++;
    }
    return taken;
}

/* --- heads --- */

static enum role head_role(struct slice head)
{
    enum role role = label_role(head.at, head.len);
    return role != ROLE_NONE ? role : label_guess(head.at, head.len);
}

static bool is_key(enum role role)
{
    return role == ROLE_EVENT_ID || role == ROLE_ERROR || role == ROLE_SOURCE || role == ROLE_DSA ||
           role == ROLE_MESSAGE;
}

/* A head has several labels that are known, and one that says what a row is about. */
static bool take_heads(struct table *table)
{
    size_t known = 0, keys = 0;
    table->showrepl = false;
    for (size_t i = 0; i < table->columns; i++) {
        struct slice head = table->heads[i];
        if (head.len && memchr(head.at, ':', head.len)) /* "Event Type:  Error" */
            return false;
        table->roles[i] = head_role(head);
        known += label_role(head.at, head.len) != ROLE_NONE;
        keys += is_key(table->roles[i]);
        table->showrepl =
            table->showrepl || (head.len >= 10 && strncasecmp(head.at, "source dsa", 10) == 0);
    }
    if (keys == 0 || known < 2 || known * 3 < table->columns)
        return false;
    bool events = false, messages = false;
    for (size_t i = 0; i < table->columns; i++) {
        events = events || table->roles[i] == ROLE_EVENT_ID;
        messages = messages || table->roles[i] == ROLE_MESSAGE;
    }
    table->extra = events && !messages && table->separator;
    table->roles[table->columns] = ROLE_MESSAGE;
    return true;
}

static bool open_separated(struct table *table, const struct page *page, size_t *at,
                           struct strs *owned)
{
    const struct line *line = &page->lines[*at];
    static const char separators[] = "\t,;|";
    for (const char *sep = separators; *sep; sep++) {
        if (!memchr(line->text, *sep, line->len))
            continue;
        struct str text = STR_INIT;
        size_t taken = assemble(page, *at, *sep, 0, &text);
        if (!taken || text.len > 2000) {
            table->patience -= taken == 0;
            str_release(&text);
            continue;
        }
        size_t to = 0;
        for (size_t i = 0; i < text.len; i++) /* wrapped within a word; Jira's "||" */
            if (text.text[i] != '\n' && (text.text[i] != '|' || !to || text.text[to - 1] != '|'))
                text.text[to++] = text.text[i];
        text.text[to] = '\0';
        struct slice all = without_bars(text.text, to, *sep);
        table->columns = 0;
        for (const char *cell = all.at; cell && table->columns < MAX_COLUMNS;)
            table->heads[table->columns++] = next_cell(&cell, all.at + all.len, *sep);
        table->separator = *sep;
        if (table->columns >= 2 && take_heads(table)) {
            strs_own(owned, str_steal(&text));
            *at += taken;
            return true;
        }
        str_release(&text);
    }
    table->columns = 0;
    memset(table->heads, 0, sizeof table->heads); /* they lay in what was released */
    return false;
}

/* "-----  ---": the columns of a head that stands above it. */
static bool is_ruler(const struct line *line)
{
    return line->len > 4 && strspn(line->text, "- ") == line->len && strstr(line->text, "- ");
}

/* Where a row is parted between two columns: the widest blank between the end of one column's
 * ruler and the start of the next one's. */
static size_t find_cut(const struct line *line, size_t from, size_t to)
{
    size_t best = to, width = 0;
    for (size_t i = from; i < to && i < line->len;) {
        size_t run = 0;
        while (i + run < line->len && i + run <= to && line->text[i + run] == ' ')
            run++;
        if (run && run >= width) {
            width = run;
            best = i;
        }
        i += run ? run : 1;
    }
    return best < line->len ? best : line->len;
}

static size_t cut_fixed(const struct table *table, const struct line *line, struct slice *cells)
{
    size_t from = 0;
    for (size_t i = 0; i < table->columns; i++) {
        size_t end = line->len;
        if (i + 1 < table->columns) /* cuts[]: where a ruler ends (low half) and the next begins */
            end = find_cut(line, table->cuts[i] & 0xFFFF, table->cuts[i] >> 16);
        end = end < from ? from : end;
        cells[i] = trim(line->text + from, line->text + end);
        from = end;
    }
    return table->columns;
}

static bool open_fixed(struct table *table, const struct page *page, size_t *at)
{
    if (*at + 1 >= page->count || !is_ruler(&page->lines[*at + 1]))
        return false;
    const struct line *head = &page->lines[*at], *ruler = head + 1;
    table->columns = 0;
    table->separator = '\0';
    for (size_t i = 0; i < ruler->len && i < 0xFFFF && table->columns < MAX_COLUMNS;) {
        size_t start = i + strspn(ruler->text + i, " ");
        size_t end = start + strspn(ruler->text + start, "-");
        if (table->columns)
            table->cuts[table->columns - 1] |= start << 16;
        table->cuts[table->columns++] = end;
        i = end;
    }
    cut_fixed(table, head, table->heads);
    if (!take_heads(table)) {
        table->columns = 0;
        return false;
    }
    *at += 2;
    return true;
}

/* --- rows --- */

/* A cell of several lines is a text; of any other the parts belong together. */
static void put_cell(struct writer *w, struct slice cell, enum role role, size_t number)
{
    const char *end = cell.at + cell.len;
    for (const char *from = cell.at; from <= end; number++) {
        const char *stop = from;
        while (stop < end && *stop != '\n' && *stop)
            stop++;
        struct piece piece = {role, from, from, stop, number, true};
        if (role == ROLE_NONE || role == ROLE_MESSAGE)
            write_line(w, from, from, stop, number);
        else if (stop > from)
            record_put(w->record, &piece);
        from = stop + 1;
    }
}

static void join_lines(char *text, size_t *len)
{
    size_t to = 0;
    for (size_t i = 0; i < *len; i++)
        if (text[i] != '\n')
            text[to++] = text[i];
    *len = to;
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
        w.pending = ROLE_NONE;
    }
    finish_record(&w);
    if (out->kind != RECORD_EVENT) {
        out->kind = RECORD_PARTNER;
        out->source = table->showrepl ? SUBJECT_SHOWREPL_CSV : SUBJECT_GUID;
    }
}

/* "showrepl_INFO,Liverpool,LIVDC01,..." without its head. */
static void open_showrepl(struct table *table, char separator)
{
    static const enum role roles[] = {
        ROLE_SKIP, ROLE_REPORTER_SITE, ROLE_REPORTER, ROLE_SKIP, ROLE_SOURCE_SITE, ROLE_SOURCE,
        ROLE_SKIP, ROLE_SKIP,          ROLE_TIME,     ROLE_SKIP, ROLE_ERROR};
    table->columns = sizeof roles / sizeof *roles;
    table->separator = separator;
    table->showrepl = true;
    memcpy(table->roles, roles, sizeof roles);
}

static bool is_showrepl_row(const struct line *line, char *separator)
{
    const char *at = line->text + strspn(line->text, " \t\"");
    if (strncmp(at, "showrepl_INFO", 13) != 0 && strncmp(at, "showrepl_ERROR", 14) != 0)
        return false;
    at += strcspn(at, ",;\t\"");
    at += *at == '"';
    *separator = *at;
    return *at && strchr(",;\t", *at);
}

static bool read_separated(struct table *table, const struct page *page, size_t *at,
                           struct strs *owned, struct record *out)
{
    struct str text = STR_INIT;
    struct slice cells[MAX_COLUMNS + 1];
    size_t number = page->lines[*at].number, count = 0;
    bool bars = table->separator == '|';
    size_t taken = assemble(page, *at, table->separator, bars ? 0 : table->columns, &text);
    if (!taken) {
        table->columns = 0;
        table->patience--;
        str_release(&text);
        return false;
    }
    struct slice all = without_bars(text.text, text.len, table->separator);
    if (all.len > 2 && *all.at == '"' && all.at[all.len - 1] == '"' &&
        shape_of(all.at, all.len, table->separator, false).cells == 1) { /* quoted as a whole */
        size_t to = 0;
        char *row = text.text;
        for (size_t i = 1; i + 1 < all.len; i++) {
            row[to++] = all.at[i];
            i += all.at[i] == '"' && all.at[i + 1] == '"';
        }
        row[to] = '\0';
        all = (struct slice){row, to};
    }
    for (const char *cell = all.at; cell && count < table->columns + table->extra;)
        cells[count++] = next_cell(&cell, all.at + all.len, table->separator);
    for (size_t i = 0; i < count; i++)
        if (table->roles[i] != ROLE_MESSAGE && table->roles[i] != ROLE_NONE)
            join_lines(text.text + (cells[i].at - text.text), &cells[i].len);
    bool fits = count + 2 >= table->columns || count >= 3;
    if (fits) {
        for (size_t i = 0; i < count; i++) /* a cell is a line's text */
            text.text[cells[i].at - text.text + (ptrdiff_t)cells[i].len] = '\0';
        put_row(table, cells, count, number, out);
        strs_own(owned, str_steal(&text));
        *at += taken;
    }
    str_release(&text);
    table->columns = fits ? table->columns : 0;
    return fits;
}

bool table_line(struct table *table, const struct page *page, size_t *at, struct strs *owned,
                struct record *out, bool *row)
{
    const struct line *line = &page->lines[*at];
    char separator;
    *row = false;
    if (is_showrepl_row(line, &separator) && !(table->columns && table->showrepl))
        open_showrepl(table, separator);
    if (!table->columns) {
        if (table->patience <= -PATIENCE || line->len > 1000)
            return false;
        return open_fixed(table, page, at) || open_separated(table, page, at, owned);
    }
    if (line->len == 0 || (*line->text >= TEXT && *line->text <= DOCUMENT_END)) {
        table->columns = 0;
        return false;
    }
    struct slice first = without_bars(line->text, line->len, table->separator);
    first.len = table->separator ? strcspn(first.at, (char[]){table->separator, '\0'}) : 0;
    if (first.len && first.len < 40 &&
        label_role(first.at, first.len) != ROLE_NONE) { /* a next table's */
        struct table next = *table;
        if (open_separated(&next, page, at, owned)) {
            *table = next;
            return true;
        }
    }
    if (strspn(line->text, "|-: +=") == line->len) { /* Markdown's second line */
        ++*at;
        return true;
    }
    if (!table->separator) {
        struct slice cells[MAX_COLUMNS + 1];
        put_row(table, cells, cut_fixed(table, line, cells), line->number, out);
        ++*at;
        return *row = true;
    }
    if (!memchr(line->text, table->separator, line->len) && *line->text != '"') {
        table->columns = 0;
        return false;
    }
    return *row = read_separated(table, page, at, owned, out);
}
