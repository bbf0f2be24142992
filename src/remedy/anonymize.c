/* All names are found first, so that nothing that takes their place holds one of them. */
#include "src/remedy/anonymize.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/model/sam.h"
#include "src/remedy/anonymize_parts.h"

#include <stdlib.h>
#include <string.h>

enum { SAM_MOST = 15 };

static bool is_bytes(const struct pair *pair)
{
    return words_are_bytes(pair->name) ||
           (pair->len > 0 && !record_is_text(pair->value, pair->len));
}

static bool names_somebody(const struct pair *pair)
{
    return pair->words != PAIR_OURS && pair->words != PAIR_LINE;
}

/* ---- finding ---- */

static void find_word(struct words *words, const char *at, size_t len)
{
    char *word = mem_textn(at, len), *folded = text_fold(word);
    if (!words_stay(folded) && strncmp(folded, "s-1-", 4) != 0 && !words_find(words, folded)) {
        index_add(&words->by, folded, strlen(folded), words->count);
        MEM_PUSH(words->items, words->count)->folded = folded;
        folded = NULL;
    }
    free(folded);
    free(word);
}

/* In a sentence: part of a DN, of a host's or a user's name. */
static bool looks_like_name(const char *text, size_t at, size_t len)
{
    static const char before[] = "=.\\@/", behind[] = "\\@$";
    char next = text[at + len];
    return (at > 0 && strchr(before, text[at - 1])) || (next && strchr(behind, next)) ||
           (next == '.' && text[at + len + 1] > ' ');
}

/* The words of a schema: looked at, but nothing is learned from them. */
static bool is_of_schema(const struct pair *pair)
{
    return str_same_case(pair->name, "allowedAttributesEffective");
}

static void find_words(struct words *words, const struct pair *pair)
{
    bool escapes = pair->words != PAIR_USER;
    char *text = escapes ? words_letters(pair->value) : mem_text(pair->value);
    bool xml = *text == '<' && strstr(text, "</");
    for (size_t at = 0, len; text[at]; at += len) {
        enum piece kind;
        len = words_piece(NULL, text, at, escapes, &kind);
        if (kind == PIECE_WORD && !(xml && words_in_tag(text, at)) &&
            (pair->words != PAIR_FREE || looks_like_name(text, at, len)))
            find_word(words, text + at, len);
    }
    free(text);
}

/* ---- what takes their place ---- */

static bool holds_name(const struct words *words, const char *text)
{
    for (size_t i = 0; i < words->count; i++)
        if (strlen(words->items[i].folded) >= 3 && strstr(text, words->items[i].folded))
            return true;
    return false;
}

/* A text that holds no name, of at least so many letters. */
static char *fresh(struct words *words, const char *head, size_t least)
{
    static const char *const kinds[] = {"name", "z"};
    for (;;) {
        words->turn++;
        for (size_t i = 0; i < 2; i++) {
            struct str text = STR_INIT;
            str_addf(&text, "%s%s%zu", head, kinds[i], words->turn);
            while (text.len < least)
                str_addc(&text, 'x');
            if (!holds_name(words, text.text))
                return str_steal(&text);
            str_release(&text);
        }
    }
}

/* What takes the place of the first 15 letters; NULL: they stay, being a known word. */
static const char *instead_of_head(struct words *words, const char *head)
{
    find_word(words, head, strlen(head));
    const struct word *word = words_find(words, head);
    if (word && !word->instead)
        words->items[word - words->items].instead = fresh(words, "", SAM_MOST);
    return word ? words_find(words, head)->instead : NULL;
}

/* One of 15 letters, where a computer account's name ends, keeps that length; a longer one begins
 * with what takes the place of its first 15. */
static char *instead_of(struct words *words, const char *folded)
{
    char *head = sam_cut(folded), *instead;
    const char *begins = head ? instead_of_head(words, head) : NULL;
    if (head)
        instead = fresh(words, begins ? begins : "", SAM_MOST + 1);
    else
        instead = fresh(words, "", sam_maybe_cut(folded, strlen(folded)) ? SAM_MOST : 0);
    free(head);
    return instead;
}

/* ---- the record ---- */

static void replace(struct words *words, struct pair *pair)
{
    size_t len = pair->len;
    char *value;
    if (is_bytes(pair)) {
        value = words_replace_bytes(words, pair->name, pair->value, &len);
    } else {
        size_t text = strlen(pair->value), tail = pair->len - text;
        char *other = words_replace(words, pair->value, pair->words != PAIR_USER);
        struct str whole = STR_INIT;
        str_add(&whole, other);
        str_addn(&whole, pair->value + text, tail);
        len = whole.len;
        value = str_steal(&whole);
        free(other);
    }
    free(pair->value);
    pair->value = value;
    pair->len = len;
}

static void words_release(struct words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(words->items[i].folded);
        free(words->items[i].instead);
    }
    free(words->items);
    index_release(&words->by);
    index_release(&words->sids);
    index_release(&words->addresses);
}

void anonymize(struct record *record)
{
    struct words words = {.count = 0};
    for (size_t i = 0; i < record->count; i++)
        if (names_somebody(&record->items[i]) && !is_bytes(&record->items[i]) &&
            !is_of_schema(&record->items[i]))
            find_words(&words, &record->items[i]);
    for (size_t i = 0; i < words.count; i++) { /* grows meanwhile */
        char *instead = words.items[i].instead ? NULL : instead_of(&words, words.items[i].folded);
        if (instead)
            words.items[i].instead = instead;
    }
    for (size_t i = 0; i < record->count; i++)
        if (names_somebody(&record->items[i]))
            replace(&words, &record->items[i]);
    words_release(&words);
}
