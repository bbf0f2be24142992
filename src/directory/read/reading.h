/* The inside of gather() and survey_run(), for the files of this folder. A reading is a store of
 * entries and the answers to the questions that were put so far. facts_from() says what follows
 * from them about one DSA; each thing that it would still have to know, it asks by answer_to(),
 * which gives the answer or notes the question. A round is: the facts, then ask() for all that is
 * open; the last one leaves nothing open. */
#ifndef DCMEND_READING_H
#define DCMEND_READING_H

#include "src/base/index.h"
#include "src/directory/gather.h"
#include "src/directory/replication.h"
#include "src/directory/survey.h"
#include "src/directory/turn.h"

#define NOWHERE ((size_t)-1)

/* ---- the store ---- */

enum sort { SORT_SERVER, SORT_DSA, SORT_ACCOUNT, SORT_OTHER };
enum grade {              /* what was asked of it */
             GRADE_PLACE, /* where it is, and what kind */
             GRADE_FULL,  /* all that facts need */
             GRADE_ACCESS /* and its access list */
};
struct item {
    const struct entry *entry; /* its turn's; replaced by one of a better grade */
    enum sort sort;
    enum grade grade;
    size_t domain;        /* whose DC gave it */
    char *dn, *parent;    /* folded: keys; parent: DSAs only */
    char *name;           /* DSAs: the server object's, without a mark; NULL */
    bool deleted, usable; /* usable: an account that could be a DC's */
    bool told;            /* DSAs: its facts were handed out */
};
struct member { /* of SYSVOL: ties an account to a DSA */
    struct guid dsa, account;
};
enum by { BY_GUID, BY_DN, BY_PARENT, BY_NAME, BY_HOST, BY_DSA, BY_COUNT };
struct store {
    struct item *items;
    size_t count;
    struct index by[BY_COUNT];
    struct member *members;
    size_t member_count;
    struct index members_of_dsa, members_of_account;
};
/* Positions (NOWHERE: not put, or none there). */
size_t put_server(struct store *store, const struct entry *entry, enum grade grade);
size_t put_dsa(struct store *store, const struct entry *entry, enum grade grade, const char *sites);
size_t put_account(struct store *store, const struct entry *entry, enum grade grade, size_t domain);
size_t put_other(struct store *store, const struct entry *entry, size_t domain);
void put_member(struct store *store, const struct entry *entry);
void store_release(struct store *store);
size_t store_guid(const struct store *store, enum sort sort, const struct guid *guid);
size_t store_dn(const struct store *store, enum sort sort, const char *dn);
size_t store_live_child(const struct store *store, const char *server_dn); /* a DSA */
/* A list without doubles, of what has this name, host name, or (accounts) an SPN of this DSA. */
struct places {
    size_t *items, count;
};
void places_add(struct places *places, size_t at);
void store_named(const struct store *store, enum sort sort, const char *name,
                 struct places *places);
void store_hosts(const struct store *store, enum sort sort, const char *host,
                 struct places *places);
void store_spn(const struct store *store, const struct guid *dsa, struct places *places);
bool store_is_member(const struct store *store, const struct guid *dsa, const struct guid *account);

/* ---- questions and answers ---- */

enum ask {
    ASK_DOMAINS,  /* the forest's, by their crossRefs */
    ASK_LIFETIME, /* tombstoneLifetime */
    ASK_STATUS,   /* replication of the DC */
    ASK_AROUND,   /* servers and DSAs below a DN */
    ASK_ALL,      /* all of them */
    ASK_OWNER,    /* of a domain: its PDC */
    ASK_DSA,      /* by GUID or DN, deleted or not */
    ASK_S,        /* a server object with its access list, by GUID or DN */
    ASK_SERVER,   /* by GUID or DN */
    ASK_CHILD,    /* the DSAs below a server, by its GUID or DN */
    ASK_SERVERS,  /* server objects by terms: live ones */
    ASK_NAMES,    /* by terms, deleted ones too */
    ASK_ACCOUNT,  /* one object, by GUID or DN */
    ASK_ACCOUNTS, /* of a domain, by terms that an index answers */
    ASK_DC_HOSTS, /* of a domain: DCs' accounts by their host names, which no index has */
    ASK_DFSR,     /* SYSVOL members of a DSA, by its DN */
    ASK_FRS,
    ASK_MEMBERS,    /* SYSVOL members of an account, by its DN; the domain's DN as well */
    ASK_OBJECT,     /* whatever has this GUID */
    ASK_INVOCATION, /* the DSA with this invocation ID */
    ASK_HERE,       /* is it there? By GUID or DN */
    ASK_DOMAIN      /* a session to a DC of that domain, and its accounts */
};
struct question {
    enum ask ask;
    size_t domain;           /* whose DC is asked; 0: the reading's own */
    const struct guid *guid; /* NULL: none */
    const char *text; /* a DN or terms; NULL: none. What is asked for once, before the GUID */
};
struct answer {
    enum part part; /* NOT_ASKED: open. Lists: PRESENT when all of it came, perhaps nothing */
    const struct err *err; /* why not */
    const struct entry **entries;
    size_t count;
};
struct open { /* a question that was noted */
    enum ask ask;
    size_t domain;
    bool has_guid, lone; /* lone: not among others in one filter */
    struct guid guid;
    char *text, *key;
};

/* A domain whose DC can be asked; the first is that of the reading's session. */
struct domain {
    char *dn;
    struct session *session; /* NULL: none */
    bool ours;               /* to be closed */
    enum part part;          /* its DCs' accounts in bulk; NOT_ASKED: they were not read so */
    char *why;
    bool members_whole; /* in bulk, too */
};

struct reading {
    struct session *session;
    const struct server *here; /* the DC behind it */
    bool judged;               /* it is the DC whose copy is judged */
    char *sites;               /* CN=Sites,<configuration> */
    time_t when;

    const struct survey_way *way; /* a forest; NULL: one DSA */
    struct survey *out;
    bool servers_whole, dsas_whole; /* in bulk */
    size_t servers_slot;            /* in its first turn */

    struct store store;
    struct domain *domains;
    size_t domain_count;
    struct dn_link *crossrefs; /* of domains */
    size_t crossref_count;
    bool crossrefs_known;
    struct replication status;
    struct index links; /* into status, by DSA */

    struct answer *answers;
    size_t answer_count;
    struct index answered, noted;
    struct open *open;
    size_t open_count;
    bool touched; /* an open question was met */
    bool *told;   /* by link: the facts of an unknown DSA were handed out */

    struct turn **turns; /* all that were run: they own the entries */
    size_t turn_count;
};
void reading_start(struct reading *r, struct session *session);
void reading_end(struct reading *r);
struct turn *reading_turn(struct reading *r); /* a new one, owned by the reading */
const struct server *reading_server(const struct reading *r, size_t domain);
const char *reading_name(const struct server *server); /* of a DC, for people */
/* Something could not be read to its end. One DSA: its parts say so. */
void reading_incomplete(struct reading *r, const char *what, const struct err *err);

/* want.c: the answer so far; an open question is noted */
const struct answer *answer_to(struct reading *r, struct question question);
char *question_key(const struct question *question);           /* owned */
const struct entry *answer_entry(const struct answer *answer); /* the first; NULL */
/* One object, from the store or by asking. *part: how that ended. */
const struct entry *known_dsa(struct reading *r, const struct guid *guid, enum grade grade,
                              enum part *part);
const struct entry *known_server(struct reading *r, const struct guid *guid, const char *dn,
                                 enum part *part);
/* The live DSA below a server, which is given by its DN, its GUID or both. */
const struct entry *known_child(struct reading *r, const struct guid *guid, const char *dn);
/* The facts anew, as far as they are known. True: questions are open. */
bool want(struct reading *r, const struct guid *dsa, struct facts *facts);

/* ask.c: puts what is open, in one turn a DC. Blocks. The error ends the reading. */
struct err *ask(struct reading *r);
void ask_no_more(struct reading *r); /* what is open will have no answer */

/* burst.c: questions as searches, and what came back */
struct burst {
    struct turn *turn;
    struct asked {
        struct open *questions; /* owned: all are answered by one search */
        size_t count, slot;
        struct replication_slots status;
    } * asked;
    size_t count;
};
bool burst_joins(enum ask ask);    /* many of it go into one filter */
bool burst_by_terms(enum ask ask); /* of that filter each gave several terms */
void burst_add(struct reading *r, struct burst *burst, struct open *questions, size_t count);
/* What no filter found goes back to r->open, lone. */
void burst_take(struct reading *r, struct burst *burst);
size_t burst_terms(const struct open *question); /* how much of a filter it takes */
void open_release(struct open *open);
char *host_terms(const char *host); /* of a filter; NULL when host is NULL or empty */

/* domains.c */
bool is_domain(const struct reading *r, const struct dn_link *nc);
size_t domain_at(struct reading *r, const char *dn); /* with this DN; NOWHERE: nobody to ask */
/* The one whose DC is asked about an object; NOWHERE: that is still open. */
size_t domain_holding(struct reading *r, const char *dn);
void take_crossref(struct reading *r, const struct entry *entry);
void domain_open(struct reading *r, size_t domain); /* blocks */
void facts_forest(struct reading *r, struct facts *facts);

/* bulk.c: the searches that are the same for each forest */
struct err *bulk_read(struct reading *r);
void bulk_domain(struct reading *r, size_t domain); /* the accounts of another domain */
extern const char *const place_attributes[];
extern const char *const dsa_attributes[];
extern const char *const server_attributes[];
extern const char *const s_attributes[];
extern const char *const account_attributes[]; /* with the access list */
extern const char *const account_bulk_attributes[];
extern const char *const member_attributes[];

/* meant.c: which DSA the subject names. False: not known yet; *err: it is none, or not one. */
bool meant(struct reading *r, const struct subject_dsa *dsa, struct guid *guid, struct err **err);
char *name_terms(const char *name); /* of a server object: host name, cn, its marked forms */

/* facts.c: all about one DSA, each part in a file of its own */
void facts_from(struct reading *r, const struct guid *dsa, struct facts *facts);
void facts_dsa_from(struct reading *r, const struct guid *dsa, struct facts *facts);
char *dsa_plain_name(const struct entry *dsa, const char *sites); /* its server's; owned */
void facts_not_a_dsa(struct reading *r, struct facts *facts);
void facts_server_from(struct reading *r, struct facts *facts);
void facts_target_from(struct reading *r, struct facts *facts);
bool holds_object(const struct server *server, const char *dn); /* its "not there" counts */
void facts_accounts_from(struct reading *r, struct facts *facts, const char *name);
void facts_account_take(struct reading *r, struct facts *facts, const struct entry *entry,
                        size_t domain);
void facts_account_holder(const struct facts *facts, struct facts_account *account,
                          const struct dn_link *server);
void facts_links_from(struct reading *r, struct facts *facts);
void facts_others_from(struct reading *r, struct facts *facts, const char *name);
void facts_others_finish(struct facts *facts);

/* facts_others.c: another server object */
void other_take(struct facts_other *other, const struct entry *entry);
void other_take_dsa(struct facts_other *other, const struct entry *dsa);

/* partners.c: the other DCs whose copies are worth reading */
void facts_copies_from(struct reading *r, const struct subject *subject, struct facts *facts);
struct err *facts_copies_all(struct reading *r, struct facts *facts); /* those of the forest */

#endif
