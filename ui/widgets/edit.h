/* What the field and the box have in common: moving and deleting by characters in UTF-8, and what
 * of a paste may enter. */
#ifndef DCMEND_EDIT_H
#define DCMEND_EDIT_H

#include "src/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The edge of the character before and behind at; accents go with their base. */
size_t edit_before(const char *text, size_t at);
size_t edit_after(const char *text, size_t len, size_t at);
/* The start of the word before at. */
size_t edit_word(const char *text, size_t at);

void edit_insert(struct str *s, size_t at, const char *bytes, size_t len);
void edit_delete(struct str *s, size_t from, size_t to);
/* The largest edge <= at most bytes. */
size_t edit_edge(const char *text, size_t len, size_t most);

/* Adds pasted bytes to s as clean text: what cannot be seen (control characters, direction marks,
 * zero-width ones) is left out, bytes that are no UTF-8 become '?'. With lines, line ends become \n
 * and tabs blanks; without, both become single blanks and none is left at the ends. */
void edit_filter(struct str *s, const char *bytes, size_t len, bool lines);

#endif
