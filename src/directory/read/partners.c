/* Which other DCs hold a copy of S that is worth reading: the DC that logged the error, the machine
 * that N is, the judged DC's inbound partners, the DCs of its site, and its domain's PDC. Who they
 * are, where they stand and what they are called becomes known in turns that are made anyhow. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"
#include "src/model/host.h"

#include <stdlib.h>

enum { ASKED_MOST = 24, COPIES_MOST = 16 };

/* Another DC, as far as it is known. */
struct partner {
    bool has_dsa;
    struct guid dsa;
    char *server_dn, *host;
    bool is_destination, read_only;
    bool gone; /* deleted, or not there */
};
struct partners {
    struct partner *items;
    size_t count, most;
};

static void partners_release(struct partners *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].server_dn);
        free(list->items[i].host);
    }
    free(list->items);
}

static bool is_here(const struct reading *r, const struct guid *dsa)
{
    return r->here->has_dsa_guid && guid_equal(&r->here->dsa_guid, dsa);
}

/* The one with this GUID, a new one, or NULL: it is the judged DC, or the list is full. */
static struct partner *partner_for(const struct reading *r, struct partners *list,
                                   const struct guid *dsa)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].has_dsa && guid_equal(&list->items[i].dsa, dsa))
            return &list->items[i];
    if (is_here(r, dsa) || guid_is_null(dsa) || list->count >= list->most)
        return NULL;
    struct partner *partner = MEM_PUSH(list->items, list->count);
    partner->dsa = *dsa;
    partner->has_dsa = true;
    return partner;
}

/* ---- who ---- */

/* The server object whose host name is the destination's, else the only one of its name. */
static const struct entry *destination_entry(const struct answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->count; i++)
        if (host_matches(entry_text(answer->entries[i], "dNSHostName"), name))
            return answer->entries[i];
    return answer->count == 1 ? answer->entries[0] : NULL;
}

static void add_named(struct reading *r, struct partners *list, const char *name)
{
    if (host_matches(name, r->here->dns_host) || host_matches(name, r->here->host))
        return;
    char *terms = name_terms(name);
    const struct entry *entry =
        destination_entry(answer_to(r, (struct question){.ask = ASK_SERVERS, .text = terms}), name);
    const char *host = entry ? entry_text(entry, "dNSHostName") : NULL;
    struct partner *partner = MEM_PUSH(list->items, list->count);
    partner->is_destination = true;
    partner->server_dn = entry ? mem_text(entry->name.dn) : NULL;
    partner->host = mem_text(host ? host : name);
    free(terms);
}

/* The DC that logged the error stands first; one that the directory does not know keeps the name
 * that the text gave it. */
static void add_destination(struct reading *r, const struct subject *subject, struct partners *list)
{
    if (subject->destination) {
        add_named(r, list, subject->destination);
    } else if (subject->has_destination_dsa) {
        struct partner *partner = partner_for(r, list, &subject->destination_dsa);
        if (partner)
            partner->is_destination = true;
    }
}

static void add_listed(const struct reading *r, const struct answer *answer, struct partners *list)
{
    struct guid guid;
    for (size_t i = 0; i < answer->count; i++)
        if (entry_is_class(answer->entries[i], "nTDSDSA") &&
            entry_identity(answer->entries[i], &guid))
            (void)partner_for(r, list, &guid);
}

static void add_site(struct reading *r, struct partners *list)
{
    char *servers = r->here->server_dn ? dn_parent(r->here->server_dn) : NULL;
    if (servers)
        add_listed(r, answer_to(r, (struct question){.ask = ASK_AROUND, .text = servers}), list);
    free(servers);
}

static void add_owner(struct reading *r, struct partners *list)
{
    struct dn_link owner;
    const char *domain = r->here->domain_dn;
    const struct entry *entry =
        domain ? answer_entry(answer_to(r, (struct question){.ask = ASK_OWNER, .text = domain}))
               : NULL;
    if (!entry || !entry_link(entry, "fSMORoleOwner", &owner))
        return;
    if (owner.has_guid)
        (void)partner_for(r, list, &owner.guid);
    dn_link_release(&owner);
}

/* The PDC keeps its place. */
static void list_partners(struct reading *r, const struct subject *subject,
                          const struct facts *facts, struct partners *list)
{
    list->most = ASKED_MOST;
    add_destination(r, subject, list);
    (void)partner_for(r, list, &facts->asked);
    list->most = ASKED_MOST - 1;
    for (size_t i = 0; i < r->status.count; i++)
        if (!r->status.links[i].outbound)
            (void)partner_for(r, list, &r->status.links[i].dsa_guid);
    add_site(r, list);
    list->most = ASKED_MOST;
    add_owner(r, list);
}

/* ---- where, and by which name ---- */

static void take_place(struct reading *r, struct partner *partner)
{
    enum part part = PART_NOT_ASKED;
    const struct entry *entry = NULL;
    if (partner->has_dsa)
        entry = known_dsa(r, &partner->dsa, GRADE_PLACE, &part);
    else if (partner->server_dn)
        entry = known_child(r, NULL, partner->server_dn);
    partner->gone = part == PART_ABSENT;
    if (!entry || !entry_identity(entry, &partner->dsa))
        return;
    partner->has_dsa = true;
    free(partner->server_dn);
    partner->server_dn = dn_parent(entry->name.dn);
    partner->gone = entry_flag(entry, "isDeleted") || !entry_is_class(entry, "nTDSDSA");
    partner->read_only = entry_is_class(entry, "nTDSDSARO") || entry_flag(entry, "msDS-isRODC");
}

static void take_host(struct reading *r, const struct facts *facts, struct partner *partner)
{
    enum part part;
    if (partner->host || partner->gone || !partner->server_dn)
        return;
    if (guid_equal(&partner->dsa, &facts->asked)) {
        partner->host = mem_text(facts->srv.dns_host);
        return;
    }
    const struct entry *entry = known_server(r, NULL, partner->server_dn, &part);
    if (entry)
        partner->host = mem_text(entry_text(entry, "dNSHostName"));
}

/* ---- among the facts ---- */

static bool is_known(const struct facts *facts, const struct partner *partner)
{
    for (size_t i = 0; i < facts->copy_count; i++)
        if (partner->has_dsa && guid_equal(&facts->copies[i].dsa_guid, &partner->dsa))
            return true;
    return false;
}

static void add_copy(struct facts *facts, const struct partner *partner)
{
    struct facts_copy *copy = facts_add_copy(facts);
    char *cn = partner->server_dn ? dn_rdn_value(partner->server_dn) : NULL;
    copy->state = COPY_NOT_ASKED;
    copy->dsa_guid = partner->dsa;
    copy->server = mem_text(partner->host ? partner->host : cn ? cn : "?");
    copy->site = partner->server_dn ? dn_site(partner->server_dn) : NULL;
    copy->is_source = partner->has_dsa && guid_equal(&partner->dsa, &facts->asked);
    copy->is_dest = partner->is_destination;
    copy->read_only = partner->read_only;
    if (!partner->host && !copy->is_source)
        copy->why = mem_text("its server object has no host name");
    free(cn);
}

/* A read-only DC's copy proves nothing of its own: it is read where it is the one that matters. */
static bool is_worth_reading(const struct facts *facts, const struct partner *partner)
{
    bool matters = partner->is_destination || guid_equal(&partner->dsa, &facts->asked);
    return !partner->gone && (matters || !partner->read_only);
}

static bool has_copies(const struct facts *facts)
{
    return facts->dsa.part == PART_PRESENT && !facts->dsa.deleted &&
           facts->srv.part == PART_PRESENT && !facts->srv.deleted;
}

/* The destination, or the others. */
static void add_partners(const struct reading *r, const struct partners *list, bool destination,
                         size_t most, struct facts *facts)
{
    for (size_t i = 0; has_copies(facts) && i < list->count && most > 0; i++) {
        const struct partner *partner = &list->items[i];
        if (partner->is_destination != destination || !is_worth_reading(facts, partner) ||
            is_known(facts, partner) || (partner->has_dsa && is_here(r, &partner->dsa)))
            continue;
        add_copy(facts, partner);
        most--;
    }
}

/* ---- this DC's own copy ---- */

static bool is_destination(const struct reading *r, const struct subject *subject, bool unknown)
{
    if (subject->destination)
        return host_matches(subject->destination, r->here->dns_host) ||
               host_matches(subject->destination, r->here->host);
    if (subject->has_destination_dsa && r->here->has_dsa_guid)
        return guid_equal(&subject->destination_dsa, &r->here->dsa_guid);
    return unknown;
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

static void add_own_copy(const struct reading *r, const struct subject *subject,
                         struct facts *facts)
{
    const struct server *here = r->here;
    struct facts_copy *copy = facts_add_copy(facts);
    copy->server = mem_text(reading_name(here));
    copy->dsa_guid = here->dsa_guid;
    copy->state = own_state(&facts->srv);
    if (copy->state == COPY_VALUE)
        dn_link_copy(&copy->value, &facts->srv.reference_link);
    copy->proven = here->kerberos || here->tls;
    copy->is_source = here->has_dsa_guid && guid_equal(&here->dsa_guid, &facts->asked);
    copy->is_here = true;
    copy->is_dest = is_destination(r, subject, false);
    copy->read_only = facts->server.read_only == FLAG_YES;
}

/* ---- together ---- */

void facts_copies_from(struct reading *r, const struct subject *subject, struct facts *facts)
{
    struct partners list = {NULL, 0, 0};
    bool needed = facts->dsa.part == PART_PRESENT && !facts->dsa.deleted;
    list_partners(r, subject, facts, &list);
    for (size_t i = 0; needed && i < list.count; i++) {
        take_place(r, &list.items[i]);
        take_host(r, facts, &list.items[i]);
    }
    facts->other_dc_read = !is_destination(r, subject, true);
    add_partners(r, &list, true, 1, facts);
    add_own_copy(r, subject, facts);
    add_partners(r, &list, false, COPIES_MOST - facts->copy_count + 1, facts);
    partners_release(&list);
}

/* Nothing is added while something is open. */
struct err *facts_copies_all(struct reading *r, struct facts *facts)
{
    struct partners list = {.most = SIZE_MAX};
    const struct answer *answer = answer_to(r, (struct question){.ask = ASK_ALL});
    add_listed(r, answer, &list);
    for (size_t i = 0; i < list.count; i++) {
        take_place(r, &list.items[i]);
        take_host(r, facts, &list.items[i]);
    }
    if (r->open_count == 0 && !answer->err)
        add_partners(r, &list, false, list.count, facts);
    partners_release(&list);
    return err_copy(answer->err);
}
