/* The commands without screens: symptom, diagnose, check and log. Each is the same straight line
 * that the wizard walks, without its questions, and none of them can write. */
#ifndef DCMEND_UI_BATCH_H
#define DCMEND_UI_BATCH_H

#include "ui/options.h"

#include <stdio.h>

enum { BATCH_CLEAN = 0, BATCH_FINDINGS = 1, BATCH_TROUBLE = 2 }; /* exit status; the larger wins */

/* Blocks until all is read and printed; the exit status. Results go to `out`, errors to `errors`
 * (with --json also, as an object, to `out`). Reads -y and -f; a password that is asked for is put
 * into options->signin. */
int batch_command(struct options *options, FILE *out, FILE *errors);
/* The same ending for what went wrong before it (err, owned from here on): the line itself. */
int batch_refuse(const struct options *options, struct err *err, FILE *out, FILE *errors);

#endif
