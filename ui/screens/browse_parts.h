/* What the files of the Browse screen share: the forest as it was read (with its filter), the pane
 * with one object, and the jobs that read them. */
#ifndef DCMEND_BROWSE_PARTS_H
#define DCMEND_BROWSE_PARTS_H

#include "src/directory/browse.h"
#include "ui/app.h"
#include "ui/widgets/list.h"
#include "ui/widgets/tree.h"

/* --- the forest: browse_forest.c --- */

struct forest {
    struct browse nodes;
    uint64_t *ids;        /* of each node; 0 is never one */
    size_t *first, *next; /* children as a chain of indices; FOREST_NONE ends it */
    size_t top;           /* the first site */
    bool *shown;          /* matches the filter, or has a child that does */
    uint64_t *answer;     /* what children() handed out last */
    size_t matches;       /* servers that match */
    size_t servers;
    bool catalog; /* serverReference cannot be seen on this port */
    char badge[32];
};
#define FOREST_NONE ((size_t)-1)

void forest_release(struct forest *forest);
void forest_take(struct forest *forest, struct browse *nodes); /* takes the nodes over */
/* Keeps what contains the text (name, host name, GUID, site, badge); NULL or "": everything. */
void forest_filter(struct forest *forest, const char *text);
struct tree_source forest_source(struct forest *forest);
size_t forest_find(const struct forest *forest, uint64_t id); /* FOREST_NONE */
size_t forest_find_guid(const struct forest *forest, const struct guid *guid);
const char *forest_badge(const struct forest *forest, size_t index, enum style *style);

/* --- one object: browse_detail.c --- */

struct detail {
    struct browse_object object;
    bool known;
    struct err *err;
    struct list list;
    struct detail_row {
        size_t line, value;
    } * rows;
    size_t row_count;
};
void detail_init(struct detail *detail);
void detail_release(struct detail *detail);
void detail_take(struct detail *detail, struct browse_object *object, struct err *err);
void detail_draw(struct detail *detail, struct app *app, struct rect rect, bool focused);
const char *detail_value(const struct detail *detail);          /* of the chosen row; NULL */
const struct dn_link *detail_link(const struct detail *detail); /* where it leads; NULL */

/* --- jobs: browse_work.c --- */

struct browse_work {
    struct session *session;
    enum { READ_SITES, READ_FOREST, READ_OBJECT } what;
    bool deleted;
    bool has_guid;
    struct guid guid;
    char *dn;
    struct browse nodes;         /* out */
    struct browse_object object; /* out */
    struct err *err;             /* out */
};
extern const struct job_kind work_browse;
/* Borrows the app's session; NULL while it is out. */
struct browse_work *browse_work_new(struct app *app);

#endif
