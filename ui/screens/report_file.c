/* The transcript as a file: once below the state folder without being asked, and wherever the
 * operator wants it. A file is made anew (O_EXCL); only an earlier report of the operator's own is,
 * after a second Enter, emptied. A symbolic link is never followed. */
#include "ui/screens/report_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/journal.h"
#include "src/remedy/transcript.h"
#include "ui/command_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAMES_MAX = 100, DAY_ONLY = 8, TO_THE_SECOND = 16 };

static struct transcript transcript_of(const struct wizard *w)
{
    return (struct transcript){.subject = w->subject.count ? &w->subject : NULL,
                               .which = w->which,
                               .facts = w->judged ? &w->facts : NULL,
                               .verdict = w->judged ? &w->verdict : NULL,
                               .plan = w->plan,
                               .report = report_is_change(w) ? &w->report : NULL,
                               .version = DCMEND_VERSION,
                               .when = time(NULL)};
}

bool report_has_plan(const struct wizard *w)
{
    return !report_is_change(w) && (w->plan || (w->judged && w->verdict.writable));
}

char *report_commands(const struct wizard *w)
{
    struct transcript transcript = transcript_of(w);
    struct str text = STR_INIT;
    transcript_commands(&text, &transcript);
    return text.len ? str_steal(&text) : NULL;
}

/* "dcmend-LIVDC02-20261122T150311Z", in letters that no file system minds. */
static char *file_name_about(const char *about, size_t date_len)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    char date[32];
    struct tm tm;
    time_t now = time(NULL);
    strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
    date[date_len] = '\0';
    char *name = str_format("dcmend-%.80s-%s", about && *about ? about : "dsa", date);
    for (char *p = name; *p; p++)
        if (!strchr(plain, *p))
            *p = '_';
    return name;
}

static char *file_name(const struct wizard *w, size_t date_len)
{
    char *cn = w->plan           ? mem_text(w->plan->name)
               : w->facts.srv.cn ? dn_unmarked(w->facts.srv.cn)
                                 : NULL;
    char *name = file_name_about(cn, date_len);
    free(cn);
    return name;
}

char *report_default_name(const struct wizard *w)
{
    char *file = file_name(w, DAY_ONLY);
    char *name = str_format("~/%s%s.txt", file, report_has_plan(w) ? "-plan" : "");
    free(file);
    return name;
}

/* --- writing --- */

static struct err *failed(const char *what, const char *path)
{
    const char *why = strerror(errno);
    char *clean = text_clean_z(path);
    struct err *err =
        err_new(ERR_LOCAL, ERR_OTHER, "The report could not be %s: %s: %s", what, clean, why);
    free(clean);
    return err_next(err, "Give another name, in a folder that you may write.");
}

static struct err *write_all(int file, const char *path, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t done = write(file, text, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return failed("written", path);
        text += done;
        len -= (size_t)done;
    }
    return NULL;
}

/* Into an open file, which is closed. */
static struct err *write_file(const struct report_work *work, int file)
{
    struct err *err = write_all(file, work->path, work->text, strlen(work->text));
    if (close(file) != 0 && !err)
        err = failed("written", work->path);
    return err;
}

/* A name that is not taken yet; -1: errno. */
static int make_file(int folder, const char *name)
{
    return openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* --- the state folder --- */

static int make_next(int folder, const char *name, char **file)
{
    int made = -1;
    *file = str_format("%s.txt", name);
    for (int i = 2; (made = make_file(folder, *file)) < 0 && errno == EEXIST && i < NAMES_MAX;
         i++) {
        free(*file);
        *file = str_format("%s-%d.txt", name, i);
    }
    return made;
}

static struct err *make_new(struct report_work *work, int folder, const char *where)
{
    char *file;
    int made = make_next(folder, work->name, &file);
    work->path = str_format("%s/%s", where, file);
    free(file);
    return made < 0 ? failed("made", work->path) : write_file(work, made);
}

/* The old one is there until the new one is whole. */
static struct err *replace(const struct report_work *work, int folder)
{
    const char *name = strrchr(work->path, '/') + 1;
    char *fresh = str_format("%s.new", name);
    (void)unlinkat(folder, fresh, 0);
    int made = make_file(folder, fresh);
    struct err *err = made < 0 ? failed("made", work->path) : write_file(work, made);
    if (!err && renameat(folder, fresh, folder, name) != 0)
        err = failed("replaced", work->path);
    if (err)
        (void)unlinkat(folder, fresh, 0);
    free(fresh);
    return err;
}

static struct err *keep(struct report_work *work)
{
    int folder;
    char *where = NULL;
    struct err *err = state_folder_open("reports", true, &folder, &where);
    if (err)
        return err;
    err = work->path ? replace(work, folder) : make_new(work, folder, where);
    close(folder);
    free(where);
    return err;
}

/* --- where the operator wants it --- */

static char *at_home(const char *name)
{
    const char *home = getenv("HOME");
    if (name[0] == '~' && name[1] == '/' && home && *home)
        return str_format("%s%s", home, name + 1);
    return mem_text(name);
}

static bool is_markdown(const char *path)
{
    size_t len = strlen(path);
    return len > 3 && str_same_case(path + len - 3, ".md");
}

/* An earlier report: the only kind of file that may give way to a new one. */
static bool is_report(int file)
{
    char head[sizeof TRANSCRIPT_TITLE + 2] = ""; /* "# " too */
    struct stat st;
    if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_nlink != 1)
        return false;
    ssize_t got = pread(file, head, sizeof head - 1, 0);
    const char *title = got > 2 && strncmp(head, "# ", 2) == 0 ? head + 2 : head;
    return strncmp(title, TRANSCRIPT_TITLE, sizeof TRANSCRIPT_TITLE - 1) == 0;
}

static struct err *not_a_report(const char *path)
{
    char *clean = text_clean_z(path);
    struct err *err = err_new(ERR_OPERATOR, ERR_USAGE,
                              "%s exists and is no report of dcmend: it is left as it is.", clean);
    free(clean);
    return err_next(err, "Give another name.");
}

/* The report that is there, emptied if it may be. *exists: it is one, and was left alone. */
static struct err *reopen_report(const char *path, bool overwrite, bool *exists, int *file)
{
    *file = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    bool ours = *file >= 0 && is_report(*file);
    *exists = ours && !overwrite;
    if (ours && overwrite && ftruncate(*file, 0) == 0)
        return NULL;
    struct err *err = ours ? failed("written", path) : not_a_report(path);
    if (*file >= 0)
        close(*file);
    *file = -1;
    return err;
}

static struct err *save(struct report_work *work)
{
    struct err *err = NULL;
    int file = make_file(AT_FDCWD, work->path);
    if (file < 0)
        err = errno == EEXIST ? reopen_report(work->path, work->overwrite, &work->exists, &file)
                              : failed("opened", work->path);
    return err ? err : write_file(work, file);
}

/* --- the task --- */

static struct err *run(struct task *task, struct session *session, void *argument)
{
    (void)task, (void)session;
    struct report_work *work = argument;
    return work->keep ? keep(work) : save(work);
}

static void drop(void *argument)
{
    struct report_work *work = argument;
    free(work->name);
    free(work->text);
    free(work->path);
    free(work);
}

static const struct task_kind work_report = {.name = "report", .run = run, .drop = drop};

/* The line that opens the wizard on the DSA. Owned by the caller; NULL: there is none. */
static char *repair_of(const struct app *app)
{
    const struct wizard *w = &app->wizard;
    char guid[GUID_TEXT];
    if (!w->judged)
        return NULL;
    return command_line(COMMAND_WIZARD, guid_text(&w->facts.dsa.guid, guid), &app->signin,
                        app->options->password_file, &w->facts.server);
}

/* How somebody else carries out what is planned, signed in as himself. Owned by the caller; NULL:
 * there is no plan, or no file of it that he could be given. */
static char *second_of(const struct app *app, const char *path)
{
    const struct wizard *w = &app->wizard;
    struct signin signin = app->signin; /* borrowed */
    bool undo = w->plan && w->plan->undo;
    if (!report_has_plan(w) || (!path && !undo))
        return NULL;
    char *word = command_word(undo ? w->plan->undo_of : path);
    char *what = str_format(undo ? "undo %s" : "--file %s", word);
    signin.user = NULL;
    char *line = undo ? str_format("dcmend %s", what)
                      : command_line(COMMAND_WIZARD, what, &signin, NULL, &w->facts.server);
    free(what);
    free(word);
    return line;
}

char *report_text(const struct app *app, bool markdown, const char *path)
{
    const struct wizard *w = &app->wizard;
    enum style style;
    struct str text = STR_INIT;
    char *replication = report_replication(w, &style), *repair = repair_of(app),
         *second = second_of(app, path);
    struct plan *draft =
        report_has_plan(w) && !w->plan ? plan_new(&w->facts, &w->verdict, w->ticket) : NULL;
    struct transcript transcript = transcript_of(w);
    transcript.plan = draft ? draft : w->plan;
    transcript.replication = replication;
    transcript.repair = repair;
    transcript.second = second;
    transcript.watched = report_is_change(w) ? app_watched(app) : 0;
    transcript_write(&text, markdown, &transcript);
    plan_free(draft);
    free(replication);
    free(repair);
    free(second);
    return str_steal(&text);
}

bool report_keep(struct app *app, size_t which, char *text, const char *path, app_done *done)
{
    struct report_work *work = mem_zero(1, sizeof *work);
    work->name = file_name(&app->wizard, TO_THE_SECOND);
    work->text = text;
    work->keep = true;
    work->which = which;
    work->path = mem_text(path);
    return app_ask(app, PLACE_DISK, &work_report, work, done);
}

bool report_keep_text(struct app *app, const char *about, char *text, app_done *done)
{
    struct report_work *work = mem_zero(1, sizeof *work);
    work->name = file_name_about(about, TO_THE_SECOND);
    work->text = text;
    work->keep = true;
    return app_ask(app, PLACE_DISK, &work_report, work, done);
}

bool report_save(struct app *app, const char *name, bool overwrite, app_done *done)
{
    struct report_work *work = mem_zero(1, sizeof *work);
    work->name = mem_text(name);
    work->path = at_home(name);
    work->text = report_text(app, is_markdown(name), work->path);
    work->overwrite = overwrite;
    work->written = report_is_change(&app->wizard);
    return app_ask(app, PLACE_DISK, &work_report, work, done);
}
