"""Pages with a table of :mod:`samples.tables` on them, and where each of its cells stands. All lengths in points.

Ruled tables have a line around every cell; others lines above and below their head and at their foot only, or none.
Text stands above and below; a long table goes on over the next pages, with its head or without.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from samples import ink
from samples.fonts import Fonts, Style
from samples.tables import PARAGRAPHS, Cell, Table
from samples.typeset import (
    HEIGHT,
    WIDTH,
    Rule,
    Sheet,
    Sticker,
    Words,
    natural_width,
    set_centred,
    set_justified,
    set_line,
    words_of,
    wrap,
)

MM = 72 / 25.4
TOP, BOTTOM, LEFT, RIGHT = 20 * MM, 18 * MM, 30 * MM, 17 * MM
LEADING = 1.16
_ASCENT = 0.89


class Rules(StrEnum):
    """Which lines a table has."""

    RULED = "ruled"
    HEAD = "head and foot"
    NONE = "unruled"


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is printed.

    ``repeat``: its head stands on every page. ``middle``: texts stand in the middle of the height of their cell.
    ``x_pad`` and ``y_pad``: the white within a cell.
    """

    rules: Rules
    size: float = 12
    landscape: bool = False
    repeat: bool = True
    middle: bool = False
    x_pad: float = 5.4
    y_pad: float = 2
    thickness: float = 0.7


@dataclass(frozen=True, slots=True)
class Part:
    """What stands of the table on one page: its cells, rows from 0; the box in points.

    ``header_rows``: as many of its rows are the head, 0 where the head is not repeated.
    """

    page: int
    rows: int
    columns: int
    header_rows: int
    cells: tuple[Cell, ...]
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Printed:
    """Pages, and the parts of the one table on them."""

    sheets: list[Sheet]
    table: Table
    look: Look
    parts: list[Part]


@dataclass(slots=True)
class _Pages:
    """The pages so far; ``y`` is the top of the free space."""

    fonts: Fonts
    width: float
    height: float
    sheets: list[Sheet] = field(default_factory=list)
    y: float = TOP

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    @property
    def room(self) -> float:
        """Width of the text."""
        return self.width - LEFT - RIGHT

    @property
    def left(self) -> float:
        """Height that is left on this page."""
        return self.height - BOTTOM - self.y

    def turn(self) -> None:
        number = len(self.sheets) + 1
        folio = set_centred(words_of(str(number), Style(14)), self.width / 2, TOP - 4 * MM, self.fonts)
        sheet = Sheet(number, folio=folio if number > 1 else None, width=self.width, height=self.height)
        self.sheets.append(sheet)
        self.y = TOP

    def base_line(self, size: float) -> float:
        if self.left < size * LEADING:
            self.turn()
        self.y += size * LEADING
        return self.y - size * (LEADING - _ASCENT)

    def centred(self, text: str, style: Style, at: float = 0.5, width: float = 1.0) -> None:
        """Lines about a middle, as a share of the width of the text."""
        for words in wrap(words_of(text, style), width * self.room, 0, self.fonts):
            y = self.base_line(style.size)
            self.sheet.lines.append(set_centred(words, LEFT + at * self.room, y, self.fonts))

    def paragraph(self, text: str, size: float) -> None:
        lines = wrap(words_of(text, Style(size)), self.room, 36, self.fonts)
        for number, words in enumerate(lines):
            indent, y = 0 if number else 36, self.base_line(size)
            if number < len(lines) - 1:
                line = set_justified(words, LEFT + indent, y, self.room - indent, self.fonts)
            else:
                line = set_line(words, LEFT + indent, y, self.fonts)
            self.sheet.lines.append(line)
        self.y += 5


def make_look(rng: np.random.Generator, rules: Rules, table: Table) -> Look:
    """A look at random, fit for the table."""
    fixed = rules is Rules.RULED
    # Without lines the eye needs white between rows where no number begins them.
    least = 0.0 if fixed else 0.5 if table.columns[0].kind == "number" else 3.0
    return Look(
        rules,
        size=float(rng.choice([11, 12, 12, 13])),
        landscape=bool(rng.random() < 0.25),
        repeat=bool(rng.random() < 0.6),
        middle=bool(fixed and rng.random() < 0.6),
        y_pad=float(rng.uniform(least, least + 3.5)),
        thickness=float(rng.choice([0.5, 0.5, 0.75, 1.0])),
    )


def print_table(table: Table, look: Look, rng: np.random.Generator, fonts: Fonts | None = None) -> Printed:
    """Print the table with text around it.

    Raises :class:`~samples.fonts.FontError` when the typeface is missing.
    """
    fonts = fonts or Fonts()
    look, widths = _fitting(table, look, fonts)
    width, height = (HEIGHT, WIDTH) if look.landscape else (WIDTH, HEIGHT)
    pages = _Pages(fonts, width, height)
    pages.turn()
    _above(pages, table, rng)
    parts = list(_set(pages, table, look, widths))
    pages.y += 10
    _below(pages, rng)
    return Printed(pages.sheets, table, look, parts)


def _fitting(table: Table, look: Look, fonts: Fonts) -> tuple[Look, list[float]]:
    """The look with letters and a page that the table fits on, and the widths of its columns."""
    looks = [replace(look, size=size) for size in (look.size, 11.0, 10.0) if size <= look.size]
    looks += [replace(one, landscape=True) for one in looks]
    for one in looks:
        room = (HEIGHT if one.landscape else WIDTH) - LEFT - RIGHT
        widths = _widths(table, one, room, fonts)
        if sum(widths) <= room + 1:
            break
    return one, widths


def _widths(table: Table, look: Look, room: float, fonts: Fonts) -> list[float]:
    """The longest word of every column at least, and what is left over by the lengths of their texts."""
    least, wanted = ([2 * look.x_pad + 8] * len(table.columns) for _ in range(2))
    for cell in table.cells:
        words = _words(cell, look)
        if cell.column_span == 1 and words:
            longest = max(natural_width([word], fonts) for word in words)
            least[cell.column] = max(least[cell.column], longest + 2 * look.x_pad)
            whole = natural_width(words, fonts) + 2 * look.x_pad + 1
            # A heading may well be wrapped, so it asks for no more than its words do.
            wanted[cell.column] = max(wanted[cell.column], longest if cell.row < table.header_rows else whole)
    wanted = [max(pair) for pair in zip(least, wanted, strict=True)]
    if sum(wanted) <= room:
        return [width * min(1.25, room / sum(wanted)) for width in wanted]
    more = [w - w0 for w, w0 in zip(wanted, least, strict=True)]
    share = max(0.0, room - sum(least)) / sum(more) if sum(more) else 0.0
    return [w0 + share * m for w0, m in zip(least, more, strict=True)]


def _words(cell: Cell, look: Look) -> Words:
    return words_of(cell.text, Style(look.size, bold=cell.bold))


def _set(pages: _Pages, table: Table, look: Look, widths: Sequence[float]) -> Iterator[Part]:
    """Set all rows, on new pages as need be."""
    lines = {
        cell: wrap(
            _words(cell, look),
            sum(widths[cell.column : cell.column + cell.column_span]) - 2 * look.x_pad + 0.5,
            0,
            pages.fonts,
        )
        for cell in table.cells
    }
    heights = _heights(table, look, lines)
    whole = list(_whole_rows(table))
    head = range(table.header_rows) if look.repeat else range(0)
    rows: list[int] = []
    top = pages.y
    for run in whole:
        need = sum(heights[row] for row in run)
        if rows and sum(heights[row] for row in rows) + need > pages.height - BOTTOM - top:
            yield _part(pages, table, look, widths, heights, lines, rows)
            pages.turn()
            rows, top = list(head), pages.y
        elif not rows and need + 60 > pages.left:
            pages.turn()
            top = pages.y
        rows += run
    yield _part(pages, table, look, widths, heights, lines, rows)


def _heights(table: Table, look: Look, lines: dict[Cell, list[Words]]) -> list[float]:
    def need(cell: Cell) -> float:
        return max(1, len(lines[cell])) * look.size * LEADING + 2 * look.y_pad

    heights = [0.0] * table.rows
    for cell in table.cells:
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], need(cell))
    for cell in table.cells:
        last = cell.row + cell.row_span - 1
        heights[last] += max(0.0, need(cell) - sum(heights[cell.row : last + 1]))
    return heights


def _whole_rows(table: Table) -> Iterator[list[int]]:
    """Runs of rows that stay together: the head and the first row, rows that a cell goes over."""
    ends = list(range(1, table.rows + 1))
    ends[0] = table.header_rows + 1
    for cell in table.cells:
        ends[cell.row] = max(ends[cell.row], cell.row + cell.row_span)
    run: list[int] = []
    end = 0
    for row in range(table.rows):
        run.append(row)
        end = max(end, ends[row])
        if row + 1 == end:
            yield run
            run = []


def _part(
    pages: _Pages,
    table: Table,
    look: Look,
    widths: Sequence[float],
    heights: Sequence[float],
    lines: dict[Cell, list[Words]],
    rows: Sequence[int],
) -> Part:
    """Draw these rows where the page is free."""
    left = LEFT + (pages.room - sum(widths)) / 2
    xs = [left + sum(widths[:at]) for at in range(len(widths) + 1)]
    ys = [pages.y + sum(heights[row] for row in rows[:at]) for at in range(len(rows) + 1)]
    place = {row: at for at, row in enumerate(rows)}
    cells = [(cell, replace(cell, row=place[cell.row])) for cell in table.cells if cell.row in place]
    for cell, placed in cells:
        x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
        y0, y1 = ys[placed.row], ys[placed.row + cell.row_span]
        _fill(pages, cell, look, lines[cell], (x0, y0, x1, y1), cell.row < table.header_rows)
    header_rows = sum(row < table.header_rows for row in rows)
    placed_cells = tuple(placed for _, placed in cells)
    pages.sheet.rules += _rules(look, placed_cells, xs, ys, header_rows)
    pages.y = ys[-1]
    return Part(len(pages.sheets), len(rows), len(widths), header_rows, placed_cells, (xs[0], ys[0], xs[-1], ys[-1]))


def _fill(
    pages: _Pages, cell: Cell, look: Look, lines: list[Words], box: tuple[float, float, float, float], head: bool
) -> None:
    """Set the text of a cell in its box."""
    x0, y0, x1, y1 = box
    pitch = look.size * LEADING
    free = y1 - y0 - 2 * look.y_pad - len(lines) * pitch
    y = y0 + look.y_pad + _ASCENT * look.size + (free / 2 if head or look.middle else 0)
    for number, words in enumerate(lines):
        width = natural_width(words, pages.fonts)
        at = {"left": x0 + look.x_pad, "centre": (x0 + x1 - width) / 2, "right": x1 - look.x_pad - width}[cell.align]
        pages.sheet.lines.append(set_line(words, at, y + number * pitch, pages.fonts))


def _rules(
    look: Look, cells: Sequence[Cell], xs: Sequence[float], ys: Sequence[float], header_rows: int
) -> Iterator[Rule]:
    """The lines of a table, each once."""
    if look.rules is Rules.RULED:
        edges = set()
        for cell in cells:
            x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
            y0, y1 = ys[cell.row], ys[cell.row + cell.row_span]
            edges |= {(x0, x1, y0, y0), (x0, x1, y1, y1), (x0, x0, y0, y1), (x1, x1, y0, y1)}
        for x0, x1, y0, y1 in sorted(edges):
            yield Rule(x0, x1, y0, y1, look.thickness)
    elif look.rules is Rules.HEAD:
        for y in sorted({ys[0], ys[header_rows], ys[-1]}):
            yield Rule(xs[0], xs[-1], y, thickness=look.thickness)
        for cell in cells:
            if cell.row == 0 and cell.column_span > 1 and cell.row < header_rows:
                x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
                yield Rule(x0 + look.x_pad, x1 - look.x_pad, ys[cell.row + cell.row_span], thickness=look.thickness)


def _above(pages: _Pages, table: Table, rng: np.random.Generator) -> None:
    """An annex's heading, a dispatch's, or the text of a body."""
    kind = rng.choice(["annex", "dispatch", "body"])
    if kind == "dispatch":
        _letterhead(pages, table, rng)
    elif kind == "annex":
        pages.centred(f"Phụ lục {rng.choice(['I', 'II', 'III'])}", Style(13, bold=True))
        pages.centred(table.title.upper(), Style(13, bold=True), width=0.8)
        pages.centred(f"(Kèm theo Quyết định số {rng.integers(1, 900)}/QĐ-UBND ngày 12/3/2025)", Style(13, italic=True))
        pages.y += float(rng.uniform(4, 16))
    if kind != "annex":
        for text in rng.choice(PARAGRAPHS, int(rng.integers(1, 4)), replace=False):
            pages.paragraph(str(text), 14)
    if table.unit:
        words = words_of(table.unit, Style(12, italic=True))
        x = LEFT + pages.room - natural_width(words, pages.fonts)
        pages.sheet.lines.append(set_line(words, x, pages.base_line(12), pages.fonts))
    pages.y += float(rng.uniform(2, 10))


def _letterhead(pages: _Pages, table: Table, rng: np.random.Generator) -> None:
    for rows, at in (
        ([("ỦY BAN NHÂN DÂN", False), ("TỈNH LẠC HỒNG", True), ("", False)], 0.2),
        ([("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True), ("", False)], 0.7),
    ):
        pages.y = TOP
        for text, bold in rows:
            pages.centred(text, Style(12.5, bold=bold), at)
    pages.y = TOP + 3 * 12.5 * LEADING
    y = pages.base_line(13)
    number = words_of(f"Số: {rng.integers(1, 3000)}/UBND-NC", Style(13))
    day = words_of(
        f"Lạc Hồng, ngày {rng.integers(10, 29)} tháng {rng.integers(3, 13)} năm 2025", Style(13, italic=True)
    )
    pages.sheet.lines.append(set_centred(number, LEFT + 0.2 * pages.room, y, pages.fonts))
    pages.sheet.lines.append(set_centred(day, LEFT + 0.7 * pages.room, y, pages.fonts))
    pages.centred(f"V/v {table.title[0].lower()}{table.title[1:]}", Style(12), 0.2, 0.36)
    pages.y += 10
    pages.centred("Kính gửi: Các sở, ban, ngành tỉnh.", Style(14))
    pages.y += 8


def _below(pages: _Pages, rng: np.random.Generator) -> None:
    """More text, the signature, or nothing."""
    kind = rng.choice(["text", "signature", "nothing"])
    if kind == "nothing":
        return
    if kind == "text":
        for text in rng.choice(PARAGRAPHS, int(rng.integers(1, 3)), replace=False):
            pages.paragraph(str(text), 14)
        return
    if pages.left < 130:
        pages.turn()
    pages.y += 6
    top = pages.y
    for text in (
        "**__Nơi nhận:__**",
        "- Như trên;",
        "- Chủ tịch, các PCT UBND tỉnh;",
        "- Sở Nội vụ;",
        "- Lưu: VT, NC.",
    ):
        pages.sheet.lines.append(set_line(words_of(text, Style(11)), LEFT, pages.base_line(11), pages.fonts))
    pages.y = top
    for text in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"):
        pages.centred(text, Style(13, bold=True), 0.75)
    pages.sheet.stickers.append(Sticker(LEFT + 0.76 * pages.room, pages.y + 32, ink.signature(120, 50)))
    pages.y += 60
    pages.centred("Trần Minh Khải", Style(13, bold=True), 0.75)
