/* The text of an event: Event Viewer 2003 and 2008+, wevtutil, PowerShell, dcdiag's echo. Its id opens
 * it, the next id or another report closes it. Within it the GUID-based name is the target, the
 * NTDS Settings DN lends its names, a number after a label is the error. Labels of other languages
 * matter in one place only: the Computer line, which says where the event was logged. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool holds_any(const char *text, size_t len, const char *const *words, size_t count)
{
    char part[64];
    len = len < sizeof part ? len : sizeof part - 1;
    memcpy(part, text, len);
    part[len] = '\0';
    for (size_t i = 0; i < count; i++)
        if (str_find_case(part, words[i]))
            return true;
    return false;
}

/* "event" in the languages of Windows. */
static bool has_event_word(const char *text, size_t len)
{
    static const char *const words[] = {
        "event",     "ereignis",  "v\xC3\xA9nement", "venement",        "\xD0\xBE\xD0\xB1\xD1\x8B\xD1\x82\xD0\xB8",
        "hendelse",  "ndelse",    "zdarzen",         "gebeurtenis",     "tapahtuma",
        "esem\xC3\xA9ny", "ud\xC3\xA1lost", "olay",  "\xE3\x82\xA4\xE3\x83\x99\xE3\x83\xB3\xE3\x83\x88",
        "\xE4\xBA\x8B\xE4\xBB\xB6", "\xEC\x9D\xB4\xEB\xB2\xA4\xED\x8A\xB8"};
    return holds_any(text, len, words, sizeof words / sizeof *words);
}

/* 1411; 0xC0000583 and -1073740413 (0xC0000583 as a signed number) mean the same. */
static long plain_id(const struct intake_token *token)
{
    long id = token->number < 0 ? token->number & 0xFFFFFFFFL : token->number;
    long top = id >> 16;
    if (id > 0xFFFF && top != 0xC000 && top != 0x8000 && top != 0x4000)
        return 0;
    return id & 0xFFFF;
}

static bool ends_line(const char *behind)
{
    behind += strspn(behind, " \t\"',.;:)");
    return *behind == '\0' || *behind == '<';
}

/* What stands in front of a number: its label, and whether ':' or the like ties them. */
struct label {
    const char *text;
    size_t len;
    bool tied;
};

static struct label label_before(const char *start, const char *number)
{
    struct label label = {.tied = false};
    const char *end = number;
    while (end > start && strchr(" \t:=>#\"'(", end[-1])) {
        label.tied = label.tied || strchr(":=>", end[-1]);
        end--;
    }
    label.text = end - start > 40 ? end - 40 : start;
    label.len = (size_t)(end - label.text);
    return label;
}

static bool is_id_label(const struct label *label)
{
    static const char *const records[] = {"record", "datensatz", "index"};
    static const char *const alone[] = {"id", "\"id", "instanceid", "eventcode"};
    const char *text = intake_skip(label->text);
    size_t len = label->len - (size_t)(text - label->text);
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (len == strlen(alone[i]) && str_starts_case(text, alone[i]))
            return true;
    return has_event_word(label->text, label->len) && !holds_any(label->text, label->len, records, 3);
}

/* An event that is not ours only counts with a word for "id": "Event time: 14:17" is no event 14. */
static bool says_id(const struct label *label)
{
    static const char *const words[] = {"id", "kennung", "code", "\xD0\xBA\xD0\xBE\xD0\xB4",
                                        "\xD0\x9A\xD0\xBE\xD0\xB4"};
    return holds_any(label->text, label->len, words, sizeof words / sizeof *words);
}

/* Event Viewer's list saved as CSV: "Error,<date>,<source>,1411,<task>,". */
static bool in_list(const char *start, const struct intake_token *token)
{
    static const char *const sources[] = {"DomainService", "NTDS "};
    const char *behind = token->at + token->len;
    bool cell = token->at > start && strchr(",;\t", token->at[-1]) && *behind &&
                strchr(",;\t", *behind);
    size_t len = (size_t)(token->at - start);
    return cell && holds_any(token->at - (len < 60 ? len : 60), len < 60 ? len : 60, sources, 2);
}

/* The event that a number is the id of. *strong: its own header says so, not prose. */
static long event_id(const char *start, const struct intake_token *token, bool *strong)
{
    long id = plain_id(token);
    bool ours = intake_event_name(id) != NULL;
    struct label label = label_before(start, token->at);
    *strong = (label.tied && is_id_label(&label) && (ours || says_id(&label))) ||
              (ours && label.tied && label.len > 0 && label.text == start &&
               ends_line(token->at + token->len)) ||
              (ours && in_list(start, token));
    if (*strong)
        return id;
    size_t tail = label.len < 20 ? label.len : 20;
    return ours && has_event_word(label.text + label.len - tail, tail) ? id : 0;
}

/* The event that a line opens: by its header, or mentioned in prose with a GUID beside it or at the
 * line's end. */
struct mention {
    long id;
    bool strong, guid;
};

static struct mention find_mention(const char *text)
{
    struct intake_scan scan = {text, text};
    struct intake_token token;
    struct mention found = {.id = 0};
    bool last = false;
    bool digits = text[strcspn(text, "0123456789")] != '\0';
    while (digits && !found.strong && intake_next_token(&scan, &token)) {
        bool strong = false;
        found.guid = found.guid || token.kind == INTAKE_GUID;
        long id = token.kind == INTAKE_NUMBER ? event_id(text, &token, &strong) : 0;
        if (id) {
            found.id = id;
            found.strong = strong;
            last = ends_line(token.at + token.len);
        }
    }
    if (!found.strong && !found.guid && !last)
        found.id = 0;
    return found;
}

long intake_event_in(const char *text)
{
    return find_mention(text).id;
}

bool intake_event_computer(const char *text, char **host)
{
    static const char *const labels[] = {
        "Computer", "Computername", "Computer Name", "MachineName", "Hostname", "Ordinateur", "Equipo", "Computador",
        "Dator", "Datamaskin", "Tietokone", "Komputer", "Po\xC4\x8D\xC3\xADta\xC4\x8D",
        "Sz\xC3\xA1m\xC3\xADt\xC3\xB3g\xC3\xA9p", "Bilgisayar", "Ra\xC4\x8Dunalnik",
        "Ra\xC4\x8Dunalo", "Calculator",
        "\xD0\x9A\xD0\xBE\xD0\xBC\xD0\xBF\xD1\x8C\xD1\x8E\xD1\x82\xD0\xB5\xD1\x80",
        "\xD0\x9A\xD0\xBE\xD0\xBC\xD0\xBF'\xD1\x8E\xD1\x82\xD0\xB5\xD1\x80",
        "\xCE\xA5\xCF\x80\xCE\xBF\xCE\xBB\xCE\xBF\xCE\xB3\xCE\xB9\xCF\x83\xCF\x84\xCE\xAE\xCF\x82",
        "\xE3\x82\xB3\xE3\x83\xB3\xE3\x83\x94\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xBF",
        "\xE3\x82\xB3\xE3\x83\xB3\xE3\x83\x94\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xBF\xE3\x83\xBC",
        "\xE8\xAE\xA1\xE7\xAE\x97\xE6\x9C\xBA", "\xE9\x9B\xBB\xE8\x85\xA6",
        "\xEC\xBB\xB4\xED\x93\xA8\xED\x84\xB0"};
    const char *at = text + strspn(text, " \t\"'*_-");
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (!str_starts_case(at, labels[i]))
            continue;
        const char *behind = at + strlen(labels[i]);
        behind += strspn(behind, " \t\"'*_");
        if (*behind != ':' && *behind != '=')
            continue;
        behind += strspn(behind, ":= \t\"'*_");
        *host = mem_textn(behind, strcspn(behind, " \t\"',;<*"));
        return true;
    }
    return false;
}

/* The label in the middle of a line (an event copied onto one line, or damaged XML). */
static bool computer_within(const char *text, char **host)
{
    static const char *const marks[] = {" Computer:", "<Computer>", "\"Computer\":"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = str_find_case(text, marks[i]);
        if (!at)
            continue;
        at += strlen(marks[i]);
        at += strspn(at, " \t\"");
        *host = mem_textn(at, strcspn(at, " \t\",<"));
        return true;
    }
    return false;
}

static void take_computer(struct intake_event *event, const char *text)
{
    char *host = NULL;
    bool label = intake_event_computer(text, &host) || computer_within(text, &host);
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
        struct subject_dsa other = {.source = SUBJECT_MSDCS_NAME, .has_guid = true,
                                    .guid = token->guid, .line = line};
        other.forest = *token->forest ? mem_text(token->forest) : NULL;
        intake_add(in, &other, INTAKE_MEANT);
        return;
    }
    event->named = dsa->has_guid = true;
    dsa->guid = token->guid;
    dsa->line = dsa->line ? dsa->line : line;
    if (!dsa->forest && *token->forest)
        dsa->forest = mem_text(token->forest);
}

static void take_guid(struct intake_event *event, struct intake *in,
                      const struct intake_token *token, size_t line)
{
    event->dsa.deleted_mark = event->dsa.deleted_mark || token->deleted;
    if (token->msdcs) {
        take_name(event, in, token, line);
    } else if (!token->deleted && !token->conflict && !token->weak && !event->plain.has_guid) {
        event->plain.has_guid = true;
        event->plain.guid = token->guid;
        event->plain.line = line;
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
                        const struct intake_line *line, const struct mention *mention)
{
    struct intake_scan scan = {line->text, line->text};
    struct intake_token token;
    bool strong, fresh = !event->open && mention->id;
    if (fresh)
        open_event(event, in, mention->id, line->number);
    while (intake_next_token(&scan, &token)) {
        long id = token.kind == INTAKE_NUMBER ? event_id(line->text, &token, &strong) : 0;
        bool again = fresh && id == event->id;
        fresh = fresh && !again;
        if (id && !again && (strong || (mention->id == id && mention->guid)))
            open_event(event, in, id, line->number);
        else if (token.kind == INTAKE_GUID)
            take_guid(event, in, &token, line->number);
        else if (token.kind == INTAKE_DN)
            take_dn(event, in, &token.dn, line->number);
    }
}

void intake_event_line(struct intake_event *event, struct intake *in,
                       const struct intake_line *line)
{
    struct mention mention = find_mention(line->text);
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
        struct intake_place place = {.host = event->computer, .event = true, .failing = failing,
                                     .line = event->line,
                                     .source = ours ? source : SUBJECT_MSDCS_NAME};
        intake_add_place(in, &place);
    }
    hand_over(event, in);
    free(event->computer);
    *event = (struct intake_event){.open = false};
}
