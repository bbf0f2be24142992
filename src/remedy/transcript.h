/* The report of a session for a ticket: what was asked, found, judged, changed and verified, as
 * plain text or as Markdown. A refusal gets the same report, for handing over. Pure; every value is
 * cleaned, and in Markdown none can leave its place. */
#ifndef DCMEND_TRANSCRIPT_H
#define DCMEND_TRANSCRIPT_H

#include "src/base/str.h"
#include "src/model/facts.h"
#include "src/model/plan.h"
#include "src/model/report.h"
#include "src/model/server.h"
#include "src/model/subject.h"
#include "src/model/verdict.h"

#include <stdbool.h>
#include <time.h>

/* All but `when` may be NULL: what is not there is left out. */
struct transcript {
    const struct subject *subject;
    size_t which; /* the DSA of the subject that was looked at */
    const struct facts *facts;
    const struct verdict *verdict;     /* with facts */
    const struct plan *plan;           /* without a report: not written yet */
    const struct apply_report *report; /* with plan */
    const char *replication;           /* the line that the watch came to; NULL: from the facts */
    const char
        *repair; /* the command that opens the wizard on the DSA, where a write may be offered */
    const char *second;  /* the command by which somebody else carries out the plan */
    time_t watched;      /* until when replication was watched; 0: it was not */
    const char *version; /* the program's; NULL: not told */
    time_t when;
};

/* How each begins, behind "# " in Markdown: what tells a file of ours. */
#define TRANSCRIPT_TITLE "Replication error 8589, looked at with dcmend on "

void transcript_write(struct str *out, bool markdown, const struct transcript *transcript);
/* Its last part alone, as plain text without its heading: commands for the DC's own console, where
 * they help. */
void transcript_commands(struct str *out, const struct transcript *transcript);

#endif
