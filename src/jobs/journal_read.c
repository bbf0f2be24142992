/* Reading entries: bounded in size and number, regular files only, never blocking on a FIFO, and
 * tolerant of whatever else lies in the folder. */
#include "src/jobs/journal.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/jobs/journal_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRY_MOST = 256 * 1024, LIST_MOST = 20000 };

void journal_list_release(struct journal_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        journal_entry_release(&list->items[i]);
    free(list->items);
    *list = (struct journal_list){NULL, 0};
}

/* Reads at most ENTRY_MOST bytes of a regular file. 0, or an errno. */
static int read_file(int fd, struct str *text)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return errno;
    if (!S_ISREG(st.st_mode))
        return ENODEV;
    char buffer[8192];
    while (text->len <= ENTRY_MOST) {
        ssize_t n = read(fd, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (n == 0)
            return 0;
        str_addn(text, buffer, (size_t)n);
    }
    return EFBIG;
}

static bool is_locked(int fd)
{
    if (flock(fd, LOCK_SH | LOCK_NB) != 0)
        return errno == EWOULDBLOCK;
    (void)flock(fd, LOCK_UN);
    return false;
}

/* 0, an errno, or -1: no journal entry. id and path are set by the caller. */
static int read_entry(int fd, struct journal_entry *entry)
{
    struct str text = STR_INIT;
    entry->busy = is_locked(fd);
    int number = read_file(fd, &text);
    if (number == 0 && !journal_entry_read(str_text(&text), text.len, entry))
        number = -1;
    str_release(&text);
    return number;
}

static bool is_entry_name(const char *name)
{
    size_t len = strlen(name);
    if (len <= 5 || !str_same(name + len - 5, ".ldif"))
        return false;
    char *id = mem_textn(name, len - 5);
    bool safe = journal_entry_id_is_safe(id);
    free(id);
    return safe;
}

/* "20261122T150311Z-": what we name our own, so that a cut-off one is not passed over. */
static bool has_stamp(const char *name)
{
    for (size_t i = 0; i < 17; i++) {
        char want = "dddddddd"
                    "T"
                    "dddddd"
                    "Z-"[i];
        if (want == 'd' ? name[i] < '0' || name[i] > '9' : name[i] != want)
            return false;
    }
    return true;
}

static const char *reason(int number)
{
    return number == ELOOP    ? "it is a link"
           : number == ENODEV ? "it is no file"
           : number == EFBIG  ? "it is too large for a journal entry"
                              : strerror(number);
}

static void list_entry(struct journal_list *list, int folder, const char *path, const char *id)
{
    struct journal_entry entry = {.id = mem_text(id)};
    char *name = str_format("%s.ldif", id);
    entry.path = str_format("%s/%s", path, name);
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int number = fd < 0 ? errno : read_entry(fd, &entry);
    if (fd >= 0)
        close(fd);
    if (number == -1 && has_stamp(id))
        mem_set(&entry.problem, "it is cut off, or damaged");
    else if (number > 0)
        mem_set(&entry.problem, reason(number));
    if (number == -1 && !entry.problem)
        journal_entry_release(&entry);
    else
        *MEM_PUSH(list->items, list->count) = entry;
    free(name);
}

/* By the stamp in front, which is UTC; "-2" stands before "-10". A name without one is not ours,
 * and older than any. */
static int newest_first(const void *a, const void *b)
{
    const char *one = *(char *const *)a, *two = *(char *const *)b;
    bool stamped = has_stamp(one);
    if (stamped != has_stamp(two))
        return stamped ? -1 : 1;
    return -strverscmp(one, two);
}

static void sort_names(struct strs *names)
{
    if (names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, newest_first);
    while (names->count > LIST_MOST)
        free(names->items[--names->count]);
}

/* The ids of the newest LIST_MOST entries, newest first. 0, or an errno. */
static int newest_names(struct strs *names, DIR *dir)
{
    for (;;) {
        errno = 0;
        const struct dirent *item = readdir(dir);
        if (!item)
            break;
        if (is_entry_name(item->d_name))
            strs_addn(names, item->d_name, strlen(item->d_name) - 5);
        if (names->count >= 2 * LIST_MOST)
            sort_names(names);
    }
    int number = errno;
    sort_names(names);
    return number;
}

static int list_folder(struct journal_list *list, DIR *dir, const char *path)
{
    struct strs names = {NULL, 0};
    int number = newest_names(&names, dir);
    for (size_t i = 0; i < names.count; i++)
        list_entry(list, dirfd(dir), path, names.items[i]);
    strs_release(&names);
    return number;
}

struct err *journal_list(struct journal_list *out)
{
    int fd;
    char *path;
    *out = (struct journal_list){NULL, 0};
    struct err *err = state_folder_open("journal", false, &fd, &path);
    if (err || fd < 0) {
        free(path);
        return err;
    }
    DIR *dir = fdopendir(fd);
    int number = dir ? list_folder(out, dir, path) : errno;
    if (number != 0)
        err = journal_err(number, "Cannot read", path);
    if (dir)
        closedir(dir);
    else
        close(fd);
    free(path);
    return err;
}

struct err *journal_list_unfinished(struct journal_list *out)
{
    struct err *err = journal_list(out);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        if (journal_entry_is_unfinished(&out->items[i]))
            out->items[kept++] = out->items[i];
        else
            journal_entry_release(&out->items[i]);
    }
    out->count = kept;
    return err;
}

/* Opens what the operator named. *fd is -1 with errno set when it cannot be opened. */
static struct err *open_named(const char *text, struct journal_entry *entry, int *fd)
{
    *fd = -1;
    if (strchr(text, '/')) {
        const char *base = strrchr(text, '/') + 1;
        size_t len = strlen(base);
        entry->path = mem_text(text);
        entry->id = mem_textn(base, len > 5 && str_same(base + len - 5, ".ldif") ? len - 5 : len);
        *fd = open(text, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        return NULL;
    }
    char *name = is_entry_name(text) ? mem_text(text) : str_format("%s.ldif", text), *path;
    int folder;
    struct err *err = state_folder_open("journal", false, &folder, &path);
    if (!err) {
        errno = ENOENT;
        if (folder >= 0 && is_entry_name(name))
            *fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        int number = errno;
        entry->id = mem_textn(name, strlen(name) - 5);
        entry->path = path ? str_format("%s/%s", path, name) : NULL;
        if (folder >= 0)
            close(folder);
        errno = number;
    }
    free(path);
    free(name);
    return err;
}

static struct err *no_entry(const char *text, int number)
{
    char *clean = text_clean_z(text);
    struct err *err =
        number == -1
            ? err_new(ERR_OPERATOR, ERR_JOURNAL, "%s is not a journal entry of dcmend.", clean)
            : err_new(ERR_OPERATOR, ERR_JOURNAL, "The journal entry %s cannot be read: %s.", clean,
                      reason(number));
    free(clean);
    return err_next(err, "\"dcmend log\" lists the entries; an id or a path is wanted.");
}

struct err *journal_read(const char *id_or_path, struct journal_entry *out)
{
    int fd;
    *out = (struct journal_entry){.id = NULL};
    struct err *err = open_named(id_or_path, out, &fd);
    if (!err) {
        int number = fd < 0 ? errno : read_entry(fd, out);
        if (number != 0)
            err = no_entry(id_or_path, number);
    }
    if (fd >= 0)
        close(fd);
    if (err)
        journal_entry_release(out);
    return err;
}
