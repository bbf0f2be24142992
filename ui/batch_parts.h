/* The inside of the batch commands: where they print to, and the way to a DC. */
#ifndef DCMEND_UI_BATCH_PARTS_H
#define DCMEND_UI_BATCH_PARTS_H

#include "src/base/str.h"
#include "src/model/facts.h"
#include "src/model/subject.h"
#include "src/model/verdict.h"
#include "ui/batch.h"

#include <stdbool.h>

struct batch_io {
    FILE *out, *errors;
    enum monitor monitor;
    bool json, ldif, plain;
    bool closed; /* the output took no more: nothing is printed after that */
    bool said;   /* standard error has its line: with JSON, the first reason is the only one */
    int status;
};

void batch_io_raise(struct batch_io *io, int status); /* the larger stays */
/* Prints and empties text. A reader that is gone, or a full disk, is BATCH_TROUBLE. */
void batch_io_emit(struct batch_io *io, struct str *text);
/* Tells err (owned from here on; NULL is nothing) on both ways. BATCH_TROUBLE. */
void batch_io_fail(struct batch_io *io, struct err *err);
/* One line on standard error. Nothing for NULL and for ERR_CANCELLED. */
void batch_io_say(struct batch_io *io, const struct err *err);
int batch_verdict_status(const struct verdict *verdict);

/* batch_connect.c. Blocks (terminal, DNS, Kerberos, network). Asks for the password where -W says
 * so, and signs in on: the SERVER of the line; else the DC that logged the error (subject may be
 * NULL); else a DC that DNS finds. A DC that calls itself otherwise than it was asked for is told
 * on standard error. The session can only read. */
struct err *batch_connect(struct options *options, struct batch_io *io,
                          const struct subject *subject, struct session **out);

void batch_symptom(const struct options *options, struct batch_io *io); /* batch_symptom.c */
void batch_diagnose(struct options *options, struct batch_io *io);      /* batch_diagnose.c */
/* The change and its inverse; or on standard error why there is none. */
void batch_ldif(struct batch_io *io, const struct facts *facts, const struct verdict *verdict);
void batch_check(struct options *options, struct batch_io *io);     /* batch_check.c */
void batch_bugreport(struct options *options, struct batch_io *io); /* batch_bugreport.c */
void batch_log(struct batch_io *io);                                /* batch_log.c */

#endif
