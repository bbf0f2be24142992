/* What a label says about the value behind it: one table for all readers and languages. */
#ifndef DCMEND_INTAKE_LABELS_H
#define DCMEND_INTAKE_LABELS_H

#include <stdbool.h>
#include <stddef.h>

enum role {
    ROLE_NONE,
#define LABELS(role, labels, stems) role,
#include "src/remedy/intake/labels.def"
#undef LABELS
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
