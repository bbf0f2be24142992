/* Terminals do not tell what they understand of pastes and the clipboard, so their names decide; an
 * unknown one gets neither. Characters are shown where the locale has them: curses would otherwise
 * put something else, or nothing, into the cell and the columns would no longer add up. */
#include "ui/term_traits.h"

#include "src/base/text.h"

#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

static const struct {
    const char *utf8, *ascii;
} glyphs[GLYPH_COUNT] = {
#define X(name, utf8, ascii) {utf8, ascii},
    TERM_GLYPHS(X)
#undef X
};

static bool talks_xterm(const char *type)
{
    static const char *const names[] = {
        "xterm", "screen", "tmux",   "rxvt",  "vte",       "gnome",   "kitty",   "konsole", "foot",
        "st-",   "putty",  "mintty", "iterm", "alacritty", "wezterm", "contour", "ghostty"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(type, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

struct term_traits traits_of(const char *type, bool ascii)
{
    const char *codeset = nl_langinfo(CODESET);
    bool console = strncmp(type, "linux", 5) == 0;
    struct term_traits traits = {
        .utf8 = strcmp(codeset, "UTF-8") == 0,
        .ascii_only = strcmp(codeset, "ANSI_X3.4-1968") == 0,
        .dark = console,
    };
    /* The console's fonts lack most of our glyphs. */
    traits.ascii_glyphs = !traits.utf8 || ascii || console;
    traits.pastes = traits.copies = talks_xterm(type);
    /* screen passes an unknown sequence on only in a wrapper; tmux understands this one. */
    traits.wrapped_copies =
        getenv("STY") && !getenv("TMUX") && strncmp(type, "screen", strlen("screen")) == 0;
    return traits;
}

const char *traits_glyph(const struct term_traits *traits, enum glyph glyph)
{
    return traits->ascii_glyphs ? glyphs[glyph].ascii : glyphs[glyph].utf8;
}

bool traits_can_show(const struct term_traits *traits, uint32_t rune)
{
    char bytes[MB_LEN_MAX];
    mbstate_t shift = {0};
    if (rune < 0x80)
        return rune >= 0x20 && rune != 0x7F;
    if (traits->ascii_only || rune == TEXT_INVALID || wcwidth((wchar_t)rune) < 0)
        return false;
    return wcrtomb(bytes, (wchar_t)rune, &shift) != (size_t)-1;
}

static bool is_harmful(const char *bytes, size_t len)
{
    struct str clean = STR_INIT;
    text_add_clean(&clean, bytes, len);
    bool changed = clean.len != len;
    str_release(&clean);
    return changed;
}

int traits_cells(const struct term_traits *traits, const char *text, size_t len, uint32_t rune,
                 wchar_t cells[TRAITS_WIDE], int *columns)
{
    static const char hex[] = "0123456789ABCDEF";
    int count = 0;
    *columns = 1;
    if (rune >= 0x20 && rune < 0x7F) {
        cells[0] = (wchar_t)rune;
        return 1;
    }
    if (is_harmful(text, len)) { /* text should have been clean: this is the last line of defence */
        for (size_t i = 0; i < len; i++) {
            cells[count++] = L'\\';
            cells[count++] = (wchar_t)hex[(unsigned char)text[i] >> 4];
            cells[count++] = (wchar_t)hex[text[i] & 15];
        }
        *columns = count;
        return count;
    }
    cells[0] = traits_can_show(traits, rune) ? (wchar_t)rune : L'?';
    *columns = text_rune_width(rune);
    if (*columns == 0 && cells[0] == L'?')
        return 0;
    if (*columns == 2 && cells[0] == L'?')
        cells[1] = L' ';
    return cells[0] == L'?' ? *columns : 1;
}

/* --- OSC 52 --- */

static void add_base64(struct str *out, const char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = (const unsigned char *)text;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t three = (uint32_t)b[i] << 16 | (i + 1 < len ? (uint32_t)b[i + 1] << 8 : 0) |
                         (i + 2 < len ? b[i + 2] : 0);
        str_addc(out, digits[three >> 18]);
        str_addc(out, digits[three >> 12 & 63]);
        str_addc(out, i + 1 < len ? digits[three >> 6 & 63] : '=');
        str_addc(out, i + 2 < len ? digits[three & 63] : '=');
    }
}

/* screen takes strings of at most 768 bytes, so the sequence passes in pieces. */
static void add_wrapped(struct str *out, const struct str *sequence)
{
    enum { PIECE = 500 };
    for (size_t at = 0; at < sequence->len; at += PIECE) {
        size_t left = sequence->len - at;
        str_add(out, "\033P");
        str_addn(out, sequence->text + at, left < PIECE ? left : PIECE);
        str_add(out, "\033\\");
    }
}

void traits_clipboard(const struct term_traits *traits, const char *text, struct str *bytes)
{
    struct str sequence = STR_INIT;
    str_add(&sequence, "\033]52;c;");
    add_base64(&sequence, text, strlen(text));
    str_add(&sequence, "\a");
    if (traits->wrapped_copies)
        add_wrapped(bytes, &sequence);
    else
        str_addn(bytes, sequence.text, sequence.len);
    str_release(&sequence);
}
