/* The inside of a running batch of searches, for search.c, search_send.c and search_take.c. */
#ifndef DCMEND_SEARCH_PARTS_H
#define DCMEND_SEARCH_PARTS_H

#include "src/base/record.h"
#include "src/directory/entry_parts.h"
#include "src/directory/session_parts.h"

enum {
    MOST_ENTRIES = 100000, /* of one search */
    MOST_CELLS = 200000,   /* attributes and values of one entry */
    MOST_VALUES = 200000,  /* of a search, in the ranges that follow */
    MOST_RANGES = 64,      /* value lists of one entry that are cut short */
    MOST_IDLE_PAGES = 3,   /* pages in a row that bring nothing */
    MOST_SILENCES = 40,    /* a batch may take so many times the search deadline */
    MOST_MIB = 256,        /* of a batch, on the wire */
};

/* One request on the wire: a page of a search, or the rest of a value list. */
struct request {
    int msgid;     /* 0: finished */
    size_t search; /* index into the batch */
    bool rest;     /* the rest of `range` of entry number `entry` */
    size_t entry;
    struct entry_range range;
    bool counted; /* it brought an entry or a value */
};

/* What a search is at. */
struct progress {
    struct berval *cookie; /* of the last page; NULL: none */
    unsigned idle_pages;
    size_t values;            /* read in ranges, all entries together */
    size_t taken;             /* entries, handed out or kept */
    unsigned pending;         /* requests on the wire */
    struct record handed_out; /* for the trace: the entries of one that keeps none */
    bool traced;
};

struct batch {
    struct session *session;
    const struct search *searches;
    struct result *results;
    struct progress *progress;
    size_t count;
    struct request *requests;
    size_t request_count;
    unsigned long long bytes_before; /* read by the session before this batch */
    size_t entries;                  /* of all searches, for the caller's progress */
    size_t cells_left;               /* session.most_cells less what they hold */
    bool page_done;                  /* since progress was last told */
    int64_t began;                   /* clock_ms() */
};

/* search_send.c: puts a request on the wire; a failure is the search's error. */
void batch_send_page(struct batch *batch, size_t search);
void batch_send_rest(struct batch *batch, size_t search, size_t entry,
                     const struct entry_range *range);

/* The controls that go with a search, by their OIDs, a blank between; owned by the caller. */
char *search_controls(const struct session *session, const struct search *search);

/* search_take.c: one answer, whatever it is. */
void batch_take(struct batch *batch, struct request *request, LDAPMessage *message);

/* search_referred.c: a DC that is no global catalog may answer a base of "<GUID=..>" that it does
 * not hold with a referral to one (MS-ADTS 3.1.1.4.6). That alone proves nothing: whether the
 * object is here is asked once more, by an indexed filter over the partitions of this DC. */
enum { REFERRED_PARTITIONS = 2 }; /* the configuration, its domain */
struct referred {
    size_t *slots, count;    /* of the searches that were referred */
    struct search *searches; /* as many for each as there are partitions */
    struct result *results;
};
/* False: there is none. */
bool referred_find(const struct session *session, const struct search *searches, size_t count,
                   const struct result *results, struct referred *out);
/* What was found takes the place of the referral; found nowhere, it is no such object; else the
 * referral stays. Releases what was asked. */
void referred_take(const struct session *session, struct referred *referred,
                   struct result *results);

/* The first error of a search stays; its other requests are abandoned. Takes err over. */
void batch_fail(struct batch *batch, size_t search, struct err *err);

#endif
