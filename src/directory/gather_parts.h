/* The inside of gather(), for its own files. A step asks in one turn and takes the answers of that
 * turn; gather.c puts the steps into turns. */
#ifndef DCMEND_GATHER_PARTS_H
#define DCMEND_GATHER_PARTS_H

#include "src/directory/gather.h"
#include "src/directory/replication.h"
#include "src/directory/turn.h"

struct guids {
    struct guid *items;
    size_t count;
};

/* Another DC, as far as it is known. */
struct partner {
    bool has_dsa;
    struct guid dsa;
    char *dsa_dn, *server_dn, *host;
    bool is_destination, read_only;
    bool gone; /* deleted, or not there */
};
struct partners {
    struct partner *items;
    size_t count;
};

struct gather {
    struct session *session;
    const struct server *here; /* the DC behind that session */
    bool judged;               /* it is the DC whose copy is judged */
    struct facts *facts;
    const struct subject *subject;
    const struct subject_dsa *dsa; /* the one that is meant */
    char *sites;                   /* CN=Sites,<configuration> */
    char *name;                    /* S's name without a mark; NULL: not known */
    struct err *err;               /* a step that cannot go on says why */

    struct strs servers;     /* DNs below which N is looked for; empty: by the GUID or DN itself */
    struct dn_link *domains; /* the forest's domains, from their crossRefs */
    size_t domain_count;
    bool domains_known;
    struct guids members;           /* accounts that SYSVOL members tie to N */
    size_t twins_from, twins_asked; /* twins whose DSA is asked for in this turn: from..asked */
    bool own_child_asked;
    struct replication links; /* those that do not name N */
    struct guids inbound;     /* the DSAs that the judged DC pulls from */
    struct facts *next; /* of a deleted N: the first live DSA in its place, as far as the search
                           that found it tells; NULL */
    char *next_name;    /* its server's */
    struct partners partners;

    struct { /* slots of the turn under way */
        size_t first, partitions, lifetime, own, destination;
        size_t server, same_name, same_host, own_child, twins;
        size_t names, dfsr, frs, host, members, target;
        size_t asked_is, invocation;
        size_t links, links_end;
        size_t destination_name, site, owner, partners, hosts;
        struct replication_slots status;
    } at;
};

struct step {
    void (*ask)(struct gather *, struct turn *);
    void (*take)(struct gather *, const struct turn *);
};

/* gather_subject.c: which object is meant */
struct err *gather_find_servers(struct gather *g); /* blocks: one turn, when only a name is known */
void gather_look_up(struct gather *g, struct turn *turn);
/* The entry that is meant; NULL with g->err set (a name that is unknown or not unique) or, for a
 * GUID, without. */
const struct entry *gather_choose(struct gather *g, const struct turn *turn);
char *gather_host_terms(const char *host); /* filter terms; NULL when host is NULL or empty */
char *gather_name_terms(const char *name); /* of a server object: host name, cn, its marked forms */
const char *gather_name(const struct server *server);

/* gather_dsa.c: N and D; gather_forest.c: domains and options; gather_asked.c: no DSA at all */
extern const struct step gather_dsa_step;
extern const struct step gather_forest_step;
extern const struct step gather_asked_step;
bool gather_is_domain(const struct gather *g, const struct dn_link *nc);
extern const char *const gather_dsa_attributes[];
void gather_take_dsa(struct gather *g, const struct entry *entry);
char *gather_plain_name(const struct gather *g, const struct entry *entry); /* S's, from N; owned */

/* gather_status.c: the replication links that name N */
extern const struct step gather_status_step;
bool gather_all_inbound_fail(const struct replication *all);
void gather_take_links(struct gather *g); /* moves those of g->links that name N into the facts */

/* gather_partners.c: the other DCs, one step in each of the first three turns */
extern const struct step gather_partners_step;
extern const struct step gather_places_step;
extern const struct step gather_hosts_step;
/* As copies that were not asked for yet: the destination, or the others. */
void gather_add_partners(struct gather *g, bool destination, size_t most);
void partners_release(struct partners *list);

/* gather_server.c: S */
extern const struct step gather_server_step;
extern const char *const gather_s_attributes[];
void gather_take_s(struct gather *g, const struct entry *entry);

/* gather_twins.c: the servers beside it */
extern const struct step gather_same_name_step;
extern const struct step gather_same_host_step;
extern const struct step gather_dsas_step;
void gather_finish_others(struct facts *facts);
/* The new twin; NULL when it is S, no server, or known. */
struct facts_other *gather_take_twin(struct facts *facts, const struct entry *entry);
/* A deleted DSA's server object has a live DSA again: `own` holds that one; taken over. */
void gather_take_own_child(struct facts *facts, struct facts_other own);

/* The DSA found in a deleted one's place: its own attributes came with it. */
void gather_note_next(struct gather *g, const struct entry *entry);

/* gather_account.c: an entry becomes an account; other classes are passed over */
extern const char *const gather_account_attributes[]; /* with the access list: set search.dacl */
extern const char *const gather_account_bulk_attributes[];
void gather_take_account(struct gather *g, const struct entry *entry);

/* gather_accounts.c: which entries */
/* Filter terms by N's GUID and S's name (may be NULL); owned. Host names: gather_host_terms(). */
char *gather_account_terms(const struct server *here, const struct guid *dsa, const char *server);
extern const struct step gather_names_step;
extern const struct step gather_rest_step;

/* gather_target.c */
extern const struct step gather_target_step;
/* How the look-up of the link's target ended; entry NULL unless PART_PRESENT. */
void gather_take_target(struct gather *g, enum part part, const struct entry *entry);

/* gather_links.c */
extern const struct step gather_links_step;

/* gather_other.c: another server object */
extern const char *const gather_server_attributes[];
void other_take(struct facts_other *other, const struct entry *entry);
size_t other_ask_dsa(struct turn *turn, const struct guid *server);
void other_take_dsa(struct facts_other *other, const struct turn *turn, size_t slot);
void other_copy(struct facts_other *to, const struct facts_other *from);

#endif
