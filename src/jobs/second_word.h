/* A second word on an account of a domain that the judged DC does not hold. The DC that gave it may
 * lag behind a re-creation (deleted and made anew under the same name); then the dead account would
 * be written. So another DC of that domain is asked for the same GUID and the same DN. Whoever
 * knows an account as deleted knows more than one that still shows it live. The judged DC's own
 * domain is asked by the same two functions among the copies (copies_ask.c) and on its catalog. */
#ifndef DCMEND_SECOND_WORD_H
#define DCMEND_SECOND_WORD_H

#include "src/directory/turn.h"
#include "src/jobs/elsewhere.h"

/* The question to one DC, in slots that follow each other, and what it says. *bearer: another
 * object under that DN, or null. */
enum { WORD_SLOTS = 2 };
void word_ask(struct turn *turn, const struct guid *account, const char *dn);
enum word word_take(const struct turn *turn, size_t slot, const struct guid *account,
                    const char *dn, struct guid *bearer);

/* Blocks (DNS, Kerberos, network), 10 s where DCs do not answer: a worker's call. Adds to the
 * accounts of the DSA's domain what one more DC of it says, and to the facts what that one knows
 * better; where none answers, second_dc says whether there is one at all, by the judged DC's copy
 * of the configuration. ways: NULL: by DNS. The error is one that ends `session`, or a cancel. */
struct err *second_word_read(struct session *session, const struct elsewhere *ways,
                             struct facts *facts);

#endif
