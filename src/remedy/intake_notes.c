/* What the operator is told: what was taken and from which line, on which DC the error was logged,
 * where to look for event 1411, and why a text was not enough. Plain sentences, one note each. */
#include "src/remedy/intake_parts.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LOOK_NOTES = 3 };

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

char *intake_dsa_name(const struct subject_dsa *dsa)
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

static void say_dsa(struct subject *out, const struct subject_dsa *dsa)
{
    char *name = intake_dsa_name(dsa);
    bool plain = dsa->source == SUBJECT_MSDCS_NAME || dsa->source == SUBJECT_GUID ||
                 dsa->source >= SUBJECT_DN;
    say(out, "Line %zu: %s, %s %s%s", dsa->line, name, plain ? "given as" : "taken from",
        subject_source_name(dsa->source),
        dsa->hypothesis ? ". This is a hypothesis: event 1411 may name another DSA." : ".");
    free(name);
}

static void say_doubts(struct subject *out, const struct subject_dsa *dsa)
{
    char *name = intake_dsa_name(dsa);
    if (dsa->deleted_mark)
        say(out, "The text itself shows %s as deleted: a deleted DSA is never repaired.", name);
    if (dsa->status == DS_DELETED_DOMAIN)
        say(out,
            "Error 8603 stands beside %s: its domain is gone from the forest, which no "
            "serverReference"
            " can repair.",
            name);
    else if (dsa->status && dsa->status != DS_NO_SERVER_REFERENCE)
        say(out, "Error %ld (%s) stands beside %s: that is another fault than 8589.", dsa->status,
            intake_code_text(dsa->status) ? intake_code_text(dsa->status) : "not known here", name);
    free(name);
}

static void say_place(struct subject *out, const struct intake_place *place, bool chosen)
{
    char guid[GUID_TEXT];
    const char *host = place->host ? place->host : "a DC without a name";
    const char *verb = place->event ? "logged the error" : "reported";
    if (!chosen)
        say(out, "Line %zu: %s %s too; the first one is taken as the destination.", place->line,
            host, verb);
    else if (place->has_dsa)
        say(out, "Line %zu: %s %s (%s); it is the destination, its own DSA is %s.", place->line,
            host, verb, subject_source_name(place->source), guid_text(&place->dsa, guid));
    else
        say(out, "Line %zu: %s %s (%s); it is the destination.", place->line, host, verb,
            subject_source_name(place->source));
}

static void say_places(const struct intake *in, struct subject *out, bool destination)
{
    for (size_t i = 0; i < in->place_count; i++) {
        const struct intake_place *place = &in->places[i];
        bool chosen = out->destination ? str_same(place->host, out->destination)
                                       : !place->host && place->has_dsa;
        if (chosen == destination && (chosen || place->failing || place->event))
            say_place(out, place, chosen);
    }
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
            out->destination ? out->destination : "the DC that made this report",
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

static void say_status(const struct intake *in, struct subject *out)
{
    if (out->count == 0)
        return;
    if (out->status == DS_DELETED_DOMAIN)
        say(out, "The text names error 8603 and not 8589: the domain of the target is gone from "
                 "the forest.");
    else if (out->status && out->status != DS_NO_SERVER_REFERENCE)
        say(out,
            "The text names error %ld (%s) and not 8589: another fault; the DSA is read all the "
            "same.",
            out->status,
            intake_code_text(out->status) ? intake_code_text(out->status) : "not known here");
    else if (in->other_code)
        say(out, "Error %ld (%s) is in the text too: another fault.", in->other_code,
            intake_code_text(in->other_code) ? intake_code_text(in->other_code) : "not known here");
}

static void say_outbound(const struct intake *in, struct subject *out)
{
    for (size_t i = 0; i < in->count; i++) {
        if (in->finds[i].weight != INTAKE_OUTBOUND)
            continue;
        char *name = intake_dsa_name(&in->finds[i].dsa);
        say(out, "Line %zu: %s fails as an outbound partner only; it was not taken.",
            in->finds[i].dsa.line, name);
        free(name);
        return;
    }
}

static void say_damage(const struct intake *in, struct subject *out)
{
    if (in->repaired_dn)
        say(out,
            "A DN in the text lacked a comma in front of DC=; it was read as if it were there.");
    if (in->wire_order)
        say(out, "The 32 hex digits were read in wire order, as ldifde and <GUID=...> show them.");
    if (in->left_out)
        say(out, "More than %d DSAs are named; the rest was left out.", INTAKE_MAX_MEANT);
    if (in->too_large)
        say(out, "A JSON or XML document of more than %d MiB was not read.",
            INTAKE_MAX_DOCUMENT >> 20);
    if (in->any_sysvol)
        say(out,
            "A VerifyReferences complaint about %s concerns SYSVOL replication (FRS or DFSR "
            "members), not"
            " the serverReference of a server object; it was not taken.",
            in->sysvol_name ? in->sysvol_name : "a DSA or account object");
}

void intake_say_all(const struct intake *in, struct subject *out)
{
    for (size_t i = 0; i < out->count; i++)
        say_dsa(out, &out->dsas[i]);
    say_places(in, out, true);
    out->recap = out->notes.count;
    for (size_t i = 0; i < out->count; i++)
        say_doubts(out, &out->dsas[i]);
    say_places(in, out, false);
    say_where_to_look(out);
    say_conflict(out);
    say_status(in, out);
    say_outbound(in, out);
    say_damage(in, out);
    strs_copy(&out->notes, &in->notes);
}

static const char paste_event[] =
    "Paste event 1411 of the DC that logs the error, with the line that holds"
    " a GUID and ._msdcs., or type that GUID.";

static struct err *nothing_in_report(const struct intake *in)
{
    const char *report = subject_source_name(in->report);
    if (in->other_code) {
        const char *text = intake_code_text(in->other_code);
        return err_next(
            err_new(ERR_OPERATOR, ERR_OTHER,
                    "Nothing in this %s output fails with 8589; it names %ld%s%s%s%s%s.", report,
                    in->other_code, text ? " (" : "", text ? text : "", text ? ")" : "",
                    in->other_name ? " for " : "", in->other_name ? in->other_name : ""),
            "%ld is another fault and is not repaired here. If the DC also logs event 1411"
            " with 8589, paste that event.",
            in->other_code);
    }
    if (in->saw_8589)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "This %s output names 8589, but not for which partner.", report),
                        "%s", paste_event);
    return err_next(
        err_new(ERR_OPERATOR, ERR_OTHER, "Nothing in this %s output fails with 8589.", report),
        "If the DC still logs event 1411, paste that event.");
}

static struct err *nothing_but_sysvol(const struct intake *in)
{
    return err_next(
        err_new(ERR_OPERATOR, ERR_OTHER,
                "This VerifyReferences complaint about %s is one about SYSVOL replication (FRS or"
                " DFSR members), not about the serverReference of a server object.",
                in->sysvol_name ? in->sysvol_name : "a DSA or account object"),
        "It is often harmless and needs no repair here. For error 8589 paste event 1411.");
}

struct err *intake_nothing(const struct intake *in)
{
    if (in->misread)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "The GUID in line %zu has letters that are no hex digits.",
                                in->misread),
                        "Screenshots turn 0 into O and 1 into l: copy it as text, or compare it"
                        " with the screen and type it.");
    if (in->broken_guid)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER, "This looks like a GUID cut short."),
                        "A GUID has 32 hex digits in five groups: 8-4-4-4-12. Copy all of it.");
    if (in->any_sysvol && !in->saw_8589)
        return nothing_but_sysvol(in);
    if (in->any_event)
        return err_next(
            err_new(ERR_OPERATOR, ERR_OTHER,
                    "Event %ld is here, but not the line that names the DSA.", in->event_id),
            "Copy the whole event: its text has a line with a GUID and ._msdcs. in it.");
    if (in->any_report)
        return nothing_in_report(in);
    if (in->saw_8589 || in->saw_8603)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "The text names error %d, but not which DSA it is about.",
                                in->saw_8589 ? DS_NO_SERVER_REFERENCE : DS_DELETED_DOMAIN),
                        "%s", paste_event);
    if (in->other_code)
        return err_next(err_new(ERR_OPERATOR, ERR_OTHER,
                                "The text names error %ld (%s) and no DSA; this is not error 8589.",
                                in->other_code,
                                intake_code_text(in->other_code) ? intake_code_text(in->other_code)
                                                                 : "not known here"),
                        "%s", paste_event);
    return err_next(
        err_new(ERR_OPERATOR, ERR_OTHER, "Nothing in this text names a domain controller."),
        "%s Output of repadmin /showrepl, dcdiag or samba-tool, a DN or a server's name will do"
        " too.",
        paste_event);
}
