/* What little of an event's labels has to be known: that a number is an event's id, and the
 * Computer line, in the languages of Windows. Everything else about an event is read by anchors. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

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
    static const char *const words[] = {"event",
                                        "ereignis",
                                        "v\xC3\xA9nement",
                                        "venement",
                                        "\xD0\xBE\xD0\xB1\xD1\x8B\xD1\x82\xD0\xB8",
                                        "hendelse",
                                        "ndelse",
                                        "zdarzen",
                                        "gebeurtenis",
                                        "tapahtuma",
                                        "esem\xC3\xA9ny",
                                        "ud\xC3\xA1lost",
                                        "olay",
                                        "\xE3\x82\xA4\xE3\x83\x99\xE3\x83\xB3\xE3\x83\x88",
                                        "\xE4\xBA\x8B\xE4\xBB\xB6",
                                        "\xEC\x9D\xB4\xEB\xB2\xA4\xED\x8A\xB8"};
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
    while (end > start && strchr(" \t:=>#\"'([|", end[-1])) {
        label.tied = label.tied || strchr(":=>|", end[-1]);
        end--;
    }
    label.text = end;
    while (label.text > start && end - label.text < 40 && !strchr(",{|", label.text[-1]))
        label.text--;
    label.len = (size_t)(end - label.text);
    return label;
}

static bool is_id_label(const struct label *label)
{
    static const char *const records[] = {"record", "datensatz", "index"};
    static const char *const alone[] = {"id", "\"id", "instanceid", "eventcode"};
    const char *text = label->text + strspn(label->text, " \t\"+");
    size_t len = label->text + label->len < text ? 0 : label->len - (size_t)(text - label->text);
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (len == strlen(alone[i]) && str_starts_case(text, alone[i]))
            return true;
    return has_event_word(label->text, label->len) &&
           !holds_any(label->text, label->len, records, 3);
}

/* An event that is not ours only counts with a word for "id": "Event time: 14:17" is no event 14.
 */
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
    bool cell =
        token->at > start && strchr(",;\t", token->at[-1]) && *behind && strchr(",;\t", *behind);
    size_t len = (size_t)(token->at - start);
    return cell && holds_any(token->at - (len < 60 ? len : 60), len < 60 ? len : 60, sources, 2);
}

/* The event that a number is the id of. *strong: its own header says so, not prose. */
long intake_event_id(const char *start, const struct intake_token *token, bool *strong)
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

struct intake_mention intake_find_mention(const char *text)
{
    struct intake_scan scan = {text, text};
    struct intake_token token;
    struct intake_mention found = {.id = 0};
    bool last = false;
    bool digits = text[strcspn(text, "0123456789")] != '\0';
    while (digits && !found.strong && intake_next_token(&scan, &token)) {
        bool strong = false;
        found.guid = found.guid || token.kind == INTAKE_GUID;
        long id = token.kind == INTAKE_NUMBER ? intake_event_id(text, &token, &strong) : 0;
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
    return intake_find_mention(text).id;
}

bool intake_foreign_label(const char *start, const char *at)
{
    static const char *const words[] = {"invocation",        "aufruf",   "partition", "transport",
                                        "activity",          "provider", "schemaID",  "correlation",
                                        "attributeSecurity", "rights",   "tenant"};
    const char *end = at, *from;
    while (end > start && strchr(" \t:='\"{[(<*>", end[-1]))
        end--;
    for (from = end; from > start && end - from < 40 && !strchr(",;|}\"'>", from[-1]); from--)
        ;
    return holds_any(from, (size_t)(end - from), words, sizeof words / sizeof *words);
}

static bool computer_first(const char *text, char **host)
{
    static const char *const labels[] = {
        "Computer",
        "Computername",
        "Computer Name",
        "MachineName",
        "Hostname",
        "Ordinateur",
        "Equipo",
        "Computador",
        "Dator",
        "Datamaskin",
        "Tietokone",
        "Komputer",
        "Po\xC4\x8D\xC3\xADta\xC4\x8D",
        "Sz\xC3\xA1m\xC3\xADt\xC3\xB3g\xC3\xA9p",
        "Bilgisayar",
        "Ra\xC4\x8Dunalnik",
        "Ra\xC4\x8Dunalo",
        "Calculator",
        "\xD0\x9A\xD0\xBE\xD0\xBC\xD0\xBF\xD1\x8C\xD1\x8E\xD1\x82\xD0\xB5\xD1\x80",
        "\xD0\x9A\xD0\xBE\xD0\xBC\xD0\xBF'\xD1\x8E\xD1\x82\xD0\xB5\xD1\x80",
        "\xCE\xA5\xCF\x80\xCE\xBF\xCE\xBB\xCE\xBF\xCE\xB3\xCE\xB9\xCF\x83\xCF\x84\xCE\xAE\xCF\x82",
        "\xE3\x82\xB3\xE3\x83\xB3\xE3\x83\x94\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xBF",
        "\xE3\x82\xB3\xE3\x83\xB3\xE3\x83\x94\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xBF\xE3\x83\xBC",
        "\xE8\xAE\xA1\xE7\xAE\x97\xE6\x9C\xBA",
        "\xE9\x9B\xBB\xE8\x85\xA6",
        "\xEC\xBB\xB4\xED\x93\xA8\xED\x84\xB0"};
    const char *at = text + strspn(text, " \t\"'*_-+|");
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (!str_starts_case(at, labels[i]))
            continue;
        const char *behind = at + strlen(labels[i]);
        behind += strspn(behind, " \t\"'*_");
        if (!*behind || !strchr(":=|", *behind))
            continue;
        behind += strspn(behind, ":=| \t\"'*_[");
        *host = mem_textn(behind, strcspn(behind, " \t\"',;<*|]\\"));
        return true;
    }
    return false;
}

/* The label in the middle of a line (an event copied onto one line, or damaged XML). */
static bool computer_within(const char *text, char **host)
{
    static const char *const marks[] = {" Computer:", "|Computer|", "<Computer>",
                                        "\"Computer\":", "\"MachineName\":"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = str_find_case(text, marks[i]);
        if (!at)
            continue;
        at += strlen(marks[i]);
        at += strspn(at, " \t\"|");
        *host = mem_textn(at, strcspn(at, " \t\",<|]"));
        return true;
    }
    return false;
}

bool intake_event_computer(const char *text, char **host)
{
    return computer_first(text, host) || computer_within(text, host);
}
