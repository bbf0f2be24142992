/* What the operator is told: what was taken and from which line, on which DC the error was logged,
 * where to look for event 1411, and why a text was not enough. Plain sentences, one note each. */
#include "src/remedy/intake/says.h"

#include "src/base/str.h"
#include "src/model/win32.h"
#include "src/remedy/intake/codes.h"

#include <stdio.h>

enum { MAX_LOOK_NOTES = 3, MAX_DSA_NOTES = 64, MAX_TOLD = 700 };

__attribute__((format(printf, 2, 3))) static void say(struct subject *out, const char *format, ...)
{
    struct str s = STR_INIT;
    va_list ap;
    va_start(ap, format);
    str_addv(&s, format, ap);
    va_end(ap);
    strs_own(&out->notes, str_steal(&s));
}

/* --- parts of sentences --- */

struct told {
    char text[MAX_TOLD];
};

static struct told told_dsa(const struct subject_dsa *dsa)
{
    struct told told;
    char guid[GUID_TEXT] = "";
    bool site = dsa->server && dsa->site, both = dsa->server && dsa->has_guid;
    snprintf(told.text, sizeof told.text, "%s%s%s%s%s%s",
             dsa->has_guid ? guid_text(&dsa->guid, guid) : "", both ? " (" : "",
             site ? dsa->site : "", site ? "\\" : "", dsa->server ? dsa->server : "",
             both ? ")" : "");
    return told;
}

/* The DSA of a record that is not handed on, or a DC. */
static struct told told_record(const struct record *r, bool guid)
{
    struct subject alone = {.dsas = NULL};
    struct subject_dsa *dsa = subject_add(&alone, record_source(r));
    record_names(r, dsa);
    dsa->has_guid = r->has_guid && (guid || !dsa->server);
    dsa->guid = r->guid;
    struct told told = told_dsa(dsa);
    subject_release(&alone);
    return told;
}

static struct told told_code(long code)
{
    struct told told;
    const char *meaning = win32_meaning(code);
    snprintf(told.text, sizeof told.text, "%ld (%s)", code, meaning ? meaning : "not known here");
    return told;
}

char *say_other_fault(const struct settled *settled, const struct meant *meant)
{
    const struct record *event = meant->best->kind == RECORD_EVENT ? meant->best : settled->event;
    bool ours = event && event_is_ours(event->event, NULL);
    long code = meant->known.code || ours ? meant->known.code : settled->status;
    if (code_is_fault(code) || (!code && (!event || ours || !event_text(event->event))))
        return NULL;
    return code ? str_format("error %s", told_code(code).text)
                : str_format("event %ld (%s)", event->event, event_text(event->event));
}

/* --- notes --- */

static void say_dsa(struct subject *out, const struct subject_dsa *dsa)
{
    bool plain = dsa->source == SUBJECT_MSDCS_NAME || dsa->source == SUBJECT_GUID ||
                 dsa->source >= SUBJECT_DN;
    say(out, "Line %zu: %s, %s %s.%s", dsa->line, told_dsa(dsa).text,
        plain ? "given as" : "taken from", subject_source_name(dsa->source),
        dsa->hypothesis ? " This is a hypothesis: event 1411 may name another DSA." : "");
}

/* Each destination once. */
static void say_place(const struct settled *settled, struct subject *out, size_t which)
{
    const struct subject_dsa *dsa = &out->dsas[which];
    const struct meant *meant = &settled->items[which];
    char guid[GUID_TEXT];
    for (size_t i = 0; i < which; i++)
        if (str_same_case(out->dsas[i].destination, dsa->destination))
            return;
    if (dsa->destination || dsa->has_destination_dsa)
        say(out, "Line %zu: %s %s (%s); it is the destination%s%s.", meant->known.place.line,
            dsa->destination ? dsa->destination : "a DC without a name",
            meant->best->kind == RECORD_EVENT ? "logged the error" : "reported",
            subject_source_name(dsa->source), dsa->has_destination_dsa ? ", its own DSA is " : "",
            dsa->has_destination_dsa ? guid_text(&dsa->destination_dsa, guid) : "");
}

static void say_doubts(struct subject *out, const struct subject_dsa *dsa)
{
    const struct told told = told_dsa(dsa);
    if (dsa->deleted_mark)
        say(out, "The text itself shows %s as deleted: a deleted DSA is never repaired.",
            told.text);
    if (dsa->status == ERROR_DOMAIN_GONE)
        say(out,
            "Error 8603 stands beside %s: its domain is gone from the forest, which no "
            "serverReference can repair.",
            told.text);
    else if (dsa->status && dsa->status != ERROR_NO_SERVER_REFERENCE)
        say(out, "Error %s stands beside %s: that is another fault than 8589.",
            told_code(dsa->status).text, told.text);
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

/* What speaks against the text as a whole, and that there are several. */
static void say_faults(const struct settled *settled, struct subject *out)
{
    bool fault = out->status == ERROR_NO_SERVER_REFERENCE, nameless = false;
    for (size_t i = 1; i < out->count; i++)
        nameless = nameless || (out->dsas[0].has_guid && !out->dsas[i].has_guid);
    if (out->conflict)
        say(out,
            "The text names %zu different DSAs%s; nothing is written for any of them until you "
            "pick one.",
            out->count, out->dsas[0].source <= SUBJECT_EVENT_1272 ? ", the event's first" : "");
    if (out->conflict && nameless)
        say(out, "A name without a GUID may turn out to be the same DSA.");
    if (out->count && out->status == ERROR_DOMAIN_GONE)
        say(out, "The text names error 8603 and not 8589: the domain of the target is gone from "
                 "the forest.");
    else if (out->count && out->status && !fault)
        say(out,
            "The text names error %s and not 8589: another fault; the DSA is read all the same.",
            told_code(out->status).text);
    else if (out->count && settled->other)
        say(out, "Error %s is in the text too: another fault.", told_code(settled->other).text);
}

static void say_left_out(const struct settled *settled, struct subject *out)
{
    for (size_t i = 0; i < settled->dropped_count; i++) {
        const struct record *r = settled->dropped[i];
        if (r->has_code)
            say(out, "Line %zu: %s was not taken: error %ld beside it is another fault.", r->line,
                told_record(r, true).text, r->code);
        else
            say(out, "Line %zu: %s was not taken: the text names a DSA more directly.", r->line,
                told_record(r, true).text);
    }
    if (settled->outbound)
        say(out, "Line %zu: %s fails as an outbound partner only; it was not taken.",
            settled->outbound->line, told_record(settled->outbound, true).text);
}

static void say_how_read(const struct records *records, const struct settled *settled,
                         struct subject *out)
{
    bool repaired = false, wire = false;
    for (size_t i = 0; i < settled->count; i++) {
        const struct meant *m = &settled->items[i];
        repaired = repaired || m->known.repaired_dn;
        wire = wire || m->best->wire;
    }
    if (repaired)
        say(out,
            "A DN in the text lacked a comma in front of DC=; it was read as if it were there.");
    if (wire)
        say(out, "The 32 hex digits were read in wire order, as ldifde and <GUID=...> show them.");
    if (settled->left_out || records->dropped)
        say(out, "More than %d DSAs are named; the rest was left out.", MAX_MEANT);
}

/* VerifyReferences complains about SYSVOL too. */
static struct told told_sysvol(const struct settled *settled)
{
    struct told told = told_record(settled->sysvol, true);
    return *told.text ? told : (struct told){"a DSA or account object"};
}

void say_all(const struct records *records, const struct settled *settled, struct subject *out)
{
    for (size_t i = 0; i < out->count && i < MAX_DSA_NOTES; i++)
        say_dsa(out, &out->dsas[i]);
    for (size_t i = 0; i < out->count; i++)
        say_place(settled, out, i);
    out->recap = out->notes.count;
    for (size_t i = 0; i < out->count; i++)
        say_doubts(out, &out->dsas[i]);
    const struct record *other = settled->other_event;
    if (other && !(out->count && out->dsas[0].status == ERROR_NO_SERVER_REFERENCE) &&
        !(other->has_code && code_is_fault(other->code)))
        say(out,
            "Event %ld is here (%s): it is about another fault than 8589, and nothing is repaired "
            "because of it.",
            other->event, event_text(other->event));
    say_where_to_look(out);
    say_faults(settled, out);
    say_left_out(settled, out);
    say_how_read(records, settled, out);
    if (settled->sysvol)
        say(out,
            "A VerifyReferences complaint about %s concerns SYSVOL replication (FRS or DFSR "
            "members), not the serverReference of a server object; it was not taken.",
            told_sysvol(settled).text);
}

/* --- why no DSA is meant: what is wrong into *why, what to do next is returned --- */

#define PASTE_EVENT                                                                                \
    "Paste event 1411 of the DC that logs the error, with the line that holds"                     \
    " a GUID and ._msdcs., or type that GUID."

static const char *nothing_in_report(const struct settled *settled, struct str *why)
{
    const struct record *report = settled->report;
    enum subject_source source =
        report->kind == RECORD_REPORT ? SUBJECT_SHOWREPL : record_source(report);
    bool plain = source < SUBJECT_SHOWREPL || source >= SUBJECT_DN;
    const char *name = plain ? "table's" : subject_source_name(source);
    bool other = settled->other && settled->status == settled->other;
    if (settled->status == ERROR_NO_SERVER_REFERENCE) {
        str_addf(why, "This %s output names 8589, but not for which partner.", name);
        return PASTE_EVENT;
    }
    str_addf(why, "Nothing in this %s output fails with 8589", name);
    if (other)
        str_addf(why, "; it names %s", told_code(settled->other).text);
    if (other && settled->other_partner)
        str_addf(why, " for %s", told_record(settled->other_partner, false).text);
    str_addc(why, '.');
    return other ? "That is another fault and is not repaired here. If the DC also logs event 1411"
                   " with 8589, paste that event."
                 : "If the DC still logs event 1411, paste that event.";
}

static const char *nothing_in_event(const struct settled *settled, struct str *why)
{
    const struct record *event = settled->event;
    if (event_is_ours(event->event, NULL) || settled->status == ERROR_NO_SERVER_REFERENCE) {
        str_addf(why, "Event %ld is here, but not the line that names the DSA.", event->event);
        return "Copy the whole event: its text has a line with a GUID and ._msdcs. in it.";
    }
    const char *text = event_text(event->event);
    str_addf(why, "Event %ld is here (%s): it is about another fault than 8589, and names no DSA.",
             event->event, text ? text : "not one that dcmend knows");
    return PASTE_EVENT;
}

static const char *explain(const struct records *records, const struct settled *settled,
                           struct str *why)
{
    if (records->misread) {
        str_addf(why, "The GUID in line %zu has letters that are no hex digits.", records->misread);
        return "Screenshots turn 0 into O and 1 into l: copy it as text, or compare it with the"
               " screen and type it.";
    }
    if (records->cut.at) {
        str_addf(why, "The GUID in line %zu, \"%.*s\", looks like a GUID cut short.",
                 records->cut_line, (int)records->cut.len, records->cut.at);
        return "A GUID has 32 hex digits in five groups: 8-4-4-4-12. Copy all of it; connected,"
               " the wizard offers the DSAs that it may be.";
    }
    if (settled->sysvol && settled->status != ERROR_NO_SERVER_REFERENCE) {
        str_addf(why,
                 "This VerifyReferences complaint about %s is one about SYSVOL replication (FRS or"
                 " DFSR members), not about the serverReference of a server object.",
                 told_sysvol(settled).text);
        return "It is often harmless and needs no repair here. For error 8589 paste event 1411.";
    }
    if (settled->event)
        return nothing_in_event(settled, why);
    if (settled->report)
        return nothing_in_report(settled, why);
    if (code_is_fault(settled->status))
        str_addf(why, "The text names error %ld, but not which DSA it is about.", settled->status);
    else if (settled->status)
        str_addf(why, "The text names error %s and no DSA; this is not error 8589.",
                 told_code(settled->status).text);
    else
        str_add(why, "Nothing in this text names a domain controller.");
    return settled->status ? PASTE_EVENT
                           : PASTE_EVENT " Output of repadmin /showrepl, dcdiag or samba-tool, a DN"
                                         " or a server's name will do too.";
}

struct err *say_nothing(const struct records *records, const struct settled *settled)
{
    struct str why = STR_INIT;
    const char *next = explain(records, settled, &why);
    struct err *err = err_next(err_new(ERR_OPERATOR, ERR_OTHER, "%s", str_text(&why)), "%s", next);
    str_release(&why);
    return err;
}
