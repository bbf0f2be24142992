/* The bulk searches, then rounds: each DSA whose facts leave nothing open is handed out, and what
 * the others left open is asked for together. Healthy servers leave nothing open. */
#include "src/directory/survey.h"

#include "src/base/mem.h"
#include "src/directory/read/reading.h"

#include <stdlib.h>

enum { ROUNDS_MOST = 12 }; /* against a server that lies */

void survey_release(struct survey *survey)
{
    for (size_t i = 0; i < survey->leftover_count; i++) {
        free(survey->leftovers[i].dn);
        free(survey->leftovers[i].name);
        free(survey->leftovers[i].site);
    }
    free(survey->leftovers);
    free(survey->why);
    *survey = (struct survey){.complete = false};
}

/* ---- server objects without a DSA ---- */

static void add_leftover(struct reading *r, const struct entry *entry)
{
    struct survey_leftover *left = MEM_PUSH(r->out->leftovers, r->out->leftover_count);
    char *site = dn_ancestor(entry->name.dn, 2);
    (void)entry_identity(entry, &left->guid);
    left->dn = mem_text(entry->name.dn);
    left->name = dn_rdn_value(entry->name.dn);
    left->site = site && dn_is_under(entry->name.dn, r->sites) ? dn_rdn_value(site) : NULL;
    free(site);
}

static void find_leftovers(struct reading *r)
{
    for (size_t i = 0; i < r->store.count; i++) {
        const struct item *item = &r->store.items[i];
        if (item->sort != SORT_SERVER)
            continue;
        r->out->servers++;
        if (r->dsas_whole && !item->deleted && entry_is_class(item->entry, "server") &&
            store_live_child(&r->store, item->entry->name.dn) == NOWHERE)
            add_leftover(r, item->entry);
    }
}

/* ---- DSAs ---- */

static void hand_out(struct reading *r, struct facts *facts)
{
    if (r->way->found)
        r->way->found(r->way->context, facts);
    else
        facts_release(facts);
}

static bool is_linked(const struct reading *r, const struct guid *guid)
{
    return index_first(&r->links, guid->bytes, sizeof guid->bytes) != INDEX_END;
}

static void tell_dsa(struct reading *r, size_t at)
{
    struct facts facts;
    struct guid guid;
    const struct item *item = &r->store.items[at];
    if (item->sort != SORT_DSA || item->told || !entry_identity(item->entry, &guid) ||
        (item->deleted && !is_linked(r, &guid)))
        return;
    facts_init(&facts);
    if (want(r, &guid, &facts)) {
        facts_release(&facts);
        return;
    }
    r->store.items[at].told = true;
    r->out->dsas += !r->store.items[at].deleted;
    hand_out(r, &facts);
}

/* A DSA that a link names and that is not there. */
static void tell_unknown(struct reading *r, size_t link)
{
    struct facts facts;
    const struct guid *guid = &r->status.links[link].dsa_guid;
    size_t first = index_first(&r->links, guid->bytes, sizeof guid->bytes);
    if (guid_is_null(guid) || store_guid(&r->store, SORT_DSA, guid) != NOWHERE ||
        index_value(&r->links, first) != link || r->told[link])
        return;
    facts_init(&facts);
    if (want(r, guid, &facts)) {
        facts_release(&facts);
        return;
    }
    r->told[link] = true;
    hand_out(r, &facts);
}

static void tell(struct reading *r)
{
    for (size_t i = 0; i < r->store.count && !cancel_raised(r->way->cancel); i++)
        tell_dsa(r, i);
    for (size_t i = 0; i < r->status.count && !cancel_raised(r->way->cancel); i++)
        tell_unknown(r, i);
}

/* DSAs behind the cut of their list are asked for where an account names them. */
static void look_behind_the_cut(struct reading *r)
{
    for (size_t i = 0; !r->dsas_whole && i < r->store.count; i++) {
        const struct attribute *spns =
            r->store.items[i].sort == SORT_ACCOUNT
                ? entry_attribute(r->store.items[i].entry, "servicePrincipalName")
                : NULL;
        struct guid guid;
        enum part part;
        for (size_t n = 0; spns && n < spns->count; n++)
            if (spn_drs_guid(spns->values[n].bytes, &guid))
                (void)known_dsa(r, &guid, GRADE_FULL, &part);
    }
}

/* ---- together ---- */

static struct err *read_all(struct reading *r)
{
    struct err *err = bulk_read(r);
    r->told = mem_zero(r->status.count, sizeof *r->told);
    for (int round = 0; !err; round++) {
        look_behind_the_cut(r);
        tell(r);
        if (cancel_raised(r->way->cancel))
            err = err_new(ERR_CANCELLED, ERR_OTHER, "The scan was called off.");
        else if (r->open_count == 0)
            break;
        else if (round < ROUNDS_MOST)
            err = ask(r);
        else
            ask_no_more(r);
    }
    free(r->told);
    return err;
}

/* A catalog has all of these objects and none of their links: nothing could be judged. */
static struct err *refuse_catalog(const struct server *here)
{
    if (!server_catalog_port(here))
        return NULL;
    return err_next(err_new(ERR_OPERATOR, ERR_USAGE,
                            "Port %d is a global catalog's, which does not hold serverReference.",
                            here->port),
                    "Connect to port 389 or 636.");
}

struct err *survey_run(const struct survey_way *way, struct survey *out)
{
    struct reading r;
    struct err *err = refuse_catalog(session_server(way->session));
    *out = (struct survey){.complete = false};
    if (err)
        return err;
    out->complete = true;
    reading_start(&r, way->session);
    r.way = way;
    r.out = out;
    unsigned before = session_counts(way->session).requests;
    err = read_all(&r);
    if (!err)
        find_leftovers(&r);
    out->connections++;
    out->requests += session_counts(way->session).requests - before;
    reading_end(&r);
    if (err)
        survey_release(out);
    return err;
}
