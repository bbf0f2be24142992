/* In Markdown, prose has its special characters escaped; values stand in code spans and blocks
 * whose fence is longer than any run of backticks in them, so no value can end its own quotation.
 */
#include "src/remedy/sheet.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 28 }; /* the longest of our own: "read the account's back link" */

static void add_prose(struct sheet *sheet, const char *text, size_t len)
{
    char *clean = text_clean(text, len);
    for (const char *c = clean; *c; c++) {
        if (sheet->markdown && strchr("\\`*_{}[]<>#|~&!", *c))
            str_addc(sheet->out, '\\');
        str_addc(sheet->out, *c);
    }
    free(clean);
}

/* The longest run of backticks. */
static int longest_run(const char *text)
{
    int run = 0, longest = 0;
    for (; *text; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void add_fence(struct sheet *sheet, int length)
{
    for (int i = 0; i < length; i++)
        str_addc(sheet->out, '`');
}

static void add_code(struct sheet *sheet, const char *value)
{
    char *clean = text_clean_z(value);
    int fence = sheet->markdown ? longest_run(clean) + 1 : 0;
    add_fence(sheet, fence);
    bool pad = fence > 1; /* a backtick at an edge must not touch the fence */
    str_add(sheet->out, pad ? " " : "");
    str_add(sheet->out, clean);
    str_add(sheet->out, pad ? " " : "");
    add_fence(sheet, fence);
    free(clean);
}

static void end_list(struct sheet *sheet)
{
    if (sheet->listing && sheet->markdown)
        str_addc(sheet->out, '\n');
    sheet->listing = false;
}

void sheet_title(struct sheet *sheet, const char *text)
{
    str_add(sheet->out, sheet->markdown ? "# " : "");
    add_prose(sheet, text, strlen(text));
    str_add(sheet->out, "\n\n");
}

void sheet_heading(struct sheet *sheet, const char *text)
{
    end_list(sheet);
    size_t len = sheet->out->len;
    if (len > 1 && strcmp(sheet->out->text + len - 2, "\n\n") != 0)
        str_addc(sheet->out, '\n');
    str_add(sheet->out, sheet->markdown ? "## " : "");
    add_prose(sheet, text, strlen(text));
    str_add(sheet->out, sheet->markdown ? "\n\n" : "\n");
}

static void paragraphs(struct sheet *sheet, const char *text, const char *mark)
{
    if (!text || !*text)
        return;
    end_list(sheet);
    while (*text) {
        size_t len = strcspn(text, "\n");
        str_add(sheet->out, sheet->markdown ? mark : "  ");
        add_prose(sheet, text, len);
        str_add(sheet->out, sheet->markdown ? mark : "");
        str_add(sheet->out, sheet->markdown ? "\n\n" : "\n");
        text += len + (text[len] == '\n');
    }
}

void sheet_text(struct sheet *sheet, const char *text)
{
    paragraphs(sheet, text, "");
}

void sheet_strong(struct sheet *sheet, const char *text)
{
    paragraphs(sheet, text, "**");
}

static void add_label(struct sheet *sheet, const char *label)
{
    sheet->listing = true;
    str_add(sheet->out, sheet->markdown ? "- " : "  ");
    add_prose(sheet, label, strlen(label));
    if (sheet->markdown) {
        str_add(sheet->out, ": ");
        return;
    }
    char *clean = text_clean_z(label);
    int pad = LABEL_COLUMNS - text_width(clean);
    free(clean);
    for (str_add(sheet->out, "  "); pad > 0; pad--)
        str_addc(sheet->out, ' ');
}

void sheet_item(struct sheet *sheet, const char *label, const char *text)
{
    if (!text)
        return;
    add_label(sheet, label);
    add_prose(sheet, text, strlen(text));
    str_addc(sheet->out, '\n');
}

void sheet_value(struct sheet *sheet, const char *label, const char *value)
{
    if (!value)
        return;
    add_label(sheet, label);
    add_code(sheet, value);
    str_addc(sheet->out, '\n');
}

void sheet_block(struct sheet *sheet, const char *text)
{
    char *clean = text_clean_lines(text, strlen(text));
    int run = longest_run(clean), fence = sheet->markdown ? (run < 3 ? 3 : run + 1) : 0;
    end_list(sheet);
    add_fence(sheet, fence);
    str_add(sheet->out, sheet->markdown ? "\n" : "");
    for (const char *at = clean; *at;) {
        size_t len = strcspn(at, "\n");
        str_add(sheet->out, sheet->markdown ? "" : "    ");
        str_addn(sheet->out, at, len);
        str_addc(sheet->out, '\n');
        at += len + (at[len] == '\n');
    }
    add_fence(sheet, fence);
    str_add(sheet->out, sheet->markdown ? "\n\n" : "");
    free(clean);
}

char *sheet_time(time_t when)
{
    struct tm tm;
    char text[40] = "never";
    if (when && gmtime_r(&when, &tm))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm);
    return mem_text(text);
}
