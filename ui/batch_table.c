/* A column is as wide as its widest cell; what is too much is taken from those that yield. */
#include "ui/batch_table.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/output.h"

#include <stdlib.h>

enum { LEAST_COLUMNS = 8 };

void batch_table_add(struct batch_table *table, const char *raw)
{
    char *text = output_text(raw && *raw ? raw : "-", table->plain);
    strs_add(&table->cells, text);
    free(text);
}

void batch_table_release(struct batch_table *table)
{
    strs_release(&table->cells);
}

static void widen(int *width, const char *text)
{
    if (text_width(text) > *width)
        *width = text_width(text);
}

static void shrink(const struct batch_table *table, int *widths, int over)
{
    for (int turn = 1; turn <= (int)table->count; turn++)
        for (size_t i = 0; i < table->count; i++) {
            int room = widths[i] - LEAST_COLUMNS, less = over < room ? over : room;
            if (table->columns[i].yields != turn || less <= 0)
                continue;
            widths[i] -= less;
            over -= less;
        }
}

/* Owned by the caller. */
static int *measure(const struct batch_table *table, int most)
{
    int *widths = mem_zero(table->count, sizeof *widths), sum = 0;
    for (size_t i = 0; i < table->count; i++)
        widen(&widths[i], table->columns[i].head);
    for (size_t i = 0, column = 0; i < table->cells.count; i++, column++) {
        column = column < table->count ? column : 0;
        widen(&widths[column], table->cells.items[i]);
    }
    for (size_t i = 0; i < table->count; i++)
        sum += widths[i] + (i > 0) * 2;
    if (most > 0 && sum > most)
        shrink(table, widths, sum - most);
    return widths;
}

/* Nothing stands behind the last one. */
static void add_cell(struct str *out, const char *text, int width, bool last)
{
    char *cut = text_fit(text, width, "...");
    str_add(out, cut);
    for (int used = text_width(cut); used < width + 2 && !last; used++)
        str_addc(out, ' ');
    str_add(out, last ? "\n" : "");
    free(cut);
}

void batch_table_write(struct str *out, const struct batch_table *table, int most)
{
    if (table->cells.count == 0)
        return;
    int *widths = measure(table, most);
    size_t last = table->count - 1;
    for (size_t i = 0; i < table->count; i++)
        add_cell(out, table->columns[i].head, widths[i], i == last);
    for (size_t i = 0, column = 0; i < table->cells.count; i++, column++) {
        column = column < table->count ? column : 0;
        add_cell(out, table->cells.items[i], widths[column], column == last);
    }
    free(widths);
}
