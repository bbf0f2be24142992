/* The process itself, made fit to hold a password before anything else happens. */
#ifndef DCMEND_PROCESS_H
#define DCMEND_PROCESS_H

#include <stdbool.h>

/* Descriptors 0 to 2 are open, others are not handed on; no core dump, no debugger of the same
 * user; a closed pipe is an error and no signal; new files are the user's alone. False (one line on
 * standard error says why where it can): the program must not go on. */
bool process_prepare(void);

/* After standard input was read for -f: the keys come from the terminal. */
void process_take_keys(void);

/* The end of the program: everything is written, and threads that still wait for DNS or Kerberos
 * are left as they are. Returns status only where there are none. */
int process_leave(int status);

#endif
