/* The formats that have a shape of their own, one row each. A new one is a row here and a text with
 * its expectation in tests/unit/pastes; labels ("Computer:", "dvchost=") are rows of labels.def.
 *
 * A pattern, in lower case, is compared with a line from its first filled column on (begin with '*'
 * where a time or a host may stand in front); the first row that fits is taken. A blank stands for
 * any blanks or none, '*' for anything, '?' for what stands before the next blank or ']', '$' for
 * the line's end; other signs for themselves. What it takes out:
 * - {source}: the partner's name
 * - {partner}: the same as Site\Server
 * - {dest}: the name of the DC that reports
 * - {reporter}: the same as Site\Server
 * - {host}: the partner's, without a site
 * - {guid}: a GUID, or an NTDS Settings DN, which takes the rest of the line: the partner's, or the
 *   reporter's if that is known
 * - {code}: an error code
 *
 * 8589 is found on the line without {code}; other codes are not, so try a text with 1722 too. Rows
 * do not span lines. A tool without a source of its own in subject.h is SUBJECT_SERVER_NAME; labels
 * alone are enough for "name: value" and "name=value". */
#ifndef DCMEND_INTAKE_FORMATS_H
#define DCMEND_INTAKE_FORMATS_H

#include "src/model/subject.h"
#include "src/remedy/intake/record.h"

enum cut {
    CUT_REPORT, /* a DC's report begins */
    /* a part of a report begins: */
    CUT_INBOUND,
    CUT_OUTBOUND,
    CUT_OTHER,
    CUT_FAILURES,
    CUT_NEXT,    /* whichever follows the last one: a translated head */
    CUT_LINE,    /* the line is a record; labels on it are not read */
    CUT_PARTNER, /* a record begins: a partner, and what comes of it below */
    CUT_HEALTHY, /* the same, and no error is in it unless one is said */
    CUT_FILL,    /* goes on with the record that is open, when it is this format's */
    CUT_EVENT,   /* an event begins, read by its labels */
    CUT_LABELS,  /* a partner begins, read by its labels */
    CUT_TESTS,   /* dcdiag's report of a DC begins */
    CUT_TESTED   /* a test of dcdiag ends */
};

struct format {
    const char *name, *pattern;
    enum subject_source source;
    enum cut cut;
};

/* What a pattern took out of a line. */
struct taken {
    struct slice source, dest, code, guid;
    size_t len; /* of the line */
};
/* The row that a line (NUL-terminated) fits; NULL: none. open: the record that is open; NULL. */
const struct format *find_format(const char *text, const struct record *open, struct taken *out);

#endif
