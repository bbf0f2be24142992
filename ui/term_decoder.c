/* A small state machine with four states: plain, behind an Esc, inside a paste, and in the tail of
 * a paste.
 *
 * A paste is gathered as bytes up to its end mark; a hostile text can hold an end mark of its
 * own, and a slow line hands it over in chunks, so whatever follows is dropped until it was quiet.
 *
 * Where a paste has no marks, or none any more behind a stall, its bytes look like keys. So a key
 * waits a moment for the next one: ten within a twentieth of a second are a paste, which then goes
 * on until it is quiet. A held-down arrow that a bad line hands over in one piece is none. */
#include "ui/term_decoder.h"

#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/term_decoder_parts.h"

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
    decoder->queued = decoder->ripe = 0;
    drop_bytes(decoder);
}

bool decoder_next(struct decoder *decoder, struct term_event *event)
{
    if (decoder->ripe == 0)
        return false;
    *event = decoder->queue[0];
    decoder->queued--;
    decoder->ripe--;
    memmove(decoder->queue, decoder->queue + 1, (size_t)decoder->queued * sizeof *decoder->queue);
    return true;
}

/* What waits is told. */
static void ripen(struct decoder *decoder)
{
    decoder->ripe = decoder->queued;
    decoder->waiting = 0;
    drop_bytes(decoder);
}

static bool is_waiting(const struct decoder *decoder)
{
    return decoder->ripe < decoder->queued;
}

/* When the keys that wait cannot become a paste any more. */
static int64_t ripe_at(const struct decoder *decoder)
{
    int64_t first = decoder->queue[decoder->ripe].at + DECODER_RUN_MS;
    int64_t last = decoder->queue[decoder->queued - 1].at + DECODER_NEXT_MS;
    return first < last ? first : last;
}

static struct term_event *add_event(struct decoder *decoder, enum term_kind kind)
{
    if (decoder->queued == DECODER_QUEUE)
        abort(); /* decoder_add_key() leaves room */
    struct term_event *event = &decoder->queue[decoder->queued++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->at = decoder->now;
    return event;
}

/* A key that is held down and only moves or deletes, however many come at once. */
static bool is_repeated(struct decoder *decoder, enum term_key key)
{
    bool repeats = (key >= TERM_UP && key <= TERM_PGDN) || key >= TERM_BACKSPACE;
    bool again = repeats && key == decoder->last;
    decoder->last = key;
    return again;
}

void decoder_add_key(struct decoder *decoder, enum term_key key, uint32_t rune)
{
    bool repeated = is_repeated(decoder, key);
    if (repeated && decoder->queued > DECODER_QUEUE - DECODER_RUN)
        return;
    struct term_event *event = add_event(decoder, TERM_KEY);
    event->key = key;
    event->rune = rune;
    decoder->waiting += !repeated;
    if (!repeated)
        decoder->key_at[decoder->keys++ % DECODER_RUN] = decoder->now;
    else if (decoder->queue[decoder->ripe].key == key) /* nothing else waits */
        ripen(decoder);
}

/* --- pastes --- */

static void begin_paste(struct decoder *decoder, bool unmarked)
{
    decoder->paste = true;
    decoder->unmarked = unmarked;
    decoder->paste_drop = decoder->paste_cut = false;
    decoder->paste_at = decoder->now;
    decoder->esc = false;
    decoder->part_len = 0;
    decoder->keys = decoder->waiting = 0;
}

void decoder_begin_marked(struct decoder *decoder)
{
    ripen(decoder);
    begin_paste(decoder, false);
}

/* The last so many keys came in so many ms. */
static bool came_within(const struct decoder *decoder, size_t count, int64_t ms)
{
    return decoder->keys >= count && is_waiting(decoder) &&
           decoder->now - decoder->key_at[(decoder->keys - count) % DECODER_RUN] <= ms;
}

/* A slow program makes the clock say nothing: then so many without a pause between will do. Soon
 * after a paste that ended by silence two quick keys are enough: they are its rest. */
static bool is_run(const struct decoder *decoder)
{
    return came_within(decoder, DECODER_RUN, DECODER_RUN_MS) || decoder->waiting >= DECODER_RUN ||
           (decoder->now < decoder->wary_until && came_within(decoder, 2, DECODER_REST_MS));
}

/* The keys that wait were its beginning: their bytes are there. */
static void begin_run(struct decoder *decoder)
{
    decoder->queued = decoder->ripe;
    begin_paste(decoder, true);
}

static void begin_tail(struct decoder *decoder)
{
    decoder->tail = true;
    decoder->tail_at = decoder->now;
}

/* Without a beginning: what waits came in front of it, so it was pasted as well. */
void decoder_end_mark(struct decoder *decoder)
{
    decoder->tail_dropped = is_waiting(decoder);
    decoder->queued = decoder->ripe;
    decoder->waiting = 0;
    drop_bytes(decoder);
    begin_tail(decoder);
}

/* Ctrl-C alone is somebody who wants to leave; in a row of bytes it is none. */
static void take_tail(struct decoder *decoder, int code)
{
    decoder->tail_leave = code == 3 && decoder->now - decoder->tail_at >= DECODER_NEXT_MS;
    begin_tail(decoder);
    decoder->tail_dropped = true;
    if (code != DECODER_PASTE_BEGIN)
        return;
    decoder->tail = false;
    decoder_begin_marked(decoder);
    decoder->paste_drop = true;
}

static int64_t tail_ends_at(const struct decoder *decoder)
{
    return decoder->tail_at + (decoder->tail_leave ? DECODER_NEXT_MS : DECODER_QUIET_MS);
}

static void end_tail(struct decoder *decoder)
{
    if (decoder->tail_leave)
        decoder_add_key(decoder, TERM_CTRL, 'c');
    else if (decoder->tail_dropped)
        add_event(decoder, TERM_DROPPED);
    decoder->tail = decoder->tail_leave;
    decoder->tail_dropped = decoder->tail_leave = false;
    ripen(decoder);
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
    begin_tail(decoder);
    if (decoder->paste_drop) {
        drop_bytes(decoder);
        return;
    }
    struct term_event *event = add_event(decoder, TERM_PASTE);
    event->bytes = decoder->bytes ? decoder->bytes : mem_textn("", 0);
    event->len = decoder->len > TERM_PASTE_MAX ? TERM_PASTE_MAX : decoder->len;
    event->bytes[event->len] = '\0';
    event->cut = decoder->paste_cut || decoder->len > TERM_PASTE_MAX;
    event->unmarked = decoder->unmarked;
    decoder->bytes = NULL;
    decoder->len = decoder->room = 0;
    if (decoder->charset == DECODER_LOCALE)
        recode(event);
    ripen(decoder);
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

/* --- all together --- */

static void take_plain(struct decoder *decoder, int code)
{
    if (decoder->esc) {
        if (decoder->now - decoder->esc_at < DECODER_HOLD_MS && code < 256 &&
            decode_sequence(decoder, code))
            return;
        decode_esc_end(decoder);
    }
    if (code == DECODER_PASTE_BEGIN)
        decoder_begin_marked(decoder);
    else if (code == DECODER_PASTE_END)
        decoder_end_mark(decoder);
    else if (code == 27)
        decode_esc_begin(decoder);
    else if (code < 256)
        decode_byte(decoder, code);
    else
        decode_key(decoder, code);
}

void decoder_take(struct decoder *decoder, int code, int64_t now)
{
    decoder->now = now;
    if (decoder->paste) {
        decoder->paste_at = now;
        take_pasted(decoder, code);
    } else if (decoder->tail) {
        take_tail(decoder, code);
    } else {
        if (code < 256 && decoder->len < TERM_PASTE_MAX)
            add_pasted(decoder, (char)code);
        take_plain(decoder, code);
        if (is_run(decoder))
            begin_run(decoder);
    }
}

static void settle_esc(struct decoder *decoder)
{
    if (decoder->now - decoder->esc_at >= DECODER_HOLD_MS) {
        bool told = decoder->esc_told;
        decode_esc_end(decoder);
        if (!told)
            ripen(decoder);
    } else if (!decoder->hold && !decoder->esc_told && decoder->sequence_len == 0) {
        decoder_add_key(decoder, TERM_ESC, 0);
        decoder->esc_told = true; /* a paste mark that comes later is still one */
    }
}

static int64_t paste_ends_at(const struct decoder *decoder)
{
    return decoder->paste_at + (decoder->unmarked ? DECODER_QUIET_MS : DECODER_PASTE_IDLE_MS);
}

void decoder_drained(struct decoder *decoder, int64_t now)
{
    decoder->now = now;
    if (decoder->esc)
        settle_esc(decoder);
    if (is_waiting(decoder) ? now >= ripe_at(decoder) : !decoder->esc && !decoder->paste)
        ripen(decoder);
    if (decoder->tail && now >= tail_ends_at(decoder))
        end_tail(decoder);
    if (decoder->paste && now >= paste_ends_at(decoder)) { /* it is quiet already */
        decoder->paste_cut = !decoder->unmarked;
        decoder->wary_until = now + DECODER_WARY_MS;
        end_paste(decoder);
        end_tail(decoder);
    }
}

void decoder_ended(struct decoder *decoder)
{
    if (decoder->esc)
        decode_esc_end(decoder);
    if (decoder->paste) {
        decoder->paste_cut = !decoder->unmarked;
        end_paste(decoder);
    }
    end_tail(decoder);
}

int64_t decoder_deadline(const struct decoder *decoder)
{
    int64_t when = -1;
    if (decoder->paste)
        return paste_ends_at(decoder);
    if (decoder->tail)
        return tail_ends_at(decoder);
    if (decoder->esc)
        when = decoder->esc_at + DECODER_HOLD_MS;
    if (is_waiting(decoder) && (when < 0 || ripe_at(decoder) < when))
        when = ripe_at(decoder);
    return when;
}

void decoder_forget(struct decoder *decoder, int64_t now)
{
    bool under_way = decoder->paste, dropped = decoder->queued > 0;
    decoder_release(decoder);
    decoder->now = now;
    decoder->paste = decoder->paste_drop = under_way;
    decoder->tail_dropped = decoder->tail_dropped || dropped || under_way;
    decoder->tail = !under_way;
    decoder->tail_at = now;
    decoder->esc = false;
    decoder->keys = decoder->waiting = decoder->part_len = 0;
    memset(&decoder->shift, 0, sizeof decoder->shift);
}
