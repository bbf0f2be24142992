/* A small state machine with four states: plain, behind an Esc, inside a paste, and in the tail of
 * a paste.
 *
 * Curses recognises keys and paste marks that arrive in one piece. Over a slow link the Esc can
 * come alone; curses then hands it over after 25 ms, and the rest as characters, which must become
 * neither "back" nor a row of commands. So an Esc waits a while for a sequence, which is then read
 * here. A paste is gathered as bytes up to its end mark; a hostile text can hold an end mark of its
 * own, so whatever arrives in one go with the mark is dropped: nobody types that fast. */
#include "ui/term_input.h"

#include "src/base/mem.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

void input_init(struct term_input *input, enum input_charset charset)
{
    memset(input, 0, sizeof *input);
    input->charset = charset;
    input->hold = true;
}

/* Pasted text may be a password: cleared before it is freed. */
static void free_cleared(char *bytes, size_t len)
{
    if (bytes)
        explicit_bzero(bytes, len);
    free(bytes);
}

static void drop_bytes(struct term_input *input)
{
    free_cleared(input->bytes, input->len);
    input->bytes = NULL;
    input->len = input->room = 0;
}

void term_event_release(struct term_event *event)
{
    free_cleared(event->bytes, event->len);
    event->bytes = NULL;
    event->len = 0;
}

void input_release(struct term_input *input)
{
    for (int i = 0; i < input->queued; i++)
        term_event_release(&input->queue[i]);
    input->queued = 0;
    drop_bytes(input);
}

bool input_next(struct term_input *input, struct term_event *event)
{
    if (input->queued == 0)
        return false;
    *event = input->queue[0];
    input->queued--;
    memmove(input->queue, input->queue + 1, (size_t)input->queued * sizeof *input->queue);
    return true;
}

static struct term_event *add_event(struct term_input *input, enum term_kind kind)
{
    if (input->queued == INPUT_QUEUE)
        abort(); /* a code makes three events at most, and the queue is emptied after each */
    struct term_event *event = &input->queue[input->queued++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    return event;
}

static void add_key(struct term_input *input, enum term_key key, uint32_t rune)
{
    struct term_event *event = add_event(input, TERM_KEY);
    event->key = key;
    event->rune = rune;
}

/* --- characters --- */

static void add_rune(struct term_input *input, uint32_t rune)
{
    struct str raw = STR_INIT, clean = STR_INIT;
    text_add_rune(&raw, rune);
    text_add_clean(&clean, raw.text, raw.len);
    if (str_same(raw.text, clean.text)) /* what cannot be shown cannot be typed */
        add_key(input, TERM_CHAR, rune);
    str_release(&raw);
    str_release(&clean);
}

static void take_utf8(struct term_input *input, unsigned char byte)
{
    bool follows = (byte & 0xC0) == 0x80;
    if (!follows)
        input->part_len = 0; /* what came before it lacks its rest */
    else if (input->part_len == 0)
        return;
    input->part[input->part_len++] = (char)byte;
    unsigned char first = (unsigned char)input->part[0];
    size_t need = first < 0xC2 || first > 0xF4 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (input->part_len < need)
        return;
    uint32_t rune = TEXT_INVALID;
    if (need)
        text_rune(input->part, input->part_len, &rune);
    input->part_len = 0;
    if (rune != TEXT_INVALID)
        add_rune(input, rune);
}

static void take_locale(struct term_input *input, unsigned char byte)
{
    wchar_t wide;
    size_t used = mbrtowc(&wide, (const char *)&byte, 1, &input->shift);
    if (used == (size_t)-1)
        memset(&input->shift, 0, sizeof input->shift);
    else if (used == 1)
        add_rune(input, (uint32_t)wide);
}

static void take_byte(struct term_input *input, int byte)
{
    if (byte >= 0x80) {
        if (input->charset == INPUT_UTF8)
            take_utf8(input, (unsigned char)byte);
        else
            take_locale(input, (unsigned char)byte);
        return;
    }
    input->part_len = 0;
    if (byte >= 0x20 && byte < 0x7F)
        add_key(input, TERM_CHAR, (uint32_t)byte);
    else if (byte == '\r' || byte == '\n')
        add_key(input, TERM_ENTER, 0);
    else if (byte == '\t')
        add_key(input, TERM_TAB, 0);
    else if (byte == 0x7F || byte == '\b')
        add_key(input, TERM_BACKSPACE, 0);
    else if (byte >= 1 && byte <= 26)
        add_key(input, TERM_CTRL, (uint32_t)('a' + byte - 1));
}

static void take_key(struct term_input *input, int code)
{
    input->part_len = 0;
    if (code >= INPUT_F && code < INPUT_PASTE_BEGIN)
        add_key(input, TERM_F, (uint32_t)(code - INPUT_F));
    else if (code >= INPUT_KEY && code < INPUT_F)
        add_key(input, (enum term_key)(code - INPUT_KEY), 0);
}

/* --- pastes --- */

static void begin_paste(struct term_input *input, int64_t now)
{
    drop_bytes(input);
    input->paste = true;
    input->paste_drop = input->paste_cut = false;
    input->paste_at = now;
    input->part_len = 0;
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

static void end_paste(struct term_input *input)
{
    input->paste = false;
    input->tail = true;
    if (input->paste_drop) {
        drop_bytes(input);
        return;
    }
    struct term_event *event = add_event(input, TERM_PASTE);
    event->bytes = input->bytes ? input->bytes : mem_textn("", 0);
    event->len = input->len > TERM_PASTE_MAX ? TERM_PASTE_MAX : input->len;
    event->bytes[event->len] = '\0';
    event->cut = input->paste_cut || input->len > TERM_PASTE_MAX;
    input->bytes = NULL;
    input->len = input->room = 0;
    if (input->charset == INPUT_LOCALE)
        recode(event);
}

static void add_pasted(struct term_input *input, char byte)
{
    if (input->len + 1 >= input->room) { /* realloc could leave a copy behind */
        size_t room = input->room ? input->room * 2 : 4096;
        char *bytes = mem_zero(room, 1);
        if (input->len)
            memcpy(bytes, input->bytes, input->len);
        free_cleared(input->bytes, input->len);
        input->bytes = bytes;
        input->room = room;
    }
    input->bytes[input->len++] = byte;
}

/* The end mark, when curses did not see it because it came in pieces. The last bytes of a paste
 * that is too long are kept for this: they replace one another at the end. */
static void take_pasted(struct term_input *input, int code)
{
    static const char mark[] = "\033[201~";
    const size_t mark_len = sizeof mark - 1;
    if (code == INPUT_PASTE_END) {
        end_paste(input);
        return;
    }
    if (code > 255) /* keys in the text, a begin mark: nothing one could have meant */
        return;
    if (input->len >= TERM_PASTE_MAX + mark_len) {
        input->paste_cut = true;
        memmove(input->bytes + TERM_PASTE_MAX, input->bytes + TERM_PASTE_MAX + 1, mark_len - 1);
        input->len--;
    }
    add_pasted(input, (char)code);
    if (code == '~' && input->len >= mark_len &&
        memcmp(input->bytes + input->len - mark_len, mark, mark_len) == 0) {
        input->len -= mark_len;
        end_paste(input);
    }
}

/* --- what follows an Esc --- */

static void deliver_esc(struct term_input *input)
{
    if (!input->esc_told)
        add_key(input, TERM_ESC, 0);
    input->esc = false;
}

static void final_key(struct term_input *input, char final)
{
    static const struct {
        char final;
        int code;
    } keys[] = {
        {'A', INPUT_KEY + TERM_UP},      {'B', INPUT_KEY + TERM_DOWN},
        {'C', INPUT_KEY + TERM_RIGHT},   {'D', INPUT_KEY + TERM_LEFT},
        {'H', INPUT_KEY + TERM_HOME},    {'F', INPUT_KEY + TERM_END},
        {'Z', INPUT_KEY + TERM_BACKTAB},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].final == final)
            take_key(input, keys[i].code);
}

/* ESC [ ... ~ by its number, ESC [ ... letter and ESC O letter by the letter. */
static void end_sequence(struct term_input *input, int64_t now)
{
    static const int numbered[] = {
        [1] = INPUT_KEY + TERM_HOME, [3] = INPUT_KEY + TERM_DELETE, [4] = INPUT_KEY + TERM_END,
        [5] = INPUT_KEY + TERM_PGUP, [6] = INPUT_KEY + TERM_PGDN,   [7] = INPUT_KEY + TERM_HOME,
        [8] = INPUT_KEY + TERM_END,
    };
    char final = input->sequence[input->sequence_len - 1];
    input->sequence[input->sequence_len - 1] = '\0';
    input->esc = false;
    if (final != '~') {
        final_key(input, final);
        return;
    }
    long number = strtol(input->sequence + 1, NULL, 10);
    if (number == 200)
        begin_paste(input, now);
    else if (number > 0 && number < 9 && numbered[number])
        take_key(input, numbered[number]);
}

/* True when the byte belongs to the sequence. */
static bool take_sequence(struct term_input *input, int byte, int64_t now)
{
    if (input->sequence_len == 0) {
        if (byte != '[' && byte != 'O')
            return false;
        input->sequence[input->sequence_len++] = (char)byte;
        return true;
    }
    if (byte < 0x20 || byte > 0x7E)
        return false;
    if (input->sequence_len < INPUT_SEQUENCE - 1)
        input->sequence[input->sequence_len++] = (char)byte;
    if (byte >= 0x40 || input->sequence[0] == 'O') {
        input->sequence[input->sequence_len - 1] = (char)byte;
        end_sequence(input, now);
    }
    return true;
}

static void begin_esc(struct term_input *input, int64_t now)
{
    input->esc = true;
    input->esc_told = false;
    input->esc_at = now;
    input->sequence_len = 0;
    input->part_len = 0;
}

/* --- all together --- */

void input_take(struct term_input *input, int code, int64_t now)
{
    if (input->paste) {
        input->paste_at = now;
        take_pasted(input, code);
        return;
    }
    if (input->tail)
        return;
    if (input->esc) {
        if (now - input->esc_at < INPUT_HOLD_MS && code < 256 && take_sequence(input, code, now))
            return;
        deliver_esc(input);
    }
    if (code == INPUT_PASTE_BEGIN)
        begin_paste(input, now);
    else if (code == 27)
        begin_esc(input, now);
    else if (code < 256)
        take_byte(input, code);
    else
        take_key(input, code);
}

void input_drained(struct term_input *input, int64_t now)
{
    input->tail = false;
    if (input->esc && now - input->esc_at >= INPUT_HOLD_MS) {
        deliver_esc(input);
    } else if (input->esc && !input->hold && !input->esc_told && input->sequence_len == 0) {
        add_key(input, TERM_ESC, 0);
        input->esc_told = true; /* a paste mark that comes later is still one */
    }
    if (input->paste && now - input->paste_at >= INPUT_PASTE_IDLE_MS) {
        input->paste_cut = true;
        end_paste(input);
        input->tail = false;
    }
}

void input_ended(struct term_input *input)
{
    if (input->esc)
        deliver_esc(input);
    if (input->paste) {
        input->paste_cut = true;
        end_paste(input);
    }
}

int64_t input_deadline(const struct term_input *input)
{
    if (input->paste)
        return input->paste_at + INPUT_PASTE_IDLE_MS;
    return input->esc ? input->esc_at + INPUT_HOLD_MS : -1;
}

void input_forget(struct term_input *input)
{
    bool under_way = input->paste;
    input_release(input);
    input->paste = input->paste_drop = under_way;
    input->esc_told = true; /* the Esc is forgotten, but a paste mark may still follow it */
    input->tail = false;
    input->part_len = 0;
    memset(&input->shift, 0, sizeof input->shift);
}
