/* The command line as data: what is to be done, on which DC, signed in how. Parsing says what is
 * wrong and what to do instead; it asks nothing, opens nothing and prints nothing. */
#ifndef DCMEND_OPTIONS_H
#define DCMEND_OPTIONS_H

#include "src/base/err.h"
#include "src/directory/session.h"

#include <stdbool.h>
#include <stddef.h>

/* id, the word on the command line (the wizard has none) */
#define OPTIONS_COMMANDS(X)                                                                        \
    X(COMMAND_WIZARD, "")                                                                          \
    X(COMMAND_SYMPTOM, "symptom")                                                                  \
    X(COMMAND_BROWSE, "browse")                                                                    \
    X(COMMAND_DIAGNOSE, "diagnose")                                                                \
    X(COMMAND_CHECK, "check")                                                                      \
    X(COMMAND_BUGREPORT, "bugreport")                                                              \
    X(COMMAND_UNDO, "undo")                                                                        \
    X(COMMAND_LOG, "log")

enum command {
#define X(id, word) id,
    OPTIONS_COMMANDS(X)
#undef X
        COMMAND_HELP, /* -h and -V win over everything else on the line */
    COMMAND_VERSION
};

/* check: what reads the result, when it is no person and no JSON reader */
enum monitor { MONITOR_NONE, MONITOR_NAGIOS, MONITOR_PROMETHEUS };

struct options {
    enum command command;
    enum monitor monitor;
    struct signin signin; /* host NULL: no SERVER was named */
    bool ask_password;    /* a password is still to be asked for: -W, or a screen may ask for it */
    char *password_file;  /* -y: see options_read_files() */
    char *guid;           /* the operand that reads as a GUID, as typed; NULL */
    char *file;           /* -f: holds the text to start from; "-" is standard input; NULL */
    char *text;           /* what that file holds, as it came; NULL before options_read_files() */
    size_t text_len;
    char *source; /* --source: the DC to compare with; NULL */
    char *ticket; /* --ticket; NULL */
    char *entry;  /* undo: id or path of a journal entry; NULL */
    char *log;    /* --log; NULL */
    char *debug;  /* --debug; NULL */
    bool read_only, json, ldif, ascii;
    bool every_dc; /* check: all DCs' copies */
    bool names;    /* bugreport: as they are */
};

void options_init(struct options *options);
void options_release(struct options *options);

/* Fills options from argv (which getopt may reorder). ERR_OPERATOR, ERR_USAGE: unknown, missing,
 * contradicting or unsafe options, with what to do instead. Secrets on the command line are never
 * repeated in an error. command and json are then set as far as the line says them. */
struct err *options_parse(int argc, char **argv, struct options *options);

/* Blocks on the files: reads -y into signin.password and -f into text. ERR_OPERATOR (not readable,
 * too large, others may read the password), ERR_EMPTY_PASSWORD. */
struct err *options_read_files(struct options *options);
/* The text that says which DSA is meant: the GUID, or what -f holds. NULL: none is given. */
const char *options_text(const struct options *options, size_t *len);
bool options_read_stdin(const struct options *options); /* -f - */

const char *options_command_word(enum command command); /* "diagnose"; "" for the wizard */
extern const char options_help[];                       /* fits 80x24 */
extern const char options_version[];

#endif
