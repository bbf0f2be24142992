/* A small state machine with four states: plain, behind an Esc, inside a paste, and in the tail of
 * a paste.
 *
 * Curses recognises keys and paste marks that arrive in one piece. Over a slow link the Esc can
 * come alone; curses then hands it over after 25 ms, and the rest as characters, which must become
 * neither "back" nor a row of commands. So an Esc waits a while for a sequence, which is then read
 * here. A paste is gathered as bytes up to its end mark; a hostile text can hold an end mark of its
 * own, so whatever arrives in one go with the mark is dropped: nobody types that fast. */
#include "ui/term_decoder.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

void decoder_init(struct decoder *decoder, enum decoder_charset charset)
{
    memset(decoder, 0, sizeof *decoder);
    decoder->charset = charset;
    decoder->hold = true;
}

/* Pasted text may be a password: cleared before it is freed. */
static void free_cleared(char *bytes, size_t len)
{
    if (bytes)
        explicit_bzero(bytes, len);
    free(bytes);
}

static void drop_bytes(struct decoder *decoder)
{
    free_cleared(decoder->bytes, decoder->len);
    decoder->bytes = NULL;
    decoder->len = decoder->room = 0;
}

void term_event_release(struct term_event *event)
{
    free_cleared(event->bytes, event->len);
    event->bytes = NULL;
    event->len = 0;
}

void decoder_release(struct decoder *decoder)
{
    for (int i = 0; i < decoder->queued; i++)
        term_event_release(&decoder->queue[i]);
    decoder->queued = 0;
    drop_bytes(decoder);
}

bool decoder_next(struct decoder *decoder, struct term_event *event)
{
    if (decoder->queued == 0)
        return false;
    *event = decoder->queue[0];
    decoder->queued--;
    memmove(decoder->queue, decoder->queue + 1, (size_t)decoder->queued * sizeof *decoder->queue);
    return true;
}

static struct term_event *add_event(struct decoder *decoder, enum term_kind kind)
{
    if (decoder->queued == DECODER_QUEUE)
        abort(); /* a code makes three events at most, and the queue is emptied after each */
    struct term_event *event = &decoder->queue[decoder->queued++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    return event;
}

static void add_key(struct decoder *decoder, enum term_key key, uint32_t rune)
{
    struct term_event *event = add_event(decoder, TERM_KEY);
    event->key = key;
    event->rune = rune;
}

/* --- characters --- */

static void add_rune(struct decoder *decoder, uint32_t rune)
{
    struct str raw = STR_INIT, clean = STR_INIT;
    text_add_rune(&raw, rune);
    text_add_clean(&clean, raw.text, raw.len);
    if (str_same(raw.text, clean.text)) /* what cannot be shown cannot be typed */
        add_key(decoder, TERM_CHAR, rune);
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

static void take_byte(struct decoder *decoder, int byte)
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
        add_key(decoder, TERM_CHAR, (uint32_t)byte);
    else if (byte == '\r' || byte == '\n')
        add_key(decoder, TERM_ENTER, 0);
    else if (byte == '\t')
        add_key(decoder, TERM_TAB, 0);
    else if (byte == 0x7F || byte == '\b')
        add_key(decoder, TERM_BACKSPACE, 0);
    else if (byte >= 1 && byte <= 26)
        add_key(decoder, TERM_CTRL, (uint32_t)('a' + byte - 1));
}

static void take_key(struct decoder *decoder, int code)
{
    decoder->part_len = 0;
    if (code >= DECODER_F && code < DECODER_PASTE_BEGIN)
        add_key(decoder, TERM_F, (uint32_t)(code - DECODER_F));
    else if (code >= DECODER_KEY && code < DECODER_F)
        add_key(decoder, (enum term_key)(code - DECODER_KEY), 0);
}

/* --- pastes --- */

static void begin_paste(struct decoder *decoder, int64_t now)
{
    drop_bytes(decoder);
    decoder->paste = true;
    decoder->paste_drop = decoder->paste_cut = false;
    decoder->paste_at = now;
    decoder->part_len = 0;
}

/* Bytes of a codeset that is not UTF-8 become UTF-8; what already is stays, as in a C locale on a
 * UTF-8 terminal. */
static void recode(struct term_event *event)
{
    if (text_is_utf8(event->bytes, event->len))
        return;
    struct str s = STR_INIT;
    mbstate_t shift = {0};
    for (size_t at = 0; at < event->len;) {
        wchar_t wide = 0;
        size_t used = mbrtowc(&wide, event->bytes + at, event->len - at, &shift);
        if (used == (size_t)-1 || used == (size_t)-2) {
            memset(&shift, 0, sizeof shift);
            str_addc(&s, event->bytes[at++]);
        } else {
            text_add_rune(&s, (uint32_t)wide);
            at += used ? used : 1;
        }
    }
    free_cleared(event->bytes, event->len);
    event->len = s.len;
    event->bytes = str_steal(&s);
}

static void end_paste(struct decoder *decoder)
{
    decoder->paste = false;
    decoder->tail = true;
    if (decoder->paste_drop) {
        drop_bytes(decoder);
        return;
    }
    struct term_event *event = add_event(decoder, TERM_PASTE);
    event->bytes = decoder->bytes ? decoder->bytes : mem_textn("", 0);
    event->len = decoder->len > TERM_PASTE_MAX ? TERM_PASTE_MAX : decoder->len;
    event->bytes[event->len] = '\0';
    event->cut = decoder->paste_cut || decoder->len > TERM_PASTE_MAX;
    decoder->bytes = NULL;
    decoder->len = decoder->room = 0;
    if (decoder->charset == DECODER_LOCALE)
        recode(event);
}

static void add_pasted(struct decoder *decoder, char byte)
{
    if (decoder->len + 1 >= decoder->room) { /* realloc could leave a copy behind */
        size_t room = decoder->room ? decoder->room * 2 : 4096;
        char *bytes = mem_zero(room, 1);
        if (decoder->len)
            memcpy(bytes, decoder->bytes, decoder->len);
        free_cleared(decoder->bytes, decoder->len);
        decoder->bytes = bytes;
        decoder->room = room;
    }
    decoder->bytes[decoder->len++] = byte;
}

/* The end mark, when curses did not see it because it came in pieces. The last bytes of a paste
 * that is too long are kept for this: they replace one another at the end. */
static void take_pasted(struct decoder *decoder, int code)
{
    static const char mark[] = "\033[201~";
    const size_t mark_len = sizeof mark - 1;
    if (code == DECODER_PASTE_END) {
        end_paste(decoder);
        return;
    }
    if (code > 255) /* keys in the text, a begin mark: nothing one could have meant */
        return;
    if (decoder->len >= TERM_PASTE_MAX + mark_len) {
        decoder->paste_cut = true;
        memmove(decoder->bytes + TERM_PASTE_MAX, decoder->bytes + TERM_PASTE_MAX + 1, mark_len - 1);
        decoder->len--;
    }
    add_pasted(decoder, (char)code);
    if (code == '~' && decoder->len >= mark_len &&
        memcmp(decoder->bytes + decoder->len - mark_len, mark, mark_len) == 0) {
        decoder->len -= mark_len;
        end_paste(decoder);
    }
}

/* --- what follows an Esc --- */

static void deliver_esc(struct decoder *decoder)
{
    if (!decoder->esc_told)
        add_key(decoder, TERM_ESC, 0);
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
            take_key(decoder, keys[i].code);
}

/* ESC [ ... ~ by its number, ESC [ ... letter and ESC O letter by the letter. */
static void end_sequence(struct decoder *decoder, int64_t now)
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
        begin_paste(decoder, now);
    else if (number > 0 && number < 9 && numbered[number])
        take_key(decoder, numbered[number]);
}

/* True when the byte belongs to the sequence. */
static bool take_sequence(struct decoder *decoder, int byte, int64_t now)
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
        end_sequence(decoder, now);
    }
    return true;
}

static void begin_esc(struct decoder *decoder, int64_t now)
{
    decoder->esc = true;
    decoder->esc_told = false;
    decoder->esc_at = now;
    decoder->sequence_len = 0;
    decoder->part_len = 0;
}

/* --- all together --- */

void decoder_take(struct decoder *decoder, int code, int64_t now)
{
    if (decoder->paste) {
        decoder->paste_at = now;
        take_pasted(decoder, code);
        return;
    }
    if (decoder->tail)
        return;
    if (decoder->esc) {
        if (now - decoder->esc_at < DECODER_HOLD_MS && code < 256 &&
            take_sequence(decoder, code, now))
            return;
        deliver_esc(decoder);
    }
    if (code == DECODER_PASTE_BEGIN)
        begin_paste(decoder, now);
    else if (code == 27)
        begin_esc(decoder, now);
    else if (code < 256)
        take_byte(decoder, code);
    else
        take_key(decoder, code);
}

void decoder_drained(struct decoder *decoder, int64_t now)
{
    decoder->tail = false;
    if (decoder->esc && now - decoder->esc_at >= DECODER_HOLD_MS) {
        deliver_esc(decoder);
    } else if (decoder->esc && !decoder->hold && !decoder->esc_told && decoder->sequence_len == 0) {
        add_key(decoder, TERM_ESC, 0);
        decoder->esc_told = true; /* a paste mark that comes later is still one */
    }
    if (decoder->paste && now - decoder->paste_at >= DECODER_PASTE_IDLE_MS) {
        decoder->paste_cut = true;
        end_paste(decoder);
        decoder->tail = false;
    }
}

void decoder_ended(struct decoder *decoder)
{
    if (decoder->esc)
        deliver_esc(decoder);
    if (decoder->paste) {
        decoder->paste_cut = true;
        end_paste(decoder);
    }
    decoder->tail = false;
}

int64_t decoder_deadline(const struct decoder *decoder)
{
    if (decoder->paste)
        return decoder->paste_at + DECODER_PASTE_IDLE_MS;
    return decoder->esc ? decoder->esc_at + DECODER_HOLD_MS : -1;
}

void decoder_forget(struct decoder *decoder)
{
    bool under_way = decoder->paste;
    decoder_release(decoder);
    decoder->paste = decoder->paste_drop = under_way;
    decoder->esc_told = true; /* the Esc is forgotten, but a paste mark may still follow it */
    decoder->tail = false;
    decoder->part_len = 0;
    memset(&decoder->shift, 0, sizeof decoder->shift);
}
