/* The order is that of the questions of whoever reads it: what is it, how did it end, what was
 * asked, what was found and how sure is it, what else was noticed, what was changed, how back. */
#include "src/remedy/transcript.h"

#include "src/base/mem.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/transcript_parts.h"

#include <stdlib.h>
#include <string.h>

void transcript_time(struct sheet *sheet, const char *label, time_t when)
{
    if (!when)
        return;
    char *text = sheet_time(when);
    sheet_item(sheet, label, text);
    free(text);
}

static void guid_value(struct sheet *sheet, const char *label, const struct guid *guid)
{
    char text[GUID_TEXT];
    sheet_value(sheet, label, guid_text(guid, text));
}

static void add_title(struct sheet *sheet, const struct transcript *t)
{
    char *when = sheet_time(t->when);
    char *title = str_format(TRANSCRIPT_TITLE "%s%s%s", when, t->version ? ", version " : "",
                             t->version ? t->version : "");
    sheet_title(sheet, title);
    transcript_outcome(sheet, t);
    if (t->verdict && t->report)
        sheet_item(sheet, "before it", t->verdict->headline);
    else if (t->verdict)
        sheet_strong(sheet, t->verdict->headline);
    free(title);
    free(when);
}

static void add_subject(struct sheet *sheet, const struct transcript *t)
{
    const struct subject *subject = t->subject;
    if (!subject || t->which >= subject->count)
        return;
    const struct subject_dsa *dsa = &subject->dsas[t->which];
    sheet_heading(sheet, "Asked");
    sheet_item(sheet, "from", subject_source_name(dsa->source));
    if (dsa->has_guid)
        guid_value(sheet, "DSA", &dsa->guid);
    sheet_value(sheet, "named", dsa->ntds_dn ? dsa->ntds_dn : dsa->server);
    sheet_value(sheet, "logged by", subject->destination);
    for (size_t i = 0; i < subject->notes.count; i++)
        sheet_item(sheet, "note", subject->notes.items[i]);
}

static void add_server(struct sheet *sheet, const struct facts *facts)
{
    const struct server *server = &facts->server;
    sheet_heading(sheet, "Read");
    sheet_value(sheet, "judged on", server->host);
    if (server_other_name(server))
        sheet_value(sheet, "asked for as", server->asked);
    if (server->has_dsa_guid)
        guid_value(sheet, "its DSA", &server->dsa_guid);
    sheet_value(sheet, "as", server->identity);
    sheet_item(sheet, "connection", server->protection);
    transcript_time(sheet, "at", facts->when);
    if (facts->other_dc_read)
        sheet_item(sheet, "note", "the error was logged by another DC: this is not its copy");
}

/* The DN, and which object it is where the other value bears the same. */
static void add_told(struct sheet *sheet, const char *label, const struct dn_link *link,
                     const struct dn_link *beside, const char *none)
{
    char *text = dn_link_told(link, beside);
    sheet_value(sheet, label, text ? text : none);
    free(text);
}

static const char *value_words(const struct facts_server *srv)
{
    switch (srv->reference) {
    case PART_PRESENT:
        return srv->reference_link.dn;
    case PART_ABSENT:
        return "(absent)";
    default:
        return "(not readable)";
    }
}

static void add_found(struct sheet *sheet, const struct facts *facts, const struct verdict *verdict)
{
    struct dn_link proposed = diagnose_proposed(facts, verdict);
    sheet_heading(sheet, "Found");
    sheet_item(sheet, "verdict", verdict_name(verdict->kind));
    sheet_value(sheet, "NTDS Settings", facts->dsa.dn);
    if (facts->dsa.part == PART_PRESENT)
        guid_value(sheet, "DSA GUID", &facts->dsa.guid);
    else
        guid_value(sheet, "asked for", &facts->asked);
    if (facts->srv.part == PART_PRESENT) {
        sheet_value(sheet, "server object", facts->srv.dn);
        guid_value(sheet, "server GUID", &facts->srv.guid);
        add_told(sheet, "serverReference", &facts->srv.reference_link, &proposed,
                 value_words(&facts->srv));
    }
    add_told(sheet, "should be", &proposed, &facts->srv.reference_link, NULL);
    sheet_item(sheet, "proof", level_name(verdict->confidence));
    sheet_value(sheet, "removed by", facts->removed_by);
    transcript_time(sheet, "removed at", facts->removed_at);
    sheet_text(sheet, verdict->meaning);
}

static void add_findings(struct sheet *sheet, const char *heading, const struct findings *list)
{
    if (list->count == 0)
        return;
    sheet_heading(sheet, heading);
    for (size_t i = 0; i < list->count; i++)
        sheet_item(sheet, finding_name(list->items[i].kind), list->items[i].text);
}

/* Those that an ambiguous verdict is between, each with what speaks for it and against it. */
static void add_candidates(struct sheet *sheet, const struct facts *facts,
                           const struct verdict *verdict)
{
    bool begun = false;
    for (size_t i = 0; i < facts->account_count; i++) {
        if (!verdict_could_mean(verdict, i))
            continue;
        const struct findings *reasons = &verdict->accounts[i].reasons;
        if (!begun)
            sheet_heading(sheet, "The accounts that could be meant");
        begun = true;
        sheet_value(sheet, "account", facts->accounts[i].dn ? facts->accounts[i].dn : "?");
        for (size_t k = 0; k < reasons->count; k++)
            sheet_item(sheet, finding_name(reasons->items[k].kind), reasons->items[k].text);
    }
}

static void add_copies(struct sheet *sheet, const struct facts *facts,
                       const struct verdict *verdict)
{
    struct dn_link proposed = diagnose_proposed(facts, verdict);
    if (facts->copy_count == 0)
        return;
    sheet_heading(sheet, "serverReference, copy by copy");
    for (size_t i = 0; i < facts->copy_count; i++) {
        const struct facts_copy *copy = &facts->copies[i];
        const char *label = copy->server ? copy->server : "(a DC without a name)";
        if (copy->state == COPY_VALUE)
            add_told(sheet, label, &copy->value, &proposed, NULL);
        else
            sheet_item(sheet, label, copy->why ? copy->why : copy_state_name(copy->state));
    }
}

static void add_link(struct sheet *sheet, const struct facts_link *link)
{
    char *success = sheet_time(link->last_success), *attempt = sheet_time(link->last_attempt);
    const char *nc = link->nc ? link->nc : "?";
    char *text = link->result || link->failures
                     ? str_format("%s: error %d, %u failures, last attempt %s, last success %s", nc,
                                  link->result, link->failures, attempt, success)
                 : link->last_success || link->last_attempt
                     ? str_format("%s: ok, last success %s", nc, success)
                     : str_format("%s: no attempt yet", nc);
    sheet_item(sheet, link->outbound ? "to it" : "from it", text);
    free(text);
    free(attempt);
    free(success);
}

static void add_replication(struct sheet *sheet, const struct transcript *t)
{
    size_t shown = 0;
    if (!t->facts)
        return;
    sheet_heading(sheet, "Replication");
    for (size_t i = 0; i < t->facts->link_count; i++) {
        if (!guid_equal(&t->facts->links[i].dsa_guid, &t->facts->dsa.guid))
            continue;
        add_link(sheet, &t->facts->links[i]);
        shown++;
    }
    transcript_time(sheet, "last read", t->watched);
    if (t->replication)
        sheet_strong(sheet, t->replication);
    else if (shown == 0)
        sheet_text(sheet, "Nothing to watch: this DC showed no replication link with the DSA.");
    else
        sheet_text(sheet,
                   "As it was when read; a repaired link is tried again within 15 minutes, or "
                   "with the next schedule between sites.");
}

static void add_judgement(struct sheet *sheet, const struct transcript *t)
{
    const struct verdict *verdict = t->verdict;
    add_found(sheet, t->facts, verdict);
    add_findings(sheet, "Evidence", &verdict->evidence);
    add_candidates(sheet, t->facts, verdict);
    add_findings(sheet, "What forbids a change", &verdict->blockers);
    add_findings(sheet, "What asks for a second confirmation", &verdict->second);
    add_copies(sheet, t->facts, t->verdict);
    add_findings(sheet, "Also noticed", &verdict->side);
    if (verdict->has_successor) {
        sheet_heading(sheet, "Its successor");
        sheet_value(sheet, "successor", verdict->successor_dn);
        guid_value(sheet, "successor GUID", &verdict->successor);
    }
    if (verdict->advice && *verdict->advice && !t->report) { /* advice is for what was not done */
        sheet_heading(sheet, "Advice");
        sheet_text(sheet, verdict->advice);
    }
    if (verdict->writable && !t->report)
        sheet_value(sheet, "the repair starts with", t->repair);
}

void transcript_write(struct str *out, bool markdown, const struct transcript *t)
{
    struct sheet sheet = {.out = out, .markdown = markdown};
    add_title(&sheet, t);
    add_subject(&sheet, t);
    if (t->facts)
        add_server(&sheet, t->facts);
    if (t->facts && t->verdict)
        add_judgement(&sheet, t);
    transcript_change(&sheet, t);
    add_replication(&sheet, t);
    transcript_console(&sheet, t, "Commands for the DC's own console");
}

void transcript_commands(struct str *out, const struct transcript *t)
{
    struct sheet sheet = {.out = out};
    transcript_console(&sheet, t, NULL);
}
