/* The transcript as a file: once below the state folder without being asked, and wherever the
 * operator wants it. A file is made anew (O_EXCL) or, after a second Enter, emptied; a symbolic
 * link is never followed. */
#include "ui/screens/report_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/journal.h"
#include "src/remedy/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAMES_MAX = 100, DAY_ONLY = 8, TO_THE_SECOND = 16 };

static struct transcript transcript_of(const struct wizard *w, const char *replication)
{
    return (struct transcript){.subject = w->subject.count ? &w->subject : NULL,
                               .which = w->which,
                               .facts = w->judged ? &w->facts : NULL,
                               .verdict = w->judged ? &w->verdict : NULL,
                               .plan = w->plan,
                               .report = w->reported && w->plan ? &w->report : NULL,
                               .replication = replication,
                               .when = time(NULL)};
}

char *report_commands(const struct wizard *w)
{
    struct transcript transcript = transcript_of(w, NULL);
    struct str text = STR_INIT;
    transcript_commands(&text, &transcript);
    return text.len ? str_steal(&text) : NULL;
}

/* "dcmend-LIVDC02-20261122T150311Z", in letters that no file system minds. */
static char *file_name(const struct wizard *w, size_t date_len)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    char date[32];
    struct tm tm;
    time_t now = time(NULL);
    strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
    date[date_len] = '\0';
    char *cn = w->plan           ? mem_text(w->plan->name)
               : w->facts.srv.cn ? dn_unmarked(w->facts.srv.cn)
                                 : NULL;
    char *name = str_format("dcmend-%.80s-%s", cn && *cn ? cn : "dsa", date);
    for (char *p = name; *p; p++)
        if (!strchr(plain, *p))
            *p = '_';
    free(cn);
    return name;
}

char *report_default_name(const struct wizard *w)
{
    char *file = file_name(w, DAY_ONLY);
    char *name = str_format("~/%s.txt", file);
    free(file);
    return name;
}

/* --- writing --- */

static struct err *failed(const char *what, const char *path)
{
    return err_next(err_new(ERR_LOCAL, ERR_OTHER, "The report could not be %s: %s: %s", what, path,
                            strerror(errno)),
                    "Give another name, in a folder that you may write.");
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

static struct err *write_file(const struct wizard *w, const char *path, int flags, bool markdown)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (file < 0)
        return failed("opened", path);
    enum style style;
    char *replication = report_replication(w, &style);
    struct transcript transcript = transcript_of(w, replication);
    struct str text = STR_INIT;
    transcript_write(&text, markdown, &transcript);
    struct err *err = write_all(file, path, str_text(&text), text.len);
    if (close(file) != 0 && !err)
        err = failed("written", path);
    str_release(&text);
    free(replication);
    return err;
}

/* --- the state folder --- */

/* Beside the journal's folder; both parents are made where they are missing. */
static struct err *reports_folder(char **folder)
{
    char *journal = NULL;
    struct err *err = journal_folder(&journal);
    if (err)
        return err;
    char *slash = strrchr(journal, '/');
    if (slash)
        *slash = '\0';
    *folder = str_format("%s/reports", journal);
    free(journal);
    for (char *p = *folder + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        mkdir(*folder, 0700);
        *p = '/';
    }
    if (mkdir(*folder, 0700) != 0 && errno != EEXIST)
        return failed("kept", *folder);
    return NULL;
}

struct err *report_keep(const struct wizard *w, char **path)
{
    char *folder = NULL;
    struct err *err = reports_folder(&folder);
    char *name = file_name(w, TO_THE_SECOND);
    *path = NULL;
    for (int i = 1; !err && i < NAMES_MAX; i++) {
        char *number = i > 1 ? str_format("-%d", i) : NULL;
        free(*path);
        *path = str_format("%s/%s%s.txt", folder, name, number ? number : "");
        free(number);
        err = write_file(w, *path, O_EXCL, false);
        if (!err || errno != EEXIST)
            break;
        if (i + 1 < NAMES_MAX) {
            err_free(err);
            err = NULL;
        }
    }
    free(folder);
    free(name);
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

struct err *report_save(const struct wizard *w, const char *name, bool overwrite, bool *exists,
                        char **path)
{
    *path = at_home(name);
    errno = 0;
    struct err *err = write_file(w, *path, overwrite ? O_TRUNC : O_EXCL, is_markdown(*path));
    *exists = err && errno == EEXIST;
    return err;
}
