/* The whole forest on one page: what was read, the faults by site, what to do next. A finding is
 * one row with all columns, as wide as the terminal and nowhere cut in a pipe; what the row cannot
 * say is one command away (dcmend diagnose GUID). */
#include "ui/batch_parts.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/jobs/scan.h"
#include "ui/batch_every.h"
#include "ui/batch_json.h"
#include "ui/batch_monitor.h"
#include "ui/batch_table.h"
#include "ui/batch_text.h"
#include "ui/command_line.h"
#include "ui/output.h"

#include <stdlib.h>
#include <unistd.h>

enum { UNREADABLE_MOST = 20 };

static const char *name_of(const struct server *server)
{
    return server->dns_host ? server->dns_host : server->host;
}

/* ---- JSON ---- */

static json_t *counts_object(const struct scan *scan)
{
    json_t *object = json_object();
    for (int kind = 0; kind < VERDICT_KINDS; kind++)
        json_object_set_new(object, verdict_name((enum verdict_kind)kind),
                            json_integer((json_int_t)scan->counts[kind]));
    return object;
}

static json_t *findings_array(const struct monitor_run *run)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->scan->count; i++) {
        const struct scan_finding *item = &run->scan->items[i];
        json_t *object = batch_json_finding(&item->facts, &item->verdict);
        if (run->every)
            batch_every_json_finding(object, run->every, item);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *leftovers_array(const struct survey *survey)
{
    json_t *array = json_array();
    for (size_t i = 0; i < survey->leftover_count; i++) {
        json_t *item = json_object();
        json_object_set_new(item, "server_dn", batch_json_dn(survey->leftovers[i].dn));
        json_object_set_new(item, "name", batch_json_text(survey->leftovers[i].name));
        json_object_set_new(item, "site", batch_json_text(survey->leftovers[i].site));
        json_array_append_new(array, item);
    }
    return array;
}

static json_t *json_of(const struct monitor_run *run)
{
    const struct server *server = run->server;
    const struct scan *scan = run->scan;
    json_t *object = batch_json_object();
    json_object_set_new(object, "server", batch_json_dn(name_of(server)));
    json_object_set_new(object, "forest", batch_json_dn(server->forest));
    json_object_set_new(object, "counts", counts_object(scan));
    json_object_set_new(object, "complete", json_boolean(scan->survey.complete));
    json_object_set_new(object, "incomplete", batch_json_text(scan->survey.why));
    json_object_set_new(object, "findings", findings_array(run));
    json_object_set_new(object, "leftovers", leftovers_array(&scan->survey));
    if (run->every)
        batch_every_json(object, run->every);
    return object;
}

/* ---- text ---- */

static void add_row(struct batch_table *table, const struct monitor_run *run,
                    const struct scan_finding *item)
{
    char guid[GUID_TEXT];
    bool present = item->facts.dsa.part == PART_PRESENT;
    char *site = scan_site(&item->facts), *name = scan_name(&item->facts);
    char *on = run->every ? every_dc_on(run->every, item) : NULL;
    batch_table_add(table, site);
    batch_table_add(table, name);
    batch_table_add(table, scan_word(&item->verdict));
    if (run->every)
        batch_table_add(table, on);
    batch_table_add(table, guid_text(present ? &item->facts.dsa.guid : &item->facts.asked, guid));
    free(on);
    free(name);
    free(site);
}

/* Where nothing could be judged, the rows would only repeat that. */
static void add_findings(struct str *out, const struct monitor_run *run)
{
    static const struct batch_column of_one[] = {
        {"Site", 1}, {"Server", 2}, {"Verdict", 0}, {"DSA", 0}};
    static const struct batch_column of_all[] = {
        {"Site", 1}, {"Server", 2}, {"Verdict", 0}, {"On", 0}, {"DSA", 0}};
    struct batch_table table = {
        run->every ? of_all : of_one, run->every ? 5 : 4, run->plain, {NULL, 0}};
    const struct scan *scan = run->scan;
    size_t unreadable = 0;
    for (size_t i = 0; i < scan->count; i++) {
        bool dark = scan->items[i].verdict.kind == VERDICT_UNREADABLE;
        if (!dark || ++unreadable <= UNREADABLE_MOST)
            add_row(&table, run, &scan->items[i]);
    }
    str_add(out, scan->count > 0 ? "\n" : "");
    batch_table_write(out, &table, run->columns);
    if (unreadable > UNREADABLE_MOST)
        str_addf(out, "... and %zu more that could not be judged (--json lists them all)\n",
                 unreadable - UNREADABLE_MOST);
    batch_table_release(&table);
}

static void add_leftovers(struct str *out, const struct monitor_run *run)
{
    const struct survey *survey = &run->scan->survey;
    if (survey->leftover_count == 0)
        return;
    str_add(out, "\nServer objects without NTDS Settings (leftovers, or DCs to be)\n");
    for (size_t i = 0; i < survey->leftover_count; i++) {
        const struct survey_leftover *leftover = &survey->leftovers[i];
        char *line = leftover->name && leftover->site
                         ? str_format("%s, site %s", leftover->name, leftover->site)
                         : mem_text(leftover->dn);
        batch_text_item(out, line, run->columns, run->plain);
        free(line);
    }
}

static size_t count_failing(const struct scan *scan)
{
    size_t count = 0;
    for (size_t i = 0; i < scan->count; i++)
        count += findings_has(&scan->items[i].verdict.side, SIDE_REPLICATION_8589);
    return count;
}

static void add_summary(struct str *out, const struct monitor_run *run)
{
    const struct server *server = run->server;
    const struct scan *scan = run->scan;
    struct str line = STR_INIT;
    str_addf(&line, "%zu of %zu domain controllers are healthy on %s's copy of forest %s.",
             scan->counts[VERDICT_HEALTHY], scan->survey.dsas, name_of(server),
             server->forest ? server->forest : "?");
    batch_text_paragraph(out, str_text(&line), run->columns, run->plain);
    str_clear(&line);
    for (int kind = 0; kind < VERDICT_KINDS; kind++)
        if (scan->counts[kind] > 0)
            str_addf(&line, "%s%s %zu", line.len ? ", " : "", verdict_name((enum verdict_kind)kind),
                     scan->counts[kind]);
    batch_text_field(out, "Verdicts", line.len ? str_text(&line) : "none", run->columns,
                     run->plain);
    str_clear(&line);
    str_addf(&line, "replication with %zu of them fails with error 8589 now", count_failing(scan));
    if (count_failing(scan) > 0)
        batch_text_field(out, "Links", str_text(&line), run->columns, run->plain);
    str_clear(&line);
    if (run->every)
        str_addf(&line, "%zu of %zu domain controllers were read", run->every->read,
                 run->every->dc_count);
    if (run->every)
        batch_text_field(out, "Copies", str_text(&line), run->columns, run->plain);
    if (!scan->survey.complete)
        batch_text_field(out, "Missing", scan->survey.why, run->columns, run->plain);
    str_release(&line);
}

static void add_command(struct str *out, const char *label, enum command command,
                        const struct monitor_run *run)
{
    char *line = command_line(command, "GUID", &run->options->signin, run->options->password_file,
                              run->every ? NULL : run->server);
    batch_text_field(out, label, line, run->columns, run->plain);
    free(line);
}

static void add_next(struct str *out, const struct monitor_run *run)
{
    if (run->scan->count == 0)
        return;
    str_addc(out, '\n');
    if (run->every)
        batch_text_field(out, "Next",
                         "A copy is repaired where it is broken: name that DC as SERVER.",
                         run->columns, run->plain);
    add_command(out, "Proof", COMMAND_DIAGNOSE, run);
    add_command(out, "Repair", COMMAND_WIZARD, run);
}

static void text_of(struct str *out, const struct monitor_run *run)
{
    add_summary(out, run);
    add_findings(out, run);
    if (run->every)
        batch_every_text(out, run->every, run->columns, run->plain);
    add_leftovers(out, run);
    add_next(out, run);
}

/* ---- the command ---- */

struct meter {
    FILE *errors;
    bool shown;
    int64_t since;
};

/* Only where somebody watches. */
static void show_progress(void *context, size_t servers)
{
    struct meter *meter = context;
    if (!meter->errors)
        return;
    (void)fprintf(meter->errors, "\r%zu server objects read", servers);
    (void)fflush(meter->errors);
    meter->shown = true;
}

/* The estimate takes the rest to be as fast as what is done. */
static void show_dcs(void *context, size_t done, size_t total)
{
    struct meter *meter = context;
    if (!meter->errors || done == 0)
        return;
    long left =
        (long)((clock_ms() - meter->since) / 1000 * (int64_t)(total - done) / (int64_t)done);
    (void)fprintf(meter->errors, "\r%zu of %zu domain controllers asked, about %ld s left   ", done,
                  total, left);
    (void)fflush(meter->errors);
    meter->shown = true;
}

static struct err *trouble_of(const struct monitor_run *run)
{
    const struct scan *scan = run->scan;
    size_t unreadable = scan->counts[VERDICT_UNREADABLE];
    size_t unread = run->every ? run->every->dc_count - run->every->read : 0;
    if (!scan->survey.complete)
        return err_new(ERR_DIRECTORY, ERR_LIMIT, "The scan is incomplete. %s", scan->survey.why);
    if (unreadable > 0)
        return err_next(err_new(ERR_DIRECTORY, ERR_NO_RIGHT,
                                "The scan is incomplete: %zu DSA%s could not be judged.",
                                unreadable, unreadable == 1 ? "" : "s"),
                        "dcmend diagnose GUID says what could not be read and what to do.");
    if (unread > 0)
        return err_new(ERR_NETWORK, ERR_UNREACHABLE,
                       "The check is incomplete: %zu of %zu domain controllers were not read.",
                       unread, run->every->dc_count);
    return NULL;
}

static void say_trouble(struct batch_io *io, const struct monitor_run *run)
{
    struct err *err = trouble_of(run);
    batch_io_say(io, err);
    err_free(err);
}

static int status_of(const struct monitor_run *run)
{
    return run->every ? every_dc_status(run->every) : scan_status(run->scan);
}

/* Nagios reads the status that its line says; everybody else the commands' own. */
static void print_monitor(struct batch_io *io, const struct monitor_run *run)
{
    struct str text = STR_INIT;
    int status = status_of(run);
    if (io->monitor == MONITOR_NAGIOS)
        status = (int)monitor_nagios(&text, run);
    else
        monitor_prometheus(&text, run);
    batch_io_emit(io, &text);
    batch_io_raise(io, status);
}

static void print(struct batch_io *io, const struct monitor_run *run)
{
    struct str text = STR_INIT;
    if (io->json)
        batch_json_add(&text, json_of(run));
    else
        text_of(&text, run);
    batch_io_emit(io, &text);
    batch_io_raise(io, status_of(run));
}

/* One DC's copy, or every DC's. */
static struct err *read_copies(struct session *session, struct meter *meter, bool every_dc,
                               struct every_dc *every)
{
    struct every_dc_way way = {.progress = show_dcs, .context = meter};
    if (every_dc)
        return every_dc_run(session, NULL, &way, every);
    return scan_run(session, NULL, show_progress, meter, &every->scan);
}

static void check(struct batch_io *io, struct session *session, const struct options *options,
                  int64_t since)
{
    struct every_dc every = {.dcs = NULL};
    bool every_dc = options->every_dc;
    bool watched = !io->json && !io->monitor && isatty(STDERR_FILENO) && isatty(STDOUT_FILENO);
    struct meter meter = {.errors = watched ? io->errors : NULL, .since = clock_ms()};
    struct err *err = read_copies(session, &meter, every_dc, &every);
    if (meter.shown)
        (void)fprintf(io->errors, "\r%70s\r", "");
    if (err) {
        batch_io_fail(io, err);
        return;
    }
    struct monitor_run run = {session_server(session),
                              &every.scan,
                              every_dc ? &every : NULL,
                              time(NULL),
                              (double)(clock_ms() - since) / 1000,
                              io->plain,
                              output_columns(io->out),
                              options};
    if (io->monitor)
        print_monitor(io, &run);
    else
        print(io, &run);
    say_trouble(io, &run);
    every_dc_release(&every);
}

void batch_check(struct options *options, struct batch_io *io)
{
    struct session *session;
    int64_t since = clock_ms();
    struct err *err = batch_connect(options, io, NULL, &session);
    if (err) {
        batch_io_fail(io, err);
        return;
    }
    check(io, session, options, since);
    session_close(session);
}
