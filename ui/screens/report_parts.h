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
    size_t which; /* keep: the caller's own number for it */
    bool written; /* it is about a change that was tried */
    bool exists;  /* out: a report is there already, and was left alone */
    char *path;   /* out; keep: in as well, the one that gives way */
};

char *report_commands(const struct wizard *w); /* for the DC's own console; NULL: none */
/* Nothing was tried, and what could be is known: the report is a plan. */
bool report_has_plan(const struct wizard *w);
char *report_default_name(const struct wizard *w); /* "~/dcmend-LIVDC02-20261122.txt" */
/* The whole of it; path: where it will be, as the operator gave it; NULL: where he does not look.
 */
char *report_text(const struct app *app, bool markdown, const char *path);
/* Writes text (taken over) below $XDG_STATE_HOME/dcmend/reports (0700, the file 0600): in the place
 * of path, NULL: under a name not yet taken. done gets a struct report_work; false: the disk is too
 * slow for one more. */
bool report_keep(struct app *app, size_t which, char *text, const char *path, app_done *done);
/* Another text (taken over), as "dcmend-ABOUT-TIME.txt". */
bool report_keep_text(struct app *app, const char *about, char *text, app_done *done);
/* Writes it where the operator says: Markdown where the name ends in .md; "~/" is the home folder.
 * A report that is there is left alone, unless overwrite; any other file is refused. */
bool report_save(struct app *app, const char *name, bool overwrite, app_done *done);

#endif
