/* Which other DCs hold a copy of S that is worth reading: the DC that logged the error, the machine
 * that N is, the judged DC's inbound partners, the DCs of its site, and its domain's PDC. In the
 * first turn their GUIDs become known, in the second their places, in the third their host names;
 * each step rides in a turn that is made anyhow. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"
#include "src/model/host.h"

#include <stdlib.h>

enum { ASKED_MOST = 24, SITE_MOST = 200, NAMED_MOST = 10, PAGE = 500 };

static const char *const place_attributes[] = {"objectClass", "objectGUID", "dNSHostName",
                                               "msDS-isRODC", NULL};
static const char *const owner_attributes[] = {"objectClass", "fSMORoleOwner", NULL};
static const char *const dsa_attributes[] = {"objectClass", "objectGUID", "isDeleted",
                                             "msDS-isRODC", NULL};

/* ---- the list ---- */

static void partner_release(struct partner *partner)
{
    free(partner->dsa_dn);
    free(partner->server_dn);
    free(partner->host);
}

void partners_release(struct partners *list)
{
    for (size_t i = 0; i < list->count; i++)
        partner_release(&list->items[i]);
    free(list->items);
    *list = (struct partners){NULL, 0};
}

static bool is_here(const struct gather *g, const struct guid *dsa)
{
    return g->here->has_dsa_guid && guid_equal(&g->here->dsa_guid, dsa);
}

/* The one with this GUID, a new one, or NULL: it is the judged DC, or the list is full. */
static struct partner *partner_for(struct gather *g, const struct guid *dsa, size_t most)
{
    for (size_t i = 0; i < g->partners.count; i++)
        if (g->partners.items[i].has_dsa && guid_equal(&g->partners.items[i].dsa, dsa))
            return &g->partners.items[i];
    if (is_here(g, dsa) || guid_is_null(dsa) || g->partners.count >= most)
        return NULL;
    struct partner *partner = MEM_PUSH(g->partners.items, g->partners.count);
    partner->dsa = *dsa;
    partner->has_dsa = true;
    return partner;
}

static void take_dsa(struct partner *partner, const struct entry *entry)
{
    mem_set(&partner->dsa_dn, entry->name.dn);
    free(partner->server_dn);
    partner->server_dn = dn_parent(entry->name.dn);
    partner->gone = entry_flag(entry, "isDeleted") || !entry_is_class(entry, "nTDSDSA");
    partner->read_only = entry_is_class(entry, "nTDSDSARO") || entry_flag(entry, "msDS-isRODC");
}

/* ---- first turn: who ---- */

static size_t ask_servers(struct turn *turn, const char *base, const char *filter, unsigned most)
{
    struct search *search = turn_add(turn);
    search_init(search, SCOPE_SUBTREE, base, place_attributes, "%s", filter);
    search->page = most > PAGE || most == 0 ? PAGE : most;
    search->most = most;
    return turn->count - 1;
}

static size_t ask_destination(struct gather *g, struct turn *turn)
{
    const char *name = g->subject->destination;
    if (!name || host_matches(name, g->here->dns_host) || host_matches(name, g->here->host))
        return TURN_NONE;
    char *terms = gather_name_terms(name);
    char *filter = str_format("(&(objectClass=server)(|%s))", terms);
    size_t slot = ask_servers(turn, g->sites, filter, NAMED_MOST);
    free(terms);
    free(filter);
    return slot;
}

static void ask_who(struct gather *g, struct turn *turn)
{
    char *servers = g->here->server_dn ? dn_parent(g->here->server_dn) : NULL;
    g->at.destination_name = ask_destination(g, turn);
    g->at.site = servers ? ask_servers(turn, servers,
                                       "(|(objectClass=server)(objectClass=nTDSDSA))", SITE_MOST)
                         : TURN_NONE;
    g->at.owner =
        g->here->domain_dn ? turn_object(turn, g->here->domain_dn, owner_attributes) : TURN_NONE;
    free(servers);
}

/* The server object whose host name is the destination's, else the only one of its name. */
static const struct entry *destination_entry(const struct gather *g, const struct result *result)
{
    for (size_t i = 0; result && i < result->count; i++)
        if (host_matches(entry_text(&result->entries[i], "dNSHostName"), g->subject->destination))
            return &result->entries[i];
    return result && result->count == 1 ? &result->entries[0] : NULL;
}

/* The DC that logged the error stands first; one that the directory does not know keeps the name
 * that the text gave it. */
static void take_destination(struct gather *g, const struct turn *turn)
{
    const struct entry *entry = destination_entry(g, turn_result(turn, g->at.destination_name));
    struct partner *partner = NULL;
    if (g->at.destination_name != TURN_NONE)
        partner = MEM_PUSH(g->partners.items, g->partners.count);
    else if (g->subject->has_destination_dsa && !g->subject->destination)
        partner = partner_for(g, &g->subject->destination_dsa, ASKED_MOST);
    if (!partner)
        return;
    partner->is_destination = true;
    if (entry)
        partner->server_dn = mem_text(entry->name.dn);
    if (g->at.destination_name == TURN_NONE)
        return;
    const char *host = entry ? entry_text(entry, "dNSHostName") : NULL;
    partner->host = mem_text(host ? host : g->subject->destination);
}

/* The host names of DSAs and servers that came in one list. The texts are one DC's own: equal ones
 * are spelled the same. */
static const char *host_below(const struct result *result, const char *server_dn)
{
    for (size_t i = 0; i < result->count; i++)
        if (str_same_case(result->entries[i].name.dn, server_dn))
            return entry_text(&result->entries[i], "dNSHostName");
    return NULL;
}

static void take_places(struct gather *g, const struct result *result, size_t most)
{
    struct guid guid;
    for (size_t i = 0; result && i < result->count; i++) {
        const struct entry *entry = &result->entries[i];
        if (!entry_is_class(entry, "nTDSDSA") || !entry_identity(entry, &guid))
            continue;
        struct partner *partner = partner_for(g, &guid, most);
        if (!partner)
            continue;
        take_dsa(partner, entry);
        if (!partner->host)
            partner->host = mem_text(host_below(result, partner->server_dn));
    }
}

static void take_owner(struct gather *g, const struct entry *entry)
{
    struct dn_link owner;
    if (!entry || !entry_link(entry, "fSMORoleOwner", &owner))
        return;
    struct partner *partner = owner.has_guid ? partner_for(g, &owner.guid, ASKED_MOST) : NULL;
    (void)partner; /* its place is asked for like an inbound partner's */
    dn_link_release(&owner);
}

static void take_who(struct gather *g, const struct turn *turn)
{
    take_destination(g, turn);
    (void)partner_for(g, &g->facts->asked, ASKED_MOST);
    for (size_t i = 0; i < g->inbound.count; i++)
        (void)partner_for(g, &g->inbound.items[i], ASKED_MOST - 1); /* the PDC keeps its place */
    take_places(g, turn_result(turn, g->at.site), ASKED_MOST - 1);
    take_owner(g, turn_entry(turn, g->at.owner));
}

const struct step gather_partners_step = {ask_who, take_who};

/* ---- second turn: where ---- */

static void ask_where(struct gather *g, struct turn *turn)
{
    g->at.partners = turn->count;
    for (size_t i = 0; i < g->partners.count; i++) {
        const struct partner *partner = &g->partners.items[i];
        if (partner->has_dsa)
            turn_guid(turn, &partner->dsa, dsa_attributes);
        else /* the destination, known by its server object; or by its name alone */
            search_init(turn_add(turn), SCOPE_ONE,
                        partner->server_dn ? partner->server_dn : g->sites, dsa_attributes,
                        "(objectClass=nTDSDSA)");
    }
}

/* N's host name is S's, which comes in the same turn. */
static void name_source(struct gather *g)
{
    for (size_t i = 0; i < g->partners.count; i++) {
        struct partner *partner = &g->partners.items[i];
        if (!partner->host && partner->has_dsa && guid_equal(&partner->dsa, &g->facts->asked))
            partner->host = mem_text(g->facts->srv.dns_host);
    }
}

static void take_where(struct gather *g, const struct turn *turn)
{
    for (size_t i = 0; i < g->partners.count; i++) {
        struct partner *partner = &g->partners.items[i];
        const struct entry *entry = turn_entry(turn, g->at.partners + i);
        if (entry && entry_identity(entry, &partner->dsa)) {
            partner->has_dsa = true;
            take_dsa(partner, entry);
        } else if (turn_part(turn, g->at.partners + i) == PART_ABSENT) {
            partner->gone = partner->has_dsa;
        }
    }
    name_source(g);
}

const struct step gather_places_step = {ask_where, take_where};

/* ---- third turn: by which name ---- */

static bool wants_host(const struct partner *partner)
{
    return !partner->host && !partner->gone && partner->server_dn;
}

static void ask_hosts(struct gather *g, struct turn *turn)
{
    g->at.hosts = turn->count;
    for (size_t i = 0; i < g->partners.count; i++)
        if (wants_host(&g->partners.items[i]))
            turn_object(turn, g->partners.items[i].server_dn, place_attributes);
}

static void take_hosts(struct gather *g, const struct turn *turn)
{
    size_t slot = g->at.hosts;
    for (size_t i = 0; i < g->partners.count; i++) {
        struct partner *partner = &g->partners.items[i];
        if (!wants_host(partner))
            continue;
        const struct entry *entry = turn_entry(turn, slot++);
        if (entry)
            partner->host = mem_text(entry_text(entry, "dNSHostName"));
    }
}

const struct step gather_hosts_step = {ask_hosts, take_hosts};

/* ---- among the facts ---- */

static bool is_known(const struct facts *facts, const struct partner *partner)
{
    for (size_t i = 0; i < facts->copy_count; i++)
        if (partner->has_dsa && guid_equal(&facts->copies[i].dsa_guid, &partner->dsa))
            return true;
    return false;
}

static void add_copy(struct gather *g, const struct partner *partner)
{
    struct facts_copy *copy = facts_add_copy(g->facts);
    char *cn = partner->server_dn ? dn_rdn_value(partner->server_dn) : NULL;
    copy->state = COPY_NOT_ASKED;
    copy->dsa_guid = partner->dsa;
    copy->server = mem_text(partner->host ? partner->host : cn ? cn : "?");
    copy->is_source = partner->has_dsa && guid_equal(&partner->dsa, &g->facts->asked);
    copy->is_dest = partner->is_destination;
    copy->read_only = partner->read_only;
    if (!partner->host && !copy->is_source)
        copy->why = mem_text("its server object has no host name");
    free(cn);
}

/* A read-only DC's copy proves nothing of its own: it is read where it is the one that matters. */
static bool is_worth_reading(const struct gather *g, const struct partner *partner)
{
    bool matters = partner->is_destination || guid_equal(&partner->dsa, &g->facts->asked);
    return !partner->gone && (matters || !partner->read_only);
}

static bool has_copies(const struct facts *facts)
{
    return facts->dsa.part == PART_PRESENT && !facts->dsa.deleted &&
           facts->srv.part == PART_PRESENT && !facts->srv.deleted;
}

void gather_add_partners(struct gather *g, bool destination, size_t most)
{
    for (size_t i = 0; has_copies(g->facts) && i < g->partners.count && most > 0; i++) {
        const struct partner *partner = &g->partners.items[i];
        if (partner->is_destination != destination || !is_worth_reading(g, partner) ||
            is_known(g->facts, partner) || (partner->has_dsa && is_here(g, &partner->dsa)))
            continue;
        add_copy(g, partner);
        most--;
    }
}

struct err *gather_all_partners(struct session *session, struct facts *facts)
{
    struct gather g = {.session = session, .here = session_server(session), .facts = facts};
    struct turn turn = TURN_INIT;
    g.sites = str_format("CN=Sites,%s", g.here->config_dn ? g.here->config_dn : "");
    (void)ask_servers(&turn, g.sites, "(|(objectClass=server)(objectClass=nTDSDSA))", 0);
    struct err *err = turn_run(&turn, session);
    const struct result *result = turn_result(&turn, 0);
    if (!err && result->err)
        err = err_copy(result->err);
    if (!err) {
        take_places(&g, result, result->count);
        gather_add_partners(&g, false, g.partners.count);
    }
    partners_release(&g.partners);
    turn_release(&turn);
    free(g.sites);
    return err;
}
