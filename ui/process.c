/* A set-uid program would open every file that is named on its line with rights that are not the
 * person's; and without descriptors 0 to 2 the first file opened would become standard output. */
#include "ui/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What was closed stays unusable, so that a result that nobody gets is an error and no success. */
static bool open_standard_files(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

static bool has_foreign_rights(void)
{
    return getauxval(AT_SECURE) || geteuid() != getuid() || getegid() != getgid();
}

/* Nothing that was inherited goes on to a program that a library may start. */
static void keep_inherited_files(void)
{
    DIR *files = opendir("/proc/self/fd");
    for (const struct dirent *file; files && (file = readdir(files));) {
        int fd = (int)strtol(file->d_name, NULL, 10);
        if (fd > STDERR_FILENO)
            (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    if (files)
        closedir(files);
}

bool process_prepare(void)
{
    if (!open_standard_files())
        return false;
    if (has_foreign_rights()) {
        (void)fputs("dcmend: It does not run set-uid, set-gid or with capabilities of its own.\n",
                    stderr);
        return false;
    }
    keep_inherited_files();
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of the write */
    umask(077);
    return true;
}

void process_take_keys(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd >= 0) {
        (void)dup2(fd, STDIN_FILENO);
        close(fd);
    }
}

static bool has_other_threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks)
        return true;
    while (readdir(tasks))
        count++;
    closedir(tasks);
    return count > 3; /* ".", ".." and this one */
}

int process_leave(int status)
{
    (void)fflush(NULL);
    if (has_other_threads())
        _exit(status); /* exit() would take the libraries apart under them */
    return status;
}
