/* A page of text over any screen: help, LDIF, a list of copies. Esc or q closes it. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/widgets/layout.h"

#include <stdlib.h>

struct text_page {
    char *title, *text; /* text as given, for copying */
    struct pager page;
};

static void *open_text(struct app *app)
{
    (void)app;
    return mem_zero(1, sizeof(struct text_page));
}

static void close_text(void *state)
{
    struct text_page *text = state;
    pager_release(&text->page);
    free(text->title);
    free(text->text);
    free(text);
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)app, (void)state;
    offers[0] = (struct keys_offer){ACTION_BACK, "close"};
    offers[1] = (struct keys_offer){ACTION_COPY, NULL};
    return 2;
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct text_page *text = state;
    struct rect title = layout_take(&rect, 2);
    term_put_cut(app->term, title.row, title.col, STYLE_HEAD, text->title, title.cols);
    pager_draw(&text->page, app->term, rect);
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct text_page *text = state;
    bool enter = event->kind == TERM_KEY && event->key == TERM_ENTER;
    if (action == ACTION_HELP)
        app_show_words(app);
    else if (action == ACTION_BACK || action == ACTION_QUIT || enter)
        app_pop(app);
    else if (action == ACTION_COPY)
        app_copy(app, text->title, text->text);
    else
        page_keys(&text->page, event);
    return true;
}

static struct pager *page_of(void *state)
{
    return &((struct text_page *)state)->page;
}

const struct screen_ops screen_text = {
    .page = page_of,
    .name = "Text",
    .help = "A page of text.",
    .open = open_text,
    .close = close_text,
    .offers = offers,
    .draw = draw,
    .handle = handle,
};

void app_copy(struct app *app, const char *what, const char *text)
{
    if (!text || !*text)
        app_notice(app, false, "There is nothing to copy here.");
    else if (term_copy(app->term, text))
        app_notice(app, false, "%s was sent to your terminal's clipboard.", what);
    else
        app_notice(app, true, "This terminal takes no clipboard text: select it with the mouse.");
}

void app_show_text(struct app *app, const char *title, const char *text)
{
    size_t depth = app->depth;
    app_push(app, &screen_text);
    if (app->depth == depth)
        return;
    struct text_page *page = app->stack[app->depth - 1].state;
    page->title = text_clean_z(title);
    page->text = text_clean_lines(text, strlen(text));
    pager_line(&page->page, STYLE_TEXT, page->text);
}
