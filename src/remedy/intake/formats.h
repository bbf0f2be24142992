/* The formats that have a shape of their own, one row each. A new one is a row here and a text with
 * its expectation in tests/unit/pastes; labels ("Computer:", "dvchost=") are rows of labels.def.
 *
 * A pattern is compared with a line from its first filled column on, case ignored; a blank stands
 * for any blanks, '*' for anything, '?' for a word, '$' for the line's end. What it takes out:
 *   {partner} Site\Server or Site/Server    {source} the same, or a plain name
 *   {dest}    the DC that reports           {code}   an error code      {guid}  the partner's GUID
 */
#ifndef DCMEND_INTAKE_FORMATS_H
#define DCMEND_INTAKE_FORMATS_H

#include "src/model/subject.h"
#include "src/remedy/intake/record.h"

#include <stdbool.h>
#include <stddef.h>

enum cut {
    CUT_LINE,    /* the line is a record */
    CUT_PARTNER, /* a record begins: a partner, and what comes of it below */
    CUT_HEALTHY, /* the same, and no error is in it unless one is said */
    CUT_FILL,    /* goes on with the record that is open, when it is this format's */
    CUT_EVENT,   /* an event begins, read by its labels */
    CUT_REPORT,  /* a DC's report begins */
    CUT_LABELS   /* a partner begins, read by its labels */
};

struct format {
    const char *name, *pattern;
    enum subject_source source;
    enum cut cut;
};

/* What a pattern took out of a line. */
struct taken {
    struct slice source, dest, code, guid;
};
/* The row that a line (NUL-terminated, lower: the same in lower case) fits; NULL: none. */
const struct format *find_format(const char *text, const char *lower, struct taken *out);

#endif
