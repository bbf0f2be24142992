/* What the intake modules share; nobody else includes it. The way of a text:
 *
 *   bytes -> clean (UTF-8, plain dashes, no quotes) -> unwrap (broken GUIDs and DNs joined)
 *         -> xml, json (taken out whole) -> lines -> events, reports, tables, dcdiag, loose
 *         -> finds (one per DSA) -> settle: subject or error
 */
#ifndef DCMEND_INTAKE_PARTS_H
#define DCMEND_INTAKE_PARTS_H

#include "src/base/err.h"
#include "src/base/str.h"
#include "src/model/subject.h"
#include "src/remedy/intake.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    INTAKE_MAX_BYTES = 16 << 20,   /* of a pasted text; the rest is left out, and said so */
    INTAKE_MAX_DOCUMENT = 2 << 20, /* of one JSON or XML document in it */
    INTAKE_MAX_FINDS = 128,        /* different DSAs */
    INTAKE_MAX_MEANT = 64,         /* of these: handed on */
    INTAKE_MAX_PLACES = 16,        /* different reporting DCs */
    INTAKE_MAX_RDNS = 24,
    INTAKE_MAX_NAME = 255 /* bytes of a host, site or server name */
};

enum { DS_NO_SERVER_REFERENCE = 8589, DS_DELETED_DOMAIN = 8603 };

/* --- intake_clean.c --- */
void intake_clean(const char *bytes, size_t len, struct str *out, bool *unreadable);

/* --- intake_markup.c: HTML and quoted-printable taken off a clean text, which has to be cleaned
 * again when true comes back --- */
bool intake_strip_markup(struct str *text);

/* --- intake_unwrap.c: text of '\n' lines in and out; a line joined to its predecessor leaves a
 * line of one space behind, so that line numbers stay true --- */
void intake_unwrap(const struct str *in, struct str *out);

/* --- intake_lines.c: lines of a text in which NULs end them --- */
struct intake_line {
    const char *text; /* NUL-terminated */
    size_t len;
    size_t number; /* 1-based */
};
struct intake_lines {
    const char *next, *end;
    size_t number;
};
bool intake_next_line(struct intake_lines *lines, struct intake_line *out);
bool intake_next_filled(struct intake_lines *lines, struct intake_line *out); /* skips blanks */
bool intake_blank(const char *text);
const char *intake_skip(const char *text); /* past spaces */
/* What stands behind the first colon, trimmed of spaces, quotes and a comma: owned, NULL if
 * nothing. */
char *intake_value(const char *text);
bool intake_is_host(const char *text); /* letters, digits, - _ and single dots */
/* "Site\Server" in front of a text: where the parts stand in it. */
struct intake_names {
    const char *site, *server, *rest; /* rest: what follows */
    size_t site_len, server_len;
};
bool intake_find_names(const char *text, struct intake_names *out);
/* The same as owned texts. */
bool intake_site_server(const char *text, char **site, char **server, const char **rest);
long intake_number(const char *text); /* decimal, or hexadecimal behind "0x" */
char *intake_when(const char *text);  /* a date with a time in front of a text; NULL when none */

/* --- intake_dn.c: a DN in the middle of a text --- */
struct intake_rdn {
    const char *attribute, *value;
    size_t attribute_len, value_len;
};
enum intake_dn_kind { INTAKE_DN_OTHER, INTAKE_DN_NTDS, INTAKE_DN_SERVER, INTAKE_DN_COMPUTER };
struct intake_dn {
    struct intake_rdn rdns[INTAKE_MAX_RDNS];
    size_t count;
    enum intake_dn_kind kind;
    bool complete; /* ends in DC= components */
    bool repaired; /* a missing comma was put in */
    size_t len;    /* bytes of the text */
};
bool intake_scan_dn(const char *text,
                    struct intake_dn *out); /* text starts with "CN=" or the like */
void intake_fill_dn(struct subject_dsa *dsa, const struct intake_dn *dn);

/* --- intake_scan.c: what a text holds, in its order --- */
enum intake_kind { INTAKE_GUID, INTAKE_DN, INTAKE_NUMBER };
struct intake_token {
    enum intake_kind kind;
    const char *at;
    size_t len;
    struct guid guid;
    bool msdcs;    /* "<guid>._msdcs" */
    bool weak;     /* 32 hex digits without a label: may be anything */
    bool wire;     /* bytes in the order of the wire, told by their spelling alone */
    bool deleted;  /* stands behind "DEL:" */
    bool conflict; /* stands behind "CNF:" */
    bool hex;
    long number;
    /* From here on only set where the kind says so: there is a token for every word. */
    char forest[INTAKE_MAX_NAME + 1]; /* behind ._msdcs.; "" when there is none */
    struct intake_dn dn;
};
struct intake_scan {
    const char *start, *at;
};
bool intake_next_token(struct intake_scan *scan, struct intake_token *out);

/* --- intake_bytes.c: 16 bytes written one by one, in wire order --- */
size_t intake_read_bytes(const char *text, struct guid *out); /* the length; 0: none there */
bool intake_misread_guid(const char *text); /* a GUID but for letters that are no digits */
bool intake_guid_label(const char *start, const char *at); /* "objectGUID: " stands before at */

/* --- intake_codes.c --- */
const char *intake_code_text(long code); /* what it means, in a few words; NULL when not known */
long intake_code(long number); /* an HRESULT or NTSTATUS made a Win32 code where it is one */
long intake_code_in(const char *text);  /* the error code that a line of a report states; 0: none */
const char *intake_event_name(long id); /* "event 1411"; NULL when it is not one of ours */
bool intake_event_source(long id, enum subject_source *out);

/* --- intake_labels.c --- */
/* The event that a line opens: by its own header (strong), or mentioned in prose with a GUID beside
 * it or at the line's end. id 0: none. */
struct intake_mention {
    long id;
    bool strong, guid;
};
struct intake_mention intake_find_mention(const char *text);
long intake_event_in(const char *text); /* its id alone */
/* The event that a number in a line is the id of, 0: none. *strong: its header says so. */
long intake_event_id(const char *start, const struct intake_token *token, bool *strong);
bool intake_event_computer(const char *text, char **host); /* true: the label is there */
/* The GUID at `at` is by its label something else's: an invocationId, a partition's, a schema's. */
bool intake_foreign_label(const char *start, const char *at);

/* --- intake_finds.c: what was found so far --- */
enum intake_weight { INTAKE_NAMED, INTAKE_OUTBOUND, INTAKE_STRAY, INTAKE_MEANT };
struct intake_find {
    struct subject_dsa dsa;
    enum intake_weight weight;
};
struct intake_place { /* a DC that logged or reported something */
    char *host, *site;
    bool has_dsa, event, failing;
    struct guid dsa;
    size_t line;
    enum subject_source source;
};
struct intake {
    struct intake_find *finds;
    size_t count, meant, left_out;
    struct intake_place *places;
    size_t place_count;
    bool saw_8589, saw_8603;
    bool any_report, any_event, any_sysvol; /* kinds of text that were recognised */
    bool event_without_guid, repaired_dn, wire_order, too_large, broken_guid;
    enum subject_source report; /* the first one, when any_report */
    size_t misread;             /* the line of a GUID with letters that are no digits; 0: none */
    long event_id;              /* the first event, when any_event */
    long other_code;            /* the first other error, 0: none */
    char *other_name;           /* the partner it belongs to; NULL */
    char *sysvol_name;
    char *banner; /* the DC that repadmin says it asked, until its report is read; NULL */
    size_t banner_line;
    bool failcache; /* what it was asked for; as long as the banner counts */
    struct strs notes;
};
/* Takes over the texts of *dsa and leaves it empty. */
void intake_add(struct intake *in, struct subject_dsa *dsa, enum intake_weight weight);
void intake_add_guid(struct intake *in, const struct intake_token *token, size_t line,
                     enum subject_source source); /* one that is meant, and nothing more is known */
void intake_add_place(struct intake *in, const struct intake_place *place); /* copies */
void intake_see_code(struct intake *in, long code, const char *name);
void intake_release(struct intake *in);
void intake_dsa_release(struct subject_dsa *dsa);

/* --- intake_settle.c --- */
struct err *intake_settle(struct intake *in, struct subject *out);
/* --- intake_notes.c --- */
void intake_say_all(const struct intake *in, struct subject *out);
char *intake_dsa_name(const struct subject_dsa *dsa); /* owned, for a sentence */
struct err *intake_nothing(const struct intake *in);

/* --- blocks of a text. Each module owns its struct; close() hands over what is open. --- */
struct intake_event {
    bool open, named, label_before, computer_next;
    long id, status;
    size_t line;
    char *computer;
    struct subject_dsa dsa, plain; /* target by GUID-based name; a GUID without one */
};
void intake_event_line(struct intake_event *event, struct intake *in,
                       const struct intake_line *line);
void intake_event_close(struct intake_event *event, struct intake *in);

/* --- intake_repadmin.c --- */
bool intake_banner_starts(const char *text); /* "Repadmin: running command ..." */
void intake_banner_line(struct intake *in, const struct intake_line *line,
                        struct intake_lines ahead);

struct intake_syncall {
    bool seen; /* the text says that it is one */
    long code; /* of the failure that the next pair of DSAs belongs to; 0: none */
};
bool intake_syncall_line(struct intake_syncall *sync, struct intake *in,
                         const struct intake_line *line,
                         struct intake_lines *lines); /* may take the next line */

struct intake_report { /* repadmin /showrepl, /failcache and samba-tool drs showrepl */
    bool open, samba, failcache;
    enum { REPORT_HEAD, REPORT_INBOUND, REPORT_OUTBOUND, REPORT_OTHER } section;
    struct intake_place place;
    bool neighbour, trailer, attempted, succeeded;
    struct subject_dsa dsa;
};
bool intake_report_starts(const struct intake_report *report, const struct intake_line *line,
                          struct intake_lines ahead);
void intake_report_line(struct intake_report *report, struct intake *in,
                        const struct intake_line *line, struct intake_lines ahead);
void intake_report_close(struct intake_report *report, struct intake *in);

bool intake_csv_line(struct intake *in, const struct intake_line *line,
                     struct intake_lines *lines); /* may take further lines */
struct intake_replsum {
    int table; /* 0 none, 1 sources, 2 destinations */
};
bool intake_replsum_line(struct intake_replsum *sum, struct intake *in,
                         const struct intake_line *line);

struct intake_list {               /* the columns of a table of events */
    size_t columns, columns_of[9]; /* columns 0: no table is open; 1-based, by enum part */
    bool metadata;                 /* a table of replication partners instead */
    char separator;
};
bool intake_list_line(struct intake_list *list, struct intake *in, const struct intake_line *line,
                      struct intake_lines *lines); /* may take further lines */

struct intake_dcdiag {
    bool open;
    char *site, *server; /* the DC that was tested */
    bool names_next, failing;
    struct subject_dsa dsa; /* the source of a failing replication */
    char *destination;
    struct subject_dsa base; /* of a VerifyReferences problem */
    enum intake_dn_kind base_kind;
};
bool intake_dcdiag_starts(const struct intake_line *line);
void intake_dcdiag_line(struct intake_dcdiag *diag, struct intake *in,
                        const struct intake_line *line);
void intake_dcdiag_close(struct intake_dcdiag *diag, struct intake *in);

struct intake_loose { /* GUIDs and DNs outside of anything known; one paragraph at a time */
    struct subject_dsa dsa;
    enum intake_dn_kind dn_kind; /* of the entry that the paragraph lists */
    bool other_entry; /* that entry is no NTDS Settings object, so its GUID is no DSA's */
    bool labelled;    /* its GUID stands behind a label that says so */
    bool metadata;    /* of a PowerShell cmdlet: it says for itself what failed */
    bool judged;      /* it has */
    long result;
    char *server; /* the DC that such a cmdlet asked; NULL */
    size_t server_line;
    char *computer; /* that an event's line names; NULL. */
    size_t computer_line;
    struct guid orphan; /* the last GUID-based name, which an event without one may claim */
    size_t orphan_line; /* 0: none */
};
void intake_loose_line(struct intake_loose *loose, struct intake *in,
                       const struct intake_line *line);
void intake_loose_close(struct intake_loose *loose, struct intake *in); /* end of the paragraph */

bool intake_typed(struct intake *in, const struct intake_line *line); /* the text's only line */

/* Documents inside the text ('\n' lines): read, then blanked out. Damaged ones stay, as text. */
void intake_take_xml(struct intake *in, struct str *text);
void intake_take_json(struct intake *in, struct str *text);
size_t intake_count_lines(const char *from, const char *to);
void intake_blank_out(char *from, const char *to); /* line ends stay */

#endif
