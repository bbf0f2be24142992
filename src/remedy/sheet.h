/* A document of headings, lines, labelled values and blocks, written as plain text or Markdown. */
#ifndef DCMEND_SHEET_H
#define DCMEND_SHEET_H

#include "src/base/str.h"

#include <stdbool.h>
#include <time.h>

struct sheet {
    struct str *out;
    bool markdown;
    bool listing; /* the last line was an item of a list */
};

void sheet_title(struct sheet *sheet, const char *text);
void sheet_heading(struct sheet *sheet, const char *text);
void sheet_text(struct sheet *sheet, const char *text);   /* a paragraph; '\n' starts another */
void sheet_strong(struct sheet *sheet, const char *text); /* a paragraph that must be seen */
/* "label  text"; a literal value (DN, GUID, file name) is set as code. NULL text: nothing. */
void sheet_item(struct sheet *sheet, const char *label, const char *text);
void sheet_value(struct sheet *sheet, const char *label, const char *value);
void sheet_block(struct sheet *sheet, const char *text); /* verbatim lines */

/* "2026-11-22 15:03:11 UTC"; "never" for 0. Owned by the caller. */
char *sheet_time(time_t when);

#endif
