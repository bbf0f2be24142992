/* What the files of the Browse screen share: the forest as it was read (with its filter, order and
 * badges), the pane with one object, the tasks that read them, and the screen's own state. */
#ifndef DCMEND_BROWSE_PARTS_H
#define DCMEND_BROWSE_PARTS_H

#include "src/directory/browse.h"
#include "src/jobs/scan.h"
#include "ui/app.h"
#include "ui/widgets/field.h"
#include "ui/widgets/list.h"
#include "ui/widgets/tree.h"

/* --- badges: browse_badge.c --- */

/* In the order of "faults first". word, style, what it means (for the help page) */
#define BADGES(X)                                                                                  \
    X(BADGE_MISSING, "missing", STYLE_FAULT, "no serverReference")                                 \
    X(BADGE_DANGLING, "dangling", STYLE_FAULT, "it names a deleted object")                        \
    X(BADGE_WRONG, "wrong", STYLE_FAULT, "judged: it names another object")                        \
    X(BADGE_SHARED, "shared", STYLE_FAULT, "two live servers name one account")                    \
    X(BADGE_CONFLICT, "conflict", STYLE_FAULT, "a conflict object (CNF)")                          \
    X(BADGE_ORPHANED, "orphaned", STYLE_FAULT, "judged: no live server above it")                  \
    X(BADGE_NO_ACCOUNT, "no account", STYLE_FAULT, "judged: no usable account")                    \
    X(BADGE_AMBIGUOUS, "ambiguous", STYLE_FAULT, "judged: several accounts fit")                   \
    X(BADGE_FAILING, "8589 now", STYLE_FAULT, "judged: healthy, but replication from it fails")    \
    X(BADGE_UNPROVEN, "unproven", STYLE_WARN, "judged: the proof is too low")                      \
    X(BADGE_UNREADABLE, "unreadable", STYLE_WARN, "judged: not all could be read")                 \
    X(BADGE_OTHER_NAME, "other name", STYLE_WARN, "the account has another name: look")            \
    X(BADGE_NO_NTDS, "no NTDS", STYLE_WARN, "no NTDS Settings below it: no DC")                    \
    X(BADGE_DELETED, "deleted", STYLE_WARN, "a tombstone")                                         \
    X(BADGE_RODC, "RODC", STYLE_QUIET, "a read-only DC")                                           \
    X(BADGE_OK, "ok", STYLE_OK, "judged: healthy")                                                 \
    X(BADGE_NONE, "", STYLE_QUIET, "nothing was noticed")

enum badge {
#define X(id, word, style, meaning) id,
    BADGES(X)
#undef X
};
const char *badge_word(enum badge badge);
const char *badge_meaning(enum badge badge); /* of the one it stands at */
enum style badge_style(enum badge badge);

/* --- the forest: browse_forest.c, browse_badge.c --- */

struct forest {
    struct browse nodes;
    struct forest_id {
        uint64_t id;
        size_t index;
    } * by_id;            /* sorted */
    uint64_t *ids;        /* of each node, a hash of its GUID; 0 is never one */
    enum badge *badges;   /* of each node */
    size_t *faults;       /* of each site: servers below it that have one */
    size_t *first, *next; /* children as a chain of indices; FOREST_NONE ends it */
    size_t top;           /* the first site */
    bool *own, *shown;    /* matches the filter; does, or has a child or a parent that does */
    uint64_t *answer;     /* what children() handed out last */
    size_t matches;       /* servers that match */
    size_t servers, all_faults;
    int name_columns, badge_columns; /* the widest there are, indentation included */
    bool catalog;                    /* serverReference cannot be seen on this port */
    bool faults_first;
    char badge[32];
};
#define FOREST_NONE ((size_t)-1)

void forest_release(struct forest *forest);
void forest_take(struct forest *forest, struct browse *nodes); /* takes the nodes over */
/* Keeps what contains the text (name, host name, GUID, badge) and what stands below it; NULL or "":
 * everything. */
void forest_filter(struct forest *forest, const char *text);
void forest_order(struct forest *forest, bool faults_first);
struct tree_source forest_source(struct forest *forest);
size_t forest_find(const struct forest *forest, uint64_t id); /* FOREST_NONE */
size_t forest_find_guid(const struct forest *forest, const struct guid *guid);
size_t forest_find_name(const struct forest *forest, const char *name); /* a server's, or a host */

void forest_set_badges(struct forest *forest);
/* Verdicts are known: the servers' badges say so. */
void forest_judged(struct forest *forest, const struct scan_verdict *verdicts, size_t count);

/* --- one object: browse_detail.c --- */

struct detail {
    struct browse_object object;
    bool known;
    struct err *err;
    struct list list;
    struct detail_row { /* a row of a wrapped value */
        size_t line, value;
        bool first, label; /* first of its value; an attribute's name alone */
        char *text;
    } * rows;
    size_t row_count;
    int cols; /* what they were wrapped for; 0: not yet */
    bool focused;
    bool stacked; /* names above values: a narrow pane */
};
void detail_init(struct detail *detail);
void detail_release(struct detail *detail);
void detail_take(struct detail *detail, struct browse_object *object, struct err *err);
/* why: the first line, clean; NULL: none. */
void detail_draw(struct detail *detail, struct app *app, struct rect rect, bool focused,
                 enum style style, const char *why);
bool detail_handle(struct detail *detail, const struct term_event *event); /* true: used */
const char *detail_value(const struct detail *detail);          /* of the chosen row; NULL */
const struct dn_link *detail_link(const struct detail *detail); /* where it leads; NULL */

/* --- tasks: browse_work.c --- */

enum browse_what { READ_SITES, READ_FOREST, READ_OBJECT, READ_VERDICTS };

struct browse_work {
    enum browse_what what;
    bool deleted;
    struct guid guid;            /* of the object */
    struct browse nodes;         /* out */
    struct browse_object object; /* out */
    struct scan scan;            /* out */
};
extern const struct task_kind work_browse;
struct browse_work *browse_work_new(enum browse_what what, bool deleted, const struct guid *guid);

/* --- the screen: browse.c draws, browse_read.c reads, browse_keys.c handles keys --- */

enum {
    BROWSE_TRAIL = 16,
    BROWSE_OPEN = 20,    /* sites and servers at most that are all shown from the start */
    BROWSE_JUDGED = 256, /* servers at most that are judged unasked */
    BROWSE_REST_MS = 500 /* and only once the operator stays where he is */
};

struct browse_screen {
    struct app *app;
    struct forest forest;
    struct tree *tree;
    struct detail detail;
    struct field field;
    enum { LINE_NONE, LINE_FILTER, LINE_GOTO } line; /* what is being typed */
    char *filter;                                    /* the filter in force; NULL */
    uint64_t *opened;                                /* nodes that the filter opened */
    size_t opened_count;
    bool deleted;   /* deleted objects are shown */
    bool in_detail; /* the right pane has the keys */
    bool have_sites, have_forest, had_forest;
    bool judge;            /* every server is to be judged */
    bool left;             /* it sent a DSA to be judged */
    struct browse_reason { /* the headline of a verdict that is not healthy */
        struct guid dsa;
        char *text;
    } * reasons;
    size_t reason_count;
    enum browse_what reading; /* while app_is_reading() */
    int64_t moved;            /* ms, app_now_ms(): when another object was wanted last */
    struct err *err;
    struct guid wanted;              /* the object to show at the right */
    bool want;                       /* it is not there yet */
    struct guid trail[BROWSE_TRAIL]; /* where "follow" came from */
    size_t trail_count;
    struct guid after; /* select this once the forest has been read again */
    bool has_after;
};

/* The DSA that stands for a row: itself, or the live one below a server; FOREST_NONE. */
size_t browse_dsa_of(const struct browse_screen *b, size_t index);
/* Why the object at the right is no healthy one, owned; NULL: nothing was noticed. */
char *browse_why(const struct browse_screen *b, enum style *style);
/* Once more in view: what the wizard judged meanwhile. */
void browse_take_judged(struct app *app, struct browse_screen *b);
void browse_want_selected(struct browse_screen *b);
bool browse_reveal(struct browse_screen *b, const struct guid *guid); /* false: not in the tree */
void browse_read_more(struct app *app); /* the next reading that is due */
bool browse_is_judging(const struct browse_screen *b);
int64_t browse_settle(struct app *app, void *state);
void browse_read_again(struct app *app, struct browse_screen *b);
void browse_done(struct app *app, void *work, struct err *err); /* a struct browse_work */
void browse_set_filter(struct browse_screen *b, const char *text);
bool browse_handle(struct app *app, void *state, const struct term_event *event,
                   enum action action);

#endif
