/* Four turns, each a list of steps that ask together:
 *   1  N by its GUID, what is the same for the whole forest, the DCs around the judged one
 *   2  S above N, servers of its name, accounts by N's GUID and S's name   (or: what is this GUID?)
 *   3  servers and accounts by S's host name, the link's target, the DSAs below the twins
 *   4  the DSAs that the accounts' SPNs name, the servers that hold them
 * A name instead of a GUID takes a turn before these. Where N is deleted and its machine is a DC
 * again, that DSA's first turn is saved: it is known, and so is the forest. */
#include "src/directory/gather_parts.h"

#include "src/base/mem.h"
#include "src/model/host.h"

#include <stdlib.h>

enum { COPIES_MOST = 16 }; /* on other DCs */

static const struct step *const first_turn[] = {&gather_forest_step, &gather_dsa_step,
                                                &gather_status_step, &gather_partners_step, NULL};
static const struct step *const dsa_turn[] = {&gather_dsa_step, &gather_status_step,
                                              &gather_partners_step, NULL};
static const struct step *const asked_turn[] = {&gather_asked_step, NULL};
static const struct step *const second_turn[] = {&gather_server_step, &gather_same_name_step,
                                                 &gather_names_step, &gather_places_step, NULL};
static const struct step *const third_turn[] = {&gather_dsas_step,   &gather_same_host_step,
                                                &gather_target_step, &gather_rest_step,
                                                &gather_hosts_step,  NULL};
static const struct step *const fourth_turn[] = {&gather_dsas_step, &gather_links_step, NULL};

static const struct step *const elsewhere_first[] = {&gather_names_step, &gather_target_step, NULL};
static const struct step *const elsewhere_second[] = {&gather_rest_step, NULL};
static const struct step *const links_turn[] = {&gather_links_step, NULL};

static void start(struct gather *g, struct session *session, struct facts *facts)
{
    *g = (struct gather){.session = session, .here = session_server(session), .facts = facts};
    g->sites = str_format("CN=Sites,%s", g->here->config_dn ? g->here->config_dn : "");
}

static void end(struct gather *g)
{
    free(g->sites);
    free(g->name);
    strs_release(&g->servers);
    for (size_t i = 0; i < g->domain_count; i++)
        dn_link_release(&g->domains[i]);
    free(g->domains);
    free(g->members.items);
    free(g->inbound.items);
    replication_release(&g->links);
    partners_release(&g->partners);
    if (g->next)
        facts_release(g->next);
    free(g->next);
    free(g->next_name);
}

/* Blocks. */
static struct err *run(struct gather *g, const struct step *const *steps)
{
    struct turn turn = TURN_INIT;
    for (size_t i = 0; steps[i]; i++)
        steps[i]->ask(g, &turn);
    struct err *err = turn_run(&turn, g->session);
    for (size_t i = 0; steps[i] && !err && !g->err; i++)
        steps[i]->take(g, &turn);
    turn_release(&turn);
    return err ? err : g->err;
}

/* ---- N ---- */

static bool has_place(const struct subject_dsa *dsa)
{
    return dsa->has_guid || dsa->ntds_dn || dsa->server_dn || (dsa->site && dsa->server);
}

/* A DN or SITE\SERVER of the text may be out of date: then the server's name is tried alone. */
static struct err *find_dsa(struct gather *g)
{
    struct err *err = NULL;
    bool place = has_place(g->dsa);
    if (!place)
        err = gather_find_servers(g);
    if (!err)
        err = run(g, first_turn);
    if (!place || g->dsa->has_guid || !err_is(err, ERR_NO_SUCH_OBJECT))
        return err;
    err_free(err);
    g->err = NULL;
    err = gather_find_servers(g);
    return err ? err : run(g, dsa_turn);
}

/* ---- what comes from the subject, and this DC's own copy ---- */

static bool is_destination(const struct gather *g, bool unknown)
{
    const struct subject *subject = g->subject;
    if (subject->destination)
        return host_matches(subject->destination, g->here->dns_host) ||
               host_matches(subject->destination, g->here->host);
    if (subject->has_destination_dsa && g->here->has_dsa_guid)
        return guid_equal(&subject->destination_dsa, &g->here->dsa_guid);
    return unknown;
}

/* B13: a report gave this GUID, and an event in the same text names another DSA. */
static bool is_contradicted(const struct gather *g)
{
    for (size_t i = 0; g->dsa->hypothesis && i < g->subject->count; i++) {
        const struct subject_dsa *other = &g->subject->dsas[i];
        if (!other->hypothesis && other->has_guid && !guid_equal(&other->guid, &g->facts->asked))
            return true;
    }
    return false;
}

static enum copy_state own_state(const struct facts_server *srv)
{
    static const enum copy_state states[] = {
        [PART_NOT_ASKED] = COPY_NOT_ASKED, [PART_NO_ANSWER] = COPY_UNREADABLE,
        [PART_DENIED] = COPY_UNREADABLE,   [PART_ABSENT] = COPY_ABSENT,
        [PART_PRESENT] = COPY_VALUE,
    };
    if (srv->part == PART_ABSENT)
        return COPY_NO_OBJECT;
    return srv->part == PART_PRESENT ? states[srv->reference] : states[srv->part];
}

static void add_own_copy(struct gather *g)
{
    const struct server *here = g->here;
    struct facts_copy *copy = facts_add_copy(g->facts);
    copy->server = mem_text(gather_name(here));
    copy->dsa_guid = here->dsa_guid;
    copy->state = own_state(&g->facts->srv);
    if (copy->state == COPY_VALUE)
        dn_link_copy(&copy->value, &g->facts->srv.reference_link);
    copy->proven = here->kerberos || here->tls;
    copy->is_source = here->has_dsa_guid && guid_equal(&here->dsa_guid, &g->facts->asked);
    copy->is_here = true;
    copy->is_dest = is_destination(g, false);
    copy->read_only = g->facts->server.read_only == FLAG_YES;
}

static void take_subject(struct gather *g)
{
    struct facts *facts = g->facts;
    if (g->subject->destination)
        mem_set(&facts->destination, g->subject->destination);
    if (g->dsa->forest && g->here->forest && !host_equal(g->dsa->forest, g->here->forest))
        mem_set(&facts->other_forest, g->dsa->forest);
    facts->other_dc_read = !is_destination(g, true);
    facts->conflict = is_contradicted(g);
    gather_add_partners(g, true, 1);
    add_own_copy(g);
    gather_add_partners(g, false, COPIES_MOST - facts->copy_count + 1);
}

/* ---- the accounts ---- */

bool gather_wants_accounts(const struct facts *facts)
{
    return facts->dsa.domain_dn && facts->domain_live != PART_ABSENT &&
           facts->accounts_part == PART_NO_ANSWER && !facts->accounts_from;
}

static void note_missing_domain(struct facts *facts, const struct server *here)
{
    if (!facts->dsa.domain_dn || facts->accounts_part != PART_NOT_ASKED)
        return;
    facts->accounts_part = PART_NO_ANSWER;
    facts->accounts_why =
        str_format("%s holds no copy of %s.", gather_name(here), facts->dsa.domain_dn);
}

static struct err *read_around(struct gather *g)
{
    if (g->facts->dsa.part != PART_PRESENT)
        return run(g, asked_turn);
    struct err *err = run(g, second_turn);
    if (!err)
        err = run(g, third_turn);
    if (!err)
        err = run(g, fourth_turn);
    return err;
}

static void finish(struct gather *g)
{
    note_missing_domain(g->facts, g->here);
    gather_finish_others(g->facts);
    take_subject(g);
}

/* ---- a deleted DSA's successor ---- */

/* What the first turn would tell is the same as before. */
static void take_over(struct gather *h, struct gather *g)
{
    const struct facts *before = g->facts;
    struct facts *facts = h->facts;
    *facts = *g->next;
    *g->next = (struct facts){.when = 0};
    server_release(&facts->server);
    server_copy(&facts->server, &before->server);
    facts->when = before->when;
    facts->tombstone_days = before->tombstone_days;
    facts->here_options_known = before->here_options_known;
    facts->here_options = before->here_options;
    facts->replication = before->replication;
    facts->every_inbound_fails = before->every_inbound_fails;
    h->links = g->links;
    g->links = (struct replication){.links = NULL};
    gather_take_links(h);
    h->name = g->next_name;
    g->next_name = NULL;
}

/* Only the one that the verdict names: the first that was found. */
static struct err *read_next(struct gather *g, struct facts *facts)
{
    struct gather h;
    struct subject subject = {.dsas = NULL};
    if (!g->next || g->facts->successor_count == 0 ||
        !guid_equal(&g->next->asked, &g->facts->successors[0].dsa_guid))
        return NULL;
    start(&h, g->session, facts);
    take_over(&h, g);
    h.judged = true;
    h.subject = &subject;
    h.dsa = subject_add(&subject, SUBJECT_PICKED);
    struct err *err = read_around(&h);
    if (err)
        facts_release(facts);
    else
        finish(&h);
    end(&h);
    subject_release(&subject);
    return err;
}

struct err *gather(struct session *session, const struct subject *subject, size_t which,
                   struct facts *facts, struct facts *successor)
{
    struct gather g;
    facts_init(facts);
    if (successor)
        facts_init(successor);
    start(&g, session, facts);
    g.judged = true;
    g.subject = subject;
    g.dsa = &subject->dsas[which];
    server_copy(&facts->server, g.here);
    facts->when = time(NULL);
    facts->asked = g.dsa->guid;
    struct err *err = find_dsa(&g);
    if (!err)
        err = read_around(&g);
    if (!err)
        finish(&g);
    if (!err && successor)
        err_free(read_next(&g, successor)); /* N's own facts stand without it */
    if (err)
        facts_release(facts);
    end(&g);
    return err;
}

struct err *gather_accounts(struct session *other, struct facts *facts)
{
    struct gather g;
    start(&g, other, facts);
    char *raw = facts->srv.cn ? mem_text(facts->srv.cn) : NULL;
    g.name = raw ? dn_unmarked(raw) : NULL;
    struct err *err = run(&g, elsewhere_first);
    if (!err)
        err = run(&g, elsewhere_second);
    free(raw);
    end(&g);
    return err;
}

struct err *gather_account(struct session *session, struct facts *facts, const struct guid *guid)
{
    struct gather g;
    struct turn turn = TURN_INIT;
    start(&g, session, facts);
    g.judged = session_server(session)->has_dsa_guid &&
               guid_equal(&session_server(session)->dsa_guid, &facts->server.dsa_guid);
    size_t slot = turn_guid(&turn, guid, gather_account_attributes);
    turn.searches[slot].dacl = true;
    struct err *err = turn_run(&turn, session);
    const struct entry *entry = turn_entry(&turn, slot);
    if (!err && entry)
        gather_take_account(&g, entry);
    turn_release(&turn);
    end(&g);
    return err;
}

struct err *gather_links(struct session *session, struct facts *facts)
{
    struct gather g;
    start(&g, session, facts);
    g.judged = true;
    struct err *err = run(&g, links_turn);
    if (!err)
        gather_finish_others(facts);
    end(&g);
    return err;
}
