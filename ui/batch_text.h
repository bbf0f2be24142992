/* What was found about one DSA as text for a person: the verdict first and in plain words, the
 * proof below it, what to do last. */
#ifndef DCMEND_BATCH_TEXT_H
#define DCMEND_BATCH_TEXT_H

#include "src/base/str.h"
#include "src/model/facts.h"
#include "src/model/subject.h"
#include "src/model/verdict.h"

#include <stdbool.h>

/* `columns`: as output_columns() says, 0 is a pipe, where nothing is wrapped or cut. `plain`: ASCII
 * only, see output_is_plain(). `repair`: the command that the repair starts with, where there is
 * one. */
void batch_text_finding(struct str *out, const struct facts *facts, const struct verdict *verdict,
                        const char *repair, int columns, bool plain);
/* Between two DSAs of one text. */
void batch_text_rule(struct str *out, int columns);
void batch_text_paragraph(struct str *out, const char *raw, int columns, bool plain);
/* One of a list, indented. */
void batch_text_item(struct str *out, const char *raw, int columns, bool plain);
/* "LABEL     text", wrapped below its own start; the label may be "". */
void batch_text_field(struct str *out, const char *label, const char *raw, int columns, bool plain);

#endif
