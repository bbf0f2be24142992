/* What is open goes out: one turn for each DC that is asked, a bounded number of requests. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* TERMS_MOST: of one filter. MANY: so many questions of one kind go into filters. */
enum { TERMS_MOST = 50, MANY = 40, REQUESTS_MOST = 400 };

static int by_place(const void *a, const void *b)
{
    const struct open *x = a, *y = b;
    if (x->domain != y->domain)
        return x->domain < y->domain ? -1 : 1;
    if (x->ask != y->ask)
        return x->ask < y->ask ? -1 : 1;
    return x->lone != y->lone ? (x->lone ? 1 : -1) : strcmp(x->key, y->key);
}

/* ---- one request ---- */

static bool may_join(const struct open *a, const struct open *b)
{
    return a->ask == b->ask && a->domain == b->domain && !b->lone &&
           (b->has_guid || burst_by_terms(b->ask));
}

static size_t count_alike(const struct open *open, size_t count)
{
    size_t alike = 1;
    while (alike < count && may_join(open, &open[alike]))
        alike++;
    return alike;
}

/* How many of the first questions go into one search. */
static size_t joined(const struct open *open, size_t count, size_t alike)
{
    size_t terms = 0, at = 0;
    bool joins = burst_joins(open->ask) && may_join(open, open);
    if (!joins || (!burst_by_terms(open->ask) && alike < MANY))
        return 1;
    while (at < count && may_join(open, &open[at]) && (at == 0 || terms < TERMS_MOST))
        terms += burst_terms(&open[at++]);
    return at;
}

/* ---- one turn ---- */

/* Lost on the way: of a forest what came counts, and the rest is missing. */
static struct err *run(struct reading *r, struct burst *burst, size_t domain)
{
    struct err *err = turn_run(burst->turn, r->domains[domain].session);
    if (err && r->way && !cancel_raised(r->way->cancel)) {
        err_free(err);
        err = NULL;
    }
    burst_take(r, burst);
    return err;
}

static size_t fill(struct reading *r, struct burst *burst, struct open *open, size_t count)
{
    size_t at = 0, alike = 0, seen = 0;
    while (at < count && open[at].domain == open->domain && burst->count < REQUESTS_MOST) {
        if (at >= seen) {
            alike = count_alike(&open[at], count - at);
            seen = at + alike;
        }
        size_t taken = joined(&open[at], seen - at, alike);
        burst_add(r, burst, &open[at], taken);
        at += taken;
    }
    return at;
}

static void open_domains(struct reading *r, struct open *open, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (open[i].ask != ASK_DOMAIN) {
            open[kept++] = open[i];
            continue;
        }
        domain_open(r, open[i].domain);
        open_release(&open[i]);
    }
    *count = kept;
}

struct err *ask(struct reading *r)
{
    struct err *err = NULL;
    struct open *open = r->open;
    size_t count = r->open_count, at = 0;
    r->open = NULL;
    r->open_count = 0;
    index_release(&r->noted);
    open_domains(r, open, &count);
    if (count > 0)
        qsort(open, count, sizeof *open, by_place);
    while (at < count && !err) {
        struct burst burst = {.turn = reading_turn(r)};
        size_t domain = open[at].domain;
        at += fill(r, &burst, &open[at], count - at);
        err = run(r, &burst, domain);
    }
    for (; at < count; at++)
        open_release(&open[at]);
    free(open);
    return err;
}

void ask_no_more(struct reading *r)
{
    for (size_t i = 0; i < r->open_count; i++) {
        struct open *open = &r->open[i];
        index_add(&r->answered, open->key, strlen(open->key), r->answer_count);
        MEM_PUSH(r->answers, r->answer_count)->part = PART_NO_ANSWER;
        if (open->ask == ASK_DOMAIN)
            r->domains[open->domain].part = PART_NO_ANSWER;
        open_release(open);
    }
    r->open_count = 0;
    index_release(&r->noted);
}
