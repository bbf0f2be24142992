/* Each kind of question: as which search it goes out, and where its entries are put. One object is
 * asked for as the base of a search, which tells hidden from gone; many go into one filter, fifty a
 * request, and those that no filter finds are asked for alone. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 500, ACCOUNTS_MOST = 1000, FEW = 50, AROUND_MOST = 200, PAIR = 2 };

static const char *const crossref_attributes[] = {"nCName", "systemFlags", NULL};
static const char *const lifetime_attributes[] = {"objectClass", "tombstoneLifetime", NULL};
static const char *const owner_attributes[] = {"objectClass", "fSMORoleOwner", NULL};
static const char *const object_attributes[] = {"objectClass", "objectGUID", "sAMAccountName",
                                                "servicePrincipalName", NULL};
static const char *const here_attributes[] = {"objectClass", "objectGUID", "isDeleted", NULL};

/* OBJECT: the question's GUID, else its DN. */
enum base { BASE_OBJECT, BASE_CONFIG, BASE_SITES, BASE_DOMAIN, BASE_TEXT };

struct manner {
    enum base base;
    const char *below; /* of the base; NULL */
    enum search_scope scope;
    const char *const *attributes;
    const char *filter; /* with %s for the terms, or for the escaped DN */
    bool deleted, dacl;
    unsigned page, most;
};
#define ANY "(objectClass=*)"
/* How each question is put; put_entry() takes the answers to the store, record() what came of it,
 * which the facts_*.c look up by answer_to(). */
static const struct manner manners[] = {
    [ASK_DOMAINS] = {BASE_CONFIG, "CN=Partitions", SCOPE_ONE, crossref_attributes,
                     "(objectClass=crossRef)", false, false, PAGE, 0},
    [ASK_LIFETIME] = {BASE_CONFIG, "CN=Directory Service,CN=Windows NT,CN=Services", SCOPE_BASE,
                      lifetime_attributes, ANY, true, false, 0, 0},
    [ASK_AROUND] = {BASE_TEXT, NULL, SCOPE_SUBTREE, place_attributes,
                    "(|(objectClass=server)(objectClass=nTDSDSA))", false, false, AROUND_MOST,
                    AROUND_MOST},
    [ASK_ALL] = {BASE_SITES, NULL, SCOPE_SUBTREE, place_attributes,
                 "(|(objectClass=server)(objectClass=nTDSDSA))", false, false, PAGE, 0},
    [ASK_OWNER] = {BASE_TEXT, NULL, SCOPE_BASE, owner_attributes, ANY, true, false, 0, 0},
    [ASK_DSA] = {BASE_OBJECT, NULL, SCOPE_BASE, dsa_attributes, ANY, true, false, 0, 0},
    [ASK_S] = {BASE_OBJECT, NULL, SCOPE_BASE, s_attributes, ANY, true, true, 0, 0},
    [ASK_SERVER] = {BASE_OBJECT, NULL, SCOPE_BASE, server_attributes, ANY, true, false, 0, 0},
    [ASK_CHILD] = {BASE_OBJECT, NULL, SCOPE_ONE, dsa_attributes, "(objectClass=nTDSDSA)", true,
                   false, 0, 0},
    [ASK_SERVERS] = {BASE_SITES, NULL, SCOPE_SUBTREE, server_attributes,
                     "(&(objectClass=server)(|%s))", false, false, FEW, FEW},
    [ASK_NAMES] = {BASE_SITES, NULL, SCOPE_SUBTREE, server_attributes,
                   "(&(objectClass=server)(|%s))", true, false, FEW, FEW},
    [ASK_ACCOUNT] = {BASE_OBJECT, NULL, SCOPE_BASE, account_attributes, ANY, true, true, 0, 0},
    [ASK_ACCOUNTS] = {BASE_DOMAIN, NULL, SCOPE_SUBTREE, account_attributes,
                      "(&(objectClass=computer)(|%s))", true, true, PAGE, ACCOUNTS_MOST},
    [ASK_DC_HOSTS] = {BASE_DOMAIN, NULL, SCOPE_SUBTREE, account_attributes,
                      "(&(|(primaryGroupID=516)(primaryGroupID=521))(objectClass=computer)(|%s))",
                      true, true, PAGE, ACCOUNTS_MOST},
    [ASK_DFSR] = {BASE_DOMAIN, "CN=DFSR-GlobalSettings,CN=System", SCOPE_SUBTREE, member_attributes,
                  "(&(objectClass=msDFSR-Member)(serverReference=%s))", false, false, PAGE,
                  2 * FEW},
    [ASK_FRS] = {BASE_DOMAIN, "CN=File Replication Service,CN=System", SCOPE_SUBTREE,
                 member_attributes, "(&(objectClass=nTFRSMember)(serverReference=%s))", false,
                 false, PAGE, 2 * FEW},
    [ASK_MEMBERS] = {BASE_DOMAIN, "CN=System", SCOPE_SUBTREE, member_attributes,
                     "(|(msDFSR-ComputerReference=%s)(frsComputerReference=%s))", false, false,
                     2 * FEW, 2 * FEW},
    [ASK_OBJECT] = {BASE_OBJECT, NULL, SCOPE_BASE, object_attributes, ANY, true, false, 0, 0},
    [ASK_INVOCATION] = {BASE_SITES, NULL, SCOPE_SUBTREE, here_attributes,
                        "(&(objectClass=nTDSDSA)(invocationId=%s))", false, false, PAIR, PAIR},
    [ASK_HERE] = {BASE_OBJECT, NULL, SCOPE_BASE, here_attributes, ANY, true, false, 0, 0},
};

/* ---- the filter ---- */

bool burst_by_terms(enum ask ask)
{
    return ask == ASK_ACCOUNTS || ask == ASK_DC_HOSTS;
}

bool burst_joins(enum ask ask)
{
    return ask == ASK_DSA || ask == ASK_S || ask == ASK_SERVER || ask == ASK_ACCOUNT ||
           burst_by_terms(ask);
}

static bool is_list(enum ask ask)
{
    return burst_by_terms(ask) || ask == ASK_SERVERS || ask == ASK_NAMES;
}

size_t burst_terms(const struct open *question)
{
    size_t count = 0;
    for (const char *c = burst_by_terms(question->ask) ? question->text : ""; *c; c++)
        count += *c == '(';
    return count > 0 ? count : 1;
}

static void add_term(struct str *terms, const struct open *question)
{
    char guid[GUID_FILTER];
    if (is_list(question->ask))
        str_add(terms, question->text);
    else
        str_addf(terms, "(objectGUID=%s)", guid_filter(&question->guid, guid));
}

/* What stands for %s: terms, an escaped DN, or the bytes of a GUID. */
static char *words(const struct open *questions, size_t count)
{
    struct str terms = STR_INIT;
    char guid[GUID_FILTER];
    if (questions->ask == ASK_INVOCATION)
        return mem_text(guid_filter(&questions->guid, guid));
    if (count == 1 && !is_list(questions->ask))
        return search_escape(questions->text ? questions->text : "");
    for (size_t i = 0; i < count; i++)
        add_term(&terms, &questions[i]);
    return str_steal(&terms);
}

/* ---- the base ---- */

static const char *domain_base(const struct reading *r, size_t domain)
{
    bool catalog = server_catalog_port(reading_server(r, domain));
    return catalog ? "" : r->domains[domain].dn;
}

static const char *root_of(const struct reading *r, const struct manner *manner,
                           const struct open *question)
{
    switch (manner->base) {
    case BASE_CONFIG:
        return r->here->config_dn ? r->here->config_dn : "";
    case BASE_SITES:
        return r->sites;
    case BASE_DOMAIN:
        return domain_base(r, question->domain);
    case BASE_TEXT:
    case BASE_OBJECT:
        break;
    }
    return question->has_guid ? NULL : question->text;
}

static char *base_of(const struct reading *r, const struct manner *manner,
                     const struct open *question)
{
    const char *root = root_of(r, manner, question);
    if (!root)
        return search_guid_base(&question->guid);
    return manner->below ? str_format("%s,%s", manner->below, root) : mem_text(root);
}

/* ---- asking ---- */

static char *filled(const char *filter, const char *text)
{
    struct str s = STR_INIT;
    for (const char *at = filter; *at; at++)
        if (at[0] == '%' && at[1] == 's') {
            str_add(&s, text);
            at++;
        } else {
            str_addc(&s, *at);
        }
    return str_steal(&s);
}

static void init_joint(const struct reading *r, struct search *search, const struct open *questions,
                       const char *terms)
{
    const char *base =
        questions->ask == ASK_ACCOUNT ? domain_base(r, questions->domain) : r->here->config_dn;
    search_init(search, SCOPE_SUBTREE, base, manners[questions->ask].attributes, "(|%s)", terms);
}

static void init_alone(const struct reading *r, struct search *search, const struct open *question,
                       const char *text)
{
    const struct manner *manner = &manners[question->ask];
    char *base = base_of(r, manner, question), *filter = filled(manner->filter, text);
    search_init(search, manner->scope, base, manner->attributes, "%s", filter);
    free(base);
    free(filter);
}

static void init_search(const struct reading *r, struct search *search,
                        const struct open *questions, size_t count)
{
    const struct manner *manner = &manners[questions->ask];
    char *text = words(questions, count);
    if (count > 1 && manner->base == BASE_OBJECT)
        init_joint(r, search, questions, text);
    else
        init_alone(r, search, questions, text);
    search->deleted = manner->deleted;
    search->dacl = manner->dacl;
    search->page = manner->page;
    search->most = manner->most;
    free(text);
}

void burst_add(struct reading *r, struct burst *burst, struct open *questions, size_t count)
{
    struct asked *asked = MEM_PUSH(burst->asked, burst->count);
    asked->questions = mem_zero(count, sizeof *questions);
    memcpy(asked->questions, questions, count * sizeof *questions);
    asked->count = count;
    if (questions->ask == ASK_STATUS) {
        replication_ask(r->here, burst->turn, &asked->status);
        return;
    }
    asked->slot = burst->turn->count;
    init_search(r, turn_add(burst->turn), questions, count);
}

/* ---- where the entries go ---- */

static void put_around(struct reading *r, const struct entry *entry)
{
    if (entry_is_class(entry, "nTDSDSA"))
        (void)put_dsa(&r->store, entry, GRADE_PLACE, r->sites);
    else
        (void)put_server(&r->store, entry, GRADE_FULL);
}

static void put_object(struct reading *r, const struct entry *entry, size_t domain)
{
    if (entry_is_class(entry, "computer"))
        (void)put_account(&r->store, entry, GRADE_ACCESS, domain);
    else
        (void)put_other(&r->store, entry, domain);
}

static void put_entry(struct reading *r, const struct open *question, const struct entry *entry)
{
    switch (question->ask) {
    case ASK_DOMAINS:
        take_crossref(r, entry);
        break;
    case ASK_AROUND:
    case ASK_ALL:
        put_around(r, entry);
        break;
    case ASK_DSA:
    case ASK_CHILD:
        (void)put_dsa(&r->store, entry, GRADE_FULL, r->sites);
        break;
    case ASK_S:
        (void)put_server(&r->store, entry, GRADE_ACCESS);
        break;
    case ASK_SERVER:
    case ASK_SERVERS:
    case ASK_NAMES:
        (void)put_server(&r->store, entry, GRADE_FULL);
        break;
    case ASK_ACCOUNT:
    case ASK_ACCOUNTS:
    case ASK_DC_HOSTS:
        put_object(r, entry, question->domain);
        break;
    case ASK_DFSR:
    case ASK_FRS:
    case ASK_MEMBERS:
        put_member(&r->store, entry);
        break;
    default: /* the answer itself is enough */
        break;
    }
}

/* ---- answers ---- */

static enum part part_of(const struct turn *turn, const struct asked *asked)
{
    const struct result *result = turn_result(turn, asked->slot);
    if (turn->searches[asked->slot].scope == SCOPE_BASE)
        return turn_part(turn, asked->slot);
    if (err_is(result->err, ERR_NO_SUCH_OBJECT))
        return PART_ABSENT;
    if (err_is(result->err, ERR_NO_RIGHT))
        return PART_DENIED;
    return result->err || !result->complete ? PART_NO_ANSWER : PART_PRESENT;
}

static bool is_about(const struct open *question, const struct entry *entry)
{
    struct guid guid;
    return !question->has_guid ||
           (entry_identity(entry, &guid) && guid_equal(&guid, &question->guid));
}

static void record(struct reading *r, const struct open *question, enum part part,
                   const struct result *result, bool joint)
{
    index_add(&r->answered, question->key, strlen(question->key), r->answer_count);
    struct answer *answer = MEM_PUSH(r->answers, r->answer_count);
    answer->part = part;
    answer->err = result ? result->err : NULL;
    for (size_t i = 0; result && i < result->count; i++)
        if (!joint || is_about(question, &result->entries[i]))
            *MEM_PUSH(answer->entries, answer->count) = &result->entries[i];
}

static bool is_among(const struct open *question, const struct result *result)
{
    for (size_t i = 0; i < result->count; i++)
        if (is_about(question, &result->entries[i]))
            return true;
    return false;
}

/* Many objects in one filter: one that did not come may be hidden. */
static void take_joint(struct reading *r, struct asked *asked, enum part part,
                       const struct result *result)
{
    for (size_t i = 0; i < asked->count; i++) {
        struct open *question = &asked->questions[i];
        if (part != PART_PRESENT || is_among(question, result)) {
            record(r, question, part, result, true);
            continue;
        }
        question->lone = true;
        index_add(&r->noted, question->key, strlen(question->key), r->open_count);
        *MEM_PUSH(r->open, r->open_count) = *question;
        *question = (struct open){.key = NULL};
    }
}

static void take_status(struct reading *r, const struct turn *turn, const struct asked *asked)
{
    replication_take(r->here, turn, &asked->status, &r->status);
    for (size_t i = 0; i < r->status.count; i++)
        index_add(&r->links, r->status.links[i].dsa_guid.bytes, sizeof(struct guid), i);
    record(r, asked->questions, r->status.part, NULL, false);
}

static void take_search(struct reading *r, const struct turn *turn, struct asked *asked)
{
    const struct result *result = turn_result(turn, asked->slot);
    enum part part = part_of(turn, asked);
    for (size_t i = 0; i < result->count; i++)
        put_entry(r, asked->questions, &result->entries[i]);
    if (asked->questions->ask == ASK_DOMAINS)
        r->crossrefs_known = part == PART_PRESENT && result->count > 0;
    if (part == PART_NO_ANSWER)
        reading_incomplete(r, "A look-up", result->err);
    if (asked->count > 1)
        take_joint(r, asked, part, result);
    else
        record(r, asked->questions, part, result, false);
}

void open_release(struct open *open)
{
    free(open->text);
    free(open->key);
    *open = (struct open){.key = NULL};
}

void burst_take(struct reading *r, struct burst *burst)
{
    for (size_t i = 0; i < burst->count; i++) {
        struct asked *asked = &burst->asked[i];
        if (!burst->turn->results)
            ;
        else if (asked->questions->ask == ASK_STATUS)
            take_status(r, burst->turn, asked);
        else
            take_search(r, burst->turn, asked);
        for (size_t n = 0; n < asked->count; n++)
            open_release(&asked->questions[n]);
        free(asked->questions);
    }
    free(burst->asked);
    *burst = (struct burst){.turn = NULL};
}
