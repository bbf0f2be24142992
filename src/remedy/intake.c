/* Conducts the reading: the text is made plain, documents are taken out of it, and then it is read
 * line by line. At any line one kind of text is open (an event, a replication report, dcdiag, or
 * nothing known); a line that begins another kind closes it. Anchors decide, labels only help. */
#include "src/remedy/intake.h"
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum block { LOOSE, EVENT, REPORT, DCDIAG };
enum {
    ORPHAN_LINES = 30, /* how far behind a GUID-based name an event may claim it */
    EVENT_LINES = 60   /* what stands farther behind an event's id is not its text */
};

struct reader {
    struct intake *in;
    enum block block;
    struct intake_event event;
    struct intake_report report;
    struct intake_replsum sum;
    struct intake_list list;
    struct intake_syncall sync;
    struct intake_dcdiag dcdiag;
    struct intake_loose loose;
};

/* What an event does not say itself: the DC that dcdiag tested, a GUID that stood in front of it.
 */
static void complete_event(struct reader *reader)
{
    struct intake_event *event = &reader->event;
    struct intake_loose *loose = &reader->loose;
    if (!event->computer && reader->dcdiag.server)
        event->computer = mem_text(reader->dcdiag.server);
    bool lacks = !event->dsa.has_guid && !event->plain.has_guid && intake_event_name(event->id);
    if (lacks && loose->orphan_line && event->line - loose->orphan_line < ORPHAN_LINES) {
        event->dsa.has_guid = true;
        event->dsa.guid = loose->orphan;
        event->dsa.line = loose->orphan_line;
        loose->orphan_line = 0;
    }
}

static void close_block(struct reader *reader)
{
    switch (reader->block) {
    case LOOSE:
        intake_loose_close(&reader->loose, reader->in);
        break;
    case EVENT:
        complete_event(reader);
        intake_event_close(&reader->event, reader->in);
        break;
    case REPORT:
        intake_report_close(&reader->report, reader->in);
        break;
    case DCDIAG:
        break; /* an event may stand in the middle of it */
    }
    reader->block = LOOSE;
}

static void enter(struct reader *reader, enum block block)
{
    if (reader->block != block)
        close_block(reader);
    reader->block = block;
}

static void read_line(struct reader *reader, const struct intake_line *line,
                      struct intake_lines *lines)
{
    if (intake_blank(line->text)) {
        if (reader->block == LOOSE)
            intake_loose_line(&reader->loose, reader->in, line);
        return;
    }
    if (intake_banner_starts(line->text)) {
        close_block(reader);
        intake_banner_line(reader->in, line, *lines);
        return;
    }
    if (intake_csv_line(reader->in, line, lines) ||
        intake_replsum_line(&reader->sum, reader->in, line) ||
        intake_list_line(&reader->list, reader->in, line, lines) ||
        intake_syncall_line(&reader->sync, reader->in, line, lines)) {
        enter(reader, LOOSE);
        return;
    }
    if (intake_report_starts(&reader->report, line, *lines))
        enter(reader, REPORT);
    else if (intake_dcdiag_starts(line))
        enter(reader, DCDIAG);
    else if (intake_event_in(line->text))
        enter(reader, EVENT);
    if (reader->block == EVENT && reader->event.open &&
        line->number - reader->event.line > EVENT_LINES)
        close_block(reader);
    if (reader->block == EVENT)
        intake_event_line(&reader->event, reader->in, line);
    else if (reader->block == REPORT)
        intake_report_line(&reader->report, reader->in, line, *lines);
    else if (reader->block == DCDIAG)
        intake_dcdiag_line(&reader->dcdiag, reader->in, line);
    else
        intake_loose_line(&reader->loose, reader->in, line);
}

static bool only_line(struct intake_lines lines, struct intake_line *out)
{
    struct intake_line other;
    return intake_next_filled(&lines, out) && !intake_next_filled(&lines, &other);
}

/* Looks for a GUID that only nearly is one; the names beside it stay unused. */
static void find_misread(struct intake *in, const struct intake_line *line)
{
    for (const char *at = strchr(line->text, '-'); at && !in->misread; at = strchr(at + 1, '-'))
        if (at - line->text >= 8 && intake_misread_guid(at - 8))
            in->misread = line->number;
}

static void read_lines(struct intake *in, struct str *text)
{
    struct reader reader = {.in = in};
    struct intake_lines lines = {str_text(text), str_text(text) + text->len, 0};
    struct intake_line line;
    for (size_t i = 0; i < text->len; i++)
        if (text->text[i] == '\n')
            text->text[i] = '\0';
    for (struct intake_lines all = lines; intake_next_line(&all, &line);)
        find_misread(in, &line);
    if (only_line(lines, &line) && intake_typed(in, &line))
        return;
    while (intake_next_line(&lines, &line))
        read_line(&reader, &line, &lines);
    close_block(&reader);
    free(reader.loose.computer);
    intake_dcdiag_close(&reader.dcdiag, in);
}

/* The text made plain; a note where something of it was lost. */
static void prepare(struct intake *in, const char *text, size_t len, struct str *out)
{
    struct str plain = STR_INIT;
    bool unreadable;
    if (len > INTAKE_MAX_BYTES) {
        strs_own(&in->notes, str_format("The text has %zu MiB; only the first %d MiB were read.",
                                        len >> 20, INTAKE_MAX_BYTES >> 20));
        len = INTAKE_MAX_BYTES;
    }
    intake_clean(text, len, &plain, &unreadable);
    if (intake_strip_markup(&plain)) {
        struct str again = STR_INIT;
        bool same;
        intake_clean(str_text(&plain), plain.len, &again, &same);
        str_release(&plain);
        plain = again;
    }
    if (unreadable)
        strs_add(&in->notes,
                 "Some characters of the text could not be read (it is neither UTF-8 nor"
                 " UTF-16); names with them are not used.");
    intake_unwrap(&plain, out);
    str_release(&plain);
}

struct err *intake_read(const char *text, size_t len, struct subject *out)
{
    struct intake in = {.finds = NULL};
    struct str plain = STR_INIT;
    *out = (struct subject){.dsas = NULL};
    prepare(&in, text, len, &plain);
    intake_take_xml(&in, &plain);
    intake_take_json(&in, &plain);
    read_lines(&in, &plain);
    struct err *err = intake_settle(&in, out);
    str_release(&plain);
    intake_release(&in);
    return err;
}
