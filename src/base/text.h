/* Text from outside made harmless, measured and cut. Everything that came from a directory, a
 * paste, DNS or a library passes text_clean() before it reaches a cell, a log or a pipe. */
#ifndef DCMEND_TEXT_H
#define DCMEND_TEXT_H

#include "src/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one character at bytes[0..len) (len > 0). Returns the bytes used (1..4) and sets *rune;
 * an invalid byte uses 1 and sets *rune to TEXT_INVALID. Overlong forms and surrogates are invalid.
 */
size_t text_rune(const char *bytes, size_t len, uint32_t *rune);
#define TEXT_INVALID UINT32_MAX
void text_add_rune(struct str *s, uint32_t rune);
bool text_is_utf8(const char *bytes, size_t len);
/* Adds the bytes that base64[0..len) stands for (RFC 4648: whole groups, nothing else); false: it
 * is none, and what was added is of no use. */
bool text_add_base64(struct str *s, const char *base64, size_t len);
/* Equal when case is ignored, in any script and whatever the locale. NULL equals nothing. */
bool text_same(const char *a, const char *b);
/* An owned copy without case, by the same rule: the key of a name. */
char *text_fold(const char *text);

/* An owned copy on one line in which control characters (C0, DEL, C1, line and paragraph
 * separators), bidi controls, zero-width characters and bytes that are no UTF-8 stand as \XX, two
 * hex digits a byte: the notation of RFC 4514, so a tombstone's name reads as it does in a DN
 * ("\0ADEL:"). */
char *text_clean(const void *bytes, size_t len);
char *text_clean_z(const char *text); /* the same for a NUL-terminated text; NULL gives "" */
void text_add_clean(struct str *s, const void *bytes, size_t len);
/* The same, but newlines stay (CRLF and CR become LF) and tabs become spaces: for pasted text and
 * documents. */
char *text_clean_lines(const void *bytes, size_t len);

/* Whether a person who sees the text can type it: no character that is hidden, that is drawn over
 * another one (a decomposed accent), that reorders its neighbours (bidi, and letters of
 * right-to-left scripts) or is a blank among several or at an end, or not the ordinary one. */
bool text_is_typeable(const char *text);

/* Columns that a clean text takes on the terminal (wide characters 2, combining ones 0). */
int text_width(const char *text);
int text_rune_width(uint32_t rune);

/* Bytes of the longest prefix that fits into `columns`; combining characters stay with their base.
 */
size_t text_prefix(const char *text, int columns);
/* An owned text of at most `columns`, cut at the end (or in the middle: GUIDs, DNs) with `mark`
 * ("..." or U+2026) where something is left out. */
char *text_fit(const char *text, int columns, const char *mark);
char *text_fit_middle(const char *text, int columns, const char *mark);
/* Lines of at most `columns` (>= 1), broken after a space or a comma where there is one, and at
 * newlines, and not within a DN that fits a line; nothing is lost but the spaces at a break. At
 * least one line. */
void text_wrap(struct strs *lines, const char *text, int columns);
/* How long the DN is that text begins with ("CN=...,DC=contoso,DC=com"); 0: none does. More than
 * most bytes is none, either. */
size_t text_name(const char *text, size_t most);

#endif
