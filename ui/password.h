/* The question for a password outside the screens (-W in diagnose and check). */
#ifndef DCMEND_PASSWORD_H
#define DCMEND_PASSWORD_H

#include "src/base/err.h"
#include "src/base/secret.h"

/* Blocks on the person. Asks on /dev/tty, never on standard input, with the echo off; the terminal
 * is as before on every way out, a signal included. ERR_LOCAL: there is no terminal;
 * ERR_EMPTY_PASSWORD: nothing was typed; ERR_OPERATOR: longer than SECRET_MAX. */
struct err *password_ask(const char *question, struct secret **out);

#endif
