/* Which object is meant. A GUID, a DN and SITE\SERVER are looked up at once. A mere name takes a
 * turn of its own to find the server objects that may carry it; the best fit counts: host name, cn,
 * then a cn that begins with it (reports cut names at 15 characters). */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"
#include "src/model/host.h"
#include "src/model/sam.h"

#include <stdlib.h>
#include <string.h>

enum { MATCHES_MOST = 50 };
enum fit { FIT_NONE, FIT_PREFIX, FIT_CN, FIT_HOST };

static size_t bare_length(const char *host)
{
    size_t len = strlen(host);
    return len > 0 && host[len - 1] == '.' ? len - 1 : len;
}

static bool is_dotted(const char *host)
{
    return memchr(host, '.', bare_length(host)) != NULL;
}

char *gather_host_terms(const char *host)
{
    if (!host || !*host)
        return NULL;
    char *bare = mem_textn(host, bare_length(host)), *escaped = search_escape(bare);
    char *terms = str_format("(dNSHostName=%s)(dNSHostName=%s.)", escaped, escaped);
    free(bare);
    free(escaped);
    return terms;
}

const char *gather_name(const struct server *server)
{
    return server->dns_host ? server->dns_host : server->host;
}

/* ---- by name: the server objects ---- */

static char *name_of(const struct subject_dsa *dsa)
{
    if (dsa->server)
        return mem_text(dsa->server);
    char *parent = dsa->server_dn ? mem_text(dsa->server_dn) : NULL;
    if (!parent && dsa->ntds_dn)
        parent = dn_parent(dsa->ntds_dn);
    char *raw = parent ? dn_rdn_value(parent) : NULL;
    char *name = raw ? dn_unmarked(raw) : NULL;
    free(raw);
    free(parent);
    return name;
}

/* (cn=X), what became of X when it was deleted or lost a conflict, and what X was cut from. */
char *gather_name_terms(const char *name)
{
    char *label = mem_textn(name, strcspn(name, ".")), *cn = search_escape(label);
    char *host = gather_host_terms(name);
    struct str s = STR_INIT;
    str_addf(&s, "(cn=%s)(cn=%s\\0aDEL:*)(cn=%s\\0aCNF:*)", cn, cn, cn);
    if (is_dotted(name))
        str_add(&s, host);
    else if (sam_maybe_cut(label, strlen(label)))
        str_addf(&s, "(cn=%s*)", cn);
    free(label);
    free(cn);
    free(host);
    return str_steal(&s);
}

static enum fit fit_of(const struct entry *entry, const char *name)
{
    const char *host = entry_text(entry, "dNSHostName");
    if (host && is_dotted(name) && is_dotted(host) && host_matches(host, name))
        return FIT_HOST;
    char *raw = dn_rdn_value(entry->name.dn), *cn = raw ? dn_unmarked(raw) : NULL;
    size_t label = strcspn(name, ".");
    enum fit fit = FIT_NONE;
    if (cn && strncasecmp(cn, name, label) == 0)
        fit = cn[label] == '\0' ? FIT_CN : sam_maybe_cut(name, label) ? FIT_PREFIX : FIT_NONE;
    free(raw);
    free(cn);
    return fit;
}

static bool in_site(const char *server_dn, const char *site)
{
    char *dn = site ? dn_ancestor(server_dn, 2) : NULL, *name = dn ? dn_rdn_value(dn) : NULL;
    bool same = name && str_same_case(name, site);
    free(dn);
    free(name);
    return same;
}

/* Keeps the DNs of the best fit. Whoever names the server object itself means the one in that site;
 * a report names a DSA, and what it left behind in that site has none. */
static void keep_best(struct gather *g, const struct result *found, const char *name)
{
    int best = 0;
    const char *site = g->dsa->server_dn && !g->dsa->ntds_dn ? g->dsa->site : NULL;
    for (size_t i = 0; i < found->count; i++) {
        const struct entry *entry = &found->entries[i];
        int fit = (int)fit_of(entry, name) * 2;
        fit += fit && in_site(entry->name.dn, site);
        if (fit > best)
            strs_release(&g->servers);
        if (fit > 0 && fit >= best) {
            strs_add(&g->servers, entry->name.dn);
            best = fit;
        }
    }
}

static struct err *unknown_name(struct gather *g, const char *name)
{
    struct err *err =
        err_new(ERR_OPERATOR, ERR_NO_SUCH_OBJECT, "%s has no server object called %s under Sites.",
                gather_name(g->here), name);
    return err_next(err, "Check the name, or give the GUID that event 1411 names.");
}

struct err *gather_find_servers(struct gather *g)
{
    char *name = name_of(g->dsa);
    if (!name || !*name) {
        free(name);
        return err_new(ERR_OPERATOR, ERR_USAGE, "The text names no domain controller.");
    }
    struct turn turn = TURN_INIT;
    char *names = gather_name_terms(name);
    struct search *search = turn_add(&turn);
    search_init(search, SCOPE_SUBTREE, g->sites, gather_server_attributes,
                "(&(objectClass=server)(|%s))", names);
    search->deleted = true;
    search->page = MATCHES_MOST;
    search->most = MATCHES_MOST;
    struct err *err = turn_run(&turn, g->session);
    const struct result *found = turn_result(&turn, 0);
    if (!err)
        keep_best(g, found, name);
    if (!err && g->servers.count == 0)
        err = found->err ? err_copy(found->err) : unknown_name(g, name);
    turn_release(&turn);
    free(names);
    free(name);
    return err;
}

/* ---- the object itself ---- */

static char *guessed_dn(const struct gather *g)
{
    const struct subject_dsa *dsa = g->dsa;
    if (dsa->ntds_dn)
        return mem_text(dsa->ntds_dn);
    if (dsa->server_dn)
        return str_format("CN=NTDS Settings,%s", dsa->server_dn);
    if (!dsa->site || !dsa->server)
        return NULL;
    char *site = dn_child("CN", dsa->site, g->sites);
    char *servers = dn_child("CN", "Servers", site);
    char *server = dn_child("CN", dsa->server, servers);
    char *dn = dn_child("CN", "NTDS Settings", server);
    free(site);
    free(servers);
    free(server);
    return dn;
}

void gather_look_up(struct gather *g, struct turn *turn)
{
    g->at.first = turn->count;
    if (g->dsa->has_guid) {
        turn_guid(turn, &g->dsa->guid, gather_dsa_attributes);
        return;
    }
    for (size_t i = 0; i < g->servers.count; i++) {
        struct search *search = turn_add(turn);
        search_init(search, SCOPE_ONE, g->servers.items[i], gather_dsa_attributes,
                    "(objectClass=nTDSDSA)");
        search->deleted = true;
    }
    char *dn = g->servers.count == 0 ? guessed_dn(g) : NULL;
    if (dn)
        turn_object(turn, dn, gather_dsa_attributes);
    free(dn);
}

/* "Liverpool\DC5 (guid)" */
static void add_place(struct str *s, const struct entry *entry)
{
    char *server = dn_parent(entry->name.dn), *site = server ? dn_ancestor(server, 2) : NULL;
    char *server_name = server ? dn_rdn_value(server) : NULL;
    char *site_name = site ? dn_rdn_value(site) : NULL;
    struct guid guid;
    char text[GUID_TEXT] = "?";
    if (entry_identity(entry, &guid))
        guid_text(&guid, text);
    str_addf(s, "%s%s\\%s (%s)", s->len ? ", " : "", site_name ? site_name : "?",
             server_name ? server_name : "?", text);
    free(server);
    free(site);
    free(server_name);
    free(site_name);
}

struct choice {
    const struct entry *live, *dead;
    size_t live_count, dead_count;
    struct str live_places, dead_places;
};

static void weigh(struct choice *choice, const struct entry *entry)
{
    if (!entry_is_class(entry, "nTDSDSA"))
        return;
    if (entry_flag(entry, "isDeleted")) {
        choice->dead = entry;
        choice->dead_count++;
        add_place(&choice->dead_places, entry);
    } else {
        choice->live = entry;
        choice->live_count++;
        add_place(&choice->live_places, entry);
    }
}

static struct err *no_choice(const struct choice *choice)
{
    const struct str *places = choice->live_count ? &choice->live_places : &choice->dead_places;
    if (places->len > 0)
        return err_next(
            err_new(ERR_OPERATOR, ERR_USAGE, "The name fits several DSAs: %s.", str_text(places)),
            "Give one of these GUIDs; event 1411 names the one that is meant.");
    return err_next(err_new(ERR_OPERATOR, ERR_NO_SUCH_OBJECT,
                            "The server object has no NTDS Settings: it is no domain controller."),
                    "Check the name, or give the GUID that event 1411 names.");
}

/* All that were found, or those of one site; what was not read might be another match. */
static const struct err *weigh_all(const struct gather *g, const struct turn *turn,
                                   const char *site, struct choice *choice)
{
    const struct err *failed = NULL;
    size_t lookups = g->servers.count ? g->servers.count : 1;
    for (size_t at = 0; at < lookups; at++) {
        const struct result *result = turn_result(turn, g->at.first + at);
        if (site && g->servers.count && !in_site(g->servers.items[at], site))
            continue;
        for (size_t i = 0; result && i < result->count; i++)
            weigh(choice, &result->entries[i]);
        if (result && result->err && !err_is(result->err, ERR_NO_SUCH_OBJECT))
            failed = result->err;
    }
    return failed;
}

const struct entry *gather_choose(struct gather *g, const struct turn *turn)
{
    if (g->dsa->has_guid)
        return turn_entry(turn, g->at.first);
    struct choice choice = {.live = NULL};
    const struct err *failed = weigh_all(g, turn, g->dsa->site, &choice);
    if (g->dsa->site && !failed && choice.live_count + choice.dead_count == 0)
        failed = weigh_all(g, turn, NULL, &choice);
    const struct entry *entry = failed                                             ? NULL
                                : choice.live_count == 1                           ? choice.live
                                : choice.live_count == 0 && choice.dead_count == 1 ? choice.dead
                                                                                   : NULL;
    if (!entry)
        g->err = failed ? err_copy(failed) : no_choice(&choice);
    str_release(&choice.live_places);
    str_release(&choice.dead_places);
    return entry;
}
