/* Which DC is asked when the operator named none: the one that logged the error, because only its
 * own copy matters; without an event, one that DNS knows. DCs that cannot be reached are passed
 * over; a refused sign-in is not repeated elsewhere (each try counts towards a lock-out). */
#include "ui/batch_parts.h"

#include "src/base/log.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/dns.h"
#include "src/directory/session.h"
#include "src/model/host.h"
#include "ui/output.h"
#include "ui/password.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TRIES = 4 };

static struct err *ask_password(struct options *options)
{
    if (options->signin.auth == AUTH_SIMPLE && !options->signin.host)
        return err_next(err_new(ERR_OPERATOR, ERR_USAGE,
                                "With -x a password goes to a server that you name, and to no "
                                "other."),
                        "Give it as SERVER or with -H.");
    if (!options->ask_password)
        return NULL;
    char *user = output_text(options->signin.user, output_is_plain(options->ascii));
    char *host = output_text(options->signin.host, output_is_plain(options->ascii));
    char *question = options->signin.auth == AUTH_SIMPLE
                         ? str_format("Password for %s, to be sent to %s: ", user, host)
                         : str_format("Password for %s (Kerberos: no server gets it): ", user);
    struct err *err = password_ask(question, &options->signin.password);
    options->ask_password = err != NULL;
    free(question);
    free(host);
    free(user);
    return err;
}

/* Nothing was sent to that DC, so nothing can have been refused. */
static bool was_not_reached(const struct err *err)
{
    return err_is(err, ERR_NO_SUCH_HOST) || err_is(err, ERR_REFUSED) ||
           err_is(err, ERR_UNREACHABLE) || (err_is(err, ERR_TIMED_OUT) && err->kind == ERR_NETWORK);
}

static struct err *try_one(const struct signin *signin, struct session **out)
{
    struct err *err = session_open(signin, &deadlines_default, NULL, out);
    log_line("sign-in on %s: %s", signin->host, err ? err_code_name(err->code) : "done");
    if (!err)
        session_forbid_writes(*out);
    return err;
}

/* As DNS lists them. With a password only one is tried: a time-out may come after it was sent. */
static struct err *try_found(struct options *options, const struct dns_srvs *found,
                             struct session **out)
{
    struct err *err = NULL;
    size_t most = options->signin.password ? 1 : MOST_TRIES;
    for (size_t i = 0; i < found->count && i < most; i++) {
        err_free(err);
        mem_set(&options->signin.host, found->items[i].host);
        err = try_one(&options->signin, out);
        if (!err || !was_not_reached(err))
            return err;
    }
    return err_next(err, "Name a domain controller that can be reached: dcmend diagnose ... "
                         "SERVER.");
}

static struct err *find_dcs(struct dns_srvs *found)
{
    struct err *err = dns_find_dcs(NULL, found);
    if (err)
        err_next(err, "Name a domain controller as SERVER.");
    return err;
}

/* An event may give a short name; Kerberos wants the full one, which DNS may know. */
static char *full_name(const char *destination)
{
    struct dns_srvs found = {NULL, 0};
    char *name = NULL;
    if (strchr(destination, '.'))
        return mem_text(destination);
    err_free(dns_find_dcs(NULL, &found));
    for (size_t i = 0; i < found.count && !name; i++)
        if (host_matches(found.items[i].host, destination))
            name = mem_text(found.items[i].host);
    dns_srvs_release(&found);
    return name ? name : mem_text(destination);
}

static struct err *try_destination(struct options *options, const char *destination,
                                   struct session **out)
{
    char *name = full_name(destination);
    mem_set(&options->signin.host, name); /* the event names it, not the operator */
    struct err *err = try_one(&options->signin, out);
    if (err && was_not_reached(err))
        err_next(err, "It is the DC that logged the error. To judge another DC's copy, name that "
                      "one as SERVER.");
    free(name);
    return err;
}

/* It answered to no name of a server: is it a domain's? */
static bool is_domain(const struct options *options, const struct err *err, struct dns_srvs *found)
{
    bool may_be = err_is(err, ERR_NO_SUCH_HOST) || err_is(err, ERR_NO_PRINCIPAL) ||
                  err_is(err, ERR_WRONG_REALM) || err_is(err, ERR_TLS_NAME) ||
                  err_is(err, ERR_REFUSED);
    *found = (struct dns_srvs){NULL, 0};
    if (!may_be)
        return false;
    struct err *none = dns_find_dcs(options->signin.host, found);
    err_free(none);
    return !none;
}

static struct err *name_one(const char *domain, const struct dns_srvs *found)
{
    struct str names = STR_INIT;
    for (size_t i = 0; i < found->count && i < MOST_TRIES; i++)
        str_addf(&names, "%s%s", i ? ", " : "", found->items[i].host);
    struct err *err = err_next(err_new(ERR_OPERATOR, ERR_USAGE,
                                       "%s is a domain; with -x a password goes to a server that "
                                       "you name.",
                                       domain),
                               "Name one of its domain controllers: %s%s.", str_text(&names),
                               found->count > MOST_TRIES ? ", ..." : "");
    str_release(&names);
    return err;
}

static struct err *try_domain(struct options *options, struct batch_io *io,
                              const struct dns_srvs *found, struct session **out)
{
    char *domain = mem_text(options->signin.host);
    struct err *err = options->signin.auth == AUTH_SIMPLE ? name_one(domain, found)
                                                          : try_found(options, found, out);
    if (!err) {
        struct err *news =
            err_new(ERR_DIRECTORY, ERR_OTHER, "%s is a domain: the copy of %s is read.", domain,
                    session_server(*out)->host);
        batch_io_say(io, news);
        err_free(news);
    }
    free(domain);
    return err;
}

static struct err *try_named(struct options *options, struct batch_io *io, struct session **out)
{
    struct dns_srvs found;
    struct err *err = try_one(&options->signin, out);
    if (is_domain(options, err, &found)) {
        err_free(err);
        err = try_domain(options, io, &found, out);
    }
    dns_srvs_release(&found);
    return err;
}

static struct err *connect_somewhere(struct options *options, struct batch_io *io,
                                     const struct subject *subject, struct session **out)
{
    if (options->signin.host)
        return try_named(options, io, out);
    if (subject && subject->destination)
        return try_destination(options, subject->destination, out);
    struct dns_srvs found = {NULL, 0};
    struct err *err = find_dcs(&found);
    if (!err)
        err = try_found(options, &found, out);
    dns_srvs_release(&found);
    return err;
}

static void say_other_name(struct batch_io *io, const struct server *server)
{
    if (!server_other_name(server))
        return;
    struct err *news =
        err_new(ERR_DIRECTORY, ERR_OTHER, "%s answered as %s: that DC's copy is read.",
                server->asked, server->host);
    batch_io_say(io, news);
    err_free(news);
}

struct err *batch_connect(struct options *options, struct batch_io *io,
                          const struct subject *subject, struct session **out)
{
    *out = NULL;
    struct err *err = ask_password(options);
    if (!err)
        err = connect_somewhere(options, io, subject, out);
    secret_free(options->signin.password); /* sent, or never needed */
    options->signin.password = NULL;
    if (!err)
        say_other_name(io, session_server(*out));
    return err;
}
