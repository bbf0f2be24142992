/* Characters and keys from single codes, and from the bytes that follow an Esc.
 *
 * Curses recognises keys and paste marks that arrive in one piece. Over a slow link the Esc can
 * come alone; curses then hands it over after 25 ms, and the rest as characters, which must become
 * neither "back" nor a row of commands. So an Esc waits a while for a sequence, which is then read
 * here. */
#include "ui/term_decoder_parts.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

/* --- characters --- */

static void add_rune(struct decoder *decoder, uint32_t rune)
{
    struct str raw = STR_INIT, clean = STR_INIT;
    text_add_rune(&raw, rune);
    text_add_clean(&clean, raw.text, raw.len);
    if (str_same(raw.text, clean.text)) /* what cannot be shown cannot be typed */
        decoder_add_key(decoder, TERM_CHAR, rune);
    str_release(&raw);
    str_release(&clean);
}

static void take_utf8(struct decoder *decoder, unsigned char byte)
{
    bool follows = (byte & 0xC0) == 0x80;
    if (!follows)
        decoder->part_len = 0; /* what came before it lacks its rest */
    else if (decoder->part_len == 0)
        return;
    decoder->part[decoder->part_len++] = (char)byte;
    unsigned char first = (unsigned char)decoder->part[0];
    size_t need = first < 0xC2 || first > 0xF4 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (decoder->part_len < need)
        return;
    uint32_t rune = TEXT_INVALID;
    if (need)
        text_rune(decoder->part, decoder->part_len, &rune);
    decoder->part_len = 0;
    if (rune != TEXT_INVALID)
        add_rune(decoder, rune);
}

static void take_locale(struct decoder *decoder, unsigned char byte)
{
    wchar_t wide;
    size_t used = mbrtowc(&wide, (const char *)&byte, 1, &decoder->shift);
    if (used == (size_t)-1)
        memset(&decoder->shift, 0, sizeof decoder->shift);
    else if (used == 1)
        add_rune(decoder, (uint32_t)wide);
}

void decode_byte(struct decoder *decoder, int byte)
{
    if (byte >= 0x80) {
        if (decoder->charset == DECODER_UTF8)
            take_utf8(decoder, (unsigned char)byte);
        else
            take_locale(decoder, (unsigned char)byte);
        return;
    }
    decoder->part_len = 0;
    if (byte >= 0x20 && byte < 0x7F)
        decoder_add_key(decoder, TERM_CHAR, (uint32_t)byte);
    else if (byte == '\r' || byte == '\n')
        decoder_add_key(decoder, TERM_ENTER, 0);
    else if (byte == '\t')
        decoder_add_key(decoder, TERM_TAB, 0);
    else if (byte == 0x7F || byte == '\b')
        decoder_add_key(decoder, TERM_BACKSPACE, 0);
    else if (byte >= 1 && byte <= 26)
        decoder_add_key(decoder, TERM_CTRL, (uint32_t)('a' + byte - 1));
}

void decode_key(struct decoder *decoder, int code)
{
    decoder->part_len = 0;
    if (code >= DECODER_F && code < DECODER_PASTE_BEGIN)
        decoder_add_key(decoder, TERM_F, (uint32_t)(code - DECODER_F));
    else if (code >= DECODER_KEY && code < DECODER_F)
        decoder_add_key(decoder, (enum term_key)(code - DECODER_KEY), 0);
}

/* --- what follows an Esc --- */

void decode_esc_end(struct decoder *decoder)
{
    if (!decoder->esc_told)
        decoder_add_key(decoder, TERM_ESC, 0);
    decoder->esc = false;
}

static void final_key(struct decoder *decoder, char final)
{
    static const struct {
        char final;
        int code;
    } keys[] = {
        {'A', DECODER_KEY + TERM_UP},      {'B', DECODER_KEY + TERM_DOWN},
        {'C', DECODER_KEY + TERM_RIGHT},   {'D', DECODER_KEY + TERM_LEFT},
        {'H', DECODER_KEY + TERM_HOME},    {'F', DECODER_KEY + TERM_END},
        {'Z', DECODER_KEY + TERM_BACKTAB},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].final == final)
            decode_key(decoder, keys[i].code);
}

/* ESC [ ... ~ by its number, ESC [ ... letter and ESC O letter by the letter. */
static void end_sequence(struct decoder *decoder)
{
    static const int numbered[] = {
        [1] = DECODER_KEY + TERM_HOME, [3] = DECODER_KEY + TERM_DELETE,
        [4] = DECODER_KEY + TERM_END,  [5] = DECODER_KEY + TERM_PGUP,
        [6] = DECODER_KEY + TERM_PGDN, [7] = DECODER_KEY + TERM_HOME,
        [8] = DECODER_KEY + TERM_END,
    };
    char final = decoder->sequence[decoder->sequence_len - 1];
    decoder->sequence[decoder->sequence_len - 1] = '\0';
    decoder->esc = false;
    if (final != '~') {
        final_key(decoder, final);
        return;
    }
    long number = strtol(decoder->sequence + 1, NULL, 10);
    if (number == 200)
        decoder_begin_marked(decoder);
    else if (number == 201)
        decoder_end_mark(decoder);
    else if (number > 0 && number < 9 && numbered[number])
        decode_key(decoder, numbered[number]);
}

/* True when the byte belongs to the sequence. */
bool decode_sequence(struct decoder *decoder, int byte)
{
    if (decoder->sequence_len == 0) {
        if (byte != '[' && byte != 'O')
            return false;
        decoder->sequence[decoder->sequence_len++] = (char)byte;
        return true;
    }
    if (byte < 0x20 || byte > 0x7E)
        return false;
    if (decoder->sequence_len < DECODER_SEQUENCE - 1)
        decoder->sequence[decoder->sequence_len++] = (char)byte;
    if (byte >= 0x40 || decoder->sequence[0] == 'O') {
        decoder->sequence[decoder->sequence_len - 1] = (char)byte;
        end_sequence(decoder);
    }
    return true;
}

void decode_esc_begin(struct decoder *decoder)
{
    decoder->esc = true;
    decoder->esc_told = false;
    decoder->esc_at = decoder->now;
    decoder->sequence_len = 0;
    decoder->part_len = 0;
}
