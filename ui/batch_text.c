/* A page is made of three shapes only: a paragraph, a labelled field, and a titled list. Text from
 * the directory is cleaned where it enters one of them, then wrapped. */
#include "ui/batch_text.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/remedy/diagnose.h"
#include "ui/output.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEAST_ROOM = 20, COPY_NAME = 24, RULE_COLUMNS = 80 };

struct page {
    struct str *out;
    int columns; /* 0: no end */
    bool plain;
};

/* --- shapes --- */

static void add_spaces(struct str *out, int count)
{
    for (; count > 0; count--)
        str_addc(out, ' ');
}

/* Even a narrow terminal leaves room for a word. */
static int room_for_text(const struct page *page, int indent)
{
    int room = page->columns - indent;
    return page->columns == 0 ? INT_MAX : room < LEAST_ROOM ? LEAST_ROOM : room;
}

/* `lead` stands in front of the first line, `indent` columns of nothing in front of the others. */
static void add_wrapped(struct page *page, const char *lead, int indent, const char *raw)
{
    struct strs lines = {NULL, 0};
    char *text = output_text(raw, page->plain);
    text_wrap(&lines, text, room_for_text(page, indent));
    for (size_t i = 0; i < lines.count; i++) {
        int used = i == 0 ? text_width(lead) : 0;
        str_add(page->out, i == 0 ? lead : "");
        add_spaces(page->out, *lines.items[i] ? indent - used : 0);
        str_addf(page->out, "%s\n", lines.items[i]);
    }
    strs_release(&lines);
    free(text);
}

static void add_paragraph(struct page *page, const char *raw)
{
    if (raw && *raw)
        add_wrapped(page, "", 0, raw);
}

static void add_field(struct page *page, const char *label, const char *raw)
{
    add_wrapped(page, label, 10, raw);
}

static void add_title(struct page *page, const char *title)
{
    str_addf(page->out, "\n%s\n", title);
}

static void add_item(struct page *page, const char *mark, int indent, const char *raw)
{
    char *lead = str_format("  %s", mark);
    add_wrapped(page, lead, indent, raw);
    free(lead);
}

/* One item a line of the text. */
static void add_lines(struct page *page, const char *text)
{
    while (text && *text) {
        size_t len = strcspn(text, "\n");
        char *line = mem_textn(text, len);
        add_item(page, "-", 4, line);
        free(line);
        text += len + (text[len] == '\n');
    }
}

/* "E1" stands beside its text; a side finding's long name stands in a column of its own. */
static void add_findings(struct page *page, const char *title, const struct findings *list)
{
    int widest = 0;
    for (size_t i = 0; i < list->count; i++) {
        int width = text_width(finding_name(list->items[i].kind));
        widest = width > widest ? width : widest;
    }
    if (list->count > 0)
        add_title(page, title);
    for (size_t i = 0; i < list->count; i++)
        add_item(page, finding_name(list->items[i].kind), widest + 4, list->items[i].text);
}

/* --- the DSA --- */

static const char *dsa_state(const struct facts_dsa *dsa)
{
    switch (dsa->part) {
    case PART_PRESENT:
        return dsa->deleted ? "deleted" : dsa->read_only ? "live, read-only" : "live";
    case PART_ABSENT:
        return "not there";
    case PART_DENIED:
        return "not readable";
    default:
        return "not read";
    }
}

static void add_dsa(struct page *page, const struct facts *facts)
{
    char guid[GUID_TEXT];
    bool present = facts->dsa.part == PART_PRESENT;
    guid_text(present ? &facts->dsa.guid : &facts->asked, guid);
    char *text = str_format("%s, %s", guid, dsa_state(&facts->dsa));
    add_field(page, "DSA", text);
    if (facts->dsa.dn)
        add_field(page, "", facts->dsa.dn);
    if (facts->srv.dn)
        add_field(page, "Server", facts->srv.dn);
    free(text);
}

static void add_dns(struct page *page, const struct facts *facts)
{
    char *text = NULL;
    if (facts->dns == DNS_FOUND)
        text = str_format("its _msdcs name leads to %s", facts->dns_target);
    else if (facts->dns == DNS_MISSING)
        text = mem_text("its _msdcs name does not exist");
    if (text)
        add_field(page, "DNS", text);
    free(text);
}

static void add_place(struct page *page, const struct server *server)
{
    const char *name = server->dns_host ? server->dns_host : server->host;
    char *text = str_format("%s as %s (%s)", name ? name : "?",
                            server->identity ? server->identity : "nobody",
                            server->protection ? server->protection : "not protected");
    add_field(page, "Read on", text);
    free(text);
}

/* --- the value --- */

static const char *no_value(enum part part)
{
    return part == PART_ABSENT ? "(absent)" : part == PART_DENIED ? "(not readable)" : "(not read)";
}

static void add_values(struct page *page, const struct facts *facts, const struct verdict *verdict)
{
    struct dn_link proposed = diagnose_proposed(facts, verdict);
    char *now = verdict->current ? dn_link_told(&facts->srv.reference_link, &proposed) : NULL;
    char *then = dn_link_told(&proposed, &facts->srv.reference_link);
    if (facts->srv.part == PART_PRESENT)
        add_field(page, "Present", now ? now : no_value(facts->srv.reference));
    if (then)
        add_field(page, "Proposed", then);
    free(now);
    free(then);
}

static const char *copy_words(const struct facts_copy *copy)
{
    switch (copy->state) {
    case COPY_VALUE:
        return "(a value)";
    case COPY_ABSENT:
        return "absent";
    case COPY_NO_OBJECT:
        return "no such server object";
    case COPY_UNREADABLE:
        return "not readable";
    case COPY_UNREACHABLE:
        return copy->why ? copy->why : "no answer";
    case COPY_NOT_ASKED:
        break;
    }
    return "not asked";
}

static void add_copy(struct page *page, const struct facts_copy *copy, int width,
                     const struct dn_link *proposed)
{
    struct str words = STR_INIT;
    char *value = copy->state == COPY_VALUE ? dn_link_told(&copy->value, proposed) : NULL;
    str_add(&words, value ? value : copy_words(copy));
    free(value);
    if (copy->why && *copy->why && copy->state != COPY_UNREACHABLE)
        str_addf(&words, ": %s", copy->why);
    str_add(&words, copy->is_here ? "  <- judged" : "");
    str_add(&words, copy->is_dest ? "  <- logged the error" : "");
    str_add(&words, copy->is_source ? "  <- the DSA itself" : "");
    char *name = output_text(copy->server, page->plain);
    char *lead = text_fit(name, width, "...");
    add_item(page, lead, 4 + width, str_text(&words));
    free(lead);
    free(name);
    str_release(&words);
}

/* A name is cut on a terminal only. */
static int width_of_names(const struct page *page, const struct facts *facts)
{
    int width = COPY_NAME;
    for (size_t i = 0; i < facts->copy_count && page->columns == 0; i++) {
        char *name = output_text(facts->copies[i].server, page->plain);
        width = text_width(name) > width ? text_width(name) : width;
        free(name);
    }
    return width;
}

static void add_copies(struct page *page, const struct facts *facts, const struct verdict *verdict)
{
    struct dn_link proposed = diagnose_proposed(facts, verdict);
    if (facts->copy_count < 2)
        return;
    add_title(page, "serverReference, copy by copy");
    int width = width_of_names(page, facts);
    for (size_t i = 0; i < facts->copy_count; i++)
        add_copy(page, &facts->copies[i], width, &proposed);
}

/* Those that an ambiguous verdict is between, each with what speaks for it and against it. */
static void add_accounts(struct page *page, const struct facts *facts,
                         const struct verdict *verdict)
{
    bool titled = false;
    for (size_t i = 0; i < facts->account_count; i++) {
        if (!verdict_could_mean(verdict, i))
            continue;
        const struct findings *reasons = &verdict->accounts[i].reasons;
        if (!titled)
            add_title(page, "The accounts that could be meant");
        titled = true;
        add_item(page, "", 2, facts->accounts[i].dn ? facts->accounts[i].dn : "?");
        for (size_t k = 0; k < reasons->count; k++) {
            char *mark = str_format("  %s", finding_name(reasons->items[k].kind));
            add_item(page, mark, 9, reasons->items[k].text);
            free(mark);
        }
    }
}

static void add_proof(struct page *page, const struct verdict *verdict)
{
    const char *level = level_name(verdict->confidence);
    char *title = str_format("Proof: %s", level ? level : "none");
    add_findings(page, title, &verdict->evidence);
    free(title);
}

/* --- replication --- */

static void add_when(struct str *out, const char *what, time_t when)
{
    struct tm tm;
    char text[32] = "never";
    if (when != 0 && gmtime_r(&when, &tm))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm);
    str_addf(out, "%s %s", what, text);
}

static void add_link(struct page *page, const struct facts_link *link)
{
    struct str words = STR_INIT;
    str_add(&words, link->nc ? link->nc : "");
    if (link->result == 0 && link->failures == 0)
        str_add(&words, ": no error");
    else
        str_addf(&words, ": error %d, %u failures", link->result, link->failures);
    add_when(&words, ", last success", link->last_success);
    add_item(page, link->outbound ? "outbound" : "inbound", 12, str_text(&words));
    str_release(&words);
}

static void add_replication(struct page *page, const struct facts *facts)
{
    if (facts->link_count > 0)
        add_title(page, "Replication with it, as the DC reports it");
    for (size_t i = 0; i < facts->link_count; i++)
        add_link(page, &facts->links[i]);
}

/* --- what to do --- */

static void add_successor(struct page *page, const struct verdict *verdict)
{
    char guid[GUID_TEXT];
    if (!verdict->has_successor)
        return;
    add_field(page, "Now", guid_text(&verdict->successor, guid));
    if (verdict->successor_dn)
        add_field(page, "", verdict->successor_dn);
}

/* The command stands on a line of its own, to be copied. */
static void add_repair(struct page *page, const char *command)
{
    char *clean = output_text(command, page->plain);
    add_item(page, "-", 4, "Nothing was written. The repair starts with:");
    str_addf(page->out, "    %s\n", clean);
    free(clean);
}

static void add_advice(struct page *page, const struct verdict *verdict, const char *repair)
{
    add_title(page, "What to do");
    add_lines(page, verdict->advice);
    if (verdict->writable && repair)
        add_repair(page, repair);
}

void batch_text_finding(struct str *out, const struct facts *facts, const struct verdict *verdict,
                        const char *repair, int columns, bool plain)
{
    struct page page = {out, columns, plain};
    add_paragraph(&page, verdict->headline);
    add_paragraph(&page, verdict->meaning);
    str_addc(out, '\n');
    add_field(&page, "Verdict", verdict_name(verdict->kind));
    add_dsa(&page, facts);
    add_successor(&page, verdict);
    add_values(&page, facts, verdict);
    add_dns(&page, facts);
    add_place(&page, &facts->server);
    add_copies(&page, facts, verdict);
    add_accounts(&page, facts, verdict);
    add_proof(&page, verdict);
    add_findings(&page, "What forbids a write", &verdict->blockers);
    add_findings(&page, "What asks for a second confirmation", &verdict->second);
    add_findings(&page, "Noticed beside it", &verdict->side);
    add_replication(&page, facts);
    add_advice(&page, verdict, repair);
}

void batch_text_rule(struct str *out, int columns)
{
    str_addc(out, '\n');
    for (int i = 0; i < (columns ? columns : RULE_COLUMNS); i++)
        str_addc(out, '-');
    str_add(out, "\n\n");
}

void batch_text_paragraph(struct str *out, const char *raw, int columns, bool plain)
{
    struct page page = {out, columns, plain};
    add_paragraph(&page, raw);
}

void batch_text_item(struct str *out, const char *raw, int columns, bool plain)
{
    struct page page = {out, columns, plain};
    add_item(&page, "", 2, raw);
}

void batch_text_field(struct str *out, const char *label, const char *raw, int columns, bool plain)
{
    struct page page = {out, columns, plain};
    add_field(&page, label, raw);
}
