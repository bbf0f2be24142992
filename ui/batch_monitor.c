/* Names of the directory are cleaned and lose what would end a label or the first line; numbers
 * come from the same counts as the page of text and the JSON object. */
#include "ui/batch_monitor.h"

#include "ui/output.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 5 }; /* on the first line */

static const char *name_of(const struct server *server)
{
    return server->dns_host ? server->dns_host : server->host;
}

static bool fails_now(const struct scan_finding *item)
{
    return findings_has(&item->verdict.side, SIDE_REPLICATION_8589);
}

static size_t count_failing(const struct scan *scan)
{
    size_t count = 0;
    for (size_t i = 0; i < scan->count; i++)
        count += fails_now(&scan->items[i]);
    return count;
}

static size_t count_unread(const struct monitor_run *run)
{
    return run->every ? run->every->dc_count - run->every->read : 0;
}

/* ---- Nagios ---- */

static enum nagios state_of_verdict(enum verdict_kind kind)
{
    static const enum nagios states[] = {
        [WEIGHT_NONE] = NAGIOS_OK,
        [WEIGHT_WARNING] = NAGIOS_WARNING,
        [WEIGHT_FAULT] = NAGIOS_CRITICAL,
        [WEIGHT_UNREAD] = NAGIOS_UNKNOWN,
    };
    return states[verdict_row(kind)->weight];
}

static enum nagios state_of(const struct scan_finding *item)
{
    bool differs = findings_has(&item->verdict.side, SIDE_COPIES_DIFFER);
    return fails_now(item) || differs ? NAGIOS_CRITICAL : state_of_verdict(item->verdict.kind);
}

/* What could not be asked weighs more than a warning, and less than what is known to be broken. */
static enum nagios state_of_run(const struct monitor_run *run)
{
    const struct scan *scan = run->scan;
    bool seen[NAGIOS_UNKNOWN + 1] = {false};
    seen[NAGIOS_UNKNOWN] = !scan->survey.complete || count_unread(run) > 0;
    seen[NAGIOS_WARNING] = run->every && run->every->dsa_count > 0;
    for (size_t i = 0; i < scan->count; i++)
        seen[state_of(&scan->items[i])] = true;
    return seen[NAGIOS_CRITICAL]  ? NAGIOS_CRITICAL
           : seen[NAGIOS_UNKNOWN] ? NAGIOS_UNKNOWN
           : seen[NAGIOS_WARNING] ? NAGIOS_WARNING
                                  : NAGIOS_OK;
}

static void add_clean(struct str *out, const char *raw, bool plain)
{
    char *text = output_text(raw, plain);
    for (char *p = text; *p; p++)
        str_addc(out, *p == '|' ? '/' : *p);
    free(text);
}

static void add_named(struct str *out, const struct scan_finding *item, bool plain)
{
    char *name = scan_name(&item->facts);
    add_clean(out, *name ? name : "?", plain);
    str_addf(out, " %s", scan_word(&item->verdict));
    free(name);
}

/* The gravest first: those of the state that the line gives. */
static void add_names(struct str *out, const struct scan *scan, enum nagios state, bool plain)
{
    size_t named = 0, all = 0;
    for (size_t i = 0; i < scan->count; i++) {
        if (state_of(&scan->items[i]) != state || ++all > NAMES_MOST)
            continue;
        str_add(out, named++ ? ", " : ": ");
        add_named(out, &scan->items[i], plain);
    }
    if (all > named)
        str_addf(out, " and %zu more", all - named);
}

static void add_first_line(struct str *out, const struct monitor_run *run, enum nagios state)
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    const struct scan *scan = run->scan;
    str_addf(out, "DCMEND %s - %zu of %zu domain controllers healthy on ", words[state],
             scan->counts[VERDICT_HEALTHY], scan->survey.dsas);
    add_clean(out, name_of(run->server), run->plain);
    add_names(out, scan, state, run->plain);
    if (count_unread(run) > 0)
        str_addf(out, "; %zu of %zu not read", count_unread(run), run->every->dc_count);
    if (run->every && run->every->dsa_count > 0)
        str_addf(out, "; %zu DSA%s that only some know", run->every->dsa_count,
                 run->every->dsa_count == 1 ? "" : "s");
    if (!scan->survey.complete) {
        str_add(out, "; incomplete: ");
        add_clean(out, scan->survey.why, run->plain);
    }
}

/* 'label'=value;warn;crit;min;max */
static void add_performance(struct str *out, const struct monitor_run *run)
{
    const struct scan *scan = run->scan;
    str_addf(out, " | dsas=%zu;;;0 findings=%zu;;;0 failing_8589=%zu;;0;0", scan->survey.dsas,
             scan->count, count_failing(scan));
    for (int kind = 0; kind < VERDICT_KINDS; kind++) {
        enum nagios state = state_of_verdict((enum verdict_kind)kind);
        str_addf(out, " '%s'=%zu;%s;%s;0", verdict_name((enum verdict_kind)kind),
                 scan->counts[kind], state == NAGIOS_WARNING ? "0" : "",
                 state == NAGIOS_CRITICAL ? "0" : "");
    }
    if (run->every)
        str_addf(out, " dcs_read=%zu;;;0 dcs_unread=%zu;0;;0", run->every->read, count_unread(run));
    str_addf(out, " time=%.3fs;;;0\n", run->seconds);
}

static void add_shown(struct str *out, const struct monitor_run *run,
                      const struct scan_finding *item)
{
    char *shown = run->every ? every_dc_shown(run->every, item) : NULL;
    if (shown) {
        str_add(out, ", on ");
        add_clean(out, shown, run->plain);
    }
    str_addc(out, '\n');
    free(shown);
}

static void add_long_text(struct str *out, const struct monitor_run *run)
{
    for (size_t i = 0; i < run->scan->count; i++) {
        const struct scan_finding *item = &run->scan->items[i];
        char *site = scan_site(&item->facts), guid[GUID_TEXT];
        bool present = item->facts.dsa.part == PART_PRESENT;
        add_named(out, item, run->plain);
        str_add(out, ", site ");
        add_clean(out, *site ? site : "?", run->plain);
        str_addf(out, ", DSA %s",
                 guid_text(present ? &item->facts.dsa.guid : &item->facts.asked, guid));
        add_shown(out, run, item);
        free(site);
    }
    for (size_t i = 0; run->every && i < run->every->dc_count; i++) {
        const struct every_dc_dc *dc = &run->every->dcs[i];
        if (dc->read)
            continue;
        add_clean(out, dc->server, run->plain);
        str_add(out, " not read: ");
        add_clean(out, dc->why, run->plain);
        str_addc(out, '\n');
    }
}

enum nagios monitor_nagios(struct str *out, const struct monitor_run *run)
{
    enum nagios state = state_of_run(run);
    add_first_line(out, run, state);
    add_performance(out, run);
    add_long_text(out, run);
    return state;
}

enum nagios monitor_nagios_failed(struct str *out, const struct err *err, bool plain)
{
    str_add(out, "DCMEND UNKNOWN - ");
    add_clean(out, err->text, plain);
    if (err->next) {
        str_addc(out, ' ');
        add_clean(out, err->next, plain);
    }
    str_addc(out, '\n');
    return NAGIOS_UNKNOWN;
}

/* ---- Prometheus ---- */

static void add_help(struct str *out, const char *name, const char *help)
{
    str_addf(out, "# HELP dcmend_%s %s\n# TYPE dcmend_%s gauge\n", name, help, name);
}

static void add_label(struct str *out, const char *raw)
{
    char *text = output_text(raw, false);
    for (const char *p = text; *p; p++) {
        if (*p == '\\' || *p == '"')
            str_addc(out, '\\');
        str_addc(out, *p);
    }
    free(text);
}

/* Where the series come from: {server="..",forest=".." */
static void add_origin(struct str *out, const char *name, const struct server *server)
{
    str_addf(out, "dcmend_%s{server=\"", name);
    add_label(out, name_of(server));
    str_add(out, "\",forest=\"");
    add_label(out, server->forest);
    str_addc(out, '"');
}

static void add_gauge(struct str *out, const struct monitor_run *run, const char *name,
                      const char *help, double value)
{
    add_help(out, name, help);
    add_origin(out, name, run->server);
    str_addf(out, "} %.15g\n", value);
}

static void add_up(struct str *out, bool up, time_t at)
{
    add_help(out, "up", "Whether the check could be run.");
    str_addf(out, "dcmend_up %d\n", up);
    add_help(out, "run_timestamp_seconds", "When the check ended, in seconds since 1970 (UTC).");
    str_addf(out, "dcmend_run_timestamp_seconds %lld\n", (long long)at);
}

void monitor_prometheus(struct str *out, const struct monitor_run *run)
{
    const struct scan *scan = run->scan;
    add_up(out, true, run->at);
    add_help(out, "dsas", "Domain controllers by verdict on their serverReference.");
    for (int kind = 0; kind < VERDICT_KINDS; kind++) {
        add_origin(out, "dsas", run->server);
        str_addf(out, ",verdict=\"%s\"} %zu\n", verdict_name((enum verdict_kind)kind),
                 scan->counts[kind]);
    }
    add_gauge(out, run, "findings", "Domain controllers that are to be looked at.",
              (double)scan->count);
    add_gauge(out, run, "failing_8589", "Partners whose replication fails with error 8589 now.",
              (double)count_failing(scan));
    add_gauge(out, run, "leftovers", "Server objects without NTDS Settings.",
              (double)scan->survey.leftover_count);
    add_gauge(out, run, "complete", "Whether everything was read.", scan->survey.complete);
    add_gauge(out, run, "dcs_read", "Domain controllers whose copy was read.",
              run->every ? (double)run->every->read : 1);
    if (run->every) {
        add_gauge(out, run, "dcs_unread", "Domain controllers whose copy could not be read.",
                  (double)count_unread(run));
        add_gauge(out, run, "dsas_on_some", "NTDS Settings that only some domain controllers know.",
                  (double)run->every->dsa_count);
    }
    add_gauge(out, run, "duration_seconds", "How long the check took.", run->seconds);
}

void monitor_prometheus_failed(struct str *out, time_t at)
{
    add_up(out, false, at);
}
