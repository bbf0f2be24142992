/* One diagnosis with the trace collected, and all of it in one file. A sign-in that fails is what a
 * report is for, too: it is written all the same. */
#include "ui/batch_parts.h"

#include "src/base/mem.h"
#include "src/base/trace.h"
#include "src/directory/session.h"
#include "src/jobs/inspect.h"
#include "src/jobs/journal.h"
#include "src/remedy/anonymize.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/intake.h"
#include "ui/debug.h"
#include "ui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct err *judge(struct session *session, const struct options *options,
                         const struct subject *subject)
{
    struct facts facts, successor;
    struct verdict verdict;
    facts_init(&facts);
    facts_init(&successor);
    debug_subject(subject, 0, options->source);
    struct err *err = inspect_full(session, subject, 0, false, options->source, &facts, &successor);
    if (!err) {
        diagnose(&facts, &verdict);
        debug_finding(&facts, &verdict);
        verdict_release(&verdict);
    }
    facts_release(&successor);
    facts_release(&facts);
    return err;
}

/* Without a text the sign-in and the rootDSE are all. */
static struct err *read_all(struct options *options, struct batch_io *io)
{
    struct subject subject = {.dsas = NULL};
    struct session *session = NULL;
    size_t len;
    const char *text = options_text(options, &len);
    struct err *err = text ? intake_read(text, len, &subject) : NULL;
    if (!err)
        err = batch_connect(options, io, text ? &subject : NULL, &session);
    if (!err && subject.count > 0)
        err = judge(session, options, &subject);
    session_close(session);
    subject_release(&subject);
    return err;
}

static struct err *write_text(int file, const char *path, const struct str *text)
{
    size_t at = 0;
    while (file >= 0 && at < text->len) {
        ssize_t done = write(file, text->text + at, text->len - at);
        if (done < 0 && errno != EINTR)
            break;
        at += done > 0 ? (size_t)done : 0;
    }
    bool ok = file >= 0 && at == text->len;
    int failure = errno;
    if (file >= 0)
        ok = close(file) == 0 && ok;
    return ok ? NULL
              : err_next(err_new(ERR_LOCAL, ERR_OTHER, "The report %s cannot be written: %s.", path,
                                 strerror(failure)),
                         "Set XDG_STATE_HOME to a folder that you may write.");
}

/* "bugreport-20261128T041723Z.txt"; "...Z-2.txt" where another stands. *name: the caller's. */
static int make_file(int folder, const char *when, char **name)
{
    enum { FILES_MOST = 100 };
    int file = -1;
    *name = str_format("bugreport-%s.txt", when);
    for (int i = 2; i < FILES_MOST; i++) {
        file = openat(folder, *name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file >= 0 || errno != EEXIST)
            break;
        free(*name);
        *name = str_format("bugreport-%s-%d.txt", when, i);
    }
    return file;
}

/* A new file where reports are; *path: owned by the caller. */
static struct err *keep(const struct str *text, char **path)
{
    char when[32], *name, *where = NULL;
    struct tm tm;
    time_t now = time(NULL);
    int folder;
    struct err *err = state_folder_open("reports", true, &folder, &where);
    *path = NULL;
    if (err)
        return err;
    strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
    int file = make_file(folder, when, &name);
    *path = str_format("%s/%s", where, name);
    err = write_text(file, *path, text);
    close(folder);
    free(name);
    free(where);
    return err;
}

static struct err *write_report(const struct options *options, struct batch_io *io,
                                struct record *record)
{
    struct str text = STR_INIT, line = STR_INIT;
    char *path;
    if (!options->names)
        anonymize(record);
    record_write(&text, record);
    struct err *err = keep(&text, &path);
    if (!err) {
        char *clean = output_text(path, io->plain);
        str_addf(&line, "%s\n", clean);
        batch_io_emit(io, &line);
        free(clean);
    }
    str_release(&text);
    free(path);
    return err;
}

void batch_bugreport(struct options *options, struct batch_io *io)
{
    struct record record = {NULL, 0};
    debug_head(&record, options_command_word(options->command), options->names);
    trace_collect(&record);
    batch_io_fail(io, read_all(options, io));
    trace_collect(NULL); /* who is still at work adds nothing any more */
    batch_io_fail(io, write_report(options, io, &record));
    record_release(&record);
}
