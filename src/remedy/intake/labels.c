/* Cuts lines at the labels that are known. A label stands in front of ':', '=', '|' or a tab, is
 * made of words, and is compared without case, blanks and punctuation, in UTF-8;
 * labels.def has the labels. */
#include "src/remedy/intake/labels.h"

#include "src/base/index.h"
#include "src/base/str.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LABEL = 64 };

/* Each with a blank between its words. */
static const struct row {
    enum role role;
    const char *labels, *stems;
} rows[] = {
#define LABELS(role, labels, stems) {role, labels, stems},
#include "src/remedy/intake/labels.def"
#undef LABELS
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct index known; /* labels to roles; made before main(), then only read */

__attribute__((constructor)) static void learn_labels(void)
{
    for (size_t i = 0; i < ROWS; i++)
        for (const char *at = rows[i].labels; *at; at += strspn(at, " ")) {
            size_t len = strcspn(at, " ");
            index_add(&known, at, len, rows[i].role);
            at += len;
        }
}

/* The label as the table has it. */
static size_t normalise(const char *label, size_t len, char out[MAX_LABEL + 1])
{
    size_t to = 0;
    for (size_t i = 0; i < len && to < MAX_LABEL; i++) {
        char c = label[i];
        if (c >= 'A' && c <= 'Z')
            out[to++] = (char)(c | 0x20);
        else if (is_letter_or_digit(c) || (c & 0x80) || c == '.' || c == '#')
            out[to++] = c;
    }
    out[to] = '\0';
    return to;
}

static enum role look_up(const char *key)
{
    size_t at = index_first(&known, key, strlen(key));
    return at == INDEX_END ? ROLE_NONE : (enum role)index_value(&known, at);
}

enum role label_guess(const char *label, size_t len)
{
    char key[MAX_LABEL + 1];
    if (len > MAX_LABEL || !normalise(label, len, key))
        return ROLE_NONE;
    for (size_t i = 0; i < ROWS; i++)
        if (has_word_of(rows[i].stems, ANYWHERE, key, key + strlen(key)))
            return rows[i].role;
    return ROLE_NONE;
}

enum role label_role(const char *label, size_t len)
{
    char key[MAX_LABEL + 1];
    if (len > 2 * MAX_LABEL || !normalise(label, len, key))
        return ROLE_NONE;
    enum role role = look_up(key);
    const char *dot = strrchr(key, '.');
    if (role != ROLE_NONE)
        return role;
    if (dot && strcmp(dot, ".id") == 0) /* an agent's, a host's, a process's */
        return ROLE_SKIP;
    if (dot && (role = look_up(dot + 1)) != ROLE_NONE)
        return role;
    if (strstr(key, "dsa") && strstr(key, "guid"))
        return ROLE_DSA_GUID;
    if (len > 4 && label[len - 1] == 'd' && (label[len - 2] == 'I' || label[len - 3] == '_') &&
        !memchr(label, ' ', len)) /* alertId, sys_id */
        return ROLE_SKIP;
    if (has_word_of("id", AT_END, key, key + strlen(key)) && label_guess(label, len) == ROLE_SKIP)
        return ROLE_SKIP; /* "Run id", "Partition GUID" */
    return ROLE_NONE;
}

bool is_foreign(const char *start, const char *at)
{
    const char *end = at, *from;
    while (end > start && strchr(" \t:='\"{[(<*>", end[-1]))
        end--;
    for (from = end; from > start && end - from < 40 && !strchr(",;|}\"'>", from[-1]); from--)
        ;
    return label_guess(from, (size_t)(end - from)) == ROLE_SKIP;
}

bool has_event_word(const char *text, size_t len)
{
    return has_word_of("event ereignis vénement venement hendelse ndelse zdarzen gebeurtenis "
                       "tapahtuma esemény událost olay обыти イベント 事件 이벤트",
                       ANYWHERE, text, text + len);
}

/* "Ereignis-ID: 1411", "ID de l'evenement": the id of an event that is known, in a language that
 * is not listed. */
static bool is_event_id(const char *label, size_t len, const char *sep)
{
    const char *value = sep + strspn(sep, ":=| \t\"'[");
    return *value >= '1' && *value <= '9' && event_is_known(strtol(value, NULL, 10)) &&
           has_event_word(label, len);
}

/* Past what may stand in front of a label or a value. */
static const char *skip_lead(const char *text)
{
    return text + strspn(text, " \t\"'*_+|[`");
}

/* The longest label of [from, end): its last words, or in a cell all of it. */
static bool find_label(const char *line, const char *from, const char *end, const char *sep,
                       struct segment *out)
{
    const char *lead = skip_lead(from), *at = end;
    out->label = NULL;
    while (at > from && end - at < MAX_LABEL) {
        at--;
        if ((at > line && !strchr(" \t\",;|{([<'", at[-1])) || strchr(" \t", *at))
            continue;
        enum role role = label_role(at, (size_t)(end - at));
        if (role != ROLE_NONE && end - at == 2 && at > lead) /* "Run id: 282" */
            role = ROLE_SKIP;
        if (role == ROLE_NONE && !out->label && is_event_id(at, (size_t)(end - at), sep))
            role = ROLE_EVENT_ID;
        if (role != ROLE_NONE) {
            out->label = at;
            out->role = role;
        }
    }
    if (!out->label || ((*sep == '|' || *sep == '\t') && out->label > lead))
        return false;
    if (out->label > lead && label_guess(lead, (size_t)(end - lead)) == ROLE_SKIP) {
        out->label = lead; /* "Invocation ID of source directory server:" */
        out->role = ROLE_SKIP;
    }
    out->label_len = (size_t)(end - out->label);
    return true;
}

/* The next known label from `at` on, and where its value begins. */
static bool next_label(const char *at, struct segment *out)
{
    const char *from = at;
    for (const char *sep = at; (sep = strpbrk(sep, ":=|\t")); sep++) {
        const char *end = sep;
        if (*sep == '=' && sep[1] == '=') { /* a query: EventID == 1411 */
            sep += strspn(sep, "=") - 1;
            continue;
        }
        while (end > from && strchr(" \t\"'*_", end[-1]))
            end--;
        if (find_label(at, from, end, sep, out)) {
            out->value = skip_lead(sep + 1 + strspn(sep + 1, ":=|"));
            return true;
        }
        from = sep + 1;
    }
    return false;
}

/* "logged by      dc1.contoso.com", "#!DC dc1.contoso.com": a label that blanks part from its
 * value, and "Computer dc1.contoso.com" of Event Viewer's friendly view. */
static bool aligned_label(const char *line, struct segment *out)
{
    const char *from = line + strspn(line, " \t*_-+#!"), *end = from + strcspn(from, " ");
    const char *other = from + strcspn(from, ":=|\t"); /* a separator: not this kind of line */
    bool marked = from - line > 1 && strncmp(from - 2, "#!", 2) == 0;
    bool friendly = *end && !*other && !strchr(end + 1, ' ') && strchr(end, '.');
    if (!marked && !friendly)
        end = strstr(from, "  ");
    if (!end || !*end || end > other)
        return false;
    from -= marked ? 2 : 0;
    const char *value = end + strspn(end, " ");
    enum role role = label_role(from, (size_t)(end - from));
    if (role == ROLE_NONE || !*value || strchr(":=|", *value) ||
        (friendly && !marked && role != ROLE_REPORTER))
        return false;
    *out = (struct segment){role, from, (size_t)(end - from), value, value + strlen(value)};
    return true;
}

bool next_segment(const char *line, const char **at, struct segment *out)
{
    struct segment next;
    const char *start = *at;
    if (!*start)
        return false;
    if (start != line || !aligned_label(line, out)) {
        bool more = next_label(start, &next);
        *out = (struct segment){.role = ROLE_NONE, .value = start};
        if (more && next.label <= skip_lead(start)) {
            *out = next;
            more = next_label(next.value, &next);
        }
        out->end = more ? next.label : out->value + strlen(out->value);
    }
    *at = out->end;
    return true;
}
