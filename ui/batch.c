/* What the batch commands share: one place that prints, one that turns errors into an exit status.
 */
#include "ui/batch_parts.h"

#include "src/base/log.h"
#include "ui/batch_json.h"
#include "ui/batch_monitor.h"
#include "ui/debug.h"
#include "ui/output.h"

#include <stdlib.h>
#include <unistd.h>

void batch_io_raise(struct batch_io *io, int status)
{
    if (status > io->status)
        io->status = status;
}

void batch_io_emit(struct batch_io *io, struct str *text)
{
    struct err *err = io->closed ? NULL : output_write(io->out, text);
    str_release(text);
    if (!err)
        return;
    io->closed = true;
    batch_io_raise(io, BATCH_TROUBLE);
    batch_io_say(io, err);
    err_free(err);
}

void batch_io_say(struct batch_io *io, const struct err *err)
{
    if (!err || io->monitor == MONITOR_NAGIOS || (io->json && io->said))
        return;
    output_err_line(io->errors, err);
    io->said = true;
}

void batch_io_fail(struct batch_io *io, struct err *err)
{
    struct str line = STR_INIT;
    if (!err)
        return;
    batch_io_raise(io, BATCH_TROUBLE);
    log_err(err);
    debug_failure(err);
    if (io->json)
        batch_json_add(&line, batch_json_error(err));
    else if (io->monitor == MONITOR_NAGIOS)
        batch_io_raise(io, (int)monitor_nagios_failed(&line, err, io->plain));
    else if (io->monitor == MONITOR_PROMETHEUS)
        monitor_prometheus_failed(&line, time(NULL));
    if (line.len > 0)
        batch_io_emit(io, &line);
    batch_io_say(io, err);
    err_free(err);
}

int batch_verdict_status(const struct verdict *verdict)
{
    if (verdict_row(verdict->kind)->weight == WEIGHT_UNREAD)
        return BATCH_TROUBLE;
    return verdict_is_clean(verdict) ? BATCH_CLEAN : BATCH_FINDINGS;
}

static void hint_paste(const struct options *options, FILE *errors)
{
    if (options_read_stdin(options) && isatty(STDIN_FILENO))
        (void)fputs("Paste the text, then press Ctrl-D on a line of its own.\n", errors);
}

static void run(struct options *options, struct batch_io *io)
{
    if (options->command == COMMAND_SYMPTOM)
        batch_symptom(options, io);
    else if (options->command == COMMAND_DIAGNOSE)
        batch_diagnose(options, io);
    else if (options->command == COMMAND_BUGREPORT)
        batch_bugreport(options, io);
    else if (options->command == COMMAND_LOG)
        batch_log(io);
    else
        batch_check(options, io);
}

static struct batch_io io_of(const struct options *options, FILE *out, FILE *errors)
{
    return (struct batch_io){.out = out,
                             .errors = errors,
                             .monitor = options->monitor,
                             .json = options->json,
                             .ldif = options->ldif,
                             .plain = output_is_plain(options->ascii)};
}

int batch_refuse(const struct options *options, struct err *err, FILE *out, FILE *errors)
{
    struct batch_io io = io_of(options, out, errors);
    batch_io_fail(&io, err);
    return io.status;
}

int batch_command(struct options *options, FILE *out, FILE *errors)
{
    struct batch_io io = io_of(options, out, errors);
    hint_paste(options, errors);
    struct err *err = options_read_files(options);
    if (err)
        batch_io_fail(&io, err);
    else
        run(options, &io);
    return io.status;
}
