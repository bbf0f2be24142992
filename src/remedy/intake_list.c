/* Events as PowerShell lists them: Export-Csv and Format-List of Get-WinEvent and Get-EventLog.
 * There the message may stand in front of the id and the computer, and one record ends where its
 * columns do, not where an id comes. A record is read whole and handed to the event's reader in the
 * order of an event: id, computer, message. Property names are the same in every language. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_LINES = 120,
    MAX_HEADER_LINES = 12,
    MAX_RECORD = 64 << 10,
    MAX_LINE = 16 << 10,
    MAX_COLUMNS = 64
};

enum part {
    ID,
    COMPUTER,
    MESSAGE,
    EVENT_PARTS,
    PARTNER = EVENT_PARTS, /* from here on: Get-ADReplicationPartnerMetadata and -Failure */
    ADDRESS,
    PARTNER_GUID,
    RESULT,
    ATTEMPT,
    SERVER,
    PARTS
};
static const char *const names[PARTS][4] = {
    [ID] = {"Id", "EventID", "Event ID", "InstanceId"},
    [COMPUTER] = {"MachineName", "ComputerName", "Computer", "PSComputerName"},
    [MESSAGE] = {"Message", "Description"},
    [PARTNER] = {"Partner"},
    [ADDRESS] = {"PartnerAddress"},
    [PARTNER_GUID] = {"PartnerGuid"},
    [RESULT] = {"LastReplicationResult", "LastError"},
    [ATTEMPT] = {"LastReplicationAttempt"},
    [SERVER] = {"Server"},
};

/* The names are in the order in which they are believed: EventID before InstanceId. */
static int name_rank(enum part part, const char *name)
{
    for (int i = 0; i < 4 && names[part][i]; i++)
        if (str_same_case(name, names[part][i]))
            return 4 - i;
    return 0;
}

struct record {
    struct str parts[PARTS];
    int ranks[PARTS];
    size_t message_line;
};

static void record_release(struct record *record)
{
    for (int part = 0; part < PARTS; part++)
        str_release(&record->parts[part]);
}

/* A line end in the middle of a short value is the mail program's. */
static void drop_line_ends(struct str *value)
{
    size_t kept = 0;
    for (size_t i = 0; i < value->len; i++)
        if (!strchr(" \t\n\"", value->text[i]))
            value->text[kept++] = value->text[i];
    if (value->text)
        value->text[value->len = kept] = '\0';
}

static void feed(struct intake_event *event, struct intake *in, const char *text, size_t number)
{
    struct intake_line line = {text, strlen(text), number};
    intake_event_line(event, in, &line);
}

static void feed_message(struct intake_event *event, struct intake *in, struct str *message,
                         size_t number)
{
    char *at = message->text;
    for (size_t i = 0; at && i <= message->len; i++) {
        if (i < message->len && message->text[i] != '\n')
            continue;
        message->text[i] = '\0';
        if (!intake_blank(at))
            feed(event, in, at, number);
        at = message->text + i + 1;
        number++;
    }
}

/* False when the record is none of an event. */
static bool hand_over(struct record *record, struct intake *in, size_t line)
{
    struct intake_event event = {.open = false};
    drop_line_ends(&record->parts[ID]);
    drop_line_ends(&record->parts[COMPUTER]);
    if (!record->parts[ID].len || !record->ranks[MESSAGE])
        return false;
    char *id = str_format("Event ID: %s", str_text(&record->parts[ID]));
    bool known = intake_event_in(id) != 0;
    if (known) {
        char *computer = str_format("Computer: %s", str_text(&record->parts[COMPUTER]));
        feed(&event, in, id, line);
        if (record->parts[COMPUTER].len) /* an empty one would take the next line's word */
            feed(&event, in, computer, line);
        feed_message(&event, in, &record->parts[MESSAGE], record->message_line);
        intake_event_close(&event, in);
        free(computer);
    }
    free(id);
    return known;
}

/* As Format-List would show the record: one paragraph. */
static void hand_over_metadata(struct record *record, struct intake *in, size_t number)
{
    struct intake_loose loose = {.metadata = true};
    for (int part = PARTNER; part < PARTS; part++) {
        if (part != PARTNER && part != ATTEMPT)
            drop_line_ends(&record->parts[part]);
        char *text = str_format("%s : %s", names[part][0], str_text(&record->parts[part]));
        struct intake_line line = {text, strlen(text), number};
        intake_loose_line(&loose, in, &line);
        free(text);
    }
    intake_loose_close(&loose, in);
    free(loose.computer);
}

/* --- Export-Csv --- */

/* Fields of a row while its lines are read: where quotes are open, a line end belongs to it. */
struct row {
    struct str text;
    size_t fields, lines, seen;
    bool quoted;
    char separator;
};

static void count_fields(struct row *row)
{
    row->fields = row->fields ? row->fields : 1;
    for (; row->seen < row->text.len; row->seen++) {
        char c = row->text.text[row->seen];
        row->quoted = c == '"' ? !row->quoted : row->quoted;
        row->fields += !row->quoted && c == row->separator;
    }
}

static bool row_add(struct row *row, const struct intake_line *line)
{
    if (line->len > MAX_LINE || row->text.len + line->len > MAX_RECORD || row->lines == MAX_LINES)
        return false;
    str_add(&row->text, row->lines++ ? "\n" : "");
    str_addn(&row->text, line->text, line->len);
    count_fields(row);
    return true;
}

/* Reads lines until `columns` fields are there and no quote is open; without `columns`, until the
 * line does not end in a separator. False: this is no row. */
static bool read_row(struct row *row, const struct intake_line *first, struct intake_lines *lines,
                     size_t columns)
{
    struct intake_line line = *first;
    while ((columns || row->lines < MAX_HEADER_LINES) && row_add(row, &line)) {
        const char *text = str_text(&row->text);
        bool cut = row->text.len > 0 && text[row->text.len - 1] == row->separator;
        if (!row->quoted && (columns ? row->fields >= columns : !cut))
            return !columns || row->fields == columns;
        if (!intake_next_line(lines, &line))
            break;
    }
    return false;
}

/* The next field of a row, without its quotes; *at moves behind its separator. *lines: the line
 * ends that came before it. */
static void next_field(const char **at, char separator, struct str *out, size_t *ends)
{
    bool quoted = false;
    str_clear(out);
    *at += strspn(*at, " \n");
    for (; **at && (quoted || **at != separator); ++*at) {
        *ends += **at == '\n';
        if (**at == '"' && quoted && (*at)[1] == '"')
            ++*at;
        else if (**at == '"') {
            quoted = !quoted;
            continue;
        }
        str_addc(out, **at);
    }
    *at += **at != '\0';
}

static void read_header(struct intake_list *list, const struct row *row)
{
    struct str field = STR_INIT;
    const char *at = str_text(&row->text);
    int ranks[PARTS] = {0};
    size_t ends = 0;
    for (size_t column = 1; column <= row->fields; column++) {
        next_field(&at, row->separator, &field, &ends);
        drop_line_ends(&field);
        for (int part = 0; part < PARTS; part++) {
            int rank = name_rank((enum part)part, str_text(&field));
            if (rank > ranks[part]) {
                ranks[part] = rank;
                list->columns_of[part] = column;
            }
        }
    }
    str_release(&field);
    bool partner = ranks[PARTNER] || ranks[ADDRESS] || ranks[PARTNER_GUID];
    list->metadata = ranks[RESULT] && partner;
    list->columns = list->metadata || (ranks[ID] && ranks[MESSAGE]) ? row->fields : 0;
    list->separator = row->separator;
}

/* "Id" is a column of many tables: only together with "Message" it is an event's. */
static bool take_header(struct intake_list *list, const struct intake_line *line,
                        struct intake_lines *lines)
{
    const char *text = intake_skip(line->text);
    size_t name =
        strspn(text + (*text == '"'), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ");
    const char *behind = text + (*text == '"') + name;
    behind += *behind == '"';
    if (!name || name > 32 || !*behind || !strchr(",;\t", *behind))
        return false;
    struct row row = {.separator = *behind};
    struct intake_lines ahead = *lines;
    struct intake_list found = {.columns = 0};
    if (read_row(&row, line, &ahead, 0) && row.fields <= MAX_COLUMNS)
        read_header(&found, &row);
    str_release(&row.text);
    if (!found.columns)
        return false;
    *list = found;
    *lines = ahead;
    return true;
}

static bool take_row(struct intake_list *list, struct intake *in, const struct intake_line *line,
                     struct intake_lines *lines)
{
    struct row row = {.separator = list->separator};
    struct record record = {.ranks = {0}};
    struct str field = STR_INIT;
    struct intake_lines ahead = *lines;
    size_t ends = 0;
    bool whole = read_row(&row, line, &ahead, list->columns);
    size_t columns = list->columns;
    if (!whole) /* the table is over, or so damaged that only the anchors are left */
        list->columns = 0;
    const char *at = str_text(&row.text);
    for (size_t column = 1; whole && column <= columns; column++) {
        size_t before = ends;
        next_field(&at, row.separator, &field, &ends);
        for (int part = 0; part < PARTS; part++) {
            if (list->columns_of[part] != column)
                continue;
            record.ranks[part] = 1;
            str_addn(&record.parts[part], str_text(&field), field.len);
            record.message_line = part == MESSAGE ? line->number + before : record.message_line;
        }
    }
    bool taken = whole && list->metadata;
    if (taken)
        hand_over_metadata(&record, in, line->number);
    else
        taken = whole && hand_over(&record, in, line->number);
    *lines = taken ? ahead : *lines;
    record_release(&record);
    str_release(&field);
    str_release(&row.text);
    return taken;
}

/* --- Format-List --- */

/* "MachineName  : LIVDC01": the column of the colon, 0 when the line is no property's. */
static size_t property(const char *text, char *name, size_t room)
{
    text += strspn(text, " \t");
    size_t len = 0;
    while ((text[len] | 0x20) >= 'a' && (text[len] | 0x20) <= 'z')
        len++;
    size_t colon = len + strspn(text + len, " ");
    if (len == 0 || len >= room || text[colon] != ':' || colon > 40 ||
        (text[colon + 1] && text[colon + 1] != ' '))
        return 0;
    memcpy(name, text, len);
    name[len] = '\0';
    return colon;
}

static bool starts_record(const char *text)
{
    static const char *const first[] = {
        "Message", "Id",          "EventID",       "InstanceId",  "MachineName", "PSComputerName",
        "Index",   "TimeCreated", "TimeGenerated", "TimeWritten", "RecordId",    "ProviderName",
        "LogName", "Version",     "EntryType",     "Source",      "Category",    "LevelDisplayName",
        "Level",   "UserId",      "UserName",      "Qualifiers",  "Task"};
    char name[32];
    if (!property(text, name, sizeof name))
        return false;
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (str_same(name, first[i]))
            return true;
    return false;
}

/* Where the reading of one list stands. */
struct listing {
    struct record record;
    struct strs seen; /* names of the record's properties: one that comes again begins the next */
    size_t colon;
    enum part part; /* that the line belongs to; PARTS: none of ours */
    bool indented;  /* the message's lines are */
};

static void open_property(struct listing *listing, const char *text, const char *name,
                          size_t number)
{
    struct record *record = &listing->record;
    strs_add(&listing->seen, name);
    listing->part = PARTS;
    for (int part = 0; part < EVENT_PARTS; part++) {
        int rank = name_rank((enum part)part, name);
        if (rank <= record->ranks[part])
            continue;
        record->ranks[part] = rank;
        listing->part = (enum part)part;
        str_clear(&record->parts[part]);
        str_add(&record->parts[part], strchr(text, ':') + 1);
        record->message_line = part == MESSAGE ? number : record->message_line;
    }
}

/* A line at the margin that goes on with a message whose indent the mail program took, unless it
 * begins something else. */
static bool goes_on(const struct listing *listing, const struct intake_line *line,
                    struct intake_lines ahead)
{
    struct intake_report none = {.open = false};
    return listing->part == MESSAGE && !listing->indented && !intake_banner_starts(line->text) &&
           !intake_dcdiag_starts(line) && !intake_report_starts(&none, line, ahead) &&
           !intake_find_mention(line->text).strong;
}

/* False: the line is not the record's any more. */
static bool take_line(struct listing *listing, const struct intake_line *line,
                      struct intake_lines ahead)
{
    char name[32];
    size_t colon = property(line->text, name, sizeof name);
    if (line->len > MAX_LINE || listing->record.parts[MESSAGE].len > MAX_RECORD)
        return false;
    if (colon && (listing->colon == 0 || colon == listing->colon)) {
        if (strs_has(&listing->seen, name))
            return false;
        listing->colon = colon;
        open_property(listing, line->text, name, line->number);
        return true;
    }
    bool blank = intake_blank(line->text), inner = *line->text == ' ' || *line->text == '\t';
    if (!blank && !inner && !goes_on(listing, line, ahead))
        return false;
    listing->indented = listing->indented || (inner && listing->part == MESSAGE);
    if (listing->part != PARTS && listing->part != ID) {
        str_addc(&listing->record.parts[listing->part], '\n');
        str_addn(&listing->record.parts[listing->part], line->text, line->len);
    }
    return true;
}

static bool take_list(struct intake *in, const struct intake_line *line, struct intake_lines *lines)
{
    struct listing listing = {.part = PARTS};
    struct intake_lines ahead = *lines, behind = *lines;
    struct intake_line next = *line;
    for (int i = 0; i < MAX_LINES && take_line(&listing, &next, ahead); i++) {
        behind = ahead;
        if (!intake_next_line(&ahead, &next))
            break;
    }
    bool taken = hand_over(&listing.record, in, line->number);
    if (taken)
        *lines = behind;
    strs_release(&listing.seen);
    record_release(&listing.record);
    return taken;
}

bool intake_list_line(struct intake_list *list, struct intake *in, const struct intake_line *line,
                      struct intake_lines *lines)
{
    if (line->len > MAX_LINE)
        return false;
    if (starts_record(line->text) && take_list(in, line, lines))
        return true;
    if (take_header(list, line, lines))
        return true;
    return list->columns && take_row(list, in, line, lines);
}
