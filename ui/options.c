/* The line is read in three steps, so that the order of its parts never matters: getopt sorts it
 * into options and operands, the operands say which command is meant (options_operands.c), and then
 * the values are put in place and judged together (options_check.c). getopt's "-" mode hands over
 * operands one by one, which makes POSIXLY_CORRECT harmless and lets "--" protect a server that is
 * named like a command. */
#include "ui/input.h"
#include "ui/options_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct option_entry options_table[OPTION_COUNT] = {
#define X(id, shown, name, argument, commands) [id] = {shown, name, argument, commands},
    OPTIONS_TABLE(X)
#undef X
};

static const char *const command_words[] = {
#define X(id, word) [id] = (word),
    OPTIONS_COMMANDS(X)
#undef X
};
enum { COMMAND_WORDS = sizeof command_words / sizeof *command_words };

enum { LONG_CODE = 256 }; /* what getopt returns for the option with index n: LONG_CODE + n */

void options_init(struct options *options)
{
    *options = (struct options){.command = COMMAND_WIZARD};
    signin_init(&options->signin);
}

void options_release(struct options *options)
{
    signin_release(&options->signin);
    free(options->password_file);
    free(options->guid);
    free(options->file);
    free(options->text);
    free(options->source);
    free(options->ticket);
    free(options->entry);
    free(options->log);
    free(options->debug);
    options_init(options);
}

const char *options_command_word(enum command command)
{
    return (size_t)command < COMMAND_WORDS ? command_words[command] : "";
}

struct err *options_usage(const char *format, ...)
{
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&text, format, ap);
    va_end(ap);
    struct err *err = err_new(ERR_OPERATOR, ERR_USAGE, "%s", str_text(&text));
    str_release(&text);
    return err_next(err, "dcmend --help shows all commands and options.");
}

char options_letter(enum option_id id)
{
    const char *shown = options_table[id].shown;
    return shown[1] == '-' ? '\0' : shown[1];
}

/* --- sorting --- */

static void make_letters(struct str *letters)
{
    str_add(letters, "-:");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options_letter((enum option_id)i)) {
            str_addc(letters, options_letter((enum option_id)i));
            str_add(letters, options_table[i].argument ? ":" : "");
        }
}

static void make_longs(struct option longs[OPTION_COUNT + 1])
{
    for (int i = 0; i < OPTION_COUNT; i++)
        longs[i] = (struct option){options_table[i].name,
                                   options_table[i].argument ? required_argument : no_argument,
                                   NULL, LONG_CODE + i};
    longs[OPTION_COUNT] = (struct option){NULL, 0, NULL, 0};
    longs[OPTION_PASSWORD].has_arg = optional_argument; /* refused whether or not one follows */
}

static enum option_id find_code(int code)
{
    if (code >= LONG_CODE)
        return (enum option_id)(code - LONG_CODE);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (code && options_letter((enum option_id)i) == code)
            return (enum option_id)i;
    return OPTION_COUNT;
}

/* `word` is what getopt had in its hands; only its part before a '=' may be repeated. */
static struct err *bad_option(const char *word)
{
    enum option_id id = find_code(optopt);
    bool is_long = str_starts_case(word, "--");
    char *name = is_long ? mem_textn(word, strcspn(word, "=")) : str_format("-%c", optopt);
    struct err *err = id == OPTION_COUNT
                          ? options_usage("There is no option %s, or it is not written out.", name)
                          : options_usage("%s takes no value.", options_table[id].shown);
    free(name);
    return err;
}

static struct err *note_option(struct options_line *line, enum option_id id, const char *value)
{
    const struct option_entry *entry = &options_table[id];
    if (id == OPTION_PASSWORD)
        return err_next(options_usage("A password is never taken from the command line: every "
                                      "user of this machine could read it there."),
                        "Use -W to be asked for it, or -y FILE. Change the password if this "
                        "machine is shared.");
    if (entry->argument && line->seen[id])
        return options_usage("%s is given twice.", options_table[id].shown);
    if (entry->argument && !*value)
        return options_usage("%s needs %s, not an empty text.", options_table[id].shown,
                             entry->argument);
    line->seen[id] = true;
    line->values[id] = value;
    return NULL;
}

static void note_operand(struct options_line *line, const char *text, bool plain)
{
    if (line->operand_count == 0)
        line->plain_first = plain;
    if (line->operand_count < sizeof line->operands / sizeof *line->operands)
        line->operands[line->operand_count] = text;
    line->operand_count++;
}

static struct err *note(struct options_line *line, int code, char **argv)
{
    if (code == '?')
        return bad_option(argv[optind - 1]);
    if (code == ':') {
        enum option_id id = find_code(optopt);
        if (id == OPTION_PASSWORD)
            return note_option(line, id, "");
        return options_usage("%s needs %s behind it.", options_table[id].shown,
                             options_table[id].argument);
    }
    if (code == 1) {
        note_operand(line, optarg, false);
        return NULL;
    }
    return note_option(line, find_code(code), optarg);
}

static bool wants_only_to_read(const struct options_line *line)
{
    return line->seen[OPTION_HELP] || line->seen[OPTION_VERSION];
}

static struct err *sort_line(int argc, char **argv, struct options_line *line)
{
    struct option longs[OPTION_COUNT + 1];
    struct str letters = STR_INIT;
    struct err *err = NULL;
    int code;
    make_letters(&letters);
    make_longs(longs);
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    while (!wants_only_to_read(line) &&
           (code = getopt_long(argc, argv, letters.text, longs, NULL)) != -1) {
        struct err *one = note(line, code, argv);
        if (err)
            err_free(one);
        else
            err = one;
    }
    for (int i = optind; i < argc; i++)
        note_operand(line, argv[i], true);
    str_release(&letters);
    return err;
}

/* --- values --- */

static struct err *take_mechanism(const char *mechanism, enum auth *auth)
{
    if (!mechanism || str_same_case(mechanism, "GSSAPI"))
        *auth = AUTH_KERBEROS;
    else if (str_same_case(mechanism, "GSS-SPNEGO"))
        *auth = AUTH_SPNEGO;
    else
        return err_next(options_usage("%s is not offered.", mechanism),
                        "Use -Y GSSAPI or -Y GSS-SPNEGO (both signed and sealed), or -x with TLS.");
    return NULL;
}

static enum monitor monitor_of(const struct options_line *line)
{
    return line->seen[OPTION_NAGIOS]       ? MONITOR_NAGIOS
           : line->seen[OPTION_PROMETHEUS] ? MONITOR_PROMETHEUS
                                           : MONITOR_NONE;
}

static void take_flags(const struct options_line *line, struct options *options)
{
    bool password = line->seen[OPTION_SIMPLE] || line->seen[OPTION_USER] || line->seen[OPTION_ASK];
    options->ask_password = password && !line->seen[OPTION_PASSWORD_FILE];
    options->read_only = line->seen[OPTION_READ_ONLY];
    options->json = line->seen[OPTION_JSON];
    options->every_dc = line->seen[OPTION_EVERY_DC];
    options->names = line->seen[OPTION_NAMES];
    options->ldif = line->seen[OPTION_LDIF];
    options->ascii = line->seen[OPTION_ASCII];
    options->monitor = monitor_of(line);
}

static void take_texts(const struct options_line *line, struct options *options)
{
    mem_set(&options->signin.user, line->values[OPTION_USER]);
    mem_set(&options->signin.cacert, line->values[OPTION_CACERT]);
    mem_set(&options->password_file, line->values[OPTION_PASSWORD_FILE]);
    mem_set(&options->file, line->values[OPTION_FILE]);
    mem_set(&options->source, line->values[OPTION_SOURCE]);
    mem_set(&options->ticket, line->values[OPTION_TICKET]);
    mem_set(&options->log, line->values[OPTION_LOG]);
    mem_set(&options->debug, line->values[OPTION_DEBUG]);
}

static struct err *take_line(const struct options_line *line, struct options *options)
{
    options->command = options_find_command(line);
    take_flags(line, options);
    take_texts(line, options);
    struct err *err = take_mechanism(line->values[OPTION_MECH], &options->signin.auth);
    if (!err)
        err = options_take_operands(line, options);
    if (!err)
        err = options_check(line, options);
    if (!err && line->seen[OPTION_SIMPLE])
        options->signin.auth = AUTH_SIMPLE;
    if (!err && line->seen[OPTION_STARTTLS])
        options->signin.transport = TRANSPORT_STARTTLS;
    return err;
}

struct err *options_parse(int argc, char **argv, struct options *options)
{
    struct options_line line = {.operand_count = 0};
    struct err *err = sort_line(argc, argv, &line);
    if (err) { /* who reads the answer is known all the same */
        options->command = options_find_command(&line);
        options->json = line.seen[OPTION_JSON];
        options->monitor = monitor_of(&line);
        return err;
    }
    if (wants_only_to_read(&line)) {
        options->command = line.seen[OPTION_HELP] ? COMMAND_HELP : COMMAND_VERSION;
        return NULL;
    }
    return take_line(&line, options);
}

struct err *options_read_files(struct options *options)
{
    struct err *err = NULL;
    struct str text = STR_INIT;
    if (options->password_file)
        err = secret_read_file(options->password_file, &options->signin.password);
    if (!err && options->file)
        err = input_read(options->file, &text);
    if (!err && options->file) {
        options->text_len = text.len;
        str_addc(&text, '\0');
        options->text = str_steal(&text);
    }
    return err;
}

const char *options_text(const struct options *options, size_t *len)
{
    *len = options->guid ? strlen(options->guid) : options->text_len;
    return options->guid ? options->guid : options->text;
}

bool options_read_stdin(const struct options *options)
{
    return str_same(options->file, "-");
}
