/* The bulk searches, then walks: each lists what the last answers left open, and asks for it in one
 * turn, until nothing is open. Then each DSA's facts are put together. Three walks are enough (an
 * account, the DSA that it names, that one's server); the bound is against a server that lies. */
#include "src/directory/survey.h"

#include "src/base/mem.h"
#include "src/directory/survey_parts.h"

#include <stdlib.h>

enum { WALKS_MOST = 6 };

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

static void start(struct reading *r, const struct survey_way *way, struct survey *out)
{
    const struct server *here = session_server(way->session);
    *r = (struct reading){.way = way, .out = out, .session = way->session, .here = here};
    *out = (struct survey){.complete = true};
    facts_init(&r->common);
    server_copy(&r->common.server, here);
    r->common.when = time(NULL);
    r->g = (struct gather){.session = way->session, .here = here, .facts = &r->common};
    r->g.sites = str_format("CN=Sites,%s", here->config_dn ? here->config_dn : "");
    struct survey_domain *own = MEM_PUSH(r->domains, r->domain_count);
    own->dn = mem_text(here->domain_dn ? here->domain_dn : "");
    own->session = way->session;
    own->asked = true;
}

static void release_domains(struct reading *r)
{
    for (size_t i = 0; i < r->domain_count; i++) {
        if (r->domains[i].ours)
            session_close(r->domains[i].session);
        free(r->domains[i].dn);
        free(r->domains[i].why);
    }
    free(r->domains);
    for (size_t i = 0; i < r->g.domain_count; i++)
        dn_link_release(&r->g.domains[i]);
    free(r->g.domains);
    free(r->g.sites);
}

static void end(struct reading *r)
{
    struct shelf *shelves[] = {&r->servers, &r->dsas, &r->accounts, &r->others};
    struct index *indexes[] = {&r->links, &r->members_by_dsa, &r->asked, &r->failed};
    for (size_t i = 0; i < sizeof shelves / sizeof *shelves; i++)
        shelf_release(shelves[i]);
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        index_release(indexes[i]);
    release_domains(r);
    replication_release(&r->status);
    facts_release(&r->common);
    free(r->members);
    free(r->named.items);
    free(r->holders.items);
    free(r->needs);
    for (size_t i = 0; i < r->turn_count; i++) {
        turn_release(r->turns[i]);
        free(r->turns[i]);
    }
    free(r->turns);
}

/* ---- what was read, handed out ---- */

static void add_leftover(struct reading *r, size_t server)
{
    const struct entry *entry = r->servers.items[server].entry;
    struct survey_leftover *left = MEM_PUSH(r->out->leftovers, r->out->leftover_count);
    char *site = dn_ancestor(entry->name.dn, 2);
    (void)entry_identity(entry, &left->guid);
    left->dn = mem_text(entry->name.dn);
    left->name = dn_rdn_value(entry->name.dn);
    left->site = site && dn_is_under(entry->name.dn, r->g.sites) ? dn_rdn_value(site) : NULL;
    free(site);
}

static void find_leftovers(struct reading *r)
{
    for (size_t i = 0; r->dsas_whole && i < r->servers.count; i++)
        if (!r->servers.items[i].deleted && match_live_dsa(r, i) == NOWHERE &&
            entry_is_class(r->servers.items[i].entry, "server"))
            add_leftover(r, i);
}

static void hand_out(struct reading *r, struct facts *facts)
{
    if (r->way->found)
        r->way->found(r->way->context, facts);
    else
        facts_release(facts);
}

static void find_dsas(struct reading *r)
{
    struct facts facts;
    for (size_t i = 0; i < r->dsas.count && !cancel_raised(r->way->cancel); i++) {
        const struct guid *guid = &r->dsas.items[i].entry->name.guid;
        bool linked = index_first(&r->links, guid->bytes, sizeof guid->bytes) != INDEX_END;
        if (r->dsas.items[i].deleted && !linked)
            continue;
        r->out->dsas += !r->dsas.items[i].deleted;
        survey_facts(r, i, &facts);
        hand_out(r, &facts);
    }
}

/* DSAs that links name and that are not there: once each. */
static void find_unknown(struct reading *r)
{
    struct facts facts;
    for (size_t i = 0; i < r->status.count; i++) {
        const struct guid *guid = &r->status.links[i].dsa_guid;
        size_t first = index_first(&r->links, guid->bytes, sizeof guid->bytes);
        if (guid_is_null(guid) || shelf_by_guid(&r->dsas, guid) != NOWHERE ||
            index_value(&r->links, first) != i)
            continue;
        survey_unknown(r, guid, &facts);
        hand_out(r, &facts);
    }
}

static struct err *read_all(struct reading *r)
{
    struct err *err = survey_bulk(r);
    r->common.every_inbound_fails = gather_all_inbound_fail(&r->status);
    for (int walk = 0; walk < WALKS_MOST && !err; walk++) {
        survey_walk(r);
        if (r->need_count == 0)
            break;
        err = survey_ask(r);
    }
    if (!err && cancel_raised(r->way->cancel))
        err = err_new(ERR_CANCELLED, ERR_OTHER, "The scan was called off.");
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
    start(&r, way, out);
    unsigned before = session_counts(way->session).requests;
    err = read_all(&r);
    if (!err) {
        out->servers = r.servers.count;
        find_leftovers(&r);
        find_dsas(&r);
        find_unknown(&r);
    }
    out->connections++;
    out->requests += session_counts(way->session).requests - before;
    end(&r);
    if (err)
        survey_release(out);
    return err;
}
