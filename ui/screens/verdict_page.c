/* The parts of a verdict as lines of a page: Inspect, Propose and Report share them. */
#include "ui/screens/parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"
#include "src/remedy/diagnose.h"

#include <stdlib.h>

enum style verdict_style(const struct verdict *verdict)
{
    if (verdict->kind == VERDICT_HEALTHY)
        return verdict_is_clean(verdict) ? STYLE_OK : STYLE_WARN;
    return STYLE_FAULT;
}

void page_dsa(struct app *app, struct pager *page)
{
    const struct facts *facts = &app->wizard.facts;
    char guid[GUID_TEXT];
    guid_text(&facts->asked, guid);
    const char *state = facts->dsa.part != PART_PRESENT ? "not found"
                        : facts->dsa.deleted            ? "deleted"
                                                        : "live";
    if (facts->srv.site)
        page_pair(page, "DSA", STYLE_TEXT, "%s  %s, site %s", guid, state, facts->srv.site);
    else
        page_pair(page, "DSA", STYLE_TEXT, "%s  %s", guid, state);
    if (facts->dns == DNS_FOUND)
        page_pair(page, "DNS", STYLE_TEXT, "its _msdcs name leads to %s", facts->dns_target);
    else if (facts->dns == DNS_MISSING)
        page_pair(page, "DNS", STYLE_WARN, "it has no _msdcs name");
    else if (facts->dns == DNS_FAILED)
        page_pair(page, "DNS", STYLE_QUIET, "no answer for its _msdcs name");
    if (facts->removed_by)
        page_pair(page, "Removed", STYLE_TEXT, "by %s", facts->removed_by);
}

/* copy_state_name() is for programs. */
static const char *state_words(enum copy_state state)
{
    static const char *const words[] = {
        [COPY_VALUE] = "(a value)",
        [COPY_ABSENT] = "absent",
        [COPY_NO_OBJECT] = "no such server object",
        [COPY_UNREADABLE] = "not readable for this sign-in",
        [COPY_UNREACHABLE] = "no answer",
        [COPY_NOT_ASKED] = "not asked",
    };
    return words[state];
}

/* What the copy says is a fault where it should be the proposed account. */
static enum style copy_style(const struct wizard *w, const struct facts_copy *copy)
{
    const struct verdict *verdict = &w->verdict;
    if (copy->state == COPY_ABSENT)
        return verdict->kind == VERDICT_DELETED_DSA ? STYLE_QUIET : STYLE_FAULT;
    if (copy->state != COPY_VALUE)
        return STYLE_QUIET;
    if (!verdict->proposed || verdict->account >= w->facts.account_count)
        return STYLE_TEXT;
    const struct facts_account *account = &w->facts.accounts[verdict->account];
    bool right = copy->value.has_guid ? guid_equal(&copy->value.guid, &account->guid)
                                      : dn_equal(copy->value.dn, account->dn);
    return right ? STYLE_TEXT : STYLE_FAULT;
}

static void add_copy(struct pager *page, const struct wizard *w, const struct facts_copy *copy)
{
    char *host = short_dc(w, copy->server);
    char *label = text_fit(host, 15, "...");
    char *lead = str_format("  %s", label);
    struct dn_link proposed = diagnose_proposed(&w->facts, &w->verdict);
    char *told = copy->state == COPY_VALUE ? dn_link_told(&copy->value, &proposed) : NULL;
    char *value = page_clean(told ? told : copy->why ? copy->why : state_words(copy->state));
    free(told);
    pager_pair(page, 18, STYLE_TEXT, lead, copy_style(w, copy), value);
    if (copy->state == COPY_ABSENT && copy->is_here && w->verdict.writable)
        pager_span(page, STYLE_QUIET, "   the copy to repair");
    free(host);
    free(label);
    free(lead);
    free(value);
}

/* Who logged the error stands in the title: behind a long value it would be torn apart. */
static char *copies_title(const struct wizard *w)
{
    const struct facts *facts = &w->facts;
    const char *title = facts->copy_count > 1 ? "serverReference, copy by copy" : "serverReference";
    for (size_t i = 0; i < facts->copy_count; i++) {
        if (!facts->copies[i].is_dest)
            continue;
        char *host = short_dc(w, facts->copies[i].server);
        char *text = str_format("%s (%s logged the error)", title, host);
        free(host);
        return text;
    }
    return mem_text(title);
}

void page_copies(struct app *app, struct pager *page)
{
    const struct facts *facts = &app->wizard.facts;
    if (facts->copy_count == 0 || facts->srv.part == PART_ABSENT ||
        facts->srv.part == PART_NOT_ASKED)
        return;
    char *title = copies_title(&app->wizard);
    page_title(page, title);
    for (size_t i = 0; i < facts->copy_count; i++)
        add_copy(page, &app->wizard, &facts->copies[i]);
    if (app->wizard.completing)
        page_put(page, STYLE_CURRENT, "  reading the copies of other DCs ...  %zu answered",
                 app->asked[PLACE_COPIES].progress);
    free(title);
}

static enum style level_style(const struct verdict *verdict)
{
    return verdict->confidence == LEVEL_HIGH ? STYLE_OK : STYLE_WARN;
}

static const char *level_word(const struct verdict *verdict)
{
    const char *level = level_name(verdict->confidence);
    return level ? level : "none";
}

static void add_ticks(struct app *app, struct pager *page, const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->evidence.count; i++)
        page_item(app, page, GLYPH_TICK, STYLE_OK, "%s", verdict->evidence.items[i].text);
}

void page_evidence(struct app *app, struct pager *page)
{
    const struct verdict *verdict = &app->wizard.verdict;
    if (verdict->evidence.count == 0 || verdict->account >= app->wizard.facts.account_count)
        return;
    const struct facts_account *account = &app->wizard.facts.accounts[verdict->account];
    pager_blank(page);
    const char *label = verdict->kind == VERDICT_HEALTHY    ? "It is"
                        : verdict->kind == VERDICT_UNPROVEN ? "It may be"
                                                            : "It should be";
    page_pair(page, label, verdict->kind == VERDICT_UNPROVEN ? STYLE_TEXT : STYLE_NEW, "%s",
              account->dn);
    page_pair(page, "proof", level_style(verdict), "%s", level_word(verdict));
    add_ticks(app, page, verdict);
}

void page_proof(struct app *app, struct pager *page)
{
    const struct verdict *verdict = &app->wizard.verdict;
    pager_blank(page);
    pager_line(page, STYLE_HEAD, "Why this account: ");
    pager_span(page, STYLE_QUIET, "the proof is ");
    pager_span(page, level_style(verdict), level_word(verdict));
    add_ticks(app, page, verdict);
}

/* Where no account is proposed, those that could be meant: advice speaks of them. Whose DSA is gone
 * needs none. */
static const char *candidates_title(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_NO_COMPUTER:
        return "Accounts that come near (a shows their proof)";
    case VERDICT_UNKNOWN_DSA:
    case VERDICT_DELETED_DSA:
    case VERDICT_ORPHANED_DSA:
        return NULL;
    case VERDICT_UNREADABLE:
    case VERDICT_AMBIGUOUS:
    case VERDICT_MISSING:
    case VERDICT_DANGLING:
    case VERDICT_WRONG_TARGET:
    case VERDICT_HEALTHY:
    case VERDICT_UNPROVEN:
        break;
    }
    return "Accounts that could be meant (a shows their proof)";
}

void page_candidates(struct app *app, struct pager *page)
{
    const struct facts *facts = &app->wizard.facts;
    const struct verdict *verdict = &app->wizard.verdict;
    const char *title = candidates_title(verdict->kind);
    bool titled = false;
    if (verdict->evidence.count > 0 || !title)
        return;
    for (size_t i = 0; i < verdict->account_count && i < facts->account_count; i++) {
        const struct judged_account *judged = &verdict->accounts[i];
        const char *level = level_name(judged->level),
                   *against = findings_first(&judged->reasons, FINDING_BLOCKER);
        if (!judged->fits)
            continue;
        if (!titled)
            page_title(page, title);
        titled = true;
        page_item(app, page, GLYPH_BULLET, STYLE_WARN, "%s (proof: %s%s%s)", facts->accounts[i].dn,
                  level ? level : "none", against ? "; " : "", against ? against : "");
    }
}

/* Where an account is proposed all the same, the advice is about them and names each. */
void page_blockers(struct app *app, struct pager *page)
{
    const struct findings *list = &app->wizard.verdict.blockers;
    if (list->count == 0 || app->wizard.verdict.proposed)
        return;
    page_title(page, "What forbids a write");
    for (size_t i = 0; i < list->count; i++)
        page_item(app, page, GLYPH_CROSS, STYLE_FAULT, "%s (%s)", list->items[i].text,
                  finding_name(list->items[i].kind));
}

void page_side(struct app *app, struct pager *page)
{
    const struct findings *list = &app->wizard.verdict.side;
    if (list->count == 0)
        return;
    page_title(page, "Also noticed");
    for (size_t i = 0; i < list->count; i++)
        page_item(app, page, GLYPH_BULLET, STYLE_WARN, "%s (%s)", list->items[i].text,
                  finding_name(list->items[i].kind));
}

const char *page_advice_text(const struct wizard *w)
{
    if (w->read_only && w->verdict.writable)
        return "Start dcmend without --read-only to make the repair, or hand the report over: it "
               "holds the commands.";
    return w->verdict.advice;
}

void page_advice(struct app *app, struct pager *page)
{
    const char *advice = page_advice_text(&app->wizard);
    if (!advice)
        return;
    page_title(page, "What to do");
    page_lines(page, STYLE_TEXT, advice);
}
