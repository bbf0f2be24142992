/* A session that touches no network, in place of src/directory's by the linker's --wrap: a test
 * program that wants it names FAKE_SESSION among its link options (tests/CMakeLists.txt). Each is
 * owned by the thread that opened it; that another one uses it ends the test. */
#ifndef DCMEND_TESTS_FAKE_SESSION_H
#define DCMEND_TESTS_FAKE_SESSION_H

#include "src/directory/session.h"

enum fake_sign_in {
    FAKE_OPENS,
    FAKE_REFUSES, /* ERR_NO_TICKET */
    FAKE_DEAF     /* until fake_release(), as a KDC that never answers; then it opens */
};

void fake_reset(void); /* signs in, as kayla, with threads; releases who waits */
void fake_sign_in(enum fake_sign_in how);
void fake_identity(const char *identity); /* of sign-ins from now on; static storage */
void fake_dsa(unsigned number);           /* who answers from now on; 0: the host's own */
void fake_threads(bool given);            /* whether the system gives threads */
void fake_lose(void);                     /* every connection there is, is lost */
void fake_late(void);                     /* answers and sign-ins are withheld, until */
void fake_release(void);
/* For what reads over a session: waits while answers are withheld; false: it was called off. */
bool fake_wait(struct cancel *cancel);
struct cancel *fake_cancel(const struct session *session); /* what it listens to */
int fake_open(void);                                       /* sessions that are not closed */
int fake_sign_ins(void);                                   /* how often one was tried */
int fake_passwords(void);                                  /* how often with a password */

#endif
