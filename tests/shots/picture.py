"""A terminal's screen as a grid of cells: read from `tmux capture-pane -e`, made the same for every run, and written as
text or as SVG. Knows nothing of dcmend."""

import re
from html import escape
from unicodedata import combining, east_asian_width

PLAIN = (None, None, False, False, False, False)  # foreground, background, bold, dim, underline, reverse


# ---- reading ---------------------------------------------------------------------------------------------------------

def coloured(codes):
    """The colour after 38 or 48: an index, or (red, green, blue)."""
    kind = next(codes, 0)
    if kind == 5:
        return next(codes, 0)
    return tuple(next(codes, 0) for _ in range(3)) if kind == 2 else None


def styled(style, parameters):
    foreground, background, bold, dim, underline, reverse = style
    codes = iter([int(code or 0) for code in re.split("[;:]", parameters)])
    for code in codes:
        if code == 0:
            foreground, background, bold, dim, underline, reverse = PLAIN
        elif code in (1, 22):
            bold, dim = code == 1, dim and code == 1
        elif code == 2:
            dim = True
        elif code in (4, 24):
            underline = code == 4
        elif code in (7, 27):
            reverse = code == 7
        elif code == 38:
            foreground = coloured(codes)
        elif code == 48:
            background = coloured(codes)
        elif code in (39, 49):
            foreground, background = (None, background) if code == 39 else (foreground, None)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            foreground = code - 30 if code < 90 else code - 82
        elif 40 <= code <= 47 or 100 <= code <= 107:
            background = code - 40 if code < 100 else code - 92
    return foreground, background, bold, dim, underline, reverse


class Grid:
    """rows[y][x] is [text, style]; the right half of a wide character is ["", style]."""

    def __init__(self, captured, columns, lines, cursor=None):
        self.columns, self.lines, self.cursor = columns, lines, cursor
        self.rows, style = [], PLAIN
        for line in (captured.split("\n") + [""] * lines)[:lines]:
            row, position = [], 0
            for found in re.finditer(r"\x1b\[([0-9;:]*)m|\x1b\][^\x1b\x07]*(?:\x07|\x1b\\)|\x1b.|[\x0e\x0f]|(.)", line):
                if found.group(2) is None:
                    style = styled(style, found.group(1)) if found.group(1) is not None else style
                elif combining(found.group(2)) and row:
                    row[-1][0] += found.group(2)
                else:
                    row.append([found.group(2), style])
                    if east_asian_width(found.group(2)) in "WF":
                        row.append(["", style])
            row += [[" ", PLAIN] for _ in range(columns - len(row))]
            self.rows.append(row[:columns])

    def line(self, y):
        return "".join(cell[0] for cell in self.rows[y])

    def text(self):
        return "\n".join(self.line(y).rstrip() for y in range(self.lines)).rstrip("\n") + "\n"


# ---- the same for every run ------------------------------------------------------------------------------------------

def panes(grid):
    """The grid's rows cut at vertical lines, as lists of cells without the blanks around; those below one another in one
    column of the screen follow each other."""
    columns = {}
    for row in grid.rows:
        start = 0
        for x in range(len(row) + 1):
            if x == len(row) or row[x][0] == "│":
                cells = row[start:x]
                filled = [n for n, cell in enumerate(cells) if cell[0] not in (" ", "")]
                columns.setdefault((start, x), []).append(cells[filled[0]:filled[-1] + 1] if filled else [])
                start = x + 1
    return columns.values()


def overwrite(cells, rules):
    """cells: a list of cells, None between lines."""
    text = [cell[0][:1] or "\0" if cell else "\n" for cell in cells]
    for pattern, stand_in in rules:
        for found in re.finditer(pattern, "".join(text)):
            new = stand_in(found) if callable(stand_in) else stand_in
            for place, character in zip(range(found.start(), found.end()), new):
                if cells[place]:
                    text[place] = character
                    cells[place][0] = character


def mask(grid, rules, joined):
    """A rule is a pattern and its stand-in: a text, or a function of the match. A match is overwritten from its beginning,
    character by character: the width never changes. `rules` see each line of a pane by itself; `joined`, which must be
    unmistakable, see the lines run together, so that what was wrapped in mid-word is found too."""
    for lines in panes(grid):
        for line in lines:
            overwrite(line, rules)
        overwrite([cell for line in lines for cell in line], joined)


# ---- SVG -------------------------------------------------------------------------------------------------------------

FONTS = "ui-monospace,'DejaVu Sans Mono','SF Mono',Menlo,Consolas,'Liberation Mono',monospace"
CELL, ROW, SIZE, BASE, MARGIN = 8.4, 18, 14, 13, 14

BASIC = {
    "dark": ["#1b1f24", "#e06c75", "#7fbf7f", "#d7af5f", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
             "#6b7280", "#ff7b86", "#98d998", "#e5c07b", "#82c4ff", "#d8a0ee", "#7fd6e0", "#ffffff"],
    "light": ["#24292f", "#b3261e", "#1a7f37", "#8a5a00", "#0550ae", "#8250df", "#1b6f7a", "#6e7781",
              "#57606a", "#a40e26", "#116329", "#7d4e00", "#0a3069", "#6639ba", "#165e68", "#ffffff"],
}
GROUND = {"dark": ("#14171b", "#d8dde5", "#30363d"), "light": ("#ffffff", "#24292f", "#d0d7de")}


def hexadecimal(colour, theme):
    if isinstance(colour, tuple):
        return "#%02x%02x%02x" % colour
    if colour < 16:
        return BASIC[theme][colour]
    if colour >= 232:
        return "#" + "%02x" % (8 + 10 * (colour - 232)) * 3
    levels = (0, 95, 135, 175, 215, 255)
    cube = colour - 16
    return "#%02x%02x%02x" % (levels[cube // 36], levels[cube // 6 % 6], levels[cube % 6])


def looks(style, theme):
    """Foreground, background (None: the terminal's own), bold, underline."""
    ground, ink, _ = GROUND[theme]
    foreground = ink if style[0] is None else hexadecimal(style[0], theme)
    background = None if style[1] is None else hexadecimal(style[1], theme)
    if style[3]:
        foreground = "#8b949e" if theme == "dark" else "#656d76"
    if style[5]:
        foreground, background = background or ground, foreground
    return foreground, background, style[2], style[4]


def runs(row):
    """(x, text, style) for each stretch of one style; lines (─ │) are told apart: they are drawn, not written."""
    start = 0
    for x in range(1, len(row) + 1):
        kind = row[start][0] if row[start][0] in "─│" and row[start][0] else ""
        same = x < len(row) and row[x][1] == row[start][1] and (
            row[x][0] == kind if kind else row[x][0] == "" or row[x][0] not in "─│")
        if not same:
            yield start, "".join(cell[0] for cell in row[start:x]), row[start][1], x - start
            start = x


def number(value):
    return f"{value:.1f}".rstrip("0").rstrip(".")


def drawn(x, y, text, columns, foreground):
    left, top = MARGIN + x * CELL, MARGIN + y * ROW
    if text[0] == "─":
        return (f'<path d="M{number(left)} {number(top + ROW / 2)}h{number(columns * CELL)}" stroke="{foreground}"/>')
    return "".join(f'<path d="M{number(left + (n + 0.5) * CELL)} {number(top)}v{ROW}" stroke="{foreground}"/>'
                   for n in range(columns))


def written(x, y, text, columns, look):
    foreground, _, bold, underline = look
    bare = text.rstrip(" ") if not underline else text
    lead = len(bare) - len(bare.lstrip(" ")) if not underline else 0
    if not bare[lead:]:
        return ""
    width = columns - (len(text) - len(bare)) - lead
    extra = (' font-weight="bold"' if bold else "") + (' text-decoration="underline"' if underline else "")
    return (f'<text x="{number(MARGIN + (x + lead) * CELL)}" y="{number(MARGIN + y * ROW + BASE)}" fill="{foreground}"'
            f'{extra} textLength="{number(width * CELL)}">{escape(bare[lead:], quote=False)}</text>')


def svg(grid, theme, title):
    ground, ink, border = GROUND[theme]
    width, height = 2 * MARGIN + grid.columns * CELL, 2 * MARGIN + grid.lines * ROW
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" '
           f'viewBox="0 0 {number(width)} {number(height)}" font-family="{FONTS}" font-size="{SIZE}" '
           f'xml:space="preserve"><title>{escape(title)}</title>',
           f'<rect x=".5" y=".5" width="{number(width - 1)}" height="{number(height - 1)}" rx="6" fill="{ground}" '
           f'stroke="{border}"/>']
    for y, row in enumerate(grid.rows):
        for x, text, style, columns in runs(row):
            look = looks(style, theme)
            if look[1]:
                out.append(f'<rect x="{number(MARGIN + x * CELL)}" y="{number(MARGIN + y * ROW)}" '
                           f'width="{number(columns * CELL)}" height="{ROW}" fill="{look[1]}"/>')
            if text[:1] and text[0] in "─│":
                out.append(drawn(x, y, text, columns, look[0]))
            else:
                out.append(written(x, y, text, columns, look))
    if grid.cursor:
        x, y = grid.cursor
        out.append(f'<rect x="{number(MARGIN + x * CELL)}" y="{number(MARGIN + y * ROW + 1)}" width="{number(CELL)}" '
                   f'height="{ROW - 2}" fill="{ink}" fill-opacity=".65"/>')
    return "\n".join(line for line in out if line) + "\n</svg>\n"
