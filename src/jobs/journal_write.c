/* One entry at work: created exclusively, written in full, flushed, its folder flushed; afterwards
 * only appended to. The lock on the open file tells other instances that it is being worked on, and
 * goes away with the process, however that ends. */
#include "src/jobs/journal.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/jobs/journal_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct journal {
    int folder, file;
    char *folder_path, *path, *id;
};

struct err *journal_open(struct journal **out)
{
    int fd;
    char *path;
    *out = NULL;
    struct err *err = state_folder_open("journal", true, &fd, &path);
    if (err)
        return err;
    *out = mem_zero(1, sizeof **out);
    **out = (struct journal){.folder = fd, .file = -1, .folder_path = path};
    return NULL;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->file >= 0)
        close(journal->file);
    close(journal->folder);
    free(journal->folder_path);
    free(journal->path);
    free(journal->id);
    free(journal);
}

const char *journal_id(const struct journal *journal)
{
    return journal->id;
}

const char *journal_path(const struct journal *journal)
{
    return journal->path;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* Creates the file under the first free name; -1 and errno otherwise. */
static int create_file(struct journal *journal, const char *id)
{
    for (int i = 1; i < 1000; i++) {
        char *own = i == 1 ? mem_text(id) : str_format("%s-%d", id, i);
        char *name = str_format("%s.ldif", own);
        int fd = openat(journal->folder, name,
                        O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
        int number = errno;
        free(name);
        if (fd >= 0) {
            journal->id = own;
            journal->path = str_format("%s/%s.ldif", journal->folder_path, own);
            return fd;
        }
        free(own);
        errno = number;
        if (number != EEXIST)
            return -1;
    }
    return -1;
}

/* A file that is not whole is taken away again: it would look like a change. */
static void take_back(struct journal *journal)
{
    char *name = str_format("%s.ldif", journal->id);
    (void)unlinkat(journal->folder, name, 0);
    free(name);
    if (journal->file >= 0)
        close(journal->file);
    journal->file = -1;
    mem_set(&journal->id, NULL);
    mem_set(&journal->path, NULL);
}

/* A reader that only looks whether it is busy holds the lock for a moment; nobody is waited for. */
static void mark_busy(int fd)
{
    for (int tries = 0; tries < 20 && flock(fd, LOCK_EX | LOCK_NB) != 0; tries++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static struct err *write_entry(struct journal *journal, const struct plan *plan,
                               const struct journal_author *author)
{
    struct err *err = NULL;
    struct str text = STR_INIT;
    journal_entry_write(&text, plan, author);
    mark_busy(journal->file);
    if (!write_all(journal->file, str_text(&text), text.len))
        err = journal_err(errno, "Cannot write the journal entry", journal->path);
    else if (fsync(journal->file) != 0)
        err = journal_err(errno, "Cannot flush the journal entry", journal->path);
    else if (fsync(journal->folder) != 0)
        err = journal_err(errno, "Cannot flush the journal's folder", journal->folder_path);
    str_release(&text);
    return err;
}

struct err *journal_begin(struct journal *journal, const char *id, const struct plan *plan,
                          const struct journal_author *author, struct journal_proof **proof)
{
    *proof = NULL;
    if (journal->id || !journal_entry_id_is_safe(id))
        return err_new(ERR_INTERNAL, ERR_JOURNAL, "A journal entry was begun in a wrong way.");
    journal->file = create_file(journal, id);
    if (journal->file < 0)
        return journal_err(errno, "Cannot create a journal entry in", journal->folder_path);
    struct err *err = write_entry(journal, plan, author);
    if (err)
        take_back(journal);
    else
        *proof = journal_proof_new(plan);
    return err;
}

/* 0, or an errno. */
static int flush_text(int fd, const struct str *text)
{
    return write_all(fd, str_text(text), text->len) && fsync(fd) == 0 ? 0 : errno;
}

/* A state line that a crash cut off has no newline: the next one must not continue it. */
static bool ends_whole(int fd)
{
    struct stat st;
    char last = '\n';
    if (fstat(fd, &st) != 0 || st.st_size == 0)
        return true;
    return pread(fd, &last, 1, st.st_size - 1) != 1 || last == '\n';
}

static struct err *append(struct journal *journal, const char *id, enum journal_state state,
                          bool settled, const char *words)
{
    if (!journal_entry_id_is_safe(id))
        return err_new(ERR_INTERNAL, ERR_JOURNAL, "A journal entry has an unsafe name.");
    char *name = str_format("%s.ldif", id);
    struct err *err = NULL;
    struct str text = STR_INIT;
    int fd = openat(journal->folder, name, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    int number = fd < 0 ? errno : 0;
    if (fd >= 0 && !ends_whole(fd))
        str_addc(&text, '\n');
    journal_entry_state_line(&text, state, settled, time(NULL), words);
    if (number == 0)
        number = flush_text(fd, &text);
    if (number != 0) {
        char *path = str_format("%s/%s", journal->folder_path, name);
        err = journal_err(number, "Cannot add to the journal entry", path);
        free(path);
    }
    if (fd >= 0)
        close(fd);
    str_release(&text);
    free(name);
    return err;
}

struct err *journal_mark(struct journal *journal, const char *id, enum journal_state state,
                         const char *words)
{
    return append(journal, id, state, false, words);
}

struct err *journal_settle(struct journal *journal, const char *id, enum journal_state state,
                           const char *words)
{
    return append(journal, id, state, true, words);
}
