/* The needs of one walk in one turn a session: objects by their GUIDs, fifty a request, and the
 * accounts of several DSAs by about as many terms. */
#include "src/directory/survey_parts.h"

#include "src/base/mem.h"
#include "src/model/sam.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000, TERMS_MOST = 50, REQUESTS_MOST = 60 };

/* Needs first..end-1 of the sorted list are answered by one search. */
struct part_of {
    size_t first, end, slot;
};
struct asking {
    struct reading *r;
    struct turn *turn;
    struct part_of *parts;
    size_t count;
};

static int by_kind(const void *a, const void *b)
{
    const struct need *x = a, *y = b;
    if (x->domain != y->domain)
        return x->domain < y->domain ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->dsa < y->dsa ? -1 : x->dsa > y->dsa;
}

/* Needs of the configuration and of the DC's own domain go to the judged DC. */
static struct session *session_for(const struct reading *r, const struct need *need)
{
    return need->domain == NOWHERE ? r->session : r->domains[need->domain].session;
}

/* ---- filters ---- */

/* Whole values only. */
static char *exact_terms(const struct reading *r, const struct need *need)
{
    char guid[GUID_TEXT];
    struct str s = STR_INIT;
    const char *name = r->dsas.items[need->dsa].name;
    char *domain = dn_to_dns(r->domains[need->domain].dn);
    char *forest = search_escape(r->here->forest ? r->here->forest : "");
    char *cn = search_escape(name ? name : "");
    guid_text(&need->guid, guid);
    str_addf(&s, "(servicePrincipalName=E3514235-4B06-11D1-AB04-00C04FC2DCD2/%s/%s)", guid,
             domain ? domain : forest);
    str_addf(&s, "(servicePrincipalName=ldap/%s._msdcs.%s)", guid, forest);
    if (*cn)
        str_addf(&s, "(sAMAccountName=%s$)(cn=%s)", cn, cn);
    char *cut = name ? sam_cut(name) : NULL, *sam = cut ? search_escape(cut) : NULL;
    if (sam)
        str_addf(&s, "(sAMAccountName=%s$)", sam);
    free(cut);
    free(sam);
    free(domain);
    free(forest);
    free(cn);
    return str_steal(&s);
}

static void add_terms(const struct reading *r, const struct need *need, struct str *filter)
{
    char guid[GUID_FILTER];
    if (need->kind < NEED_ACCOUNTS) {
        str_addf(filter, "(objectGUID=%s)", guid_filter(&need->guid, guid));
        return;
    }
    size_t server = match_server(r, need->dsa);
    const char *host =
        server == NOWHERE ? NULL : entry_text(r->servers.items[server].entry, "dNSHostName");
    char *names = need->kind == NEED_ACCOUNTS
                      ? exact_terms(r, need)
                      : gather_account_terms(r->here, &need->guid, r->dsas.items[need->dsa].name);
    char *hosts = gather_host_terms(host);
    str_add(filter, names);
    str_add(filter, hosts);
    free(names);
    free(hosts);
}

static size_t count_terms(const char *filter)
{
    size_t count = 0;
    for (; *filter; filter++)
        count += *filter == '(';
    return count;
}

/* Asked for as the base of a search of its own. */
static bool is_lone(const struct need *need)
{
    return need->kind == NEED_PARENT || need->kind == NEED_GONE;
}

static void init_search(struct reading *r, struct search *search, const struct need *need,
                        const char *terms)
{
    static const char *const *attributes[] = {
        [NEED_DSA] = gather_dsa_attributes,        [NEED_SERVER] = gather_s_attributes,
        [NEED_TARGET] = gather_account_attributes, [NEED_GONE] = gather_account_attributes,
        [NEED_PARENT] = gather_s_attributes,       [NEED_ACCOUNTS] = gather_account_attributes,
        [NEED_SCAN] = gather_account_attributes,
    };
    const char *base = need->domain == NOWHERE ? r->here->config_dn : r->domains[need->domain].dn;
    char *target = need->kind == NEED_GONE ? search_guid_base(&need->guid) : NULL;
    if (is_lone(need))
        search_init(search, SCOPE_BASE, target ? target : need->dn, attributes[need->kind],
                    "(objectClass=*)");
    else if (need->kind >= NEED_ACCOUNTS)
        search_init(search, SCOPE_SUBTREE, base, attributes[need->kind],
                    "(&(objectClass=computer)(|%s))", terms);
    else
        search_init(search, SCOPE_SUBTREE, base, attributes[need->kind], "(|%s)", terms);
    search->deleted = true;
    search->dacl = need->kind != NEED_DSA;
    search->page = need->kind >= NEED_ACCOUNTS ? PAGE : 0; /* fifty objects need none */
    free(target);
}

/* One search, for as many needs of the same kind as it holds; returns the next need. */
static size_t ask_part(struct asking *a, size_t first, size_t end)
{
    const struct need *need = &a->r->needs[first];
    struct str terms = STR_INIT;
    size_t at = first;
    do {
        if (!is_lone(need))
            add_terms(a->r, &a->r->needs[at], &terms);
        at++;
    } while (at < end && !is_lone(need) && a->r->needs[at].kind == need->kind &&
             a->r->needs[at].domain == need->domain && count_terms(str_text(&terms)) < TERMS_MOST);
    init_search(a->r, turn_add(a->turn), need, str_text(&terms));
    *MEM_PUSH(a->parts, a->count) = (struct part_of){first, at, a->turn->count - 1};
    str_release(&terms);
    return at;
}

/* ---- answers ---- */

static void put(struct reading *r, const struct need *need, const struct entry *entry)
{
    switch (need->kind) {
    case NEED_DSA:
        (void)shelf_put_dsa(r, entry);
        break;
    case NEED_PARENT:
    case NEED_SERVER:
        shelf_put_server(&r->servers, entry);
        break;
    case NEED_TARGET:
    case NEED_GONE:
        if (!entry_is_class(entry, "computer"))
            shelf_put_other(&r->others, entry);
        else
            shelf_put_account(r, entry, need->domain == NOWHERE ? 0 : need->domain);
        break;
    case NEED_ACCOUNTS:
    case NEED_SCAN:
        shelf_put_account(r, entry, need->domain);
        break;
    }
}

static void fail(struct reading *r, const struct need *need, enum part part)
{
    char key[NEED_KEY];
    index_add(&r->failed, key, survey_key(need, key), (size_t)part);
}

static void take_part(struct asking *a, const struct part_of *part)
{
    struct reading *r = a->r;
    const struct result *result = turn_result(a->turn, part->slot);
    const struct need *need = &r->needs[part->first];
    for (size_t i = 0; i < result->count; i++)
        put(r, need, &result->entries[i]);
    bool gone = is_lone(need) && err_is(result->err, ERR_NO_SUCH_OBJECT);
    bool nothing = is_lone(need) && result->count == 0;
    if (gone || (!result->err && result->complete && !nothing))
        return;
    bool denied = nothing && (!result->err || err_is(result->err, ERR_NO_RIGHT));
    for (size_t i = part->first; i < part->end; i++)
        fail(r, &r->needs[i],
             denied || err_is(result->err, ERR_NO_RIGHT) ? PART_DENIED : PART_NO_ANSWER);
    if (!denied)
        survey_incomplete(r, "A look-up", result->err);
}

/* Blocks. The needs from `first` on that one session answers, a bounded number of requests. */
static struct err *ask_some(struct reading *r, size_t first, size_t *next)
{
    struct asking a = {.r = r, .turn = survey_turn(r)};
    struct session *session = session_for(r, &r->needs[first]);
    size_t end = first;
    while (end < r->need_count && session_for(r, &r->needs[end]) == session)
        end++;
    for (*next = first; *next < end && a.count < REQUESTS_MOST;)
        *next = ask_part(&a, *next, end);
    struct err *err = turn_run(a.turn, session);
    if (err && !cancel_raised(r->way->cancel)) { /* lost: what came counts, the rest is missing */
        err_free(err);
        err = NULL;
    }
    for (size_t i = 0; i < a.count && !err; i++)
        take_part(&a, &a.parts[i]);
    free(a.parts);
    return err;
}

struct err *survey_ask(struct reading *r)
{
    struct err *err = NULL;
    qsort(r->needs, r->need_count, sizeof *r->needs, by_kind);
    for (size_t next = 0; next < r->need_count && !err;)
        err = ask_some(r, next, &next);
    r->need_count = 0;
    free(r->needs);
    r->needs = NULL;
    return err;
}
