/* What is found out while the form stands there: how one signed in last, whose ticket is at hand,
 * which DCs DNS knows. It fills what is empty and leads to the first field that has to be typed; it
 * moves nothing that the operator has touched. */
#include "ui/screens/connect_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/host.h"
#include "ui/work.h"

#include <stdlib.h>
#include <time.h>

/* Where the operator has to type next, as far as is known before he touches anything. */
static void lead(struct connect *connect)
{
    if (!connect->touched && connect_is_domain(connect))
        connect->focus = FOCUS_HOST;
    else if (connect->touched || !*field_text(&connect->host) || !connect_wants_password(connect))
        return;
    else
        connect->focus = *field_text(&connect->user) ? FOCUS_PASSWORD : FOCUS_USER;
}

static void ticket_found(struct app *app, void *work, struct err *err)
{
    struct connect *connect = app->steps[STEP_CONNECT].state;
    ticket_look_release(&connect->ticket);
    connect->ticket = *(struct ticket_look *)work;
    *(struct ticket_look *)work = (struct ticket_look){NULL, 0, NULL};
    connect->looked = true;
    if (!connect->touched && !connect_wants_password(connect) &&
        !ticket_look_is_valid(&connect->ticket, time(NULL)))
        connect->way = BY_PASSWORD;
    lead(connect);
    err_free(err);
}

void connect_offer(struct connect *connect, const char *host)
{
    if (str_same(host, field_text(&connect->host)))
        return;
    field_set(&connect->host, host);
    connect->typed = false;
}

static void hosts_found(struct app *app, void *argument, struct err *err);

static void look_for(struct app *app, const char *domain)
{
    (void)app_ask(app, PLACE_NAMES, &work_find, find_work_new(domain), hosts_found);
}

static void list(struct connect *connect, const struct find_work *work)
{
    strs_release(&connect->hosts);
    strs_copy(&connect->hosts, &work->hosts);
    mem_set(&connect->domain, work->domain);
    if (connect->hosts.count > 0 && !*field_text(&connect->host))
        connect_offer(connect, connect->hosts.items[0]);
    lead(connect);
}

/* What is typed is a host, then: this machine's domain may have others. */
static void hosts_found(struct app *app, void *argument, struct err *err)
{
    struct find_work *work = argument;
    struct connect *connect = app->steps[STEP_CONNECT].state;
    bool own = !work->domain, empty = !*field_text(&connect->host);
    if (!err)
        list(connect, work);
    else if (!own)
        connect->no_domain = err_is(err, ERR_NO_SUCH_HOST);
    else if (empty && app->wizard.step == STEP_CONNECT)
        app_notice(app, false, "DNS names no DC for this machine's domain: type one.");
    if (own)
        connect_look_up(app, connect);
    else if (err && connect->hosts.count == 0)
        look_for(app, NULL);
    err_free(err);
}

void connect_look_up(struct app *app, struct connect *connect)
{
    char *host = connect_host(connect), *above = host ? host_domain(host) : NULL;
    bool known = !above || str_same_case(host, connect->looked_up) ||
                 strs_has(&connect->hosts, host) || app->asked[PLACE_NAMES].task;
    if (!known) {
        mem_set(&connect->looked_up, host);
        connect->no_domain = false;
        look_for(app, host);
    }
    free(above);
    free(host);
}

static void recall_way(const struct app *app, struct connect *connect, const char *kind)
{
    const struct signin *given = &app->options->signin;
    if (connect->touched || connect_way_of(given) != BY_TICKET || app->options->ask_password)
        return;
    for (size_t i = 0; kind && i < WAYS; i++)
        if (str_same(connect_ways[i].kind, kind))
            connect->way = i;
}

/* The last time's server comes before what DNS finds. */
static void recalled(struct app *app, void *argument, struct err *err)
{
    const struct remembered *last = argument;
    struct connect *connect = app->steps[STEP_CONNECT].state;
    bool empty = !*field_text(&connect->host);
    err_free(err);
    if (empty && last->host)
        field_set(&connect->host, last->host);
    if (empty && last->user && !*field_text(&connect->user))
        field_set(&connect->user, last->user);
    if (empty && last->cacert && !*field_text(&connect->cacert))
        field_set(&connect->cacert, last->cacert);
    recall_way(app, connect, last->kind);
    lead(connect);
    connect_look_up(app, connect);
    if (!connect->looked_up)
        look_for(app, NULL);
}

bool connect_as_another(const struct wizard *w)
{
    return w->connected && !w->held && w->resume == STEP_INSPECT && w->waiting == WAIT_NOTHING;
}

static void ask_password(struct app *app, struct connect *connect)
{
    connect->way = connect_wants_password(connect) ? connect->way : BY_PASSWORD;
    if (connect_as_another(&app->wizard))
        field_set(&connect->user, "");
    connect->focus = *field_text(&connect->user) ? FOCUS_PASSWORD : FOCUS_USER;
}

void connect_enter(struct app *app, void *state)
{
    struct connect *connect = state;
    const struct wizard *w = &app->wizard;
    connect->touched = false;
    if (w->host && (w->waiting == WAIT_CONNECT || w->error))
        connect_offer(connect, w->host);
    if (app->needs_password || app->options->ask_password || connect_as_another(w))
        ask_password(app, connect);
    if (!connect->asked)
        recall_signin(app, recalled);
    else
        connect_look_up(app, connect);
    connect->asked = true;
    (void)app_ask(app, PLACE_TICKET, &work_ticket, ticket_work_new(), ticket_found);
}
