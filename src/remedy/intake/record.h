/* What a text holds, as a list of plain records: one for an event, for a partner in a report, for a
 * row of a table, a finding, a command or a paragraph. Texts point into the page they came from. */
#ifndef DCMEND_INTAKE_RECORD_H
#define DCMEND_INTAKE_RECORD_H

#include "src/model/guid.h"
#include "src/model/subject.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/labels.h"
#include "src/remedy/intake/undress.h"

#include <stdbool.h>
#include <stddef.h>

enum record_kind {
    RECORD_PROSE,   /* a paragraph, an entry, a list of properties */
    RECORD_EVENT,   /* it has an event's id */
    RECORD_PARTNER, /* of a replication report: who reports, whom it is about, what came of it */
    RECORD_REPORT,  /* a report's head: who reports, and nothing more */
    RECORD_SYSVOL   /* a complaint of VerifyReferences that is about SYSVOL replication */
};

/* The DC that logged or reported. */
struct place {
    struct slice host, site;
    bool weak;    /* of a label that may mean a collector */
    bool has_dsa; /* its own DSA is known */
    struct guid dsa;
    size_t line; /* 0: nobody is named */
};

struct record {
    enum record_kind kind;
    enum subject_source source; /* of a partner */
    size_t line;                /* where its DSA stands, else where it begins */
    long event;                 /* 0: none */
    bool has_code;              /* it says how it went: code 0 is success */
    long code;
    struct place place;
    /* the DSA it is about */
    bool has_guid, msdcs, labelled, wire, deleted, by_object, other_entry, outbound;
    struct guid guid;
    struct slice forest, site, server, attempt;
    const char *dn; /* of an NTDS Settings, server or (entry, partner) computer object; NULL */
    bool repaired_dn;
    unsigned long when; /* of the attempt or the event, as far as it can be compared; 0: unknown */
};

bool record_has_target(const struct record *record);
/* Gives a DSA the names that the record has for it, where it lacks them. */
void record_names(const struct record *record, struct subject_dsa *dsa);
long stronger_code(long code, long other); /* 8589, else 8603, else the first that is one */
bool record_has_fault(const struct record *record);
bool same_text(struct slice a, struct slice b);
bool same_host(struct slice a, struct slice b); /* "livdc02" and "LIVDC02.contoso.com" */

struct records {
    struct record *items;
    size_t count;
    size_t neutral; /* of them: those that carry no 8589 */
    size_t dropped;
    long orphan;      /* a code without a DSA: 8589 beats 8603 beats the first other */
    size_t misread;   /* the line of a GUID with letters that are no digits; 0: none */
    struct slice cut; /* a GUID that was cut short */
    size_t cut_line;
};
/* Limits drop what matters least: never a record that carries 8589. */
void records_add(struct records *records, const struct record *record);
void records_release(struct records *records);

/* Puts what [value, end) of a line says into a record, by the role of its label. */
struct piece {
    enum role role;
    const char *start, *value, *end; /* start: of the line */
    size_t line;
    bool table; /* a cell: a plain word may be a name */
};
void record_put(struct record *record, const struct piece *piece);
void record_put_code(struct record *record, long code);
/* "Site\Server", "Site/Server" or a host's name. False: it is neither. */
bool read_name(struct slice text, struct slice *site, struct slice *server);
struct slice trim(const char *from, const char *end); /* without blanks, quotes and brackets */

#endif
