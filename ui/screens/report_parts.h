/* What the files of the Report screen share: its pages, and the report as a file. */
#ifndef DCMEND_REPORT_PARTS_H
#define DCMEND_REPORT_PARTS_H

#include "ui/screens/parts.h"

/* --- the pages: report_page.c --- */

/* A change was tried and is what the page is about; else it is about a verdict. */
bool report_is_change(const struct wizard *w);
void report_build(struct app *app, struct pager *page, bool beside);
void report_build_aside(struct app *app, struct pager *page);
/* How replication stands, in one line; owned by the caller, NULL where it does not matter. */
char *report_replication(const struct wizard *w, enum style *style);

/* --- the file: report_file.c. Written by the disk's desk; the text is made at once. --- */

struct report_work {
    char *name; /* as the operator gave it, or the file's in the state folder */
    char *text;
    bool keep, overwrite;
    bool exists; /* out: a report is there already, and was left alone */
    char *path;  /* out */
};

char *report_commands(const struct wizard *w);     /* for the DC's own console; NULL: none */
char *report_default_name(const struct wizard *w); /* "~/dcmend-LIVDC02-20261122.txt" */
/* Writes it below $XDG_STATE_HOME/dcmend/reports (0700, the file 0600, a name not yet taken). done
 * gets a struct report_work; false: the disk is too slow for one more. */
bool report_keep(struct app *app, app_done *done);
/* The same for another text (taken over), as "dcmend-ABOUT-TIME.txt". */
bool report_keep_text(struct app *app, const char *about, char *text, app_done *done);
/* Writes it where the operator says: Markdown where the name ends in .md; "~/" is the home folder.
 * A report that is there is left alone, unless overwrite; any other file is refused. */
bool report_save(struct app *app, const char *name, bool overwrite, app_done *done);

#endif
