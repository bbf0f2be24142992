/* The inside of survey_run(), for its own files: everything that was read, kept as the entries that
 * came, and the indexes by which they find each other. */
#ifndef DCMEND_SURVEY_PARTS_H
#define DCMEND_SURVEY_PARTS_H

#include "src/base/index.h"
#include "src/directory/gather_parts.h"
#include "src/directory/survey.h"

#define NOWHERE ((size_t)-1)

/* One object of a shelf. */
struct item {
    const struct entry *entry; /* its turn's; replaced when it is read again */
    char *dn, *parent;         /* folded: keys */
    char *name;                /* DSAs: the server object's, without a mark; NULL */
    size_t domain;             /* accounts: where it was read; DSAs: the one it serves; NOWHERE */
    bool deleted, usable;      /* usable: an account that could be a DC's */
};
struct shelf {
    struct item *items;
    size_t count;
    struct index by_guid, by_dn, by_parent, by_name, by_host, by_dsa;
};

/* A domain whose accounts are wanted; the first is the DC's own. */
struct survey_domain {
    char *dn;
    struct session *session; /* NULL: none */
    bool asked, ours;        /* ours: to be closed */
    enum part part;          /* the accounts: PRESENT, NO_ANSWER, DENIED */
    char *why;
};

struct member { /* of SYSVOL: ties an account to a DSA */
    struct guid account;
};

enum need_kind {
    NEED_DSA,    /* by GUID, deleted or not, with all lists of domains */
    NEED_SERVER, /* by GUID, with its DACL */
    NEED_TARGET, /* by GUID, in a domain, or in the configuration (domain NOWHERE) */
    NEED_GONE,   /* a target that no filter finds: by GUID as the base, which tells hidden from gone
                  */
    NEED_PARENT, /* by DN */
    NEED_ACCOUNTS, /* of one DSA, by its names: terms that an index answers */
    NEED_SCAN      /* the same by all terms of gather(), where those found nothing of use */
};
struct need {
    enum need_kind kind;
    struct guid guid; /* of the object; of the DSA */
    size_t domain;
    size_t dsa;     /* NEED_ACCOUNTS, NEED_SCAN */
    const char *dn; /* NEED_PARENT: as it is to be asked for */
};

struct reading {
    const struct survey_way *way;
    struct survey *out;
    struct session *session;
    const struct server *here;
    struct gather g;     /* the forest's domains, for gather's own functions */
    struct facts common; /* what is the same for each DSA */
    struct replication status;
    struct index links; /* into status, by DSA */

    struct shelf servers, dsas, accounts, others; /* others: targets that are no accounts */
    bool servers_whole, dsas_whole;
    size_t servers_slot; /* in the first turn */
    struct member *members;
    size_t member_count;
    struct index members_by_dsa;
    struct survey_domain *domains;
    size_t domain_count;

    struct guids named, holders; /* by accounts: DSAs and servers; up to *_seen looked after */
    size_t named_seen, holders_seen;
    struct need *needs;
    size_t need_count;
    struct index asked, failed; /* by need; failed: the part */

    struct turn **turns; /* all that were run: they own the entries */
    size_t turn_count;
};

/* survey_shelf.c */
void shelf_put_server(struct shelf *shelf, const struct entry *entry);
size_t shelf_put_dsa(struct reading *r, const struct entry *entry);
void shelf_put_account(struct reading *r, const struct entry *entry, size_t domain);
void shelf_put_other(struct shelf *shelf, const struct entry *entry);
size_t shelf_by_guid(const struct shelf *shelf, const struct guid *guid); /* or NOWHERE */
size_t shelf_by_text(const struct index *index, const char *folded);
void shelf_release(struct shelf *shelf);

/* survey_match.c: what belongs together */
size_t match_server(const struct reading *r, size_t dsa);      /* S; NOWHERE */
size_t match_live_dsa(const struct reading *r, size_t server); /* N below S; NOWHERE */
/* The accounts that could be meant, owned lists: with the one that the value names, and without. */
void match_accounts(const struct reading *r, size_t dsa, size_t **list, size_t *count);
void match_own_accounts(const struct reading *r, size_t dsa, size_t **list, size_t *count);
void match_twins(const struct reading *r, size_t dsa, size_t server, size_t **list, size_t *count);
bool match_link(const struct reading *r, size_t server, struct dn_link *out); /* serverReference */

/* survey_bulk.c: the searches that are the same for each forest */
struct err *survey_bulk(struct reading *r);
void survey_bulk_accounts(struct reading *r, size_t domain); /* of another domain */
void survey_incomplete(struct reading *r, const char *what, const struct err *err);
struct turn *survey_turn(struct reading *r); /* a new one, owned by the reading */

/* survey_walk.c: what is still to be asked for */
void survey_walk(struct reading *r);
size_t survey_domain_of(const struct reading *r, const char *dn); /* holding this DN; NOWHERE */
size_t survey_key(const struct need *need, char key[]);           /* for asked and failed */
enum { NEED_KEY = 2048 };

/* survey_ask.c: asks for it */
struct err *survey_ask(struct reading *r);

/* survey_facts.c */
void survey_facts(struct reading *r, size_t dsa, struct facts *facts);
/* A replication link names a DSA that is not there. */
void survey_unknown(struct reading *r, const struct guid *guid, struct facts *facts);

#endif
