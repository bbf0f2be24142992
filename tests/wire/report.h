/* A bug report (`dcmend bugreport`, or a --debug file) as a script: what each DC said to each
 * search, how sign-ins ended, what DNS knew. test_reports.c plays it. */
#ifndef DCMEND_TESTS_REPORT_H
#define DCMEND_TESTS_REPORT_H

#include "src/base/record.h"

#include <stdbool.h>
#include <stddef.h>

struct report;

struct report *report_parse(const char *text, size_t len); /* NULL: it is none */
struct report *report_read(const char *path);              /* NULL: cannot be read, or is none */
void report_free(struct report *report);
const struct record *report_record(const struct report *report);

/* Position of the next part of that kind behind `at` (0: from the start; also of the same part
 * again), and with that value, in any case (NULL: any). 0: none. */
size_t report_part(const struct report *report, size_t at, const char *kind, const char *value);
/* The first value of this name within the part that holds position `at`, behind it; NULL. */
const char *report_value(const struct record *record, size_t at, const char *name);

/* Any thread. One that was not taken before is preferred: what was asked twice is answered in
 * turn. 0: not there, which report_missing() names then. */
size_t report_take(struct report *report, const char *kind, const char *value);
/* That part has been played; and whether all of its kind before it have. */
void report_end(struct report *report, size_t at);
bool report_ended(struct report *report, const char *kind, size_t before);
struct report_search {
    const char *dc, *base, *filter, *attributes;
    int scope; /* LDAP_SCOPE_... */
    bool deleted;
};
/* The position of its first entry, or of its result. */
size_t report_search(struct report *report, const struct report_search *asked,
                     const struct record **record);
/* The result code to be sent, at the position of "result". */
int report_code(const struct record *record, size_t at);
/* What was asked for and is not there, a line each; "": all was. Owned by the report. */
const char *report_missing(struct report *report);

#endif
