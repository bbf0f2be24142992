/* The text of an event: Event Viewer 2003 and 2008+, wevtutil, PowerShell, dcdiag's echo. Its id
 * opens it, the next id or another report closes it. Within it the GUID-based name is the target,
 * the NTDS Settings DN lends its names, a number after a label is the error. Labels of other
 * languages matter in one place only: the Computer line, which says where the event was logged. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void take_computer(struct intake_event *event, const char *text)
{
    char *host = NULL;
    bool label = intake_event_computer(text, &host);
    if (!label && event->computer_next && !intake_blank(text)) {
        host = mem_textn(intake_skip(text), strcspn(intake_skip(text), " \t"));
        event->computer_next = false;
    } else if (label) {
        event->computer_next = !*host;
    }
    if (host && !event->computer && intake_is_host(host) && !strstr(host, "_msdcs")) {
        event->computer = host;
        host = NULL;
    }
    free(host);
}

static void take_name(struct intake_event *event, struct intake *in,
                      const struct intake_token *token, size_t line)
{
    struct subject_dsa *dsa = &event->dsa;
    if (event->named && !guid_equal(&dsa->guid, &token->guid)) {
        intake_add_guid(in, token, line, SUBJECT_MSDCS_NAME);
        return;
    }
    event->named = dsa->has_guid = true;
    dsa->guid = token->guid;
    dsa->line = dsa->line ? dsa->line : line;
    if (!dsa->forest && *token->forest)
        dsa->forest = mem_text(token->forest);
}

static void take_guid(struct intake_event *event, struct intake *in,
                      const struct intake_token *token, const char *text, size_t line)
{
    event->dsa.deleted_mark = event->dsa.deleted_mark || token->deleted;
    if (token->msdcs) {
        take_name(event, in, token, line);
    } else if (token->deleted || token->conflict || token->weak ||
               intake_foreign_label(text, token->at)) {
        return;
    } else if (!event->plain.has_guid) {
        event->plain.has_guid = true;
        event->plain.guid = token->guid;
        event->plain.line = line;
    } else if (!guid_equal(&event->plain.guid, &token->guid)) {
        intake_add_guid(in, token, line, SUBJECT_GUID);
    }
}

static void take_dn(struct intake_event *event, struct intake *in, const struct intake_dn *dn,
                    size_t line)
{
    if (dn->kind != INTAKE_DN_NTDS || event->dsa.server)
        return;
    intake_fill_dn(&event->dsa, dn);
    event->dsa.line = event->dsa.line ? event->dsa.line : line;
    in->repaired_dn = in->repaired_dn || dn->repaired;
}

/* "1722 The RPC server is unavailable." below a label, or behind one, once a DSA was named. */
static long code_by_place(const struct intake_event *event, const char *text)
{
    const char *colon = strchr(text, ':');
    const char *at = intake_skip(event->label_before || !colon ? text : colon + 1);
    struct intake_scan scan = {text, at};
    struct intake_token token;
    bool behind_label = event->label_before || colon;
    bool named = event->dsa.has_guid || event->plain.has_guid || event->dsa.server;
    if (!behind_label || !named || !intake_next_token(&scan, &token) || token.at != at)
        return 0;
    if (token.kind != INTAKE_NUMBER || token.hex || (token.number >= 0 && token.number < 256))
        return token.kind == INTAKE_NUMBER && token.number == 5 && event->label_before ? 5 : 0;
    return intake_code_text(intake_code(token.number)) ? intake_code(token.number) : 0;
}

static void take_status(struct intake_event *event, struct intake *in, const char *text)
{
    long code = intake_code_in(text);
    if (code == 0)
        code = code_by_place(event, text);
    if (code == 0)
        return;
    intake_see_code(in, code, NULL);
    if (event->status == 0 || code == DS_NO_SERVER_REFERENCE)
        event->status = code;
}

static bool ends_in_colon(const char *text, size_t len)
{
    while (len > 0 && strchr(" \t*_", text[len - 1]))
        len--;
    return len > 0 && text[len - 1] == ':';
}

static void open_event(struct intake_event *event, struct intake *in, long id, size_t line)
{
    intake_event_close(event, in);
    *event = (struct intake_event){.open = true, .id = id, .line = line};
    if (!in->any_event && intake_event_name(id)) {
        in->any_event = true;
        in->event_id = id;
    }
}

/* Prose within an event opens a new one only with a GUID of its own. */
static void read_tokens(struct intake_event *event, struct intake *in,
                        const struct intake_line *line, const struct intake_mention *mention)
{
    struct intake_scan scan = {line->text, line->text};
    struct intake_token token;
    bool strong, fresh = !event->open && mention->id;
    if (fresh)
        open_event(event, in, mention->id, line->number);
    while (intake_next_token(&scan, &token)) {
        long id = token.kind == INTAKE_NUMBER ? intake_event_id(line->text, &token, &strong) : 0;
        bool again = fresh && id == event->id;
        fresh = fresh && !again;
        if (id && !again && (strong || (mention->id == id && mention->guid)))
            open_event(event, in, id, line->number);
        else if (token.kind == INTAKE_GUID)
            take_guid(event, in, &token, line->text, line->number);
        else if (token.kind == INTAKE_DN)
            take_dn(event, in, &token.dn, line->number);
    }
}

void intake_event_line(struct intake_event *event, struct intake *in,
                       const struct intake_line *line)
{
    struct intake_mention mention = intake_find_mention(line->text);
    read_tokens(event, in, line, &mention);
    take_computer(event, line->text);
    take_status(event, in, line->text);
    if (!intake_blank(line->text))
        event->label_before = ends_in_colon(line->text, line->len);
}

static void hand_over(struct intake_event *event, struct intake *in)
{
    struct subject_dsa *dsa = &event->dsa;
    bool ours = intake_event_source(event->id, &dsa->source);
    if (!dsa->has_guid && event->plain.has_guid) {
        dsa->has_guid = true;
        dsa->guid = event->plain.guid;
        dsa->line = event->plain.line;
    }
    in->event_without_guid = in->event_without_guid || (ours && !dsa->has_guid);
    if (!ours)
        dsa->source = event->named ? SUBJECT_MSDCS_NAME : SUBJECT_GUID;
    dsa->status = event->status;
    dsa->line = dsa->line ? dsa->line : event->line;
    intake_add(in, dsa, ours ? INTAKE_MEANT : INTAKE_STRAY);
}

void intake_event_close(struct intake_event *event, struct intake *in)
{
    if (!event->open)
        return;
    enum subject_source source;
    bool ours = intake_event_source(event->id, &source);
    bool failing = event->status == DS_NO_SERVER_REFERENCE || event->status == DS_DELETED_DOMAIN;
    if (event->computer && (ours || failing)) {
        struct intake_place place = {.host = event->computer,
                                     .event = true,
                                     .failing = failing,
                                     .line = event->line,
                                     .source = ours ? source : SUBJECT_MSDCS_NAME};
        intake_add_place(in, &place);
    }
    hand_over(event, in);
    free(event->computer);
    *event = (struct intake_event){.open = false};
}
