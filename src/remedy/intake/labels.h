/* What a label says about the value behind it: one table for all readers and languages. */
#ifndef DCMEND_INTAKE_LABELS_H
#define DCMEND_INTAKE_LABELS_H

#include <stdbool.h>
#include <stddef.h>

enum role {
    ROLE_NONE,
    ROLE_SKIP,  /* nothing in it is ours: an agent's, a domain's, a record's id, a user */
    ROLE_START, /* the first line of an event's header */
    ROLE_EVENT_ID,
    ROLE_REPORTER,      /* the DC that logged or reported */
    ROLE_REPORTER_WEAK, /* the same, unless another label says so: a collector's own name may be it
                         */
    ROLE_REPORTER_SITE,
    ROLE_REPORTER_GUID, /* its own DSA */
    ROLE_DSA,           /* the DSA that is meant: its GUID or DN */
    ROLE_DSA_GUID,      /* the same in a replication report: it may be the reporter's own */
    ROLE_OBJECT,        /* an entry's GUID: a DSA's if the entry is one */
    ROLE_ENTRY,         /* an entry's DN */
    ROLE_SOURCE,        /* the partner: GUID, DN or name */
    ROLE_SOURCE_SITE,
    ROLE_ERROR,
    ROLE_TIME,    /* of the last attempt */
    ROLE_WHEN,    /* of the event */
    ROLE_MESSAGE, /* an event's text */
    ROLE_DATA,    /* one of an event's values */
    ROLE_CLASS,   /* of an entry */
    ROLE_DELETED,
    ROLE_BASE, /* dcdiag's VerifyReferences: the object, and the attribute */
    ROLE_ATTRIBUTE
};

/* The role of a label: its words in any case; blanks, quotes and marks do not count. Of a path
 * ("winlog.event_id") the last word decides, then both. */
enum role label_role(const char *label, size_t len);
/* The same by words that are in it, for labels that nobody listed ("SourceDC"); less sure. */
enum role label_guess(const char *label, size_t len);
/* The GUID at `at` is by what stands in front of it something else's. */
bool is_foreign(const char *start, const char *at);
/* "event" in the languages of Windows, in text[0..len). */
bool has_event_word(const char *text, size_t len);

/* A line cut at the labels that are known. */
struct segment {
    enum role role;
    const char *label; /* NULL in front of the first label */
    size_t label_len;
    const char *value, *end;
};
bool next_segment(const char *line, const char **at, struct segment *out);

#endif
