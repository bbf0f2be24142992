/* repadmin /replsum: rows "NAME  >60 days  5 / 5  100  (8589) text", read from the bracket back, so
 * that translated, wrapped and joined ones read the same. */
#include "src/remedy/intake/reader.h"

#include <string.h>

/* The head of one of its two tables, in [from, to): 0 none, 1 sources, 2 destinations. */
static int replsum_head(const char *from, const char *to, int before)
{
    static const char *const second[] = {"dest", "ziel"}, *const first[] = {"sourc", "quell",
                                                                            "orig"};
    char part[128];
    size_t len = (size_t)(to - from);
    const char *percent = memchr(from, '%', len);
    if (!percent || len < 8)
        return 0;
    len = (size_t)(percent - from) < sizeof part - 1 ? (size_t)(percent - from) : sizeof part - 1;
    memcpy(part, percent - len, len);
    part[len] = '\0';
    if (!strstr(part, "dsa") || !strchr(part, '/'))
        return 0;
    for (size_t i = 0; i < 2; i++)
        if (strstr(part, second[i]))
            return 2;
    for (size_t i = 0; i < 3; i++)
        if (strstr(part, first[i]))
            return 1;
    return before ? 2 : 1;
}

static const char *back_over(const char *start, const char *at, const char *set)
{
    while (at > start && strchr(set, at[-1]))
        at--;
    return at;
}

/* The word in front of `at`. */
static struct slice word_before(const char *start, const char *at)
{
    const char *end = back_over(start, at, " \t"), *from = end;
    while (from > start && !strchr(" \t", from[-1]))
        from--;
    return (struct slice){from, (size_t)(end - from)};
}

/* In front of "(code)": "NAME delta fails / total pct". */
static struct slice replsum_name(const char *start, const char *bracket)
{
    static const char digits[] = "0123456789";
    const char *at = back_over(start, back_over(start, bracket, " \t"), "%");
    const char *pct = back_over(start, at, digits);
    const char *total_end = back_over(start, pct, " \t"),
               *total = back_over(start, total_end, digits);
    const char *slash = back_over(start, total, " \t");
    if (pct == at || total == total_end || slash == start || slash[-1] != '/')
        return (struct slice){NULL, 0};
    const char *fails_end = back_over(start, slash - 1, " \t"),
               *fails = back_over(start, fails_end, digits);
    if (fails == fails_end)
        return (struct slice){NULL, 0};
    struct slice word = word_before(start, fails);
    struct slice before = word_before(start, word.at);
    if (before.len && *before.at == '>') /* ">60 days" */
        word = word_before(start, before.at);
    else if (word.len && (strchr(">(:", *word.at) || memchr(word.at, ':', word.len)))
        word = before;
    return word;
}

static void add_replsum(int table, struct slice name, const char *bracket, const struct line *line,
                        struct records *records)
{
    struct record record = {
        .kind = RECORD_PARTNER, .source = SUBJECT_REPLSUM, .line = line->number};
    struct piece code = {ROLE_ERROR,   line->text,
                         bracket + 1,  bracket + 1 + strcspn(bracket + 1, ")"),
                         line->number, true};
    struct piece who = {table == 2 ? ROLE_REPORTER : ROLE_SOURCE,
                        name.at,
                        name.at,
                        name.at + name.len,
                        line->number,
                        true};
    record_put(&record, &code);
    record_put(&record, &who);
    records_add(records, &record);
}

bool replsum_line(int *table, const struct line *line, const char *lower, struct records *records)
{
    const char *text = line->text, *from = text;
    bool any = false;
    if (!strchr(text, '/'))
        return false;
    for (const char *at = text; (at = strchr(at, '(')); at++) {
        if (at[1] < '0' || at[1] > '9' || at[1 + strspn(at + 1, "0123456789")] != ')')
            continue;
        int head = replsum_head(lower + (from - text), lower + (at - text), *table);
        *table = head ? head : *table;
        struct slice name = replsum_name(text, at);
        if (name.at && name.len)
            add_replsum(*table, name, at, line, records);
        any = any || name.at;
        from = at;
    }
    int head = replsum_head(lower + (from - text), lower + line->len, *table);
    *table = head ? head : *table;
    return any || head;
}
