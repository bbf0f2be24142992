/* Reading: several searches sent in one burst, their answers collected together (one turn on the
 * wire), paging and ranged values followed. Results are plain owned memory; nothing of libldap's
 * leaves this module. */
#ifndef DCMEND_SEARCH_H
#define DCMEND_SEARCH_H

#include "src/base/err.h"
#include "src/directory/session.h"
#include "src/model/dn.h"
#include "src/model/guid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum search_scope { SCOPE_BASE, SCOPE_ONE, SCOPE_SUBTREE };

struct entry;
struct search {
    char *base;   /* a DN, "" or "<GUID=dashed>" */
    char *filter; /* values already escaped by search_escape() */
    enum search_scope scope;
    const char *const *attributes; /* NULL-terminated, static; NULL: all */
    bool deleted;                  /* show deleted and recycled objects */
    bool dacl;                     /* nTSecurityDescriptor: owner, group, DACL only */
    unsigned page;                 /* entries a page; 0: not paged (base and one-object look-ups) */
    size_t most;                   /* stop after so many entries (0: 100 000): incomplete then */
    /* Gets each entry as it comes, which then is not kept: the result holds none. From the same
     * thread; NULL: all are kept. A value list that a DC cuts short is an error here. */
    void (*each)(void *context, const struct entry *entry);
    void *context;
};
/* base and filter are copied; the extended DN control is always sent. */
void search_init(struct search *search, enum search_scope scope, const char *base,
                 const char *const *attributes, const char *filter_format, ...)
    __attribute__((format(printf, 5, 6)));
void search_release(struct search *search);
char *search_escape(const char *value);                   /* RFC 4515; owned by the caller */
char *search_escape_bytes(const void *bytes, size_t len); /* the same for any bytes */
char *search_guid_base(const struct guid *guid);          /* "<GUID=...>"; owned by the caller */

struct value {
    char *bytes; /* NUL added behind len bytes */
    size_t len;
};
struct attribute {
    char *name; /* without ";range=" */
    struct value *values;
    size_t count;
    bool partial; /* a range that could not be read to its end */
};
struct entry {
    struct dn_link name; /* DN, GUID (and SID) of the entry */
    struct attribute *attributes;
    size_t count;
};
struct result {
    struct entry *entries;
    size_t count;
    struct err *err;     /* ERR_NO_SUCH_OBJECT included; owned by the result; NULL: success */
    bool complete;       /* all that matches was read */
    unsigned references; /* continuation references, never chased */
};
void result_release(struct result *result);

/* Blocks (network): a worker's call. All requests leave before the first answer is awaited; paged
 * ones go on together. Each result is filled; a lost connection or cancel is in each unfinished
 * one. Bounded: entries, values and bytes of a lying server end in ERR_LIMIT or ERR_PROTOCOL. */
void search_run(struct session *session, const struct search *searches, size_t count,
                struct result *results);
/* progress is called from the same thread after each page with the entries read so far; may be
 * NULL. */
void search_run_progress(struct session *session, const struct search *searches, size_t count,
                         struct result *results, void (*progress)(void *, size_t), void *context);
/* The same for long lists: those with a page size are asked in pages where the DC needs that. One
 * that was cut is asked again, so that `each` may get an entry twice. */
void search_run_bulk(struct session *session, struct search *searches, size_t count,
                     struct result *results, void (*progress)(void *, size_t), void *context);

/* Reading an entry. Names without case; NULL, false or 0 when absent. */
const struct attribute *entry_attribute(const struct entry *entry, const char *name);
const char *entry_text(const struct entry *entry, const char *name); /* NULL if absent or has NUL */
bool entry_has(const struct entry *entry, const char *name);
bool entry_has_value(const struct entry *entry, const char *name, const char *text); /* no case */
bool entry_number(const struct entry *entry, const char *name, int64_t *out);
bool entry_flag(const struct entry *entry, const char *name); /* "TRUE" */
bool entry_guid(const struct entry *entry, const char *name, struct guid *out);
bool entry_link(const struct entry *entry, const char *name, struct dn_link *out); /* first value */
bool entry_time(const struct entry *entry, const char *name, time_t *out); /* generalizedTime */
bool entry_is_class(const struct entry *entry, const char *object_class);
void entry_texts(const struct entry *entry, const char *name, struct strs *out); /* no NUL ones */

#endif
