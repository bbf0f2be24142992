/* The inside of options: the table of all options, and what was found on the line before it was
 * understood. */
#ifndef DCMEND_OPTIONS_PARTS_H
#define DCMEND_OPTIONS_PARTS_H

#include "ui/options.h"

#include <stddef.h>

#define IN(command) (1u << (command))
#define IN_ALL (~0u)
#define IN_OFFLINE (IN(COMMAND_LOG) | IN(COMMAND_SYMPTOM))
#define IN_ONLINE (~IN_OFFLINE)
#define IN_ONE_DSA (IN(COMMAND_WIZARD) | IN(COMMAND_DIAGNOSE) | IN(COMMAND_BUGREPORT))
#define IN_TEXT (IN_ONE_DSA | IN(COMMAND_SYMPTOM))
#define IN_BATCH (IN(COMMAND_DIAGNOSE) | IN(COMMAND_CHECK))

/* id, as errors show it ("-H" where it has a letter), long form, its argument (NULL: none), the
 * commands that take it */
#define OPTIONS_TABLE(X)                                                                           \
    X(OPTION_URI, "-H", "uri", "URI", IN_ONLINE)                                                   \
    X(OPTION_MECH, "-Y", "mech", "MECH", IN_ONLINE)                                                \
    X(OPTION_SIMPLE, "-x", "simple", NULL, IN_ONLINE)                                              \
    X(OPTION_USER, "-D", "user", "USER", IN_ONLINE)                                                \
    X(OPTION_ASK, "-W", "ask-password", NULL, IN_ONLINE)                                           \
    X(OPTION_PASSWORD_FILE, "-y", "password-file", "FILE", IN_ONLINE)                              \
    X(OPTION_STARTTLS, "-Z", "starttls", NULL, IN_ONLINE)                                          \
    X(OPTION_CACERT, "--cacert", "cacert", "FILE", IN_ONLINE)                                      \
    X(OPTION_FILE, "-f", "file", "FILE", IN_TEXT)                                                  \
    X(OPTION_READ_ONLY, "-r", "read-only", NULL, ~IN(COMMAND_UNDO))                                \
    X(OPTION_SOURCE, "--source", "source", "SERVER", IN_ONE_DSA)                                   \
    X(OPTION_TICKET, "--ticket", "ticket", "TEXT", IN(COMMAND_WIZARD) | IN(COMMAND_UNDO))          \
    X(OPTION_JSON, "--json", "json", NULL, IN_BATCH | IN_OFFLINE)                                  \
    X(OPTION_EVERY_DC, "--every-dc", "every-dc", NULL, IN(COMMAND_CHECK))                          \
    X(OPTION_LDIF, "--ldif", "ldif", NULL, IN(COMMAND_DIAGNOSE))                                   \
    X(OPTION_NAGIOS, "--nagios", "nagios", NULL, IN(COMMAND_CHECK))                                \
    X(OPTION_PROMETHEUS, "--prometheus", "prometheus", NULL, IN(COMMAND_CHECK))                    \
    X(OPTION_ASCII, "--ascii", "ascii", NULL, IN_ALL)                                              \
    X(OPTION_LOG, "--log", "log", "FILE", IN_ALL)                                                  \
    X(OPTION_DEBUG, "--debug", "debug", "FILE", IN_ALL)                                            \
    X(OPTION_NAMES, "--names", "names", NULL, IN(COMMAND_BUGREPORT))                               \
    X(OPTION_HELP, "-h", "help", NULL, IN_ALL)                                                     \
    X(OPTION_VERSION, "-V", "version", NULL, IN_ALL)                                               \
    X(OPTION_PASSWORD, "-w", "password", "PASSWORD", IN_ALL) /* refused: argv is public */

enum option_id {
#define X(id, shown, name, argument, commands) id,
    OPTIONS_TABLE(X)
#undef X
        OPTION_COUNT
};

struct option_entry {
    const char *shown, *name, *argument;
    unsigned commands;
};
extern const struct option_entry options_table[OPTION_COUNT];

/* The line, sorted but not yet understood. Texts are argv's. */
struct options_line {
    bool seen[OPTION_COUNT];
    const char *values[OPTION_COUNT];
    const char *operands[4]; /* the first ones: a command, its most, and one too many */
    size_t operand_count;    /* all of them */
    bool plain_first;        /* the first one stood behind "--": never a command */
};

struct err *options_usage(const char *format, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull, warn_unused_result));

/* options_operands.c */
enum command options_find_command(const struct options_line *line);
struct err *options_take_operands(const struct options_line *line, struct options *options);

/* options_check.c: what cannot stand together, or would be unsafe. After the values are in place.
 */
struct err *options_check(const struct options_line *line, const struct options *options);
char options_letter(enum option_id id); /* '\0': it has none */

#endif
