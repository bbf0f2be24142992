#include "tests/wire/report.h"

#include "src/base/file.h"
#include "src/base/mem.h"
#include "src/directory/wire.h"
#include "src/remedy/bugreport.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct report {
    struct record record; /* its first pair stands for the title: position 0 is no part */
    bool *taken, *ended;
    struct str missing;
    pthread_mutex_t lock;
};

/* ---- reading ---- */

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static void add_decoded(struct record *record, const char *name, const char *text, size_t len)
{
    struct str bytes = STR_INIT;
    uint32_t bits = 0;
    for (size_t i = 0; i < len && digit_of(text[i]) >= 0; i++) {
        bits = bits << 6 | (uint32_t)digit_of(text[i]);
        if (i % 4 > 0)
            str_addc(&bytes, (char)(bits >> (6 - 2 * (i % 4)) & 0xFF));
    }
    record_bytes(record, name, PAIR_OURS, str_text(&bytes), bytes.len);
    str_release(&bytes);
}

static void add_line(struct record *record, const char *line, size_t len, bool begins)
{
    size_t name_len = strcspn(line, ":");
    if (len == 0 || *line == '#' || name_len >= len)
        return;
    char *name = mem_textn(line, name_len);
    bool encoded = line[name_len + 1] == ':';
    size_t at = name_len + 2 + encoded;
    if (encoded)
        add_decoded(record, name, line + at, len > at ? len - at : 0);
    else
        record_bytes(record, name, PAIR_OURS, line + at, len > at ? len - at : 0);
    record->items[record->count - 1].begins = begins;
    free(name);
}

static bool has_title(const char *text)
{
    return strncmp(text, BUGREPORT_TITLE "\n", strlen(BUGREPORT_TITLE "\n")) == 0;
}

struct report *report_parse(const char *text, size_t len)
{
    struct report *report = mem_zero(1, sizeof *report);
    bool begins = false;
    if (!has_title(text)) {
        free(report);
        return NULL;
    }
    record_line(&report->record, BUGREPORT_TITLE);
    for (const char *at = strchr(text, '\n') + 1; at < text + len;) {
        size_t line = strcspn(at, "\n");
        size_t before = report->record.count;
        add_line(&report->record, at, line, begins);
        begins = line == 0 || (begins && report->record.count == before);
        at += line + 1;
    }
    record_begin(&report->record, "end", PAIR_OURS, "");
    report->taken = mem_zero(report->record.count, sizeof *report->taken);
    report->ended = mem_zero(report->record.count, sizeof *report->ended);
    pthread_mutex_init(&report->lock, NULL);
    return report;
}

struct report *report_read(const char *path)
{
    struct str text = STR_INIT;
    char buffer[4096];
    FILE *file = file_read(path);
    for (size_t got; file && (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        str_addn(&text, buffer, got);
    if (file)
        (void)fclose(file);
    struct report *report = report_parse(str_text(&text), text.len);
    str_release(&text);
    return report;
}

void report_free(struct report *report)
{
    record_release(&report->record);
    str_release(&report->missing);
    pthread_mutex_destroy(&report->lock);
    free(report->taken);
    free(report->ended);
    free(report);
}

const struct record *report_record(const struct report *report)
{
    return &report->record;
}

/* ---- parts ---- */

size_t report_part(const struct report *report, size_t at, const char *kind, const char *value)
{
    for (size_t i = at + 1; i < report->record.count; i++) {
        const struct pair *pair = &report->record.items[i];
        if (pair->begins && str_same(pair->name, kind) &&
            (!value || str_same_case(pair->value, value)))
            return i;
    }
    return 0;
}

const char *report_value(const struct record *record, size_t at, const char *name)
{
    for (size_t i = at + 1; i < record->count && !record->items[i].begins; i++)
        if (str_same(record->items[i].name, name))
            return record->items[i].value;
    return NULL;
}

/* ---- taking ---- */

/* What a filter or a DN means, whichever of its bytes are escaped. */
static char *meaning(const char *text)
{
    struct str s = STR_INIT;
    for (; *text; text++) {
        char hex[] = {text[0] ? text[1] : 0, text[0] && text[1] ? text[2] : 0, 0}, *end;
        long byte = *text == '\\' ? strtol(hex, &end, 16) : 0;
        bool escape = *text == '\\' && hex[1] && *end == '\0';
        if (escape && byte >= ' ' && !strchr("*()\\", (int)byte))
            str_addc(&s, (char)byte);
        else if (escape)
            str_addf(&s, "\\%02lx", byte);
        else
            str_addc(&s, *text);
        text += escape ? 2 : 0;
    }
    return str_steal(&s);
}

static bool means(const char *a, const char *b)
{
    char *x = meaning(a ? a : ""), *y = meaning(b ? b : "");
    bool same = str_same_case(x, y);
    free(x);
    free(y);
    return same;
}

static bool is_asked(const struct record *record, size_t at, const struct report_search *asked)
{
    static const char *const scopes[] = {
        [LDAP_SCOPE_BASE] = "base", [LDAP_SCOPE_ONELEVEL] = "one", [LDAP_SCOPE_SUBTREE] = "sub"};
    const char *controls = report_value(record, at, "controls");
    bool deleted = controls && strstr(controls, LDAP_CONTROL_X_SHOW_DELETED);
    return str_same(scopes[asked->scope], report_value(record, at, "scope")) &&
           deleted == asked->deleted && means(asked->base, report_value(record, at, "base")) &&
           means(asked->filter, report_value(record, at, "filter"));
}

/* The best of those that fit: not taken yet, and with the same attributes. A program that asks for
 * more of them than the one that wrote the report is answered all the same. */
static size_t find_search(const struct report *report, const struct report_search *asked)
{
    size_t best = 0;
    int best_rank = -1;
    for (size_t at = 0; (at = report_part(report, at, "search", asked->dc)) > 0;) {
        bool same =
            str_same_case(asked->attributes, report_value(&report->record, at, "attributes"));
        int rank = 2 * same + !report->taken[at];
        if (rank > best_rank && is_asked(&report->record, at, asked)) {
            best = at;
            best_rank = rank;
        }
    }
    return best;
}

size_t report_search(struct report *report, const struct report_search *asked,
                     const struct record **record)
{
    *record = &report->record;
    pthread_mutex_lock(&report->lock);
    size_t at = find_search(report, asked);
    report->taken[at] = true;
    if (at == 0)
        str_addf(&report->missing, "search %s: base \"%s\", scope %d, filter %s, attributes %s\n",
                 asked->dc, asked->base, asked->scope, asked->filter, asked->attributes);
    pthread_mutex_unlock(&report->lock);
    if (at == 0)
        return 0;
    while (!str_same(report->record.items[at].name, "dn") &&
           !str_same(report->record.items[at].name, "result"))
        at++;
    return at;
}

/* That part is to be taken before the other: it was not taken, or it began earlier. */
static bool before(const struct report *report, size_t at, size_t other)
{
    const char *began = report_value(&report->record, at, "began");
    const char *other_began = report_value(&report->record, other, "began");
    if (report->taken[at] != report->taken[other])
        return report->taken[other];
    return began && other_began && atoll(began) < atoll(other_began);
}

size_t report_take(struct report *report, const char *kind, const char *value)
{
    pthread_mutex_lock(&report->lock);
    size_t found = 0;
    for (size_t at = 0; (at = report_part(report, at, kind, value)) > 0;)
        if (found == 0 || before(report, at, found))
            found = at;
    report->taken[found] = true;
    if (found == 0)
        str_addf(&report->missing, "%s %s\n", kind, value);
    pthread_mutex_unlock(&report->lock);
    return found;
}

void report_end(struct report *report, size_t at)
{
    pthread_mutex_lock(&report->lock);
    report->ended[at] = true;
    pthread_mutex_unlock(&report->lock);
}

bool report_ended(struct report *report, const char *kind, size_t before)
{
    bool ended = true;
    pthread_mutex_lock(&report->lock);
    for (size_t at = 0; (at = report_part(report, at, kind, NULL)) > 0 && at < before;)
        ended = ended && report->ended[at];
    pthread_mutex_unlock(&report->lock);
    return ended;
}

/* What was no answer at all is played by one that means as little. */
int report_code(const struct record *record, size_t at)
{
    int code = atoi(record->items[at].value);
    const char *error = report_value(record, at, "error");
    if (!error || code > 0)
        return code;
    return str_same(error, "limit")       ? LDAP_SIZELIMIT_EXCEEDED
           : str_same(error, "timed-out") ? LDAP_TIMELIMIT_EXCEEDED
                                          : LDAP_UNAVAILABLE;
}

const char *report_missing(struct report *report)
{
    pthread_mutex_lock(&report->lock);
    const char *missing = str_text(&report->missing);
    pthread_mutex_unlock(&report->lock);
    return missing;
}
