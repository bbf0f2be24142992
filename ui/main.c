/* From the shell to a command and back: parse, dispatch, print what went wrong. The screens are
 * app.h, the commands without screens batch.h. */
#include "src/base/log.h"
#include "src/base/trace.h"
#include "ui/app.h"
#include "ui/batch.h"
#include "ui/debug.h"
#include "ui/options.h"
#include "ui/output.h"
#include "ui/process.h"

#include <locale.h>
#include <stdio.h>

static int fail(struct err *err)
{
    log_err(err);
    output_err(stderr, err);
    err_free(err);
    return BATCH_TROUBLE;
}

static bool is_batch(const struct options *options)
{
    return options->command == COMMAND_DIAGNOSE || options->command == COMMAND_CHECK ||
           options->command == COMMAND_LOG || options->command == COMMAND_SYMPTOM ||
           options->command == COMMAND_BUGREPORT;
}

/* Before any command runs: the line, or its --log file. */
static int refuse(const struct options *options, struct err *err)
{
    return is_batch(options) ? batch_refuse(options, err, stdout, stderr) : fail(err);
}

static int say(const char *words)
{
    struct str text = STR_INIT;
    str_add(&text, words);
    struct err *err = output_write(stdout, &text);
    str_release(&text);
    return err ? fail(err) : BATCH_CLEAN;
}

static int run_screens(struct options *options)
{
    struct err *err = options_read_files(options);
    if (err)
        return fail(err);
    if (options_read_stdin(options))
        process_take_keys();
    return app_run(options);
}

static int run(struct options *options)
{
    const char *word = options_command_word(options->command);
    struct err *err = options->log ? log_open(options->log) : NULL;
    log_line("dcmend %s %s", DCMEND_VERSION, *word ? word : "wizard");
    if (!err && options->debug)
        err = debug_open(options->debug, word);
    if (err)
        return refuse(options, err);
    if (is_batch(options))
        return batch_command(options, stdout, stderr);
    if (options->command == COMMAND_HELP)
        return say(options_help);
    if (options->command == COMMAND_VERSION)
        return say(options_version);
    return run_screens(options);
}

int main(int argc, char **argv)
{
    struct options options;
    if (!process_prepare())
        return BATCH_TROUBLE;
    setlocale(LC_ALL, "");
    options_init(&options);
    struct err *err = options_parse(argc, argv, &options);
    int status = err ? refuse(&options, err) : run(&options);
    options_release(&options);
    log_close();
    trace_close();
    return process_leave(status);
}
