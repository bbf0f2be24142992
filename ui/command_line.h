/* A command to be typed next, as it is printed: with the sign-in that led here, so that it leads
 * there again. A password is never in it: -W asks for it, and -y names its file. */
#ifndef DCMEND_COMMAND_LINE_H
#define DCMEND_COMMAND_LINE_H

#include "src/directory/session.h"
#include "ui/options.h"

/* "dcmend [COMMAND] [OPTION...] WHAT SERVER", for a POSIX shell; owned by the caller. what: a GUID,
 * or "--file FILE", quoted by the caller (command_word()). server: by its own name, NULL: the word
 * SERVER stands there. password_file: -y's; NULL. */
char *command_line(enum command command, const char *what, const struct signin *signin,
                   const char *password_file, const struct server *server);
/* One word of it: in quotes where the shell would take it for more. Owned by the caller. */
char *command_word(const char *raw);

#endif
