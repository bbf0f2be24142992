/* What leaves the program outside its screens: text on standard output, errors on standard error.
 * Nothing passes here with a control character in it, and a locale without UTF-8 gets ASCII. */
#ifndef DCMEND_OUTPUT_H
#define DCMEND_OUTPUT_H

#include "src/base/err.h"
#include "src/base/str.h"

#include <stdbool.h>
#include <stdio.h>

/* Whether characters beyond ASCII must be written as \XX: --ascii, or no UTF-8 in the locale. */
bool output_is_plain(bool ascii);
/* An owned copy on one line, cleaned as text_clean(); with `plain`, beyond ASCII as \XX, which
 * keeps a DN valid (RFC 4514). NULL gives "". */
char *output_text(const char *raw, bool plain);

/* The columns of the terminal behind it; 0 when it is none (a pipe, a file). */
int output_columns(FILE *to);
/* Writes and flushes. ERR_CANCELLED when the reader is gone (a closed pipe: nothing to tell
 * anybody), ERR_LOCAL when the text could not be written (a full disk). */
struct err *output_write(FILE *to, const struct str *text);
/* "dcmend: what went wrong", the other side's words, what to do next: a line each. Nothing for NULL
 * and for ERR_CANCELLED. */
void output_err(FILE *to, const struct err *err);
/* The same on one line, as monitoring and mail from cron want it. */
void output_err_line(FILE *to, const struct err *err);

#endif
