/* The builder makes one object after the other; what a test changes afterwards goes through
 * mem_set(), so that facts_release() finds owned texts everywhere. */
#include "tests/unit/facts_builder.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/remedy/diagnose.h"

#include <stdlib.h>
#include <string.h>

#define HERE "londc01.contoso.com"
#define SOURCE "livdc01.contoso.com"
#define THIRD "mandc01.contoso.com"
#define SITE(name) "CN=Servers,CN=" name ",CN=Sites," BUILD_CONFIG
#define SERVER_DN "CN=LIVDC01," SITE("Liverpool")

struct guid build_guid(unsigned number)
{
    struct guid guid = {{0x3d, 0xab, 0x7f, 0x9b, 0x92, 0xe7}};
    memcpy(guid.bytes + 12, &number, sizeof number);
    return guid;
}

static void set_own(char **field, char *text)
{
    free(*field);
    *field = text;
}

static void set_link(struct dn_link *link, unsigned object, const char *dn)
{
    mem_set(&link->dn, dn);
    link->has_guid = true;
    link->guid = build_guid(object);
}

static void build_here(struct server *server)
{
    mem_set(&server->host, HERE);
    mem_set(&server->dns_host, HERE);
    mem_set(&server->identity, "kayla@CONTOSO.COM");
    mem_set(&server->mechanism, "GSSAPI");
    mem_set(&server->domain_dn, BUILD_DOMAIN);
    mem_set(&server->config_dn, BUILD_CONFIG);
    mem_set(&server->forest, "contoso.com");
    mem_set(&server->server_dn, "CN=LONDC01," SITE("London"));
    mem_set(&server->dsa_dn, "CN=NTDS Settings,CN=LONDC01," SITE("London"));
    strs_add(&server->contexts, BUILD_DOMAIN);
    strs_add(&server->contexts, BUILD_CONFIG);
    server->port = 389;
    server->ssf = 256;
    server->kerberos = server->signed_in = server->directory = true;
    server->has_dsa_guid = true;
    server->dsa_guid = build_guid(BUILD_HERE_DSA);
    server->synchronized = FLAG_YES;
    server->read_only = FLAG_NO;
}

static void build_dsa(struct facts_dsa *dsa)
{
    dsa->part = dsa->domain = PART_PRESENT;
    dsa->is_dsa = true;
    dsa->guid = build_guid(BUILD_DSA);
    dsa->dn = mem_text("CN=NTDS Settings," SERVER_DN);
    dsa->domain_dn = mem_text(BUILD_DOMAIN);
    dsa->options = DSA_IS_GC;
    dsa->created = dsa->changed = BUILD_NOW - 400 * BUILD_DAY;
}

static void build_server(struct facts_server *srv)
{
    srv->part = srv->rights = PART_PRESENT;
    srv->is_server = srv->may_write = true;
    srv->may_read = FLAG_YES;
    srv->guid = build_guid(BUILD_SERVER);
    srv->dn = mem_text(SERVER_DN);
    srv->cn = mem_text("LIVDC01");
    srv->site = mem_text("Liverpool");
    srv->dns_host = mem_text("livdc01.contoso.com");
    srv->reference = PART_ABSENT;
}

static void build_copies(struct facts *facts)
{
    static const struct {
        const char *host;
        unsigned dsa;
    } dcs[] = {{HERE, BUILD_HERE_DSA}, {SOURCE, BUILD_DSA}, {THIRD, BUILD_THIRD_DSA}};
    for (size_t i = 0; i < sizeof dcs / sizeof *dcs; i++) {
        struct facts_copy *copy = build_copy(facts, dcs[i].host);
        copy->dsa_guid = build_guid(dcs[i].dsa);
        copy->state = COPY_ABSENT;
    }
    facts->copies[0].is_here = facts->copies[0].is_dest = true;
    facts->copies[1].is_source = true;
}

void build_bare(struct facts *facts)
{
    facts_init(facts);
    build_here(&facts->server);
    facts->when = BUILD_NOW;
    facts->asked = build_guid(BUILD_DSA);
    build_dsa(&facts->dsa);
    build_server(&facts->srv);
    build_copies(facts);
    facts->domain_live = facts->accounts_part = PART_PRESENT;
    facts->accounts_from = mem_text(HERE);
    facts->replication = PART_PRESENT;
    facts->here_options_known = true;
    facts->here_options = DSA_IS_GC;
    facts->dns = DNS_FOUND;
    facts->dns_target = mem_text("livdc01.contoso.com");
    facts->tombstone_days = BUILD_LIFETIME;
}

void build_healthy(struct facts *facts)
{
    build_bare(facts);
    build_names(facts, build_account(facts, BUILD_FULL));
    build_link(facts, 0, BUILD_NOW - 60);
}

static void place(struct facts_account *account, const char *cn, const char *sam, bool in_ou)
{
    char *parent =
        str_format("%s,%s", in_ou ? "OU=Domain Controllers" : "CN=Computers", account->domain_dn);
    set_own(&account->dn, dn_child("CN", cn, parent));
    mem_set(&account->here_dn, account->dn);
    set_own(&account->sam, mem_text(sam));
    free(parent);
}

static void add_spn(struct facts_account *account, const char *format, unsigned dsa)
{
    char text[GUID_TEXT];
    struct guid guid = build_guid(dsa);
    guid_text(&guid, text);
    struct str spn = STR_INIT;
    for (; *format; format++) {
        if (*format == '@')
            str_add(&spn, text);
        else
            str_addc(&spn, *format);
    }
    strs_own(&account->spns, str_steal(&spn));
}

#define DRS_SPN "e3514235-4b06-11d1-ab04-00c04fc2dcd2/@/contoso.com"
#define MSDCS_SPN "ldap/@._msdcs.contoso.com"

void build_spn(struct facts *facts, size_t index, unsigned dsa, enum dsa_state state)
{
    struct facts_account *account = &facts->accounts[index];
    struct guid guid = build_guid(dsa);
    add_spn(account, DRS_SPN, dsa);
    struct facts_named_dsa *named = facts_add_named(account, &guid);
    named->state = state;
    if (state == DSA_LIVE && !named->dn)
        named->dn = mem_text("CN=NTDS Settings,CN=DCX," SITE("London"));
}

static void clear_spns(struct facts_account *account)
{
    strs_release(&account->spns);
    for (size_t i = 0; i < account->named_count; i++)
        free(account->named[i].dn);
    free(account->named);
    account->named = NULL;
    account->named_count = 0;
    strs_add(&account->spns, "HOST/somewhere.contoso.com");
}

/* The copy of this host names the account, or, where it did and must not, nothing. */
static void set_copy(struct facts *facts, const char *host, size_t index, bool names)
{
    struct facts_copy *copy = build_copy(facts, host);
    struct guid guid = build_guid(BUILD_ACCOUNT + (unsigned)index);
    copy->proven = copy->proven || names;
    if (names)
        build_copy_names(copy, BUILD_ACCOUNT + (unsigned)index, facts->accounts[index].dn);
    else if (copy->state == COPY_VALUE && guid_equal(&copy->value.guid, &guid))
        build_copy_says(copy, COPY_ABSENT);
}

static void set_names(struct facts_account *account, size_t index, unsigned evidence)
{
    char *other = str_format("OTHER%zu", index), *sam = str_format("OTHER%zu$", index);
    char *host = str_format("other%zu.contoso.com", index);
    bool named = evidence & EV(7), in_ou = evidence & EV(10);
    place(account, named ? "LivDC01" : other, named ? "LIVDC01$" : sam, in_ou);
    mem_set(&account->dns_host, evidence & EV(6) ? "LIVDC01.Contoso.com." : host);
    free(other);
    free(sam);
    free(host);
}

void build_evidence(struct facts *facts, size_t index, unsigned evidence)
{
    struct facts_account *account = &facts->accounts[index];
    clear_spns(account);
    if (evidence & EV(1))
        build_spn(facts, index, BUILD_DSA, DSA_LIVE);
    if (evidence & EV(2))
        add_spn(account, MSDCS_SPN, BUILD_DSA);
    account->live = evidence & EV(3) ? PART_PRESENT : PART_NOT_ASKED;
    account->live_runs_n = account->live_is_account = evidence & EV(3);
    set_names(account, index, evidence);
    set_copy(facts, SOURCE, index, evidence & EV(4));
    set_copy(facts, THIRD, index, evidence & EV(5));
    account->sysvol_member = evidence & EV(8);
    account->uac = evidence & EV(9) ? 532480 : UAC_WORKSTATION;
    account->primary_group = evidence & EV(9) ? GROUP_DCS : 515;
}

size_t build_account(struct facts *facts, unsigned evidence)
{
    size_t index = facts->account_count;
    struct facts_account *account = facts_add_account(facts);
    account->guid = build_guid(BUILD_ACCOUNT + (unsigned)index);
    account->domain_dn = mem_text(BUILD_DOMAIN);
    account->is_computer = account->has_uac = true;
    account->spns_part = account->here = PART_PRESENT;
    account->holders_part = PART_ABSENT;
    build_evidence(facts, index, evidence);
    return index;
}

void build_rename(struct facts *facts, size_t index, const char *cn, const char *sam)
{
    struct facts_account *account = &facts->accounts[index];
    place(account, cn, sam, dn_is_under(account->dn, "OU=Domain Controllers," BUILD_DOMAIN));
}

void build_move(struct facts *facts, size_t index, const char *domain_dn)
{
    struct facts_account *account = &facts->accounts[index];
    char *cn = dn_rdn_value(account->dn), *sam = mem_text(account->sam);
    mem_set(&account->domain_dn, domain_dn);
    place(account, cn, sam, true);
    free(cn);
    free(sam);
}

void build_delete(struct facts *facts, size_t index, bool recyclable)
{
    struct facts_account *account = &facts->accounts[index];
    account->deleted = true;
    account->recyclable = recyclable;
    if (!recyclable)
        clear_spns(account);
    mem_set(&account->dn, "CN=LIVDC01\\0ADEL:00000000-0000-0000-0000-000000000000,"
                          "CN=Deleted Objects," BUILD_DOMAIN);
    mem_set(&account->here_dn, account->dn);
    account->here_deleted = true;
}

struct facts_other *build_holder(struct facts *facts, size_t index, bool has_dsa, unsigned proof)
{
    struct facts_account *account = &facts->accounts[index];
    struct facts_other *holder = MEM_PUSH(account->holders, account->holder_count);
    account->holders_part = PART_PRESENT;
    holder->guid = build_guid(200 + (unsigned)index);
    holder->dn = mem_text("CN=OLDDC," SITE("London"));
    holder->cn = mem_text("OLDDC");
    holder->dns_host = mem_text("olddc.contoso.com");
    holder->has_dsa = has_dsa;
    set_link(&holder->reference, BUILD_ACCOUNT + (unsigned)index, account->dn);
    if (has_dsa) {
        holder->dsa_guid = build_guid(BUILD_LIVE_DSA);
        holder->dsa_dn = mem_text("CN=NTDS Settings,CN=OLDDC," SITE("London"));
    }
    if (proof & PROOF_SPN)
        build_spn(facts, index, BUILD_LIVE_DSA, DSA_LIVE);
    if (proof & PROOF_ALIAS)
        add_spn(account, MSDCS_SPN, BUILD_LIVE_DSA);
    if (proof & PROOF_HOST)
        mem_set(&holder->dns_host, account->dns_host);
    if (proof & PROOF_NAME)
        set_own(&holder->cn, dn_rdn_value(account->dn));
    return holder;
}

static void forget_target(struct facts *facts)
{
    struct facts_target *target = &facts->target;
    dn_link_release(&facts->srv.reference_link);
    free(target->kind);
    free(target->dn);
    free(target->asked_at);
    *target = (struct facts_target){.part = PART_NOT_ASKED};
    for (size_t i = 0; i < facts->account_count; i++)
        facts->accounts[i].is_target = facts->accounts[i].held_by_s = false;
}

void build_absent(struct facts *facts)
{
    forget_target(facts);
    facts->srv.reference = PART_ABSENT;
    build_copy_says(&facts->copies[0], COPY_ABSENT);
}

static void point_at(struct facts *facts, unsigned object, const char *dn)
{
    char *copy = mem_text(dn);
    forget_target(facts);
    facts->srv.reference = PART_PRESENT;
    set_link(&facts->srv.reference_link, object, copy);
    build_copy_names(&facts->copies[0], object, copy);
    facts->target.part = PART_PRESENT;
    facts->target.guid = build_guid(object);
    facts->target.has_guid = true;
    facts->target.dn = copy;
    facts->target.asked_at = mem_text(HERE);
}

void build_names(struct facts *facts, size_t index)
{
    const struct facts_account *account = &facts->accounts[index];
    point_at(facts, BUILD_ACCOUNT + (unsigned)index, account->dn);
    facts->target.is_computer = account->is_computer;
    facts->target.deleted = account->deleted;
    facts->target.recyclable = account->recyclable;
    facts->target.kind = mem_text("computer");
    facts->accounts[index].is_target = facts->accounts[index].held_by_s = true;
}

void build_names_other(struct facts *facts, const char *kind)
{
    point_at(facts, BUILD_OTHER, "CN=Someone,CN=Users," BUILD_DOMAIN);
    mem_set(&facts->target.kind, kind);
}

void build_names_nothing(struct facts *facts)
{
    point_at(facts, BUILD_OTHER, "CN=GONE,OU=Domain Controllers," BUILD_DOMAIN);
    facts->target.part = PART_ABSENT;
    mem_set(&facts->target.dn, NULL);
}

void build_names_deleted(struct facts *facts, size_t index)
{
    build_delete(facts, index, true);
    build_names(facts, index);
}

struct facts_copy *build_copy(struct facts *facts, const char *host)
{
    for (size_t i = 0; i < facts->copy_count; i++)
        if (strcmp(facts->copies[i].server, host) == 0)
            return &facts->copies[i];
    struct facts_copy *copy = facts_add_copy(facts);
    copy->server = mem_text(host);
    copy->state = COPY_ABSENT;
    return copy;
}

void build_copy_names(struct facts_copy *copy, unsigned object, const char *dn)
{
    copy->state = COPY_VALUE;
    set_link(&copy->value, object, dn);
}

void build_copy_says(struct facts_copy *copy, enum copy_state state)
{
    dn_link_release(&copy->value);
    copy->state = state;
}

static void fill_other(struct facts_other *other, unsigned number, const char *cn, const char *site)
{
    other->guid = build_guid(number);
    other->dsa_guid = build_guid(number + 1);
    other->cn = mem_text(cn);
    other->dn = str_format("CN=%s,CN=Servers,CN=%s,CN=Sites," BUILD_CONFIG, cn, site);
    other->dsa_dn = str_format("CN=NTDS Settings,%s", other->dn);
}

struct facts_other *build_twin(struct facts *facts, const char *cn, const char *site, bool has_dsa)
{
    struct facts_other *twin = MEM_PUSH(facts->twins, facts->twin_count);
    fill_other(twin, 300 + 2 * (unsigned)facts->twin_count, cn, site);
    twin->has_dsa = has_dsa;
    if (!has_dsa)
        mem_set(&twin->dsa_dn, NULL);
    return twin;
}

struct facts_other *build_successor(struct facts *facts, const char *cn)
{
    struct facts_other *successor = MEM_PUSH(facts->successors, facts->successor_count);
    fill_other(successor, 400 + 2 * (unsigned)facts->successor_count, cn, "Liverpool");
    successor->has_dsa = true;
    return successor;
}

struct facts_link *build_link(struct facts *facts, unsigned result, time_t last_success)
{
    struct facts_link *link = facts_add_link(facts);
    link->partner = mem_text("CN=NTDS Settings," SERVER_DN);
    link->nc = mem_text(BUILD_DOMAIN);
    link->dsa_guid = build_guid(BUILD_DSA);
    link->result = result;
    link->failures = result ? 1700 : 0;
    link->last_attempt = BUILD_NOW - 60;
    link->last_success = last_success;
    return link;
}

static bool offers(const struct verdict *verdict)
{
    return verdict->kind == VERDICT_MISSING || verdict->kind == VERDICT_DANGLING ||
           verdict->kind == VERDICT_WRONG_TARGET;
}

static const char *broken_words(const struct verdict *verdict)
{
    if (!verdict->headline || !*verdict->headline)
        return "no headline";
    if (!verdict->meaning || !*verdict->meaning)
        return "no meaning";
    if (!verdict->advice || !*verdict->advice)
        return "no advice";
    return NULL;
}

static const char *broken_offer(const struct facts *facts, const struct verdict *verdict)
{
    enum level needed = verdict->kind == VERDICT_MISSING ? LEVEL_MEDIUM : LEVEL_HIGH;
    if (offers(verdict) != (verdict->proposed != NULL))
        return "proposed stands exactly where a value is offered";
    if (offers(verdict) && verdict->account >= facts->account_count)
        return "an offered value has an account";
    if (offers(verdict) && verdict->confidence < needed)
        return "offered below the needed level";
    bool may = offers(verdict) && verdict->blockers.count == 0 && !facts->survey;
    if (verdict->writable != may)
        return "writable = offered, no blocker, no survey";
    if (verdict->second.count > 0 && !offers(verdict))
        return "a second confirmation of nothing";
    return NULL;
}

const char *build_broken(const struct facts *facts, const struct verdict *verdict)
{
    const char *broken = broken_words(verdict);
    if (!broken)
        broken = broken_offer(facts, verdict);
    if (broken)
        return broken;
    if (verdict->account_count != facts->account_count)
        return "every account is judged";
    bool present = facts->srv.reference == PART_PRESENT;
    if (present != (verdict->current != NULL))
        return "current is the value as read";
    if (verdict->kind == VERDICT_HEALTHY && (!present || verdict->blockers.count > 0))
        return "healthy needs a value and blocks nothing";
    return NULL;
}

bool build_found(const struct findings *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(finding_name(list->items[i].kind), name) == 0)
            return true;
    return false;
}

unsigned build_evidence_of(const struct judged_account *judged)
{
    return (unsigned)(judged->reasons.set & (FINDING_BIT(B1) - 1));
}

/* Every name of `wanted` is in the list, and the list has no other. */
static bool same_names(const struct findings *list, const char *wanted)
{
    if (!wanted)
        return true;
    for (size_t i = 0; i < list->count; i++) {
        const char *kind = finding_name(list->items[i].kind), *at = strstr(wanted, kind);
        size_t len = strlen(kind);
        while (at && !((at == wanted || at[-1] == ' ') && (at[len] == ' ' || !at[len])))
            at = strstr(at + 1, kind);
        if (!at)
            return false;
    }
    while (*wanted) {
        size_t len = strcspn(wanted, " ");
        char *name = mem_textn(wanted, len);
        bool has = build_found(list, name);
        free(name);
        if (!has)
            return false;
        wanted += len + (wanted[len] == ' ');
    }
    return true;
}

static void add_names(struct str *s, const char *title, const struct findings *list)
{
    str_addf(s, "\n  %s:", title);
    for (size_t i = 0; i < list->count; i++)
        str_addf(s, " %s", finding_name(list->items[i].kind));
}

static bool same_words(const struct build_case *wanted, const struct verdict *verdict)
{
    char *all = str_format("%s\n%s\n%s", verdict->headline, verdict->meaning, verdict->advice);
    bool same = (!wanted->says || strstr(all, wanted->says)) &&
                (!wanted->not_says || !strstr(all, wanted->not_says));
    free(all);
    return same;
}

static bool as_wanted(const struct build_case *wanted, const struct facts *facts,
                      const struct verdict *verdict)
{
    const char *dn = wanted->proposed == NOTHING ? NULL : facts->accounts[wanted->proposed].dn;
    return verdict->kind == wanted->kind && verdict->confidence == wanted->level &&
           str_same(verdict->proposed, dn) && verdict->writable == wanted->writable &&
           same_names(&verdict->blockers, wanted->blockers) &&
           same_names(&verdict->side, wanted->side) && same_words(wanted, verdict);
}

static char *describe(const struct build_case *wanted, const struct verdict *verdict)
{
    struct str s = STR_INIT;
    const char *level = level_name(verdict->confidence);
    str_addf(&s, "%s: got %s, %s, proposed %s, %s", wanted->name, verdict_name(verdict->kind),
             level ? level : "no level", verdict->proposed ? verdict->proposed : "nothing",
             verdict->writable ? "writable" : "not writable");
    add_names(&s, "evidence", &verdict->evidence);
    add_names(&s, "blockers", &verdict->blockers);
    add_names(&s, "side", &verdict->side);
    add_names(&s, "second", &verdict->second);
    str_addf(&s, "\n%s\n%s\n%s", verdict->headline, verdict->meaning, verdict->advice);
    return str_steal(&s);
}

char *build_try(const struct build_case *wanted)
{
    struct facts facts;
    struct verdict verdict;
    wanted->make(&facts);
    diagnose(&facts, &verdict);
    const char *broken = build_broken(&facts, &verdict);
    char *wrong = NULL;
    if (broken)
        wrong = str_format("%s: %s", wanted->name, broken);
    else if (!as_wanted(wanted, &facts, &verdict))
        wrong = describe(wanted, &verdict);
    verdict_release(&verdict);
    facts_release(&facts);
    return wrong;
}
