/* "/" in a page, as in less: what is typed is sought when Enter comes; n and N go on. What was
 * found stays marked until Esc drops the text. */
#include "src/base/str.h"
#include "ui/app_parts.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/pager.h"

struct pager *app_page_of(const struct app_view *view)
{
    return view->ops->page ? view->ops->page(view->state) : NULL;
}

size_t app_find_offers(struct keys_offer *offers)
{
    offers[0] = (struct keys_offer){ACTION_ENTER, "find it"};
    offers[1] = (struct keys_offer){ACTION_BACK, "drop it"};
    return 2;
}

static void find(struct app *app, struct pager *page, bool back, bool again)
{
    const char *text = field_text(&app->seek);
    if (*text && !pager_find(page, text, back, again))
        app_notice(app, true, "It is not in this page: %s", text);
}

void app_find_type(struct app *app, struct pager *page, const struct term_event *event)
{
    bool esc = event->kind == TERM_KEY && event->key == TERM_ESC;
    if (esc)
        field_set(&app->seek, "");
    bool enter = !esc && field_handle(&app->seek, event) == WIDGET_ENTER;
    app->seeking = !esc && !enter;
    if (enter)
        find(app, page, false, false);
}

bool app_find_key(struct app *app, struct pager *page, const struct term_event *event)
{
    bool letter = event->kind == TERM_KEY && event->key == TERM_CHAR;
    bool begins = letter && event->rune == '/';
    bool on = letter && (event->rune == 'n' || event->rune == 'N') && *field_text(&app->seek);
    if (begins)
        field_set(&app->seek, "");
    app->seeking = begins;
    if (on)
        find(app, page, event->rune == 'N', true);
    return begins || on;
}

void app_find_draw(struct app *app, struct rect *content)
{
    struct rect line = layout_take(content, -1);
    int used = term_put(app->term, line.row, line.col, STYLE_QUIET, "find: ", line.cols);
    line.col += used, line.cols -= used;
    field_draw(&app->seek, app->term, line, true);
}
