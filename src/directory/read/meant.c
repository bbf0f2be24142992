/* Which DSA is meant. A GUID is it; a DN and SITE\SERVER are looked up; where they are out of date,
 * and for a mere name, the server objects that may carry the name are, and the best fit counts:
 * host name, cn, then a cn that begins with it (reports cut names at 15 characters). */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/model/host.h"
#include "src/model/sam.h"

#include <stdlib.h>
#include <string.h>

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
char *name_terms(const char *name)
{
    char *label = mem_textn(name, strcspn(name, ".")), *cn = search_escape(label);
    char *host = host_terms(name);
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
static void keep_best(const struct subject_dsa *dsa, const struct answer *found, const char *name,
                      struct strs *servers)
{
    int best = 0;
    const char *site = dsa->server_dn && !dsa->ntds_dn ? dsa->site : NULL;
    for (size_t i = 0; i < found->count; i++) {
        const struct entry *entry = found->entries[i];
        int fit = (int)fit_of(entry, name) * 2;
        fit += fit && in_site(entry->name.dn, site);
        if (fit > best)
            strs_release(servers);
        if (fit > 0 && fit >= best) {
            strs_add(servers, entry->name.dn);
            best = fit;
        }
    }
}

static struct err *unknown_name(const struct reading *r, const char *name)
{
    struct err *err =
        err_new(ERR_OPERATOR, ERR_NO_SUCH_OBJECT, "%s has no server object called %s under Sites.",
                reading_name(r->here), name);
    return err_next(err, "Check the name, or give the GUID that event 1411 names.");
}

/* The server objects that the name fits best; none: not known yet, or *err. */
static void find_servers(struct reading *r, const struct subject_dsa *dsa, struct strs *servers,
                         struct err **err)
{
    char *name = name_of(dsa);
    if (!name || !*name) {
        *err = err_new(ERR_OPERATOR, ERR_USAGE, "The text names no domain controller.");
        free(name);
        return;
    }
    char *terms = name_terms(name);
    const struct answer *found = answer_to(r, (struct question){.ask = ASK_NAMES, .text = terms});
    keep_best(dsa, found, name, servers);
    if (found->part != PART_NOT_ASKED && servers->count == 0)
        *err = found->err ? err_copy(found->err) : unknown_name(r, name);
    free(terms);
    free(name);
}

/* ---- the object itself ---- */

static char *guessed_dn(const struct reading *r, const struct subject_dsa *dsa)
{
    if (dsa->ntds_dn)
        return mem_text(dsa->ntds_dn);
    if (dsa->server_dn)
        return str_format("CN=NTDS Settings,%s", dsa->server_dn);
    if (!dsa->site || !dsa->server)
        return NULL;
    char *site = dn_child("CN", dsa->site, r->sites);
    char *servers = dn_child("CN", "Servers", site);
    char *server = dn_child("CN", dsa->server, servers);
    char *dn = dn_child("CN", "NTDS Settings", server);
    free(site);
    free(servers);
    free(server);
    return dn;
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
    bool open; /* not all was looked up yet */
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

static void choice_release(struct choice *choice)
{
    str_release(&choice->live_places);
    str_release(&choice->dead_places);
}

static bool decide(const struct choice *choice, struct guid *guid)
{
    const struct entry *entry = choice->live_count == 1                              ? choice->live
                                : choice->live_count == 0 && choice->dead_count == 1 ? choice->dead
                                                                                     : NULL;
    return entry && entry_identity(entry, guid);
}

/* ---- by its place ---- */

/* False, without an error: the text's place is out of date, or (*open) not looked up yet. */
static bool at_place(struct reading *r, const char *dn, struct guid *guid, bool *open,
                     struct err **err)
{
    struct choice choice = {.live = NULL};
    const struct answer *answer = answer_to(r, (struct question){.ask = ASK_DSA, .text = dn});
    const struct entry *entry = answer_entry(answer);
    if (entry)
        weigh(&choice, entry);
    bool found = decide(&choice, guid);
    *open = answer->part == PART_NOT_ASKED;
    if (answer->err && answer->part != PART_ABSENT)
        *err = err_copy(answer->err);
    choice_release(&choice);
    return found;
}

/* ---- by its server's name ---- */

/* All that were found, or those of one site; what was not read might be another match. */
static const struct err *weigh_all(struct reading *r, const struct strs *servers, const char *site,
                                   struct choice *choice)
{
    const struct err *failed = NULL;
    for (size_t at = 0; at < servers->count; at++) {
        const struct answer *answer =
            answer_to(r, (struct question){.ask = ASK_CHILD, .text = servers->items[at]});
        choice->open = choice->open || answer->part == PART_NOT_ASKED;
        if (site && !in_site(servers->items[at], site))
            continue;
        for (size_t i = 0; i < answer->count; i++)
            weigh(choice, answer->entries[i]);
        if (answer->err && answer->part != PART_ABSENT)
            failed = answer->err;
    }
    return failed;
}

static bool among(struct reading *r, const struct strs *servers, const char *site,
                  struct guid *guid, struct err **err)
{
    struct choice choice = {.live = NULL};
    const struct err *failed = weigh_all(r, servers, site, &choice);
    if (site && !failed && choice.live_count + choice.dead_count == 0)
        failed = weigh_all(r, servers, NULL, &choice);
    bool found = !choice.open && !failed && decide(&choice, guid);
    if (!choice.open && !found)
        *err = failed ? err_copy(failed) : no_choice(&choice);
    choice_release(&choice);
    return found;
}

static bool by_name(struct reading *r, const struct subject_dsa *dsa, struct guid *guid,
                    struct err **err)
{
    struct strs servers = {NULL, 0};
    find_servers(r, dsa, &servers, err);
    bool found = servers.count > 0 && among(r, &servers, dsa->site, guid, err);
    strs_release(&servers);
    return found;
}

bool meant(struct reading *r, const struct subject_dsa *dsa, struct guid *guid, struct err **err)
{
    bool open = false;
    *err = NULL;
    *guid = dsa->guid;
    if (dsa->has_guid)
        return true;
    char *dn = guessed_dn(r, dsa);
    bool found = dn && at_place(r, dn, guid, &open, err);
    free(dn);
    return found || (!open && !*err && by_name(r, dsa, guid, err));
}
