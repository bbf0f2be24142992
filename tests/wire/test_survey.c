/* The whole forest against one DSA at a time: the same verdicts, from bulk searches that do not
 * grow with healthy servers; and nothing called healthy that could not be read. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/directory/survey.h"
#include "src/jobs/scan.h"
#include "src/remedy/diagnose.h"
#include "tests/suite.h"
#include "tests/wire/facts_text.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct found {
    struct facts *items;
    size_t count;
    struct responder *responder;
    struct responder *child; /* of another domain; NULL: nobody can be asked there */
    bool refuse;
    size_t servers;
};

static void keep(void *context, struct facts *facts)
{
    struct found *found = context;
    *MEM_PUSH(found->items, found->count) = *facts;
}

static bool another(void *context, struct signin *out)
{
    struct found *found = context;
    responder_signin(found->responder, out);
    if (found->refuse)
        (void)shutdown(out->adopted_fd, SHUT_RDWR);
    return true;
}

static void count_servers(void *context, size_t servers)
{
    ((struct found *)context)->servers = servers;
}

static struct session *child_session(void *context, const char *domain_dn, char **why);

static struct err *survey_with(struct found *found, struct cancel *cancel, bool apart,
                               struct survey *out)
{
    struct session *session = lab_session(found->responder, 0);
    struct survey_way way = {.session = session,
                             .cancel = cancel,
                             .another = apart ? another : NULL,
                             .domain = found->child ? child_session : NULL,
                             .found = keep,
                             .progress = count_servers,
                             .context = found};
    struct err *err = survey_run(&way, out);
    session_close(session);
    return err;
}

static void forget(struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        facts_release(&found->items[i]);
    free(found->items);
    found->items = NULL;
    found->count = 0;
}

static const struct facts *find(const struct found *found, const char *guid)
{
    struct guid wanted;
    ck_assert(guid_parse(guid, &wanted));
    for (size_t i = 0; i < found->count; i++)
        if (guid_equal(&found->items[i].asked, &wanted))
            return &found->items[i];
    return NULL;
}

/* ---- the same as gather ---- */

static bool same_words(const struct findings *a, const struct findings *b)
{
    return a->set == b->set && a->count == b->count;
}

/* Of the blockers, those of the accounts: what concerns the write a survey does not look for. */
static bool same_reasons(const struct findings *a, const struct findings *b)
{
    const finding_set kinds = FINDING_BIT(B1) | FINDING_BIT(B2) | FINDING_BIT(B3) |
                              FINDING_BIT(B4) | FINDING_BIT(B5) | FINDING_BIT(B6) |
                              FINDING_BIT(B7) | FINDING_BIT(B15) | FINDING_BIT(B16);
    return (a->set & kinds) == (b->set & kinds);
}

static void same_verdict(const char *name, const struct facts *one, const struct facts *other)
{
    struct verdict a, b;
    diagnose(one, &a);
    diagnose(other, &b);
    ck_assert_msg(a.kind == b.kind, "%s: %s, alone %s", name, verdict_name(a.kind),
                  verdict_name(b.kind));
    ck_assert_msg(a.confidence == b.confidence, "%s: level %d, alone %d", name, (int)a.confidence,
                  (int)b.confidence);
    ck_assert_msg(str_same(a.current, b.current), "%s: current %s", name, a.current);
    ck_assert_msg(str_same(a.proposed, b.proposed), "%s: proposed %s", name, a.proposed);
    ck_assert_msg(same_words(&a.evidence, &b.evidence), "%s: evidence", name);
    ck_assert_msg(same_words(&a.side, &b.side), "%s: side findings", name);
    ck_assert_msg(same_reasons(&a.blockers, &b.blockers), "%s: blockers", name);
    ck_assert_msg(str_same(a.successor_dn, b.successor_dn), "%s: successor", name);
    ck_assert_msg(!a.writable, "%s: writable", name);
    verdict_release(&a);
    verdict_release(&b);
}

/* Field by field, where both read the same; the first line that differs is shown. */
static void same_facts(const char *name, const struct facts *one, const struct facts *other)
{
    char *a = facts_text(one, true), *b = facts_text(other, true);
    struct strs lines = {NULL, 0}, others = {NULL, 0};
    text_wrap(&lines, a, 1000);
    text_wrap(&others, b, 1000);
    for (size_t i = 0; i < lines.count && i < others.count; i++)
        ck_assert_msg(str_same(lines.items[i], others.items[i]), "%s: %s, alone %s", name,
                      lines.items[i], others.items[i]);
    ck_assert_uint_eq(lines.count, others.count);
    strs_release(&lines);
    strs_release(&others);
    free(a);
    free(b);
}

static struct facts alone(struct lab *lab, const char *guid)
{
    lab_ask(lab, guid);
    struct err *err = lab_gather(lab, 0);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    struct facts facts = lab->facts;
    facts_init(&lab->facts);
    return facts;
}

/* Each state hurts a DC of its own. */
struct state {
    const char *name;
    void (*hurt)(struct responder *responder, struct responder_dc *dc);
    enum verdict_kind kind;
};

static void unlink_both(struct responder_dc *dc)
{
    responder_clear(dc->server, "serverReference");
    responder_clear(dc->computer, "serverReferenceBL");
}

static void link_to(struct responder_dc *dc, const char *dn)
{
    unlink_both(dc);
    responder_link(dc->server, "serverReference", dn);
}

static void healthy(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    (void)dc;
}

static void missing(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    unlink_both(dc);
}

static void names_a_user(struct responder *responder, struct responder_dc *dc)
{
    lab_add(responder, "CN=Somebody,CN=Users," DOMAIN, "user");
    link_to(dc, "CN=Somebody,CN=Users," DOMAIN);
}

static void names_a_member(struct responder *responder, struct responder_dc *dc)
{
    struct responder_entry *member =
        lab_add(responder, "CN=FILE1,CN=Computers," DOMAIN, "computer");
    responder_value(member, "userAccountControl", "4096");
    responder_value(member, "primaryGroupID", "515");
    link_to(dc, "CN=FILE1,CN=Computers," DOMAIN);
}

static void dangles(struct responder *responder, struct responder_dc *dc)
{
    struct responder_entry *old = lab_add(responder, "CN=Old,OU=Retired," DOMAIN, "computer");
    link_to(dc, "CN=Old,OU=Retired," DOMAIN);
    responder_gone(old);
}

static void lost_account(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    unlink_both(dc);
    responder_gone(dc->computer);
}

static void deleted_account(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    unlink_both(dc);
    responder_tombstone(dc->computer);
}

/* The value's account is whole, and found by the link alone: the deleted one counts all the same.
 */
static void deleted_and_wrong(struct responder *responder, struct responder_dc *dc)
{
    deleted_account(responder, dc);
    link_to(dc, "CN=DC1,OU=Domain Controllers," DOMAIN);
}

static void lost_bits(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    unlink_both(dc);
    responder_set(dc->computer, "userAccountControl", "4096");
    responder_set(dc->computer, "primaryGroupID", "515");
    responder_clear(dc->computer, "servicePrincipalName");
}

static void disabled(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    responder_set(dc->computer, "userAccountControl", "532482");
}

static void no_spn(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    unlink_both(dc);
    responder_clear(dc->computer, "servicePrincipalName");
}

static void other_host(struct responder *responder, struct responder_dc *dc)
{
    no_spn(responder, dc);
    responder_set(dc->computer, "dNSHostName", "elsewhere.contoso.com");
}

static void read_only_dc(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    unlink_both(dc);
    responder_value(dc->ntds, "objectClass", "nTDSDSARO");
    responder_clear(dc->ntds, "msDS-HasDomainNCs");
    responder_clear(dc->ntds, "msDS-hasMasterNCs");
    responder_link(dc->ntds, "msDS-hasFullReplicaNCs", CONFIG);
    responder_link(dc->ntds, "msDS-hasFullReplicaNCs", DOMAIN);
    responder_set(dc->computer, "userAccountControl", "83890176");
    responder_set(dc->computer, "primaryGroupID", "521");
}

static void old_lists(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    responder_clear(dc->ntds, "msDS-HasDomainNCs");
}

static void no_lists(struct responder *responder, struct responder_dc *dc)
{
    old_lists(responder, dc);
    responder_clear(dc->ntds, "msDS-hasMasterNCs");
}

static void lost_domain(struct responder *responder, struct responder_dc *dc)
{
    no_lists(responder, dc);
    responder_link(dc->ntds, "msDS-HasDomainNCs", "DC=gone,DC=com");
}

static void dead_parent(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    responder_tombstone(dc->server);
}

static void denied(struct responder *responder, struct responder_dc *dc)
{
    static const char sd[] = "\1\0\4\x80\0\0\0\0\0\0\0\0\0\0\0\0\x14\0\0\0"
                             "\4\0\x1c\0\1\0\0\0"
                             "\1\0\x14\0\x10\0\0\0\1\1\0\0\0\0\0\1\0\0\0\0";
    (void)responder;
    unlink_both(dc);
    responder_bytes(dc->server, "nTSecurityDescriptor", sd, 48);
}

static void back_link_shows(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    responder_clear(dc->server, "serverReference");
}

static void opaque(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    responder_clear(dc->computer, "userAccountControl");
    responder_clear(dc->computer, "primaryGroupID");
}

static void two_accounts(struct responder *responder, struct responder_dc *dc)
{
    struct responder_entry *twin =
        lab_add(responder, "CN=DC-two accounts,OU=Branch," DOMAIN, "computer");
    no_spn(responder, dc);
    responder_value(twin, "userAccountControl", "532480");
    responder_value(twin, "primaryGroupID", "516");
    responder_value(twin, "dNSHostName",
                    responder_first(responder,
                                    "CN=DC-two accounts,OU=Domain "
                                    "Controllers," DOMAIN,
                                    "dNSHostName"));
}

static void spn_of_dc1(struct responder *responder, struct responder_dc *dc)
{
    struct responder_entry *dc1 = responder_find(responder, "CN=NTDS Settings,CN=DC1,CN=Servers,"
                                                            "CN=Main," SITES);
    char *spn =
        str_format("E3514235-4B06-11D1-AB04-00C04FC2DCD2/%s/contoso.com", responder_guid(dc1));
    unlink_both(dc);
    responder_set(dc->computer, "servicePrincipalName", spn);
    free(spn);
}

static void spn_of_nobody(struct responder *responder, struct responder_dc *dc)
{
    (void)responder;
    unlink_both(dc);
    responder_set(dc->computer, "servicePrincipalName",
                  "E3514235-4B06-11D1-AB04-00C04FC2DCD2/"
                  "12345678-1111-2222-3333-123456789012/contoso.com");
}

static void a_twin(struct responder *responder, struct responder_dc *dc)
{
    struct responder_entry *twin =
        lab_add(responder, "CN=DC-a twin,CN=Servers,CN=Main," SITES, "server");
    unlink_both(dc);
    responder_value(twin, "dNSHostName", "dc-a twin.contoso.com");
}

static void sysvol_member(struct responder *responder, struct responder_dc *dc)
{
    static const char place[] = "CN=DFSR-GlobalSettings,CN=System," DOMAIN;
    struct responder_entry *member;
    lab_add(responder, place, "msDFSR-GlobalSettings");
    member = lab_add(responder, "CN=M,CN=DFSR-GlobalSettings,CN=System," DOMAIN, "msDFSR-Member");
    responder_link(member, "serverReference",
                   "CN=NTDS Settings,CN=DC-sysvol,CN=Servers,CN=Town," SITES);
    responder_link(member, "msDFSR-ComputerReference",
                   "CN=DC-sysvol,OU=Domain Controllers," DOMAIN);
    other_host(responder, dc);
}

static const struct state states[] = {
    {"healthy", healthy, VERDICT_HEALTHY},
    {"missing", missing, VERDICT_MISSING},
    {"user", names_a_user, VERDICT_WRONG_TARGET},
    {"member", names_a_member, VERDICT_WRONG_TARGET},
    {"dangling", dangles, VERDICT_DANGLING},
    {"no account", lost_account, VERDICT_NO_COMPUTER},
    {"deleted account", deleted_account, VERDICT_NO_COMPUTER},
    {"deleted and wrong", deleted_and_wrong, VERDICT_NO_COMPUTER},
    {"lost bits", lost_bits, VERDICT_NO_COMPUTER},
    {"disabled", disabled, VERDICT_NO_COMPUTER},
    {"medium", no_spn, VERDICT_MISSING},
    {"unproven", other_host, VERDICT_UNPROVEN},
    {"rodc", read_only_dc, VERDICT_MISSING},
    {"old lists", old_lists, VERDICT_HEALTHY},
    {"no lists", no_lists, VERDICT_UNREADABLE},
    {"lost domain", lost_domain, VERDICT_NO_COMPUTER},
    {"dead parent", dead_parent, VERDICT_ORPHANED_DSA},
    {"denied", denied, VERDICT_UNREADABLE},
    {"back link", back_link_shows, VERDICT_UNREADABLE},
    {"opaque", opaque, VERDICT_UNREADABLE},
    {"two accounts", two_accounts, VERDICT_AMBIGUOUS},
    {"of dc1", spn_of_dc1, VERDICT_UNPROVEN},
    {"of nobody", spn_of_nobody, VERDICT_UNPROVEN},
    {"a twin", a_twin, VERDICT_MISSING},
    {"sysvol", sysvol_member, VERDICT_MISSING},
};
enum { STATES = sizeof states / sizeof *states };

static void plant(struct responder *responder, char guids[STATES][GUID_TEXT])
{
    for (size_t i = 0; i < STATES; i++) {
        char *name = str_format("DC-%s", states[i].name);
        struct responder_dc dc = responder_add_dc(responder, name, "Town");
        states[i].hurt(responder, &dc);
        memcpy(guids[i], responder_guid(dc.ntds), GUID_TEXT);
        free(name);
    }
}

START_TEST(judged_as_one_by_one)
{
    struct lab lab;
    struct survey survey;
    char guids[STATES][GUID_TEXT];
    lab_start(&lab);
    plant(lab.responder, guids);
    struct found found = {.responder = lab.responder};
    ck_assert_ptr_null(survey_with(&found, NULL, _i == 1, &survey));
    ck_assert_msg(survey.complete, "%s", survey.why);
    ck_assert_uint_eq(found.count, STATES + 2);
    ck_assert_uint_eq(survey.dsas, STATES + 2);
    ck_assert_uint_eq(found.servers > 0, 1);
    ck_assert_uint_eq(survey.connections, _i == 1 ? 3 : 1);
    for (size_t i = 0; i < STATES; i++) {
        const struct facts *one = find(&found, guids[i]);
        struct facts other = alone(&lab, guids[i]);
        struct verdict verdict;
        ck_assert_msg(one != NULL, "%s was not handed out", states[i].name);
        diagnose(one, &verdict);
        ck_assert_msg(verdict.kind == states[i].kind, "%s: %s", states[i].name,
                      verdict_name(verdict.kind));
        verdict_release(&verdict);
        same_verdict(states[i].name, one, &other);
        same_facts(states[i].name, one, &other);
        facts_release(&other);
    }
    ck_assert_uint_eq(survey.leftover_count, 1);
    ck_assert_str_eq(survey.leftovers[0].name, "DC-a twin");
    ck_assert_str_eq(survey.leftovers[0].site, "Main");
    survey_release(&survey);
    forget(&found);
    lab_end(&lab);
}
END_TEST

/* ---- orphans, tombstones, links ---- */

static void add_status(struct responder *responder, const char *guid, unsigned result)
{
    char *xml = str_format("<DS_REPL_NEIGHBOR><pszNamingContext>" DOMAIN "</pszNamingContext>"
                           "<pszSourceDsaDN>CN=NTDS Settings,CN=X</pszSourceDsaDN>"
                           "<uuidSourceDsaObjGuid>%s</uuidSourceDsaObjGuid>"
                           "<dwLastSyncResult>%u</dwLastSyncResult>"
                           "<cNumConsecutiveSyncFailures>7</cNumConsecutiveSyncFailures>"
                           "</DS_REPL_NEIGHBOR>",
                           guid, result);
    responder_value(responder_root(responder), "msDS-ReplAllInboundNeighbors", xml);
    free(xml);
}

START_TEST(tombstones_that_links_name)
{
    static const char nowhere[] = "12345678-1111-2222-3333-123456789012";
    struct lab lab;
    struct survey survey;
    lab_start(&lab);
    lab_add(lab.responder, "CN=LostAndFoundConfig," CONFIG, "lostAndFound");
    struct responder_entry *lost =
        lab_add(lab.responder, "CN=NTDS Settings,CN=LostAndFoundConfig," CONFIG, "nTDSDSA");
    responder_link(lost, "msDS-HasDomainNCs", DOMAIN);
    responder_link(lost, "lastKnownParent", LIVDC02);
    struct responder_dc quiet = responder_add_dc(lab.responder, "QUIET", "Town");
    struct responder_dc old = responder_add_dc(lab.responder, "OLD", "Town");
    struct responder_dc again = responder_add_dc(lab.responder, "OLD", "Houston");
    responder_tombstone(quiet.ntds);
    responder_tombstone(old.ntds);
    responder_gone(old.computer); /* it has the other one's GUID */
    responder_clear(old.ntds, "msDS-HasDomainNCs");
    responder_clear(old.ntds, "msDS-hasMasterNCs");
    add_status(lab.responder, responder_guid(old.ntds), 8589);
    add_status(lab.responder, nowhere, 8589);
    add_status(lab.responder, responder_guid(lab.dc.ntds), 8589);
    struct found found = {.responder = lab.responder};
    ck_assert_ptr_null(survey_with(&found, NULL, false, &survey));
    ck_assert_msg(survey.complete, "%s", survey.why);
    ck_assert_ptr_null(find(&found, responder_guid(quiet.ntds)));
    const char *guids[] = {responder_guid(old.ntds), nowhere, responder_guid(lab.dc.ntds),
                           responder_guid(again.ntds), responder_guid(lost)};
    for (size_t i = 0; i < sizeof guids / sizeof *guids; i++) {
        struct facts other = alone(&lab, guids[i]);
        ck_assert_ptr_nonnull(find(&found, guids[i]));
        same_verdict(guids[i], find(&found, guids[i]), &other);
        facts_release(&other);
    }
    ck_assert_uint_eq(survey.leftover_count, 2); /* QUIET and the first OLD */
    survey_release(&survey);
    forget(&found);
    lab_end(&lab);
}
END_TEST

/* ---- another domain ---- */

static struct session *child_session(void *context, const char *domain_dn, char **why)
{
    struct found *found = context;
    (void)why;
    ck_assert_str_eq(domain_dn, CHILD);
    return lab_session(found->child, 0);
}

/* Accounts, and the object that a value names, are read where their domain is held: by check, and
 * for one DSA. Its namesake in the own domain is no candidate. */
START_TEST(a_domain_of_another_dc)
{
    static const char *const values[] = {NULL, "CN=LIVDC02,OU=Domain Controllers," CHILD,
                                         "CN=Gone,OU=Domain Controllers," CHILD};
    struct lab lab;
    lab_start(&lab);
    lab_move_to_child(&lab);
    struct responder_entry *namesake =
        lab_add(lab.responder, "CN=LIVDC02,OU=Branch," DOMAIN, "computer");
    responder_value(namesake, "userAccountControl", "532480");
    responder_value(namesake, "primaryGroupID", "516");
    responder_gone(lab_child_account(lab.responder, NULL, responder_guid(lab.dc.ntds)));
    responder_gone(lab_add(lab.responder, values[2], "computer"));
    struct found found = {.responder = lab.responder, .child = lab_child_dc()};
    lab_child_account(found.child, NULL, responder_guid(lab.dc.ntds));
    if (values[_i])
        responder_link(lab.dc.server, "serverReference", values[_i]);
    struct survey survey;
    ck_assert_ptr_null(survey_with(&found, NULL, false, &survey));
    ck_assert_msg(survey.complete, "%s", survey.why);
    lab_read(&lab);
    struct session *child = lab_session(found.child, 0);
    ck_assert_ptr_null(gather_accounts(child, &lab.facts));
    ck_assert_ptr_null(gather_links(lab.session, &lab.facts));
    const struct facts *one = find(&found, responder_guid(lab.dc.ntds));
    ck_assert_int_eq(one->accounts_part, PART_PRESENT);
    ck_assert_int_eq(one->target.part, _i == 0   ? PART_NOT_ASKED
                                       : _i == 1 ? PART_PRESENT
                                                 : PART_ABSENT);
    same_facts("child", one, &lab.facts);
    session_close(child);
    survey_release(&survey);
    forget(&found);
    responder_free(found.child);
    lab_end(&lab);
}
END_TEST

/* ---- how much it asks ---- */

static unsigned requests_for(size_t dcs)
{
    struct lab lab;
    struct survey survey;
    lab_start(&lab);
    for (size_t i = 0; i < dcs; i++) {
        char *name = str_format("MORE%zu", i), *site = str_format("Site%zu", i % 7);
        responder_add_dc(lab.responder, name, site);
        free(name);
        free(site);
    }
    struct found found = {.responder = lab.responder};
    ck_assert_ptr_null(survey_with(&found, NULL, false, &survey));
    ck_assert(survey.complete);
    ck_assert_uint_eq(found.count, dcs + 2);
    unsigned requests = survey.requests;
    survey_release(&survey);
    forget(&found);
    lab_end(&lab);
    return requests;
}

START_TEST(healthy_servers_cost_nothing)
{
    unsigned few = requests_for(3);
    ck_assert_uint_eq(requests_for(90), few);
}
END_TEST

START_TEST(one_connection_is_enough)
{
    struct lab lab;
    struct survey survey;
    lab_start(&lab);
    struct found found = {.responder = lab.responder, .refuse = true};
    ck_assert_ptr_null(survey_with(&found, NULL, true, &survey));
    ck_assert(survey.complete);
    ck_assert_uint_eq(survey.connections, 1);
    ck_assert_uint_eq(found.count, 2);
    survey_release(&survey);
    forget(&found);
    lab_end(&lab);
}
END_TEST

/* ---- what ends early ---- */

static bool any_healthy(const struct found *found)
{
    bool healthy_one = false;
    for (size_t i = 0; i < found->count; i++) {
        struct verdict verdict;
        diagnose(&found->items[i], &verdict);
        healthy_one = healthy_one || verdict.kind == VERDICT_HEALTHY;
        verdict_release(&verdict);
    }
    return healthy_one;
}

START_TEST(cut_short)
{
    static const struct {
        const char *base, *filter;
        int code;
        size_t after;
        bool judged; /* what was read may be judged all the same */
    } cases[] = {
        {NULL, "primaryGroupID", 4, 1, false},  {NULL, "primaryGroupID", 11, 1, false},
        {NULL, "primaryGroupID", 3, 0, false},  {NULL, "primaryGroupID", 50, 0, false},
        {"CN=Sites", "server", 4, 1, true},     {"CN=Sites", "server", 11, 1, true},
        {"CN=Sites", "nTDSDSA", 4, 1, true},    {"CN=Sites", "nTDSDSA", 11, 2, true},
        {NULL, "crossRef", 11, 0, false},       {"CN=DFSR", "msDFSR-Member", 4, 0, true},
        {"CN=LostAndFound", NULL, 51, 0, true},
    };
    for (int samba = 0; samba < 2; samba++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct lab lab;
            struct survey survey;
            lab_start(&lab);
            if (samba)
                responder_value(responder_root(lab.responder), "vendorName", "Samba Team");
            responder_add_dc(lab.responder, "THIRD", "Town");
            responder_search_answer(lab.responder, cases[i].base, cases[i].filter, cases[i].code,
                                    "00000000: said so", cases[i].after);
            struct found found = {.responder = lab.responder};
            struct err *err = survey_with(&found, NULL, i % 2, &survey);
            ck_assert_msg(!err, "%zu: %s", i, err ? err->text : "");
            ck_assert_msg(!survey.complete && survey.why, "%zu is complete", i);
            ck_assert_msg(cases[i].judged || !any_healthy(&found), "%zu: healthy", i);
            survey_release(&survey);
            forget(&found);
            lab_end(&lab);
        }
}
END_TEST

/* A server object behind the cut is not missing, and its DSA not orphaned. */
START_TEST(behind_the_cut)
{
    struct lab lab;
    struct survey survey;
    lab_start(&lab);
    unlink_both(&lab.dc);
    responder_search_answer(lab.responder, "CN=Sites", "server", 4, "cut", 1);
    struct found found = {.responder = lab.responder};
    ck_assert_ptr_null(survey_with(&found, NULL, false, &survey));
    struct verdict verdict;
    diagnose(find(&found, responder_guid(lab.dc.ntds)), &verdict);
    ck_assert_str_eq(verdict_name(verdict.kind), "unreadable");
    verdict_release(&verdict);
    survey_release(&survey);
    forget(&found);
    lab_end(&lab);
}
END_TEST

/* A list of domains that was not asked for is not one that is not there. */
START_TEST(a_refused_second_look)
{
    struct lab lab;
    struct survey survey;
    struct verdict verdict;
    lab_start(&lab);
    no_lists(lab.responder, &lab.dc);
    responder_search_answer(lab.responder, responder_guid(lab.dc.ntds), NULL, 51, "busy", 0);
    struct found found = {.responder = lab.responder};
    ck_assert_ptr_null(survey_with(&found, NULL, false, &survey));
    ck_assert(!survey.complete);
    const struct facts *facts = find(&found, responder_guid(lab.dc.ntds));
    ck_assert_int_eq(facts->dsa.domain, PART_NO_ANSWER);
    diagnose(facts, &verdict);
    ck_assert_str_eq(verdict_name(verdict.kind), "unreadable");
    verdict_release(&verdict);
    survey_release(&survey);
    forget(&found);
    lab_end(&lab);
}
END_TEST

START_TEST(lost_on_the_way)
{
    for (unsigned nth = 2; nth < 16; nth++) {
        struct lab lab;
        struct survey survey;
        lab_start(&lab);
        unlink_both(&lab.dc);
        responder_fault(lab.responder, FAULT_DROP, OP_SEARCH, nth);
        struct found found = {.responder = lab.responder};
        struct err *err = survey_with(&found, NULL, false, &survey);
        ck_assert(err || !survey.complete || found.count == 2);
        ck_assert(!err || (found.count == 0 && !survey.why));
        err_free(err);
        survey_release(&survey);
        forget(&found);
        lab_end(&lab);
    }
}
END_TEST

START_TEST(called_off)
{
    struct lab lab;
    struct survey survey;
    struct cancel *cancel = cancel_new();
    lab_start(&lab);
    cancel_raise(cancel);
    struct found found = {.responder = lab.responder};
    struct err *err = survey_with(&found, cancel, false, &survey);
    ck_assert(err && err->kind == ERR_CANCELLED);
    ck_assert_uint_eq(found.count, 0);
    err_free(err);
    cancel_free(cancel);
    lab_end(&lab);
}
END_TEST

START_TEST(a_catalog_is_refused)
{
    struct lab lab;
    struct survey survey;
    lab_start(&lab);
    struct session *session = lab_session(lab.responder, 3269);
    struct survey_way way = {.session = session};
    struct err *err = survey_run(&way, &survey);
    ck_assert(err_is(err, ERR_USAGE));
    err_free(err);
    session_close(session);
    lab_end(&lab);
}
END_TEST

/* ---- the job ---- */

static int status_of(struct lab *lab, struct scan *scan)
{
    struct session *session = lab_session(lab->responder, 0);
    struct err *err = scan_run(session, NULL, NULL, NULL, scan);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    session_close(session);
    return scan_status(scan);
}

START_TEST(findings_and_status)
{
    struct lab lab;
    struct scan scan;
    lab_start(&lab);
    ck_assert_int_eq(status_of(&lab, &scan), 0);
    ck_assert(scan.count == 0 && scan.judged == 2 && scan.counts[VERDICT_HEALTHY] == 2);
    scan_release(&scan);
    unlink_both(&lab.dc);
    ck_assert_int_eq(status_of(&lab, &scan), 1);
    ck_assert_uint_eq(scan.count, 1);
    char *name = scan_name(&scan.items[0].facts), *site = scan_site(&scan.items[0].facts);
    ck_assert_str_eq(name, "LIVDC02");
    ck_assert_str_eq(site, "Liverpool");
    free(name);
    free(site);
    scan_release(&scan);
    responder_search_answer(lab.responder, "CN=Sites", "nTDSDSA", 4, "cut", 1);
    ck_assert_int_eq(status_of(&lab, &scan), 2);
    scan_release(&scan);
    lab_end(&lab);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("survey");
    TCase *tests = tcase_create("survey");
    tcase_add_loop_test(tests, judged_as_one_by_one, 0, 2);
    tcase_add_test(tests, tombstones_that_links_name);
    tcase_add_loop_test(tests, a_domain_of_another_dc, 0, 3);
    tcase_add_test(tests, healthy_servers_cost_nothing);
    tcase_add_test(tests, one_connection_is_enough);
    tcase_add_test(tests, cut_short);
    tcase_add_test(tests, behind_the_cut);
    tcase_add_test(tests, a_refused_second_look);
    tcase_add_test(tests, lost_on_the_way);
    tcase_add_test(tests, called_off);
    tcase_add_test(tests, a_catalog_is_refused);
    tcase_add_test(tests, findings_and_status);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
