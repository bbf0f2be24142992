#include "ui/debug.h"

#include "src/base/trace.h"
#include "src/directory/libraries.h"
#include "src/remedy/bugreport.h"
#include "ui/term.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void add_system(struct record *record)
{
    const char *terminal = getenv("TERM"), *locale = setlocale(LC_CTYPE, NULL);
    struct utsname here;
    if (uname(&here) == 0)
        record_ours(record, "system", "%s %s %s", here.sysname, here.release, here.machine);
    record_ours(record, "terminal", "%s%s", terminal ? terminal : "none",
                isatty(STDOUT_FILENO) ? "" : ", not on standard output");
    record_ours(record, "locale", "%s, %s", locale ? locale : "C", nl_langinfo(CODESET));
}

void debug_head(struct record *record, const char *command, bool names)
{
    char when[32];
    struct tm tm;
    time_t now = time(NULL);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    record_line(record, BUGREPORT_TITLE);
    record_line(record, names ? "# Names are as they are: show this file only to whom you trust."
                              : "# Names, SIDs and addresses are replaced, each by the same "
                                "everywhere; GUIDs and times are as they are.");
    record_line(record, "# No password, ticket or key is in it.");
    record_ours(record, "version", "%s", DCMEND_VERSION);
    record_ours(record, "time", "%s", when);
    record_ours(record, "command", "%s", *command ? command : "wizard");
    record_ours(record, "names", "%s", names ? "kept" : "replaced");
    libraries_tell(record);
    record_ours(record, "curses", "%s", term_version());
    add_system(record);
}

struct err *debug_open(const char *path, const char *command)
{
    struct record head = {NULL, 0};
    struct err *err = trace_open(path);
    if (err)
        return err;
    debug_head(&head, command, true);
    trace_add(&head);
    return NULL;
}

void debug_subject(const struct subject *subject, size_t which, const char *source)
{
    struct record part = {NULL, 0};
    if (!trace_is_on() || which >= subject->count)
        return;
    bugreport_subject(&part, subject, which);
    record_add(&part, "compare-with", PAIR_NAME, source);
    trace_add(&part);
}

void debug_finding(const struct facts *facts, const struct verdict *verdict)
{
    struct record part = {NULL, 0};
    if (!trace_is_on())
        return;
    bugreport_finding(&part, facts, verdict);
    trace_add(&part);
}

void debug_failure(const struct err *err)
{
    struct record part = {NULL, 0};
    if (!trace_is_on() || !err)
        return;
    record_begin(&part, "failed", PAIR_OURS, err_code_name(err->code));
    record_add(&part, "text", PAIR_FREE, err->text);
    record_add(&part, "next", PAIR_FREE, err->next);
    record_add(&part, "said", PAIR_FREE, err->said);
    trace_add(&part);
}
