/* The only file that includes curses: newterm on the given streams, wgetch for bytes and keys,
 * addnwstr for text, refresh for the difference.
 *
 * Input is read through a pad that is never drawn: wgetch on a window would first refresh it and
 * show half a frame. Decoding is term_decoder's work, signals and restoring are term_rescue's.
 * SIGWINCH stays blocked except inside ppoll(), so that a resize can neither be missed nor
 * interrupt anything else; curses' own handler notes it and the next wgetch says KEY_RESIZE. */
#include "ui/term.h"

#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/term_decoder.h"
#include "ui/term_rescue.h"
#include "ui/term_traits.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define term term_of_curses /* this header has a struct term, too */
#include <term.h>
#undef term

enum { PASTE_BEGIN = KEY_MAX + 1, PASTE_END, RUN = 128, POLLED = 16 };

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct term {
    struct term_options options;
    SCREEN *screen;
    WINDOW *keys; /* the pad that is read from */
    struct term_traits traits;
    bool rescued; /* signals and fd 2 are ours */
    attr_t attributes[STYLE_COUNT];
    sigset_t mask_before, mask_waiting;
    struct decoder decoder;
    bool busy; /* the last read gave an event: there may be more */
    bool ended, ended_told;
    bool resized;
    bool cursor;
    int cursor_row, cursor_col;
};

/* --- opening --- */

static struct err *unusable(const char *why, const char *type)
{
    struct err *err = type ? err_new(ERR_LOCAL, ERR_OTHER, "%s (TERM is \"%s\").", why, type)
                           : err_new(ERR_LOCAL, ERR_OTHER, "%s.", why);
    return err_next(err,
                    "Use `dcmend diagnose` or `dcmend check`: they need no screen, only a place "
                    "to print to.");
}

/* Asked before newterm(), which leaks what it began with when it fails. */
static struct err *check_type(const char *type, FILE *out)
{
    int status;
    if (!type || !*type)
        return unusable("The terminal's type is not known: the variable TERM is empty", NULL);
    if (setupterm(type, fileno(out), &status) != OK)
        return unusable("The terminal's type is not known here", type);
    bool places = tigetstr("cup") != NULL && tigetflag("hc") <= 0 && tigetflag("gn") <= 0;
    del_curterm(cur_term);
    return places ? NULL : unusable("The terminal cannot place its cursor", type);
}

static attr_t attributes_of(struct theme_look look)
{
    return (look.bold ? A_BOLD : 0) | (look.dim ? A_DIM : 0) | (look.underline ? A_UNDERLINE : 0) |
           (look.reverse ? A_REVERSE : 0);
}

static void set_styles(struct term *term)
{
    const char *no_colour = getenv("NO_COLOR");
    int colours = 0;
    short back = COLOR_BLACK, fore = COLOR_WHITE;
    if (!term->options.no_colour && !(no_colour && *no_colour) && has_colors() &&
        start_color() == OK) {
        colours = COLORS;
        if (use_default_colors() == OK)
            back = fore = -1;
    }
    enum theme_background background = theme_background(getenv("COLORFGBG"));
    if (term->traits.dark)
        background = THEME_DARK;
    for (int i = 0; i < STYLE_COUNT; i++) {
        struct theme_look look = theme_look((enum style)i, colours, background);
        short pair = (short)(i + 1);
        term->attributes[i] = attributes_of(look);
        short colour = look.colour >= 0 ? look.colour : fore; /* -1: no pair is needed */
        if (colours >= 8 && colour >= 0 && init_pair(pair, colour, back) == OK)
            term->attributes[i] |= (attr_t)COLOR_PAIR(pair);
    }
}

/* One Esc must not wait a second, Ctrl-C and Ctrl-S are keys, a byte is a byte. */
static void set_input(struct term *term)
{
    raw();
    noecho();
    nonl();
    typeahead(-1);
    idlok(stdscr, TRUE);
    term->keys = newpad(1, 1);
    keypad(term->keys, TRUE);
    meta(term->keys, TRUE);
    nodelay(term->keys, TRUE);
    define_key("\033[200~", PASTE_BEGIN);
    define_key("\033[201~", PASTE_END);
}

static const char *capability(const char *name)
{
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}

/* Adds a capability without its padding ("$<5>"), which only old hardware needs. */
static void keep_bytes(struct rescue *rescue, const char *text)
{
    while (text && *text && rescue->len < sizeof rescue->bytes) {
        const char *padding_end = strncmp(text, "$<", 2) == 0 ? strchr(text, '>') : NULL;
        if (padding_end)
            text = padding_end + 1;
        else
            rescue->bytes[rescue->len++] = *text++;
    }
}

/* What endwin() would send, for when there is no time for endwin(). */
static void prepare_rescue(const struct term *term, struct rescue *rescue)
{
    static const char *const names[] = {"sgr0", "op", "rmir", "cnorm", "rmkx", "rmcup"};
    if (term->traits.pastes)
        keep_bytes(rescue, PASTE_OFF);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        keep_bytes(rescue, capability(names[i]));
    rescue->in = fileno(term->options.in);
    rescue->out = fileno(term->options.out);
}

static void block_resizes(struct term *term)
{
    sigset_t resize;
    sigemptyset(&resize);
    sigaddset(&resize, SIGWINCH);
    pthread_sigmask(SIG_BLOCK, &resize, &term->mask_before);
    term->mask_waiting = term->mask_before;
    sigdelset(&term->mask_waiting, SIGWINCH);
}

static void send_bytes(const struct term *term, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fileno(term->options.out), bytes, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return; /* hung up: reading will tell */
        bytes += done;
        len -= (size_t)done;
    }
}

static void send_pastes(const struct term *term, bool on)
{
    if (term->traits.pastes)
        send_bytes(term, on ? PASTE_ON : PASTE_OFF, strlen(PASTE_ON));
}

/* Exported LINES and COLUMNS would overrule the size that the terminal itself tells. */
static void trust_the_terminal(FILE *out)
{
    struct winsize size;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        unsetenv("LINES");
        unsetenv("COLUMNS");
    }
}

static void take_over(struct term *term, const char *type, struct rescue *rescue)
{
    term->traits = traits_of(type, term->options.ascii);
    bool by_locale = !term->traits.utf8 && !term->traits.ascii_only;
    decoder_init(&term->decoder, by_locale ? DECODER_LOCALE : DECODER_UTF8);
    term_welcome_paste(term, true);
    block_resizes(term);
    if (!term->options.bare) {
        prepare_rescue(term, rescue);
        rescue_begin(rescue);
        capture_begin();
        term->rescued = true;
    }
    set_input(term);
    set_styles(term);
    refresh(); /* enters the full screen, before the paste marks are asked for */
    send_pastes(term, true);
}

struct err *term_open(const struct term_options *options, struct term **out)
{
    const char *type = options->type ? options->type : getenv("TERM");
    struct rescue rescue = {0};
    *out = NULL;
    if (!options->bare &&
        (tcgetattr(fileno(options->in), &rescue.modes) != 0 || !isatty(fileno(options->out))))
        return unusable("Input and output must be a terminal for this", NULL);
    struct err *err = check_type(type, options->out);
    if (err)
        return err;
    trust_the_terminal(options->out);
    struct term *term = mem_zero(1, sizeof *term);
    term->options = *options;
    set_escdelay(25);
    term->screen = newterm(type, options->out, options->in);
    if (!term->screen) {
        free(term);
        return unusable("The terminal cannot be used", type);
    }
    take_over(term, type, &rescue);
    *out = term;
    return NULL;
}

static void show_captured(char *text)
{
    if (!text)
        return;
    size_t len = strlen(text);
    if (len > 0 && write(STDERR_FILENO, text, len) == (ssize_t)len && text[len - 1] != '\n' &&
        write(STDERR_FILENO, "\n", 1) < 0)
        errno = 0; /* nobody is left to read it */
    free(text);
}

const char *term_version(void)
{
    return curses_version();
}

void term_close(struct term *term)
{
    if (!term)
        return;
    term_flush_input(term); /* what was typed or pasted here is not for the shell */
    send_pastes(term, false);
    curs_set(1);
    delwin(term->keys);
    endwin();
    delscreen(term->screen);
    if (term->rescued) {
        rescue_end();
        show_captured(capture_end());
    }
    pthread_sigmask(SIG_SETMASK, &term->mask_before, NULL);
    decoder_release(&term->decoder);
    free(term);
}

/* --- waiting and reading --- */

static int64_t now_ms(const struct term *term)
{
    if (term->options.now_ms)
        return term->options.now_ms();
    return clock_ms();
}

static int shorter_wait(const struct term *term, int timeout_ms)
{
    int64_t deadline = decoder_deadline(&term->decoder);
    if (term->busy || term->resized)
        return 0;
    if (deadline < 0 || term->ended)
        return timeout_ms;
    int64_t left = deadline - now_ms(term);
    if (left < 0)
        left = 0;
    return timeout_ms < 0 || left < timeout_ms ? (int)left : timeout_ms;
}

void term_wait(struct term *term, struct pollfd *more, size_t count, int timeout_ms)
{
    struct pollfd fds[POLLED + 2];
    if (count > POLLED)
        abort(); /* a program has few pipes */
    fds[0] = (struct pollfd){.fd = term->ended ? -1 : fileno(term->options.in), .events = POLLIN};
    fds[1] = (struct pollfd){.fd = term->rescued ? rescue_fd() : -1, .events = POLLIN};
    for (size_t i = 0; i < count; i++) {
        fds[i + 2] = more[i];
        fds[i + 2].revents = 0;
    }
    int wait = shorter_wait(term, timeout_ms);
    struct timespec limit = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000L};
    int ready = ppoll(fds, count + 2, wait < 0 ? NULL : &limit, &term->mask_waiting);
    for (size_t i = 0; i < count; i++)
        more[i].revents = ready > 0 ? fds[i + 2].revents : 0;
}

static int code_of(int got)
{
    static const struct {
        int curses, code;
    } keys[] = {
        {KEY_UP, DECODER_KEY + TERM_UP},
        {KEY_DOWN, DECODER_KEY + TERM_DOWN},
        {KEY_LEFT, DECODER_KEY + TERM_LEFT},
        {KEY_RIGHT, DECODER_KEY + TERM_RIGHT},
        {KEY_HOME, DECODER_KEY + TERM_HOME},
        {KEY_FIND, DECODER_KEY + TERM_HOME},
        {KEY_END, DECODER_KEY + TERM_END},
        {KEY_SELECT, DECODER_KEY + TERM_END},
        {KEY_PPAGE, DECODER_KEY + TERM_PGUP},
        {KEY_NPAGE, DECODER_KEY + TERM_PGDN},
        {KEY_ENTER, DECODER_KEY + TERM_ENTER},
        {KEY_BTAB, DECODER_KEY + TERM_BACKTAB},
        {KEY_BACKSPACE, DECODER_KEY + TERM_BACKSPACE},
        {KEY_DC, DECODER_KEY + TERM_DELETE},
        {PASTE_BEGIN, DECODER_PASTE_BEGIN},
        {PASTE_END, DECODER_PASTE_END},
    };
    if (got >= 0 && got <= 255)
        return got;
    if (got > KEY_F0 && got <= KEY_F(12))
        return DECODER_F + got - KEY_F0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].curses == got)
            return keys[i].code;
    return DECODER_UNKNOWN;
}

/* wgetch says ERR both for "nothing there" and for the end. Readable without a byte to read, twice,
 * is the end: a hang-up, or a pipe that was closed. */
static bool at_end(const struct term *term)
{
    struct pollfd in = {.fd = fileno(term->options.in), .events = POLLIN};
    int bytes = 0;
    if (poll(&in, 1, 0) <= 0 || in.revents == 0)
        return false;
    return (in.revents & POLLNVAL) || ioctl(in.fd, FIONREAD, &bytes) != 0 || bytes == 0;
}

/* The size may have changed while we did not look. */
static void adopt_size(struct term *term)
{
    struct winsize size;
    if (ioctl(fileno(term->options.out), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
        size.ws_col > 0 && is_term_resized(size.ws_row, size.ws_col))
        resizeterm(size.ws_row, size.ws_col);
    term->resized = true;
}

/* Ctrl-Z, or SIGTSTP from outside. */
static void suspend(struct term *term, bool group)
{
    send_pastes(term, false);
    curs_set(1);
    endwin();
    rescue_pause(true);
    rescue_stop(group);
    rescue_pause(false);
    term_repaint(term);
    refresh();
    send_pastes(term, true);
    adopt_size(term);
}

static void end_input(struct term *term)
{
    if (term->ended)
        return;
    term->ended = true;
    decoder_ended(&term->decoder);
}

/* True when the signal is an event for the program. */
static bool take_signal(struct term *term, int number, struct term_event *event)
{
    if (number == SIGTSTP) {
        suspend(term, false);
    } else if (number == SIGCONT) { /* behind a SIGSTOP: the shell has had the terminal */
        endwin();
        term_repaint(term);
        refresh();
        send_pastes(term, true);
        adopt_size(term);
    } else if (number == SIGHUP) {
        end_input(term);
    } else {
        *event = (struct term_event){.kind = TERM_SIGNAL, .signal = number};
        return true;
    }
    return false;
}

static bool next_signal(struct term *term, struct term_event *event)
{
    int number;
    while (term->rescued && (number = rescue_signal()) != 0)
        if (take_signal(term, number, event))
            return true;
    return false;
}

/* Keys that are the terminal's own. */
static bool is_own_key(struct term *term, const struct term_event *event)
{
    if (event->kind != TERM_KEY || event->key != TERM_CTRL)
        return false;
    if (event->rune == 'l')
        term_repaint(term);
    else if (event->rune == 'z' && term->rescued)
        suspend(term, true);
    else
        return false;
    return true;
}

/* What is to be told before anything more is read. */
static bool take_pending(struct term *term, struct term_event *event)
{
    while (decoder_next(&term->decoder, event))
        if (!is_own_key(term, event))
            return true;
    bool resize = term->resized, end = term->ended && !term->ended_told;
    *event = (struct term_event){.kind = resize ? TERM_RESIZE : TERM_EOF};
    term->resized = false;
    term->ended_told = term->ended_told || (end && !resize);
    return resize || end;
}

/* Reads what is there until it makes an event; false when there is no more. */
static bool read_codes(struct term *term, struct term_event *event)
{
    int empty = 0; /* how often nothing came although there should have been something */
    while (!take_pending(term, event)) {
        if (term->ended)
            return false;
        int got = wgetch(term->keys);
        if (got == KEY_RESIZE) {
            term->resized = true;
        } else if (got != ERR) {
            empty = 0;
            decoder_take(&term->decoder, code_of(got), now_ms(term));
        } else if (at_end(term)) {
            if (++empty == 2) /* the first time, a byte may have come in between */
                end_input(term);
        } else {
            decoder_drained(&term->decoder, now_ms(term));
            if (term->decoder.ripe == 0)
                return false;
        }
    }
    return true;
}

bool term_read(struct term *term, struct term_event *event)
{
    *event = (struct term_event){0};
    if (term->rescued)
        capture_trim();
    term->busy = next_signal(term, event) || read_codes(term, event);
    return term->busy;
}

void term_welcome_paste(struct term *term, bool welcome)
{
    term->decoder.hold = welcome && term->traits.pastes;
}

/* Not by tcflush(): it would tear a paste in two, and the half that is still to come would be read
 * as keys. Reading it all keeps the marks in view. */
void term_flush_input(struct term *term)
{
    int got;
    decoder_forget(&term->decoder, now_ms(term));
    for (long left = 4L * TERM_PASTE_MAX; left > 0 && (got = wgetch(term->keys)) != ERR; left--) {
        if (got == KEY_RESIZE)
            term->resized = true;
        else
            decoder_take(&term->decoder, code_of(got), now_ms(term));
    }
}

bool term_copy(struct term *term, const char *text)
{
    struct str bytes = STR_INIT;
    if (!term->traits.copies || strlen(text) > TERM_COPY_MAX)
        return false;
    traits_clipboard(&term->traits, text, &bytes);
    send_bytes(term, bytes.text, bytes.len);
    str_release(&bytes);
    return true;
}

/* --- drawing (the rest is in term_draw.c) --- */

const struct term_traits *draw_traits(const struct term *term)
{
    return &term->traits;
}

struct rect term_size(const struct term *term)
{
    (void)term;
    return (struct rect){.rows = getmaxy(stdscr), .cols = getmaxx(stdscr)};
}

static void style_on(const struct term *term, enum style style)
{
    attr_t look = term->attributes[style];
    attr_set(look & ~(attr_t)A_COLOR, (short)PAIR_NUMBER(look), NULL);
}

int term_put(struct term *term, int row, int col, enum style style, const char *text, int max)
{
    wchar_t run[RUN];
    int count = 0, used = 0, room = draw_room(term, row, col, max);
    size_t len = strlen(text);
    if (room == 0 || move(row, col) == ERR)
        return 0;
    style_on(term, style);
    for (size_t at = 0; at < len;) {
        uint32_t rune;
        int width;
        size_t bytes = text_rune(text + at, len - at, &rune);
        if (count > RUN - TRAITS_WIDE) {
            addnwstr(run, count);
            count = 0;
        }
        int cells = traits_cells(&term->traits, text + at, bytes, rune, run + count, &width);
        if (used + width > room)
            break;
        if (used > 0 || width > 0) /* a leading accent would join the cell at the left */
            count += cells;
        used += width;
        at += bytes;
    }
    addnwstr(run, count);
    return used;
}

void term_clear_all(struct term *term)
{
    erase();
    term->cursor = false;
}

void term_cursor(struct term *term, int row, int col)
{
    struct rect screen = term_size(term);
    term->cursor = row >= 0 && row < screen.rows && col >= 0 && col < screen.cols;
    term->cursor_row = row;
    term->cursor_col = col;
}

void term_cursor_rest(struct term *term, int row, int col)
{
    if (!term->cursor)
        term_cursor(term, row, col);
}

/* Where the cursor cannot be hidden it rests in a corner. */
void term_show(struct term *term)
{
    struct rect screen = term_size(term);
    curs_set(term->cursor ? 1 : 0);
    if (term->cursor)
        move(term->cursor_row, term->cursor_col);
    else
        move(screen.rows - 1, 0);
    refresh();
}

void term_repaint(struct term *term)
{
    (void)term;
    clearok(curscr, TRUE);
}
