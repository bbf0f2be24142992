/* repadmin /showrepl /csv and /replsum: tables without GUIDs. A CSV row is known by its first
 * field, which no language changes; the separator is whatever follows it (Excel likes ';'). A
 * /replsum row is known by "5 / 5  100  (8589)"; of its two tables the first lists sources. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { CSV_FIELDS = 11, CSV_MAX_LINES = 4 };
enum {
    CSV_TO_SITE = 1,
    CSV_TO,
    CSV_NC,
    CSV_FROM_SITE,
    CSV_FROM,
    CSV_LAST_FAILURE = 8,
    CSV_STATUS = 10
};

static const char *csv_start(const char *text)
{
    text = intake_skip(text);
    text += *text == '"';
    return str_starts_case(text, "showrepl_") ? text : NULL;
}

/* One field; returns what follows its separator, NULL behind the last. */
static const char *take_field(const char *at, char separator, struct strs *fields)
{
    struct str field = STR_INIT;
    bool quoted = *at == '"';
    for (at += quoted; *at; at++) {
        if (quoted && *at == '"' && at[1] == '"')
            at++;
        else if (quoted && *at == '"')
            quoted = false;
        else if (!quoted && *at == separator)
            break;
        if (*at != '"')
            str_addc(&field, *at);
    }
    strs_own(fields, str_steal(&field));
    return *at ? at + 1 : NULL;
}

/* A spreadsheet that kept the row in one cell quotes all of it and doubles the quotes inside. */
static char *out_of_one_cell(const char *start)
{
    struct str row = STR_INIT;
    for (const char *at = start; *at && (*at != '"' || at[1] == '"'); at++) {
        at += *at == '"';
        str_addc(&row, *at);
    }
    return str_steal(&row);
}

static void split(const char *row, struct strs *fields)
{
    const char *start = csv_start(row);
    const char *at = start + strcspn(start, "\",;\t");
    if (start > row && start[-1] == '"' && *at && *at != '"') {
        char *inside = out_of_one_cell(start);
        split(inside, fields);
        free(inside);
        return;
    }
    char separator = *at == '"' ? at[1] : *at;
    at = start > row && start[-1] == '"' ? start - 1 : start;
    while (at && fields->count < 2 * CSV_FIELDS)
        at = take_field(at, separator ? separator : ',', fields);
}

/* A row broken by the console goes on in the next lines. */
static void read_row(const struct intake_line *line, struct intake_lines *lines,
                     struct strs *fields)
{
    struct str row = STR_INIT;
    struct intake_line next;
    str_addn(&row, line->text, line->len < 4096 ? line->len : 4096);
    split(str_text(&row), fields);
    for (int i = 0; i < CSV_MAX_LINES && fields->count < CSV_FIELDS; i++) {
        struct intake_lines ahead = *lines;
        if (!intake_next_line(&ahead, &next) || csv_start(next.text) || intake_blank(next.text) ||
            next.len > 4096)
            break;
        *lines = ahead;
        str_addn(&row, next.text, next.len);
        strs_release(fields);
        split(str_text(&row), fields);
    }
    str_release(&row);
}

static char *field_name(const struct strs *fields, int which)
{
    const char *text = fields->items[which];
    bool bad = !*text || strlen(text) > INTAKE_MAX_NAME || strstr(text, "\xEF\xBF\xBD");
    return bad ? NULL : mem_text(text);
}

static void take_row(struct intake *in, const struct strs *fields, size_t line)
{
    long code = intake_code(intake_number(fields->items[CSV_STATUS]));
    char *name = str_format("%s\\%s", fields->items[CSV_FROM_SITE], fields->items[CSV_FROM]);
    intake_see_code(in, code, name);
    free(name);
    if (code != DS_NO_SERVER_REFERENCE && code != DS_DELETED_DOMAIN)
        return;
    struct intake_place place = {.host = field_name(fields, CSV_TO),
                                 .failing = true,
                                 .line = line,
                                 .site = field_name(fields, CSV_TO_SITE),
                                 .source = SUBJECT_SHOWREPL_CSV};
    intake_add_place(in, &place);
    free(place.host);
    free(place.site);
    struct subject_dsa dsa = {.source = SUBJECT_SHOWREPL_CSV,
                              .hypothesis = true,
                              .status = code,
                              .line = line,
                              .site = field_name(fields, CSV_FROM_SITE),
                              .server = field_name(fields, CSV_FROM),
                              .last_attempt = intake_when(fields->items[CSV_LAST_FAILURE])};
    intake_add(in, &dsa, INTAKE_MEANT);
}

/* "Source DSA     : WARD5": what ConvertFrom-Csv makes of a row. The field's number from 1, 0 when
 * the line is none of these. */
static int listed_field(const char *text, const char **value)
{
    static const char *const names[CSV_FIELDS] = {
        "showrepl_COLUMNS",  "Destination DSA Site", "Destination DSA",    "Naming Context",
        "Source DSA Site",   "Source DSA",           "Transport Type",     "Number of Failures",
        "Last Failure Time", "Last Success Time",    "Last Failure Status"};
    text = intake_skip(text);
    for (int i = 0; i < CSV_FIELDS; i++) {
        size_t len = strlen(names[i]);
        if (!str_starts_case(text, names[i]) || *intake_skip(text + len) != ':')
            continue;
        *value = intake_skip(intake_skip(text + len) + 1);
        return i + 1;
    }
    return 0;
}

/* One record of such a list; a field that comes again begins the next. */
static bool take_listed(struct intake *in, const struct intake_line *first,
                        struct intake_lines *lines)
{
    char *found[CSV_FIELDS] = {NULL};
    struct strs fields = {NULL, 0};
    struct intake_lines ahead = *lines;
    struct intake_line line = *first;
    const char *value;
    for (int which; line.len < 400 && (which = listed_field(line.text, &value)) > 0;) {
        if (found[which - 1])
            break;
        found[which - 1] = mem_text(value);
        *lines = ahead;
        if (!intake_next_line(&ahead, &line))
            break;
    }
    for (int i = 0; i < CSV_FIELDS; i++)
        strs_own(&fields, found[i] ? found[i] : mem_text(""));
    bool whole = *fields.items[CSV_FROM] && *fields.items[CSV_STATUS];
    if (whole)
        take_row(in, &fields, first->number);
    strs_release(&fields);
    return whole;
}

static void see_report(struct intake *in)
{
    in->report = in->any_report ? in->report : SUBJECT_SHOWREPL_CSV;
    in->any_report = true;
}

bool intake_csv_line(struct intake *in, const struct intake_line *line, struct intake_lines *lines)
{
    struct strs fields = {NULL, 0};
    const char *value;
    struct intake_lines ahead = *lines;
    if (line->len < 400 && listed_field(line->text, &value) && take_listed(in, line, &ahead)) {
        *lines = ahead;
        see_report(in);
        return true;
    }
    if (!csv_start(line->text))
        return false;
    read_row(line, lines, &fields);
    bool info = fields.count >= CSV_FIELDS && str_same_case(fields.items[0], "showrepl_INFO");
    if (info)
        take_row(in, &fields, line->number);
    strs_release(&fields);
    see_report(in);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_number(const char *at)
{
    if (!is_digit(*at))
        return NULL;
    while (is_digit(*at))
        at++;
    return intake_skip(at);
}

/* "5 / 5  100  (8589) text" at `at`; the code may be missing where nothing fails. */
static bool read_counts(const char *at, long *code)
{
    *code = 0;
    if (!(at = skip_number(at)) || *at != '/' || !(at = skip_number(intake_skip(at + 1))) ||
        !(at = skip_number(at)))
        return false;
    if (*at == '(')
        *code = intake_code(strtol(at + 1, NULL, 10));
    return true;
}

/* A row: a name, how long ago, and the counts around the first '/'. */
static bool read_row_of_sum(const char *text, char **name, long *code)
{
    const char *start = intake_skip(text), *slash = strchr(start, '/');
    size_t len = strcspn(start, " \t");
    if (!slash || slash - start > 200 || len == 0 || start[len] == '\0')
        return false;
    const char *at = slash;
    while (at > start && at[-1] == ' ')
        at--;
    while (at > start && is_digit(at[-1]))
        at--;
    if (at <= start + len || !read_counts(at, code))
        return false;
    *name = mem_textn(start, len);
    return true;
}

static void take_sum(struct intake_replsum *sum, struct intake *in, char **name, long code,
                     size_t line)
{
    bool meant = code == DS_NO_SERVER_REFERENCE || code == DS_DELETED_DOMAIN;
    if (sum->table == 2 && meant) {
        struct intake_place place = {
            .host = *name, .failing = true, .line = line, .source = SUBJECT_REPLSUM};
        intake_add_place(in, &place);
    } else if (meant) {
        struct subject_dsa dsa = {.source = SUBJECT_REPLSUM,
                                  .server = *name,
                                  .hypothesis = true,
                                  .status = code,
                                  .line = line};
        *name = NULL;
        intake_add(in, &dsa, INTAKE_MEANT);
    }
}

static bool is_sum_head(const char *text)
{
    return strstr(text, "%%") && strchr(text, '/');
}

bool intake_replsum_line(struct intake_replsum *sum, struct intake *in,
                         const struct intake_line *line)
{
    char *name = NULL;
    long code;
    if (line->len > 400)
        return false;
    if (is_sum_head(line->text)) {
        bool source = str_starts_case(intake_skip(line->text), "Source");
        sum->table = source                                             ? 1
                     : str_starts_case(intake_skip(line->text), "Dest") ? 2
                                                                        : sum->table + 1;
        in->report = in->any_report ? in->report : SUBJECT_REPLSUM;
        in->any_report = true;
        return true;
    }
    if (!sum->table || !read_row_of_sum(line->text, &name, &code))
        return false;
    intake_see_code(in, code, name);
    if (intake_is_host(name))
        take_sum(sum, in, &name, code, line->number);
    free(name);
    return true;
}
