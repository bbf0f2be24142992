/* What is asked of the desks, and what becomes of it. What is wished for while nobody is signed in
 * stays a wish: the wizard keeps its own, a view's reading waits in its place, and Connect, which
 * lies over everything then, leads back to both. */
#include "ui/app_parts.h"

#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "ui/work.h"

/* --- asking --- */

static struct desk **desk_at(struct app *app, enum app_place place)
{
    return place <= PLACE_LIST     ? &app->desk
           : place == PLACE_COPIES ? &app->copies_desk
           : place == PLACE_NAMES  ? &app->names_desk
                                   : &app->disk;
}

void app_ask_desk(struct app *app, enum app_place place, const struct task_kind *kind, void *work,
                  app_done *done)
{
    int64_t now = app_now_ms(app);
    struct desk **desk = desk_at(app, place);
    if (!*desk)
        *desk = desk_new(app->desks, NULL, false);
    app->asked[place] = (struct asked){.kind = kind, .done = done, .since = now, .moved = now};
    app->asked[place].task = desk_ask(*desk, kind, work);
}

void app_call_off(struct app *app, enum app_place place)
{
    struct asked *asked = &app->asked[place];
    desk_call_off(asked->task);
    if (asked->wish)
        asked->kind->drop(asked->wish);
    err_free(asked->why);
    *asked = (struct asked){.task = NULL};
}

bool app_ask(struct app *app, enum app_place place, const struct task_kind *kind, void *work,
             app_done *done)
{
    while (place >= PLACE_DISK && place < APP_PLACES - 1 && app->asked[place].task)
        place++;
    if (app->asked[place].task) {
        kind->drop(work);
        return false;
    }
    app->ask(app, place, kind, work, done);
    return true;
}

long app_waited(const struct app *app, enum app_place place)
{
    const struct asked *asked = &app->asked[place];
    return asked->task ? (long)((app_now_ms(app) - asked->since) / 1000) : 0;
}

/* --- nobody is signed in --- */

bool app_lacks_password(const struct app *app)
{
    return app->needs_password && !app->signin.password;
}

struct err *app_not_signed_in(const struct app *app, const char *host)
{
    if (app_lacks_password(app))
        return err_next(
            err_new(ERR_CREDENTIALS, ERR_OTHER, "%s wants a password of its own.", host),
            "Type it to sign in there; it is used once.");
    return err_next(err_new(ERR_OPERATOR, ERR_OTHER, "Nobody is signed in."), "Sign in to go on.");
}

void app_lose(struct app *app, struct err *err)
{
    log_err(err);
    app_call_off(app, PLACE_WIZARD);
    app_event(app, &(struct wizard_event){.kind = EVENT_LOST, .err = err});
}

bool app_asks_sign_in(const struct app *app)
{
    return app->wizard.held;
}

void app_leave_desk(struct app *app)
{
    desk_leave(app->desk);
    app->desk = NULL;
    app->asked[PLACE_WIZARD] = app->asked[PLACE_LIST] = (struct asked){.task = NULL};
    if (app->asked[PLACE_SIDE].task)
        app->asked[PLACE_SIDE] = (struct asked){.task = NULL};
}

void app_take_desk(struct app *app, bool forbid_writes)
{
    app_leave_desk(app);
    app->needs_password = app->signin.password != NULL;
    app->desk = desk_new(app->desks, &app->signin, forbid_writes);
    secret_free(app->signin.password); /* the desk has the only copy now, and sends it once */
    app->signin.password = NULL;
}

/* A wish that waits is asked for as soon as that can lead somewhere; Connect asks for its sake when
 * nothing else is under way. */
static void grant_wish(struct app *app)
{
    struct asked *side = &app->asked[PLACE_SIDE];
    const struct wizard *w = &app->wizard;
    if (!side->wish || w->waiting == WAIT_CONNECT || w->waiting == WAIT_APPLY || w->held)
        return;
    if (!app->desk && !side->why)
        side->why = app_not_signed_in(app, w->host);
    if (side->why) {
        app_lose(app, err_copy(side->why));
        return;
    }
    void *work = side->wish;
    side->wish = NULL;
    app->ask(app, PLACE_SIDE, side->kind, work, side->done);
}

void app_give_up_reading(struct app *app)
{
    struct asked side = app->asked[PLACE_SIDE];
    if (!side.wish)
        return;
    app->asked[PLACE_SIDE] = (struct asked){.task = NULL};
    side.done(app, side.wish, side.why);
    side.kind->drop(side.wish);
}

bool app_read(struct app *app, const struct task_kind *kind, void *work, app_done *done)
{
    if (app_is_reading(app)) {
        kind->drop(work);
        return false;
    }
    app->asked[PLACE_SIDE] = (struct asked){.kind = kind, .done = done, .wish = work};
    grant_wish(app);
    return true;
}

bool app_read_quietly(struct app *app, const struct task_kind *kind, void *work, app_done *done)
{
    if (app_is_reading(app) || !app->desk) {
        kind->drop(work);
        return false;
    }
    app->ask(app, PLACE_SIDE, kind, work, done);
    app->asked[PLACE_SIDE].quiet = true;
    return true;
}

void app_cancel_reading(struct app *app)
{
    app_call_off(app, PLACE_SIDE);
}

bool app_is_reading(const struct app *app)
{
    return app->asked[PLACE_SIDE].task || app->asked[PLACE_SIDE].wish;
}

/* --- news --- */

/* The session is gone, and with it what this task was to bring: it is wished for still. What became
 * of a change that was sent is answered by a report. */
static bool is_wish(const struct asked *asked, const struct desk_news *news)
{
    if (!news->signed_out || asked->quiet || asked->kind == &work_connect)
        return false;
    return news->by_password || asked->kind != &work_verify;
}

static void ended(struct app *app, enum app_place place, struct desk_news *news)
{
    struct asked asked = app->asked[place];
    app->asked[place] = (struct asked){.task = NULL};
    if (!is_wish(&asked, news)) {
        asked.done(app, news->work, news->err);
        asked.kind->drop(news->work);
    } else if (place == PLACE_WIZARD) {
        asked.kind->drop(news->work);
        app_lose(app, news->err);
    } else {
        app->asked[place] = asked;
        app->asked[place].task = NULL;
        app->asked[place].wish = news->work;
        app->asked[place].why = news->err;
    }
}

static void moved(struct app *app, struct asked *asked, size_t progress)
{
    if (progress != asked->progress)
        asked->moved = app_now_ms(app);
    asked->progress = progress;
}

/* What was waited for may have come: a sign-in, or the end of what was in the way. */
static void wake_screens(struct app *app)
{
    grant_wish(app);
    if (app->wizard.connected && app->options->command == COMMAND_BROWSE && app->depth == 0)
        app_push(app, &screen_browse);
    struct app_view *view = app_is_covered(app) ? &app->stack[app->depth - 1] : NULL;
    if (view && view->ops->enter)
        view->ops->enter(app, view->state);
}

void app_take_news(struct app *app)
{
    bool any = false;
    struct desk_news news;
    while (desks_news(app->desks, &news)) {
        int place = 0;
        while (place < APP_PLACES && app->asked[place].task != news.task)
            place++;
        any = any || news.ended;
        if (place < APP_PLACES && news.ended)
            ended(app, (enum app_place)place, &news);
        else if (place < APP_PLACES)
            moved(app, &app->asked[place], news.progress);
    }
    if (any)
        wake_screens(app);
}
