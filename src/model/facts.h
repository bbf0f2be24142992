/* All that was read about one DSA, and nothing that was concluded. Every part says how it was
 * learned; only PART_ABSENT proves that something is missing. Made by directory/read (gather(): one
 * DSA; survey_run(): a forest), judged by remedy/diagnose. Plain owned data. */
#ifndef DCMEND_FACTS_H
#define DCMEND_FACTS_H

#include "src/model/dn.h"
#include "src/model/guid.h"
#include "src/model/server.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum part {
    PART_NOT_ASKED,
    PART_NO_ANSWER, /* asked; unreachable, timed out, referral, ended early */
    PART_DENIED,    /* the signed-in identity may not read it */
    PART_ABSENT,    /* proven: it is not there */
    PART_PRESENT
};

/* N: the NTDS Settings object with the GUID that was asked for. */
struct facts_dsa {
    enum part part;
    bool deleted; /* a tombstone (isDeleted) */
    bool is_dsa;  /* objectClass nTDSDSA (nTDSDSARO included) */
    struct guid guid;
    char *dn;
    bool read_only;   /* the DSA is an RODC */
    enum part domain; /* its domain list: present, absent (no such attribute), denied */
    char *domain_dn;  /* D; NULL unless `domain` is present and one domain came out */
    uint32_t options; /* nTDSDSA options bits (MS-ADTS 6.1.1.2.2.1.2.1.1); 0 if absent */
    time_t created;   /* whenCreated; 0 unknown */
    time_t changed;   /* whenChanged: of a tombstone, about when it was deleted; 0 unknown */
};

/* S: the parent of N. */
struct facts_server {
    enum part part;
    bool deleted;
    bool is_server; /* objectClass server */
    struct guid guid;
    char *dn;
    char *cn;            /* raw RDN value: may hold a newline and a mark */
    char *site;          /* the site's RDN value; NULL outside CN=Sites */
    char *dns_host;      /* NULL: no dNSHostName */
    enum part reference; /* ABSENT only when another attribute of the same read came back */
    struct dn_link reference_link;
    enum server_flag may_read; /* the DACL lets us read serverReference; UNKNOWN: not judged */
    enum part rights;          /* allowedAttributesEffective; PRESENT: may_write is valid */
    bool may_write;
    time_t changed;
};

/* The object that the present value names, looked up by its GUID. */
struct facts_target {
    enum part part;  /* ABSENT: a DC that holds its domain answers noSuchObject for its GUID */
    bool deleted;    /* found, but as a deleted object */
    bool recyclable; /* deleted, not yet recycled: restorable */
    bool is_computer;
    char *kind; /* most specific class in words: "user", "computer", ...; NULL */
    struct guid guid;
    bool has_guid;
    char *dn;
    char *asked_at; /* the DC that answered; NULL */
};

/* A DSA that a DRS SPN of an account names. */
enum dsa_state { DSA_NOT_ASKED, DSA_LIVE, DSA_TOMBSTONED, DSA_NOWHERE };
struct facts_named_dsa {
    struct guid guid;
    enum dsa_state state;
    char *dn; /* NULL unless live or tombstoned */
};

/* Another server object that names an account, or shares a name with S. */
struct facts_other {
    struct guid guid;
    char *dn;
    char *cn;
    char *dns_host;
    bool has_dsa; /* it has a live NTDS Settings child */
    struct guid dsa_guid;
    char *dsa_dn;
    struct dn_link reference; /* dn NULL: none read */
};

/* What one more DC of its domain knows of an account, asked for its GUID and for its DN. */
enum word {
    WORD_NONE,    /* no answer */
    WORD_SAME,    /* it is live, under that DN */
    WORD_MOVED,   /* it is live, under another DN */
    WORD_DELETED, /* it is deleted */
    WORD_OTHER,   /* it is not known; its DN is another object's: `bearer` */
    WORD_UNKNOWN  /* neither is known */
};
struct facts_word {
    char *server;
    struct guid dsa; /* who says so */
    enum word word;
    bool read_only;     /* an RODC: what it has is another DC's word, it can only contradict */
    struct guid bearer; /* of the DN; null: nobody else */
};

/* One account that could be meant. */
struct facts_account {
    struct guid guid;
    struct guid given_by; /* the DSA that it was read from ... */
    char *given_at;       /* ... and its host name */
    char *dn;
    char *domain_dn; /* the NC it was found in */
    char *sam;       /* sAMAccountName */
    char *dns_host;
    bool is_computer;
    bool deleted, recyclable; /* a deleted object; recyclable: it can be restored */
    bool has_uac;
    uint32_t uac;
    uint32_t primary_group;
    bool group_hidden; /* a live account without primaryGroupID: the reader may not see it */
    enum part spns_part;
    struct strs spns;
    bool catalog_only;             /* read from a global catalog, not from a DC of its domain */
    bool is_target;                /* the present value of S names it */
    struct facts_named_dsa *named; /* every DSA that its DRS SPNs name, N included */
    size_t named_count;
    enum part holders_part;      /* serverReferenceBL was read (ABSENT: nobody names it) */
    struct facts_other *holders; /* servers other than S that name it */
    size_t holder_count;
    bool held_by_s;           /* its serverReferenceBL holds S */
    bool sysvol_member;       /* E8: a SYSVOL member ties N to this account */
    struct guid *sysvol_dsas; /* the DSAs, of holders at least, that SYSVOL members tie to it */
    size_t sysvol_count;
    enum part live;       /* E3: the machine itself was asked over a proven connection */
    bool live_runs_n;     /* it runs as N ... */
    bool live_is_account; /* ... under this account's name */
    enum part here;       /* B14: base <GUID=account> on the DC to be written */
    bool here_deleted;
    char *here_dn;
    bool here_dn_taken;       /* its DN belongs to another GUID on that DC */
    struct facts_word *words; /* of other DCs of its domain than the one that gave it */
    size_t word_count;
};

enum copy_state {
    COPY_VALUE,
    COPY_ABSENT,
    COPY_NO_OBJECT,
    COPY_UNREADABLE,
    COPY_UNREACHABLE,
    COPY_NOT_ASKED
};
const char *copy_state_name(enum copy_state state); /* "value", "absent", ... as in the JSON */

/* S.serverReference as another DC holds it. */
struct facts_copy {
    char *server; /* DNS host name where known, else the server object's cn */
    char *site;   /* where its server object stands; NULL: not known */
    struct guid dsa_guid;
    enum copy_state state;
    struct dn_link value;
    char *why;      /* for the states without a value: one line; NULL */
    bool proven;    /* read over Kerberos or verified TLS: may count as E4 */
    bool is_source; /* it is the DSA N itself */
    bool is_here;   /* the DC that was judged */
    bool is_dest;   /* the DC that logged the error */
    bool is_picked; /* the operator named it (--source) */
    bool dead;      /* the object it names is deleted: its own domain knows it no more */
    bool read_only;
};

/* One entry of the replication status. Times in seconds since 1970; 0: never or unknown. */
struct facts_link {
    bool outbound;
    char *partner; /* DN or DNS name of the source (inbound) or destination (outbound) */
    struct guid dsa_guid;
    char *nc;
    int32_t result; /* Win32 code, or an HRESULT, then negative as repadmin shows it */
    uint32_t failures;
    time_t last_attempt, last_success;
};

enum dns_state { DNS_NOT_ASKED, DNS_FAILED, DNS_MISSING, DNS_FOUND };

struct facts {
    struct server server; /* the DC whose copy was read */
    time_t when;          /* when it was read: diagnose has no clock */
    bool survey;          /* bulk reading: copies, rights and live proof were not asked */
    struct guid asked;
    char *
        asked_is; /* what the GUID is instead of a DSA's (the server object, an invocation ID, ...),
                     with the DSA's own GUID: one sentence, may hold raw directory text; NULL */

    struct facts_dsa dsa;
    struct facts_server srv;
    struct facts_target target;

    enum part domain_live;   /* D is a domain crossRef of this forest; ABSENT: domain-gone */
    enum part accounts_part; /* PRESENT: the accounts of D were read completely */
    char *accounts_from;     /* the DC or catalog they were read from */
    char *accounts_why;      /* why they could not be read; NULL */
    struct facts_account *accounts;
    size_t account_count;
    enum part second_dc; /* the DC that is judged is none of D: ABSENT: D has one writable DC alone;
                            PRESENT: more, whether or not a second one answered */

    struct facts_other *twins; /* other servers with the same cn or host name, or the same target */
    size_t twin_count;
    struct facts_other *successors; /* of a deleted DSA: live ones of the same server or host */
    size_t successor_count;

    struct facts_copy *copies; /* the DC that logged the error, then the judged DC, then others */
    size_t copy_count;

    enum part replication;    /* DENIED: no right; ABSENT: this DC has no such attribute */
    struct facts_link *links; /* those that name N; the survey: all of the DC */
    size_t link_count;
    bool every_inbound_fails; /* of the judged DC, where `replication` is present */
    bool here_options_known;
    uint32_t here_options; /* nTDSDSA options of the judged DC */

    enum dns_state dns;
    char *dns_target; /* what <guid>._msdcs.<forest> leads to */

    char *removed_by; /* value metadata: who removed the link (DN or name) and when */
    time_t removed_at;

    int tombstone_days; /* tombstoneLifetime; 60 when the forest sets none; 0 unknown */

    /* from the subject */
    char *destination;  /* the DC that logged the error; NULL: not known */
    char *other_forest; /* the forest that the text names, where it is not this one; NULL */
    char *other_fault;  /* the text is about that one and not 8589: "error 1722 (...)"; NULL */
    bool other_dc_read; /* it is not the DC that was read */
    bool conflict;      /* B13: the GUID is a hypothesis and the text names another */
};

void facts_init(struct facts *facts);
void facts_release(struct facts *facts);
struct facts_account *facts_add_account(struct facts *facts);
struct facts_account *facts_find_account(struct facts *facts, const struct guid *guid);
struct facts_copy *facts_add_copy(struct facts *facts);
struct facts_link *facts_add_link(struct facts *facts);
/* "DC3.emea.contoso.com, DC4...": the DCs of that domain that answered; NULL: none did. Owned by
 * the caller. */
char *facts_holders(const struct facts *facts, const char *domain_dn);
/* Where the judged DC is read-only: a writable DC beside it, never N itself, whose copy is due for
 * the same change; unread: or was not read yet. One of the account's domain, which knows the
 * account itself, before its inbound partners, before others. NULL: none. */
const struct facts_copy *facts_writable_partner(const struct facts *facts, bool unread);
/* That DSA's word, once: a new one is WORD_NONE. */
struct facts_word *facts_add_word(struct facts_account *account, const struct guid *dsa);
struct facts_named_dsa *facts_add_named(struct facts_account *account, const struct guid *guid);

/* userAccountControl bits that decide (domain.md section 1). */
enum {
    UAC_DISABLED = 0x2,
    UAC_WORKSTATION = 0x1000,
    UAC_SERVER_TRUST = 0x2000,
    UAC_PARTIAL_SECRETS = 0x04000000
};
enum { GROUP_DCS = 516, GROUP_RODCS = 521 };
enum { DSA_IS_GC = 1, DSA_NO_INBOUND = 2, DSA_NO_OUTBOUND = 4 };
/* E9: 0x2000 with 516, or 0x04000000 with 521. */
bool facts_has_dc_bits(const struct facts_account *account);

/* The GUID in "E3514235-4B06-11D1-AB04-00C04FC2DCD2/<guid>/<domain>" (E1) or in
 * "ldap/<guid>._msdcs.<forest>" (E2); false for any other SPN. */
bool spn_drs_guid(const char *spn, struct guid *out);
bool spn_msdcs_guid(const char *spn, struct guid *out);

#endif
