/* Each sign-in is an errand of a crew: it works on copies of its own. */
#include "src/directory/opening.h"

#include "src/base/crew.h"
#include "src/base/err.h"
#include "src/base/mem.h"
#include "src/base/str.h"

#include <stdlib.h>

struct opening {
    struct signin signin;
    struct deadlines deadlines;
    struct session *session;
    char *why;
};

static void run(void *argument, struct cancel *cancel)
{
    struct opening *opening = argument;
    struct err *err =
        session_open(&opening->signin, &opening->deadlines, cancel, &opening->session);
    if (err)
        opening->why = mem_text(err->text);
    err_free(err);
}

static void drop(void *argument)
{
    struct opening *opening = argument;
    session_close(opening->session);
    signin_release(&opening->signin);
    free(opening->why);
    free(opening);
}

static const struct errand_kind kind = {run, drop};

static struct session *take(struct opening *opening, struct cancel *cancel, char **why)
{
    struct session *session = opening->session;
    if (session)
        session_set_cancel(session, cancel); /* the crew's ends with it */
    if (why)
        *why = mem_text(opening->why);
    opening->session = NULL;
    drop(opening);
    return session;
}

static bool is_open(const void *errand)
{
    return ((const struct opening *)errand)->session != NULL;
}

static void open_with(const struct crew *crew, const struct signin *ways, size_t count,
                      const struct deadlines *deadlines, struct cancel *cancel,
                      struct session **sessions, char **whys)
{
    void **errands = mem_zero(count, sizeof *errands);
    for (size_t i = 0; i < count; i++) {
        struct opening *opening = mem_zero(1, sizeof *opening);
        signin_copy(&opening->signin, &ways[i]);
        opening->deadlines = *deadlines;
        errands[i] = opening;
    }
    crew_run(crew, &kind, errands, count, cancel);
    for (size_t i = 0; i < count; i++) {
        char **why = whys ? &whys[i] : NULL;
        sessions[i] = errands[i] ? take(errands[i], cancel, why) : NULL;
        if (!errands[i] && why)
            *why = str_format("%s does not answer.", ways[i].host);
    }
    free(errands);
}

void sessions_open(const struct signin *ways, size_t count, const struct deadlines *deadlines,
                   int each_ms, struct cancel *cancel, struct session **sessions, char **whys)
{
    struct crew crew = {.at_once = count, .each_ms = each_ms};
    open_with(&crew, ways, count, deadlines, cancel, sessions, whys);
}

void sessions_open_first(const struct signin *ways, size_t count, const struct deadlines *deadlines,
                         int each_ms, struct cancel *cancel, struct session **sessions, char **whys)
{
    struct crew crew = {.at_once = count, .each_ms = each_ms, .won = is_open};
    open_with(&crew, ways, count, deadlines, cancel, sessions, whys);
}
