/* The reads behind the Browse tree: sites, their servers with the DSA of each, and one object with
 * all its attributes. Every list is one burst of paged searches. */
#ifndef DCMEND_BROWSE_H
#define DCMEND_BROWSE_H

#include "src/base/err.h"
#include "src/directory/search.h"
#include "src/directory/session.h"
#include "src/model/dn.h"
#include "src/model/guid.h"

enum browse_kind { BROWSE_SITE, BROWSE_SERVER, BROWSE_DSA, BROWSE_OTHER };

struct browse_node {
    enum browse_kind kind;
    struct guid guid;
    char *dn;
    char *name; /* first RDN's value, clean, its mark kept: "DC5\0ADEL:..." */
    bool deleted, conflict;
    size_t parent; /* index of the node it stands below in the same list; BROWSE_ROOT: none */

    /* a server */
    char *dns_host;
    struct dn_link reference; /* dn NULL: none came back (never on a catalog's port) */
    bool has_dsa;             /* a live DSA stands below it */
    bool read_only;           /* that DSA says that its DC is read-only */
};
#define BROWSE_ROOT ((size_t)-1)

struct browse {
    struct browse_node *nodes; /* siblings by name; servers before the DSAs */
    size_t count;
    bool complete;   /* false: there is more, or a part could not be read */
    struct err *why; /* what is missing when not complete; may be NULL */
};
void browse_release(struct browse *browse);

/* All block (network): a worker's calls. The error is one after which nothing is known; *out is
 * empty then. `deleted`: tombstones too. progress as for search_run_progress(). */
struct err *browse_sites(struct session *session, bool deleted, struct browse *out);
/* The servers below a site, and the NTDS Settings below each. site_dn NULL: of all sites, and the
 * sites themselves. */
struct err *browse_servers(struct session *session, const char *site_dn, bool deleted,
                           void (*progress)(void *, size_t), void *context, struct browse *out);

/* One object, deleted or not, as the detail pane shows it. */
struct browse_line {
    char *attribute;
    struct strs values; /* decoded, clean, one line each; none: a server has no serverReference */
    struct dn_link *links; /* what each value leads to; NULL when the values are no links */
};
struct browse_object {
    struct browse_node node;
    struct browse_line *lines; /* objectClass, objectGUID, ... first, the others by name */
    size_t count;
};
void browse_object_release(struct browse_object *object);
/* ERR_NO_SUCH_OBJECT when there is none. By GUID, or by DN where guid is NULL. */
struct err *browse_object(struct session *session, const struct guid *guid, const char *dn,
                          struct browse_object *out);

#endif
