/* A domain controller played by a thread: real LDAP (liblber), real TLS (libgnutls), a directory in
 * memory. It answers binds, StartTLS, Who Am I, searches (scopes, filters, paging, extended DNs,
 * show-deleted, ranges, continuation references) and modifies, and can misbehave at a
 * chosen request. Set it up first, then connect; read counts and modifies when the client is done.
 */
#ifndef DCMEND_TESTS_RESPONDER_H
#define DCMEND_TESTS_RESPONDER_H

#include "src/directory/session.h"

#include <stdbool.h>
#include <stddef.h>

struct responder;
struct responder_entry;

/* A DC of contoso.com named dc1.contoso.com, whose rootDSE, partitions and NTDS Settings exist. */
struct responder *responder_new(void);
void responder_free(struct responder *responder); /* ends its connections first; NULL is fine */

/* With DCMEND_WINDOWS in the environment each responder plays a Windows DC that is no catalog, as
 * far as a protocol can tell: its rootDSE, its refusals, its lists, its limits. */
bool responder_is_windows(const struct responder *responder);
void responder_windows(struct responder *responder); /* in any case; before the first connection */
/* So many computers more in its domain, PC000000.contoso.com and so on: they are made while they
 * are asked for, and no index knows their host names. */
void responder_computers(struct responder *responder, size_t count);

/* A new connection: fills signin for a simple bind over TLS on an adopted socket. */
void responder_signin(struct responder *responder, struct signin *signin);
/* Opens a session on a new connection with these deadlines; aborts when it does not come about. */
struct session *responder_session(struct responder *responder, int deadline_ms);
/* Listens on 127.0.0.1 instead; returns the port. tls: from the first byte (LDAPS), with these
 * credentials (gnutls_certificate_credentials_t; NULL: good ones); else StartTLS is offered. */
int responder_listen(struct responder *responder, bool tls, void *credentials);

/* What TLS it speaks, in GnuTLS' words. */
void responder_speaks(struct responder *responder, const char *priority);

/* ---- the directory ---- */

/* guid: dashed text, or NULL for one made from the DN. The first of them is the rootDSE (dn ""). */
struct responder_entry *responder_entry(struct responder *responder, const char *dn,
                                        const char *guid);
struct responder_entry *responder_find(struct responder *responder, const char *dn); /* or NULL */
struct responder_entry *responder_root(struct responder *responder);
void responder_value(struct responder_entry *entry, const char *attribute, const char *value);
void responder_bytes(struct responder_entry *entry, const char *attribute, const void *bytes,
                     size_t len);
/* A DN value, shown with the target's GUID and SID when the extended DN control asks for it. */
void responder_link(struct responder_entry *entry, const char *attribute, const char *target);
void responder_clear(struct responder_entry *entry, const char *attribute);
void responder_set(struct responder_entry *entry, const char *attribute, const char *value);
void responder_tombstone(struct responder_entry *entry);         /* seen with show-deleted only */
void responder_gone(struct responder_entry *entry);              /* as if it had never been */
const char *responder_guid(const struct responder_entry *entry); /* dashed text */
/* The first value, NUL-terminated, or NULL. For reading back what a modify did. */
const char *responder_first(struct responder *responder, const char *dn, const char *attribute);

/* Server object, NTDS Settings and computer account of one more DC, all well: serverReference,
 * SPNs, names. site is made when needed. */
struct responder_dc {
    struct responder_entry *server, *ntds, *computer;
};
struct responder_dc responder_add_dc(struct responder *responder, const char *name,
                                     const char *site);

/* ---- behaviour ---- */

void responder_bind_answer(struct responder *responder, int code, const char *said);
void responder_whoami(struct responder *responder, const char *authzid); /* NULL: not known */
/* Searches whose base and filter (as libldap's filter text is not on the wire: an attribute name or
 * value in it) contain these texts end with this code after `after` entries. NULL matches all. */
void responder_search_answer(struct responder *responder, const char *base, const char *filter,
                             int code, const char *said, size_t after);
/* What the next modifies answer instead of being carried out; 0 carries them out again. */
void responder_modify_answer(struct responder *responder, int code, const char *said,
                             const char *referral);
/* As a proxy that gave up waiting, or asked twice: they are carried out, and answered so all the
 * same. */
void responder_modify_done(struct responder *responder);
/* A value "<GUID=..>" is no DN for it: 21. */
void responder_modify_by_dn(struct responder *responder);
void responder_ranges(struct responder *responder, size_t values); /* cut lists to so many */
void responder_references(struct responder *responder,
                          unsigned count); /* with each subtree search */
void responder_endless(struct responder *responder, bool with_entries); /* pages never end */
/* Answers as on a global catalog's port: one partition, without what is not in the partial set. */
void responder_catalog(struct responder *responder);
void responder_without_control(struct responder *responder, const char *oid);

enum responder_fault {
    FAULT_NONE,
    FAULT_DROP,      /* closes without an answer */
    FAULT_DROP_DONE, /* carries the request out, then closes without an answer */
    FAULT_STALL,     /* never answers again */
    FAULT_HALF,      /* sends half of the first answer, then stalls */
    FAULT_GARBAGE,   /* bytes that are no BER */
    FAULT_TWICE,     /* an empty entry before the answer */
    FAULT_TRUNCATED, /* an entry whose lengths do not fit */
    FAULT_WRONG_ID,  /* answers under another message id, then never again */
    FAULT_WRONG_OP,  /* answers with a modify response */
    FAULT_NOTICE     /* notice of disconnection, then closes */
};
enum responder_op { OP_ANY, OP_BIND, OP_SEARCH, OP_MODIFY, OP_EXTENDED, OP_ABANDON, OP_UNBIND };
/* Misbehaves at the nth (1: first) request of this kind. */
void responder_fault(struct responder *responder, enum responder_fault fault, enum responder_op op,
                     unsigned nth);

/* It is that DC ("dc1.contoso.com:389") of the report, which answers all searches. */
struct report;
void responder_report(struct responder *responder, struct report *report, const char *dc);

/* ---- what it saw ---- */

unsigned responder_count(struct responder *responder, enum responder_op op);
/* Waits up to a second until so many were counted. */
bool responder_await(struct responder *responder, enum responder_op op, unsigned count);

struct responder_change {
    int op; /* LDAP_MOD_ADD, LDAP_MOD_DELETE, LDAP_MOD_REPLACE */
    char *attribute;
    char *value; /* the first, or NULL */
    size_t values;
};
struct responder_modify {
    char *dn;
    struct responder_change *changes;
    size_t count;
    size_t controls;
};
/* The nth modify (0: first) that arrived, or NULL. */
const struct responder_modify *responder_modified(struct responder *responder, size_t n);
const char *responder_asked(struct responder *responder);    /* the last search's attributes */
const char *responder_password(struct responder *responder); /* the last one that was sent */

#endif
