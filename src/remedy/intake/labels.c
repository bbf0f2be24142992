/* The label table. Labels are compared without case, blanks and punctuation, in UTF-8; a row is a
 * label and its role, and that is all there is to a new language or a new tool. */
#include "src/remedy/intake/labels.h"

#include "src/base/str.h"
#include "src/remedy/intake/codes.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LABEL = 64, MAX_WORDS = 6 };

/* Sorted: they are found by halving (tests/unit/test_intake_labels.c holds the order). */
static const struct row {
    const char *label;
    enum role role;
} rows[] = {
#include "src/remedy/intake/labels.def"
};

/* Words that tell a label that is not in the table, the strongest first. */
static const struct row stems[] = {
    {"invocation", ROLE_SKIP},   {"aufruf", ROLE_SKIP},      {"partition", ROLE_SKIP},
    {"transport", ROLE_SKIP},    {"activity", ROLE_SKIP},    {"provider", ROLE_SKIP},
    {"schemaid", ROLE_SKIP},     {"correlation", ROLE_SKIP}, {"attributesecurity", ROLE_SKIP},
    {"rights", ROLE_SKIP},       {"tenant", ROLE_SKIP},      {"agent", ROLE_SKIP},
    {"connection", ROLE_SKIP},   {"verbindung", ROLE_SKIP},  {"domguid", ROLE_SKIP},
    {"domainguid", ROLE_SKIP},   {"recordid", ROLE_SKIP},    {"hostid", ROLE_SKIP},
    {"identity", ROLE_SKIP},     {"runid", ROLE_SKIP},       {"namingcontext", ROLE_SKIP},
    {"sitename", ROLE_SKIP},     {"dest", ROLE_REPORTER},    {"ziel", ROLE_REPORTER},
    {"targetdc", ROLE_REPORTER}, {"partner", ROLE_SOURCE},   {"source", ROLE_SOURCE},
    {"quell", ROLE_SOURCE},      {"neighbo", ROLE_SOURCE},   {"status", ROLE_ERROR},
    {"result", ROLE_ERROR},      {"errorcode", ROLE_ERROR},  {"lasterror", ROLE_ERROR},
    {"failurecode", ROLE_ERROR}, {"ergebnis", ROLE_ERROR},
};

/* The label as the table has it. */
static size_t normalise(const char *label, size_t len, char out[MAX_LABEL + 1])
{
    size_t to = 0;
    for (size_t i = 0; i < len && to < MAX_LABEL; i++) {
        char c = label[i];
        if (c >= 'A' && c <= 'Z')
            out[to++] = (char)(c | 0x20);
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) || c == '.' ||
                 c == '#')
            out[to++] = c;
    }
    out[to] = '\0';
    return to;
}

static int compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct row *)row)->label);
}

static enum role look_up(const char *key)
{
    const struct row *row = bsearch(key, rows, sizeof rows / sizeof *rows, sizeof *rows, compare);
    return row ? row->role : ROLE_NONE;
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
    if (strstr(key, "dsa") && strstr(key, "guid"))
        return ROLE_DSA_GUID;
    if (len > 4 && label[len - 1] == 'd' && (label[len - 2] == 'I' || label[len - 3] == '_') &&
        !memchr(label, ' ', len)) /* alertId, sys_id */
        return ROLE_SKIP;
    return dot && dot[1] ? look_up(dot + 1) : ROLE_NONE;
}

enum role label_guess(const char *label, size_t len)
{
    char key[MAX_LABEL + 1];
    if (len > MAX_LABEL || !normalise(label, len, key))
        return ROLE_NONE;
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++)
        if (strstr(key, stems[i].label))
            return stems[i].role;
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
    static const char *const words[] = {"event",
                                        "ereignis",
                                        "v\xC3\xA9nement",
                                        "venement",
                                        "hendelse",
                                        "ndelse",
                                        "zdarzen",
                                        "gebeurtenis",
                                        "tapahtuma",
                                        "esem\xC3\xA9ny",
                                        "ud\xC3\xA1lost",
                                        "olay",
                                        "\xD0\xBE\xD0\xB1\xD1\x8B\xD1\x82\xD0\xB8",
                                        "\xE3\x82\xA4\xE3\x83\x99\xE3\x83\xB3\xE3\x83\x88",
                                        "\xE4\xBA\x8B\xE4\xBB\xB6",
                                        "\xEC\x9D\xB4\xEB\xB2\xA4\xED\x8A\xB8"};
    char part[MAX_LABEL + 1];
    len = len < MAX_LABEL ? len : MAX_LABEL;
    memcpy(part, text, len);
    part[len] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find_case(part, words[i]))
            return true;
    return false;
}

/* "Ereignis-ID: 1411", "ID de l'evenement": an event's id in a language that is not listed. What
 * says "event" and not "id" is one only in front of an id of ours. */
static bool is_event_id(const char *label, size_t len, const char *sep)
{
    static const char *const ids[] = {"id", "kennung", "code", "\xD0\xBA\xD0\xBE\xD0\xB4",
                                      "\xD0\x9A\xD0\xBE\xD0\xB4"};
    static const char *const others[] = {"record", "datensatz", "index", "time", "type",
                                         "source", "data",      "level", "log",  "provider",
                                         "zeit",   "typ",       "quelle"};
    char key[MAX_LABEL + 1];
    const char *value = sep + strspn(sep, ":=| \t\"'[");
    if (len > MAX_LABEL || *value < '0' || *value > '9' || !has_event_word(label, len))
        return false;
    normalise(label, len, key);
    bool says_id = event_is_ours(strtol(value, NULL, 10), NULL);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        says_id = says_id || strstr(key, ids[i]);
    if (!says_id)
        return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strstr(key, others[i]))
            return false;
    return true;
}

/* Past what may stand in front of a label or a value. */
static const char *skip_lead(const char *text)
{
    return text + strspn(text, " \t\"'*_+|[`");
}

static bool is_separator(char c)
{
    return c == ':' || c == '=' || c == '|' || c == '\t';
}

static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c & 0x80) || c == ')';
}

/* The longest label of up to MAX_WORDS words that ends at `end`; its beginning, NULL: none. */
static const char *find_label(const char *from, const char *end, const char *sep, enum role *role)
{
    const char *found = NULL, *at = end;
    int words = 0;
    while (at > from && words < MAX_WORDS && end - at < MAX_LABEL) {
        at--;
        bool first = at == from || strchr(" \t\",;|{([<'", at[-1]);
        if (strchr(",;|{}<>", *at))
            break;
        if (!first || strchr(" \t", *at))
            continue;
        words++;
        enum role here = label_role(at, (size_t)(end - at));
        if (here != ROLE_NONE && end - at == 2 && at > skip_lead(from)) /* "Run id: 282" */
            here = ROLE_SKIP;
        if (here != ROLE_NONE) {
            found = at;
            *role = here;
        } else if (!found && is_event_id(at, (size_t)(end - at), sep)) {
            found = at;
            *role = ROLE_EVENT_ID;
        }
    }
    return found;
}

/* The next known label from `at` on, not behind the separator before it. */
static const char *next_label(const char *at, const char **value, const char **label_end,
                              enum role *role)
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
        const char *last = end - 1;
        while (last > from && *last >= '0' && *last <= '9')
            last--;
        const char *label =
            end > from && is_letter(*last) ? find_label(from, end, sep, role) : NULL;
        if (label && (*sep == '|' || *sep == '\t') && label > skip_lead(from))
            label = NULL; /* a cell is a label as a whole */
        const char *lead = skip_lead(from);
        if (label && label > lead && label_guess(lead, (size_t)(end - lead)) == ROLE_SKIP) {
            label = lead; /* "Invocation ID of source directory server:" */
            *role = ROLE_SKIP;
        }
        if (label) {
            sep++;
            while (is_separator(*sep) && *sep != '\t')
                sep++;
            *label_end = end;
            *value = skip_lead(sep);
            return label;
        }
        if (*sep == '|' || *sep == '\t')
            from = sep + 1;
    }
    return NULL;
}

/* "logged by      dc1.contoso.com", "#!DC dc1.contoso.com": a label that blanks part from its
 * value, and "Computer dc1.contoso.com" of Event Viewer's friendly view. */
static bool aligned_label(const char *line, struct segment *out)
{
    const char *from = line + strspn(line, " \t*_-+#!"), *end = from;
    bool marked = from > line && from[-1] == '!';
    while (*end && !strchr(":=|\t", *end) && end - from < MAX_LABEL &&
           !(*end == ' ' && (marked || end[1] == ' ')))
        end++;
    const char *lone = from + strcspn(from, " :=\t");
    bool friendly = *lone == ' ' && *end == '\0' && !strchr(lone + 1, ' ') && strchr(lone, '.');
    end = friendly ? lone : end;
    if (*end != ' ' || end == from)
        return false;
    from -= marked && from - line > 1 && from[-2] == '#' ? 2 : 0;
    enum role role = label_role(from, (size_t)(end - from));
    const char *value = end + strspn(end, " ");
    if (role == ROLE_NONE || !*value || strchr(":=|", *value) ||
        (friendly && role != ROLE_REPORTER))
        return false;
    *out = (struct segment){role, from, (size_t)(end - from), value, value + strlen(value)};
    return true;
}

bool next_segment(const char *line, const char **at, struct segment *out)
{
    const char *value, *end, *start = *at;
    enum role role;
    if (!*start)
        return false;
    *out = (struct segment){.role = ROLE_NONE, .value = start};
    if (start == line && aligned_label(line, out)) {
        *at = out->end;
        return true;
    }
    const char *label = next_label(start, &value, &end, &role);
    if (label && label <= skip_lead(start)) {
        enum role next_role;
        const char *next_value, *next_end;
        *out = (struct segment){role, label, (size_t)(end - label), value, value};
        label = next_label(value, &next_value, &next_end, &next_role);
    }
    out->end = label ? label : out->value + strlen(out->value);
    *at = out->end;
    return true;
}
