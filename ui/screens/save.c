/* A name for the report, over whatever it is about: what was found and done, or the plan of a
 * change that somebody else is to look at before it is made. */
#include "ui/screens/report_parts.h"

#include "src/base/mem.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

struct save {
    struct field field; /* the file's name */
    bool sure;          /* the file exists, and Enter overwrites it */
    bool saving;        /* it is being written: the name stays as it is */
    struct pager page;
};

static void *open_save(struct app *app)
{
    struct save *save = mem_zero(1, sizeof *save);
    char *name = report_default_name(&app->wizard);
    field_init(&save->field, 0);
    field_set(&save->field, name);
    free(name);
    return save;
}

static void close_save(void *state)
{
    struct save *save = state;
    field_release(&save->field);
    pager_release(&save->page);
    free(save);
}

static bool typing(struct app *app, void *state)
{
    (void)app, (void)state;
    return true;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)app;
    offers[0] = (struct keys_offer){ACTION_ENTER,
                                    ((const struct save *)state)->sure ? "overwrite it" : "save"};
    offers[1] = (struct keys_offer){ACTION_BACK, "do not save"};
    return 2;
}

/* What it is, before it is given away. */
static void build(struct app *app, struct save *save)
{
    struct pager *page = &save->page;
    page_begin(page);
    page_put(page, save->sure ? STYLE_WARN : STYLE_QUIET,
             save->sure ? "This report exists. Enter overwrites it."
                        : "A name that ends in .md makes it Markdown.");
    pager_blank(page);
    if (report_is_change(&app->wizard))
        page_put(page, STYLE_TEXT, "It holds what was found, changed and read back.");
    else if (report_has_plan(&app->wizard))
        page_lines(page, STYLE_TEXT,
                   "Nothing has been written yet. The file holds what was found, its proof, the "
                   "change and its undo as LDIF, and the commands.\n"
                   "Somebody else gives it to dcmend --file: everything is read and proven again "
                   "there, and the name is typed there.");
    else
        page_put(page, STYLE_TEXT,
                 "Nothing was written. The file holds what was found, and what to do.");
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct save *save = state;
    struct rect line = layout_take(&rect, 1);
    int used = term_put(app->term, line.row, line.col, STYLE_STRONG, "Save as: ", line.cols);
    line = (struct rect){line.row, line.col + used, 1, line.cols - used};
    field_draw(&save->field, app->term, line, true);
    build(app, save);
    save->page.fixed = true;
    pager_draw(&save->page, app->term, rect);
}

static struct save *state_of(struct app *app)
{
    for (size_t i = 0; i < app->depth; i++)
        if (app->stack[i].ops == &screen_save)
            return app->stack[i].state;
    return NULL;
}

static void saved(struct app *app, void *argument, struct err *err)
{
    const struct report_work *work = argument;
    struct save *save = state_of(app);
    if (save) {
        save->saving = false;
        save->sure = work->exists;
    }
    if (!err) {
        if (save && app->stack[app->depth - 1].ops == &screen_save)
            app_pop(app);
        app_notice(app, false, "Saved as %s.%s", work->path,
                   work->written ? "" : " Nothing has been written in the directory.");
    } else if (!work->exists || !save) {
        app_notice(app, true, "%s", err->text);
    }
    err_free(err);
}

static void save_now(struct app *app, struct save *save)
{
    const char *name = field_text(&save->field);
    if (!*name)
        return;
    save->saving = true;
    if (report_save(app, name, save->sure, saved))
        return;
    save->saving = false;
    app_notice(app, true, "The report is not written: the disk is too slow.");
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct save *save = state;
    enum widget_result result;
    if (action == ACTION_BACK)
        return false; /* as everywhere */
    if (save->saving)
        return true;
    result = field_handle(&save->field, event);
    if (result == WIDGET_ENTER)
        save_now(app, save);
    else if (result == WIDGET_CHANGED)
        save->sure = false;
    return true;
}

const struct screen_ops screen_save = {
    .name = "Save",
    .help = "Saves the report as a file of yours: text, or Markdown where its name ends in .md. "
            "Before anything is written it is the plan: what was found, the proof, the change and "
            "its undo as LDIF. A second person gives it to dcmend --file; there everything is read "
            "and proven again, and nothing of the file is believed but which DSA is meant, and on "
            "which DC.",
    .open = open_save,
    .close = close_save,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
};
