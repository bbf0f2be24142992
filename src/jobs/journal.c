/* The folder. Where it is comes from XDG_STATE_HOME or HOME; what lies above "dcmend" is the
 * user's own affair, "dcmend" and "dcmend/journal" (or "reports") must be real folders of ours that
 * nobody else may write. Each is opened relative to its parent, so a check and the use cannot part.
 */
#include "src/jobs/journal.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/journal_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct err *journal_err(int number, const char *what, const char *path)
{
    char *clean = text_clean_z(path);
    struct err *err = err_new(ERR_LOCAL, ERR_JOURNAL, "%s %s: %s.", what, clean, strerror(number));
    free(clean);
    if (number == EFBIG)
        return err_next(err, "Raise the limit on the size of files (ulimit -f).");
    if (number == ENOSPC || number == EDQUOT)
        return err_next(err, "Free some space there, or set XDG_STATE_HOME to another disk.");
    return err_next(err, "Make the folder writable for you, or set XDG_STATE_HOME to another one.");
}

static struct err *no_home(const char *text)
{
    return err_next(err_new(ERR_LOCAL, ERR_JOURNAL, "%s", text),
                    "Set XDG_STATE_HOME (or HOME) to the absolute path of a folder of yours.");
}

/* The folder that "dcmend" lies in. */
static struct err *base_folder(char **path)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    *path = NULL;
    if (state && *state) {
        if (*state != '/')
            return no_home("The journal has no place: XDG_STATE_HOME is not an absolute path.");
        *path = mem_text(state);
        return NULL;
    }
    if (!home || !*home)
        return no_home("The journal has no place: neither XDG_STATE_HOME nor HOME is set.");
    if (*home != '/')
        return no_home("The journal has no place: HOME is not an absolute path.");
    *path = str_format("%s/.local/state", home);
    return NULL;
}

struct err *journal_folder(char **path)
{
    char *base;
    struct err *err = base_folder(&base);
    *path = err ? NULL : str_format("%s/dcmend/journal", base);
    free(base);
    return err;
}

char *journal_new_id(const struct plan *plan, time_t when)
{
    return journal_entry_new_id(plan, when);
}

/* mkdir -p; what exists already is fine. */
static void make_parents(const char *path)
{
    char *copy = mem_text(path);
    for (char *at = copy + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        (void)mkdir(copy, 0700);
        *at = '/';
    }
    (void)mkdir(copy, 0700);
    free(copy);
}

static struct err *not_ours(const char *path, const char *why)
{
    char *clean = text_clean_z(path);
    struct err *err = err_new(ERR_LOCAL, ERR_JOURNAL, "The folder %s %s.", clean, why);
    free(clean);
    return err_next(err, "Nothing is written while it is not safe: mend the folder, or set "
                         "XDG_STATE_HOME to another one.");
}

static struct err *check_folder(int fd, const char *path)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return journal_err(errno, "Cannot look at", path);
    if (st.st_uid != geteuid())
        return not_ours(path, "belongs to somebody else");
    if (st.st_mode & (S_IWGRP | S_IWOTH))
        return not_ours(path, "may be written by others");
    return NULL;
}

/* Opens name below parent, creating it where wanted. *fd is -1 where it is not there. */
static struct err *enter(int parent, const char *name, bool create, const char *path, int *fd)
{
    if (create && mkdirat(parent, name, 0700) == 0) {
        if (fsync(parent) != 0)
            return journal_err(errno, "Cannot flush the folder above", path);
    } else if (create && errno != EEXIST) {
        return journal_err(errno, "Cannot create", path);
    }
    *fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd < 0 && errno == ENOENT && !create)
        return NULL;
    if (*fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return not_ours(path, "is a link, or no folder");
    if (*fd < 0)
        return journal_err(errno, "Cannot open", path);
    struct err *err = check_folder(*fd, path);
    if (err) {
        close(*fd);
        *fd = -1;
    }
    return err;
}

static struct err *enter_both(int base, const char *name, bool create, const char *base_path,
                              int *fd)
{
    char *path = str_format("%s/dcmend", base_path);
    int own = -1;
    struct err *err = enter(base, "dcmend", create, path, &own);
    if (!err && own >= 0) {
        free(path);
        path = str_format("%s/dcmend/%s", base_path, name);
        err = enter(own, name, create, path, fd);
    }
    if (own >= 0)
        close(own);
    free(path);
    return err;
}

struct err *state_folder_open(const char *name, bool create, int *fd, char **path)
{
    char *base;
    *fd = -1;
    *path = NULL;
    struct err *err = base_folder(&base);
    if (err || !base)
        return err;
    if (create)
        make_parents(base);
    int at = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at >= 0)
        err = enter_both(at, name, create, base, fd);
    else if (create || errno != ENOENT)
        err = journal_err(errno, "Cannot open", base);
    if (at >= 0)
        close(at);
    if (!err)
        *path = str_format("%s/dcmend/%s", base, name);
    free(base);
    return err;
}
