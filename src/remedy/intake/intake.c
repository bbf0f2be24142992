/* The way of a text, in one place: bytes -> undress -> records -> settle -> subject. A text of one
 * line may be typed and not pasted: then it may be just a name. */
#include "src/remedy/intake.h"

#include "src/base/mem.h"
#include "src/remedy/intake/codes.h"
#include "src/remedy/intake/reader.h"
#include "src/remedy/intake/says.h"
#include "src/remedy/intake/settle.h"
#include "src/remedy/intake/tokens.h"
#include "src/remedy/intake/undress.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TYPED = 1024 };

/* --- a typed line --- */

/* Takes off what people and shells put around a name. */
static struct slice bare(const struct line *line)
{
    const char *text = line->text + strspn(line->text, " \t\"'`<([{"),
               *end = line->text + line->len;
    size_t scheme = str_starts_case(text, "ldap://")    ? 7
                    : str_starts_case(text, "ldaps://") ? 8
                                                        : 0;
    text += scheme;
    text += strspn(text, "\\");
    size_t len = scheme ? strcspn(text, ":/") : (size_t)(end - text);
    while (len > 0 && strchr(" \t\"'`>)]},;/", text[len - 1]))
        len--;
    return (struct slice){text, len};
}

/* Digits and dashes as in a GUID, but not as many. */
static bool is_broken_guid(struct slice text)
{
    size_t dashes = 0;
    for (size_t i = 0; i < text.len; i++)
        dashes += text.at[i] == '-';
    return strspn(text.at, "0123456789abcdefABCDEF-") >= text.len && text.len != 36 &&
           ((dashes && text.len > 9 && text.at[8] == '-') || (dashes >= 2 && text.len >= 14) ||
            text.len >= 24);
}

static bool is_typed_name(struct slice *text)
{
    struct slice site, server;
    if (text->len > 3 && strncasecmp(text->at, "CN=", 3) == 0)
        *text = (struct slice){text->at + 3, text->len - 3};
    return !memchr(text->at, '/', text->len) &&
           read_name(trim(text->at, text->at + text->len), &site, &server);
}

/* A GUID in any spelling, a DN, a name: the line is taken as a label's value would be. */
static bool read_typed(const struct line *line, struct records *records)
{
    struct record record = {.line = line->number};
    struct slice text = bare(line);
    struct scan scan = {line->text, line->text, line->text + line->len};
    struct token token;
    bool any = line->len <= MAX_TYPED && next_token(&scan, &token);
    bool whole = any && token.len == text.len;
    if (!text.len || line->len > MAX_TYPED || is_misread_guid(text.at) ||
        (any && token.kind == TOKEN_GUID && !token.weak))
        return false;
    if (whole && token.kind == TOKEN_GUID) {
        record.has_guid = record.wire = true;
        record.guid = token.guid;
    } else if (read_guid_bytes(text.at, &record.guid) == text.len) {
        record.has_guid = record.wire = true;
    } else if (text.len == 24 && read_guid_base64(text.at, &record.guid)) {
        record.has_guid = true;
    } else if (is_broken_guid(text)) {
        records->cut = records->cut.at ? records->cut : text;
        records->cut_line = records->cut_line ? records->cut_line : line->number;
    } else if (whole ? token.kind == TOKEN_DN : is_typed_name(&text)) {
        bool account = text.at[text.len - 1] == '$'; /* DOMAIN\LIVDC02$: no site */
        struct piece piece = {ROLE_SOURCE,        line->text,   text.at,
                              text.at + text.len, line->number, true};
        record_put(&record, &piece);
        record.site = account ? (struct slice){NULL, 0} : record.site;
    }
    if (record_has_target(&record))
        records_add(records, &record);
    return record_has_target(&record);
}

static const struct line *only_line(const struct page *page)
{
    const struct line *only = NULL;
    size_t filled = 0;
    for (size_t i = 0; i < page->count; i++) {
        filled += page->lines[i].len > 0;
        only = page->lines[i].len ? &page->lines[i] : only;
    }
    return filled == 1 ? only : NULL;
}

/* --- what is meant, as texts of its own --- */

static char *copy(struct slice text)
{
    return text.at && text.len ? mem_textn(text.at, text.len) : NULL;
}

static void take_dsa(struct subject *out, const struct meant *m)
{
    const struct record *known = &m->known;
    struct subject_dsa *dsa = subject_add(out, record_source(m->best));
    dsa->has_guid = known->has_guid;
    dsa->guid = known->guid;
    record_names(known, dsa);
    if (dsa->has_guid && dsa->source == SUBJECT_DN)
        dsa->source = SUBJECT_GUID; /* of the mark in its DN */
    dsa->forest = copy(known->forest);
    dsa->last_attempt = copy(known->attempt);
    dsa->hypothesis = m->best->kind == RECORD_PARTNER;
    dsa->deleted_mark = dsa->deleted_mark || known->deleted;
    dsa->status = known->code;
    dsa->line = m->best->line;
    dsa->destination = copy(known->place.host);
    dsa->has_destination_dsa = known->place.has_dsa;
    dsa->destination_dsa = known->place.dsa;
    dsa->reporters = m->reporters;
}

/* The last one has no name that can be read, or it is there already: a mark within a DN holds the
 * GUID of its own NTDS Settings object. */
static bool is_useless(const struct subject *out)
{
    const struct subject_dsa *last = &out->dsas[out->count - 1];
    bool useless = !last->has_guid && !last->ntds_dn && !last->server_dn && !last->server;
    for (size_t i = 0; i + 1 < out->count; i++)
        useless = useless || (last->has_guid && out->dsas[i].has_guid &&
                              guid_equal(&last->guid, &out->dsas[i].guid));
    return useless;
}

static void take_settled(struct settled *settled, struct subject *out)
{
    for (size_t i = 0; i < settled->count; i++) {
        settled->items[out->count] = settled->items[i];
        take_dsa(out, &settled->items[i]);
        if (is_useless(out))
            subject_remove(out, out->count - 1);
    }
    settled->count = out->count;
    for (size_t i = 0; i < out->count; i++)
        out->dsas[i].other_fault = say_other_fault(settled, &settled->items[i]);
    out->status = settled->status;
    out->conflict = out->count > 1;
    if (out->count) {
        subject_choose(out, 0);
    } else {
        out->destination = copy(settled->place.host);
        out->has_destination_dsa = settled->place.has_dsa;
        out->destination_dsa = settled->place.dsa;
    }
}

/* The DSAs that it may mean are offered once a DC can be asked for them. */
static void take_cut(const struct records *records, const struct settled *settled,
                     struct subject *out)
{
    static const struct record nobody = {.kind = RECORD_PROSE};
    const struct meant meant = {.best = &nobody, .known = {.code = settled->status}};
    if (out->count || !records->cut.at)
        return;
    out->cut = copy(records->cut);
    out->like = (struct subject_dsa){.source = SUBJECT_CUT_GUID,
                                     .line = records->cut_line,
                                     .status = settled->status,
                                     .destination = mem_text(out->destination),
                                     .has_destination_dsa = out->has_destination_dsa,
                                     .destination_dsa = out->destination_dsa,
                                     .reporters = out->destination != NULL,
                                     .other_fault = say_other_fault(settled, &meant)};
}

struct err *intake_read(const char *text, size_t len, struct subject *out)
{
    struct page page;
    struct records records = {.items = NULL};
    struct settled settled;
    struct strs owned = {NULL, 0};
    *out = (struct subject){.dsas = NULL};
    undress(text, len, &page);
    const struct line *only = only_line(&page);
    if (!only || !read_typed(only, &records))
        read_page(&page, &records, &owned);
    settle(&records, &settled);
    take_settled(&settled, out);
    take_cut(&records, &settled, out);
    say_all(&records, &settled, out);
    strs_copy(&out->notes, &page.notes);
    struct err *err = out->count ? NULL : say_nothing(&records, &settled);
    settled_release(&settled);
    records_release(&records);
    strs_release(&owned);
    page_release(&page);
    return err;
}
