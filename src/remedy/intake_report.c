/* repadmin /showrepl and samba-tool drs showrepl as text. The order of things carries the meaning,
 * not the labels, so that a translated report reads the same: the first GUID is the reporting DC's,
 * the next one its invocationID; within a neighbour the first GUID is the partner's; the first '@'
 * is the last attempt, the second the last success; "====" rules part inbound, outbound and the
 * rest. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"
#include "src/model/host.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AHEAD = 6, LOOK_BYTES = 400 };

static bool holds_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += len)
        if (at > text && strchr(" (\t", at[-1]) && (!at[len] || strchr(" )\t", at[len])))
            return true;
    return false;
}

/* "Houston\DC5 via RPC", "Houston\DC5\0ADEL:... via RPC", "(RPC ...)" in other languages */
static bool is_neighbour(const char *text)
{
    struct intake_names names;
    return intake_find_names(text, &names) && strnlen(names.rest, LOOK_BYTES) < LOOK_BYTES &&
           (holds_word(names.rest, "RPC") || holds_word(names.rest, "SMTP"));
}

/* "Liverpool\LIVDC01" alone; the article's sample has "DSA Options" glued to it. */
static bool is_header(const char *text)
{
    struct intake_names names;
    return intake_find_names(text, &names) &&
           (intake_blank(names.rest) || str_starts_case(names.rest, " Options:"));
}

static bool holds_guid(const char *text, bool labelled)
{
    struct intake_scan scan = {text, text};
    struct intake_token token;
    if (strnlen(text, LOOK_BYTES) == LOOK_BYTES || (labelled && !strchr(text, ':')))
        return false;
    while (intake_next_token(&scan, &token))
        if (token.kind == INTAKE_GUID)
            return true;
    return false;
}

static bool guid_follows(struct intake_lines ahead)
{
    struct intake_line line;
    for (int i = 0; i < LOOK_AHEAD && intake_next_filled(&ahead, &line); i++) {
        if (holds_guid(line.text, true))
            return true;
        if (is_neighbour(line.text) || *intake_skip(line.text) == '=')
            return true;
        if (intake_event_in(line.text))
            return false;
    }
    return false;
}

static bool is_rule(const char *text)
{
    text = intake_skip(text);
    return strncmp(text, "====", 4) == 0 && text[strspn(text, "= ")] != '\0';
}

/* "Source: Site\Server" with "*** n CONSECUTIVE FAILURES" below it. */
static const char *trailer_names(const char *text, struct intake_lines ahead)
{
    struct intake_line next;
    const char *colon = strchr(text, ':');
    if (!colon || !strchr(colon, '\\') || !is_header(colon + 1))
        return NULL;
    return intake_next_filled(&ahead, &next) && *intake_skip(next.text) == '*' ? colon + 1 : NULL;
}

static bool is_dsa_guid(const char *text)
{
    return str_find_case(text, "DSA") && str_find_case(text, "GUID") && holds_guid(text, true);
}

bool intake_report_starts(const struct intake_report *report, const struct intake_line *line,
                          struct intake_lines ahead)
{
    const char *text = line->text;
    if (line->len >= LOOK_BYTES)
        return false;
    if (is_neighbour(text) || trailer_names(text, ahead))
        return true;
    if (is_rule(text) && (report->open || str_find_case(text, "NEIGHBOR") || guid_follows(ahead)))
        return true;
    if (is_header(text) && guid_follows(ahead))
        return true;
    return !report->open && is_dsa_guid(text);
}

static char *full_name(const struct subject_dsa *dsa)
{
    return dsa->server ? str_format("%s%s%s", dsa->site ? dsa->site : "", dsa->site ? "\\" : "",
                                    dsa->server)
                       : NULL;
}

static enum subject_source source_of(const struct intake_report *report)
{
    if (report->failcache)
        return SUBJECT_FAILCACHE;
    return report->samba ? SUBJECT_SAMBA_SHOWREPL : SUBJECT_SHOWREPL;
}

static void flush_neighbour(struct intake_report *report, struct intake *in)
{
    struct subject_dsa *dsa = &report->dsa;
    if (!report->neighbour)
        return;
    bool meant = dsa->status == DS_NO_SERVER_REFERENCE || dsa->status == DS_DELETED_DOMAIN;
    bool outbound = report->section == REPORT_OUTBOUND;
    char *name = full_name(dsa);
    if (meant || !outbound)
        intake_see_code(in, dsa->status, name);
    free(name);
    report->place.failing = report->place.failing || meant;
    dsa->hypothesis = true;
    dsa->source = source_of(report);
    if (!meant) {
        dsa->status = 0;
        mem_set(&dsa->last_attempt, NULL);
    }
    intake_add(in, dsa, !meant ? INTAKE_NAMED : outbound ? INTAKE_OUTBOUND : INTAKE_MEANT);
    report->neighbour = false;
}

static void start_neighbour(struct intake_report *report, struct intake *in, size_t line)
{
    flush_neighbour(report, in);
    report->neighbour = true;
    report->trailer = report->attempted = report->succeeded = false;
    report->dsa = (struct subject_dsa){.line = line};
    if (report->section == REPORT_HEAD)
        report->section = REPORT_INBOUND;
}

static void start_named(struct intake_report *report, struct intake *in, const char *text,
                        size_t line)
{
    const char *rest;
    start_neighbour(report, in, line);
    if (intake_site_server(text, &report->dsa.site, &report->dsa.server, &rest))
        report->dsa.deleted_mark = str_find_case(rest, "DEL:") || str_find_case(rest, "(deleted");
}

static void start_report(struct intake_report *report, struct intake *in,
                         const struct intake_line *line)
{
    const char *rest;
    intake_report_close(report, in);
    *report = (struct intake_report){.open = true, .failcache = in->failcache};
    struct intake_place *place = &report->place;
    place->line = line->number;
    if (!is_header(line->text) ||
        !intake_site_server(line->text, &place->site, &place->host, &rest))
        return;
    size_t len = strlen(place->host);
    if (!intake_blank(rest) && len > 3 && str_same_case(place->host + len - 3, "DSA"))
        place->host[len - 3] = '\0'; /* "LIVDC01DSA Options:" */
}

/* "==== KCC LINK FAILURES ====": the partners that the KCC has failed with. A replication report
 * ends in "KCC CONNECTION OBJECTS", and /failcache has no head. */
static bool is_failcache_rule(const struct intake_report *report, const char *text)
{
    bool first = report->section == REPORT_HEAD && !report->place.has_dsa && !report->place.host;
    return (report->failcache || first) && str_find_case(text, "KCC") &&
           !str_find_case(text, "OBJ");
}

static void next_section(struct intake_report *report, struct intake *in, const char *text)
{
    flush_neighbour(report, in);
    report->failcache = is_failcache_rule(report, text);
    if (report->failcache || str_find_case(text, "INBOUND"))
        report->section = REPORT_INBOUND;
    else if (str_find_case(text, "OUTBOUND"))
        report->section = REPORT_OUTBOUND;
    else if (str_find_case(text, "KCC") || report->section >= REPORT_OUTBOUND)
        report->section = REPORT_OTHER;
    else
        report->section = report->section == REPORT_HEAD ? REPORT_INBOUND : REPORT_OUTBOUND;
}

/* A GUID-based name that is neither this neighbour's nor the reporter's was put there by a person.
 */
static void take_foreign(const struct intake_report *report, struct intake *in,
                         const struct intake_token *token, size_t line)
{
    bool own = (report->place.has_dsa && guid_equal(&report->place.dsa, &token->guid)) ||
               (report->dsa.has_guid && guid_equal(&report->dsa.guid, &token->guid));
    if (!own && token->msdcs)
        intake_add_guid(in, token, line, SUBJECT_MSDCS_NAME);
}

/* A partner's GUID stands in front of its attempt: one behind it is another partner's, whose name
 * could not be read (a ticket system ate the backslash). */
static bool is_next_partner(const struct intake_report *report, const struct intake_token *token,
                            const char *text)
{
    return report->attempted && !report->trailer && !token->msdcs &&
           intake_guid_label(text, token->at);
}

static void take_guid(struct intake_report *report, struct intake *in,
                      const struct intake_token *token, const char *text, size_t line)
{
    if (token->weak || token->deleted || token->conflict ||
        (!token->msdcs && intake_foreign_label(text, token->at)))
        return;
    if (report->section == REPORT_HEAD && !report->place.has_dsa) {
        report->place.has_dsa = true;
        report->place.dsa = token->guid;
        return;
    }
    bool body = report->section == REPORT_INBOUND || report->section == REPORT_OUTBOUND;
    if (body && (!report->neighbour || is_next_partner(report, token, text)))
        start_neighbour(report, in, line);
    if (body && !report->dsa.has_guid && !report->trailer) {
        report->dsa.has_guid = true;
        report->dsa.guid = token->guid;
        report->dsa.line = line;
    }
    if (body && token->msdcs && *token->forest && !report->dsa.forest &&
        guid_equal(&report->dsa.guid, &token->guid))
        report->dsa.forest = mem_text(token->forest);
    take_foreign(report, in, token, line);
}

static void take_dn(struct intake_report *report, struct intake *in, const struct intake_dn *dn,
                    size_t line)
{
    if (dn->kind != INTAKE_DN_NTDS || report->section == REPORT_OTHER)
        return;
    if (!report->neighbour || report->dsa.has_guid)
        start_neighbour(report, in, line);
    intake_fill_dn(&report->dsa, dn);
    report->dsa.has_guid = false; /* the GUID line follows and decides */
}

/* A neighbour whose report lost its head: what looked like the reporter's GUID is the partner's. */
static void take_headless(struct intake_report *report, struct intake *in, size_t line)
{
    struct guid guid = report->place.dsa;
    bool has_guid = report->place.has_dsa && !report->place.host;
    start_neighbour(report, in, line);
    report->dsa.has_guid = has_guid;
    report->dsa.guid = guid;
    report->place.has_dsa = report->place.has_dsa && !has_guid;
}

static void take_times(struct intake_report *report, struct intake *in,
                       const struct intake_line *line)
{
    const char *at = strchr(line->text, '@');
    if (at && report->section == REPORT_HEAD)
        take_headless(report, in, line->number);
    if (!report->neighbour)
        return;
    if (at && !report->attempted) {
        report->attempted = true;
        report->dsa.last_attempt = intake_when(at + 1);
        report->succeeded = str_find_case(at, "success") != NULL;
    } else if (at) {
        report->succeeded = true; /* the last success: nothing behind it is this attempt's */
    }
    if (!report->succeeded && report->dsa.status == 0)
        report->dsa.status = intake_code_in(line->text);
}

static void read_line(struct intake_report *report, struct intake *in,
                      const struct intake_line *line)
{
    struct intake_scan scan = {line->text, line->text};
    struct intake_token token;
    report->samba = report->samba || strstr(line->text, "WERR_") || strstr(line->text, "NTTIME(") ||
                    strstr(line->text, "invocationId:");
    while (intake_next_token(&scan, &token)) {
        if (token.kind == INTAKE_GUID)
            take_guid(report, in, &token, line->text, line->number);
        else if (token.kind == INTAKE_DN)
            take_dn(report, in, &token.dn, line->number);
    }
    if (report->section != REPORT_OTHER)
        take_times(report, in, line);
}

/* "Houston\DC5" with its GUID on the very next line, as /failcache lists partners. */
static bool is_failed_partner(const struct intake_report *report, const char *text,
                              struct intake_lines ahead)
{
    struct intake_line next;
    return report->open && report->failcache && is_header(text) &&
           intake_next_filled(&ahead, &next) && holds_guid(next.text, true);
}

void intake_report_line(struct intake_report *report, struct intake *in,
                        const struct intake_line *line, struct intake_lines ahead)
{
    const char *text = line->text;
    bool brief = line->len < LOOK_BYTES;
    if (!report->open && in->failcache)
        start_report(report, in, line);
    if (brief && is_failed_partner(report, text, ahead)) {
        report->section = REPORT_INBOUND;
        start_named(report, in, text, line->number);
        return;
    }
    bool header = brief && is_header(text) && guid_follows(ahead);
    const char *trailer = brief ? trailer_names(text, ahead) : NULL;
    if (!report->open || header)
        start_report(report, in, line);
    if (header)
        return;
    if (trailer) {
        report->section = REPORT_INBOUND;
        start_named(report, in, trailer, line->number);
        report->trailer = true; /* it has no GUID: one that follows is somebody else's */
    } else if (brief && is_neighbour(text)) {
        if (report->section == REPORT_OTHER)
            return;
        start_named(report, in, text, line->number);
    } else if (brief && is_rule(text)) {
        next_section(report, in, text);
    } else {
        if (str_starts_case(intake_skip(text), "Failing outbound"))
            next_section(report, in, text);
        read_line(report, in, line);
    }
}

/* The banner's name is often the full one of the DC that the head names; a report that lost its
 * head has no other. "localhost" and aliases never get here or do not match. */
static void lend_banner(struct intake_report *report, struct intake *in)
{
    struct intake_place *place = &report->place;
    if (!in->banner || (place->host && !host_matches(place->host, in->banner)))
        return;
    if (!place->host)
        place->line = in->banner_line;
    mem_set(&place->host, in->banner);
    mem_set(&in->banner, NULL);
}

void intake_report_close(struct intake_report *report, struct intake *in)
{
    if (!report->open)
        return;
    flush_neighbour(report, in);
    enum subject_source source = source_of(report);
    report->place.source = source;
    lend_banner(report, in);
    intake_add_place(in, &report->place);
    in->report = in->any_report ? in->report : source;
    in->any_report = true;
    free(report->place.host);
    free(report->place.site);
    in->failcache = false;
    *report = (struct intake_report){.open = false};
}
