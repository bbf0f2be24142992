/* Shared by term_decoder.c (what is a hand, what a paste) and term_decoder_codes.c (what a code
 * means). */
#ifndef DCMEND_TERM_DECODER_PARTS_H
#define DCMEND_TERM_DECODER_PARTS_H

#include "ui/term_decoder.h"

void decoder_add_key(struct decoder *decoder, enum term_key key, uint32_t rune);
void decoder_begin_marked(struct decoder *decoder);
/* An end mark without a beginning: what waits came in front of it, so it was pasted as well. */
void decoder_end_mark(struct decoder *decoder);

void decode_byte(struct decoder *decoder, int byte);
void decode_key(struct decoder *decoder, int code);
void decode_esc_begin(struct decoder *decoder);
bool decode_sequence(struct decoder *decoder, int byte); /* true: it belongs to what an Esc began */
void decode_esc_end(struct decoder *decoder);            /* the Esc was a key */

#endif
