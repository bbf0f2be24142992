/* What happened, as pairs of a name and a value in the order in which it did, in parts: what a bug
 * report and --debug are made of. Written as lines like LDIF's, for people and for programs. */
#ifndef DCMEND_RECORD_H
#define DCMEND_RECORD_H

#include "src/base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Whose words a value is: what may be in it that names somebody. */
enum pair_words {
    PAIR_OURS, /* the program's: nothing */
    PAIR_NAME, /* a name, a DN, a filter, a value of the directory: every word of it may */
    PAIR_USER, /* who signed in: the same, and a backslash in it escapes nothing */
    PAIR_FREE, /* sentences */
    PAIR_LINE  /* ours, and the name alone is written: a title, a comment */
};
struct pair {
    char *name, *value; /* NUL added behind len bytes */
    size_t len;
    enum pair_words words;
    bool begins; /* a part: a blank line stands before it */
};
struct record {
    struct pair *items;
    size_t count;
};

/* The first pair of a part. NULL is "". */
void record_begin(struct record *record, const char *name, enum pair_words words,
                  const char *value);
/* NULL adds nothing. */
void record_add(struct record *record, const char *name, enum pair_words words, const char *value);
void record_bytes(struct record *record, const char *name, enum pair_words words, const void *bytes,
                  size_t len);
/* Words of ours. */
void record_ours(struct record *record, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void record_line(struct record *record, const char *line);
void record_move(struct record *to, struct record *from); /* all of it, behind what is there */
void record_release(struct record *record);

/* UTF-8 without control characters but line ends and tabs, perhaps with NULs at its end. */
bool record_is_text(const char *bytes, size_t len);
/* "name: value", or "name:: base64" for what is no line of ASCII; of a text of several lines or in
 * other letters a comment tells it readably before. */
void record_write(struct str *out, const struct record *record);

#endif
