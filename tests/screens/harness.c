/* Two pipes, made large enough that neither side ever blocks, with curses at one end and libvterm
 * at the other. LINES and COLUMNS give curses its size, resizeterm() changes it, as a SIGWINCH
 * would. */
#include "tests/screens/harness.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/text.h"

#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

enum { PIPE_ROOM = 1 << 20 };

struct harness {
    struct term *term;
    FILE *in, *out;
    int keys, screen; /* our ends */
    VTerm *vterm;
    VTermScreen *cells;
    int rows, cols;
    bool cursor;
    struct str raw, text;
    size_t told;
    bool fresh; /* keys were written, and wait for what follows them */
};

static int64_t clock_ms = 1000;

int64_t harness_now(void)
{
    return clock_ms;
}

static void die(const char *what)
{
    fprintf(stderr, "harness: %s\n", what);
    abort();
}

static void large_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        die("no pipe");
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_ROOM);
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct harness *h = user;
    if (property == VTERM_PROP_CURSORVISIBLE)
        h->cursor = value->boolean;
    return 1;
}

static void open_vterm(struct harness *h)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    h->vterm = vterm_new(h->rows, h->cols);
    vterm_set_utf8(h->vterm, MB_CUR_MAX > 1);
    h->cells = vterm_obtain_screen(h->vterm);
    vterm_screen_set_callbacks(h->cells, &callbacks, h);
    vterm_screen_enable_altscreen(h->cells, 1);
    vterm_screen_reset(h->cells, 1);
    h->cursor = true;
}

static void set_size(int rows, int cols)
{
    char text[16];
    snprintf(text, sizeof text, "%d", rows);
    setenv("LINES", text, 1);
    snprintf(text, sizeof text, "%d", cols);
    setenv("COLUMNS", text, 1);
}

struct harness *harness_open_with(const struct term_options *given, int rows, int cols)
{
    struct harness *h = mem_zero(1, sizeof *h);
    struct term_options options = *given;
    int keys[2], screen[2];
    h->rows = rows;
    h->cols = cols;
    large_pipe(keys);
    large_pipe(screen);
    h->keys = keys[1];
    h->screen = screen[0];
    fcntl(h->screen, F_SETFL, O_NONBLOCK);
    fcntl(h->keys, F_SETFL, O_NONBLOCK);
    h->in = options.in = fdopen(keys[0], "r");
    h->out = options.out = fdopen(screen[1], "w");
    options.bare = true;
    options.now_ms = harness_now;
    set_size(rows, cols);
    open_vterm(h);
    struct err *err = term_open(&options, &h->term);
    if (err)
        die(err->text);
    return h;
}

struct harness *harness_open(const char *type, int rows, int cols)
{
    struct term_options options = {.type = type};
    return harness_open_with(&options, rows, cols);
}

void harness_close(struct harness *h)
{
    term_close(h->term);
    fclose(h->in);
    fclose(h->out);
    if (h->keys >= 0)
        close(h->keys);
    close(h->screen);
    vterm_free(h->vterm);
    str_release(&h->raw);
    str_release(&h->text);
    free(h);
}

struct term *harness_term(struct harness *h)
{
    return h->term;
}

/* --- input --- */

size_t harness_bytes(struct harness *h, const void *bytes, size_t len)
{
    ssize_t done = write(h->keys, bytes, len);
    h->fresh = true;
    return done < 0 ? 0 : (size_t)done;
}

void harness_keys(struct harness *h, const char *text)
{
    if (harness_bytes(h, text, strlen(text)) != strlen(text))
        die("too many keys at once");
}

void harness_key(struct harness *h, enum term_key key)
{
    static const char *const names[] = {
        [TERM_UP] = "kcuu1",    [TERM_DOWN] = "kcud1", [TERM_LEFT] = "kcub1",
        [TERM_RIGHT] = "kcuf1", [TERM_HOME] = "khome", [TERM_END] = "kend",
        [TERM_PGUP] = "kpp",    [TERM_PGDN] = "knp",   [TERM_BACKTAB] = "kcbt",
        [TERM_DELETE] = "kdch1"};
    static const char *const plain[] = {[TERM_ENTER] = "\r",
                                        [TERM_ESC] = "\033",
                                        [TERM_TAB] = "\t",
                                        [TERM_BACKSPACE] = "\177",
                                        [TERM_DELETE] = NULL};
    const char *bytes = plain[key];
    if (!bytes && names[key])
        bytes = tigetstr(names[key]);
    if (!bytes || bytes == (const char *)-1)
        die("this terminal has no such key");
    harness_keys(h, bytes);
}

void harness_paste(struct harness *h, const void *bytes, size_t len)
{
    harness_keys(h, "\033[200~");
    if (harness_bytes(h, bytes, len) != len)
        die("too large a paste: use harness_bytes()");
    harness_keys(h, "\033[201~");
}

void harness_hang_up(struct harness *h)
{
    close(h->keys);
    h->keys = -1;
}

void harness_advance(struct harness *h, int ms)
{
    (void)h; /* one clock for all */
    clock_ms += ms;
}

static void add_key_name(struct str *s, const struct term_event *event)
{
    static const char *const names[] = {
        [TERM_UP] = "up",       [TERM_DOWN] = "down",   [TERM_LEFT] = "left",
        [TERM_RIGHT] = "right", [TERM_HOME] = "home",   [TERM_END] = "end",
        [TERM_PGUP] = "pgup",   [TERM_PGDN] = "pgdn",   [TERM_ENTER] = "enter",
        [TERM_ESC] = "esc",     [TERM_TAB] = "tab",     [TERM_BACKTAB] = "backtab",
        [TERM_DELETE] = "del",  [TERM_BACKSPACE] = "bs"};
    if (event->key == TERM_CHAR && event->rune < 0x80)
        str_addc(s, (char)event->rune);
    else if (event->key == TERM_CHAR)
        str_addf(s, "U+%X", (unsigned)event->rune);
    else if (event->key == TERM_CTRL)
        str_addf(s, "^%c", (char)event->rune);
    else if (event->key == TERM_F)
        str_addf(s, "f%u", (unsigned)event->rune);
    else
        str_add(s, names[event->key]);
}

static void add_event_name(struct str *s, const struct term_event *event)
{
    char *text;
    switch (event->kind) {
    case TERM_KEY:
        add_key_name(s, event);
        break;
    case TERM_PASTE:
        text = text_clean(event->bytes, event->len);
        str_addf(s, "%s(%s)%s", event->unmarked ? "burst" : "paste", text, event->cut ? "cut" : "");
        free(text);
        break;
    case TERM_DROPPED:
        str_add(s, "dropped");
        break;
    case TERM_RESIZE:
        str_add(s, "resize");
        break;
    case TERM_SIGNAL:
        str_addf(s, "signal%d", event->signal);
        break;
    case TERM_EOF:
        str_add(s, "eof");
        break;
    }
}

/* A key waits for what may follow it: that time passes once. */
static bool next_event(struct harness *h, struct term_event *event)
{
    bool fresh = h->fresh;
    if (term_read(h->term, event))
        return true;
    h->fresh = false;
    clock_ms += fresh ? HARNESS_KEY_MS : 0;
    return fresh && term_read(h->term, event);
}

char *harness_events(struct harness *h)
{
    struct str s = STR_INIT;
    struct term_event event;
    while (next_event(h, &event)) {
        str_add(&s, s.len ? " " : "");
        add_event_name(&s, &event);
        term_event_release(&event);
    }
    return str_steal(&s);
}

/* --- output --- */

void harness_pump(struct harness *h)
{
    char bytes[65536];
    ssize_t got;
    while ((got = read(h->screen, bytes, sizeof bytes)) > 0) {
        str_addn(&h->raw, bytes, (size_t)got);
        vterm_input_write(h->vterm, bytes, (size_t)got);
    }
    vterm_screen_flush_damage(h->cells);
}

size_t harness_sent(struct harness *h)
{
    harness_pump(h);
    size_t sent = h->raw.len - h->told;
    h->told = h->raw.len;
    return sent;
}

const char *harness_raw(struct harness *h, size_t *len)
{
    harness_pump(h);
    *len = h->raw.len;
    return str_text(&h->raw);
}

bool harness_raw_has(struct harness *h, const char *bytes)
{
    harness_pump(h);
    return h->raw.len > 0 && memmem(h->raw.text, h->raw.len, bytes, strlen(bytes)) != NULL;
}

static void add_row(struct harness *h, struct str *text, int row)
{
    size_t keep = text->len;
    for (int col = 0; col < h->cols; col++) {
        VTermScreenCell cell;
        vterm_screen_get_cell(h->cells, (VTermPos){row, col}, &cell);
        if (cell.chars[0] == UINT32_MAX) /* the right half of a wide one */
            continue;
        if (cell.chars[0] == 0)
            str_addc(text, ' ');
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
            text_add_rune(text, cell.chars[i]);
        if (cell.chars[0] > ' ')
            keep = text->len;
    }
    text->len = keep;
    if (text->text)
        text->text[keep] = '\0';
}

const char *harness_text(struct harness *h)
{
    harness_pump(h);
    str_clear(&h->text);
    for (int row = 0; row < h->rows; row++) {
        add_row(h, &h->text, row);
        str_addc(&h->text, '\n');
    }
    return str_text(&h->text);
}

const char *harness_row(struct harness *h, int row)
{
    harness_pump(h);
    str_clear(&h->text);
    add_row(h, &h->text, row);
    return str_text(&h->text);
}

bool harness_find(struct harness *h, const char *text, int *row, int *col)
{
    for (*row = 0; *row < h->rows; ++*row) {
        const char *line = harness_row(h, *row);
        const char *at = strstr(line, text);
        if (!at)
            continue;
        char *before = mem_textn(line, (size_t)(at - line));
        *col = text_width(before);
        free(before);
        return true;
    }
    return false;
}

bool harness_has(struct harness *h, const char *text)
{
    int row, col;
    return harness_find(h, text, &row, &col);
}

struct harness_cell harness_cell(struct harness *h, int row, int col)
{
    VTermScreenCell cell;
    harness_pump(h);
    vterm_screen_get_cell(h->cells, (VTermPos){row, col}, &cell);
    return (struct harness_cell){.bold = cell.attrs.bold,
                                 .underline = cell.attrs.underline != 0,
                                 .reverse = cell.attrs.reverse,
                                 .colour = VTERM_COLOR_IS_INDEXED(&cell.fg) &&
                                                   !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)
                                               ? cell.fg.indexed.idx
                                               : -1};
}

struct harness_cell harness_style(struct harness *h, const char *text)
{
    int row, col;
    if (!harness_find(h, text, &row, &col)) {
        fprintf(stderr, "%s", harness_text(h));
        die("a text that was to be on the screen is not");
    }
    return harness_cell(h, row, col);
}

bool harness_cursor(struct harness *h, int *row, int *col)
{
    VTermPos at;
    harness_pump(h);
    vterm_state_get_cursorpos(vterm_obtain_state(h->vterm), &at);
    *row = at.row;
    *col = at.col;
    return h->cursor;
}

/* First what was sent for the old size arrives, as on a real terminal that is not overtaken. */
void harness_resize(struct harness *h, int rows, int cols)
{
    harness_pump(h);
    h->rows = rows;
    h->cols = cols;
    vterm_set_size(h->vterm, rows, cols);
    resizeterm(rows, cols);
}

/* --- locales --- */

void harness_plain_locale(void)
{
    unsetenv("LOCPATH");
    if (!setlocale(LC_ALL, "C.UTF-8"))
        die("no locale C.UTF-8");
}

static bool run(char *const argv[])
{
    extern char **environ;
    posix_spawn_file_actions_t actions;
    int status = -1;
    pid_t child;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&child, argv[0], &actions, NULL, argv, environ) == 0)
        waitpid(child, &status, 0);
    posix_spawn_file_actions_destroy(&actions);
    return status == 0;
}

bool harness_latin1(void)
{
    static const char *const installed[] = {"en_US.ISO-8859-1", "de_DE.ISO-8859-1", "en_US",
                                            "de_DE"};
    for (size_t i = 0; i < sizeof installed / sizeof *installed; i++)
        if (setlocale(LC_ALL, installed[i]) && MB_CUR_MAX == 1)
            return true;
    char folder[] = "/tmp/dcmend-locale-XXXXXX";
    if (!mkdtemp(folder))
        return false;
    char *to = str_format("%s/en_US.ISO-8859-1", folder);
    char *build[] = {"localedef", "-i", "en_US", "-f", "ISO-8859-1", to, NULL};
    char *drop[] = {"rm", "-rf", folder, NULL};
    bool built = run(build);
    setenv("LOCPATH", folder, 1);
    built = setlocale(LC_ALL, "en_US.ISO-8859-1") != NULL && built;
    run(drop);
    free(to);
    if (!built)
        harness_plain_locale();
    return built;
}
