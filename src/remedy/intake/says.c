/* What the operator is told: what was taken and from which line, on which DC the error was logged,
 * where to look for event 1411, and why a text was not enough. Plain sentences, one note each. */
#include "src/remedy/intake/says.h"

#include "src/base/str.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LOOK_NOTES = 3, MAX_DSA_NOTES = 64 };

static void say(struct subject *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct subject *out, const char *format, ...)
{
    struct str s = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&s, format, ap);
    va_end(ap);
    strs_own(&out->notes, str_steal(&s));
}

static const char *known_code(long code)
{
    return code_text(code) ? code_text(code) : "not known here";
}

static char *dsa_name(const struct subject_dsa *dsa)
{
    struct str s = STR_INIT;
    char guid[GUID_TEXT];
    if (dsa->has_guid)
        str_add(&s, guid_text(&dsa->guid, guid));
    if (dsa->server)
        str_addf(&s, dsa->has_guid ? " (%s%s%s)" : "%s%s%s", dsa->site ? dsa->site : "",
                 dsa->site ? "\\" : "", dsa->server);
    return str_steal(&s);
}

/* The DSA of a record that is not handed on, or a DC: for a sentence. */
static char *record_name(const struct record *r)
{
    struct subject_dsa dsa = {.has_guid = r->has_guid, .guid = r->guid};
    struct found_dn dn;
    if (r->dn && dn_scan(r->dn, &dn))
        dn_fill(&dsa, &dn);
    if (!dsa.server && r->server.at)
        dsa.server = str_format("%.*s", (int)r->server.len, r->server.at);
    if (!dsa.site && r->site.at)
        dsa.site = str_format("%.*s", (int)r->site.len, r->site.at);
    char *name = dsa_name(&dsa);
    free(dsa.server);
    free(dsa.site);
    free(dsa.ntds_dn);
    free(dsa.server_dn);
    return name;
}

static void say_dsa(struct subject *out, const struct subject_dsa *dsa)
{
    char *name = dsa_name(dsa);
    bool plain = dsa->source == SUBJECT_MSDCS_NAME || dsa->source == SUBJECT_GUID ||
                 dsa->source >= SUBJECT_DN;
    say(out, "Line %zu: %s, %s %s%s", dsa->line, name, plain ? "given as" : "taken from",
        subject_source_name(dsa->source),
        dsa->hypothesis ? ". This is a hypothesis: event 1411 may name another DSA." : ".");
    free(name);
}

/* Each destination once. */
static void say_places(const struct settled *settled, struct subject *out)
{
    char guid[GUID_TEXT];
    for (size_t i = 0; i < out->count; i++) {
        const struct subject_dsa *dsa = &out->dsas[i];
        bool said = !dsa->destination && !dsa->has_destination_dsa;
        for (size_t k = 0; k < i && !said; k++)
            said = str_same_case(out->dsas[k].destination, dsa->destination);
        if (said)
            continue;
        const struct record *best = settled->items[i].best;
        bool event = best->kind == RECORD_EVENT;
        say(out, "Line %zu: %s %s (%s); it is the destination%s%s.", settled->items[i].place.line,
            dsa->destination ? dsa->destination : "a DC without a name",
            event ? "logged the error" : "reported", subject_source_name(dsa->source),
            dsa->has_destination_dsa ? ", its own DSA is " : "",
            dsa->has_destination_dsa ? guid_text(&dsa->destination_dsa, guid) : "");
    }
}

static void say_doubts(struct subject *out, const struct subject_dsa *dsa)
{
    char *name = dsa_name(dsa);
    if (dsa->deleted_mark)
        say(out, "The text itself shows %s as deleted: a deleted DSA is never repaired.", name);
    if (dsa->status == ERROR_DOMAIN_GONE)
        say(out,
            "Error 8603 stands beside %s: its domain is gone from the forest, which no "
            "serverReference can repair.",
            name);
    else if (dsa->status && dsa->status != ERROR_NO_SERVER_REFERENCE)
        say(out, "Error %ld (%s) stands beside %s: that is another fault than 8589.", dsa->status,
            known_code(dsa->status), name);
    free(name);
}

char *say_other_fault(const struct settled *settled, const struct meant *meant)
{
    const struct record *event = meant->best->kind == RECORD_EVENT ? meant->best : settled->event;
    bool ours = event && event_is_ours(event->event, NULL);
    long code = meant->code || ours ? meant->code : settled->status;
    if (code)
        return code_is_fault(code) ? NULL : str_format("error %ld (%s)", code, known_code(code));
    if (!event || ours || !event_text(event->event))
        return NULL;
    return str_format("event %ld (%s)", event->event, event_text(event->event));
}

static void say_other_event(const struct settled *settled, struct subject *out)
{
    const struct record *event = settled->other_event;
    bool ours = out->count && out->dsas[0].status == ERROR_NO_SERVER_REFERENCE;
    if (event && !ours && !(event->has_code && code_is_fault(event->code)))
        say(out,
            "Event %ld is here (%s): it is about another fault than 8589, and nothing is "
            "repaired because of it.",
            event->event, event_text(event->event));
}

/* Option D of the article: the report gives the time at which the event was logged. */
static void say_where_to_look(struct subject *out)
{
    int said = 0;
    for (size_t i = 0; i < out->count && said < MAX_LOOK_NOTES; i++) {
        const struct subject_dsa *dsa = &out->dsas[i];
        if (!dsa->hypothesis || dsa->source == SUBJECT_DCDIAG_REFERENCES)
            continue;
        say(out,
            "On %s look for event 1411 in the Directory Service log at %s: the GUID in it decides.",
            dsa->destination ? dsa->destination : "the DC that made this report",
            dsa->last_attempt ? dsa->last_attempt : "the time of the last attempt");
        said++;
    }
}

static void say_conflict(struct subject *out)
{
    if (!out->conflict)
        return;
    bool events = out->dsas[0].source <= SUBJECT_EVENT_1272;
    say(out,
        "The text names %zu different DSAs%s; nothing is written for any of them until you pick "
        "one.",
        out->count, events ? ", the event's first" : "");
    for (size_t i = 1; i < out->count; i++)
        if (!out->dsas[i].has_guid && out->dsas[0].has_guid) {
            say(out, "A name without a GUID may turn out to be the same DSA.");
            return;
        }
}

static void say_status(const struct settled *settled, struct subject *out)
{
    if (out->count == 0)
        return;
    if (out->status == ERROR_DOMAIN_GONE)
        say(out, "The text names error 8603 and not 8589: the domain of the target is gone from "
                 "the forest.");
    else if (out->status && out->status != ERROR_NO_SERVER_REFERENCE)
        say(out,
            "The text names error %ld (%s) and not 8589: another fault; the DSA is read all the "
            "same.",
            out->status, known_code(out->status));
    else if (settled->other)
        say(out, "Error %ld (%s) is in the text too: another fault.", settled->other,
            known_code(settled->other));
}

static void say_dropped(const struct settled *settled, struct subject *out)
{
    for (size_t i = 0; i < settled->dropped_count; i++) {
        const struct record *r = settled->dropped[i];
        char *name = record_name(r);
        if (r->has_code)
            say(out, "Line %zu: %s was not taken: error %ld beside it is another fault.", r->line,
                name, r->code);
        else
            say(out, "Line %zu: %s was not taken: the text names a DSA more directly.", r->line,
                name);
        free(name);
    }
}

static void say_outbound(const struct settled *settled, struct subject *out)
{
    if (!settled->outbound)
        return;
    char *name = record_name(settled->outbound);
    say(out, "Line %zu: %s fails as an outbound partner only; it was not taken.",
        settled->outbound->line, name);
    free(name);
}

static char *sysvol_name(const struct settled *settled)
{
    char *name = record_name(settled->sysvol);
    if (*name)
        return name;
    free(name);
    return str_format("a DSA or account object");
}

static void say_damage(const struct records *records, const struct settled *settled,
                       struct subject *out)
{
    bool repaired = false, wire = false;
    for (size_t i = 0; i < settled->count; i++) {
        const struct meant *m = &settled->items[i];
        repaired = repaired || m->best->repaired_dn || (m->dn && m->dn->repaired_dn);
        wire = wire || m->best->wire;
    }
    if (repaired)
        say(out,
            "A DN in the text lacked a comma in front of DC=; it was read as if it were there.");
    if (wire)
        say(out, "The 32 hex digits were read in wire order, as ldifde and <GUID=...> show them.");
    if (settled->left_out || records->dropped)
        say(out, "More than %d DSAs are named; the rest was left out.", MAX_MEANT);
    if (settled->sysvol) {
        char *name = sysvol_name(settled);
        say(out,
            "A VerifyReferences complaint about %s concerns SYSVOL replication (FRS or DFSR "
            "members), not the serverReference of a server object; it was not taken.",
            name);
        free(name);
    }
}

void say_all(const struct records *records, const struct settled *settled, struct subject *out)
{
    for (size_t i = 0; i < out->count && i < MAX_DSA_NOTES; i++)
        say_dsa(out, &out->dsas[i]);
    say_places(settled, out);
    out->recap = out->notes.count;
    for (size_t i = 0; i < out->count; i++)
        say_doubts(out, &out->dsas[i]);
    say_other_event(settled, out);
    say_where_to_look(out);
    say_conflict(out);
    say_status(settled, out);
    say_dropped(settled, out);
    say_outbound(settled, out);
    say_damage(records, settled, out);
}

static const char paste_event[] =
    "Paste event 1411 of the DC that logs the error, with the line that holds"
    " a GUID and ._msdcs., or type that GUID.";

static struct err *nothing_in_report(const struct records *records, const struct settled *settled)
{
    enum subject_source source =
        settled->report->kind == RECORD_REPORT ? SUBJECT_SHOWREPL : record_source(settled->report);
    bool plain = source < SUBJECT_SHOWREPL || source >= SUBJECT_DN;
    const char *report = plain ? "table's" : subject_source_name(source);
    long other = settled->other;
    if (other && settled->status == other) {
        const char *text = code_text(other);
        char *name = settled->other_partner ? record_name(settled->other_partner) : NULL;
        const char *bracket = name ? strchr(name, '(') : NULL; /* the name without its GUID */
        char *who = bracket ? str_format("%.*s", (int)strlen(bracket) - 2, bracket + 1)
                            : str_format("%s", name ? name : "");
        struct err *err =
            err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                             "Nothing in this %s output fails with 8589; it names %ld%s%s%s%s%s.",
                             report, other, text ? " (" : "", text ? text : "", text ? ")" : "",
                             *who ? " for " : "", who),
                     "%ld is another fault and is not repaired here. If the DC also logs event 1411"
                     " with 8589, paste that event.",
                     other);
        free(who);
        free(name);
        return err;
    }
    if (settled->status == ERROR_NO_SERVER_REFERENCE)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "This %s output names 8589, but not for which partner.", report),
                        "%s", paste_event);
    (void)records;
    return err_next(
        err_new(ERR_OPERATOR, ERR_OTHER, "Nothing in this %s output fails with 8589.", report),
        "If the DC still logs event 1411, paste that event.");
}

static struct err *nothing_but_sysvol(const struct settled *settled)
{
    char *name = sysvol_name(settled);
    struct err *err = err_next(
        err_new(ERR_OPERATOR, ERR_OTHER,
                "This VerifyReferences complaint about %s is one about SYSVOL replication (FRS or"
                " DFSR members), not about the serverReference of a server object.",
                name),
        "It is often harmless and needs no repair here. For error 8589 paste event 1411.");
    free(name);
    return err;
}

static struct err *nothing_in_event(const struct settled *settled)
{
    const struct record *event = settled->event;
    if (!event_is_ours(event->event, NULL) && settled->status != ERROR_NO_SERVER_REFERENCE)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "Event %ld is here (%s): it is about another fault than 8589, and"
                                " names no DSA.",
                                event->event,
                                event_text(event->event) ? event_text(event->event)
                                                         : "not one that dcmend knows"),
                        "%s", paste_event);
    return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                            "Event %ld is here, but not the line that names the DSA.",
                            event->event),
                    "Copy the whole event: its text has a line with a GUID and ._msdcs. in it.");
}

static struct err *nothing_but_a_cut_guid(const struct records *records)
{
    return err_next(
        err_new(ERR_OPERATOR, ERR_OTHER,
                "The GUID in line %zu, \"%.*s\", looks like a GUID cut short.", records->cut_line,
                (int)records->cut.len, records->cut.at),
        "A GUID has 32 hex digits in five groups: 8-4-4-4-12. Copy all of it; connected,"
        " the wizard offers the DSAs that it may be.");
}

struct err *say_nothing(const struct records *records, const struct settled *settled)
{
    if (records->misread)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "The GUID in line %zu has letters that are no hex digits.",
                                records->misread),
                        "Screenshots turn 0 into O and 1 into l: copy it as text, or compare it"
                        " with the screen and type it.");
    if (records->cut.at)
        return nothing_but_a_cut_guid(records);
    if (settled->sysvol && settled->status != ERROR_NO_SERVER_REFERENCE)
        return nothing_but_sysvol(settled);
    if (settled->event)
        return nothing_in_event(settled);
    if (settled->report)
        return nothing_in_report(records, settled);
    if (code_is_fault(settled->status))
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "The text names error %ld, but not which DSA it is about.",
                                settled->status),
                        "%s", paste_event);
    if (settled->status)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "The text names error %ld (%s) and no DSA; this is not error 8589.",
                                settled->status, known_code(settled->status)),
                        "%s", paste_event);
    return err_next(
        err_new(ERR_OPERATOR, ERR_OTHER, "Nothing in this text names a domain controller."),
        "%s Output of repadmin /showrepl, dcdiag or samba-tool, a DN or a server's name will do"
        " too.",
        paste_event);
}
