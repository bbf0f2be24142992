/* What is known, and what is still open: each part of the facts puts its questions here. One that
 * was answered gives its answer, any other is noted and counts as not asked. Nothing here touches
 * the wire. */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

char *question_key(const struct question *question)
{
    char guid[GUID_TEXT] = "";
    if (question->guid && !question->text)
        guid_text(question->guid, guid);
    return str_format("%d/%zu/%s", (int)question->ask, question->domain,
                      question->text ? question->text : guid);
}

static void note(struct reading *r, const struct question *question, const char *key)
{
    index_add(&r->noted, key, strlen(key), r->open_count);
    struct open *open = MEM_PUSH(r->open, r->open_count);
    open->ask = question->ask;
    open->domain = question->domain;
    open->has_guid = question->guid != NULL;
    if (question->guid)
        open->guid = *question->guid;
    open->text = mem_text(question->text);
    open->key = mem_text(key);
}

const struct answer *answer_to(struct reading *r, struct question question)
{
    static const struct answer open = {.part = PART_NOT_ASKED};
    const struct answer *answer = &open;
    char *key = question_key(&question);
    size_t at = index_first(&r->answered, key, strlen(key));
    if (at != INDEX_END)
        answer = &r->answers[index_value(&r->answered, at)];
    else if (index_first(&r->noted, key, strlen(key)) == INDEX_END)
        note(r, &question, key);
    r->touched = r->touched || answer == &open;
    free(key);
    return answer;
}

const struct entry *answer_entry(const struct answer *answer)
{
    return answer->count > 0 ? answer->entries[0] : NULL;
}

/* ---- one object ---- */

/* What a fuller reading did not give is taken as it is. */
static const struct entry *item_or(struct reading *r, size_t at, const struct answer *answer,
                                   enum part *part)
{
    const struct entry *entry = answer_entry(answer);
    *part = answer->part;
    if (!entry && at != NOWHERE && answer->part != PART_ABSENT)
        entry = r->store.items[at].entry;
    return entry;
}

const struct entry *known_dsa(struct reading *r, const struct guid *guid, enum grade grade,
                              enum part *part)
{
    size_t at = store_guid(&r->store, SORT_DSA, guid);
    *part = PART_PRESENT;
    if (at != NOWHERE && r->store.items[at].grade >= grade)
        return r->store.items[at].entry;
    return item_or(r, at, answer_to(r, (struct question){.ask = ASK_DSA, .guid = guid}), part);
}

const struct entry *known_server(struct reading *r, const struct guid *guid, const char *dn,
                                 enum part *part)
{
    size_t at =
        guid ? store_guid(&r->store, SORT_SERVER, guid) : store_dn(&r->store, SORT_SERVER, dn);
    *part = PART_PRESENT;
    if (at != NOWHERE)
        return r->store.items[at].entry;
    const struct answer *answer =
        answer_to(r, (struct question){.ask = ASK_SERVER, .guid = guid, .text = guid ? NULL : dn});
    *part = answer->part;
    return answer_entry(answer);
}

const struct entry *known_child(struct reading *r, const struct guid *guid, const char *dn)
{
    size_t at = dn ? store_live_child(&r->store, dn) : NOWHERE;
    if (at != NOWHERE)
        return r->store.items[at].entry;
    if (dn && r->dsas_whole)
        return NULL;
    const struct answer *answer =
        answer_to(r, (struct question){.ask = ASK_CHILD, .guid = guid, .text = guid ? NULL : dn});
    for (size_t i = 0; i < answer->count; i++)
        if (!entry_flag(answer->entries[i], "isDeleted"))
            return answer->entries[i];
    return NULL;
}

bool want(struct reading *r, const struct guid *dsa, struct facts *facts)
{
    r->touched = false;
    facts_release(facts);
    facts_init(facts);
    facts_from(r, dsa, facts);
    return r->touched;
}
