/* Accounts: who could be meant, each with its proof and with what speaks against it. What is typed
 * filters. Choosing one judges it by the same rules as the proposed one; only where the rules would
 * write it does the wizard go on with it, else the reasons are shown. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/remedy/diagnose.h"
#include "ui/widgets/field.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/list.h"

#include <stdlib.h>

struct accounts {
    const struct wizard *wizard;
    struct list list;
    struct field filter;
    bool filtering; /* the cursor is in the filter: a letter came last, no arrow */
    size_t *shown;  /* indices into facts.accounts, best level first */
    size_t count;
    char *name; /* of the row that was drawn last */
    struct pager page;
};

static const struct facts_account *account_at(const struct accounts *accounts, size_t index)
{
    return &accounts->wizard->facts.accounts[index];
}

static const struct judged_account *judged_at(const struct accounts *accounts, size_t index)
{
    const struct verdict *verdict = &accounts->wizard->verdict;
    return index < verdict->account_count ? &verdict->accounts[index] : NULL;
}

static enum level level_of(const struct accounts *accounts, size_t index)
{
    const struct judged_account *judged = judged_at(accounts, index);
    return judged ? judged->level : LEVEL_NONE;
}

/* --- the rows --- */

static const char *first_reason(const struct judged_account *judged, enum finding_sort sort)
{
    return judged ? findings_first(&judged->reasons, sort) : NULL;
}

static char *why(const struct accounts *accounts, size_t index)
{
    const struct judged_account *judged = judged_at(accounts, index);
    const char *against = first_reason(judged, FINDING_BLOCKER);
    const char *with = first_reason(judged, FINDING_EVIDENCE);
    if (index == accounts->wizard->verdict.account)
        return mem_text(accounts->wizard->verdict.kind == VERDICT_HEALTHY ? "the present value"
                                                                          : "proposed");
    if (account_at(accounts, index)->is_target)
        return str_format("the present value%s%s", against ? ": " : "", against ? against : "");
    return text_clean_z(against ? against : with ? with : "nothing ties it to this DSA");
}

static void draw_row(void *data, size_t index, struct list_row *row)
{
    struct accounts *accounts = data;
    size_t which = accounts->shown[index];
    const struct facts_account *account = account_at(accounts, which);
    const struct judged_account *judged = judged_at(accounts, which);
    const char *level = level_name(level_of(accounts, which));
    free(accounts->name);
    char *reason = why(accounts, which), *sam = text_clean_z(account->sam);
    size_t len = strlen(sam) + 1;
    struct str both = STR_INIT; /* two cells live in one text */
    str_addn(&both, sam, len);
    str_add(&both, reason);
    free(reason);
    free(sam);
    accounts->name = str_steal(&both);
    bool fits = judged && judged->fits && judged->usable;
    row->cells[0] = (struct list_cell){accounts->name, STYLE_TEXT};
    row->cells[1] = (struct list_cell){level ? level : "none", fits ? STYLE_OK : STYLE_QUIET};
    row->cells[2] = (struct list_cell){accounts->name + len, fits ? STYLE_TEXT : STYLE_QUIET};
}

static uint64_t row_id(void *data, size_t index)
{
    return ((const struct accounts *)data)->shown[index];
}

static bool matches(const struct accounts *accounts, size_t index, const char *text)
{
    const struct facts_account *account = account_at(accounts, index);
    char *reason = why(accounts, index);
    const char *level = level_name(level_of(accounts, index));
    bool found = !*text || (account->sam && str_find_case(account->sam, text)) ||
                 (account->dn && str_find_case(account->dn, text)) ||
                 (account->dns_host && str_find_case(account->dns_host, text)) ||
                 (level && str_same_case(level, text)) || str_find_case(reason, text);
    free(reason);
    return found;
}

static void refilter(struct accounts *accounts)
{
    size_t all = accounts->wizard->facts.account_count;
    free(accounts->shown);
    accounts->shown = mem_zero(all ? all : 1, sizeof *accounts->shown);
    accounts->count = 0;
    for (int level = LEVEL_HIGH; level >= LEVEL_NONE; level--)
        for (size_t i = 0; i < all; i++)
            if (level_of(accounts, i) == (enum level)level &&
                matches(accounts, i, field_text(&accounts->filter)))
                accounts->shown[accounts->count++] = i;
    accounts->list.count = accounts->count;
    list_refresh(&accounts->list);
}

/* --- opening --- */

static void *open_accounts(struct app *app)
{
    struct accounts *accounts = mem_zero(1, sizeof *accounts);
    accounts->wizard = &app->wizard;
    field_init(&accounts->filter, 0);
    accounts->list.row = draw_row;
    accounts->list.id = row_id;
    accounts->list.data = accounts;
    accounts->list.column_count = 3;
    accounts->list.columns[0] = (struct list_column){.width = 18};
    accounts->list.columns[1] = (struct list_column){.width = 6};
    accounts->list.empty = "No account that could be meant contains this text.";
    refilter(accounts);
    return accounts;
}

static void close_accounts(void *state)
{
    struct accounts *accounts = state;
    field_release(&accounts->filter);
    pager_release(&accounts->page);
    free(accounts->shown);
    free(accounts->name);
    free(accounts);
}

static bool typing(struct app *app, void *state)
{
    (void)app, (void)state;
    return true;
}

/* The facts may have been read anew since the list was made. */
static bool selected(const struct accounts *accounts, size_t *which)
{
    size_t row;
    if (!list_selected(&accounts->list, &row) || row >= accounts->count)
        return false;
    *which = accounts->shown[row];
    return *which < accounts->wizard->facts.account_count;
}

/* Whether the rules would write this very account. */
static bool may_go_on(const struct accounts *accounts, size_t which)
{
    const struct wizard *w = accounts->wizard;
    if (w->step != STEP_PROPOSE || !w->judged)
        return false;
    struct verdict verdict;
    diagnose_choice(&w->facts, which, &verdict);
    bool writable = verdict.writable && verdict.account == which;
    verdict_release(&verdict);
    return writable;
}

static size_t offers(struct app *app, void *state, struct keys_offer *offers)
{
    (void)app;
    size_t n = 0, which;
    const struct accounts *accounts = state;
    if (selected(accounts, &which))
        offers[n++] = (struct keys_offer){
            ACTION_ENTER, may_go_on(accounts, which) ? "take this account" : "why, in full"};
    offers[n++] =
        (struct keys_offer){ACTION_BACK, *field_text(&accounts->filter) ? "clear filter" : "close"};
    return n;
}

/* --- drawing --- */

static void build(struct app *app, struct accounts *accounts, size_t which)
{
    const struct facts_account *account = account_at(accounts, which);
    const struct judged_account *judged = judged_at(accounts, which);
    const char *level = level_name(level_of(accounts, which));
    struct pager *page = &accounts->page;
    page_begin(page);
    page_put(page, STYLE_HEAD, "%s", account->dn);
    page_pair(page, "proof", STYLE_TEXT, "%s%s", level ? level : "none",
              which == app->wizard.verdict.account ? ", the proposed account" : "");
    for (size_t i = 0; judged && i < judged->reasons.count; i++) {
        const struct finding *reason = &judged->reasons.items[i];
        bool with = finding_sort(reason->kind) == FINDING_EVIDENCE;
        page_item(app, page, with ? GLYPH_TICK : GLYPH_CROSS, with ? STYLE_OK : STYLE_FAULT, "%s",
                  reason->text);
    }
    if (!judged || judged->reasons.count == 0)
        page_put(page, STYLE_QUIET, "Nothing ties it to this DSA.");
}

static void draw_filter(struct app *app, struct accounts *accounts, struct rect line)
{
    int used = term_put(app->term, line.row, line.col, STYLE_QUIET, "filter: ", line.cols);
    char *count = str_format("%zu of %zu", accounts->count, app->wizard.facts.account_count);
    int width = text_width(count);
    term_put(app->term, line.row, line.col + line.cols - width, STYLE_QUIET, count, width);
    struct rect field = {line.row, line.col + used, 1, line.cols - used - width - 2};
    field_draw(&accounts->filter, app->term, field, accounts->filtering);
    free(count);
}

static void draw(struct app *app, void *state, struct rect rect)
{
    struct accounts *accounts = state;
    struct rect left, right;
    size_t which;
    refilter(accounts);
    page_intro(app, &rect, STYLE_HEAD, "Who could be meant. Only a proven account is written.");
    draw_filter(app, accounts, layout_take(&rect, 1));
    layout_take(&rect, rect.rows > 10 ? 1 : 0);
    bool split = layout_split(rect, 0, &left, &right);
    if (!split) {
        int rows = (int)accounts->count < rect.rows / 2 ? (int)accounts->count : rect.rows / 2;
        right = rect;
        left = layout_take(&right, rows < 2 ? 2 : rows);
        layout_take(&right, right.rows > 5 ? 1 : 0);
    } else {
        layout_divide(app->term, left);
    }
    list_draw(&accounts->list, app->term, left, true);
    if (!list_told(&accounts->list, app_now_ms(app), &which))
        return;
    which = accounts->shown[which];
    build(app, accounts, which);
    accounts->page.fixed = true; /* PgDn is the list's; Enter shows the reasons in full */
    pager_draw(&accounts->page, app->term, right);
}

/* --- keys --- */

static void show_reasons(struct app *app, const struct accounts *accounts, size_t which)
{
    struct str text = STR_INIT;
    struct verdict verdict;
    diagnose_choice(&app->wizard.facts, which, &verdict);
    const struct judged_account *judged = judged_at(accounts, which);
    char *dn = page_clean(account_at(accounts, which)->dn);
    str_addf(&text, "%s\n\n", dn);
    free(dn);
    for (size_t i = 0; judged && i < judged->reasons.count; i++) {
        const struct finding *reason = &judged->reasons.items[i];
        str_addf(&text, "%s  %s (%s)\n", finding_sort(reason->kind) == FINDING_EVIDENCE ? "+" : "-",
                 reason->text, finding_name(reason->kind));
    }
    for (size_t i = 0; i < verdict.blockers.count; i++)
        str_addf(&text, "-  %s (%s)\n", verdict.blockers.items[i].text,
                 finding_name(verdict.blockers.items[i].kind));
    if (verdict.advice)
        str_addf(&text, "\n%s\n", verdict.advice);
    app_show_text(app, verdict.writable ? "The proposed account" : "Why this account is not taken",
                  str_text(&text));
    verdict_release(&verdict);
    str_release(&text);
}

static void choose(struct app *app, struct accounts *accounts)
{
    size_t which;
    if (!selected(accounts, &which))
        return;
    if (!may_go_on(accounts, which)) {
        show_reasons(app, accounts, which);
        return;
    }
    app_pop(app);
    app_event(app, &(struct wizard_event){.kind = EVENT_CHOOSE, .index = which});
}

static bool handle(struct app *app, void *state, const struct term_event *event, enum action action)
{
    struct accounts *accounts = state;
    if (action == ACTION_BACK && *field_text(&accounts->filter))
        field_set(&accounts->filter, "");
    else if (action == ACTION_BACK)
        return false;
    else if (action == ACTION_ENTER)
        choose(app, accounts);
    else if ((event->kind == TERM_KEY && event->key == TERM_CHAR) ||
             list_handle(&accounts->list, event) == WIDGET_IGNORED)
        accounts->filtering = field_handle(&accounts->filter, event) == WIDGET_CHANGED;
    else
        accounts->filtering = false;
    return true;
}

static int64_t settle(struct app *app, void *state)
{
    return list_rests_in(&((struct accounts *)state)->list, app_now_ms(app));
}

const struct screen_ops screen_accounts = {
    .settle = settle,
    .name = "Accounts",
    .help = "The accounts of the domain that could be meant, the best proven first. A tick speaks "
            "for an account, a cross against it.\n\n"
            "Letters filter by name, DN, host name, level or reason. On Propose, Enter takes an "
            "account, if the rules that judge the proposed one would write it; if not, the reasons "
            "are shown.",
    .open = open_accounts,
    .close = close_accounts,
    .offers = offers,
    .draw = draw,
    .handle = handle,
    .typing = typing,
};
