/* What the operator's text asked for: which DSA is meant, on which DC the error was logged, and how
 * sure the text makes us. Made by remedy/intake, read by everything after it. Plain owned data. */
#ifndef DCMEND_SUBJECT_H
#define DCMEND_SUBJECT_H

#include "src/base/str.h"
#include "src/model/guid.h"

#include <stdbool.h>

/* Where a reference was found; earlier rows prove more (the GUID of event 1411, 1925 and 2023 is
 * the repair target; one from showrepl is a hypothesis: article, step 1 option D). */
#define SUBJECT_SOURCES(X)                                                                         \
    X(SUBJECT_EVENT_1411, "event 1411")                                                            \
    X(SUBJECT_EVENT_1925, "event 1925")                                                            \
    X(SUBJECT_EVENT_2023, "event 2023")                                                            \
    X(SUBJECT_EVENT_1955, "event 1955")                                                            \
    X(SUBJECT_EVENT_1272, "event 1272")                                                            \
    X(SUBJECT_MSDCS_NAME, "a GUID-based DNS name")                                                 \
    X(SUBJECT_GUID, "a GUID")                                                                      \
    X(SUBJECT_CUT_GUID, "a GUID cut short")                                                        \
    X(SUBJECT_SHOWREPL, "repadmin /showrepl")                                                      \
    X(SUBJECT_SAMBA_SHOWREPL, "samba-tool drs showrepl")                                           \
    X(SUBJECT_SHOWREPL_CSV, "repadmin /showrepl /csv")                                             \
    X(SUBJECT_REPLSUM, "repadmin /replsum")                                                        \
    X(SUBJECT_FAILCACHE, "repadmin /failcache")                                                    \
    X(SUBJECT_SYNCALL, "repadmin /syncall")                                                        \
    X(SUBJECT_DCDIAG_REPLICATIONS, "dcdiag Replications")                                          \
    X(SUBJECT_DCDIAG_REFERENCES, "dcdiag VerifyReferences")                                        \
    X(SUBJECT_DN, "a DN")                                                                          \
    X(SUBJECT_SERVER_NAME, "a server name")                                                        \
    X(SUBJECT_PICKED, "picked from a list")

enum subject_source {
#define X(id, name) id,
    SUBJECT_SOURCES(X)
#undef X
};
const char *subject_source_name(enum subject_source source);

/* One DSA that the text names. At least one of guid, ntds_dn, server_dn, server is set. */
struct subject_dsa {
    enum subject_source source;
    bool has_guid;
    struct guid guid;   /* objectGUID of the NTDS Settings object */
    char *ntds_dn;      /* CN=NTDS Settings,...; NULL when the text has none */
    char *server_dn;    /* CN=SRV,CN=Servers,...; NULL */
    char *site;         /* site and server name as in "Liverpool\LIVDC02"; NULL */
    char *server;       /* server's cn or a host name; NULL */
    char *forest;       /* the DNS name behind "._msdcs."; NULL */
    char *last_attempt; /* as printed, when a report gives it: where to look for event 1411; NULL */
    bool hypothesis;    /* from showrepl and its like: an event may name another DSA */
    bool deleted_mark;  /* the text itself shows \0ADEL: for it */
    char *other_fault;  /* "error 1722 (...)": the text is about that and not 8589; NULL */
    long status;        /* Win32 status that the text gives beside it (8589, 8603, ...); 0: none */
    size_t line;        /* 1-based line of the text on which it was found */
    char *destination;  /* host name of the DC that logged or reported its error; NULL */
    bool has_destination_dsa; /* showrepl's first GUID: the DSA of that DC itself */
    struct guid destination_dsa;
    size_t reporters; /* different DCs in the text that report it; 0: none is named */
};

struct subject {
    struct subject_dsa *dsas; /* the one the text proves first; no two with one GUID */
    size_t count;
    /* Those of the DSA that is looked at (subject_choose()); where none is meant, of the text. */
    char *destination;
    bool has_destination_dsa;
    struct guid destination_dsa;
    bool conflict; /* the text names several different DSAs that might be meant: pick one (B13) */
    long status;   /* the error in the text: 8589, 8603, 1722, ...; 0 when none was seen */
    struct strs notes; /* plain sentences for the operator: what was taken, what to look for */
    size_t recap;      /* so many of them, the first, only repeat dsas and destination by line */
    char *cut;         /* no DSA is named, but a GUID that was cut short (guid_fits()); NULL */
    struct subject_dsa like; /* what the text says of it */
};

void subject_release(struct subject *subject);
void subject_copy(struct subject *to, const struct subject *from);
struct subject_dsa *subject_add(struct subject *subject, enum subject_source source);
void subject_dsa_copy(struct subject_dsa *to, const struct subject_dsa *from);
void subject_remove(struct subject *subject, size_t which);
/* The destination becomes that of dsas[which]. */
void subject_choose(struct subject *subject, size_t which);

#endif
