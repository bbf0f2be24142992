/* Four lines in $XDG_CONFIG_HOME/dcmend/last: the server, the name, the kind of sign-in, the file
 * of authorities. A
 * convenience: whatever goes wrong here is passed over. */
#include "ui/screens/parts.h"

#include "src/base/file.h"
#include "src/base/mem.h"
#include "src/base/str.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *config_folder(void)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && *config == '/')
        return str_format("%s/dcmend", config);
    return home && *home == '/' ? str_format("%s/.config/dcmend", home) : NULL;
}

static struct err *write_last(struct task *task, struct session *session, void *argument)
{
    (void)task, (void)session;
    const struct remembered *work = argument;
    char *folder = config_folder();
    if (!folder)
        return NULL;
    char *parent = mem_textn(folder, (size_t)(strrchr(folder, '/') - folder));
    (void)mkdir(parent, 0700);
    (void)mkdir(folder, 0700);
    free(parent);
    char *path = str_format("%s/last", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd >= 0) {
        dprintf(fd, "%s\n%s\n%s\n%s\n", work->host, work->user ? work->user : "", work->kind,
                work->cacert ? work->cacert : "");
        close(fd);
    }
    free(path);
    free(folder);
    return NULL;
}

static void drop(void *argument)
{
    struct remembered *work = argument;
    free(work->host);
    free(work->user);
    free(work->kind);
    free(work->cacert);
    free(work);
}

static void done(struct app *app, void *work, struct err *err)
{
    (void)app, (void)work;
    err_free(err);
}

static const struct task_kind work_remember = {.name = "remember", .run = write_last, .drop = drop};

void remember_signin(struct app *app, const struct signin *signin)
{
    struct remembered *work = mem_zero(1, sizeof *work);
    work->host = mem_text(signin->host);
    work->user = mem_text(signin->user);
    work->kind = mem_text(connect_kind(signin));
    work->cacert = mem_text(signin->cacert);
    (void)app_ask(app, PLACE_DISK, &work_remember, work, done);
}

static void take_line(FILE *file, char **out)
{
    char line[512];
    if (!fgets(line, sizeof line, file))
        return;
    line[strcspn(line, "\r\n")] = '\0';
    if (*line)
        mem_set(out, line);
}

static struct err *read_last(struct task *task, struct session *session, void *argument)
{
    (void)task, (void)session;
    struct remembered *work = argument;
    char *folder = config_folder();
    char *path = folder ? str_format("%s/last", folder) : NULL;
    FILE *file = path ? file_read(path) : NULL;
    if (file) {
        take_line(file, &work->host);
        take_line(file, &work->user);
        take_line(file, &work->kind);
        take_line(file, &work->cacert);
        (void)fclose(file);
    }
    free(path);
    free(folder);
    return NULL;
}

static const struct task_kind work_recall = {.name = "recall", .run = read_last, .drop = drop};

void recall_signin(struct app *app, app_done *recalled)
{
    (void)app_ask(app, PLACE_DISK, &work_recall, mem_zero(1, sizeof(struct remembered)), recalled);
}
