/* The inside of anonymize(). */
#ifndef DCMEND_ANONYMIZE_PARTS_H
#define DCMEND_ANONYMIZE_PARTS_H

#include "src/base/index.h"
#include "src/base/str.h"
#include "src/model/guid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* anonymize_words.c; texts without case, by text_fold() */
bool words_are_known(const char *folded); /* of every directory */
bool words_stay(const char *folded);      /* that, a GUID, a number, a time, "_msdcs" */
bool words_are_bytes(
    const char *attribute); /* and in them nothing but SIDs, or a repsFrom's name */

/* What was found, and what takes its place. */
struct words {
    struct index by; /* folded */
    struct word {
        char *folded, *instead; /* instead: lower case; NULL until all were found */
    } * items;
    size_t count;
    struct index sids; /* of domains, their three numbers as text: the value is their turn */
    size_t sid_count;
    struct index addresses;
    size_t address_count, turn;
};

/* anonymize_value.c: a text with its words replaced; owned by the caller. escapes: "\2c" in it is
 * one byte. */
char *words_replace(struct words *words, const char *text, bool escapes);
/* A value of bytes: SIDs in it, the name in repsFrom and repsTo, else names wherever they stand.
 * Owned by the caller. */
char *words_replace_bytes(struct words *words, const char *attribute, const char *bytes,
                          size_t *len);
const struct word *words_find(const struct words *words, const char *folded); /* NULL */

/* anonymize_value.c: cutting a text. */
enum piece { PIECE_OTHER, PIECE_WORD, PIECE_ADDRESS };
/* The piece that begins at text[at]: its length. words: what is in them is no escape; NULL. */
size_t words_piece(const struct words *words, const char *text, size_t at, bool escapes,
                   enum piece *kind);
bool words_in_tag(const char *text, size_t at); /* of XML: behind '<' or "</" */
/* "\c3\bc", which is one letter and no part of a GUID, becomes that letter; owned by the caller. */
char *words_letters(const char *text);

#endif
