/* Event XML ("Details" of Event Viewer, wevtutil, Get-WinEvent's ToXml) anywhere in a text. Each
 * <Event> element is cut out and parsed alone, so a prolog never reaches the parser: no DTD, no
 * entities but the five built-in ones, whatever stands in front. Names are compared without their
 * prefix. What does not parse stays in the text, where the anchors may still find it. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELD = 4096 };

struct event_xml {
    enum { NOTHING, EVENT_ID, COMPUTER, DATA } field;
    struct str text;
    long id, status, last_number;
    char *computer;
    bool named, broken;
    struct subject_dsa dsa;
    bool repaired;
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct event_xml *xml = user;
    (void)attributes;
    name = local_name(name);
    str_clear(&xml->text);
    xml->field = strcmp(name, "EventID") == 0    ? EVENT_ID
                 : strcmp(name, "Computer") == 0 ? COMPUTER
                 : strcmp(name, "Data") == 0     ? DATA
                                                 : NOTHING;
}

static void XMLCALL on_text(void *user, const XML_Char *text, int len)
{
    struct event_xml *xml = user;
    if (xml->field != NOTHING && xml->text.len + (size_t)len <= MAX_FIELD)
        str_addn(&xml->text, text, (size_t)len);
}

static void take_token(struct event_xml *xml, const struct intake_token *token)
{
    struct subject_dsa *dsa = &xml->dsa;
    if (token->kind == INTAKE_DN && token->dn.kind == INTAKE_DN_NTDS && !dsa->server) {
        intake_fill_dn(dsa, &token->dn);
        xml->repaired = token->dn.repaired;
    } else if (token->kind == INTAKE_GUID && !token->weak && !token->deleted &&
               (token->msdcs ? !xml->named : !dsa->has_guid)) {
        dsa->has_guid = true;
        dsa->guid = token->guid;
        xml->named = token->msdcs;
        if (*token->forest && !dsa->forest)
            dsa->forest = mem_text(token->forest);
    }
}

/* A Data element: the address, the error's text, the error's number, in an order that differs. */
static void take_data(struct event_xml *xml)
{
    const char *text = str_text(&xml->text) + strspn(str_text(&xml->text), " \t\n");
    struct intake_scan scan = {text, text};
    struct intake_token token;
    long code = intake_code_in(text);
    while (intake_next_token(&scan, &token)) {
        bool alone = token.kind == INTAKE_NUMBER && token.at == text &&
                     text[token.len + strspn(text + token.len, " \t\n")] == '\0';
        if (alone && !token.hex && intake_code_text(intake_code(token.number)))
            xml->last_number = intake_code(token.number);
        take_token(xml, &token);
    }
    if (code == DS_NO_SERVER_REFERENCE || code == DS_DELETED_DOMAIN || xml->status == 0)
        xml->status = code;
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct event_xml *xml = user;
    const char *text = intake_skip(str_text(&xml->text));
    (void)name;
    if (xml->field == EVENT_ID && xml->id == 0)
        xml->id = strtol(text, NULL, 10) & 0xFFFF;
    else if (xml->field == COMPUTER && !xml->computer && intake_is_host(text))
        xml->computer = mem_text(text);
    else if (xml->field == DATA)
        take_data(xml);
    xml->field = NOTHING;
}

static void parse(struct event_xml *xml, const char *text, size_t len)
{
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (!parser)
        return;
    XML_SetUserData(parser, xml);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    xml->broken = XML_Parse(parser, text, (int)len, 1) != XML_STATUS_OK;
    XML_ParserFree(parser);
}

static void hand_over(struct event_xml *xml, struct intake *in, size_t line)
{
    struct subject_dsa *dsa = &xml->dsa;
    bool ours = intake_event_source(xml->id, &dsa->source);
    if (!ours)
        dsa->source = xml->named ? SUBJECT_MSDCS_NAME : SUBJECT_GUID;
    if (ours && !in->any_event) {
        in->any_event = true;
        in->event_id = xml->id;
    }
    in->event_without_guid = in->event_without_guid || (ours && !dsa->has_guid);
    in->repaired_dn = in->repaired_dn || xml->repaired;
    dsa->status = xml->status ? xml->status : xml->last_number;
    dsa->line = line;
    intake_see_code(in, dsa->status, NULL);
    bool failing = dsa->status == DS_NO_SERVER_REFERENCE || dsa->status == DS_DELETED_DOMAIN;
    struct intake_place place = {.host = xml->computer,
                                 .event = true,
                                 .line = line,
                                 .failing = failing,
                                 .source = dsa->source};
    if (ours || failing)
        intake_add_place(in, &place);
    intake_add(in, dsa, ours ? INTAKE_MEANT : INTAKE_STRAY);
}

static void release(struct event_xml *xml)
{
    str_release(&xml->text);
    intake_dsa_release(&xml->dsa);
    free(xml->computer);
}

/* A mail program that wraps breaks names and attributes: without its line ends they are whole. */
static void parse_unwrapped(struct event_xml *xml, const char *text, size_t len)
{
    struct str flat = STR_INIT;
    for (size_t i = 0; i < len; i++)
        if (text[i] != '\n')
            str_addc(&flat, text[i]);
    release(xml);
    *xml = (struct event_xml){.text = STR_INIT};
    parse(xml, str_text(&flat), flat.len);
    str_release(&flat);
}

/* True when the element could be read well enough to be taken out. */
static bool take_element(struct intake *in, const char *text, size_t len, size_t line)
{
    struct event_xml xml = {.text = STR_INIT};
    parse(&xml, text, len);
    if (xml.broken && memchr(text, '\n', len))
        parse_unwrapped(&xml, text, len);
    bool usable = xml.id && (!xml.broken || xml.dsa.has_guid);
    if (usable)
        hand_over(&xml, in, line);
    release(&xml);
    return usable;
}

/* At '<': "<Event " or "<p:Event>"; with `closing` "</Event>". The length of the name with '<'. */
static size_t tag_length(const char *at, bool closing)
{
    const char *name = at + 1 + (closing && at[1] == '/');
    if (closing != (at[1] == '/'))
        return 0;
    size_t prefix = 0;
    while (prefix < 32 && ((name[prefix] | 0x20) >= 'a' && (name[prefix] | 0x20) <= 'z'))
        prefix++;
    name += prefix < 32 && name[prefix] == ':' ? prefix + 1 : 0;
    if (strncmp(name, "Event", 5) != 0 || !name[5] || !strchr(" \t\n>", name[5]))
        return 0;
    return (size_t)(name + 5 - at);
}

static char *find_tag(char *from, bool closing)
{
    for (char *at = from; (at = strchr(at, '<')); at++)
        if (tag_length(at, closing))
            return at;
    return NULL;
}

void intake_take_xml(struct intake *in, struct str *text)
{
    if (!text->len)
        return;
    const char *counted = text->text;
    size_t line = 1;
    char *start = find_tag(text->text, false);
    while (start) {
        char *end = find_tag(start, true);
        end = end ? strchr(end, '>') : NULL;
        if (!end)
            return;
        end++;
        line += intake_count_lines(counted, start);
        counted = start;
        size_t len = (size_t)(end - start);
        bool small = len <= INTAKE_MAX_DOCUMENT;
        in->too_large = in->too_large || !small;
        if (small && memmem(start, len, "EventID", 7) && take_element(in, start, len, line))
            intake_blank_out(start, end);
        start = find_tag(end, false);
    }
}
